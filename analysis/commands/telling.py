"""What a command tells while it works: faults, notes and a progress bar, on standard error."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from analysis.errors import AnalysisError, FaultyFile
from analysis.rounding import counted

if TYPE_CHECKING:
    from analysis.delimited import Progress

LONG_BYTES: Final = 1_000_000
"""Size of a file from which on reading it is worth a progress bar."""

MANY_FILES: Final = 3
"""Files from which on a bar counts them."""

Made = TypeVar("Made")


def complain(message: str) -> None:
    """Say one thing on standard error. Where nobody listens there, go on all the same."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"{message}\n")


def told(file: Path, work: Callable[[], Made]) -> Made | None:
    """What `work` makes of `file`, or None once everything wrong with it has been told."""
    try:
        return work()
    except FaultyFile as error:
        for fault in error.faults:
            complain(f"{file}: {fault}")
        if error.uncounted:
            complain(f"{file}: and {counted(error.uncounted, 'more fault')}")
    except AnalysisError as error:
        complain(str(error))
    return None


@contextmanager
def progress_bar(file: Path) -> Iterator[Progress | None]:
    """A progress bar for a long file on standard error while that is a terminal, else nothing."""
    is_seen = sys.stderr is not None and sys.stderr.isatty()
    if not (is_seen and file.is_file() and file.stat().st_size >= LONG_BYTES):
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc=f"Reading {file.name}", unit="B", unit_scale=True, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def progress_over(files: Sequence[Path], *, what: str) -> Iterator[Path]:
    """The files one after another, with a bar where there are many and somebody looks on."""
    is_seen = sys.stderr is not None and sys.stderr.isatty()
    if not is_seen or len(files) < MANY_FILES:
        yield from files
        return
    from tqdm import tqdm

    yield from tqdm(files, desc=what, unit="file", leave=False)
