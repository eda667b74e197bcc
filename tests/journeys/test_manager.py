"""A review manager's first half hour in a real browser, on the demo's council."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import Download, Page, expect

from tests.journeys.conftest import DEMO_PASSWORD as PASSWORD
from tests.journeys.looking import assert_accessible, look_at

CLOSED = "aldermere-baseline"
OPEN = "aldermere-follow-up"
EMAIL = "manager@aldermere.example.org"


pytestmark = pytest.mark.usefixtures("demo_server")


@pytest.fixture
def manager(page: Page) -> Page:
    """A page on which the review manager has signed in."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rounds")
    return page


def test_signing_in_and_out(page: Page) -> None:
    page.goto(f"/manage/{CLOSED}")
    look_at(page, "sign-in-empty")
    page.get_by_role("button", name="Sign in").click()
    look_at(page, "sign-in-blank-error")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    look_at(page, "sign-in-wrong-error")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    assert page.url.endswith(f"/manage/{CLOSED}"), "signing in leads to the page asked for"
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Change your password").click()
    look_at(page, "change-password")
    page.get_by_role("button", name="Sign out").click()
    look_at(page, "signed-out")
    page.goto(f"/manage/{CLOSED}")
    assert "/sign-in" in page.url


def test_rounds_and_coverage_without_results_while_open(manager: Page) -> None:
    look_at(manager, "manage-rounds")
    manager.get_by_role("link", name="Follow-up, twelve months on").click()
    look_at(manager, "manage-round-open")
    assert "favourable" not in manager.content()

    manager.goto(f"/manage/{OPEN}/findings")

    assert_accessible(manager)
    assert "favourable" not in manager.content()
    manager.goto(f"/manage/{CLOSED}")
    look_at(manager, "manage-round-closed")
    expect(manager.get_by_role("row").filter(has_text="Schools").first).to_contain_text("Silent")


def test_comments_are_redacted_released_withheld_and_undone(manager: Page) -> None:
    manager.goto(f"/manage/{OPEN}/comments")
    look_at(manager, "manage-comments-open")
    manager.goto(f"/manage/{CLOSED}/comments")
    look_at(manager, "manage-comments-waiting")
    waiting = manager.locator("section.manage-comment").count()
    assert waiting >= 2

    box = manager.get_by_label("What others will read").first
    box.fill("")
    manager.get_by_role("button", name="Release").first.click()
    look_at(manager, "manage-comments-error")
    assert manager.get_by_role("alert").count() == 1

    manager.goto(f"/manage/{CLOSED}/comments")
    manager.get_by_role("button", name="Release").first.click()
    look_at(manager, "manage-comments-released")
    assert manager.locator("section.manage-comment").count() == waiting - 1
    manager.get_by_role("button", name="Withhold").first.click()
    manager.get_by_role("link", name="Withheld").click()
    look_at(manager, "manage-comments-withheld")
    manager.get_by_role("button", name="Undo").first.click()
    assert_accessible(manager)


def test_findings_say_what_a_review_team_would_expect(manager: Page) -> None:
    manager.goto(f"/manage/{CLOSED}/findings")
    look_at(manager, "findings")
    told = manager.locator("main").inner_text()
    assert "Schools" in told
    assert "12 of the 50 people" in told
    assert "30 of the 50 people" in told

    manager.get_by_role("link", name="Capacity and capability", exact=True).click()
    look_at(manager, "findings-signpost")
    for closed in manager.locator("details").all():
        closed.locator("summary").click()
    look_at(manager, "findings-signpost-all-open")
    # All questions, both pairs of groups, and every group on every question.
    assert manager.locator("svg[role=img]").count() >= 4
    with manager.expect_download() as taken:
        manager.get_by_role("link", name="The picture as PNG").first.click()
    assert taken.value.suggested_filename.endswith(".png")
    assert Path(taken.value.path()).read_bytes().startswith(b"\x89PNG")

    manager.goto(f"/manage/{CLOSED}/findings/questions/cc_non_specialists_know")
    look_at(manager, "findings-question-24")
    assert "24%" in manager.locator("main").inner_text()
    assert "To explore (clear)" in manager.locator("main").inner_text()
    manager.goto(f"/manage/{CLOSED}/findings/questions/pem_enough_data")
    look_at(manager, "findings-question-60")
    assert "60%" in manager.locator("main").inner_text()
    assert "Reads as a strength" in manager.locator("main").inner_text()


