"""How many sent in their answers on each day. Of a whole round: never of an agency or a level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.data.models import Review, Round, SentInDay


@dataclass(frozen=True)
class DayCount:
    """A day in London and how many sent in their answers on it: one at least."""

    day: date
    sent_in: int


@dataclass(frozen=True)
class CheckedBy:
    """Where the person who reads a round's flagged comments is told, "" for nowhere; the round."""

    email: str
    council_id: str
    slug: str


def count_one(session: Session, *, round_id: str, day: date) -> None:
    """Adds one to a day's number. The row is held until the commit, so it belongs at the end."""
    # The two databases say the same thing by two constructs.
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(SentInDay).values(round_id=round_id, day=day, sent_in=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["round_id", "day"], set_={"sent_in": SentInDay.sent_in + 1}
        )
    )


def list_days(session: Session, *, round_id: str) -> list[DayCount]:
    """The days on which anybody sent in answers, the first day first."""
    rows = session.execute(
        select(SentInDay.day, SentInDay.sent_in)
        .where(SentInDay.round_id == round_id)
        .order_by(SentInDay.day)
    )
    return [DayCount(day, sent_in) for day, sent_in in rows]


def get_checked_by(session: Session, *, round_id: str) -> CheckedBy:
    """Where to say that a comment of that round was flagged."""
    email, council_id, slug = session.execute(
        select(Round.comments_checked_email, Review.council_id, Round.slug)
        .join(Review, Review.id == Round.review_id)
        .where(Round.id == round_id)
    ).one()
    return CheckedBy(email=email, council_id=council_id, slug=slug)
