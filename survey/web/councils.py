"""An administrator's pages about councils, and programmes of councils."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import programmes as acting
from survey.actions.accounts import InvalidAccount
from survey.clock import now
from survey.data import programmes
from survey.extensions import db
from survey.web.access import Role, needs
from survey.web.account_forms import NameForm, ProgrammeForm, read_name, read_programme
from survey.web.sign_in import known_account, require_account

councils = Blueprint("councils", __name__, url_prefix="/admin")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
DONE = {
    "council": "The council has been added. Invite somebody to manage its reviews next.",
    "programme": "The programme has been saved.",
}


@councils.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@councils.get("/councils", endpoint="list")
@needs(Role.ADMINISTRATOR)
def show_councils() -> Page:
    """Every council and every programme of the installation."""
    return render_template(
        "councils/list.html",
        councils=programmes.list_councils(db.session()),
        programmes=programmes.list_programmes(db.session()),
        done=DONE.get(request.args.get("done", ""), ""),
    )


@councils.get("/councils/add")
@needs(Role.ADMINISTRATOR)
def add() -> Page:
    """Asks for the name of a new council."""
    return render_template("councils/add.html", form=NameForm())


@councils.post("/councils/add")
@needs(Role.ADMINISTRATOR)
def add_council() -> Page:
    """Adds a council."""
    form = read_name(request.form, missing="Enter the council’s name")
    if not form.problems and not form.slug:
        form = replace(form, problems=(("slug", "Enter a short name for addresses"),))
    if not form.problems:
        try:
            acting.add_council(
                db.session(), slug=form.slug, name=form.name, by=require_account().id, now=now()
            )
        except InvalidAccount as error:
            target = "name" if "with the name" in str(error) else "slug"
            form = replace(form, problems=((target, str(error)),))
    if form.problems:
        return render_template("councils/add.html", form=form), NOT_RIGHT
    db.session.commit()
    return redirect(url_for("councils.list", done="council"))


@councils.get("/programmes/add")
@needs(Role.ADMINISTRATOR)
def add_programme() -> Page:
    """Asks for a new programme."""
    return _programme_page(ProgrammeForm())


@councils.post("/programmes/add")
@needs(Role.ADMINISTRATOR)
def add_programme_post() -> Page:
    """Adds a programme."""
    return _save(None)


@councils.get("/programmes/<programme_id>", endpoint="programme")
@needs(Role.ADMINISTRATOR)
def show_programme(programme_id: str) -> Page:
    """A programme and its councils, to be changed."""
    row = programmes.get_programme(db.session(), programme_id=programme_id)
    form = ProgrammeForm(name=row.name, councils=tuple(id_ for id_, _ in row.councils))
    return _programme_page(form, programme_id)


@councils.post("/programmes/<programme_id>")
@needs(Role.ADMINISTRATOR)
def change_programme(programme_id: str) -> Page:
    """Changes a programme."""
    programmes.get_programme(db.session(), programme_id=programme_id)
    return _save(programme_id)


def _save(programme_id: str | None) -> Page:
    form = read_programme(request.form, councils=request.form.getlist("councils"))
    if not form.problems:
        try:
            acting.save_programme(
                db.session(),
                programme_id=programme_id,
                name=form.name,
                council_ids=form.councils,
                by=require_account().id,
                now=now(),
            )
        except InvalidAccount as error:
            form = replace(form, problems=(("name", str(error)),))
    if form.problems:
        return _programme_page(form, programme_id), NOT_RIGHT
    db.session.commit()
    return redirect(url_for("councils.list", done="programme"))


def _programme_page(form: ProgrammeForm, programme_id: str | None = None) -> str:
    return render_template(
        "councils/programme.html",
        form=form,
        programme_id=programme_id,
        councils=programmes.list_councils(db.session()),
    )
