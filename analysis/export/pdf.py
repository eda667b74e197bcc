"""A gated result as a tagged PDF to read and print, for PDF/UA: headings, tables, charts in words.

The typesetter is given data, never markup: whatever people wrote stays text. It uses the typefaces
it brings along, so the bytes are the same on every machine with the same lock file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from typing import Any, Final

from analysis.export.gated import Exported
from analysis.export.letter import Letter
from analysis.export.report import (
    NOTHING_STANDS_OUT,
    Block,
    Bullets,
    Columns,
    Grid,
    Heading,
    Picture,
    Report,
    Sideways,
    Words,
)
from analysis.export.reports import report_of
from analysis.export.safety import shorten
from analysis.pictures import standalone

STANDARD: Final = "ua-1"
TYPEFACE = "Libertinus Serif"
LONGEST, LONGEST_CELL, LONGEST_HEADING = 4_000, 600, 300
"""Letters of a paragraph, of a cell of a table and of a heading at most."""
NOT_IN_TYPEFACE = "□"
"""What stands for a letter that no typeface at hand has, such as a pictograph."""
TEXT_WIDTH = 16.6
"""Centimetres between the margins of an upright page."""
GUTTER = 0.4
"""Centimetres between two charts side by side."""
PIXELS, PIXELS_OF_TWO = 800, 350
"""Pixels across a chart that stands alone, and across each of two side by side."""
TALLEST = 20.0
"""Centimetres of the tallest chart that fits a page with its heading."""
MOST_PASSES = 200
_SIZE = re.compile(r'<svg[^>]* width="([0-9.]+)" height="([0-9.]+)"')
_UNSET = re.compile(r"the text `(.+?)` could not be displayed", re.DOTALL)


def to_pdf(result: Exported, *, letter: Letter | None = None) -> bytes:
    """The PDF's bytes, equal for equal input."""
    return pdf_bytes(report_of(result, letter or Letter(), pictures=True))


def pdf_bytes(report: Report) -> bytes:
    """A report as PDF. A letter that no typeface at hand has is set as an empty square."""
    return typeset(_template(), _payload(report), dated=report.dated)


def typeset(source: bytes, payload: dict[str, Any], *, dated: date) -> bytes:
    """A template filled with data, as a tagged PDF that says it was made on that day.

    The template reads the data as JSON from `sys.inputs.report`. A letter that no typeface at hand
    has is set as an empty square.
    """
    import typst

    stamp = datetime.combine(dated, time.min, tzinfo=UTC)
    for _ in range(MOST_PASSES):
        compiler = typst.Compiler(
            source,
            ignore_system_fonts=True,
            sys_inputs={"report": json.dumps(payload, ensure_ascii=False)},
        )
        try:
            made = compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=stamp)
        except typst.TypstError as error:
            unset = {
                letter
                for text in _UNSET.findall(f"{error.message}\n{error.diagnostic}")
                for letter in text
                if not letter.isascii()
            }
            if not unset:
                raise
            payload = _without(payload, unset)
            continue
        assert isinstance(made, bytes)
        return made
    raise AssertionError("every pass takes out at least one letter")


@cache
def _template() -> bytes:
    return resources.files("analysis.export").joinpath("report.typ").read_bytes()


def _without(given: Any, letters: set[str]) -> Any:
    """The same data with those letters as empty squares."""
    if isinstance(given, str):
        return "".join(NOT_IN_TYPEFACE if each in letters else each for each in given)
    if isinstance(given, dict):
        return {key: _without(value, letters) for key, value in given.items()}
    if isinstance(given, list):
        return [_without(value, letters) for value in given]
    return given


def _payload(report: Report) -> dict[str, Any]:
    blocks = list(report.blocks)
    turned = next(
        (at for at, block in enumerate(blocks) if isinstance(block, Sideways)), len(blocks)
    )
    day = report.dated
    return {
        "title": shorten(report.title, to=300),
        "subtitle": shorten(report.subtitle, to=600),
        "subject": shorten(report.subject, to=300),
        "foot": shorten(report.title, to=80),
        "date": [day.year, day.month, day.day],
        "upright": list(_all_told(blocks[:turned])),
        "sideways": list(_all_told(blocks[turned + 1 :])),
    }


def _all_told(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """The blocks as the template reads them, narrow pictures two in a row."""
    waiting: list[Picture] = []
    for block in (*blocks, None):
        if isinstance(block, Picture) and block.narrow:
            waiting.append(block)
            continue
        while waiting:
            row, waiting = waiting[:2], waiting[2:]
            yield _row(row)
        if isinstance(block, Picture):
            yield _row([block])
        elif block is not None:
            yield _told(block)


def _row(pictures: Sequence[Picture]) -> dict[str, Any]:
    return {"kind": "pictures", "items": [_picture(each) for each in pictures]}


def _told(block: Block) -> dict[str, Any]:
    """A block as the template reads it."""
    match block:
        case Heading():
            return {
                "kind": "heading",
                "text": _text(block.text, to=LONGEST_HEADING),
                "level": block.level,
            }
        case Words():
            return {
                "kind": "words",
                "text": _text(block.text),
                "title": _text(block.title, to=LONGEST_HEADING),
                "style": block.style.value,
            }
        case Bullets():
            return {"kind": "bullets", "items": [_text(item) for item in block.items]}
        case Columns():
            return {
                "kind": "columns",
                "headers": [_text(head, to=LONGEST_HEADING) for head in block.headers],
                "columns": [
                    [[_text(title, to=LONGEST_HEADING), _text(words)] for title, words in items]
                    for items in block.columns
                ],
                "closing": [_text(words) for words in block.closing],
                "nothing": NOTHING_STANDS_OUT,
            }
        case Grid():
            return {
                "kind": "grid",
                "headers": [_text(head, to=LONGEST_HEADING) for head in block.headers],
                "widths": list(block.widths),
                "rows": [[_text(cell, to=LONGEST_CELL) for cell in row] for row in block.rows],
                "numbers": sorted(block.numbers),
            }
        case Picture() | Sideways():
            raise AssertionError("pictures are set in rows, and a report is turned once")


def _text(words: str, *, to: int = LONGEST) -> str:
    return shorten(words, to=to)


def _picture(block: Picture) -> dict[str, Any]:
    """A chart as wide as its place, or narrower if it were too tall."""
    drawing = standalone(block.svg, width=PIXELS_OF_TWO if block.narrow else PIXELS)
    size = _SIZE.search(drawing)
    assert size is not None
    place = (TEXT_WIDTH - GUTTER) / 2 if block.narrow else TEXT_WIDTH
    across, down = float(size.group(1)), float(size.group(2))
    return {
        "svg": re.sub(r'font-family="[^"]*"', f'font-family="{TYPEFACE}"', drawing),
        "title": shorten(block.title, to=300),
        "sentence": _text(block.sentence),
        "width": round(min(place, TALLEST * across / down), 2),
    }
