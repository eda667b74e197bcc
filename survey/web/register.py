"""A council's own pages: its register of agencies, and its look."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.actions import looks as look_actions
from survey.actions import register as actions
from survey.actions.looks import InvalidLook, LookChangedMeanwhile, contrast_with_white
from survey.actions.register import ChangedMeanwhile, InvalidAgency
from survey.clock import now
from survey.data import councils
from survey.data import register as data
from survey.data.councils import Council
from survey.data.register import Agency
from survey.errors import NotFound
from survey.extensions import db
from survey.web import looks, presenters_register
from survey.web.access import Role, anybody, needs
from survey.web.register_forms import (
    AgencyForm,
    LookForm,
    look_form,
    read_agency,
    read_look,
)
from survey.web.sign_in import known_account, require_account

register = Blueprint("register", __name__)

Page = str | AnyResponse | tuple[str, int]
NOT_RIGHT = 422
DONE = {
    "added": "The agency is on the register.",
    "known": "The agency is on the register. It serves another council too, and is one agency.",
    "here": "The agency was on the register already.",
    "changed": "The agency has been changed.",
    "removed": "The agency is off the register.",
    "look": "The look has been saved. Pages that are open show it when they are next loaded.",
}
_COLOUR = re.compile(r"[0-9a-f]{6}")


@register.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def _load(slug: str) -> Council:
    council = councils.get_council(
        db.session(), slug=slug, account_id=require_account().id, roles=g.roles_asked
    )
    looks.remember(council)
    return council


@register.get("/councils/<council>/agencies", endpoint="register")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def show_register(council: str) -> Page:
    """The agencies that serve a council, by sector."""
    own = _load(council)
    asked = presenters_register.read_asked(request.args)
    found = {"council_id": own.id, "sector": asked.sector, "search": asked.search}
    page = presenters_register.register_page(
        council=own.name,
        slug=own.slug,
        asked=asked,
        rows=data.list_register(
            db.session(), **found, offset=asked.offset, limit=presenters_register.PAGE_SIZE
        ),
        total=data.count_register(db.session(), **found),
    )
    done = DONE.get(request.args.get("done", ""), "")
    return render_template("register/register.html", page=page, done=done)


@register.get("/councils/<council>/agencies/add", endpoint="add")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def ask_to_add(council: str) -> Page:
    """Asks for the name and the sector of an agency."""
    return _add_page(_load(council), AgencyForm())


@register.post("/councils/<council>/agencies/add")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def add_now(council: str) -> Page:
    """Puts an agency on the register."""
    own = _load(council)
    form = read_agency(request.form)
    try:
        added = actions.add_agency(
            db.session(),
            council=own,
            name=form.name,
            sector=form.sector,
            account_id=require_account().id,
            now=now(),
        )
    except InvalidAgency as error:
        return _add_page(own, replace(form, problems=((error.field, str(error)),))), NOT_RIGHT
    done = "here" if added.was_here else "known" if added.was_known else "added"
    db.session.commit()
    return redirect(url_for("register.register", council=own.slug, done=done))


def _add_page(own: Council, form: AgencyForm) -> str:
    return render_template(
        "register/add.html",
        council=own,
        form=form,
        sectors=presenters_register.sector_choices(form.sector),
    )


@register.get("/councils/<council>/agencies/<agency_id>", endpoint="agency")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def show_agency(council: str, agency_id: str) -> Page:
    """One agency, to be changed."""
    own = _load(council)
    agency = data.get_registered(db.session(), council_id=own.id, agency_id=agency_id)
    form = AgencyForm(agency.name, agency.sector, agency.name, agency.sector)
    return _agency_page(own, agency, form)


@register.post("/councils/<council>/agencies/<agency_id>")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def change_agency(council: str, agency_id: str) -> Page:
    """Gives an agency another name or sector."""
    own = _load(council)
    form = read_agency(request.form)
    try:
        actions.change_agency(
            db.session(),
            council=own,
            agency_id=agency_id,
            name=form.name,
            sector=form.sector,
            seen=(form.seen_name, form.seen_sector),
            account_id=require_account().id,
            roles=g.roles_asked,
            now=now(),
        )
    except InvalidAgency as error:
        form = replace(form, problems=((error.field, str(error)),))
    except ChangedMeanwhile:
        agency = data.get_registered(db.session(), council_id=own.id, agency_id=agency_id)
        sector = presenters_register.sector_title(agency.sector)
        said = (
            f"Somebody else has just changed this agency to {agency.name}, {sector}. Save again to "
            "put what you entered in its place"
        )
        form = replace(
            form,
            seen_name=agency.name,
            seen_sector=agency.sector,
            problems=(("name", said),),
        )
    else:
        db.session.commit()
        return redirect(url_for("register.register", council=own.slug, done="changed"))
    db.session.rollback()
    own = _load(council)
    agency = data.get_registered(db.session(), council_id=own.id, agency_id=agency_id)
    return _agency_page(own, agency, form), NOT_RIGHT


def _agency_page(own: Council, agency: Agency, form: AgencyForm) -> str:
    session = db.session()
    served = data.list_served(session, agency_id=agency.id)
    return render_template(
        "register/agency.html",
        council=own,
        agency=agency,
        sector=presenters_register.sector_title(agency.sector),
        form=form,
        sectors=presenters_register.sector_choices(form.sector),
        former=data.list_former_names(session, agency_id=agency.id),
        is_shared=len(served) > 1,
        may_change=actions.may_change(
            session,
            agency_id=agency.id,
            account_id=require_account().id,
            roles=g.roles_asked,
        ),
        rounds=data.count_rounds(session, agency_id=agency.id, council_id=own.id),
    )


@register.post("/councils/<council>/agencies/<agency_id>/remove", endpoint="remove")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def take_off(council: str, agency_id: str) -> Page:
    """Takes an agency that is part of no round off the register."""
    own = _load(council)
    actions.take_off(
        db.session(),
        council=own,
        agency_id=agency_id,
        account_id=require_account().id,
        now=now(),
    )
    db.session.commit()
    return redirect(url_for("register.register", council=own.slug, done="removed"))


@register.get("/councils/<council>/look", endpoint="look")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def show_look(council: str) -> Page:
    """A council's name, colour and contact, to be changed."""
    own = _load(council)
    done = DONE["look"] if request.args.get("done") == "look" else ""
    return _look_page(own, look_form(look_actions.look_values(own)), done=done)


