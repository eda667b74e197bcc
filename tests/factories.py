"""Rows for tests, each factory stating only what its test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from question_banks.bank import Bank, Sector
from question_banks.loader import bank_digest, bank_to_json, load_bank
from survey.actions.tokens import link_secret, new_public_id
from survey.data.models import (
    Agency,
    Council,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Review,
    Round,
)

SECRET_KEY = "a key for tests only, long enough to be one"
NOW = datetime(2031, 3, 3, 12, 0, tzinfo=UTC)


def make_council(session: Session, *, slug: str = "marlow-vale", name: str = "") -> Council:
    """A council."""
    council = Council(slug=slug, name=name or f"{slug.replace('-', ' ').title()} Council")
    session.add(council)
    session.flush()
    return council


def make_round(
    session: Session,
    *,
    council: Council | None = None,
    bank: Bank | None = None,
    slug: str = "spring",
    opens: datetime = NOW - timedelta(days=7),
    closes: datetime = NOW + timedelta(days=7),
    **changes: Any,
) -> Round:
    """A round, open at NOW unless said otherwise."""
    bank = bank or load_bank("safeguarding_children_2010")
    council = council or make_council(session, slug=f"council-of-{slug}")
    review = Review(council_id=council.id, title=f"Review of {slug}")
    session.add(review)
    session.flush()
    round_ = Round(
        **{
            "review_id": review.id,
            "slug": slug,
            "title": f"Working together, {slug}",
            "bank_id": bank.id,
            "bank_digest": bank_digest(bank),
            "bank_json": bank_to_json(bank),
            "analysis_settings": {},
            "opens_at_utc": opens,
            "closes_at_utc": closes,
            "launched_at_utc": opens - timedelta(days=7),
            "contact": "the review team, review@example.org, 01632 960123",
            "urgent_contact": "the children’s front door, 01632 960999",
            "comments_checked_by": "The review manager",
        }
        | changes
    )
    session.add(round_)
    session.flush()
    return round_


def make_invited_agency(
    session: Session,
    round_: Round,
    *,
    name: str = "Harrow Fields Police",
    sector: Sector = Sector.POLICE,
    invited: int | None = 10,
) -> InvitedAgency:
    """An agency asked to take part."""
    agency = Agency(name=name, sector=sector)
    session.add(agency)
    session.flush()
    invited_agency = InvitedAgency(round_id=round_.id, agency_id=agency.id)
    session.add(invited_agency)
    session.flush()
    if invited is not None:
        session.add(InvitedNumber(invited_agency_id=invited_agency.id, level="", invited=invited))
        session.flush()
    return invited_agency


def make_invitation(session: Session, invited_agency: InvitedAgency, **changes: Any) -> Invitation:
    """One person's way in."""
    invitation = Invitation(
        **{"public_id": new_public_id(), "invited_agency_id": invited_agency.id} | changes
    )
    session.add(invitation)
    session.flush()
    return invitation


def link_of(invitation: Invitation, secret_key: str = SECRET_KEY) -> str:
    """The path of an invitation's link."""
    secret = link_secret(
        secret_key, public_id=invitation.public_id, generation=invitation.generation
    )
    return f"/i/{invitation.public_id}/{secret}"
