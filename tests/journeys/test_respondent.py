"""A respondent in a real browser without JavaScript: every page, empty, filled and with errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from question_banks.loader import read_bank
from survey.actions.tokens import printed_code
from survey.clock import now
from survey.data.engine import make_engine
from survey.data.models import Invitation, Round
from tests import factories
from tests.journeys.live import ROOT, SECRET_KEY, Server
from tests.journeys.looking import assert_accessible, assert_reflows, look_at

SLUGS = iter(f"journey-{number}" for number in range(1000))


@pytest.fixture
def session(live_server: Server) -> Iterator[Session]:
    """A session on the live server's database."""
    engine = make_engine(live_server.settings.database_url)
    with Session(engine, expire_on_commit=False) as own:
        yield own
    engine.dispose()


def make_open_invitation(session: Session) -> tuple[Round, Invitation]:
    """An invitation to a round that is open now."""
    slug = next(SLUGS)
    round_ = factories.make_round(
        session, slug=slug, opens=now() - timedelta(days=1), closes=now() + timedelta(days=14)
    )
    agency = factories.make_invited_agency(session, round_, name=f"Health visitors, {slug}")
    invitation = factories.make_invitation(session, agency)
    session.commit()
    return round_, invitation


def link_of(invitation: Invitation) -> str:
    """The path of the invitation's link."""
    return factories.link_of(invitation, SECRET_KEY)


def answer_page(page: Page, *, option: int = 1, comment: str = "") -> None:
    """Chooses an option of every question on the page and writes in every box."""
    for group in page.locator("fieldset").all():
        group.locator("input[type=radio]").nth(option).check()
    for box in page.locator("textarea").all():
        box.fill(comment)


def answer_to_the_end(page: Page) -> None:
    """Answers page after page until the answers are to be checked."""
    comment = "Core groups meet on time.\nI would like to hear back after a referral."
    while "/page/" in page.url:
        answer_page(page, comment=comment)
        page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")


def test_link_to_receipt_by_a_person_without_javascript(no_js_page: Page, session: Session) -> None:
    page = no_js_page
    _, invitation = make_open_invitation(session)

    page.goto(link_of(invitation))
    assert link_of(invitation).rsplit("/", 1)[1] not in page.url, "the secret leaves the address"
    look_at(page, "respond-start")
    page.get_by_role("button", name="Start now").click()
    look_at(page, "respond-level")
    page.get_by_role("button", name="Save and continue").click()
    look_at(page, "respond-level-error")
    page.get_by_label("Frontline practitioner").check()
    page.get_by_role("button", name="Save and continue").click()
    look_at(page, "respond-hub-empty")
    page.get_by_role("button", name="Continue").click()
    look_at(page, "respond-page-empty")
    page.get_by_role("button", name="Save and continue").click()
    look_at(page, "respond-page-error")
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.type") == "radio"
    answer_page(page)
    look_at(page, "respond-page-filled")
    page.get_by_role("button", name="Save and continue").click()
    answer_page(page, comment="A note.")
    look_at(page, "respond-page-comment")
    page.get_by_role("link", name="See all parts of the questionnaire").click()
    look_at(page, "respond-hub-begun")
    page.get_by_role("button", name="Continue").click()
    answer_to_the_end(page)
    look_at(page, "respond-check")
    page.get_by_label("Yes, my comments may be quoted").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers have been sent")
    assert "Core groups" not in page.content()
    look_at(page, "respond-sent")

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers have been sent")
    page.goto(link_of(invitation))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers have been sent")


def test_stopping_and_coming_back_on_another_device_with_the_code(
    no_js_page: Page, no_js_context: BrowserContext, session: Session
) -> None:
    _, invitation = make_open_invitation(session)
    page = no_js_page
    page.goto(link_of(invitation))
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Strategic leader").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Continue").click()
    answer_page(page)
    page.get_by_role("button", name="Save and continue").click()
    second = page.url
    page.get_by_role("button", name="Save and finish later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers so far are saved")
    look_at(page, "respond-saved")
    code = page.locator(".app-code").inner_text()
    assert code == printed_code(
        SECRET_KEY, public_id=invitation.public_id, generation=invitation.generation
    )

    no_js_context.clear_cookies()
    page.goto("/code")
    look_at(page, "code-empty")
    page.get_by_label("Type your code").fill("AAAA-BBBB-CCCC")
    page.get_by_role("button", name="Continue").click()
    look_at(page, "code-error")
    page.get_by_label("Type your code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Continue").click()

    assert page.url == second, "the code resumes at the first incomplete page"


def test_check_page_names_what_is_missing_and_leads_there(
    no_js_page: Page, session: Session
) -> None:
    _, invitation = make_open_invitation(session)
    page = no_js_page
    page.goto(link_of(invitation))
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Elected or board member").check()
    page.get_by_role("button", name="Save and continue").click()

    page.goto(f"/q/{invitation.public_id}/check")
    page.get_by_role("button", name="Send my answers").click()

    look_at(page, "respond-check-missing")
    expect(page.get_by_role("alert")).to_contain_text("Some questions still need an answer")
    page.get_by_role("link", name="Go to the first one").click()
    assert "/page/" in page.url


