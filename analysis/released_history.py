"""The answers behind a row of releases, and what a new one must do without on each question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from analysis.decisions import is_extreme
from analysis.gaps import GapKind
from analysis.questions import Withheld
from analysis.released_facts import KINDS, numbers_of, settings_of
from analysis.released_questions import Place, Told, isolates
from analysis.result import GroupKind, GroupResult, Mark, QuestionResult, SignpostResult, Summary
from analysis.settings import AnalysisSettings
from analysis.tally import NOT_SHOWN, Lean, Tally
from analysis.tally_tables import counts_of
from question_banks.bank import Bank, ScaleQuestion, Sector

_LESS: Final[tuple[frozenset[Withheld], ...]] = (
    frozenset(),
    frozenset({Withheld.WEIGHTED}),
    frozenset({Withheld.WEIGHTED, Withheld.LEVELS}),
    frozenset({Withheld.WEIGHTED, Withheld.SECTOR_GROUPS}),
)
"""What an update may do without, the least first. Everybody, council and partners are not given up
for it: where they cannot be shown beside what was shown, the question is held."""

Cells = Counter[tuple[str, str, str]]
"""People by agency, level and option, of one question."""


class _Answers:
    """One tally, by question and by signpost."""

    def __init__(self, tally: Tally) -> None:
        self.cells: defaultdict[str, Cells] = defaultdict(Counter)
        for (question, agency, level, option), n in counts_of(tally, "cells").items():
            if option != NOT_SHOWN:
                self.cells[question][agency, level, option] += n
        self.values: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        for (question, *key), n in counts_of(tally, "values").items():
            self.values[question][tuple(key)] += n
        self.leans: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (signpost, _, _, lean), n in counts_of(tally, "leans").items():
            self.leans[signpost][lean] += n


class History:
    """Everything released so far of a round, and the tally of which a new release is to be made.

    `earlier` are the tallies behind the releases and the results, the oldest first.
    """

    def __init__(
        self, after: Tally, earlier: Sequence[tuple[Tally, Summary]], *, bank: Bank
    ) -> None:
        self._bank = bank
        self._after = _Answers(after)
        self._earlier = [(_Answers(tally), summary) for tally, summary in earlier]
        self._results = [summary.questions() for _, summary in earlier]
        self._settings = [settings_of(summary) for _, summary in earlier]
        sectors = zip(after.agencies["agency"], after.agencies["sector"], strict=True)
        self._sectors = {str(agency): Sector(sector) for agency, sector in sectors}

    @cached_property
    def changed(self) -> frozenset[str]:
        """Questions to which the new tally has other answers than the last release."""
        last, new = self._earlier[-1][0], self._after
        codes = {*last.cells, *new.cells}
        return frozenset(
            code
            for code in codes
            if last.cells[code] != new.cells[code] or last.values[code] != new.values[code]
        )

    def least_withheld(
        self, result: QuestionResult, *, settings: AnalysisSettings
    ) -> frozenset[Withheld] | None:
        """What a question must do without to be updated, or None where it must be held.

        `result` is the question as it would be shown if nothing had been released before.
        """
        code = result.code
        tried = set[str]()
        if not self._has_everybody(code):
            return None
        if code not in self.changed and numbers_of(result) == numbers_of(self._results[-1][code]):
            return frozenset()
        for less in _LESS:
            shown = _lessened(result, less)
            if repr(numbers_of(shown)) in tried:
                continue
            tried.add(repr(numbers_of(shown)))
            if not self._isolates(shown, settings):
                return less
        return None

    def _has_everybody(self, code: str) -> bool:
        """True when nobody's answer to the question is gone since an earlier release."""
        new = self._after.cells[code]
        return all(
            n <= new[key] for answers, _ in self._earlier for key, n in answers.cells[code].items()
        )

    def _isolates(self, result: QuestionResult, settings: AnalysisSettings) -> bool:
        question = self._bank.by_code[result.code]
        if not isinstance(question, ScaleQuestion):
            return any(self._counted_isolates(result, at) for at in range(len(self._earlier)))
        keys = sorted({(agency, level) for agency, level, _ in self._after.cells[question.code]})
        places = [Place(agency, self._sectors[agency], level) for agency, level in keys]
        told = [
            self._told(question, answers.cells[question.code], keys, results[question.code], held)
            for (answers, _), results, held in zip(
                self._earlier, self._results, self._settings, strict=True
            )
            # A held question says again what the release before it said.
            if not results[question.code].held
        ]
        told.append(self._told(question, self._after.cells[question.code], keys, result, settings))
        return isolates(told, places)

    def _told(
        self,
        question: ScaleQuestion,
        cells: Cells,
        keys: Sequence[tuple[str, str]],
        result: QuestionResult,
        settings: AnalysisSettings,
    ) -> Told:
        kinds = {option.code: option.kind for option in self._bank.scale_of(question).options}
        at = {key: place for place, key in enumerate(keys)}
        said = np.zeros((len(KINDS), len(keys)))
        shown = np.zeros(len(keys))
        for (agency, level, option), n in cells.items():
            shown[at[agency, level]] += n
            if kinds.get(option) in KINDS:
                said[KINDS.index(kinds[option]), at[agency, level]] += n
        return Told(result=result, settings=settings, said=said, shown=shown)

    def _counted_isolates(self, result: QuestionResult, release: int) -> bool:
        """True when counts of choices, less those of an earlier release, are of a few people.

        True too where all the new people but one, or none of them but one, chose alike.
        """
        before = self._results[release][result.code].counts
        assert before is not None
        assert result.counts is not None
        if result.counts.answered is None or before.answered is None:
            return False
        k = max(each.k for each in self._settings)
        answered = result.counts.answered - before.answered
        shown = answered + (result.counts.skipped or 0) - (before.skipped or 0)
        if 0 < answered < k or 0 < shown < k:
            return True
        earlier = {option.option: option.count for option in before.options}
        more = [
            option.count - first
            for option in result.counts.options
            if option.count is not None and (first := earlier.get(option.option)) is not None
        ]
        return answered > 0 and any(n >= answered - 1 for n in more)

    def kept_signposts(self, alone: Summary, held: Collection[str]) -> set[str]:
        """Signposts of which the sums over several questions may not be new.

        Those with a held question, and those where the people who lean one way or another are a
        few more than in an earlier release.
        """
        return {
            signpost.code
            for signpost in alone.signposts
            if any(q.code in held for topic in signpost.topics for q in topic.questions)
            or any(self._leans_isolate(signpost, at) for at in range(len(self._earlier)))
        }

    def _leans_isolate(self, signpost: SignpostResult, release: int) -> bool:
        answers, summary = self._earlier[release]
        before = next(each for each in summary.signposts if each.code == signpost.code)
        if before.mostly_favourable is None or signpost.mostly_favourable is None:
            return False
        first, second = answers.leans[signpost.code], self._after.leans[signpost.code]
        new = second.total() - first.total()
        if new == 0:
            return first != second
        return new < self._settings[release].k or any(
            is_extreme(second[lean] - first[lean], new)
            for lean in (Lean.FAVOURABLE, Lean.UNFAVOURABLE)
        )


def _lessened(result: QuestionResult, less: frozenset[Withheld]) -> QuestionResult:
    """The question as it would be shown without some tables."""
    kinds = {
        kind
        for table, kind in (
            (Withheld.LEVELS, GroupKind.LEVEL),
            (Withheld.SECTOR_GROUPS, GroupKind.SECTOR_GROUP),
        )
        if table in less
    }
    weighted = Withheld.WEIGHTED not in less
    return result.model_copy(
        update={
            "groups": tuple(
                GroupResult(group=g.group, title=g.title, kind=g.kind, mark=Mark.CONFIDENTIAL)
                if g.kind in kinds
                else g
                for g in result.groups
            ),
            "voices": result.voices if weighted else None,
            "gaps": tuple(gap for gap in result.gaps if weighted or gap.kind != GapKind.LEVELS),
        }
    )
