"""The cookie that holds the secret part of a respondent's link.

Its path is the invitation's own address, so that two invitations in one browser stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import request, url_for
from werkzeug.wrappers import Response

from survey.actions.answering import get_person
from survey.data.invitations import InvitedPerson
from survey.errors import UnknownInvitation
from survey.extensions import db
from survey.web import cookies, looks
from survey.web.sign_in import settings

COOKIE = "signpost_invitation"
KEPT_FOR = timedelta(days=120)

JOINED = "signpost_joined"
"""The invitations taken in this browser by open links, so that coming back gives the same one."""
JOINED_PATH = "/join"
MOST_JOINED = 8

MINE = "signpost_mine"
"""Whose questionnaires are shown on one page, for as long as the browser is open."""


def keep_secret(response: Response, *, public_id: str, secret: str) -> Response:
    """Puts the secret in a cookie that is sent to this invitation's pages only."""
    path = url_for("respond.start", public_id=public_id)
    return cookies.keep(response, COOKIE, secret, path=path, kept_for=KEPT_FOR)


def forget_secret(response: Response, *, public_id: str) -> Response:
    """Takes the secret out of this browser; the link and the code open the pages again."""
    _forget_all(response)
    return cookies.forget(response, COOKIE, path=url_for("respond.start", public_id=public_id))


def _forget_all(response: Response) -> Response:
    """Takes out what would lead the next person at this computer to somebody's questionnaires."""
    for name, path in ((JOINED, JOINED_PATH), (MINE, "/")):
        cookies.forget(response, name, path=path)
    return response


@dataclass(frozen=True)
class Joined:
    """An invitation that was taken in this browser by an open link."""

    open_id: str
    public_id: str
    secret: str


def joined_here(open_id: str) -> Joined | None:
    """What was last taken in this browser by that open link, or None."""
    return next((one for one in _joined() if one.open_id == open_id), None)


def _joined() -> list[Joined]:
    parts = [text.split(":") for text in request.cookies.get(JOINED, "")[:500].split(".")]
    return [Joined(*part) for part in parts if len(part) == 3]


def keep_joined(response: Response, new: Joined) -> Response:
    """Remembers what was taken by an open link, in place of what was taken by it before."""
    kept = [new, *(one for one in _joined() if one.open_id != new.open_id)][:MOST_JOINED]
    value = ".".join(f"{one.open_id}:{one.public_id}:{one.secret}" for one in kept)
    return cookies.keep(response, JOINED, value, path=JOINED_PATH, kept_for=KEPT_FOR)


def keep_mine(response: Response, token: str) -> Response:
    """Remembers whose questionnaires are shown, until the browser is closed."""
    return cookies.keep(response, MINE, token, path="/")


def current(public_id: str) -> InvitedPerson:
    """The invitation whose page is asked for. Raises UnknownInvitation without its cookie."""
    secret = request.cookies.get(COOKIE)
    if secret is None:
        raise UnknownInvitation("This browser has not opened the link yet.")
    person = get_person(db.session(), public_id, secret=secret, secret_key=settings().secret_key)
    looks.remember_person(person)
    return person
