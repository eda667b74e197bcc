"""What the answers say about a question and a topic: a rule that can be told in two sentences.

The rule reads counts and the lines of the round's settings, and nothing else. Its parts, in the
order in which they decide, are in docs/methods.md. It holds that turning one favourable answer
unfavourable never improves a class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Final, NamedTuple

from analysis.agreement import is_divided
from analysis.counts import Asked, Counts
from analysis.result import Firmness, GroupKind, Reason, Verdict
from analysis.settings import AnalysisSettings
from analysis.shares import high_within, low_reaches
from analysis.weighting import (
    FEWEST_VOICES,
    Part,
    Voice,
    equal_share,
    exact_equal_share,
    one_agency_decides,
    voices,
)

APART: Final = Fraction(30, 100)
"""Groups whose shares differ by at least this are named as apart."""


class Class(NamedTuple):
    """Strength, area for consideration or mixed, and how sure."""

    verdict: Verdict
    firmness: Firmness | None = None


MIXED: Final = Class(Verdict.MIXED)


@dataclass(frozen=True)
class GroupEvidence:
    """A group that may be shown, in figures (`exact`) or only in words."""

    name: str
    kind: GroupKind
    counts: Counts
    population: int | None
    exact: bool


@dataclass(frozen=True)
class Evidence:
    """Everything the rule reads about one question.

    `parts` are the agencies' answers. `asked` is who was asked this question, `round_asked` who was
    asked anything; None where not known. `population` is the finite population of the interval,
    None where not everybody in scope was invited. `pairs` are the pairs of groups that are set
    against each other, `groups` every group that may be shown. The silent and not invited are
    counted in sectors.
    """

    counts: Counts
    parts: tuple[Part, ...]
    population: int | None = None
    asked: Asked | None = None
    round_asked: Asked | None = None
    pairs: tuple[tuple[GroupEvidence, GroupEvidence], ...] = ()
    groups: tuple[GroupEvidence, ...] = ()
    required_silent: int = 0
    leant_on_silent: int = 0
    leant_on_not_invited: int = 0


@dataclass(frozen=True)
class Judgement:
    """What the answers say, with its reasons, not yet in words.

    `strong` and `weak` name the groups that speak in each column where the verdict is both; ALL
    stands for everybody together.
    """

    verdict: Verdict
    firmness: Firmness | None = None
    lean: str | None = None
    reasons: tuple[Reason, ...] = ()
    modifiers: tuple[Reason, ...] = ()
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


EVERYBODY: Final = "all"


def classify(
    favourable: int, base: int, *, population: int | None, settings: AnalysisSettings
) -> Class:
    """The class of a share by the lines alone (rule 3).

    >>> classify(30, 50, population=60, settings=AnalysisSettings())
    Class(verdict=<Verdict.STRENGTH: 'strength'>, firmness=<Firmness.CLEAR: 'clear'>)
    """
    strength = settings.fraction("strength_line")
    majority = settings.fraction("majority_line")
    clear, indicative = settings.fraction("clear"), settings.fraction("indicative")
    if favourable >= strength * base:
        for confidence, firmness in ((clear, Firmness.CLEAR), (indicative, Firmness.INDICATIVE)):
            if low_reaches(
                majority,
                favourable=favourable,
                base=base,
                confidence=confidence,
                population=population,
            ):
                return Class(Verdict.STRENGTH, firmness)
    elif favourable < settings.fraction("consideration_line") * base:
        within = [
            high_within(
                line,
                favourable=favourable,
                base=base,
                confidence=confidence,
                population=population,
            )
            for line, confidence in ((strength, indicative), (majority, clear))
        ]
        if within[0]:
            firmness = Firmness.CLEAR if within[1] else Firmness.INDICATIVE
            return Class(Verdict.CONSIDERATION, firmness)
    return MIXED


def classify_voices(spoken: Sequence[Voice], *, settings: AnalysisSettings) -> Verdict | None:
    """The verdict by the equal-per-voice share, or None for too few voices."""
    equal = equal_share(spoken, confidence=settings.fraction("indicative"))
    if equal is None:
        return None
    share = exact_equal_share(spoken)
    if share >= settings.fraction("strength_line"):
        if equal.limits.low >= settings.fraction("majority_line"):
            return Verdict.STRENGTH
    elif share < settings.fraction("consideration_line") and equal.limits.high <= settings.fraction(
        "strength_line"
    ):
        return Verdict.CONSIDERATION
    return Verdict.MIXED


def judge(evidence: Evidence, *, settings: AnalysisSettings) -> Judgement:
    """What the answers to one question say."""
    few = _few(evidence, settings)
    unread = _unread(evidence, settings)
    caveats = _caveats(evidence)
    if unread:
        return Judgement(Verdict.TOO_FEW, reasons=(*few, *unread), modifiers=caveats)
    if _most_do_not_know(evidence.counts, settings):
        return Judgement(
            Verdict.DONT_KNOW, reasons=(Reason.DONT_KNOW_MOST, *few), modifiers=caveats
        )
    if few:
        return Judgement(Verdict.TOO_FEW, reasons=few, modifiers=caveats)
    return _read(evidence, settings)


def _few(evidence: Evidence, settings: AnalysisSettings) -> tuple[Reason, ...]:
    reasons = []
    if evidence.counts.base < settings.k:
        reasons.append(Reason.FEW_ANSWERS)
    if evidence.counts.agencies < settings.min_agencies:
        reasons.append(Reason.FEW_AGENCIES)
    return tuple(reasons)


def _unread(evidence: Evidence, settings: AnalysisSettings) -> tuple[Reason, ...]:
    """Why nothing can be read, however many answered: too many are missing, or the wrong ones."""
    reasons = []
    if _is_low_response(evidence, settings):
        reasons.append(Reason.LOW_RESPONSE)
    if evidence.required_silent:
        reasons.append(Reason.SECTOR_SILENT)
    return tuple(reasons)


def _is_low_response(evidence: Evidence, settings: AnalysisSettings) -> bool:
    """A low response, unless the bounds stay on one side whatever the others would have said.

    The response is that of the levels asked where it is known, else the round's; then the bounds
    are not known and cannot excuse it.
    """
    response = evidence.asked or evidence.round_asked
    if response is None or not response.invited:
        return False
    if response.answered >= settings.fraction("min_response") * response.invited:
        return False
    if evidence.asked is None:
        return True
    favourable, base = evidence.counts.favourable, evidence.counts.base
    low = Fraction(favourable, evidence.asked.invited)
    high = Fraction(favourable + evidence.asked.invited - base, evidence.asked.invited)
    return low < settings.fraction("majority_line") and high >= settings.fraction("strength_line")


def _most_do_not_know(counts: Counts, settings: AnalysisSettings) -> bool:
    """Don't know at the gate, of enough people and agencies to be said."""
    return (
        counts.applicable >= settings.k
        and counts.agencies_applicable >= settings.min_agencies
        and counts.dont_know >= settings.fraction("dont_know_gate") * counts.applicable
    )


