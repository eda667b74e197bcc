"""Files that commands read, in a folder of their own. Every council and agency is invented."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

ROOT = Path(__file__).parents[4]
BANK = ROOT / "tests" / "unit" / "analysis" / "data" / "every_type.yaml"
HEAD = "response_id,agency,sector,level,p_timely,p_told,p_front,l_clear,p_comment"
AGENCIES = (
    ("Carr Council", "childrens_social_care"),
    ("Northmoor Police", "police"),
    ("Northmoor Voluntary", "voluntary"),
    ("Elm School", "schools"),
)


class Process(Protocol):
    """Starts `python -m analysis` in the folder, by a shell's words before and after it."""

    def __call__(
        self,
        arguments: Sequence[str],
        *,
        before: str = "",
        after: str = "",
        stdout: int = subprocess.PIPE,
    ) -> subprocess.Popen[str]: ...


class Terminal(io.StringIO):
    """Standard error or output as a terminal would be."""

    def isatty(self) -> bool:
        return True


def responses(people: int, *, against: int = 3) -> str:
    """Responses of people of four agencies, one in `against` of whom disagrees."""
    rows = [HEAD]
    for i in range(people):
        agency, sector = AGENCIES[i % 4]
        answer = "agree" if i % against else "disagree"
        rows.append(f"r{i},{agency},{sector},frontline,{answer},agree,{answer},agree,=1+1")
    return "\n".join(rows)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two rounds of thirty-two and forty people, and settings; the working folder is this one."""
    (tmp_path / "responses.csv").write_text(responses(32), encoding="utf-8")
    (tmp_path / "later.csv").write_text(responses(40, against=2), encoding="utf-8")
    invited = ["agency,sector,invited", *(f"{agency},{sector},10" for agency, sector in AGENCIES)]
    (tmp_path / "invited.csv").write_text("\n".join(invited), encoding="utf-8")
    (tmp_path / "settings.yaml").write_text("k: 11\n", encoding="utf-8")
    (tmp_path / "bank.yaml").write_bytes(BANK.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def process(folder: Path) -> Iterator[Process]:
    """Starts commands in child processes, for what happens where they meet the system.

    They heed Ctrl-C, which a test run in the background would hand on as ignored.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def start(
        arguments: Sequence[str],
        *,
        before: str = "",
        after: str = "",
        stdout: int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        words = " ".join([before, 'exec "$0" -m analysis "$@"', after])
        return subprocess.Popen(
            ["bash", "-c", words, sys.executable, *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            text=True,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )

    yield start
    signal.signal(signal.SIGINT, before)
