"""The cookie that holds the secret part of a respondent's link.

Its path is the invitation's own address, so that two invitations in one browser stay apart.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from survey.actions.answering import get_person
from survey.data.invitations import InvitedPerson
from survey.errors import UnknownInvitation
from survey.extensions import db
from survey.settings import Settings

COOKIE = "signpost_invitation"
KEPT_FOR = timedelta(days=120)


def settings() -> Settings:
    """The settings this application was made with."""
    found: Settings = current_app.extensions["signpost_settings"]
    return found


def keep_secret(response: Response, *, public_id: str, secret: str) -> Response:
    """Puts the secret in a cookie that is sent to this invitation's pages only."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=KEPT_FOR,
        path=url_for("respond.start", public_id=public_id),
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_secret(response: Response, *, public_id: str) -> Response:
    """Takes the secret out of this browser; the link and the code open the pages again."""
    response.delete_cookie(
        COOKIE,
        path=url_for("respond.start", public_id=public_id),
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def current(public_id: str) -> InvitedPerson:
    """The invitation whose page is asked for. Raises UnknownInvitation without its cookie."""
    secret = request.cookies.get(COOKIE)
    if secret is None:
        raise UnknownInvitation("This browser has not opened the link yet.")
    return get_person(db.session(), public_id, secret=secret, secret_key=settings().secret_key)
