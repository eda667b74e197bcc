"""Reading a comma-separated file in chunks, so that whatever is wrong with it has a row.

Rows are counted as a spreadsheet shows them: the heading is row 1, blank rows count, and a cell
with line breaks is still in one row.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Final

from analysis.errors import Fault, FaultyFile
from analysis.rounding import counted

MOST_LISTED: Final = 200
"""Faults that are listed; the others are only counted."""
MOST_FOUND: Final = 20_000
"""Faults after which a file is no longer read: it is not the file it should be."""
CHUNK_ROWS: Final = 10_000
_HEAD_BYTES: Final = 65_536
_LONGEST_LINE: Final = 1_000_000
_LONGEST_SHOWN: Final = 40

Progress = Callable[[int, int], None]
"""Called now and then with the bytes read so far and the bytes of the whole file."""

_SIGNATURES: Final = (
    (b"PK\x03\x04", "an Excel workbook or another zipped file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\xff\xfe", "in UTF-16 (“Unicode text”)"),
    (b"\xfe\xff", "in UTF-16 (“Unicode text”)"),
)
_SAVE_AS: Final = "Save it from the spreadsheet as “CSV UTF-8 (comma delimited)”."


@dataclass
class FaultList:
    """Collects the faults of a file."""

    found: list[Fault] = field(default_factory=list)

    def add(self, message: str, *, row: int = 0, column: str = "") -> None:
        """Add one fault; see `Fault` for what row 0 and no column mean."""
        self.found.append(Fault(row, column, message))

    @property
    def is_full(self) -> bool:
        """True when it is no use to go on reading."""
        return len(self.found) >= MOST_FOUND

    def raise_if_any(self) -> None:
        """Raise FaultyFile with what was found, in the order of rows."""
        if not self.found:
            return
        listed = sorted(self.found, key=lambda fault: fault.row)
        raise FaultyFile(listed[:MOST_LISTED], uncounted=max(0, len(listed) - MOST_LISTED))


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file by column: `rows` has their numbers, `cells` their texts."""

    rows: list[int]
    cells: Mapping[str, Sequence[str]]


def shown(text: str) -> str:
    """A text in quotation marks for a message, cut where it is long and without line breaks."""
    plain = " ".join(text.split())
    short = plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…"
    return f"“{short}”"


def nearest(text: str, known: Sequence[str]) -> str:
    """What was probably meant, as the end of a message; "" when nothing is near.

    >>> nearest("stronly_agree", ["strongly_agree", "agree"])
    ' Did you mean “strongly_agree”?'
    """
    close = get_close_matches(text.casefold()[:100].replace(" ", "_"), known, n=1, cutoff=0.75)
    return f" Did you mean “{close[0]}”?" if close else ""


