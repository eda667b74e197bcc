"""Passwords made by the program, to be read from a screen and typed once."""

from __future__ import annotations

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that are taken for one another: i, l, o, 0 and 1."""

GROUPS, GROUP_LENGTH = 4, 4


def new_password() -> str:
    """A random password of about 79 bits, in groups that are easy to read out.

    >>> len(new_password())
    19
    """
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)
