"""A manager's first half hour, from signing in to a file."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.data.models import Council
from tests.filled_round import fill_round
from tests.page import Browser


def test_half_hour_of_a_manager(session: Session, council: Council, manager: Browser) -> None:
    filled = fill_round(
        session, council=council, comments=["Ask Mrs Oakapple on 01632 960123.", "All is well."]
    )

    page = manager.get("/manage")
    assert "Working together, autumn" in page.words
    page = manager.get(filled.url())
    assert "Schools" in page.words
    assert "1 comment on the daily list may name somebody" in page.words
    page = manager.get(filled.url("/comments"))
    manager.get(filled.url("/close"))
    page = manager.post(filled.url("/close"))
    assert "its findings are ready" in page.words
    manager.get(filled.url("/comments"))
    manager.get(filled.url("/findings"))
    for signpost in filled.bank.signposts:
        manager.get(filled.url(f"/findings/signposts/{signpost.code}"))
    for question in (manager.page and filled.bank.signposts[0].topics[0].questions) or ():
        manager.get(filled.url(f"/findings/questions/{question.code}"))
    topic = filled.bank.signposts[0].topics[0]
    manager.get(filled.url(f"/findings/decide/{topic.code}"))
