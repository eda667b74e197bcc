"""`show_if` rules: a closed set of tests of earlier answers. Evaluated, never eval'd.

A question that was skipped, not reached or not asked counts as unanswered. Of an unanswered
question only `not_equals` and `none_of` hold, because they are the exact opposites of `equals`
and `any_of`; a rule that needs an answer as well says so with `answered`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from question_banks.bank import All, AnyOf, Condition, Operator, Test, TestValue

Value = str | int | float | list[str] | None
"""A stored answer: option code, text, ISO date, number or list of choice codes. None: skipped."""

Answers = Mapping[str, Value]
"""Question code to stored answer. A code that is absent has not been posted yet."""


def evaluate(condition: Condition, answers: Answers) -> bool:
    """Whether a rule holds for these answers.

    >>> rule = Test(question="met", op=Operator.ANY_OF, value=("partly", "not_met"))
    >>> evaluate(rule, {"met": "partly"}), evaluate(rule, {"met": "met"}), evaluate(rule, {})
    (True, False, False)
    """
    match condition:
        case Test():
            return _holds(condition, answers.get(condition.question))
        case All():
            return all(evaluate(rule, answers) for rule in condition.all)
        case AnyOf():
            return any(evaluate(rule, answers) for rule in condition.any)
        case _:
            return not evaluate(condition.not_, answers)


def list_tests(condition: Condition) -> Iterator[Test]:
    """Every test within a rule, in the order written."""
    match condition:
        case Test():
            yield condition
        case All():
            for rule in condition.all:
                yield from list_tests(rule)
        case AnyOf():
            for rule in condition.any:
                yield from list_tests(rule)
        case _:
            yield from list_tests(condition.not_)


def _holds(test: Test, answer: Value) -> bool:
    wanted = test.value
    match test.op:
        case Operator.ANSWERED:
            return answer is not None
        case Operator.EQUALS:
            return answer is not None and answer == wanted
        case Operator.NOT_EQUALS:
            return answer is None or answer != wanted
        case Operator.ANY_OF:
            return _shares(answer, wanted)
        case Operator.NONE_OF:
            return not _shares(answer, wanted)
        case Operator.INCLUDES:
            return isinstance(answer, list) and wanted in answer
        case Operator.AT_LEAST:
            order = _order(answer, wanted)
            return order is not None and order >= 0
        case _:
            order = _order(answer, wanted)
            return order is not None and order <= 0


def _shares(answer: Value, wanted: TestValue) -> bool:
    """Whether an answer is, or for several choices holds, one of the wanted codes."""
    if not isinstance(wanted, tuple) or answer is None:
        return False
    if isinstance(answer, list):
        return any(code in wanted for code in answer)
    return answer in wanted


def _order(answer: Value, wanted: TestValue) -> int | None:
    """Less, equal or more as -1, 0 or 1; None where the two cannot be compared.

    Two texts are ISO dates, whose order is that of the text.
    """
    if isinstance(answer, str) and isinstance(wanted, str):
        return (answer > wanted) - (answer < wanted)
    if isinstance(answer, int | float) and isinstance(wanted, int | float):
        return (answer > wanted) - (answer < wanted)
    return None
