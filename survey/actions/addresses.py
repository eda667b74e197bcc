"""E-mail addresses as people type or paste them: put in one form, or said to be wrong and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.delimited import shown
from question_banks.text import clean_line

LONGEST_EMAIL = 254
_LONGEST_LOCAL = 64
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/_~-]+(?:\.[a-z0-9!#$%&'*+/_~-]+)*")
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
)
_WITHIN = re.compile(r"[^\s<>\"'“”‘’,;]+@[^\s<>\"'“”‘’,;]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")

ROLE_WORDS = frozenset(
    {
        "admin",
        "contact",
        "duty",
        "enquiries",
        "hello",
        "help",
        "info",
        "mail",
        "office",
        "postmaster",
        "reception",
        "referrals",
        "safeguarding",
        "secretary",
        "team",
    }
)
"""What an address begins with when several people read it."""


@dataclass(frozen=True)
class Address:
    """An e-mail address in small letters, its domain in the form that mail servers use; or ""
    with what is wrong and what to do.
    """

    email: str
    fault: str = ""


def read_address(text: str) -> Address:
    """The address in a cell or field; an empty one has neither address nor fault.

    >>> read_address("  Pat.Lee@Example.ORG ").email
    'pat.lee@example.org'
    >>> read_address("pat@café.example").email
    'pat@xn--caf-dma.example'
    >>> read_address("Pat Lee <pat@example.org>").fault
    '“Pat Lee <pat@example.org>” is more than an address. Write “pat@example.org” only.'
    """
    line = _INVISIBLE.sub("", clean_line(text)).strip().lower()
    if not line:
        return Address("")
    found = _WITHIN.findall(line)
    if len(found) > 1:
        return Address("", f"{shown(text)} holds several addresses. Give each person a row.")
    local, _, domain = line.rpartition("@")
    domain = _for_servers(domain)
    email = f"{local}@{domain}"
    if _LOCAL.fullmatch(local) and len(local) <= _LONGEST_LOCAL and _DOMAIN.fullmatch(domain):
        return Address(email) if len(email) <= LONGEST_EMAIL else Address("", _too_long(text))
    return Address("", _why_not(text, line, found))


def _for_servers(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _too_long(text: str) -> str:
    return f"{shown(text)} is longer than {LONGEST_EMAIL} characters."


def _why_not(text: str, line: str, found: list[str]) -> str:
    said = f"{shown(text)} is not an e-mail address"
    if "@" not in line:
        return f"{said}: it has no @."
    if line.count("@") > 1:
        return f"{said}: it has more than one @."
    if any(character.isspace() for character in line) and "<" not in line:
        return f"{said}: there is a space in it."
    within = found[0].removeprefix("mailto:").strip(".") if found else ""
    if within and within != line and not read_address(within).fault:
        return f"{shown(text)} is more than an address. Write “{within}” only."
    local, _, domain = line.rpartition("@")
    if not local.isascii():
        return f"{said} that mail servers take: before the @ it has a letter with an accent."
    if "." not in domain:
        return f"{said}: after the @ it has no full stop, as in “example.org”."
    if ".." in line:
        return f"{said}: it has two full stops in a row."
    return f"{said}."


def is_for_several(email: str) -> bool:
    """Whether an address looks like one that several people read, such as info@ or duty.team@.

    >>> is_for_several("info@example.org"), is_for_several("pat.lee@example.org")
    (True, False)
    """
    words = set(re.split(r"[._+-]", email.partition("@")[0]))
    return bool(words & ROLE_WORDS)
