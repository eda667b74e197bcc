"""Presentation rows: a gated result as the words and whole numbers a reader sees.

Nothing here loads pandas: pages, charts and files are made of the same rows. Rounding is in
`analysis.rounding`, coverage in `analysis.coverage_rows`; both can be had from here too.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.coverage_rows import STATE_WORDS as STATE_WORDS
from analysis.coverage_rows import CoverageRow as CoverageRow
from analysis.coverage_rows import agency_rows as agency_rows
from analysis.coverage_rows import coverage_text as coverage_text
from analysis.coverage_rows import invited_text as invited_text
from analysis.coverage_rows import rate_text as rate_text
from analysis.coverage_rows import sector_rows as sector_rows
from analysis.result import (
    VERDICT_WORDS,
    ChoiceCounts,
    Figures,
    Firmness,
    Gap,
    GroupKind,
    GroupResult,
    Mark,
    QuestionResult,
    Reading,
    SignpostResult,
    Verdict,
    VoiceFigures,
)
from analysis.rounding import counted as counted
from analysis.rounding import decimal_text as decimal_text
from analysis.rounding import interval_text as interval_text
from analysis.rounding import percent as percent
from analysis.rounding import percent_of as percent_of
from analysis.rounding import points_text as points_text
from analysis.rounding import share_text as share_text
from analysis.rounding import signed as signed
from question_banks.bank import OptionKind

MARK_WORDS: dict[Mark, str] = {
    Mark.CONFIDENTIAL: "Not shown, to protect people in a small group",
    Mark.NOT_APPLICABLE: "Does not apply",
    Mark.NOT_AVAILABLE: "Not available",
    Mark.LOW_RELIABILITY: "Too few answers to rely on",
}

KIND_WORDS: dict[OptionKind, str] = {
    OptionKind.FAVOURABLE: "Favourable",
    OptionKind.NEUTRAL: "Neither",
    OptionKind.UNFAVOURABLE: "Unfavourable",
    OptionKind.DONT_KNOW: "Don’t know",
    OptionKind.NOT_APPLICABLE: "Does not apply",
}

FIRMNESS_WORDS: dict[Firmness, str] = {
    Firmness.CLEAR: "clear",
    Firmness.INDICATIVE: "indicative",
}

ROUNDING_NOTE = (
    "Percentages are rounded to whole numbers, halves up, so parts may not add up to 100% and "
    "differences may be one point out."
)
BASE_NOTE = (
    "A percentage is of the people who chose an answer on the scale. People who said they did not "
    "know are counted apart, and people to whom a question does not apply are left out."
)
INTERVAL_NOTE = (
    "The range is a 95% interval: with this many answers, it would be no surprise to find the "
    "true share anywhere within it."
)
BOUNDS_NOTE = (
    "The outer limits are what the share could be if everybody who did not answer had answered "
    "unfavourably, or favourably."
)
SCORE_NOTE = (
    "A score is the average of the favourable shares of the questions that may be shown, with its "
    "95% range, in whole percentage points."
)
RETURNS_NOTE = (
    "An agency’s own agreed rating stands beside its practitioners’ answers, or beside those of "
    "its sector where its own are too few. A minus sign means that the agency rates itself better "
    "than they do."
)
CHANGE_NOTE = (
    "A change is the later share less the earlier, in percentage points, with its 95% range. "
    "“No clear change” is a finding; “too few to say” is not."
)
SPLIT_NOTE = (
    "What a change is made of, in points that add up: people in agencies that answered both times "
    "answered differently; the same agencies make up more or fewer of the answers; and agencies "
    "that answered only once."
)
BENCHMARK_NOTE = (
    "Other councils agreed to share and are not named. The middle council, and the lines below "
    "and above which a quarter of councils lie, are in whole percentage points. This is no league "
    "table."
)
FUNNEL_NOTE = (
    "Councils with few answers spread more by chance. Of councils that are alike about 95 in 100 "
    "would fall within the inner limits and nearly all within the outer ones. Other councils’ "
    "answers are given to the nearest five, their shares in whole points."
)
HELD_NOTE = "These are the figures of an earlier snapshot: too few people have answered since."


def people_text(figures: Figures) -> str:
    """How many people were favourable, of how many, in how many agencies."""
    people = "person" if figures.base == 1 else "people"
    agencies = counted(figures.agencies, "agency", "agencies")
    return f"{figures.favourable:,} of {figures.base:,} {people} in {agencies}"


def mark_code(mark: Mark) -> str:
    """The mark as a file carries it.

    >>> mark_code(Mark.CONFIDENTIAL)
    '[c]'
    """
    return f"[{mark.value}]"


def marks_note() -> str:
    """What the marks in a file mean, in a sentence.

    >>> marks_note().split(";")[0]
    'In place of a figure: [c] not shown, to protect people in a small group'
    """
    meanings = "; ".join(
        f"{mark_code(mark)} {words[0].lower()}{words[1:]}" for mark, words in MARK_WORDS.items()
    )
    return f"In place of a figure: {meanings}."


def reading_words(reading: Reading) -> str:
    """The verdict as a reader sees it, with how firm it is or which way it leans."""
    words = VERDICT_WORDS[reading.verdict]
    if reading.firmness is not None:
        return f"{words} ({FIRMNESS_WORDS[reading.firmness]})"
    if reading.verdict is Verdict.MIXED and reading.lean:
        return f"{words} (leans {reading.lean})"
    return words


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One group of people on one question. Without figures only `share` has words, and a note.

    `share` is what stands in the place of the percentage: the percentage, or the words the gate
    allows, or the mark in words. `file_share` is the same for a file: the mark as `[c]`.
    """

    title: str
    kind: GroupKind
    shown: bool
    favourable: str = ""
    answered: str = ""
    agencies: str = ""
    share: str
    file_share: str
    interval: str = ""
    bounds: str = ""
    dont_know: str = ""
    agreement: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, kw_only=True)
