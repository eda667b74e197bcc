"""Pages anybody may open: the first page, the code, and what the law and courtesy ask for."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.actions.codes import enter_code
from survey.clock import now
from survey.data.health import is_reachable
from survey.errors import TooManyAttempts, UnknownInvitation
from survey.extensions import db
from survey.web import access
from survey.web.error_pages import retry_after
from survey.web.respond_session import keep_secret
from survey.web.sign_in import settings

public = Blueprint("public", __name__)

WRONG_CODE = "That code does not match. Check the letters and numbers on your letter"


@public.get("/")
@access.anybody
def home() -> str:
    """The first page."""
    return render_template("public/home.html")


@public.get("/code")
@access.anybody
def code() -> str:
    """Where a printed code is typed."""
    return render_template("public/code.html", typed="", error="")


@public.post("/code")
@access.anybody
def use_code() -> str | tuple[str, int, dict[str, str]] | AnyResponse:
    """Opens the questionnaire a printed code belongs to. Failures are counted, and limited."""
    typed = request.form.get("code", "")[:100]
    try:
        opened = enter_code(
            db.session(),
            typed=typed,
            address=request.remote_addr or "",
            secret_key=settings().secret_key,
            now=now(),
        )
    except UnknownInvitation:
        db.session.commit()  # the failure is counted
        return render_template("public/code.html", typed=typed, error=WRONG_CODE)
    except TooManyAttempts as error:
        page = render_template("public/code.html", typed=typed, error=str(error))
        return page, 429, retry_after(error)
    if opened.is_open_link:
        return redirect(url_for("joining.join", open_id=opened.public_id, secret=opened.secret))
    target = url_for("respond.resume", public_id=opened.public_id)
    return keep_secret(redirect(target), public_id=opened.public_id, secret=opened.secret)


@public.get("/privacy")
@access.anybody
def privacy() -> str:
    """What is kept, for how long, who sees it: true to the code."""
    return render_template("public/privacy.html", retention_days=settings().retention_days)


@public.get("/accessibility")
@access.anybody
def accessibility() -> str:
    """How accessible this is, and what to do about a barrier."""
    return render_template("public/accessibility.html")


@public.get("/cookies")
@access.anybody
def cookies() -> str:
    """The cookies there are."""
    minutes = settings().session_minutes
    return render_template("public/cookies.html", minutes=minutes)


@public.get("/left")
@access.anybody
def left() -> str:
    """Says that this browser no longer opens the questionnaire."""
    return render_template("public/left.html")


@public.get("/lost-link")
@access.anybody
def lost_link() -> str:
    """What to do without one's link or code."""
    return render_template("public/lost_link.html")


@public.get("/healthz")
@access.anybody
def health() -> tuple[dict[str, str], int]:
    """For a monitor: whether the application can reach its database."""
    if not is_reachable(db.session()):
        return {"status": "the database cannot be reached"}, 503
    return {"status": "ok"}, 200
