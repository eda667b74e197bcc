"""`python -m question_banks list | show | check`: what each prints, and its exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from question_banks.checks import check_bank
from question_banks.errors import Problem
from question_banks.loader import list_bank_files, read_bank

OK, PROBLEMS = 0, 1
"""Exit codes. A wrong command line exits with 2, as argparse does."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m question_banks")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check")
    check.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    return _check(options.files or list_bank_files())


def _check(files: Sequence[Path]) -> int:
    problems: list[Problem] = []
    for file in files:
        problems += check_bank(read_bank(_from_here(file)))
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{len(files)} files, no problems.")
    return PROBLEMS if problems else OK


def _from_here(path: Path) -> Path:
    """A path as seen from the working directory where it lies below it: shorter to read."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


if __name__ == "__main__":
    sys.exit(main())
