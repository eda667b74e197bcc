"""Static files: vendored without GOV.UK's branding, compressed truly, fetching nothing."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest

from tests.rules.repository import STATIC
from tools.compress_static import SUFFIXES
from tools.vendor_govuk import BRANDING

GOVUK = STATIC / "govuk"
SOURCES = sorted(path for path in STATIC.rglob("*") if path.suffix in SUFFIXES)
FIRST_VISIT_BYTES = 40_000
"""Half of what a first visit may weigh is left to the page itself and its headers."""


def _names(paths: list[Path]) -> list[str]:
    return [path.relative_to(STATIC).as_posix() for path in paths]


@pytest.mark.parametrize("source", SOURCES, ids=_names(SOURCES))
def test_compressed_copies_hold_the_file_itself(source: Path) -> None:
    raw = source.read_bytes()

    assert gzip.decompress(source.with_name(f"{source.name}.gz").read_bytes()) == raw
    assert brotli.decompress(source.with_name(f"{source.name}.br").read_bytes()) == raw


def test_no_compressed_copy_outlives_its_file() -> None:
    copies = [path for path in STATIC.rglob("*") if path.suffix in {".gz", ".br"}]

    assert [path.name for path in copies if path.with_suffix("") not in SOURCES] == []


def test_all_styles_and_scripts_together_are_light_over_the_wire() -> None:
    sent = sum(source.with_name(f"{source.name}.gz").stat().st_size for source in SOURCES)

    assert sent < FIRST_VISIT_BYTES


def test_vendored_styles_hold_no_font_crown_or_crest() -> None:
    styles = (GOVUK / "govuk-frontend.min.css").read_text(encoding="utf-8").lower()

    assert [word for word in BRANDING if word in styles] == []
    assert ".govuk-radios" in styles


def test_vendored_folder_holds_only_what_is_used_and_its_licence() -> None:
    names = {path.name for path in GOVUK.iterdir() if path.suffix not in {".gz", ".br"}}

    assert names == {"govuk-frontend.min.css", "govuk-frontend.min.js", "LICENSE.txt", "VERSION"}


def test_version_is_the_same_wherever_it_stands() -> None:
    version = (GOVUK / "VERSION").read_text(encoding="utf-8").strip()
    styles = (GOVUK / "govuk-frontend.min.css").read_text(encoding="utf-8")
    script = (STATIC / "site.js").read_text(encoding="utf-8")

    assert f'--govuk-frontend-version:"{version}"' in styles
    assert f'"./govuk/govuk-frontend.min.js?v={version}"' in script


@pytest.mark.parametrize("source", SOURCES, ids=_names(SOURCES))
def test_static_file_fetches_nothing_from_elsewhere(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    fetches = (
        r"url\(\s*['\"]?(?:https?:)?//|@import|\bfetch\(|XMLHttpRequest|sendBeacon|href=\"http"
    )

    assert re.findall(fetches, text) == []
