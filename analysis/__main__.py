"""`python -m analysis`: from files to results, without a database. See docs/command-line.md."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from analysis.commands.ending import Terminated
from analysis.commands.program import main

__all__ = ["main"]


def _end(*_: object) -> NoReturn:
    """Unwind as for Ctrl-C, so that a file that is half written is taken away."""
    raise Terminated


def keep_output_for_results() -> None:
    """Send what compiled libraries print to standard error, where it cannot stand in a result.

    HiGHS, which the disclosure gate asks, now and then prints a line whatever it is told. Output
    that goes nowhere (closed streams) is left as it is.
    """
    if sys.stdout is None or sys.stderr is None:
        return
    with suppress(OSError):
        results = os.dup(sys.stdout.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        sys.stdout = os.fdopen(results, "w", encoding=sys.stdout.encoding)


if __name__ == "__main__":
    keep_output_for_results()
    signal.signal(signal.SIGTERM, _end)
    sys.exit(main())
