"""Whose finding it is: told from the two sides' figures, and only where both are shown."""

from __future__ import annotations

import pytest

from analysis.result import GroupKind, GroupResult, Mark, QuestionResult, TopicResult, Verdict
from analysis.scope import Scope, find_scope, scope_words
from analysis.settings import AnalysisSettings
from tests import factories_summary as make

SETTINGS = AnalysisSettings().stamp()
NOBODY = make.figures(0, 0, 0, 0, 0, 12, 0)


def side(name: str, favourable: int) -> GroupResult:
    """A side with that many favourable of twenty."""
    figures = make.figures(0, favourable, 0, 20 - favourable, 0, 0, 0)
    return make.group(name, kind=GroupKind.SIDE, code=name, figures=figures)


def asked(code: str, council: int, partners: int) -> QuestionResult:
    """A question with both sides in figures."""
    return make.question(code, groups=(side("council", council), side("partners", partners)))


def topic(verdict: Verdict, *questions: QuestionResult) -> TopicResult:
    """A topic that reads so, supported by all its questions."""
    return make.topic(says=make.reading(verdict), questions=questions)


@pytest.mark.parametrize(
    ("verdict", "shares", "scope"),
    [
        (Verdict.STRENGTH, [(12, 18)], Scope.SHARED),
        (Verdict.STRENGTH, [(12, 11)], Scope.COUNCIL),
        (Verdict.STRENGTH, [(11, 12)], Scope.PARTNERS),
        (Verdict.STRENGTH, [(12, 18), (18, 5)], Scope.PARTLY),
        (Verdict.STRENGTH, [(18, 5), (5, 18)], Scope.PARTLY),
        (Verdict.STRENGTH, [(12, 18), (11, 11)], Scope.SHARED),
        (Verdict.STRENGTH, [(11, 11)], None),
        (Verdict.CONSIDERATION, [(9, 2)], Scope.SHARED),
        (Verdict.CONSIDERATION, [(9, 10)], Scope.COUNCIL),
        (Verdict.CONSIDERATION, [(10, 9)], Scope.PARTNERS),
        (Verdict.MIXED, [(18, 18)], None),
        (Verdict.BOTH, [(18, 2)], None),
    ],
    ids=str,
)
def test_scope_by_the_lines(
    verdict: Verdict, shares: list[tuple[int, int]], scope: Scope | None
) -> None:
    questions = [asked(f"q{place}", *pair) for place, pair in enumerate(shares)]

    found = find_scope(topic(verdict, *questions), settings=SETTINGS)

    assert found is scope
    assert bool(scope_words(topic(verdict, *questions), settings=SETTINGS)) is bool(scope)


@pytest.mark.parametrize(
    "partners",
    [
        make.group("partners", kind=GroupKind.SIDE, code="partners", mark=Mark.CONFIDENTIAL),
        make.group("partners", kind=GroupKind.SIDE, code="partners", words="Nearly all"),
        make.group("partners", kind=GroupKind.SIDE, code="partners", figures=NOBODY),
    ],
    ids=["hidden", "words", "nobody on the scale"],
)
def test_nothing_is_told_of_a_side_without_figures(partners: GroupResult) -> None:
    question = make.question("a", groups=(side("council", 18), partners))

    assert scope_words(topic(Verdict.STRENGTH, question), settings=SETTINGS) == ""


def test_question_that_does_not_support_the_topic_does_not_count() -> None:
    held = topic(Verdict.STRENGTH, asked("a", 18, 18), asked("b", 18, 2))

    only_first = held.model_copy(update={"supporting": ("a",)})

    assert find_scope(only_first, settings=SETTINGS) is Scope.SHARED


def test_lines_are_those_of_the_round() -> None:
    strict = AnalysisSettings(strength_line="0.95").stamp()

    assert find_scope(topic(Verdict.STRENGTH, asked("a", 18, 20)), settings=strict) is (
        Scope.PARTNERS
    )
    assert find_scope(topic(Verdict.STRENGTH, asked("a", 18, 20)), settings={}) is Scope.SHARED
