"""Links and printed codes. Neither is stored: both are derived from the secret key.

An invitation's public id stands in the address of every page. The secret part of its link is a
keyed hash of that id and the invitation's generation, so a reminder can repeat the link, and a new
generation makes the old one useless. A printed code is the public id followed by six characters
of another keyed hash; tries are rate limited, since six characters could be guessed in time.

An agency's open link is made in the same way, from a public id and a generation of its own. The
invitation somebody takes by it has an id that follows from the form they pressed the button of.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or spell words."""

PUBLIC_ID_LENGTH = 6
CODE_CHECK_LENGTH = 6
LINK_SECRET_BYTES = 16

SEED_LENGTH = 32

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_public_id() -> str:
    """A random public id."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def is_public_id(text: str) -> bool:
    """Whether a piece of an address could be a public id; a database is not asked for others."""
    return len(text) == PUBLIC_ID_LENGTH and set(text) <= set(ALPHABET)


def link_secret(secret_key: str, *, public_id: str, generation: int) -> str:
    """The secret part of an invitation's link: 26 characters, 128 bits."""
    digest = _digest(secret_key, "link", public_id, generation)[:LINK_SECRET_BYTES]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


def printed_code(secret_key: str, *, public_id: str, generation: int) -> str:
    """The code to print in a letter, such as `7QKF-2MXP-9RTC`.

    >>> len(printed_code("k" * 32, public_id="7QKF2M", generation=1))
    14
    """
    return _code(secret_key, "code", public_id, generation)


def open_link_secret(secret_key: str, *, open_id: str, generation: int) -> str:
    """The secret part of an agency's open link: 26 characters, 128 bits."""
    digest = _digest(secret_key, "open link", open_id, generation)[:LINK_SECRET_BYTES]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


def open_link_code(secret_key: str, *, open_id: str, generation: int) -> str:
    """The code to print on a poster or handout, of the same form as a personal one."""
    return _code(secret_key, "open code", open_id, generation)


def new_seed() -> str:
    """A random seed for the form by which somebody takes a code."""
    return secrets.token_hex(SEED_LENGTH // 2)


def is_seed(text: str) -> bool:
    """Whether what a form posted could be a seed."""
    return len(text) == SEED_LENGTH and set(text) <= set("0123456789abcdef")


def taken_public_id(secret_key: str, *, open_id: str, generation: int, seed: str) -> str:
    """The public id of the invitation that one form of an open link leads to, always the same."""
    digest = _digest(secret_key, f"taken by {seed}", open_id, generation)
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:PUBLIC_ID_LENGTH])


def read_code(typed: str) -> str | None:
    """What was typed, as a code's 12 characters without hyphens; None if it cannot be one.

    >>> read_code(" 7qkf 2mxp 9rtc ")
    '7QKF2MXP9RTC'
    >>> read_code("hello") is None
    True
    """
    bare = "".join(character for character in typed.upper() if character.isalnum())
    bare = bare.translate(_MISREAD)
    if len(bare) != PUBLIC_ID_LENGTH + CODE_CHECK_LENGTH or not set(bare) <= set(ALPHABET):
        return None
    return bare


def is_link_secret(secret_key: str, given: str, *, public_id: str, generation: int) -> bool:
    """Whether `given` is the secret part of that invitation's link, in constant time."""
    expected = link_secret(secret_key, public_id=public_id, generation=generation)
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def is_printed_code(secret_key: str, bare: str, *, public_id: str, generation: int) -> bool:
    """Whether `bare` (from `read_code`) is that invitation's printed code, in constant time."""
    expected = printed_code(secret_key, public_id=public_id, generation=generation)
    return hmac.compare_digest(expected.replace("-", "").encode(), bare.encode())


def is_open_link_secret(secret_key: str, given: str, *, open_id: str, generation: int) -> bool:
    """Whether `given` is the secret part of that open link, in constant time."""
    expected = open_link_secret(secret_key, open_id=open_id, generation=generation)
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def is_open_link_code(secret_key: str, bare: str, *, open_id: str, generation: int) -> bool:
    """Whether `bare` (from `read_code`) is the code of that open link, in constant time."""
    expected = open_link_code(secret_key, open_id=open_id, generation=generation)
    return hmac.compare_digest(expected.replace("-", "").encode(), bare.encode())


def _code(secret_key: str, purpose: str, public_id: str, generation: int) -> str:
    digest = _digest(secret_key, purpose, public_id, generation)
    check = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_CHECK_LENGTH])
    whole = public_id + check
    return "-".join(whole[start : start + 4] for start in range(0, len(whole), 4))


def _digest(secret_key: str, purpose: str, public_id: str, generation: int) -> bytes:
    message = f"{purpose}|{public_id}|{generation}".encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).digest()
