"""Comparisons and benchmarks as tables, lines and reports say what the results say, and no more."""

from __future__ import annotations

import csv
import io
import json

import docx
import openpyxl
import pytest

from analysis.benchmarked import Benchmark
from analysis.compared import Change, Comparison, Difference, Point, RoundCompared
from analysis.export import Format, write
from analysis.export.benchmark_document import benchmark_report
from analysis.export.comparison_document import change_text, comparison_report, point_text
from analysis.export.csv import BESIDE_HEADER, COMPARED_HEADER, PREAMBLE_LINES, to_csv
from analysis.export.gated import Exported
from analysis.export.letter import Letter
from analysis.export.report import Block, Bullets, Grid, Heading, Report, Words
from analysis.export.sheets import POINTS
from analysis.export.xlsx import to_xlsx
from analysis.result import Interval, Mark
from tests import factories_compared as make

LETTER = Letter(letter_date="4 May 2031")
EITHER = pytest.mark.parametrize(
    "result", [make.comparison(), make.benchmark()], ids=["rounds", "councils"]
)


def table(result: Exported, name: str) -> list[dict[str, object]]:
    """The rows of a sheet by its headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(result, letter=LETTER)))[name]
    (only,) = sheet.tables.values()
    rows = [[cell.value for cell in row] for row in sheet[only.ref]]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def lines(result: Exported) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(to_csv(result).decode("utf-8-sig"))))
    header = rows[PREAMBLE_LINES]
    assert tuple(header) == (COMPARED_HEADER if isinstance(result, Comparison) else BESIDE_HEADER)
    return [dict(zip(header, row, strict=True)) for row in rows[PREAMBLE_LINES + 1 :]]


def preamble(result: Exported) -> dict[str, str]:
    rows = list(csv.reader(io.StringIO(to_csv(result).decode("utf-8-sig"))))
    return dict(rows[:PREAMBLE_LINES])


def under(report: Report, heading: str) -> list[Block]:
    """The blocks from a heading to the next of its level."""
    found: list[Block] = []
    inside = False
    for block in report.blocks:
        if isinstance(block, Heading) and block.level == 1:
            inside = block.text == heading
        elif inside:
            found.append(block)
    return found


def words(blocks: list[Block]) -> list[str]:
    return [
        f"{block.title}: {block.text}" if block.title else block.text
        for block in blocks
        if isinstance(block, Words)
    ]


@pytest.mark.parametrize(
    "result", [make.comparison(), make.benchmark()], ids=["rounds", "councils"]
)
def test_json_reads_back_equal(result: Comparison | Benchmark) -> None:
    told = write(result, to=Format.JSON)

    assert type(result).model_validate_json(told) == result
    assert json.loads(told)["format"].startswith("signpost-")


def test_changes_have_a_line_for_each_step_and_basis() -> None:
    rows = table(make.comparison(), "Changes")

    heard = [row for row in rows if row["Code"] == "children_heard"]
    assert [row["Whose answers"] for row in heard] == [
        "All agencies",
        "All agencies",
        "Agencies that answered both times",
    ]
    untested, everybody, both = heard
    assert (untested["Share then"], untested["Answered then"]) == (0.41, None)
    assert (untested["Change in points"], untested["In a word"]) == (None, "Not comparable")
    assert everybody["Change in points"] == 27
    assert (everybody["Range from"], everybody["Range to"]) == (11, 43)
    assert both["In a word"] == "Improved"


def test_what_a_change_is_made_of_has_a_sheet() -> None:
    rows = {row["Code"]: row for row in table(make.comparison(), "Made of")}

    parts = ["Answered differently", "Different mix", "Agencies that came", "Agencies that went"]
    assert [rows["children_heard"][part] for part in (*parts, "Together")] == [22, 1, 3, 1, 27]
    assert rows["board_challenges"]["Answered differently"] == "[c]"
    assert "May be compared (Review manager): The same thing is asked." in str(
        rows["enough_data"]["To bear in mind"]
    )
    assert "Reorganisation: Two community trusts became one in April." in str(
        rows["thresholds_clear"]["To bear in mind"]
    )
    assert "early_help_offer" not in rows


def test_marks_stand_where_a_round_has_no_figure() -> None:
    changes = table(make.comparison(), "Changes")
    rows = {row["Code"]: row for row in changes if row["Whose answers"] == "All agencies"}

    assert rows["board_challenges"]["Share now"] == "[c]"
    assert rows["board_challenges"]["In a word"] == "Too few to say"
    assert rows["early_help_offer"]["Share then"] == "[z]"
    assert rows["total_place"]["Theme"] == "No longer asked"


def test_shares_have_a_column_for_each_round() -> None:
    rows = {row["Code"]: row for row in table(make.comparison(), "Shares")}

    heard = rows["children_heard"]
    assert heard["1. Partners’ survey (2028): share"] == 0.41
    assert heard["1. Answered"] is None
    assert heard["3. Follow-up (March 2031): share"] == pytest.approx(41 / 60)
    assert heard["3. Answered"] == 60
    assert rows["total_place"]["3. Follow-up (March 2031): share"] == "[z]"


def test_scores_findings_circumstances_and_rounds_have_sheets() -> None:
    comparison = make.comparison()

    scores = table(comparison, "Scores")
    assert (scores[0]["Score then"], scores[0]["Change in points"]) == (0.51, 15)
    assert (scores[1]["Score then"], scores[1]["To bear in mind"]) == (
        "[z]",
        "Schools answered only the second time.",
    )
    findings = table(comparison, "Findings")
    assert [row["Outcome"] for row in findings] == [
        "Recurs",
        "Resolved, on these answers",
        "Not examined this time",
    ]
    assert findings[2]["Now"] is None
    (changed,) = table(comparison, "Circumstances")
    assert (changed["What"], changed["By"]) == ("Reorganisation", "Review manager")
    published, _, newest = table(comparison, "Rounds")
    assert (published["People who answered"], published["Every base published"]) == ("[x]", "no")
    assert "page 14" in str(published["Where the figures come from"])
    assert newest["People who answered"] == 66
    stamped = {row["Setting"] for row in table(comparison, "Settings")}
    assert {"round 1 published_source", "round 2 tally_digest", "round 3 bank_digest"} <= stamped


def test_comparison_without_scores_findings_or_notes_has_no_empty_sheets() -> None:
    bare = make.comparison(()).model_copy(update={"findings": (), "dropped": ()})
    unheld = tuple(each.model_copy(update={"bank": None}) for each in bare.rounds)

    book = openpyxl.load_workbook(
        io.BytesIO(to_xlsx(bare.model_copy(update={"rounds": unheld}), letter=LETTER))
    )

    assert book.sheetnames == ["Changes", "Shares", "Rounds", "Settings"]
    (only,) = book["Changes"].tables.values()
    assert only.tableColumns[0].name == "Signpost"


def test_points_are_formatted_with_their_sign() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(make.comparison(), letter=LETTER)))

    formats = {
        cell.number_format
        for row in book["Changes"].iter_rows()
        for cell in row
        if cell.value == 27
    }
    assert formats == {POINTS}


def test_lines_of_a_comparison_have_every_figure_and_the_rounds_counted_from_one() -> None:
    rows = lines(make.comparison())

    heard = [row for row in rows if row["question"] == "children_heard"]
    shares = [
        (row["round"], row["basis"], row["value"], row["base"])
        for row in heard
        if row["measure"] == "favourable_share"
    ]
    assert shares == [
        ("1", "all", "0.4100", ""),
        ("2", "all", "0.4138", "58"),
        ("3", "all", "0.6833", "60"),
        ("2", "both", "0.4400", "50"),
        ("3", "both", "0.6863", "51"),
    ]
    change = next(row for row in heard if row["measure"] == "change" and row["round"] == "3")
    assert (change["from_round"], change["option"], change["value"]) == ("2", "improved", "0.2695")
    parts = [row["value"] for row in heard if row["measure"].startswith("change_")]
    assert parts == ["0.2200", "0.0100", "0.0300", "0.0100"]
    hidden = [row for row in rows if row["question"] == "board_challenges"]
    assert {row["mark"] for row in hidden if row["round"] == "3"} >= {"[c]"}
    assert not [row for row in hidden if row["round"] == "3" and row["value"]]
    assert {row["measure"] for row in rows} >= {
        "people",
        "agencies",
        "score",
        "score_change",
        "finding",
    }


def test_preamble_says_what_is_compared_and_from_what() -> None:
    told = preamble(make.comparison())

    assert told["Title"] == "Peer review: rounds compared"
    assert told["Council"] == "Marlow Vale Council"
    assert told["Round"].startswith("Partners’ survey (2028); Baseline (March 2030)")
    assert "page 14" in told["Questionnaire"]
    assert told["Answered"] == "Baseline (March 2030): 64 people; Follow-up (March 2031): 66 people"
    assert "cells withheld in all: 2" in told["Marks"]


def test_report_tells_changes_in_words_and_the_rest_by_name() -> None:
    report = comparison_report(make.comparison(), LETTER)

    assert report.title == "Peer review: Marlow Vale Council"
    assert report.subtitle.endswith("and Follow-up (March 2031) · 4 May 2031")
    practice = words(under(report, "Practice and the voice of the child"))
    assert practice[1].startswith("Children are heard in plans: 68% of people agree now")
    assert "In the agencies that answered both times it went from 44% to 69%." in practice[1]
    assert "The fall is only a different mix of who answered" in practice[2]
    assert practice[3] == "No clear change: Agencies train together."
    performance = words(under(report, "Outcomes and performance"))
    assert performance[-2:] == [
        "Too few to say: The board challenges its members.",
        "Not comparable: The early help offer is known.",
    ]


def test_report_has_rounds_findings_and_questions_no_longer_asked() -> None:
    report = comparison_report(make.comparison(), LETTER)

    (rounds,) = [b for b in under(report, "What is compared") if isinstance(b, Grid)]
    assert rounds.rows[0][1:3] == ("Not known", "Not known")
    assert "Not every base was published" in rounds.rows[0][3]
    (findings,) = [
        b for b in under(report, "What became of earlier readings") if isinstance(b, Grid)
    ]
    assert len(findings.rows) == 3
    gone, *_ = under(report, "Questions that are no longer asked")
    assert isinstance(gone, Bullets)
    assert list(gone.items) == ["Money follows the child, and we could show how we know."]
    figures = [b for b in under(report, "Annex: the figures") if isinstance(b, Grid)]
    assert [len(grid.rows) for grid in figures] == [7, 3, 1]
    assert figures[0].rows[1] == (
        "Children are heard in plans",
        "Same question",
        "All agencies",
        "41% of 58",
        "68% of 60",
        "+27 points (+11 to +43)",
        "Improved",
        "answered differently +22, different mix +1, came +3, went +1",
    )
    assert figures[1].rows[0][-1] == "Not shown"


def test_report_of_nothing_but_rounds_has_no_empty_parts() -> None:
    bare = make.comparison(()).model_copy(
        update={"findings": (), "dropped": (), "caveats": (), "signposts": ()}
    )

    headings = [b.text for b in comparison_report(bare, Letter()).blocks if isinstance(b, Heading)]

    assert headings == [
        "What is compared",
        "Annex: the figures",
        "What the figures were made from",
    ]


@pytest.mark.parametrize(
    ("point", "told"),
    [
        (Point(share=0.6, base=50), "60% of 50"),
        (Point(share=0.004, base=500), "under 1% of 500"),
        (Point(share=0.61), "61% (base not published)"),
        (Point(words="Nearly all"), "Nearly all"),
        (Point(mark=Mark.CONFIDENTIAL), "Not shown"),
        (Point(mark=Mark.NOT_APPLICABLE), "Not asked"),
        (Point(), "Not published"),
    ],
    ids=["share", "tiny", "no base", "words", "hidden", "not asked", "nothing"],
)
def test_point_text(point: Point, told: str) -> None:
    assert point_text(point) == told


@pytest.mark.parametrize(
    ("difference", "interval", "told"),
    [
        (0.27, Interval(low=0.11, high=0.43), "+27 points (+11 to +43)"),
        (-0.01, Interval(low=-0.2, high=0.18), "−1 point (−20 to +18)"),
        (0.05, None, "+5 points"),
        (None, None, ""),
    ],
    ids=["up", "one down", "no range", "none"],
)
def test_change_text(difference: float | None, interval: Interval | None, told: str) -> None:
    found = make.difference(make.point(1, 2), make.point(1, 2)).model_copy(
        update={"difference": difference, "interval": interval}
    )
    assert isinstance(found, Difference)
    assert change_text(found) == told


def test_a_round_without_a_date_is_named_by_its_title() -> None:
    rounds = tuple(each.model_copy(update={"when": ""}) for each in make.rounds())

    told = preamble(make.comparison(of_rounds=rounds))

    assert told["Round"] == "Partners’ survey; Baseline; Follow-up"
    assert isinstance(rounds[0], RoundCompared)


def test_benchmark_sets_the_own_share_beside_quartiles() -> None:
    rows = table(make.benchmark(), "Beside other councils")

    score, heard, thresholds, *_ = rows
    assert (score["Code"], score["Question"]) == (None, "All its questions together")
    assert (heard["Own share"], heard["Middle council"], heard["Other councils"]) == (0.6, 0.56, 10)
    assert heard["Allowing for few answers"] == 0.58
    assert thresholds["Where it stands"] == "Below the middle half of councils"
    by_code = {row["Code"]: row for row in rows}
    assert by_code["board_challenges"]["Own share"] == "[c]"
    assert by_code["early_help_offer"]["Middle council"] is None


def test_funnel_has_points_without_names_and_limits() -> None:
    rows = table(make.benchmark(), "Funnel")

    assert {row["What"] for row in rows} == {"This council", "Another council", "Limits"}
    assert sum(row["What"] == "This council" for row in rows) == 3
    limit = next(row for row in rows if row["What"] == "Limits")
    assert (limit["Answered"], limit["Share"]) == (20, 0.56)
    assert isinstance(limit["Outer to"], float)


def refused() -> Benchmark:
    return make.benchmark(()).model_copy(
        update={"refusal": "There are too few councils to set these results beside.", "caveats": ()}
    )


def test_benchmark_that_is_refused_says_so_everywhere() -> None:
    why = "There are too few councils to set these results beside."

    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(refused())))
    assert book.sheetnames == ["Beside other councils", "Settings"]
    assert why in [row[0].value for row in book["Beside other councils"].iter_rows()]
    assert preamble(refused())["Notes"].startswith(why)
    assert words(list(benchmark_report(refused(), Letter()).blocks))[0] == why
    assert lines(refused()) == []


def test_lines_of_a_benchmark() -> None:
    rows = lines(make.benchmark())

    heard = {row["measure"]: row for row in rows if row["question"] == "children_heard"}
    assert (heard["own_share"]["value"], heard["own_share"]["base"]) == ("0.6000", "50")
    middle = heard["middle_council"]
    assert (middle["value"], middle["low"], middle["high"]) == ("0.5600", "0.5100", "0.6200")
    assert heard["funnel_centre"]["option"] == "within"
    assert sum(row["measure"] == "funnel_point" for row in rows) == 33
    hidden = [row for row in rows if row["question"] == "board_challenges"]
    assert [(row["measure"], row["value"], row["mark"]) for row in hidden] == [
        ("own_share", "", "[c]")
    ]


def test_middle_council_without_quartiles_has_no_limits() -> None:
    row = make.beside(with_funnel=False).model_copy(update={"lower": None, "shrunken": None})
    signpost = make.benchmark().signposts[0].model_copy(update={"score": row, "questions": ()})

    _, middle = lines(make.benchmark((signpost,)))

    assert (middle["measure"], middle["low"], middle["high"]) == ("middle_council", "", "")


def test_benchmark_report_names_questions_above_and_below() -> None:
    report = benchmark_report(make.benchmark(), LETTER)

    told = words(under(report, "Practice and the voice of the child"))
    assert told[1:] == [
        "Above the middle half of councils: “Agencies train together”.",
        "Below the middle half of councils: “Thresholds are clear”.",
        "Among the middle half of councils: 1 question.",
    ]
    figures = [b for b in under(report, "Annex: the figures") if isinstance(b, Grid)]
    assert figures[1].rows[1][2] == "Not shown"
    assert figures[0].rows[1][4:8] == ("10", "51%", "56%", "62%")


@pytest.mark.parametrize(
    "result", [make.comparison(), make.benchmark()], ids=["rounds", "councils"]
)
def test_document_is_a_report_with_described_tables(result: Comparison | Benchmark) -> None:
    document = docx.Document(io.BytesIO(write(result, to=Format.DOCX, letter=LETTER)))

    assert document.paragraphs[0].style is not None
    assert document.paragraphs[0].style.name == "Title"
    for each in document.tables:
        assert each._tbl.tblPr.xpath("./w:tblDescription/@w:val")[0]
    assert document.core_properties.title.startswith("Peer review: Marlow Vale Council")


def test_no_change_is_told_where_there_are_too_few() -> None:
    for row in table(make.comparison(), "Changes"):
        if row["In a word"] in ("Too few to say", "Not comparable"):
            assert row["Change in points"] is None
    assert Change.TOO_FEW.value in {row["option"] for row in lines(make.comparison())}
