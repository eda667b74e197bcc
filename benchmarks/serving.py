"""The application under gunicorn, as it is run for real, in a process group of its own.

The port is free and 127.0.0.1's. The socket listens before gunicorn is started, so a first request
waits for the first worker and nobody has to ask again and again whether it is up.
"""

from __future__ import annotations

import http.client
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 20
WORKERS = 2
THREADS = 4


class NotServing(Exception):
    """The server did not start; the message holds what it said."""


@dataclass(frozen=True)
class Memory:
    """What one worker holds: `rss_bytes` in all, `pss_bytes` with shared pages divided."""

    rss_bytes: int
    pss_bytes: int


@dataclass(frozen=True)
class Server:
    """A running gunicorn: its master process, its port and where it writes what it says."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def workers(self) -> tuple[int, ...]:
        """The process ids of the workers, in order."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and _parent(folder) == self.process.pid:
                found.append(int(folder.name))
        return tuple(sorted(found))

    def cpu_seconds(self) -> float:
        """Processor time the workers have used so far, in user and kernel mode together."""
        return sum(_cpu_nanoseconds(pid) for pid in self.workers()) / 1e9

    def memory(self) -> tuple[Memory, ...]:
        """What each worker holds now."""
        return tuple(_memory(pid) for pid in self.workers())

    def kill(self) -> None:
        """Ends master and workers at once (SIGKILL), with no chance to finish anything.

        Returns when the last of them is gone, and with it every lock it held.
        """
        gone = [os.pidfd_open(pid) for pid in self.workers()]
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)
            for descriptor in gone:
                if not select.select([descriptor], [], [], STOP_SECONDS)[0]:
                    raise NotServing("A worker outlived the signal that cannot be ignored.")
        finally:
            for descriptor in gone:
                os.close(descriptor)

    def stop(self) -> None:
        """Ends the server in good order; harmless when it has ended already."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def start(
    application: str,
    *,
    environ: Mapping[str, str],
    log: Path,
    ready_path: str = "/",
    workers: int = WORKERS,
    threads: int = THREADS,
) -> Server:
    """Starts gunicorn on `application` and returns once it has answered at `ready_path`.

    Raises NotServing when it ends or stays silent instead.
    """
    with socket.socket() as bound, log.open("ab") as said:
        bound.bind((HOST, 0))
        bound.listen(1024)
        port: int = bound.getsockname()[1]
        process = _spawn(application, bound, said, environ, workers=workers, threads=threads)
    server = Server(process=process, port=port, log=log)
    try:
        _wait(server, ready_path)
    except BaseException:
        server.kill()
        raise
    return server


@contextmanager
def serving(
    application: str,
    *,
    environ: Mapping[str, str],
    log: Path,
    ready_path: str = "/",
    workers: int = WORKERS,
    threads: int = THREADS,
) -> Iterator[Server]:
    """Serves for the length of a `with` block."""
    server = start(
        application,
        environ=environ,
        log=log,
        ready_path=ready_path,
        workers=workers,
        threads=threads,
    )
    try:
        yield server
    finally:
        server.stop()


def _spawn(
    application: str,
    bound: socket.socket,
    said: IO[bytes],
    environ: Mapping[str, str],
    *,
    workers: int,
    threads: int,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", application,
            "--bind", f"fd://{bound.fileno()}",
            "--workers", str(workers),
            "--threads", str(threads),
            "--no-control-socket",
        ],
        cwd=ROOT,
        env={**os.environ, **environ},
        pass_fds=[bound.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        start_new_session=True,
    )  # fmt: skip


def _wait(server: Server, path: str) -> None:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=START_SECONDS)
    try:
        connection.request("GET", path)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        said = server.log.read_text(encoding="utf-8", errors="replace")
        raise NotServing(f"gunicorn did not answer ({error}). It said:\n{said}") from error
    finally:
        connection.close()
    if status != http.HTTPStatus.OK:
        raise NotServing(f"{path} answered {status}, not 200.")


def _stat(folder: Path) -> list[str]:
    # The name of the program stands in brackets and may itself hold spaces.
    text = (folder / "stat").read_text(encoding="ascii", errors="replace")
    return text.rpartition(")")[2].split()


def _parent(folder: Path) -> int | None:
    try:
        return int(_stat(folder)[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def _cpu_nanoseconds(pid: int) -> int:
    # Thread by thread, because only there Linux counts finer than in hundredths of a second.
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)


def _memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return Memory(rss_bytes=kilobytes["Rss"] * 1024, pss_bytes=kilobytes["Pss"] * 1024)
