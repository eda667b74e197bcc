"""Reviews of a council, and new rounds of a review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.data.models import Council, Invited, Review, Round

__all__ = [
    "Council",
    "Invited",
    "Review",
    "Round",
    "add_review",
    "add_round",
    "delete_round",
    "is_round_slug_taken",
    "list_reviews",
    "list_rounds_of_council",
]


def list_reviews(session: Session, *, council_id: str) -> list[Review]:
    """A council's reviews, by title."""
    return list(
        session.scalars(
            select(Review).where(Review.council_id == council_id).order_by(Review.title, Review.id)
        )
    )


def add_review(session: Session, *, council_id: str, title: str) -> Review:
    """Stores a new review with the usual words for its two columns."""
    review = Review(council_id=council_id, title=title)
    session.add(review)
    session.flush()
    return review


def list_rounds_of_council(session: Session, *, council_id: str) -> list[Round]:
    """A council's rounds, the newest first."""
    return list(
        session.scalars(
            select(Round)
            .join(Review, Review.id == Round.review_id)
            .where(Review.council_id == council_id)
            .order_by(Round.opens_at_utc.desc(), Round.slug)
        )
    )


def is_round_slug_taken(session: Session, *, slug: str) -> bool:
    """Whether a round is called that, whichever council's it is."""
    return session.scalars(select(Round.id).where(Round.slug == slug)).first() is not None


def add_round(
    session: Session,
    *,
    review_id: str,
    slug: str,
    title: str,
    bank_id: str,
    bank_digest: str,
    bank_json: str,
    analysis_settings: dict[str, Any],
    opens_at: datetime,
    closes_at: datetime,
    contact: str,
    urgent_contact: str,
    comments_checked_by: str,
    invited_how: str,
    launched_at: datetime | None,
    everyone_invited: Invited = Invited.UNKNOWN,
    previous_round_id: str | None = None,
    set_up: dict[str, Any] | None = None,
) -> Round:
    """Stores a new round, not yet closed; without `launched_at` one that is being set up."""
    round_ = Round(
        review_id=review_id,
        slug=slug,
        title=title,
        bank_id=bank_id,
        bank_digest=bank_digest,
        bank_json=bank_json,
        analysis_settings=analysis_settings,
        opens_at_utc=opens_at,
        closes_at_utc=closes_at,
        launched_at_utc=launched_at,
        closed_at_utc=None,
        contact=contact,
        urgent_contact=urgent_contact,
        comments_checked_by=comments_checked_by,
        invited_how=invited_how,
        everyone_invited=everyone_invited,
        previous_round_id=previous_round_id,
        set_up=set_up or {},
    )
    session.add(round_)
    session.flush()
    return round_


def delete_round(session: Session, *, round_id: str) -> None:
    """Deletes a round with its invitations, drafts, responses, comments and findings."""
    session.execute(
        delete(Round).where(Round.id == round_id),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
