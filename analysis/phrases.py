"""Finding the words and phrases of a codebook in a text.

A phrase is found where its words follow each other in one sentence, in any of their usual endings,
with at most two other words between one and the next; a word that ends in * is found with any
ending. The time grows with the length of the text and no faster.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.stems import Word, fold, stem, words_of

MOST_BETWEEN: Final = 2
"""Other words that may stand between two words of a phrase."""
MOST_WORDS: Final = 6
_SHORTEST_BEGINNING: Final = 3
_PHRASE: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*\*?(?:[ -][^\W_]+(?:['’][^\W_]+)*\*?)*")


@dataclass(frozen=True, order=True)
class Found:
    """A phrase of a code in a text: from `start` up to `end`, and the words that are there."""

    start: int
    end: int
    code: str
    words: str


@dataclass(frozen=True)
class _Part:
    """One word of a phrase: a stem, or the beginning of words."""

    text: str
    is_beginning: bool

    def fits(self, word: Word) -> bool:
        return (
            fold(word.text).startswith(self.text) if self.is_beginning else word.stem == self.text
        )


def faults_of(phrase: str) -> Iterator[str]:
    """What is wrong with a phrase of a codebook, as sentences without a stop."""
    plain = " ".join(phrase.split())
    if not _PHRASE.fullmatch(plain):
        yield f"‘{plain}’ should be words with single spaces, of letters and digits only"
        return
    words = _parted(plain)
    if len(words) > MOST_WORDS:
        yield f"‘{plain}’ has more than {MOST_WORDS} words"
    for word in words:
        if word.endswith("*") and len(word) <= _SHORTEST_BEGINNING:
            yield f"‘{word}’ needs {_SHORTEST_BEGINNING} letters before the *"
    if len(words) == 1 and len(plain.removesuffix("*")) == 1:
        yield f"‘{plain}’ is a single letter"


class Phrases:
    """The phrases of several codes, ready to be looked for.

    >>> phrases = Phrases({"sharing": ["share information", "consent*"]})
    >>> [found.words for found in phrases.find("Consenting parents; sharing of information helps.")]
    ['Consenting', 'sharing of information']
    """

    def __init__(self, codes: Mapping[str, Iterable[str]]) -> None:
        self._by_stem: dict[str, list[tuple[str, tuple[_Part, ...]]]] = defaultdict(list)
        self._by_beginning: dict[str, list[tuple[str, tuple[_Part, ...]]]] = defaultdict(list)
        for code, phrases in codes.items():
            for phrase in phrases:
                parts = tuple(_part(word) for word in _parted(phrase))
                kept = self._by_beginning if parts[0].is_beginning else self._by_stem
                kept[parts[0].text].append((code, parts))
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})

    def find(self, text: str) -> tuple[Found, ...]:
        """Every place where a phrase is found, in order; of one code no place within another."""
        words = list(words_of(text))
        found: dict[str, list[Found]] = defaultdict(list)
        for i, word in enumerate(words):
            for code, parts in self._beginning_with(word):
                last = _last(words, i, parts)
                if last is None:
                    continue
                end = words[last].end
                of_code = found[code]
                if of_code and of_code[-1].start == word.start:
                    if end > of_code[-1].end:
                        of_code[-1] = Found(word.start, end, code, text[word.start : end])
                elif not of_code or end > of_code[-1].end:
                    of_code.append(Found(word.start, end, code, text[word.start : end]))
        return tuple(sorted(one for of_code in found.values() for one in of_code))

    def _beginning_with(self, word: Word) -> Iterator[tuple[str, tuple[_Part, ...]]]:
        yield from self._by_stem.get(word.stem, ())
        if self._lengths:
            folded = fold(word.text)
            for length in self._lengths:
                yield from self._by_beginning.get(folded[:length], ())


def _parted(phrase: str) -> list[str]:
    """The words of a phrase; a hyphen stands between two words."""
    return phrase.replace("-", " ").split()


def _part(word: str) -> _Part:
    if word.endswith("*"):
        return _Part(fold(word[:-1]), is_beginning=True)
    return _Part(stem(word), is_beginning=False)


def _last(words: Sequence[Word], start: int, parts: tuple[_Part, ...]) -> int | None:
    """The place of the last word of the phrase that begins at `start`, or None."""
    reached = {start}
    for part in parts[1:]:
        reached = {
            place
            for before in reached
            for place in range(before + 1, min(before + 2 + MOST_BETWEEN, len(words)))
            if words[place].sentence == words[start].sentence and part.fits(words[place])
        }
        if not reached:
            return None
    return min(reached)
