"""Several things in a sentence."""

from __future__ import annotations

from collections.abc import Iterable


def listed(parts: Iterable[str], *, last: str = "and") -> str:
    """Several things with commas, and a word before the last of them.

    >>> listed(["schools"]), listed(["schools", "the police"]), listed(["a", "b", "c"], last="or")
    ('schools', 'schools and the police', 'a, b or c')
    """
    names = list(parts)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
