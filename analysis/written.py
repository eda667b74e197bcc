"""Comments as people wrote them, and a file of them.

A comment has an identifier, an agency and the question it was written under. Where a file knows
which comments are of one person it has a key for that person, which serves for counting people and
leaves with no result; the survey cuts that link, and there the key is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.cells import LONGEST_ID, agency_name, other_spelling, sector_code
from analysis.delimited import FaultList, nearest, read_chunks, shown
from question_banks.bank import Bank, LongTextQuestion, Sector, ShortTextQuestion
from question_banks.text import clean_line, clean_text

REQUIRED: Final = ("comment_id", "agency", "sector", "question", "text")
OPTIONAL: Final = ("respondent", "quotable", "released")
LONGEST_TEXT: Final = 50_000
"""Characters that one comment may have."""

_YES: Final = {"yes": True, "no": False, "": False}


@dataclass(frozen=True, kw_only=True)
class Comment:
    """One comment.

    `released` is what others may read of it, with its redactions made by a person; None while it
    waits or is withheld. `quotable` says that its writer agreed to be quoted. `signpost` is "" for
    a closing prompt.
    """

    id: str
    agency: str
    sector: Sector
    question: str
    signpost: str
    text: str
    released: str | None = None
    quotable: bool = False
    respondent: str | None = None


def fewest_people(comments: Iterable[Comment]) -> int:
    """The number of people who wrote these comments, or the fewest it can have been.

    Where every comment has a key of its writer, keys are counted. Else the fewest: in one agency
    as many as there are comments under the question that has most, since nobody writes two
    comments under one question.
    """
    held = list(comments)
    keys = {comment.respondent for comment in held}
    if None not in keys:
        return len(keys)
    under = Counter((comment.agency, comment.question) for comment in held)
    most: dict[str, int] = {}
    for (agency, _), n in under.items():
        most[agency] = max(most.get(agency, 0), n)
    return sum(most.values())


def read_comments(path: Path | str, bank: Bank) -> tuple[Comment, ...]:
    """Read and check a file of comments.

    The file is a CSV in UTF-8: comment_id, agency, sector, question, text and, where they are
    known, respondent (a key of the writer), quotable (yes or no) and released (what others may
    read; empty where nobody released it).

    Raises:
        FaultyFile: anything is wrong; all of it is listed.
    """
    faults = FaultList()
    reader = _Reader(bank, faults)
    for chunk in read_chunks(path, faults=faults, required=REQUIRED, allowed=_allowed):
        columns = [chunk.cells.get(name, [""] * len(chunk.rows)) for name in (*REQUIRED, *OPTIONAL)]
        for row, *cells in zip(chunk.rows, *columns, strict=True):
            reader.take(row, dict(zip((*REQUIRED, *OPTIONAL), cells, strict=True)))
    faults.raise_if_any()
    return tuple(reader.comments)


def _allowed(heading: str) -> str | None:
    if heading in OPTIONAL:
        return None
    return f"A file of comments has no such column.{nearest(heading, [*REQUIRED, *OPTIONAL])}"


class _Reader:
    """Takes the rows of one file and collects faults."""

    def __init__(self, bank: Bank, faults: FaultList) -> None:
        self.comments: list[Comment] = []
        self._bank = bank
        self._faults = faults
        self._rows: dict[str, int] = {}
        self._spellings: dict[str, tuple[str, int]] = {}
        self._sectors: dict[str, tuple[str, int]] = {}
        self._people: dict[str, tuple[str, int]] = {}
        self._signposts = {
            question.code: signpost.code
            for signpost in bank.signposts
            for question in (
                *(question for topic in signpost.topics for question in topic.questions),
                *((signpost.comment,) if signpost.comment is not None else ()),
            )
        }
        self._texts = [
            question.code
            for question in bank.questions()
            if isinstance(question, LongTextQuestion | ShortTextQuestion)
        ]

    def take(self, row: int, cells: Mapping[str, str]) -> None:
        """Check one row and keep its comment."""
        agency, agency_fault = agency_name(cells["agency"])
        sector, sector_fault = sector_code(cells["sector"])
        question = clean_line(cells["question"])
        text, released = clean_text(cells["text"]), clean_text(cells["released"])
        quotable = clean_line(cells["quotable"]).casefold()
        found = {
            "comment_id": self._identifier_fault(row, clean_line(cells["comment_id"])),
            "agency": agency_fault,
            "sector": sector_fault,
            "question": self._question_fault(question),
            "text": _text_fault(text) if text else "The comment is missing.",
            "released": _text_fault(released),
            "quotable": "" if quotable in _YES else f"{shown(quotable)} is neither yes nor no.",
        }
        person = clean_line(cells["respondent"])
        if agency is not None and sector is not None:
            found["sector"] = self._agency_fault(row, agency, sector)
            found["respondent"] = self._person_fault(row, person, agency)
        for column, message in found.items():
            if message:
                self._faults.add(message, row=row, column=column)
        if agency is None or sector is None or any(found.values()):
            return
        self.comments.append(
            Comment(
                id=clean_line(cells["comment_id"]),
                agency=agency,
                sector=Sector(sector),
                question=question,
                signpost=self._signposts.get(question, ""),
                text=text,
                released=released or None,
                quotable=_YES[quotable],
                respondent=person or None,
            )
        )

    def _identifier_fault(self, row: int, identifier: str) -> str:
        if not identifier:
            return "Every comment needs an identifier of its own."
        if len(identifier) > LONGEST_ID:
            return f"The identifier is longer than {LONGEST_ID} characters."
        first = self._rows.setdefault(identifier, row)
        return "" if first == row else f"{shown(identifier)} is already the comment in row {first}."

    def _question_fault(self, code: str) -> str:
        if code in self._texts:
            return ""
        if code in self._bank.by_code:
            return f"{shown(code)} is not a question that is answered in words."
        return f"{self._bank.id} has no question {shown(code)}.{nearest(code, self._texts)}"

    def _agency_fault(self, row: int, agency: str, sector: str) -> str:
        if message := other_spelling(self._spellings, agency, row):
            return message
        known, first = self._sectors.setdefault(agency, (sector, row))
        if known == sector:
            return ""
        return (
            f"{shown(agency)} is in “{sector}” here and in “{known}” in row {first}. "
            "An agency has one sector."
        )

    def _person_fault(self, row: int, person: str, agency: str) -> str:
        if not person:
            return ""
        known, first = self._people.setdefault(person, (agency, row))
        if known == agency:
            return ""
        return f"{shown(person)} is of {shown(known)} in row {first}. A person has one agency."


def _text_fault(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return ""
    return f"The comment has {len(text):,} characters; at most {LONGEST_TEXT:,} are read."
