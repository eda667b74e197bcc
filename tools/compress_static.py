"""Compress the static files beside themselves: NAME.gz and NAME.br.

The server then sends the smaller file as it lies on the disk. Run as
``python -m tools.compress_static`` after changing anything in survey/static; a test compares.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import brotli

STATIC = Path(__file__).resolve().parents[1] / "survey" / "static"
SUFFIXES = (".css", ".js", ".svg")


def compress(folder: Path) -> list[Path]:
    """Write both compressed forms of every style sheet, script and drawing; return the sources.

    The bytes depend on the source alone, not on the day or the machine's clock.
    """
    sources = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    for source in sources:
        raw = source.read_bytes()
        _write(source.with_name(f"{source.name}.gz"), gzip.compress(raw, compresslevel=9, mtime=0))
        _write(source.with_name(f"{source.name}.br"), brotli.compress(raw, quality=11))
    return sources


def _write(path: Path, data: bytes) -> None:
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)


if __name__ == "__main__":
    for compressed in compress(STATIC):
        print(compressed.relative_to(STATIC))
    sys.exit(0)
