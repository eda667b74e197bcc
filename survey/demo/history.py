"""What the demo's council can be compared with: an earlier round, and totals published before it.

The earlier round asked another questionnaire, which has twelve questions in common with the later
one. On joint training no agency has changed its mind, and yet the share of everybody falls,
because the council's own staff, who find it harder to get, make up more of those who answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from analysis.compared import CircumstanceKind
from analysis.published import PublishedTotal
from question_banks.bank import Bank
from question_banks.loader import load_bank
from survey.actions import comparing, publishing
from survey.data.comparing import get_comparison
from survey.data.models import Account
from survey.data.rounds import RoundOfCouncil
from survey.demo import cast, filling, spread
from survey.demo.cast import DemoAgency
from survey.demo.spread import Spread

EARLIER_SLUG = "aldermere-first"
EARLIER_BANK = "safeguarding_children_2012"

ANSWERED: Mapping[str, tuple[int, tuple[int, int, int]]] = {
    "social_care": (18, (3, 4, 8)),
    "early_help": (8, (1, 1, 4)),
    "community_health": (56, (10, 10, 20)),
    "mental_health": (38, (5, 10, 15)),
    "police": (38, (7, 7, 14)),
    "family_charity": (36, (5, 10, 15)),
    "young_carers": (10, (2, 2, 6)),
}
"""How many people of each agency the earlier round asked, and how many answered by level."""

AGENCIES: tuple[DemoAgency, ...] = tuple(
    replace(agency, invited=ANSWERED[agency.key][0], answered=ANSWERED[agency.key][1], named=())
    for agency in cast.AGENCIES
    if agency.key in ANSWERED
)

SPREADS: Mapping[str, Spread] = {
    "t12_ep_threshold_same": Spread(0.55, 0.74),
    "t12_ep_children_heard": Spread(0.80, 0.78),
    "t12_ep_workload_manageable": Spread(0.30, 0.38),
    "t12_ep_transitions": Spread(0.30, 0.30, dont_know=0.10),
    "t12_om_enough_data": Spread(0.40, 0.34),
    "t12_wt_schools_engaged": Spread(0.50, 0.48, dont_know=0.10),
    "t12_wt_board_challenges": Spread(0.50, 0.48),
    "t12_cr_joint_spending": Spread(0.28, 0.30),
    "t12_vl_accountability_clear": Spread(0.36, 0.34),
    "t12_vl_leaders_know_practice": Spread(0.44, 0.50),
    "t12_vl_recommendations_followed": Spread(0.60, 0.58),
}
"""Of the questions that both rounds ask; the others are answered as `OTHERS` says."""

OTHERS = Spread(0.58, 0.54)

PUBLISHED = (
    PublishedTotal("lp_procedures_to_hand", base=118, favourable=84),
    PublishedTotal("lp_threshold_same", base=112, favourable=71),
    PublishedTotal("ep_children_heard", base=115, percent="74"),
    PublishedTotal("cc_workload_manageable", base=109, percent="35.8"),
    PublishedTotal("wt_lessons_reach_me", percent="41"),
    PublishedTotal("lp_safer_recruitment", base=117, favourable=108),
)
PUBLISHED_TITLE = "Partnership staff survey"
PUBLISHED_SOURCE = (
    "Fennshire Safeguarding Partnership, annual report, table 7, “What staff told us”. "
    "https://www.example.org/fennshire/annual-report. The report gives no number of people for "
    "lessons from reviews."
)


def load(
    session: Session,
    found: RoundOfCouncil,
    *,
    manager: Account,
    now: datetime,
    seed: int,
) -> None:
    """Adds the earlier round and the published totals, and compares with the round `found`."""
    bank = load_bank(EARLIER_BANK)
    people = cast.personas(seed + 2, agencies=AGENCIES)
    filling.closed_round(
        session,
        council=found.council,
        bank=bank,
        slug=EARLIER_SLUG,
        title="First self-evaluation",
        review_title=found.review.title,
        agencies=AGENCIES,
        people=people,
        answers=spread.draw_answers(bank, people, spreads=_spreads(bank), seed=seed),
        opened=filling.at(now, days=-1090),
        manager=manager,
    )
    own_bank = load_bank(found.round.bank_id.partition("@")[0])
    publishing.import_published(
        session,
        council_id=found.council.id,
        review_id=found.review.id,
        bank=own_bank,
        title=PUBLISHED_TITLE,
        source=PUBLISHED_SOURCE,
        held_on=filling.at(now, days=-1800).date(),
        totals=PUBLISHED,
        account_id=manager.id,
        now=now,
    )
    _compare(session, found, manager=manager, now=now - timedelta(hours=2))


def _spreads(bank: Bank) -> Mapping[str, Spread]:
    codes = [question.code for question in bank.questions()]
    return {
        **{code: OTHERS for code in codes if code not in spread.EXACT},
        **SPREADS,
    }


def _compare(session: Session, found: RoundOfCouncil, *, manager: Account, now: datetime) -> None:
    """The comparison of the two rounds, with what the manager knows about them."""
    council_id = found.council.id
    made = comparing.compare_chosen(
        session,
        council_id=council_id,
        values=[EARLIER_SLUG, found.round.slug],
        account_id=manager.id,
        now=now,
    )
    made = comparing.decide_wording(
        session,
        get_comparison(session, council_id=council_id, comparison_id=made),
        code="pem_enough_data",
        after=1,
        comparable=True,
        reason="The earlier wording leaves open whose data it is, and people answered it for "
        "themselves. We asked three team managers, who read the two alike.",
        account_id=manager.id,
        council_id=council_id,
        now=now + timedelta(minutes=4),
    )
    comparing.add_note(
        session,
        get_comparison(session, council_id=council_id, comparison_id=made),
        code="lp_threshold_same",
        after=1,
        kind=CircumstanceKind.NEW_DEFINITION,
        note="A new threshold document came into force four months before the second round. "
        "Some agencies had not been trained in it yet.",
        account_id=manager.id,
        council_id=council_id,
        now=now + timedelta(minutes=9),
    )
