"""Signing in and out, and changing a password."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import accounts, sign_ins
from survey.actions.attempts import place_of
from survey.clock import now
from survey.extensions import db
from survey.web import forms
from survey.web.access import anybody, signed_in
from survey.web.sign_in import (
    current_account,
    end_session,
    known_account,
    local_path,
    require_account,
    settings,
    start_session,
)

account = Blueprint("account", __name__)

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
WRONG = "The e-mail address or the password is not right"


@account.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@account.get("/sign-in")
@anybody
def sign_in() -> Page:
    """The page to sign in on."""
    target = local_path(request.args.get("next"))
    if current_account() is not None:
        return redirect(target or url_for("manage.rounds"))
    return render_template("account/sign_in.html", form=forms.SignInForm(), next=target)


@account.post("/sign-in")
@anybody
def sign_in_post() -> Page:
    """Signs in, or says that it is not right, never which of the two."""
    form = forms.read_sign_in(request.form)
    target = local_path(request.form.get("next"))
    if not form.problems:
        found = accounts.sign_in(
            db.session(),
            email=form.email,
            password=form.password,
            place=place_of(request.remote_addr),
            now=now(),
            secret_key=settings().secret_key,
        )
        if found is not None:
            start_session(account_id=found.id)
            db.session.commit()
            return redirect(target or url_for("manage.rounds"))
        db.session.commit()  # the failure is counted
        form = replace(form, problems=(("email", WRONG),))
    return render_template("account/sign_in.html", form=form, next=target), NOT_RIGHT


@account.post("/sign-out")
@signed_in
def sign_out() -> Page:
    """Signs out here; sessions elsewhere go on."""
    person = require_account()
    sign_ins.sign_out(db.session(), account_id=person.id, session_id=person.session_id, now=now())
    end_session()
    db.session.commit()
    return redirect(url_for("account.signed_out"))


@account.get("/signed-out")
@anybody
def signed_out() -> Page:
    """Says that signing out worked."""
    return render_template("account/signed_out.html")


@account.get("/change-password")
@signed_in
def change_password() -> Page:
    """The page to change a password on."""
    changed = request.args.get("changed") == "yes"
    form = forms.PasswordForm()
    return render_template("account/change_password.html", form=form, changed=changed)


@account.post("/change-password")
@signed_in
def change_password_post() -> Page:
    """Changes the password; other devices are signed out, this one stays."""
    person = require_account()
    form = forms.read_password(request.form)
    fault = None if form.problems else accounts.password_fault(form.new, email=person.email)
    if fault is not None:
        form = replace(form, problems=(("new", fault),))
    if not form.problems:
        found = accounts.change_password(
            db.session(),
            account_id=person.id,
            current=form.current,
            new=form.new,
            now=now(),
            secret_key=settings().secret_key,
        )
        if found is not None:
            start_session(account_id=found.id)
            db.session.commit()
            return redirect(url_for("account.change_password", changed="yes"))
        db.session.commit()  # the failure is counted
        form = replace(form, problems=(("current", "Your current password is not right"),))
    page = render_template("account/change_password.html", form=form, changed=False)
    return page, NOT_RIGHT
