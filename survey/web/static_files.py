"""Style sheets, scripts and pictures: served compressed, kept by browsers for a year.

Each address carries a digest of the content, so a changed file is a new address.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

FOLDER = Path(__file__).resolve().parent.parent / "static"
PREFIX = "/static/"
YEAR_SECONDS = 365 * 24 * 60 * 60


def init_app(app: Flask) -> None:
    """Serves the static folder in front of the application."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's own way to add middleware
        app.wsgi_app, root=FOLDER, prefix=PREFIX, max_age=YEAR_SECONDS, allow_all_origins=False
    )
    app.jinja_env.globals["static_url"] = static_url


@cache
def static_url(name: str) -> str:
    """The address of a static file, with a digest of its content."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"{PREFIX}{name}?v={digest}"
