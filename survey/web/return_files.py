"""Handing out a file that somebody uploaded: as a download and as nothing else."""

from __future__ import annotations

from pathlib import Path

from flask import send_file
from werkzeug.wrappers import Response


def download(path: Path, *, name: str) -> Response:
    """The file to save, never to show: a browser is given no type to run it as."""
    answer = send_file(
        path, as_attachment=True, download_name=name, mimetype="application/octet-stream"
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
