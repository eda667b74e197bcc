"""The real application in a process of its own, for a browser to visit."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from survey.data import schema
from survey.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "a-key-for-the-journeys-and-nothing-else"
START_SECONDS = 30
STOP_SECONDS = 10


@dataclass(frozen=True)
class Server:
    """A running server: its address, what it was told, and the file of all it printed."""

    url: str
    settings: Settings
    log: Path

    def signpost(self, *arguments: str) -> str:
        """Run the command line on this server's database; return what it printed.

        Raises AssertionError with its words when the command fails.
        """
        done = subprocess.run(
            [str(Path(sys.executable).with_name("signpost")), *arguments],
            env=_environment(self.settings),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"signpost {arguments[0]}: {done.stdout}{done.stderr}"
        return done.stdout


@contextmanager
def serve(instance: Path, *, database_url: str | None = None) -> Iterator[Server]:
    """Migrate a database, SQLite in ``instance`` unless another is named, and serve it."""
    instance.mkdir(parents=True, exist_ok=True)
    database_url = database_url or f"sqlite:///{instance / 'signpost.db'}"
    schema.upgrade(database_url)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    settings = Settings(
        secret_key=SECRET_KEY, database_url=database_url, instance=instance, port=port, base_url=url
    )
    log = instance / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "waitress", "--host=127.0.0.1", f"--port={port}", "wsgi:app"],
            env=_environment(settings),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(process, f"{url}/healthz", log)
            yield Server(url=url, settings=settings, log=log)
        finally:
            _end(process)


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "SIGNPOST_INSTANCE": str(settings.instance),
        "BASE_URL": settings.base_url,
        "HOST": settings.host,
        "PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
    }


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    reason = "it did not answer"
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError) as failure:
            reason = str(failure)
        time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace")[-3000:]
    raise AssertionError(f"the server did not become healthy ({reason}); it printed:\n{said}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
