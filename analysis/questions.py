"""One question on a scale: decided, judged, then put in words with its gated figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from analysis import disclosure
from analysis.counts import Asked, Counts, RoundCounts, ScaleCounts
from analysis.decisions import Decision, GroupCounts, Showing
from analysis.gaps import Difference, Found, GapKind, Pair, judge_family, plain_difference
from analysis.groups import GroupOf
from analysis.judgement import Evidence, GroupEvidence, Judgement, apart, judge
from analysis.missing import States, missing_of
from analysis.result import (
    CoverageState,
    Gap,
    GroupKind,
    GroupResult,
    QuestionResult,
    Reason,
    VoiceFigures,
)
from analysis.sentences import Missing, question_reading
from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from analysis.showing import decide
from analysis.side_by_side import Cell, cells_of, may_stand_beside
from analysis.weighting import Part, voices
from analysis.whole_people import Sum
from question_banks.bank import Level, ScaleQuestion, Sector, in_language

PAIRS = {
    GapKind.COUNCIL_PARTNERS: (GroupKind.SIDE, COUNCIL, PARTNERS),
    GapKind.LEVELS: (GroupKind.LEVEL, Level.STRATEGIC.value, Level.FRONTLINE.value),
}
"""The two groups of each pair that is set against each other."""


class Withheld(StrEnum):
    """What a release after another may have to do without on a question, to isolate nobody."""

    LEVELS = "levels"
    SECTOR_GROUPS = "sector groups"
    WEIGHTED = "weighted figures"


@dataclass(frozen=True)
class Setting:
    """What every question of a round is read with; `withheld` is by question."""

    counts: RoundCounts
    groups: tuple[GroupOf, ...]
    states: States
    settings: AnalysisSettings
    round_asked: Asked | None
    withheld: Mapping[str, frozenset[Withheld]] = field(default_factory=dict)

    def withholds(self, question: ScaleQuestion) -> frozenset[Withheld]:
        """What is not shown of a question, whatever the rules for one release allow."""
        return self.withheld.get(question.code, frozenset())


@dataclass(frozen=True)
class QuestionRead:
    """A question that has been decided and judged, and is not yet in words. Ungated.

    `weighted` are the difference between levels and the equal-per-voice share, where they are
    shown, as sums over the cells.
    """

    question: ScaleQuestion
    decision: Decision
    parts: tuple[Part, ...]
    judgement: Judgement
    evidence: Evidence
    missing: Missing
    differences: Mapping[GapKind, Difference]
    voices: VoiceFigures | None
    cells: tuple[Cell, ...]
    weighted: tuple[Sum, ...] = ()


def read_question(question: ScaleQuestion, setting: Setting) -> QuestionRead:
    """What the answers to one question say, before anything is shown."""
    scale = setting.counts.scale(question)
    decision = decide(
        question,
        scale,
        counts=setting.counts,
        groups=setting.groups,
        settings=setting.settings,
    )
    decision = _without(decision, setting.withholds(question))
    cells = cells_of(scale, agencies=setting.counts.agencies, groups=setting.groups)
    asked = decision.everybody.asked
    shown = {
        (member.of.kind, member.of.name): _evidence(member, setting.settings)
        for member in decision.groups
        if member.is_shown and not member.repeated
    }
    parts = _parts(question, scale, setting, asked=asked)
    differences = _differences(decision)
    shares = _Weighted()
    if Withheld.WEIGHTED not in setting.withholds(question):
        shares = _weighted(decision, parts, cells, scale, setting)
    if shares.within is not None:
        differences[GapKind.LEVELS] = shares.within
    evidence = Evidence(
        counts=decision.everybody.counts,
        parts=parts,
        population=disclosure.population_of(asked, settings=setting.settings),
        asked=asked,
        round_asked=setting.round_asked,
        pairs=tuple(
            (shown[kind, first], shown[kind, second])
            for kind, first, second in PAIRS.values()
            if (kind, first) in shown and (kind, second) in shown
        ),
        groups=tuple(shown.values()),
        required_silent=_count(question.requires, setting, CoverageState.SILENT)
        + _count(question.requires, setting, CoverageState.NOT_INVITED),
        leant_on_silent=_count(question.leans_on, setting, CoverageState.SILENT),
        leant_on_not_invited=_count(question.leans_on, setting, CoverageState.NOT_INVITED),
    )
    return QuestionRead(
        question=question,
        decision=decision,
        parts=parts,
        judgement=judge(evidence, settings=setting.settings),
        evidence=evidence,
        missing=missing_of([question], setting.states),
        differences=differences,
        voices=shares.voices,
        cells=cells,
        weighted=shares.sums,
    )


def _without(decision: Decision, withheld: frozenset[Withheld]) -> Decision:
    """The decision without the tables that are withheld; a group that is a side stays."""
    kinds = {
        kind
        for table, kind in (
            (Withheld.LEVELS, GroupKind.LEVEL),
            (Withheld.SECTOR_GROUPS, GroupKind.SECTOR_GROUP),
        )
        if table in withheld
    }
    return replace(
        decision,
        groups=tuple(
            replace(member, showing=Showing.HIDDEN)
            if member.is_shown and member.of.kind in kinds and not member.repeated
            else member
            for member in decision.groups
        ),
    )


def _count(sectors: Sequence[Sector], setting: Setting, state: CoverageState) -> int:
    return sum(
        1 for sector, found in setting.states.items() if sector in sectors and found is state
    )


def _evidence(member: GroupCounts, settings: AnalysisSettings) -> GroupEvidence:
    return GroupEvidence(
        name=member.of.name,
        kind=member.of.kind,
        counts=member.counts,
        population=disclosure.population_of(member.asked, settings=settings),
        exact=member.showing is Showing.FIGURES,
    )


def _parts(
    question: ScaleQuestion, scale: ScaleCounts, setting: Setting, *, asked: Asked | None
) -> tuple[Part, ...]:
    """Each agency's answers, with its population where that of all is known."""
    favourable, base = scale.favourable_and_base()
    counts = setting.counts
    parts = []
    for place, agency in enumerate(counts.agencies):
        population = None
        if asked is not None and base[place]:
            own = counts.asked(counts.of_agency(place), levels=question.audience)
            population = disclosure.population_of(own, settings=setting.settings)
        parts.append(
            Part(
                agency=agency,
                group=setting.settings.group_of(counts.sectors[place]),
                favourable=int(favourable[place]),
                base=int(base[place]),
                population=population,
            )
        )
    return tuple(parts)


