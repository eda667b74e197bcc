"""Charts of the findings as files: found by name, kept privately, asked for again each time."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from sqlalchemy.orm import Session

from survey.data.models import Council
from tests import factories_summary
from tests.filled_round import AGENCIES, FilledRound, fill_round
from tests.integration.manage.shown import by_hand
from tests.page import Browser


@pytest.fixture
def shown(manager: Browser, session: Session, council: Council) -> FilledRound:
    """A closed round of a council whose name is not plain letters."""
    council.name = "Môrfa & Söns Council"
    return by_hand(manager, session, council, [factories_summary.signpost()])


def test_every_picture_that_a_page_offers_is_there(manager: Browser, shown: FilledRound) -> None:
    for end in ("", "/signposts/performance", "/questions/enough_data"):
        page = manager.get(shown.url(f"/findings{end}"))
        links = [link.get("href") or "" for link in page.all("a")]
        pictures = [link for link in links if "/pictures/" in link]
        drawings = len(page.all("{http://www.w3.org/2000/svg}svg", role="img"))

        assert drawings
        assert len(pictures) == 2 * drawings
        for link in pictures:
            if link.endswith(".svg"):
                root = ElementTree.fromstring(manager.client.get(link).data)
                assert root.attrib["width"] == "700"


def test_picture_has_a_type_a_name_and_is_asked_for_again(
    manager: Browser, shown: FilledRound
) -> None:
    marks = set()
    for kind, media_type, opening in (
        ("svg", "image/svg+xml; charset=utf-8", b"<svg "),
        ("png", "image/png", b"\x89PNG\r\n"),
    ):
        address = shown.url(f"/findings/pictures/coverage.{kind}")

        first = manager.client.get(address)
        again = manager.client.get(address, headers={"If-None-Match": first.headers["ETag"]})

        assert first.headers["Content-Type"] == media_type
        assert first.data.startswith(opening)
        assert f"snapshot-1-coverage.{kind}" in first.headers["Content-Disposition"]
        assert first.headers["Content-Disposition"].startswith("attachment;")
        assert first.headers["Content-Disposition"].isascii()
        assert {"private", "no-cache"} == set(first.headers["Cache-Control"].split(", "))
        assert again.status_code == 304
        assert again.data == b""
        assert again.headers["ETag"] == first.headers["ETag"]
        marks.add(first.headers["ETag"])
    assert len(marks) == 2


def test_what_is_no_picture_is_not_found(manager: Browser, shown: FilledRound) -> None:
    for name in ("coverage.gif", "nothing.svg", "nothing.png", "coverage."):
        answer = manager.client.get(shown.url(f"/findings/pictures/{name}"))

        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


def test_open_round_has_no_pictures(manager: Browser, session: Session, council: Council) -> None:
    filled = fill_round(session, council=council, agencies=AGENCIES[:1])

    assert manager.client.get(filled.url("/findings/pictures/coverage.svg")).status_code == 409
