"""Find the Chromium that the journeys drive, and start it alike everywhere."""

from __future__ import annotations

import os
import shutil
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
        if on_path:
            return Path(on_path)
    return _find_downloaded()


def _find_downloaded() -> Path | None:
    # The tool's driver starts a server process to answer, so it is loaded only when asked.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        downloaded = Path(tool.chromium.executable_path)
    return downloaded if os.access(downloaded, os.X_OK) else None
