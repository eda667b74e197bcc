"""What the pages of setting a round up share: the blueprint, the round, and the way back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey.actions.set_up_choices import Step
from survey.actions.setting_up import By
from survey.clock import now
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_rounds, round_pages
from survey.web.setup_forms import StepForm
from survey.web.sign_in import known_account, require_account

setup = Blueprint("setup", __name__, url_prefix="/manage")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422

ALWAYS_OPEN = frozenset({Step.CONTACTS, Step.TIMETABLE, Step.WORDS})
"""Steps that may still be changed once the round is launched."""


@setup.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def by() -> By:
    """The person signed in, now."""
    return By(account_id=require_account().id, now=now())


def is_fixed(item: RoundOfCouncil) -> bool:
    """Whether the round was launched, so that what it asks is fixed."""
    return item.round.launched_at_utc is not None


def load_step(slug: str, step: Step) -> RoundOfCouncil | Response:
    """The round whose step is asked for; once it is fixed, the way to the list of steps."""
    item = round_pages.load(slug)
    if is_fixed(item) and step not in ALWAYS_OPEN:
        return redirect(url_for("setup.tasks", slug=slug))
    return item


def render_step(template: str, item: RoundOfCouncil, form: StepForm, **more: Any) -> Page:
    """A page of one step, with status 422 where the form has problems."""
    head = presenters_rounds.head(item, now=now())
    page = render_template(template, head=head, form=form, is_fixed=is_fixed(item), **more)
    return (page, NOT_RIGHT) if form.problems else page


def saved(item: RoundOfCouncil, words: str) -> Response:
    """Commits, and goes back to the list of steps with a word of what was saved."""
    slug = item.round.slug
    db.session.commit()
    flash(words)
    return redirect(url_for("setup.tasks", slug=slug))


def said() -> str:
    """What the page before this one has done, in a sentence; "" for nothing."""
    return " ".join(map(str, get_flashed_messages()))


def undo(slug: str) -> RoundOfCouncil:
    """Takes back a change that was refused, and loads the round as it is."""
    db.session.rollback()
    return round_pages.load(slug)
