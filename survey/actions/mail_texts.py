"""Texts of messages: the ones Signpost brings, checking one that somebody wrote, filling it in.

A text may name values in braces, such as `{link}`, and nothing else is looked at: it is no
template language, so no text can read or run anything. A name that is not known is an error, never
an empty space in somebody's e-mail.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from survey.data.models import MailKind
from survey.errors import SurveyError
from survey.settings import ROOT

FOLDER = ROOT / "templates" / "emails"
LONGEST_SUBJECT = 150
LONGEST_BODY = 5000
_NAME = re.compile(r"\{([a-z_]+)\}")
_BRACES = re.compile(r"\{[^{}\n]*\}?|\}")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


@dataclass(frozen=True)
class MailText:
    """A subject and a body in plain text, filled in or still with names in braces."""

    subject: str
    body: str


class FaultyText(SurveyError):
    """A text names a value that it is not given; the message says which."""


@cache
def default_text(kind: MailKind) -> MailText:
    """The text that Signpost brings for a kind. Raises FaultyText where there is none."""
    path = FOLDER / f"{kind}.txt"
    if not path.exists():
        raise FaultyText(f"There is no text for messages of the kind {kind.value!r}.")
    first, _, body = path.read_text(encoding="utf-8").partition("\n")
    return MailText(subject=first.removeprefix("Subject: ").strip(), body=body.strip())


def fill(text: MailText, values: Mapping[str, str | int]) -> MailText:
    """The text with every name replaced by its value. Raises FaultyText for an unknown name.

    A value is put in as it is, and braces in it mean nothing. A paragraph that is empty once
    filled in leaves no gap, and the subject is one line whatever it was given.
    """
    subject = " ".join(_filled(text.subject, values).split())
    body = re.sub(r"\n[ \t]*(\n[ \t]*)+\n*", "\n\n", _filled(text.body, values))
    return MailText(subject=subject, body=body.strip())


def _filled(text: str, values: Mapping[str, str | int]) -> str:
    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise FaultyText(f"The text names {found[0]}, which is not known.")
        return str(values[found[1]])

    return _NAME.sub(value, text)


def text_problems(
    text: MailText, *, allowed: Collection[str], required: Collection[str]
) -> list[tuple[str, str]]:
    """What is wrong with a text somebody wrote, as (field, message); empty when nothing is."""
    return [
        *_subject_problems(text.subject, allowed),
        *_body_problems(text.body, allowed=allowed, required=required),
    ]


def _subject_problems(subject: str, allowed: Collection[str]) -> Iterator[tuple[str, str]]:
    if not subject.strip():
        yield "subject", "Enter a subject"
    elif len(subject) > LONGEST_SUBJECT:
        yield (
            "subject",
            f"Shorten the subject to {LONGEST_SUBJECT} characters: it has {len(subject):,}",
        )
    elif "\n" in subject or "\r" in subject:
        yield "subject", "Write the subject in one line"
    elif "{link}" in subject:
        yield "subject", "Take {link} out of the subject: it is a secret, and belongs in the text"
    else:
        for found in _unknown(subject, allowed):
            yield "subject", _unknown_words(found)


def _body_problems(
    body: str, *, allowed: Collection[str], required: Collection[str]
) -> Iterator[tuple[str, str]]:
    if not body.strip():
        yield "body", "Enter a text"
        return
    if len(body) > LONGEST_BODY:
        yield "body", f"Shorten the text to {LONGEST_BODY:,} characters: it has {len(body):,}"
        return
    for number, line in enumerate(body.splitlines(), start=1):
        for found in _unknown(line, allowed):
            yield "body", f"Line {number}: {_unknown_words(found)}"
    for name in required:
        if f"{{{name}}}" not in body:
            yield "body", f"Put {{{name}}} where it belongs: without it nobody can answer"


def _unknown(text: str, allowed: Collection[str]) -> Iterator[str]:
    for found in _BRACES.finditer(text):
        name = _NAME.fullmatch(found[0])
        if name is None or name[1] not in allowed:
            yield found[0]


def _unknown_words(found: str) -> str:
    if found in {"{", "}"} or not found.endswith("}"):
        return "a brace stands alone; write a name in braces, or take it out"
    shown = found if len(found) <= 30 else f"{found[:28]}…}}"
    return f"{shown} is not one of the names that can be filled in"


def pieces(body: str) -> list[tuple[str, str]]:
    """A text in pieces, each with the address it is a link to, or ""."""
    found_pieces, at = [], 0
    for found in _LINK.finditer(body):
        found_pieces += [(body[at : found.start()], ""), (found[0], found[0])]
        at = found.end()
    return [piece for piece in [*found_pieces, (body[at:], "")] if piece[0]]


def as_html(text: MailText) -> str:
    """The same message for programs that show HTML: the same words, with its links to click."""
    paragraphs = "\n".join(
        f'<p style="margin: 0 0 20px">{_lines(paragraph)}</p>'
        for paragraph in text.body.split("\n\n")
    )
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(text.subject)}</title></head>\n"
        '<body style="margin: 0; padding: 20px; background: #ffffff; color: #0b0c0c; '
        'font-family: Arial, sans-serif; font-size: 19px; line-height: 1.4">\n'
        f'<div style="max-width: 600px" dir="auto">\n{paragraphs}\n</div>\n</body>\n</html>\n'
    )


def _lines(paragraph: str) -> str:
    return "<br>\n".join(_line(line) for line in paragraph.splitlines())


def _line(line: str) -> str:
    return "".join(
        f'<a href="{html.escape(address)}" style="color: #1d70b8">{html.escape(text)}</a>'
        if address
        else html.escape(text)
        for text, address in pieces(line)
    )
