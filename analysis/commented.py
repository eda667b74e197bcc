"""Comments of a round: the sheet on which a person confirms codes, and what comes of it.

The sheet holds released comments with the codes suggested for each; a person fills in the column
`codes`. Read back, it gives counts by code, terms and quotations: the gated result of comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from analysis.coding import Coding, Suggestion
from analysis.comment_codebook import CommentCodebook
from analysis.delimited import FaultList, nearest, read_chunks, shown
from analysis.quotes import Quotes
from analysis.result import Model
from analysis.terms import Terms
from analysis.written import Comment
from question_banks.answers import SEPARATOR
from question_banks.text import clean_line

FORMAT: Final = "signpost-comments/1"
SHEET_HEADER: Final = ("comment_id", "question", "comment", "suggested", "because", "codes")
NO_CODE: Final = "none"
"""What a person writes in the column `codes` where no code fits."""


class CommentsResult(Model):
    """What the released comments of a round come to. Every number may be shown.

    `quotes` is None where no result of the round was given to set them beside.
    """

    format: str = FORMAT
    bank: str
    codebook_title: str
    coding: Coding
    terms: Terms
    quotes: Quotes | None = None


def sheet_rows(
    comments: Iterable[Comment], suggestions: Mapping[str, Sequence[Suggestion]]
) -> tuple[tuple[str, ...], ...]:
    """The rows of the sheet under `SHEET_HEADER`, released comments only, `codes` left empty."""
    return tuple(
        (
            comment.id,
            comment.question,
            comment.released,
            SEPARATOR.join(found.code for found in suggestions.get(comment.id, ())),
            "; ".join(words for found in suggestions.get(comment.id, ()) for words in found.words),
            "",
        )
        for comment in comments
        if comment.released is not None
    )


def read_coded(
    path: Path | str, codebook: CommentCodebook, *, known: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The codes a person gave each comment, from a sheet that was filled in.

    Comments with an empty cell under `codes` nobody has looked at; they are left out. `known` are
    the identifiers of the comments. Raises FaultyFile with every fault.
    """
    faults = FaultList()
    ids, codes = set(known), list(codebook.by_code)
    given: dict[str, tuple[str, ...]] = {}
    rows_of: dict[str, int] = {}
    for chunk in read_chunks(
        path, faults=faults, required=("comment_id", "codes"), allowed=_allowed
    ):
        columns = (chunk.cells["comment_id"], chunk.cells["codes"])
        for row, identifier, cell in zip(chunk.rows, *map(_lines, columns), strict=True):
            if identifier not in ids:
                message = f"There is no released comment {shown(identifier)}."
                faults.add(message, row=row, column="comment_id")
            first = rows_of.setdefault(identifier, row)
            if first != row:
                message = f"{shown(identifier)} is already the comment in row {first}."
                faults.add(message, row=row, column="comment_id")
            chosen = tuple(dict.fromkeys(filter(None, map(str.strip, cell.split(SEPARATOR)))))
            for code in chosen:
                if code not in codes and chosen != (NO_CODE,):
                    message = f"{codebook.id} has no code {shown(code)}.{nearest(code, codes)}"
                    faults.add(message, row=row, column="codes")
            if chosen:
                given[identifier] = () if chosen == (NO_CODE,) else chosen
    faults.raise_if_any()
    return given


def _lines(cells: Sequence[str]) -> list[str]:
    return [clean_line(cell).removeprefix("'") for cell in cells]


def _allowed(heading: str) -> str | None:
    if heading in SHEET_HEADER:
        return None
    return f"A sheet of coded comments has no such column.{nearest(heading, SHEET_HEADER)}"
