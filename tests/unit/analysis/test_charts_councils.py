"""Funnel plots and strips: the own council marked, no other named, nothing drawn that is hidden."""

from __future__ import annotations

import pytest

from analysis import charts_councils, funnel
from analysis.benchmarked import Beside, FunnelPoint, Position, SignpostBeside
from analysis.charts import Chart
from analysis.result import Interval, Mark
from tests import factories_compared as make
from tests import factories_summary
from tests.unit.analysis.drawings import SVG, assert_sound, drawn, words_of

HIDDEN = Beside(code="hidden", title="Hidden", mark=Mark.CONFIDENTIAL, sentence="Hidden.")
FEW = Beside(code="few", title="Few", own=0.7, base=40, councils=5, sentence="Too few.")
UNMARKED = Beside(code="gone", title="Gone", sentence="Gone.")


def strips(*rows: Beside) -> Chart | None:
    """The strips of those questions."""
    score = make.beside("score", "Score", with_funnel=False)
    return charts_councils.beside_chart(
        make.benchmark(),
        SignpostBeside(code="practice", title="Practice", score=score, questions=rows),
    )


class TestFunnel:
    def test_own_council_is_marked_and_others_are_unnamed(self) -> None:
        chart = charts_councils.funnel_chart(make.benchmark(), make.beside())

        assert_sound(chart)
        assert chart is not None
        assert chart.sentence == (
            "With 60% of 50 people, Marlow Vale Council lies within what chance and the usual "
            "differences explain. 10 other councils are drawn without names; over all of them 56% "
            "were favourable."
        )
        assert "60% of 50" in words_of(chart)
        assert len(list(drawn(chart).iter(f"{SVG}circle"))) == 10
        named = [row for row in chart.table.rows if row[0] != "Another council"]
        assert named == [("Marlow Vale Council", "50", "60%")]
        others = [row[1] for row in chart.table.rows if row[0] == "Another council"]
        assert all(number.startswith("about ") for number in others)

    @pytest.mark.parametrize("outside", ["above", "below"])
    def test_outside_is_said(self, outside: str) -> None:
        row = make.beside().model_copy(update={"funnel": make.funnel(outside=outside)})

        chart = charts_councils.funnel_chart(make.benchmark(), row)

        assert chart is not None
        assert f"lies {outside} what chance and the usual differences" in chart.sentence

    @pytest.mark.parametrize("own", [0.02, 0.99], ids=["lowest", "highest"])
    def test_points_and_limits_stay_in_the_drawing(self, own: float) -> None:
        assert_sound(charts_councils.funnel_chart(make.benchmark(), make.beside(own=own)))

    def test_own_council_with_most_answers_is_labelled_to_the_left(self) -> None:
        held = make.funnel()
        points = (*[p for p in held.points if not p.own], FunnelPoint(n=130, share=0.5, own=True))
        row = make.beside().model_copy(
            update={"funnel": held.model_copy(update={"points": points})}
        )

        assert_sound(charts_councils.funnel_chart(make.benchmark(), row))

    def test_funnel_without_the_own_council(self) -> None:
        held = make.funnel()
        others = tuple(point for point in held.points if not point.own)[:1]
        row = make.beside().model_copy(
            update={"funnel": held.model_copy(update={"points": others})}
        )

        chart = charts_councils.funnel_chart(make.benchmark(), row)

        assert chart is not None
        assert chart.sentence.startswith("Marlow Vale Council lies within")
        assert "1 other council is drawn without a name" in chart.sentence

    def test_limit_is_cut_where_it_leaves_the_drawing(self) -> None:
        held = make.funnel()
        wide = held.limits[0].model_copy(
            update={"n": 10, "inner": Interval(low=0, high=1), "outer": Interval(low=0, high=1)}
        )
        row = make.beside().model_copy(
            update={"funnel": held.model_copy(update={"limits": (wide, *held.limits)})}
        )

        assert_sound(charts_councils.funnel_chart(make.benchmark(), row))

    @pytest.mark.parametrize(
        "row",
        [
            make.beside(with_funnel=False),
            make.beside().model_copy(
                update={"funnel": make.funnel().model_copy(update={"limits": ()})}
            ),
            make.beside().model_copy(
                update={"funnel": make.funnel().model_copy(update={"points": ()})}
            ),
        ],
        ids=["none", "no limits", "no points"],
    )
    def test_no_funnel_is_no_chart(self, row: Beside) -> None:
        assert charts_councils.funnel_chart(make.benchmark(), row) is None


