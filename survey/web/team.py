"""A review manager's pages about people: officers, agency leads, and the teams of reviews."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import teams as acting
from survey.actions.accounts import InvalidAccount
from survey.actions.people import Invited
from survey.actions.teams import NotForManagers, TeamEntry
from survey.clock import now
from survey.data import rounds, teams
from survey.extensions import db
from survey.web import team_pages
from survey.web.access import Role, needs
from survey.web.account_forms import (
    EmailForm,
    InviteForm,
    TeamForm,
    read_email,
    read_invitation,
    read_team,
)
from survey.web.forms import Problems
from survey.web.sign_in import known_account, require_account

team = Blueprint("team", __name__, url_prefix="/people")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422


@team.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@team.get("", endpoint="councils")
@needs(Role.REVIEW_MANAGER)
def show_councils() -> Page:
    """The councils whose people this person arranges."""
    found = rounds.list_councils(db.session(), account_id=require_account().id)
    if len(found) == 1:
        return redirect(url_for("team.people", council=found[0].slug))
    names = [(council.slug, council.name) for council in found]
    return render_template("team/councils.html", councils=names)


@team.get("/<council>", endpoint="people")
@needs(Role.REVIEW_MANAGER)
def show_people(council: str) -> Page:
    """Who may do what for a council, and the teams of its reviews."""
    return _people_page(council)


def _people_page(council: str, problems: Problems = ()) -> str:
    page = team_pages.people_page(team_pages.load(council))
    done = "" if problems else team_pages.DONE.get(request.args.get("done", ""), "")
    return render_template("team/people.html", page=page, done=done, problems=problems)


def _back(council: str, done: str) -> Response:
    db.session.commit()
    return redirect(url_for("team.people", council=council, done=done))


@team.get("/<council>/invite")
@needs(Role.REVIEW_MANAGER)
def invite(council: str) -> Page:
    """Asks whom to invite."""
    return _invite_page(council, InviteForm())


@team.post("/<council>/invite")
@needs(Role.REVIEW_MANAGER)
def send_invitation(council: str) -> Page:
    """Invites an officer of the council, or the lead of an agency."""
    found = team_pages.load(council)
    choices = team_pages.role_choices(found)
    form = read_invitation(request.form, roles=[value for value, _ in choices])
    if form.problems:
        return _invite_page(council, form), NOT_RIGHT
    kind, _, agency_id = form.role.partition(":")
    by: dict[str, Any] = {
        "council_id": found.id,
        "email": form.email,
        "name": form.name,
        "by": require_account().id,
        "now": now(),
    }
    try:
        if kind == "agency":
            invited = acting.invite_agency_lead(db.session(), agency_id=agency_id, **by)
        else:
            invited = acting.invite_officer(db.session(), **by)
    except (InvalidAccount, NotForManagers) as error:
        db.session.rollback()
        form = replace(form, problems=(("email", str(error)),))
        return _invite_page(council, form), NOT_RIGHT
    return _back(council, _outcome(invited))


def _outcome(invited: Invited) -> str:
    return "invited" if invited.was_sent else "known"


def _invite_page(council: str, form: InviteForm) -> str:
    found = team_pages.load(council)
    return render_template(
        "team/invite.html",
        form=form,
        council=(found.slug, found.name),
        choices=team_pages.role_choices(found),
        others=team_pages.agencies_of_several(found),
    )


@team.post("/<council>/roles/<membership_id>/take")
@needs(Role.REVIEW_MANAGER)
def take_role(council: str, membership_id: str) -> Page:
    """Takes the role of an officer, or of an agency's lead."""
    found = team_pages.load(council)
    try:
        acting.take_role(
            db.session(),
            membership_id=membership_id,
            council_id=found.id,
            by=require_account().id,
            now=now(),
        )
    except NotForManagers as error:
        return _people_page(council, (("main-content", str(error)),)), NOT_RIGHT
    return _back(council, "taken")


