"""Evidence for a return is refused and taken; its council reads it and scores it beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy.orm import Session

from question_banks.loader import load_bank
from survey.actions import returns as writing
from survey.actions.accounts import create_account
from survey.clock import now
from survey.data.engine import make_engine
from survey.data.models import Membership, Review, Role
from tests import factories
from tests.factories_returns import make_colleague, save_answers, sign, word_file
from tests.journeys.live import Server
from tests.journeys.looking import assert_accessible, assert_reflows

LEAD, MANAGER, PASSWORD = "lead@example.org", "manager@example.org", "four ordinary words here"
RATING = "s11_named_leader"
ANSWERS = {
    RATING: "mostly_met",
    f"{RATING}_evidence": "The board saw the register in March.",
    f"{RATING}_action": "Name a deputy at every site.",
    f"{RATING}_owner": "Head of safeguarding",
    f"{RATING}_date": "2031-06-30",
    "s11_board_attention": "not_met",
}


@pytest.fixture(scope="module")
def database(live_server: Server) -> Iterator[Session]:
    """The server's database; whoever uses it leaves no transaction open."""
    engine = make_engine(live_server.settings.database_url)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


@pytest.fixture(scope="module")
def return_id(database: Session) -> str:
    """A section 11 return that has begun, of an agency with a lead; its council has a manager."""
    round_ = factories.make_round(
        database,
        bank=load_bank("section_11"),
        opens=now() - timedelta(days=3),
        closes=now() + timedelta(days=12),
    )
    invited = factories.make_invited_agency(database, round_)
    lead = create_account(database, email=LEAD, name="Ada Quill", password=PASSWORD, now=now())
    database.add(Membership(account_id=lead.id, role=Role.AGENCY_LEAD, agency_id=invited.agency_id))
    council_id = database.get_one(Review, round_.review_id).council_id
    make_colleague(database, lead, email=MANAGER, role=Role.REVIEW_MANAGER, council_id=council_id)
    made = writing.begin(
        database, round_id=round_.id, account_id=lead.id, name=lead.name, now=now()
    )
    save_answers(database, made, ANSWERS, at=now())
    database.commit()
    return made


def sign_in(page: Page, email: str) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def choose(page: Page, name: str, data: bytes) -> None:
    page.get_by_label("File", exact=True).set_input_files(
        files=FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
    )


def check(page: Page) -> str:
    """Hold the page to WCAG A and AA and to 320 pixels; return its words."""
    assert_reflows(page)
    assert_accessible(page)
    return page.locator("main").inner_text()


def test_evidence_is_given_and_a_score_stands_beside_the_agencys(
    no_js_page: Page, return_id: str, database: Session
) -> None:
    page = no_js_page
    sign_in(page, LEAD)
    page.goto(f"/returns/{return_id}/evidence/senior_commitment")
    page.get_by_role("link", name=re.compile("Add evidence.*A senior leader")).click()
    page.get_by_label("With a file").check()
    choose(page, "minutes.docx", b"MZ" + bytes(40))
    page.get_by_label("What it shows").fill("Who answers for safeguarding.")
    page.get_by_role("button", name="Add the evidence").click()
    assert "The file is a program" in check(page)
    expect(page.get_by_label("What it shows")).to_have_value("Who answers for safeguarding.")
    expect(page.get_by_label("With a file")).to_be_checked()
    document = word_file()
    choose(page, "Board minutes.docx", document)
    page.get_by_role("button", name="Add the evidence").click()
    assert "Board minutes.docx" in check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Board minutes.docx", exact=True).click()
    assert download.value.suggested_filename == "Board minutes.docx"

    sign(database, return_id, at=now(), on=now().date())
    database.commit()
    sign_in(page, MANAGER)
    page.goto("/manage/spring/returns")
    assert "Chief Superintendent Wren" in check(page)
    page.get_by_role("link", name="Harrow Fields Police").click()
    check(page)
    page.get_by_role("link", name=re.compile("Score.*A senior leader")).click()
    page.get_by_role("button", name="Save the score").click()
    assert "Select the score you give" in page.get_by_role("alert").inner_text()
    page.get_by_label("Partly met").check()
    page.get_by_label("Why", exact=True).fill("Two sites had no deputy.")
    check(page)
    page.get_by_role("button", name="Save the score").click()
    assert "Two sites had no deputy." in check(page)
    page.get_by_role("link", name="Senior management commitment").click()
    words = check(page)
    assert "Name a deputy at every site." in words
    with page.expect_download() as download:
        page.get_by_role("button", name="Download Board minutes.docx").click()
    assert download.value.path().read_bytes() == document
