"""Setting a round up: starting it, the list of steps, launching, copying and deleting it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from question_banks.bank import in_language
from question_banks.loader import list_banks
from survey.actions import anonymity, launching, setting_up
from survey.actions.copying_rounds import copy_round, is_shipped
from survey.actions.setting_up import InvalidSetUp, choices_of
from survey.actions.setting_up_bank import newest_version
from survey.clock import now
from survey.data import coverage, milestones, reviews, rounds
from survey.data.reviews import Council
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound
from survey.extensions import db
from survey.web import (
    presenters_rounds,
    presenters_setup,
    round_pages,
    setup_local,
    setup_numbers,
    setup_preview,
    setup_steps,
    setup_timetable,
)
from survey.web.access import Role, needs
from survey.web.setup_forms import StepForm, read_plain
from survey.web.setup_pages import (
    NOT_RIGHT,
    Page,
    by,
    is_fixed,
    said,
    setup,
    undo,
)
from survey.web.sign_in import require_account

__all__ = ["setup"]

PARTS = (setup_steps, setup_local, setup_numbers, setup_preview, setup_timetable)
"""The modules that hold the other pages of this blueprint."""

NEW_REVIEW = "new"


@setup.get("/new", endpoint="new")
@needs(Role.REVIEW_MANAGER)
def ask_new() -> Page:
    """Asks for which council and review the round is, and what it is called."""
    return _new_page(StepForm({"council": request.args.get("council", "")}))


@setup.post("/new")
@needs(Role.REVIEW_MANAGER)
def start() -> Page:
    """Starts the round and goes to its steps."""
    form = read_plain(request.form, names=("council", "review", "review-title", "title", "bank"))
    try:
        council = _council(form.value("council"))
        review = form.value("review")
        round_ = setting_up.start_round(
            db.session(),
            council=council,
            review_id="" if review in ("", NEW_REVIEW) else review,
            review_title=form.value("review-title"),
            title=form.value("title"),
            bank_id=form.value("bank"),
            by=by(),
        )
    except InvalidSetUp as error:
        db.session.rollback()
        return _new_page(form.with_problems(error.problems))
    slug = round_.slug
    db.session.commit()
    return redirect(url_for("setup.tasks", slug=slug))


def _managed() -> list[Council]:
    return rounds.list_councils(
        db.session(), account_id=require_account().id, roles=(Role.REVIEW_MANAGER,)
    )


def _council(slug: str) -> Council:
    """The council asked for, or the only one. Raises InvalidSetUp, and NotFound for another's."""
    managed = _managed()
    if not slug and len(managed) == 1:
        return managed[0]
    if not slug:
        raise InvalidSetUp([("council", "Select a council")])
    found = next((council for council in managed if council.slug == slug), None)
    if found is None:
        raise NotFound("There is no such council, or it is not yours to manage.")
    return found


def _new_page(form: StepForm) -> Page:
    managed = _managed()
    chosen = form.value("council")
    council = next((each for each in managed if each.slug == chosen), None)
    if council is None and len(managed) == 1:
        council = managed[0]
    listed = (
        reviews.list_reviews(db.session(), council_id=council.id) if council is not None else []
    )
    page = render_template(
        "setup/new.html",
        form=form,
        page=presenters_setup.new_page(managed, council, listed, list_banks()),
    )
    return (page, NOT_RIGHT) if form.problems else page


@setup.get("/<slug>/set-up", endpoint="tasks")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def show_tasks(slug: str) -> Page:
    """The steps: what is done, what is missing."""
    item = round_pages.load(slug)
    return render_template("setup/tasks.html", page=_task_page(item), done=said())


def _task_page(item: RoundOfCouncil) -> presenters_setup.TaskPage:
    session = db.session()
    previous = None
    if item.round.previous_round_id is not None:
        previous = next(
            (
                each.title
                for each in setting_up.list_earlier(session, item)
                if each.id == item.round.previous_round_id
            ),
            None,
        )
    return presenters_setup.task_page(
        item,
        agencies=coverage.list_agencies(session, round_id=item.round.id),
        stops=milestones.list_stops(session, round_id=item.round.id),
        previous=previous,
        is_shipped=is_shipped(session, item.round),
        now=now(),
    )


