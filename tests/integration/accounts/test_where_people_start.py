"""Where people with each role begin: the list of rounds shows what their role lets them see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from survey.actions.people import Given
from survey.data import programmes
from survey.data.accounts import Role
from survey.data.models import Account, Agency, Council, Round
from tests import factories
from tests.integration.accounts.conftest import SQLITE, make_person
from tests.page import Browser, Page, words_of

Signed = Callable[[Account], Browser]
pytestmark = SQLITE


@pytest.fixture
def round_(session: Session, council: Council, other_council: Council) -> Round:
    """A closed round of the council; another council has one too."""
    ours = factories.make_round(
        session, council=council, slug="ours", title="Our questions", closed_at_utc=factories.NOW
    )
    factories.make_round(session, council=other_council, slug="theirs", title="Their questions")
    return ours


def links_of(page: Page) -> dict[str, str | None]:
    """Where each link of a page leads, by its words."""
    return {words_of(link): link.get("href") for link in page.all("a")}


def _given(role: Role, council: Council, round_: Round) -> Given:
    if role is Role.TEAM_MEMBER:
        return Given(role, review_id=round_.review_id)
    return Given(role, council_id=council.id)


@pytest.mark.parametrize(
    ("role", "start"),
    [
        (Role.REVIEW_MANAGER, "/manage/ours"),
        (Role.COUNCIL_OFFICER, "/manage/ours"),
        (Role.TEAM_MEMBER, "/manage/ours/findings"),
        (Role.REGIONAL_LEAD, "/manage/ours/benchmark"),
    ],
)
def test_list_of_rounds_holds_those_of_the_role_and_no_other(
    signed: Signed, session: Session, council: Council, round_: Round, role: Role, start: str
) -> None:
    person = make_person(session, "kit", _given(role, council, round_))

    links = links_of(signed(person).get("/manage"))

    assert [words for words in links if "questions" in words] == ["Our questions"]
    assert links["Our questions"] == start
    assert links["Your rounds"] == "/manage"


@pytest.mark.parametrize(
    ("role", "start"),
    [(Role.TEAM_MEMBER, "/manage/ours/timetable"), (Role.REGIONAL_LEAD, None)],
)
def test_round_that_is_open_leads_to_what_may_be_read_of_it(
    signed: Signed,
    session: Session,
    council: Council,
    round_: Round,
    role: Role,
    start: str | None,
) -> None:
    round_.closed_at_utc = None
    browser = signed(make_person(session, "kit", _given(role, council, round_)))

    page = browser.get("/manage")

    assert "Our questions" in page.words
    assert links_of(page).get("Our questions") == start
    if start:
        assert links_of(browser.get(start))["Your rounds"] == "/manage"


def test_lead_of_a_programme_sees_the_rounds_of_its_councils(
    signed: Signed, session: Session, council: Council, round_: Round
) -> None:
    programme_id = programmes.put_programme(
        session, programme_id=None, name="The north", council_ids=[council.id]
    )
    lead = make_person(session, "kit", Given(Role.REGIONAL_LEAD, programme_id=programme_id))

    page = signed(lead).get("/manage")

    assert "Wexmoor Council" in page.words
    assert "Our questions" in links_of(page)
    assert "Tarn Valley Council" not in page.words


@pytest.mark.parametrize(
    ("roles", "start"),
    [
        ({Role.ADMINISTRATOR}, "/admin/people"),
        ({Role.AGENCY_LEAD}, "/returns"),
        ({Role.ADMINISTRATOR, Role.AGENCY_LEAD}, "/admin/people"),
    ],
    ids=["administrator", "agency lead", "both"],
)
def test_who_has_no_rounds_is_not_offered_them(
    signed: Signed, session: Session, round_: Round, roles: set[Role], start: str
) -> None:
    agency = Agency(name="Police of Wexmoor", sector="police")
    session.add(agency)
    session.flush()
    scopes = {Role.ADMINISTRATOR: {}, Role.AGENCY_LEAD: {"agency_id": agency.id}}
    person = make_person(session, "kit", *(Given(role, **scopes[role]) for role in sorted(roles)))

    page = signed(person).get("/manage")

    assert page.path == start
    assert "Your rounds" not in links_of(page)


def test_administrator_finds_requests_about_personal_data(
    signed: Signed, administrator: Account
) -> None:
    browser = signed(administrator)

    path = links_of(browser.get("/admin/people"))["Requests about personal data"]

    assert "Who is it?" in browser.get(path or "").words
