"""Problems of banks that did not come from a file as it is, and errors nobody foresaw."""

from __future__ import annotations

from pathlib import Path

from question_banks.checks import check_bank
from question_banks.errors import Problem, Severity
from question_banks.faults import plain_faults
from question_banks.reader import LoadedBank, read_bank
from question_banks.strict_yaml import Fault

VALID = Path(__file__).parents[2] / "banks" / "valid"


def test_a_bank_without_a_file_has_its_problems_on_line_one() -> None:
    bank = read_bank(VALID / "smallest.yaml").bank
    assert bank is not None
    unused = bank.model_copy(update={"title": "<i>Small</i>"})

    problems = check_bank(LoadedBank("a round", unused))

    assert problems == (
        Problem("a round", 1, "‘title’ holds HTML (‘<i’); a bank holds plain text only"),
    )


def test_a_problem_of_something_left_out_is_on_the_line_around_it() -> None:
    loaded = read_bank(VALID / "smallest.yaml")

    assert loaded.line(("signposts", 0, "topics", 0, "questions", 0, "audience")) == 29
    assert loaded.line(("signposts", 0, "title")) == 20


def test_problems_sort_by_file_and_line_and_say_when_they_are_warnings() -> None:
    problems = [
        Problem("b.yaml", 1, "second file"),
        Problem("a.yaml", 10, "later", Severity.WARNING),
        Problem("a.yaml", 9, "sooner"),
    ]

    assert [str(problem) for problem in sorted(problems)] == [
        "a.yaml:9: sooner",
        "a.yaml:10: warning: later",
        "b.yaml:1: second file",
    ]


def test_an_error_that_pydantic_may_add_one_day_is_told_in_its_own_words() -> None:
    error = {"type": "too_loud", "loc": ("title",), "msg": "Too loud", "input": "HELLO"}

    faults = list(plain_faults([error], raw={"title": "HELLO"}, lines={("title",): 3}))

    assert faults == [Fault(3, "‘title’ is wrong: Too loud")]
