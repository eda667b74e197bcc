"""The workbook opens, holds numbers as numbers, and never a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import chain

import docx
import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from analysis.export.csv import PREAMBLE_LINES, to_csv
from analysis.export.docx import to_docx
from analysis.export.letter import Decision, Letter, ReleasedComment
from analysis.export.xlsx import to_xlsx
from analysis.result import (
    AgencyCoverage,
    ChoiceCounts,
    CoverageState,
    GroupKind,
    Interval,
    Mark,
    OptionCountPlain,
    ReturnBeside,
    Summary,
    ThemeScore,
    Verdict,
)
from question_banks.bank import OptionKind, Sector
from tests import factories_summary as make

SHEETS = ["Summary", "Questions", "Coverage", "Data dictionary", "Settings"]


def opened(summary: Summary, *, letter: Letter | None = None) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(summary, letter=letter)))


def cells(sheet: Worksheet) -> Iterator[Cell]:
    for cell in chain.from_iterable(sheet.iter_rows()):
        assert isinstance(cell, Cell)
        yield cell


def table(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows of a sheet's table by its headings."""
    (only,) = sheet.tables.values()
    rows = [[cell.value for cell in row] for row in sheet[only.ref]]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_workbook_has_its_sheets_with_frozen_headers_and_paper_set_up() -> None:
    book = opened(make.usual_round())

    assert book.sheetnames == SHEETS
    for sheet in book.worksheets:
        (only,) = sheet.tables.values()
        top = int("".join(filter(str.isdigit, only.ref.split(":")[0])))
        assert sheet.freeze_panes == f"A{top + 1}"
        assert sheet.print_title_rows == f"${top}:${top}"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert all(dimension.width for dimension in sheet.column_dimensions.values())


def test_questions_hold_numbers_as_numbers_with_formats() -> None:
    sheet = opened(make.summary())["Questions"]

    rows = table(sheet)

    assert [row["Group"] for row in rows] == ["Everybody", "Council", "All partners"]
    assert (rows[0]["Answered"], rows[0]["Favourable"], rows[0]["Share"]) == (50, 30, 0.6)
    assert rows[0]["Agreement"] == 0.41
    share = next(cell for cell in cells(sheet) if cell.value == 0.6)
    assert share.number_format == "0%"
    assert rows[0]["What the answers say"] == "Reads as a strength (clear)"


def test_withheld_groups_hold_a_mark_or_words_and_no_number() -> None:
    question = make.question(
        everybody=make.group(mark=Mark.CONFIDENTIAL),
        groups=(make.group("Council", kind=GroupKind.SIDE, words="Mostly positive"),),
    )
    empty = make.question(
        "empty", everybody=make.group(figures=make.figures(0, 0, 0, 0, 0, 12, 0)), groups=()
    )
    signpost = make.signpost(topics=(make.topic(questions=(question, empty)),))

    book = opened(make.summary((signpost,)))
    hidden, worded, nobody = table(book["Questions"])

    assert (hidden["Share"], worded["Share"], nobody["Share"]) == ("[c]", "Mostly positive", None)
    dictionary = {row["Code"]: row for row in table(book["Data dictionary"])}
    assert dictionary["enough_data"]["Options, with their codes"] == (
        "Not shown here: see the questionnaire"
    )
    for row in (hidden, worded):
        assert not [value for value in row.values() if isinstance(value, (int, float))]


def test_reviewers_judgement_stands_beside_the_rules_reading() -> None:
    letter = Letter(
        decisions={
            "data": Decision(
                verdict=Verdict.CONSIDERATION,
                reason="Heard in interviews",
                by="Team",
                note="Not so.",
            ),
            "enough_data": Decision(verdict=Verdict.MIXED, reason="Two readings", by=""),
        }
    )
    book = opened(make.summary(), letter=letter)

    (topic,) = table(book["Summary"])
    question = table(book["Questions"])[0]

    assert topic["What the answers say"] == "Reads as a strength (clear)"
    assert topic["Reviewers’ judgement"] == "To explore"
    assert topic["Reviewers’ reason"] == "Heard in interviews (Team)"
    assert topic["Statement"] == "Not so."
    assert question["Reviewers’ judgement"] == "Mixed"
    assert question["Reviewers’ reason"] == "Two readings"


def test_judgement_is_empty_where_reviewers_let_the_reading_stand() -> None:
    letter = Letter(decisions={"data": Decision(verdict=Verdict.MIXED, reason="Heard", by="")})

    rows = table(opened(make.summary(), letter=letter)["Questions"])

    assert {row["Reviewers’ judgement"] for row in rows} == {None}


