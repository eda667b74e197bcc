"""A contributor's pages: sections of a return that an agency lead shares with them by a link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey.actions.returns_people import LATE, get_by_link
from survey.actions.returns_saving import SavedPage
from survey.clock import now
from survey.data.returns_versions import HeldBecause
from survey.errors import RevokedInvitation, UnknownInvitation
from survey.extensions import db
from survey.web import access, returns_pages
from survey.web.error_pages import typed
from survey.web.returns_actor import PartEnded, any_contributor, contributor
from survey.web.returns_pages import Page
from survey.web.returns_session import forget_secret, keep_secret
from survey.web.sign_in import settings

contribute = Blueprint("contribute", __name__)


@contribute.context_processor
def _frame() -> dict[str, Any]:
    return {"frame": "contribute/layout.html"}


contribute.register_error_handler(UnknownInvitation, returns_pages.no_such_link)
contribute.register_error_handler(RevokedInvitation, returns_pages.link_replaced)


@contribute.errorhandler(PartEnded)
def part_ended(error: PartEnded) -> tuple[str, int]:
    """Says kindly that somebody's part has ended, with what they had just written."""
    return render_template("contribute/ended.html", agency=error.item.agency, typed=typed()), 410


@contribute.get("/return/<public_id>/<secret>")
@access.contributor
def enter(public_id: str, secret: str) -> Response:
    """The link that was sent: keeps its secret in a cookie, out of later addresses."""
    get_by_link(db.session(), public_id, secret=secret, secret_key=settings().secret_key)
    target = url_for("contribute.overview", public_id=public_id)
    return keep_secret(redirect(target), public_id=public_id, secret=secret)


@contribute.get("/contribute/<public_id>/")
@access.contributor
def overview(public_id: str) -> Page:
    """The sections that are shared, and what there is to do."""
    return returns_pages.overview(contributor(public_id))


@contribute.get("/contribute/<public_id>/whole")
@access.contributor
def whole(public_id: str) -> Page:
    """All that is shared, to read and to print."""
    return returns_pages.whole(contributor(public_id))


@contribute.get("/contribute/<public_id>/section/<section>/<key>")
@access.contributor
def page(public_id: str, section: str, key: str) -> Page:
    """One page of questions."""
    return returns_pages.form(contributor(public_id), section, key)


@contribute.post("/contribute/<public_id>/section/<section>/<key>")
@access.contributor
def save_page(public_id: str, section: str, key: str) -> Page:
    """Saves what was changed on a page, or keeps it where it comes too late."""
    actor = any_contributor(public_id)
    if actor.ended_at is None:
        return returns_pages.save(actor, section, key)
    if now() - actor.ended_at > LATE:
        return returns_pages.kept(actor, SavedPage(because=HeldBecause.ENDED))
    return returns_pages.save(actor, section, key, barred=HeldBecause.ENDED)


@contribute.get("/contribute/<public_id>/question/<section>/<code>")
@access.contributor
def question(public_id: str, section: str, code: str) -> Page:
    """One question: notes, and who changed what."""
    return returns_pages.question(contributor(public_id), section, code)


@contribute.post("/contribute/<public_id>/question/<section>/<code>/notes")
@access.contributor
def add_note(public_id: str, section: str, code: str) -> Page:
    """Leaves a note for the others."""
    return returns_pages.add_note(contributor(public_id), section, code)


@contribute.post("/contribute/<public_id>/question/<section>/<code>/notes/<note_id>")
@access.contributor
def settle_note(public_id: str, section: str, code: str, note_id: str) -> Page:
    """Marks a note as settled."""
    return returns_pages.settle_note(contributor(public_id), section, code, note_id)


@contribute.get("/contribute/<public_id>/choose/<held_id>")
@access.contributor
def choose(public_id: str, held_id: str) -> Page:
    """Two answers to choose from."""
    return returns_pages.choose(contributor(public_id), held_id)


@contribute.post("/contribute/<public_id>/choose/<held_id>")
@access.contributor
def save_choice(public_id: str, held_id: str) -> Page:
    """Carries out a choice between two answers."""
    return returns_pages.save_choice(contributor(public_id), held_id)


@contribute.get("/contribute/<public_id>/sign")
@access.contributor
def ask_to_sign(public_id: str) -> Page:
    """The page on which a senior officer signs."""
    return returns_pages.ask_to_sign(contributor(public_id))


@contribute.post("/contribute/<public_id>/sign")
@access.contributor
def sign(public_id: str) -> Page:
    """Signs the return."""
    return returns_pages.sign(contributor(public_id))


@contribute.get("/contribute/<public_id>/send-back")
@access.contributor
def ask_to_send_back(public_id: str) -> Page:
    """The page on which a return is sent back to be changed."""
    return returns_pages.ask_to_send_back(contributor(public_id))


@contribute.post("/contribute/<public_id>/send-back")
@access.contributor
def send_back(public_id: str) -> Page:
    """Sends the return back with a reason."""
    return returns_pages.send_back(contributor(public_id))


@contribute.post("/contribute/<public_id>/leave")
@access.contributor
def leave(public_id: str) -> Response:
    """Closes the return in this browser, so that the next person here cannot open it."""
    return forget_secret(redirect(url_for("public.left")), public_id=public_id)
