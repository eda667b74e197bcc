"""A file straight to a tally: the same answers by every way, and the same faults."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import tally_blocks, tally_file, tally_long
from analysis.errors import FaultyFile
from analysis.frame import read_responses
from analysis.invited import read_invited
from analysis.tally import NOT_SHOWN, Tally, add, canonical_json, from_frame
from analysis.tally_file import TalliedFile
from analysis.tally_file import tally_file as tallied
from question_banks.answers import to_cell
from question_banks.bank import Bank, Level
from question_banks.loader import load_bank
from question_banks.path import answers_on_path

BANK = load_bank(Path(__file__).parent / "data" / "every_type.yaml")
HEAD = "response_id,agency,sector,level"
LONG_HEAD = f"{HEAD},question,answer"
SECTORS = {"Northmoor Police": "police", "Carr Council": "early_help", "Elm School": "schools"}
SCALE = ["strongly_agree", "agree", "neither", "disagree", "dont_know", "not_applicable", None]
ANSWERS = {
    "p_timely": st.sampled_from(SCALE),
    "p_told": st.sampled_from(SCALE),
    "p_why": st.sampled_from(["time", "forms", None]),
    "p_front": st.sampled_from(SCALE),
    "w_tools": st.sampled_from([["phone"], ["phone", "letter"], None]),
    "w_order": st.sampled_from([["speed", "care"], ["care", "speed"], None]),
    "w_cases": st.sampled_from([0, 3, 12, None]),
    "w_hours": st.sampled_from([7.5, 7.0, 37.0, None]),
    "w_since": st.sampled_from(["2020-01-31", None]),
    "w_role": st.sampled_from(["Nurse", "Nurse, ward 3", None]),
    "p_comment": st.sampled_from(["Good", 'Two\nlines, "quoted"', "Tŷ gwyn", None]),
    "l_clear": st.sampled_from(SCALE),
    "closing_more": st.sampled_from(["More", None]),
}

Row = tuple[str, ...]


@st.composite
def wide_rows(draw: st.DrawFn) -> list[Row]:
    """Rows of a wide file, with cells for questions on the respondent's path alone."""
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 12))):
        agency = draw(st.sampled_from(sorted(SECTORS)))
        level = draw(st.sampled_from(list(Level)))
        given_answers = {code: draw(cells) for code, cells in ANSWERS.items()}
        on_path = answers_on_path(BANK, level=level, answers=given_answers)
        cells = (to_cell(BANK.by_code[code], on_path.get(code)) or "" for code in ANSWERS)
        rows.append((f"r{number}", agency, SECTORS[agency], level.value, *cells))
    return rows


def long_rows(rows: Sequence[Row]) -> list[Row]:
    """The same as rows of a long file; a question nobody answered has a row all the same."""
    return [
        (*row[:4], code, cell)
        for row in rows
        for code, cell in zip(ANSWERS, row[4:], strict=True)
        if cell or row is rows[0]
    ]


def write(file: Path, head: str, rows: Sequence[Row], *, quoting: Literal[0, 1] = 0) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, quoting=quoting)
        writer.writerow(head.split(","))
        writer.writerows(rows)


def of_frame(file: Path) -> Tally:
    return from_frame(read_responses(file, BANK).frame, BANK)


def by_the_quick_way(file: Path) -> Tally:
    return tally_file._quickly(file, BANK, None, None).tally


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "responses.csv"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawn") / "responses.csv"


