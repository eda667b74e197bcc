"""The gate: nothing leaves it that it should hold, tried on drawn rounds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import disclosure
from analysis.counts import Counts, RoundCounts
from analysis.decisions import Decision, Showing, is_extreme
from analysis.disclosure import tidy, whole_points
from analysis.gaps import Difference, Found, GapKind, Pair, Strength, plain_difference
from analysis.groups import groups_of
from analysis.result import Figures, GroupKind, GroupResult, Mark, QuestionResult, Summary
from analysis.settings import AnalysisSettings
from analysis.showing import decide
from analysis.summary import summarise
from analysis.tally import Lean
from analysis.weighting import Part, voices
from question_banks.bank import Bank, ScaleQuestion, Sector
from tests.factories_tally import make_bank, make_tally, people, scale_question

SECTORS = [
    Sector.CHILDRENS_SOCIAL_CARE,
    Sector.EARLY_HELP,
    Sector.POLICE,
    Sector.PROBATION,
    Sector.NHS_ACUTE,
    Sector.NHS_COMMUNITY,
    Sector.VOLUNTARY,
    Sector.SCHOOLS,
]
LEVELS = ["strategic", "operational", "frontline", "board"]
K = 10


@st.composite
def rounds(draw: st.DrawFn) -> tuple[Bank, list[Any]]:
    """A bank of one question and the rows of three to eight agencies."""
    rows = []
    for place, sector in enumerate(SECTORS[: draw(st.integers(3, 8))]):
        for level in draw(st.sets(st.sampled_from(LEVELS), min_size=1, max_size=3)):
            base = draw(st.integers(0, 22))
            favourable = draw(st.one_of(st.integers(0, base), st.sampled_from([0, base])))
            unfavourable = draw(st.integers(0, base - favourable))
            rows.append(
                (
                    f"agency {place}",
                    sector,
                    level,
                    {
                        "q_one": people(
                            favourable,
                            base - favourable - unfavourable,
                            unfavourable,
                            dk=draw(st.integers(0, 3)),
                            skipped=draw(st.integers(0, 2)),
                        )
                    },
                )
            )
    return make_bank(), sorted(rows, key=lambda row: (row[0], row[2]))


def decided(bank: Bank, rows: list[Any]) -> tuple[Decision, RoundCounts]:
    """What may be shown on the one question of a round."""
    question = bank.by_code["q_one"]
    assert isinstance(question, ScaleQuestion)
    lines = AnalysisSettings()
    counts = RoundCounts(make_tally(bank, rows), bank)
    decision = decide(
        question,
        counts.scale(question),
        counts=counts,
        groups=groups_of(counts, lines),
        settings=lines,
    )
    return decision, counts


def question_of(summary: Summary) -> QuestionResult:
    """The one question of a result."""
    return summary.questions()["q_one"]


def numbers_in(value: object) -> list[float]:
    """Every number anywhere in a part of a result, those in words included."""
    if isinstance(value, dict):
        return [n for part in value.values() for n in numbers_in(part)]
    if isinstance(value, list):
        return [n for part in value for n in numbers_in(part)]
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [value]
    return [int(word) for word in str(value).split() if word.isdigit()]


class TestEveryRound:
    @settings(max_examples=40)
    @given(rounds())
    def test_group_under_k_has_no_number_at_all(self, drawn: tuple[Bank, list[Any]]) -> None:
        bank, rows = drawn
        decision, _ = decided(bank, rows)
        result = question_of(
            summarise(make_tally(bank, rows), bank, settings=AnalysisSettings(), source="x")
        )

        by_key = {(g.of.kind, g.of.name): g for g in (decision.everybody, *decision.groups)}
        assert result.all is not None
        for group in (result.all, *result.groups):
            ungated = by_key[group.kind, group.group]
            if ungated.counts.base < K:
                assert group.figures is None
                assert group.words is None
                assert numbers_in(json.loads(group.model_dump_json())) == []

    @settings(max_examples=40)
    @given(rounds())
    def test_where_no_figure_is_shown_nothing_else_is(self, drawn: tuple[Bank, list[Any]]) -> None:
        bank, rows = drawn
        result = question_of(
            summarise(make_tally(bank, rows), bank, settings=AnalysisSettings(), source="x")
        )

        assert result.all is not None
        if result.all.figures is None:
            assert all(group.figures is None for group in result.groups)
            assert result.voices is None
            assert result.gaps == ()
            assert result.reading is not None
            assert not any(letter.isdigit() for letter in result.reading.sentence)

    @settings(max_examples=40)
    @given(rounds())
    def test_reading_says_no_number_that_is_not_shown(self, drawn: tuple[Bank, list[Any]]) -> None:
        bank, rows = drawn
        result = question_of(
            summarise(make_tally(bank, rows), bank, settings=AnalysisSettings(), source="x")
        )

        shown = set()
        for group in (result.all, *result.groups):
            if group is not None and group.figures is not None:
                figures = group.figures
                shown |= {figures.favourable, figures.base, figures.agencies, figures.dont_know}
                shown.add(figures.base + figures.dont_know)
        assert result.reading is not None
        said = set(numbers_in(result.reading.sentence.replace(",", "").replace(";", "")))
        assert said <= shown

    @settings(max_examples=40)
    @given(rounds())
    def test_what_is_hidden_cannot_be_had_by_taking_away(
        self, drawn: tuple[Bank, list[Any]]
    ) -> None:
        """For each way to divide people, the whole less its exact parts is nobody, or big enough
        and not extreme."""
        bank, rows = drawn
        decision, _ = decided(bank, rows)
        if decision.everybody.showing is not Showing.FIGURES:
            return
        sides = {
            (row[0], row[2]): "council" if row[1] in AnalysisSettings().council_sectors else "rest"
            for row in rows
        }
        shown = {
            (group.of.kind, group.of.name): group.showing is Showing.FIGURES
            for group in decision.groups
        }
        council = shown.get((GroupKind.SIDE, "council"), False)
        assert council is shown.get((GroupKind.SIDE, "partners"), False)
        # A side that is shown in figures is a whole of its own.
        wholes = [("council",), ("rest",)] if council else [("council", "rest")]
        for whole in wholes:
            inside = [row for row in rows if sides[row[0], row[2]] in whole]
            self.check(
                [
                    row
                    for row in inside
                    if not shown.get(
                        (GroupKind.SECTOR_GROUP, AnalysisSettings().group_of(row[1])), False
                    )
                ],
                of=inside,
            )
        self.check(
            [row for row in rows if not shown.get((GroupKind.LEVEL, row[2]), False)], of=rows
        )

    def check(self, rest: list[Any], *, of: list[Any]) -> None:
        """The people left when the exact groups are taken away from a whole."""
        left: Counter[str | None] = Counter()
        for row in rest:
            left.update(row[3]["q_one"])
        if left.total() and rest != of:
            base = left["ag"] + left["ne"] + left["di"]
            assert base >= K
            assert not is_extreme(left["ag"], base)

    @settings(max_examples=15)
    @given(rounds(), st.randoms(use_true_random=False))
    def test_order_of_rows_does_not_matter(
        self, drawn: tuple[Bank, list[Any]], random: Any
    ) -> None:
        bank, rows = drawn
        mixed = rows.copy()
        random.shuffle(mixed)

        first, second = (
            summarise(make_tally(bank, held), bank, settings=AnalysisSettings(), source=source)
            for held, source in ((rows, "one"), (mixed, "other"))
        )

        assert first.canonical_json() == second.canonical_json()
        assert first.provenance.tally_digest == second.provenance.tally_digest


def counts_of(favourable: int, neutral: int, unfavourable: int, dont_know: int = 0) -> Counts:
    """Everybody's answers to one question, of three agencies."""
    return Counts(
        options=(favourable, 0, neutral, unfavourable, 0, dont_know, 0),
        on_scale=(favourable, 0, neutral, unfavourable, 0),
        favourable=favourable,
        neutral=neutral,
        unfavourable=unfavourable,
        dont_know=dont_know,
        not_applicable=0,
        skipped=0,
        not_shown=0,
        agencies=3,
        agencies_applicable=3,
    )


