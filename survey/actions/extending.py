"""Giving a round a later last day, and telling those who have not finished."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from survey.actions.outbox import MailKind
from survey.actions.telling import tell_reachable
from survey.clock import day_in_london
from survey.data import audit, rounds
from survey.data.audit import AuditAction
from survey.data.models import RoundEventKind
from survey.data.rounds import RoundState, state_of
from survey.errors import NotAllowedNow, SurveyError

LATEST_YEARS = 2
"""A last day further off than this is taken for a slip of the pen."""


class InvalidLastDay(SurveyError):
    """A round cannot be given that last day; the message says what it must be."""


class SameLastDay(InvalidLastDay):
    """The round has that last day already: perhaps it was asked for twice."""


def require_extendable(state: RoundState) -> None:
    """Refuses a round that is over, or not yet launched. Raises NotAllowedNow."""
    if state is RoundState.SETTING_UP:
        raise NotAllowedNow("This round is still being set up: change its dates there.")
    if state is RoundState.CLOSED:
        raise NotAllowedNow("This round is closed. Open it again to take more answers.")
    if state is RoundState.WITHDRAWN:
        raise NotAllowedNow("This round was withdrawn, so it takes no more answers.")


def extend_round(
    session: Session,
    *,
    round_id: str,
    closes_at: datetime,
    reason: str,
    tell: bool,
    account_id: str | None,
    council_id: str,
    now: datetime,
) -> int:
    """Takes answers until `closes_at`, and returns how many people will be told by e-mail.

    With `tell`, those who can be written to and have not finished. Raises NotAllowedNow where the
    round is over, InvalidLastDay where that is not later than the last day it has, and SameLastDay.
    """
    round_ = rounds.lock_for_change(session, round_id=round_id)
    require_extendable(state_of(round_, now))
    old, new = day_in_london(round_.closes_at_utc), day_in_london(closes_at)
    if closes_at == round_.closes_at_utc:
        raise SameLastDay(f"{_words(new)} is the last day already")
    if closes_at < round_.closes_at_utc:
        raise InvalidLastDay(f"The new last day must be after {_words(old)}, the last day now")
    if closes_at <= now:
        raise InvalidLastDay("The new last day must be today or later")
    if new.year > day_in_london(now).year + LATEST_YEARS:
        raise InvalidLastDay(f"The new last day must be in the next {LATEST_YEARS} years")
    round_.closes_at_utc = closes_at
    said = f"The last day was {_words(old)} and is now {_words(new)}."
    rounds.add_event(
        session,
        round_id=round_id,
        kind=RoundEventKind.EXTENDED,
        at=now,
        account_id=account_id,
        reason=f"{said} {reason.strip()}".strip(),
    )
    audit.record(
        session,
        action=AuditAction.ROUND_EXTENDED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={
            "round": round_.slug,
            "what": "last day for answers",
            "old": old.isoformat(),
            "new": new.isoformat(),
        },
    )
    if not tell:
        return 0
    return tell_reachable(
        session,
        kind=MailKind.EXTENDED,
        council_id=council_id,
        round_id=round_id,
        unfinished_only=True,
        now=now,
        occasion=new.isoformat(),
    )


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
