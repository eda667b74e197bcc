"""Signing in with a provider of OpenID Connect: a real one, a program of its own on loopback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.actions import provider, provider_client, second_factors
from survey.actions.provider import Claims, NotInvited, ProviderFailed
from survey.app import create_app
from survey.data.audit import AuditAction
from survey.data.models import Account, ExternalIdentity, SignInSession
from survey.settings import OidcSettings, Settings
from tests.factories import NOW, SECRET_KEY
from tests.integration.access_ids import make_account
from tests.integration.accounts.conftest import SQLITE, events, opened
from tests.page import Browser, Page

USERS = (
    {"sub": "kit-1", "email": "Kit@example.org", "email_verified": True},
    {"sub": "unverified", "email": "kit@example.org", "email_verified": False},
    {"sub": "says-true", "email": "kit@example.org", "email_verified": "true"},
    {"sub": "kit-mfa", "email": "kit@example.org", "email_verified": True, "amr": ["pwd", "mfa"]},
    {"sub": "kit-pwd", "email": "kit@example.org", "email_verified": True, "amr": ["pwd"]},
    {"sub": "stranger", "email": "stranger@example.org", "email_verified": True},
)
SECONDS_TO_START = 20


@pytest.fixture(autouse=True)
def clock() -> None:
    """The real clock: the provider is another program and has no other."""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a running provider; every test signs in there anew."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = [f"--user-claims={json.dumps(user)}" for user in USERS]
    running = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        running.terminate()
        running.wait(timeout=10)


def _wait_for(address: str) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=1)
        except requests.ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="module")
def made(issuer: str, tmp_path_factory: pytest.TempPathFactory, app_file: Path) -> Flask:
    """The application with that provider."""
    return create_app(
        Settings(
            secret_key=SECRET_KEY,
            database_url=f"sqlite:///{app_file}",
            instance=tmp_path_factory.mktemp("provider"),
            base_url="http://localhost",
            oidc=OidcSettings(issuer, "signpost", "a secret of the client", "Wexmoor sign-on"),
        )
    )


@pytest.fixture
def app(made: Flask, database_url: str) -> Iterator[Flask]:
    """The application on an empty database."""
    yield from opened(made)


@dataclass
class Visitor:
    """A browser that goes to the provider and comes back."""

    browser: Browser

    def go(self) -> str:
        """Where the sign-in page sends the browser."""
        answer = self.browser.client.get("/sign-in/provider?next=/account")
        assert answer.status_code == 302
        return answer.headers["Location"]

    def sign_in_there(self, sub: str) -> str:
        """Signs in at the provider; the path it sends the browser back to."""
        answer = requests.post(self.go(), data={"sub": sub}, allow_redirects=False, timeout=10)
        return answer.headers["Location"].removeprefix("http://localhost")

    def come_back(self, sub: str, *, status: int = 200) -> Page:
        """The page after going on as the person the provider recognised."""
        self.browser.get(self.sign_in_there(sub))
        return self.browser.post("/sign-in/provider/go-on", status=status)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A browser without a past."""
    return Visitor(Browser(app.test_client()))


@pytest.fixture
def kit(session: Session) -> Account:
    """Somebody who was invited."""
    account = make_account(session, "kit")
    session.commit()
    return account


pytestmark = SQLITE


def test_sign_in_page_names_the_provider(visitor: Visitor) -> None:
    assert "Sign in with Wexmoor sign-on" in visitor.browser.get("/sign-in").words


def test_browser_is_sent_with_state_nonce_and_challenge(visitor: Visitor) -> None:
    asked = parse_qs(urlsplit(visitor.go()).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost/sign-in/provider/back"]
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))


def test_invited_person_signs_in_and_is_known_by_number_from_then_on(
    visitor: Visitor, app: Flask, session: Session, kit: Account
) -> None:
    page = visitor.come_back("kit-1")
    assert page.path == "/account"
    assert "kit@example.org" in page.words
    linked = session.scalars(select(ExternalIdentity)).one()
    assert (linked.account_id, linked.subject) == (kit.id, "kit-1")
    account = session.get_one(Account, kit.id)
    account.email = "another@example.org"
    session.commit()

    page = Visitor(Browser(app.test_client())).come_back("kit-1")

    assert page.path == "/account"
    assert len(events(session, AuditAction.IDENTITY_LINKED)) == 1
    assert len(events(session, AuditAction.SIGNED_IN)) == 2


@pytest.mark.parametrize("sub", ["stranger", "unverified", "says-true"])
def test_nobody_gets_in_without_an_invitation_to_a_verified_address(
    visitor: Visitor, session: Session, kit: Account, sub: str
) -> None:
    page = visitor.come_back(sub, status=403)

    assert page.h1 == "There is no account for you here"
    assert visitor.browser.get("/account").path == "/sign-in"
    assert session.scalar(select(func.count()).select_from(Account)) == 1
    assert session.scalars(select(ExternalIdentity)).all() == []


def test_account_linked_to_one_person_is_not_given_to_another(
    visitor: Visitor, app: Flask, session: Session, kit: Account
) -> None:
    visitor.come_back("kit-1")

    Visitor(Browser(app.test_client())).come_back("kit-pwd", status=403)


