"""A review manager watches a round, acts on a comment, gives more time, closes and opens again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from survey.actions.accounts import add_manager, create_account
from survey.clock import day_in_london, now
from survey.data.engine import make_engine
from survey.data.models import SentInDay
from tests import factories
from tests.filled_round import AGENCIES, FilledRound, fill_round
from tests.journeys.live import Server
from tests.journeys.looking import assert_accessible, assert_reflows

EMAIL, PASSWORD = "manager@example.org", "four ordinary words here"
CHILD = "A boy in year 4 told his teacher that his stepfather hits him."


@pytest.fixture(scope="module")
def filled(live_server: Server) -> FilledRound:
    """An open round with a silent sector, people to remind, and two flagged comments."""
    engine = make_engine(live_server.settings.database_url)
    with Session(engine, expire_on_commit=False) as session:
        made = fill_round(
            session,
            agencies=(AGENCIES[0], AGENCIES[-1]),
            comments=[CHILD, "Ask Mrs Oakapple.", "All is well."],
        )
        account = create_account(
            session, email=EMAIL, name="Robin Marsh", password=PASSWORD, now=now()
        )
        add_manager(session, account=account, council=made.council)
        made.round.opens_at_utc = now() - timedelta(days=9)
        made.round.closes_at_utc = now() + timedelta(days=3)
        schools = made.agencies["Wexmoor schools"]
        schools.contact_name, schools.contact_email = "Kit Barrow", "kit@example.org"
        factories.make_invitation(session, schools, label="A. Finch", email="finch@example.org")
        for ago, count in ((8, 4), (5, 9), (1, 2)):
            day = day_in_london(now() - timedelta(days=ago))
            session.add(SentInDay(round_id=made.round.id, day=day, sent_in=count))
        session.commit()
    engine.dispose()
    return made


def check(page: Page) -> str:
    """Hold the page to WCAG A and AA and to 320 pixels; return its words."""
    assert_reflows(page)
    assert_accessible(page)
    return page.locator("main").inner_text()


def fill_day(page: Page, *, days: int) -> None:
    """Enter the date so many days from now."""
    day = day_in_london(now() + timedelta(days=days))
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(part, exact=True).fill(str(value))


def test_round_is_watched_from_its_first_answers_to_opening_it_again(
    no_js_page: Page, filled: FilledRound
) -> None:
    page = no_js_page
    page.goto(filled.url())
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    told = check(page)
    assert "1 may be about harm to a child" in told

    page.get_by_role("button", name="See whom to ask").click()
    told = check(page)
    assert "15 people sent in answers, on 3 days." in told
    expect(page.get_by_role("row").filter(has_text="Wexmoor schools").first).to_contain_text(
        "kit@example.org"
    )
    assert "favourable" not in page.content()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Excel").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("link", name="1 personal link not used").click()
    assert "finch@example.org" in check(page)

    page.get_by_role("link", name="Daily list").click()
    page.get_by_role("button", name="Put on record for comment 1").click()
    assert "Select what was done" in check(page)
    page.get_by_label("I told the duty team").first.check()
    page.get_by_label("Where more is kept").first.fill("Duty log 114")
    page.get_by_role("button", name="Put on record for comment 1").click()
    assert "stepfather" not in page.locator("main").inner_text()
    page.get_by_role("link", name="On record").click()
    assert "Note: Duty log 114" in check(page)

    page.get_by_role("link", name="Overview").click()
    page.get_by_role("link", name="Give people more time").click()
    page.get_by_role("button", name="Set the new last day").click()
    assert "Enter the new last day" in check(page)
    fill_day(page, days=12)
    page.get_by_role("button", name="Set the new last day").click()
    assert "1 person will be told by e-mail" in page.locator("main").inner_text()

    page.get_by_role("link", name="Withdraw the round").click()
    check(page)
    page.get_by_role("link", name="Do not withdraw it").click()
    page.get_by_role("link", name="Close the round before its last day").click()
    page.get_by_role("button", name="Close the round").click()
    assert "its findings are ready" in page.locator("main").inner_text()
    page.get_by_role("link", name="Shown and taken away", exact=True).click()
    assert "All figures were new" in check(page)
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("link", name="Open the round again").click()
    assert "Findings of this round have been shown once" in check(page)
    page.get_by_label("Why").fill("Schools were on holiday.")
    fill_day(page, days=30)
    page.get_by_role("button", name="Open the round again").click()
    assert "Schools were on holiday." in page.locator("main").inner_text()
