"""Words and two-word phrases that several people use in their comments.

A term is shown only from 3 people in 2 agencies. Only released comments count, and of these only
what holds no personal detail: marks of redaction and whatever still looks like a detail stand
outside. A word is left out where it may be a name: where a title or a list of the round says so,
where it is a usual first name, and where people do not mostly write it in small letters. A name
written in small letters by three people can still pass for a word, so a person reads the terms
before they go to anybody else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from analysis.coding import FEWEST_AGENCIES, FEWEST_PEOPLE, may_show
from analysis.comments import DETAILS_MARK, JOB_TITLE_MARK, NAME_MARK, FlagKind, flag
from analysis.names import name_parts
from analysis.result import Model
from analysis.rounding import counted
from analysis.stems import Word, fold, words_of
from analysis.wordlists import abbreviations, first_names, stop_words
from analysis.written import Comment, fewest_people

MOST_SHOWN: Final = 50
_SHORTEST: Final = 3
_MARKS: Final = (NAME_MARK, JOB_TITLE_MARK, DETAILS_MARK)


class Term(Model):
    """A word or phrase, the people who use it (or the fewest it can be), and their comments."""

    term: str
    people: int
    comments: int


class Terms(Model):
    """The terms of a round's released comments, the most used first.

    `withheld` is how many more words and phrases were used by more than one person and by too few
    to show.
    """

    released: int
    terms: tuple[Term, ...]
    withheld: int
    sentence: str


@dataclass
class _Use:
    """Where one term stands: the comments, and how it is spelt."""

    comments: dict[str, Comment] = field(default_factory=dict)
    spelt: Counter[str] = field(default_factory=Counter)


def find_terms(
    comments: Iterable[Comment], *, names: Sequence[str] = (), most: int = MOST_SHOWN
) -> Terms:
    """The words and two-word phrases that may be shown, at most `most` of them.

    `names` are people known to the round, such as those invited; no part of such a name is a term.
    """
    released = [comment for comment in comments if comment.released is not None]
    kept = {comment.id: list(_sayable(comment.released or "", names)) for comment in released}
    in_small = _in_small_letters(kept.values())
    listed = name_parts(names)
    uses: dict[tuple[str, ...], _Use] = defaultdict(_Use)
    for comment in released:
        for key, spelt in _terms_of(kept[comment.id], in_small, listed):
            uses[key].comments[comment.id] = comment
            uses[key].spelt[spelt] += 1
    shown = [
        Term(
            term=_usual(use.spelt),
            people=fewest_people(use.comments.values()),
            comments=len(use.comments),
        )
        for use in uses.values()
        if may_show(use.comments.values())
    ]
    several = sum(fewest_people(use.comments.values()) > 1 for use in uses.values())
    shown.sort(key=lambda term: (-term.people, -term.comments, term.term))
    return Terms(
        released=len(released),
        terms=tuple(shown[:most]),
        withheld=several - len(shown),
        sentence=_sentence(len(released), len(shown), min(most, len(shown))),
    )


def _sayable(text: str, names: Sequence[str]) -> Iterator[Word]:
    """The words of a released text that lie in no mark of redaction and in no flag."""
    closed = [
        (found.start, found.end)
        for found in flag(text, names=names)
        if found.kind is not FlagKind.DISCLOSURE
    ]
    for mark in _MARKS:
        start = text.find(mark)
        while start >= 0:
            closed.append((start, start + len(mark)))
            start = text.find(mark, start + len(mark))
    closed.sort()
    place = reached = 0
    for word in words_of(text):
        while place < len(closed) and closed[place][0] < word.end:
            reached = max(reached, closed[place][1])
            place += 1
        if word.start >= reached:
            yield word


def _in_small_letters(texts: Iterable[Iterable[Word]]) -> frozenset[str]:
    """Stems that are mostly written in small letters where a capital would say something."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for words in texts:
        for word in words:
            if word.text[:1].islower():
                small[word.stem] += 1
            elif not word.begins:
                capital[word.stem] += 1
    return frozenset(stem for stem, n in small.items() if n > capital[stem])


def _terms_of(
    words: Sequence[Word], in_small: frozenset[str], listed: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Key and spelling of every term in one comment; in a phrase only a space is between."""

    names = first_names() | listed

    def stands(word: Word) -> bool:
        plain = fold(word.text)
        if plain in abbreviations():
            return True
        return (
            len(word.text) >= _SHORTEST
            and not any(character.isdigit() for character in plain)
            and plain not in stop_words()
            and plain.partition("'")[0] not in names
            and word.stem in in_small
        )

    good = [stands(word) for word in words]
    for word, is_good in zip(words, good, strict=True):
        if is_good:
            yield (word.stem,), _spelling(word)
    for (first, is_first), (second, is_second) in pairwise(zip(words, good, strict=True)):
        beside = second.sentence == first.sentence and second.start - first.end == 1
        if is_first and is_second and beside:
            yield (first.stem, second.stem), f"{_spelling(first)} {_spelling(second)}"


def _spelling(word: Word) -> str:
    return word.text.upper() if fold(word.text) in abbreviations() else word.text.casefold()


def _usual(spelt: Counter[str]) -> str:
    """The spelling used most; of several the shortest, then the first of the alphabet."""
    return min(spelt, key=lambda words: (-spelt[words], len(words), words))


def _sentence(released: int, found: int, shown: int) -> str:
    if not released:
        return "No comment has been released yet."
    where = counted(released, "released comment")
    rule = (
        f"A term is shown where at least {FEWEST_PEOPLE} people from at least {FEWEST_AGENCIES} "
        "agencies used it."
    )
    if not found:
        return f"Nothing in {where} was said in the same words by enough people. {rule}"
    many = counted(found, "term") if shown == found else f"{shown:,} of {found:,} terms"
    return f"{many} from {where}. {rule}"