class TestSameTally:
    HEADING = ",".join([HEAD, *ANSWERS])

    @settings(max_examples=12)
    @given(wide_rows(), st.randoms(use_true_random=False), st.sampled_from([0, 1]))
    def test_wide_long_and_frame(
        self, drawn: Path, rows: list[Row], chance: Random, quoting: Literal[0, 1]
    ) -> None:
        write(drawn, self.HEADING, rows, quoting=quoting)
        whole = canonical_json(of_frame(drawn))

        assert canonical_json(by_the_quick_way(drawn)) == whole
        assert canonical_json(tally_file._carefully(drawn, BANK, None, None).tally) == whole

        spread = long_rows(rows)
        chance.shuffle(spread)
        write(drawn, LONG_HEAD, spread, quoting=quoting)
        assert canonical_json(by_the_quick_way(drawn)) == whole
        assert canonical_json(tally_file._carefully(drawn, BANK, None, None).tally) == whole
        assert canonical_json(of_frame(drawn)) == whole

    @settings(max_examples=12)
    @given(wide_rows(), st.randoms(use_true_random=False), st.integers(1, 4))
    def test_months_added_and_rows_in_any_order(
        self, drawn: Path, rows: list[Row], chance: Random, months: int
    ) -> None:
        write(drawn, self.HEADING, rows)
        whole = tallied(drawn, BANK).tally

        chance.shuffle(rows)
        parts = []
        for month in range(months):
            if rows[month::months]:
                write(drawn, self.HEADING, rows[month::months])
                parts.append(tallied(drawn, BANK).tally)

        assert canonical_json(add(parts)) == canonical_json(whole)

    def test_many_small_blocks(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        agencies = sorted(SECTORS)
        rows = [
            (f"r{i}", agencies[i % 3], SECTORS[agencies[i % 3]], "frontline", option, said)
            for i, (option, said) in enumerate(
                [("agree", 'a "mark"\nand, a line'), ("neither", ""), ("", "Tŷ")] * 20
            )
        ]
        write(file, f"{HEAD},p_told,p_comment", rows)
        monkeypatch.setattr(tally_blocks, "BLOCK_BYTES", 300)

        assert by_the_quick_way(file) == of_frame(file)

    def test_long_file_in_several_lots(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = [
            (f"r{i}", "Elm School", "schools", "frontline", "p_told", "agree") for i in range(25)
        ]
        write(file, LONG_HEAD, rows)
        monkeypatch.setattr(tally_long, "RESPONSES_AT_A_TIME", 10)

        assert by_the_quick_way(file) == of_frame(file)


FIRST = "r1,Elm School,schools,frontline,agree"
SECOND = "r2,Carr Council,early_help,board,disagree"


class TestQuickWay:
    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(f"{HEAD},p_told\n{FIRST}\n{SECOND}\n", id="plain"),
            pytest.param(f"{HEAD},p_told\n{FIRST}\n{SECOND}", id="no last line end"),
            pytest.param(f"\ufeff{HEAD},p_told\r\n{FIRST}\r\n{SECOND}\r\n", id="from Excel"),
            pytest.param(f"{HEAD},p_told\r{FIRST}\r{SECOND}\r", id="old Macintosh"),
            pytest.param(f"\n , \n{HEAD},p_told\n\n{FIRST}\n   \n{SECOND}\n\n\n", id="blank rows"),
            pytest.param(f"{HEAD},p_told\n{FIRST}\n,,, ,\n{SECOND}\n,,,,\n", id="empty rows"),
            pytest.param(f"{HEAD},p_told,\n{FIRST},\n{SECOND}, \n", id="column without heading"),
            pytest.param(f'"Response_ID"{HEAD[11:]}, P_told\n{FIRST}\n{SECOND}\n', id="heading"),
            pytest.param(
                f'{HEAD},p_told\n"r1","Elm School","schools","frontline","agree"\n{SECOND}\n',
                id="quoted",
            ),
            pytest.param(
                f"{HEAD},p_told\nr1,Elm  School, schools,frontline ,agree\n{SECOND}\n", id="spaces"
            ),
        ],
    )
    def test_takes_files_in_good_order(self, file: Path, content: str) -> None:
        file.write_text(content, encoding="utf-8", newline="")

        assert by_the_quick_way(file) == of_frame(file)
        assert len(of_frame(file).respondents) == 2

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(f"{HEAD},p_told\n{FIRST},\n{SECOND},\n", id="commas beyond the heading"),
            pytest.param(f'{HEAD},p_told,w_role\n{FIRST},5" tape\n', id="quotation mark within"),
        ],
    )
    def test_leaves_what_is_odd_and_not_wrong_to_the_careful_way(
        self, file: Path, content: str
    ) -> None:
        file.write_text(content, encoding="utf-8", newline="")

        with pytest.raises(tally_blocks.Puzzled):
            by_the_quick_way(file)
        assert tallied(file, BANK).tally == of_frame(file)

    def test_codes_that_look_like_numbers_are_texts(self, file: Path) -> None:
        write(file, f"{HEAD},w_cases,w_hours", [("007", *PERSON.split(",")[1:], "012", "1,250.50")])

        assert by_the_quick_way(file) == of_frame(file)
        assert "1250.5" in of_frame(file).values["value"].tolist()

    def test_leaves_a_row_longer_than_a_block(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file.write_text(f"{HEAD},p_told,p_comment\n{FIRST},{'word ' * 90}\n{SECOND},\n")
        monkeypatch.setattr(tally_blocks, "BLOCK_BYTES", 100)

        with pytest.raises(tally_blocks.Puzzled):
            by_the_quick_way(file)
        assert tallied(file, BANK).tally == of_frame(file)

    def test_long_cell_is_left_to_the_careful_way(self, file: Path) -> None:
        file.write_text(f"{HEAD},p_told\n{FIRST}{' ' * 150_000}\n", encoding="utf-8")

        with pytest.raises(tally_blocks.Puzzled):
            by_the_quick_way(file)
        with pytest.raises(FaultyFile, match="cannot be told apart"):
            tallied(file, BANK)

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b" \n\n , \n", id="blank"),
            pytest.param(f"{HEAD},p_told\n".encode(), id="heading alone"),
            pytest.param(f"{HEAD},p_told\n,,,,\n \n".encode(), id="empty rows alone"),
            pytest.param(f"{HEAD},p_told\xff\n{FIRST}\n".encode("latin-1"), id="heading"),
            pytest.param(f"{HEAD},p_told\n{FIRST}\xe9\n".encode("latin-1"), id="Latin 1"),
            pytest.param(f"{HEAD},p_told\n{FIRST}\n".encode("utf-16"), id="UTF-16"),
            pytest.param(f"{HEAD},p_told\n{FIRST}\n".replace(",", ";").encode(), id="semicolons"),
            pytest.param(f"{HEAD},p_told\n{FIRST}\nr2,Elm School\n".encode(), id="too few cells"),
            pytest.param(f"{HEAD},p_told\nr2\n{FIRST},,,,\n".encode(), id="few and many"),
            pytest.param(f"{HEAD},p_told\n{FIRST},x\n{FIRST}\n".encode(), id="too many cells"),
            pytest.param(f'{HEAD},p_told\n{FIRST}\n"r2\n'.encode(), id="open quotation mark"),
            pytest.param(f'{HEAD},p_told\n"r"2{FIRST[2:]}\n'.encode(), id="misplaced mark"),
            pytest.param(f"{HEAD},p_told,\n{FIRST},x\n".encode(), id="under no heading"),
            pytest.param(f"{HEAD},p_told\n{FIRST}\n{FIRST}\n".encode(), id="response twice"),
        ],
    )
    def test_what_is_wrong_is_told_as_reading_tells_it(self, file: Path, content: bytes) -> None:
        file.write_bytes(content)

        with pytest.raises(tally_blocks.Puzzled):
            by_the_quick_way(file)
        with pytest.raises(FaultyFile) as caught:
            tallied(file, BANK)
        with pytest.raises(FaultyFile) as of_reading:
            read_responses(file, BANK)
        assert caught.value.faults == of_reading.value.faults

    def test_file_that_is_not_there_is_told(self, file: Path) -> None:
        with pytest.raises(FaultyFile, match="cannot be read"):
            tallied(file, BANK)

    def test_more_answers_than_are_remembered(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("analysis.tally_readers._MOST_REMEMBERED", 3)
        rows = [(f"r{i}", *PERSON.split(",")[1:], str(i)) for i in range(20)]
        write(file, f"{HEAD},w_cases", rows)

        assert by_the_quick_way(file) == of_frame(file)


PIECES = st.sampled_from(
    [
        *("r1", "r2", "r3", "Elm School", "ELM school", "Carr Council", "schools", "police"),
        *("frontline", "board", "agree", "good", "12", "31/03/2026", "7e3", "é", "\x00", "\x1f"),
        *(",", ",", ",", ",", "\n", "\n", "\r\n", "\r", '"', '""', " ", "\t", ";", ",,,,,,"),
        *(f"\n{FIRST},", f"\n{SECOND},Nurse\n", '\nr4,Elm School,schools,other,agree,"a\nb"'),
    ]
)


Read = Callable[[Path, Bank, None, None], TalliedFile]


def outcome(read: Read, file: Path) -> object:
    try:
        found = read(file, BANK, None, None)
    except FaultyFile as error:
        return error.faults
    return (canonical_json(found.tally), found.notes)


class TestEqualWays:
    @settings(max_examples=40)
    @given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from([b"", b"\xff", b"\xc3"]))
    def test_file_is_the_same_by_both(self, drawn: Path, text: str, end: bytes) -> None:
        head = f"{HEAD},p_told,w_role\n{FIRST},\n"
        drawn.write_bytes((head + text).encode() + end)

        try:
            quick = outcome(tally_file._quickly, drawn)
        except tally_blocks.Puzzled:
            return
        assert quick == outcome(tally_file._carefully, drawn)

    @settings(max_examples=40)
    @given(st.lists(PIECES, max_size=8).map("".join))
    def test_long_file_is_the_same_by_both(self, drawn: Path, text: str) -> None:
        rows = "\nr1,Elm School,schools,frontline,p_told,agree\nr1,Elm School,schools,frontline,"
        drawn.write_text(f"{LONG_HEAD}{rows}{text}", encoding="utf-8", newline="")

        try:
            quick = outcome(tally_file._quickly, drawn)
        except tally_blocks.Puzzled:
            return
        assert quick == outcome(tally_file._carefully, drawn)


