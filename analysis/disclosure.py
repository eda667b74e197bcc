"""The gate: the only place where counts of answers become results, and only those that may.

`analysis.showing` decides for every group whether it is shown in figures, in words or not at all;
the functions here make the parts of a result and leave out what may not be in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import numpy as np

from analysis.agreement import agreement
from analysis.audit import Unknown, is_safe
from analysis.counts import Asked, Counts
from analysis.decisions import Decision, GroupCounts, Showing, is_extreme, word_for
from analysis.gaps import (
    Difference,
    Found,
    GapKind,
    Pair,
    Strength,
    contributing,
    stratified_difference,
)
from analysis.result import (
    Figures,
    Gap,
    GroupKind,
    GroupResult,
    Interval,
    Mark,
    OptionCount,
    VoiceFigures,
)
from analysis.settings import AnalysisSettings
from analysis.shares import (
    Limits,
    bounds,
    dont_know_share,
    index,
    interval,
    share_counting_dont_know,
)
from analysis.side_by_side import Cell
from analysis.tally import Lean
from analysis.weighting import Part, Voice, equal_share
from analysis.whole_people import Sum
from question_banks.bank import ON_SCALE, Scale, in_language

HALF_A_POINT: Final = 0.005


def tidy(value: float) -> float:
    """The value to 12 significant digits, in which every machine agrees."""
    return float(f"{value:.12g}")


def group_result(member: GroupCounts, *, scale: Scale, settings: AnalysisSettings) -> GroupResult:
    """One group as it may be shown: figures, words, or a mark and no number at all."""
    shown = GroupResult(group=member.of.name, title=member.of.title, kind=member.of.kind)
    match member.showing:
        case Showing.FIGURES:
            found = figures(member, scale=scale, settings=settings)
            return shown.model_copy(update={"figures": found})
        case Showing.WORDS:
            return shown.model_copy(update={"words": words(member.counts, settings=settings)})
        case Showing.NOT_ASKED:
            return shown.model_copy(update={"mark": Mark.NOT_APPLICABLE})
    return shown.model_copy(update={"mark": Mark.CONFIDENTIAL})


def words(counts: Counts, *, settings: AnalysisSettings) -> str:
    """How many were favourable, where a figure would tell too much."""
    line = settings.fraction("strength_line")
    return word_for(counts.favourable, counts.base, line=line).value


def population_of(asked: Asked | None, *, settings: AnalysisSettings) -> int | None:
    """The finite population of an interval: everybody asked in the agencies that answered.

    None unless everybody in scope was invited and their number is known. Agencies that are silent
    are not in it: the interval speaks of those that answered, and the bounds of all.
    """
    return asked.in_answering if asked is not None and settings.everyone_in_scope else None


def figures(member: GroupCounts, *, scale: Scale, settings: AnalysisSettings) -> Figures:
    """Every figure of a group that may be shown in figures."""
    counts = member.counts
    population = population_of(member.asked, settings=settings)
    on_scale = [option for option in scale.options if option.kind in ON_SCALE]
    weighted = index(counts.on_scale, [option.weight for option in on_scale])
    agreed = agreement(counts.on_scale)
    within = [
        interval(
            counts.favourable,
            counts.base,
            confidence=settings.fraction(confidence),
            population=population,
        )
        for confidence in ("clear", "indicative")
    ]
    invited = member.asked.invited if member.asked is not None else None
    return Figures(
        people=counts.people,
        agencies=counts.agencies,
        base=counts.base,
        favourable=counts.favourable,
        neutral=counts.neutral,
        unfavourable=counts.unfavourable,
        dont_know=counts.dont_know,
        not_applicable=counts.not_applicable,
        skipped=counts.skipped,
        not_shown=counts.not_shown,
        share=tidy(counts.favourable / counts.base),
        interval=_interval(within[0]),
        interval_80=_interval(within[1]),
        method="wilson" if population is None else "hypergeometric",
        population=population,
        asked=invited,
        bounds=(
            None
            if invited is None
            else _interval(bounds(counts.favourable, counts.base, asked=invited))
        ),
        dont_know_share=tidy(dont_know_share(counts.dont_know, counts.base)),
        share_counting_dont_know=tidy(
            share_counting_dont_know(counts.favourable, counts.base, dont_know=counts.dont_know)
        ),
        agreement=None if agreed is None else tidy(agreed),
        index=None if weighted is None else tidy(weighted),
        options=tuple(
            OptionCount(
                option=option.code, label=in_language(option.label), kind=option.kind, count=n
            )
            for option, n in zip(scale.options, counts.options, strict=True)
        ),
    )


def _interval(limits: Limits) -> Interval:
    return Interval(low=tidy(limits.low), high=tidy(limits.high))


def whole_points(share: float) -> float:
    """A share or difference to the nearest whole percentage point, halves away from zero."""
    return float(Decimal(repr(tidy(share))).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def voice_figures(
    decision: Decision,
    spoken: Sequence[Voice],
    *,
    parts: Sequence[Part],
    settings: AnalysisSettings,
) -> VoiceFigures | None:
    """The equal-per-voice share to whole points, or None where it would tell an agency's answers.

    At full precision it could be solved for the agencies; so it is rounded, its interval is made
    of the rounded share, and it is shown only if every agency's count then stays open. Whether it
    may stand beside all else that is shown is for `analysis.side_by_side`, as a `voice_sum`.
    """
    equal = equal_share(spoken, confidence=settings.fraction("clear"))
    if equal is None or decision.everybody.showing is not Showing.FIGURES:
        return None
    share = whole_points(equal.share)
    weights = _voice_weights(spoken)
    unknowns = [
        Unknown(_block(part, decision), part.favourable, part.base, weights.get(part.agency, 0.0))
        for part in parts
        if part.base
    ]
    if not is_safe(unknowns, low=share - HALF_A_POINT, high=share + HALF_A_POINT):
        return None
    half = (equal.limits.high - equal.limits.low) / 2
    return VoiceFigures(
        voices=equal.voices,
        share=share,
        interval=Interval(
            low=whole_points(max(0.0, share - half)), high=whole_points(min(1.0, share + half))
        ),
    )


def _voice_weights(spoken: Sequence[Voice]) -> dict[str, float]:
    """What a favourable answer of each agency weighs in the equal-per-voice share."""
    return {agency: 1 / (voice.base * len(spoken)) for voice in spoken for agency in voice.agencies}


def voice_sum(figures: VoiceFigures, spoken: Sequence[Voice], *, cells: Sequence[Cell]) -> Sum:
    """The equal-per-voice share as the weighted sum that it is."""
    weights = _voice_weights(spoken)
    return Sum(
        np.array([weights.get(cell.agency, 0.0) for cell in cells]),
        figures.share - HALF_A_POINT,
        figures.share + HALF_A_POINT,
    )


def _block(part: Part, decision: Decision) -> str:
    """The smallest sum shown in figures that holds an agency's answers."""
    group = decision.find(GroupKind.SECTOR_GROUP, part.group)
    if group is None:
        return ""
    if group.showing is Showing.FIGURES:
        return group.of.name
    side = decision.find(GroupKind.SIDE, group.of.side)
    return side.of.name + "_rest" if side and side.showing is Showing.FIGURES else ""


