"""The quick way through a large file of responses: blocks of bytes, read by pandas.

Whatever is not plainly in order is left to `analysis.delimited`, which is slower and knows the
place of everything: then `Puzzled` is raised, and nothing that was read so far counts.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import pandas as pd

from analysis.delimited import FaultList, Progress, headings, not_a_text
from analysis.errors import FaultyFile
from analysis.tally_columns import Block, Texts, distinct

BLOCK_BYTES: Final = 4_000_000
LONGEST_CELL: Final = 100_000
_BOM: Final = b"\xef\xbb\xbf"
_COMMA, _QUOTE, _LINE_FEED, _RETURN = b',"\n\r'


class Puzzled(Exception):
    """The quick way cannot say whether a file is in order."""


class NoFaults(FaultList):
    """Takes no fault: the quick way does not know where it is."""

    def add(self, message: str, *, row: int = 0, column: str = "") -> None:
        """Leave it to the careful way."""
        raise Puzzled(message)


def read_blocks(
    path: Path | str,
    *,
    required: Sequence[str],
    allowed: Callable[[str], str | None],
    is_text: Callable[[str], bool],
    progress: Progress | None = None,
) -> Iterator[Block]:
    """The rows of a file, some thousands at a time; there may be none.

    Every row has as many cells as the heading, and every quotation mark its place. Raises Puzzled
    where the file is not, or may not be, like that.
    """
    try:
        with Path(path).open("rb") as file:
            yield from _blocks(file, required, allowed, is_text, progress)
    except OSError as error:
        raise Puzzled(str(error)) from error


def _blocks(
    file: BinaryIO,
    required: Sequence[str],
    allowed: Callable[[str], str | None],
    is_text: Callable[[str], bool],
    progress: Progress | None,
) -> Iterator[Block]:
    size = os.fstat(file.fileno()).st_size
    rest = file.read(BLOCK_BYTES).removeprefix(_BOM)
    if not_a_text(rest):
        raise Puzzled("not a text")
    names, start = _heading(rest, required, allowed)
    rest = rest[start:]
    if not rest:
        raise Puzzled("no rows, or a heading longer than any")
    parser = _Parser(names, is_text)
    while True:
        more = file.read(BLOCK_BYTES)
        block, rest = (rest, b"") if not more else _cut(rest)
        if block.strip():
            yield parser.block(block)
        if progress is not None:
            progress(file.tell() - len(rest) - len(more), size)
        if not more:
            break
        rest += more


def _heading(
    block: bytes, required: Sequence[str], allowed: Callable[[str], str | None]
) -> tuple[list[str], int]:
    """The headings, and where the rows begin."""
    text = block[: 2 * LONGEST_CELL].decode("utf-8", "surrogateescape")
    lines = StringIO(text, newline="")
    try:
        for record in csv.reader(lines, strict=True):
            if any(cell.strip() for cell in record):
                faults = FaultList()
                names = headings(record, 1, faults, required, allowed)
                faults.raise_if_any()
                return names, len(text[: lines.tell()].encode())
    except (csv.Error, FaultyFile, UnicodeEncodeError) as error:
        raise Puzzled("the heading") from error
    raise Puzzled("no heading")


def _cut(block: bytes) -> tuple[bytes, bytes]:
    """The whole rows at the beginning of a block, and what follows them."""
    end = block.rfind(b"\n") + 1
    if b'"' in block:
        letters = np.frombuffer(block, dtype=np.uint8)
        ends = np.flatnonzero((letters == _LINE_FEED) & ~_is_quoted(letters))
        end = int(ends[-1]) + 1 if len(ends) else 0
    if not end:
        raise Puzzled("a row does not end")
    return block[:end], block[end:]


def _is_quoted(letters: np.ndarray) -> np.ndarray:
    """For each letter whether an odd number of quotation marks stand up to it."""
    return np.logical_xor.accumulate(letters == _QUOTE)


class _Parser:
    """Reads blocks of one file with pandas."""

    def __init__(self, names: Sequence[str], is_text: Callable[[str], bool]) -> None:
        self._names = names
        self._is_text = [is_text(name) for name in names]
        self._as_objects = list(self._is_text)

    def block(self, content: bytes) -> Block:
        """The rows of a block; raises Puzzled where they are not plainly in order."""
        if b"\0" in content:
            raise Puzzled("NUL")
        has_quotes = b'"' in content
        commas = _commas_between_cells(content) if has_quotes else content.count(b",")
        frame = self._frame(content, has_quotes=has_quotes)
        # A row with too many cells is an error or makes an index; one with too few lacks commas.
        is_even = isinstance(frame.index, pd.RangeIndex) and frame.shape[1] == len(self._names)
        if not is_even or commas != len(frame) * (len(self._names) - 1):
            raise Puzzled("ragged rows")
        columns: dict[str, Texts] = {}
        texts: dict[str, Sequence[str]] = {}
        for i, name in enumerate(self._names):
            if self._is_text[i]:
                texts[name] = _short(frame[i].tolist())
                continue
            if self._as_objects[i]:
                held = distinct(frame[i].tolist())
            else:
                held = Texts(frame[i].cat.codes.to_numpy(), frame[i].cat.categories.tolist())
            _short(held.distinct)
            if name:
                columns[name] = held
            elif any(text.strip() for text in held.distinct):
                raise Puzzled("something under no heading")
        return Block(range(len(frame)), columns, texts)

    def _frame(self, content: bytes, *, has_quotes: bool) -> pd.DataFrame:
        types = [object if as_object else "category" for as_object in self._as_objects]
        try:
            frame = pd.read_csv(
                BytesIO(content),
                header=None,
                names=list(range(len(types))),
                dtype=dict(enumerate(types)),
                na_filter=False,
                quoting=csv.QUOTE_MINIMAL if has_quotes else csv.QUOTE_NONE,
                low_memory=False,
                encoding="utf-8",
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
            raise Puzzled("pandas") from error
        if self._finds_numbers(frame):
            return self._frame(content, has_quotes=has_quotes)
        return frame

    def _finds_numbers(self, frame: pd.DataFrame) -> bool:
        """Whether pandas took texts for numbers, so that how they were written is lost.

        From then on those columns are read as they stand.
        """
        numbers = [
            i
            for i, as_object in enumerate(self._as_objects)
            if not as_object
            and not all(isinstance(text, str) for text in frame[i].cat.categories.tolist())
        ]
        for i in numbers:
            self._as_objects[i] = True
        return bool(numbers)


def _short(texts: Sequence[str]) -> Sequence[str]:
    if max(map(len, texts)) > LONGEST_CELL:
        raise Puzzled("a long cell")
    return texts


def without_blank_rows(block: Block, *, by: str) -> Block:
    """A block without the rows in which every cell is blank, such as a spreadsheet leaves behind.

    Raises Puzzled where a row has nothing in the column `by` and is not blank.
    """
    blank = _blank_places(block, by)
    if not len(blank):
        return block
    for column in block.columns.values():
        if any(column.distinct[code].strip() for code in column.codes[blank].tolist()):
            raise Puzzled(f"nothing for {by}")
    if any(texts[place].strip() for texts in block.texts.values() for place in blank.tolist()):
        raise Puzzled(f"nothing for {by}")
    kept = np.delete(np.arange(len(block.rows)), blank)
    return Block(
        range(len(kept)),
        {name: Texts(held.codes[kept], held.distinct) for name, held in block.columns.items()},
        {name: [held[place] for place in kept.tolist()] for name, held in block.texts.items()},
    )


def _blank_places(block: Block, name: str) -> np.ndarray:
    if name in block.texts:
        texts = block.texts[name]
        places = [place for place, text in enumerate(texts) if not text or text.isspace()]
        return np.array(places, dtype=np.int64)
    column = block.columns[name]
    is_blank = np.array([not text.strip() for text in column.distinct], dtype=bool)
    return np.flatnonzero(is_blank[column.codes])


def _commas_between_cells(block: bytes) -> int:
    """The commas outside quotation marks, which must all stand at the ends of a cell."""
    letters = np.frombuffer(block, dtype=np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    if len(quotes) % 2:
        raise Puzzled("an open quotation mark")
    around = (_COMMA, _LINE_FEED, _RETURN, _QUOTE)
    before, after = quotes[0::2] - 1, quotes[1::2] + 1
    inside = (before >= 0, after < len(letters))
    for places, held in zip((before, after), inside, strict=True):
        if not np.isin(letters[places[held]], around).all():
            raise Puzzled("a quotation mark within a cell")
    return int(np.count_nonzero((letters == _COMMA) & ~_is_quoted(letters)))
