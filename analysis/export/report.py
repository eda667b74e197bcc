"""A document before it is a file: headings, paragraphs, lists, tables and pictures in order.

The letter, the comparison and the benchmark are made of these once; Word and PDF are two ways to
write them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Style(StrEnum):
    """How a paragraph is set."""

    NORMAL = "normal"
    NOTE = "note"
    QUOTE = "quote"
    CLOSING = "closing"


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading; level 1 is the highest under the title."""

    text: str
    level: int = 1


@dataclass(frozen=True, kw_only=True)
class Words:
    """A paragraph, opened by `title` in bold where it has one."""

    text: str
    title: str = ""
    style: Style = Style.NORMAL


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list without numbers."""

    items: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Two lists side by side; each item has a bold title and its words.

    A column without items says so; `closing` is a line under a column, or nothing.
    """

    description: str
    headers: tuple[str, str]
    columns: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]
    closing: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table. `widths` are centimetres; `numbers` are the columns set to the right.

    `together` keeps it on one page where it is short.
    """

    description: str
    headers: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = field(default_factory=frozenset)
    together: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart as SVG text with its title, and the sentence that says the same.

    A `narrow` one takes half of the width, so that two stand side by side.
    """

    svg: str
    title: str
    sentence: str
    narrow: bool = False


@dataclass(frozen=True, kw_only=True)
class Sideways:
    """From here on pages lie on their side, for wide tables."""


Block = Heading | Words | Bullets | Columns | Grid | Picture | Sideways

NOTHING_STANDS_OUT = "Nothing stands out from the answers alone."


@dataclass(frozen=True, kw_only=True)
class Report:
    """A whole document. `dated` is stamped on the file, so that equal input is equal bytes."""

    title: str
    subtitle: str
    subject: str
    dated: date
    blocks: Sequence[Block]
