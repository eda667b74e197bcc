"""What the pages of a comparison show. Made from the stored, gated comparison and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.charts import Chart
from analysis.charts_rounds import slopes_chart
from analysis.compared import (
    CHANGE_WORDS,
    OUTCOME_WORDS,
    VERDICT_WORDS,
    Change,
    ChangeCounts,
    Comparison,
    Difference,
    FindingCompared,
    Outcome,
    Point,
    QuestionCompared,
    RoundCompared,
    RoundKind,
    ScoreStep,
    SignpostCompared,
    Step,
)
from analysis.result import Interval, Mark
from analysis.rounding import counted, percent_of, signed
from analysis.tables import MARK_WORDS
from question_banks.lineage import Verdict
from survey.data.comparing import ComparisonRow
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time

CHANGE_TAGS: dict[Change, str] = {
    Change.IMPROVED: "govuk-tag--green",
    Change.DECLINED: "govuk-tag--orange",
    Change.NO_CLEAR_CHANGE: "govuk-tag--blue",
    Change.TOO_FEW: "govuk-tag--grey",
    Change.NOT_COMPARABLE: "govuk-tag--purple",
}
OUTCOME_TAGS: dict[Outcome, str] = {
    Outcome.RECURS: "govuk-tag--orange",
    Outcome.RESOLVED: "govuk-tag--green",
    Outcome.PARTLY: "govuk-tag--yellow",
    Outcome.NOT_EXAMINED: "govuk-tag--grey",
    Outcome.HELD: "govuk-tag--blue",
    Outcome.LOST: "govuk-tag--orange",
}
ASKED_ONCE = frozenset({Verdict.NEW, Verdict.DROPPED})
ONLY_MIX_TAG = "govuk-tag--yellow"
ONLY_MIX = "Only who answered"
NOT_PUBLISHED = "number of people not published"
POINT_MARKS: dict[Mark, str] = {
    **MARK_WORDS,
    Mark.NOT_APPLICABLE: "Not asked",
    Mark.NOT_AVAILABLE: "Not published",
}


@dataclass(frozen=True)
class ChangeView:
    """A change as a tag in words, its size, and between which sizes it lies."""

    words: str
    tag: str
    size: str
    between: str


@dataclass(frozen=True)
class CountView:
    """How many questions changed in one way."""

    words: str
    tag: str
    count: str


@dataclass(frozen=True)
class RoundView:
    """One round of the comparison. `source` is set for totals published elsewhere."""

    title: str
    when: str
    bank: str
    answered: str
    source: str
    base_note: str


@dataclass(frozen=True)
class StepLine:
    """One question's change in a cell of the table; none where only one of two rounds asked it."""

    change: ChangeView
    wording: str
    asked_once: bool
    is_only_mix: bool
    is_noted: bool


@dataclass(frozen=True)
class QuestionLine:
    """One question in the table of its signpost."""

    code: str
    text: str
    points: tuple[str, ...]
    steps: tuple[StepLine | None, ...]


@dataclass(frozen=True)
class ScoreView:
    """A signpost's score from one round to the next."""

    heading: str
    change: ChangeView
    sentence: str


@dataclass(frozen=True)
class SignpostView:
    """A signpost with its scores and questions."""

    code: str
    title: str
    scores: tuple[ScoreView, ...]
    caveats: tuple[str, ...]
    questions: tuple[QuestionLine, ...]
    chart: Chart | None


@dataclass(frozen=True)
class FindingView:
    """What became of an earlier finding."""

    title: str
    words: str
    tag: str
    sentence: str


@dataclass(frozen=True)
class StepHeading:
    """The words for one pair of rounds that follow each other."""

    words: str
    sentence: str
    counts: tuple[CountView, ...]


