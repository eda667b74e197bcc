"""What agencies say of themselves beside what their practitioners say.

An agency return is one agreed answer of an agency to a question, signed off by it; it is named and
shown as it is. Beside it stands what the agency's own people said, in words where they are enough,
or else the figures or words of its sector group that the round shows already, and which of the two
it is. Nothing is shown of an agency's people that the gate would not let stand beside the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.cells import agency_name, answer, other_spelling
from analysis.decisions import Word, range_of_word, word_for
from analysis.delimited import FaultList, nearest, read_chunks, shown
from analysis.result import GroupKind, GroupResult, Mark, ReturnBeside, Summary
from analysis.rounding import percent_of
from analysis.rounds_gate import FEWEST_AGENCIES_OF_REST, HeldQuestion, HeldRound
from analysis.settings import AnalysisSettings
from analysis.tally import Tally
from analysis.whole_people import Sum
from question_banks.bank import (
    ON_SCALE,
    Bank,
    Option,
    OptionKind,
    Scale,
    ScaleQuestion,
    Sector,
    in_language,
)
from question_banks.text import clean_line

COLUMNS: Final = ("agency", "question", "option")

ALIKE: Final = 12.5
"""Points of 100 within which a rating and its practitioners say the same: half a step of five."""

_PLACE: Final = {
    Word.NEARLY_NONE: 0.0,
    Word.FEWER_THAN_HALF: 25.0,
    Word.ABOUT_HALF: 50.0,
    Word.MOST: 75.0,
    Word.NEARLY_ALL: 100.0,
}
"""Where a word stands on a rating's scale, for putting disagreements in order and nothing else."""


@dataclass(frozen=True)
class AgencyReturn:
    """One agreed answer of an agency: the code of an option of the question's scale."""

    agency: str
    question: str
    option: str


def read_returns(path: Path | str, bank: Bank, *, agencies: Collection[str]) -> list[AgencyReturn]:
    """Read and check a CSV file of agency returns: `agency, question, option`.

    `agencies` are those of the round. Raises FaultyFile with everything wrong, by row and column.
    """
    faults = FaultList()
    rows: dict[tuple[str, str], tuple[int, AgencyReturn]] = {}
    spellings: dict[str, tuple[str, int]] = {}
    for chunk in read_chunks(path, faults=faults, required=COLUMNS, allowed=_allowed):
        columns = (chunk.cells[name] for name in COLUMNS)
        for row, agency, question, option in zip(chunk.rows, *columns, strict=True):
            name, name_fault = _agency(agency, agencies)
            if name is not None and not name_fault:
                name_fault = other_spelling(spellings, name, row)
            code, code_fault = _question(question, bank)
            chosen, option_fault = None, ""
            if code is not None:
                cell, option_fault = answer(bank, bank.by_code[code], option)
                chosen = cell if isinstance(cell, str) else None
                if chosen is None and not option_fault:
                    option_fault = "The agency's rating is missing."
            found = (name_fault, code_fault, option_fault)
            for column, message in zip(COLUMNS, found, strict=True):
                if message:
                    faults.add(message, row=row, column=column)
            if name is None or code is None or chosen is None or any(found):
                continue
            first, _ = rows.setdefault((name, code), (row, AgencyReturn(name, code, chosen)))
            if first != row:
                message = f"{shown(name)} has a rating for {shown(code)} in row {first} already."
                faults.add(message, row=row, column="question")
    faults.raise_if_any()
    return [each for _, each in rows.values()]


def _allowed(heading: str) -> str | None:
    return f"A file of agency returns has no such column.{nearest(heading, list(COLUMNS))}"


def _agency(text: str, agencies: Collection[str]) -> tuple[str | None, str]:
    name, fault = agency_name(text)
    if name is None or name in agencies:
        return name, fault
    lowered = {each.casefold().replace(" ", "_"): each for each in agencies}
    hint = nearest(name, list(lowered))
    for code, each in lowered.items():
        hint = hint.replace(f"“{code}”", f"“{each}”")
    return None, f"{shown(name)} is not an agency of this round.{hint}"


