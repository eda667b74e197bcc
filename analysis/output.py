"""Writing a result where it was asked for: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def write_whole(content: bytes, path: Path, *, mode: int | None = None) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever finds half of it.

    A file that is already there is replaced only once the new one is on the disk. `mode` are its
    permissions; without them it has those of the file it replaces, or those of any new file.
    Raises OSError where it cannot be written; then nothing is left behind and an earlier file is
    as it was.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(path) if mode is None else mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those a new file would have."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
