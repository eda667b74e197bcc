"""Accounts: making one, signing in, changing and resetting a password; and making a council."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from survey.actions import attempts
from survey.actions.attempts import Scope
from survey.data import accounts, audit
from survey.data.audit import AuditAction
from survey.data.models import Account, Council
from survey.errors import SurveyError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
"""Nobody types more; hashing a book would be a cheap way to keep the server busy."""

# OWASP's first choice for Argon2id: hard enough, and a worker stays under 100 MB.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class InvalidAccount(SurveyError):
    """An account, a council or a password cannot be made like this; the message says why."""


def normal_email(email: str) -> str:
    """An e-mail address as it is stored and compared.

    >>> normal_email("  Pat.Lee@Example.ORG ")
    'pat.lee@example.org'
    """
    return email.strip().lower()


def password_fault(password: str, *, email: str) -> str | None:
    """What is wrong with a new password, as an instruction, or None.

    >>> password_fault("short", email="pat@example.org")
    'Password must be 12 characters or more'
    >>> password_fault("three ordinary words", email="pat@example.org") is None
    True
    """
    if len(password) < SHORTEST_PASSWORD:
        return f"Password must be {SHORTEST_PASSWORD} characters or more"
    if len(password) > LONGEST_PASSWORD:
        return f"Password must be {LONGEST_PASSWORD} characters or fewer"
    if len(set(password)) < 4 or normal_email(password) == normal_email(email):
        return "Choose a password that is harder to guess, such as three or four words"
    return None


def check_email(email: str) -> str:
    """An e-mail address as it is stored. Raises InvalidAccount where it cannot be one."""
    address = normal_email(email)
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise InvalidAccount(f"{email[:300]!r} is not an e-mail address.")
    return address


def check_name(name: str) -> str:
    """A person's name without spaces around it. Raises InvalidAccount where there is none."""
    called = " ".join(name.split())
    if not called or len(called) > 200:
        raise InvalidAccount("An account needs a name of 200 characters or fewer.")
    return called


def create_account(
    session: Session, *, email: str, name: str, password: str, now: datetime
) -> Account:
    """Makes an account. Raises InvalidAccount where the address, the name or the password is wrong,
    or the address has an account already.
    """
    address, called = check_email(email), check_name(name)
    fault = password_fault(password, email=address)
    if fault is not None:
        raise InvalidAccount(f"{fault}.")
    if accounts.find_by_email(session, email=address) is not None:
        raise InvalidAccount(f"{address} has an account already.")
    return accounts.add_account(
        session, email=address, name=called, password_hash=_hash(password), now=now
    )


def create_council(session: Session, *, slug: str, name: str) -> Council:
    """Makes a council. Raises InvalidAccount where the slug or the name is wrong or taken."""
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise InvalidAccount(
            f"{slug!r} cannot name a council in commands: use lower-case letters, digits and "
            "single hyphens, 60 characters at most."
        )
    if not name.strip() or len(name.strip()) > 200:
        raise InvalidAccount("A council needs a name of 200 characters or fewer.")
    if accounts.find_council(session, slug=slug) is not None:
        raise InvalidAccount(f"There is a council called {slug!r} already.")
    if accounts.find_council_by_name(session, name=name.strip()) is not None:
        raise InvalidAccount(f"There is a council with the name {name.strip()!r} already.")
    return accounts.add_council(session, slug=slug, name=name.strip())


def add_manager(session: Session, *, account: Account, council: Council) -> None:
    """Lets an account manage a council's reviews; nothing happens where it does already."""
    if not accounts.is_member(session, account_id=account.id, council_id=council.id):
        accounts.add_membership(session, account_id=account.id, council_id=council.id)


def sign_in(
    session: Session,
    *,
    email: str,
    password: str,
    place: str,
    now: datetime,
    secret_key: str,
) -> Account | None:
    """The account, where the password is right; otherwise None, and the failure is counted.

    A deactivated account has no right password, nor has one without any. It takes the same time
    whether or not the address has an account. Raises TooManyAttempts for an address or a place
    (see `attempts.place_of`) that has failed too often, without looking at the password.
    """
    address = normal_email(email)
    limits = ((Scope.SIGN_IN_BY_ADDRESS, place), (Scope.SIGN_IN_BY_EMAIL, address))
    for scope, key in limits:
        attempts.check(session, scope=scope, key=key, now=now, secret_key=secret_key)
    account = accounts.find_by_email(session, email=address)
    stored = None if account is None else account.password_hash
    is_right = _is_right(stored or _hash_of_nobody(), password)
    if not is_right or account is None or stored is None or account.deactivated_at_utc:
        for scope, key in limits:
            attempts.record_failure(session, scope=scope, key=key, now=now, secret_key=secret_key)
        return None
    if _hasher.check_needs_rehash(stored):
        account.password_hash = _hash(password)
    return account


def change_password(
    session: Session,
    *,
    account_id: str,
    current: str,
    new: str,
    now: datetime,
    secret_key: str,
) -> Account | None:
    """Sets a new password for somebody who knows the old one, and ends their other sessions.

    None where the old one is wrong, which is counted as a failure to sign in. Raises
    InvalidAccount for a new password that is not good enough, and TooManyAttempts.
    """
    account = accounts.find_account(session, account_id=account_id)
    if account is None or account.password_hash is None:
        return None
    scope = Scope.SIGN_IN_BY_EMAIL
    attempts.check(session, scope=scope, key=account.email, now=now, secret_key=secret_key)
    if not _is_right(account.password_hash, current):
        attempts.record_failure(
            session, scope=scope, key=account.email, now=now, secret_key=secret_key
        )
        return None
    set_password(session, account=account, password=new, now=now)
    return account


def set_password(session: Session, *, account: Account, password: str, now: datetime) -> None:
    """Sets a password and ends every session. Raises InvalidAccount with what is wrong with it."""
    fault = password_fault(password, email=account.email)
    if fault is not None:
        raise InvalidAccount(f"{fault}.")
    account.password_hash = _hash(password)
    account.session_generation += 1
    audit.record(session, action=AuditAction.PASSWORD_SET, at=now, account_id=account.id)


def _normal_password(password: str) -> str:
    # The same accent can be typed as one character or two, depending on the keyboard.
    return unicodedata.normalize("NFKC", password)


def _hash(password: str) -> str:
    return _hasher.hash(_normal_password(password))


def _is_right(stored: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _hasher.verify(stored, _normal_password(password))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return _hash(secrets.token_urlsafe(32))
