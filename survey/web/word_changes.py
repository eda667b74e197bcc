"""What changed from one text to another, word by word, for pages that mark it up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_WORDS = 4000
"""Longer texts are shown whole, as one taken out and one put in: finding what they share would
keep a worker busy for seconds."""

_PIECES = re.compile(r"\S+\s*|\s+")


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that was kept, added or removed."""

    change: Change
    text: str


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces that make `after` of `before`: kept, removed and added, in reading order.

    Joining the kept and added ones gives `after`; the kept and removed ones give `before`.

    >>> [(p.change.value, p.text) for p in word_changes("Two nurses", "Three nurses")]
    [('removed', 'Two '), ('added', 'Three '), ('same', 'nurses')]
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return _pieces((Change.REMOVED, before), (Change.ADDED, after))
    found: list[tuple[Change, str]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            found.append((Change.SAME, "".join(old[start:end])))
        else:
            found.append((Change.REMOVED, "".join(old[start:end])))
            found.append((Change.ADDED, "".join(new[new_start:new_end])))
    return _pieces(*found)


def _pieces(*found: tuple[Change, str]) -> tuple[Piece, ...]:
    return tuple(Piece(change, text) for change, text in found if text)
