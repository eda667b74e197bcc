"""The pages of a return: every question that its answers lead to, for an agency as a whole.

Pure rules: no database. A return is not answered at a level, so questions for every level are
asked. What follows from a rating (evidence, action, owner, date, reason) stands on the page of
the rating, since contributors come and go and must see it together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_banks.bank import (
    Bank,
    OptionKind,
    Question,
    ScaleQuestion,
    in_language,
)
from question_banks.conditions import Value, evaluate
from question_banks.path import CLOSING_KEY, Page
from survey.actions.returns_rules import Said

LOCAL = "local-"
"""Begins the code of a section that holds the questions of one round only."""


@dataclass(frozen=True)
class Part:
    """A bank to be answered: the core of a return (no round), or what one round asks besides."""

    bank: Bank
    round_id: str | None = None
    title: str = ""
    """Whose questions these are, where they are one round's own."""


@dataclass(frozen=True)
class Section:
    """What can be shared with a contributor: a signpost, the closing prompts, a round's own."""

    code: str
    title: str
    summary: str
    round_id: str | None
    pages: tuple[Page, ...]


Answers = Mapping[str, Said]
"""Question code to its newest answer, of one part."""


def sections(part: Part, answers: Answers) -> tuple[Section, ...]:
    """The sections of a part with the pages that its answers lead to, in the bank's order.

    The comment of a signpost is on its last page. A round's own questions are one section.
    """
    bank = part.bank
    on_path = _on_path(bank, answers)
    found = []
    for signpost in bank.signposts:
        pages = []
        for topic in signpost.topics:
            asked = tuple(question for question in topic.questions if question.code in on_path)
            if topic is signpost.topics[-1] and signpost.comment is not None:
                asked += (signpost.comment,)
            if asked:
                pages.append(Page(topic.code, signpost, topic, asked))
        if pages:
            found.append(
                Section(
                    code=signpost.code,
                    title=in_language(signpost.title),
                    summary=in_language(signpost.summary),
                    round_id=part.round_id,
                    pages=tuple(pages),
                )
            )
    if bank.closing:
        page = Page(CLOSING_KEY, None, None, bank.closing)
        found.append(Section(CLOSING_KEY, "Before you finish", "", part.round_id, (page,)))
    if part.round_id is None:
        return tuple(found)
    pages_of_round = tuple(page for section in found for page in section.pages)
    code = f"{LOCAL}{part.round_id}"
    return (Section(code, part.title, "", part.round_id, pages_of_round),)


def _on_path(bank: Bank, answers: Answers) -> frozenset[str]:
    """Codes of the questions whose rules hold. Answers to questions off the path do not count."""
    visible: dict[str, Value] = {}
    found = set()
    for question in bank.questions():
        if question.show_if is None or evaluate(question.show_if, visible):
            found.add(question.code)
            said = answers.get(question.code)
            if said is not None:
                visible[question.code] = said.value
    return frozenset(found)


def may_say_not_applicable(bank: Bank, question: Question) -> bool:
    """Whether an agency may say, with a reason, that a question does not apply to it.

    Where a scale has such an option, the bank asks for the reason itself; and what only follows
    from another answer applies by that answer.
    """
    if not question.required or question.show_if is not None:
        return False
    if isinstance(question, ScaleQuestion):
        options = bank.scale_of(question).options
        return all(option.kind is not OptionKind.NOT_APPLICABLE for option in options)
    return True


def is_settled(question: Question, answers: Answers) -> bool:
    """Whether a question needs no more: it says something, or need not."""
    said = answers.get(question.code)
    return (said is not None and not said.is_empty) or not question.required


def count_answered(pages: Sequence[Page], answers: Answers) -> int:
    """How many questions on these pages say something."""
    return sum(
        not answers[question.code].is_empty
        for page in pages
        for question in page.questions
        if question.code in answers
    )
