"""Words of a comment with their endings taken off, sentence by sentence.

A word is found in any of its usual English endings (share, shares, shared, sharing), with or
without accents, in capitals or not. No more than that: words that only mean the same are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(
    "[^\\W_]++(?:[\u0300-\u036f]++[^\\W_]*+)*+(?:['’][^\\W_]++(?:[\u0300-\u036f]++[^\\W_]*+)*+)*+"
)
_BREAK: Final = re.compile(
    r"[.!?;:\n\r()\[\]•|/\"“”–—]|(?<=\s)[-*](?=\s)|^[ \t]*[-*](?=\s)", re.MULTILINE
)
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_VOWEL: Final = re.compile("[aeiouyw]")
_ENDINGS: Final = ("ing", "ed", "es", "s", "e")
_SHORTEST_STEM: Final = 3


@dataclass(frozen=True)
class Word:
    """A word of a text: where it stands, in which sentence, as written and as its stem."""

    start: int
    end: int
    sentence: int
    text: str
    stem: str
    begins: bool
    """True for the first word of a sentence, where a capital says nothing."""


def fold(text: str) -> str:
    """The text in small letters without accents.

    >>> fold("Tŷ Hafan"), fold("Élodie")
    ('ty hafan', 'elodie')
    """
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.casefold().replace("’", "'")


def stem(word: str) -> str:
    """A word without its usual ending, accents and capitals.

    >>> {stem(word) for word in ("share", "Shares", "shared", "sharing")}
    {'shar'}
    >>> stem("agencies") == stem("agency"), stem("police") == stem("policy")
    (True, False)
    """
    plain = _POSSESSIVE.sub("", fold(word))
    if plain.endswith("ies") and len(plain) > _SHORTEST_STEM + 1:
        return plain[:-3] + "i"
    for ending in _ENDINGS:
        left = plain.removesuffix(ending)
        if left == plain or len(left) < _SHORTEST_STEM or not _VOWEL.search(left):
            continue
        if ending == "s" and left.endswith(("s", "u", "i")):
            continue
        plain = left
        break
    if plain.endswith("y") and len(plain) > _SHORTEST_STEM and plain[-2] not in "aeiou":
        return plain[:-1] + "i"
    is_doubled = len(plain) > _SHORTEST_STEM and plain[-1] == plain[-2]
    return plain[:-1] if is_doubled and plain[-1] not in "aeiou" else plain


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order. Sentences end at stops, line ends, brackets and bullets."""
    breaks = [match.start() for match in _BREAK.finditer(text)]
    passed, sentence, is_first = 0, 0, True
    for match in _WORD.finditer(text):
        while passed < len(breaks) and breaks[passed] < match.start():
            passed += 1
            is_first = True
        if is_first:
            sentence += 1
        yield Word(
            match.start(), match.end(), sentence, match.group(), stem(match.group()), is_first
        )
        is_first = False