def test_paper_versions_are_accessible_and_whole(no_js_page: Page, session: Session) -> None:
    _, invitation = make_open_invitation(session)
    page = no_js_page
    page.goto(link_of(invitation))

    page.get_by_role("link", name="All the questions on one page").click()
    look_at(page, "respond-blank")
    page.get_by_role("link", name="Large print").click()
    look_at(page, "respond-blank-large")
    page.goto(f"/q/{invitation.public_id}/sheet")
    look_at(page, "respond-sheet")
    page.emulate_media(media="print")
    assert _paper_pages(page.pdf(format="A4")) == 1, "the sheet is one side of A4"


def _paper_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(
    "path", ["/", "/privacy", "/accessibility", "/cookies", "/lost-link", "/left"]
)
def test_public_pages_are_accessible(no_js_page: Page, path: str) -> None:
    no_js_page.goto(path)

    look_at(no_js_page, f"public-{path.strip('/') or 'home'}")


def test_every_refusal_is_an_accessible_page(no_js_page: Page, session: Session) -> None:
    page = no_js_page
    round_, invitation = make_open_invitation(session)
    headings = {}

    page.goto("/i/ABCDEF/wrong")
    headings["unknown"] = _refusal(page)
    page.goto("/no/such/page")
    headings["not found"] = _refusal(page)
    old = link_of(invitation)
    invitation.generation = 2
    session.commit()
    page.goto(old)
    headings["replaced"] = _refusal(page)
    round_.closes_at_utc = now() - timedelta(minutes=1)
    session.commit()
    page.goto(link_of(invitation))
    headings["closed"] = _refusal(page)

    assert headings == {
        "unknown": "This link does not open a questionnaire",
        "not found": "Page not found",
        "replaced": "This link no longer works",
        "closed": "This questionnaire has closed",
    }


def _refusal(page: Page) -> str:
    assert_accessible(page)
    return page.get_by_role("heading", level=1).inner_text()


def test_every_type_of_question_is_accessible_empty_filled_and_with_errors(
    no_js_page: Page, session: Session
) -> None:
    loaded = read_bank(ROOT / "tests" / "banks" / "valid" / "every_type.yaml")
    assert loaded.bank is not None
    round_ = factories.make_round(
        session,
        bank=loaded.bank,
        slug=next(SLUGS),
        opens=now() - timedelta(days=1),
        closes=now() + timedelta(days=14),
    )
    agency = factories.make_invited_agency(session, round_, name="All types agency")
    invitation = factories.make_invitation(session, agency)
    session.commit()
    page = no_js_page
    page.goto(link_of(invitation))
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Other").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Continue").click()
    pages = []
    while "/page/" in page.url:
        name = page.url.rsplit("/", 1)[1]
        pages.append(name)
        look_at(page, f"types-{name}-empty")
        boxes = page.locator("input[type=text]")
        for box in boxes.all():
            box.fill("x" * 600)
        page.get_by_role("button", name="Save and continue").click()
        if boxes.count():
            look_at(page, f"types-{name}-errors")
            assert page.get_by_role("alert").count() == 1
            shown = {box.input_value() for box in boxes.all()}
            assert shown == {"x" * 600}, "what was typed is shown again"
            _answer_every_type(page)
            look_at(page, f"types-{name}-filled")
            page.get_by_role("button", name="Save and continue").click()
    assert pages == ["choosing", "typing", "closing"]
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    look_at(page, "types-check")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers have been sent")


def _answer_every_type(page: Page) -> None:
    for group in page.locator("fieldset").all():
        if group.locator("input[type=radio]").count():
            group.locator("input[type=radio]").first.check()
        if group.locator("input[type=checkbox]").count():
            group.locator("input[type=checkbox]").first.check()
        for part, value in (("Day", "3"), ("Month", "4"), ("Year", "2031")):
            if group.get_by_label(part, exact=True).count():
                group.get_by_label(part, exact=True).fill(value)
        for place, box in enumerate(group.locator("input[name*='--']").all(), start=1):
            box.fill(str(place))
    for box in page.locator("input[inputmode=decimal]").all():
        box.fill("12")
    for box in page.locator(".govuk-input:not([inputmode]), textarea").all():
        box.fill("A few words")


def test_long_names_and_addresses_do_not_widen_a_page(no_js_page: Page, session: Session) -> None:
    page = no_js_page
    word = "https://contact.example.org/" + "a" * 150
    round_ = factories.make_round(
        session,
        slug=next(SLUGS),
        opens=now() - timedelta(days=1),
        closes=now() + timedelta(days=14),
        title=word,
        contact=word,
        urgent_contact=word,
        comments_checked_by=word,
    )
    agency = factories.make_invited_agency(session, round_, name=word)
    invitation = factories.make_invitation(session, agency)
    session.commit()

    page.goto(link_of(invitation))
    assert_reflows(page)
    page.goto(f"/q/{invitation.public_id}/level")
    page.get_by_label("Frontline").check()
    page.get_by_role("button", name="Save and continue").click()
    for end in (
        "signposts",
        "page/closing",
        "check",
        "saved",
        "blank",
        "blank?size=large",
        "sheet",
    ):
        page.goto(f"/q/{invitation.public_id}/{end}")
        assert_reflows(page)
