"""A copy of the whole database in one file, and filling a database from it.

The file is a zip of one JSON Lines file per table, the files given as evidence, and a manifest.
It is taken in one transaction and reads the same whichever database it came from, so it also moves
an installation from SQLite to PostgreSQL. It holds everything people wrote: keep it as safe as the
database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import IntegrityError

from survey.actions import backed_up_files
from survey.data import copying, outbox, schema
from survey.data.engine import READ_ONLY
from survey.errors import NotAllowedNow, SurveyError

FORMAT = "signpost-backup/1"
MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"  # noqa: S105  # the name of a file within the backup
OWNER_ONLY = 0o600

# A zip keeps a date for each file; a response must have none, so all have the earliest there is.
_NO_DATE = (1980, 1, 1, 0, 0, 0)

Step = Callable[[str], None]
"""Called with the name of each table before it is copied."""


class UnusableBackup(SurveyError):
    """The file is no backup, is damaged, or is of another version."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `key_mark` tells whether links and codes will go on working."""

    made_at: datetime
    program: str
    revision: str
    rows: dict[str, int]
    digests: dict[str, str]
    key_mark: str
    lost_files: tuple[str, ...] = ()
    """Files given as evidence that were not in their place when the backup was made."""

    def is_key(self, secret_key: str) -> bool:
        """Whether links and codes made before the backup work with this secret key."""
        return hmac.compare_digest(self.key_mark, key_mark(secret_key))


def key_mark(secret_key: str) -> str:
    """A mark by which a secret key is recognised and from which it cannot be worked out."""
    return hmac.new(secret_key.encode(), b"signpost backup", hashlib.sha256).hexdigest()


def back_up(
    engine: Engine,
    path: Path,
    *,
    secret_key: str,
    with_key: bool,
    program: str,
    now: datetime,
    files: Path | None = None,
    step: Step | None = None,
) -> Manifest:
    """Writes the whole database to a new file that only its owner can read.

    `files` is the folder of files given as evidence; without it they are left out.

    The file is there whole or not at all. Raises NotAllowedNow where it is there already.
    """
    if path.exists():
        raise NotAllowedNow(f"{path} is there already; choose another name.")
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                manifest = _write(
                    archive,
                    engine,
                    secret_key=secret_key,
                    program=program,
                    now=now,
                    files=files,
                    step=step,
                )
                if with_key:
                    archive.writestr(_entry(SECRET_KEY), secret_key)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return manifest


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=_NO_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = OWNER_ONLY << 16
    return entry


def _write(
    archive: zipfile.ZipFile,
    engine: Engine,
    *,
    secret_key: str,
    program: str,
    now: datetime,
    files: Path | None,
    step: Step | None,
) -> Manifest:
    lost: list[str] = []
    rows: dict[str, int] = {}
    digests: dict[str, str] = {}
    token = READ_ONLY.set(True)
    try:
        with engine.begin() as connection:
            copying.freeze(connection)
            for table in copying.tables():
                if step is not None:
                    step(table.name)
                found = copying.Digest()
                with archive.open(_entry(_file(table.name)), "w") as target:
                    for line in copying.read_lines(connection, table):
                        target.write(found.add(line).encode() + b"\n")
                rows[table.name], digests[table.name] = found.count, found.text()
            if files is not None:
                lost = backed_up_files.write_files(archive, connection, files, entry=_entry)
    finally:
        READ_ONLY.reset(token)
    manifest = Manifest(
        made_at=now,
        program=program,
        revision=schema.head(),
        rows=rows,
        digests=digests,
        key_mark=key_mark(secret_key),
        lost_files=tuple(lost),
    )
    archive.writestr(_entry(MANIFEST), _manifest_text(manifest))
    return manifest


def _file(table: str) -> str:
    return f"tables/{table}.jsonl"