@pytest.mark.parametrize(
    ("favourable", "others", "expected"),
    [
        (1, 19, "Nearly none"),
        (0, 20, "Nearly none"),
        (2, 18, "Fewer than half"),
        (8, 12, "Fewer than half"),
        (9, 11, "About half"),
        (11, 9, "About half"),
        (12, 8, "Most"),
        (18, 2, "Most"),
        (19, 1, "Nearly all"),
        (20, 0, "Nearly all"),
    ],
)
def test_words_say_how_many_without_a_number(favourable: int, others: int, expected: str) -> None:
    assert (
        disclosure.words(counts_of(favourable, 0, others), settings=AnalysisSettings()) == expected
    )


class TestFigures:
    ROWS: tuple[Any, ...] = (
        ("social", "childrens_social_care", "frontline", {"q_one": people(12, 2, 4, dk=3, na=1)}),
        ("police", "police", "frontline", {"q_one": people(6, 2, 4, skipped=2)}),
        ("hospital", "nhs_acute", "frontline", {"q_one": people(12, 4, 4)}),
    )
    INVITED: ClassVar[dict[Any, int]] = {"social": 24, "police": 16, "hospital": 20, "schools": 30}

    def figures(self, *, everyone_in_scope: bool, invited: dict[Any, int] | None) -> Figures:
        bank = make_bank()
        tally = make_tally(bank, self.ROWS, invited=invited, also=[("schools", "schools")])
        summary = summarise(
            tally,
            bank,
            settings=AnalysisSettings(everyone_in_scope=everyone_in_scope),
            source="x",
        )
        everybody = question_of(summary).all
        assert everybody is not None
        assert everybody.figures is not None
        return everybody.figures

    def test_five_states_are_counted_apart(self) -> None:
        figures = self.figures(everyone_in_scope=False, invited=None)

        assert (figures.favourable, figures.neutral, figures.unfavourable) == (30, 8, 12)
        assert (figures.base, figures.people, figures.agencies) == (50, 54, 3)
        assert (figures.dont_know, figures.not_applicable) == (3, 1)
        assert (figures.skipped, figures.not_shown) == (2, 0)
        assert figures.share == 0.6
        assert figures.dont_know_share == tidy(3 / 53)
        assert figures.share_counting_dont_know == tidy(30 / 53)
        assert [option.count for option in figures.options] == [0, 30, 8, 12, 0, 3, 1]
        assert figures.index == tidy((30 * 75 + 8 * 50 + 12 * 25) / 50)
        assert figures.agreement is not None

    def test_without_a_number_asked_there_are_no_bounds(self) -> None:
        figures = self.figures(everyone_in_scope=True, invited=None)

        assert (figures.method, figures.asked, figures.bounds) == ("wilson", None, None)
        assert figures.population is None

    def test_bounds_hold_silent_agencies_and_the_interval_does_not(self) -> None:
        figures = self.figures(everyone_in_scope=True, invited=self.INVITED)

        assert (figures.method, figures.asked, figures.population) == ("hypergeometric", 90, 60)
        assert figures.bounds is not None
        assert (figures.bounds.low, figures.bounds.high) == (tidy(30 / 90), tidy(70 / 90))
        assert (figures.interval.low, figures.interval.high) == (0.55, 0.65)
        assert (figures.interval_80.low, figures.interval_80.high) == (
            tidy(34 / 60),
            tidy(38 / 60),
        )

    def test_hand_picked_invitees_are_no_population(self) -> None:
        figures = self.figures(everyone_in_scope=False, invited=self.INVITED)

        assert (figures.method, figures.asked, figures.population) == ("wilson", 90, None)
        assert figures.bounds is not None

    def test_more_answers_than_invited_make_the_number_unknown(self) -> None:
        figures = self.figures(everyone_in_scope=True, invited=self.INVITED | {"police": 13})

        assert (figures.method, figures.asked) == ("wilson", None)

    def test_scale_without_weights_has_no_index(self) -> None:
        bank = make_bank()
        plain = bank.model_dump(by_alias=True)
        for option in plain["scales"][0]["options"]:
            option["weight"] = None
        bank = Bank.model_validate(plain)

        summary = summarise(
            make_tally(bank, self.ROWS), bank, settings=AnalysisSettings(), source="x"
        )

        everybody = question_of(summary).all
        assert everybody is not None
        assert everybody.figures is not None
        assert everybody.figures.index is None


