"""A file of responses: what is read, and what is said of what cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import delimited
from analysis.errors import Fault, FaultyFile
from analysis.frame import Record, Responses, read_responses
from analysis.tally import NOT_SHOWN
from question_banks.bank import ALL_LEVELS, Level, Sector
from question_banks.conditions import Value
from question_banks.loader import load_bank
from question_banks.path import answers_on_path

BANK = load_bank(Path(__file__).parent / "data" / "every_type.yaml")
HEAD = "response_id,agency,sector,level"
FIRST = "r1,Elm School,schools,frontline"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "responses.csv"


def read(file: Path, *lines: str) -> Responses:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return read_responses(file, BANK)


def faults(file: Path, *lines: str) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        read(file, *lines)
    return [str(fault) for fault in caught.value.faults]


def faults_of_bytes(file: Path, content: bytes) -> tuple[Fault, ...]:
    file.write_bytes(content)
    with pytest.raises(FaultyFile) as caught:
        read_responses(file, BANK)
    return caught.value.faults


def answers(responses: Responses) -> list[dict[str, Value]]:
    return [record.answers for record in responses.records()]


class TestValues:
    def test_every_type_becomes_the_stored_value(self, file: Path) -> None:
        responses = read(
            file,
            f"{HEAD},p_timely,p_why,w_tools,w_order,w_cases,w_hours,w_since,w_role,p_comment",
            f"{FIRST},disagree,forms,phone|letter,care|speed,12,37.5,2020-01-31,Nurse,"
            '"Two\nlines, with ""marks"""',
        )

        assert list(responses.records()) == [
            Record(
                "r1",
                "Elm School",
                Sector.SCHOOLS,
                Level.FRONTLINE,
                {
                    "p_timely": "disagree",
                    "p_why": "forms",
                    "w_tools": ["phone", "letter"],
                    "w_order": ["care", "speed"],
                    "w_cases": 12,
                    "w_hours": 37.5,
                    "w_since": "2020-01-31",
                    "w_role": "Nurse",
                    "p_comment": 'Two\nlines, with "marks"',
                },
            )
        ]

    def test_empty_cell_is_a_skipped_question(self, file: Path) -> None:
        assert answers(read(file, f"{HEAD},p_told,w_tools", f"{FIRST},,")) == [
            {"p_told": None, "w_tools": None}
        ]

    def test_frame_has_bank_order_and_rows_of_the_file(self, file: Path) -> None:
        responses = read(
            file,
            "l_clear,level,sector,agency,response_id,p_told",
            "agree,frontline,schools,Elm School,r1,neither",
            "",
            ",,,,,",
            "agree,frontline,schools,Elm School,r2,",
        )

        assert responses.frame.columns.tolist() == [*HEAD.split(","), "p_told", "l_clear"]
        assert responses.frame.index.tolist() == [2, 5]
        assert responses.frame["p_told"].tolist() == ["neither", None]

    def test_spaces_around_cells_do_not_count(self, file: Path) -> None:
        responses = read(
            file,
            " Response_ID , agency,sector,level,P_Told",
            " r1 , Elm  School , schools ,board , agree ",
        )

        record = next(responses.records())
        assert (record.response_id, record.agency, record.level) == ("r1", "Elm School", "board")
        assert record.answers == {"p_told": "agree"}

    @pytest.mark.parametrize("text", ["=1+1", "+44 x", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0"])
    def test_formula_stays_text(self, file: Path, text: str) -> None:
        responses = read(file, f"{HEAD},p_comment", f"r1,{text},schools,frontline,{text}")

        record = next(responses.records())
        assert (record.agency, record.answers["p_comment"]) == (text, text)

    @pytest.mark.parametrize("text", ["NA", "null", "None", "nan", "007", "1e5x"])
    def test_words_that_look_like_nothing_stay_text(self, file: Path, text: str) -> None:
        responses = read(file, f"{HEAD},p_comment", f"{text},{text},schools,frontline,{text}")

        record = next(responses.records())
        assert (record.response_id, record.agency) == (text, text)
        assert record.answers["p_comment"] == text

    def test_byte_order_mark_and_windows_line_ends_are_taken(self, file: Path) -> None:
        file.write_bytes(f"\ufeff{HEAD},p_told\r\n{FIRST},agree\r\n".encode())

        assert answers(read_responses(file, BANK)) == [{"p_told": "agree"}]

    def test_empty_cells_beyond_the_heading_are_passed_over(self, file: Path) -> None:
        assert answers(read(file, f"{HEAD},p_told,,", f"{FIRST},agree,,,,")) == [
            {"p_told": "agree"}
        ]

    def test_letters_of_every_kind_are_kept(self, file: Path) -> None:
        responses = read(file, f"{HEAD},p_comment", "r1,Ysgol Tŷ Coch,schools,other,שלום 😀 naïve")

        record = next(responses.records())
        assert (record.agency, record.answers["p_comment"]) == ("Ysgol Tŷ Coch", "שלום 😀 naïve")


class TestPath:
    def test_question_of_another_level_is_not_shown(self, file: Path) -> None:
        responses = read(
            file, f"{HEAD},p_front", f"{FIRST},agree", "r2,Elm School,schools,strategic,"
        )

        assert responses.frame["p_front"].tolist() == ["agree", NOT_SHOWN]
        assert answers(responses) == [{"p_front": "agree"}, {}]
        assert not [note for note in responses.notes if "p_front" in note and "left out" in note]

    def test_answer_off_the_path_is_left_out_and_noted(self, file: Path) -> None:
        responses = read(
            file,
            f"{HEAD},p_timely,p_why,p_front",
            f"{FIRST},agree,time,agree",
            "r2,Elm School,schools,strategic,disagree,time,agree",
            "r3,Elm School,schools,board,agree,,agree",
        )

        assert responses.frame["p_why"].tolist() == [NOT_SHOWN, "time", NOT_SHOWN]
        assert [note for note in responses.notes if "left out" in note] == [
            (
                "1 answer was left out of p_why: by the rules of every_type@1.0 it is not a "
                "question for those respondents."
            ),
            (
                "2 answers were left out of p_front: by the rules of every_type@1.0 it is not a "
                "question for those respondents."
            ),
        ]

    def test_questions_without_column_are_noted(self, file: Path) -> None:
        responses = read(file, f"{HEAD},p_told,l_clear", f"{FIRST},agree,agree")

        assert responses.notes == (
            (
                "The file has no column for p_timely, p_why, p_front, w_tools, w_order, w_cases, "
                "w_hours, w_since, w_role, p_comment, closing_more: "
                "counted as not shown to anybody."
            ),
        )

    def test_file_with_every_question_needs_no_note(self, file: Path) -> None:
        codes = list(BANK.by_code)

        assert (
            read(file, f"{HEAD},{','.join(codes)}", f"{FIRST},{',' * (len(codes) - 1)}").notes == ()
        )

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(ALL_LEVELS),
                st.sampled_from(["agree", "disagree", "strongly_disagree", None]),
                st.sampled_from(["time", None]),
                st.sampled_from(["agree", None]),
            ),
            min_size=1,
            max_size=20,
        )
    )
    def test_records_hold_what_is_on_the_path(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        rows: list[tuple[Level, str | None, str | None, str | None]],
    ) -> None:
        lines = [
            f"r{i},Elm School,schools,{level},{','.join(cell or '' for cell in cells)}"
            for i, (level, *cells) in enumerate(rows)
        ]

        found = read(
            tmp_path_factory.getbasetemp() / "path.csv",
            f"{HEAD},p_timely,p_why,p_front",
            *lines,
        )

        codes = ("p_timely", "p_why", "p_front")
        assert answers(found) == [
            answers_on_path(BANK, level=level, answers=dict(zip(codes, cells, strict=True)))
            for level, *cells in rows
        ]


