"""An open link, letters, and answers from paper, in a real browser without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from question_banks.loader import load_bank
from survey.actions.accounts import add_manager, create_account
from survey.clock import now
from survey.data.engine import make_engine
from tests import factories
from tests.journeys.live import Server
from tests.journeys.looking import look_at

EMAIL, PASSWORD = "manager@wexmoor.example.org", "four ordinary words here"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def manager(no_js_page: Page, live_server: Server) -> Page:
    """A page on which the manager of an open round with two agencies has signed in."""
    engine = make_engine(live_server.settings.database_url)
    with Session(engine) as session:
        council = factories.make_council(session, slug="wexmoor", name="Wexmoor Council")
        account = create_account(
            session, email=EMAIL, name="Robin Marsh", password=PASSWORD, now=now()
        )
        add_manager(session, account=account, council=council)
        bank = load_bank("tests/banks/valid/every_type.yaml")
        opens = now() - timedelta(days=3)
        round_ = factories.make_round(
            session, council=council, bank=bank, opens=opens, closes=now() + timedelta(days=9)
        )
        police = factories.make_invited_agency(session, round_, invited=3)
        police.contact_name, police.contact_email = "Sam Lead", "lead@example.org"
        school = factories.make_invited_agency(session, round_, name="Hillside School", invited=12)
        for name in ("Pat Lee", "Kim Roe", ""):
            factories.make_invitation(
                session,
                school,
                label=name,
                email=f"{name.split()[0].lower()}@example.org" if name else "",
            )
        session.commit()
    engine.dispose()
    page = no_js_page
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rounds")
    return page


def test_open_link_letters_and_paper(manager: Page, tmp_path: Path) -> None:
    page = manager
    page.goto("/manage/spring/ways-in")
    look_at(page, "ways-in-people")
    page.get_by_role("link", name=re.compile("^Pat Lee")).click()
    page.get_by_role("button", name="Show the link and the code").click()
    assert CODE.search(page.get_by_label(re.compile("^Code, to type")).input_value())

    page.goto("/manage/spring/ways-in/open")
    page.get_by_role("button", name="Make links for every agency").click()
    look_at(page, "ways-in-open")
    link = page.get_by_label("Link", exact=True).last.input_value()

    page.goto("/manage/spring/letters")
    look_at(page, "letters")
    page.get_by_label("Letters for everybody").check()
    page.get_by_label("Large print").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the PDF").click()
    path = tmp_path / "letters.pdf"
    download.value.save_as(path)
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 3

    _take_a_code(page, link)
    _enter_a_paper(page)


def _take_a_code(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label(re.compile("^Your e-mail address")).fill("pat at example")
    page.get_by_role("button", name="Get my code").click()
    look_at(page, "join-error")
    page.get_by_label(re.compile("^Your e-mail address")).fill("")
    page.get_by_role("button", name="Get my code").click()
    look_at(page, "join-code")
    code = CODE.search(page.locator("main").inner_text())
    assert code is not None
    page.goto(link)
    assert code[0] in page.locator("main").inner_text()
    page.get_by_role("button", name="Carry on with this code").click()
    page.get_by_role("button", name="Go to the questionnaire").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Working together")


def _enter_a_paper(page: Page) -> None:
    page.goto("/manage/spring/entry")
    page.get_by_role("button", name="Enter answers").click()
    page.get_by_role("button", name="Continue").click()
    look_at(page, "entry-new-error")
    page.get_by_label("Otherwise, the agency").select_option("Hillside School")
    page.get_by_label("Frontline practitioner").check()
    page.get_by_label(re.compile("^A reference")).fill("P-7")
    page.get_by_role("button", name="Continue").click()
    while page.get_by_role("button", name="Save and continue").count():
        for box in page.locator("main input[inputmode=numeric]").all():
            box.fill("1")
        page.get_by_role("button", name="Save and continue").click()
        if page.locator(".govuk-error-summary").count():
            break
    look_at(page, "entry-part-error")
    _mend(page)
    look_at(page, "entry-check")
    blank = page.get_by_label("They are blank on the paper too")
    if blank.count():
        blank.check()
    page.get_by_role("button", name="Send these answers").click()
    expect(page.locator("main")).to_contain_text("1 on paper")


def _mend(page: Page) -> None:
    """Empties what was wrong until the check is reached."""
    while page.get_by_role("button", name="Save and continue").count():
        for box in page.locator("main .govuk-input--error").all():
            box.fill("")
        page.get_by_role("button", name="Save and continue").click()
