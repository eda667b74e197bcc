"""Who may open a page. Every route wears one of these; a test walks the map and looks for it.

The decorator marks the function and does the check that needs no record: being signed in, or
holding an invitation's cookie. Whether a council's round may be seen stands in the query.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """What a visitor needs to open a page."""

    ANYBODY = "anybody"
    INVITATION = "invitation"
    SIGNED_IN = "signed in"


def _mark(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]  # the mark the route test reads
    return view


def anybody(view: View) -> View:
    """A page that everybody may open."""
    return _mark(view, Access.ANYBODY)


def invitation(view: View) -> View:
    """A page for the holder of an invitation. The view loads it by `respond_session.current`."""
    return _mark(view, Access.INVITATION)


def signed_in(view: View) -> View:
    """A page for somebody signed in; others are sent to sign in and back again."""
    from survey.web.sign_in import current_account

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if current_account() is None:
            return _to_sign_in()
        return view(*args, **kwargs)

    return _mark(wrapped, Access.SIGNED_IN)  # type: ignore[return-value]  # same signature


def needs(*roles: str) -> Callable[[View], View]:
    """A page for people who hold one of these roles (`survey.data.accounts.Role`).

    For whom they hold it stands in the query that loads what the page is about, so that what
    belongs to another council is not found. Others are sent to sign in.
    """

    def decorate(view: View) -> View:
        checked = signed_in(view)

        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            g.roles_asked = frozenset(roles)
            return checked(*args, **kwargs)

        wrapped.roles = frozenset(roles)  # type: ignore[attr-defined]  # the access matrix reads it
        return _mark(wrapped, Access.SIGNED_IN)  # type: ignore[return-value]  # same signature

    return decorate


def _to_sign_in() -> Response:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.sign_in", next=target))
