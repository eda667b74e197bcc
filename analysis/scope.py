"""Whose finding it is: shared by the council and its partners, or that of one side.

Told of a topic that reads as a strength or as an area to explore, from the two sides' figures on
the questions that support it, and from nothing that is not shown. Which agency, is never told.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from analysis.result import Figures, GroupKind, TopicResult, Verdict
from analysis.settings import COUNCIL, PARTNERS, stamped_fraction


class Scope(StrEnum):
    """Who says what a topic reads as."""

    SHARED = "shared"
    COUNCIL = "council"
    PARTNERS = "partners"
    PARTLY = "partly"


_WORDS: Final[dict[Verdict, dict[Scope, str]]] = {
    Verdict.STRENGTH: {
        Scope.SHARED: "A shared strength: the council and its partners both say so.",
        Scope.COUNCIL: "It is the council that says so: its partners are less positive.",
        Scope.PARTNERS: "It is partner agencies that say so: the council is less positive.",
        Scope.PARTLY: "The council and its partners agree on this only in part.",
    },
    Verdict.CONSIDERATION: {
        Scope.SHARED: "Shared by the council and its partners: neither is positive.",
        Scope.COUNCIL: "It is the council that is least positive: its partners are more so.",
        Scope.PARTNERS: "It is partner agencies that are least positive: the council is more so.",
        Scope.PARTLY: "The council and its partners agree on this only in part.",
    },
}


def find_scope(topic: TopicResult, *, settings: Mapping[str, object]) -> Scope | None:
    """Whether both sides are past the line of the topic's reading on its supporting questions.

    Only the supporting questions on which both sides are shown in figures, and on which one of them
    at least is past that line, are looked at; None where there are none, and for a topic of another
    reading. `settings` is `Summary.settings`.
    """
    verdict = topic.reading.verdict
    if verdict not in _WORDS:
        return None
    found = set()
    for question in topic.questions:
        sides: dict[str, Figures] = {}
        for group in question.groups:
            if group.kind is GroupKind.SIDE and group.figures is not None and group.figures.base:
                sides[group.group] = group.figures
        if question.code not in topic.supporting or len(sides) < 2:
            continue
        past = {name for name, held in sides.items() if _is_past(held, verdict, settings)}
        if past:
            found.add(frozenset(past))
    if not found:
        return None
    if found == {frozenset({COUNCIL, PARTNERS})}:
        return Scope.SHARED
    if found == {frozenset({COUNCIL})}:
        return Scope.COUNCIL
    return Scope.PARTNERS if found == {frozenset({PARTNERS})} else Scope.PARTLY


def _is_past(figures: Figures, verdict: Verdict, settings: Mapping[str, object]) -> bool:
    if verdict is Verdict.STRENGTH:
        return figures.favourable >= stamped_fraction(settings, "strength_line") * figures.base
    return figures.favourable < stamped_fraction(settings, "consideration_line") * figures.base


def scope_words(topic: TopicResult, *, settings: Mapping[str, object]) -> str:
    """The scope in a sentence, or nothing where it cannot be told."""
    scope = find_scope(topic, settings=settings)
    return "" if scope is None else _WORDS[topic.reading.verdict][scope]
