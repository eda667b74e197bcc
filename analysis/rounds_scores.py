"""A signpost's score in two rounds, on the questions that can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.compared import Change, ScorePoint, ScoreStep
from analysis.disclosure import whole_points
from analysis.result import Interval, Mark
from analysis.rounds_change import Judged, Moved
from analysis.rounds_gate import HeldRound, Seen
from analysis.rounds_sentences import NO_SCORE, SCORE_HIDDEN, SCORE_PUBLISHED, score_sentence
from analysis.themes import FEWEST_QUESTIONS, Answers, Both, Score, score_change, score_of


@dataclass(frozen=True)
class Scored:
    """A signpost's scores of two rounds on the same questions.

    Every question of them is shown in figures in both rounds, so that a score is the mean of
    figures that stand beside it; its interval leaves in whole points.
    """

    questions: tuple[str, ...]
    earlier: Score
    later: Score
    people: tuple[int, int]

    @property
    def tested(self) -> Moved:
        """The change with its limits and p-value."""
        return Moved(*score_change(self.earlier, self.later))


def scored(
    codes: Sequence[tuple[str, str]], *, before: HeldRound, after: HeldRound
) -> Scored | None:
    """The scores on questions given by their codes before and after; None under two of them.

    A question that is not shown in figures both times is left out.
    """
    seen = {pair: (before.seen(pair[0]), after.seen(pair[1])) for pair in codes}
    held = {
        pair: (then, now)
        for pair, (then, now) in seen.items()
        if then is not None and now is not None and then.is_exact and now.is_exact
    }
    earlier = _score(before, {pair[0]: then for pair, (then, _) in held.items()})
    later = _score(after, {pair[1]: now for pair, (_, now) in held.items()})
    if earlier is None or later is None:
        return None
    return Scored(
        tuple(pair[1] for pair in held),
        earlier,
        later,
        (
            max(then.base for then, _ in held.values()),
            max(now.base for _, now in held.values()),
        ),
    )


def _score(round_: HeldRound, seen: Mapping[str, Seen]) -> Score | None:
    populations = [each.population for each in seen.values()]
    known = [population for population in populations if population is not None]
    return score_of(
        {code: Answers(each.least, each.base) for code, each in seen.items()},
        _pairs(round_, set(seen)),
        questions=list(seen),
        confidence=round_.settings.fraction("clear"),
        population=min(known) if known and len(known) == len(populations) else None,
    )


def _pairs(round_: HeldRound, codes: set[str]) -> dict[tuple[str, str], Both]:
    return {pair: both for pair, both in round_.pairs.items() if codes.issuperset(pair)}


def score_step(
    found: Scored | None,
    judged: Judged | None,
    *,
    before: int,
    questions: Sequence[str],
    published: bool = False,
) -> ScoreStep:
    """The step as it may be shown.

    `questions` are the codes that can be compared; `published` where either round is known by
    published totals only, which hold no co-counts.
    """
    if found is None or judged is None:
        mark, change, sentence = Mark.CONFIDENTIAL, Change.TOO_FEW, SCORE_HIDDEN
        if len(questions) < FEWEST_QUESTIONS:
            mark, change, sentence = Mark.NOT_APPLICABLE, Change.NOT_COMPARABLE, NO_SCORE
        elif published:
            mark, change, sentence = Mark.NOT_AVAILABLE, Change.NOT_COMPARABLE, SCORE_PUBLISHED
        empty = ScorePoint(mark=mark)
        return ScoreStep(
            before=before,
            after=before + 1,
            questions=tuple(questions),
            earlier=empty,
            later=empty,
            change=change,
            sentence=sentence,
        )
    earlier = _shown(found.earlier, people=found.people[0])
    later = _shown(found.later, people=found.people[1])
    tested = judged.tested
    return ScoreStep(
        before=before,
        after=before + 1,
        questions=found.questions,
        earlier=earlier,
        later=later,
        difference=whole_points(tested.difference or 0.0),
        interval=Interval(low=whole_points(tested.low), high=whole_points(tested.high)),
        change=judged.change,
        sentence=score_sentence(
            judged,
            earlier=found.earlier.score,
            later=found.later.score,
            questions=len(found.questions),
        ),
    )


def _shown(score: Score, *, people: int) -> ScorePoint:
    return ScorePoint(
        score=whole_points(score.score),
        people=people,
        interval=Interval(low=whole_points(score.limits.low), high=whole_points(score.limits.high)),
    )