def _differences(decision: Decision) -> dict[GapKind, Difference]:
    """The difference of the sides where both are shown in figures: it tells nothing new."""
    pair = _pair_in_figures(decision, GapKind.COUNCIL_PARTNERS)
    if pair is None:
        return {}
    first, second = pair
    return {GapKind.COUNCIL_PARTNERS: plain_difference(_pair(first.counts, second.counts))}


def _pair_in_figures(decision: Decision, kind: GapKind) -> tuple[GroupCounts, GroupCounts] | None:
    """The two groups of a pair, where both are shown in figures."""
    group_kind, name_1, name_2 = PAIRS[kind]
    first, second = decision.find(group_kind, name_1), decision.find(group_kind, name_2)
    if first is None or second is None:
        return None
    if not first.showing is second.showing is Showing.FIGURES:
        return None
    return first, second


@dataclass(frozen=True)
class _Weighted:
    """The weighted figures of a question that may be shown, and the sums that they are."""

    within: Difference | None = None
    voices: VoiceFigures | None = None
    sums: tuple[Sum, ...] = ()


def _weighted(
    decision: Decision,
    parts: Sequence[Part],
    cells: Sequence[Cell],
    scale: ScaleCounts,
    setting: Setting,
) -> _Weighted:
    """The weighted figures that may stand beside the others, and beside each other.

    They are the difference between levels within agencies and the equal-per-voice share: both if
    that may be, or else the first alone, or else the second.
    """
    spoken = voices(parts)
    equal = disclosure.voice_figures(decision, spoken, parts=parts, settings=setting.settings)
    within = None
    pair = _pair_in_figures(decision, GapKind.LEVELS)
    if pair is not None:
        strata = zip(*(_level_parts(member, scale, setting) for member in pair), strict=True)
        within = disclosure.level_difference(list(strata), settings=setting.settings)
    of_levels = [] if within is None else [_level_sum(cells, within)]
    of_voices = [] if equal is None else [disclosure.voice_sum(equal, spoken, cells=cells)]
    for levels, shares in ((of_levels, of_voices), (of_levels, []), ([], of_voices)):
        tried = [*levels, *shares]
        if tried and may_stand_beside(tried, decision, cells, settings=setting.settings):
            return _Weighted(within if levels else None, equal if shares else None, tuple(tried))
    return _Weighted()


