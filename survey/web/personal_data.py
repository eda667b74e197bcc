"""Requests about personal data: what is kept about somebody, handed over or deleted.

Respondents delete what they have entered here themselves; for the rest they ask the council.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import anonymity, answering, invitations
from survey.actions import personal_data as actions
from survey.actions.personal_data import Kept
from survey.clock import now
from survey.data import rounds
from survey.data.personal_data import Councils
from survey.errors import NotFound
from survey.extensions import db
from survey.web import access, presenters_personal_data, respond_session
from survey.web.access import Role, needs
from survey.web.sign_in import known_account, require_account, settings

personal_data = Blueprint("personal_data", __name__)

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
LONGEST_ASKED = 500
DONE = {
    "draft": "The unfinished answers have been deleted. The link still works, to start afresh.",
    "erased": "What was kept has been deleted.",
}


@personal_data.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@personal_data.get("/data-protection")
@access.anybody
def data_protection() -> Page:
    """What is kept, where, why and for how long, as this installation is set."""
    page = presenters_personal_data.protection_page(settings())
    return render_template("personal_data/data_protection.html", page=page)


@personal_data.get("/q/<public_id>/delete")
@access.invitation
def ask_to_delete(public_id: str) -> Page:
    """Asks a respondent whether to delete what they have entered."""
    person = respond_session.current(public_id)
    if person.has_submitted or person.level is None:
        return redirect(url_for("respond.resume", public_id=public_id))
    return render_template("personal_data/delete.html", page=person)


@personal_data.post("/q/<public_id>/delete")
@access.invitation
def delete_now(public_id: str) -> Page:
    """Deletes what a respondent has entered and not sent; the link goes on working."""
    person = respond_session.current(public_id)
    answering.discard(db.session(), person)
    db.session.commit()
    return redirect(url_for("personal_data.deleted", public_id=public_id))


@personal_data.get("/q/<public_id>/deleted")
@access.invitation
def deleted(public_id: str) -> Page:
    """Says that it has been deleted."""
    person = respond_session.current(public_id)
    return render_template("personal_data/deleted.html", page=person)


@personal_data.get("/manage/personal-data")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def ask() -> Page:
    """Where a request about somebody's personal data begins."""
    done = DONE.get(request.args.get("done", ""), "")
    return render_template("personal_data/ask.html", asked="", problems=(), done=done)


@personal_data.post("/manage/personal-data")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def show() -> Page:
    """What is kept about whoever has that address, link or code. Looked up by a post, so that no
    address stands in the browser's history.
    """
    asked = request.form.get("asked", "").strip()
    try:
        kept = _kept(asked)
    except NotFound as error:
        problems = (("asked", str(error)),)
        return render_template(
            "personal_data/ask.html", asked=asked, problems=problems, done=""
        ), NOT_RIGHT
    page = presenters_personal_data.kept_page(kept, asked=asked)
    actions.record_shown(db.session(), kept, account_id=require_account().id, now=now())
    db.session.commit()
    return render_template("personal_data/kept.html", page=page, problems=())


@personal_data.post("/manage/personal-data/file")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def hand_over() -> Page | Response:
    """What is kept, as a file for the person who asked."""
    kept = _kept(request.form.get("asked", "").strip())
    text = actions.as_csv(db.session(), kept, unfinished_answers=False)
    actions.record_handed_over(db.session(), kept, account_id=require_account().id, now=now())
    db.session.commit()
    answer = Response(text.encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="what-is-kept.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@personal_data.post("/manage/personal-data/unfinished")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def delete_unfinished() -> Page:
    """Deletes somebody's unfinished answers to one questionnaire, as they asked."""
    kept = _kept(request.form.get("asked", "").strip())
    wanted = request.form.get("invitation", "")
    found = [one for one in kept.invitations if one.public_id == wanted]
    if not found:
        raise NotFound("There is no such invitation.")
    actions.delete_unfinished(db.session(), found[0], account_id=require_account().id, now=now())
    db.session.commit()
    return redirect(url_for("personal_data.ask", done="draft"))


@personal_data.post("/manage/personal-data/erase")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def erase() -> Page:
    """Deletes what is kept about somebody, once that has been confirmed."""
    asked = request.form.get("asked", "").strip()
    kept = _kept(asked)
    if request.form.get("sure") != "yes":
        page = presenters_personal_data.kept_page(kept, asked=asked)
        problems = (("sure", "Confirm that it is to be deleted"),)
        return render_template("personal_data/kept.html", page=page, problems=problems), NOT_RIGHT
    actions.erase(db.session(), kept, account_id=require_account().id, now=now())
    db.session.commit()
    db.session.remove()  # the next step needs a connection that is in no transaction
    anonymity.erase_traces(db.engine)
    return redirect(url_for("personal_data.ask", done="erased"))


def _councils() -> Councils:
    account = require_account()
    if Role.ADMINISTRATOR in account.roles:
        return None
    own = rounds.list_councils(db.session(), account_id=account.id)
    return [council.id for council in own]


def _kept(asked: str) -> Kept:
    """What is kept about that address, or the holder of that link or code. Raises NotFound."""
    session = db.session()
    if not asked or len(asked) > LONGEST_ASKED:
        raise NotFound("Enter an e-mail address, a link or a printed code")
    if "@" in asked:
        return actions.find_kept(session, email=asked, councils=_councils())
    invitation = invitations.find_invitation(session, asked, secret_key=settings().secret_key)
    return actions.find_of_invitation(session, invitation, councils=_councils())
