"""A file of what people noted about the rounds of a comparison.

Each row is a decision that a question asked differently may be compared or may not, or a note that
something around a question changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.compared import CircumstanceKind
from analysis.delimited import FaultList, nearest, read_chunks, shown
from analysis.rounds_inputs import CircumstanceNote
from analysis.rounds_matching import QuestionDecision
from question_banks.bank import Bank, ScaleQuestion
from question_banks.text import clean_line

REQUIRED: Final = ("round", "question", "kind", "note", "by")
EARLIER: Final = "earlier_question"
LONGEST_NOTE: Final = 1_000
_DECISIONS: Final = {"comparable": True, "not_comparable": False}
KINDS: Final = (*_DECISIONS, *(kind.value for kind in CircumstanceKind))


@dataclass(frozen=True)
class Notes:
    """What people decided about questions, and what they noted around them."""

    decisions: tuple[QuestionDecision, ...] = ()
    circumstances: tuple[CircumstanceNote, ...] = ()


def read_notes(path: Path | str, banks: Sequence[Bank]) -> Notes:
    """Read and check a file of notes; `banks` are those of the rounds, the oldest first.

    The file is a CSV in UTF-8. `round` is the place of the later round, counted from 1. `question`
    is a code of that round or, where it was dropped, of the round before. For a decision on a
    question whose code changed, `earlier_question` is the code in the round before. `note` says
    why, `by` who says so.

    Raises:
        FaultyFile: anything is wrong; all of it is listed.
    """
    faults = FaultList()
    decisions: list[QuestionDecision] = []
    circumstances: list[CircumstanceNote] = []
    columns = (*REQUIRED, EARLIER)
    for chunk in read_chunks(path, faults=faults, required=REQUIRED, allowed=_allowed):
        held = [chunk.cells.get(name, [""] * len(chunk.rows)) for name in columns]
        for row, *cells in zip(chunk.rows, *held, strict=True):
            said = {name: clean_line(cell) for name, cell in zip(columns, cells, strict=True)}
            place, found = _faults(said, banks)
            for column, message in found.items():
                faults.add(message, row=row, column=column)
            if found:
                continue
            if said["kind"] in _DECISIONS:
                decisions.append(_decision(said, banks[place - 1], banks[place]))
            else:
                circumstances.append(
                    CircumstanceNote(
                        after=place,
                        question=said["question"],
                        kind=CircumstanceKind(said["kind"]),
                        note=said["note"],
                        by=said["by"],
                    )
                )
    faults.raise_if_any()
    return Notes(tuple(decisions), tuple(circumstances))


def _allowed(heading: str) -> str | None:
    if heading == EARLIER:
        return None
    return f"A file of notes has no such column.{nearest(heading, [*REQUIRED, EARLIER])}"


def _decision(said: Mapping[str, str], before: Bank, after: Bank) -> QuestionDecision:
    return QuestionDecision(
        before_bank=before.id,
        before_question=said[EARLIER] or said["question"],
        after_bank=after.id,
        after_question=said["question"],
        comparable=_DECISIONS[said["kind"]],
        why=said["note"],
        by=said["by"],
    )


def _faults(said: Mapping[str, str], banks: Sequence[Bank]) -> tuple[int, dict[str, str]]:
    """The place of the later round from 0, and what is wrong with a row by column."""
    found: dict[str, str] = {}
    number = said["round"]
    place = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 4 else 0
    if not 0 < place < len(banks):
        found["round"] = f"{shown(number)} is not a round after the first, from 2 to {len(banks)}."
    kind = said["kind"]
    if kind not in KINDS:
        hint = nearest(kind, KINDS) or f" Use one of {', '.join(KINDS)}."
        found["kind"] = f"{shown(kind)} is no kind of note.{hint}"
    if not said["note"]:
        found["note"] = "The note is missing: say in a sentence what is so, and why."
    elif len(said["note"]) > LONGEST_NOTE:
        found["note"] = f"The note is longer than {LONGEST_NOTE:,} characters."
    if kind in _DECISIONS and not said["by"]:
        found["by"] = "Say who decided that."
    if "round" in found:
        return 0, found
    before, after = banks[place - 1], banks[place]
    if kind in _DECISIONS:
        if message := _unknown(said["question"], [after]):
            found["question"] = message
        if message := _unknown(said[EARLIER] or said["question"], [before]):
            found[EARLIER if said[EARLIER] else "question"] = message
    elif message := _unknown(said["question"], [after, before]):
        found["question"] = message
    return place, found


def _unknown(code: str, banks: Sequence[Bank]) -> str:
    """What is wrong with a code that none of these banks asks on a scale; "" where one does."""
    if any(isinstance(bank.by_code.get(code), ScaleQuestion) for bank in banks):
        return ""
    scaled = [
        question.code
        for bank in banks
        for question in bank.questions()
        if isinstance(question, ScaleQuestion)
    ]
    names = " or ".join(dict.fromkeys(bank.id for bank in banks))
    return f"{names} asks no question {shown(code)} on a scale.{nearest(code, scaled)}"