def _question(text: str, bank: Bank) -> tuple[str | None, str]:
    code = clean_line(text)
    question = bank.by_code.get(code)
    if question is None:
        said = f"{shown(code)} is not a question of {bank.id}." if code else "It is missing."
        return None, said + nearest(code, list(bank.by_code))
    if not isinstance(question, ScaleQuestion):
        return None, f"{shown(code)} is not answered on a scale, so it has no rating."
    return code, ""


def beside(
    returns: Iterable[AgencyReturn],
    *,
    tally: Tally,
    bank: Bank,
    settings: AnalysisSettings,
    summary: Summary,
    earlier: Iterable[ReturnBeside] = (),
    updated: Collection[str] = (),
) -> tuple[ReturnBeside, ...]:
    """Every return beside practitioners, those that differ most first: for `Summary.returns`.

    `summary` is what is shown of the same tally. The agency's own people are shown in words where k
    of them answered, k of two other agencies or more did too, and the gate lets the word stand
    beside everything else that is shown; each word counts when the next is decided.

    `earlier` are those of the release before, and `updated` the questions that have new figures
    since. A word about an agency's own people that was shown counts as known. It is not said anew
    of an updated question, where it could tell of those who answered in between.
    """
    held = HeldRound(tally=tally, bank=bank, settings=settings, summary=summary)
    sectors = dict(zip(held.counts.agencies, held.counts.sectors, strict=True))
    said_before = {
        (each.question, each.agency)
        for each in earlier
        if not each.of_group and each.question not in updated
    }
    for code, agency in sorted(said_before):
        question = held.held(code)
        if question is not None:
            question.told.append(_said_of_own(question, agency, held)[1])
    rows = []
    for each in sorted(returns, key=lambda one: (one.question, one.agency)):
        question = held.held(each.question)
        if question is None:
            continue
        own = None
        if (each.question, each.agency) in said_before:
            own = _said_of_own(question, each.agency, held)[0]
        elif each.question not in updated:
            own = _own_word(question, each.agency, held)
        rows.append(_Row(each, question, held, own=own, sector=sectors.get(each.agency)))
    made = [(row.distance(), place, row.result()) for place, row in enumerate(rows)]
    return tuple(result for _, _, result in sorted(made, key=lambda each: (-each[0], each[1])))


def with_returns(
    summary: Summary,
    returns: Iterable[AgencyReturn],
    *,
    tally: Tally,
    bank: Bank,
    settings: AnalysisSettings,
    earlier: Iterable[ReturnBeside] = (),
    updated: Collection[str] = (),
) -> Summary:
    """The result of a round with what agencies say of themselves; `summary` is of this tally.

    `earlier` and `updated` are those of `beside`, for a release after another.
    """
    found = beside(
        returns,
        tally=tally,
        bank=bank,
        settings=settings,
        summary=summary,
        earlier=earlier,
        updated=updated,
    )
    return summary.model_copy(update={"returns": found})


