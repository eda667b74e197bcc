"""Who may open a page. Every route wears one of these; a test walks the map and looks for it.

The decorator marks the function and does the check that needs no record: being signed in with one
of the roles, or holding an invitation's cookie. Whether this council's round may be seen stands in
the query that loads it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from survey.data.accounts import Role
from survey.errors import NotFound, SignedOut
from survey.web.error_pages import WRITTEN_ON

__all__ = [
    "Access",
    "Role",
    "anybody",
    "contributor",
    "first_page",
    "init_app",
    "invitation",
    "may_open",
    "needs",
    "setting_up",
    "signed_in",
]

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """What a visitor needs to open a page."""

    ANYBODY = "anybody"
    INVITATION = "invitation"
    CONTRIBUTOR = "contributor"
    SIGNED_IN = "signed in"


def init_app(app: Flask) -> None:
    """Lets templates ask whether to offer a link, and where a round's pages begin."""
    app.jinja_env.globals["may_open"] = may_open
    app.jinja_env.globals["round_start"] = lambda: first_page(
        g.get("roles_here", frozenset()), is_closed=g.get("is_closed_here", True)
    )


def _mark(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]  # the mark the route test reads
    return view


def anybody(view: View) -> View:
    """A page that everybody may open."""
    return _mark(view, Access.ANYBODY)


def invitation(view: View) -> View:
    """A page for the holder of an invitation. The view loads it by `respond_session.current`."""
    return _mark(view, Access.INVITATION)


def contributor(view: View) -> View:
    """A page for the holder of a contributor's link. The view loads it by `returns_actor`."""
    return _mark(view, Access.CONTRIBUTOR)


def signed_in(view: View) -> View:
    """A page for somebody signed in, whatever their roles; others are sent to sign in and back."""
    return _checked(view, None, sets_up=False)


def setting_up(view: View) -> View:
    """A page for somebody signed in, even one who still has to set up a second factor."""
    return _checked(view, None, sets_up=True)


def needs(*roles: str) -> Callable[[View], View]:
    """A page for people who hold one of these roles (`survey.data.accounts.Role`).

    For whom they hold it stands in the query that loads what the page is about, so that what
    belongs to another council is not found. For people with none of the roles there is no such
    page; strangers are sent to sign in.
    """

    def decorate(view: View) -> View:
        checked = _checked(view, frozenset(roles), sets_up=False)
        checked.roles = frozenset(roles)  # type: ignore[attr-defined]  # the access matrix reads it
        return checked

    return decorate


def _checked(view: View, roles: frozenset[str] | None, *, sets_up: bool) -> View:
    from survey.web.sign_in import current_account

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        account = current_account()
        if account is None:
            if request.method == "POST" and request.endpoint in WRITTEN_ON:
                raise SignedOut("Sign in again to save this page.")
            return _to_sign_in()
        if account.must_set_up_second_factor and not sets_up:
            return redirect(url_for("second_factor.show"))
        if roles is not None:
            if not account.roles & roles:
                raise NotFound("There is no such page for this account.")
            g.roles_asked = roles
        return view(*args, **kwargs)

    return _mark(wrapped, Access.SIGNED_IN)  # type: ignore[return-value]  # same signature


def may_open(endpoint: str) -> bool:
    """Whether to offer somebody signed in a link to a page.

    It counts their roles for the round the page is about, where there is one. What a page shows
    is decided when it is opened, never here.
    """
    from survey.web.sign_in import known_account

    account = known_account()
    if account is None:
        return False
    roles = getattr(current_app.view_functions.get(endpoint), "roles", None)
    held: frozenset[str] = g.get("roles_here", account.roles)
    return roles is None or bool(held & roles)


def first_page(roles: frozenset[str], *, is_closed: bool) -> str:
    """The endpoint of the page of a round that somebody with those roles for it starts on.

    Before a round is closed a team has nothing to read but its dates, and others have nothing.
    """
    if roles & {Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER}:
        return "manage.round"
    if Role.TEAM_MEMBER in roles:
        return "results.findings" if is_closed else "setup.timetable"
    return "benchmark.benchmark"


def _to_sign_in() -> Response:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.sign_in", next=target))