class TestMostly:
    def test_enough_people_are_counted(self) -> None:
        leans = {Lean.FAVOURABLE: 6, Lean.UNFAVOURABLE: 2, Lean.NEITHER: 2}

        assert disclosure.mostly(leans, agencies=3, settings=AnalysisSettings()) == (6, 2)

    @pytest.mark.parametrize(
        ("favourable", "unfavourable", "neither", "agencies"),
        [(5, 3, 1, 3), (6, 3, 3, 2), (11, 0, 1, 3), (1, 6, 5, 3), (7, 1, 4, 3)],
        ids=["nine people", "two agencies", "nearly all", "nearly none", "one against"],
    )
    def test_too_few_or_extreme_is_none(
        self, favourable: int, unfavourable: int, neither: int, agencies: int
    ) -> None:
        leans = {
            Lean.FAVOURABLE: favourable,
            Lean.UNFAVOURABLE: unfavourable,
            Lean.NEITHER: neither,
        }

        assert disclosure.mostly(leans, agencies=agencies, settings=AnalysisSettings()) is None


class TestVoices:
    ROWS: tuple[Any, ...] = tuple(
        (f"agency {place}", sector, "frontline", {"q_one": people(*counts)})
        for place, (sector, counts) in enumerate(
            [
                ("childrens_social_care", (6, 2, 4)),
                ("early_help", (6, 2, 4)),
                ("police", (6, 2, 4)),
                ("probation", (6, 2, 4)),
                ("nhs_acute", (6, 2, 4)),
                ("nhs_community", (6, 2, 4)),
                ("voluntary", (6, 2, 4)),
                ("faith", (6, 2, 4)),
            ]
        )
    )

    def test_share_is_in_whole_points_around_which_its_interval_lies(self) -> None:
        bank = make_bank()
        summary = summarise(
            make_tally(bank, self.ROWS), bank, settings=AnalysisSettings(), source="x"
        )

        found = question_of(summary).voices

        assert found is not None
        assert (found.voices, found.share) == (8, 0.5)
        assert (found.interval.low, found.interval.high) == (0.4, 0.6)

    def test_share_that_would_tell_an_agency_is_not_shown(self) -> None:
        rows = [
            ("social", "childrens_social_care", "frontline", {"q_one": people(10, 0, 10)}),
            ("hospital", "nhs_acute", "frontline", {"q_one": people(3, 0, 4)}),
            ("police", "police", "frontline", {"q_one": people(9, 0, 9)}),
        ]
        bank = make_bank()

        summary = summarise(make_tally(bank, rows), bank, settings=AnalysisSettings(), source="x")

        question = question_of(summary)
        assert question.all is not None
        assert question.all.figures is not None
        assert question.voices is None

    def test_sums_that_are_shown_are_taken_as_known(self) -> None:
        decision, _ = decided(make_bank(), list(self.ROWS))
        parts = [Part(f"agency {n}", group, 6, 12) for n, group in enumerate("abcdefgh")]

        found = disclosure.voice_figures(
            decision,
            voices(parts),
            parts=parts,
            settings=AnalysisSettings(),
        )

        assert found is not None


