"""Texts of messages: filled in with values and nothing else, and checked before they are used."""

from __future__ import annotations

import pytest

from survey.actions.mail_texts import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    FaultyText,
    MailText,
    as_html,
    default_text,
    fill,
    pieces,
    text_problems,
)
from survey.actions.mail_values import EDITABLE, email_in, names_of, required_of
from survey.data.models import MailKind

ALLOWED = ("name", "link")


def problems(*, subject: str = "Hello", body: str = "See {link}") -> list[tuple[str, str]]:
    return text_problems(MailText(subject, body), allowed=ALLOWED, required=("link",))


def test_fill_puts_values_in_once_and_as_they_are() -> None:
    text = fill(
        MailText("To {name}", "{name}: {link}"),
        {"name": "{link} <b>&amp; {{x}}", "link": "http://a.test/i/1"},
    )

    assert text.subject == "To {link} <b>&amp; {{x}}"
    assert text.body == "{link} <b>&amp; {{x}}: http://a.test/i/1"


def test_fill_keeps_the_subject_in_one_line() -> None:
    text = fill(MailText("About {round}", "x"), {"round": "Spring\r\nBcc: all@example.org"})

    assert text.subject == "About Spring Bcc: all@example.org"


def test_fill_leaves_no_gap_where_a_paragraph_is_empty() -> None:
    text = fill(MailText("s", "one\n\n{others}\n\n \ntwo\n\n{others}"), {"others": ""})

    assert text.body == "one\n\ntwo"


@pytest.mark.parametrize("body", ["{secret_key}", "{name} {nam}"], ids=["unknown", "misspelt"])
def test_fill_with_an_unknown_name_is_refused(body: str) -> None:
    with pytest.raises(FaultyText):
        fill(MailText("s", body), {"name": "Kit"})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "Enter a text"),
        ("  \n ", "Enter a text"),
        ("no way in", "Put {link} where it belongs"),
        ("{link}\n\nDear {nam}", "Line 3: {nam} is not one of the names"),
        ("{link} {name.__class__}", "Line 1: {name.__class__} is not one"),
        ("{link} {{ name }}", "Line 1: a brace stands alone"),
        ("{link} {% raw %}", "Line 1: {% raw %} is not one"),
        ("{link} {", "Line 1: a brace stands alone"),
        ("{link} }", "Line 1: a brace stands alone"),
        (
            "{link}" + "x" * 50_000,
            f"Shorten the text to {LONGEST_BODY:,} characters: it has 50,006",
        ),
    ],
    ids=[
        "empty",
        "blank",
        "no link",
        "unknown name",
        "attribute of a name",
        "template language",
        "statement",
        "open brace",
        "closed brace",
        "50,000 characters",
    ],
)
def test_body_that_cannot_be_used_is_told_with_its_place(body: str, said: str) -> None:
    (first, *_) = problems(body=body)

    assert first[0] == "body"
    assert first[1].startswith(said)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("", "Enter a subject"),
        ("x" * (LONGEST_SUBJECT + 1), "Shorten the subject"),
        ("one\ntwo", "Write the subject in one line"),
        ("Go to {link}", "Take {link} out of the subject"),
        ("{nam}", "{nam} is not one of the names"),
    ],
    ids=["empty", "too long", "two lines", "a secret", "unknown name"],
)
def test_subject_that_cannot_be_used_is_told(subject: str, said: str) -> None:
    ((field, message),) = problems(subject=subject)

    assert field == "subject"
    assert message.startswith(said)


@pytest.mark.parametrize("kind", EDITABLE)
def test_texts_of_a_round_that_signpost_brings_can_be_used(kind: MailKind) -> None:
    text = default_text(kind)

    assert not text_problems(text, allowed=names_of(kind), required=required_of(kind))


@pytest.mark.parametrize("kind", [MailKind.INVITATION, MailKind.REMINDER])
def test_texts_say_what_people_must_know(kind: MailKind) -> None:
    body = default_text(kind).body

    for name in ("{purpose}", "{minutes}", "{when}", "{contact}", "{link}"):
        assert name in body
    assert "counted together with other people’s" in body
    assert len(body.split()) < 150


def test_html_has_the_words_of_the_text_and_escapes_them() -> None:
    html = as_html(
        MailText("A <b> & c", "Dear <script>x</script>\nSee http://a.test/i/1/b?c&d.\n\nEnd")
    )

    assert "<title>A &lt;b&gt; &amp; c</title>" in html
    assert "<script>" not in html
    assert 'href="http://a.test/i/1/b?c&amp;d"' in html
    assert html.count("<p ") == 2


def test_pieces_give_back_the_whole_text() -> None:
    body = "See https://a.test/x, or (http://b.test/y)."

    found = pieces(body)

    assert "".join(text for text, _ in found) == body
    assert [address for _, address in found if address] == ["https://a.test/x", "http://b.test/y"]


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("the review team, review@example.org, 01632 960123", "review@example.org"),
        ("Robin <robin.marsh@mail.example.org>; 01632 960123", "robin.marsh@mail.example.org"),
        ("ring 01632 960123", ""),
        ("the office @ the council", ""),
    ],
    ids=["between commas", "in brackets", "none", "a lone sign"],
)
def test_reply_address_is_found_in_the_contact(contact: str, address: str) -> None:
    assert email_in(contact) == address
