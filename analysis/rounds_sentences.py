"""What a comparison says to a reader, in sentences without statistics."""

from __future__ import annotations

from typing import Final

from analysis.compared import Basis, Change, ChangeCounts, Difference, Outcome, Point, Split
from analysis.listing import listed
from analysis.result import Mark
from analysis.result import Verdict as Reads
from analysis.rounding import counted, percent_of
from analysis.rounds_change import Judged
from analysis.rounds_split import Points
from question_banks.lineage import Verdict

_NOT_COMPARABLE: Final[dict[Verdict, str]] = {
    Verdict.SAME: "It was asked of other people, so the two stand side by side and no change is "
    "worked out.",
    Verdict.REWORDED: "The wording changed, so the two stand side by side and no change is worked "
    "out.",
    Verdict.SCALE_CHANGED: "The answers people could choose from changed, so the two cannot be "
    "compared.",
    Verdict.NEW: "This was not asked in the round before.",
    Verdict.DROPPED: "This is no longer asked.",
}


def not_comparable(verdict: Verdict, *, decided: bool) -> str:
    """Why no change is worked out. `decided` where a person said so."""
    if decided and verdict in (Verdict.SAME, Verdict.REWORDED):
        return (
            "It was decided that the two are not comparable, so they stand side by side and no "
            "change is worked out."
        )
    return _NOT_COMPARABLE[verdict]


def not_published(before: Point, after: Point) -> str:
    """Why a change from or to a published total is not worked out."""
    if Mark.NOT_AVAILABLE in (before.mark, after.mark):
        return "Nothing was published for this question, so there is nothing to compare."
    return (
        "How many people the published percentage stands for is not known, so the two stand side "
        "by side and the change cannot be tested."
    )


def hidden(before: Point, after: Point, *, titles: tuple[str, str]) -> str:
    """That too few answered in a round to say anything."""
    few = [title for point, title in zip((before, after), titles, strict=True) if _is_empty(point)]
    where = " and in ".join(f"“{title}”" for title in few)
    return f"Too few people answered in {where} to say whether anything has changed."


def _is_empty(point: Point) -> bool:
    return point.share is None and point.words is None


def changed(judged: Judged, before: Point, after: Point, *, titles: tuple[str, str]) -> str:
    """The change of everybody's share, with how sure it is."""
    start = f"{_said(after)} in “{titles[1]}” and {_said(before, bare=True)} in “{titles[0]}”"
    low, high = judged.tested.low, judged.tested.high
    match judged.change:
        case Change.IMPROVED | Change.DECLINED:
            up = judged.change is Change.IMPROVED
            if judged.tested.difference is None:
                return f"{start}: {'higher' if up else 'lower'} than chance would explain."
            points = counted(abs(percent_of(judged.tested.difference)), "point")
            ends = sorted(abs(percent_of(end)) for end in (low, high))
            return (
                f"{start}: {points} {'higher' if up else 'lower'}. The real change is probably "
                f"between {ends[0]} and {ends[1]} points."
            )
        case Change.NO_CLEAR_CHANGE:
            return f"{start}. {_chance(judged)}"
    return (
        f"{start}. So few people answered that a large change, either way, could be hidden in it."
    )


def _said(point: Point, *, bare: bool = False) -> str:
    """How many were positive, in a percentage or in words."""
    if point.words is not None:
        said = {"Nearly all": "nearly everybody", "Nearly none": "hardly anybody"}.get(
            point.words, point.words.lower()
        )
        tail = " was positive" if said.endswith("body") else " were positive"
    else:
        assert point.share is not None
        said, tail = f"{percent_of(point.share)}%", " were positive"
    return said if bare else f"{said[0].upper()}{said[1:]}{tail}"


def both_times(
    judged: Judged, before: Point, after: Point, *, everybody: bool, of_all: Change
) -> str:
    """The change in the agencies that answered both times; `of_all` is the word for everybody's."""
    if everybody:
        return "Every agency that answered did so both times, so this is the same change."
    assert before.share is not None
    assert after.share is not None
    start = (
        f"In the {counted(after.agencies or 0, 'agency', 'agencies')} that answered both times "
        f"{percent_of(after.share)}% were positive and {percent_of(before.share)}% before"
    )
    same = judged.change is of_all
    match judged.change:
        case Change.IMPROVED:
            return f"{start}: they improved too." if same else f"{start}: a clear improvement."
        case Change.DECLINED:
            return f"{start}: they declined too." if same else f"{start}: a clear decline."
        case Change.NO_CLEAR_CHANGE:
            return f"{start}. {_chance(judged)}"
    return f"{start}. So few people cannot show whether anything has changed."


BOTH_HIDDEN: Final = (
    "The agencies that answered both times cannot be shown apart without telling how a few people "
    "answered."
)
NONE_BOTH: Final = "No agency answered this question both times."


