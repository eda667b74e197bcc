"""Filling a closed round of the demo at once, as a round collected elsewhere is brought in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.settings import AnalysisSettings
from question_banks.bank import Bank
from survey.actions import closing
from survey.actions.rounds import NewRound, create_round
from survey.data.agencies import (
    add_agency,
    add_invited_agency,
    find_agencies,
    set_invited_numbers,
)
from survey.data.imported import NewResponse, add_responses
from survey.data.models import Account, Council
from survey.data.rounds import RoundOfCouncil, get_round_by_slug
from survey.demo.cast import DemoAgency, Persona

LONDON = ZoneInfo("Europe/London")
OPEN_DAYS = 21


def at(now: datetime, *, days: int, clock: time = time(9, 0)) -> datetime:
    """A time of day in London so many days from now."""
    local = (now + timedelta(days=days)).astimezone(LONDON)
    return datetime.combine(local.date(), clock, tzinfo=LONDON)


def closed_round(
    session: Session,
    *,
    council: Council,
    bank: Bank,
    slug: str,
    title: str,
    review_title: str,
    agencies: Sequence[DemoAgency],
    people: Sequence[Persona],
    answers: Sequence[Mapping[str, str]],
    opened: datetime,
    manager: Account | None,
) -> RoundOfCouncil:
    """A round that took answers for three weeks and was then closed."""
    closes = at(opened, days=OPEN_DAYS, clock=time(17, 0))
    create_round(
        session,
        NewRound(
            slug=slug,
            title=title,
            opens_at=opened,
            closes_at=closes,
            contact=f"The review team of {council.name}, review@example.org, 01632 960100",
            urgent_contact="The children’s duty team, day and night, 01632 960999",
            comments_checked_by="The safeguarding lead on duty",
            invited_how="Everybody whose work is mainly with children was invited.",
            review_title=review_title,
        ),
        council=council,
        bank=bank,
        settings=AnalysisSettings(everyone_in_scope=True),
        now=opened,
    )
    found = get_round_by_slug(session, slug=slug)
    ids = _agencies(session, found, agencies)
    add_responses(
        session,
        round_id=found.round.id,
        responses=[
            NewResponse(ids[person.agency.name], person.level, given, ())
            for person, given in zip(people, answers, strict=True)
        ],
    )
    closing.close_round(
        session,
        round_id=found.round.id,
        account_id=manager.id if manager is not None else None,
        council_id=council.id,
        now=at(closes, days=1),
    )
    return found


def _agencies(
    session: Session, found: RoundOfCouncil, agencies: Sequence[DemoAgency]
) -> dict[str, str]:
    """The id of each agency by its name, made where it was not known; all of them invited."""
    known = find_agencies(session, names=[agency.name for agency in agencies])
    ids = {}
    for agency in agencies:
        held = known.get(agency.name) or add_agency(session, name=agency.name, sector=agency.sector)
        invited = add_invited_agency(
            session, round_id=found.round.id, agency_id=held.id, expected=True
        )
        set_invited_numbers(session, invited_agency_id=invited.id, numbers={"": agency.invited})
        ids[agency.name] = held.id
    return ids
