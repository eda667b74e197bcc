"""What managers post, read into values; and the small rules of signing in."""

from __future__ import annotations

import pytest

from survey.actions.accounts import normal_email, password_fault
from survey.actions.attempts import place_of
from survey.web import forms
from survey.web.sign_in import local_path


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/manage", "/manage"),
        ("/manage/autumn?page=2", "/manage/autumn?page=2"),
        ("", None),
        (None, None),
        ("manage", None),
        ("//example.org", None),
        ("///example.org", None),
        ("/\\example.org", None),
        ("https://example.org/manage", None),
        ("javascript:alert(1)", None),
        ("/\nSet-Cookie: a=b", None),
        ("/\x00", None),
    ],
)
def test_local_path_lets_only_this_site_through(target: str | None, kept: str | None) -> None:
    assert local_path(target) == kept


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_place_of_an_address(address: str | None, place: str) -> None:
    assert place_of(address) == place


@pytest.mark.parametrize(
    ("password", "is_good"),
    [("eleven char", False), ("twelve chars", True), ("aabbaabbaabb", False), ("PAT@b.org", False)],
)
def test_password_is_long_and_not_one_letter(password: str, is_good: bool) -> None:
    assert (password_fault(password, email="pat.lee@b.org") is None) is is_good


def test_password_may_not_be_the_address() -> None:
    assert password_fault("Pat.Lee@Example.org", email="pat.lee@example.org") is not None


def test_email_is_compared_in_lower_case() -> None:
    assert normal_email("\tPat@Example.ORG\n") == "pat@example.org"


def test_passwords_are_in_no_representation() -> None:
    read = forms.read_sign_in({"email": "a@b.org", "password": "a secret phrase"})
    changed = forms.read_password({"current": "a secret phrase", "new": "another secret"})

    assert "secret" not in repr(read) + repr(changed)


def test_reopening_at_the_end_of_a_day_in_winter_and_in_summer() -> None:
    winter = forms.read_reopen(
        {"reason": "x", "closes-day": "3", "closes-month": "1", "closes-year": "2031"}
    )
    summer = forms.read_reopen(
        {"reason": "x", "closes-day": "3", "closes-month": "7", "closes-year": "2031"}
    )

    assert winter.closes_at is not None
    assert summer.closes_at is not None
    assert winter.closes_at.isoformat() == "2031-01-03T23:59:00+00:00"
    assert summer.closes_at.isoformat() == "2031-07-03T23:59:00+01:00"


def test_reason_of_a_book_is_refused_and_kept() -> None:
    form = forms.read_reopen({"reason": "x" * 2001})

    assert form.message("reason") == "Give the reason in 2,000 characters or fewer"
    assert len(form.reason) == 2001


def test_field_without_a_fault_has_no_message() -> None:
    assert forms.read_sign_in({"email": "a@b.org", "password": "x"}).message("email") is None


def test_line_breaks_of_a_browser_become_plain_ones() -> None:
    assert forms.read_comment({"text": "one\r\ntwo"}).text == "one\ntwo"