def faults(file: Path, *lines: str) -> list[str]:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    with pytest.raises(FaultyFile) as caught:
        tallied(file, BANK)
    with pytest.raises(FaultyFile) as of_reading:
        read_responses(file, BANK)
    assert caught.value.faults == of_reading.value.faults
    return [str(fault) for fault in caught.value.faults]


PERSON = "r1,Elm School,schools,frontline"


class TestLongFile:
    def test_question_without_a_row_is_skipped(self, file: Path) -> None:
        file.write_text(
            f"{LONG_HEAD}\n{PERSON},p_told,agree\n{PERSON},p_front,\n"
            "r2,Elm School,schools,frontline,p_timely,agree\n"
            "r3,Elm School,schools,frontline,,\n"
        )

        found = tallied(file, BANK)

        cells = found.tally.cells.groupby(["question", "option"])["n"].sum()
        assert found.tally.respondents["n"].tolist() == [3]
        assert cells["p_told"].to_dict() == {"agree": 1, "_skipped": 2}
        assert cells["p_front"].to_dict() == {"_skipped": 3}
        assert cells["w_cases"].to_dict() == {NOT_SHOWN: 3}

    def test_questions_without_a_row_are_noted(self, file: Path) -> None:
        file.write_text(f"{LONG_HEAD}\n{PERSON},p_told,agree\n")

        (note,) = tallied(file, BANK).notes

        assert note.startswith("The file has no answer to p_timely, p_why, ")

    def test_rows_and_answers_are_those_of_the_file(self, file: Path) -> None:
        file.write_text(
            f"{LONG_HEAD}\n{PERSON},p_told,agree\nr2,Carr Council,early_help,board,p_comment,Fine\n"
            f"{PERSON},w_tools,phone|letter\n"
        )

        frame = read_responses(file, BANK).frame

        assert frame.index.tolist() == [2, 3]
        assert frame["response_id"].tolist() == ["r1", "r2"]
        assert frame["p_told"].tolist() == ["agree", None]
        assert frame["w_tools"].tolist() == [("phone", "letter"), None]
        assert frame["p_comment"].tolist() == [None, "Fine"]

    def test_all_faults_are_told_with_row_and_column(self, file: Path) -> None:
        found = faults(
            file,
            LONG_HEAD,
            f"{PERSON},p_told,agree",
            f"{PERSON},p_told,neither",
            f"{PERSON},p_tolt,agree",
            f"{PERSON},p_timely,good",
            f"{PERSON},,agree",
            "r1,Carr Council,early_help,frontline,p_why,time",
            "r1,Elm School,schools,board,p_front,agree",
            "r1,Elm School,police,frontline,w_tools,phone",
            ",Elm School,schools,frontline,p_told,agree",
            "r2,Elm School,schools,boss,p_told,agree",
        )

        assert [one.partition(": ")[0] for one in found] == [
            "row 3, column question",
            "row 4, column question",
            "row 5, column answer",
            "row 6, column question",
            "row 7, column agency",
            "row 8, column level",
            "row 9, column sector",
            "row 10, column response_id",
            "row 11, column level",
        ]
        assert found[0].endswith("“r1” has an answer to “p_told” in a row above already.")
        assert found[1].endswith("has no question “p_tolt”. Did you mean “p_told”?")
        assert found[3].endswith("The code of the question is missing.")
        assert found[4].endswith(
            "“r1” is of “Carr Council” here and of “Elm School” in row 2. "
            "A response has one agency."
        )
        assert found[5].endswith(
            "“r1” is at “board” here and at “frontline” in row 2. A response has one level."
        )

    def test_answer_twice_far_apart_is_told(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("analysis.delimited.CHUNK_ROWS", 2)
        others = [f"r{i},Elm School,schools,frontline,p_told,agree" for i in range(2, 9)]

        found = faults(
            file, LONG_HEAD, f"{PERSON},p_told,agree", *others, f"{PERSON},p_told,disagree"
        )

        assert [one.partition(":")[0] for one in found] == ["row 10, column question"]

    def test_other_column_is_told(self, file: Path) -> None:
        found = faults(file, f"{LONG_HEAD},answers", f"{PERSON},p_told,agree,x")

        assert found == [
            (
                "row 1, column answers: A file with a row for each answer has no such column. "
                "Did you mean “answer”?"
            )
        ]


class TestInvited:
    HEADING = "agency,sector,invited,level"

    def invited(self, file: Path, *lines: str) -> Path:
        other = file.with_name("invited.csv")
        other.write_text("\n".join([self.HEADING, *lines]), encoding="utf-8")
        return other

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param(["Elm School,schools,2,", "Oak School,schools,9,"], id="as many"),
            pytest.param(["Elm School,schools,,"], id="number not known"),
            pytest.param(
                ["Elm School,schools,1,board", "Elm School,schools,1,frontline"], id="by level"
            ),
        ],
    )
    def test_numbers_are_in_the_tally(self, file: Path, lines: list[str]) -> None:
        rows = [
            (f"r{level}", "Elm School", "schools", level, "") for level in ("board", "frontline")
        ]
        write(file, f"{HEAD},p_told", rows)
        invited = read_invited(self.invited(file, *lines))

        found = tally_file._quickly(file, BANK, invited, None).tally

        assert found == from_frame(read_responses(file, BANK).frame, BANK, invited=invited)

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            pytest.param("Elm School,schools,1,", "has 2 responses and 1 person", id="too many"),
            pytest.param("Elm School,police,5,", "in the file of invited numbers", id="sector"),
            pytest.param("Oak School,schools,5,", "is not in the file of invited", id="not asked"),
            pytest.param("Elm School,schools,5,board", "level “frontline”", id="level"),
        ],
    )
    def test_responses_that_do_not_fit_are_told(self, file: Path, line: str, said: str) -> None:
        write(file, f"{HEAD},p_told", [(f"r{i}", *PERSON.split(",")[1:], "") for i in range(2)])

        with pytest.raises(FaultyFile, match=said):
            tallied(file, BANK, invited=read_invited(self.invited(file, line)))


