"""Getting in with a printed code: one's own, or that of an agency's open link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import attempts
from survey.actions.tokens import (
    PUBLIC_ID_LENGTH,
    is_open_link_code,
    is_printed_code,
    link_secret,
    open_link_secret,
    read_code,
)
from survey.data.invitations import find_person
from survey.data.open_links import find_door
from survey.errors import UnknownInvitation


@dataclass(frozen=True)
class Opened:
    """What a code stands for: an invitation, or an open link, with the secret of its link."""

    public_id: str
    secret: str
    is_open_link: bool = False


def enter_code(
    session: Session, *, typed: str, address: str, secret_key: str, now: datetime
) -> Opened:
    """What a printed code stands for.

    Raises UnknownInvitation for a wrong code, with the failure counted (the caller commits), and
    TooManyAttempts when the address or the invitation has had too many failures.
    """
    place = attempts.place_of(address)
    attempts.check(
        session, scope=attempts.Scope.CODE_BY_ADDRESS, key=place, now=now, secret_key=secret_key
    )
    bare = read_code(typed)
    public_id = bare[:PUBLIC_ID_LENGTH] if bare else ""
    if bare:
        attempts.check(
            session,
            scope=attempts.Scope.CODE_BY_INVITATION,
            key=public_id,
            now=now,
            secret_key=secret_key,
        )
    opened = _opened(session, bare, secret_key=secret_key) if bare else None
    if opened is None:
        _count(session, place=place, public_id=public_id, secret_key=secret_key, now=now)
        raise UnknownInvitation("No invitation has that code.")
    return opened


def _opened(session: Session, bare: str, *, secret_key: str) -> Opened | None:
    """An invitation and an open link may have the same id, but never the same code."""
    public_id = bare[:PUBLIC_ID_LENGTH]
    person = find_person(session, public_id)
    if person is not None and not person.is_revoked:
        generation = person.generation
        if is_printed_code(secret_key, bare, public_id=public_id, generation=generation):
            secret = link_secret(secret_key, public_id=public_id, generation=generation)
            return Opened(public_id, secret)
    door = find_door(session, open_id=public_id)
    if door is not None and door.is_open:
        generation = door.generation
        if is_open_link_code(secret_key, bare, open_id=public_id, generation=generation):
            secret = open_link_secret(secret_key, open_id=public_id, generation=generation)
            return Opened(public_id, secret, is_open_link=True)
    return None


def _count(session: Session, *, place: str, public_id: str, secret_key: str, now: datetime) -> None:
    failed = {attempts.Scope.CODE_BY_ADDRESS: place}
    if public_id:
        failed[attempts.Scope.CODE_BY_INVITATION] = public_id
    for scope, key in failed.items():
        attempts.record_failure(session, scope=scope, key=key, now=now, secret_key=secret_key)