@dataclass(frozen=True)
class ComparisonPage:
    """The page of a comparison."""

    head: RoundHead
    id: str
    title: str
    sentence: str
    steps: tuple[StepHeading, ...]
    rounds: tuple[RoundView, ...]
    is_stale: bool
    caveats: tuple[str, ...]
    hidden: str
    findings: tuple[FindingView, ...]
    signposts: tuple[SignpostView, ...]
    dropped: tuple[QuestionLine, ...]
    made: str

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the rounds, oldest first."""
        return tuple(round_.title for round_ in self.rounds)


def comparison_page(head: RoundHead, row: ComparisonRow) -> ComparisonPage:
    """The page of a stored comparison."""
    found = row.comparison
    return ComparisonPage(
        head=head,
        id=row.id,
        title=found.title,
        sentence=found.sentence,
        steps=tuple(_heading(found, counts) for counts in reversed(found.counts)),
        rounds=tuple(round_view(round_) for round_ in found.rounds),
        is_stale=not all(place.is_newest for place in row.places),
        caveats=found.caveats,
        hidden=hidden_text(found.hidden_cells),
        findings=tuple(_finding(found, finding) for finding in found.findings),
        signposts=tuple(_signpost(found, signpost) for signpost in found.signposts),
        dropped=tuple(question_line(found, question) for question in found.dropped),
        made=f"Worked out at {date_time(row.made_at)}",
    )


def hidden_text(cells: int) -> str:
    """How many figures are withheld, or nothing where none is."""
    if cells == 0:
        return ""
    are = "is" if cells == 1 else "are"
    return (
        f"{counted(cells, 'figure')} {are} not shown, because too few people stand behind "
        f"{'it' if cells == 1 else 'them'} or because other figures would give "
        f"{'it' if cells == 1 else 'them'} away."
    )


def step_words(found: Comparison, before: int, after: int) -> str:
    """Two rounds in words, such as `From Baseline to Follow-up`."""
    return f"From {found.rounds[before].title} to {found.rounds[after].title}"


def _heading(found: Comparison, counts: ChangeCounts) -> StepHeading:
    once = sum(
        step.verdict in ASKED_ONCE
        for question in everything(found)
        for step in question.steps
        if (step.before, step.after) == (counts.before, counts.after)
    )
    numbers = [
        (
            CHANGE_WORDS[change],
            CHANGE_TAGS[change],
            getattr(counts, change.value) - (once if change is Change.NOT_COMPARABLE else 0),
        )
        for change in Change
    ]
    numbers.append(("Asked in one of the two rounds only", "govuk-tag--grey", once))
    shown = [
        CountView(words, tag, counted(number, "question"))
        for words, tag, number in numbers
        if number
    ]
    if counts.only_mix:
        shown.append(CountView(ONLY_MIX, ONLY_MIX_TAG, counted(counts.only_mix, "question")))
    return StepHeading(
        words=step_words(found, counts.before, counts.after),
        sentence=counts.sentence,
        counts=tuple(shown),
    )


def round_view(round_: RoundCompared) -> RoundView:
    """One round in words."""
    answered = ""
    if round_.people is not None:
        answered = counted(round_.people, "person", "people")
        if round_.agencies is not None:
            answered += f" in {counted(round_.agencies, 'agency', 'agencies')}"
    if round_.kind is RoundKind.PUBLISHED:
        answered = answered or "Published totals only"
    return RoundView(
        title=round_.title,
        when=round_.when,
        bank=f"{round_.bank.title} (version {round_.bank.version})" if round_.bank else "",
        answered=answered,
        source=round_.source if round_.kind is RoundKind.PUBLISHED else "",
        base_note=""
        if round_.bases_published
        else "For some questions only a percentage was published, without the number of people. "
        "Those are shown and nothing is concluded from them.",
    )


def _finding(found: Comparison, finding: FindingCompared) -> FindingView:
    return FindingView(
        title=finding.title,
        words=OUTCOME_WORDS[finding.outcome],
        tag=OUTCOME_TAGS[finding.outcome],
        sentence=finding.sentence,
    )


def _signpost(found: Comparison, signpost: SignpostCompared) -> SignpostView:
    return SignpostView(
        code=signpost.code,
        title=signpost.title,
        scores=tuple(_score(found, step) for step in reversed(signpost.steps)),
        caveats=signpost.caveats,
        questions=tuple(question_line(found, question) for question in signpost.questions),
        chart=slopes_chart(found, signpost),
    )


def _score(found: Comparison, step: ScoreStep) -> ScoreView:
    return ScoreView(
        heading=step_words(found, step.before, step.after),
        change=change_view(step.change, step.difference, step.interval),
        sentence=step.sentence,
    )


def question_line(found: Comparison, question: QuestionCompared) -> QuestionLine:
    """One question in a table with a column for each round and each step."""
    by_end = {(step.before, step.after): step for step in question.steps}
    return QuestionLine(
        code=question.code,
        text=question.short or question.text,
        points=tuple(point_text(point) for point in question.points),
        steps=tuple(
            _step_line(by_end[ends]) if ends in by_end else None
            for ends in ((place, place + 1) for place in range(len(found.rounds) - 1))
        ),
    )


def _step_line(step: Step) -> StepLine:
    return StepLine(
        change=difference_view(step.all, change=step.change),
        wording="" if step.verdict is Verdict.SAME else wording_words(step),
        asked_once=step.verdict in ASKED_ONCE,
        is_only_mix=step.split is not None and step.split.only_mix,
        is_noted=bool(step.circumstances),
    )


def wording_words(step: Step) -> str:
    """What became of the wording, with what a person decided about it."""
    words = VERDICT_WORDS[step.verdict]
    if step.decided is None:
        return words
    said = "may be compared" if step.decided.comparable else "not to be compared"
    return f"{words}, {said}"


def difference_view(difference: Difference, *, change: Change | None = None) -> ChangeView:
    """The change on one basis, under the word of the whole step where that is another."""
    return change_view(
        difference.change if change is None else change, difference.difference, difference.interval
    )


def change_view(change: Change, difference: float | None, interval: Interval | None) -> ChangeView:
    """A change in words and whole points; the size is left out where nothing may be said."""
    size = between = ""
    if difference is not None:
        size = signed_points(percent_of(difference))
        if interval is not None:
            low, high = percent_of(interval.low), percent_of(interval.high)
            between = f"likely between {signed(low)} and {signed(high)}"
    return ChangeView(CHANGE_WORDS[change], CHANGE_TAGS[change], size, between)


def signed_points(points: int) -> str:
    """A change in whole points with its sign.

    >>> signed_points(1), signed_points(-14), signed_points(0)
    ('+1 point', '−14 points', '0 points')
    """
    return f"{signed(points)} {'point' if abs(points) == 1 else 'points'}"


def point_text(point: Point) -> str:
    """One question in one round: a share with the people behind it, words, or why there is none."""
    if point.words is not None:
        return point.words
    if point.share is None:
        return POINT_MARKS[point.mark] if point.mark is not None else ""
    share = percent_of(point.share)
    if point.base is None:
        return f"{share}%, {NOT_PUBLISHED}"
    return f"{share}% of {counted(point.base, 'person', 'people')}"


def everything(found: Comparison) -> list[QuestionCompared]:
    """Every question of a comparison: those asked now, then those dropped."""
    asked = [question for signpost in found.signposts for question in signpost.questions]
    return [*asked, *found.dropped]