class TestIdentifiers:
    def test_one_there_twice_is_found_in_another_block(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tally_blocks, "BLOCK_BYTES", 200)
        lines = [f"r{i},Elm School,schools,board,agree" for i in range(40)]

        found = faults(file, f"{HEAD},p_told", *lines, "r0,Elm School,schools,board,agree")

        assert found == ["row 42, column response_id: “r0” is already the response in row 2."]

    @pytest.mark.parametrize(
        ("identifier", "said"),
        [
            pytest.param("7.5e12", "shortened", id="shortened number"),
            pytest.param("x" * 101, "longer than 100", id="too long"),
            pytest.param("", "identifier of its own", id="missing"),
        ],
    )
    def test_faulty_one_is_told(self, file: Path, identifier: str, said: str) -> None:
        (found,) = faults(file, f"{HEAD},p_told", f"{identifier}{FIRST[2:]}")

        assert found.startswith("row 2, column response_id")
        assert said in found

    @pytest.mark.parametrize("identifier", ["r 1", "é", "x" * 60, "r1 "])
    def test_odd_one_is_taken(self, file: Path, identifier: str) -> None:
        write(file, f"{HEAD},p_told", [(identifier, *FIRST.split(",")[1:])])

        assert by_the_quick_way(file) == of_frame(file)


