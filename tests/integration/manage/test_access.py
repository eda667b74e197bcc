"""Who may open which page: every route of a round, for a stranger and for another council."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from survey.data.models import Account, Council
from tests import factories
from tests.filled_round import FilledRound, fill_round
from tests.page import Browser

GETS = (
    "",
    "/comments",
    "/close",
    "/reopen",
    "/findings",
    "/findings/signposts/legislation_and_policy",
    "/findings/questions/lp_changes_reach_me",
    "/findings/decide/procedures_in_use",
)
POSTS = (
    "/comments/0123",
    "/close",
    "/reopen",
    "/findings/decide/procedures_in_use",
    "/findings/file",
)


@pytest.fixture
def elsewhere(session: Session) -> FilledRound:
    """A round of a council the manager has nothing to do with."""
    return fill_round(session, slug="elsewhere", comments=["Ask Mrs Oakapple."])


@pytest.mark.parametrize("end", GETS)
def test_page_of_another_council_is_not_found(
    manager: Browser, elsewhere: FilledRound, end: str
) -> None:
    page = manager.get(elsewhere.url(end), status=404)

    assert elsewhere.round.title not in page.text
    assert elsewhere.council.name not in page.text


@pytest.mark.parametrize("end", POSTS)
def test_post_to_another_council_is_not_found_and_does_nothing(
    manager: Browser, session: Session, elsewhere: FilledRound, end: str
) -> None:
    manager.get("/change-password")

    manager.post(elsewhere.url(end), {"reason": "x"}, status=404)

    session.refresh(elsewhere.round)
    assert elsewhere.round.closed_at_utc is None


def test_unknown_round_and_another_council_look_the_same(
    manager: Browser, elsewhere: FilledRound
) -> None:
    other = manager.get(elsewhere.url(), status=404)
    unknown = manager.get("/manage/no-such-round", status=404)

    assert other.words == unknown.words


@pytest.mark.parametrize("end", GETS)
def test_page_asks_a_stranger_to_sign_in(
    app: Flask, session: Session, council: Council, account: Account, end: str
) -> None:
    filled = fill_round(session, council=council)

    response = app.test_client().get(filled.url(end))

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("end", POSTS)
def test_post_without_a_token_is_refused(
    manager: Browser, session: Session, council: Council, end: str
) -> None:
    filled = fill_round(session, council=council)

    manager.get("/change-password")
    manager.post(filled.url(end), {"reason": "x"}, token="made up", status=400)

    session.refresh(filled.round)
    assert filled.round.closed_at_utc is None


def test_rounds_listed_are_those_of_ones_own_councils(
    manager: Browser, session: Session, council: Council, elsewhere: FilledRound
) -> None:
    factories.make_round(session, council=council, slug="mine")
    session.commit()

    page = manager.get("/manage")

    assert "Working together, mine" in page.words
    assert "elsewhere" not in page.text.casefold()
