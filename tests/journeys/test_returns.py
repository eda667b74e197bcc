"""An agency writes its return: two people at two browsers, one conflict, and a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.loader import load_bank
from survey.actions import returns as writing
from survey.actions import returns_saving as saving
from survey.actions.accounts import create_account
from survey.actions.returns_rules import Writer
from survey.clock import now
from survey.data import returns
from survey.data.engine import make_engine
from survey.data.models import AgencyReturn, Membership, Role
from tests import factories
from tests.journeys.live import Server
from tests.journeys.looking import assert_accessible, assert_reflows

EMAIL, PASSWORD = "lead@example.org", "four ordinary words here"
EVIDENCE = "What evidence supports your rating for senior leadership of safeguarding?"


@pytest.fixture(scope="module")
def account_id(live_server: Server) -> str:
    """The lead of an agency that a round asks for a section 11 return."""
    engine = make_engine(live_server.settings.database_url)
    with Session(engine) as session:
        round_ = factories.make_round(
            session,
            bank=load_bank("section_11"),
            opens=now() - timedelta(days=3),
            closes=now() + timedelta(days=12),
        )
        invited = factories.make_invited_agency(session, round_)
        account = create_account(
            session, email=EMAIL, name="Ada Quill", password=PASSWORD, now=now()
        )
        session.add(
            Membership(account_id=account.id, role=Role.AGENCY_LEAD, agency_id=invited.agency_id)
        )
        session.commit()
        found = account.id
    engine.dispose()
    return found


@pytest.fixture
def contributor(browser: Browser, live_server: Server) -> Iterator[Page]:
    """A page in the window of somebody else, at another machine."""
    with browser.new_context(
        base_url=live_server.url, java_script_enabled=False, locale="en-GB"
    ) as window:
        yield window.new_page()


def check(page: Page) -> str:
    """Hold the page to WCAG A and AA and to 320 pixels; return its words."""
    assert_reflows(page)
    assert_accessible(page)
    return page.locator("main").inner_text()


def answer_the_rest(server: Server, account_id: str) -> None:
    """Answer every standard but the first as met, which the browser need not do 26 times."""
    engine = make_engine(server.settings.database_url)
    with Session(engine) as session:
        return_id = session.scalars(select(AgencyReturn.id)).one()
        item = returns.get_return(session, return_id=return_id, account_id=account_id)
        for section in writing.load(session, item).sections[:-1]:
            for page in section.pages:
                rating = page.questions[0].code
                if rating == "s11_named_leader":
                    continue
                saving.save_page(
                    session,
                    item,
                    section=section.code,
                    key=page.key,
                    posted={
                        rating: ["met"],
                        f"{rating}_evidence": ["An audit in May"],
                        f"base--{rating}": ["0"],
                        f"base--{rating}_evidence": ["0"],
                    },
                    writer=Writer(name="Ada Quill", account_id=account_id),
                    now=now(),
                )
        session.commit()
    engine.dispose()


def test_agency_writes_and_signs_its_return(
    no_js_page: Page, contributor: Page, live_server: Server, account_id: str
) -> None:
    lead = no_js_page
    lead.goto("/sign-in")
    lead.get_by_label("E-mail address").fill(EMAIL)
    lead.get_by_label("Password").fill(PASSWORD)
    lead.get_by_role("button", name="Sign in").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text("Agency returns")
    lead.get_by_role("button", name="Begin the return").click()
    assert "27 things are still missing" in check(lead)

    # The lead shares the first section, and gives the link to a contributor.
    lead.get_by_role("link", name="Share sections").click()
    lead.get_by_role("button", name="Add a contributor").click()
    lead.get_by_role("button", name="Save").click()
    assert "Enter the contributor’s name" in check(lead)
    lead.get_by_label("Name", exact=True).fill("Bo Fenn")
    lead.get_by_label("Senior management commitment").check()
    lead.get_by_role("button", name="Save").click()
    check(lead)
    lead.get_by_text("Show the link").click()
    contributor.goto(lead.locator(".returns-link").inner_text())
    words = contributor.locator("main").inner_text()
    assert "Named senior leader" in words
    assert "Induction" not in words

    # Both open the same page; each writes evidence.
    contributor.get_by_role("link", name="Named senior leader").click()
    contributor.get_by_label("Mostly met").check()
    contributor.get_by_role("button", name="Save and continue").click()
    assert "Your answer leads to the questions marked" in check(contributor)
    page = contributor.url.split("?")[0].split("/section/")[1]
    lead.get_by_role("link", name="Back to the return").click()
    lead.goto(f"{lead.url.split('?')[0]}/section/{page}")
    lead.get_by_label(EVIDENCE).fill("The handbook names the leader.")
    contributor.get_by_label(EVIDENCE).fill("Staff at three stations know the leader.")
    contributor.get_by_label("What will your agency do").fill("Posters at every station.")
    contributor.get_by_label("Who owns the action").fill("Deputy chief constable")
    for part, text in (("Day", "30"), ("Month", "9"), ("Year", "2040")):
        contributor.get_by_label(part).fill(text)
    contributor.get_by_role("button", name="Save and continue").click()
    lead.get_by_role("button", name="Save and continue").click()

    # Neither text is lost: the second to save sees both, and chooses.
    expect(lead.get_by_role("heading", level=1)).to_have_text("Choose between two answers")
    lead.get_by_text("What is different between them").click()
    words = check(lead)
    assert "Staff at three stations know the leader." in words
    assert "The handbook names the leader." in words
    lead.get_by_role("button", name="Save this choice").click()
    assert "Select which answer to keep" in lead.locator("main").inner_text()
    lead.get_by_label("One answer from both, as written below").check()
    lead.get_by_role("button", name="Save this choice").click()
    assert "Your choice has been saved" in lead.locator("main").inner_text()
    lead.get_by_role("link", name="Named senior leader").click()
    lead.get_by_role("link", name=EVIDENCE).click()
    words = check(lead)
    assert "Kept beside" in words
    assert "Ada Quill wrote one answer from both." in words

    # What is missing, then sign-off outside this service.
    lead.goto(f"{lead.url.split('/question/')[0]}/submit")
    assert "26 things are missing" in check(lead)
    answer_the_rest(live_server, account_id)
    lead.reload()
    lead.get_by_role("button", name="Send for sign-off").click()
    contributor.reload()
    expect(contributor.get_by_role("heading", level=1)).to_have_text("The whole return")
    lead.get_by_role("link", name="Record a signature given outside this service").click()
    check(lead)
    lead.get_by_label("Name of the officer who signed").fill("Kit Barrow")
    lead.get_by_label("Their post").fill("Chief constable")
    today = now()
    for part, number in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        lead.get_by_label(part).fill(str(number))
    lead.get_by_role("button", name="Record the signature").click()
    lead.get_by_role("link", name="Read or print the whole return").click()
    words = check(lead)
    assert "Kit Barrow, Chief constable, signed it on" in words
    assert "OFFICIAL" in words
