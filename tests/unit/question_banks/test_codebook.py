"""A bank as rows for readers of a responses file."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_banks.bank import ALL_LEVELS, Level, OptionKind
from question_banks.codebook import CodedOption, Direction, Variable, codebook
from question_banks.loader import list_banks, load_bank

VALID = Path(__file__).parents[2] / "banks" / "valid"


@pytest.fixture(scope="module")
def rows() -> dict[str, Variable]:
    return {row.code: row for row in codebook(load_bank(VALID / "every_type.yaml"))}


def test_a_scale_question(rows: dict[str, Variable]) -> None:
    row = rows["a_scale"]

    assert (row.type, row.scale, row.direction) == (
        "scale",
        "agreement",
        Direction.FAVOURABLE_FIRST,
    )
    assert row.options[0] == CodedOption("agree", "Agree", 1, OptionKind.FAVOURABLE, 100)
    assert row.options[-1] == CodedOption(
        "not_applicable", "Not applicable", 5, OptionKind.NOT_APPLICABLE, None
    )
    assert row.missing == ("dont_know", "not_applicable")
    assert (row.signpost, row.signpost_title, row.topic) == ("all_types", "All types", "choosing")
    assert row.levels == ALL_LEVELS


def test_a_question_with_choices(rows: dict[str, Variable]) -> None:
    row = rows["a_several"]

    assert row.options == (
        CodedOption("red", "Red", 1),
        CodedOption("green", "Green", 2),
        CodedOption("blue", "Blue", 3),
    )
    assert (row.direction, row.missing, row.scale) == (Direction.NONE, (), "")


def test_a_number_has_bounds_and_unit(rows: dict[str, Variable]) -> None:
    assert (rows["a_number"].lowest, rows["a_number"].highest) == (0, 5000)
    assert rows["a_number"].unit == "referrals"
    assert rows["a_fraction"].unit == ""
    assert rows["a_text"].lowest is None
    assert rows["a_text"].options == ()


def test_comment_and_closing_prompt_have_no_topic(rows: dict[str, Variable]) -> None:
    comment, prompt = rows["all_types_comment"], rows["last_word"]

    assert (comment.signpost, comment.topic) == ("all_types", "")
    assert (prompt.signpost, prompt.signpost_title, prompt.topic) == ("", "", "")


def test_label_is_the_short_wording_where_there_is_one() -> None:
    rows = codebook(load_bank(VALID / "example_bank.yaml"))

    assert rows[0].label == "Referrals are made in good time"
    assert rows[0].text == "Referrals from my agency are made in good time."
    assert rows[0].levels == (Level.OPERATIONAL, Level.FRONTLINE)
    assert rows[-1].label == rows[-1].text


def test_rules_and_languages() -> None:
    follow_on = {row.code: row for row in codebook(load_bank(VALID / "follow_on.yaml"))}
    welsh = codebook(load_bank(VALID / "welsh.yaml"), "cy")

    assert follow_on["why_not"].has_rule
    assert not follow_on["happy"].has_rule
    assert welsh[0].signpost_title == "Iaith"
    assert welsh[0].options[0].label == "Cytuno"


def test_every_question_of_the_shipped_banks_has_a_row() -> None:
    for bank in list_banks():
        assert [row.code for row in codebook(bank)] == list(bank.by_code)
