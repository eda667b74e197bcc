"""Setting a password by a link that was sent: from an invitation, or after forgetting one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import account_links, accounts
from survey.actions.account_links import LinkKind
from survey.actions.attempts import place_of
from survey.clock import now
from survey.extensions import db
from survey.web.access import anybody
from survey.web.account_forms import EmailForm, NewPasswordForm, read_email, read_new_password
from survey.web.sign_in import end_session, settings

password = Blueprint("password", __name__)

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422


@password.get("/forgotten-password", endpoint="forgotten")
@anybody
def ask_for_address() -> Page:
    """Asks for the address of an account."""
    return render_template("password/forgotten.html", form=EmailForm())


@password.post("/forgotten-password")
@anybody
def send_link() -> Page:
    """Sends a link where the address has an account, and says the same whether it has or not."""
    form = read_email(request.form)
    if form.problems:
        return render_template("password/forgotten.html", form=form), NOT_RIGHT
    account_links.ask_for_link(
        db.session(),
        email=form.email,
        place=place_of(request.remote_addr),
        now=now(),
        secret_key=settings().secret_key,
    )
    db.session.commit()
    return redirect(url_for("password.sent"))


@password.get("/forgotten-password/sent")
@anybody
def sent() -> Page:
    """Says what happens next."""
    return render_template("password/sent.html")


@password.get("/set-password/<token>", endpoint="set")
@anybody
def ask_for_password(token: str) -> Page:
    """Asks for a new password, where the link still works."""
    return _page(token, NewPasswordForm())


@password.post("/set-password/<token>")
@anybody
def set_password(token: str) -> Page:
    """Sets the password; the link is spent with it."""
    form = read_new_password(request.form)
    key = settings().secret_key
    link = account_links.read_link(db.session(), text=token, secret_key=key)
    fault = None if form.problems else accounts.password_fault(form.new, email=link.account.email)
    if fault is not None:
        form = replace(form, problems=(("new", fault),))
    if form.problems:
        return _page(token, form), NOT_RIGHT
    account_links.set_password_by_link(
        db.session(), text=token, password=form.new, now=now(), secret_key=key
    )
    end_session()
    db.session.commit()
    return redirect(url_for("account.sign_in", done="password"))


def _page(token: str, form: NewPasswordForm) -> str:
    link = account_links.read_link(db.session(), text=token, secret_key=settings().secret_key)
    values: dict[str, Any] = {
        "name": link.account.name,
        "email": link.account.email,
        "is_invitation": link.kind is LinkKind.INVITATION,
    }
    return render_template("password/set.html", form=form, token=token, **values)
