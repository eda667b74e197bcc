"""Questions of the council's own: the list, adding, changing, moving and removing one."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from question_banks.bank import ALL_LEVELS
from survey.actions import setting_up_bank
from survey.actions.set_up_choices import Step
from survey.actions.setting_up import InvalidSetUp, choices_of
from survey.actions.setting_up_bank import get_question
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_setup, round_pages
from survey.web.access import Role, needs
from survey.web.setup_forms import StepForm, read_question
from survey.web.setup_pages import Page, by, load_step, render_step, said, saved, setup, undo


@setup.get("/<slug>/set-up/local", endpoint="local")
@needs(Role.REVIEW_MANAGER)
def show_local(slug: str) -> Page:
    """The local questions by signpost."""
    item = load_step(slug, Step.LOCAL)
    if isinstance(item, Response):
        return item
    page = presenters_setup.local_page(choices_of(item.round))
    return render_step("setup/local.html", item, StepForm(), page=page, done=said())


@setup.post("/<slug>/set-up/local")
@needs(Role.REVIEW_MANAGER)
def settle_local(slug: str) -> Page:
    """Keeps that the local questions are as wished."""
    item = round_pages.load(slug)
    setting_up_bank.settle_local(db.session(), item, by=by())
    return saved(item, "The local questions are saved.")


@setup.get("/<slug>/set-up/local/add", endpoint="new_question")
@needs(Role.REVIEW_MANAGER)
def ask_question(slug: str) -> Page:
    """Asks for a new local question."""
    item = load_step(slug, Step.LOCAL)
    if isinstance(item, Response):
        return item
    return _question_page(item, StepForm(chosen=frozenset(ALL_LEVELS)))


@setup.post("/<slug>/set-up/local/add")
@needs(Role.REVIEW_MANAGER)
def add_question(slug: str) -> Page:
    """Adds a local question."""
    item = round_pages.load(slug)
    form, asked = read_question(request.form, levels=request.form.getlist("audience"))
    try:
        question = setting_up_bank.add_question(db.session(), item, asked, by=by())
    except InvalidSetUp as error:
        return _question_page(undo(slug), form.with_problems(error.problems))
    return _back(item, "The question is added.", question.code)


@setup.get("/<slug>/set-up/local/<code>", endpoint="question")
@needs(Role.REVIEW_MANAGER)
def ask_change(slug: str, code: str) -> Page:
    """One local question, to change."""
    item = load_step(slug, Step.LOCAL)
    if isinstance(item, Response):
        return item
    question = get_question(choices_of(item.round), code)
    values = {
        "text": question.text,
        "guidance": question.guidance,
        "signpost": question.signpost,
        "scale": question.scale or "text",
    }
    return _question_page(item, StepForm(values, frozenset(question.audience)), code=code)


@setup.post("/<slug>/set-up/local/<code>")
@needs(Role.REVIEW_MANAGER)
def save_question(slug: str, code: str) -> Page:
    """Changes a local question."""
    item = round_pages.load(slug)
    form, asked = read_question(request.form, levels=request.form.getlist("audience"))
    try:
        question = setting_up_bank.change_question(db.session(), item, asked, code=code, by=by())
    except InvalidSetUp as error:
        return _question_page(undo(slug), form.with_problems(error.problems), code=code)
    return _back(item, "The question is changed.", question.code)


@setup.post("/<slug>/set-up/local/<code>/move")
@needs(Role.REVIEW_MANAGER)
def move_question(slug: str, code: str) -> Page:
    """Moves a local question up or down among those of its signpost."""
    item = round_pages.load(slug)
    up = request.form.get("to") == "up"
    setting_up_bank.move_question(db.session(), item, code=code, up=up, by=by())
    return _back(item, "The questions are in a new order.", code)


@setup.post("/<slug>/set-up/local/<code>/remove")
@needs(Role.REVIEW_MANAGER)
def remove_question(slug: str, code: str) -> Page:
    """Takes a local question out."""
    item = round_pages.load(slug)
    setting_up_bank.remove_question(db.session(), item, code=code, by=by())
    return _back(item, "The question is removed.")


def _back(item: RoundOfCouncil, words: str, code: str | None = None) -> Response:
    slug = item.round.slug
    db.session.commit()
    flash(words)
    return redirect(url_for("setup.local", slug=slug, _anchor=code))


def _question_page(item: RoundOfCouncil, form: StepForm, *, code: str = "") -> Page:
    choices = choices_of(item.round)
    page = presenters_setup.question_page(choices, code=code)
    return render_step("setup/question.html", item, form, page=page)
