"""What the pages of those show who come by an open link, or to see all their questionnaires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from question_banks.bank import Bank, Level, in_language
from question_banks.duration import minutes_to_answer
from question_banks.path import pages
from survey.actions.invitations import link_and_code
from survey.actions.open_links import Made, OpenDoor
from survey.data.invitations import InvitedPerson
from survey.data.questionnaires import Questionnaire


@dataclass(frozen=True)
class JoinPage:
    """The page of an open link. Its first fields are those of a respondent's start page."""

    council: str
    agency: str
    round_title: str
    contact: str
    urgent_contact: str
    closes_at_utc: datetime
    purpose: str
    minutes: int
    questions: int
    checked_by: str
    action: str
    seed: str
    is_full: bool
    taken_code: str
    has_sent: bool
    problem: str
    email: str


@dataclass(frozen=True)
class CodePage:
    """The code somebody took by an open link."""

    council: str
    code: str
    code_address: str
    link: str
    start_url: str
    is_mailed: bool
    closes_at_utc: datetime


@dataclass(frozen=True)
class MineRow:
    """One questionnaire of a person."""

    council: str
    title: str
    agency: str
    closes_at_utc: datetime
    state: str
    tag: str
    url: str


@dataclass(frozen=True)
class MinePage:
    """All of a person's questionnaires that can be answered now."""

    rows: tuple[MineRow, ...]
    waiting: int


def join_page(
    door: OpenDoor,
    bank: Bank,
    *,
    secret: str,
    seed: str,
    is_full: bool,
    taken_here: InvitedPerson | None,
    taken_code: str,
    problem: str,
    email: str,
) -> JoinPage:
    """The page of an open link, with what was taken by it in this browser before."""
    numbers = [
        sum(len(page.questions) for page in pages(bank, level=level, answers={})) for level in Level
    ]
    return JoinPage(
        council=door.council,
        agency=door.agency,
        round_title=door.round_title,
        contact=door.contact,
        urgent_contact=door.urgent_contact,
        closes_at_utc=door.closes_at_utc,
        purpose=in_language(bank.purpose),
        minutes=max(minutes_to_answer(bank, level) for level in Level),
        questions=max(numbers),
        checked_by=door.comments_checked_by,
        action=url_for("joining.take", open_id=door.open_id, secret=secret),
        seed=seed,
        is_full=is_full,
        taken_code=taken_code,
        has_sent=taken_here is not None and taken_here.has_submitted,
        problem=problem,
        email=email,
    )


def code_page(person: InvitedPerson, made: Made, *, base_url: str, is_mailed: bool) -> CodePage:
    """The code to write down. Addresses are the installation's own, never the browser's word."""
    return CodePage(
        council=person.council,
        code=made.code,
        code_address=f"{base_url}{url_for('public.code')}",
        link=made.link,
        start_url=url_for("respond.resume", public_id=person.public_id),
        is_mailed=is_mailed,
        closes_at_utc=person.closes_at_utc,
    )


def mine_page(found: Sequence[Questionnaire], *, secret_key: str) -> MinePage:
    """A person's questionnaires, each with the link that opens it."""
    return MinePage(
        rows=tuple(_row(one, secret_key=secret_key) for one in found),
        waiting=sum(not one.has_submitted for one in found),
    )


def _row(one: Questionnaire, *, secret_key: str) -> MineRow:
    link, _ = link_and_code(
        secret_key, base_url="", public_id=one.public_id, generation=one.generation
    )
    state, tag = ("Not started", "govuk-tag--blue")
    if one.has_submitted:
        state, tag = ("Sent", "")
    elif one.has_begun:
        state, tag = ("In progress", "govuk-tag--light-blue")
    return MineRow(
        council=one.council,
        title=one.round_title,
        agency=one.agency,
        closes_at_utc=one.closes_at_utc,
        state=state,
        tag=tag,
        url=link,
    )
