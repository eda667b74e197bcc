"""The files of the repository, for the tests that hold it to its own rules."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "survey" / "static"
VENDORED = (STATIC / "govuk", ROOT / "tests" / "journeys" / "axe")
NOT_TEXT = {".gz", ".br", ".png", ".xlsx", ".docx", ".pdf"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file git keeps, and every new one it does not ignore, that is there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode("utf-8").split("\0")
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


@cache
def own_texts() -> dict[str, str]:
    """The text of every tracked file that was written here, by its path in the repository."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in tracked_files()
        if path.suffix not in NOT_TEXT and not any(path.is_relative_to(it) for it in VENDORED)
    }


def templates() -> list[str]:
    """The name of every template, as the application asks for it."""
    return sorted(
        path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file()
    )
