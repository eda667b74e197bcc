"""How answers will be read: sector groups, lines and thresholds, and what could be shown."""

from __future__ import annotations

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from analysis.settings import AnalysisSettings
from question_banks.bank import SECTOR_TITLES
from survey.actions import setting_up
from survey.actions.set_up_choices import Step
from survey.actions.setting_up import InvalidSetUp, settings_of
from survey.data import coverage
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_lines, round_pages
from survey.web.access import Role, needs
from survey.web.presenters_forecast import forecast_page, response_asked
from survey.web.setup_forms import (
    StepForm,
    group_names,
    groups_form,
    lines_form,
    read_groups,
    read_lines,
)
from survey.web.setup_pages import Page, by, load_step, render_step, saved, setup, undo

USUAL = "usual"
"""What the button posts that takes the usual values again."""


@setup.get("/<slug>/set-up/groups", endpoint="groups")
@needs(Role.REVIEW_MANAGER)
def ask_groups(slug: str) -> Page:
    """Which sectors are put together."""
    item = load_step(slug, Step.GROUPS)
    if isinstance(item, Response):
        return item
    return _groups_page(item, groups_form(settings_of(item.round)))


def _groups_page(item: RoundOfCouncil, form: StepForm) -> Page:
    return render_step(
        "setup/groups.html",
        item,
        form,
        names=group_names(settings_of(item.round)),
        sectors=[(sector.value, title) for sector, title in SECTOR_TITLES.items()],
    )


@setup.post("/<slug>/set-up/groups")
@needs(Role.REVIEW_MANAGER)
def save_groups(slug: str) -> Page:
    """Keeps the sector groups, or takes the usual ones."""
    item = round_pages.load(slug)
    settings = settings_of(item.round)
    if request.form.get("do") == USUAL:
        usual = AnalysisSettings().model_dump(mode="json")
        form = StepForm()
        changes: dict[str, object] = {
            name: usual[name] for name in ("sector_groups", "council_sectors", "group_titles")
        }
    else:
        form, changes = read_groups(request.form, names=group_names(settings), settings=settings)
    if form.problems:
        return _groups_page(item, form)
    try:
        setting_up.change_settings(db.session(), item, changes, step=Step.GROUPS, by=by())
    except InvalidSetUp as error:
        problems = [("title-council", message) for _, message in error.problems]
        return _groups_page(undo(slug), form.with_problems(problems))
    return saved(item, "The sector groups are saved.")


@setup.get("/<slug>/set-up/lines", endpoint="lines")
@needs(Role.REVIEW_MANAGER)
def ask_lines(slug: str) -> Page:
    """Lines and thresholds, with what each means."""
    item = load_step(slug, Step.LINES)
    if isinstance(item, Response):
        return item
    return _lines_page(item, lines_form(settings_of(item.round)))


def _lines_page(item: RoundOfCouncil, form: StepForm) -> Page:
    return render_step("setup/lines.html", item, form, lines=presenters_lines.lines())


@setup.post("/<slug>/set-up/lines")
@needs(Role.REVIEW_MANAGER)
def save_lines(slug: str) -> Page:
    """Keeps lines and thresholds, or takes the usual ones."""
    item = round_pages.load(slug)
    if request.form.get("do") == USUAL:
        form = lines_form(AnalysisSettings())
        _, changes = read_lines(dict(form.values))
    else:
        form, changes = read_lines(request.form)
    if form.problems:
        return _lines_page(item, form)
    try:
        setting_up.change_settings(db.session(), item, changes, step=Step.LINES, by=by())
    except InvalidSetUp as error:
        problems = [("strength_line", message) for _, message in error.problems]
        return _lines_page(undo(slug), form.with_problems(problems))
    return saved(item, "Lines and thresholds are saved.")


@setup.get("/<slug>/set-up/forecast", endpoint="forecast")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def show_forecast(slug: str) -> Page:
    """What could be shown if so many of those invited answered."""
    item = round_pages.load(slug)
    asked = response_asked(request.args.get("response", ""))
    if asked is None:
        return redirect(url_for("setup.forecast", slug=slug))
    page = forecast_page(
        coverage.list_agencies(db.session(), round_id=item.round.id),
        settings=settings_of(item.round),
        response=asked,
    )
    return render_step("setup/forecast.html", item, StepForm(), page=page)
