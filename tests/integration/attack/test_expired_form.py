"""A form whose session has ended gives back what was written, to our own pages only."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

WRITTEN = {"reason": "The data pack has three gaps.", "note": "", "verdict": "mixed"}
PATH = "/manage/any-round/findings/decide/any-topic"


@pytest.mark.parametrize(
    ("site", "is_given_back"),
    [("same-origin", True), ("cross-site", False), (None, False)],
    ids=["our own page", "another site", "unknown"],
)
def test_expired_form_gives_back_what_was_written(
    client: FlaskClient, site: str | None, is_given_back: bool
) -> None:
    headers = {"Sec-Fetch-Site": site} if site else {}

    answer = client.post(PATH, data=WRITTEN, headers=headers)

    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert "The page had been open for too long" in text
    assert (WRITTEN["reason"] in text) is is_given_back


def test_expired_form_never_gives_back_a_password(client: FlaskClient) -> None:
    answer = client.post(
        "/sign-in",
        data={"email": "pat@example.org", "password": "three ordinary words"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 400
    assert "three ordinary words" not in answer.get_data(as_text=True)