def _level_sum(cells: Sequence[Cell], difference: Difference) -> Sum:
    _, first, second = PAIRS[GapKind.LEVELS]
    return disclosure.level_sum(cells, difference, levels=(first, second))


def _pair(first: Counts, second: Counts) -> Pair:
    return Pair(first.favourable, first.base, second.favourable, second.base)


def _level_parts(member: GroupCounts, scale: ScaleCounts, setting: Setting) -> list[Part]:
    favourable, base = scale.favourable_and_base(member.of.group.levels)
    return [
        Part(agency, "", int(favourable[place]), int(base[place]))
        for place, agency in enumerate(setting.counts.agencies)
    ]


def judge_gaps(reads: Sequence[QuestionRead]) -> dict[tuple[str, GapKind], Found]:
    """How far each difference is to be believed among those of its kind, by question and kind."""
    judged: dict[tuple[str, GapKind], Found] = {}
    for kind in GapKind:
        held = [read for read in reads if kind in read.differences]
        found = judge_family([read.differences[kind] for read in held])
        for read, difference in zip(held, found, strict=True):
            judged[read.question.code, kind] = difference
    return judged


def question_result(
    read: QuestionRead, found: Mapping[tuple[str, GapKind], Found], setting: Setting
) -> QuestionResult:
    """One question as it may be shown."""
    question, settings = read.question, setting.settings
    scale = setting.counts.bank.scale_of(question)
    results = {
        (member.of.kind, member.of.name): disclosure.group_result(
            member, scale=scale, settings=settings
        )
        for member in (read.decision.everybody, *read.decision.groups)
        if not member.repeated
    }
    everybody, *groups = results.values()
    text = in_language(question.text)
    result = QuestionResult(
        code=question.code,
        wording_version=question.wording_version,
        text=text,
        short=in_language(question.short) if question.short is not None else text,
        type=question.type,
        all=everybody,
        groups=tuple(groups),
        voices=read.voices,
        gaps=_gaps(read, found),
    )
    reading = question_reading(
        read.judgement,
        result,
        missing=read.missing,
        apart=_apart(read, results),
        settings=settings,
    )
    return result.model_copy(update={"reading": reading})


def _gaps(read: QuestionRead, found: Mapping[tuple[str, GapKind], Found]) -> tuple[Gap, ...]:
    gaps = []
    for kind, (group_kind, name_1, name_2) in PAIRS.items():
        difference = found.get((read.question.code, kind))
        first = read.decision.find(group_kind, name_1)
        second = read.decision.find(group_kind, name_2)
        if difference is not None and first is not None and second is not None:
            gap = disclosure.gap(difference, kind, first=first, second=second)
            if gap is not None:
                gaps.append(gap)
    return tuple(gaps)


def _apart(
    read: QuestionRead, results: Mapping[tuple[GroupKind, str], GroupResult]
) -> dict[Reason, tuple[GroupResult, GroupResult]]:
    """The gated groups that are furthest apart, for the words of a modifier."""
    widest = {
        Reason.GROUPS_APART: (GroupKind.SIDE, GroupKind.SECTOR_GROUP),
        Reason.LEVELS_APART: (GroupKind.LEVEL,),
    }
    found = {}
    for reason, kinds in widest.items():
        pair = apart(read.evidence.groups, kinds=kinds)
        if pair is not None:
            high, low = pair
            found[reason] = (results[high.kind, high.name], results[low.kind, low.name])
    return found
