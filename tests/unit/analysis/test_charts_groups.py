"""Heat maps and gap dumbbells: only what may be shown, hidden groups never as a low figure."""

from __future__ import annotations

from itertools import pairwise

import pytest

from analysis import charts_gaps, charts_groups, gallery, heat, svg
from analysis.charts import Chart
from analysis.charts_gaps import Gaps
from analysis.heat import Cell
from analysis.result import (
    Gap,
    GroupKind,
    GroupResult,
    Interval,
    Mark,
    QuestionResult,
    SignpostResult,
    Summary,
    ThemeScore,
)
from tests import factories_summary as make
from tests.unit.analysis.drawings import SVG, assert_sound, drawn, percent, words_of


def side(name: str, favourable: int, base: int = 20) -> GroupResult:
    """The council or all partners with that many favourable."""
    titles = {"council": "Council", "partners": "All partners"}
    figures = make.figures(0, favourable, 0, base - favourable, 0, 0, 0)
    return make.group(titles[name], kind=GroupKind.SIDE, code=name, figures=figures)


def level(name: str, favourable: int, title: str) -> GroupResult:
    """A level with that many favourable of twenty."""
    figures = make.figures(0, favourable, 0, 20 - favourable, 0, 0, 0)
    return make.group(title, kind=GroupKind.LEVEL, code=name, figures=figures)


def hidden(name: str, title: str, kind: GroupKind = GroupKind.SECTOR_GROUP) -> GroupResult:
    """A group too small to show."""
    return make.group(title, kind=kind, code=name, mark=Mark.CONFIDENTIAL)


def gap(difference: float, *, clear: bool, kind: str = "council_partners") -> Gap:
    """A difference worth a look."""
    return Gap(
        kind=kind,
        first="Council",
        second="All partners",
        difference=difference,
        interval=Interval(low=difference - 0.1, high=difference + 0.1),
        clear=clear,
        words="They are apart.",
    )


def asked(
    code: str, *groups: GroupResult, gaps: tuple[Gap, ...] = (), short: str = ""
) -> QuestionResult:
    """A question with those groups."""
    made = make.question(code, short=short or f"Question {code}", groups=groups)
    return made.model_copy(update={"gaps": gaps})


def signpost(*questions: QuestionResult, code: str = "data") -> SignpostResult:
    """A signpost of those questions."""
    return make.signpost(code, topics=(make.topic(questions=questions),))


def summary(*signposts: SignpostResult) -> Summary:
    """A result of those signposts."""
    return make.summary(signposts)


def gaps(*questions: QuestionResult, kind: Gaps = Gaps.COUNCIL_PARTNERS) -> Chart | None:
    """The dumbbells of those questions."""
    return charts_gaps.gaps_chart(questions, kind=kind, title="Gaps", ident="x")


BOTH = (side("council", 18), side("partners", 8))


