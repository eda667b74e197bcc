"""Which comments may be quoted in a result, whom they are attributed to, and beside what.

A quotation needs its writer's agreement, a person's release, and a signpost of which the gate shows
how many people are for and against it; those counts stand beside it, so that one voice is never
read as everybody's. There is at most one of each person for a signpost. It is attributed to a
group of which the gate shows figures under that signpost, or to nobody.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Final

from analysis.attribution import group_titles
from analysis.comments import flag
from analysis.names import name_parts
from analysis.result import Model, SignpostResult, Summary
from analysis.stems import fold, words_of
from analysis.written import Comment

MOST_QUOTES: Final = 2
"""Quotations that stand under one signpost."""
LONGEST_QUOTE: Final = 600
"""Characters of a quotation. A longer comment is left for a person to choose from: cutting it
could turn what it says."""
NOBODY: Final = "Somebody who answered"


class Quote(Model):
    """A quotation, what it is attributed to, and the people for and against its signpost.

    `title` is the signpost's.
    """

    signpost: str
    title: str
    text: str
    attribution: str
    favourable: int
    unfavourable: int


class Quotes(Model):
    """The quotations of a result, and how many comments were left out for which reason.

    `not_agreed`: the writer did not agree to be quoted. `not_released`: nobody released it.
    `no_counts`: the people for and against its signpost may not be shown, or it stands under none.
    `details`: it still seems to hold personal details, or may speak of harm to a child.
    `too_long`: longer than 600 characters. `not_chosen`: enough stand there, or its writer has one.
    """

    quotes: tuple[Quote, ...]
    not_agreed: int = 0
    not_released: int = 0
    no_counts: int = 0
    details: int = 0
    too_long: int = 0
    not_chosen: int = 0


def choose_quotes(
    comments: Iterable[Comment],
    summary: Summary,
    *,
    names: Iterable[str] = (),
    most: int = MOST_QUOTES,
) -> Quotes:
    """Quotations for each signpost of a gated result, at most `most` under one.

    Which of several are taken is decided by their text alone, through a digest, so that it favours
    nobody and comes out the same each time. `names` are people known to the round.
    """
    known = list(names)
    listed = name_parts(known)
    signposts = {signpost.code: signpost for signpost in summary.signposts}
    left: Counter[str] = Counter()
    fit: dict[str, list[tuple[Comment, str]]] = {}
    for comment in comments:
        signpost = signposts.get(comment.signpost)
        released = (comment.released or "").strip()
        if not released:
            left["not_released"] += 1
        elif not comment.quotable:
            left["not_agreed"] += 1
        elif signpost is None or _for_and_against(signpost) is None:
            left["no_counts"] += 1
        elif flag(released, names=known) or _has_any(released, listed):
            left["details"] += 1
        elif len(released) > LONGEST_QUOTE:
            left["too_long"] += 1
        else:
            fit.setdefault(comment.signpost, []).append((comment, released))
    quotes: list[Quote] = []
    for code, signpost in signposts.items():
        chosen = _one_each(fit.get(code, []))[:most]
        left["not_chosen"] += len(fit.get(code, [])) - len(chosen)
        counts = _for_and_against(signpost)
        if counts is None:
            continue
        asked = (question for topic in signpost.topics for question in topic.questions)
        titles = group_titles(asked, settings=summary.settings)
        quotes += [
            Quote(
                signpost=code,
                title=signpost.title,
                text=text,
                attribution=titles.get(comment.sector, NOBODY),
                favourable=counts[0],
                unfavourable=counts[1],
            )
            for comment, text in chosen
        ]
    return Quotes(quotes=tuple(quotes), **left)


def _has_any(text: str, listed: frozenset[str]) -> bool:
    """True where a part of a known name is in the text, in capitals or not."""
    return any(fold(word.text).partition("'")[0] in listed for word in words_of(text))


def _for_and_against(signpost: SignpostResult) -> tuple[int, int] | None:
    if signpost.mostly_favourable is None or signpost.mostly_unfavourable is None:
        return None
    return signpost.mostly_favourable, signpost.mostly_unfavourable


def _one_each(fit: list[tuple[Comment, str]]) -> list[tuple[Comment, str]]:
    """At most one comment of each person, in an order that its text alone decides.

    Where nobody knows which comments are of one person, those under one question are surely of
    different people; so all are taken from the question that has most of them.
    """
    ordered = sorted(fit, key=lambda one: (hashlib.sha256(one[1].encode()).digest(), one[0].id))
    if any(comment.respondent is None for comment, _ in ordered):
        under = Counter(comment.question for comment, _ in ordered)
        question = min(under, key=lambda code: (-under[code], code))
        return [one for one in ordered if one[0].question == question]
    first: dict[str | None, tuple[Comment, str]] = {}
    for one in ordered:
        first.setdefault(one[0].respondent, one)
    return list(first.values())