def test_small_words_and_a_scale_of_two() -> None:
    """A group in words has no figure, and a scale of two options no agreement."""
    rows = [
        ("social", "childrens_social_care", "frontline", {"q_one": people(19, 0, 1)}),
        ("hospital", "nhs_acute", "frontline", {"q_one": people(6, 0, 6)}),
        ("police", "police", "frontline", {"q_one": people(5, 0, 5)}),
    ]
    decision, _ = decided(make_bank(), rows)
    council = decision.find(GroupKind.SIDE, "council")
    assert council is not None
    lines = AnalysisSettings()
    scale = make_bank().scales[0]

    told = disclosure.group_result(council, scale=scale, settings=lines)
    whole = disclosure.figures(decision.everybody, scale=scale, settings=lines)
    yes_or_no = scale.model_copy(update={"options": (scale.options[0], scale.options[2])})
    counts = replace(decision.everybody.counts, on_scale=(30, 12), options=(30, 12))
    two = replace(decision.everybody, counts=counts)

    assert (told.words, told.figures, told.mark) == ("Nearly all", None, None)
    assert whole.agreement is not None
    assert disclosure.figures(two, scale=yes_or_no, settings=lines).agreement is None


class TestGap:
    def gap(self, strength: Strength, kind: GapKind, difference: Difference) -> Any:
        decision, _ = decided(make_bank(), list(TestVoices.ROWS))
        council = decision.find(GroupKind.SIDE, "council")
        partners = decision.find(GroupKind.SIDE, "partners")
        assert council is not None
        assert partners is not None
        return disclosure.gap(Found(difference, strength), kind, first=council, second=partners)

    def test_clear_difference_is_told_with_its_size(self) -> None:
        gap = self.gap(
            Strength.CLEAR, GapKind.COUNCIL_PARTNERS, Difference(0.284, 0.11, 0.45, 0.001)
        )

        assert gap.words == (
            "Answers from “Council” are more positive than from “All partners”, by 28 points."
        )
        assert (gap.difference, gap.interval.low, gap.clear) == (0.284, 0.11, True)

    def test_possible_difference_is_hedged_and_names_the_higher_first(self) -> None:
        gap = self.gap(
            Strength.POSSIBLE, GapKind.COUNCIL_PARTNERS, Difference(-0.01, -0.02, -0.005, 0.001)
        )

        assert gap.words == (
            "Answers from “All partners” may be more positive than from “Council”, by 1 point."
        )
        assert (gap.first, gap.second, gap.clear) == ("Council", "All partners", False)

    def test_difference_within_agencies_is_in_whole_points(self) -> None:
        gap = self.gap(Strength.CLEAR, GapKind.LEVELS, Difference(0.2861, 0.1149, 0.4512, 0.001))

        assert gap.words.startswith("Within the same agencies, answers from “Council” are")
        assert (gap.difference, gap.interval.low, gap.interval.high) == (0.29, 0.11, 0.45)

    def test_no_difference_is_not_told(self) -> None:
        assert self.gap(Strength.NONE, GapKind.LEVELS, Difference(0.1, -0.1, 0.3, 0.4)) is None


