"""A bank as a codebook: one row for each variable, for readers of a responses file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from question_banks.bank import (
    ON_SCALE,
    Bank,
    Level,
    NumberQuestion,
    OptionKind,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    Signpost,
    SingleChoiceQuestion,
    Topic,
    in_language,
)


class Direction(StrEnum):
    """Which way the options run."""

    FAVOURABLE_FIRST = "favourable_first"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CodedOption:
    """One value a variable may have. `order` counts from 1; kind and weight for scales only."""

    code: str
    label: str
    order: int
    kind: OptionKind | None = None
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of a responses file.

    `label` is the short wording where there is one; `missing` holds the codes that are answers but
    leave the base of a favourable share (don't know, not applicable). An empty cell is a skipped
    question, whatever the variable. Signpost and topic are "" for closing prompts.
    """

    code: str
    label: str
    text: str
    type: str
    wording_version: int
    signpost: str
    signpost_title: str
    topic: str
    levels: tuple[Level, ...]
    scale: str
    options: tuple[CodedOption, ...]
    direction: Direction
    missing: tuple[str, ...]
    lowest: float | None
    highest: float | None
    unit: str
    has_rule: bool


def codebook(bank: Bank, language: str = "en") -> tuple[Variable, ...]:
    """One row for each question of a bank, in the order asked.

    >>> from question_banks.loader import load_bank
    >>> row = codebook(load_bank("safeguarding_children_2010"))[0]
    >>> row.direction.value, row.missing
    ('favourable_first', ('dont_know', 'not_applicable'))
    """
    return tuple(_variables(bank, language))


def _variables(bank: Bank, language: str) -> Iterator[Variable]:
    for signpost in bank.signposts:
        for topic in signpost.topics:
            for question in topic.questions:
                yield _variable(bank, question, (signpost, topic), language)
        if signpost.comment is not None:
            yield _variable(bank, signpost.comment, (signpost, None), language)
    for question in bank.closing:
        yield _variable(bank, question, (None, None), language)


def _variable(
    bank: Bank, question: Question, place: tuple[Signpost | None, Topic | None], language: str
) -> Variable:
    signpost, topic = place
    options = tuple(_options(bank, question, language))
    judged = isinstance(question, ScaleQuestion)
    number = question if isinstance(question, NumberQuestion) else None
    unit = number.unit if number is not None else None
    return Variable(
        code=question.code,
        label=in_language(question.short or question.text, language),
        text=in_language(question.text, language),
        type=question.type,
        wording_version=question.wording_version,
        signpost=signpost.code if signpost is not None else "",
        signpost_title=in_language(signpost.title, language) if signpost is not None else "",
        topic=topic.code if topic is not None else "",
        levels=question.audience,
        scale=question.scale if isinstance(question, ScaleQuestion) else "",
        options=options,
        direction=Direction.FAVOURABLE_FIRST if judged else Direction.NONE,
        missing=tuple(o.code for o in options if o.kind is not None and o.kind not in ON_SCALE),
        lowest=number.lowest if number is not None else None,
        highest=number.highest if number is not None else None,
        unit=in_language(unit, language) if unit is not None else "",
        has_rule=question.show_if is not None,
    )


def _options(bank: Bank, question: Question, language: str) -> Iterator[CodedOption]:
    match question:
        case ScaleQuestion():
            for order, option in enumerate(bank.scale_of(question).options, start=1):
                label = in_language(option.label, language)
                yield CodedOption(option.code, label, order, option.kind, option.weight)
        case SingleChoiceQuestion() | SeveralChoicesQuestion() | RankingQuestion():
            for order, choice in enumerate(question.choices, start=1):
                yield CodedOption(choice.code, in_language(choice.label, language), order)
        case _:
            return
