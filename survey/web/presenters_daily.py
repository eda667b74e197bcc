"""What the daily list of flagged comments shows: what to act on, and what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from analysis.charts_days import written
from analysis.comments import FlagKind, flag
from question_banks.bank import SECTOR_TITLES, Bank
from survey.data.comment_checks import Check, Waiting, WhatWasDone
from survey.data.comments import CommentRow
from survey.web.presenters_comments import Piece, kinds_of, pieces_of, places_of
from survey.web.presenters_rounds import RoundHead

MOST_SHOWN = 20
"""Comments to act on that are shown at once: the next come up as these are done."""
PAGE_SIZE = 20

WHAT_WORDS: dict[WhatWasDone, str] = {
    WhatWasDone.TOLD_DUTY_TEAM: "I told the duty team",
    WhatWasDone.CONTACTED: "I contacted the agency or somebody else",
    WhatWasDone.NOTHING_NEEDED: "I read it, and nothing needs doing",
    WhatWasDone.OTHER: "Something else",
}
DONE_WORDS: dict[WhatWasDone, str] = {
    WhatWasDone.TOLD_DUTY_TEAM: "The duty team was told",
    WhatWasDone.CONTACTED: "The agency or somebody else was contacted",
    WhatWasDone.NOTHING_NEEDED: "Read, and nothing needed doing",
    WhatWasDone.OTHER: "Something else was done",
}


@dataclass(frozen=True)
class DailyCard:
    """One flagged comment, and what was done about it so far. `seen` counts those records."""

    id: str
    number: int
    signpost: str
    question: str
    sector: str
    pieces: tuple[Piece, ...]
    found: tuple[str, ...]
    is_urgent: bool
    seen: int
    done: tuple[str, ...]
    what: str = ""
    note: str = ""
    problems: tuple[tuple[str, str], ...] = ()

    def message(self, field: str) -> str | None:
        """What is wrong with one field of its form, or None."""
        return next((message for name, message in self.problems if name == field), None)


@dataclass(frozen=True)
class DailyPage:
    """The list of flagged comments that somebody has to act on, or those already acted on."""

    head: RoundHead
    checked_by: str
    told_by_mail: bool
    shows_done: bool
    waiting: Waiting
    done: int
    cards: tuple[DailyCard, ...]
    more: int
    choices: tuple[tuple[str, str], ...]
    page: int
    pages: int


@dataclass(frozen=True)
class CheckAttempt:
    """A record that was not accepted: what was entered, and what is wrong."""

    comment_id: str
    what: str
    note: str
    field: str
    message: str


def daily_page(
    head: RoundHead,
    *,
    rows: Sequence[CommentRow],
    checks: Mapping[str, Sequence[Check]],
    waiting: Waiting,
    done: int,
    shows_done: bool,
    page: int,
    bank: Bank,
    names: Sequence[str],
    checked_by: str,
    told_by_mail: bool,
    attempt: CheckAttempt | None = None,
) -> DailyPage:
    """The list; `names` are those of the people invited, which are marked where they appear."""
    places = places_of(bank)
    first = (page - 1) * PAGE_SIZE if shows_done else 0
    return DailyPage(
        head=head,
        checked_by=checked_by,
        told_by_mail=told_by_mail,
        shows_done=shows_done,
        waiting=waiting,
        done=done,
        cards=tuple(
            _card(
                row,
                number=first + place,
                places=places,
                names=names,
                checks=checks.get(row.id, ()),
                attempt=attempt if attempt and attempt.comment_id == row.id else None,
            )
            for place, row in enumerate(rows, start=1)
        ),
        more=0 if shows_done else max(0, waiting.comments - len(rows)),
        choices=tuple((what.value, words) for what, words in WHAT_WORDS.items()),
        page=page,
        pages=page_count(done) if shows_done else 1,
    )


def page_count(done: int) -> int:
    """How many pages those acted on take: at least one."""
    return max(1, ceil(done / PAGE_SIZE))


def done_words(check: Check) -> str:
    """What was done, by whom, when and with which note, in a sentence or two."""
    who = f" by {check.who}" if check.who else ""
    when = f" on {written(check.on_day)}" if check.on_day else ""
    note = f" Note: {check.note}" if check.note else ""
    return f"{DONE_WORDS[check.what]}. Put on record{who}{when}.{note}"


def _card(
    row: CommentRow,
    *,
    number: int,
    places: Mapping[str, tuple[str, str]],
    names: Sequence[str],
    checks: Sequence[Check],
    attempt: CheckAttempt | None,
) -> DailyCard:
    flags = flag(row.text, names=names)
    signpost, question = places.get(row.question, ("", row.question))
    return DailyCard(
        id=row.id,
        number=number,
        signpost=signpost,
        question=question,
        sector=SECTOR_TITLES[row.sector],
        pieces=pieces_of(row.text, flags),
        found=kinds_of([one for one in flags if one.kind is not FlagKind.DISCLOSURE]),
        is_urgent=FlagKind.DISCLOSURE in row.flags,
        seen=len(checks),
        done=tuple(map(done_words, checks)),
        what=attempt.what if attempt else "",
        note=attempt.note if attempt else "",
        problems=((attempt.field, attempt.message),) if attempt else (),
    )
