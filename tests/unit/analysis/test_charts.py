"""Charts: legal, escaped, without styles or scripts, and drawing only what may be shown."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from analysis import bars, charts, diverging, svg
from analysis.charts import Chart
from analysis.result import Figures, GroupKind, Mark
from question_banks.bank import OptionKind, Sector
from tests import factories_summary as make

SVG = "{http://www.w3.org/2000/svg}"
WITHHELD = make.group(mark=Mark.CONFIDENTIAL)


def drawn(chart: Chart | None) -> ElementTree.Element:
    assert chart is not None
    return ElementTree.fromstring(chart.svg)


def words(chart: Chart | None) -> list[str]:
    return [element.text or "" for element in drawn(chart).iter(f"{SVG}text")]


def bars_of(chart: Chart | None, *, height: int) -> list[tuple[float, float]]:
    """Left edge and width in percent of every bar of the given height."""
    return [
        (float(rect.attrib["x"].rstrip("%")), float(rect.attrib["width"].rstrip("%")))
        for rect in drawn(chart).iter(f"{SVG}rect")
        if rect.attrib["height"] == str(height) and rect.attrib["fill"] != "none"
    ]


def every_chart() -> list[Chart]:
    question = make.question()
    found = [
        charts.question_chart(question),
        charts.groups_chart(question),
        charts.signpost_chart(make.signpost()),
        charts.sides_chart((question,), title="Council and partners", ident="all"),
        charts.coverage_chart(make.coverage()),
    ]
    return [chart for chart in found if chart is not None]


def test_every_kind_of_chart_is_made() -> None:
    assert len(every_chart()) == 5


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.title[:30])
def test_chart_has_name_description_sentence_and_table(chart: Chart) -> None:
    root = ElementTree.fromstring(chart.svg)
    labels = root.attrib["aria-labelledby"].split()
    named = {element.attrib.get("id"): element for element in root.iter()}

    assert root.attrib["role"] == "img"
    assert named[labels[0]].tag == f"{SVG}title"
    assert named[labels[1]].text == chart.sentence
    assert chart.sentence.endswith(".")
    assert chart.table.rows
    assert all(len(row) == len(chart.table.headers) for row in chart.table.rows)
    assert chart.__html__() == chart.svg


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.title[:30])
def test_chart_needs_no_style_script_or_outside_file(chart: Chart) -> None:
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|href|<image", chart.svg)
    assert "http" not in chart.svg.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.title[:30])
def test_chart_keeps_its_letter_size_at_any_width(chart: Chart) -> None:
    root = ElementTree.fromstring(chart.svg)

    assert "viewBox" not in root.attrib
    assert float(root.attrib["font-size"]) >= 12
    assert all(
        svg.width_of(element.text or "") <= svg.NARROWEST for element in root.iter(f"{SVG}text")
    )


def test_ids_differ_between_charts_of_one_page() -> None:
    ids = [
        element.attrib["id"]
        for chart in every_chart()
        for element in ElementTree.fromstring(chart.svg).iter()
        if "id" in element.attrib
    ]

    assert len(ids) == len(set(ids))


def test_every_fill_that_refers_to_a_pattern_finds_it() -> None:
    for chart in every_chart():
        ids = set(re.findall(r'<pattern id="([^"]+)"', chart.svg))
        assert set(re.findall(r"url\(#([^)]+)\)", chart.svg)) <= ids


@pytest.mark.parametrize("label", make.HOSTILE, ids=range(len(make.HOSTILE)))
def test_hostile_labels_are_escaped_cut_and_legal(label: str) -> None:
    question = make.question(short=label, text=label)
    signpost = make.signpost(title=label, topics=(make.topic(questions=(question,)),))
    side = make.group(label, kind=GroupKind.SIDE, figures=make.SIXTY)
    sector = make.sector(Sector.POLICE, agencies=1, invited=9, answered=3)
    covered = make.coverage((sector.model_copy(update={"title": label}),))

    for chart in (
        charts.signpost_chart(signpost),
        charts.sides_chart((make.question(groups=(side,)),), title=label, ident="x"),
        charts.coverage_chart(covered),
    ):
        root = drawn(chart)
        assert root.find(f".//{SVG}script") is None
        assert not re.search("[\x00-\x08\u202e]", "".join(root.itertext()))


def test_question_bar_runs_from_unfavourable_to_favourable_round_the_middle() -> None:
    chart = charts.question_chart(make.question(everybody=make.group(figures=make.SIXTY)))

    parts = bars_of(chart, height=diverging.BAR)
    scale, dont_know = parts[:5], parts[5]

    # 3, 9, 8, 20 and 10 of 50 from left to right, each starting where the last ended.
    widths = [width for _, width in scale]
    assert [round(width / sum(widths) * 50) for width in widths] == [3, 9, 8, 20, 10]
    for (x, width), (following, _) in pairwise(scale):
        assert x + width == pytest.approx(following, abs=0.02)
    middle = scale[2][0] + scale[2][1] / 2
    root = drawn(chart)
    line = root.find(f"{SVG}line")
    assert line is not None
    assert float(line.attrib["x1"].rstrip("%")) == pytest.approx(middle, abs=0.02)
    # Don't know is 2 of 52, drawn on the same scale and to the right of everything else.
    assert dont_know[1] / sum(widths) == pytest.approx(2 / 52, abs=0.002)
    assert dont_know[0] > scale[-1][0] + scale[-1][1]


@pytest.mark.parametrize(
    "counts",
    [
        (50, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 50, 0, 0),
        (0, 0, 50, 0, 0, 0, 0),
        (1, 0, 0, 0, 0, 99, 0),
        (25, 0, 0, 0, 25, 200, 0),
    ],
    ids=["all-for", "all-against", "all-neutral", "mostly-unknown", "split-unknown"],
)
def test_bars_never_leave_the_drawing(counts: tuple[int, ...]) -> None:
    chart = charts.question_chart(
        make.question(everybody=make.group(figures=make.figures(*counts)))
    )

    for x, width in bars_of(chart, height=diverging.BAR):
        assert x >= 0
        assert x + width <= 100.01


def test_signpost_chart_gives_withheld_questions_as_words() -> None:
    asked = (
        make.question("a", short="Shown"),
        make.question("b", short="Hidden", everybody=WITHHELD),
        make.question("c", short="Worded", everybody=make.group(words="Mostly positive")),
        make.counted_question(),
    )

    chart = charts.signpost_chart(make.signpost(topics=(make.topic(questions=asked),)))

    said = " ".join(words(chart))
    assert "Not shown, to protect people in a small group" in said
    assert "Mostly positive" in said
    assert len(bars_of(chart, height=diverging.BAR)) == 6
    assert chart is not None
    assert chart.sentence.startswith("Shown: 30 of 50 people in 7 agencies were favourable (60%)")
    assert chart.sentence.endswith("2 questions are given without figures.")
    assert chart.table.rows[1] == (
        "Hidden",
        "",
        "",
        "",
        "Not shown, to protect people in a small group",
        "",
    )
    assert len(chart.table.rows) == 3


def test_signpost_sentence_names_the_ends() -> None:
    asked = (
        make.question("a"),
        make.question("b", short="Others", everybody=make.group(figures=make.TWENTY_FOUR)),
    )

    chart = charts.signpost_chart(make.signpost(topics=(make.topic(questions=asked),)))

    assert chart is not None
    assert chart.sentence == (
        "Over 2 questions the share of favourable answers runs from 24% of 50 people (Others) "
        "to 60% of 50 people (Enough data to judge performance)."
    )


def test_signpost_chart_of_different_scales_has_a_key_by_kind() -> None:
    four_points = (
        ("met", "Met", OptionKind.FAVOURABLE),
        ("mostly", "Mostly met", OptionKind.FAVOURABLE),
        ("partly", "Partly met", OptionKind.UNFAVOURABLE),
        ("not", "Not met", OptionKind.UNFAVOURABLE),
    )
    figures = make.figures(4, 4, 4, 4, options=four_points)
    asked = (make.question("a"), make.question("b", everybody=make.group(figures=figures)))

    chart = charts.signpost_chart(make.signpost(topics=(make.topic(questions=asked),)))

    assert "Favourable, darker if strongly so" in words(chart)
    assert "Strongly agree" not in words(chart)


def test_key_in_two_columns_where_words_are_short() -> None:
    three = (
        ("met", "Met", OptionKind.FAVOURABLE),
        ("partly", "Partly", OptionKind.NEUTRAL),
        ("not", "Not met", OptionKind.UNFAVOURABLE),
    )
    figures = make.figures(4, 4, 4, options=three)

    chart = charts.question_chart(make.question(everybody=make.group(figures=figures)))

    placed = [element.attrib["x"] for element in drawn(chart).findall(f"{SVG}svg")]
    assert placed == ["0%", "50%", "0%", "50%"]


def test_segments_fall_back_to_kinds_without_options() -> None:
    bare = make.SIXTY.model_copy(update={"options": ()})

    parts = diverging.segments(bare)

    assert [(part.label, part.count) for part in parts] == [
        ("Unfavourable", 12),
        ("Neither", 8),
        ("Favourable", 30),
    ]


def test_strongest_answers_have_the_darkest_paint() -> None:
    shades = {part.label: part.paint.name for part in diverging.segments(make.SIXTY)}

    assert shades["Strongly agree"] == "favourable-1"
    assert shades["Agree"] == "favourable-2"
    assert shades["Strongly disagree"] == "unfavourable-1"
    assert shades["Disagree"] == "unfavourable-2"


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "family", [diverging.FAVOURABLE, diverging.UNFAVOURABLE], ids=["for", "against"]
)
def test_shades_of_one_side_differ_in_grey(family: tuple[svg.Paint, ...]) -> None:
    lightness = [_luminance(paint.colour) for paint in family]

    for darker, lighter in pairwise(lightness):
        assert (lighter + 0.05) / (darker + 0.05) > 1.5


def test_sides_are_told_apart_without_colour() -> None:
    assert all(paint.texture == "stripes" for paint in diverging.UNFAVOURABLE)
    assert not any(paint.texture for paint in diverging.FAVOURABLE)


@pytest.mark.parametrize(
    "figures", [None, make.figures(0, 0, 0, 0, 0, 12, 0)], ids=["withheld", "empty"]
)
def test_no_chart_without_an_answer_on_the_scale(figures: Figures | None) -> None:
    nobody = make.group(figures=figures, mark=None if figures else Mark.CONFIDENTIAL)
    side = nobody.model_copy(update={"kind": GroupKind.SIDE})
    question = make.question(everybody=nobody, groups=(side,))

    assert charts.question_chart(question) is None
    assert charts.groups_chart(question) is None
    assert charts.signpost_chart(make.signpost(topics=(make.topic(questions=(question,)),))) is None
    assert charts.sides_chart((question,), title="Sides", ident="x") is None


def test_rows_sentence_when_nothing_can_be_shown() -> None:
    sentence = charts.rows_sentence([("A", WITHHELD)], noun="question")

    assert sentence == "No figures can be shown for any question."


def test_no_question_chart_for_a_counted_question() -> None:
    assert charts.question_chart(make.counted_question()) is None


def test_figures_sentence_leaves_out_what_is_nought() -> None:
    sentence = charts.figures_sentence(make.figures(5, 5, 0, 2, 0, 0, 0))

    assert sentence == (
        "10 of 12 people in 7 agencies were favourable (83%) and 2 were unfavourable (17%)."
    )


def test_figures_sentence_without_a_base() -> None:
    assert charts.figures_sentence(make.figures(0, 0, 0, 0, 0, 3, 0)).startswith("Nobody chose")


def test_sides_chart_pairs_bars_from_nought() -> None:
    chart = charts.sides_chart((make.question(),), title="Sides", ident="x")

    (council, partners) = bars_of(chart, height=bars.BAR)
    assert council[0] == partners[0] == bars.START
    assert council[1] == pytest.approx(bars.WHOLE * 0.72, abs=0.01)
    assert partners[1] == pytest.approx(bars.WHOLE * 0.48, abs=0.01)
    assert chart is not None
    assert chart.sentence == (
        "On “Enough data to judge performance”, 72% of the 25 people who answered in the council "
        "were favourable, and 48% of the 25 in partner agencies."
    )


def test_sides_chart_says_what_is_withheld() -> None:
    hidden = make.group("All partners", kind=GroupKind.SIDE, mark=Mark.CONFIDENTIAL)
    asked = (
        make.question("a", short="First"),
        make.question("b", short="Closer", groups=(make.SIDES[0], make.SIDES[0])),
        make.question("c", groups=(make.SIDES[0], hidden)),
        make.question("d", groups=(hidden,)),
        make.counted_question(),
    )

    chart = charts.sides_chart(asked, title="Sides", ident="x")

    assert chart is not None
    assert chart.sentence == (
        "The council and its partners are furthest apart on “First”: 72% of the 25 people who "
        "answered in the council were favourable, and 48% of the 25 in partner agencies. On 1 "
        "question only one side is given in figures. On 1 question neither side is given in "
        "figures."
    )
    assert "All partners: Not shown, to" in " ".join(words(chart))


def test_sides_sentence_with_one_side_only() -> None:
    pair = bars.Pair(label="A", sides=(make.SIDES[0],))

    assert charts.sides_sentence([pair], left_out=0) == (
        "On 1 question only one side is given in figures."
    )


def test_coverage_chart_draws_answered_within_invited() -> None:
    chart = charts.coverage_chart(make.coverage())

    answered = bars_of(chart, height=bars.BAR)
    assert len(answered) == 5
    # The longest bar is the 30 schools invited; 18 of 20 in social care answered.
    assert answered[0][1] == pytest.approx(bars.WHOLE * 18 / 30, abs=0.01)
    said = words(chart)
    assert "None of 30 invited answered" in said
    assert "Not invited" in said
    assert "10 of 12 invited answered (83%)" in said
    assert chart.sentence.endswith("Invited but silent: Schools. Not invited: Probation.")


def test_coverage_chart_without_invited_numbers() -> None:
    sectors = (make.sector(Sector.POLICE, agencies=1, invited=None, answered=4),)

    chart = charts.coverage_chart(make.coverage(sectors, invited=None, answered=4))

    assert "4 answered, number invited not known" in words(chart)
    assert chart.sentence == "4 people answered, from 7 agencies. The number invited is not known."


def test_coverage_chart_of_no_sector_at_all() -> None:
    empty = make.coverage().model_copy(update={"sectors": ()})

    assert charts.coverage_chart(empty).svg.startswith("<svg")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("short", ("short",)),
        ("e\u0301tat", ("e\u0301tat",)),
        ("漢字" * 4, ("漢字漢字", "漢字漢字")),
    ],
    ids=["empty", "short", "combining", "wide"],
)
def test_wrap(text: str, expected: tuple[str, ...]) -> None:
    assert svg.wrap(text, width=80) == expected


def test_wrap_cuts_what_does_not_fit() -> None:
    lines = svg.wrap("long " * 1000, width=100, most=3)

    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(svg.width_of(line) <= 100 for line in lines)


def test_wrap_never_loops_on_a_letter_wider_than_the_line() -> None:
    assert svg.wrap("WWW", width=1, most=2)[-1].endswith("…")
