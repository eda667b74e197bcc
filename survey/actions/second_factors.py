"""A second factor: six figures from an app that change every half minute (TOTP, RFC 6238).

The secret is encrypted with a key derived from the installation's own. A code is taken once: the
half minute it belongs to is kept, and only a later one is taken after it. Recovery codes stand in
when the app is lost, each once; of those only a keyed hash is stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.orm import Session

from survey.actions import attempts
from survey.actions.attempts import Scope
from survey.data import audit, second_factors, sign_ins
from survey.data.audit import AuditAction
from survey.data.models import Account

STEP_SECONDS = 30
DRIFT = 1
"""How many half minutes an app's clock may be early or late (RFC 6238, section 5.2)."""

RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without characters that are taken for one another."""


def begin(session: Session, *, account_id: str, secret_key: str) -> None:
    """Makes a secret that counts once a code made from it has been typed; an older try is lost.

    Nothing happens to an account that has a second factor.
    """
    account = second_factors.lock_account(session, account_id=account_id)
    if account.totp_confirmed_at_utc is None:
        account.totp_secret = _box(secret_key).encrypt(pyotp.random_base32().encode()).decode()
        account.totp_last_step = None


def pending_secret(account: Account, *, secret_key: str) -> str | None:
    """The secret that waits for its first code, to be shown to its owner alone, or None."""
    return None if account.totp_confirmed_at_utc else _secret(account, secret_key)


def app_address(account: Account, *, secret: str) -> str:
    """What the square code on the page says to an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name="Signpost")


def confirm(
    session: Session,
    *,
    account_id: str,
    session_id: str,
    code: str,
    now: datetime,
    secret_key: str,
) -> list[str] | None:
    """Turns the second factor on and returns the recovery codes; None where the code is wrong.

    Every other session of the account ends. Raises TooManyAttempts.
    """
    account = second_factors.lock_account(session, account_id=account_id)
    if account.totp_confirmed_at_utc is not None:
        return None
    limit = Scope.SECOND_FACTOR_BY_ACCOUNT
    attempts.check(session, scope=limit, key=account_id, now=now, secret_key=secret_key)
    if not _take(account, code, now=now, secret_key=secret_key):
        attempts.record_failure(
            session, scope=limit, key=account_id, now=now, secret_key=secret_key
        )
        return None
    account.totp_confirmed_at_utc = now
    sign_ins.mark_passed(session, session_id=session_id)
    sign_ins.end_all(session, account_id=account_id, at=now, but=session_id)
    audit.record(session, action=AuditAction.SECOND_FACTOR_SET_UP, at=now, account_id=account_id)
    return _new_recovery_codes(session, account_id=account_id, secret_key=secret_key)


def check(
    session: Session, *, account_id: str, code: str, place: str, now: datetime, secret_key: str
) -> bool:
    """Whether a code is right: six figures of the app, or a recovery code, which is then spent.

    A wrong one is counted. Raises TooManyAttempts for an account or a place that failed too often.
    """
    limits = ((Scope.SECOND_FACTOR_BY_ACCOUNT, account_id), (Scope.SIGN_IN_BY_ADDRESS, place))
    # Held before failures are counted, so that many tries sent at once get no more than the limit.
    account = second_factors.lock_account(session, account_id=account_id)
    for scope, key in limits:
        attempts.check(session, scope=scope, key=key, now=now, secret_key=secret_key)
    if account.totp_confirmed_at_utc is not None:
        if _take(account, code, now=now, secret_key=secret_key):
            return True
        hashed = _recovery_hash(code, account_id, secret_key)
        if second_factors.use_recovery_code(
            session, account_id=account_id, code_hash=hashed, at=now
        ):
            audit.record(
                session, action=AuditAction.RECOVERY_CODE_USED, at=now, account_id=account_id
            )
            return True
    for scope, key in limits:
        attempts.record_failure(session, scope=scope, key=key, now=now, secret_key=secret_key)
    return False


def new_recovery_codes(
    session: Session, *, account_id: str, now: datetime, secret_key: str
) -> list[str]:
    """New recovery codes in place of the old ones, to be shown once."""
    audit.record(session, action=AuditAction.RECOVERY_CODES_MADE, at=now, account_id=account_id)
    return _new_recovery_codes(session, account_id=account_id, secret_key=secret_key)


def remove(session: Session, *, account: Account, by: str | None, now: datetime) -> None:
    """Takes an account's second factor away, by its owner, an administrator or a command (None).

    Sessions that passed it go on only where their owner took it away.
    """
    account.totp_secret = None
    account.totp_confirmed_at_utc = None
    account.totp_last_step = None
    second_factors.replace_recovery_codes(session, account_id=account.id, hashes=())
    if by != account.id:
        sign_ins.end_all(session, account_id=account.id, at=now)
    audit.record(
        session,
        action=AuditAction.SECOND_FACTOR_REMOVED,
        at=now,
        account_id=by,
        detail={"person": account.id},
    )


def _take(account: Account, code: str, *, now: datetime, secret_key: str) -> bool:
    """Whether `code` is one of the app's for about now and not taken before; it then is taken."""
    secret = _secret(account, secret_key)
    figures = "".join(character for character in code if not character.isspace())
    if secret is None or len(figures) != 6 or not (figures.isascii() and figures.isdigit()):
        return False
    current = int(now.timestamp()) // STEP_SECONDS
    last = account.totp_last_step if account.totp_last_step is not None else -1
    made = pyotp.TOTP(secret)
    for step in range(current - DRIFT, current + DRIFT + 1):
        if step > last and hmac.compare_digest(made.generate_otp(step), figures):
            account.totp_last_step = step
            return True
    return False


def _secret(account: Account, secret_key: str) -> str | None:
    if account.totp_secret is None:
        return None
    try:
        return _box(secret_key).decrypt(account.totp_secret.encode()).decode()
    except InvalidToken:
        # Encrypted under another SECRET_KEY: no code is right until the factor is set up anew.
        return None


def _box(secret_key: str) -> Fernet:
    derived = hmac.new(secret_key.encode(), b"second factor secrets", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def _new_recovery_codes(session: Session, *, account_id: str, secret_key: str) -> list[str]:
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3))
        for _ in range(RECOVERY_CODES)
    ]
    second_factors.replace_recovery_codes(
        session,
        account_id=account_id,
        hashes=[_recovery_hash(code, account_id, secret_key) for code in codes],
    )
    return codes


def _recovery_hash(code: str, account_id: str, secret_key: str) -> str:
    bare = "".join(character for character in code.lower()[:100] if character.isalnum())
    text = f"recovery code\n{account_id}\n{bare}".encode()
    return hmac.new(secret_key.encode(), text, hashlib.sha256).hexdigest()
