"""Signing in and out, one's own account, its sessions, and changing a password."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import accounts, second_factors, sign_ins
from survey.actions.attempts import place_of
from survey.clock import now
from survey.data.accounts import get_account
from survey.extensions import db
from survey.web import account_forms, account_pages, forms
from survey.web.access import anybody, setting_up, signed_in
from survey.web.sign_in import (
    await_code,
    awaited,
    current_account,
    end_session,
    home,
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
WRONG_CODE = "The code is not right, or was used already. Wait for the next one and try again"


@account.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@account.get("/sign-in")
@anybody
def sign_in() -> Page:
    """The page to sign in on."""
    target = local_path(request.args.get("next"))
    if current_account() is not None:
        return redirect(target or home())
    return _sign_in_page(forms.SignInForm(), target)


def _sign_in_page(form: forms.SignInForm, target: str | None) -> str:
    oidc = settings().oidc
    done = account_pages.SIGN_IN_DONE.get(request.args.get("done", ""), "")
    provider = oidc.name if oidc else None
    return render_template(
        "account/sign_in.html", form=form, next=target, done=done, provider=provider
    )


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
        if found is not None and found.totp_confirmed_at_utc is not None:
            await_code(account_id=found.id, generation=found.session_generation, target=target)
            db.session.commit()
            return redirect(url_for("account.code"))
        if found is not None:
            start_session(account_id=found.id)
            db.session.commit()
            return redirect(target or home())
        db.session.commit()  # the failure is counted
        form = replace(form, problems=(("email", WRONG),))
    return _sign_in_page(form, target), NOT_RIGHT


@account.get("/sign-in/code")
@anybody
def code() -> Page:
    """Asks for the code of the second factor."""
    if awaited() is None:
        return redirect(url_for("account.sign_in"))
    return render_template("account/code.html", form=account_forms.CodeForm())


@account.post("/sign-in/code")
@anybody
def code_post() -> Page:
    """Signs in, where the code is right."""
    waiting = awaited()
    if waiting is None:
        return redirect(url_for("account.sign_in", done="too-slow"))
    form = account_forms.read_code(request.form)
    if not form.problems:
        is_right = second_factors.check(
            db.session(),
            account_id=waiting.account_id,
            code=form.code,
            place=place_of(request.remote_addr),
            now=now(),
            secret_key=settings().secret_key,
        )
        found = get_account(db.session(), account_id=waiting.account_id)
        is_same = found.session_generation == waiting.generation
        if is_right and is_same and found.deactivated_at_utc is None:
            start_session(account_id=found.id, passed_second_factor=True)
            db.session.commit()
            return redirect(waiting.target or home())
        db.session.commit()  # the failure is counted
        form = replace(form, code="", problems=(("code", WRONG_CODE),))
    return render_template("account/code.html", form=form), NOT_RIGHT


@account.post("/sign-out")
@setting_up
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


@account.get("/account", endpoint="overview")
@setting_up
def show_account() -> Page:
    """One's own account: who one is here, what protects it, and where one is signed in."""
    page = account_pages.overview(require_account())
    done = account_pages.DONE.get(request.args.get("done", ""), "")
    return render_template("account/overview.html", page=page, done=done)


@account.post("/account/sessions/end")
@setting_up
def end_others() -> Page:
    """Ends every other session of one's own."""
    person = require_account()
    sign_ins.end_others(db.session(), account_id=person.id, session_id=person.session_id, now=now())
    db.session.commit()
    return redirect(url_for("account.overview", done="others"))


@account.post("/account/sessions/<session_id>/end")
@setting_up
def end_one(session_id: str) -> Page:
    """Ends one session of one's own."""
    sign_ins.end_one(
        db.session(), account_id=require_account().id, session_id=session_id, now=now()
    )
    db.session.commit()
    return redirect(url_for("account.overview", done="one"))


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
            start_session(account_id=found.id, passed_second_factor=person.passed_second_factor)
            db.session.commit()
            return redirect(url_for("account.change_password", changed="yes"))
        db.session.commit()  # the failure is counted
        form = replace(form, problems=(("current", "Your current password is not right"),))
    page = render_template("account/change_password.html", form=form, changed=False)
    return page, NOT_RIGHT
