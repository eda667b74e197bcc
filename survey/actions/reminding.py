"""Reminders: planned by working days before the last day for answers, or sent at once.

They go to people who have an address and have not finished. Nobody gets two on one day, however
often a button is pressed or a plan falls due.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.actions import outbox
from survey.actions.outbox import MailKind, NewMessage
from survey.actions.working_days import working_days_before
from survey.data import audit, reminders
from survey.data.audit import AuditAction, record_of_round
from survey.data.rounds import RoundOfCouncil, RoundState, state_of
from survey.errors import NotAllowedNow, SurveyError

LONDON = ZoneInfo("Europe/London")
SENT_AT = time(9, 0)
MOST_WORKING_DAYS = 60
MOST_REMINDERS = 6


class InvalidReminder(SurveyError):
    """A reminder cannot be planned like that; the message says why."""


def due_at(closes_at: datetime, working_days: int) -> datetime:
    """When a reminder is sent: at nine in London, so many working days before the last day."""
    last_day = (closes_at - timedelta(seconds=1)).astimezone(LONDON).date()
    day = working_days_before(last_day, working_days)
    return datetime.combine(day, SENT_AT, tzinfo=LONDON)


def plan_reminder(
    session: Session,
    found: RoundOfCouncil,
    *,
    working_days: int,
    account_id: str | None,
    now: datetime,
) -> None:
    """Plans a reminder. Raises InvalidReminder, and NotAllowedNow where the round is over."""
    require_live(found, now)
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise InvalidReminder(f"Enter a number of working days from 1 to {MOST_WORKING_DAYS}")
    planned = reminders.list_reminders(session, round_id=found.round.id)
    if any(one.working_days == working_days for one in planned):
        raise InvalidReminder("A reminder is planned for that day already")
    if len(planned) >= MOST_REMINDERS:
        raise InvalidReminder(
            f"There are {MOST_REMINDERS} reminders already: take one out before you add another"
        )
    at = due_at(found.round.closes_at_utc, working_days)
    if at <= now:
        raise InvalidReminder("That day has come already: choose fewer days, or send one now")
    if at <= found.round.opens_at_utc:
        raise InvalidReminder("That is before answers are taken: choose fewer days")
    reminders.add_reminder(session, round_id=found.round.id, working_days=working_days, now=now)
    record_of_round(
        session, found, AuditAction.REMINDER_PLANNED, account_id, now, days=working_days
    )


def take_out(
    session: Session,
    found: RoundOfCouncil,
    *,
    working_days: int,
    account_id: str | None,
    now: datetime,
) -> bool:
    """Takes a reminder out of the plan; False where it was not in it. What was sent stays sent."""
    gone = reminders.delete_reminder(session, round_id=found.round.id, working_days=working_days)
    if gone:
        record_of_round(
            session, found, AuditAction.REMINDER_TAKEN_OUT, account_id, now, days=working_days
        )
    return gone


def put_due(session: Session, *, now: datetime) -> int:
    """Puts the reminders whose time has come in the outbox; returns how many messages.

    A worker that was away puts them late, unless they were planned after their time.
    """
    put = 0
    for one in reminders.list_not_put(session, now=now):
        at = due_at(one.closes_at, one.reminder.working_days)
        if not one.reminder.created_at_utc < at <= now:
            continue
        count = _put(session, round_id=one.round_id, council_id=one.council_id, now=now)
        one.reminder.put_for_utc = one.closes_at
        audit.record(
            session,
            action=AuditAction.REMINDERS_PUT,
            at=now,
            council_id=one.council_id,
            detail={"round": one.slug, "messages": count},
        )
        put += count
    session.flush()
    return put


def remind_now(
    session: Session, found: RoundOfCouncil, *, account_id: str | None, now: datetime
) -> int:
    """Puts a reminder to everybody who has not finished in the outbox; returns how many.

    Raises NotAllowedNow where the round does not take answers.
    """
    if state_of(found.round, now) is not RoundState.OPEN:
        raise NotAllowedNow("Reminders can be sent while the round takes answers.")
    put = _put(session, round_id=found.round.id, council_id=found.council.id, now=now)
    record_of_round(session, found, AuditAction.REMINDERS_PUT, account_id, now, messages=put)
    return put


def require_live(found: RoundOfCouncil, now: datetime) -> None:
    """Raises NotAllowedNow unless the round is launched and takes answers now or will."""
    if state_of(found.round, now) not in {RoundState.NOT_YET_OPEN, RoundState.OPEN}:
        raise NotAllowedNow(
            "Messages can be sent from the launch of a round until it stops taking answers."
        )


def _put(session: Session, *, round_id: str, council_id: str, now: datetime) -> int:
    day = now.astimezone(LONDON).date().isoformat()
    return outbox.put_many(
        session,
        new=[
            NewMessage(
                kind=MailKind.REMINDER,
                to=reader.email,
                key=f"reminder:{reader.invitation_id}:{day}",
                council_id=council_id,
                round_id=round_id,
                invitation_id=reader.invitation_id,
            )
            for reader in reminders.list_to_remind(session, round_id=round_id)
        ],
        now=now,
    )
