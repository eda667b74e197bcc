"""A review manager fills a register, brings in a file with faults and the mended one, and gives
the council its own look; without JavaScript, as every page must work.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy.orm import Session

from question_banks.loader import load_bank
from survey.actions.accounts import add_manager, create_account
from survey.clock import now
from survey.data.engine import make_engine
from tests import factories, factories_invitees
from tests.journeys.live import Server
from tests.journeys.looking import assert_accessible, assert_reflows

EMAIL, PASSWORD = "manager@example.org", "four ordinary words here"


@pytest.fixture
def manager(no_js_page: Page, live_server: Server) -> Page:
    """A page on which the review manager of a council with an empty round has signed in."""
    engine = make_engine(live_server.settings.database_url)
    with Session(engine) as session:
        council = factories.make_council(session, slug="wexmoor", name="Wexmoor Council")
        bank = load_bank("safeguarding_children_2012")
        opens = now()
        factories.make_round(
            session,
            council=council,
            bank=bank,
            slug="autumn",
            opens=opens,
            closes=opens.replace(year=opens.year + 1),
        )
        account = create_account(
            session, email=EMAIL, name="Robin Marsh", password=PASSWORD, now=now()
        )
        add_manager(session, account=account, council=council)
        session.commit()
    engine.dispose()
    page = no_js_page
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def check(page: Page) -> str:
    """Hold the page to WCAG A and AA and to 320 pixels; return its words."""
    assert_reflows(page)
    assert_accessible(page)
    return page.locator("main").inner_text()


def choose(page: Page, rows: list[factories_invitees.Row]) -> None:
    """Have a file of these rows checked."""
    file: FilePayload = {
        "name": "people.csv",
        "mimeType": "text/csv",
        "buffer": factories_invitees.as_csv(rows),
    }
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def test_register_file_with_faults_mended_file_sectors_and_look(manager: Page) -> None:
    page = manager
    page.get_by_role("link", name="Agencies of Wexmoor Council").click()
    check(page)
    page.get_by_role("button", name="Add an agency").click()
    page.get_by_role("button", name="Add the agency").click()
    assert "Enter the name of the agency" in check(page)
    page.get_by_label("Name of the agency").fill("Moor Clinic")
    page.get_by_label("Sector").select_option(label="NHS community and mental health")
    page.get_by_role("button", name="Add the agency").click()
    expect(page.get_by_role("alert")).to_contain_text("The agency is on the register.")
    page.get_by_role("link", name="Moor Clinic").click()
    check(page)

    page.goto("/manage/autumn/agencies")
    check(page)
    page.get_by_role("button", name="Add agencies from the register").click()
    page.get_by_label("Moor Clinic").check()
    check(page)
    page.get_by_role("button", name="Add those ticked").click()
    page.get_by_role("link", name="Moor Clinic").click()
    page.get_by_label("All levels together").fill("4")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Moor Clinic").click()
    assert "The agency may rather answer as one" in check(page)

    page.get_by_role("link", name="Agencies", exact=True).first.click()
    page.get_by_role("button", name="Invite people from a file").click()
    check(page)
    rows = factories_invitees.right_rows(600)
    rows[7][5] = "nobody"
    choose(page, rows)
    words = check(page)
    assert "1 thing to put right" in words
    assert "“nobody” is not an e-mail address" in words
    rows[7][5] = "somebody@example.org"
    choose(page, rows)
    assert "600 people to be invited" in check(page)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Brought in", timeout=20_000)
    assert "600 people invited." in check(page)
    page.get_by_role("link", name="See the agencies of this round").click()
    assert "251 agencies asked to take part." in check(page)

    page.goto("/manage/autumn/agencies/sectors")
    page.get_by_label("Housing associations").check()
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The expected sectors have been saved.")
    page.get_by_role("link", name="What each sector was told").click()
    page.get_by_role("button", name="Put it on record").click()
    assert "Select the sector that was told" in check(page)

    page.goto("/councils/wexmoor/look")
    page.get_by_label("Colour of the top of the page").fill("#fd0")
    page.get_by_role("button", name="Save").click()
    assert "White words cannot be read well" in check(page)
    page.get_by_label("Colour of the top of the page").fill("#5b2a86")
    page.get_by_label("Telephone").fill("01632 960100")
    page.get_by_role("button", name="Save").click()
    check(page)
    page.goto("/manage/autumn")
    ground = page.locator(".app-header").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(91, 42, 134)"
    expect(page.locator("footer")).to_contain_text("01632 960100")