class TestHeatOfOneSignpost:
    def test_every_group_has_a_column_and_every_question_a_row(self) -> None:
        chart = charts_groups.signpost_heat_chart(
            signpost(
                asked("a", *BOTH, hidden("health", "Health")),
                asked("b", *BOTH, level("frontline", 10, "Frontline practitioners")),
            )
        )

        assert_sound(chart)
        assert chart is not None
        assert chart.table.headers == (
            "Question", "Everybody", "Council", "All partners", "Frontline practitioners", "Health",
        )  # fmt: skip
        assert chart.table.rows == (
            ("Question a", "60%", "90%", "40%", "[x] no figure of its own", "[c] too few to show"),
            ("Question b", "60%", "90%", "40%", "50%", "[x] no figure of its own"),
        )
        assert chart.sentence == (
            "The lowest figure of a group is 40% (All partners, on “Question a”), the highest 90% "
            "(Council, on “Question b”). 1 cell is hatched: too few people to show."
        )

    def test_hidden_cell_is_hatched_and_no_other_is(self) -> None:
        chart = charts_groups.signpost_heat_chart(
            signpost(asked("a", *BOTH, hidden("health", "Health")))
        )

        fills = [rect.attrib["fill"] for rect in drawn(chart).iter(f"{SVG}rect")]
        assert sum(fill.startswith("url(#") for fill in fills) == 1
        assert "[c]" in words_of(chart)
        assert "[c] too few to show" in words_of(chart)

    def test_words_stand_as_a_sign_with_its_meaning_in_the_key(self) -> None:
        told = [
            make.group(title, kind=GroupKind.SECTOR_GROUP, code=title.lower(), words=words)
            for title, words in (("Health", "Nearly none"), ("Police", "Some other words"))
        ]

        chart = charts_groups.signpost_heat_chart(signpost(asked("a", *BOTH, *told)))

        assert "−−" in words_of(chart)
        assert "−− nearly none" in words_of(chart)
        assert "w in words, see the table" in words_of(chart)
        assert chart is not None
        assert chart.table.rows[0][-2:] == ("Nearly none", "Some other words")

    def test_figures_are_written_in_the_cells(self) -> None:
        chart = charts_groups.signpost_heat_chart(signpost(asked("a", *BOTH)))

        assert {"60%", "90%", "40%"} <= set(words_of(chart))

    def test_figures_too_wide_for_a_narrow_cell_are_small(self) -> None:
        figures = make.figures(400, 0, 0, 1, 0, 0, 0)
        many = [
            make.group(f"Group {n}", kind=GroupKind.SECTOR_GROUP, code=str(n), figures=figures)
            for n in range(11)
        ]

        chart = charts_groups.signpost_heat_chart(signpost(asked("a", *BOTH, *many)))

        small = {
            element.text
            for element in drawn(chart).iter(f"{SVG}text")
            if element.attrib.get("font-size") == str(svg.SMALL)
        }
        assert small == {">99"}

    def test_sector_group_that_is_a_side_has_one_column(self) -> None:
        again = make.group(
            "Council", kind=GroupKind.SECTOR_GROUP, code="council", figures=make.SIXTY
        )

        chart = charts_groups.signpost_heat_chart(signpost(asked("a", *BOTH, again)))

        assert chart is not None
        assert chart.table.headers.count("Council") == 1

    def test_nobody_on_the_scale_is_no_figure(self) -> None:
        nobody = make.group(
            "Health",
            kind=GroupKind.SECTOR_GROUP,
            code="health",
            figures=make.figures(0, 0, 0, 0, 0, 12, 0),
        )

        chart = charts_groups.signpost_heat_chart(signpost(asked("a", *BOTH, nobody)))

        assert chart is not None
        assert chart.table.rows[0][-1] == "[x] no figure of its own"

    @pytest.mark.parametrize(
        "groups",
        [(), (hidden("council", "Council", GroupKind.SIDE),)],
        ids=["no groups", "all hidden"],
    )
    def test_no_heat_map_without_a_group_in_figures(self, groups: tuple[GroupResult, ...]) -> None:
        assert charts_groups.signpost_heat_chart(signpost(asked("a", *groups))) is None

    @pytest.mark.parametrize("label", make.HOSTILE, ids=range(len(make.HOSTILE)))
    def test_hostile_names_are_legal(self, label: str) -> None:
        named = make.group(label, kind=GroupKind.SECTOR_GROUP, code="health", figures=make.SIXTY)
        many = [
            named.model_copy(update={"title": f"{label}{n}", "group": str(n)}) for n in range(9)
        ]

        assert_sound(charts_groups.signpost_heat_chart(signpost(asked("a", named, short=label))))
        assert_sound(charts_groups.signpost_heat_chart(signpost(asked("a", *many, short=label))))