@register.post("/councils/<council>/look")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def change_look(council: str) -> Page:
    """Shows a look before it is saved, or saves it."""
    own = _load(council)
    form = read_look(request.form)
    check = presenters_register.colour_check(form.values)
    if request.form.get("do") == "preview" and not form.problems:
        if check is None or check.is_enough:
            looks.remember(form.values)
        return _look_page(own, form, is_preview=True)
    if not form.problems:
        try:
            look_actions.change_look(
                db.session(),
                council=own,
                values=form.values,
                seen=form.seen,
                account_id=require_account().id,
                now=now(),
            )
        except InvalidLook as error:
            form = replace(form, problems=((error.field, str(error)),))
        except LookChangedMeanwhile:
            said = "Somebody else has just changed the look. Save again to put yours in its place"
            seen = look_actions.look_values(own)
            form = replace(form, seen=seen, problems=(("name", said),))
        else:
            db.session.commit()
            return redirect(url_for("register.look", council=own.slug, done="look"))
    return _look_page(own, form), NOT_RIGHT


def _look_page(own: Council, form: LookForm, *, done: str = "", is_preview: bool = False) -> str:
    return render_template(
        "register/look.html",
        council=own,
        form=form,
        seen=[(field.name, getattr(form.seen, field.name)) for field in fields(form.seen)],
        check=presenters_register.colour_check(form.values),
        done=done,
        is_preview=is_preview,
    )


@register.get("/look/<colour>.css")
@anybody
def look_style(colour: str) -> Response:
    """The style sheet of one colour, the same for ever, so that browsers keep it."""
    if not _COLOUR.fullmatch(colour) or contrast_with_white(f"#{colour}") < (
        look_actions.LEAST_CONTRAST
    ):
        raise NotFound("There is no such style sheet.")
    rule = f":root {{ --app-brand-dark: #{colour}; --govuk-brand-colour: #{colour}; }}\n"
    response = Response(rule, mimetype="text/css")
    response.cache_control.private = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response
