"""What the demo's respondents write, and what the review manager has decided about it.

Everything is invented. Names, numbers and addresses that a comment holds are of nobody: the
telephone numbers, the mail domain and the NHS number come from ranges kept for such use.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from question_banks.bank import Level


class Decision(StrEnum):
    """What the review manager has done with a comment."""

    RELEASED = "released"
    REDACTED = "redacted"
    WITHHELD = "withheld"
    WAITING = "waiting"


@dataclass(frozen=True)
class Remark:
    """A comment of one respondent: of which agency and level, under which question.

    `decided` REDACTED means released with the marks that the program suggests.
    """

    agency: str
    level: Level
    question: str
    text: str
    decided: Decision = Decision.RELEASED
    quotable: bool = True


_S, _O, _F = Level.STRATEGIC, Level.OPERATIONAL, Level.FRONTLINE
_WORKS, _CONSIDER = "sc10_closing_works_well", "sc10_closing_consider"

CLOSED_ROUND = (
    Remark(
        "social_care",
        _F,
        "lp_comment",
        "The online procedures are quick to search now. What is missing is a short note each month "
        "that says what has changed.",
    ),
    Remark(
        "community_health",
        _F,
        "lp_comment",
        "We and the referral team read the threshold document differently. The same family was "
        "turned down in March and accepted in May with nothing changed.",
    ),
    Remark(
        "police",
        _O,
        "lp_comment",
        "My officers know what they may share. They are less sure what they may ask for.",
    ),
    Remark(
        "mental_health",
        _S,
        "lp_comment",
        "Dr Oakapple, our named doctor, retires this summer and nobody has been found to follow.",
        Decision.REDACTED,
    ),
    Remark(
        "social_care",
        _O,
        "lac_comment",
        "Too often a referral is the end of another agency’s interest in a child. We then hold a "
        "risk that should be shared.",
    ),
    Remark(
        "family_charity",
        _S,
        "lac_comment",
        "We go on visiting after we refer, and we are glad to. Being told the outcome would help.",
    ),
    Remark(
        "police",
        _F,
        "lac_comment",
        "I questioned a decision about a child and was thanked for it. That was new to me.",
    ),
    Remark(
        "early_help",
        _F,
        "lac_comment",
        "When I disagreed with a closure, Mr Pell Thornback told me to drop it. You can ask me on "
        "01632 960417.",
        Decision.REDACTED,
        quotable=False,
    ),
    Remark(
        "social_care",
        _F,
        "cc_comment",
        "Caseloads in my team are over what was agreed, and supervision is the first thing to be "
        "put off.",
    ),
    Remark(
        "community_health",
        _O,
        "cc_comment",
        "Reception and clinic staff have never been told what to do with a worry. They ask the "
        "nearest nurse, when there is one.",
    ),
    Remark(
        "early_help",
        _O,
        "cc_comment",
        "Nobody in the libraries or the leisure centre has had the short course. They see more "
        "families than we do.",
    ),
    Remark(
        "family_charity",
        _F,
        "cc_comment",
        "Drivers and volunteers come on a Saturday. Training is on weekdays only, so they miss it.",
    ),
    Remark(
        "police",
        _S,
        "cc_comment",
        "Training with other agencies is good and hard to get a place on.",
    ),
    Remark(
        "social_care",
        _F,
        "ep_comment",
        "Referrals from some agencies say little more than a name and an address.",
    ),
    Remark(
        "mental_health",
        _F,
        "ep_comment",
        "I have made four referrals this year and heard back about one of them.",
    ),
    Remark(
        "community_health",
        _F,
        "ep_comment",
        "I rang about the family at 14 Quarry Terrace, NHS number 999 000 0018, and was told to "
        "wait for a letter that never came.",
        Decision.REDACTED,
        quotable=False,
    ),
    Remark(
        "young_carers",
        _F,
        "ep_comment",
        "Young carers say they are asked the same questions by each new worker.",
    ),
    Remark(
        "social_care",
        _S,
        "pem_comment",
        "The quarterly figures are clear and arrive on time. I use them with my managers.",
    ),
    Remark(
        "police",
        _O,
        "pem_comment",
        "I get plenty of figures about us and hardly any that put the agencies side by side.",
    ),
    Remark(
        "community_health",
        _S,
        "pem_comment",
        "Audits are done together. I could not say what came of the last two.",
    ),
    Remark(
        "early_help",
        _S,
        "pem_comment",
        "Send me the audit plan at robin.tarrow@aldermere.example.org and I will tell you what is "
        "wrong with it.",
        Decision.WITHHELD,
        quotable=False,
    ),
    Remark(
        "family_charity",
        _O,
        "wt_comment",
        "Plans come to us for comment when they are finished. Ask while they can be changed.",
    ),
    Remark(
        "mental_health",
        _O,
        "wt_comment",
        "I have not seen a head teacher at a board group for a year.",
        Decision.WAITING,
    ),
    Remark(
        "community_health",
        _F,
        _WORKS,
        "People know one another and pick up the telephone. The duty team answers within minutes.",
    ),
    Remark(
        "social_care",
        _O,
        _CONSIDER,
        "One introduction to safeguarding for every new starter in every agency, in any post.",
    ),
    Remark(
        "police",
        _F,
        _CONSIDER,
        "Tell the person who referred what happened. It takes two lines. DC Marlow Finch has asked "
        "for this since 2019.",
        Decision.WAITING,
    ),
)

OPEN_ROUND = (
    Remark(
        "social_care",
        _F,
        "cc_comment",
        "The short course for all staff has made a difference. The night staff still have to have "
        "it.",
        Decision.WAITING,
    ),
    Remark(
        "community_health",
        _O,
        "lac_comment",
        "Ms Juniper Vale in the referral team always rings back. Her mobile is 07700 900461.",
        Decision.WAITING,
    ),
    Remark(
        "family_charity",
        _F,
        "ep_comment",
        "A girl I support told me last week that she is frightened to go home because of what her "
        "stepfather does to her. I left a message and nobody has rung me.",
        Decision.WAITING,
        quotable=False,
    ),
)
"""Comments of the open round all wait; one reads like a disclosure and is to be seen first."""
