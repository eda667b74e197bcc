"""Slopes and what a change is made of: drawn only where rounds can be compared."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import charts_rounds, slopes, splits
from analysis.charts import Chart
from analysis.compared import (
    Change,
    Point,
    QuestionCompared,
    SignpostCompared,
    Split,
)
from tests import factories_compared as make
from tests import factories_summary
from tests.unit.analysis.drawings import SVG, assert_sound, drawn, percent, words_of


def of(*questions: QuestionCompared) -> SignpostCompared:
    """A signpost of those questions."""
    return SignpostCompared(code="practice", title="Practice", questions=questions)


def chart_of(*questions: QuestionCompared) -> Chart | None:
    """The slopes of those questions."""
    return charts_rounds.slopes_chart(make.comparison(), of(*questions))


def renamed(question: QuestionCompared, number: int) -> QuestionCompared:
    """The same under another code and a long name."""
    name = f"{question.short}, and people could show how they know it ({number})"
    return question.model_copy(update={"code": f"q{number}", "short": name})


class TestSlopes:
    def test_lines_are_drawn_named_and_told(self) -> None:
        chart = chart_of(make.improved(), make.only_mix(), make.steady())

        assert_sound(chart)
        assert chart is not None
        assert chart.sentence == (
            "Of the 3 questions drawn, 1 improved, 1 declined and 1 showed no clear change. The "
            "largest change is on “Children are heard in plans”: 41% to 68%."
        )
        said = words_of(chart)
        assert {"41% to 68%", "60% to 42%", "60% to 63%"} <= set(said)
        assert {"Improved", "Declined", "No clear change"} <= set(said)
        assert "Left: Baseline (March 2030). Right:" in said[0]

    def test_clear_changes_are_thick_and_no_clear_change_is_thin(self) -> None:
        widths = {}
        for question in (make.improved(), make.only_mix(), make.steady()):
            chart = chart_of(question)
            widths[question.code] = [
                line.attrib["stroke-width"]
                for line in drawn(chart).iter(f"{SVG}line")
                if percent(line, "x1") == slopes.FIRST and percent(line, "x2") == slopes.LAST
                if line.attrib["y1"] != line.attrib["y2"]
            ]

        assert widths == {
            "children_heard": ["3.5"],
            "thresholds_clear": ["3.5"],
            "training_together": ["1.5"],
        }

    def test_line_stands_where_its_shares_are(self) -> None:
        (line,) = [
            line
            for line in drawn(chart_of(make.only_mix())).iter(f"{SVG}line")
            if line.attrib["stroke-width"] == "3.5"
        ]
        fall = float(line.attrib["y2"]) - float(line.attrib["y1"])
        assert fall == pytest.approx(0.18 * slopes.LEAST_HEIGHT)

    def test_too_few_is_words_and_never_a_line(self) -> None:
        chart = chart_of(make.declined(), make.too_few(), make.new())

        assert_sound(chart)
        assert chart is not None
        assert "“The board challenges its members”: too few to say." in " ".join(words_of(chart))
        assert "No clear change" not in words_of(chart)
        assert chart.sentence == (
            "“Enough data to judge performance” declined: 73% to 45%. On 1 question too few "
            "answered to say. 1 question is not drawn: it cannot be compared."
        )
        assert chart.table.rows[1] == (
            "The board challenges its members",
            "Does not apply",
            "60% of 20",
            "Not shown, to protect people in a small group",
            "Too few to say",
        )

    def test_published_round_is_in_the_table_with_its_base_missing(self) -> None:
        chart = chart_of(make.improved())

        assert chart is not None
        assert chart.table.rows[0][1:] == (
            "41%, base not published",
            "41% of 58",
            "68% of 60",
            "Improved",
        )

    def test_earlier_rounds_are_drawn_where_they_can_be_compared(self) -> None:
        whole = make.steady()
        before = make.step(
            make.difference(make.point(20, 50), make.point(30, 50), Change.IMPROVED), before=0
        )
        question = whole.model_copy(
            update={
                "points": (make.point(20, 50), *whole.points[1:]),
                "steps": (before, *whole.steps),
            }
        )

        chart = chart_of(question, make.only_mix())

        assert_sound(chart)
        assert "From left to right:" in words_of(chart)[0]
        middle = (slopes.FIRST + slopes.LAST) / 2
        ends = [
            percent(line, "x2")
            for line in drawn(chart).iter(f"{SVG}line")
            if percent(line, "x1") == slopes.FIRST and percent(line, "x2") != slopes.LAST
        ]
        assert ends == [middle]

    @pytest.mark.parametrize(
        "questions",
        [(make.too_few(),), (make.new(),), (make.dropped(),), ()],
        ids=["too few", "new", "dropped", "none"],
    )
    def test_nothing_to_draw_is_no_chart(self, questions: tuple[QuestionCompared, ...]) -> None:
        assert chart_of(*questions) is None

    def test_question_without_steps_is_left_out(self) -> None:
        alone = make.steady().model_copy(update={"steps": ()})

        assert chart_of(alone) is None

    def test_share_in_words_has_no_slope(self) -> None:
        told = make.steady()
        worded = told.model_copy(update={"points": (*told.points[:-1], Point(words="Nearly all"))})

        chart = chart_of(worded, make.improved())

        assert chart is not None
        assert "Agencies train together" not in " ".join(words_of(chart))

    def test_many_questions_with_long_names_do_not_overlap(self) -> None:
        asked = [
            renamed(question, number)
            for number, question in enumerate([make.improved(), make.steady()] * 6)
        ]

        chart = chart_of(*asked)

        assert_sound(chart)
        lines = sorted(
            float(text.attrib["y"])
            for text in drawn(chart).iter(f"{SVG}text")
            if percent(text, "x") == slopes.NAMES
        )
        assert len(lines) > 24
        assert all(low - high >= 15 for high, low in pairwise(lines))

    @pytest.mark.parametrize(
        "label", factories_summary.HOSTILE, ids=range(len(factories_summary.HOSTILE))
    )
    def test_hostile_names_are_legal(self, label: str) -> None:
        comparison = make.hostile_comparison(label)

        chart = charts_rounds.slopes_chart(comparison, comparison.signposts[0])

        assert_sound(chart)
        assert_sound(charts_rounds.split_chart(comparison.signposts[0].questions[0]))

    def test_slope_without_an_end_is_refused(self) -> None:
        slope = slopes.Slope(label="A", shares=(None, 0.5), change=Change.IMPROVED)

        with pytest.raises(ValueError, match="both ends"):
            _ = slope.ends


class TestApart:
    @given(st.lists(st.tuples(st.floats(0, 300), st.integers(19, 76)), min_size=1, max_size=12))
    def test_no_two_boxes_touch_and_all_are_in_the_room(
        self, boxes: list[tuple[float, int]]
    ) -> None:
        wanted, heights = [box[0] for box in boxes], [box[1] for box in boxes]
        room = max(300, sum(heights) + 8 * (len(heights) - 1))

        middles = slopes.apart(wanted, heights, between=8, room=room)

        placed = sorted(
            (middle - tall / 2, middle + tall / 2)
            for middle, tall in zip(middles, heights, strict=True)
        )
        assert placed[0][0] >= -1e-6
        assert placed[-1][1] <= room + 1e-6
        assert all(below[0] - above[1] >= 8 - 1e-6 for above, below in pairwise(placed))
        order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
        assert order == sorted(range(len(wanted)), key=lambda at: (middles[at], at))

    def test_boxes_with_room_stand_where_they_are_wanted(self) -> None:
        assert slopes.apart([50, 150, 250], [20, 20, 20], between=8, room=300) == [50, 150, 250]


class TestSplit:
    def test_parts_add_up_and_nought_is_left_out(self) -> None:
        chart = charts_rounds.split_chart(make.only_mix())

        assert_sound(chart)
        assert chart is not None
        assert chart.table.rows == (
            ("The same agencies answered differently", "0"),
            ("The same agencies were more or fewer of those who answered", "−18"),
            ("The whole change", "−18"),
        )
        assert chart.sentence.startswith("The fall is only a different mix")

    def test_bars_go_left_where_they_pull_down(self) -> None:
        split = Split(rate=10, mix=-5, came=0, went=0, total=5, sentence="")
        step = make.steady().steps[0].model_copy(update={"split": split})
        question = make.steady().model_copy(update={"steps": (step,)})

        chart = charts_rounds.split_chart(question)

        assert_sound(chart)
        bars = [
            (percent(rect, "x"), percent(rect, "width"))
            for rect in drawn(chart).iter(f"{SVG}rect")
            if rect.attrib.get("height") == str(splits.BAR)
        ]
        nought = bars[0][0]
        assert bars[1][0] + bars[1][1] == pytest.approx(nought, abs=0.02)
        assert bars[2][0] == pytest.approx(nought, abs=0.02)
        assert bars[0][1] == pytest.approx(2 * bars[1][1], abs=0.02)
        assert chart is not None
        assert chart.sentence == "The change is 5 points."

    def test_no_change_at_all_is_drawn_as_nought(self) -> None:
        split = Split(rate=0, mix=0, came=0, went=0, total=0, sentence="Nothing changed.")
        step = make.steady().steps[0].model_copy(update={"split": split})

        chart = charts_rounds.split_chart(make.steady().model_copy(update={"steps": (step,)}))

        assert_sound(chart)
        assert words_of(chart).count("0") == 2

    @pytest.mark.parametrize(
        "question",
        [make.declined(), make.steady().model_copy(update={"steps": ()})],
        ids=["withheld", "no step"],
    )
    def test_no_split_is_no_chart(self, question: QuestionCompared) -> None:
        assert charts_rounds.split_chart(question) is None
