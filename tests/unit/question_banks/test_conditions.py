"""Rules beyond the table in tests/spec/routing.txt: values that do not fit the test."""

from __future__ import annotations

import pytest

from question_banks.bank import All, AnyOf, Condition, Not, Operator, Test, TestValue
from question_banks.conditions import Value, evaluate, list_tests


def rule(op: str, value: TestValue = None, question: str = "qq") -> Test:
    return Test(question=question, op=Operator(op), value=value)


@pytest.mark.parametrize("op", list(Operator))
def test_an_unanswered_question_meets_only_the_negative_tests(op: Operator) -> None:
    value: TestValue = ("a",) if op in (Operator.ANY_OF, Operator.NONE_OF) else "a"
    expected = op in (Operator.NOT_EQUALS, Operator.NONE_OF)

    assert evaluate(rule(op, value), {}) is expected
    assert evaluate(rule(op, value), {"qq": None}) is expected


@pytest.mark.parametrize(
    ("op", "value", "answer"),
    [
        pytest.param("at_least", 3, "5", id="text against a number"),
        pytest.param("at_most", "2026-01-01", 5, id="number against a date"),
        pytest.param("at_least", ("a",), "b", id="text against a list"),
        pytest.param("any_of", "abc", "b", id="a text is not a list of letters"),
        pytest.param("includes", "a", "abc", id="a text holds no choices"),
        pytest.param("any_of", ("a",), [], id="no choice"),
        pytest.param("equals", "3", 3, id="number and its text differ"),
    ],
)
def test_an_answer_that_does_not_fit_the_test_does_not_meet_it(
    op: str, value: TestValue, answer: Value
) -> None:
    assert evaluate(rule(op, value), {"qq": answer}) is False


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (All(all=(rule("answered"), rule("equals", "a"))), True),
        (All(all=(rule("answered"), rule("equals", "b"))), False),
        (AnyOf(any=(rule("equals", "b"), rule("equals", "a"))), True),
        (AnyOf(any=(rule("equals", "b"), rule("equals", "c"))), False),
        (Not.model_validate({"not": rule("equals", "b")}), True),
    ],
    ids=["all", "not all", "any", "none", "not"],
)
def test_rules_of_rules(condition: Condition, expected: bool) -> None:
    assert evaluate(condition, {"qq": "a"}) is expected


def test_list_tests_in_the_order_written() -> None:
    nested = All(
        all=(
            AnyOf(any=(rule("answered", question="q1"), rule("answered", question="q2"))),
            Not.model_validate({"not": rule("answered", question="q3")}),
            rule("answered", question="q4"),
        )
    )

    assert [test.question for test in list_tests(nested)] == ["q1", "q2", "q3", "q4"]
