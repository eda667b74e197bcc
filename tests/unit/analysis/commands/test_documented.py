"""docs/command-line.md: its examples run, its tables are true."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import variables
from analysis.__main__ import main
from analysis.commands.ending import EXIT_WORDS, Exit
from analysis.commands.program import COMMANDS, program
from tests.unit.analysis.commands.bad_files import BAD
from tests.unit.analysis.commands.conftest import BANK, ROOT, responses

TEXT = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
PROMPT = "$ python -m analysis "


def rows_under(heading: str) -> list[list[str]]:
    """The rows of the table under a heading of the page."""
    part = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def steps(block: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a block, each with the lines it should print."""
    command, printed = "", list[str]()
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, printed
            command, printed = line, []
        else:
            printed.append(line)
    yield command, printed


@pytest.fixture
def prepared(folder: Path) -> Path:
    """The files of the examples."""
    head = "comment_id,agency,sector,question,text,released"
    (folder / "comments.csv").write_text(f"{head}\nc1,Elm School,schools,p_comment,x,Caseloads\n")
    (folder / "coded.csv").write_text("comment_id,codes\nc1,workload\n")
    (folder / "shared.csv").write_text(responses(48))
    made = (
        ("result", "responses.csv"),
        ("other", "later.csv"),
        ("first", "shared.csv"),
        ("second", "shared.csv"),
    )
    for name, people in made:
        kept = ["--keep-tally", "tally.json", "--out", f"{name}.json"]
        assert main(["summarise", people, "--bank", str(BANK), *kept]) == Exit.DONE
    return folder


def test_examples_print_what_the_page_shows(
    prepared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = 0
    for block in BLOCKS:
        for command, printed in steps(block):
            capsys.readouterr()
            if command == "$ echo $?":
                assert printed == [str(code)]
                continue
            assert command.startswith(PROMPT)
            code = main(shlex.split(command.removeprefix(PROMPT)))
            out, err = capsys.readouterr()
            assert f"{err}{out}".splitlines() == printed
    assert (prepared / "comparison.docx").is_file()


def test_every_command_has_a_section_and_an_example() -> None:
    names = [command.__name__.rpartition(".")[2] for command in COMMANDS]

    assert re.findall(r"^## ([a-z]+)$", TEXT, re.MULTILINE) == names
    assert {block.split()[4] for block in BLOCKS} == set(names)


def test_formats_are_those_of_the_commands() -> None:
    parser = program()
    said = {row[0].strip("`"): row[1].split(", ") for row in rows_under("Where the result goes")}

    for name, formats in said.items():
        needed = {"audit": ["a"], "benchmark": ["a", "b"], "comments": ["a", "--bank", "b"]}
        options = parser.parse_args([name, *needed.get(name, ["a"])])
        assert list(options.formats) == formats
    assert len(said) == len(COMMANDS)


def test_exit_codes_are_those_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows_under("Exit codes") == [
        [str(code.value), words] for code, words in EXIT_WORDS.items()
    ]

    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(words in told for words in EXIT_WORDS.values())


def test_columns_of_a_codebook_are_named() -> None:
    assert re.search(r",\s".join(f"`{name}`" for name in variables.HEADER), TEXT), (
        "the headings of a codebook in CSV"
    )


FAULTS = dict(rows_under("What is wrong with a file"))


@pytest.mark.parametrize("name", list(BAD))
def test_fault_is_told_as_the_page_says(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (folder / "responses.csv").unlink()
    BAD[name](folder / "responses.csv")

    code = main(["summarise", "responses.csv", "--bank", str(BANK), "--out", "x.json"])

    assert code == Exit.FAULTS
    assert f"`{capsys.readouterr().err.strip()}`" == FAULTS[name]
    assert not (folder / "x.json").exists()


def test_page_tells_of_no_other_fault() -> None:
    assert list(FAULTS) == list(BAD)
