"""Writing an agency's return together: beginning it, reading it, saving a page of it.

Docs: docs/decisions/0018-returns-keep-every-answer.md says why nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from question_banks.answers import FieldError, field_names, parse_form
from question_banks.bank import Bank, Question
from question_banks.loader import bank_digest, bank_to_json
from question_banks.path import CLOSING_KEY, Page
from question_banks.text import clean_text
from survey.actions.returns_path import LOCAL, Part, Section, may_say_not_applicable, sections
from survey.actions.returns_rules import (
    EMPTY,
    Said,
    Verdict,
    Version,
    Writer,
    is_held_already,
    judge,
    newest,
)
from survey.data import audit, returns, returns_people, returns_versions
from survey.data.audit import AuditAction
from survey.data.banks import get_bank
from survey.data.returns import Marking, ReturnEventKind, ReturnItem
from survey.data.returns_versions import HeldAnswer, HeldBecause, StoredVersion
from survey.errors import NotAllowedNow, NotFound

Posted = Mapping[str, Sequence[str]]

LONGEST_REASON = 2000
BASE, NOT_APPLICABLE, CONFIRM = "base", "not-applicable", "confirm"
"""Beside a question's own fields: `base--<code>` holds the number of the version the form was made
from, `not-applicable--<code>` a reason, `confirm--<code>` that a carried answer still stands."""


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


@dataclass(frozen=True)
class SavedPage:
    """What became of a page that was sent in: what was saved, what is held, what is wrong."""

    saved: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    """Ids of answers that stand against somebody else's, or could not be taken any more."""
    errors: tuple[FieldError, ...] = ()
    because: HeldBecause | None = None
    """Why nothing could be saved at all, where that is so."""
    new_questions: tuple[str, ...] = field(default=())
    """Codes of questions on the same page that these answers lead to and were not asked before."""


def said_of(version: StoredVersion | HeldAnswer) -> Said:
    """What a stored version or a held answer says."""
    return Said(version.value, version.not_applicable)


def begin(session: Session, *, round_id: str, account_id: str, name: str, now: datetime) -> str:
    """Begins the return that a round asks for; the id, also where it had begun already.

    Raises NotFound where the account leads no agency that the round asks for a return, and
    NotAllowedNow where the round takes none now.
    """
    asked = returns.list_rounds_to_answer(session, account_id=account_id, round_id=round_id)
    if not asked:
        raise NotFound("There is no such round, or it asks you for no return.")
    wanted = next((one for one in asked if one.return_id is None), asked[0])
    if wanted.return_id is not None:
        return wanted.return_id
    if not wanted.round.takes_answers(now):
        raise NotAllowedNow("This round takes no returns now.")
    bank = get_bank(session, round_id=round_id, digest=wanted.bank_digest)
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
    """A round's bank without the questions that only this round asks."""
    return bank


def list_parts(session: Session, item: ReturnItem) -> tuple[Part, ...]:
    """The banks a return answers: its core, then what each of its rounds asks besides."""
    core = returns.get_core_bank(session, return_id=item.id, digest=item.bank_digest)
    return (Part(core),)


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
    """The code of the section that a question belongs to; "" where it has none now."""
    for section in answered.sections:
        if section.round_id != round_id:
            continue
        if round_id is not None:
            return section.code
        signposts = {page.signpost for page in section.pages if page.signpost is not None}
        codes = {
            question.code
            for signpost in signposts
            for topic in signpost.topics
            for question in topic.questions
        } | {question.code for page in section.pages for question in page.questions}
        if code in codes:
            return section.code
    return ""


def read_posted(
    bank: Bank, page: Page, posted: Posted
) -> tuple[dict[str, Said], tuple[FieldError, ...]]:
    """What a posted page says, question by question, and what is wrong with it.

    A question left empty is no fault: what is missing is told before the return is sent for
    sign-off, not while it is written.
    """
    said: dict[str, Said] = {}
    errors: list[FieldError] = []
    for question in page.questions:
        reason, fault = _reason(bank, question, posted)
        is_blank = not any(
            text.strip() for name in field_names(question) for text in posted.get(name, ())
        )
        if fault is not None:
            errors.append(fault)
        elif is_blank:
            said[question.code] = Said(None, reason)
        else:
            parsed = parse_form(bank, question, posted)
            if parsed.is_valid:
                said[question.code] = Said(parsed.value, reason)
            else:
                errors.extend(parsed.errors)
    return said, tuple(errors)


