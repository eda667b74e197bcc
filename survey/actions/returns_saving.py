"""Saving what somebody wrote in a return, and choosing where two answers stand against each other.

docs/decisions/0018-returns-keep-every-answer.md says why nothing is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from question_banks.answers import FieldError, field_names, parse_form
from question_banks.bank import Bank, Question
from question_banks.path import CLOSING_KEY, Page
from question_banks.text import clean_text
from survey.actions.returns import Answered, load, said_of
from survey.actions.returns_path import LOCAL, Part, may_say_not_applicable
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
from survey.data import returns, returns_versions
from survey.data.returns import ReturnItem
from survey.data.returns_versions import Chosen, HeldBecause, StoredVersion
from survey.errors import NotAllowedNow, NotFound

Posted = Mapping[str, Sequence[str]]

LONGEST_REASON = 2000
EITHER = "Answer the question, or say why it does not apply: not both"
BASE, NOT_APPLICABLE, CONFIRM = "base", "not-applicable", "confirm"
"""Beside a question's own fields: `base--<code>` holds the number of the version the form was made
from, `not-applicable--<code>` a reason, `confirm--<code>` that a carried answer still stands."""


@dataclass(frozen=True)
class SavedPage:
    """What became of a page that was sent in: what was saved, what is held, what is wrong."""

    saved: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    """Ids of answers that stand against somebody else's, or could not be taken any more."""
    errors: tuple[FieldError, ...] = ()
    because: HeldBecause | None = None
    """Why nothing could be saved at all, where that is so."""
    answered: Answered | None = None
    """The return as it stands afterwards."""
    new_questions: tuple[str, ...] = ()
    """Codes of questions on the same page that these answers lead to and were not asked before."""
    page: Page | None = None
    """The page as it was sent in: an answer on it may have led away from another."""


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
            if reason:
                target = f"{NOT_APPLICABLE}--{question.code}"
                errors.append(FieldError(question.code, target, EITHER))
            elif parsed.is_valid:
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
    after = load(session, held_item) if saved else answered
    return SavedPage(
        saved=tuple(saved),
        held=tuple(held_ids),
        errors=errors,
        because=because,
        answered=after,
        new_questions=_newly_asked(after, page, section=section) if saved else (),
        page=page,
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


def _newly_asked(after: Answered, page: Page, *, section: str) -> tuple[str, ...]:
    before = {question.code for question in page.questions}
    return tuple(
        question.code
        for found in after.sections
        if found.code == section
        for one in found.pages
        if one.key == page.key
        for question in one.questions
        if question.code not in before
    )


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
    chosen: Chosen,
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
    if chosen is not Chosen.THEIRS:
        wanted = said_of(held) if chosen is Chosen.MINE else said or EMPTY
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
