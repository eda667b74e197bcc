"""Security headers on every response, and a read-only database for requests that may not write."""

from __future__ import annotations

from flask import Flask, Response, request

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
    app.after_request(_add_headers)


def _mark_read_only() -> None:
    READ_ONLY.set(request.method in {"GET", "HEAD", "OPTIONS"})


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    # An address with a secret in it must not be passed on to the next site.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    # Pages are never kept: the back button after submission asks the server again.
    response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
