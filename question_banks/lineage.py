"""Whether two banks, or two versions of one, ask the same thing: a verdict for each question.

A question keeps its code for ever, so versions of one bank are matched by code. Questions of two
banks are matched by code and by the links of the crosswalk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from question_banks.bank import (
    Bank,
    NumberQuestion,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    SingleChoiceQuestion,
    in_language,
)


class Verdict(StrEnum):
    """What became of a question. Only `same` may be compared without somebody deciding so."""

    SAME = "same"
    REWORDED = "reworded"
    SCALE_CHANGED = "scale_changed"
    NEW = "new"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Lineage:
    """The verdict on one question: its code before and after, "" where it has none, and why."""

    before: str
    after: str
    verdict: Verdict
    reason: str = ""


def compare_banks(
    before: Bank, after: Bank, links: Mapping[str, str] | None = None
) -> tuple[Lineage, ...]:
    """A verdict for every question of either bank: first those asked now, then those dropped.

    Args:
        before: the bank of the earlier round.
        after: the bank of the later one.
        links: codes of `before` to codes of `after` that ask the same, beside equal codes.
            `question_banks.crosswalk.links_between` gives them.
    """
    came_from = {new: old for old, new in (links or {}).items()}
    found: list[Lineage] = []
    for question in after.questions():
        old_code = came_from.get(question.code, question.code)
        old = before.by_code.get(old_code)
        if old is None:
            found.append(Lineage("", question.code, Verdict.NEW))
        else:
            verdict, reason = compare_questions((before, old), (after, question))
            found.append(Lineage(old_code, question.code, verdict, reason))
    kept = {lineage.before for lineage in found}
    dropped = (question.code for question in before.questions() if question.code not in kept)
    return (*found, *(Lineage(code, "", Verdict.DROPPED) for code in dropped))


def compare_questions(
    before: tuple[Bank, Question], after: tuple[Bank, Question]
) -> tuple[Verdict, str]:
    """The verdict on two questions that stand for each other, and the reason when not the same.

    A change of what can be answered weighs more than a change of words. Labels and guidance are
    part of the wording; who is asked and where the question stands are not.
    """
    (old_bank, old), (new_bank, new) = before, after
    if old.type != new.type:
        return Verdict.SCALE_CHANGED, f"the type was {old.type} and is now {new.type}"
    if _answerable(old_bank, old) != _answerable(new_bank, new):
        return Verdict.SCALE_CHANGED, "the options, their order or their weights differ"
    for name, was, now in _wordings((old_bank, old), (new_bank, new)):
        if was != now:
            return Verdict.REWORDED, f"the {name} differs"
    return Verdict.SAME, ""


def _answerable(bank: Bank, question: Question) -> Sequence[object]:
    """What can be answered, without the words."""
    match question:
        case ScaleQuestion():
            options = bank.scale_of(question).options
            return [(option.code, option.kind, option.weight) for option in options]
        case SeveralChoicesQuestion():
            return [question.most, *(choice.code for choice in question.choices)]
        case SingleChoiceQuestion() | RankingQuestion():
            return [choice.code for choice in question.choices]
        case NumberQuestion():
            unit = in_language(question.unit) if question.unit is not None else ""
            return [question.lowest, question.highest, question.whole, unit]
        case _:
            return []


def _wordings(
    before: tuple[Bank, Question], after: tuple[Bank, Question]
) -> Iterator[tuple[str, object, object]]:
    (old_bank, old), (new_bank, new) = before, after
    yield "wording", in_language(old.text), in_language(new.text)
    yield "guidance", _guidance(old), _guidance(new)
    yield "wording of an option", _labels(old_bank, old), _labels(new_bank, new)
    if old.code == new.code:
        yield "wording version", old.wording_version, new.wording_version


def _guidance(question: Question) -> str:
    return in_language(question.guidance) if question.guidance is not None else ""


def _labels(bank: Bank, question: Question) -> list[str]:
    match question:
        case ScaleQuestion():
            labels = [in_language(option.label) for option in bank.scale_of(question).options]
            return labels + [in_language(text) for text in question.descriptors.values()]
        case SingleChoiceQuestion() | SeveralChoicesQuestion() | RankingQuestion():
            return [in_language(choice.label) for choice in question.choices]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class Reuse:
    """A question code used for something else: in which bank, and why that may not be."""

    code: str
    bank: str
    message: str


def find_reused_codes(bank: Bank, others: Sequence[Bank]) -> tuple[Reuse, ...]:
    """Codes of `bank` that mean something else in another bank or version.

    A code is permanent. A later version of the same bank may reword its question if it also raises
    `wording_version`; another bank may use a code only for the very same question.
    """
    return tuple(
        reuse
        for other in others
        if other.id != bank.id
        for question in bank.questions()
        for reuse in _reuse(bank, question, other)
    )


def _reuse(bank: Bank, question: Question, other: Bank) -> Iterator[Reuse]:
    theirs = other.by_code.get(question.code)
    if theirs is None:
        return
    verdict, reason = compare_questions((other, theirs), (bank, question))
    if verdict is Verdict.SAME:
        return
    raised = question.wording_version != theirs.wording_version
    if other.bank == bank.bank and raised and verdict is Verdict.REWORDED:
        return
    hint = "raise its wording_version" if other.bank == bank.bank else "use another code"
    if verdict is Verdict.SCALE_CHANGED:
        hint = "use another code"
    yield Reuse(
        question.code,
        other.id,
        f"{question.code}: the code stands for another question in {other.id} ({reason}); {hint}",
    )