def _reason(bank: Bank, question: Question, posted: Posted) -> tuple[str, FieldError | None]:
    name = f"{NOT_APPLICABLE}--{question.code}"
    if not may_say_not_applicable(bank, question):
        return "", None
    text = clean_text((posted.get(name) or ("",))[0])
    if len(text) > LONGEST_REASON:
        message = (
            f"Shorten the reason to {LONGEST_REASON:,} characters or fewer; "
            f"it has {len(text):,} now"
        )
        return "", FieldError(question.code, name, message)
    return text, None


def base_posted(posted: Posted, code: str) -> int:
    """The number of the version a form was made from; 0 where it says nothing sensible."""
    text = (posted.get(f"{BASE}--{code}") or ("",))[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def save_page(
    session: Session,
    item: ReturnItem,
    *,
    section: str,
    key: str,
    posted: Posted,
    writer: Writer,
    now: datetime,
    barred: HeldBecause | None = None,
) -> SavedPage:
    """Saves what somebody changed on a page: each answer becomes a version, is left, or is held.

    Args:
        item: the return; it is asked for again, and held until the commit.
        section: the code of the page's section.
        key: the page's key.
        posted: the form's fields.
        writer: who sent it.
        now: the time.
        barred: why this writer may not save any more. What they changed is then held for the
            agency lead, as it is where the return was sent for sign-off meanwhile.

    Raises NotFound when there is no such page. One that another answer has just taken off the path
    is saved all the same, and counts again if the path leads back to it.
    """
    held_item = returns.lock_return(session, return_id=item.id)
    answered = load(session, held_item)
    part, page = _locate(answered, section=section, key=key, posted=posted)
    bank = part.bank
    said, errors = read_posted(bank, page, posted)
    codes = [question.code for question in page.questions]
    versions: dict[str, list[StoredVersion]] = {code: [] for code in codes}
    for version in returns_versions.list_versions(
        session, return_id=item.id, round_id=part.round_id, questions=codes
    ):
        versions[version.question].append(version)
    because = barred or (None if held_item.may_be_written(now) else HeldBecause.NOT_OPEN)
    saved, held_ids = [], []
    for code, new in said.items():
        change = _Change(
            return_id=item.id,
            round_id=part.round_id,
            question=code,
            said=new,
            base=base_posted(posted, code),
            writer=writer,
            confirms=bool(posted.get(f"{CONFIRM}--{code}")),
        )
        verdict, held_id = _take(session, change, versions[code], because=because, now=now)
        if verdict is Verdict.SAVE:
            saved.append(code)
        elif held_id:
            held_ids.append(held_id)
    return SavedPage(
        saved=tuple(saved),
        held=tuple(held_ids),
        errors=errors,
        because=because,
        new_questions=_newly_asked(session, held_item, page, section=section, key=key)
        if saved
        else (),
    )


def _locate(answered: Answered, *, section: str, key: str, posted: Posted) -> tuple[Part, Page]:
    """The part and the page that a form was made from, with every question the form held."""
    for part in answered.parts:
        if part.round_id is not None and section != f"{LOCAL}{part.round_id}":
            continue
        if (
            key == CLOSING_KEY
            and part.bank.closing
            and section in (CLOSING_KEY, f"{LOCAL}{part.round_id}")
        ):
            return part, Page(key, None, None, part.bank.closing)
        for signpost in part.bank.signposts:
            if part.round_id is None and signpost.code != section:
                continue
            for topic in signpost.topics:
                if topic.code == key:
                    asked = (*topic.questions, *((signpost.comment,) if signpost.comment else ()))
                    in_form = tuple(one for one in asked if f"{BASE}--{one.code}" in posted)
                    return part, Page(key, signpost, topic, in_form)
    raise NotFound("This return has no such page.")


def _newly_asked(
    session: Session, item: ReturnItem, page: Page, *, section: str, key: str
) -> tuple[str, ...]:
    before = {question.code for question in page.questions}
    after = next(
        (
            one
            for found in load(session, item).sections
            if found.code == section
            for one in found.pages
            if one.key == key
        ),
        page,
    )
    return tuple(question.code for question in after.questions if question.code not in before)


@dataclass(frozen=True)
class _Change:
    """One answer of a posted page."""

    return_id: str
    round_id: str | None
    question: str
    said: Said
    base: int
    writer: Writer
    confirms: bool = False


def _take(
    session: Session,
    change: _Change,
    versions: Sequence[StoredVersion],
    *,
    because: HeldBecause | None,
    now: datetime,
) -> tuple[Verdict, str]:
    """Carries out what the rules say of one answer; the id of what is held, or ""."""
    known = [_known(version) for version in versions]
    verdict = judge(
        known,
        said=change.said,
        base=change.base,
        writer=change.writer.key,
        confirms=change.confirms,
    )
    if verdict is Verdict.KEEP:
        return verdict, ""
    if verdict is Verdict.SAVE and because is None:
        returns_versions.add_version(
            session,
            return_id=change.return_id,
            round_id=change.round_id,
            question=change.question,
            number=newest(known).number + 1,
            value=change.said.value,
            not_applicable=change.said.not_applicable,
            name=change.writer.name,
            account_id=change.writer.account_id,
            contributor_id=change.writer.contributor_id,
            now=now,
        )
        return verdict, ""
    return Verdict.HOLD, _hold(session, change, because=because or HeldBecause.CHANGED, now=now)


def _hold(session: Session, change: _Change, *, because: HeldBecause, now: datetime) -> str:
    waiting = [
        held
        for held in returns_versions.list_held(
            session, return_id=change.return_id, question=change.question
        )
        if held.round_id == change.round_id
    ]
    for held in waiting:
        key = (held.account_id or "", held.contributor_id or "")
        same = Version(held.base, said_of(held), key)
        if is_held_already([same], said=change.said, base=change.base, writer=change.writer.key):
            return held.id
    return returns_versions.hold(
        session,
        return_id=change.return_id,
        round_id=change.round_id,
        question=change.question,
        because=because,
        base=change.base,
        value=change.said.value,
        not_applicable=change.said.not_applicable,
        name=change.writer.name,
        account_id=change.writer.account_id,
        contributor_id=change.writer.contributor_id,
        now=now,
    )


def _known(version: StoredVersion) -> Version:
    return Version(
        number=version.number,
        said=said_of(version),
        writer=(version.account_id or "", version.contributor_id or ""),
        is_carried=version.carried_from is not None,
    )


def choose(
    session: Session,
    item: ReturnItem,
    *,
    held_id: str,
    chosen: returns_versions.Chosen,
    said: Said | None,
    base: int,
    writer: Writer,
    now: datetime,
) -> SavedPage:
    """Settles an answer that stands against another.

    With MINE the held answer becomes the newest version, with THEIRS nothing changes, with BOTH
    `said` becomes it. `base` is the number of the version it was compared with: where somebody
    saved again meanwhile, the choice is held in its turn and nothing is overwritten. The answer
    that was held stays on record. Raises NotAllowedNow where the return takes no answers now.
    """
    held_item = returns.lock_return(session, return_id=item.id)
    held = returns_versions.get_held(session, return_id=item.id, held_id=held_id)
    if held.chosen is not None:
        return SavedPage()
    if not held_item.may_be_written(now):
        raise NotAllowedNow("This return takes no answers now, so nothing can be chosen.")
    outcome = SavedPage()
    if chosen is not returns_versions.Chosen.THEIRS:
        wanted = said_of(held) if chosen is returns_versions.Chosen.MINE else said or EMPTY
        change = _Change(item.id, held.round_id, held.question, wanted, base, writer)
        versions = returns_versions.list_versions(
            session, return_id=item.id, round_id=held.round_id, questions=[held.question]
        )
        known = [_known(version) for version in versions]
        # What was chosen counts even where it repeats the version it was compared with.
        if base == newest(known).number or wanted == newest(known).said:
            verdict, held_again = _take(session, change, versions, because=None, now=now)
        else:
            verdict = Verdict.HOLD
            held_again = _hold(session, change, because=HeldBecause.CHANGED, now=now)
        if held_again == held.id:
            return SavedPage(held=(held.id,))
        outcome = SavedPage(
            saved=(held.question,) if verdict is Verdict.SAVE else (),
            held=(held_again,) if held_again else (),
        )
    returns_versions.settle_held(session, held_id=held.id, chosen=chosen, by=writer.name, now=now)
    return outcome


def confirm_all(
    session: Session,
    item: ReturnItem,
    *,
    questions: Sequence[tuple[str | None, str]],
    writer: Writer,
    now: datetime,
) -> int:
    """Confirms carried answers as they are; how many. Raises NotAllowedNow."""
    held_item = returns.lock_return(session, return_id=item.id)
    if not held_item.may_be_written(now):
        raise NotAllowedNow("This return takes no answers now.")
    confirmed = 0
    answered = load(session, held_item)
    for key in questions:
        version = answered.newest.get(key)
        if version is None or version.carried_from is None:
            continue
        change = _Change(
            item.id,
            version.round_id,
            version.question,
            said_of(version),
            version.number,
            writer,
            confirms=True,
        )
        _take(session, change, [version], because=None, now=now)
        confirmed += 1
    return confirmed


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
