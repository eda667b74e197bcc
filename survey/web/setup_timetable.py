"""The timetable of a round: its dates, what is due next, and the calendar file."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from survey.actions import timetable
from survey.actions.setting_up import InvalidSetUp
from survey.clock import day_in_london, now
from survey.data import milestones
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_timetable, round_pages
from survey.web.access import Role, needs
from survey.web.setup_forms import StepForm, read_timetable, timetable_form
from survey.web.setup_pages import Page, by, render_step, said, saved, setup, undo

FILE_TYPE = "text/calendar; charset=utf-8"


@setup.get("/<slug>/timetable", endpoint="timetable")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER, Role.TEAM_MEMBER)
def show_timetable(slug: str) -> Page:
    """The dates in order, and what is due next."""
    item = round_pages.load(slug)
    stops = milestones.list_stops(db.session(), round_id=item.round.id)
    page = presenters_timetable.timetable_page(item.round, stops, today=day_in_london(now()))
    return render_step("setup/timetable.html", item, StepForm(), page=page, done=said())


@setup.get("/<slug>/set-up/timetable", endpoint="dates")
@needs(Role.REVIEW_MANAGER)
def ask_dates(slug: str) -> Page:
    """The dates, to change."""
    item = round_pages.load(slug)
    stops = milestones.list_stops(db.session(), round_id=item.round.id)
    return _dates_page(item, timetable_form(stops))


def _dates_page(item: RoundOfCouncil, form: StepForm) -> Page:
    stops = milestones.list_stops(db.session(), round_id=item.round.id)
    page = presenters_timetable.dates_page(item.round, stops)
    return render_step("setup/dates.html", item, form, page=page)


@setup.post("/<slug>/set-up/timetable")
@needs(Role.REVIEW_MANAGER)
def save_dates(slug: str) -> Page:
    """Keeps the dates."""
    item = round_pages.load(slug)
    form, stops = read_timetable(request.form)
    if form.problems:
        return _dates_page(item, form)
    try:
        timetable.save_timetable(db.session(), item, stops, by=by())
    except InvalidSetUp as error:
        return _dates_page(undo(slug), form.with_problems(error.problems))
    found = timetable.find_warnings(timetable.with_questionnaire(item.round, stops))
    more = " Look at the order of the dates again." if found else ""
    return saved(item, f"The timetable is saved.{more}")


@setup.get("/<slug>/timetable.ics", endpoint="calendar")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER, Role.TEAM_MEMBER)
def download_calendar(slug: str) -> Response:
    """The dates as a file that calendars read."""
    item = round_pages.load(slug)
    stops = milestones.list_stops(db.session(), round_id=item.round.id)
    text = timetable.calendar(
        timetable.with_questionnaire(item.round, stops),
        round_id=item.round.id,
        round_title=item.round.title,
        council=item.council.name,
        made_at=now(),
    )
    response = Response(text.encode("utf-8"), content_type=FILE_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-timetable.ics"'
    return response
