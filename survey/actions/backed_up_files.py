"""Uploaded files within a backup: written beside the tables, and put back with their rows."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from survey.data import return_evidence, return_evidence_files
from survey.data.engine import READ_ONLY

PREFIX = "files/"


def write_files(
    archive: zipfile.ZipFile,
    connection: Connection,
    folder: Path,
    *,
    entry: Callable[[str], zipfile.ZipInfo],
) -> list[str]:
    """Puts the files of all evidence into a backup; the names of those that are not there."""
    missing = []
    with Session(connection) as session:
        stored = return_evidence.list_stored(session)
    for name in stored:
        try:
            data = return_evidence_files.path_of(folder, name).read_bytes()
        except return_evidence_files.MissingFile:
            missing.append(name)
            continue
        archive.writestr(entry(f"{PREFIX}{name}"), data)
    return missing


def restore_files(engine: Engine, path: Path, folder: Path) -> list[str]:
    """Puts the files of a restored database in their place.

    Gives the names of those that the backup lacks or that are not as they were; the rows of these
    stay, and their files are said to be missing when somebody asks for one.
    """
    token = READ_ONLY.set(True)
    try:
        with Session(engine) as session:
            stored = return_evidence.list_stored(session)
    finally:
        READ_ONLY.reset(token)
    missing = []
    with zipfile.ZipFile(path) as archive:
        for name, digest in stored.items():
            try:
                data = archive.read(f"{PREFIX}{name}")
            except (KeyError, zipfile.BadZipFile, zlib.error):
                missing.append(name)
                continue
            if hashlib.sha256(data).hexdigest() != digest:
                missing.append(name)
                continue
            _put(folder, name, data)
    return missing


def _put(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(mode=return_evidence_files.FOLDER_OWNER_ONLY, parents=True, exist_ok=True)
    beside = folder / f"{name}{return_evidence_files.PART}"
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, return_evidence_files.OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / name)
