"""What the page of a round's comments shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from analysis.comments import KIND_TITLES, Flag, FlagKind, flag, redact
from question_banks.bank import SECTOR_TITLES, Bank, in_language
from survey.data.comments import CommentRow, CommentState
from survey.web.presenters_rounds import RoundHead

PAGE_SIZE = 20
STATE_WORDS: dict[CommentState, str] = {
    CommentState.WAITING: "Waiting for you",
    CommentState.RELEASED: "Released",
    CommentState.WITHHELD: "Withheld",
}


@dataclass(frozen=True)
class Piece:
    """A part of a comment; `found` says what it looks like, "" for ordinary text."""

    text: str
    found: str


@dataclass(frozen=True)
class CommentCard:
    """One comment with what was found in it and what has been decided."""

    id: str
    number: int
    signpost: str
    question: str
    sector: str
    pieces: tuple[Piece, ...]
    found: tuple[str, ...]
    is_urgent: bool
    quotable: str
    state: str
    state_words: str
    proposed: str
    released: str
    message: str | None
    may_stay: str
    """What to tick so that what was found may stay, "" where nothing was."""


@dataclass(frozen=True)
class Filter:
    """A link to the comments of one state, with how many there are."""

    key: str
    words: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class CommentsPage:
    """One page of the comments of a round."""

    head: RoundHead
    flagged_only: bool
    filters: tuple[Filter, ...]
    current: str
    cards: tuple[CommentCard, ...]
    page: int
    pages: int
    total: int
    checked_by: str


@dataclass(frozen=True)
class Attempt:
    """A decision that was not accepted: what was typed, and why."""

    comment_id: str
    text: str
    message: str
    may_stay: str = ""


def places_of(bank: Bank) -> dict[str, tuple[str, str]]:
    """Question code to the title of its signpost ("" for a closing prompt) and its wording."""
    places: dict[str, tuple[str, str]] = {}
    for signpost in bank.signposts:
        title = in_language(signpost.title)
        questions = [question for topic in signpost.topics for question in topic.questions]
        for question in [*questions, *([signpost.comment] if signpost.comment else [])]:
            places[question.code] = (title, in_language(question.text))
    for question in bank.closing:
        places[question.code] = ("", in_language(question.text))
    return places


def pieces_of(text: str, flags: Sequence[Flag]) -> tuple[Piece, ...]:
    """A text cut into what was flagged and what was not, in order, nothing lost.

    >>> flags = flag("Ring 01632 960123 soon")
    >>> [(piece.text, piece.found) for piece in pieces_of("Ring 01632 960123 soon", flags)]
    [('Ring ', ''), ('01632 960123', 'Phone number'), (' soon', '')]
    """
    pieces: list[Piece] = []
    reached = 0
    for found in sorted(flags, key=lambda one: (one.start, -one.end)):
        start = max(found.start, reached)
        if found.end <= start:
            continue
        if start > reached:
            pieces.append(Piece(text[reached:start], ""))
        pieces.append(Piece(text[start : found.end], KIND_TITLES[found.kind]))
        reached = found.end
    if reached < len(text):
        pieces.append(Piece(text[reached:], ""))
    return tuple(pieces)


def kinds_of(flags: Sequence[Flag]) -> tuple[str, ...]:
    """What was found, each kind once, in the order found."""
    return tuple(dict.fromkeys(KIND_TITLES[found.kind] for found in flags))


def what_may_stay(flags: Sequence[Flag]) -> str:
    """The statement a manager makes to release a text in which something is still found.

    >>> what_may_stay(flag("Ring 01632 960123"))
    'I have checked it, and it gives nobody away: phone number'
    """
    kinds = kinds_of([found for found in flags if found.kind is not FlagKind.DISCLOSURE])
    checked = "I have checked it, and it gives nobody away"
    if any(found.kind is FlagKind.DISCLOSURE for found in flags):
        acted = "I have acted on what it says about a child, or there was nothing to act on"
        checked = f"{acted}. {checked}"
    return f"{checked}: {', '.join(kinds).lower()}" if kinds else checked


def page_count(total: int) -> int:
    """How many pages that many comments take: at least one."""
    return max(1, ceil(total / PAGE_SIZE))


def comments_page(
    head: RoundHead,
    *,
    rows: Sequence[CommentRow],
    counts: Mapping[CommentState, int],
    current: CommentState | None,
    page: int,
    bank: Bank,
    names: Sequence[str],
    checked_by: str,
    attempt: Attempt | None = None,
) -> CommentsPage:
    """One page of comments. `current` None is all of them; `attempt` is shown in its place."""
    places = places_of(bank)
    total = sum(counts.values()) if current is None else counts[current]
    return CommentsPage(
        head=head,
        flagged_only=head.is_open,
        filters=_filters(counts, current),
        current=current or "all",
        cards=tuple(
            _card(
                row,
                number=(page - 1) * PAGE_SIZE + place,
                places=places,
                names=names,
                attempt=attempt if attempt and attempt.comment_id == row.id else None,
            )
            for place, row in enumerate(rows, start=1)
        ),
        page=page,
        pages=page_count(total),
        total=total,
        checked_by=checked_by,
    )


def _filters(
    counts: Mapping[CommentState, int], current: CommentState | None
) -> tuple[Filter, ...]:
    states = tuple(
        Filter(
            key=state, words=STATE_WORDS[state], count=counts[state], is_current=state == current
        )
        for state in CommentState
    )
    everything = Filter(
        key="all", words="All", count=sum(counts.values()), is_current=current is None
    )
    return (*states, everything)


def _card(
    row: CommentRow,
    *,
    number: int,
    places: Mapping[str, tuple[str, str]],
    names: Sequence[str],
    attempt: Attempt | None,
) -> CommentCard:
    flags = flag(row.text, names=names)
    signpost, question = places.get(row.question, ("", row.question))
    urgent = any(found.kind is FlagKind.DISCLOSURE for found in flags)
    proposed = row.released_text or redact(row.text, flags)
    return CommentCard(
        id=row.id,
        number=number,
        signpost=signpost,
        question=question,
        sector=SECTOR_TITLES[row.sector],
        pieces=pieces_of(row.text, flags),
        found=kinds_of([f for f in flags if f.kind is not FlagKind.DISCLOSURE]),
        is_urgent=urgent or FlagKind.DISCLOSURE in row.flags,
        quotable="May be quoted" if row.quotable else "Not to be quoted in the letter",
        state=row.state,
        state_words=STATE_WORDS[row.state],
        proposed=attempt.text if attempt else proposed,
        released=row.released_text or "",
        message=attempt.message if attempt else None,
        may_stay=attempt.may_stay if attempt else "",
    )
