"""Secrets of open links and of the link to all of one's questionnaires."""

from __future__ import annotations

import pytest

from survey.actions import tokens
from survey.actions.questionnaires import questionnaires_link, read_token
from survey.errors import UnknownInvitation

KEY = "a key for tests only, long enough to be one"


def test_open_link_is_no_personal_link_and_changes_with_its_generation() -> None:
    secrets = {
        tokens.open_link_secret(KEY, open_id="7QKF2M", generation=1),
        tokens.open_link_secret(KEY, open_id="7QKF2M", generation=2),
        tokens.open_link_secret(KEY, open_id="7QKF2N", generation=1),
        tokens.open_link_secret(KEY[::-1], open_id="7QKF2M", generation=1),
        tokens.link_secret(KEY, public_id="7QKF2M", generation=1),
    }
    codes = {
        tokens.open_link_code(KEY, open_id="7QKF2M", generation=1),
        tokens.printed_code(KEY, public_id="7QKF2M", generation=1),
    }

    assert len(secrets) == 5
    assert len(codes) == 2


def test_code_of_an_open_link_is_known_again_as_typed() -> None:
    code = tokens.open_link_code(KEY, open_id="7QKF2M", generation=3)
    bare = tokens.read_code(code.lower().replace("-", " "))

    assert bare is not None
    assert tokens.is_open_link_code(KEY, bare, open_id="7QKF2M", generation=3)
    assert not tokens.is_open_link_code(KEY, bare, open_id="7QKF2M", generation=2)
    assert not tokens.is_printed_code(KEY, bare, public_id="7QKF2M", generation=3)


def test_one_form_leads_to_one_invitation() -> None:
    def taken(seed: str, generation: int = 1) -> str:
        return tokens.taken_public_id(KEY, open_id="7QKF2M", generation=generation, seed=seed)

    assert taken("a") == taken("a")
    assert len({taken("a"), taken("b"), taken("a", 2)}) == 3
    assert tokens.is_public_id(taken("a"))


@pytest.mark.parametrize(
    "text", ["", "0" * 31, "G" * 32, "0" * 33, "٠" * 32], ids=["", "short", "no", "long", "arabic"]
)
def test_seed_that_no_form_holds_is_known(text: str) -> None:
    assert not tokens.is_seed(text)
    assert tokens.is_seed(tokens.new_seed())


def test_link_to_ones_questionnaires_is_about_one_address() -> None:
    link = questionnaires_link("https://signpost.test", KEY, " Pat.Lee@Example.org")
    token = link.rpartition("/")[2]

    assert link == questionnaires_link("https://signpost.test", KEY, "pat.lee@example.org")
    assert read_token(token, secret_key=KEY) == "pat.lee@example.org"
    assert "pat" not in token.lower()


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token[::-1],
        lambda token: "A" + token[1:] if token[0] != "A" else "B" + token[1:],
        lambda token: "",
        lambda token: "é" * 30,
        lambda token: "A" * 5000,
    ],
    ids=["cut", "reversed", "changed", "empty", "not ascii", "long"],
)
def test_link_that_was_tampered_with_is_refused(change: object) -> None:
    token = questionnaires_link("", KEY, "pat@example.org").rpartition("/")[2]

    with pytest.raises(UnknownInvitation):
        read_token(change(token), secret_key=KEY)  # type: ignore[operator]  # one of those above
    with pytest.raises(UnknownInvitation):
        read_token(token, secret_key=KEY[::-1])
