"""The rule: its worked cases, its exact lines, and that a worse answer never reads better."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counts import Asked, Counts
from analysis.judgement import (
    Evidence,
    GroupEvidence,
    Judgement,
    apart,
    classify,
    classify_voices,
    judge,
)
from analysis.result import Firmness, GroupKind, Reading, Reason, Summary, Verdict
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from analysis.weighting import Part, Voice
from question_banks.bank import Bank
from tests.factories_tally import make_bank, make_tally, scale_question

LINES = AnalysisSettings()
RANKS = {
    (Verdict.CONSIDERATION, Firmness.CLEAR): 0,
    (Verdict.CONSIDERATION, Firmness.INDICATIVE): 1,
    (Verdict.MIXED, None): 2,
    (Verdict.BOTH, None): 2,
    (Verdict.STRENGTH, Firmness.INDICATIVE): 3,
    (Verdict.STRENGTH, Firmness.CLEAR): 4,
}


def rank(reading: Reading | Judgement) -> int | None:
    """The place of a class, or None for one that has no place among the others."""
    return RANKS.get((reading.verdict, reading.firmness))


class TestClassify:
    @pytest.mark.parametrize(
        ("favourable", "base", "population", "verdict", "firmness"),
        [
            (30, 50, 60, Verdict.STRENGTH, Firmness.CLEAR),
            (12, 50, 60, Verdict.CONSIDERATION, Firmness.CLEAR),
            (15, 25, None, Verdict.MIXED, None),
            (30, 50, None, Verdict.STRENGTH, Firmness.INDICATIVE),
            (30, 50, 90, Verdict.STRENGTH, Firmness.CLEAR),
            (12, 50, None, Verdict.CONSIDERATION, Firmness.CLEAR),
            (20, 50, 90, Verdict.CONSIDERATION, Firmness.CLEAR),
            (20, 50, None, Verdict.CONSIDERATION, Firmness.INDICATIVE),
        ],
    )
    def test_worked_cases(
        self,
        favourable: int,
        base: int,
        population: int | None,
        verdict: Verdict,
        firmness: Firmness | None,
    ) -> None:
        found = classify(favourable, base, population=population, settings=LINES)

        assert found == (verdict, firmness)

    @pytest.mark.parametrize("line", ["0.55", "0.7", "0.58"])
    def test_share_on_the_line_is_over_it_whatever_floats_say(self, line: str) -> None:
        settings = AnalysisSettings(strength_line=line)
        favourable = int(Fraction(line) * 10_000)

        on = classify(favourable, 10_000, population=None, settings=settings)
        under = classify(favourable - 1, 10_000, population=None, settings=settings)

        assert on.verdict is Verdict.STRENGTH
        assert under.verdict is Verdict.MIXED

    @settings(max_examples=300)
    @given(st.data())
    def test_one_fewer_favourable_never_classes_higher(self, data: st.DataObject) -> None:
        base = data.draw(st.integers(1, 150))
        favourable = data.draw(st.integers(1, base))
        population = data.draw(st.one_of(st.none(), st.integers(base, 300)))
        lines = AnalysisSettings(
            strength_line=data.draw(st.sampled_from(["0.5", "0.6", "0.75"])),
            consideration_line=data.draw(st.sampled_from(["0.3", "0.5"])),
            majority_line=data.draw(st.sampled_from(["0.4", "0.5"])),
        )

        before = classify(favourable, base, population=population, settings=lines)
        after = classify(favourable - 1, base, population=population, settings=lines)

        assert RANKS[after] <= RANKS[before]


class TestClassifyVoices:
    @pytest.mark.parametrize(
        ("favourable", "verdict"),
        [
            (30, Verdict.STRENGTH),
            (24, Verdict.STRENGTH),
            (23, Verdict.MIXED),
            (20, Verdict.MIXED),
            (19, Verdict.CONSIDERATION),
            (0, Verdict.CONSIDERATION),
        ],
    )
    def test_by_lines(self, favourable: int, verdict: Verdict) -> None:
        spoken = [Voice((name,), favourable, 40) for name in "abc"]

        assert classify_voices(spoken, settings=LINES) is verdict

    def test_not_sure_enough_on_either_side(self) -> None:
        for shares in ((3, 3, 4), (2, 3, 2)):
            spoken = [Voice((str(n),), x, 5) for n, x in enumerate(shares)]

            assert classify_voices(spoken, settings=LINES) is Verdict.MIXED

    def test_limit_on_the_majority_line_reaches_it(self) -> None:
        lines = AnalysisSettings(strength_line="0.5")
        # Everybody of every voice answered, so that the limit is the share itself.
        spoken = [Voice((name,), 3, 6, 6) for name in "abc"]

        assert classify_voices(spoken, settings=lines) is Verdict.STRENGTH

    def test_too_few_voices(self) -> None:
        assert classify_voices([Voice(("a",), 3, 5)] * 2, settings=LINES) is None


def group(name: str, kind: GroupKind, favourable: int, base: int, *, exact: bool) -> GroupEvidence:
    """A group that may be shown."""
    counts = Counts(
        options=(favourable, base - favourable),
        on_scale=(favourable, base - favourable),
        favourable=favourable,
        neutral=0,
        unfavourable=base - favourable,
        dont_know=0,
        not_applicable=0,
        skipped=0,
        not_shown=0,
        agencies=3,
        agencies_applicable=3,
    )
    return GroupEvidence(name, kind, counts, None, exact)


class TestLowResponse:
    """25 of 100 asked answered, so that from x% to (x + 75)% of all of them may be favourable."""

    def is_low(self, favourable: int, **lines: str) -> bool:
        whole = group("all", GroupKind.ALL, favourable, 25, exact=True).counts
        parts = tuple(Part(name, name, favourable // 5, 5) for name in "abcde")
        evidence = Evidence(
            counts=whole, parts=parts, asked=Asked(invited=100, in_answering=100, answered=25)
        )
        settings = AnalysisSettings.model_validate({"consideration_line": "0.2", **lines})
        return Reason.LOW_RESPONSE in judge(evidence, settings=settings).reasons

    def test_bounds_on_both_sides_of_the_lines(self) -> None:
        assert self.is_low(15)

    def test_low_bound_over_the_majority_line_is_enough_to_read(self) -> None:
        assert not self.is_low(25, majority_line="0.2")

    def test_low_bound_on_the_majority_line_is_enough_to_read(self) -> None:
        assert not self.is_low(25, majority_line="0.25")

    def test_high_bound_under_the_strength_line_is_enough_to_read(self) -> None:
        assert not self.is_low(0, strength_line="0.8")

    def test_high_bound_on_the_strength_line_is_not(self) -> None:
        assert self.is_low(0, strength_line="0.75")


def test_sides_are_read_with_their_own_populations() -> None:
    """15 of 25 is sure where those are all of them; then the whole is read both ways."""
    council = replace(group("council", GroupKind.SIDE, 15, 25, exact=True), population=25)
    partners = group("partners", GroupKind.SIDE, 4, 40, exact=True)
    whole = group("all", GroupKind.ALL, 19, 65, exact=True).counts
    parts = (Part("a", "a", 15, 25), Part("b", "b", 2, 20), Part("c", "c", 2, 20))

    known, unknown = (
        judge(Evidence(counts=whole, parts=parts, pairs=((side, partners),)), settings=LINES)
        for side in (council, replace(council, population=None))
    )

    assert (known.verdict, known.strong) == (Verdict.BOTH, ("council",))
    assert unknown.verdict is Verdict.CONSIDERATION


class TestApart:
    def names(self, *groups: GroupEvidence, kinds: tuple[GroupKind, ...]) -> object:
        pair = apart(groups, kinds=kinds)
        return None if pair is None else tuple(found.name for found in pair)

    def test_thirty_points_exactly_is_apart_with_the_higher_first(self) -> None:
        side = GroupKind.SIDE
        low, high = group("a", side, 3, 10, exact=True), group("b", side, 6, 10, exact=True)

        assert self.names(low, high, kinds=(side,)) == ("b", "a")

    def test_one_point_less_is_not(self) -> None:
        side = GroupKind.SIDE
        low, high = group("a", side, 31, 100, exact=True), group("b", side, 60, 100, exact=True)

        assert self.names(low, high, kinds=(side,)) is None

    def test_widest_pair_is_named_and_the_first_of_equals(self) -> None:
        level = GroupKind.LEVEL
        found = self.names(
            group("a", level, 8, 10, exact=True),
            group("b", level, 5, 10, exact=True),
            group("c", level, 2, 10, exact=True),
            group("d", level, 2, 10, exact=True),
            kinds=(level,),
        )

        assert found == ("a", "c")

    def test_kinds_are_not_mixed_and_words_are_left_out(self) -> None:
        side, level = GroupKind.SIDE, GroupKind.LEVEL
        groups = (
            group("a", side, 9, 10, exact=True),
            group("b", level, 1, 10, exact=True),
            group("c", side, 1, 10, exact=False),
        )

        assert self.names(*groups, kinds=(side, level)) is None

    def test_groups_apart_are_said_besides(self) -> None:
        groups = (
            group("council", GroupKind.SIDE, 20, 25, exact=True),
            group("partners", GroupKind.SIDE, 12, 25, exact=True),
            group("strategic", GroupKind.LEVEL, 20, 25, exact=True),
            group("frontline", GroupKind.LEVEL, 12, 25, exact=True),
        )
        whole = group("all", GroupKind.ALL, 32, 50, exact=True).counts
        parts = tuple(Part(name, name, x, n) for name, x, n in (("a", 20, 25), ("b", 6, 13)))

        found = judge(Evidence(counts=whole, parts=parts, groups=groups), settings=LINES)

        assert Reason.GROUPS_APART in found.modifiers
        assert Reason.LEVELS_APART in found.modifiers


SECTORS = [
    "childrens_social_care",
    "early_help",
    "police",
    "probation",
    "nhs_acute",
    "nhs_community",
    "voluntary",
]


Invited = dict[str | tuple[str, str], int]


@st.composite
def worsened(
    draw: st.DrawFn,
) -> tuple[Bank, Any, Any, AnalysisSettings, Invited]:
    """A round of two questions, and the same with one favourable answer turned unfavourable."""
    bank = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
    rows: list[Any] = []
    lean = draw(st.sampled_from([(6, 4), (8, 2), (3, 7), (5, 5)]))
    for place, sector in enumerate(SECTORS[: draw(st.integers(3, 7))]):
        for level in draw(
            st.lists(st.sampled_from(["strategic", "frontline", "other"]), min_size=1, unique=True)
        ):
            answers = {}
            people = draw(st.integers(0, 16))
            for code in ("q_one", "q_two"):
                dk = draw(st.integers(0, min(2, people)))
                base = people - dk
                near = base * lean[0] // 10
                favourable = draw(
                    st.one_of(
                        st.integers(0, base),
                        st.integers(max(0, near - 2), min(base, near + 2)),
                    )
                )
                answers[code] = {"ag": favourable, "di": base - favourable, "dk": dk}
            rows.append((f"agency {place}", sector, level, answers))
    places = [
        (place, code)
        for place, row in enumerate(rows)
        for code in ("q_one", "q_two")
        if row[3][code]["ag"]
    ]
    if places:
        place, code = draw(st.sampled_from(places))
        name, sector, level, answers = rows[place]
        turned = answers[code] | {
            "ag": answers[code]["ag"] - 1,
            "di": answers[code]["di"] + 1,
        }
        worse = rows.copy()
        worse[place] = (name, sector, level, answers | {code: turned})
    else:
        worse = rows
    lines = AnalysisSettings(everyone_in_scope=draw(st.booleans()))
    invited: Invited = {}
    for name, _, _, answers in rows:
        invited[name] = invited.get(name, 0) + sum(answers["q_one"].values())
    invited = {name: n + draw(st.integers(0, 12)) for name, n in invited.items()}
    return bank, rows, worse, lines, invited


@settings(max_examples=50)
@given(worsened())
def test_turning_an_answer_unfavourable_never_improves_a_class(
    drawn: tuple[Bank, Any, Any, AnalysisSettings, Invited],
) -> None:
    """Of the question or of its topic, at the question's own lines or through its groups."""
    bank, rows, worse, lines, invited = drawn
    before, after = (
        summarise(make_tally(bank, held, invited=invited), bank, settings=lines, source="x")
        for held in (rows, worse)
    )

    for was, now in zip(readings(before), readings(after), strict=True):
        first, second = rank(was), rank(now)
        assert (first is None) is (second is None)
        if first is not None and second is not None:
            assert second <= first


def readings(summary: Summary) -> list[Reading]:
    """The readings of every topic and of every question."""
    topics = [topic for signpost in summary.signposts for topic in signpost.topics]
    found = [topic.reading for topic in topics]
    found += [q.reading for topic in topics for q in topic.questions if q.reading is not None]
    return found
