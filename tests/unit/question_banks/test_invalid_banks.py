"""Each file in tests/banks/invalid has one fault and gives exactly the problems expected of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_banks.checks import check_bank
from question_banks.errors import InvalidBank, Severity
from question_banks.loader import load_bank
from question_banks.reader import read_bank

FOLDER = Path(__file__).parents[2] / "banks" / "invalid"
FILES = sorted(FOLDER.glob("*.yaml"))


def read_expected() -> dict[str, list[str]]:
    """File name to its lines in EXPECTED.txt: `LINE: message`."""
    expected: dict[str, list[str]] = {}
    name = ""
    for line in (FOLDER / "EXPECTED.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            expected[name].append(line.strip())
        elif line and not line.startswith("#"):
            name = line
            expected[name] = []
    return expected


EXPECTED = read_expected()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_problems_of_an_invalid_bank_are_exactly_those_expected(path: Path) -> None:
    problems = check_bank(read_bank(path))

    assert [str(problem).removeprefix(f"{path}:") for problem in problems] == EXPECTED[path.name]


def test_every_expectation_has_a_file_and_at_least_one_problem() -> None:
    assert sorted(EXPECTED) == [path.name for path in FILES]
    assert [name for name, problems in EXPECTED.items() if not problems] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_load_bank_refuses_errors_and_takes_warnings(path: Path) -> None:
    errors = [p for p in check_bank(read_bank(path)) if p.severity is Severity.ERROR]

    if not errors:
        assert load_bank(path).bank == "small_bank"
        return
    with pytest.raises(InvalidBank) as caught:
        load_bank(path)
    assert list(caught.value.problems) == errors
    assert str(caught.value).count("\n") == len(errors) - 1
