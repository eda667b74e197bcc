"""A council's own look: changed on its page, and shown on its pages and its respondents'."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import AuditEvent, Council
from tests import factories
from tests.page import Browser

LOOK = "/councils/wexmoor/look"
FIELDS = {
    "name": "Wexmoor Borough",
    "colour": "#5b2a86",
    "contact_name": "Partnerships team",
    "contact_email": "Partners@Example.org",
    "contact_telephone": "01632 960100",
    "website": "https://www.example.org/wexmoor",
    "privacy_contact": "The data protection officer, 01632 960101",
}
SEEN = {f"seen_{name}": "" for name in FIELDS} | {"seen_name": "Wexmoor Council"}


@pytest.fixture
def database_url(empty_sqlite_url: str) -> str:
    """One kind of database: what is shown here asks nothing of it that other tests do not."""
    return empty_sqlite_url


def test_look_is_saved_recorded_and_shown_to_managers_and_respondents(
    app: Flask, manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council, slug="autumn")
    invitation = factories.make_invitation(session, factories.make_invited_agency(session, round_))
    other = factories.make_round(session, slug="elsewhere")
    apart = factories.make_invitation(
        session, factories.make_invited_agency(session, other, name="Elsewhere Police")
    )
    session.commit()

    manager.get(LOOK)
    manager.post(LOOK, FIELDS | SEEN)

    mine = manager.get("/manage/autumn/agencies")
    respondent = Browser(app.test_client()).get(factories.link_of(invitation))
    stranger = Browser(app.test_client()).get(factories.link_of(apart))
    for page in (mine, respondent):
        assert "/look/5b2a86.css" in page.text
        assert "Wexmoor Borough" in page.text
        assert "mailto:partners@example.org" in page.text
        assert "01632 960100" in page.text
        assert "About personal data: The data protection officer" in page.text
    assert "5b2a86" not in stranger.text
    assert "01632 960100" not in stranger.text
    details = [event.detail for event in session.scalars(select(AuditEvent))]
    assert {"what": "colour", "old": "", "new": "#5b2a86"} in details
    assert len(respondent.text) < 60_000


def test_look_is_shown_before_it_is_saved(
    manager: Browser, session: Session, council: Council
) -> None:
    manager.get(LOOK)

    page = manager.post(LOOK, FIELDS | SEEN | {"do": "preview"})

    assert "Nothing is saved yet" in page.words
    assert "/look/5b2a86.css" in page.text
    session.refresh(council)
    assert council.colour == ""


@pytest.mark.parametrize("do", ["", "preview"], ids=["saved", "shown first"])
def test_colour_too_light_is_refused_with_a_darker_shade(
    manager: Browser, session: Session, council: Council, do: str
) -> None:
    manager.get(LOOK)

    page = manager.post(
        LOOK, FIELDS | SEEN | {"colour": "#fd0", "do": do}, status=200 if do else 422
    )

    assert "#877500" in page.words
    assert "/look/" not in page.text
    session.refresh(council)
    assert council.colour == ""


def test_name_of_another_council_is_refused(
    manager: Browser, session: Session, council: Council
) -> None:
    factories.make_council(session, slug="elsewhere", name="Elsewhere Council")
    session.commit()
    manager.get(LOOK)

    page = manager.post(LOOK, FIELDS | SEEN | {"name": "Elsewhere Council"}, status=422)

    assert page.error_messages == ["Another council here is called Elsewhere Council"]


def test_look_that_somebody_else_changed_is_not_overwritten_unseen(
    manager: Browser, session: Session, council: Council
) -> None:
    manager.get(LOOK)
    council.contact_name = "Front desk"
    session.commit()

    page = manager.post(LOOK, FIELDS | SEEN, status=422)

    assert "Somebody else has just changed the look" in page.error_messages[0]
    assert page.all("input", name="contact_name")[0].get("value") == "Partnerships team"
    assert page.all("input", name="seen_contact_name")[0].get("value") == "Front desk"


@pytest.mark.parametrize(
    ("colour", "status"),
    [("5b2a86", 200), ("ffdd00", 404), ("5B2A86", 404), ("5b2a8", 404), ("x}*{color:red", 404)],
)
def test_style_sheet_is_of_one_dark_colour_and_kept(app: Flask, colour: str, status: int) -> None:
    response = app.test_client().get(f"/look/{colour}.css")

    assert response.status_code == status
    if status == 200:
        assert response.get_data(as_text=True).count("#5b2a86;") == 2
        assert "max-age=31536000" in response.headers["Cache-Control"]
