"""Somebody invited by e-mail: password, second factor, sessions, signing out; and who invited them.

Each page is held to WCAG A and AA by axe, and to reading at 320 pixels.
"""

from __future__ import annotations

import re

import pyotp
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions.account_links import invitation_link
from survey.actions.mail_links import Doors
from survey.data.engine import make_engine
from survey.data.models import MailKind, Message
from survey.data.outbox import Claimed
from tests.journeys.live import Server
from tests.journeys.looking import assert_accessible, assert_reflows

PASSWORD = "four ordinary words here"
ADMINISTRATOR, INVITED = "ada@example.org", "robin@example.org"


def hold(page: Page) -> None:
    """Holds a page to what every page is held to."""
    assert_reflows(page)
    assert_accessible(page)


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def link_in_the_outbox(server: Server) -> str:
    """The link of the one message, made as the worker makes it."""
    engine = make_engine(server.settings.database_url)
    with Session(engine) as session:
        row = session.scalars(select(Message)).one()
        claimed = Claimed(
            id=row.id,
            kind=MailKind(row.kind),
            to=row.to_address,
            attempts=0,
            council_id=None,
            round_id=None,
            invitation_id=None,
            account_id=row.account_id,
            facts=row.facts,
        )
        doors = Doors(secret_key=server.settings.secret_key, base_url=server.url)
        link = invitation_link(session, claimed, doors)
    engine.dispose()
    assert link is not None
    return link


def test_from_the_first_administrator_to_a_manager_signed_in_with_two_factors(
    live_server: Server, page: Page, no_js_page: Page
) -> None:
    shown = live_server.signpost(
        "add-administrator", ADMINISTRATOR, "--name", "Ada Quill", "--make-password"
    )
    made = re.search(r"Password: (\S+)", shown)
    assert made is not None
    sign_in(page, ADMINISTRATOR, made[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    hold(page)

    page.get_by_role("link", name="Councils and programmes").click()
    page.get_by_role("button", name="Add a council").click()
    page.get_by_label("Name", exact=True).fill("Wexmoor Council")
    page.get_by_label("Short name for addresses and commands").fill("wexmoor")
    page.get_by_role("button", name="Add council").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Councils and programmes")
    page.goto("/admin/people/invite")
    page.get_by_role("button", name="Send invitation").click()
    hold(page)
    page.get_by_label("Name", exact=True).fill("Robin Marsh")
    page.get_by_label("E-mail address").fill(INVITED)
    page.get_by_label("Role").select_option(label="Review manager, Wexmoor Council")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Robin Marsh")
    hold(page)

    _invited(no_js_page, link_in_the_outbox(live_server))

    page.get_by_role("link", name="Record of events").click()
    hold(page)
    expect(page.get_by_role("cell", name="Second factor set up")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download these events as CSV").click()
    assert taken.value.suggested_filename.startswith("Signpost record of events")


def _invited(page: Page, link: str) -> None:
    """What the invited person does, in a browser without JavaScript."""
    page.goto(link)
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Save password").click()
    hold(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_text("Your password has been set")).to_be_visible()
    sign_in(page, INVITED, PASSWORD)
    page.get_by_role("link", name="People").click()
    hold(page)

    page.get_by_role("link", name="Your account").click()
    hold(page)
    page.get_by_role("link", name="Set up your second factor").click()
    page.get_by_role("button", name="Set up a second factor").click()
    hold(page)
    app = pyotp.TOTP(page.locator("main code").inner_text().replace(" ", ""))
    page.get_by_label("Code from the app").fill(app.now())
    page.get_by_role("button", name="Turn on my second factor").click()
    hold(page)
    codes = page.locator("main code").all_inner_texts()
    assert len(codes) == 10

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, INVITED, PASSWORD)
    hold(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Continue").click()
    page.goto("/account")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account")
    assert "/sign-in" in page.url