def test_overruling_needs_a_reason_and_keeps_the_rules_reading(manager: Page) -> None:
    address = f"/manage/{CLOSED}/findings/decide/pem_enough_data"
    manager.goto(address)
    look_at(manager, "decide-empty")
    manager.get_by_label("To explore", exact=True).check()
    manager.get_by_label("Your own words").fill("Our words.")
    manager.get_by_role("button", name="Save").click()
    look_at(manager, "decide-error")
    assert manager.get_by_label("Your own words").input_value() == "Our words."
    manager.get_by_label("Why you read it differently").fill("The data pack has three gaps.")
    manager.get_by_role("button", name="Save").click()

    manager.goto(f"/manage/{CLOSED}/findings/questions/pem_enough_data")
    look_at(manager, "findings-question-overruled")
    told = manager.locator("main").inner_text()
    assert "The data pack has three gaps." in told
    assert "Reads as a strength" in told, "the rule's reading stays beside it"
    manager.goto(address)
    look_at(manager, "decide-history")


def download(page: Page, value: str) -> bytes:
    """The file made on request."""
    page.goto(f"/manage/{CLOSED}/findings")
    page.locator(f"input[name=format][value={value}]").check()
    with page.expect_download() as pending:
        page.get_by_role("button", name="Make the file").click()
    made: Download = pending.value
    assert made.suggested_filename.endswith(f".{value}")
    return Path(made.path()).read_bytes()


def test_files_open_and_say_the_same(manager: Page) -> None:
    result = json.loads(download(manager, "json"))
    assert result["format"].startswith("signpost-summary/")
    rows = list(csv.reader(io.StringIO(download(manager, "csv").decode("utf-8-sig"))))
    assert any("cc_non_specialists_know" in row for row in rows)
    workbook = openpyxl.load_workbook(io.BytesIO(download(manager, "xlsx")))
    assert workbook.sheetnames[:3] == ["Summary", "Signposts", "Questions"]
    assert all(sheet.freeze_panes for sheet in workbook.worksheets)
    cells = [c for sheet in workbook.worksheets for row in sheet.iter_rows() for c in row]
    assert not [cell for cell in cells if cell.data_type == "f"], "no cell is a formula"
    letter = download(manager, "docx")
    assert zipfile.ZipFile(io.BytesIO(letter)).testzip() is None
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(letter)).paragraphs)
    assert "not an inspection" in text
    assert "12 of the 50 people" in text


def test_closing_asks_first_and_reopening_needs_a_reason(manager: Page) -> None:
    manager.goto(f"/manage/{OPEN}/close")
    look_at(manager, "close-asks")
    manager.get_by_role("button", name="Close the round").click()
    look_at(manager, "closed")
    manager.goto(f"/manage/{OPEN}/findings")
    look_at(manager, "findings-too-few")
    told = manager.locator("main").inner_text()
    assert "Too few to say" in told
    assert "favourable" not in told
    assert "positive about" not in told

    manager.goto(f"/manage/{OPEN}/reopen")
    look_at(manager, "reopen-empty")
    manager.get_by_role("button", name="Open").click()
    look_at(manager, "reopen-error")
    manager.get_by_label("Why").fill("Schools were on holiday.")
    for part, value in (("Day", "30"), ("Month", "12"), ("Year", "2090")):
        manager.get_by_label(part, exact=True).fill(value)
    manager.get_by_role("button", name="Open").click()
    look_at(manager, "reopened")
    assert "Schools were on holiday." in manager.locator("main").inner_text()