class TestHeatOfAllSignposts:
    def test_cells_of_a_row_are_means_over_the_same_questions(self) -> None:
        # On the second question the sides are hidden: everybody's 60% there would not be like.
        both_hidden = [
            hidden("council", "Council", GroupKind.SIDE),
            hidden("partners", "All partners", GroupKind.SIDE),
        ]
        shown = make.question("a", groups=BOTH, everybody=make.group(figures=make.TWENTY_FOUR))

        chart = charts_groups.heat_chart(summary(signpost(shown, asked("b", *both_hidden))))

        assert_sound(chart)
        assert chart is not None
        assert chart.table.rows[0][1:] == ("24%", "90%", "40%")

    def test_group_on_fewer_questions_is_marked_and_on_too_few_hidden(self) -> None:
        some = level("strategic", 12, "Strategic leaders")
        few = level("frontline", 12, "Frontline practitioners")
        questions = (
            asked("a", *BOTH, some, few),
            asked("b", *BOTH, some, hidden("frontline", few.title, GroupKind.LEVEL)),
            asked("c", *BOTH, hidden("strategic", some.title, GroupKind.LEVEL)),
        )

        chart = charts_groups.heat_chart(summary(signpost(*questions)))

        assert chart is not None
        assert chart.table.rows[0][1:] == ("60%", "90%", "40%", "60%*", "[c] too few to show")
        assert "* over fewer questions than the" in " ".join(words_of(chart))

    def test_small_group_has_the_words_of_the_signpost(self) -> None:
        health = make.group(
            "Health", kind=GroupKind.SECTOR_GROUP, code="health", words="Mostly positive"
        )
        other = signpost(asked("a", *BOTH, hidden("health", "Health")), code="other")
        told = signpost(asked("b", *BOTH, hidden("health", "Health"))).model_copy(
            update={"groups": (health,)}
        )

        chart = charts_groups.heat_chart(summary(told, other))

        assert chart is not None
        assert [row[-1] for row in chart.table.rows] == ["Mostly positive", "[c] too few to show"]
        assert "+ mostly positive" in words_of(chart)

    def test_group_that_was_not_asked_is_not_hidden(self) -> None:
        absent = make.group(
            "Strategic leaders", kind=GroupKind.LEVEL, code="strategic", mark=Mark.NOT_APPLICABLE
        )
        other = signpost(asked("b", *BOTH), code="other")

        chart = charts_groups.heat_chart(summary(signpost(asked("a", *BOTH, absent)), other))

        assert chart is not None
        assert [row[-1] for row in chart.table.rows] == [
            "[z] not asked",
            "[x] no figure of its own",
        ]

    def test_without_sides_all_questions_count(self) -> None:
        health = make.group(
            "Health", kind=GroupKind.SECTOR_GROUP, code="health", figures=make.SIXTY
        )

        chart = charts_groups.heat_chart(summary(signpost(asked("a", health))))

        assert chart is not None
        assert chart.table.rows[0][1:] == ("60%", "60%")

    def test_score_of_the_whole_does_not_stand_beside_means_of_fewer_questions(self) -> None:
        scored = signpost(asked("a", *BOTH)).model_copy(
            update={
                "score": ThemeScore(
                    questions=("a",), people=50, score=0.9, interval=Interval(low=0.8, high=1)
                )
            }
        )

        chart = charts_groups.heat_chart(summary(scored))

        assert chart is not None
        assert chart.table.rows[0][1] == "60%"

    def test_no_heat_map_of_hidden_groups(self) -> None:
        held = signpost(asked("a", hidden("council", "Council", GroupKind.SIDE)))

        assert charts_groups.heat_chart(summary(held)) is None

    def test_one_group_at_one_figure_is_named_once(self) -> None:
        chart = charts_groups.heat_chart(summary(signpost(asked("a", side("council", 10)))))

        assert chart is not None
        assert chart.sentence == (
            "The lowest figure of a group is 50% (Council, on “Performance, evaluation and "
            "monitoring”)."
        )