class _Row:
    """One return with whoever stands beside it."""

    def __init__(
        self,
        given: AgencyReturn,
        question: HeldQuestion,
        round_: HeldRound,
        *,
        own: Word | None,
        sector: Sector | None,
    ) -> None:
        self.given = given
        scale = round_.bank.scale_of(question.question)
        self.option = _option(scale, given.option)
        self.own = own
        group = None if sector is None else round_.settings.group_of(sector)
        self.of_group = self.own is None
        self.practitioners = (
            GroupResult(
                group=given.agency, title=given.agency, kind=GroupKind.AGENCY, words=self.own.value
            )
            if self.own is not None
            else _of_group(question, group, round_)
        )

    @property
    def apart(self) -> float | None:
        """Practitioners less rating in points of 100, where both have a number."""
        figures = self.practitioners.figures
        if figures is None or figures.index is None or self.option.weight is None:
            return None
        return round(figures.index - self.option.weight, 1)

    def distance(self) -> float:
        """How far apart the two are, for their order; what cannot be set side by side goes last."""
        if self.apart is not None:
            return abs(self.apart)
        try:
            word = Word(self.practitioners.words or "")
        except ValueError:
            return -1.0
        return -1.0 if self.option.weight is None else abs(_PLACE[word] - self.option.weight)

    def result(self) -> ReturnBeside:
        """The return as it may be shown."""
        return ReturnBeside(
            agency=self.given.agency,
            question=self.given.question,
            rating=in_language(self.option.label),
            kind=self.option.kind,
            of_group=self.of_group,
            practitioners=self.practitioners,
            apart=self.apart,
            sentence=self._sentence(),
        )

    def _sentence(self) -> str:
        start = f"{self.given.agency} answered “{in_language(self.option.label)}” as an agency."
        who = "its own people"
        why = ""
        if self.of_group:
            why = "Its own people cannot be shown apart. "
            who = f"people in “{self.practitioners.title}”"
        figures = self.practitioners.figures
        if figures is not None:
            said = f"{percent_of(figures.share)}% of {who} were positive"
        elif self.practitioners.words is not None:
            said = f"Of {who}, {self.practitioners.words.lower()} were positive"
        else:
            return f"{start} Too few people answered for anything to stand beside it."
        return f"{start} {why}{said}{self._compared()}."

    def _compared(self) -> str:
        if self.option.kind not in ON_SCALE:
            return ""
        apart = self.apart
        if apart is None:
            favourable = self.option.kind is OptionKind.FAVOURABLE
            positive = self.practitioners.words in (Word.MOST.value, Word.NEARLY_ALL.value)
            negative = self.practitioners.words in (
                Word.FEWER_THAN_HALF.value,
                Word.NEARLY_NONE.value,
            )
            if favourable and negative:
                return ", so the agency sees itself better than they do"
            if self.option.kind is OptionKind.UNFAVOURABLE and positive:
                return ", so the agency sees itself less well than they do"
            return ""
        if abs(apart) <= ALIKE:
            return ", much as the agency says"
        better = "better" if apart < 0 else "less well"
        return f", so the agency sees itself {better} than they do"


def _option(scale: Scale, code: str) -> Option:
    return next(option for option in scale.options if option.code == code)


def _own_word(question: HeldQuestion, agency: str, round_: HeldRound) -> Word | None:
    """What the agency's own people said, in a word, or None where that may not be shown."""
    settings = round_.settings
    everybody = question.decision.everybody
    _, base = question.by_agency.get(agency, (0, 0))
    rest = everybody.counts.base - base
    if (
        not everybody.is_shown
        or base < settings.k
        or rest < settings.k
        or len(question.by_agency) - 1 < FEWEST_AGENCIES_OF_REST
    ):
        return None
    word, told = _said_of_own(question, agency, round_)
    if not round_.may_tell(question, [told]):
        return None
    question.told.append(told)
    return word


def _said_of_own(question: HeldQuestion, agency: str, round_: HeldRound) -> tuple[Word, Sum]:
    """The word for an agency's own people, and what it tells."""
    favourable, base = question.by_agency[agency]
    line = round_.settings.fraction("strength_line")
    low, high = range_of_word(favourable, base, line=line)
    mask = np.array([float(cell.agency == agency) for cell in question.cells])
    return word_for(favourable, base, line=line), Sum(mask, low, high)


def _of_group(question: HeldQuestion, group: str | None, round_: HeldRound) -> GroupResult:
    """The agency's sector group as the round shows it: itself, or the side that is the same."""
    titles = round_.settings.group_titles
    shown_groups = {(each.kind, each.group): each for each in question.shown.groups}
    found = shown_groups.get((GroupKind.SECTOR_GROUP, group or ""))
    if found is None:
        alone = next(
            (
                each
                for each in round_.groups
                if each.kind is GroupKind.SECTOR_GROUP and each.name == group
            ),
            None,
        )
        found = shown_groups.get((GroupKind.SIDE, alone.side if alone is not None else ""))
        if found is not None and not _is_same(question, round_, group, found.group):
            found = None
    if found is not None and (found.figures is not None or found.words is not None):
        return found
    return GroupResult(
        group=group or "",
        title=titles.get(group or "", ""),
        kind=GroupKind.SECTOR_GROUP,
        mark=Mark.CONFIDENTIAL,
    )


def _is_same(question: HeldQuestion, round_: HeldRound, group: str | None, side: str) -> bool:
    """True when the side has no other sector group that answered."""
    return {cell.group for cell in question.cells if cell.side == side} <= {group}
