"""The models themselves: frozen, found by code, and safe to copy and to cache by."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from question_banks.bank import (
    ALL_LEVELS,
    LEVEL_HINTS,
    LEVEL_TITLES,
    SECTOR_TITLES,
    All,
    AnyOf,
    Bank,
    LocalText,
    Not,
    Operator,
    ScaleQuestion,
    Sector,
    Test,
    in_language,
)
from question_banks.loader import load_bank

VALID = Path(__file__).parents[2] / "banks" / "valid"


@pytest.fixture
def bank() -> Bank:
    return load_bank(VALID / "smallest.yaml")


def test_questions_in_the_order_asked(bank: Bank) -> None:
    assert list(bank.by_code) == ["sb_timely", "sb_reasons", "sb_comment", "sb_works_well"]


def test_a_bank_cannot_be_changed(bank: Bank) -> None:
    with pytest.raises(ValidationError):
        bank.title = "Another"


def test_a_copy_finds_its_own_questions_and_scales(bank: Bank) -> None:
    (scale,) = bank.scales
    shorter = scale.model_copy(update={"options": scale.options[:2]})
    assert bank.by_code
    assert bank.scales_by_code

    copy = bank.model_copy(update={"scales": (shorter,), "closing": ()})

    assert copy.scales_by_code["agreement"] is shorter
    assert "sb_works_well" not in copy.by_code
    assert copy != bank
    assert bank.scales_by_code["agreement"] is scale


def test_options_of_a_scale_question(bank: Bank) -> None:
    question = bank.by_code["sb_timely"]
    assert isinstance(question, ScaleQuestion)

    scale = bank.scale_of(question)

    assert scale.option("neither") is scale.options[1]
    assert scale.option("never") is None


def test_banks_of_the_same_content_are_one_key(bank: Bank) -> None:
    again = load_bank(VALID / "smallest.yaml")

    assert again is not bank
    assert {bank: 1}[again] == 1


def test_rules_may_be_made_of_rules() -> None:
    test = Test(question="qq", op=Operator.ANSWERED)

    rule = AnyOf(any=(All(all=(test,)), Not.model_validate({"not": test}), AnyOf(any=(test,))))

    assert AnyOf.model_validate(rule.model_dump(by_alias=True)) == rule


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Yes"), ("cy", "Ydw"), ("fr", "Yes")], ids=str
)
def test_in_language(language: str, text: str) -> None:
    assert in_language(LocalText(en="Yes", cy="Ydw"), language) == text


def test_every_level_and_sector_has_a_title() -> None:
    assert tuple(LEVEL_TITLES) == ALL_LEVELS
    assert tuple(LEVEL_HINTS) == ALL_LEVELS
    assert list(SECTOR_TITLES) == list(Sector)
