"""What the pages show on which answers are entered for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from question_banks.answers import FieldError, display
from question_banks.bank import (
    LEVEL_TITLES,
    Bank,
    DateQuestion,
    Level,
    NumberQuestion,
    Question,
    RankingQuestion,
    SeveralChoicesQuestion,
    in_language,
)
from survey.actions.entering import Difference
from survey.actions.sheet_answers import SheetPart, option_labels, sheet_parts, typed_values
from survey.data.entering import EnteredBy, EntryOfRound, Typed
from survey.web.presenters_rounds import RoundHead

WAY_WORDS: dict[str, str] = {EnteredBy.PAPER: "Paper", EnteredBy.TELEPHONE: "Telephone"}
WAYS = ((EnteredBy.PAPER.value, "On paper"), (EnteredBy.TELEPHONE.value, "By telephone"))
LEVELS = tuple((level.value, LEVEL_TITLES[level]) for level in Level)
DATE_LABELS = ("Day", "Month", "Year")


@dataclass(frozen=True)
class EntryRow:
    """A sheet that is not sent yet."""

    id: str
    title: str
    way: str
    state: str
    url: str
    link: str


@dataclass(frozen=True)
class EntriesPage:
    """The sheets of a round."""

    head: RoundHead
    rows: tuple[EntryRow, ...]
    entered: str
    takes_answers: bool


@dataclass(frozen=True)
class Box:
    """One place to type in."""

    id: str
    label: str
    value: str


@dataclass(frozen=True)
class SheetField:
    """One question of the sheet, as typed. `kind` is numbers, text, long, or boxes."""

    code: str
    number: int
    text: str
    kind: str
    hint: str
    options: tuple[str, ...]
    boxes: tuple[Box, ...]
    wide: bool
    errors: tuple[str, ...]


@dataclass(frozen=True)
class PartPage:
    """One form of the sheet."""

    head: RoundHead
    entry_id: str
    sheet: str
    key: str
    title: str
    progress: str
    level: str
    fields: tuple[SheetField, ...]
    errors: tuple[tuple[str, str], ...]
    back: str


@dataclass(frozen=True)
class CheckRow:
    """A question and what was typed."""

    number: int
    text: str
    answer: str
    change_url: str


@dataclass(frozen=True)
class CheckPage:
    """The whole sheet before it is sent."""

    head: RoundHead
    entry_id: str
    sheet: str
    level: str
    parts: tuple[tuple[str, tuple[CheckRow, ...]], ...]
    blanks: tuple[CheckRow, ...]
    has_comments: bool
    quotable: bool
    waits: bool
    is_second: bool
    is_empty: bool


@dataclass(frozen=True)
class DifferenceRow:
    """A question of which two people typed different answers."""

    name: str
    text: str
    first: str
    second: str
    chosen: str


@dataclass(frozen=True)
class ComparePage:
    """Where two entries of a sheet differ."""

    head: RoundHead
    entry_id: str
    sheet: str
    rows: tuple[DifferenceRow, ...]
    first_by: str
    second_by: str


def sheet_title(entry: EntryOfRound) -> str:
    """What a sheet is called: its reference, or whose it is, and its agency."""
    return ", ".join(part for part in (entry.reference, entry.who, entry.agency) if part)


def entries_page(
    head: RoundHead,
    *,
    entries: Sequence[EntryOfRound],
    entered: Mapping[str, int],
    account_id: str,
    first_part: Mapping[str, str],
    takes_answers: bool,
) -> EntriesPage:
    """The sheets of a round; `first_part` is the key of the first part of each level."""
    counts = [
        f"{entered[way]} {words}"
        for way, words in ((EnteredBy.PAPER, "on paper"), (EnteredBy.TELEPHONE, "by telephone"))
        if entered.get(way)
    ]
    return EntriesPage(
        head=head,
        rows=tuple(_row(head.slug, one, account_id, first_part) for one in entries),
        entered=" and ".join(counts),
        takes_answers=takes_answers,
    )


def _row(slug: str, one: EntryOfRound, account_id: str, first_part: Mapping[str, str]) -> EntryRow:
    first, second = one.by_turn(1), one.by_turn(2)
    at: dict[str, Any] = {"slug": slug, "entry_id": one.id}
    typed = second if first is not None and first.done else first
    state, endpoint, link = "Being entered", "entry.part", "Carry on"
    if first is not None and first.done and second is None:
        state, endpoint, link = "Waits for a second person", "entry.second", "Enter it again"
        if first.account_id == account_id:
            endpoint, link = "", ""
    elif second is not None and second.done:
        state, endpoint, link = "The two entries differ", "entry.compare", "Look at the differences"
    elif second is not None:
        state = "Being entered a second time"
        if first is not None and first.account_id == account_id:
            endpoint, link = "", ""
    if typed is not None and one.twice and endpoint == "entry.part":
        # Each turn of a sheet that is entered twice is one person's.
        endpoint = endpoint if typed.account_id in {None, account_id} else ""
    if endpoint == "entry.part" and typed is not None:
        url = url_for(endpoint, key=first_part[typed.level], **at)
    else:
        url = url_for(endpoint, **at) if endpoint else ""
    return EntryRow(
        id=one.id, title=sheet_title(one), way=WAY_WORDS[one.way], state=state, url=url, link=link
    )


def question_numbers(bank: Bank, level: Level) -> dict[str, int]:
    """The number of each question on the paper of a level, by code."""
    codes = [one.code for part in sheet_parts(bank, level) for one in part.questions]
    return {code: number for number, code in enumerate(codes, start=1)}


def part_page(
    head: RoundHead,
    entry: EntryOfRound,
    typed: Typed,
    bank: Bank,
    part: SheetPart,
    *,
    posted: Mapping[str, Sequence[str]] | None = None,
    errors: Sequence[FieldError] = (),
) -> PartPage:
    """One form of the sheet. `posted` stands before what was kept, so that nothing is lost."""
    level = Level(typed.level)
    parts = sheet_parts(bank, level)
    numbers = question_numbers(bank, level)
    at = [one.key for one in parts].index(part.key)
    before = url_for("entry.entries", slug=head.slug)
    if at:
        before = url_for("entry.part", slug=head.slug, entry_id=entry.id, key=parts[at - 1].key)
    return PartPage(
        head=head,
        entry_id=entry.id,
        sheet=sheet_title(entry),
        key=part.key,
        title=part.title,
        progress=f"Part {at + 1} of {len(parts)}",
        level=LEVEL_TITLES[level],
        fields=tuple(
            _field(
                bank,
                question,
                number=numbers[question.code],
                given=posted
                if posted is not None
                else typed_values(bank, question, typed.answers.get(question.code)),
                errors=errors,
            )
            for question in part.questions
        ),
        errors=tuple(
            (error.target, f"Question {numbers[error.question]}: {error.message}")
            for error in errors
        ),
        back=before,
    )


def _field(
    bank: Bank,
    question: Question,
    *,
    number: int,
    given: Mapping[str, Sequence[str]],
    errors: Sequence[FieldError],
) -> SheetField:
    labels = tuple(label for _, label in option_labels(bank, question))
    kind, hint = "text", ""
    if labels:
        kind = "numbers"
        several = isinstance(question, SeveralChoicesQuestion)
        hint = "Numbers with spaces between them" if several else ""
    elif question.type == "long_text":
        kind = "long"
    elif isinstance(question, DateQuestion | RankingQuestion):
        kind = "boxes"
    elif isinstance(question, NumberQuestion) and question.unit is not None:
        hint = in_language(question.unit)
    return SheetField(
        code=question.code,
        number=number,
        text=in_language(question.text),
        kind=kind,
        hint=hint,
        options=labels,
        boxes=_boxes(question, given),
        wide=question.type == "short_text" or isinstance(question, SeveralChoicesQuestion),
        errors=tuple(error.message for error in errors if error.question == question.code),
    )


def _boxes(question: Question, given: Mapping[str, Sequence[str]]) -> tuple[Box, ...]:
    def box(name: str, label: str) -> Box:
        return Box(name, label, (given.get(name) or ("",))[0])

    if isinstance(question, DateQuestion):
        return tuple(box(f"{question.code}-{each.lower()}", each) for each in DATE_LABELS)
    if isinstance(question, RankingQuestion):
        return tuple(
            box(f"{question.code}--{one.code}", in_language(one.label)) for one in question.choices
        )
    return (box(question.code, ""),)


def check_page(
    head: RoundHead,
    entry: EntryOfRound,
    typed: Typed,
    bank: Bank,
    *,
    blanks: Sequence[Question],
) -> CheckPage:
    """What was typed of a sheet, by part."""
    level = Level(typed.level)
    numbers = question_numbers(bank, level)
    rows = {
        question.code: CheckRow(
            number=numbers[question.code],
            text=in_language(question.text),
            answer=_answer(bank, question, typed.answers.get(question.code)),
            change_url=url_for(
                "entry.part",
                slug=head.slug,
                entry_id=entry.id,
                key=part.key,
                _anchor=question.code,
            ),
        )
        for part in sheet_parts(bank, level)
        for question in part.questions
    }
    return CheckPage(
        head=head,
        entry_id=entry.id,
        sheet=sheet_title(entry),
        level=LEVEL_TITLES[level],
        parts=tuple(
            (part.title, tuple(rows[question.code] for question in part.questions))
            for part in sheet_parts(bank, level)
        ),
        blanks=tuple(rows[question.code] for question in blanks),
        has_comments=any(
            question.type == "long_text" and typed.answers.get(question.code)
            for part in sheet_parts(bank, level)
            for question in part.questions
        ),
        quotable=typed.quotable,
        waits=entry.twice and typed.turn == 1,
        is_second=typed.turn == 2,
        is_empty=not any(value is not None for value in typed.answers.values()),
    )


def _answer(bank: Bank, question: Question, value: object) -> str:
    return display(bank, question, value) if value is not None else "Left blank"  # type: ignore[arg-type]  # as it was stored


def compare_page(
    head: RoundHead,
    entry: EntryOfRound,
    bank: Bank,
    *,
    first: Typed,
    second: Typed,
    differences: Sequence[Difference],
    otherwise: Sequence[str],
    chosen: Mapping[str, str],
) -> ComparePage:
    """The differences between two entries, each with both answers to choose from."""
    rows = []
    if "level" in otherwise:
        rows.append(
            DifferenceRow(
                "level",
                "Where the person works",
                LEVEL_TITLES[Level(first.level)],
                LEVEL_TITLES[Level(second.level)],
                chosen.get("level", ""),
            )
        )
    rows += [
        DifferenceRow(
            f"q-{one.question.code}",
            in_language(one.question.text),
            _answer(bank, one.question, one.first),
            _answer(bank, one.question, one.second),
            chosen.get(f"q-{one.question.code}", ""),
        )
        for one in differences
    ]
    if "quotable" in otherwise:
        words = {True: "Yes", False: "No"}
        rows.append(
            DifferenceRow(
                "quotable",
                "May comments be quoted?",
                words[first.quotable],
                words[second.quotable],
                chosen.get("quotable", ""),
            )
        )
    return ComparePage(
        head=head,
        entry_id=entry.id,
        sheet=sheet_title(entry),
        rows=tuple(rows),
        first_by=first.account or "The first person",
        second_by=second.account or "The second person",
    )
