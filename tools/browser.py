"""Find the Chromium that the journeys drive, and start it alike everywhere."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Root may not use the sandbox; the rest keeps the browser from speaking to its maker.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_executable() -> Path | None:
    """Return the system's Chromium, else the one the browser tool downloaded, else None."""
    for name in NAMES:
        on_path = shutil.which(name)
        if on_path and _runs(Path(on_path)):
            return Path(on_path)
    downloaded = _downloaded_path()
    return downloaded if _runs(downloaded) else None


def _runs(executable: Path) -> bool:
    """Say whether the program starts: it may be a mere pointer, or lack a system library."""
    try:
        done = subprocess.run([str(executable), "--version"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _downloaded_path() -> Path:
    # The tool's driver is a process of its own, so it is loaded only when it is asked.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        return Path(tool.chromium.executable_path)
