"""The slides: titles, lists that stay on their slide, native charts that are told in words."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from analysis.export.letter import AFTER_VISIT, Decision, Letter
from analysis.export.pptx import to_pptx
from analysis.export.slides import Item, fit, flow, safe_label
from analysis.result import (
    Firmness,
    GroupKind,
    Interval,
    Mark,
    Summary,
    ThemeScore,
    Verdict,
)
from question_banks.bank import OptionKind, Sector
from tests import factories_summary as make

LETTER = Letter(council="Wexmoor Council", closed="closed on 6 November", dated=date(2026, 11, 6))


def opened(summary: Summary, *, letter: Letter = LETTER) -> Any:
    return Presentation(io.BytesIO(to_pptx(summary, letter=letter)))


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def words(slide: Any) -> list[str]:
    return [
        paragraph.text
        for shape in slide.placeholders
        if shape.placeholder_format.idx == 1
        for paragraph in shape.text_frame.paragraphs
    ]


def charts(deck: Any) -> list[Any]:
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def test_deck_has_its_parts_in_order() -> None:
    assert titles(opened(make.summary())) == [
        "Peer review: what the answers suggest",
        "What this is, and what it is not",
        "Who took part",
        "Performance, evaluation and monitoring",
        "Who we have not heard, and what to bear in mind",
        "How to read the figures",
    ]


def test_who_took_part_is_a_native_chart_of_those_invited() -> None:
    deck = opened(make.summary())

    took_part, _ = charts(deck)

    plot = took_part.chart.plots[0]
    assert list(plot.categories)[-1] == "Schools (0 of 30)"
    answered, silent = plot.series
    assert (answered.name, list(answered.values)) == ("Answered", [18, 7, 10, 11, 4, 0])
    assert list(silent.values) == [2, 3, 2, 1, 2, 30]
    told = words(deck.slides[2])
    assert "Invited, but nobody answered: Schools." in told
    assert "Not invited: Probation." in told


def test_signpost_has_both_columns_in_the_reviews_words_beside_its_chart() -> None:
    strong = make.question("good", short="This is good", says=make.reading(Verdict.STRENGTH))
    weak = make.question(
        "bad",
        short="This is not",
        everybody=make.group(figures=make.TWENTY_FOUR),
        says=make.reading(Verdict.CONSIDERATION),
    )
    topics = (
        make.topic("a", title="Data", questions=(strong,)),
        make.topic(
            "b",
            title="Audit",
            says=make.reading(Verdict.CONSIDERATION, firmness=Firmness.CLEAR),
            questions=(weak,),
        ),
    )
    deck = opened(make.summary((make.signpost(topics=topics),)), letter=Letter(columns=AFTER_VISIT))

    told = words(deck.slides[3])

    assert told[1:] == [
        "Strengths",
        "Data: “This is good” (30 of 50 positive).",
        "Areas for consideration",
        "Audit: “This is not” (12 of 50 positive).",
    ]
    plot = charts(deck)[1].chart.plots[0]
    assert list(plot.categories) == ["This is good: 60% of 50", "This is not: 24% of 50"]
    assert {series.name: list(series.values) for series in plot.series} == {
        "Strongly disagree": [3, 8],
        "Disagree": [9, 16],
        "Neither agree nor disagree": [8, 14],
        "Agree": [20, 10],
        "Strongly agree": [10, 2],
    }


def test_reviewers_statement_stands_on_the_slide() -> None:
    decision = Decision(verdict=Verdict.CONSIDERATION, reason="Heard", by="Team", note="Not so.")

    deck = opened(make.summary(), letter=Letter(decisions={"data": decision}))

    assert words(deck.slides[3])[1:] == ["What to explore", "Data and performance: Not so."]


def test_scores_and_groups_in_words_are_told() -> None:
    score = ThemeScore(
        questions=("a", "b"), people=50, score=0.58, interval=Interval(low=0.5, high=0.66)
    )
    group = make.group("Health", kind=GroupKind.SECTOR_GROUP, words="Mostly positive")
    signpost = make.signpost(caveats=("Schools are missing",)).model_copy(
        update={
            "score": score,
            "groups": (group,),
            "agencies_lean": "Most agencies lean towards the positive answers.",
        }
    )

    deck = opened(make.summary((signpost,)))

    assert words(deck.slides[3])[-1] == (
        "On average over 2 questions 58% of answers were positive (50% to 66%; 50 people). "
        "Smaller groups, in words alone: Health, mostly positive. "
        "Most agencies lean towards the positive answers."
    )
    assert words(deck.slides[4])[-1] == (
        "Performance, evaluation and monitoring: Schools are missing."
    )


def test_every_chart_is_told_in_words_and_every_slide_has_a_title_and_number() -> None:
    deck = opened(make.usual_round())

    assert len(charts(deck)) == 7
    for shape in charts(deck):
        told = shape._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0]
        assert len(told.get("descr")) > 40
        assert shape.chart.has_legend
    assert all(titles(deck))
    for slide in list(deck.slides)[1:]:
        assert slide._element.xpath(".//a:fld[@type='slidenum']")
        first, *_ = slide.shapes
        assert first.is_placeholder
        assert first.placeholder_format.idx == 0
    assert deck.core_properties.title == "Peer review: what the answers suggest"
    assert deck.core_properties.language == "en-GB"
    assert deck.core_properties.created.date() == date(2026, 11, 6)


def test_a_group_without_figures_has_no_bar() -> None:
    hidden = make.question("hidden", everybody=make.group(mark=Mark.CONFIDENTIAL), groups=())
    topics = (make.topic(questions=(make.question(), hidden)),)

    shown, alone = (
        charts(opened(make.summary((make.signpost(topics=topics),))))[1],
        charts(opened(make.summary((make.signpost(topics=(make.topic(questions=(hidden,)),)),)))),
    )

    assert list(shown.chart.plots[0].categories) == ["Enough data to judge performance: 60% of 50"]
    told = shown._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].get("descr")
    assert "1 question is given without figures" in told
    assert len(alone) == 1


def test_questions_of_two_scales_are_drawn_by_kind() -> None:
    pair = (
        ("yes", "Yes", OptionKind.FAVOURABLE),
        ("no", "No", OptionKind.UNFAVOURABLE),
    )
    other = make.question(
        "other", everybody=make.group(figures=make.figures(30, 20, options=pair)), groups=()
    )
    topics = (make.topic(questions=(make.question(), other)),)

    chart = charts(opened(make.summary((make.signpost(topics=topics),))))[1].chart

    assert {series.name: list(series.values) for series in chart.plots[0].series} == {
        "Unfavourable": [12, 20],
        "Neither": [8, 0],
        "Favourable": [30, 30],
    }


def test_more_questions_and_words_than_fit_go_on_to_further_slides() -> None:
    asked = tuple(
        make.question(f"q_{number}", short=f"Question number {number}") for number in range(15)
    )
    topics = tuple(
        make.topic(f"t_{number}", title=f"Topic {number}", questions=(question,))
        for number, question in enumerate(asked)
    )
    deck = opened(make.summary((make.signpost(topics=topics),)))

    title = "Performance, evaluation and monitoring"
    of_signpost = [
        slide for slide in deck.slides if slide.shapes.title.text_frame.text.startswith(title)
    ]

    assert titles(deck).count(f"{title} (continued)") == len(of_signpost) - 1 == 2
    drawn = [
        label
        for slide in of_signpost
        for shape in slide.shapes
        if shape.has_chart
        for label in shape.chart.plots[0].categories
    ]
    assert drawn == [f"Question number {number}: 60% of 50" for number in range(15)]


def test_sectors_that_nobody_invited_are_words_and_not_bars() -> None:
    sectors = (make.sector(Sector.POLICE, agencies=0, invited=None, answered=0),)
    covered = make.coverage(sectors).model_copy(update={"levels": (), "caveats": ()})

    deck = opened(make.summary((), covered=covered, caveats=()))

    assert charts(deck) == []
    assert "Not invited: Police." in words(deck.slides[2])
    assert titles(deck)[-1] == "How to read the figures"


def test_workbooks_behind_charts_hold_no_formula_and_no_time() -> None:
    deck = opened(make.hostile("=1+1"))

    for shape in charts(deck):
        blob = shape.chart.part.chart_workbook.xlsx_part.blob
        book = openpyxl.load_workbook(io.BytesIO(blob))
        assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {
            "s",
            "n",
        }
        assert book.properties.created == deck.core_properties.created


@pytest.mark.parametrize(
    ("label", "safe"),
    [
        ("Police", "Police"),
        ("é", "é"),
        ("=1", "“=1”"),
        ("{=1}", "“{=1}”"),
        ("-1", "“-1”"),
        ("http://example.org", "“http://example.org”"),
        ("mailto:a@example.org", "“mailto:a@example.org”"),
        ("Httpless", "Httpless"),
    ],
)
def test_safe_label_is_never_a_formula_or_a_link(label: str, safe: str) -> None:
    assert safe_label(label) == safe


WIDE, TALL = Inches(12), Inches(5.3)


def said(places: list[list[Item]]) -> str:
    return " ".join(item.text.removesuffix(" …") for place in places for item in place)


@pytest.mark.parametrize("length", [0, 1, 30, 300, 1_900])
@pytest.mark.parametrize("count", [1, 2, 9, 40])
def test_flow_loses_no_word_and_fills_no_place_too_full(count: int, length: int) -> None:
    text = " ".join(["word"] * (length // 5)) or "w"
    items = [Item(text=text, title="Title" if number % 2 else "") for number in range(count)]

    places = flow(items, width=WIDE, height=TALL, size=16)

    assert said(places).split() == (text.split() * count)
    for place in places:
        letters = sum(item.letters() for item in place)
        assert letters <= WIDE.pt / (16 * 0.5) * TALL.pt / (16 * 1.2)


def test_flow_breaks_a_word_that_fills_more_than_a_place() -> None:
    places = flow([Item(text="x" * 1_900)], width=Inches(3), height=Inches(2), size=16)

    assert len(places) > 2
    assert said(places).replace(" ", "") == "x" * 1_900


def test_a_head_is_never_left_at_the_foot() -> None:
    items = [Item(text="A line"), Item(text="Head", head=True), Item(text="B line")]

    for height in range(1, 40):
        places = flow(items, width=WIDE, height=Inches(height / 10), size=16)
        assert not any(
            place[-1].head for place in places if len(place) > 1 or place is not places[0]
        )


def test_fit_sets_a_short_list_large_and_a_long_one_evenly() -> None:
    short, large = fit([Item(text="A line")], width=WIDE, height=TALL)
    long, small = fit([Item(text="A line")] * 20, width=WIDE, height=TALL)

    assert (len(short), large) == (1, 20)
    assert small == 16
    sizes = [len(place) for place in long]
    assert max(sizes) - min(sizes) <= 2