def find_heading(path: Path | str) -> list[str]:
    """The headings of a file as far as they can be read, in small letters; [] where they cannot.

    Says nothing of what is wrong: that is for `read_chunks`.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as text:
            lines = _Lines(text)
            _, heading = next(_records(lines, FaultList()), (1, []))
    except OSError:
        return []
    return [" ".join(name.split()).casefold() for name in heading]


def read_chunks(
    source: Path | str | bytes,
    *,
    faults: FaultList,
    required: Sequence[str],
    allowed: Callable[[str], str | None],
    progress: Progress | None = None,
) -> Iterator[Chunk]:
    """The rows of a file, some thousands at a time; `source` is where it is, or what is in it.

    `allowed` says what is wrong with a heading that is not one of `required`, or None. Rows with a
    fault of their own (ragged, not UTF-8) are left out of the chunks, and the fault is added to
    `faults`. Blank rows are passed over. Raises FaultyFile where the file cannot be read on.
    """
    try:
        with (
            _opened(source) as raw,
            TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text,
        ):
            yield from _chunks(raw, text, faults, required, allowed, progress)
    except OSError as error:
        faults.add(f"The file cannot be read: {error.strerror or error}.")
        faults.raise_if_any()


def _opened(source: Path | str | bytes) -> BinaryIO:
    return BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb")


def _chunks(
    raw: BinaryIO,
    text: TextIOWrapper,
    faults: FaultList,
    required: Sequence[str],
    allowed: Callable[[str], str | None],
    progress: Progress | None,
) -> Iterator[Chunk]:
    size = len(raw.getvalue()) if isinstance(raw, BytesIO) else os.fstat(raw.fileno()).st_size
    head = raw.read(_HEAD_BYTES)
    raw.seek(0)
    if problem := not_a_text(head):
        faults.add(problem)
        faults.raise_if_any()
    lines = _Lines(text)
    records = _records(lines, faults)
    heading_row, heading = next(records, (1, []))
    if lines.is_damaged:
        _tell_damage(heading_row, heading, [], faults)
        faults.raise_if_any()
    names = headings(heading, heading_row, faults, required, allowed)
    for numbers, texts in _batches(records, names, heading_row, lines, faults):
        yield _chunk(numbers, texts, names, faults)
        if progress is not None:
            progress(raw.tell(), size)


def read_rows(
    records: Iterator[tuple[int, list[str]]],
    *,
    faults: FaultList,
    required: Sequence[str],
    allowed: Callable[[str], str | None],
) -> Iterator[Chunk]:
    """As `read_chunks`, of rows that something else has read: their numbers and their cells."""
    heading_row, heading = next(records, (1, [""]))
    names = headings(heading, heading_row, faults, required, allowed)
    for numbers, texts in _batches(records, names, heading_row, None, faults):
        yield _chunk(numbers, texts, names, faults)


def _chunk(
    numbers: list[int], texts: list[list[str]], names: Sequence[str], faults: FaultList
) -> Chunk:
    columns = list(zip(*texts, strict=True))
    for i, name in enumerate(names):
        if not name:
            _nothing_in(columns[i], numbers, name, faults)
    return Chunk(numbers, {name: columns[i] for i, name in enumerate(names) if name})


def not_a_text(head: bytes) -> str | None:
    """What kind of other file this is, from its first bytes; None for what may be a CSV file."""
    if not head.strip():
        return "The file is empty."
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return f"This is {kind}, not a CSV file in UTF-8. {_SAVE_AS}"
    if b"\0" in head:
        return f"This is not a text file. {_SAVE_AS}"
    if len(head) == _HEAD_BYTES and b"\n" not in head and b"\r" not in head:
        return "This is not a CSV file: its first line does not end."
    return None


class _Lines:
    """The lines of a file, in which bytes that are not UTF-8 stand as lone surrogates."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._file = file
        self.is_damaged = False
        """Whether a line since this was last set to False was not UTF-8."""

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise csv.Error("a line is too long")
            self.is_damaged = self.is_damaged or not (line.isascii() or _is_utf8(line))
            yield line


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _records(lines: _Lines, faults: FaultList) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and cells, without blank rows."""
    number = 0
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.add(
                "From here on the rows cannot be told apart: a quotation mark is opened and not "
                "closed, or stands within a cell without being doubled, or a cell is longer than "
                "131,072 characters. The rest of the file was not read.",
                row=number + 1,
            )
            return
        number += 1
        if any(cell and not cell.isspace() for cell in record):
            yield number, record


def headings(
    heading: list[str],
    row: int,
    faults: FaultList,
    required: Sequence[str],
    allowed: Callable[[str], str | None],
) -> list[str]:
    """The headings in order, "" for a column without one; raises when a required one is absent."""
    names = [" ".join(name.split()).casefold() for name in heading]
    if not any(names):
        faults.add("The file is empty.")
        faults.raise_if_any()
    if names[0].startswith("sep="):
        faults.add("Take out the line that begins with “sep=”.", row=row)
        faults.raise_if_any()
    if len(names) == 1:
        for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if separator in heading[0]:
                faults.add(f"The columns are separated by {word}, not commas. {_SAVE_AS}", row=row)
                faults.raise_if_any()
    for i, name in enumerate(names):
        if name in names[:i] and name:
            faults.add("There are two columns with this heading.", row=row, column=name)
        elif name and name not in required and (problem := allowed(name)):
            faults.add(problem, row=row, column=_plain(name))
    missing = [name for name in required if name not in names]
    for name in missing:
        faults.add("This column is missing, and it is needed.", row=row, column=name)
    if missing:
        faults.raise_if_any()
    return names


def _plain(name: str) -> str:
    """A heading for a message: what is not UTF-8 shows as a question mark."""
    return name.encode("utf-8", "replace").decode()[:_LONGEST_SHOWN]


def _batches(
    records: Iterator[tuple[int, list[str]]],
    names: Sequence[str],
    heading_row: int,
    lines: _Lines | None,
    faults: FaultList,
) -> Iterator[tuple[list[int], list[list[str]]]]:
    width, last = len(names), heading_row
    damage_told = False
    numbers: list[int] = []
    texts: list[list[str]] = []
    for number, record in records:
        if faults.is_full:
            faults.add(
                f"Reading stopped after row {last}: too much is wrong. "
                "This may not be the file that was meant."
            )
            faults.raise_if_any()
        last = number
        if lines is not None and lines.is_damaged:
            lines.is_damaged = False
            if not damage_told:
                _tell_damage(number, record, names, faults)
                damage_told = True
            continue
        if len(record) > width and not any(record[width:]):
            record = record[:width]
        if len(record) != width:
            faults.add(
                f"The row has {counted(len(record), 'cell')} and the heading has {width}. "
                "A comma within a cell needs quotation marks around the cell.",
                row=number,
            )
            continue
        numbers.append(number)
        texts.append(record)
        if len(numbers) >= CHUNK_ROWS:
            yield numbers, texts
            numbers, texts = [], []
    if numbers:
        yield numbers, texts
    if last == heading_row:
        faults.add("There is a heading and nothing under it.", row=heading_row)


def _tell_damage(number: int, record: list[str], names: Sequence[str], faults: FaultList) -> None:
    where = next((i for i, cell in enumerate(record) if not _is_utf8(cell)), len(names))
    faults.add(
        f"The file is not in UTF-8: this row, perhaps with others, has a letter that cannot be "
        f"read. {_SAVE_AS}",
        row=number,
        column=names[where] if where < len(names) else "",
    )


def _nothing_in(cells: Sequence[str], numbers: Sequence[int], name: str, faults: FaultList) -> None:
    """A column without a heading must have nothing in it."""
    for number, cell in zip(numbers, cells, strict=True):
        if cell.strip():
            faults.add(f"{shown(cell)} is in a column without a heading.", row=number, column=name)
