"""Signing in with another provider (OpenID Connect).

The browser comes back with a GET, which may not write: the page it lands on says who was
recognised and asks to go on, and only that post begins a session.
"""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from survey.actions import provider as acting
from survey.actions.provider import Claims, NotInvited, ProviderFailed
from survey.clock import now
from survey.errors import NotFound
from survey.extensions import db
from survey.settings import OidcSettings
from survey.web.access import anybody
from survey.web.sign_in import (
    await_code,
    home,
    known_account,
    local_path,
    settings,
    start_session,
)

provider = Blueprint("provider", __name__, url_prefix="/sign-in/provider")

Page = str | Response | tuple[str, int]
BAD_GATEWAY, FORBIDDEN = 502, 403
MINUTES_TO_GO_ON = 10


@provider.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def _oidc() -> OidcSettings:
    found = settings().oidc
    if found is None:
        raise NotFound("There is no other provider to sign in with.")
    return found


def _back() -> str:
    return f"{settings().base_url}{url_for('provider.back')}"


@provider.get("", endpoint="start")
@anybody
def go_there() -> Page:
    """Sends the browser to the provider."""
    try:
        start = acting.begin(_oidc(), back=_back())
    except ProviderFailed:
        return _failed()
    session["provider"] = {
        "state": start.state,
        "nonce": start.nonce,
        "verifier": start.verifier,
        "next": local_path(request.args.get("next")),
    }
    return redirect(start.address)


@provider.get("/back")
@anybody
def back() -> Page:
    """Reads what the browser brings back, and asks whether to go on as that person."""
    oidc, kept = _oidc(), session.pop("provider", None)
    code, state = request.args.get("code", ""), request.args.get("state", "")
    if not isinstance(kept, dict) or not code or not _is_same(str(kept["state"]), state):
        return _failed()
    try:
        claims = acting.read_answer(
            oidc, back=_back(), code=code, nonce=kept["nonce"], verifier=kept["verifier"]
        )
    except ProviderFailed:
        return _failed()
    session["recognised"] = [
        claims.issuer,
        claims.subject,
        claims.email,
        claims.proved_twice,
        kept["next"],
        int(now().timestamp()),
    ]
    return render_template("provider/go_on.html", email=claims.email, provider=oidc.name)


@provider.post("/go-on")
@anybody
def go_on() -> Page:
    """Begins the session of the person the provider recognised."""
    oidc, kept = _oidc(), session.pop("recognised", None)
    if not isinstance(kept, list) or now().timestamp() - kept[5] > 60 * MINUTES_TO_GO_ON:
        return redirect(url_for("account.sign_in", done="too-slow"))
    issuer, subject, email, proved_twice, target, _ = kept
    claims = Claims(issuer, subject, email, proved_twice)
    try:
        found = acting.find_or_link(db.session(), claims, now=now())
    except NotInvited:
        page = render_template("provider/not_invited.html", email=email, provider=oidc.name)
        return page, FORBIDDEN
    target = local_path(target)
    if found.totp_confirmed_at_utc is not None and not proved_twice:
        await_code(account_id=found.id, generation=found.session_generation, target=target)
        db.session.commit()
        return redirect(url_for("account.code"))
    start_session(account_id=found.id, passed_second_factor=proved_twice)
    db.session.commit()
    return redirect(target or home())


def _failed() -> Page:
    return render_template("provider/failed.html", provider=_oidc().name), BAD_GATEWAY


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
