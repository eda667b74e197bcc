"""Watching a round: who has answered, whom to ask, what needs reading today, what was shown."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from survey.actions import comments as deciding
from survey.actions import watching
from survey.clock import now
from survey.data import comments, coverage, sent_in
from survey.data.accounts import Role
from survey.extensions import db
from survey.web import round_pages, watch_files, watch_pages
from survey.web.access import needs
from survey.web.presenters_daily import CheckAttempt
from survey.web.sign_in import known_account, require_account

watch = Blueprint("watch", __name__, url_prefix="/manage/<slug>")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422


@watch.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@watch.get("/watch", endpoint="watch")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def show_watch(slug: str) -> Page:
    """Who has answered so far, and whom to ask. Never what anybody answered."""
    page = watch_pages.watch_page(round_pages.load(slug))
    may_ask = Role.REVIEW_MANAGER in g.roles_here
    return render_template("watch/watch.html", page=page, may_ask=may_ask)


@watch.post("/watch/file")
@needs(Role.REVIEW_MANAGER)
def make_file(slug: str) -> Page:
    """Coverage as a file, and on record that it was made."""
    item = round_pages.load(slug)
    made = watch_files.coverage_file(
        item,
        coverage.read_coverage(db.session(), round_id=item.round.id),
        days=sent_in.list_days(db.session(), round_id=item.round.id),
        kind=request.form.get("format", ""),
        now=now(),
    )
    watching.record_file(
        db.session(),
        slug=slug,
        file_format=request.form["format"],
        account_id=require_account().id,
        council_id=item.council.id,
        now=now(),
    )
    db.session.commit()
    answer = send_file(BytesIO(made.data), as_attachment=True, download_name=made.name)
    answer.content_type = made.media_type
    return answer


@watch.get("/watch/people", endpoint="people")
@needs(Role.REVIEW_MANAGER)
def show_people(slug: str) -> Page:
    """People who have not finished: whom to remind."""
    page = watch_pages.people_page(round_pages.load(slug), asked=request.args)
    return render_template("watch/people.html", page=page)


@watch.get("/daily", endpoint="daily")
@needs(Role.REVIEW_MANAGER)
def show_daily(slug: str) -> Page:
    """Flagged comments that somebody has to act on, and what was done about others."""
    page = watch_pages.daily_page(round_pages.load(slug), asked=request.args)
    done = "It is on record." if request.args.get("done") == "yes" else ""
    return render_template("watch/daily.html", page=page, done=done, problems=())


@watch.post("/daily/<comment_id>")
@needs(Role.REVIEW_MANAGER)
def record_check(slug: str, comment_id: str) -> Page:
    """Puts on record what was done about a flagged comment."""
    item = round_pages.load(slug)
    what, note = request.form.get("what", ""), request.form.get("note", "")
    seen = request.form.get("seen", "")
    comment = comments.get_comment(
        db.session(), round_id=item.round.id, comment_id=comment_id, flagged_only=True
    )
    try:
        deciding.check(
            db.session(),
            comment=comment,
            round_=item.round,
            what=what,
            note=note,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 5 else -1,
            account_id=require_account().id,
            council_id=item.council.id,
            now=now(),
        )
    except deciding.InvalidCheck as error:
        refused = CheckAttempt(comment_id, what, note, error.field, str(error))
    except deciding.AlreadyDecided:
        message = "Somebody else has just put something on record: look at what it says now"
        refused = CheckAttempt(comment_id, what, note, "what", message)
    else:
        db.session.commit()
        show = "done" if request.form.get("show") == "done" else None
        return redirect(url_for("watch.daily", slug=slug, done="yes", show=show))
    db.session.rollback()
    page = watch_pages.daily_page(round_pages.load(slug), asked=request.form, attempt=refused)
    is_there = any(card.id == comment_id for card in page.cards)
    target = f"{refused.field}-{comment_id}" if is_there else "main-content"
    return render_template(
        "watch/daily.html", page=page, done="", problems=[(target, refused.message)]
    ), NOT_RIGHT


@watch.get("/ledger", endpoint="ledger")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def show_ledger(slug: str) -> Page:
    """What of this round was shown to whom, and which files were taken away."""
    page = watch_pages.ledger_page(round_pages.load(slug))
    return render_template("watch/ledger.html", page=page)
