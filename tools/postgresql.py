"""Start and stop a PostgreSQL of our own, thrown away after use.

``with cluster() as running:`` gives a server on a free port of 127.0.0.1, with its files in a
temporary directory. Tests turn ``fsync`` off for speed; whatever proves durability or measures
time keeps it on. ``python -m tools.postgresql`` starts one and keeps it until Ctrl-C.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUPERUSER = "signpost"
START_ATTEMPTS = 3


class PostgresqlError(Exception):
    """The server could not be found, made or started; the message says which and why."""


@dataclass(frozen=True)
class Cluster:
    """A running server: where its files are and the port it listens on."""

    directory: Path
    port: int

    def url(self, database: str = "postgres") -> str:
        """Return the SQLAlchemy address of ``database`` on this server."""
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}"


def find_binaries() -> Path | None:
    """Return the folder that holds initdb, pg_ctl and postgres, the newest version first."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda folder: _version(folder.parent.name), reverse=True)
    for folder in folders:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    return None


def start(*, fsync: bool = True) -> Cluster:
    """Make a new cluster and start it; the caller must ``stop`` it.

    Raises PostgresqlError with the server's own words when that fails.
    """
    directory = Path(tempfile.mkdtemp(prefix="signpost-pg-"))
    try:
        _hand_over(directory)
        _run(
            "initdb",
            "--pgdata", str(directory / "data"),
            "--username", SUPERUSER,
            "--auth", "trust",
            "--encoding", "UTF8",
            "--locale", "C",
            "--no-sync",
        )  # fmt: skip
        return Cluster(directory=directory, port=_serve(directory, fsync=fsync))
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise


def stop(cluster: Cluster) -> None:
    """Stop the server at once and remove its files; harmless when it is already gone."""
    if (cluster.directory / "data" / "postmaster.pid").exists():
        _run("pg_ctl", "stop", "--pgdata", str(cluster.directory / "data"), "--mode", "immediate")
    shutil.rmtree(cluster.directory, ignore_errors=True)


@contextmanager
def cluster(*, fsync: bool = True) -> Iterator[Cluster]:
    """Start a cluster for the length of a ``with`` block."""
    running = start(fsync=fsync)
    try:
        yield running
    finally:
        stop(running)


def stop_with(cluster: Cluster, *, owner: int) -> None:
    """Have a process of its own stop the cluster when process ``owner`` is gone.

    A test run that is killed cannot tidy up after itself, and a server outlives its parent.
    """
    subprocess.run(
        [sys.executable, "-m", "tools.postgresql", "watch", str(owner), str(cluster.directory)],
        cwd=Path(__file__).resolve().parents[1],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def _watch(owner: int, directory: Path) -> None:
    if os.fork():
        os._exit(0)  # whoever asked for the watch goes on; the copy watches
    os.setsid()
    while directory.exists() and _is_alive(owner):
        time.sleep(1)
    stop(Cluster(directory=directory, port=0))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _serve(directory: Path, *, fsync: bool) -> int:
    settings = ["-c", "listen_addresses=127.0.0.1", "-k", str(directory)]
    if not fsync:
        settings += [
            "-c",
            "fsync=off",
            "-c",
            "synchronous_commit=off",
            "-c",
            "full_page_writes=off",
        ]
    for attempt in range(1, START_ATTEMPTS + 1):
        port = _free_port()
        options = " ".join([*settings, "-p", str(port)])
        try:
            _run(
                "pg_ctl", "start", "--wait",
                "--pgdata", str(directory / "data"),
                "--log", str(directory / "log"),
                "--options", options,
            )  # fmt: skip
        except PostgresqlError as failure:
            # Another process may have taken the port between our asking and our using it.
            log = directory / "log"
            said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            if attempt == START_ATTEMPTS or "Address already in use" not in said:
                raise PostgresqlError(f"{failure}\n{said}") from failure
        else:
            return port
    raise AssertionError("the loop above returns or raises")


def _run(program: str, *arguments: str) -> None:
    binaries = find_binaries()
    if binaries is None:
        raise PostgresqlError("PostgreSQL is not installed: run `make test` once, or install it.")
    account = _account()
    done = subprocess.run(
        [str(binaries / program), *arguments],
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        # The server keeps the descriptors it is started with: a pipe would never end.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PostgresqlError(
            f"{program} failed with status {done.returncode}. {done.stderr or ''}"
        )


def _account() -> pwd.struct_passwd | None:
    """Return the account to run the server as: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresqlError("PostgreSQL cannot run as root, and there is no account 'nobody'.")


def _hand_over(directory: Path) -> None:
    account = _account()
    if account is not None:
        os.chown(directory, account.pw_uid, account.pw_gid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdigit())


def main(arguments: Sequence[str]) -> None:
    """Keep a cluster until Ctrl-C, or watch one: ``watch OWNER DIRECTORY``."""
    if arguments and arguments[0] == "watch":
        _watch(int(arguments[1]), Path(arguments[2]))
        return
    with cluster() as running:
        print(running.url(), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main(sys.argv[1:])
