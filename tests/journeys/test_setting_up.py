"""A round set up, looked at and launched in a real browser, in few clicks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from survey.actions.accounts import add_manager, create_account
from survey.clock import day_in_london, now
from survey.data.engine import make_engine
from survey.data.models import Council
from tests.journeys.live import Server
from tests.journeys.looking import look_at

EMAIL = "manager@wexmoor.example.org"
PASSWORD = "four ordinary words here"
MOST_PAGES = 20


@pytest.fixture
def manager(page: Page, live_server: Server) -> Page:
    """A page on which the manager of a council without a round has signed in."""
    engine = make_engine(live_server.settings.database_url)
    with Session(engine) as session:
        council = Council(slug="wexmoor", name="Wexmoor Council")
        session.add(council)
        session.flush()
        account = create_account(
            session, email=EMAIL, name="Robin Marsh", password=PASSWORD, now=now()
        )
        add_manager(session, account=account, council=council)
        session.commit()
    engine.dispose()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and go back to the list").click()


def step(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def test_round_from_nothing_to_launched(manager: Page) -> None:
    opened: list[str] = []
    manager.on("framenavigated", lambda frame: opened.append(frame.url))

    manager.get_by_role("button", name="Set up a round").click()
    manager.get_by_label("Name of the round").fill("Working together, autumn")
    manager.get_by_label("Name of the review").fill("Peer review of safeguarding")
    manager.get_by_label("Safeguarding children self-evaluation (six signposts)").check()
    manager.get_by_role("button", name="Start").click()
    look_at(manager, "set-up-tasks")

    step(manager, "Name and dates for answers")
    first = day_in_london(now()) + timedelta(days=1)
    last = first + timedelta(days=20)
    for name, day in (("First day for answers", first), ("Last day for answers", last)):
        group = manager.get_by_role("group", name=name)
        group.get_by_label("Day").fill(str(day.day))
        group.get_by_label("Month").fill(str(day.month))
        group.get_by_label("Year").fill(str(day.year))
    save(manager)

    step(manager, "Contacts")
    manager.get_by_label("Who runs the questionnaire").fill("Robin Marsh, 01632 960123")
    save(manager)
    manager.get_by_label("Whom to contact about a child").fill("The front door, 01632 960999")
    manager.get_by_label("Who reads flagged comments").fill("Kit Barrow")
    save(manager)

    step(manager, "How people are chosen")
    manager.get_by_label("Yes, everybody").check()
    save(manager)

    step(manager, "Questions of your own")
    manager.get_by_role("button", name="Add a question").click()
    manager.get_by_label("The question or statement").fill("Help can be had at night.")
    manager.get_by_label("Agreement").check()
    manager.get_by_label("Effective practice").check()
    manager.get_by_role("button", name="Save the question").click()
    manager.get_by_role("button", name="Done with these questions").click()
    expect(manager.get_by_text("Everything needed is there")).to_be_visible()

    manager.get_by_role("link", name="See the questionnaire as people will see it").click()
    manager.get_by_role("link", name="Frontline practitioner").click()
    manager.get_by_role("button", name="Start now").click()
    manager.get_by_role("link", name="Effective practice").click()
    manager.get_by_role("button", name="Save and continue").click()
    look_at(manager, "set-up-preview-error")
    manager.goto("/manage/working-together-autumn/preview/frontline/page/local_effective_practice")
    expect(manager.get_by_text("Help can be had at night.")).to_be_visible()
    manager.get_by_role("link", name="back to set-up").click()

    manager.get_by_role("button", name="Check and launch").click()
    look_at(manager, "set-up-launch")
    manager.get_by_role("button", name="Launch the round").click()

    expect(manager.get_by_text("The round is launched")).to_be_visible()
    assert len(opened) <= MOST_PAGES + 8
