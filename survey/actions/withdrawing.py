"""Calling a round off: it takes no more answers and never has findings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import anonymity
from survey.actions.outbox import MailKind
from survey.actions.telling import tell_reachable
from survey.data import audit, rounds, snapshots
from survey.data.audit import AuditAction
from survey.data.models import RoundEventKind
from survey.data.rounds import RoundState, state_of
from survey.errors import NotAllowedNow, SurveyError


class AlreadyWithdrawn(NotAllowedNow):
    """A round that was withdrawn cannot be withdrawn."""


class ReasonMissing(SurveyError):
    """A round is not withdrawn without saying why."""


def require_withdrawable(session: Session, *, round_id: str, state: RoundState) -> None:
    """Refuses a round not yet launched, one withdrawn, and one of which there are findings.

    Raises AlreadyWithdrawn or NotAllowedNow.
    """
    if state is RoundState.WITHDRAWN:
        raise AlreadyWithdrawn("This round has been withdrawn already.")
    if state is RoundState.SETTING_UP:
        raise NotAllowedNow("This round is still being set up, so nobody has been asked anything.")
    if snapshots.find_latest(session, round_id=round_id) is not None:
        raise NotAllowedNow(
            "Findings have been made from this round and may have been read, so it cannot be "
            "withdrawn. If it is open, close it."
        )


def withdraw_round(
    session: Session,
    *,
    round_id: str,
    reason: str,
    tell: bool,
    account_id: str | None,
    council_id: str,
    now: datetime,
) -> int:
    """Calls a round off for good, and returns how many people will be told by e-mail.

    What was sent in is shuffled as at closing; drafts and invitations stay until they are deleted
    with those of other rounds. With `tell`, everybody who was invited and can be written to is
    told, whether they had finished or not. After the commit the caller calls
    `anonymity.erase_traces`. Raises AlreadyWithdrawn, NotAllowedNow, and ReasonMissing.
    """
    round_ = rounds.lock_for_change(session, round_id=round_id)
    require_withdrawable(session, round_id=round_id, state=state_of(round_, now))
    if not reason.strip():
        raise ReasonMissing("Say why you are withdrawing the round")
    slug = round_.slug
    round_.withdrawn_at_utc = now
    rounds.add_event(
        session,
        round_id=round_id,
        kind=RoundEventKind.WITHDRAWN,
        at=now,
        account_id=account_id,
        reason=reason.strip(),
    )
    audit.record(
        session,
        action=AuditAction.ROUND_WITHDRAWN,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": slug},
    )
    anonymity.shuffle(session, round_id)
    if not tell:
        return 0
    return tell_reachable(
        session,
        kind=MailKind.WITHDRAWN,
        council_id=council_id,
        round_id=round_id,
        unfinished_only=False,
        now=now,
    )
