"""Words that say nothing about what a comment is on, usual first names, and abbreviations.

Each list is a file in `words/`: words with spaces between, in small letters without accents. Lines
that begin with # are remarks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

_WORDS: Final = Path(__file__).with_name("words")


@cache
def stop_words() -> frozenset[str]:
    """English and Welsh words that stand in any text."""
    return _read("stop_words")


@cache
def abbreviations() -> frozenset[str]:
    """Abbreviations of the field, which nobody is called."""
    return _read("abbreviations")


@cache
def first_names() -> frozenset[str]:
    """Usual first names that are not also everyday words."""
    return _read("first_names")


def _read(name: str) -> frozenset[str]:
    lines = (_WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
