"""Writing a return: beginning it, saving a page, what is missing, and two who write at once."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey.data import returns_versions
from tests import factories
from tests.integration.returns.conftest import (
    EVIDENCE,
    KEY,
    RATING,
    SECTION,
    Begun,
    make_lead,
    pages_of,
    share,
    sign_in,
)
from tests.page import Browser


def test_smoke(lead: Browser, helper: Browser, begun: Begun, session: Session) -> None:
    lead.get("/returns")
    lead.get(begun.path)
    page = lead.get(begun.page())
    lead.post(begun.page(), {RATING: "mostly_met", f"base--{RATING}": "0"})
    print(lead.page.words[:600])
    lead.get(begun.path + "/whole")
    lead.get(begun.path + "/details")
    lead.get(begun.path + "/people")
    lead.get(begun.path + "/people/add")
    lead.get(begun.path + "/submit")
    lead.get(begun.path + "/sign")
    lead.get(begun.path + "/signed-elsewhere")
    lead.get(begun.path + "/send-back")
    lead.get(f"{begun.path}/question/{SECTION}/{RATING}")
    print(lead.page.words[:800])
