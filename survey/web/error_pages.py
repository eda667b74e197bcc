"""The one table from what went wrong to a status and a page."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from question_banks.errors import BankError
from survey.errors import (
    AlreadySubmitted,
    NotAllowedNow,
    NotFound,
    RevokedInvitation,
    RoundNotOpen,
    SurveyError,
    TooManyAttempts,
    UnknownInvitation,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ErrorPage:
    """A status and the template that explains it."""

    status: int
    template: str


PAGES: dict[type[Exception], ErrorPage] = {
    NotFound: ErrorPage(404, "errors/not_found.html"),
    UnknownInvitation: ErrorPage(404, "errors/unknown_invitation.html"),
    RevokedInvitation: ErrorPage(410, "errors/revoked_invitation.html"),
    AlreadySubmitted: ErrorPage(410, "errors/already_submitted.html"),
    RoundNotOpen: ErrorPage(403, "errors/round_not_open.html"),
    TooManyAttempts: ErrorPage(429, "errors/too_many_attempts.html"),
    NotAllowedNow: ErrorPage(409, "errors/not_allowed_now.html"),
    CSRFError: ErrorPage(400, "errors/form_expired.html"),
}

BY_STATUS: dict[int, str] = {
    400: "errors/bad_request.html",
    403: "errors/not_found.html",
    404: "errors/not_found.html",
    405: "errors/not_found.html",
    413: "errors/too_large.html",
    500: "errors/failed.html",
}


def init_app(app: Flask) -> None:
    """Registers a page for every error in the table, and one for all others."""
    for error_class, page in PAGES.items():
        app.register_error_handler(error_class, _renderer(page))
    app.register_error_handler(SurveyError, _survey_error)
    app.register_error_handler(BankError, _unexpected)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _renderer(page: ErrorPage):  # type: ignore[no-untyped-def]  # Flask types handlers loosely
    def handle(error: Exception) -> tuple[str, int]:
        return render_template(page.template, error=error), page.status

    return handle


def _survey_error(error: SurveyError) -> tuple[str, int]:
    return render_template("errors/not_allowed_now.html", error=error), 409


def _http_error(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    template = BY_STATUS.get(status, "errors/bad_request.html")
    return render_template(template, error=error), status


def _unexpected(error: Exception) -> tuple[str, int]:
    # The traceback may hold what somebody typed: only the kind and the place are logged.
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown"
    logger.error("unexpected %s at %s", type(error).__name__, where)
    return render_template("errors/failed.html", error=error), 500
