"""Cookies that hold a secret: for our pages only, out of reach of scripts, encrypted on the way."""

from __future__ import annotations

from datetime import timedelta

from werkzeug.wrappers import Response

from survey.web.sign_in import settings


def keep(
    response: Response, name: str, value: str, *, path: str, kept_for: timedelta | None = None
) -> Response:
    """Puts a secret in a cookie for addresses below `path`; without a time, until the browser is
    closed.
    """
    response.set_cookie(
        name,
        value,
        max_age=kept_for,
        path=path,
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: Response, name: str, *, path: str) -> Response:
    """Takes such a cookie out of the browser."""
    response.delete_cookie(
        name, path=path, secure=settings().secure_cookies, httponly=True, samesite="Lax"
    )
    return response
