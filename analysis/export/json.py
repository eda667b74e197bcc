"""The gated result as JSON: the whole of it, for other programs. See docs/formats.md."""

from __future__ import annotations

from analysis.result import Summary


def to_json(summary: Summary) -> str:
    """The result as JSON text with its provenance, two spaces deep, ending in a line break.

    `Summary.model_validate_json` reads it back to an equal summary.
    """
    return summary.model_dump_json(indent=2) + "\n"
