"""Reads one bank file: its text, its YAML, its shape. The semantic rules are in `checks`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from question_banks.bank import Bank
from question_banks.errors import Problem
from question_banks.faults import plain_faults
from question_banks.strict_yaml import Place, parse

LARGEST = 500_000
"""Bytes a bank file may have. The longest bank shipped has a fifth of that."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class LoadedBank:
    """A file that was read: the bank if its shape is right, the problems found, the lines."""

    file: str
    bank: Bank | None
    problems: tuple[Problem, ...] = ()
    lines: Mapping[Place, int] = field(default_factory=dict, repr=False)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it that has one; 1 without any."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_text(path: Path) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a file in UTF-8, or the reason why it cannot be had. Never raises."""

    def no(message: str, line: int = 1) -> tuple[None, tuple[Problem, ...]]:
        return None, (Problem(str(path), line, message),)

    try:
        if not path.is_file():
            return no("there is no such file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        return no(f"the file cannot be read: {error}")
    if len(data) > LARGEST:
        return no(f"the file has more than {LARGEST:,} bytes, too many for a question bank")
    if data.startswith(_BYTE_ORDER_MARK):
        return no("the file begins with a byte order mark; save it as UTF-8 without one")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return no("the file is not in UTF-8; save it as UTF-8", line)


def read_bank(path: Path | str) -> LoadedBank:
    """What a bank file holds, and everything wrong with its form. Never raises.

    The semantic rules are not applied here: `question_banks.checks.check_bank` does that.
    """
    path = Path(path)
    name = str(path)
    text, problems = read_text(path)
    if text is None:
        return LoadedBank(name, None, problems)
    document = parse(text)
    faults = list(document.faults)
    bank = None
    if document.value is None and not faults:
        return LoadedBank(name, None, (Problem(name, 1, "the file is empty"),))
    if document.value is not None:
        try:
            bank = Bank.model_validate(document.value)
        except ValidationError as error:
            # No inputs in the URL form: `errors` would otherwise look up documentation links.
            details = error.errors(include_url=False)
            faults += plain_faults(details, raw=document.value, lines=document.lines)
    if faults:
        bank = None
    found = {Problem(name, fault.line, fault.message) for fault in faults}
    return LoadedBank(name, bank, tuple(sorted(found)), document.lines)
