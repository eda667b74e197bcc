"""A review manager compares rounds and looks beside other councils, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DEMO_PASSWORD as PASSWORD
from tests.journeys.live import Server
from tests.journeys.looking import assert_accessible, look_at

ROUND = "/manage/aldermere-baseline"
EMAIL = "manager@aldermere.example.org"


pytestmark = pytest.mark.usefixtures("demo_server")


@pytest.fixture
def manager(no_js_page: Page) -> Page:
    """A page without JavaScript on which the review manager has signed in."""
    page = no_js_page
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rounds")
    return page


def test_fall_that_is_only_a_changed_mix_is_told(manager: Page) -> None:
    manager.goto(ROUND)
    manager.get_by_role("link", name="Compare it with other rounds").click()
    look_at(manager, "compare-choose")
    for box in manager.get_by_role("checkbox").all():
        box.uncheck()
    manager.get_by_role("button", name="Compare").click()
    look_at(manager, "compare-choose-error")
    for name in ("First self-evaluation", "Self-evaluation before the peer review"):
        manager.get_by_label(name).check()
    manager.get_by_role("button", name="Compare").click()
    look_at(manager, "compare-result")
    assert "only who answered" in manager.locator("main").inner_text().lower()

    manager.get_by_role("link", name="Multi-agency training is available").click()
    look_at(manager, "compare-question-only-mix")
    assert "only a different mix of who answered" in manager.locator("main").inner_text()


def test_note_and_decision_stand_by_the_figures(manager: Page) -> None:
    manager.goto(f"{ROUND}/compare")
    manager.get_by_role("button", name="Compare").click()
    manager.get_by_role("link", name="Workloads leave time for each child").first.click()
    manager.get_by_role("link", name="Say whether the two wordings may be compared").click()
    look_at(manager, "compare-wording-empty")
    manager.get_by_role("button", name="Save").click()
    look_at(manager, "compare-wording-error")
    manager.get_by_label("They may be compared").check()
    manager.get_by_label("Why").fill("The guidance says the same in other words.")
    manager.get_by_role("button", name="Save").click()
    look_at(manager, "compare-question-decided")
    manager.get_by_role("link", name="Note what else changed").click()
    look_at(manager, "compare-note-empty")
    manager.get_by_role("button", name="Save the note").click()
    look_at(manager, "compare-note-error")
    manager.get_by_label("Reorganisation").check()
    manager.get_by_label("What changed").fill("Two teams became one in May.")
    manager.get_by_role("button", name="Save the note").click()
    look_at(manager, "compare-question-noted")
    told = manager.locator("main").inner_text()
    assert "The guidance says the same in other words." in told
    assert "Two teams became one in May." in told


def test_published_totals_are_checked_then_compared(manager: Page, tmp_path: Path) -> None:
    faulty, good = tmp_path / "faulty.csv", tmp_path / "good.csv"
    faulty.write_text("question,base,favourable\nno_such_question,5,9\n", encoding="utf-8")
    good.write_text(
        "question,base,favourable,percent\nlp_threshold_same,90,60,\npem_enough_data,,,52\n",
        encoding="utf-8",
    )
    manager.goto(f"{ROUND}/compare/published")
    look_at(manager, "publish-empty")
    manager.get_by_label("What should this round be called?").fill("Neighbourhood survey")
    manager.get_by_label("Month").fill("5")
    manager.get_by_label("Year").fill("2021")
    manager.get_by_label("Where do the totals come from?").fill("Annual report, table 7")
    manager.get_by_label("The file with the totals").set_input_files(faulty)
    manager.get_by_role("button", name="Check the file").click()
    look_at(manager, "publish-faults")
    assert "no_such_question" in manager.locator("main").inner_text()
    manager.get_by_label("The file with the totals").set_input_files(good)
    manager.get_by_role("button", name="Check the file").click()
    look_at(manager, "publish-read")
    manager.get_by_role("button", name="Bring these totals in").click()
    manager.get_by_label("Neighbourhood survey").check()
    manager.get_by_role("button", name="Compare").click()
    look_at(manager, "compare-three-rounds")
    assert "Annual report, table 7" in manager.locator("main").inner_text()
    manager.goto(f"{ROUND}/compare")
    manager.get_by_role("link", name="Neighbourhood survey").first.click()
    look_at(manager, "published")
    manager.get_by_role("link", name="Remove these totals").click()
    look_at(manager, "published-remove")


def test_benchmark_is_shown_and_refused(manager: Page, live_server: Server) -> None:
    manager.goto(f"{ROUND}/benchmark")
    look_at(manager, "benchmark")
    assert "9 other councils" in manager.locator("main").inner_text()
    manager.get_by_role("link", name="Leaders know the day-to-day work").click()
    look_at(manager, "benchmark-question")
    manager.goto(f"{ROUND}/benchmark/share")
    look_at(manager, "benchmark-share")
    manager.get_by_role("button", name="Share this round").click()
    assert_accessible(manager)
    manager.goto(f"{ROUND}/benchmark/share")
    look_at(manager, "benchmark-stop-sharing")

    manager.goto("/manage/aldermere-first/benchmark")
    look_at(manager, "benchmark-too-few")
    assert "At least 8 are needed" in manager.locator("main").inner_text()
