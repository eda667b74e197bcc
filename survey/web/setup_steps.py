"""One thing per page: name and dates, contacts, who is invited, the questionnaire, the words."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from question_banks.loader import list_banks
from survey.actions import setting_up, setting_up_bank
from survey.actions.set_up_choices import Step
from survey.actions.setting_up import InvalidSetUp, choices_of
from survey.clock import day_in_london
from survey.data.reviews import Round
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_setup, round_pages
from survey.web.access import Role, needs
from survey.web.setup_forms import (
    StepForm,
    date_values,
    read_basics,
    read_contacts,
    read_plain,
)
from survey.web.setup_pages import Page, by, load_step, render_step, saved, setup, undo


@setup.get("/<slug>/set-up/basics", endpoint="basics")
@needs(Role.REVIEW_MANAGER)
def ask_basics(slug: str) -> Page:
    """Name and window."""
    item = load_step(slug, Step.BASICS)
    if isinstance(item, Response):
        return item
    round_ = item.round
    values = {
        "title": round_.title,
        **date_values("opens", day_in_london(round_.opens_at_utc)),
        **date_values("closes", day_in_london(round_.closes_at_utc)),
    }
    return render_step("setup/basics.html", item, StepForm(values))


@setup.post("/<slug>/set-up/basics")
@needs(Role.REVIEW_MANAGER)
def save_basics(slug: str) -> Page:
    """Saves name and window."""
    item = round_pages.load(slug)
    read = read_basics(request.form)
    if read.opens_at is None or read.closes_at is None:
        return render_step("setup/basics.html", item, read.form)
    try:
        setting_up.change_basics(
            db.session(),
            item,
            title=read.title,
            opens_at=read.opens_at,
            closes_at=read.closes_at,
            by=by(),
        )
    except InvalidSetUp as error:
        form = read.form.with_problems(error.problems)
        return render_step("setup/basics.html", undo(slug), form)
    return saved(item, "Name and dates are saved.")


@setup.get("/<slug>/set-up/contacts", endpoint="contacts")
@needs(Role.REVIEW_MANAGER)
def ask_contacts(slug: str) -> Page:
    """Whom people turn to, and who reads flagged comments."""
    item = round_pages.load(slug)
    return render_step("setup/contacts.html", item, _contacts_form(item.round))


def _contacts_form(round_: Round) -> StepForm:
    return StepForm(
        {
            "contact": round_.contact,
            "urgent": round_.urgent_contact,
            "checked-by": round_.comments_checked_by,
            "checked-email": round_.comments_checked_email,
        }
    )


@setup.post("/<slug>/set-up/contacts")
@needs(Role.REVIEW_MANAGER)
def save_contacts(slug: str) -> Page:
    """Saves the contacts."""
    item = round_pages.load(slug)
    form, contacts = read_contacts(request.form)
    try:
        setting_up.change_contacts(db.session(), item, contacts, by=by())
    except InvalidSetUp as error:
        return render_step("setup/contacts.html", undo(slug), form.with_problems(error.problems))
    return saved(item, "The contacts are saved.")


@setup.get("/<slug>/set-up/invited", endpoint="invited")
@needs(Role.REVIEW_MANAGER)
def ask_invited(slug: str) -> Page:
    """Whether everybody in scope is invited, and how people were chosen."""
    item = load_step(slug, Step.INVITED)
    if isinstance(item, Response):
        return item
    was_saved = Step.INVITED in choices_of(item.round).saved
    everyone = item.round.everyone_invited if was_saved else ""
    form = StepForm({"everyone": everyone, "how": item.round.invited_how})
    return render_step("setup/invited.html", item, form)


@setup.post("/<slug>/set-up/invited")
@needs(Role.REVIEW_MANAGER)
def save_invited(slug: str) -> Page:
    """Saves who is invited."""
    item = round_pages.load(slug)
    form = read_plain(request.form, names=("everyone", "how"))
    try:
        setting_up.change_invited(
            db.session(), item, everyone=form.value("everyone"), how=form.value("how"), by=by()
        )
    except InvalidSetUp as error:
        return render_step("setup/invited.html", undo(slug), form.with_problems(error.problems))
    return saved(item, "Who is invited is saved.")


@setup.get("/<slug>/set-up/bank", endpoint="bank")
@needs(Role.REVIEW_MANAGER)
def ask_bank(slug: str) -> Page:
    """Which questionnaire, and which version of it."""
    item = load_step(slug, Step.BANK)
    if isinstance(item, Response):
        return item
    return _bank_page(item, StepForm({"bank": choices_of(item.round).bank}))


def _bank_page(item: RoundOfCouncil, form: StepForm) -> Page:
    choices = choices_of(item.round)
    return render_step(
        "setup/bank.html",
        item,
        form,
        banks=presenters_setup.bank_choices(
            list_banks(), own=choices.base() if choices.own_bank else None
        ),
        has_local=bool(choices.local),
        has_chosen=bool(choices.signposts),
    )


@setup.post("/<slug>/set-up/bank")
@needs(Role.REVIEW_MANAGER)
def save_bank(slug: str) -> Page:
    """Takes a questionnaire."""
    item = round_pages.load(slug)
    form = read_plain(request.form, names=("bank",))
    try:
        setting_up_bank.choose_bank(db.session(), item, bank_id=form.value("bank"), by=by())
    except InvalidSetUp as error:
        return _bank_page(undo(slug), form.with_problems(error.problems))
    return saved(item, "The questionnaire is saved.")


@setup.get("/<slug>/set-up/signposts", endpoint="signposts")
@needs(Role.REVIEW_MANAGER)
def ask_signposts(slug: str) -> Page:
    """Which signposts are asked."""
    item = load_step(slug, Step.SIGNPOSTS)
    if isinstance(item, Response):
        return item
    return _signposts_page(item, StepForm(chosen=frozenset(choices_of(item.round).chosen())))


def _signposts_page(item: RoundOfCouncil, form: StepForm) -> Page:
    choices = choices_of(item.round)
    base = choices.base()
    return render_step(
        "setup/signposts.html",
        item,
        form,
        word=base.signpost_word,
        signposts=presenters_setup.signpost_choices(base, choices.local),
    )


@setup.post("/<slug>/set-up/signposts")
@needs(Role.REVIEW_MANAGER)
def save_signposts(slug: str) -> Page:
    """Keeps which signposts are asked."""
    item = round_pages.load(slug)
    codes = request.form.getlist("signposts")
    form = StepForm(chosen=frozenset(codes))
    try:
        setting_up_bank.choose_signposts(db.session(), item, codes=codes, by=by())
    except InvalidSetUp as error:
        return _signposts_page(undo(slug), form.with_problems(error.problems))
    return saved(item, f"The {choices_of(item.round).base().signpost_word}s are saved.")


@setup.get("/<slug>/set-up/words", endpoint="words")
@needs(Role.REVIEW_MANAGER)
def ask_words(slug: str) -> Page:
    """What the two columns of findings are called."""
    item = round_pages.load(slug)
    review = item.review
    values = {"strengths": review.strengths_word, "considerations": review.considerations_word}
    return render_step("setup/words.html", item, StepForm(values))


@setup.post("/<slug>/set-up/words")
@needs(Role.REVIEW_MANAGER)
def save_words(slug: str) -> Page:
    """Saves the words."""
    item = round_pages.load(slug)
    form = read_plain(request.form, names=("strengths", "considerations"))
    try:
        setting_up.change_words(
            db.session(),
            item,
            strengths=form.value("strengths"),
            considerations=form.value("considerations"),
            by=by(),
        )
    except InvalidSetUp as error:
        return render_step("setup/words.html", undo(slug), form.with_problems(error.problems))
    return saved(item, "The words are saved.")


@setup.get("/<slug>/set-up/previous", endpoint="previous")
@needs(Role.REVIEW_MANAGER)
def ask_previous(slug: str) -> Page:
    """Which earlier round this one follows."""
    item = load_step(slug, Step.PREVIOUS)
    if isinstance(item, Response):
        return item
    earlier = setting_up.list_earlier(db.session(), item)
    known = {each.id: each.slug for each in earlier}
    value = known.get(item.round.previous_round_id or "", "")
    return render_step(
        "setup/previous.html",
        item,
        StepForm({"previous": value}),
        rounds=presenters_setup.earlier_rounds(earlier),
    )


@setup.post("/<slug>/set-up/previous")
@needs(Role.REVIEW_MANAGER)
def save_previous(slug: str) -> Page:
    """Keeps which round this one follows."""
    item = round_pages.load(slug)
    setting_up.change_previous(
        db.session(), item, previous_slug=request.form.get("previous", ""), by=by()
    )
    return saved(item, "The round before this one is saved.")
