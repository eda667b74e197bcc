"""The record of events, for administrators: who did what, when, and what it was before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from survey.actions import events
from survey.clock import now
from survey.extensions import db
from survey.web import record_pages
from survey.web.access import Role, needs
from survey.web.sign_in import known_account, require_account

record = Blueprint("record", __name__, url_prefix="/admin/record")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422


@record.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@record.get("", endpoint="events")
@needs(Role.ADMINISTRATOR)
def show_events() -> Page:
    """One page of the record, filtered by council, person, what was done and when."""
    page = record_pages.record_page(request.args)
    shown = render_template("record/events.html", page=page)
    return (shown, NOT_RIGHT) if page.form.problems else shown


@record.post("/file")
@needs(Role.ADMINISTRATOR)
def make_file() -> Page:
    """Everything the filter finds as a CSV file; that it was made is put on record."""
    form = record_pages.read_filter(request.form)
    if form.problems:
        page = record_pages.record_page(request.form)
        return render_template("record/events.html", page=page), NOT_RIGHT
    text = record_pages.as_csv(form.asked)
    events.record_export(db.session(), account_id=require_account().id, now=now())
    db.session.commit()
    name = f"Signpost record of events {now():%Y-%m-%d}.csv"
    return Response(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
