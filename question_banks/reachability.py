"""Which `show_if` rules can hold: what they refer to, with which test, for which level.

A rule that can never hold is found by trying every combination of the answers it could depend
on, so that rules contradicting each other are found whichever way they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from question_banks.bank import (
    Bank,
    Condition,
    DateQuestion,
    Level,
    NumberQuestion,
    Operator,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    Signpost,
    SingleChoiceQuestion,
    Test,
    Topic,
)
from question_banks.conditions import Value, evaluate, list_tests
from question_banks.dates import EARLIEST_YEAR, LATEST_YEAR
from question_banks.strict_yaml import Place

MOST_COMBINATIONS = 20_000
"""Combinations of answers tried for one rule. A rule with more is taken to be able to hold."""

_STEP = 1e-6  # between two bounds of a fraction there is always a number this near to one of them

_ONE_OF = (Operator.EQUALS, Operator.NOT_EQUALS)
_LIST_OF = (Operator.ANY_OF, Operator.NONE_OF)
_BOUND = (Operator.AT_LEAST, Operator.AT_MOST)


@dataclass(frozen=True)
class Asked:
    """A question with its place in the bank; no topic for a comment or a closing prompt."""

    place: Place
    question: Question
    signpost: Signpost | None
    topic: Topic | None


def list_asked(bank: Bank) -> Iterator[Asked]:
    """Every question with its place, in the order asked."""
    for s, signpost in enumerate(bank.signposts):
        for t, topic in enumerate(signpost.topics):
            place: Place = ("signposts", s, "topics", t, "questions")
            for q, question in enumerate(topic.questions):
                yield Asked((*place, q), question, signpost, topic)
        if signpost.comment is not None:
            yield Asked(("signposts", s, "comment"), signpost.comment, signpost, None)
    for c, question in enumerate(bank.closing):
        yield Asked(("closing", c), question, None, None)


def follow_on(topic: Topic) -> dict[str, int]:
    """Question code to the number of the topic's page it is on, counted from 1.

    A question whose rule looks at another question of the same topic comes on the page after it,
    so that no script is needed to show it.
    """
    numbers: dict[str, int] = {}
    for question in topic.questions:
        tests = list_tests(question.show_if) if question.show_if is not None else ()
        earlier = [numbers[test.question] for test in tests if test.question in numbers]
        numbers[question.code] = max(earlier) + 1 if earlier else 1
    return numbers


def find_condition_faults(bank: Bank, asked: Sequence[Asked]) -> Iterator[tuple[Place, str]]:
    """Each fault of a `show_if` rule: where, and what is wrong."""
    earlier: dict[str, Question] = {}
    reached: dict[str, frozenset[Level]] = {}
    for item in asked:
        question = item.question
        levels = frozenset(question.audience)
        if question.show_if is not None:
            rule = question.show_if
            place = (*item.place, "show_if")
            faults = list(_test_faults(bank, question, rule=rule, earlier=earlier))
            if item.topic is None:
                faults += _untopical_faults(bank, item, rule)
            yield from ((place, f"{question.code}: {fault}") for fault in faults)
            looked_at = [earlier[test.question] for test in list_tests(rule) if not faults]
            if not faults and not any(_is_on_unknown_scale(bank, seen) for seen in looked_at):
                answers = _possible_answers(bank, rule, earlier)
                levels = frozenset(
                    level
                    for level in question.audience
                    if _can_hold(rule, answers, asked={c for c in answers if level in reached[c]})
                )
                never = [level for level in question.audience if level not in levels]
                if never:
                    of_whom = "" if not levels else f" for {', '.join(never)}"
                    yield place, f"{question.code}: this rule can never hold{of_whom}"
        earlier.setdefault(question.code, question)
        reached.setdefault(question.code, levels)


def _untopical_faults(bank: Bank, item: Asked, rule: Condition) -> Iterator[str]:
    """A comment and a closing prompt stand at the end of a page that cannot be split."""
    if item.signpost is not None:
        yield "a comment cannot have ‘show_if’; it is always offered"
        return
    closing = {question.code for question in bank.closing}
    for test in list_tests(rule):
        if test.question in closing and test.question != item.question.code:
            yield f"‘{test.question}’ is on the same page, so a rule cannot depend on it"


def _test_faults(
    bank: Bank, question: Question, *, rule: Condition, earlier: Mapping[str, Question]
) -> Iterator[str]:
    for test in list_tests(rule):
        target = earlier.get(test.question)
        if test.question == question.code:
            yield "the rule looks at the question itself"
        elif target is not None:
            yield from _value_faults(bank, test, target)
        elif test.question in bank.by_code:
            yield f"‘{test.question}’ is asked later; a rule can only look back"
        else:
            yield f"there is no question ‘{test.question}’"


def _value_faults(bank: Bank, test: Test, target: Question) -> Iterator[str]:
    """Whether the test fits the type of the question it looks at, and its value the options."""
    if test.op is Operator.ANSWERED:
        if test.value is not None:
            yield "‘answered’ takes no value; for the opposite put it under not:"
        return
    allowed = _operators(target)
    if test.op not in allowed:
        names = " or ".join((", ".join(allowed), Operator.ANSWERED)) if allowed else "answered"
        yield f"‘{test.op}’ does not suit ‘{target.code}’ ({target.type}); use {names}"
        return
    if isinstance(target, NumberQuestion):
        if not isinstance(test.value, int | float) or isinstance(test.value, bool):
            yield f"‘{test.op}’ needs a number as its value here"
    elif isinstance(target, DateQuestion):
        if not _is_date(test.value):
            yield f'‘{test.op}’ needs a date as its value here, such as "2026-03-31"'
    elif not _is_on_unknown_scale(bank, target):
        yield from _code_faults(test, option_codes(bank, target), target)


def _is_on_unknown_scale(bank: Bank, question: Question) -> bool:
    """Whether nothing can be said of a question's options; that is a fault of its own."""
    return isinstance(question, ScaleQuestion) and question.scale not in bank.scales_by_code


