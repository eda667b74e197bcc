"""What may leave: a gated result of one of three kinds, and nothing else.

A type hint stops a mistake in our own code; the check stops one in a notebook or a page, before a
byte is written.
"""

from __future__ import annotations

from typing import get_args

from analysis.benchmarked import Benchmark
from analysis.compared import Comparison
from analysis.result import Summary

Exported = Summary | Comparison | Benchmark
"""A result of the gate: of one round, of rounds compared, or of one council beside others."""


def refuse_ungated(given: object, *, kinds: tuple[type, ...] = get_args(Exported)) -> None:
    """Raise TypeError unless `given` is a gated result of one of the kinds.

    >>> refuse_ungated({"favourable": 3})
    Traceback (most recent call last):
        ...
    TypeError: only what the disclosure gate has let through can be written, not a dict
    """
    if not isinstance(given, kinds):
        raise TypeError(
            "only what the disclosure gate has let through can be written, "
            f"not a {type(given).__name__}"
        )
