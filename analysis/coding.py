"""Sorting comments by the codes of a codebook: suggestions, which a person confirms, and counts.

A suggestion says that words of a code are in a comment, and which; it reads nothing, so a person
decides. Only released comments are counted, and a count of too few people is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from analysis.comment_codebook import CommentCodebook
from analysis.phrases import Phrases
from analysis.result import Mark, Model
from analysis.rounding import counted
from analysis.written import Comment, fewest_people

FEWEST_PEOPLE: Final = 3
FEWEST_AGENCIES: Final = 2
"""People, and agencies they are of, behind anything that is counted in comments."""

HOW: Final = (
    "A code is suggested where its words stand in a comment, in any of their usual endings, and a "
    "person confirms it."
)


@dataclass(frozen=True)
class Suggestion:
    """A code that may fit a comment, and the words that suggest it."""

    code: str
    words: tuple[str, ...]


class CodeCount(Model):
    """Released comments that a person gave one code.

    `people` wrote them, or are the fewest that can have. `mark` is [c] and both are None where
    they are fewer than 3 people or of fewer than 2 agencies; nobody at all is a plain 0.
    """

    code: str
    title: str
    comments: int | None = None
    people: int | None = None
    mark: Mark | None = None


class Coding(Model):
    """How the released comments of a round were sorted.

    `released` comments could be sorted, `read` of them a person has looked at, `coded` have one
    code or more. `share_coded` is coded / released, None where nothing was released.
    """

    codebook: str
    released: int
    read: int
    coded: int
    share_coded: float | None
    codes: tuple[CodeCount, ...]
    sentence: str
    how: str = HOW


def suggest(text: str, codebook: CommentCodebook) -> tuple[Suggestion, ...]:
    """The codes whose words are in `text`, in the order of the codebook.

    >>> from analysis.comment_codebook import load_codebook
    >>> book = load_codebook("safeguarding_children")
    >>> [(found.code, found.words) for found in suggest("Caseloads are far too high.", book)]
    [('workload', ('Caseloads',))]
    """
    return _suggested(text, codebook, _phrases(codebook))


def suggest_all(
    comments: Iterable[Comment], codebook: CommentCodebook
) -> dict[str, tuple[Suggestion, ...]]:
    """Identifier of each released comment to what is suggested for its released text."""
    phrases = _phrases(codebook)
    return {
        comment.id: _suggested(comment.released, codebook, phrases)
        for comment in comments
        if comment.released is not None
    }


def _phrases(codebook: CommentCodebook) -> Phrases:
    return Phrases({code.code: code.words for code in codebook.codes})


def _suggested(text: str, codebook: CommentCodebook, phrases: Phrases) -> tuple[Suggestion, ...]:
    words: dict[str, list[str]] = {}
    for found in phrases.find(text):
        held = words.setdefault(found.code, [])
        if found.words not in held:
            held.append(found.words)
    return tuple(
        Suggestion(code.code, tuple(words[code.code]))
        for code in codebook.codes
        if code.code in words
    )


def count_codes(
    comments: Iterable[Comment],
    codebook: CommentCodebook,
    *,
    confirmed: Mapping[str, Iterable[str]],
) -> Coding:
    """Count the codes that a person gave to released comments.

    `confirmed` has the codes of each comment that a person has looked at, by identifier; no code
    at all says that none fits. Raises ValueError for a code that the codebook does not have.
    """
    released = [comment for comment in comments if comment.released is not None]
    codes_of = {comment: frozenset(codes) for comment, codes in confirmed.items()}
    for codes in codes_of.values():
        if unknown := sorted(codes - set(codebook.by_code)):
            raise ValueError(f"{codebook.id} has no code {', '.join(unknown)}.")
    read = [comment for comment in released if comment.id in codes_of]
    coded = [comment for comment in read if codes_of[comment.id]]
    return Coding(
        codebook=codebook.id,
        released=len(released),
        read=len(read),
        coded=len(coded),
        share_coded=len(coded) / len(released) if released else None,
        codes=tuple(
            _count(
                code.code,
                code.title,
                [comment for comment in coded if code.code in codes_of[comment.id]],
            )
            for code in codebook.codes
        ),
        sentence=_sentence(released=len(released), read=len(read), coded=len(coded)),
    )


def may_show(comments: Iterable[Comment]) -> bool:
    """True where enough people of enough agencies wrote these comments for a count to be shown."""
    held = list(comments)
    agencies = {comment.agency for comment in held}
    return fewest_people(held) >= FEWEST_PEOPLE and len(agencies) >= FEWEST_AGENCIES


def _count(code: str, title: str, comments: list[Comment]) -> CodeCount:
    if comments and not may_show(comments):
        return CodeCount(code=code, title=title, mark=Mark.CONFIDENTIAL)
    return CodeCount(code=code, title=title, comments=len(comments), people=fewest_people(comments))


def _sentence(*, released: int, read: int, coded: int) -> str:
    if not released:
        return "No comment has been released yet, so none is sorted."
    whole = counted(released, "released comment", "released comments")
    if not read:
        return f"Nobody has sorted the {whole} yet."
    share = f"{coded:,} of {whole} {'has' if coded == 1 else 'have'} a code"
    left = released - read
    waiting = "" if not left else f"; {left:,} {'is' if left == 1 else 'are'} still to be read"
    return f"{share}{waiting}. A comment may have several codes."
