"""Somebody asks what is kept about them, and has it deleted, in a real browser without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DEMO_PASSWORD
from tests.journeys.looking import look_at

pytestmark = pytest.mark.usefixtures("demo_server")

MANAGER = "manager@aldermere.example.org"
PERSON = "referral.manager@aldermere.example.org"


def test_what_is_kept_is_shown_handed_over_and_deleted(no_js_page: Page) -> None:
    page = no_js_page
    page.goto("/data-protection")
    look_at(page, "data-protection")
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(MANAGER)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="Requests about personal data").click()
    page.get_by_role("button", name="Show what is kept").click()
    look_at(page, "personal-data-ask-error")
    page.get_by_label("Who is it?").fill(PERSON)
    page.get_by_role("button", name="Show what is kept").click()
    expect(page.get_by_text("Begun, last saved").first).to_be_visible()
    look_at(page, "personal-data-kept")

    with page.expect_download() as taken:
        page.get_by_role("button", name="Download what is kept").click()
    assert "Unfinished answers" in taken.value.path().read_text(encoding="utf-8-sig")

    page.get_by_role("button", name="Delete what is kept").click()
    look_at(page, "personal-data-delete-error")
    page.get_by_label("This person has asked for it").check()
    page.get_by_role("button", name="Delete what is kept").click()
    expect(page.get_by_text("What was kept has been deleted")).to_be_visible()

    page.get_by_label("Who is it?").fill(PERSON)
    page.get_by_role("button", name="Show what is kept").click()
    expect(page.get_by_text("Nothing is kept under that address")).to_be_visible()
