"""What people post about accounts, whatever it is, becomes values and messages."""

from __future__ import annotations

import pytest

from survey.web import account_forms
from survey.web.account_forms import NO_ADDRESS, email_problem
from survey.web.admin_pages import given_of
from survey.web.record_pages import read_filter, words_of


@pytest.mark.parametrize(
    "email", ["pat@example.org", "pat.lee+x@a.example.org", "o’brien@example.org", "é@example.org"]
)
def test_address_that_can_be_one_is_taken(email: str) -> None:
    assert email_problem(email) is None


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Enter an e-mail address"),
        ("pat", NO_ADDRESS),
        ("pat@example", NO_ADDRESS),
        ("pat@.org", NO_ADDRESS),
        ("pat@lee@example.org", NO_ADDRESS),
        ("pat lee@example.org", NO_ADDRESS),
        ("p" * 255 + "@example.org", NO_ADDRESS),
    ],
)
def test_address_that_cannot_be_one_is_refused(email: str, message: str) -> None:
    assert email_problem(email) == message


def test_names_lose_spaces_and_keep_letters() -> None:
    form = account_forms.read_team({"name": "  Siân \t Ó  Briain ", "organisation": " A\nB "})

    assert (form.name, form.organisation, form.problems) == ("Siân Ó Briain", "A B", ())


def test_line_breaks_of_a_browser_become_plain_ones() -> None:
    form = account_forms.read_team({"name": "A", "conflicts": "one\r\ntwo\r\n"})

    assert form.conflicts == "one\ntwo"


def test_password_and_code_stand_in_no_printed_form() -> None:
    posted = {"new": "four ordinary words", "code": "123456"}

    assert "ordinary" not in repr(account_forms.read_new_password(posted))
    assert "123456" not in repr(account_forms.read_code(posted))


@pytest.mark.parametrize(
    ("choice", "role", "scope"),
    [
        ("administrator", "administrator", {}),
        ("review_manager:council:abc", "review_manager", {"council_id": "abc"}),
        ("regional_lead:programme:abc", "regional_lead", {"programme_id": "abc"}),
        ("agency_lead:agency:abc", "agency_lead", {"agency_id": "abc"}),
    ],
)
def test_choice_of_a_role_is_read_with_its_scope(
    choice: str, role: str, scope: dict[str, str]
) -> None:
    given = given_of(choice)

    held = {
        name: getattr(given, name)
        for name in ("council_id", "programme_id", "agency_id", "review_id")
        if getattr(given, name) is not None
    }
    assert (given.role, held) == (role, scope)


def test_last_day_of_a_filter_counts_whole_in_london() -> None:
    # Summer time began on 30 March 2031: that day had 23 hours.
    asked = read_filter({"since": "2031-03-30", "until": "2031-03-30"}).asked

    assert asked.since is not None
    assert asked.until is not None
    assert asked.since.isoformat() == "2031-03-30T00:00:00+00:00"
    assert asked.until.isoformat() == "2031-03-31T00:00:00+01:00"


def test_event_is_told_in_words() -> None:
    assert words_of("recovery_code_used") == "Recovery code used"