def _caveats(evidence: Evidence) -> tuple[Reason, ...]:
    caveats = []
    if evidence.leant_on_silent:
        caveats.append(Reason.LEANT_ON_SILENT)
    if evidence.leant_on_not_invited:
        caveats.append(Reason.LEANT_ON_NOT_INVITED)
    return tuple(caveats)


def _read(evidence: Evidence, settings: AnalysisSettings) -> Judgement:
    counts = evidence.counts
    by_lines = classify(
        counts.favourable, counts.base, population=evidence.population, settings=settings
    )
    spoken = voices(evidence.parts)
    decides = _one_agency_decides(counts, evidence.parts, settings)
    reasons = [_why(counts, by_lines, settings)]
    found = by_lines
    if decides and found.firmness is Firmness.CLEAR:
        found = found._replace(firmness=Firmness.INDICATIVE)
    if (
        found.verdict is Verdict.STRENGTH
        and len(spoken) >= FEWEST_VOICES
        and exact_equal_share(spoken) < settings.fraction("majority_line")
    ):
        found = MIXED
        reasons.append(Reason.VOICES_DIFFER)
    modifiers = (
        *_modifiers(evidence, settings),
        *((Reason.ONE_AGENCY_DECIDES,) if decides else ()),
        *_voices_differ(spoken, by_lines.verdict, settings),
        *_caveats(evidence),
    )
    judgement = Judgement(
        found.verdict,
        firmness=found.firmness,
        lean=_lean(counts) if found.verdict is Verdict.MIXED else None,
        reasons=tuple(reasons),
        modifiers=modifiers,
    )
    return _with_both_sides(judgement, evidence, settings)


def _why(counts: Counts, found: Class, settings: AnalysisSettings) -> Reason:
    match _past_line(counts.favourable, counts.base, settings):
        case Verdict.STRENGTH:
            sure = found.verdict is Verdict.STRENGTH
            return Reason.ABOVE_STRENGTH_LINE if sure else Reason.NOT_SURE_ENOUGH
        case Verdict.CONSIDERATION:
            sure = found.verdict is Verdict.CONSIDERATION
            return Reason.BELOW_CONSIDERATION_LINE if sure else Reason.NOT_SURE_ENOUGH
    return Reason.BETWEEN_LINES


