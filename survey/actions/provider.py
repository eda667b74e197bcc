"""Signing in with another provider: OpenID Connect, the authorization code flow with PKCE.

An account is never made here. Somebody known by the provider's number for them (issuer and
subject) is signed in; anybody else is linked to the account that was invited under their e-mail
address, where the provider says that the address is verified.

After OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3, and RFC 7636.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.data import accounts, audit, identities
from survey.data.audit import AuditAction
from survey.data.models import Account
from survey.errors import SurveyError
from survey.settings import OidcSettings


class ProviderFailed(SurveyError):
    """The provider did not answer, or what it answered cannot be believed."""


class NotInvited(SurveyError):
    """Nobody was invited under the person's verified address."""


@dataclass(frozen=True)
class Start:
    """Where to send a browser, and what its session must keep until it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Claims:
    """What the provider says of the person who signed in there."""

    issuer: str
    subject: str
    email: str
    """"" where the provider gives no address, or does not vouch for it."""
    proved_twice: bool


def begin(settings: OidcSettings, *, back: str) -> Start:
    """Makes the address to send a browser to. Raises ProviderFailed."""
    from survey.actions import provider_client

    return provider_client.begin(settings, back=back)


def read_answer(
    settings: OidcSettings, *, back: str, code: str, nonce: str, verifier: str
) -> Claims:
    """Exchanges the code a browser came back with, and checks what it stands for.

    The caller has compared the state. Raises ProviderFailed.
    """
    from survey.actions import provider_client

    return provider_client.read_answer(
        settings, back=back, code=code, nonce=nonce, verifier=verifier
    )


def find_or_link(session: Session, claims: Claims, *, now: datetime) -> Account:
    """The account of somebody who signed in at the provider, linked at the first time.

    Raises NotInvited where there is none, it is deactivated, or it is linked to somebody else.
    """
    account = identities.find_account(session, issuer=claims.issuer, subject=claims.subject)
    if account is None and claims.email:
        account = accounts.find_by_email(session, email=claims.email)
        if account is not None and not identities.has_identity(
            session, account_id=account.id, issuer=claims.issuer
        ):
            identities.add_identity(
                session,
                account_id=account.id,
                issuer=claims.issuer,
                subject=claims.subject,
                now=now,
            )
            audit.record(session, action=AuditAction.IDENTITY_LINKED, at=now, account_id=account.id)
        else:
            account = None
    if account is None or account.deactivated_at_utc is not None:
        raise NotInvited("There is no account for the person who signed in.")
    return account
