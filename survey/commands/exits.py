"""Exit codes: one place that says which error ends a command how."""

from __future__ import annotations

import sqlite3
from enum import IntEnum

from sqlalchemy.exc import OperationalError

from analysis.errors import AnalysisError, FaultyFile
from analysis.settings import InvalidSettings as InvalidRoundSettings
from question_banks.errors import BankError
from survey.errors import FaultyImport, InvalidSettings, NotFound, SurveyError


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    REFUSED = 1
    WRONG_COMMAND = 2
    WRONG_SETTINGS = 3
    NO_DATABASE = 4
    FAULTY_FILE = 5
    NOT_FOUND = 6
    STOPPED = 130


class DatabaseNotReady(SurveyError):
    """The database lacks tables this version needs."""


class PortTaken(SurveyError):
    """Another program listens where the server was to listen."""


_CODES: tuple[tuple[type[Exception], ExitCode], ...] = (
    (InvalidSettings, ExitCode.WRONG_SETTINGS),
    (DatabaseNotReady, ExitCode.NO_DATABASE),
    (OperationalError, ExitCode.NO_DATABASE),
    (FaultyImport, ExitCode.FAULTY_FILE),
    (FaultyFile, ExitCode.FAULTY_FILE),
    (InvalidRoundSettings, ExitCode.FAULTY_FILE),
    (NotFound, ExitCode.NOT_FOUND),
    (SurveyError, ExitCode.REFUSED),
    (AnalysisError, ExitCode.REFUSED),
    (BankError, ExitCode.REFUSED),
    (OSError, ExitCode.REFUSED),
)

EXPECTED: tuple[type[Exception], ...] = tuple(kind for kind, _ in _CODES)
"""What a command may end with by design; anything else is a fault of the program."""


def exit_code(error: Exception) -> ExitCode:
    """How a command that met this error ends."""
    return next(code for kind, code in _CODES if isinstance(error, kind))


def message(error: Exception) -> str:
    """What the person at the keyboard is told. It holds no statement, parameter or password."""
    if isinstance(error, OperationalError):
        if isinstance(error.orig, sqlite3.Error):
            # SQLite's own words hold no data: that it is locked, full, or cannot be opened.
            return f"The database file cannot be used: {error.orig}."
        return (
            "The database cannot be used: it does not answer, or its name or password is wrong. "
            "Check DATABASE_URL, and that the database server is running."
        )
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return str(error)
