"""Loading what the pages of one's own account show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.actions.people import held_words
from survey.actions.sign_ins import LONGEST
from survey.clock import now
from survey.data import accounts, second_factors, sign_ins
from survey.extensions import db
from survey.settings import SecondFactor
from survey.web.sign_in import SignedIn, settings

SIGN_IN_DONE = {
    "password": "Your password has been set. Sign in with it now.",
    "too-slow": "The time to enter a code is over. Sign in again.",
}
DONE = {
    "one": "That session has ended.",
    "others": "You have been signed out everywhere else.",
    "removed": "Your second factor has been removed.",
}


@dataclass(frozen=True)
class SessionLine:
    """One place where somebody is signed in."""

    id: str
    device: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class AccountPage:
    """What somebody's own account page shows."""

    name: str
    email: str
    roles: tuple[str, ...]
    has_password: bool
    has_second_factor: bool
    codes_left: int
    sessions: tuple[SessionLine, ...]
    hours: int
    """How long a session lasts at most."""


def overview(person: SignedIn) -> AccountPage:
    """What the page of one's own account shows."""
    session = db.session()
    account = accounts.get_account(session, account_id=person.id)
    held = accounts.list_held(session, account_ids=[person.id]).get(person.id, ())
    rows = sign_ins.list_in_force(session, account_id=person.id, since=now() - LONGEST)
    return AccountPage(
        name=person.name,
        email=person.email,
        roles=tuple(_first_up(held_words(one)) for one in held),
        has_password=account.password_hash is not None,
        has_second_factor=person.has_second_factor,
        codes_left=second_factors.count_recovery_codes(session, account_id=person.id),
        sessions=tuple(
            SessionLine(
                id=row.id,
                device=row.device,
                started_at=row.started_at_utc,
                seen_at=row.seen_at_utc,
                is_this=row.id == person.session_id,
            )
            for row in rows
        ),
        hours=int(LONGEST.total_seconds() // 3600),
    )


def must_have_second_factor(person: SignedIn) -> bool:
    """Whether somebody must have a second factor here."""
    return settings().second_factor is SecondFactor.REQUIRED and person.runs_things


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
