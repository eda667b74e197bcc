"""Published banks cannot change unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_banks.loader import bank_digest, list_banks, load_bank
from question_banks.published import DIGESTS, check_digests, publish, read_digests

VALID = Path(__file__).parents[2] / "banks" / "valid"
ONE, OTHER = load_bank(VALID / "smallest.yaml"), load_bank(VALID / "by_level.yaml")


def test_the_shipped_banks_are_as_published() -> None:
    assert [str(problem) for problem in check_digests(list_banks(), DIGESTS)] == []


def test_publish_adds_a_line_once_and_keeps_the_order(tmp_path: Path) -> None:
    path = tmp_path / "DIGESTS"

    assert publish(ONE, path)
    assert publish(OTHER, path)
    before = path.read_bytes()
    assert not publish(ONE, path)

    assert path.read_bytes() == before
    assert before.decode() == (
        f"by_level@1.0 {bank_digest(OTHER)}\nsmall_bank@1.0 {bank_digest(ONE)}\n"
    )
    assert list(check_digests([ONE, OTHER], path)) == []


def test_a_published_bank_that_changed_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "DIGESTS"
    publish(ONE, path)
    changed = ONE.model_copy(update={"title": "Another title"})

    problems = list(check_digests([changed], path))

    assert [problem.line for problem in problems] == [1]
    assert problems[0].message.startswith(
        "small_bank@1.0 is published, but its content has changed"
    )


def test_publish_does_not_overwrite_the_digest_of_a_changed_bank(tmp_path: Path) -> None:
    path = tmp_path / "DIGESTS"
    publish(ONE, path)

    assert not publish(ONE.model_copy(update={"title": "Another title"}), path)

    assert read_digests(path)[0] == {"small_bank@1.0": (1, bank_digest(ONE))}


def test_a_published_bank_that_is_gone_and_one_without_digest(tmp_path: Path) -> None:
    path = tmp_path / "DIGESTS"
    publish(ONE, path)

    assert [problem.message for problem in check_digests([OTHER], path)] == [
        "small_bank@1.0 is published, but there is no such bank",
        "by_level@1.0 has no digest; run: python -m question_banks publish by_level@1.0",
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("small_bank 0\n", [(1, "this is not a bank id, a space and a digest")]),
        ("\n", [(1, "this is not a bank id, a space and a digest")]),
        (f"a_b@1.0 {'0' * 64}\na_b@1.0 {'1' * 64}\n", [(2, "a_b@1.0 stands here twice")]),
    ],
    ids=["no digest", "empty line", "twice"],
)
def test_a_faulty_file_of_digests(
    tmp_path: Path, text: str, problems: list[tuple[int, str]]
) -> None:
    path = tmp_path / "DIGESTS"
    path.write_text(text, encoding="utf-8")

    found = read_digests(path)[1]

    assert [(problem.line, problem.message) for problem in found] == problems


def test_a_missing_file_of_digests_is_a_problem(tmp_path: Path) -> None:
    problems = list(check_digests([], tmp_path / "DIGESTS"))

    assert [problem.message for problem in problems] == ["there is no such file"]