class TestLevelDifference:
    def difference(self, *strata: tuple[int, int, int, int]) -> Difference | None:
        parts = [
            (Part(str(n), "", a, n1), Part(str(n), "", b, n2))
            for n, (a, n1, b, n2) in enumerate(strata)
        ]
        return disclosure.level_difference(parts, settings=AnalysisSettings())

    def test_many_mixed_agencies_are_compared(self) -> None:
        found = self.difference(*[(5, 8, 4, 10)] * 6)

        assert found is not None
        assert found.difference == pytest.approx(0.225)

    @pytest.mark.parametrize(
        "strata",
        [
            [(5, 8, 4, 10)] * 2,
            [(2, 3, 4, 10)] * 3,
            [(5, 8, 1, 3)] * 3,
            [(5, 8, 0, 0)] * 6,
        ],
        ids=["two agencies", "nine of the first", "nine of the second", "never both"],
    )
    def test_too_few_to_compare(self, strata: list[tuple[int, int, int, int]]) -> None:
        assert self.difference(*strata) is None

    def test_difference_that_would_tell_an_agency_is_not_shown(self) -> None:
        # The sums of both levels are shown; with the difference they leave little open.
        assert self.difference((9, 10, 3, 20), (2, 10, 3, 4), (1, 5, 1, 2)) is None

    def test_agency_with_one_level_is_told_by_what_the_others_leave(self) -> None:
        # Each of six agencies weighs the same, so the difference and the sums tell the seventh.
        alike = [(5, 8, 4, 10)] * 6

        assert self.difference(*alike) is not None
        assert self.difference(*alike, (3, 9, 0, 0)) is None


@pytest.mark.parametrize(
    ("share", "points"), [(0.125, 0.13), (0.285, 0.29), (-0.225, -0.23), (0.514999, 0.51)]
)
def test_whole_points_round_the_decimal(share: float, points: float) -> None:
    assert whole_points(share) == points


def test_tidy_keeps_twelve_digits() -> None:
    assert tidy(1 / 3) == 0.333333333333
    assert tidy(0.1 + 0.2) == 0.3


