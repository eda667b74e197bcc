"""A tally read once into arrays, so that the answers of any group are one sum.

Everything here is ungated: it is read by the modules that reason about answers, and turned into
results by `analysis.disclosure` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.tally import ALL_LEVELS as LEVELS_TOGETHER
from analysis.tally import NOT_SHOWN, SKIPPED, Lean, Tally
from question_banks.bank import (
    ALL_LEVELS,
    ON_SCALE,
    Bank,
    Level,
    OptionKind,
    Question,
    ScaleQuestion,
    Sector,
)

Mask = np.ndarray
"""One truth per agency, or per level, saying which belong to a group."""


@dataclass(frozen=True)
class Counts:
    """How a set of people answered one question on a scale.

    `options` is the count of each option in the scale's order; `agencies` those with an answer on
    the scale, `agencies_applicable` those with one on the scale or don't know.
    """

    options: tuple[int, ...]
    on_scale: tuple[int, ...]
    favourable: int
    neutral: int
    unfavourable: int
    dont_know: int
    not_applicable: int
    skipped: int
    not_shown: int
    agencies: int
    agencies_applicable: int

    @property
    def base(self) -> int:
        """People who answered on the scale."""
        return self.favourable + self.neutral + self.unfavourable

    @property
    def applicable(self) -> int:
        """People who answered on the scale or did not know."""
        return self.base + self.dont_know

    @property
    def people(self) -> int:
        """People who chose any option."""
        return self.applicable + self.not_applicable


@dataclass(frozen=True)
class Asked:
    """How many people were asked a question, where that is known.

    `invited` is everybody invited of the levels asked, `in_answering` those of them in agencies
    that answered, `answered` the respondents among them.
    """

    invited: int
    in_answering: int
    answered: int


@dataclass(frozen=True)
class Group:
    """A set of respondents: some agencies, some levels."""

    agencies: Mask
    levels: Mask


class RoundCounts:
    """The counts of one round, by place: question, agency, level, option."""

    def __init__(self, tally: Tally, bank: Bank) -> None:
        self.bank = bank
        self.agencies: list[str] = tally.agencies["agency"].tolist()
        self.sectors = [Sector(sector) for sector in tally.agencies["sector"].tolist()]
        self._agency_at = {agency: place for place, agency in enumerate(self.agencies)}
        self._level_at = {level.value: place for place, level in enumerate(ALL_LEVELS)}
        self.respondents = self._placed(tally.respondents, "n")
        self._invited_together, self._invited_by_level = self._invited(tally.invited)
        # Every column is looked through once here, so that a question costs its own cells alone.
        self._cells, self._values = tally.cells, tally.values
        self._cells_at = _rows_by_question(tally.cells)
        self._values_at = _rows_by_question(tally.values)
        self._cell_places = self._places(tally.cells)
        self._option_at, self._options = pd.factorize(tally.cells["option"])
        self._cell_counts = tally.cells["n"].to_numpy()
        self._scales: dict[str, ScaleCounts] = {}
        self._leans = tally.leans

    def _places(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        return (
            _places_in(self._agency_at, rows["agency"]),
            _places_in(self._level_at, rows["level"]),
        )

    def _placed(self, rows: pd.DataFrame, column: str) -> np.ndarray:
        placed = np.zeros((len(self.agencies), len(ALL_LEVELS)), dtype=np.int64)
        np.add.at(placed, self._places(rows), rows[column].to_numpy())
        return placed

    def _invited(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Invited per agency, all levels together, and per agency and level; -1 is not known.

        Where an agency gave numbers by level, a level it left out and from which nobody answered
        had nobody invited.
        """
        together = np.full(len(self.agencies), -1, dtype=np.int64)
        by_level = np.full((len(self.agencies), len(ALL_LEVELS)), -1, dtype=np.int64)
        for agency, level, invited in zip(
            rows["agency"], rows["level"], rows["invited"], strict=True
        ):
            place = self._agency_at[agency]
            if level == LEVELS_TOGETHER:
                together[place] = invited
            else:
                by_level[place, self._level_at[level]] = invited
        given = np.any(by_level >= 0, axis=1)
        by_level[given[:, None] & (by_level < 0) & (self.respondents == 0)] = 0
        summed = given & (together < 0) & (by_level >= 0).all(axis=1)
        together[summed] = by_level[summed].sum(axis=1)
        return together, by_level

    # Groups

    @cached_property
    def everybody(self) -> Group:
        """All agencies and levels."""
        return Group(np.ones(len(self.agencies), dtype=bool), np.ones(len(ALL_LEVELS), dtype=bool))

    def of_sectors(self, sectors: Iterable[Sector]) -> Group:
        """The agencies of these sectors, all levels."""
        held = frozenset(sectors)
        agencies = np.array([sector in held for sector in self.sectors], dtype=bool)
        return Group(agencies, self.everybody.levels)

    def of_level(self, level: Level) -> Group:
        """One level of every agency."""
        levels = np.array([each is level for each in ALL_LEVELS], dtype=bool)
        return Group(self.everybody.agencies, levels)

    def of_agency(self, place: int) -> Group:
        """One agency, all levels."""
        return Group(np.arange(len(self.agencies)) == place, self.everybody.levels)

    def answered(self, group: Group) -> int:
        """People of a group who responded."""
        return int(self.respondents[np.ix_(group.agencies, group.levels)].sum())

    @cached_property
    def answered_by_agency(self) -> np.ndarray:
        """People who responded, per agency."""
        return np.asarray(self.respondents.sum(axis=1))

    # Numbers asked

    def invited_of(self, place: int) -> int | None:
        """How many people of one agency were invited, or None where that is not known."""
        number = int(self._invited_together[place])
        return number if number >= 0 else None

    def asked(self, group: Group, *, levels: Sequence[Level] = ALL_LEVELS) -> Asked | None:
        """How many people of a group were asked, or None where that is not known.

        Not known too where an agency has more respondents than it had invited: then the number
        invited is not the number who could answer.
        """
        wanted = group.levels & np.array([level in levels for level in ALL_LEVELS], dtype=bool)
        if wanted.all():
            invited = self._invited_together[group.agencies]
        else:
            numbers = self._invited_by_level[np.ix_(group.agencies, wanted)]
            invited = np.where((numbers >= 0).all(axis=1), numbers.sum(axis=1), -1)
        answered = self.respondents[np.ix_(group.agencies, wanted)].sum(axis=1)
        if (invited < answered).any():
            return None
        answering = self.answered_by_agency[group.agencies] > 0
        return Asked(
            invited=int(invited.sum()),
            in_answering=int(invited[answering].sum()),
            answered=int(answered.sum()),
        )

    def has_more_answers_than_invited(self) -> bool:
        """True when some agency has more respondents than it had people invited."""
        known = self._invited_together >= 0
        return bool((self.answered_by_agency[known] > self._invited_together[known]).any())

    # Answers

    def cells_of(self, question: Question) -> pd.DataFrame | None:
        """The rows of `Tally.cells` for one question; None where there is none."""
        at = self._cells_at.get(question.code)
        return None if at is None else self._cells.iloc[at]

    def values_of(self, question: Question) -> pd.DataFrame | None:
        """The rows of `Tally.values` for one question; None where there is none."""
        at = self._values_at.get(question.code)
        return None if at is None else self._values.iloc[at]

    def scale(self, question: ScaleQuestion) -> ScaleCounts:
        """The counts of one question on a scale."""
        if question.code not in self._scales:
            self._scales[question.code] = self._scale(question)
        return self._scales[question.code]

    def _scale(self, question: ScaleQuestion) -> ScaleCounts:
        options = self.bank.scale_of(question).options
        columns = [*(option.code for option in options), SKIPPED, NOT_SHOWN]
        placed = np.zeros((len(self.agencies), len(ALL_LEVELS), len(columns)), dtype=np.int64)
        at = self._cells_at.get(question.code)
        if at is not None:
            place_of = {column: place for place, column in enumerate(columns)}
            places = np.array([place_of.get(option, -1) for option in self._options])
            agencies, levels = self._cell_places
            option = places[self._option_at[at]]
            np.add.at(placed, (agencies[at], levels[at], option), self._cell_counts[at])
        return ScaleCounts(placed, tuple(option.kind for option in options))

    def leans(self, signpost: str) -> dict[Lean, int]:
        """How many people lean which way on a signpost."""
        rows = self._leans[self._leans["signpost"] == signpost]
        return {lean: int(rows.loc[rows["lean"] == lean.value, "n"].sum()) for lean in Lean}

    def agencies_leaning(self, signpost: str) -> int:
        """How many agencies have people who lean one way or another on a signpost."""
        return int(self._leans.loc[self._leans["signpost"] == signpost, "agency"].nunique())


