"""Setting up a second factor, and what to do when the app is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import second_factors as acting
from survey.actions.attempts import place_of
from survey.clock import now
from survey.data import second_factors
from survey.data.accounts import get_account
from survey.extensions import db
from survey.web import account_pages
from survey.web.access import setting_up
from survey.web.account_forms import CodeForm, read_code
from survey.web.sign_in import known_account, require_account, settings

second_factor = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
WRONG = "The code is not right. Enter the six figures your app shows now"
WRONG_OR_USED = "The code is not right, or was used already. Wait for the next one and try again"


@second_factor.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@dataclass(frozen=True)
class Pending:
    """What an app needs to count the same codes: a square code to scan, or a key to type."""

    picture: str
    key: str
    email: str


@dataclass(frozen=True)
class SecondFactorPage:
    """The state of one's second factor."""

    is_on: bool
    is_required: bool
    must_set_up: bool
    codes_left: int
    pending: Pending | None


@second_factor.get("", endpoint="show")
@setting_up
def show_second_factor() -> Page:
    """Where one's second factor stands, and what to do next."""
    return _page(CodeForm())


@second_factor.post("/begin")
@setting_up
def begin() -> Page:
    """Makes a secret for an app; nothing changes until a code made from it is typed."""
    acting.begin(db.session(), account_id=require_account().id, secret_key=settings().secret_key)
    db.session.commit()
    return redirect(url_for("second_factor.show"))


@second_factor.post("/confirm")
@setting_up
def confirm() -> Page:
    """Turns the second factor on and shows the recovery codes.

    They are shown in answer to the post itself, since no page that could be opened again may hold
    them.
    """
    person = require_account()
    form = read_code(request.form)
    if not form.problems:
        codes = acting.confirm(
            db.session(),
            account_id=person.id,
            session_id=person.session_id,
            code=form.code,
            now=now(),
            secret_key=settings().secret_key,
        )
        db.session.commit()  # a failure is counted
        if codes is not None:
            return _codes(codes, is_new=True)
        form = replace(form, problems=(("code", WRONG),))
    return _page(form), NOT_RIGHT


@second_factor.post("/codes")
@setting_up
def make_codes() -> Page:
    """Shows new recovery codes in place of the old, to somebody who gives a code."""
    person = require_account()
    form = _checked(person.id)
    if form.problems:
        return _page(form), NOT_RIGHT
    codes = acting.new_recovery_codes(
        db.session(), account_id=person.id, now=now(), secret_key=settings().secret_key
    )
    db.session.commit()
    return _codes(codes, is_new=False)


@second_factor.post("/remove")
@setting_up
def remove() -> Page:
    """Removes the second factor of somebody who gives a code and may be without."""
    person = require_account()
    if account_pages.must_have_second_factor(person):
        message = "A second factor is required of you here, so it cannot be removed"
        return _page(CodeForm(problems=(("main-content", message),))), NOT_RIGHT
    form = _checked(person.id)
    if form.problems:
        return _page(form), NOT_RIGHT
    account = get_account(db.session(), account_id=person.id)
    acting.remove(db.session(), account=account, by=person.id, now=now())
    db.session.commit()
    return redirect(url_for("account.overview", done="removed"))


def _checked(account_id: str) -> CodeForm:
    """The form with a code, faulty where the code is not right; a failure is counted."""
    form = read_code(request.form)
    if form.problems:
        return form
    is_right = acting.check(
        db.session(),
        account_id=account_id,
        code=form.code,
        place=place_of(request.remote_addr),
        now=now(),
        secret_key=settings().secret_key,
    )
    if is_right:
        return form
    db.session.commit()
    return replace(form, problems=(("code", WRONG_OR_USED),))


def _codes(codes: list[str], *, is_new: bool) -> str:
    return render_template("second_factor/codes.html", codes=codes, is_new=is_new)


def _page(form: CodeForm) -> str:
    person = require_account()
    account = get_account(db.session(), account_id=person.id)
    secret = acting.pending_secret(account, secret_key=settings().secret_key)
    pending = None
    if secret is not None:
        picture = segno.make_qr(acting.app_address(account, secret=secret)).svg_data_uri(
            scale=5, border=4
        )
        groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        pending = Pending(picture, groups, account.email)
    page = SecondFactorPage(
        is_on=account.totp_confirmed_at_utc is not None,
        is_required=account_pages.must_have_second_factor(person),
        must_set_up=person.must_set_up_second_factor,
        codes_left=second_factors.count_recovery_codes(db.session(), account_id=person.id),
        pending=pending,
    )
    return render_template("second_factor/show.html", page=page, form=form)
