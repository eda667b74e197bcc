"""Invited numbers: what is read, and whether responses can have come from those invited."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import FaultyFile
from analysis.invited import check_responses, read_invited
from analysis.tally import ALL_LEVELS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "invited.csv"


def read(file: Path, *lines: str) -> list[list[object]]:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_invited(file).to_numpy(dtype=object)
    return [[None if cell is pd.NA else cell for cell in row] for row in found]


def faults(file: Path, *lines: str) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        read(file, *lines)
    return [str(fault) for fault in caught.value.faults]


class TestReading:
    def test_numbers_for_all_levels(self, file: Path) -> None:
        assert read(
            file,
            "agency,sector,invited",
            "Elm School,schools,30",
            "Carr Council,early_help,",
            "Northmoor Police,police,0",
        ) == [
            ["Elm School", "schools", ALL_LEVELS, 30],
            ["Carr Council", "early_help", ALL_LEVELS, None],
            ["Northmoor Police", "police", ALL_LEVELS, 0],
        ]

    def test_numbers_by_level_beside_numbers_for_all(self, file: Path) -> None:
        assert read(
            file,
            "invited,level,agency,sector",
            "3,board,Elm School,schools",
            "4,frontline,Elm School,schools",
            "5,,Carr Council,early_help",
        ) == [
            ["Elm School", "schools", "board", 3],
            ["Elm School", "schools", "frontline", 4],
            ["Carr Council", "early_help", ALL_LEVELS, 5],
        ]

    @pytest.mark.parametrize(
        ("text", "people"), [("12.0", 12), ("1,200", 1200), (" 7 ", 7), ("100000", 100_000)]
    )
    def test_whole_numbers_as_spreadsheets_write_them(
        self, file: Path, text: str, people: int
    ) -> None:
        assert read(file, "agency,sector,invited", f'Elm School,schools,"{text}"')[0][3] == people

    @pytest.mark.parametrize("text", ["-1", "3.5", "many", "100001", "1,2", "1e3", "٣"])
    def test_other_numbers_are_told(self, file: Path, text: str) -> None:
        found = faults(file, "agency,sector,invited", f'Elm School,schools,"{text}"')

        assert found == [
            (
                f"row 2, column invited: “{text}” is not a number of people: write a whole number "
                "from 0 to 100,000, or leave the cell empty where it is not known."
            )
        ]

    def test_all_faults_are_listed(self, file: Path) -> None:
        found = faults(
            file,
            "agency,sector,invited,level,invted",
            ",school,x,boss,",
            "Elm School,schools,3,,",
            "elm school,schools,3,board,",
            "Elm School,police,4,board,",
            "Elm School,schools,5,,",
            "Carr Council,early_help,5,board,",
            "Carr Council,early_help,5,board,",
            "Carr Council,early_help,5,,",
        )

        assert [one.split(": ")[0] for one in found] == [
            "row 1, column invted",
            "row 2, column agency",
            "row 2, column sector",
            "row 2, column invited",
            "row 2, column level",
            "row 4, column agency",
            "row 5, column sector",
            "row 5, column level",
            "row 6, column agency",
            "row 8, column agency",
            "row 9, column level",
        ]
        assert "Did you mean “invited”?" in found[0]
        assert "is spelt “Elm School” in row 3" in found[5]
        assert "“Elm School” is in “police” here and in “schools” in row 3." in found[6]
        assert "Give the one or the other." in found[7]
        assert found[8].endswith("“Elm School” has a number in row 3 already.")
        assert found[9].endswith("“Carr Council” has a number for “board” in row 7 already.")
        assert "(row 7)" in found[10]


def responses(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["agency", "sector", "level"])
    return frame.set_axis(pd.RangeIndex(2, len(rows) + 2, name="row"))


class TestAgainstResponses:
    def mismatch(self, frame: pd.DataFrame, file: Path, *lines: str) -> list[str]:
        file.write_text("\n".join(lines), encoding="utf-8")
        invited = read_invited(file)
        with pytest.raises(FaultyFile) as caught:
            check_responses(frame, invited)
        return [str(fault) for fault in caught.value.faults]

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
    def test_those_invited_may_answer(self, file: Path, lines: list[str]) -> None:
        file.write_text("\n".join(["agency,sector,invited,level", *lines]), encoding="utf-8")
        frame = responses(
            ("Elm School", "schools", "board"), ("Elm School", "schools", "frontline")
        )

        check_responses(frame, read_invited(file))

    def test_agency_that_was_not_invited(self, file: Path) -> None:
        frame = responses(
            ("Elm Schol", "schools", "board"),
            ("Elm Schol", "schools", "board"),
            ("Somebody Else", "police", "board"),
        )

        assert self.mismatch(frame, file, "agency,sector,invited", "Elm School,schools,2") == [
            (
                "row 2, column agency: “Elm Schol” is not in the file of invited numbers. "
                "Did you mean “Elm School”?"
            ),
            "row 4, column agency: “Somebody Else” is not in the file of invited numbers.",
        ]

    def test_agency_of_another_sector(self, file: Path) -> None:
        frame = responses(("Elm School", "early_years", "board"))

        assert self.mismatch(frame, file, "agency,sector,invited", "Elm School,schools,2") == [
            (
                "row 2, column sector: “Elm School” is in “early_years” here and in “schools” in "
                "the file of invited numbers."
            )
        ]

    def test_more_answers_than_invited(self, file: Path) -> None:
        frame = responses(*[("Elm School", "schools", "board")] * 3)

        assert self.mismatch(frame, file, "agency,sector,invited", "Elm School,schools,2") == [
            (
                "row 4, column agency: “Elm School” has 3 responses and 2 people were invited "
                "there. Correct the file of invited numbers, or leave the number empty."
            )
        ]

    def test_more_answers_than_invited_at_a_level(self, file: Path) -> None:
        frame = responses(
            ("Elm School", "schools", "board"),
            ("Elm School", "schools", "board"),
            ("Elm School", "schools", "other"),
        )

        found = self.mismatch(
            frame, file, "agency,sector,invited,level", "Elm School,schools,1,board"
        )

        assert [one.split(".")[0] for one in found] == [
            (
                "row 3, column agency: “Elm School” has 2 responses at the level “board” and 1 "
                "person was invited there"
            ),
            (
                "row 4, column agency: “Elm School” has 1 response at the level “other” and 0 "
                "people were invited there"
            ),
        ]