class OptionRow:
    """How many people chose one option, and what share of the base where it is on the scale."""

    label: str
    kind: str
    count: str
    share: str


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """One scale question: everybody's figures, and what the answers say."""

    code: str
    text: str
    short: str
    figure: FigureRow
    verdict: Verdict | None
    reading: str
    sentence: str
    reasons: tuple[str, ...]
    modifiers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ChoiceRow:
    """How often one choice was made, or its median place in a ranking."""

    label: str
    count: str
    share: str
    median_place: str


@dataclass(frozen=True, kw_only=True)
class GapRow:
    """A difference between two groups: its size, its range in points, and the sentence."""

    first: str
    second: str
    difference: str
    interval: str
    clear: str
    words: str


def figure_row(group: GroupResult) -> FigureRow:
    """One group as a row: figures where there are any, else the words, else the mark."""
    figures = group.figures
    if figures is None:
        mark = group.mark if group.mark is not None or group.words else Mark.NOT_AVAILABLE
        words = group.words or (MARK_WORDS[mark] if mark is not None else "")
        return FigureRow(
            title=group.title,
            kind=group.kind,
            shown=False,
            share=words,
            file_share=group.words or (mark_code(mark) if mark is not None else ""),
            mark=mark,
        )
    share = share_text(figures.favourable, figures.base) if figures.base else "No answers"
    return FigureRow(
        title=group.title,
        kind=group.kind,
        shown=True,
        favourable=f"{figures.favourable:,} of {figures.base:,}",
        answered=f"{figures.base:,}",
        agencies=f"{figures.agencies:,}",
        share=share,
        file_share=share,
        interval=interval_text(figures.interval),
        bounds="" if figures.bounds is None else interval_text(figures.bounds),
        dont_know=dont_know_text(figures),
        agreement="" if figures.agreement is None else decimal_text(figures.agreement),
        mark=group.mark,
    )


def dont_know_text(figures: Figures) -> str:
    """How many people did not know, and what share that is of those the question applies to."""
    applicable = figures.base + figures.dont_know
    if not figures.dont_know:
        return "0"
    return f"{figures.dont_know:,} ({share_text(figures.dont_know, applicable)})"


def option_rows(figures: Figures) -> tuple[OptionRow, ...]:
    """Every option of the scale in its order, with count and share.

    The share of an option on the scale is of the base; don't know is a share of the people the
    question applies to; "does not apply" has none.
    """
    applicable = figures.base + figures.dont_know
    bases = {OptionKind.DONT_KNOW: applicable, OptionKind.NOT_APPLICABLE: 0}
    rows = []
    for option in figures.options:
        base = bases.get(option.kind, figures.base)
        rows.append(
            OptionRow(
                label=option.label,
                kind=KIND_WORDS[option.kind],
                count=f"{option.count:,}",
                share=share_text(option.count, base) if base else "",
            )
        )
    return tuple(rows)


