"""Serving from the command line: in a process of its own, as a person would."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey.commands.exits import PortTaken
from survey.commands.serving import CannotListen, reserve
from tests.integration.commands.conftest import CommandLine

COMMAND = str(Path(sys.executable).with_name("signpost"))
PATIENCE_SECONDS = 150
"""Loading the demo takes a fifth of it, on a machine that does nothing else."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _environment(instance: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "SIGNPOST_INSTANCE": str(instance),
        "PORT": str(port),
        "HOME": str(instance / "no-home"),
        "PYTHONWARNINGS": "error",
    }


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def _running(instance: Path, port: int, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [COMMAND, *arguments],
        env=_environment(instance, port),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A process started in the background inherits that Ctrl-C is ignored.
        preexec_fn=_heed_interrupts,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _until_healthy(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[0]
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_SECONDS
            ) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError("the server did not become healthy")


def _run(instance: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        env=_environment(instance, port),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class FirstRun:
    """A demo that was loaded, visited and stopped: what it said, and how its doors opened."""

    instance: Path
    port: int
    code: int
    said: str
    opened: dict[str, int]


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    """The demo, loaded once for the tests of this file, which work on copies of it."""
    instance, port = tmp_path_factory.mktemp("demo"), _free_port()
    opened = {}
    with _running(instance, port, "demo") as process:
        _until_healthy(process, port)
        assert process.stdout is not None
        lines: list[str] = []
        while not any("password" in line for line in lines):
            lines.append(process.stdout.readline())
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        for address in (word for line in lines for word in line.split() if word.startswith("http")):
            with browser.open(address, timeout=30) as answer:
                opened[address] = answer.status
        process.send_signal(signal.SIGINT)
        said = "".join(lines) + process.communicate(timeout=PATIENCE_SECONDS)[0]
        return FirstRun(instance, port, process.returncode, said, opened)


@pytest.fixture
def loaded(first_run: FirstRun, tmp_path: Path) -> Path:
    """The folder of a demo that has been loaded, for one test to do with as it likes."""
    return Path(shutil.copytree(first_run.instance, tmp_path / "instance"))


def test_demo_prints_three_ways_in(first_run: FirstRun) -> None:
    said, port = first_run.said, first_run.port

    assert first_run.code == 0
    assert "The demo has been loaded." in said
    assert f"http://127.0.0.1:{port}/i/" in said
    assert f"typed at http://127.0.0.1:{port}/code" in said
    assert f"http://127.0.0.1:{port}/sign-in" in said
    assert "Traceback" not in said
    assert said.rstrip().endswith("kept.")


def test_doors_of_the_demo_open(first_run: FirstRun) -> None:
    assert set(first_run.opened.values()) == {200}
    assert len(first_run.opened) == 4


def test_second_run_keeps_what_was_entered(loaded: Path) -> None:
    port = _free_port()
    with _running(loaded, port, "demo") as process:
        _until_healthy(process, port)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE_SECONDS)[0]

    assert "what has been entered since is kept" in said


def test_reset_says_what_it_deleted(loaded: Path) -> None:
    port = _free_port()
    with _running(loaded, port, "demo", "--reset") as process:
        _until_healthy(process, port)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE_SECONDS)[0]

    assert f"Deleted the demo and everything entered in it ({loaded / 'demo.db'})" in said
    assert "The demo has been loaded." in said


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_taken_port_is_said_before_anything_is_done(tmp_path: Path, command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = _run(tmp_path, port, command)

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"Port {port} of 127.0.0.1 is taken by another program.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret_key"]


@pytest.fixture
def heeding_interrupts() -> Iterator[None]:
    """This process heeds Ctrl-C, whatever it inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.usefixtures("heeding_interrupts", "loaded")
def test_interrupted_server_ends_well_within_its_process(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    port = _free_port()
    line = CommandLine(environment, capsys)
    handler = signal.getsignal(signal.SIGTERM)
    environment.delenv("SECRET_KEY")  # the one that the loaded demo keeps
    if command == "serve":
        assert line("migrate").code == 0
    statuses: list[int] = []

    def visit() -> None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
                statuses.append(answer.status)
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    visitor = threading.Timer(0.5, _after_listening, (port, visit))
    visitor.start()
    ran = line(command, "--port", str(port))
    visitor.join(PATIENCE_SECONDS)

    assert (ran.code, ran.err) == (0, "")
    assert statuses == [200]
    assert f"http://127.0.0.1:{port}" in ran.out
    assert "Stopped." in ran.out
    assert signal.getsignal(signal.SIGTERM) is handler


def _after_listening(port: int, visit: Callable[[], None]) -> None:
    """Visits once somebody listens at the port."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    visit()


class TestReserving:
    def test_taken_port_names_the_next_one(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]

            with pytest.raises(PortTaken, match=f"Port {port} .*PORT="), reserve("127.0.0.1", port):
                pass

    @pytest.mark.parametrize(
        ("host", "said"),
        [
            pytest.param("203.0.113.7", "Nothing can listen at 203.0.113.7", id="elsewhere"),
            pytest.param("no such host", "is not an address", id="no address"),
        ],
    )
    def test_address_that_cannot_be_used_is_said(self, host: str, said: str) -> None:
        with pytest.raises(CannotListen, match=said), reserve(host, _free_port()):
            pass

    def test_free_port_is_held_until_the_end(self) -> None:
        port = _free_port()

        with reserve("127.0.0.1", port), pytest.raises(PortTaken), reserve("127.0.0.1", port):
            pass

        with reserve("127.0.0.1", port) as again:
            assert again.getsockname() == ("127.0.0.1", port)


def test_address_of_another_machine_is_said(tmp_path: Path) -> None:
    ran = _run(tmp_path, _free_port(), "serve", "--host", "203.0.113.7")

    assert ran.returncode == 1
    assert "203.0.113.7" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_serve_wants_migrations_first(tmp_path: Path) -> None:
    ran = _run(tmp_path, _free_port(), "serve")

    assert ran.returncode == 4
    assert "signpost migrate" in ran.stderr


def test_serve_logs_rules_and_never_addresses(tmp_path: Path) -> None:
    port = _free_port()
    assert _run(tmp_path, port, "migrate").returncode == 0
    with _running(tmp_path, port, "serve") as process:
        _until_healthy(process, port)
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/i/7QKF2M/thesecretpart", timeout=30)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=PATIENCE_SECONDS)[0]

    assert f"Signpost is served at http://127.0.0.1:{port}" in said
    assert "/i/<public_id>/<secret> 404" in said
    assert "thesecretpart" not in said
    assert "7QKF2M" not in said
    assert "Traceback" not in said
