"""How a command ends: its exit codes, in one place for the program, its help and its tests."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    FAULTS = 1
    USAGE = 2
    CANNOT_WRITE = 3
    REVEALED = 4
    INTERRUPTED = 130
    ENDED = 143


EXIT_WORDS: Final[dict[Exit, str]] = {
    Exit.DONE: "done",
    Exit.FAULTS: "faults in a file: each is listed as FILE: row N, column X: what is wrong",
    Exit.USAGE: "the command was not understood",
    Exit.CANNOT_WRITE: "the result cannot be written",
    Exit.REVEALED: "only from audit: together the files reveal how people answered",
    Exit.INTERRUPTED: "stopped from the keyboard",
    Exit.ENDED: "asked to end by the system",
}

EXIT_CODES: Final = "exit codes:\n" + "\n".join(
    f"  {code.value:<4} {words}" for code, words in EXIT_WORDS.items()
)


class WrongCommand(Exception):
    """What was asked for cannot be done, before any answer was looked at."""


class Terminated(BaseException):
    """The system asked the program to end. Like Ctrl-C it passes every `except Exception`."""