def test_workbook_without_judgements_has_no_empty_columns_for_them() -> None:
    book = opened(make.summary())

    assert not {"Reviewers’ judgement", "Reviewers’ reason"} & set(table(book["Summary"])[0])
    assert "What the answers say" in table(book["Questions"])[0]


def test_only_quotable_comments_are_in_the_workbook() -> None:
    letter = Letter(
        comments={
            "performance": (
                ReleasedComment(sector="Police", text="Print this.", quotable=True),
                ReleasedComment(sector="Schools", text="Keep this.", quotable=False),
            )
        }
    )
    book = opened(make.summary(), letter=letter)

    assert [row["Comment"] for row in table(book["Comments"])] == ["Print this."]
    everything = {cell.value for sheet in book.worksheets for cell in cells(sheet)}
    assert "Keep this." not in everything


def test_counted_questions_have_a_sheet_of_their_own() -> None:
    ranking = ChoiceCounts(
        answered=8, options=(OptionCountPlain(option="a", label="A", median_place=1.5),)
    )
    asked = (
        make.counted_question(),
        make.counted_question("ranked").model_copy(update={"counts": ranking}),
        make.counted_question("dated", answered=3, median="2026-03-01"),
        make.counted_question("marked", mark=Mark.CONFIDENTIAL),
    )

    book = opened(make.summary(others=asked))

    rows = table(book["Counted questions"])
    assert [(row["Code"], row["Choice"], row["People"]) for row in rows] == [
        ("main_training", "Online course", 25),
        ("main_training", "A day together", 15),
        ("ranked", "A", None),
        ("dated", None, None),
        ("marked", None, "[c]"),
    ]
    assert rows[0]["Share"] == 0.625
    assert rows[2]["Middle answer or place"] == 1.5
    assert rows[3]["Middle answer or place"] == "2026-03-01"
    dictionary = {row["Code"]: row for row in table(book["Data dictionary"])}
    assert dictionary["ranked"]["Options, with their codes"] == "A (a)"
    assert "Agree (agree: favourable)" in str(
        dictionary["enough_data"]["Options, with their codes"]
    )


def with_scores_and_returns() -> Summary:
    """A signpost with a score and groups in words, and three agency returns."""
    held = make.question(says=make.reading()).model_copy(update={"held": True})
    signpost = make.signpost(topics=(make.topic(questions=(held,)),)).model_copy(
        update={
            "score": ThemeScore(
                questions=("enough_data",),
                people=50,
                score=0.6,
                interval=Interval(low=0.46, high=0.72),
            ),
            "groups": (
                make.group("Health", kind=GroupKind.SECTOR_GROUP, words="Mostly positive"),
                make.group("Police", kind=GroupKind.SECTOR_GROUP, mark=Mark.CONFIDENTIAL),
            ),
            "agencies_lean": "Most agencies lean towards the positive answers.",
        }
    )
    returns = [
        ReturnBeside(
            agency=agency,
            question=code,
            rating="Good",
            kind=OptionKind.FAVOURABLE,
            of_group=True,
            practitioners=practitioners,
            apart=apart,
            sentence="The agency rates this better than practitioners do.",
        )
        for agency, code, practitioners, apart in (
            ("Wexmoor Police", "enough_data", make.group("Police", figures=make.SIXTY), -12.0),
            ("Wexmoor NHS", "enough_data", make.group("Health", words="Mostly positive"), None),
            ("Wexmoor Schools", "gone", make.group("Schools", mark=Mark.CONFIDENTIAL), None),
        )
    ]
    return make.summary((signpost,)).model_copy(update={"returns": tuple(returns)})


def test_scores_and_groups_in_words_have_a_sheet() -> None:
    everybody, health, police = table(opened(with_scores_and_returns())["Signposts"])

    assert (everybody["Score"], everybody["Range from"], everybody["People"]) == (0.6, 0.46, 50)
    assert str(everybody["In a sentence"]).endswith("lean towards the positive answers.")
    assert (health["Group"], health["Score"]) == ("Health", "Mostly positive")
    assert (police["Group"], police["Score"], police["People"]) == ("Police", "[c]", None)


def test_agency_returns_stand_beside_practitioners_answers() -> None:
    police, health, schools = table(opened(with_scores_and_returns())["Agency returns"])

    assert (police["The agency’s rating"], police["Share"], police["Apart, of 100"]) == (
        "Good",
        0.6,
        -12,
    )
    assert (health["Share"], health["Answered"]) == ("Mostly positive", None)
    assert (schools["Question"], schools["Share"]) == ("gone", "[c]")


