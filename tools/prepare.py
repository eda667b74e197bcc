"""Make sure that the programs the tests drive are on this machine.

Run as ``python -m tools.prepare [browser] [postgresql]`` (both when none is named). Whatever is
missing is installed where that is allowed: by apt as root, or, for the browser, by the browser
tool's own download. Where it is not allowed the exit status is 1 and one line says what to
install: a test run must never pass because a part of it could not run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import browser, postgresql


@dataclass(frozen=True)
class Program:
    """Something the tests need: how it is found and how it may be installed."""

    find: Callable[[], Path | None]
    packages: tuple[str, ...]
    download: tuple[str, ...]
    advice: str


PROGRAMS = {
    "browser": Program(
        find=browser.find_executable,
        packages=("chromium", "fonts-liberation"),
        download=(sys.executable, "-m", "playwright", "install", "chromium"),
        advice="Chromium is missing: install it (Debian and Ubuntu: apt-get install chromium).",
    ),
    "postgresql": Program(
        find=postgresql.find_binaries,
        packages=("postgresql",),
        download=(),
        advice=(
            "PostgreSQL is missing: install its server "
            "(Debian and Ubuntu: apt-get install postgresql)."
        ),
    ),
}


def main(names: Sequence[str]) -> int:
    """Find or install each named program; return the exit status."""
    for name in names or tuple(PROGRAMS):
        program = PROGRAMS[name]
        found = program.find() or _install(program)
        if found is None:
            print(program.advice, file=sys.stderr)
            return 1
        print(f"{name}: {found}")
    return 0


def _install(program: Program) -> Path | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(program.packages)}", flush=True)
        _run("apt-get", "update", "-q")
        _run("apt-get", "install", "-y", "-q", "--no-install-recommends", *program.packages)
    found = program.find()
    if found is None and program.download:
        print("Downloading the browser tool's own copy", flush=True)
        _run(*program.download)
        found = program.find()
    return found


def _run(*command: str) -> None:
    """Run an installer quietly: whether it worked is seen by looking for the program again."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
