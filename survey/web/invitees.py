"""Bringing in a file of agencies and people to invite: checked, shown, and then done."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from question_banks.text import clean_line
from survey import clock
from survey.actions import bringing_in, invited_template, inviting
from survey.actions.bringing_in import ChangedMeanwhile
from survey.clock import now
from survey.data import pending_imports
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound
from survey.extensions import db
from survey.web import presenters_invitees as presenters
from survey.web import presenters_rounds, round_pages
from survey.web.access import Role, needs
from survey.web.presenters_invitees import ImportStage
from survey.web.sign_in import known_account, require_account

invitees = Blueprint("invitees", __name__, url_prefix="/manage")

Page = str | AnyResponse | tuple[str, int]
NOT_RIGHT = 422
REFRESH_SECONDS = 2
DONE = {"discarded": "The file has been put away. Nothing was changed."}
KINDS = {
    "csv": (invited_template.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        invited_template.as_workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@invitees.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@invitees.get("/<slug>/invitees", endpoint="file")
@needs(Role.REVIEW_MANAGER)
def ask_for_file(slug: str) -> Page:
    """Asks for a file, and says what belongs in it."""
    item = round_pages.load(slug)
    done = DONE.get(request.args.get("done", ""), "")
    return _file_page(item, presenters.file_page(_head(item), waiting=_waiting(item)), done=done)


@invitees.post("/<slug>/invitees")
@needs(Role.REVIEW_MANAGER)
def check_file(slug: str) -> Page:
    """Checks a file. With faults it shows them all; without, it keeps the file and shows what
    would change.
    """
    item = round_pages.load(slug)
    inviting.check_takes_invitations(item)
    given = request.files.get("file")
    name = " ".join(clean_line(given.filename or "").split()) if given else ""
    if given is None or not name:
        page = presenters.file_page(_head(item), waiting=_waiting(item))
        return _file_page(item, page, problems=[("file", "Choose a file")]), NOT_RIGHT
    session = db.session()
    checked = bringing_in.check_file(session, item, content=given.read())
    if checked.faults:
        page = presenters.file_page(
            _head(item), waiting=_waiting(item), checked=checked, file_name=name
        )
        problems = [("faults", f"{page.fault_words} before the file can be brought in")]
        return _file_page(item, page, problems=problems), NOT_RIGHT
    kept = bringing_in.keep(
        session,
        item,
        checked=checked,
        file_name=name,
        account_id=require_account().id,
        now=now(),
    )
    session.commit()
    return redirect(url_for("invitees.kept", slug=slug, import_id=kept))


def _head(item: RoundOfCouncil) -> presenters_rounds.RoundHead:
    return presenters_rounds.head(item, now=now())


def _waiting(item: RoundOfCouncil) -> list[pending_imports.ImportState]:
    return pending_imports.list_waiting(db.session(), round_id=item.round.id)


def _file_page(
    item: RoundOfCouncil,
    page: presenters.FilePage,
    *,
    problems: list[tuple[str, str]] | None = None,
    done: str = "",
) -> str:
    takes = item.round.closed_at_utc is None and item.round.withdrawn_at_utc is None
    return render_template(
        "invitees/file.html", page=page, problems=problems or [], done=done, takes=takes
    )


@invitees.get("/<slug>/invitees/template.<kind>", endpoint="template")
@needs(Role.REVIEW_MANAGER)
def get_template(slug: str, kind: str) -> Page:
    """An empty file to fill in."""
    round_pages.load(slug)
    if kind not in KINDS:
        raise NotFound("There is no such file.")
    make, mimetype = KINDS[kind]
    response = Response(make(), mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename=people-to-invite.{kind}"
    return response


@invitees.get("/<slug>/invitees/<import_id>", endpoint="kept")
@needs(Role.REVIEW_MANAGER)
def show_kept(slug: str, import_id: str) -> Page:
    """What a checked file would change, how far it is, or what it has done."""
    item = round_pages.load(slug)
    return _kept_page(item, import_id)


@invitees.post("/<slug>/invitees/<import_id>/start", endpoint="start")
@needs(Role.REVIEW_MANAGER)
def start(slug: str, import_id: str) -> Page:
    """Gives the word to bring a file in."""
    item = round_pages.load(slug)
    session = db.session()
    try:
        bringing_in.start(
            session, item, import_id=import_id, seen=request.form.get("seen", ""), now=now()
        )
    except ChangedMeanwhile:
        session.rollback()
        said = "The round has changed since you opened this page: look at what would change now"
        response = _kept_page(round_pages.load(slug), import_id, [("changes", said)])
        response.status_code = NOT_RIGHT
        return response
    session.commit()
    # At once, in this process; should it end before it is done, the worker begins again.
    threading.Thread(
        target=bringing_in.run, args=(db.engine, import_id, clock.now), daemon=True
    ).start()
    return redirect(url_for("invitees.kept", slug=slug, import_id=import_id))


@invitees.post("/<slug>/invitees/<import_id>/discard", endpoint="discard")
@needs(Role.REVIEW_MANAGER)
def discard(slug: str, import_id: str) -> Page:
    """Puts a checked file away."""
    item = round_pages.load(slug)
    bringing_in.discard(db.session(), item, import_id=import_id)
    db.session.commit()
    return redirect(url_for("invitees.file", slug=slug, done="discarded"))


def _kept_page(
    item: RoundOfCouncil, import_id: str, problems: list[tuple[str, str]] | None = None
) -> Response:
    session = db.session()
    state = pending_imports.get_state(session, round_id=item.round.id, import_id=import_id)
    plan, digest = None, ""
    stage = presenters.stage_of(state, now())
    if stage is ImportStage.WAITING:
        plan, digest = bringing_in.plan_of(session, item, import_id=import_id)
    page = presenters.kept_page(_head(item), state, now=now(), plan=plan, digest=digest)
    stays = request.args.get("refresh") == "off"
    response = make_response(
        render_template("invitees/kept.html", page=page, problems=problems or [], stays=stays)
    )
    if stage is ImportStage.RUNNING and not stays:
        # A header and no script: it works everywhere, and the page offers to stop it.
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response
