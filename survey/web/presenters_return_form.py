"""What a page of questions of an agency return shows, with what stands beside each answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from question_banks.answers import FieldError
from question_banks.bank import Bank, Question, in_language
from question_banks.path import Page
from survey.actions.returns import Answered
from survey.actions.returns_path import Section, may_say_not_applicable
from survey.actions.returns_saving import BASE, NOT_APPLICABLE, base_posted
from survey.data.returns_versions import HeldAnswer, StoredVersion
from survey.web.presenters_returns import Key, ReturnHead, answer_words, head_of, title_of
from survey.web.presenting import date_time
from survey.web.question_form import Field, Posted, question_field
from survey.web.returns_actor import Actor


@dataclass(frozen=True)
class AnswerRow:
    """One question of a page: its field, the version it was made from, and what stands beside."""

    field: Field
    base: int
    changed: str
    carried: str
    """What an earlier return said, while nobody has confirmed it."""
    held: tuple[tuple[str, str], ...]
    """Who wrote an answer that stands against this one, and where to choose."""
    history: str
    notes: int
    may_not_apply: bool
    reason_name: str
    reason: str
    reason_errors: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True)
class FormPage:
    """One page of questions to write on."""

    head: ReturnHead
    section: str
    title: str
    caption: str
    summary: str
    rows: tuple[AnswerRow, ...]
    errors: tuple[tuple[str, str], ...]
    action: str
    next_words: str
    urgent_contact: str


def form_page(
    actor: Actor,
    answered: Answered,
    section: Section,
    page: Page,
    *,
    held: Sequence[HeldAnswer],
    notes: Mapping[Key, int],
    posted: Posted | None = None,
    errors: Sequence[FieldError] = (),
    saved: Collection[str] = (),
    new_from: Collection[str] = (),
    now: datetime,
) -> FormPage:
    """One page of questions. `posted` stands before what is stored, so nothing is lost.

    `saved` are the posted questions that have just become versions: the form goes on from those,
    the others from the version they were made from.
    """
    part = answered.part(section.round_id)
    by_question: dict[str, list[HeldAnswer]] = {}
    for one in held:
        if one.round_id == section.round_id:
            by_question.setdefault(one.question, []).append(one)
    rows = []
    for question in page.questions:
        version = answered.newest.get((section.round_id, question.code))
        base = version.number if version is not None else 0
        was_sent = posted is not None and f"{BASE}--{question.code}" in posted
        if posted is not None and was_sent and question.code not in saved:
            base = base_posted(posted, question.code)
        rows.append(
            _answer_row(
                actor,
                part.bank,
                section,
                question,
                version=version,
                base=base,
                held=by_question.get(question.code, ()),
                notes=notes.get((section.round_id, question.code), 0),
                posted=posted if was_sent else None,
                errors=errors,
                is_new=question.code in new_from,
            )
        )
    listed = tuple((error.target, _placed(part.bank, error, len(rows))) for error in errors)
    following = next_page(section, page)
    return FormPage(
        head=head_of(actor, answered.parts[0].bank, now=now),
        section=section.code,
        title=title_of(page),
        caption=section.title,
        summary=section.summary,
        rows=tuple(rows),
        errors=listed,
        action=actor.url("save_page", section=section.code, key=page.key),
        next_words="Save and continue" if following is not None else "Save and finish this section",
        urgent_contact=actor.item.rounds[0].urgent_contact if actor.item.rounds else "",
    )


def next_page(section: Section, page: Page) -> Page | None:
    """The page after this one in its section, or None."""
    keys = [one.key for one in section.pages]
    place = keys.index(page.key) + 1 if page.key in keys else len(keys)
    return section.pages[place] if place < len(keys) else None


def _placed(bank: Bank, error: FieldError, among: int) -> str:
    question = bank.by_code[error.question]
    if among == 1 or question.short is None:
        return error.message
    return f"{in_language(question.short)}: {error.message[0].lower()}{error.message[1:]}"


def _answer_row(
    actor: Actor,
    bank: Bank,
    section: Section,
    question: Question,
    *,
    version: StoredVersion | None,
    base: int,
    held: Sequence[HeldAnswer],
    notes: int,
    posted: Posted | None,
    errors: Sequence[FieldError],
    is_new: bool,
) -> AnswerRow:
    name = f"{NOT_APPLICABLE}--{question.code}"
    own = [error for error in errors if error.question == question.code]
    field = question_field(
        bank,
        question,
        answers={question.code: version.value} if version is not None else {},
        posted=posted,
        errors=[error for error in own if error.target != name],
    )
    reason = version.not_applicable if version is not None else ""
    if posted is not None:
        reason = (posted.get(name) or ("",))[0]
    return AnswerRow(
        field=replace(field, is_comment=False),
        base=base,
        changed=f"Last changed by {version.name} at {date_time(version.at)}" if version else "",
        carried=answer_words(bank, question, version)
        if version is not None and version.carried_from is not None
        else "",
        held=tuple((_who(actor, one), actor.url("choose", held_id=one.id)) for one in held),
        history=actor.url("question", section=section.code, code=question.code),
        notes=notes,
        may_not_apply=may_say_not_applicable(bank, question),
        reason_name=name,
        reason=reason,
        reason_errors=tuple(error.message for error in own if error.target == name),
        is_new=is_new,
    )


def _who(actor: Actor, held: HeldAnswer) -> str:
    own = actor.writer.key == (held.account_id or "", held.contributor_id or "")
    return "You" if own else held.name