def split_sentence(points: Points, change: Change, *, only_mix: bool) -> str:
    """How much of the change is only other people answering."""
    size = counted(abs(points.total), "point")
    moved = points.total - points.rate
    if change not in (Change.IMPROVED, Change.DECLINED):
        if abs(points.rate - moved) >= 2 * abs(points.total) + 10:
            return (
                f"Two things pull against each other: how agencies answered ({_by(points.rate)}) "
                f"and who answered ({_by(moved)})."
            )
        return "There is no clear change to take apart."
    noun = "rise" if points.total > 0 else "fall"
    if only_mix and abs(points.rate) <= 1:
        return (
            f"The {noun} of {size} is only a different mix of who answered: the agencies that "
            "answered both times answered as they did before."
        )
    if only_mix:
        return (
            f"The {noun} of {size} is nearly all a different mix of who answered; the agencies’ "
            f"own answers account for {_by(points.rate)}."
        )
    if abs(moved) <= max(1, abs(points.total) // 10):
        return (
            f"The {noun} is hardly touched by who answered: the same agencies answered "
            f"{'more' if points.total > 0 else 'less'} positively."
        )
    return (
        f"Of the {noun} of {size}, the same agencies answering "
        f"{'more' if points.rate > 0 else 'less'} positively makes {_by(points.rate)}; a different "
        f"mix of who answered makes {_by(moved)}."
    )


def _by(points: int) -> str:
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return f"{sign}{counted(abs(points), 'point')}"


NO_SCORE: Final = "Fewer than two questions can be compared, so there is no score."
SCORE_HIDDEN: Final = (
    "Too few people answered the questions that can be compared for a score of both rounds."
)
SCORE_PUBLISHED: Final = "Published totals do not say enough for a score."


def score_sentence(judged: Judged, *, earlier: float, later: float, questions: int) -> str:
    """What became of a signpost's score."""
    start = (
        f"On average over the {questions} questions that can be compared, {percent_of(later)}% "
        f"were positive and {percent_of(earlier)}% before"
    )
    return {
        Change.IMPROVED: f"{start}: a clear improvement.",
        Change.DECLINED: f"{start}: a clear decline.",
        Change.NO_CLEAR_CHANGE: f"{start}. {_chance(judged)}",
    }.get(judged.change, f"{start}. So few people answered that a large change could be hidden.")


def _chance(judged: Judged) -> str:
    """That nothing is to be made of a difference, or that there is none."""
    difference = judged.tested.difference
    if difference is not None and percent_of(difference) == 0:
        return "That is much the same."
    return "A difference of this size can come about by chance."


def counts_sentence(counts: ChangeCounts) -> str:
    """How many questions changed which way."""
    compared = counts.improved + counts.declined + counts.no_clear_change + counts.too_few
    if not compared:
        return "No question can be compared between these two rounds."
    parts = []
    if counts.improved:
        parts.append(f"{counted(counts.improved, 'question')} improved")
    if counts.declined:
        parts.append(f"{counted(counts.declined, 'question')} declined")
    if counts.no_clear_change:
        parts.append(
            f"{counted(counts.no_clear_change, 'question')} shows no clear change"
            if counts.no_clear_change == 1
            else f"{counts.no_clear_change} questions show no clear change"
        )
    if counts.too_few:
        parts.append(f"on {counts.too_few} too few people answered to say")
    if counts.not_comparable:
        parts.append(f"{counts.not_comparable} cannot be compared")
    text = listed(parts)
    found = f"{text[0].upper()}{text[1:]}."
    if counts.only_mix:
        start = f"{counts.only_mix} of these changes are"
        if counts.only_mix == 1:
            alone = counts.improved + counts.declined == 1
            start = "The change is" if alone else "One of these changes is"
        found += f" {start} wholly or nearly all a different mix of who answered."
    return found


_THEN: Final[dict[Reads, str]] = {
    Reads.STRENGTH: "read as a strength",
    Reads.CONSIDERATION: "was something to explore",
    Reads.DONT_KNOW: "was something partners did not know about",
    Reads.BOTH: "pointed both ways",
}
_NOW: Final[dict[Outcome, str]] = {
    Outcome.RECURS: "and still does, on the questions that can be compared",
    Outcome.RESOLVED: "and now reads as a strength, on the questions that can be compared",
    Outcome.NOT_EXAMINED: "but cannot be judged from what was asked and answered this time",
    Outcome.HELD: "and still does",
    Outcome.LOST: "but is now something to explore",
}


def finding_sentence(title: str, *, then: Reads, now: Reads | None, outcome: Outcome) -> str:
    """What became of an earlier reading of a topic."""
    if outcome is Outcome.PARTLY:
        ends = "points both ways" if now is Reads.BOTH else "reads as mixed"
        said = f"{'but' if then is Reads.STRENGTH else 'and'} now {ends}"
    elif outcome is Outcome.RECURS and then is not Reads.BOTH:
        said = "and still is, on the questions that can be compared"
    else:
        said = _NOW[outcome]
    return f"“{title}” {_THEN[then]} in the round before, {said}."


def summed(difference: Difference, *, both: Difference | None, split: Split | None) -> str:
    """The step in one or two sentences."""
    more = ""
    if split is not None and difference.change in (Change.IMPROVED, Change.DECLINED):
        more = split.sentence
    elif both is not None and both.basis is Basis.BOTH and both.difference is not None:
        more = both.sentence
    return f"{difference.sentence} {more}".strip()
