"""What a return still lacks before it can be sent for sign-off. Pure rules: no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from question_banks.bank import Question, in_language
from question_banks.path import Page
from survey.actions.returns_path import Answers, Section, is_settled

Key = tuple[str | None, str]
"""A round (None: the core) and a question's code."""


class Lack(StrEnum):
    """What is missing in one place."""

    ANSWER = "answer"
    CHOICE = "choice"
    """Two answers stand against each other, and nobody has chosen yet."""
    CONFIRMATION = "confirmation"
    """An answer of an earlier return that nobody has confirmed or changed."""


@dataclass(frozen=True)
class Missing:
    """One thing to do before a return is complete, and where."""

    section: Section
    page: Page
    question: Question
    lack: Lack

    @property
    def text(self) -> str:
        """The question it is about, in few words where the bank has them."""
        return in_language(self.question.short or self.question.text)


def list_missing(
    sections: Collection[Section],
    *,
    answers: Mapping[str | None, Answers],
    held: Collection[Key],
    carried: Collection[Key],
) -> list[Missing]:
    """What is missing, in the order of the pages.

    Args:
        sections: the sections to look through.
        answers: the newest answers of each part, by its round.
        held: questions with an answer that waits for somebody to choose.
        carried: questions whose answer repeats an earlier return, unconfirmed.
    """
    found = []
    for section in sections:
        said = answers.get(section.round_id, {})
        for page in section.pages:
            for question in page.questions:
                key = (section.round_id, question.code)
                lack = _lack(question, said, is_held=key in held, is_carried=key in carried)
                if lack is not None:
                    found.append(Missing(section, page, question, lack))
    return found


def _lack(question: Question, said: Answers, *, is_held: bool, is_carried: bool) -> Lack | None:
    if is_held:
        return Lack.CHOICE
    if not is_settled(question, said):
        return Lack.ANSWER
    return Lack.CONFIRMATION if is_carried else None
