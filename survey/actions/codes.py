"""Getting in with a printed code."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import attempts
from survey.actions.tokens import PUBLIC_ID_LENGTH, is_printed_code, link_secret, read_code
from survey.data.invitations import find_person
from survey.errors import UnknownInvitation


def enter_code(
    session: Session, *, typed: str, address: str, secret_key: str, now: datetime
) -> tuple[str, str]:
    """The public id and link secret that a printed code stands for.

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
    person = find_person(session, public_id) if bare else None
    if (
        bare is None
        or person is None
        or person.is_revoked
        or not is_printed_code(secret_key, bare, public_id=public_id, generation=person.generation)
    ):
        _count(session, place=place, public_id=public_id, secret_key=secret_key, now=now)
        raise UnknownInvitation("No invitation has that code.")
    return public_id, link_secret(secret_key, public_id=public_id, generation=person.generation)


def _count(session: Session, *, place: str, public_id: str, secret_key: str, now: datetime) -> None:
    failed = {attempts.Scope.CODE_BY_ADDRESS: place}
    if public_id:
        failed[attempts.Scope.CODE_BY_INVITATION] = public_id
    for scope, key in failed.items():
        attempts.record_failure(session, scope=scope, key=key, now=now, secret_key=secret_key)
