"""A gated result as JSON: the whole of it, for other programs. See docs/formats.md."""

from __future__ import annotations

from analysis.export.gated import Exported, refuse_ungated


def to_json(result: Exported) -> str:
    """The result as JSON text with its provenance, two spaces deep, ending in a line break.

    `model_validate_json` of its class reads it back to an equal result.
    """
    refuse_ungated(result)
    return result.model_dump_json(indent=2) + "\n"