def _rows_by_question(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """The places of each question's rows in a table."""
    codes, questions = pd.factorize(rows["question"])
    order = np.argsort(codes, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(codes))[:-1]) if len(codes) else []
    return dict(zip(questions.tolist(), parts, strict=True))


def _places_in(places: Mapping[str, int], names: pd.Series) -> np.ndarray:
    """The place of each row's name."""
    codes, found = pd.factorize(names)
    return np.array([places[name] for name in found], dtype=np.int64)[codes]


class ScaleCounts:
    """The counts of one question on a scale: agency by level by option, then skipped, not shown."""

    def __init__(self, placed: np.ndarray, kinds: tuple[OptionKind, ...]) -> None:
        self._placed = placed
        self.kinds = kinds
        self._at = {
            kind: np.array([each is kind for each in kinds], dtype=bool) for kind in OptionKind
        }
        on_scale = np.array([kind in ON_SCALE for kind in kinds], dtype=bool)
        self._on_scale = on_scale
        self._options = placed[:, :, : len(kinds)]

    def counts(self, group: Group) -> Counts:
        """The counts of a group of people."""
        held = self._placed[np.ix_(group.agencies, group.levels)]
        by_agency = held.sum(axis=1)
        totals = by_agency.sum(axis=0)
        options = totals[: len(self.kinds)]
        of_agencies = by_agency[:, : len(self.kinds)]
        base = of_agencies[:, self._on_scale].sum(axis=1)
        unknown = of_agencies[:, self._at[OptionKind.DONT_KNOW]].sum(axis=1)
        return Counts(
            options=tuple(options.tolist()),
            on_scale=tuple(options[self._on_scale].tolist()),
            **{kind.value: int(options[self._at[kind]].sum()) for kind in OptionKind},
            skipped=int(totals[-2]),
            not_shown=int(totals[-1]),
            agencies=int((base > 0).sum()),
            agencies_applicable=int((base + unknown > 0).sum()),
        )

    def favourable_and_base(self, levels: Mask | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Per agency: favourable answers, and answers on the scale, of some levels or of all."""
        held = self._options if levels is None else self._options[:, levels, :]
        by_agency = held.sum(axis=1)
        favourable = by_agency[:, self._at[OptionKind.FAVOURABLE]].sum(axis=1)
        return favourable, by_agency[:, self._on_scale].sum(axis=1)

    def options_of(self, kind: OptionKind) -> np.ndarray:
        """Per agency and level: answers of each option of one kind, in the scale's order."""
        return np.asarray(self._options[:, :, self._at[kind]])
