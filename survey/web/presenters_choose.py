"""What the pages show on which rounds are chosen, and totals brought in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis.published import PublishedTotal
from analysis.rounding import counted
from question_banks.bank import Bank, in_language
from survey.actions.comparing import RoundChoice
from survey.actions.publishing import month_of
from survey.data.comparing import ComparisonRef
from survey.data.published import PublishedRef
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time, long_date


@dataclass(frozen=True)
class ChoiceView:
    """A round that can be chosen. `source` is set for totals published elsewhere."""

    value: str
    title: str
    hint: str
    source: str
    is_chosen: bool


@dataclass(frozen=True)
class PublishedLine:
    """A published round in a list."""

    id: str
    title: str
    when: str


@dataclass(frozen=True)
class MadeLine:
    """A comparison that was worked out."""

    id: str
    titles: str
    when: str


@dataclass(frozen=True)
class ChoosePage:
    """The page on which rounds are chosen."""

    head: RoundHead
    choices: tuple[ChoiceView, ...]
    published: tuple[PublishedLine, ...]
    made: tuple[MadeLine, ...]


@dataclass(frozen=True)
class TotalLine:
    """One question's published total in words."""

    question: str
    code: str
    favourable: str
    base: str


@dataclass(frozen=True)
class PublishedPage:
    """One published round with its totals."""

    head: RoundHead
    id: str
    title: str
    when: str
    source: str
    bank: str
    totals: tuple[TotalLine, ...]
    without_base: int


def choose_page(
    head: RoundHead,
    *,
    choices: Sequence[RoundChoice],
    chosen: Collection[str] | None,
    published: Sequence[PublishedRef],
    made: Sequence[ComparisonRef],
) -> ChoosePage:
    """The page of choices. `chosen` None chooses this round and the one before it."""
    if chosen is None:
        values = [choice.value for choice in choices]
        own = next((place for place, choice in enumerate(choices) if choice.slug == head.slug), 0)
        chosen = values[own : own + 2] if len(values[own : own + 2]) == 2 else values[:2]
    return ChoosePage(
        head=head,
        choices=tuple(
            ChoiceView(
                value=choice.value,
                title=choice.title,
                hint=_hint(choice),
                source=choice.source,
                is_chosen=choice.value in chosen,
            )
            for choice in choices
        ),
        published=tuple(
            PublishedLine(ref.id, ref.title, month_of(ref.held_on)) for ref in published
        ),
        made=tuple(
            MadeLine(ref.id, " and ".join(ref.titles), date_time(ref.made_at)) for ref in made
        ),
    )


def _hint(choice: RoundChoice) -> str:
    if choice.answered is None:
        return f"{choice.when}. Totals of {counted(choice.questions or 0, 'question')}."
    people = counted(choice.answered, "person", "people")
    opened = long_date(choice.opened) if choice.opened is not None else choice.when
    return f"Opened on {opened}. {people} answered."


def published_page(
    head: RoundHead,
    *,
    id_: str,
    title: str,
    when: str,
    source: str,
    bank: Bank,
    totals: Sequence[PublishedTotal],
) -> PublishedPage:
    """One published round, stored or just read."""
    return PublishedPage(
        head=head,
        id=id_,
        title=title,
        when=when,
        source=source,
        bank=f"{in_language(bank.title)} (version {bank.version})",
        totals=tuple(_total_line(bank, total) for total in totals),
        without_base=sum(total.base is None for total in totals),
    )


def _total_line(bank: Bank, total: PublishedTotal) -> TotalLine:
    question = bank.by_code.get(total.question)
    if total.favourable is not None:
        favourable = counted(total.favourable, "person", "people")
    else:
        favourable = f"{total.percent}%"
    return TotalLine(
        question=in_language(question.text) if question is not None else total.question,
        code=total.question,
        favourable=favourable,
        base=f"{total.base:,}" if total.base is not None else "Not published",
    )