class TestCells:
    @pytest.mark.parametrize(
        ("share", "name", "text"),
        [
            (0.0, "share-1", "0%"),
            (0.004, "share-1", "<1%"),
            (0.195, "share-2", "20%"),
            (0.599, "share-4", "60%"),
            (0.799, "share-5", "80%"),
            (0.999, "share-5", ">99%"),
            (1.0, "share-5", "100%"),
        ],
        ids=["nought", "hardly any", "edge", "rounded", "top", "hardly all", "all"],
    )
    def test_shade_goes_by_the_figure_that_is_written(
        self, share: float, name: str, text: str
    ) -> None:
        assert heat.shade(share).name == name
        assert heat.cell_text(Cell(share=share)) == text

    def test_shades_grow_darker_in_grey(self) -> None:
        def grey(colour: str) -> float:
            red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
            return 0.299 * red + 0.587 * green + 0.114 * blue

        greys = [grey(paint.colour) for paint in heat.SHADES]

        assert all(lighter - darker > 20 for lighter, darker in pairwise(greys))


class TestGaps:
    def test_clear_difference_is_a_thick_bar_and_said(self) -> None:
        chart = gaps(
            asked("a", *BOTH, gaps=(gap(0.5, clear=True),)),
            asked("b", side("council", 12), side("partners", 10)),
        )

        assert_sound(chart)
        assert chart is not None
        assert chart.sentence == (
            "Of the 2 questions shown, the council and all partners clearly differ on one, "
            "“Question a”: 90% of 20 people (Council) against 40% of 20 people (All partners)."
        )
        assert chart.table.rows == (
            ("Question a", "90% (18 of 20)", "40% (8 of 20)", "Clear difference: 50 points"),
            ("Question b", "60% (12 of 20)", "50% (10 of 20)", "No clear difference"),
        )
        thick = [
            line.attrib["stroke-width"]
            for line in drawn(chart).iter(f"{SVG}line")
            if line.attrib["x1"].endswith("%") and line.attrib["x1"] != line.attrib["x2"]
        ]
        assert thick == ["5", "1.5"]

    def test_possible_difference_is_dashed_and_hedged(self) -> None:
        chart = gaps(
            asked("a", *BOTH, gaps=(gap(0.5, clear=True),)),
            asked("b", *BOTH, gaps=(gap(0.3, clear=False),)),
            asked("c", *BOTH, gaps=(gap(0.55, clear=True),)),
        )

        assert chart is not None
        assert "clearly differ on 2, most on “Question c”" in chart.sentence
        assert chart.sentence.endswith("On 1 more they may.")
        assert "Possible difference: 30 points" in words_of(chart)
        assert "stroke-dasharray" in chart.svg

    def test_only_possible_differences(self) -> None:
        chart = gaps(asked("a", *BOTH, gaps=(gap(-0.3, clear=False),)), asked("b", *BOTH))

        assert chart is not None
        assert "may differ on one, “Question a”" in chart.sentence

    @pytest.mark.parametrize(
        ("questions", "sentence"),
        [
            (
                (asked("a", *BOTH),),
                "On the question shown, the council and all partners do not clearly differ.",
            ),
            (
                (asked("a", *BOTH), asked("b", *BOTH)),
                "On none of the 2 questions shown do the council and all partners clearly differ.",
            ),
            (
                (asked("a", *BOTH, gaps=(gap(0.5, clear=True),)),),
                (
                    "On “Question a”: 90% of 20 people (Council) against 40% of 20 people (All "
                    "partners); the council and all partners clearly differ."
                ),
            ),
        ],
        ids=["one", "two", "one that differs"],
    )
    def test_sentence_for_few_questions(
        self, questions: tuple[QuestionResult, ...], sentence: str
    ) -> None:
        chart = gaps(*questions)

        assert chart is not None
        assert chart.sentence == sentence

    def test_hidden_sides_are_words_and_draw_no_mark(self) -> None:
        away = (
            hidden("council", "Council", GroupKind.SIDE),
            hidden("partners", "All partners", GroupKind.SIDE),
        )
        half = make.group("All partners", kind=GroupKind.SIDE, code="partners", words="Nearly all")

        chart = gaps(asked("a", *BOTH), asked("b", *away), asked("c", side("council", 18), half))

        assert_sound(chart)
        assert chart is not None
        said = " ".join(words_of(chart))
        assert "Both: not shown, to protect people in a small group" in said
        assert "All partners: nearly all" in said
        assert chart.sentence.endswith("2 questions are given without both figures.")
        assert [row[3] for row in chart.table.rows] == ["No clear difference", "", ""]
        # Two marks in the key, two for the first question, one for the council on the third.
        assert len(list(drawn(chart).iter(f"{SVG}path"))) == 5

    def test_both_sides_in_different_words(self) -> None:
        told = (
            make.group("Council", kind=GroupKind.SIDE, code="council", words="Nearly all"),
            make.group("All partners", kind=GroupKind.SIDE, code="partners", words="Most"),
        )

        chart = gaps(asked("a", *BOTH), asked("b", *told))

        assert "Council: nearly all; All partners: most" in words_of(chart)

    @pytest.mark.parametrize(
        ("council", "partners"), [(10, 10), (0, 20), (20, 0), (11, 10)], ids=str
    )
    def test_figures_stand_outside_the_marks(self, council: int, partners: int) -> None:
        chart = gaps(asked("a", side("council", council), side("partners", partners)))

        assert_sound(chart)
        labels = [
            element
            for element in drawn(chart).iter(f"{SVG}text")
            if element.attrib.get("dx") in {"11", "-11"}
        ]
        left, right = sorted(labels, key=lambda label: float(label.attrib["dx"]))
        assert percent(left, "x") <= percent(right, "x")
        assert left.attrib["text-anchor"] == "end"
        assert right.attrib["text-anchor"] == "start"

    def test_levels_are_within_agencies(self) -> None:
        chart = gaps(
            asked(
                "a",
                level("strategic", 18, "Strategic leaders"),
                level("frontline", 8, "Frontline practitioners"),
                gaps=(gap(0.35, clear=True, kind="levels"),),
            ),
            kind=Gaps.LEVELS,
        )

        assert "Clear difference: 35 points within" in " ".join(words_of(chart))
        assert chart is not None
        assert "strategic leaders and frontline practitioners clearly differ" in chart.sentence

    @pytest.mark.parametrize(
        "groups",
        [(), (side("council", 10),), (hidden("council", "Council", GroupKind.SIDE), BOTH[1])],
        ids=["no groups", "one side", "one hidden"],
    )
    def test_no_dumbbells_without_both_in_figures(self, groups: tuple[GroupResult, ...]) -> None:
        assert gaps(asked("a", *groups)) is None


class TestGallery:
    def test_every_chart_is_found_under_its_own_name(self) -> None:
        result = make.usual_round()
        held = gallery.list_charts(result)

        names = [chart.name for chart in held]
        assert len(names) == len(set(names))
        assert {"coverage", "signpost-policy"} <= set(names)
        for name in names[:4]:
            found = gallery.find_chart(result, name)
            assert found is not None
            assert found.name == name

    def test_groups_have_their_pictures_in_it(self) -> None:
        groups = (
            *BOTH,
            level("strategic", 18, "Strategic leaders"),
            level("frontline", 8, "Frontline practitioners"),
        )
        result = summary(signpost(asked("a", *groups)))

        assert [chart.name for chart in gallery.list_charts(result)] == [
            "coverage",
            "heat",
            "signpost-data",
            "heat-data",
            "gaps-council-partners-data",
            "gaps-levels-data",
            "question-a",
            "groups-a",
            "sides-a",
        ]
        for chart in gallery.list_charts(result):
            assert_sound(chart)

    @pytest.mark.parametrize("name", ["nothing", "heat", ""])
    def test_unknown_or_empty_chart_is_none(self, name: str) -> None:
        result = summary(signpost(asked("a")))

        assert gallery.find_chart(result, name) is None
