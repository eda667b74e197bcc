"""The bytes of uploaded evidence: each in a file of its own under a random name.

The folder is not served; only `survey.web` hands a file out, as a download, to those who may see
its return. A file is there whole or not at all.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from survey.errors import SurveyError

FOLDER = "files"
OWNER_ONLY = 0o600
FOLDER_OWNER_ONLY = 0o700
PART = ".part"
NAME_LENGTH = 32


class NoRoom(SurveyError):
    """The file could not be written: most likely the disk is full."""


class MissingFile(SurveyError):
    """The file of a row is not where it should be."""


def folder_of(instance: Path) -> Path:
    """The folder of uploaded files within the instance folder."""
    return instance / FOLDER


def store(folder: Path, data: bytes) -> str:
    """Writes a file that only its owner can read, and gives its random name. Raises NoRoom.

    It is on the disk, not in a buffer, when this returns.
    """
    name = secrets.token_hex(NAME_LENGTH // 2)
    beside = folder / f"{name}{PART}"
    try:
        folder.mkdir(mode=FOLDER_OWNER_ONLY, parents=True, exist_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / name)
        _sync_folder(folder)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise NoRoom("The file could not be kept: there is no room for it at present.") from error
    return name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(folder: Path, name: str) -> Path:
    """Where a stored file is. Raises MissingFile where it is not there, or is no stored name."""
    path = folder / name
    if not is_stored_name(name) or not path.is_file():
        raise MissingFile("This file is not where it was kept. Tell whoever runs this site.")
    return path


def is_stored_name(name: str) -> bool:
    """Whether a name is one that `store` gives, so that it leads nowhere else.

    >>> is_stored_name("0123456789abcdef0123456789abcdef"), is_stored_name("../secret_key")
    (True, False)
    """
    return len(name) == NAME_LENGTH and all(each in "0123456789abcdef" for each in name)


def delete(folder: Path, name: str) -> None:
    """Deletes a stored file, or an unfinished one. One that is gone already is no fault."""
    if is_stored_name(name.removesuffix(PART)):
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def list_names(folder: Path, *, before: float | None = None) -> list[str]:
    """The names in the folder, unfinished files too, in order.

    `before` is a time in seconds since 1970: then only those last written earlier.
    """
    if not folder.is_dir():
        return []
    return sorted(
        each.name
        for each in folder.iterdir()
        if is_stored_name(each.name.removesuffix(PART))
        and (before is None or each.stat().st_mtime < before)
    )