def _code_faults(test: Test, codes: Sequence[str], target: Question) -> Iterator[str]:
    if test.op in _LIST_OF:
        if not isinstance(test.value, tuple) or not test.value:
            yield f"‘{test.op}’ needs a list of option codes in square brackets"
            return
        wanted: Sequence[object] = test.value
    else:
        wanted = (test.value,)
    for code in wanted:
        if code not in codes:
            yield f"‘{code}’ is no option of ‘{target.code}’ (options: {', '.join(codes)})"


def _operators(target: Question) -> tuple[Operator, ...]:
    match target:
        case ScaleQuestion() | SingleChoiceQuestion():
            return (*_ONE_OF, *_LIST_OF)
        case SeveralChoicesQuestion():
            return (Operator.INCLUDES, *_LIST_OF)
        case NumberQuestion() | DateQuestion():
            return (*_ONE_OF, *_BOUND)
        case _:
            return ()


def option_codes(bank: Bank, question: Question) -> tuple[str, ...]:
    """The codes an answer may hold, in order; none for numbers, dates and texts."""
    match question:
        case ScaleQuestion():
            scale = bank.scales_by_code.get(question.scale)
            return tuple(option.code for option in scale.options) if scale else ()
        case SingleChoiceQuestion() | SeveralChoicesQuestion() | RankingQuestion():
            return tuple(choice.code for choice in question.choices)
        case _:
            return ()


def _is_date(value: object) -> bool:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    if day is None or day.isoformat() != value:
        return False
    return EARLIEST_YEAR <= day.year <= LATEST_YEAR


def _possible_answers(
    bank: Bank, rule: Condition, earlier: Mapping[str, Question]
) -> dict[str, list[Value]]:
    """For each question a rule looks at, enough answers to try the rule with."""
    tests = list(list_tests(rule))
    return {test.question: _possible(bank, earlier[test.question], tests=tests) for test in tests}


def _can_hold(rule: Condition, answers: Mapping[str, list[Value]], *, asked: Set[str]) -> bool:
    """Whether any combination of answers to the questions that are asked makes a rule hold."""
    tries = product(*(values if code in asked else [None] for code, values in answers.items()))
    for count, values in enumerate(tries):
        if count == MOST_COMBINATIONS or evaluate(rule, dict(zip(answers, values, strict=True))):
            return True
    return False


def _possible(bank: Bank, target: Question, *, tests: Sequence[Test]) -> list[Value]:
    """Enough possible answers to a question to tell every rule made of these tests apart."""
    wanted = [test.value for test in tests if test.question == target.code]
    found: list[Value] = [None]
    match target:
        case ScaleQuestion() | SingleChoiceQuestion():
            found += option_codes(bank, target)
        case SeveralChoicesQuestion():
            codes = option_codes(bank, target)
            found += [[code] for code in codes] + _pairs(codes, target.most)
        case NumberQuestion():
            step = 1 if target.whole else _STEP
            points = [v + d for v in wanted if isinstance(v, int | float) for d in (-step, 0, step)]
            ends = [end for end in (target.lowest, target.highest, 0) if end is not None]
            found += [point for point in (*points, *ends) if _within(point, target)]
        case DateQuestion():
            days = [date.fromisoformat(value) for value in wanted if isinstance(value, str)]
            near = [day + timedelta(days=d) for day in days for d in (-1, 0, 1)]
            found += [day.isoformat() for day in near] or ["2000-01-01"]
        case RankingQuestion():
            found.append(list(option_codes(bank, target)))
        case _:
            found.append("text")
    return found


def _pairs(codes: Sequence[str], most: int | None) -> list[Value]:
    """Combinations of several choices: each pair, and all of them where that is allowed."""
    if most == 1:
        return []
    pairs: list[Value] = [[a, b] for i, a in enumerate(codes) for b in codes[i + 1 :]]
    return [*pairs, list(codes[:most])]


def _within(number: float, target: NumberQuestion) -> bool:
    low = target.lowest is None or number >= target.lowest
    high = target.highest is None or number <= target.highest
    return low and high and (not target.whole or float(number).is_integer())
