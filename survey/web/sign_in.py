"""Who is signed in: what the session cookie says, checked against the account."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, g, session

from survey.data.accounts import find_account
from survey.errors import NotFound
from survey.extensions import db
from survey.settings import Settings


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in, as pages know them."""

    id: str
    email: str
    name: str


def settings() -> Settings:
    """The settings this application was made with."""
    found: Settings = current_app.extensions["signpost_settings"]
    return found


def current_account() -> SignedIn | None:
    """Who is signed in, or None. Asked of the database once per request.

    A session of an older generation (before a password change or a sign-out) is nobody's.
    """
    if "signed_in" not in g:
        g.signed_in = _load()
    found: SignedIn | None = g.signed_in
    return found


def known_account() -> SignedIn | None:
    """Who is signed in, if this request has asked already: a page of errors must ask nothing."""
    found: SignedIn | None = g.get("signed_in")
    return found


def require_account() -> SignedIn:
    """Who is signed in, on a page that only they can open. Raises NotFound otherwise."""
    account = current_account()
    if account is None:
        raise NotFound("Nobody is signed in.")
    return account


def start_session(*, account_id: str, generation: int) -> None:
    """Signs somebody in. Whatever the session held before is thrown away, its form tokens too."""
    session.clear()
    session.permanent = True
    session["account_id"] = account_id
    session["generation"] = generation
    g.pop("signed_in", None)


def end_session() -> None:
    """Forgets everything this browser's session held."""
    session.clear()
    g.pop("signed_in", None)


def local_path(target: str | None) -> str | None:
    """`target`, when it is a path of this site and nothing else; otherwise None.

    >>> local_path("/manage/rounds?page=2"), local_path("//example.org"), local_path("/\\\\evil")
    ('/manage/rounds?page=2', None, None)
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 32 for character in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def _load() -> SignedIn | None:
    account_id = session.get("account_id")
    if not isinstance(account_id, str):
        return None
    account = find_account(db.session(), account_id=account_id)
    if account is None or account.session_generation != session.get("generation"):
        return None
    return SignedIn(id=account.id, email=account.email, name=account.name)