@team.get("/<council>/reviews/<review_id>/add")
@needs(Role.REVIEW_MANAGER)
def add(council: str, review_id: str) -> Page:
    """Asks who joins the team of a review."""
    return _add_page(council, review_id, TeamForm())


@team.post("/<council>/reviews/<review_id>/add")
@needs(Role.REVIEW_MANAGER)
def add_member(council: str, review_id: str) -> Page:
    """Puts somebody on the team of a review."""
    found = team_pages.load(council)
    review = teams.get_review(db.session(), review_id=review_id, council_id=found.id)
    form = read_team(request.form)
    if form.problems:
        return _add_page(council, review_id, form), NOT_RIGHT
    member_id = acting.add_member(
        db.session(), review=review, entry=_entry(form), by=require_account().id, now=now()
    )
    db.session.commit()
    return redirect(url_for("team.member", council=council, member_id=member_id, done="added"))


def _add_page(council: str, review_id: str, form: TeamForm) -> str:
    found = team_pages.load(council)
    review = teams.get_review(db.session(), review_id=review_id, council_id=found.id)
    return render_template(
        "team/add.html",
        form=form,
        council=(found.slug, found.name),
        review=(review.id, review.title),
    )


def _entry(form: TeamForm) -> TeamEntry:
    return TeamEntry(
        name=form.name,
        team_role=form.team_role,
        organisation=form.organisation,
        shadow=form.shadow,
        conflicts=form.conflicts,
    )


@team.get("/<council>/team/<member_id>", endpoint="member")
@needs(Role.REVIEW_MANAGER)
def show_member(council: str, member_id: str) -> Page:
    """Somebody on a team: what is kept of them, and whether they may read the findings."""
    return _member_page(council, member_id)


def _member_page(
    council: str, member_id: str, *, form: TeamForm | None = None, email: EmailForm | None = None
) -> str:
    found = team_pages.load(council)
    page = team_pages.member_page(found, member_id)
    faulty = form or email
    done = "" if faulty else team_pages.DONE.get(request.args.get("done", ""), "")
    return render_template(
        "team/member.html",
        page=page,
        form=form or page.form,
        email=email or EmailForm(),
        problems=faulty.problems if faulty else (),
        done=done,
    )


@team.post("/<council>/team/<member_id>")
@needs(Role.REVIEW_MANAGER)
def change_member(council: str, member_id: str) -> Page:
    """Changes what is kept of somebody on a team."""
    found = team_pages.load(council)
    form = read_team(request.form)
    if form.problems:
        return _member_page(council, member_id, form=form), NOT_RIGHT
    acting.change_member(
        db.session(),
        member_id=member_id,
        council_id=found.id,
        entry=_entry(form),
        by=require_account().id,
        now=now(),
    )
    db.session.commit()
    return redirect(url_for("team.member", council=council, member_id=member_id, done="changed"))


@team.post("/<council>/team/<member_id>/invite")
@needs(Role.REVIEW_MANAGER)
def invite_member(council: str, member_id: str) -> Page:
    """Lets somebody on a team read the findings of their review."""
    found = team_pages.load(council)
    email = read_email(request.form)
    if not email.problems:
        try:
            invited = acting.invite_member(
                db.session(),
                member_id=member_id,
                council_id=found.id,
                email=email.email,
                by=require_account().id,
                now=now(),
            )
        except InvalidAccount as error:
            db.session.rollback()
            email = replace(email, problems=(("email", str(error)),))
    if email.problems:
        return _member_page(council, member_id, email=email), NOT_RIGHT
    db.session.commit()
    return redirect(
        url_for("team.member", council=council, member_id=member_id, done=_outcome(invited))
    )


@team.post("/<council>/team/<member_id>/remove")
@needs(Role.REVIEW_MANAGER)
def remove_member(council: str, member_id: str) -> Page:
    """Takes somebody off a team, and with it what they may read."""
    found = team_pages.load(council)
    acting.remove_member(
        db.session(),
        member_id=member_id,
        council_id=found.id,
        by=require_account().id,
        now=now(),
    )
    return _back(council, "removed")
