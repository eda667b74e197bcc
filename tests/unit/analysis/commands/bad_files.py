"""Files that are not what they should be, by the words that docs/command-line.md has for each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.unit.analysis.commands.conftest import HEAD

GOOD = "r1,Elm School,schools,frontline,agree,agree,agree,agree,"
LARGE = 100_000_000

Make = Callable[[Path], object]


def _text(text: str, *, encoding: str = "utf-8") -> Make:
    return lambda path: path.write_text(text, encoding=encoding)


def _rows(*rows: str, head: str = HEAD) -> Make:
    return _text("\n".join([head, GOOD, *rows]) + "\n")


def _bytes(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def _workbook(path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    path.write_bytes(stream.getvalue())


def _zeros(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGE)


def _long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"x" * 100_000)


BAD: dict[str, Make] = {
    "missing": lambda path: None,
    "a folder": lambda path: path.mkdir(),
    "cannot be read": lambda path: path.symlink_to("/proc/self/mem"),
    "empty": _text(""),
    "only a heading": _text(f"{HEAD}\n"),
    "an Excel workbook": _workbook,
    "a PDF": _bytes(b"%PDF-1.7\n"),
    "in UTF-16": _text(f"{HEAD}\n{GOOD}\n", encoding="utf-16"),
    "not in UTF-8": _bytes(
        f"{HEAD}\n{GOOD}\nr2,Caf\xe9,schools,frontline,,,,,\n".encode("latin-1")
    ),
    "separated by semicolons": _text(f"{HEAD}\n{GOOD}\n".replace(",", ";")),
    "100 MB of zeros": _zeros,
    "one endless line": _long_line,
    "an open quotation mark": _rows('r2,"Elm School,schools,frontline,,,,,'),
    "a row too short": _rows("r2,Elm School,schools"),
    "a column that is missing": _text(f"{HEAD}\n".replace("level,", "") + "r1,Elm,schools,,,,,\n"),
    "a heading twice": _rows(head=HEAD.replace("p_told", "p_timely")),
    "an unknown question": _rows(head=HEAD.replace("p_timely", "p_timley")),
    "an unknown option": _rows("r2,Elm School,schools,frontline,agre,,,,"),
    "a label for an option": _rows("r2,Elm School,schools,frontline,Strongly agree,,,,"),
    "a response twice": _rows(GOOD),
    "an identifier that Excel shortened": _rows("1.23E+15,Elm School,schools,frontline,,,,,"),
    "a date that Excel changed": _text(
        "response_id,agency,sector,level,w_since\nr1,Elm School,schools,frontline,31/03/2026\n"
    ),
    "a number that became a date": _text(
        "response_id,agency,sector,level,w_cases\nr1,Elm School,schools,frontline,12-Mar\n"
    ),
    "an agency of two sectors": _rows("r2,Elm School,police,frontline,,,,,"),
    "an agency of two spellings": _rows("r2,Elm school,schools,frontline,,,,,"),
    "an unknown level": _rows("r2,Elm School,schools,manager,,,,,"),
}
"""What is wrong, and how to make such a file at a path."""
