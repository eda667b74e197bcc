"""A file of comments, the sheet to confirm codes on, and the result of comments as files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from analysis import comment_files, commented
from analysis.coding import count_codes, suggest_all
from analysis.comment_codebook import load_codebook
from analysis.commented import CommentsResult, read_coded, sheet_rows
from analysis.errors import FaultyFile
from analysis.quotes import Quote, Quotes
from analysis.terms import find_terms
from analysis.written import LONGEST_TEXT, read_comments
from question_banks.bank import Sector
from question_banks.loader import load_bank
from tests.factories_comments import comment

BANK = load_bank("safeguarding_children_2010")
BOOK = load_codebook("safeguarding_children")
HEAD = "comment_id,agency,sector,question,text,respondent,quotable,released"
GOOD = "c1,Elm School,schools,lp_comment,Caseloads!,p1,yes,Caseloads"
HOSTILE = ("=1+1", "@x", "\u202eabc", "<script>", "bell\x07", "مدرسة", "👩‍👧", "two\nlines")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "comments.csv"


def faults_of(file: Path) -> list[str]:
    with pytest.raises(FaultyFile) as refused:
        read_comments(file, BANK)
    return [str(fault) for fault in refused.value.faults]


class TestComments:
    def test_are_read(self, file: Path) -> None:
        rows = [HEAD, GOOD, "c2,Carr Council,council_other,sc10_closing_consider,Tŷ,,,"]
        file.write_text("\n".join(rows), encoding="utf-8")

        first, second = read_comments(file, BANK)

        assert (first.id, first.agency, first.sector) == ("c1", "Elm School", Sector.SCHOOLS)
        assert (first.question, first.signpost) == ("lp_comment", "legislation_and_policy")
        assert (first.text, first.released) == ("Caseloads!", "Caseloads")
        assert (first.quotable, first.respondent) == (True, "p1")
        assert (second.text, second.signpost, second.released) == ("Tŷ", "", None)
        assert (second.quotable, second.respondent) == (False, None)

    def test_columns_that_are_not_known_may_be_absent(self, file: Path) -> None:
        file.write_text(
            "comment_id,agency,sector,question,text\nc1,Elm,schools,lp_comment,Yes", "utf-8"
        )

        assert read_comments(file, BANK)[0].released is None

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            (",Elm,schools,lp_comment,x,,,", "column comment_id: Every comment needs an identif"),
            (f"{'c' * 101},Elm,schools,lp_comment,x,,,", "column comment_id: The identifier is l"),
            ("c1,Elm,schools,lp_comment,x,,,", "column comment_id: “c1” is already the comment in"),
            ("c2,,schools,lp_comment,x,,,", "column agency: The name of the agency is missing."),
            ("c2,Elm,school,lp_comment,x,,,", "column sector: “school” is not the code of a sect"),
            ("c2,Elm School,police,lp_comment,x,,,", "column sector: “Elm School” is in “police” "),
            ("c2,elm school,schools,lp_comment,x,,,", "column sector: “elm school” is spelt “Elm"),
            ("c2,Elm,schools,lp_coment,x,,,", "column question: safeguarding_children_2010@1.0 h"),
            ("c2,Elm,schools,pem_enough_data,x,,,", "column question: “pem_enough_data” is not a"),
            ("c2,Elm,schools,lp_comment, ,,,", "column text: The comment is missing."),
            ("c2,Elm,schools,lp_comment,x,p1,,", "column respondent: “p1” is of “Elm School” in r"),
            ("c2,Elm,schools,lp_comment,x,,maybe,", "column quotable: “maybe” is neither yes nor"),
            (
                f"c2,Elm,schools,lp_comment,{'x' * (LONGEST_TEXT + 1)},,,",
                "column text: The comment has 50,001 characters; at most 50,000 are read.",
            ),
            (
                f"c2,Elm,schools,lp_comment,x,,,{'x' * (LONGEST_TEXT + 1)}",
                "column released: The comment has 50,001 characters; at most 50,000 are read.",
            ),
        ],
    )
    def test_fault_has_its_place(self, file: Path, row: str, said: str) -> None:
        file.write_text(f"{HEAD}\n{GOOD}\n{row}\n", encoding="utf-8")

        told = faults_of(file)

        assert len(told) == 1
        assert told[0].startswith(f"row 3, {said}")

    def test_wrong_column_is_told_with_the_one_meant(self, file: Path) -> None:
        file.write_text(f"{HEAD},quoteable\n{GOOD},\n", encoding="utf-8")

        assert faults_of(file) == [
            (
                "row 1, column quoteable: A file of comments has no such column. "
                "Did you mean “quotable”?"
            )
        ]


COMMENTS = [
    comment("c1", "High caseloads", agency="A", respondent="p1"),
    comment("c2", "No early help", agency="A", respondent="p2"),
    comment("c3", "caseload", agency="B", respondent="p3", released=False),
]


class TestSheet:
    def test_has_released_comments_and_what_suggests_a_code(self) -> None:
        assert sheet_rows(COMMENTS, suggest_all(COMMENTS, BOOK)) == (
            ("c1", "s_comment", "High caseloads", "workload", "caseloads", ""),
            ("c2", "s_comment", "No early help", "early_help", "early help", ""),
        )

    @pytest.mark.parametrize("identifier", ["c1", "=c1", "'c1"])
    def test_comes_back_with_codes(self, file: Path, identifier: str) -> None:
        held = [comment(identifier, "High caseloads"), *COMMENTS[1:2]]
        rows = [list(row) for row in sheet_rows(held, suggest_all(held, BOOK))]
        rows[0][-1], rows[1][-1] = " workload | early_help |workload", "none"
        file.write_bytes(comment_files.sheet_as("csv", rows, BOOK))

        given = read_coded(file, BOOK, known=[identifier.removeprefix("'"), "c2"])

        assert given == {identifier.removeprefix("'"): ("workload", "early_help"), "c2": ()}

    def test_empty_cell_says_that_nobody_looked(self, file: Path) -> None:
        file.write_text("comment_id,codes\nc1,\nc2,none\n", encoding="utf-8")

        assert read_coded(file, BOOK, known=["c1", "c2"]) == {"c2": ()}

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ("c9,", ["row 2, column comment_id: There is no released comment “c9”."]),
            ("c1,\nc1,", ["row 3, column comment_id: “c1” is already the comment in row 2."]),
            (
                "c1,work_load",
                [
                    (
                        "row 2, column codes: safeguarding_children@1.0 has no code “work_load”. "
                        "Did you mean “workload”?"
                    )
                ],
            ),
            (
                "c1,none|workload",
                ["row 2, column codes: safeguarding_children@1.0 has no code “none”."],
            ),
        ],
    )
    def test_fault_has_its_place(self, file: Path, rows: str, said: list[str]) -> None:
        file.write_text(f"comment_id,codes\n{rows}\n", encoding="utf-8")

        with pytest.raises(FaultyFile) as refused:
            read_coded(file, BOOK, known=["c1"])

        assert [str(fault) for fault in refused.value.faults] == said

    def test_column_of_something_else(self, file: Path) -> None:
        file.write_text("comment_id,codes,codez\nc1,,\n", encoding="utf-8")

        with pytest.raises(FaultyFile, match="A sheet of coded comments has no such column"):
            read_coded(file, BOOK, known=["c1"])

    @pytest.mark.parametrize("to", ["json", "csv", "xlsx", "ods"])
    def test_hostile_text_stays_text_in_every_format(self, to: str) -> None:
        held = [comment(f"c{i}", text) for i, text in enumerate(HOSTILE)]

        content = comment_files.sheet_as(to, sheet_rows(held, {}), BOOK)

        if to == "json":
            assert [row["comment"] for row in json.loads(content)] == list(HOSTILE)
        elif to == "csv":
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            assert [row[2][:2] for row in rows[1:3]] == ["'=", "'@"]
        elif to == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(content))["Comments"]
            assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        else:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert b"table:formula" not in archive.read("content.xml")
        assert content == comment_files.sheet_as(to, sheet_rows(held, {}), BOOK)


@pytest.fixture
def result() -> CommentsResult:
    quote = Quote(
        signpost="s_one",
        title="Signpost one",
        text="It works.",
        attribution="Council",
        favourable=30,
        unfavourable=1,
    )
    return CommentsResult(
        bank=BANK.id,
        codebook_title=BOOK.title,
        coding=count_codes(COMMENTS, BOOK, confirmed={"c1": ["workload"]}),
        terms=find_terms([comment(f"c{i}", "plans", agency=f"A{i}") for i in range(3)]),
        quotes=Quotes(quotes=(quote,)),
    )


class TestResult:
    def test_json_reads_back(self, result: CommentsResult) -> None:
        content = comment_files.result_as("json", result)

        assert CommentsResult.model_validate_json(content) == result

    @pytest.mark.parametrize("to", ["csv", "xlsx", "ods"])
    def test_too_few_are_a_mark_and_never_a_number(self, result: CommentsResult, to: str) -> None:
        content = comment_files.result_as(to, result)

        if to == "csv":
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
            workload = next(row for row in rows if row["code"] == "workload")
            assert (workload["comments"], workload["people"], workload["mark"]) == ("", "", "[c]")
            assert {row["measure"] for row in rows} == {"coded", "code", "term", "quotation"}
            assert rows[-1]["words"] == (
                "It works. (30 people mostly positive here, 1 person mostly not)"
            )
        elif to == "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(content))
            rows_of = {str(row[0].value): row for row in book["Codes"].iter_rows()}
            assert [cell.value for cell in rows_of["Workload and time"][1:3]] == ["[c]", "[c]"]
            assert book.sheetnames == ["Codes", "Terms", "Quotations"]
        else:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert b"[c]" in archive.read("content.xml")

    def test_without_a_result_there_is_no_sheet_of_quotations(self, result: CommentsResult) -> None:
        bare = result.model_copy(update={"quotes": None})

        book = openpyxl.load_workbook(io.BytesIO(comment_files.result_as("xlsx", bare)))

        assert book.sheetnames == ["Codes", "Terms"]
        assert b"quotation" not in comment_files.result_as("csv", bare)

    def test_holds_no_key_of_a_person_and_no_agency(self, result: CommentsResult) -> None:
        text = comment_files.result_as("json", result).decode()

        assert not any(word in text for word in ("p1", "p2", "respondent", '"A"', "Elm"))


def test_sheet_header_is_what_is_read_back() -> None:
    assert {"comment_id", "codes"} <= set(commented.SHEET_HEADER)
