"""The one table from what went wrong to a status and a page."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from question_banks.errors import BankError
from survey.actions.account_links import SpentLink
from survey.data.health import find_outage
from survey.errors import (
    AlreadySubmitted,
    NotAllowedNow,
    NotFound,
    RevokedInvitation,
    RoundNotOpen,
    RoundWithdrawn,
    SignedOut,
    SurveyError,
    TooManyAttempts,
    UnknownInvitation,
)
from survey.settings import ROOT

logger = logging.getLogger(__name__)

OWN_CODE = tuple(str(ROOT / name) for name in ("survey", "analysis", "question_banks"))
LONGEST_CODE = 40
"""What is longer than the code of any option was written by hand."""


@dataclass(frozen=True)
class ErrorPage:
    """A status and the template that explains it."""

    status: int
    template: str


PAGES: dict[type[Exception], ErrorPage] = {
    SpentLink: ErrorPage(410, "errors/spent_link.html"),
    NotFound: ErrorPage(404, "errors/not_found.html"),
    UnknownInvitation: ErrorPage(404, "errors/unknown_invitation.html"),
    RevokedInvitation: ErrorPage(410, "errors/revoked_invitation.html"),
    AlreadySubmitted: ErrorPage(410, "errors/already_submitted.html"),
    RoundWithdrawn: ErrorPage(410, "errors/round_withdrawn.html"),
    RoundNotOpen: ErrorPage(403, "errors/round_not_open.html"),
    TooManyAttempts: ErrorPage(429, "errors/too_many_attempts.html"),
    NotAllowedNow: ErrorPage(409, "errors/not_allowed_now.html"),
}

BY_STATUS: dict[int, str] = {
    400: "errors/bad_request.html",
    403: "errors/not_found.html",
    404: "errors/not_found.html",
    405: "errors/not_found.html",
    413: "errors/too_large.html",
    500: "errors/failed.html",
}


WRITTEN_ON = frozenset(
    {
        "respond.save_page",
        "entry.save_part",
        "team.add_member",
        "team.change_member",
        "manage.decide_comment",
        "agencies.record_briefing",
        "manage.reopen_now",
        "manage.extend_now",
        "manage.withdraw_now",
        "watch.record_check",
        "results.save_decision",
        "compare.decide_wording",
        "compare.add_note",
        "compare.bring_in",
        "contribute_evidence.add",
        "return_evidence.add",
        "return_lead.send_request",
        "return_review.answer_about_time",
        "return_review.save_score",
        "return_review.send_back_now",
        "returns.save_page",
        "returns.add_note",
        "returns.save_choice",
        "returns.send_back",
        "contribute.save_page",
        "contribute.add_note",
        "contribute.save_choice",
        "contribute.send_back",
    }
)
"""Pages on which people write at length. None of them holds a password."""


def init_app(app: Flask) -> None:
    """Registers a page for every error in the table, and one for all others."""
    for error_class, page in PAGES.items():
        app.register_error_handler(error_class, _renderer(page))
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(SurveyError, _survey_error)
    app.register_error_handler(BankError, _unexpected)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _renderer(page: ErrorPage) -> Callable[[Exception], tuple[str, int, dict[str, str]]]:
    def handle(error: Exception) -> tuple[str, int, dict[str, str]]:
        headers = retry_after(error) if isinstance(error, TooManyAttempts) else {}
        # The form had a good token: it was made here, for the person who sent it.
        shown = render_template(page.template, error=error, typed=typed())
        return shown, page.status, headers

    return handle


def retry_after(error: TooManyAttempts) -> dict[str, str]:
    """The header that tells a program what the page tells people: how many seconds to wait."""
    return {"Retry-After": str(60 * error.minutes)}


def _survey_error(error: SurveyError) -> tuple[str, int]:
    return render_template("errors/not_allowed_now.html", error=error, typed=typed()), 409


def _form_expired(_error: CSRFError) -> tuple[str, int]:
    # Another site's form gets none of its own words back on a page of ours.
    own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return render_template("errors/form_expired.html", typed=typed() if own else []), 400


def _signed_out(_error: SignedOut) -> tuple[str, int]:
    # A form with a good token was made here, for the person who sent it.
    return render_template("errors/signed_out.html", typed=typed()), 403


def _http_error(error: HTTPException) -> tuple[str, int, dict[str, str]]:
    status = error.code or 500
    template = BY_STATUS.get(status, "errors/bad_request.html")
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    # A form that is too large cannot be read again; one for a page that is not there was read.
    written = typed() if status in {403, 404} else []
    return render_template(template, error=error, typed=written), status, headers


def _unexpected(error: Exception) -> tuple[str, int]:
    outage = find_outage(error)
    # The traceback may hold what somebody typed: only the kind and the place are logged.
    kind = type(error).__name__ if outage is None else f"{type(error).__name__} ({outage})"
    logger.error("unexpected %s at %s", kind, _place(error))
    if outage is None:
        return render_template("errors/failed.html", error=error), 500
    is_posted = request.method == "POST"
    page = render_template("errors/out_of_order.html", is_posted=is_posted, typed=typed())
    return page, 503


def _place(error: Exception) -> str:
    """The last line of this program that was running; what it called is the kind's business."""
    frames = [
        (frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    own = [place for place in frames if place[0].startswith(OWN_CODE)]
    found = own[-1:] or frames[-1:]
    return f"{found[0][0]}:{found[0][1]}" if found else "unknown"


def typed() -> list[str]:
    """What somebody wrote in their own words on a page that could not be saved, to copy it."""
    if request.endpoint not in WRITTEN_ON:
        return []
    return [
        value
        for name, values in request.form.lists()
        for value in values
        if name != "csrf_token" and (len(value.split()) > 1 or len(value) > LONGEST_CODE)
    ]
