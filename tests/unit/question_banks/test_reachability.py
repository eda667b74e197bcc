"""Whether a rule can hold, for every type of question it may look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_banks.bank import Bank
from question_banks.checks import list_findings
from question_banks.loader import load_bank

VALID = Path(__file__).parents[2] / "banks" / "valid"
BANK = load_bank(VALID / "every_type.yaml")
NEVER = "a_text: this rule can never hold"


def with_rule(rule: object, **changes: object) -> Bank:
    """The bank with a rule on its last question, and changes of other questions by code."""
    values = BANK.model_dump(mode="json", by_alias=True)
    for topic in values["signposts"][0]["topics"]:
        for question in topic["questions"]:
            if question["code"] == "a_text":
                question["show_if"] = rule
            question |= changes.get(question["code"], {})
    return Bank.model_validate(values)


def looks_at(question: str, op: str, value: object = None) -> dict[str, object]:
    return {"question": question, "op": op, "value": value}


def every(*rules: object) -> dict[str, object]:
    return {"all": list(rules)}


def no(rule: object) -> dict[str, object]:
    return {"not": rule}


def findings(bank: Bank) -> list[str]:
    return [finding.message for finding in list_findings(bank)]


@pytest.mark.parametrize(
    "rule",
    [
        looks_at("a_scale", "equals", "not_applicable"),
        looks_at("a_single", "not_equals", "one"),
        looks_at("a_ranking", "answered"),
        no(looks_at("a_ranking", "answered")),
        looks_at("a_several", "includes", "blue"),
        every(looks_at("a_several", "includes", "blue"), looks_at("a_several", "includes", "red")),
        every(
            looks_at("a_several", "answered"), looks_at("a_several", "none_of", ["red", "green"])
        ),
        looks_at("a_number", "equals", 5000),
        every(looks_at("a_number", "at_least", 3), looks_at("a_number", "at_most", 3)),
        every(looks_at("a_number", "at_least", 3), no(looks_at("a_number", "at_least", 4))),
        every(looks_at("a_fraction", "at_least", 3), no(looks_at("a_fraction", "at_least", 4))),
        every(
            looks_at("a_fraction", "at_least", 3),
            looks_at("a_fraction", "at_most", 3.2),
            looks_at("a_fraction", "not_equals", 3),
            looks_at("a_fraction", "not_equals", 3.2),
        ),
        looks_at("a_date", "at_least", "2199-12-31"),
        looks_at("a_date", "at_most", "1900-01-01"),
        looks_at("a_date", "answered"),
        no(looks_at("a_date", "equals", "2026-01-01")),
        looks_at("a_line", "answered"),
    ],
)
def test_a_rule_that_can_hold(rule: object) -> None:
    assert findings(with_rule(rule)) == []


@pytest.mark.parametrize(
    "rule",
    [
        every(looks_at("a_scale", "answered"), no(looks_at("a_scale", "answered"))),
        every(looks_at("a_single", "equals", "one"), looks_at("a_single", "equals", "two")),
        every(
            looks_at("a_several", "includes", "red"),
            looks_at("a_several", "includes", "green"),
            looks_at("a_several", "includes", "blue"),
        ),
        every(looks_at("a_several", "includes", "red"), no(looks_at("a_several", "answered"))),
        looks_at("a_number", "at_least", 5001),
        looks_at("a_number", "at_most", -1),
        looks_at("a_number", "equals", 1.5),
        every(looks_at("a_number", "at_least", 3), looks_at("a_number", "at_most", 2)),
        every(
            looks_at("a_date", "at_least", "2026-02-01"),
            looks_at("a_date", "at_most", "2026-01-01"),
        ),
        {"any": [every(looks_at("a_line", "answered"), no(looks_at("a_line", "answered")))]},
    ],
)
def test_a_rule_that_can_never_hold(rule: object) -> None:
    assert findings(with_rule(rule)) == [NEVER]


def test_an_answer_within_bounds_that_leave_nought_out() -> None:
    rule = looks_at("a_number", "answered")

    assert findings(with_rule(rule, a_number={"lowest": 5, "highest": None})) == []
    assert findings(with_rule(rule, a_number={"lowest": None, "highest": -5})) == []


def test_one_choice_at_most_never_holds_two() -> None:
    rule = every(
        looks_at("a_several", "includes", "red"), looks_at("a_several", "includes", "blue")
    )

    assert findings(with_rule(rule, a_several={"most": 1})) == [NEVER]


@pytest.mark.parametrize(
    ("value", "is_date"),
    [
        ("2026-02-28", True),
        ("20260228", False),
        ("2026-W09-6", False),
        ("2026-02-30", False),
        ("9999-12-31", False),
        ("1899-12-31", False),
        (20260228, False),
        (None, False),
    ],
)
def test_the_value_of_a_test_of_a_date(value: object, is_date: bool) -> None:
    found = findings(with_rule(looks_at("a_date", "at_least", value)))

    wrong = 'a_text: ‘at_least’ needs a date as its value here, such as "2026-03-31"'
    assert found == ([] if is_date else [wrong])


@pytest.mark.parametrize("value", [True, "5", None, ["5"]])
def test_the_value_of_a_test_of_a_number(value: object) -> None:
    found = findings(with_rule(looks_at("a_number", "equals", value)))

    assert found == ["a_text: ‘equals’ needs a number as its value here"]


@pytest.mark.parametrize(
    ("question", "op", "instead"),
    [
        ("a_single", "includes", "equals, not_equals, any_of, none_of or answered"),
        ("a_several", "equals", "includes, any_of, none_of or answered"),
        ("a_number", "any_of", "equals, not_equals, at_least, at_most or answered"),
        ("a_date", "includes", "equals, not_equals, at_least, at_most or answered"),
        ("a_ranking", "includes", "answered"),
        ("a_line", "equals", "answered"),
    ],
)
def test_an_operator_that_does_not_suit_names_those_that_do(
    question: str, op: str, instead: str
) -> None:
    (found,) = findings(with_rule(looks_at(question, op, "x")))

    assert found.startswith(f"a_text: ‘{op}’ does not suit ‘{question}’")
    assert found.endswith(f"; use {instead}")


def test_a_rule_on_a_question_with_an_unknown_scale_is_left_to_that_fault() -> None:
    rule = looks_at("a_scale", "equals", "agree")

    assert findings(with_rule(rule, a_scale={"scale": "unknown"})) == [
        "a_scale: there is no scale ‘unknown’ in this bank (scales: agreement)",
    ]


def test_a_rule_with_very_many_combinations_is_taken_to_hold_soon() -> None:
    parts = [looks_at("a_scale", "answered"), no(looks_at("a_scale", "answered"))]
    parts += [looks_at("a_several", "includes", code) for code in ("red", "green", "blue")]
    parts += [looks_at("a_number", "at_least", bound) for bound in range(100)]
    parts += [looks_at("a_date", "at_least", f"20{year}-01-01") for year in range(10, 60)]

    assert findings(with_rule(every(*parts))) == []
