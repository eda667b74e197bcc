"""`python -m analysis`: from files to results, without a database. See docs/command-line.md."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

from analysis.commands.ending import Terminated
from analysis.commands.program import main

__all__ = ["main"]


def _end(*_: object) -> NoReturn:
    """Unwind as for Ctrl-C, so that a file that is half written is taken away."""
    raise Terminated


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    sys.exit(main())