def question_row(question: QuestionResult) -> QuestionRow | None:
    """A scale question as a row, or None for a question of another type."""
    if question.all is None:
        return None
    reading = question.reading
    return QuestionRow(
        code=question.code,
        text=question.text,
        short=question.short or question.text,
        figure=figure_row(question.all),
        verdict=reading.verdict if reading else None,
        reading=reading_words(reading) if reading else "",
        sentence=reading.sentence if reading else "",
        reasons=tuple(reason.words for reason in reading.reasons) if reading else (),
        modifiers=tuple(reason.words for reason in reading.modifiers) if reading else (),
    )


def group_rows(
    question: QuestionResult, *, kinds: tuple[GroupKind, ...] = tuple(GroupKind)
) -> tuple[FigureRow, ...]:
    """Everybody first, then the groups of the given kinds in their order."""
    groups = (() if question.all is None else (question.all,)) + question.groups
    return tuple(figure_row(group) for group in groups if group.kind in kinds)


def voices_text(voices: VoiceFigures) -> str:
    """The equal-per-voice check in a sentence.

    >>> from analysis.result import Interval
    >>> voices_text(VoiceFigures(voices=4, share=.5125, interval=Interval(low=.426, high=.599)))
    'With each of 4 voices counted equally the share is 51% (43% to 60%).'
    """
    return (
        f"With each of {voices.voices} voices counted equally the share is "
        f"{percent_of(voices.share)}% ({interval_text(voices.interval)})."
    )


def gap_rows(question: QuestionResult) -> tuple[GapRow, ...]:
    """The differences between groups of one question."""
    return tuple(gap_row(gap) for gap in question.gaps)


def gap_row(gap: Gap) -> GapRow:
    """One difference: a plus sign means that the first group was more favourable."""
    points = percent_of(gap.difference)
    return GapRow(
        first=gap.first,
        second=gap.second,
        difference=f"{signed(points)} {'point' if abs(points) == 1 else 'points'}",
        interval=(
            f"{signed(percent_of(gap.interval.low))} to "
            f"{signed(percent_of(gap.interval.high))} points"
        ),
        clear="Clear" if gap.clear else "Possible",
        words=gap.words,
    )


def points(difference: float | None) -> int | None:
    """A difference of shares in whole percentage points, or None where there is none.

    >>> points(0.284), points(-0.005), points(None)
    (28, -1, None)
    """
    return None if difference is None else percent_of(difference)


def choice_rows(counts: ChoiceCounts) -> tuple[ChoiceRow, ...]:
    """The choices of a question that is counted but never judged; empty where it is marked."""
    return tuple(
        ChoiceRow(
            label=option.label,
            count="" if option.count is None else f"{option.count:,}",
            share=(
                share_text(option.count, counts.answered)
                if option.count is not None and counts.answered
                else ""
            ),
            median_place="" if option.median_place is None else f"{option.median_place:g}",
        )
        for option in counts.options
    )


def choice_text(counts: ChoiceCounts) -> str:
    """How many answered a counted question, and its median where it has one; or its mark.

    >>> choice_text(ChoiceCounts(answered=12, skipped=3, median=4.5))
    '12 answered, 3 left it out. The middle answer is 4.5.'
    """
    if counts.mark is not None:
        return MARK_WORDS[counts.mark]
    parts = [] if counts.answered is None else [f"{counts.answered:,} answered"]
    if counts.skipped:
        parts.append(f"{counts.skipped:,} left it out")
    text = ", ".join(parts) + "." if parts else ""
    if counts.median is not None:
        median = f"{counts.median:g}" if isinstance(counts.median, float) else counts.median
        text = f"{text} The middle answer is {median}.".strip()
    return text


def leaning_text(signpost: SignpostResult) -> str:
    """How many people were mostly favourable and mostly not over a signpost, or nothing.

    These counts stand beside any quotation.
    """
    if signpost.mostly_favourable is None or signpost.mostly_unfavourable is None:
        return ""
    favourable = counted(signpost.mostly_favourable, "person was", "people were")
    return (
        f"{favourable} favourable on most of what they answered here, and "
        f"{signpost.mostly_unfavourable:,} unfavourable."
    )