@setup.get("/<slug>/launch", endpoint="launch")
@needs(Role.REVIEW_MANAGER)
def ask_to_launch(slug: str) -> Page:
    """Says what launching will fix, and asks."""
    item = round_pages.load(slug)
    if is_fixed(item):
        return redirect(url_for("setup.tasks", slug=slug))
    return _launch_page(item, StepForm())


def _launch_page(item: RoundOfCouncil, form: StepForm) -> Page:
    missing = launching.find_missing(item.round, now=now())
    page = render_template("setup/launch.html", page=_task_page(item), missing=missing, form=form)
    return (page, NOT_RIGHT) if form.problems else page


@setup.post("/<slug>/launch")
@needs(Role.REVIEW_MANAGER)
def launch_now(slug: str) -> Page:
    """Launches the round. Pressed twice it is launched once."""
    item = round_pages.load(slug)
    if is_fixed(item):
        return redirect(url_for("setup.tasks", slug=slug))
    try:
        launching.launch(db.session(), item, by=by())
    except InvalidSetUp as error:
        item = undo(slug)
        problems = [(f"missing-{step}", message) for step, message in error.problems]
        return _launch_page(item, StepForm(problems=tuple(problems)))
    db.session.commit()
    return redirect(url_for("manage.round", slug=slug, launched="yes"))


@setup.get("/<slug>/delete", endpoint="delete")
@needs(Role.REVIEW_MANAGER)
def ask_to_delete(slug: str) -> Page:
    """Asks before a round that was never launched is deleted."""
    item = round_pages.load(slug)
    if is_fixed(item):
        return redirect(url_for("setup.tasks", slug=slug))
    head = presenters_rounds.head(item, now=now())
    agencies = coverage.list_agencies(db.session(), round_id=item.round.id)
    links = sum(agency.links for agency in agencies)
    return render_template("setup/delete.html", head=head, agencies=len(agencies), links=links)


@setup.post("/<slug>/delete")
@needs(Role.REVIEW_MANAGER)
def delete_now(slug: str) -> Page:
    """Deletes a round that was never launched."""
    item = round_pages.load(slug)
    launching.delete_unlaunched(db.session(), item, by=by())
    db.session.commit()
    db.session.remove()  # the next step needs a connection that is in no transaction
    anonymity.erase_traces(db.engine)
    return redirect(url_for("manage.rounds"))


@setup.get("/<slug>/copy", endpoint="copy")
@needs(Role.REVIEW_MANAGER)
def ask_to_copy(slug: str) -> Page:
    """Asks what to take over from a round into a new one."""
    item = round_pages.load(slug)
    return _copy_page(item, StepForm({"title": "", "newest": "yes", "people": "no"}))


def _copy_page(item: RoundOfCouncil, form: StepForm) -> Page:
    session = db.session()
    choices = choices_of(item.round)
    newest = newest_version(choices.bank) if is_shipped(session, item.round) else choices.bank
    page = render_template(
        "setup/copy.html",
        head=presenters_rounds.head(item, now=now()),
        form=form,
        bank=choices.bank,
        newest=newest if newest != choices.bank else "",
        bank_title=in_language(round_pages.bank_of(item).title),
    )
    return (page, NOT_RIGHT) if form.problems else page


@setup.post("/<slug>/copy")
@needs(Role.REVIEW_MANAGER)
def copy_now(slug: str) -> Page:
    """Makes the new round and goes to its steps."""
    item = round_pages.load(slug)
    form = read_plain(request.form, names=("title", "newest", "people"))
    try:
        made = copy_round(
            db.session(),
            item,
            title=form.value("title"),
            newest=form.value("newest") == "yes",
            with_people=form.value("people") == "yes",
            by=by(),
        )
    except InvalidSetUp as error:
        return _copy_page(undo(slug), form.with_problems(error.problems))
    new_slug = made.slug
    db.session.commit()
    flash("The new round is set up like the one before. Nothing of its answers was taken over.")
    return redirect(url_for("setup.tasks", slug=new_slug))
