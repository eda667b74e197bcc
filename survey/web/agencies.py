"""The agencies of a round: whom it asks, how many of each, expected sectors, what each was told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from question_banks.bank import Sector
from survey.actions import round_agencies
from survey.actions.register import ChangedMeanwhile
from survey.actions.round_agencies import Record
from survey.clock import now
from survey.data import agencies as data
from survey.data import briefings, register
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_agencies as presenters
from survey.web import presenters_register, presenters_rounds, round_pages
from survey.web.access import Role, needs
from survey.web.agency_forms import (
    BriefingForm,
    RoundAgencyForm,
    read_briefing,
    read_round_agency,
)
from survey.web.presenting import LONDON
from survey.web.sign_in import known_account, require_account

agencies = Blueprint("agencies", __name__, url_prefix="/manage")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
DONE = {
    "asked": "They are part of the round. Say next how many people of each are invited.",
    "changed": "The agency has been changed.",
    "removed": "The agency has been taken out of the round.",
    "expected": "The expected sectors have been saved.",
    "told": "What they were told is on record.",
    "untold": "It has been taken off the record.",
}


@agencies.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def _by() -> Record:
    return Record(account_id=require_account().id, now=now())


def _head(item: RoundOfCouncil) -> presenters_rounds.RoundHead:
    return presenters_rounds.head(item, now=now())


def _done() -> str:
    return DONE.get(request.args.get("done", ""), "")


@agencies.get("/<slug>/agencies", endpoint="agencies")
@needs(Role.REVIEW_MANAGER)
def show_agencies(slug: str) -> Page:
    """The agencies of a round by sector, and the sectors that are missing."""
    item = round_pages.load(slug)
    session, id_ = db.session(), item.round.id
    asked = presenters_register.read_asked(request.args)
    there = data.list_sectors_of_round(session, round_id=id_)
    is_some = asked.is_filtered
    page = presenters.agencies_page(
        _head(item),
        council_slug=item.council.slug,
        asked=asked,
        rows=data.list_of_round(
            session,
            round_id=id_,
            sector=asked.sector,
            search=asked.search,
            offset=asked.offset,
            limit=presenters_register.PAGE_SIZE,
        ),
        total=data.count_of_round(session, round_id=id_, sector=asked.sector, search=asked.search)
        if is_some
        else sum(there.values()),
        there=there,
        expected=briefings.list_expected(session, round_id=id_),
        briefings=briefings.list_briefings(session, round_id=id_),
        bank=round_pages.bank_of(item),
    )
    return render_template("agencies/agencies.html", page=page, done=_done())


@agencies.get("/<slug>/agencies/add", endpoint="add")
@needs(Role.REVIEW_MANAGER)
def ask_whom_to_add(slug: str) -> Page:
    """The agencies of the register that the round has not asked, to tick."""
    return _add_page(round_pages.load(slug))


@agencies.post("/<slug>/agencies/add")
@needs(Role.REVIEW_MANAGER)
def add_now(slug: str) -> Page:
    """Asks the agencies that were ticked."""
    item = round_pages.load(slug)
    chosen = request.form.getlist("agency")
    if not chosen:
        return _add_page(item, problems=[("agencies", "Tick the agencies to ask")]), NOT_RIGHT
    round_agencies.ask_agencies(db.session(), item, agency_ids=chosen, by=_by())
    db.session.commit()
    return redirect(url_for("agencies.agencies", slug=slug, done="asked"))


def _add_page(item: RoundOfCouncil, *, problems: list[tuple[str, str]] | None = None) -> str:
    found = register.list_not_invited(
        db.session(), council_id=item.council.id, round_id=item.round.id
    )
    return render_template(
        "agencies/add.html",
        head=_head(item),
        council=item.council,
        groups=presenters.ticks(found),
        problems=problems or [],
    )


@agencies.get("/<slug>/agencies/<invited_agency_id>", endpoint="agency")
@needs(Role.REVIEW_MANAGER)
def show_agency(slug: str, invited_agency_id: str) -> Page:
    """One agency of the round: how many are invited, whom to turn to, how it answers."""
    item = round_pages.load(slug)
    return _agency_page(item, invited_agency_id)


@agencies.post("/<slug>/agencies/<invited_agency_id>")
@needs(Role.REVIEW_MANAGER)
def change_agency(slug: str, invited_agency_id: str) -> Page:
    """Changes what the round has on record of an agency."""
    item = round_pages.load(slug)
    may = round_agencies.may_answer_as_one(round_pages.bank_of(item).kind)
    form = read_round_agency(request.form, may_answer_as_one=may)
    if form.values is not None:
        try:
            round_agencies.change_agency_of_round(
                db.session(),
                item,
                invited_agency_id=invited_agency_id,
                values=form.values,
                seen=form.seen,
                by=_by(),
            )
        except ChangedMeanwhile:
            db.session.rollback()
            item = round_pages.load(slug)
            said = (
                "Somebody else has just changed this agency. Save again to put what you entered "
                "in its place"
            )
            form = replace(form, seen=_current(item, invited_agency_id), problems=(("main", said),))
        else:
            db.session.commit()
            return redirect(url_for("agencies.agencies", slug=slug, done="changed"))
    return _agency_page(item, invited_agency_id, form=form), NOT_RIGHT


def _current(item: RoundOfCouncil, invited_agency_id: str) -> str:
    session, id_ = db.session(), item.round.id
    one = data.get_of_round(session, round_id=id_, invited_agency_id=invited_agency_id)
    numbers = data.invited_numbers(session, round_id=id_).get(one.id, {})
    return round_agencies.digest_of(one, numbers)


def _agency_page(
    item: RoundOfCouncil, invited_agency_id: str, *, form: RoundAgencyForm | None = None
) -> str:
    session, id_ = db.session(), item.round.id
    one = data.get_of_round(session, round_id=id_, invited_agency_id=invited_agency_id)
    if form is None:
        numbers = data.invited_numbers(session, round_id=id_).get(one.id, {})
        form = presenters.round_agency_form(one, numbers)
    page = presenters.agency_page(_head(item), one, form=form, bank=round_pages.bank_of(item))
    return render_template("agencies/agency.html", page=page)


@agencies.get("/<slug>/agencies/<invited_agency_id>/remove", endpoint="remove")
@needs(Role.REVIEW_MANAGER)
def ask_to_remove(slug: str, invited_agency_id: str) -> Page:
    """Says what taking an agency out of the round loses, and asks."""
    item = round_pages.load(slug)
    one = data.get_of_round(
        db.session(), round_id=item.round.id, invited_agency_id=invited_agency_id
    )
    return render_template("agencies/remove.html", head=_head(item), agency=one)


@agencies.post("/<slug>/agencies/<invited_agency_id>/remove")
@needs(Role.REVIEW_MANAGER)
def remove_now(slug: str, invited_agency_id: str) -> Page:
    """Takes an agency out of the round."""
    item = round_pages.load(slug)
    round_agencies.remove_agency(db.session(), item, invited_agency_id=invited_agency_id, by=_by())
    db.session.commit()
    return redirect(url_for("agencies.agencies", slug=slug, done="removed"))


@agencies.get("/<slug>/agencies/sectors", endpoint="sectors")
@needs(Role.REVIEW_MANAGER)
def show_sectors(slug: str) -> Page:
    """The sectors that the round means to hear, to tick."""
    item = round_pages.load(slug)
    session, id_ = db.session(), item.round.id
    choices = presenters.expected_choices(
        briefings.list_expected(session, round_id=id_),
        there=data.list_sectors_of_round(session, round_id=id_),
    )
    return render_template("agencies/sectors.html", head=_head(item), choices=choices)


@agencies.post("/<slug>/agencies/sectors")
@needs(Role.REVIEW_MANAGER)
def save_sectors(slug: str) -> Page:
    """Says which sectors the round means to hear."""
    item = round_pages.load(slug)
    known = [sector for sector in request.form.getlist("sector") if sector in set(Sector)]
    round_agencies.expect_sectors(db.session(), item, sectors=known, by=_by())
    db.session.commit()
    return redirect(url_for("agencies.agencies", slug=slug, done="expected"))


@agencies.get("/<slug>/agencies/briefings", endpoint="briefings")
@needs(Role.REVIEW_MANAGER)
def show_briefings(slug: str) -> Page:
    """What each sector was told."""
    return _briefings_page(round_pages.load(slug), BriefingForm())


@agencies.post("/<slug>/agencies/briefings")
@needs(Role.REVIEW_MANAGER)
def record_briefing(slug: str) -> Page:
    """Puts on record what a sector was told."""
    item = round_pages.load(slug)
    form = read_briefing(request.form, today=now().astimezone(LONDON).date())
    if form.values is None:
        return _briefings_page(item, form), NOT_RIGHT
    round_agencies.record_briefing(db.session(), item, values=form.values, by=_by())
    db.session.commit()
    return redirect(url_for("agencies.briefings", slug=slug, done="told"))


def _briefings_page(item: RoundOfCouncil, form: BriefingForm) -> str:
    session, id_ = db.session(), item.round.id
    there = data.list_sectors_of_round(session, round_id=id_)
    return render_template(
        "agencies/briefings.html",
        head=_head(item),
        form=form,
        sectors=presenters_register.sector_choices(form.sector),
        told=presenters.briefed_sectors(
            briefings.list_briefings(session, round_id=id_),
            there=there,
            expected=briefings.list_expected(session, round_id=id_),
        ),
        done=_done(),
    )


@agencies.post("/<slug>/agencies/briefings/<briefing_id>/remove")
@needs(Role.REVIEW_MANAGER)
def remove_briefing(slug: str, briefing_id: str) -> Page:
    """Takes a briefing off the record."""
    item = round_pages.load(slug)
    round_agencies.remove_briefing(db.session(), item, briefing_id=briefing_id, by=_by())
    db.session.commit()
    return redirect(url_for("agencies.briefings", slug=slug, done="untold"))
