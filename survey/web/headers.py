"""What holds for every request and response: security headers, a read-only database for requests
that may not write, and forms that stay good for as long as somebody is at work.
"""

from __future__ import annotations

from flask import Flask, Response, abort, request, session

from survey.data.engine import READ_ONLY

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def init_app(app: Flask) -> None:
    """Attaches the headers to every response of the application."""
    app.before_request(_mark_read_only)
    app.before_request(_refuse_nul)
    app.after_request(_keep_forms_good)
    app.after_request(_add_headers)


def _mark_read_only() -> None:
    READ_ONLY.set(request.method in {"GET", "HEAD", "OPTIONS"})


def _refuse_nul() -> None:
    """No keyboard types NUL, and PostgreSQL takes none: better refused here than failed there."""
    # Respondents' pages look at no address that cannot be an id, and clean what is pasted.
    if request.blueprint == "respond":
        return
    if "\0" in request.path:
        abort(404)
    for fields in (request.args, request.form):
        if any("\0" in text for values in fields.listvalues() for text in values):
            abort(400)


def _keep_forms_good(response: Response) -> Response:
    # Else the cookie with the forms' token would run out at a fixed time after the first page,
    # however lately the form was opened; a permanent session is renewed by every page.
    if "csrf_token" in session and not session.permanent:
        session.permanent = True
    return response


def _add_headers(response: Response) -> Response:
    # A file that somebody uploaded comes with a stricter one.
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    # An address with a secret in it must not be passed on to the next site.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    # Nothing is kept, files of findings neither: the back button asks the server again. Only a
    # picture that says so itself may be kept by the one browser, which then asks each time.
    if not response.cache_control.private:
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