class TestNotAsked:
    def test_marks_of_groups_that_are_not_shown(self) -> None:
        bank = make_bank(
            {
                "t_one": [
                    scale_question("q_one", audience=["frontline", "operational"]),
                    scale_question("q_two"),
                ]
            }
        )
        rows: list[Any] = [
            (
                f"agency {n}",
                sector,
                level,
                {"q_two": people(6, 2, 4)}
                | ({"q_one": people(6, 2, 4)} if level != "strategic" else {}),
            )
            for n, sector in enumerate(["childrens_social_care", "police", "nhs_acute"])
            for level in ("strategic", "operational", "frontline")
        ]

        summary = summarise(make_tally(bank, rows), bank, settings=AnalysisSettings(), source="x")

        groups = {group.group: group for group in summary.questions()["q_one"].groups}
        assert groups["strategic"].mark is Mark.NOT_APPLICABLE
        assert groups["operational"].figures is not None
        assert groups["police_and_justice"].mark is Mark.CONFIDENTIAL

    def test_a_result_is_figures_or_words_or_a_mark(self) -> None:
        bank = make_bank()
        summary = summarise(
            make_tally(bank, TestVoices.ROWS), bank, settings=AnalysisSettings(), source="x"
        )

        question = question_of(summary)
        assert question.all is not None
        for group in (question.all, *question.groups):
            assert _parts_of(group) == 1


def _parts_of(group: GroupResult) -> int:
    return sum(part is not None for part in (group.figures, group.words, group.mark))


def test_two_council_groups_may_not_add_up_to_the_council_in_words() -> None:
    lines = AnalysisSettings()
    groups = {
        "council": lines.sector_groups["council"],
        "districts": (Sector.DISTRICT_COUNCIL,),
        "others": tuple(
            sector
            for sector in Sector
            if sector not in lines.council_sectors and sector is not Sector.DISTRICT_COUNCIL
        ),
    }
    custom = AnalysisSettings(
        council_sectors=(*lines.council_sectors, Sector.DISTRICT_COUNCIL),
        sector_groups=groups,
        group_titles={name: name for name in (*groups, "partners")},
    )
    rows: list[Any] = [
        ("social", "childrens_social_care", "frontline", {"q_one": people(5, 0, 5)}),
        ("youth", "early_help", "frontline", {"q_one": people(5, 0, 5)}),
        ("north", "district_council", "frontline", {"q_one": people(6, 0, 5)}),
        ("south", "district_council", "frontline", {"q_one": people(6, 0, 5)}),
        ("police", "police", "frontline", {"q_one": people(10)}),
        ("hospital", "nhs_acute", "frontline", {"q_one": people(10)}),
    ]
    bank = make_bank()
    question = bank.by_code["q_one"]
    assert isinstance(question, ScaleQuestion)
    counts = RoundCounts(make_tally(bank, rows), bank)

    decision = decide(
        question,
        counts.scale(question),
        counts=counts,
        groups=groups_of(counts, custom),
        settings=custom,
    )

    # All partners said yes; were both council groups in figures, the rest would be the partners.
    assert {(g.of.kind, g.of.name): g.showing for g in decision.groups} == {
        (GroupKind.SIDE, "council"): Showing.WORDS,
        (GroupKind.SIDE, "partners"): Showing.WORDS,
        (GroupKind.SECTOR_GROUP, "council"): Showing.WORDS,
        (GroupKind.SECTOR_GROUP, "districts"): Showing.WORDS,
        (GroupKind.SECTOR_GROUP, "others"): Showing.WORDS,
    }


def test_council_and_partners_gap_needs_nothing_but_what_is_shown() -> None:
    bank = make_bank()
    rows: list[Any] = [
        ("social", "childrens_social_care", "frontline", {"q_one": people(18, 0, 2)}),
        ("police", "police", "frontline", {"q_one": people(5, 0, 10)}),
        ("hospital", "nhs_acute", "frontline", {"q_one": people(5, 0, 10)}),
    ]

    (gap,) = question_of(
        summarise(make_tally(bank, rows), bank, settings=AnalysisSettings(), source="x")
    ).gaps

    expected = plain_difference(Pair(18, 20, 10, 30))
    assert gap.clear
    assert (gap.difference, gap.interval.low) == (tidy(expected.difference), tidy(expected.low))