def test_text_too_long_is_told(file: Path) -> None:
    (found,) = faults(file, f"{HEAD},p_told,w_role", f"{FIRST},{'x' * 5000}")

    assert found.startswith("row 2, column w_role: Shorten your answer")


def test_column_full_of_different_agencies_is_left_early(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.tally_readers.MOST_AGENCIES", 3)
    names = ["Ash", "Birch", "Cedar", "Damson", "Elder"]

    found = faults(
        file,
        f"{HEAD},p_told",
        *(f"r{i},{name} School,schools,board,agree" for i, name in enumerate(names)),
    )

    assert found == [
        (
            "row 5, column agency: There are more than 3 agencies by here. "
            "Is this the column of agencies?"
        )
    ]


def test_notes_are_those_of_reading(file: Path) -> None:
    file.write_text(f"{HEAD},p_told,p_why,p_comment\n{FIRST},time,Fine\n", encoding="utf-8")

    found = tallied(file, BANK).notes

    assert found == read_responses(file, BANK).notes
    assert found[1].startswith("1 answer was left out of p_why")


def test_progress_ends_at_the_size_of_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally_blocks, "BLOCK_BYTES", 500)
    write(file, f"{HEAD},p_told", [(f"r{i}", *FIRST.split(",")[1:]) for i in range(50)])
    seen: list[tuple[int, int]] = []

    tallied(file, BANK, progress=lambda done, total: seen.append((done, total)))

    assert [total for _, total in seen] == [file.stat().st_size] * len(seen)
    assert seen == sorted(seen)
    assert seen[-1][0] == file.stat().st_size
    assert len(seen) > 3
