"""The PDF: tagged for PDF/UA, titled, in British English, with charts told in words."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pikepdf
import pytest

from analysis.export import Format
from analysis.export.letter import Letter
from analysis.export.pdf import NOT_IN_TYPEFACE, pdf_bytes, to_pdf
from analysis.export.report import Bullets, Grid, Heading, Report, Sideways, Style, Words
from analysis.result import Summary
from tests import factories_summary as make
from tests.files_opened import text_of

LETTER = Letter(
    council="Wexmoor Council",
    round_title="Autumn round",
    closed="closed on 6 November",
    to="the Chief Executive",
    sent_by="The review team",
    dated=date(2026, 11, 6),
)


@cache
def usual() -> bytes:
    return to_pdf(make.usual_round(), letter=LETTER)


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def elements(place: Any) -> Iterator[Any]:
    """The elements of the structure, from the root down."""
    below = place.get("/K", [])
    for held in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(held, pikepdf.Dictionary) and "/S" in held:
            yield held
            yield from elements(held)


def tags(content: bytes) -> Counter[str]:
    """How many structure elements of each kind there are."""
    with opened(content) as pdf:
        return Counter(str(held["/S"]) for held in elements(pdf.Root.StructTreeRoot))


def text(content: bytes) -> str:
    return " ".join(text_of(content, Format.PDF).split())


def report(*blocks: Any, title: str = "A title") -> Report:
    return Report(
        title=title, subtitle="", subject="Council", dated=date(2026, 11, 6), blocks=blocks
    )


def test_pdf_is_tagged_titled_and_british() -> None:
    with opened(usual()) as pdf:
        root = pdf.Root
        assert bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root
        assert str(root.Lang) == "en-GB"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == "Peer review: what the answers suggest"
        metadata = pdf.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261106")


def test_headings_lists_and_tables_are_tagged_with_header_cells() -> None:
    found = tags(usual())

    assert found["/H1"] >= 5
    assert found["/H2"] >= 12
    assert found["/TH"] == 2 + 4 + 6 * 9
    assert found["/THead"] == found["/Table"] == 8
    assert found["/LI"] > 5
    assert found["/Figure"] == 1 + 2 * 6


def test_every_figure_is_told_in_words() -> None:
    with opened(usual()) as pdf:
        figures = [
            held
            for held in elements(pdf.Root.StructTreeRoot)
            if held["/S"] == pikepdf.Name.Figure and "/Alt" in held
        ]

        assert len(figures) == 1 + 2 * 6
        assert all(len(str(held["/Alt"])) > 40 for held in figures)


def test_pages_are_a4_and_the_annex_lies_on_its_side() -> None:
    with opened(usual()) as pdf:
        sizes = [tuple(round(float(edge)) for edge in page.mediabox[2:]) for page in pdf.pages]

    assert set(sizes) == {(595, 842), (842, 595)}
    assert sizes == sorted(sizes)


def test_what_the_letter_says_is_in_it_and_pages_are_numbered() -> None:
    told = text(usual())

    for words in (
        "Dear the Chief Executive",
        "This is not an inspection.",
        "Closed on 6 November.",
        "What reads as a strength, and what to explore",
        "Yours sincerely",
        "Annex: the figures",
        "Page 1 of",
    ):
        assert words in told


def test_markup_in_what_people_wrote_is_set_as_text() -> None:
    wrote = "#panic() *bold* $x$ `code` <script> [link] // comment @ref = Heading \\ end"

    told = text(pdf_bytes(report(Words(text=wrote), Heading(text=wrote), Bullets(items=[wrote]))))

    assert told.count(wrote) == 3


@pytest.mark.parametrize(
    ("wrote", "set_as"),
    [
        ("Ysgol Tŷ’r Ŵyl", "Ysgol Tŷ’r Ŵyl"),
        ("Zażółć, Ελλάδα, Київ", "Zażółć, Ελλάδα, Київ"),
        ("A family \U0001f469 here", f"A family {NOT_IN_TYPEFACE} here"),
        ("漢字", NOT_IN_TYPEFACE * 2),
    ],
    ids=["Welsh", "European", "pictograph", "Chinese"],
)
def test_letters_that_no_typeface_has_are_squares(wrote: str, set_as: str) -> None:
    assert set_as in text(pdf_bytes(report(Words(text=wrote), title=wrote)))


def test_a_table_that_runs_over_pages_repeats_its_header() -> None:
    rows = [(f"Row {number}", str(number)) for number in range(120)]
    grid = Grid(
        description="Rows",
        headers=("Name", "Amount"),
        widths=(10, 4),
        rows=rows,
        numbers=frozenset({1}),
    )

    content = pdf_bytes(report(grid))

    with opened(content) as pdf:
        assert len(pdf.pages) > 2
    assert tags(content)["/TH"] == 2
    assert text(content).count("Name Amount") > 2


def test_paragraphs_of_every_style_and_an_empty_report() -> None:
    blocks = [Words(text=f"As a {style.value}", title="T", style=style) for style in Style]

    told = text(pdf_bytes(report(*blocks, Sideways(), Words(text="On its side"))))

    assert all(f"T: As a {style.value}" in told for style in Style)
    assert "On its side" in told
    assert pdf_bytes(report()).startswith(b"%PDF")


def test_a_round_without_answers_has_a_report_without_charts_of_questions() -> None:
    nothing: Summary = make.summary((), caveats=())

    content = to_pdf(nothing)

    assert tags(content)["/Figure"] == 1
    assert "Nothing stands out from the answers alone." in text(content)
