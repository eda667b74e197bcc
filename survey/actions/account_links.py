"""Links with which somebody sets a password: from an invitation, or after forgetting one.

A link is signed, runs out, and is bound to the account's generation: setting a password makes a
new generation, so a link works once, and an older one not at all. None is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from survey.actions import attempts, outbox
from survey.actions.accounts import normal_email, set_password
from survey.actions.attempts import Scope
from survey.actions.outbox import MailKind
from survey.data import accounts, audit
from survey.data.audit import AuditAction
from survey.data.models import Account
from survey.data.outbox import Claimed
from survey.errors import NotFound

if TYPE_CHECKING:
    from survey.actions.mail_links import Doors


class LinkKind(StrEnum):
    """Why somebody was sent a link to set a password."""

    INVITATION = "invitation"
    FORGOTTEN = "forgotten"


LASTS: dict[LinkKind, timedelta] = {
    LinkKind.INVITATION: timedelta(days=7),
    LinkKind.FORGOTTEN: timedelta(hours=2),
}
"""How long a link works, counted from when its message was sent."""


class SpentLink(NotFound):
    """A link to set a password has run out, was used, or was replaced by a newer one."""


@dataclass(frozen=True)
class PasswordLink:
    """A link that still works, and whose it is."""

    kind: LinkKind
    account: Account


def token(secret_key: str, *, kind: LinkKind, account_id: str, generation: int) -> str:
    """The secret part of a link to set a password."""
    return _serializer(secret_key, kind).dumps([account_id, generation])


def path(secret_key: str, *, kind: LinkKind, account_id: str, generation: int) -> str:
    """The path of a link to set a password, to stand after the address of the installation."""
    secret = token(secret_key, kind=kind, account_id=account_id, generation=generation)
    return f"/set-password/{secret}"


def read_link(session: Session, *, text: str, secret_key: str) -> PasswordLink:
    """Whose link it is. Raises SpentLink for one that does not work, whatever the reason."""
    for kind in LinkKind:
        try:
            account_id, generation = _serializer(secret_key, kind).loads(
                text, max_age=int(LASTS[kind].total_seconds())
            )
        except (BadData, ValueError, TypeError):
            continue
        account = accounts.find_account(session, account_id=account_id)
        if (
            account is not None
            and account.session_generation == generation
            and account.deactivated_at_utc is None
        ):
            return PasswordLink(kind, account)
    raise SpentLink("This link does not work any more.")


def set_password_by_link(
    session: Session, *, text: str, password: str, now: datetime, secret_key: str
) -> Account:
    """Sets the password a link was sent for; the link is spent with it.

    Raises SpentLink, and InvalidAccount for a password that is not good enough.
    """
    link = read_link(session, text=text, secret_key=secret_key)
    set_password(session, account=link.account, password=password, now=now)
    return link.account


def ask_for_link(
    session: Session, *, email: str, place: str, now: datetime, secret_key: str
) -> None:
    """Sends a link to an address that has an account; for another nothing happens.

    Nobody learns which it was. Raises TooManyAttempts for a place that has asked too often, or an
    address for which it was asked too often.
    """
    address = normal_email(email)
    limits = ((Scope.LINK_BY_ADDRESS, place), (Scope.LINK_BY_EMAIL, address))
    for scope, key in limits:
        attempts.check(session, scope=scope, key=key, now=now, secret_key=secret_key)
    for scope, key in limits:
        attempts.record_failure(session, scope=scope, key=key, now=now, secret_key=secret_key)
    account = accounts.find_by_email(session, email=address)
    if account is None or account.deactivated_at_utc is not None:
        return
    was_put = outbox.put(
        session,
        kind=MailKind.PASSWORD_LINK,
        to=account.email,
        key=_key("password", account, now),
        now=now,
        account_id=account.id,
    )
    if was_put:
        audit.record(session, action=AuditAction.PASSWORD_LINK_ASKED, at=now, account_id=account.id)


def send_invitation(
    session: Session, *, account: Account, inviter: str, role: str, now: datetime
) -> bool:
    """Sends the invitation to set a password; False where it was sent in this very minute.

    `role` says in words what the person is invited as, such as "council officer of …".
    """
    return outbox.put(
        session,
        kind=MailKind.ACCOUNT_INVITATION,
        to=account.email,
        key=_key("invited", account, now),
        now=now,
        account_id=account.id,
        facts={"inviter": inviter, "role": role},
    )


def invitation_link(session: Session, message: Claimed, doors: Doors) -> str | None:
    """The link of an invitation to set a password; None once a password has been set."""
    account = accounts.find_account(session, account_id=message.account_id or "")
    if account is None or account.password_hash is not None or account.deactivated_at_utc:
        return None
    return _link(account, LinkKind.INVITATION, doors)


def forgotten_link(session: Session, message: Claimed, doors: Doors) -> str | None:
    """The link to set a new password; None for an account that is deactivated."""
    account = accounts.find_account(session, account_id=message.account_id or "")
    if account is None or account.deactivated_at_utc:
        return None
    return _link(account, LinkKind.FORGOTTEN, doors)


def _link(account: Account, kind: LinkKind, doors: Doors) -> str:
    end = path(
        doors.secret_key, kind=kind, account_id=account.id, generation=account.session_generation
    )
    return f"{doors.base_url}{end}"


def _key(what: str, account: Account, now: datetime) -> str:
    # A form sent twice by a double click makes one message; asked for again later, another.
    return f"{what}:{account.id}:{account.session_generation}:{now:%Y-%m-%dT%H:%M}"


def _serializer(secret_key: str, kind: LinkKind) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=f"set-password:{kind}")
