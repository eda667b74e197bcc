"""Limits on guessing. Failures are counted, never successes: a whole hospital may sit behind one
address, and everybody there must be able to get in.

The count lives in the database, so it holds for any number of workers. What failed is kept only
as a keyed hash and is deleted after an hour.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from survey.data import attempts
from survey.errors import TooManyAttempts


class Scope(StrEnum):
    """What is limited, and by what."""

    SIGN_IN_BY_ADDRESS = "sign_in_by_address"
    SIGN_IN_BY_EMAIL = "sign_in_by_email"
    SECOND_FACTOR_BY_ACCOUNT = "second_factor_by_account"
    LINK_BY_ADDRESS = "link_by_address"
    LINK_BY_EMAIL = "link_by_email"
    CODE_BY_ADDRESS = "code_by_address"
    CODE_BY_INVITATION = "code_by_invitation"
    CODE_TAKEN_BY_ADDRESS = "code_taken_by_address"
    CODE_SENT_BY_EMAIL = "code_sent_by_email"


@dataclass(frozen=True)
class Limit:
    """How many failures are allowed within how long."""

    failures: int
    window: timedelta


LIMITS: dict[Scope, Limit] = {
    Scope.SIGN_IN_BY_ADDRESS: Limit(10, timedelta(minutes=15)),
    # Higher than by address: whoever knows a manager's address must not shut them out easily.
    Scope.SIGN_IN_BY_EMAIL: Limit(50, timedelta(minutes=15)),
    # Three codes of a million are good at any time: this many tries leave a guesser, who would need
    # the password too, one chance in seven hundred after a whole day.
    Scope.SECOND_FACTOR_BY_ACCOUNT: Limit(5, timedelta(minutes=15)),
    # Every asking counts here, since nobody is told whether it did anything.
    Scope.LINK_BY_ADDRESS: Limit(10, timedelta(minutes=15)),
    Scope.LINK_BY_EMAIL: Limit(3, timedelta(minutes=15)),
    # A code has 60 random bits, so that this many tries find none; and a ward behind one address,
    # where everybody mistypes once, is not shut out by the tenth.
    Scope.CODE_BY_ADDRESS: Limit(50, timedelta(minutes=15)),
    Scope.CODE_BY_INVITATION: Limit(30, timedelta(hours=1)),
    # Codes taken by an open link, which are no failures: a whole briefing may take theirs at once
    # behind one address, but one visitor must not take those of everybody.
    Scope.CODE_TAKEN_BY_ADDRESS: Limit(100, timedelta(minutes=15)),
    # Anybody with an open link can have a link sent to any address: a mailbox that a team shares
    # gets some, and nobody's is flooded.
    Scope.CODE_SENT_BY_EMAIL: Limit(5, timedelta(minutes=15)),
}
KEPT_FOR = max(limit.window for limit in LIMITS.values())


def check(session: Session, *, scope: Scope, key: str, now: datetime, secret_key: str) -> None:
    """Raises TooManyAttempts where the limit has been reached; otherwise does nothing."""
    limit = LIMITS[scope]
    hashed = _hashed(scope, key, secret_key)
    times = attempts.list_times(session, key=hashed, since=now - limit.window)
    if len(times) >= limit.failures:
        # One more try is allowed when enough of them have left the window.
        free_at = times[limit.failures - 1] + limit.window
        raise TooManyAttempts(max(1, math.ceil((free_at - now).total_seconds() / 60)))


def record_failure(
    session: Session, *, scope: Scope, key: str, now: datetime, secret_key: str
) -> None:
    """Counts one failure, and deletes those too old to count."""
    attempts.delete_before(session, before=now - KEPT_FOR)
    attempts.add(session, key=_hashed(scope, key, secret_key), at=now)


def place_of(address: str | None) -> str:
    """The address a visitor counts under: for IPv6 its /64, which one visitor may hold whole.

    >>> place_of("2001:db8::1") == place_of("2001:db8::2"), place_of("192.0.2.7")
    (True, '192.0.2.7')
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _hashed(scope: Scope, key: str, secret_key: str) -> str:
    text = f"{scope}\n{key}".encode()
    return hmac.new(secret_key.encode(), text, hashlib.sha256).hexdigest()