class TestFaults:
    def test_all_are_listed_with_row_and_column(self, file: Path) -> None:
        found = faults(
            file,
            f"{HEAD},p_told,p_tod",
            "r1,Elm School,schools,frontline,agre,agree",
            "r1,,school,Frontline practitioner,Strongly agree,",
            ",Elm School,police,boss,agree",
        )

        assert found == [
            (
                "row 1, column p_tod: every_type@1.0 has no question with this code. "
                "Did you mean “p_told”?"
            ),
            (
                "row 2, column p_told: ‘agre’ is not an option code; use one of strongly_agree, "
                "agree, neither, disagree, strongly_disagree, dont_know, not_applicable. "
                "Did you mean “agree”?"
            ),
            "row 3, column agency: The name of the agency is missing.",
            "row 3, column sector: “school” is not the code of a sector. Did you mean “schools”?",
            (
                "row 3, column level: “Frontline practitioner” is not the code of a level. "
                "Did you mean “frontline”?"
            ),
            (
                "row 3, column p_told: ‘Strongly agree’ is not an option code; use one of "
                "strongly_agree, agree, neither, disagree, strongly_disagree, dont_know, "
                "not_applicable. Did you mean “strongly_agree”?"
            ),
            "row 3, column response_id: “r1” is already the response in row 2.",
            (
                "row 4: The row has 5 cells and the heading has 6. A comma within a cell needs "
                "quotation marks around the cell."
            ),
        ]

    @pytest.mark.parametrize(
        ("column", "cell", "said"),
        [
            pytest.param(
                "p_why",
                "money",
                "‘money’ is not an option code; use one of time, forms.",
                id="choice",
            ),
            pytest.param("w_tools", "phone;portal", "Join several codes by |.", id="semicolons"),
            pytest.param("w_tools", "phone|portl", "Did you mean “portal”?", id="one of several"),
            pytest.param("w_tools", "phone|portal|letter", "no more than 2", id="too many"),
            pytest.param("w_order", "care", "once", id="ranking not whole"),
            pytest.param("w_order", "care,speed", "Join several codes by |.", id="ranking commas"),
            pytest.param("w_cases", "many", "whole number", id="word for a number"),
            pytest.param("w_cases", "501", "500", id="number out of bounds"),
            pytest.param(
                "w_cases", "03-May", "A spreadsheet may have changed it", id="number as date"
            ),
            pytest.param("w_since", "31/03/2020", "A spreadsheet may have changed it", id="date"),
            pytest.param(
                "w_since", "43921", "A spreadsheet may have changed it", id="date as days"
            ),
            pytest.param("w_since", "Mar-20", "A spreadsheet may have changed it", id="month"),
            pytest.param("w_since", "soon", "write it as 2026-03-31", id="word for a date"),
            pytest.param("w_role", "x" * 41, "40 characters", id="text too long"),
            pytest.param(
                "level",
                "",
                "The level is missing. Use one of strategic, operational,",
                id="no level",
            ),
            pytest.param("level", "zzz", "Use one of strategic, operational,", id="far off"),
            pytest.param(
                "response_id", "1.23E+11", "a spreadsheet has shortened", id="long number"
            ),
            pytest.param("response_id", "x" * 101, "longer than 100", id="identifier too long"),
            pytest.param("response_id", " ", "identifier of its own", id="no identifier"),
            pytest.param("agency", "x" * 201, "longer than 200", id="agency too long"),
        ],
    )
    def test_cell_is_told(self, file: Path, column: str, cell: str, said: str) -> None:
        cells = dict(zip(HEAD.split(","), FIRST.split(","), strict=True)) | {column: cell}
        # A second column of questions, so that there is one whatever `column` is.
        cells["l_clear"] = "agree"

        found = faults(file, ",".join(cells), ",".join(f'"{one}"' for one in cells.values()))

        assert len(found) == 1
        assert found[0].startswith(f"row 2, column {column}: ")
        assert said in found[0]

    def test_comment_is_not_repeated_in_a_fault(self, file: Path) -> None:
        found = faults(file, f"{HEAD},w_role", f"{FIRST},{'Mrs Oakapple ' * 10}")

        assert "Oakapple" not in "".join(found)

    def test_agency_with_two_sectors(self, file: Path) -> None:
        found = faults(
            file,
            f"{HEAD},p_told",
            f"{FIRST},agree",
            "r2,Elm School,schools,board,agree",
            "r3,Elm School,police,board,agree",
        )

        assert found == [
            (
                "row 4, column sector: “Elm School” is in “police” here and in “schools” in row 2. "
                "An agency has one sector."
            )
        ]

    @pytest.mark.parametrize("other", ["elm school", "Elm-School", "ELM SCHOOL.", "ElmSchool"])
    def test_agency_spelt_in_two_ways(self, file: Path, other: str) -> None:
        found = faults(
            file,
            f"{HEAD},p_told",
            f"{FIRST},agree",
            f"r2,{other},schools,board,agree",
            f"r3,{other},schools,board,agree",
        )

        assert len(found) == 1
        assert found[0].startswith(
            f"row 3, column agency: “{other}” is spelt “Elm School” in row 2."
        )

    def test_agencies_without_a_letter_are_told_apart(self, file: Path) -> None:
        responses = read(
            file, f"{HEAD},p_told", "r1,!!!,schools,board,agree", "r2,???,schools,board,agree"
        )

        assert responses.frame["agency"].tolist() == ["!!!", "???"]

    def test_missing_columns(self, file: Path) -> None:
        assert faults(file, "response_id,agency,p_told", "r1,Elm School,agree") == [
            "row 1, column sector: This column is missing, and it is needed.",
            "row 1, column level: This column is missing, and it is needed.",
        ]

    def test_column_twice(self, file: Path) -> None:
        assert faults(file, f"{HEAD},p_told,p_told", f"{FIRST},agree,agree") == [
            "row 1, column p_told: There are two columns with this heading."
        ]

    def test_column_without_heading_with_something_in_it(self, file: Path) -> None:
        assert faults(
            file, f"{HEAD},p_told,", f"{FIRST},agree,", "r2,Elm School,schools,board,,x"
        ) == ["row 3: “x” is in a column without a heading."]

    def test_no_question_column(self, file: Path) -> None:
        assert faults(file, HEAD, FIRST) == [
            (
                "row 1: There is no column with a question of every_type@1.0. "
                "Is this the right question bank?"
            )
        ]

    def test_heading_only(self, file: Path) -> None:
        assert faults(file, f"{HEAD},p_told") == ["row 1: There is a heading and nothing under it."]

    def test_ragged_rows_go_on(self, file: Path) -> None:
        found = faults(
            file,
            f"{HEAD},p_told",
            FIRST,
            "r2,Elm School,schools,board,agree,Yes, really",
            "r3,Elm School,schools,board,bad",
        )

        assert [one.partition(":")[0] for one in found] == [
            "row 2",
            "row 3",
            "row 4, column p_told",
        ]

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param('r2,"Elm School,schools,board,agree', id="not closed"),
            pytest.param('r2,"Elm" School,schools,board,agree', id="text after the mark"),
            pytest.param(f"r2,{'x' * 140_000},schools,board,agree", id="very long cell"),
            pytest.param(f"r2,{'x' * 1_100_000},schools,board,agree", id="very long line"),
        ],
    )
    def test_rows_that_cannot_be_told_apart(self, file: Path, line: str) -> None:
        found = faults(file, f"{HEAD},p_told", f"{FIRST},agree", line, "r3,,,,")

        assert len(found) == 1
        assert found[0].startswith("row 3: From here on the rows cannot be told apart")


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            pytest.param(b"", "The file is empty.", id="empty"),
            pytest.param(b"\n\n  \r\n", "The file is empty.", id="blank"),
            pytest.param(b",,,\n", "The file is empty.", id="commas only"),
            pytest.param("\ufeff\n".encode(), "The file is empty.", id="byte order mark only"),
            pytest.param(b"PK\x03\x04rest", "an Excel workbook", id="workbook"),
            pytest.param(b"\xd0\xcf\x11\xe0rest", "an old Excel", id="old workbook"),
            pytest.param(b"%PDF-1.7", "a PDF", id="pdf"),
            pytest.param("response_id".encode("utf-16"), "UTF-16", id="utf-16"),
            pytest.param("response_id".encode("utf-16-le"), "not a text file", id="utf-16 bare"),
            pytest.param(b"x" * 70_000, "first line does not end", id="one long line"),
        ],
    )
    def test_are_named(self, file: Path, content: bytes, said: str) -> None:
        found = faults_of_bytes(file, content)

        assert len(found) == 1
        assert (found[0].row, found[0].column) == (0, "")
        assert said in found[0].message

    @pytest.mark.parametrize(
        ("separator", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
    )
    def test_other_separator_is_named(self, file: Path, separator: str, word: str) -> None:
        found = faults(file, f"{HEAD},p_told".replace(",", separator), "")

        assert len(found) == 1
        assert f"separated by {word}, not commas" in found[0]

    def test_text_without_columns_lacks_them(self, file: Path) -> None:
        assert faults(file, "Dear colleague", "") == [
            "row 1, column dear colleague: every_type@1.0 has no question with this code.",
            *(
                f"row 1, column {name}: This column is missing, and it is needed."
                for name in HEAD.split(",")
            ),
        ]

    def test_line_with_sep_is_named(self, file: Path) -> None:
        assert faults(file, "sep=,", f"{HEAD},p_told", f"{FIRST},agree") == [
            "row 1: Take out the line that begins with “sep=”."
        ]

    @pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman"])
    def test_other_encoding_is_told_once_with_its_cell(self, file: Path, encoding: str) -> None:
        text = "\n".join(
            [
                f"{HEAD},p_comment",
                "r1,Elm School,schools,board,fine",
                "r2,Elm School,schools,board,très bien",
                "r3,Café,schools,board,bien",
                "r4,Elm School,schools,boss,bien",
            ]
        )

        found = faults_of_bytes(file, text.encode(encoding))

        assert [(fault.row, fault.column) for fault in found] == [(3, "p_comment"), (5, "level")]
        assert "not in UTF-8" in found[0].message

    def test_other_encoding_in_the_heading(self, file: Path) -> None:
        found = faults_of_bytes(file, f"{HEAD},qualité\n{FIRST},x\n".encode("latin-1"))

        assert [(fault.row, fault.column) for fault in found] == [(1, "")]

    def test_other_encoding_beyond_the_columns(self, file: Path) -> None:
        found = faults_of_bytes(file, f"{HEAD},p_told\n{FIRST},agree,é\n".encode("latin-1"))

        assert [(fault.row, fault.column) for fault in found] == [(2, "")]

    def test_file_that_is_not_there(self, file: Path) -> None:
        with pytest.raises(FaultyFile, match="cannot be read: No such file"):
            read_responses(file, BANK)

    def test_folder(self, tmp_path: Path) -> None:
        with pytest.raises(FaultyFile, match="cannot be read"):
            read_responses(tmp_path, BANK)

    def test_large_file_of_something_else_is_left_early(self, file: Path) -> None:
        with file.open("wb") as content:
            content.write(b"a,b,c\n")
            content.truncate(100_000_000)
        seen: list[int] = []

        with pytest.raises(FaultyFile, match="This is not a text file"):
            read_responses(file, BANK, progress=lambda done, total: seen.append(done))

        assert seen == []

    def test_many_faults_are_listed_in_part_and_counted(self, file: Path) -> None:
        rows = (f"r{i},Elm School,schools,boss,agree" for i in range(1000))
        with pytest.raises(FaultyFile) as caught:
            read(file, f"{HEAD},p_told", *rows)

        assert len(caught.value.faults) == 200
        assert caught.value.uncounted == 800
        assert str(caught.value).endswith("\nand 800 more")

    def test_reading_stops_when_everything_is_wrong(self, file: Path) -> None:
        rows = 30_000
        _write_wrong(file, rows)
        seen: list[int] = []
        with pytest.raises(FaultyFile) as caught:
            read_responses(file, BANK, progress=lambda done, total: seen.append(done))

        assert caught.value.faults[0].message == (
            "Reading stopped after row 10001: too much is wrong. "
            "This may not be the file that was meant."
        )
        assert len(seen) == 1
        assert len(caught.value.faults) + caught.value.uncounted < 3 * rows

    def test_ragged_file_is_left_early(self, file: Path) -> None:
        text = f"{HEAD},p_told\n" + "x,y\n" * 100_000
        file.write_text(text, encoding="utf-8")
        with pytest.raises(FaultyFile) as caught:
            read_responses(file, BANK)

        assert caught.value.faults[0].message.startswith("Reading stopped after row")
        assert len(caught.value.faults) + caught.value.uncounted < 100_000


def _write_wrong(file: Path, rows: int) -> None:
    lines = (f"r{i},Elm School,school,boss,agree" for i in range(rows))
    file.write_text("\n".join([f"{HEAD},p_told", *lines]), encoding="utf-8")


def test_progress_ends_at_the_size_of_the_file(file: Path) -> None:
    lines: Iterable[str] = (f"r{i},Elm School,schools,board,agree" for i in range(25_000))
    file.write_text("\n".join([f"{HEAD},p_told", *lines]), encoding="utf-8")
    seen: list[tuple[int, int]] = []

    responses = read_responses(file, BANK, progress=lambda done, total: seen.append((done, total)))

    size = file.stat().st_size
    assert len(responses.frame) == 25_000
    assert [total for _, total in seen] == [size] * 3
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == size


def test_identifier_is_looked_for_in_all_chunks(file: Path) -> None:
    lines = [f"r{i},Elm School,schools,board,agree" for i in range(delimited.CHUNK_ROWS + 1)]

    found = faults(file, f"{HEAD},p_told", *lines, "r0,Elm School,schools,board,agree")

    last = delimited.CHUNK_ROWS + 3
    assert found == [f"row {last}, column response_id: “r0” is already the response in row 2."]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.csv"
    file.write_bytes(f"{HEAD},p_told\n".encode() + content)

    try:
        rows = len(read_responses(file, BANK).frame)
    except FaultyFile as error:
        rows = len(error.faults)
    assert rows > 0
