"""The review manager's own side of the demo: who runs it, dates, contacts, what was sent."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from question_banks.bank import Sector
from survey.actions import accounts, looks, mail_invitations, people, reminding, teams, timetable
from survey.actions.people import Given
from survey.actions.round_agencies import BriefingValues, Record, expect_sectors, record_briefing
from survey.actions.setting_up import By
from survey.actions.teams import TeamEntry
from survey.data import agencies
from survey.data.accounts import Role
from survey.data.milestones import Stop
from survey.data.models import Account, Council, MilestoneKind
from survey.data.rounds import RoundOfCouncil, get_round_by_slug
from survey.demo import cast
from survey.demo.filling import at

ADMINISTRATOR = "Lee Ashdown"
ADMINISTRATOR_EMAIL = "administrator@signpost.example.org"
COLOUR = "#1d5b4f"

CONTACTS = {
    "Aldermere Community Health Trust": ("Sam Whitlow", "lead@aldermere-health.example.org"),
    "Fennshire Police, Aldermere": ("Insp Dee Carrow", "dee.carrow@fennshire.example.org"),
    "Schools in Aldermere": ("Val Orchard", "val.orchard@aldermere-schools.example.org"),
}

STOPS = (
    (MilestoneKind.SCOPING, -30, 0, "With the safeguarding partners"),
    (MilestoneKind.CASE_MAPPING, 26, 1, "Six cases, two of them out of hours"),
    (MilestoneKind.INITIAL_THOUGHTS, 33, 0, ""),
    (MilestoneKind.ON_SITE, 40, 4, ""),
    (MilestoneKind.CONFERENCE, 44, 0, "In the afternoon of the last day"),
    (MilestoneKind.DRAFT_LETTER, 58, 0, ""),
    (MilestoneKind.FACTUAL_CHECK, 65, 0, ""),
    (MilestoneKind.FINAL_LETTER, 75, 0, ""),
)
"""Steps of the open round: how many days from now, for how many days more, and a note."""


def load(
    session: Session,
    *,
    council: Council,
    manager: Account,
    password: str,
    open_slug: str,
    now: datetime,
) -> None:
    """What surrounds the open round; and the account of an administrator."""
    began = at(now, days=-40)
    administrator = accounts.create_account(
        session, email=ADMINISTRATOR_EMAIL, name=ADMINISTRATOR, password=password, now=began
    )
    people.give_role(
        session,
        account_id=administrator.id,
        given=Given(Role.ADMINISTRATOR),
        by=administrator.id,
        now=began,
    )
    seen = looks.look_values(council)
    looks.change_look(
        session,
        council=council,
        values=looks.LookValues(
            name=council.name,
            colour=COLOUR,
            contact_name="Aldermere review office",
            contact_email="reviews@aldermere.example.org",
            contact_telephone="01632 960101",
            privacy_contact="Data protection officer, dpo@aldermere.example.org",
            website="",
        ),
        seen=seen,
        account_id=manager.id,
        now=began,
    )
    found = get_round_by_slug(session, slug=open_slug)
    _timetable(session, found, manager=manager, now=now)
    _agencies(session, found, manager=manager, now=at(now, days=-12))
    _team(session, found, manager=manager, now=at(now, days=-12))
    _messages(session, found, manager=manager, now=at(now, days=-5, clock=time(10, 0)))


def _timetable(session: Session, found: RoundOfCouncil, *, manager: Account, now: datetime) -> None:
    stops = []
    for kind, days, more, note in STOPS:
        first = at(now, days=days).date()
        until = first + timedelta(days=more) if more else None
        stops.append(Stop(kind, first, until, note))
    timetable.save_timetable(session, found, stops, by=By(manager.id, now))


def _agencies(session: Session, found: RoundOfCouncil, *, manager: Account, now: datetime) -> None:
    by = Record(manager.id, now)
    for invited, agency in agencies.list_invited_agencies(session, round_id=found.round.id):
        if agency.name in CONTACTS:
            invited.contact_name, invited.contact_email = CONTACTS[agency.name]
    expected = [agency.sector for agency in cast.AGENCIES] + [Sector.PROBATION]
    expect_sectors(session, found, sectors=expected, by=by)
    for sector, what, was_clear in (
        (
            Sector.POLICE,
            "Purpose, dates and who sees the answers, at the monthly meeting",
            True,
        ),
        (Sector.NHS_COMMUNITY, "A short e-mail to team leads; some took it for an audit", False),
    ):
        values = BriefingValues(
            sector=sector, told_on=now.date(), told_by=cast.MANAGER, what=what, was_clear=was_clear
        )
        record_briefing(session, found, values=values, by=by)


def _team(session: Session, found: RoundOfCouncil, *, manager: Account, now: datetime) -> None:
    for entry in (
        TeamEntry("Morgan Hale", "Lead peer", "Thornmere Council", False, ""),
        TeamEntry("Ash Verity", "Health peer", "Severnside NHS Trust", False, ""),
        TeamEntry(
            "Noor Sattar",
            "Schools peer",
            "Thornmere Council",
            True,
            "Taught in Aldermere before",
        ),
    ):
        teams.add_member(session, review=found.review, entry=entry, by=manager.id, now=now)


def _messages(session: Session, found: RoundOfCouncil, *, manager: Account, now: datetime) -> None:
    mail_invitations.send_invitations(session, found, account_id=manager.id, now=now)
    for days in (7, 2):
        reminding.plan_reminder(session, found, working_days=days, account_id=manager.id, now=now)
