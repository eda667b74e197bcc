"""Who is signed in."""

from __future__ import annotations


def current_account() -> None:
    """Replaced by the account pages."""
    return None
