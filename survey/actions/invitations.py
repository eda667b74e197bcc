"""Invitations that are there: listing links and codes, finding, withdrawing and replacing one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions.tokens import (
    ALPHABET,
    PUBLIC_ID_LENGTH,
    is_link_secret,
    is_printed_code,
    link_secret,
    printed_code,
    read_code,
)
from survey.data import audit, round_invitations
from survey.data.audit import AuditAction
from survey.data.models import Invitation
from survey.data.round_invitations import list_invitations
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotAllowedNow, NotFound


@dataclass(frozen=True)
class Letter:
    """What one person is sent: a link to click and a code to type. Both are secrets."""

    agency: str
    sector: str
    label: str
    email: str
    link: str
    code: str
    has_submitted: bool


def list_letters(
    session: Session,
    found: RoundOfCouncil,
    *,
    secret_key: str,
    base_url: str,
    unused_only: bool = False,
) -> list[Letter]:
    """The link and the code of every invitation that can be used: by agency, then by name.

    Those that somebody took by an open link are theirs alone and are left out.
    """
    return [
        Letter(
            agency=one.agency,
            sector=one.sector,
            label=one.label,
            email=one.email,
            link=link,
            code=code,
            has_submitted=one.has_submitted,
        )
        for one in list_invitations(session, round_id=found.round.id)
        if not one.is_revoked and not one.minted and not (unused_only and one.has_submitted)
        for link, code in [
            link_and_code(
                secret_key, base_url=base_url, public_id=one.public_id, generation=one.generation
            )
        ]
    ]


def link_and_code(
    secret_key: str, *, base_url: str, public_id: str, generation: int
) -> tuple[str, str]:
    """The whole address a person is sent, and the code that stands for it on paper."""
    secret = link_secret(secret_key, public_id=public_id, generation=generation)
    code = printed_code(secret_key, public_id=public_id, generation=generation)
    return f"{base_url}/i/{public_id}/{secret}", code


_LINK = re.compile(r"/i/([^/\s]+)/([^/\s?#]+)")


def find_invitation(session: Session, given: str, *, secret_key: str) -> Invitation:
    """The invitation of a link, a printed code or a public id.

    The secret part of a link or code is checked, so that a slip of the hand does not name somebody
    else's. Raises NotFound.
    """
    link, code = _LINK.search(given), read_code(given)
    bare = given.strip().upper()
    if link:
        public_id = link[1]
    elif code:
        public_id = code[:PUBLIC_ID_LENGTH]
    elif len(bare) == PUBLIC_ID_LENGTH and set(bare) <= set(ALPHABET):
        public_id = bare
    else:
        raise NotFound("That is neither a link nor a printed code nor the first six of a code.")
    invitation = round_invitations.find_invitation(session, public_id=public_id)
    if invitation is None or not (
        _is_secret_of(invitation, link[2], secret_key)
        if link
        else _is_code_of(invitation, code, secret_key)
        if code
        else True
    ):
        raise NotFound("No invitation has that link or code.")
    return invitation


def _is_secret_of(invitation: Invitation, secret: str, key: str) -> bool:
    return any(
        is_link_secret(key, secret, public_id=invitation.public_id, generation=generation)
        for generation in range(invitation.generation, 0, -1)
    )


def _is_code_of(invitation: Invitation, code: str, key: str) -> bool:
    return any(
        is_printed_code(key, code, public_id=invitation.public_id, generation=generation)
        for generation in range(invitation.generation, 0, -1)
    )


def revoke(
    session: Session, invitation: Invitation, *, now: datetime, account_id: str | None = None
) -> None:
    """Makes an invitation's link and code useless; answers already sent in stay."""
    if invitation.revoked_at_utc is not None:
        raise NotAllowedNow("That invitation was withdrawn already.")
    invitation.revoked_at_utc = now
    _record(session, invitation, AuditAction.INVITATION_REVOKED, now, account_id)


def replace(
    session: Session, invitation: Invitation, *, now: datetime, account_id: str | None = None
) -> None:
    """Gives an invitation a new link and code; the old ones stop working and the draft stays."""
    invitation.generation += 1
    invitation.revoked_at_utc = None
    _record(session, invitation, AuditAction.INVITATION_REPLACED, now, account_id)


def _record(
    session: Session,
    invitation: Invitation,
    action: AuditAction,
    now: datetime,
    account_id: str | None,
) -> None:
    session.flush()
    council_id, slug = round_invitations.get_place(session, invitation_id=invitation.id)
    audit.record(
        session,
        action=action,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": slug},
    )