def test_figures_of_an_earlier_release_say_so() -> None:
    rows = table(opened(with_scores_and_returns())["Questions"])

    assert str(rows[0]["What the answers say"]).endswith("too few people have answered since.")
    assert rows[1]["What the answers say"] is None


def test_csv_and_letter_tell_scores_returns_and_held_figures_too() -> None:
    summary = with_scores_and_returns()
    rows = list(csv.reader(io.StringIO(to_csv(summary).decode("utf-8-sig"))))[PREAMBLE_LINES:]
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]

    def of(measure: str) -> list[tuple[str, str, str, str]]:
        return [
            (line["group_title"], line["value"], line["mark"], line["words"])
            for line in lines
            if line["measure"] == measure
        ]

    assert of("score")[0][1] == "0.6000"
    assert of("leaning")[0][3] == "Mostly positive"
    assert of("leaning")[1][2] == "[c]"
    assert of("agencies_lean")[0][3] == "Most agencies lean towards the positive answers."
    assert [row[:2] for row in of("agency_return")] == [
        ("Wexmoor Police", "-12.0000"),
        ("Wexmoor NHS", ""),
        ("Wexmoor Schools", ""),
    ]
    assert [row[1:3] for row in of("beside_agency_return")] == [
        ("0.6000", ""),
        ("", ""),
        ("", "[c]"),
    ]
    assert len(of("held")) == 1
    letter = docx.Document(io.BytesIO(to_docx(summary)))
    returns = letter.tables[-1]
    assert [cell.text for cell in returns.columns[3].cells][1:] == [
        "Police: 60%",
        "Health: Mostly positive",
        "Schools: Not shown",
    ]


def test_coverage_lists_agencies_under_their_sector_and_unknown_numbers_as_not_available() -> None:
    agencies = (
        AgencyCoverage(
            agency="Wexmoor Youth Clubs",
            sector=Sector.VOLUNTARY,
            invited=None,
            answered=4,
            state=CoverageState.ANSWERED,
        ),
        AgencyCoverage(
            agency="Wexmoor Police",
            sector=Sector.POLICE,
            invited=12,
            answered=10,
            state=CoverageState.ANSWERED,
        ),
    )
    sectors = (
        make.sector(Sector.POLICE, agencies=1, invited=12, answered=10),
        make.sector(Sector.PROBATION, agencies=0, invited=None, answered=0),
    )

    rows = table(
        opened(make.summary(covered=make.coverage(sectors, agencies=agencies)))["Coverage"]
    )

    assert [row["Agency"] for row in rows] == [
        "All of this sector",
        "Wexmoor Police",
        "All of this sector",
        "Wexmoor Youth Clubs",
    ]
    assert [row["Invited"] for row in rows] == [12, 12, 0, "[x]"]
    assert [row["State"] for row in rows][2] == "Not invited"


def test_settings_are_spelled_out() -> None:
    rows = {row["Setting"]: row["Value"] for row in table(opened(make.summary())["Settings"])}

    assert rows["strength_line"] == "0.60"
    assert rows["k"] == "10"
    assert rows["everyone_in_scope"] == "no"
    assert rows["expected_sectors"] == "schools, police"
    assert rows["sector_groups"] == "health: nhs_community, primary_care"
    assert rows["tally_digest"] == "t" * 64


def test_summary_of_no_signpost_at_all_says_none() -> None:
    coverage = make.coverage().model_copy(update={"caveats": (), "levels": ()})

    book = opened(make.summary((), caveats=(), covered=coverage))

    assert table(book["Summary"])[0]["Signpost"] == "None"


@pytest.mark.parametrize("text", make.HOSTILE, ids=range(len(make.HOSTILE)))
def test_no_cell_is_ever_a_formula_or_a_link(text: str) -> None:
    content = to_xlsx(make.hostile(text), letter=make.hostile_letter(text))
    book = openpyxl.load_workbook(io.BytesIO(content))

    for sheet in book.worksheets:
        assert {cell.data_type for cell in cells(sheet)} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            assert b"<f>" not in package.read(name)
            assert b"hyperlink" not in package.read(name)


def test_a_name_like_a_formula_stays_text_when_edited() -> None:
    book = opened(make.hostile("=1+1"))

    named = [cell for sheet in book.worksheets for cell in cells(sheet) if cell.value == "=1+1"]

    assert named
    assert all(cell.quotePrefix for cell in named)


def test_properties_come_from_the_letter() -> None:
    letter = Letter(council="Wexmoor Council", review_title="Peer review", dated=date(2026, 11, 6))

    properties = opened(make.summary(), letter=letter).properties

    assert properties.title == "Peer review: Wexmoor Council"
    assert properties.created is not None
    assert properties.created.date() == date(2026, 11, 6)