class TestStrips:
    def test_each_question_stands_beside_the_middle_half(self) -> None:
        chart = strips(
            make.beside("a", "First", own=0.78, position=Position.ABOVE),
            make.beside("b", "Second"),
            make.beside("c", "Third", own=0.42, position=Position.BELOW),
        )

        assert_sound(chart)
        assert chart is not None
        assert chart.sentence == (
            "Of 3 questions, Marlow Vale Council is on 1 above the middle half of councils, on 1 "
            "within it and on 1 below it."
        )
        assert "78%; others 51% to 62%, middle 56%" in words_of(chart)
        assert chart.table.rows[0] == (
            "First", "78%", "56%", "51% to 62%", "10", "Above the middle half of councils",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("position", "where"),
        [
            (Position.ABOVE, "above the middle half of councils"),
            (Position.MIDDLE_HALF, "within the middle half of councils"),
            (Position.BELOW, "below the middle half of councils"),
        ],
    )
    def test_one_question_is_told_in_full(self, position: Position, where: str) -> None:
        chart = strips(make.beside(position=position))

        assert chart is not None
        assert chart.sentence == f"On the one question drawn Marlow Vale Council is {where}."

    def test_hidden_rows_are_words_and_never_at_nought(self) -> None:
        chart = strips(make.beside(), HIDDEN, FEW, UNMARKED)

        assert_sound(chart)
        assert chart is not None
        assert chart.sentence.endswith("3 questions are not drawn.")
        said = words_of(chart)
        assert "Not shown, to protect people in a small" in said
        assert "Not shown" in said
        assert "Too few councils to set beside" in said
        # One in the key and one for the only row that is drawn.
        assert len(list(drawn(chart).iter(f"{SVG}path"))) == 2
        assert chart.table.rows[1][1] == "Not shown, to protect people in a small group"
        assert chart.table.rows[2][1:] == ("70%", "", "", "5", "Too few councils")
        assert chart.table.rows[3][1] == "Not shown"

    def test_row_without_a_position_is_drawn_without_words_on_it(self) -> None:
        row = make.beside().model_copy(update={"position": None})

        chart = strips(row)

        assert chart is not None
        assert chart.sentence == "No words are given on where it stands."
        assert chart.table.rows[0][-1] == ""

    @pytest.mark.parametrize("rows", [(), (HIDDEN, FEW)], ids=["none", "hidden"])
    def test_nothing_to_draw_is_no_chart(self, rows: tuple[Beside, ...]) -> None:
        assert strips(*rows) is None

    @pytest.mark.parametrize(
        "label", factories_summary.HOSTILE, ids=range(len(factories_summary.HOSTILE))
    )
    def test_hostile_names_are_legal(self, label: str) -> None:
        benchmark = make.benchmark().model_copy(update={"council": label})
        row = make.beside(title=label)
        score = make.beside("score", label, with_funnel=False)
        held = SignpostBeside(code="practice", title=label, score=score, questions=(row,))

        assert_sound(charts_councils.funnel_chart(benchmark, row))
        assert_sound(charts_councils.beside_chart(benchmark, held))


@pytest.mark.parametrize(("row", "is_drawn"), [(make.beside(), True), (FEW, False)], ids=str)
def test_row_is_drawn_only_with_all_its_figures(row: Beside, is_drawn: bool) -> None:
    assert funnel.is_drawn(row) is is_drawn