def _manifest_text(manifest: Manifest) -> str:
    values: dict[str, Any] = {
        "format": FORMAT,
        "made_at": manifest.made_at.isoformat(),
        "program": manifest.program,
        "revision": manifest.revision,
        "rows": manifest.rows,
        "digests": manifest.digests,
        "key_mark": manifest.key_mark,
        "lost_files": list(manifest.lost_files),
    }
    return json.dumps(values, indent=2, sort_keys=True) + "\n"


def read_manifest(path: Path) -> Manifest:
    """What the backup says of itself. Raises UnusableBackup where it cannot be restored here."""
    try:
        with zipfile.ZipFile(path) as archive:
            values = json.loads(archive.read(MANIFEST))
            names = set(archive.namelist())
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UnusableBackup(f"{path} is not a backup, or is damaged.") from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise UnusableBackup(f"{path} is not a backup that this version can read.")
    if values["revision"] != schema.head():
        raise UnusableBackup(
            f"{path} was made by another version of the program ({values['program']}). Restore it "
            "with that version, then upgrade."
        )
    if missing := {_file(table.name) for table in copying.tables()} - names:
        raise UnusableBackup(f"{path} lacks {', '.join(sorted(missing))}.")
    return Manifest(
        made_at=datetime.fromisoformat(values["made_at"]),
        program=values["program"],
        revision=values["revision"],
        rows=values["rows"],
        digests=values["digests"],
        key_mark=values["key_mark"],
        lost_files=tuple(values.get("lost_files", ())),
    )


def read_key(path: Path) -> str | None:
    """The secret key within the backup, None where it was left out."""
    with zipfile.ZipFile(path) as archive:
        if SECRET_KEY not in archive.namelist():
            return None
        return archive.read(SECRET_KEY).decode("ascii")


def rows_here(engine: Engine) -> dict[str, int]:
    """How many rows each table has that has any."""
    token = READ_ONLY.set(True)
    try:
        with engine.begin() as connection:
            counted = copying.count_rows(connection)
    finally:
        READ_ONLY.reset(token)
    return {table: count for table, count in counted.items() if count}


def restore(
    engine: Engine,
    path: Path,
    *,
    manifest: Manifest,
    replacing: bool,
    step: Step | None = None,
) -> int:
    """Fills the database from a backup, wholly or not at all, and checks that all has arrived.

    E-mails that waited when the backup was made may have gone out since, so none of them is sent
    by itself; returns how many those are.

    Raises NotAllowedNow where the database holds anything and is not to be replaced, and
    UnusableBackup where the file is damaged; then nothing has changed.
    """
    with zipfile.ZipFile(path) as archive, engine.begin() as connection:
        if any(copying.count_rows(connection).values()):
            if not replacing:
                raise NotAllowedNow(
                    "The database is not empty. Restore into an empty one, or use --replace."
                )
            copying.delete_rows(connection)
        for table in copying.tables():
            if step is not None:
                step(table.name)
            _fill(archive, connection, table, manifest)
        return outbox.hold_waiting(connection, since=manifest.made_at)


def _fill(
    archive: zipfile.ZipFile, connection: Connection, table: Table, manifest: Manifest
) -> None:
    try:
        with archive.open(_file(table.name)) as source:
            copying.write_lines(connection, table, _lines(source))
    except (zipfile.BadZipFile, zlib.error, ValueError, IntegrityError) as error:
        raise UnusableBackup(f"The backup is damaged at {table.name}.") from error
    arrived = copying.Digest()
    for line in copying.read_lines(connection, table):
        arrived.add(line)
    said = (manifest.rows.get(table.name), manifest.digests.get(table.name))
    if (arrived.count, arrived.text()) != said:
        raise UnusableBackup(
            f"What arrived in {table.name} is not what the backup says it holds; nothing was kept."
        )


def _lines(source: IO[bytes]) -> Iterator[str]:
    for line in TextIOWrapper(source, encoding="utf-8", newline="\n"):
        yield line.rstrip("\n")
