"""The cookie that holds the secret part of a contributor's link.

Its path is the contributor's own address, so that two returns in one browser stay apart.
"""

from __future__ import annotations

from datetime import timedelta

from flask import request, url_for
from werkzeug.wrappers import Response

from survey.actions.returns_people import get_by_link
from survey.data.returns_people import Contributor
from survey.errors import UnknownInvitation
from survey.extensions import db
from survey.web import cookies
from survey.web.sign_in import settings

COOKIE = "signpost_contributor"
KEPT_FOR = timedelta(days=120)


def keep_secret(response: Response, *, public_id: str, secret: str) -> Response:
    """Puts the secret in a cookie that is sent to this contributor's pages only."""
    path = url_for("contribute.overview", public_id=public_id)
    return cookies.keep(response, COOKIE, secret, path=path, kept_for=KEPT_FOR)


def forget_secret(response: Response, *, public_id: str) -> Response:
    """Takes the secret out of this browser; the link opens the pages again."""
    path = url_for("contribute.overview", public_id=public_id)
    return cookies.forget(response, COOKIE, path=path)


def current(public_id: str) -> Contributor:
    """The contributor whose page is asked for, ended or not. Raises UnknownInvitation."""
    secret = request.cookies.get(COOKIE)
    if secret is None:
        raise UnknownInvitation("This browser has not opened the link yet.")
    return get_by_link(db.session(), public_id, secret=secret, secret_key=settings().secret_key)
