"""Why a question reads as it does: the counts and the rule in plain words, where both may be told.

Made of a gated result and the settings stamped on it, and of nothing else: what is not shown in
figures is not explained in figures. The rule itself is in `analysis.judgement`; a test holds the
copy of its lines that is needed here to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import sqrt
from statistics import NormalDist
from typing import Final

from analysis import tables
from analysis.result import (
    VERDICT_WORDS,
    Figures,
    Firmness,
    GroupKind,
    GroupResult,
    QuestionResult,
    Reading,
    Verdict,
)
from analysis.settings import stamped_fraction

Settings = Mapping[str, object]
"""`Summary.settings`; what an older result does not name is as it is by default."""

_CLASSED: Final[dict[tuple[Verdict, Firmness | None], str]] = {
    (Verdict.STRENGTH, Firmness.CLEAR): "a clear strength",
    (Verdict.STRENGTH, Firmness.INDICATIVE): "a strength, but only an indicative one",
    (Verdict.CONSIDERATION, Firmness.CLEAR): "clearly an area to explore",
    (Verdict.CONSIDERATION, Firmness.INDICATIVE): "an area to explore, but only an indicative one",
    (Verdict.MIXED, None): "mixed",
}


def why_question(question: QuestionResult, *, settings: Settings) -> tuple[str, ...]:
    """Which rule decided, what was counted, how sure that is, and what would have changed it.

    Sentences in the order of the rule; none for a question that is not read.
    """
    reading = question.reading
    if reading is None:
        return ()
    said = [reason.words for reason in reading.reasons]
    figures = question.all.figures if question.all is not None else None
    if figures is None or not figures.base:
        return (*said, "The counts behind this are not shown, to protect people in a small group.")
    counted = _counted(figures)
    match reading.verdict:
        case Verdict.TOO_FEW:
            return (*said, counted)
        case Verdict.DONT_KNOW:
            return _not_known(figures, settings)
        case Verdict.BOTH:
            return (*said, counted, *_sides(question, settings))
    return (
        *said,
        counted,
        *_sure(figures, settings),
        *_voices(question, settings),
        *_changed(figures, reading, settings),
    )


def _counted(figures: Figures) -> str:
    share = tables.share_text(figures.favourable, figures.base)
    return f"{tables.people_text(figures)} were positive: {share}."


def _percent(settings: Settings, name: str) -> str:
    return f"{float(100 * stamped_fraction(settings, name)):g}%"


def _past(favourable: int, base: int, settings: Settings) -> Verdict:
    """Past which line a share is, however sure that is."""
    if favourable >= stamped_fraction(settings, "strength_line") * base:
        return Verdict.STRENGTH
    if favourable < stamped_fraction(settings, "consideration_line") * base:
        return Verdict.CONSIDERATION
    return Verdict.MIXED


def _sure(figures: Figures, settings: Settings) -> tuple[str, ...]:
    """The limits that decide, and whether they are where they must be."""
    majority, strength = _percent(settings, "majority_line"), _percent(settings, "strength_line")
    wide, narrow = (tables.interval_text(at) for at in (figures.interval, figures.interval_80))
    range_ = (
        f"Allowing for how few answered, the share could be {narrow} (a range that is right four "
        f"times in five) or {wide} (right nineteen times in twenty)."
    )
    match _past(figures.favourable, figures.base, settings):
        case Verdict.STRENGTH:
            needed = (
                f"For a strength the first must not reach below {majority}; for a clear one the "
                "second must not either."
            )
        case Verdict.CONSIDERATION:
            needed = (
                f"For an area to explore the first must not reach above {strength}; for a clear "
                f"one the second must not reach above {majority}."
            )
        case _:
            return ()
    return (range_, needed)


def _voices(question: QuestionResult, settings: Settings) -> tuple[str, ...]:
    if question.voices is None:
        return ()
    said = tables.voices_text(question.voices)
    figures = question.all.figures if question.all is not None else None
    if figures and _past(figures.favourable, figures.base, settings) is Verdict.STRENGTH:
        majority = _percent(settings, "majority_line")
        said += f" Were that under {majority}, it would not be called a strength."
    return (said,)


def _not_known(figures: Figures, settings: Settings) -> tuple[str, ...]:
    applicable = figures.base + figures.dont_know
    gate = stamped_fraction(settings, "dont_know_gate")
    fewer = figures.dont_know - _least(gate * applicable) + 1
    share = tables.share_text(figures.dont_know, applicable)
    known = f"{figures.dont_know:,} of the {applicable:,} people to whom it applied did not know"
    line = _percent(settings, "dont_know_gate")
    return (
        f"{known}: {share}.",
        f"From {line} that is a finding of its own, whatever the others said.",
        f"Had {_people(fewer, 'fewer')} not known, the answers of the others would have been read.",
    )


def _people(number: int, more: str) -> str:
    return f"{number:,} {more} {'person' if number == 1 else 'people'}"


def _least(exact: Fraction) -> int:
    """The smallest whole number that is not under the fraction."""
    return -(-exact.numerator // exact.denominator)


def _sides(question: QuestionResult, settings: Settings) -> tuple[str, ...]:
    """Where each group that can be shown stands."""
    said = []
    for group in question.groups:
        if group.kind in (GroupKind.SIDE, GroupKind.LEVEL):
            words = _side(group, settings)
            said += [words] if words else []
    return tuple(said)


def _side(group: GroupResult, settings: Settings) -> str:
    figures = group.figures
    if figures is None or not figures.base:
        return f"{group.title}: {group.words.lower()} were positive." if group.words else ""
    share = tables.share_text(figures.favourable, figures.base)
    where = {
        Verdict.STRENGTH: "on or over the line for a strength",
        Verdict.CONSIDERATION: "under the line for an area to explore",
        Verdict.MIXED: "between the lines",
    }[_past(figures.favourable, figures.base, settings)]
    return f"{group.title}: {figures.favourable:,} of {figures.base:,}, {share}, {where}."


# What would have changed it


def class_of(favourable: int, base: int, *, settings: Settings) -> tuple[Verdict, Firmness | None]:
    """The class of a share by the lines alone, where the population is not known.

    Wilson's limit is past a line exactly where the score test against the line is.

    >>> given = {"strength_line": "0.6", "consideration_line": "0.5", "majority_line": "0.5",
    ...          "clear": "0.95", "indicative": "0.8"}
    >>> class_of(33, 50, settings=given), class_of(30, 50, settings=given)[1].value
    ((<Verdict.STRENGTH: 'strength'>, <Firmness.CLEAR: 'clear'>), 'indicative')
    """
    majority = stamped_fraction(settings, "majority_line")
    strength = stamped_fraction(settings, "strength_line")
    verdict = _past(favourable, base, settings)
    steps = {
        Verdict.STRENGTH: ((majority, "clear"), (majority, "indicative")),
        Verdict.CONSIDERATION: ((majority, "clear"), (strength, "indicative")),
        Verdict.MIXED: (),
    }[verdict]
    sure = [_is_past(favourable, base, line, settings, name) for line, name in steps]
    if verdict is Verdict.CONSIDERATION and not sure[1]:
        return Verdict.MIXED, None
    for firmness, is_sure in zip((Firmness.CLEAR, Firmness.INDICATIVE), sure, strict=False):
        if is_sure:
            return verdict, firmness
    return Verdict.MIXED, None


def _is_past(favourable: int, base: int, line: Fraction, settings: Settings, name: str) -> bool:
    confidence = float(stamped_fraction(settings, name))
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    distance = abs(favourable / base - float(line))
    return distance >= z * sqrt(float(line * (1 - line)) / base)


def _changed(figures: Figures, reading: Reading, settings: Settings) -> tuple[str, ...]:
    """The nearest counts at which it would have read differently.

    Nothing where more than the lines decided, or where the population is known and with it a
    smaller doubt than is worked out here.
    """
    now = (reading.verdict, reading.firmness)
    favourable, base = figures.favourable, figures.base
    if figures.method != "wilson" or class_of(favourable, base, settings=settings) != now:
        return ()
    said = []
    for step, words in ((1, "more"), (-1, "fewer")):
        others = range(favourable + step, base + 1 if step > 0 else -1, step)
        for other in others:
            found = class_of(other, base, settings=settings)
            if found != now:
                people = _people(abs(other - favourable), words)
                said.append(f"Had {people} been positive, it would be {_CLASSED[found]}.")
                break
    return tuple(said)


def why_topic(reading: Reading) -> tuple[str, ...]:
    """How a topic is read from its questions, and the reasons of those that decided.

    >>> from analysis.result import Reading
    >>> why_topic(Reading(verdict=Verdict.MIXED, sentence=""))[0].split(":")[0]
    'Mixed'
    """
    rule = {
        Verdict.STRENGTH: (
            "at least half of the questions that could be read say so, and none says the opposite."
        ),
        Verdict.CONSIDERATION: (
            "at least half of the questions that could be read say so, or were not known about, "
            "and none reads as a strength."
        ),
        Verdict.BOTH: (
            "one question or more reads as a strength and another is to explore, or one question "
            "is both for different people."
        ),
        Verdict.DONT_KNOW: (
            "on more than half of the questions that could be read too many people did not know."
        ),
        Verdict.MIXED: (
            "neither strengths nor areas to explore make up half of the questions that could be "
            "read."
        ),
        Verdict.TOO_FEW: "more than half of the questions have too few answers to be read.",
    }[reading.verdict]
    firm = {
        Firmness.CLEAR: " At least half say so clearly.",
        Firmness.INDICATIVE: " Fewer than half say so clearly, so it is only indicative.",
        None: "",
    }[reading.firmness]
    return (
        f"{VERDICT_WORDS[reading.verdict]}: {rule}{firm}",
        *(reason.words for reason in reading.reasons),
    )
