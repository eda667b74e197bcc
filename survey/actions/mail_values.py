"""What the names in a message's text stand for, and whether a message is still needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from question_banks.bank import Bank, Level, in_language
from question_banks.duration import minutes_to_answer
from survey.actions import questionnaires
from survey.actions.mail_links import Doors, has_link, link_for
from survey.data import mail_context
from survey.data.banks import get_bank
from survey.data.mail_context import PersonOfMail, RoundOfMail
from survey.data.models import MailKind
from survey.data.outbox import Claimed

LONDON = ZoneInfo("Europe/London")
NAMELESS = "colleague"

EDITABLE = (MailKind.INVITATION, MailKind.REMINDER, MailKind.EXTENDED, MailKind.WITHDRAWN)
"""Kinds of which a round may have a text of its own."""

MEANINGS: dict[str, str] = {
    "name": "the name or post you gave for the person, or “colleague” where you gave none",
    "agency": "the person’s agency",
    "council": "the council’s name",
    "round": "the title of this round",
    "purpose": "what the questionnaire asks about",
    "when": "from when and until when answers are taken, such as “until Friday 14 March 2031”",
    "closes": "the last day for answers",
    "minutes": "how many minutes it takes, by our estimate",
    "contact": "the contact for respondents",
    "link": "the person’s own link",
    "others": "a line with one link to all their questionnaires, where they have several; "
    "otherwise nothing",
}
"""Names that a text of a round may use, with what each stands for."""

_EMAIL = re.compile(r"[^\s@<>,;()]+@[^\s@<>,;()]+\.[A-Za-z0-9-]*[A-Za-z0-9]")


def names_of(kind: MailKind) -> dict[str, str]:
    """The names that a round's own text of a kind may use, with their meanings."""
    leaves_out = set() if has_link(kind) else {"link", "others"}
    return {name: words for name, words in MEANINGS.items() if name not in leaves_out}


def required_of(kind: MailKind) -> tuple[str, ...]:
    """The names that a text of a kind must use."""
    return ("link",) if has_link(kind) else ()


@dataclass(frozen=True)
class About:
    """The round and the person a message is about, where it is about any that are still there."""

    round: RoundOfMail | None
    person: PersonOfMail | None


def read_about(session: Session, message: Claimed) -> About:
    """Reads what a message is about."""
    return About(
        round=mail_context.find_round(session, round_id=message.round_id)
        if message.round_id is not None
        else None,
        person=mail_context.find_person(session, invitation_id=message.invitation_id)
        if message.invitation_id is not None
        else None,
    )


def values_of(
    session: Session, message: Claimed, about: About, *, doors: Doors, now: datetime
) -> dict[str, str | int] | None:
    """What each name stands for in one message; None when its link leads nowhere any more."""
    values: dict[str, str | int] = {**message.facts}
    if message.council_id is not None and about.round is None:
        name = mail_context.find_council_name(session, council_id=message.council_id)
        values["council"] = name or ""
    if message.account_id is not None:
        name = mail_context.find_account_name(session, account_id=message.account_id)
        values["name"] = name or NAMELESS
    if about.round is not None:
        values |= round_values(session, about.round, now=now)
    if about.person is not None:
        values |= person_values(about.person)
        values["others"] = _others(session, message.to, doors, now=now)
    if has_link(message.kind):
        link = link_for(session, message, doors)
        if link is None:
            return None
        values["link"] = link
    return values


def round_values(session: Session, round_: RoundOfMail, *, now: datetime) -> dict[str, str | int]:
    """What the names that are about a round stand for."""
    bank = get_bank(session, round_id=round_.id, digest=round_.bank_digest)
    return {
        "round": round_.title,
        "review": round_.review,
        "council": round_.council,
        "purpose": in_language(bank.purpose),
        "minutes": _minutes(round_.bank_digest, bank),
        "contact": round_.contact,
        "closes": in_words(last_day(round_.closes_at)),
        "when": window_words(round_, now=now),
    }


_minutes_known: dict[str, int] = {}


def _minutes(digest: str, bank: Bank) -> int:
    """Minutes at the level that takes longest; reading a whole bank for every message is dear."""
    if digest not in _minutes_known:
        _minutes_known[digest] = max(minutes_to_answer(bank, level) for level in Level)
    return _minutes_known[digest]


def person_values(person: PersonOfMail) -> dict[str, str | int]:
    """What the names that are about a person stand for."""
    return {"name": person.label or NAMELESS, "agency": person.agency}


def window_words(round_: RoundOfMail, *, now: datetime) -> str:
    """When a round takes answers, to follow "You can answer"."""
    until = in_words(last_day(round_.closes_at))
    if now < round_.opens_at:
        return f"from {in_words(round_.opens_at)} until {until}"
    return f"until {until}"


def last_day(closes_at: datetime) -> datetime:
    """A moment of the last day on which answers are taken: a window may end at midnight."""
    return closes_at - timedelta(seconds=1)


def in_words(when: datetime) -> str:
    """A day in London with its weekday.

    >>> from datetime import UTC
    >>> in_words(datetime(2031, 3, 14, 23, 59, tzinfo=UTC))
    'Friday 14 March 2031'
    """
    local = when.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y}"


def email_in(contact: str) -> str:
    """The first e-mail address in a round's contact, or "".

    >>> email_in("the review team, review@example.org, 01632 960123")
    'review@example.org'
    """
    found = _EMAIL.search(contact)
    return found[0] if found else ""


def is_needed(message: Claimed, about: About, *, now: datetime) -> bool:
    """Whether a message still says something true and useful when its turn comes.

    An invitation or a reminder of a closed round is not; nor is a reminder to somebody who has
    finished or asked for none. Kinds that are about no round are always sent.
    """
    if message.kind not in {MailKind.INVITATION, MailKind.REMINDER, MailKind.EXTENDED}:
        return True
    round_, person = about.round, about.person
    if round_ is None or person is None or person.is_revoked:
        return False
    if round_.closed_at is not None or now >= round_.closes_at:
        return False
    if message.kind is MailKind.REMINDER:
        return not (person.has_submitted or person.is_stopped)
    return True


def _others(session: Session, to: str, doors: Doors, *, now: datetime) -> str:
    """A line for somebody with several questionnaires; its link is about the address it goes to."""
    if questionnaires.count_for(session, to, now=now) < 2:
        return ""
    link = questionnaires.questionnaires_link(doors.base_url, doors.secret_key, to)
    return f"You have more than one questionnaire. This link shows all of yours:\n{link}"
