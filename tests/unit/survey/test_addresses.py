"""E-mail addresses as they are typed: what is kept, and what is said of those that are wrong."""

from __future__ import annotations

import pytest

from survey.actions.addresses import is_for_several, read_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("  \u200b ", "", id="nothing that can be seen"),
        pytest.param(" Pat.Lee@Example.ORG\t", "pat.lee@example.org", id="capitals and spaces"),
        pytest.param("pat\u200b@example.org\ufeff", "pat@example.org", id="invisible characters"),
        pytest.param(
            "pat@caf\u00e9.example", "pat@xn--caf-dma.example", id="domain with an accent"
        ),
        pytest.param("o'neil+duty@example.org", "o'neil+duty@example.org", id="apostrophe, plus"),
    ],
)
def test_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    found = read_address(typed)

    assert (found.email, found.fault) == (kept, "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("pat.example.org", "it has no @", id="no at sign"),
        pytest.param("pat@@example.org", "more than one @", id="two at signs"),
        pytest.param("pat@example", "after the @ it has no full stop", id="no full stop"),
        pytest.param("pat lee@example.org", "a space in it", id="space"),
        pytest.param("pat@example..org", "two full stops in a row", id="two full stops"),
        pytest.param("pat@example.org.", "Write “pat@example.org” only", id="full stop at the end"),
        pytest.param("“pat@example.org”", "Write “pat@example.org” only", id="quotation marks"),
        pytest.param("Pat <pat@example.org>", "Write “pat@example.org” only", id="with a name"),
        pytest.param("mailto:pat@example.org", "Write “pat@example.org” only", id="a link"),
        pytest.param("a@example.org, b@example.org", "several addresses", id="two addresses"),
        pytest.param("p\u00e4t@example.org", "a letter with an accent", id="accent before the at"),
        pytest.param("@example.org", "is not an e-mail address", id="nobody"),
        pytest.param("pat@-example.org", "is not an e-mail address", id="hyphen first"),
        pytest.param("=cmd|x@example.org", "is not an e-mail address", id="formula"),
        pytest.param("pat@127.0.0.1", "is not an e-mail address", id="number of a machine"),
        pytest.param(f"pat@{'long.' * 60}org", "longer than 254", id="too long"),
    ],
)
def test_wrong_address_is_refused_with_what_to_do(typed: str, said: str) -> None:
    found = read_address(typed)

    assert found.email == ""
    assert said in found.fault


def test_hundred_thousand_characters_are_refused_at_once() -> None:
    assert read_address("a.@" * 40_000).email == ""


@pytest.mark.parametrize(
    ("email", "several"),
    [
        ("info@example.org", True),
        ("duty.team@example.org", True),
        ("kim.teamson@example.org", False),
    ],
)
def test_address_of_several_people_is_told(email: str, several: bool) -> None:
    assert is_for_several(email) is several
