"""Where a result goes: to a file, whole or not at all, or to standard output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from analysis.commands.ending import Exit, WrongCommand
from analysis.commands.telling import complain

TEXTS: Final = frozenset({"json", "csv"})
"""Formats that can be read on a screen."""


def add_out(
    parser: argparse.ArgumentParser, formats: Mapping[str, str], *, otherwise: str = "json"
) -> None:
    """Add --format and --out. `formats` has the name of each format and what it is for."""
    parser.add_argument(
        "--format",
        choices=list(formats),
        help="what to write: "
        + "; ".join(f"{name}: {title[:1].lower()}{title[1:]}" for name, title in formats.items())
        + f". By default what the name after --out ends in, else {otherwise}",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="PATH",
        help="the file to write, whole or not at all; else the result goes to standard output",
    )
    parser.set_defaults(formats=tuple(formats), otherwise=otherwise)


def chosen_format(options: argparse.Namespace, reads: Iterable[Path]) -> str:
    """The format asked for. Raises WrongCommand where its bytes could not go where they should.

    `reads` are the files that the command reads; none of them is ever written over.
    """
    out: Path | None = options.out
    ending = out.suffix.lower().removeprefix(".") if out is not None else ""
    chosen: str = options.format or (ending if ending in options.formats else options.otherwise)
    refuse_to_replace(out, reads, option="--out")
    if out is None and chosen not in TEXTS and sys.stdout is not None and sys.stdout.isatty():
        raise WrongCommand(f"a {chosen} file cannot be shown here: say where to put it with --out")
    return chosen


def refuse_to_replace(out: Path | None, reads: Iterable[Path], *, option: str) -> None:
    """Raise WrongCommand when `out` is one of the files that are read."""
    if out is not None and out.resolve() in {path.resolve() for path in reads}:
        raise WrongCommand(f"{option} would replace {out}, which is read here")


def write(content: bytes, out: Path | None, *, mode: int | None = None) -> Exit:
    """Write a result and say how that went; `mode` are the permissions of the file."""
    from analysis.output import write_whole

    try:
        if out is not None:
            write_whole(content, out, mode=mode)
        elif sys.stdout is None:
            complain("standard output cannot be written: it is closed.")
            return Exit.CANNOT_WRITE
        else:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        where = "standard output" if out is None else str(out)
        complain(f"{where} cannot be written: {error.strerror or error}.")
        return Exit.CANNOT_WRITE
    return Exit.DONE
