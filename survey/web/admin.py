"""An administrator's pages about people: finding, inviting, roles, and shutting an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import people, second_factors
from survey.actions.accounts import InvalidAccount
from survey.actions.people import LastAdministrator
from survey.clock import now
from survey.data.accounts import get_account
from survey.extensions import db
from survey.web import admin_pages
from survey.web.access import Role, needs
from survey.web.account_forms import InviteForm, NameForm, read_invitation, read_name
from survey.web.forms import Problems
from survey.web.sign_in import known_account, require_account

admin = Blueprint("admin", __name__, url_prefix="/admin/people")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422


@admin.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@admin.get("", endpoint="people")
@needs(Role.ADMINISTRATOR)
def show_people() -> Page:
    """Everybody with an account, and what each may do."""
    return render_template("admin/people.html", page=admin_pages.people_page(request.args))


@admin.get("/invite")
@needs(Role.ADMINISTRATOR)
def invite() -> Page:
    """Asks whom to invite."""
    return _invite_page(InviteForm())


@admin.post("/invite")
@needs(Role.ADMINISTRATOR)
def send_invitation() -> Page:
    """Makes an account where there is none, gives it a role and sends the invitation."""
    choices = admin_pages.role_choices()
    form = read_invitation(request.form, roles=[value for value, _ in choices])
    if form.problems:
        return _invite_page(form), NOT_RIGHT
    try:
        invited = people.invite(
            db.session(),
            email=form.email,
            name=form.name,
            given=admin_pages.given_of(form.role),
            by=require_account().id,
            now=now(),
        )
    except InvalidAccount as error:
        db.session.rollback()
        return _invite_page(_with(form, "email", str(error))), NOT_RIGHT
    db.session.commit()
    done = "invited" if invited.was_sent else "known"
    return redirect(url_for("admin.person", account_id=invited.account_id, done=done))


def _with(form: InviteForm, target: str, message: str) -> InviteForm:
    return InviteForm(
        name=form.name, email=form.email, role=form.role, problems=((target, message),)
    )


def _invite_page(form: InviteForm) -> str:
    return render_template("admin/invite.html", form=form, choices=admin_pages.role_choices())


@admin.get("/<account_id>", endpoint="person")
@needs(Role.ADMINISTRATOR)
def show_person(account_id: str) -> Page:
    """One account: its roles, and what can be done with it."""
    return _person_page(account_id)


def _person_page(account_id: str, problems: Problems = (), name: NameForm | None = None) -> str:
    page = admin_pages.person_page(account_id, is_self=account_id == require_account().id)
    done = "" if problems else admin_pages.DONE.get(request.args.get("done", ""), "")
    form = name or NameForm(name=page.person.name)
    return render_template("admin/person.html", page=page, done=done, problems=problems, form=form)


def _back(account_id: str, done: str) -> Response:
    db.session.commit()
    return redirect(url_for("admin.person", account_id=account_id, done=done))


@admin.post("/<account_id>/name")
@needs(Role.ADMINISTRATOR)
def rename(account_id: str) -> Page:
    """Gives an account another name."""
    account = get_account(db.session(), account_id=account_id)
    form = read_name(request.form, missing="Enter the person’s name")
    if form.problems:
        return _person_page(account_id, form.problems, form), NOT_RIGHT
    people.rename(db.session(), account=account, name=form.name, by=require_account().id, now=now())
    return _back(account_id, "renamed")


@admin.post("/<account_id>/roles")
@needs(Role.ADMINISTRATOR)
def give_role(account_id: str) -> Page:
    """Gives an account a role."""
    account = get_account(db.session(), account_id=account_id)
    chosen = request.form.get("role", "")
    if chosen not in {value for value, _ in admin_pages.role_choices()}:
        return _person_page(account_id, (("role", "Choose a role"),)), NOT_RIGHT
    given = admin_pages.given_of(chosen)
    people.give_role(
        db.session(), account_id=account.id, given=given, by=require_account().id, now=now()
    )
    return _back(account_id, "given")


@admin.post("/<account_id>/roles/<membership_id>/take")
@needs(Role.ADMINISTRATOR)
def take_role(account_id: str, membership_id: str) -> Page:
    """Takes a role from an account."""
    try:
        people.take_role(
            db.session(),
            account_id=account_id,
            membership_id=membership_id,
            by=require_account().id,
            now=now(),
        )
    except LastAdministrator as error:
        return _person_page(account_id, (("roles", str(error)),)), NOT_RIGHT
    if account_id == require_account().id:
        db.session.commit()
        return redirect(url_for("account.overview"))
    return _back(account_id, "taken")


@admin.post("/<account_id>/invitation")
@needs(Role.ADMINISTRATOR)
def send_again(account_id: str) -> Page:
    """Sends an invitation again to somebody who has not set a password yet."""
    account = get_account(db.session(), account_id=account_id)
    people.send_invitation(db.session(), account=account, by=require_account().id, now=now())
    return _back(account_id, "invited")


@admin.post("/<account_id>/deactivate")
@needs(Role.ADMINISTRATOR)
def deactivate(account_id: str) -> Page:
    """Shuts an account."""
    account = get_account(db.session(), account_id=account_id)
    try:
        people.deactivate(db.session(), account=account, by=require_account().id, now=now())
    except (InvalidAccount, LastAdministrator) as error:
        return _person_page(account_id, (("main-content", str(error)),)), NOT_RIGHT
    return _back(account_id, "deactivated")


@admin.post("/<account_id>/reactivate")
@needs(Role.ADMINISTRATOR)
def reactivate(account_id: str) -> Page:
    """Opens an account again."""
    account = get_account(db.session(), account_id=account_id)
    people.reactivate(db.session(), account=account, by=require_account().id, now=now())
    return _back(account_id, "reactivated")


@admin.post("/<account_id>/second-factor")
@needs(Role.ADMINISTRATOR)
def reset_second_factor(account_id: str) -> Page:
    """Removes the second factor of somebody who lost the app and the recovery codes."""
    account = get_account(db.session(), account_id=account_id)
    if account_id == require_account().id:
        message = "Remove your own second factor on the page of your account, with a code"
        return _person_page(account_id, (("main-content", message),)), NOT_RIGHT
    if account.totp_confirmed_at_utc is not None:
        second_factors.remove(db.session(), account=account, by=require_account().id, now=now())
    return _back(account_id, "reset")