def _lean(counts: Counts) -> str | None:
    if 2 * counts.favourable == counts.base:
        return None
    return "favourable" if 2 * counts.favourable > counts.base else "unfavourable"


def _one_agency_decides(counts: Counts, parts: Sequence[Part], settings: AnalysisSettings) -> bool:
    """True when the share would be past another line without one of the agencies.

    Only the share is looked at: that fewer answers make it less sure is no agency's doing. Where
    too few answers would be left to say anything, the agency decides too.
    """

    def verdict_without(part: Part) -> Verdict | None:
        base = counts.base - part.base
        if base < settings.k:
            return None
        return _past_line(counts.favourable - part.favourable, base, settings)

    return one_agency_decides(
        parts,
        class_without=verdict_without,
        class_of_all=_past_line(counts.favourable, counts.base, settings),
    )


def _past_line(favourable: int, base: int, settings: AnalysisSettings) -> Verdict:
    """Past which line the share is, however sure that is."""
    if favourable >= settings.fraction("strength_line") * base:
        return Verdict.STRENGTH
    if favourable < settings.fraction("consideration_line") * base:
        return Verdict.CONSIDERATION
    return Verdict.MIXED


def _modifiers(evidence: Evidence, settings: AnalysisSettings) -> tuple[Reason, ...]:
    counts = evidence.counts
    found = []
    if is_divided(counts.on_scale, favourable=counts.favourable, unfavourable=counts.unfavourable):
        found.append(Reason.DIVIDED)
    if apart(evidence.groups, kinds=(GroupKind.SIDE, GroupKind.SECTOR_GROUP)):
        found.append(Reason.GROUPS_APART)
    if apart(evidence.groups, kinds=(GroupKind.LEVEL,)):
        found.append(Reason.LEVELS_APART)
    if counts.dont_know >= settings.fraction("dont_know_flag") * counts.applicable:
        found.append(Reason.DONT_KNOW_HIGH)
    return tuple(found)


def apart(
    groups: Sequence[GroupEvidence], *, kinds: tuple[GroupKind, ...]
) -> tuple[GroupEvidence, GroupEvidence] | None:
    """The two groups of one kind, shown in figures, that are furthest apart, if by 30 points.

    The more favourable comes first.
    """
    widest: tuple[GroupEvidence, GroupEvidence] | None = None
    distance = APART
    for kind in kinds:
        shown = [group for group in groups if group.kind is kind and group.exact]
        for pair in combinations(shown, 2):
            low, high = sorted(pair, key=_share)
            if _share(high) - _share(low) >= distance:
                # A later pair must be wider, so that the first of equals is named.
                if widest is None or _share(high) - _share(low) > distance:
                    widest = (high, low)
                distance = max(distance, _share(high) - _share(low))
    return widest


def _share(group: GroupEvidence) -> Fraction:
    return Fraction(group.counts.favourable, group.counts.base)


def _voices_differ(
    spoken: Sequence[Voice], verdict: Verdict, settings: AnalysisSettings
) -> tuple[Reason, ...]:
    by_voices = classify_voices(spoken, settings=settings)
    return (Reason.VOICES_DIFFER,) if by_voices not in (None, verdict) else ()


def _with_both_sides(
    judgement: Judgement, evidence: Evidence, settings: AnalysisSettings
) -> Judgement:
    """Rule 4: both, where one side reads as a strength and another as an area for consideration.

    Everybody together counts as a side too. Were it not so, a further unfavourable answer could
    bring a group over the line and turn an area for consideration into both, which is no worse.
    """
    verdicts = {EVERYBODY: judgement.verdict}
    for pair in evidence.pairs:
        for group in pair:
            counts = group.counts
            verdicts[group.name] = classify(
                counts.favourable, counts.base, population=group.population, settings=settings
            ).verdict
    strong = tuple(name for name, found in verdicts.items() if found is Verdict.STRENGTH)
    weak = tuple(name for name, found in verdicts.items() if found is Verdict.CONSIDERATION)
    if not (strong and weak):
        return judgement
    return replace(
        judgement,
        verdict=Verdict.BOTH,
        firmness=None,
        lean=None,
        reasons=(Reason.GROUPS_ON_BOTH_SIDES,),
        strong=strong,
        weak=weak,
    )
