"""An agency's return: beginning it, and reading it as it stands.

What is saved is the business of `survey.actions.returns_saving`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from question_banks.bank import Bank, Question
from question_banks.loader import bank_digest, bank_to_json
from question_banks.local import local_questions
from question_banks.path import CLOSING_KEY, Page
from survey.actions.returns_path import LOCAL, Part, Section, sections
from survey.actions.returns_rules import Said, Writer
from survey.data import audit, returns, returns_people, returns_versions
from survey.data.audit import AuditAction
from survey.data.banks import get_bank
from survey.data.returns import Marking, ReturnEventKind, ReturnItem
from survey.data.returns_versions import HeldAnswer, StoredVersion
from survey.errors import NotAllowedNow, NotFound


@dataclass(frozen=True)
class Answered:
    """A return as it stands: its parts, the newest version of each answer, and its sections."""

    item: ReturnItem
    parts: tuple[Part, ...]
    newest: Mapping[tuple[str | None, str], StoredVersion]
    sections: tuple[Section, ...]

    def answers(self, round_id: str | None) -> dict[str, Said]:
        """Question code to what is answered now, in one part."""
        return {
            code: said_of(version)
            for (of_round, code), version in self.newest.items()
            if of_round == round_id
        }

    def part(self, round_id: str | None) -> Part:
        """The part with the questions of the core (None) or of a round. Raises NotFound."""
        for part in self.parts:
            if part.round_id == round_id:
                return part
        raise NotFound("This return has no such part.")

    def section(self, code: str) -> Section:
        """The section with that code. Raises NotFound."""
        for section in self.sections:
            if section.code == code:
                return section
        raise NotFound("This return has no such section.")


def said_of(version: StoredVersion | HeldAnswer) -> Said:
    """What a stored version or a held answer says."""
    return Said(version.value, version.not_applicable)


def begin(
    session: Session,
    *,
    round_id: str,
    account_id: str,
    name: str,
    now: datetime,
    agency_id: str | None = None,
) -> str:
    """Begins the return that a round asks for; the id, also where it had begun already.

    `agency_id` says for which agency, where the account leads several. Raises NotFound where the
    account leads no agency that the round asks for a return, and NotAllowedNow where the round
    takes none now.
    """
    # Two who begin at once come one after the other, and the second finds what the first began.
    returns.hold_invited(session, round_id=round_id)
    asked = [
        one
        for one in returns.list_rounds_to_answer(session, account_id=account_id, round_id=round_id)
        if agency_id in (None, one.agency_id)
    ]
    if not asked:
        raise NotFound("There is no such round, or it asks you for no return.")
    wanted = next((one for one in asked if one.return_id is None), asked[0])
    if wanted.return_id is not None:
        return wanted.return_id
    if not wanted.round.takes_answers(now):
        raise NotAllowedNow("This round takes no returns now.")
    bank = get_bank(session, round_id=round_id, digest=wanted.round.bank_digest)
    core = core_of(bank)
    return_id = returns.add_return(
        session,
        agency_id=wanted.agency_id,
        bank_id=wanted.bank_id,
        bank_digest=bank_digest(core),
        bank_json=bank_to_json(core),
        account_id=account_id,
        now=now,
    )
    returns.add_to_round(
        session, return_id=return_id, round_id=round_id, agency_id=wanted.agency_id, now=now
    )
    returns.add_event(
        session,
        return_id=return_id,
        kind=ReturnEventKind.STARTED,
        at=now,
        name=name,
        account_id=account_id,
    )
    audit.record(
        session,
        action=AuditAction.RETURN_STARTED,
        at=now,
        account_id=account_id,
        council_id=wanted.round.council_id,
        detail={"round": wanted.round.slug, "agency": wanted.agency},
    )
    return return_id


def core_of(bank: Bank) -> Bank:
    """A round's bank without the questions that only this round asks.

    Without such questions it is the bank itself, so that its digest stays the published one.
    """
    return _only(bank, local=False) if local_questions(bank) else bank


def local_of(bank: Bank) -> Bank | None:
    """What only this round asks, as a bank of its own; None where it asks nothing besides."""
    if not local_questions(bank):
        return None
    return _only(bank, local=True).model_copy(update={"closing": ()})


def _only(bank: Bank, *, local: bool) -> Bank:
    kept = []
    for signpost in bank.signposts:
        topics = tuple(
            topic.model_copy(update={"questions": questions})
            for topic in signpost.topics
            if (questions := tuple(one for one in topic.questions if one.local is local))
        )
        if topics:
            comment = None if local else signpost.comment
            kept.append(signpost.model_copy(update={"topics": topics, "comment": comment}))
    return bank.model_copy(update={"signposts": tuple(kept)})


def list_parts(session: Session, item: ReturnItem) -> tuple[Part, ...]:
    """The banks a return answers: its core, then what each of its rounds asks besides."""
    found = [Part(returns.get_core_bank(session, return_id=item.id, digest=item.bank_digest))]
    for round_ in item.rounds:
        bank = get_bank(session, round_id=round_.round_id, digest=round_.bank_digest)
        added = local_of(bank)
        if added is not None:
            title = f"Questions added by {round_.council}"
            found.append(Part(added, round_id=round_.round_id, title=title))
    return tuple(found)


def load(session: Session, item: ReturnItem) -> Answered:
    """A return as it stands now."""
    parts = list_parts(session, item)
    stored = returns_versions.list_newest(session, return_id=item.id)
    by_key = {(version.round_id, version.question): version for version in stored}
    found: list[Section] = []
    for part in parts:
        said = {
            code: said_of(version)
            for (round_id, code), version in by_key.items()
            if round_id == part.round_id
        }
        found.extend(sections(part, said))
    return Answered(item=item, parts=parts, newest=by_key, sections=tuple(found))


def find_page(section: Section, key: str) -> Page:
    """The page of a section with that key. Raises NotFound."""
    for page in section.pages:
        if page.key == key:
            return page
    raise NotFound("This section has no such page.")


def find_question(answered: Answered, *, section: str, code: str) -> Question:
    """A question of a section, whether or not the answers lead to it now. Raises NotFound."""
    found = answered.section(section)
    question = answered.part(found.round_id).bank.by_code.get(code)
    if question is None or section_of(answered, found.round_id, code) != section:
        raise NotFound("This section has no such question.")
    return question


def section_of(answered: Answered, round_id: str | None, code: str) -> str:
    """The code of the section that a question belongs to; "" where the part has no such question.

    It also knows questions that the answers do not lead to now.
    """
    bank = answered.part(round_id).bank
    if code not in bank.by_code:
        return ""
    if round_id is not None:
        return f"{LOCAL}{round_id}"
    for signpost in bank.signposts:
        asked = [question for topic in signpost.topics for question in topic.questions]
        if signpost.comment is not None:
            asked.append(signpost.comment)
        if any(question.code == code for question in asked):
            return signpost.code
    return CLOSING_KEY


def change_details(
    session: Session,
    item: ReturnItem,
    *,
    as_at: date | None,
    marking: Marking,
    account_id: str,
    now: datetime,
) -> None:
    """Changes the day a return describes and its marking. Raises NotAllowedNow."""
    held = returns.lock_return(session, return_id=item.id)
    if not held.may_be_written(now):
        raise NotAllowedNow("This return cannot be changed now.")
    if (held.as_at, held.marking) == (as_at, marking):
        return
    returns.change_details(session, return_id=item.id, as_at=as_at, marking=marking)
    audit.record(
        session,
        action=AuditAction.RETURN_CHANGED,
        at=now,
        account_id=account_id,
        council_id=None,
        detail={
            "what": "protective marking and as-at date",
            "old": f"{held.marking}, {held.as_at or 'no date'}",
            "new": f"{marking}, {as_at or 'no date'}",
        },
    )


def add_note(
    session: Session,
    item: ReturnItem,
    *,
    round_id: str | None,
    question: str,
    text: str,
    writer: Writer,
    now: datetime,
) -> None:
    """Leaves a note for the others who write the return. The same one twice at once is one."""
    earlier = returns_people.list_notes(session, return_id=item.id, question=question)
    if earlier and earlier[-1].text == text and earlier[-1].name == writer.name:
        return
    returns_people.add_note(
        session,
        return_id=item.id,
        round_id=round_id,
        question=question,
        text=text,
        name=writer.name,
        account_id=writer.account_id,
        contributor_id=writer.contributor_id,
        now=now,
    )