def test_deactivated_account_stays_out(visitor: Visitor, session: Session, kit: Account) -> None:
    kit.deactivated_at_utc = NOW
    session.commit()

    visitor.come_back("kit-1", status=403)


@pytest.mark.parametrize(
    ("sub", "lands"),
    [("kit-mfa", "/account"), ("kit-pwd", "/sign-in/code"), ("kit-1", "/sign-in/code")],
)
def test_second_factor_is_asked_unless_the_provider_asked_for_one(
    visitor: Visitor, session: Session, kit: Account, sub: str, lands: str
) -> None:
    second_factors.begin(session, account_id=kit.id, secret_key=SECRET_KEY)
    secret = second_factors.pending_secret(kit, secret_key=SECRET_KEY)
    assert secret is not None
    kit.totp_confirmed_at_utc = NOW
    session.commit()

    page = visitor.come_back(sub)

    assert page.path == lands
    if lands == "/sign-in/code":
        assert visitor.browser.get("/account").path == "/sign-in"
        visitor.browser.get("/sign-in/code")
        page = visitor.browser.post("/sign-in/code", {"code": pyotp.TOTP(secret).now()})
        assert page.path == "/account"


def test_only_the_post_begins_a_session(visitor: Visitor, session: Session, kit: Account) -> None:
    page = visitor.browser.get(visitor.sign_in_there("kit-1"))

    assert page.h1 == "Continue to Signpost"
    assert "kit@example.org" in page.words
    assert session.scalars(select(SignInSession)).all() == []
    assert session.scalars(select(ExternalIdentity)).all() == []


def test_answer_counts_in_the_browser_that_asked_and_once(
    visitor: Visitor, app: Flask, kit: Account
) -> None:
    back = visitor.sign_in_there("kit-1")

    Browser(app.test_client()).get(back, status=502)
    visitor.browser.get(back)
    visitor.browser.get(back, status=502)


@pytest.mark.parametrize(
    "query",
    ["", "?code=made-up", "?state=x", "?code=made-up&state=x", "?error=access_denied&state={}"],
)
def test_answer_that_is_not_whole_is_refused(visitor: Visitor, query: str) -> None:
    state = parse_qs(urlsplit(visitor.go()).query)["state"][0]

    page = visitor.browser.get(f"/sign-in/provider/back{query.format(state)}", status=502)

    assert page.h1 == "Signing in with Wexmoor sign-on did not work"


def test_made_up_code_with_the_right_state_is_refused(visitor: Visitor) -> None:
    state = parse_qs(urlsplit(visitor.go()).query)["state"][0]

    visitor.browser.get(f"/sign-in/provider/back?code=made-up&state={state}", status=502)


def test_proof_for_another_visit_is_refused(visitor: Visitor, kit: Account) -> None:
    back = visitor.sign_in_there("kit-1")
    with visitor.browser.client.session_transaction() as kept:
        kept["provider"] = {**kept["provider"], "nonce": "of another visit"}

    visitor.browser.get(back, status=502)


@pytest.mark.parametrize(
    "changes",
    [{"client_id": "somebody-else"}, {"issuer": "https://other.example.org"}],
    ids=["made for another client", "made by another provider"],
)
def test_proof_of_somebody_else_is_refused(
    issuer: str, visitor: Visitor, kit: Account, changes: dict[str, str]
) -> None:
    nonce = parse_qs(urlsplit(visitor.go()).query)["nonce"][0]
    token = requests.post(
        f"{issuer}/oauth2/token",
        data={
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(visitor.sign_in_there("kit-1")).query)["code"][0],
            "redirect_uri": "http://localhost/sign-in/provider/back",
        },
        auth=("signpost", "a secret of the client"),
        timeout=10,
    ).json()["id_token"]
    with visitor.browser.client.session_transaction() as kept:
        nonce = kept["provider"]["nonce"]
    good = OidcSettings(issuer, "signpost", "x", "x")
    known = {"jwks_uri": f"{issuer}/jwks"}
    assert provider_client._verified(known, token, good, nonce)["sub"] == "kit-1"

    with pytest.raises(ProviderFailed):
        provider_client._verified(known, token, replace(good, **changes), nonce)
    head, body, signature = token.split(".")
    forged = signature[::-1]
    with pytest.raises(ProviderFailed):
        provider_client._verified(known, f"{head}.{body}.{forged}", good, nonce)


def test_provider_out_of_order_is_told_plainly(visitor: Visitor) -> None:
    silent = OidcSettings("http://127.0.0.1:9", "signpost", "x", "x")

    with pytest.raises(ProviderFailed):
        provider.begin(silent, back="http://localhost/back")


def test_claims_without_an_address_link_nobody(session: Session) -> None:
    account = make_account(session, "nameless")
    account.email = ""
    session.flush()

    with pytest.raises(NotInvited):
        provider.find_or_link(session, Claims("https://i", "s", "", False), now=NOW)


def test_without_settings_there_is_no_provider(database_url: str, tmp_path: Path) -> None:
    settings = Settings(secret_key=SECRET_KEY, database_url=database_url, instance=tmp_path)
    client = create_app(settings).test_client()

    assert client.get("/sign-in/provider").status_code == 404
