"""`benchmark`: the files it takes, whose they are, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.benchmarked import Benchmark
from analysis.commands.ending import Exit
from analysis.export import BESIDE_FORMATS, Format
from tests import factories_summary as made

OTHERS = [f"other_{i}.json" for i in range(8)]
BENCHMARK = ["benchmark", "own.json", *OTHERS]


@pytest.fixture
def councils(folder: Path) -> Path:
    """The results of nine councils, which differ in their answers and in their digests."""
    for place, name in enumerate(["own.json", *OTHERS]):
        figures = made.figures(10 + place, 20, 8, 9, 3, 2, 1)
        question = made.question(everybody=made.group(figures=figures))
        signpost = made.signpost(topics=(made.topic(questions=(question,)),))
        summary = made.summary((signpost,))
        provenance = summary.provenance.model_copy(update={"tally_digest": f"{place}" * 64})
        text = summary.model_copy(update={"provenance": provenance}).model_dump_json()
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def list_of(days: dict[str, str]) -> str:
    """A list of councils: a day for every file."""
    rows = [f"{file},Council {i},{day}" for i, (file, day) in enumerate(days.items())]
    return "\n".join(["file,council,closed", *rows])


def test_own_council_is_set_beside_eight_others(councils: Path) -> None:
    named = ["--council", "Carr", "--title", "Spring"]
    assert main([*BENCHMARK, *named, "--out", "b.json"]) == Exit.DONE

    found = Benchmark.model_validate_json((councils / "b.json").read_bytes())
    assert (found.council, found.round_title, found.councils) == ("Carr", "Spring", 8)
    assert found.rows()["enough_data"].councils == 8
    assert "other_3" not in (councils / "b.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("to", [form for form in BESIDE_FORMATS if form is not Format.JSON])
def test_every_format_is_written(councils: Path, to: Format) -> None:
    assert main([*BENCHMARK, "--out", f"b.{to.value}"]) == Exit.DONE

    begins = b"\xef\xbb\xbf" if to is Format.CSV else b"PK"
    assert (councils / f"b.{to.value}").read_bytes().startswith(begins)


def test_fewer_than_eight_are_refused(councils: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "own.json", *OTHERS[:7], "--out", "b.json"]) == Exit.FAULTS

    assert "Only 7 other councils have agreed to share" in capsys.readouterr().err
    assert not (councils / "b.json").exists()


def test_one_result_given_twice_does_not_count_twice(
    councils: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (councils / "copy.json").write_bytes((councils / "other_1.json").read_bytes())

    assert main(["benchmark", "own.json", *OTHERS[:7], "copy.json"]) == Exit.FAULTS
    assert capsys.readouterr().err == "copy.json: These are the same answers as in other_1.json.\n"


class TestList:
    def test_rounds_too_far_apart_do_not_count(
        self, councils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        days = dict.fromkeys(["own.json", *OTHERS], "2026-03-31")
        (councils / "list.csv").write_text(list_of(days | {OTHERS[2]: "2023-03-31"}), "utf-8")

        assert main([*BENCHMARK, "--list", "list.csv"]) == Exit.FAULTS
        assert "Only 7 other councils" in capsys.readouterr().err

    def test_names_the_own_council(self, councils: Path) -> None:
        days = dict.fromkeys(["own.json", *OTHERS], "2026-03-31")
        (councils / "list.csv").write_text(list_of(days), encoding="utf-8")

        assert main([*BENCHMARK, "--list", "list.csv", "--out", "b.json"]) == Exit.DONE

        found = Benchmark.model_validate_json((councils / "b.json").read_bytes())
        assert found.council == "Council 0"

    def test_every_fault_has_its_place(
        self, councils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        days = dict.fromkeys(["own.json", *OTHERS[1:]], "2026-03-31") | {OTHERS[1]: "31/03/2026"}
        rows = [*list_of(days).splitlines(), "own.json,,2026-02-30", "else.json,Elm,2026-03-31"]
        (councils / "list.csv").write_text("\n".join(rows), encoding="utf-8")

        assert main([*BENCHMARK, "--list", "list.csv"]) == Exit.FAULTS

        assert capsys.readouterr().err.splitlines() == [
            "list.csv: “other_0.json” is not in the list.",
            "list.csv: row 3, column closed: “31/03/2026” is not a day such as 2026-03-31.",
            "list.csv: row 10, column file: “own.json” is there already.",
            "list.csv: row 10, column council: The name of the council is missing.",
            "list.csv: row 10, column closed: “2026-02-30” is not a day such as 2026-03-31.",
            "list.csv: row 11, column file: “else.json” is not one of the results given.",
        ]

    def test_other_column_is_refused(
        self, councils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (councils / "list.csv").write_text("file,council,closd,closed\na,b,c,d\n", "utf-8")

        assert main([*BENCHMARK, "--list", "list.csv"]) == Exit.FAULTS
        assert "A list of councils has no such column." in capsys.readouterr().err

    def test_files_of_one_name_cannot_be_told_apart(
        self, councils: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["benchmark", "own.json", "own.json", "--list", "list.csv"])

        assert ended.value.code == Exit.USAGE
        assert "every file needs a name of its own" in capsys.readouterr().err