def mostly(
    leans: dict[Lean, int], *, agencies: int, settings: AnalysisSettings
) -> tuple[int, int] | None:
    """People mostly favourable and mostly unfavourable on a signpost, or None when too few.

    None too where nearly all or nearly none were favourable, or unfavourable: the counts stand
    beside quotations, and would tell whose they are.
    """
    base = sum(leans.values())
    favourable, unfavourable = leans[Lean.FAVOURABLE], leans[Lean.UNFAVOURABLE]
    if base < settings.k or agencies < settings.min_agencies:
        return None
    if is_extreme(favourable, base) or is_extreme(unfavourable, base):
        return None
    return favourable, unfavourable


def gap(found: Found, kind: GapKind, *, first: GroupCounts, second: GroupCounts) -> Gap | None:
    """A difference as it may be shown, or None where there is none worth a look.

    Both groups are shown in figures, so their plain difference says nothing new. A difference
    within agencies is a weighted figure, and is given in whole points.
    """
    if found.strength is Strength.NONE:
        return None
    rounded = whole_points if kind is GapKind.LEVELS else tidy
    difference = found.found
    clear = found.strength is Strength.CLEAR
    high, low = first.of.title, second.of.title
    if difference.difference < 0:
        high, low = low, high
    points = abs(round(whole_points(difference.difference) * 100))
    verb = "are" if clear else "may be"
    by = f"by {points} {'point' if points == 1 else 'points'}"
    start = "Within the same agencies, answers" if kind is GapKind.LEVELS else "Answers"
    return Gap(
        kind=kind.value,
        first=first.of.title,
        second=second.of.title,
        difference=rounded(difference.difference),
        interval=Interval(low=rounded(difference.low), high=rounded(difference.high)),
        clear=clear,
        words=f"{start} from “{high}” {verb} more positive than from “{low}”, {by}.",
    )


def level_sum(cells: Sequence[Cell], difference: Difference, *, levels: tuple[str, str]) -> Sum:
    """The difference between two levels within agencies, as the weighted sum that it is."""
    people: dict[tuple[str, str], int] = {}
    for cell in cells:
        people[cell.agency, cell.level] = cell.base
    weights = np.zeros(len(cells))
    total = 0.0
    for place, cell in enumerate(cells):
        if cell.level not in levels:
            continue
        other = people.get((cell.agency, levels[cell.level == levels[0]]), 0)
        share = other / (cell.base + other)
        weights[place] = share if cell.level == levels[0] else -share
        if cell.level == levels[0]:
            total += cell.base * share
    shown = whole_points(difference.difference)
    return Sum(weights / total, shown - HALF_A_POINT, shown + HALF_A_POINT)


def level_difference(
    strata: Sequence[tuple[Part, Part]], *, settings: AnalysisSettings
) -> Difference | None:
    """The difference between two levels within agencies, or None where it would tell too much.

    `strata` are the answers of the two levels in each agency. The agencies that hold both levels
    must be as many, and hold as many people of each level, as any figure across agencies needs;
    and in whole points the difference must leave every one of their counts open.
    """
    pairs = [Pair(a.favourable, a.base, b.favourable, b.base) for a, b in strata]
    held = contributing(pairs)
    if (
        len(held) < settings.min_agencies
        or sum(pair.base_1 for pair in held) < settings.k
        or sum(pair.base_2 for pair in held) < settings.k
    ):
        return None
    difference = stratified_difference(held)
    assert difference is not None
    total = sum(pair.base_1 * pair.base_2 / (pair.base_1 + pair.base_2) for pair in held)
    unknowns = []
    for pair in pairs:
        both = pair.base_1 + pair.base_2
        # The weight of a favourable answer is 0 in an agency with only one of the levels.
        weight = 1 / (both * total) if pair.base_1 and pair.base_2 else 0.0
        for block, favourable, base, other, sign in (
            ("first", pair.favourable_1, pair.base_1, pair.base_2, 1),
            ("second", pair.favourable_2, pair.base_2, pair.base_1, -1),
        ):
            if base:
                unknowns.append(Unknown(block, favourable, base, sign * other * weight))
    shown = whole_points(difference.difference)
    if not is_safe(unknowns, low=shown - HALF_A_POINT, high=shown + HALF_A_POINT):
        return None
    return difference
