"""Rounds run elsewhere, of which only published totals are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, delete, func, insert, select
from sqlalchemy.orm import Session

from survey.data.models import PublishedRound, PublishedTotal, Review
from survey.errors import NotFound


@dataclass(frozen=True)
class PublishedRef:
    """A published round without its totals. `source` says where they come from."""

    id: str
    title: str
    source: str
    held_on: date
    bank_id: str
    bank_digest: str
    review: str
    questions: int


@dataclass(frozen=True)
class TotalRow:
    """One question's published total; `base` None was not published."""

    question: str
    base: int | None
    favourable: int | None
    percent: str | None


def list_published(session: Session, *, council_id: str) -> list[PublishedRef]:
    """The published rounds of a council's reviews, the newest first."""
    rows = session.execute(
        _refs(council_id).order_by(PublishedRound.held_on.desc(), PublishedRound.title)
    )
    return [_ref(row) for row in rows]


def get_published(session: Session, *, council_id: str, published_id: str) -> PublishedRef:
    """One published round of a council. Raises NotFound for any other, existing or not."""
    row = session.execute(_refs(council_id).where(PublishedRound.id == published_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such published round.")
    return _ref(row)


def _refs(council_id: str) -> Select[str, str, str, date, str, str, str, int]:
    questions = (
        select(func.count())
        .where(PublishedTotal.published_round_id == PublishedRound.id)
        .scalar_subquery()
    )
    return (
        select(
            PublishedRound.id,
            PublishedRound.title,
            PublishedRound.source,
            PublishedRound.held_on,
            PublishedRound.bank_id,
            PublishedRound.bank_digest,
            Review.title,
            questions,
        )
        .join(Review, Review.id == PublishedRound.review_id)
        .where(Review.council_id == council_id)
    )


def _ref(row: Row[str, str, str, date, str, str, str, int]) -> PublishedRef:
    id_, title, source, held_on, bank_id, bank_digest, review, questions = row
    return PublishedRef(id_, title, source, held_on, bank_id, bank_digest, review, questions)


def get_published_bank_json(session: Session, *, published_id: str) -> str:
    """The questionnaire whose codes a published round's totals use, as JSON."""
    text: str = session.execute(
        select(PublishedRound.bank_json).where(PublishedRound.id == published_id)
    ).scalar_one()
    return text


def list_totals(session: Session, *, published_id: str) -> list[TotalRow]:
    """The totals of a published round, by question code."""
    rows = session.execute(
        select(
            PublishedTotal.question,
            PublishedTotal.base,
            PublishedTotal.favourable,
            PublishedTotal.percent,
        )
        .where(PublishedTotal.published_round_id == published_id)
        .order_by(PublishedTotal.question)
    )
    return [TotalRow(*row) for row in rows]


def is_title_taken(session: Session, *, review_id: str, title: str) -> bool:
    """Whether the review has a published round of that title already."""
    found = session.scalars(
        select(PublishedRound.id).where(
            PublishedRound.review_id == review_id, PublishedRound.title == title
        )
    ).first()
    return found is not None


def add_published(
    session: Session,
    *,
    review_id: str,
    title: str,
    source: str,
    held_on: date,
    bank_id: str,
    bank_digest: str,
    bank_json: str,
    totals: Sequence[TotalRow],
    account_id: str | None,
    at: datetime,
) -> str:
    """Stores a published round with its totals; returns its id."""
    published = PublishedRound(
        review_id=review_id,
        title=title,
        source=source,
        held_on=held_on,
        bank_id=bank_id,
        bank_digest=bank_digest,
        bank_json=bank_json,
        imported_at_utc=at,
        account_id=account_id,
    )
    session.add(published)
    session.flush()
    session.execute(
        insert(PublishedTotal),
        [
            {
                "published_round_id": published.id,
                "question": total.question,
                "base": total.base,
                "favourable": total.favourable,
                "percent": total.percent,
            }
            for total in totals
        ],
    )
    return published.id


def delete_published(session: Session, *, published_id: str) -> None:
    """Deletes a published round with its totals."""
    session.execute(
        delete(PublishedRound).where(PublishedRound.id == published_id),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
