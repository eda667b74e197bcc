"""What says, in every format, which answers, settings, questionnaire and code made the figures."""

from __future__ import annotations

from analysis.compared import Comparison
from analysis.export.gated import Exported
from analysis.result import BankRef, Provenance, Summary


def stamp(result: Exported) -> tuple[tuple[str, str], ...]:
    """Names and values: format, audience, questionnaire and its digest, source, code, digests.

    A comparison has one of each for every round, "Round 1" being the oldest.
    """
    first = (
        ("format", result.format),
        ("audience", result.audience),
        ("hidden_cells", str(result.hidden_cells)),
    )
    if isinstance(result, Comparison):
        rounds: list[tuple[str, str]] = []
        for number, (each, provenance) in enumerate(
            zip(result.rounds, result.provenance, strict=True), start=1
        ):
            rounds += [
                (f"round {number} {name}", value) for name, value in _round(each.bank, provenance)
            ]
            if each.source:
                rounds.append((f"round {number} published_source", each.source))
        return (*first, *rounds)
    return (*first, *_round(result.bank, result.provenance))


def stamp_text(result: Exported) -> str:
    """The stamp in one line, for the foot of a document."""
    return "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in stamp(result)) + "."


def _round(bank: BankRef | None, provenance: Provenance | None) -> tuple[tuple[str, str], ...]:
    told: list[tuple[str, str]] = []
    if bank is not None:
        told += [("bank", f"{bank.bank}@{bank.version}"), ("bank_digest", bank.digest)]
    if provenance is not None:
        told += [
            ("source", provenance.source),
            ("code_version", provenance.code_version),
            ("tally_digest", provenance.tally_digest),
            ("settings_digest", provenance.settings_digest),
        ]
    return tuple(told)


def setting_text(value: str | int | bool | list[str] | dict[str, list[str]]) -> str:
    """A setting's value as a reader of a table sees it.

    >>> setting_text(True), setting_text(["a", "b"]), setting_text({"health": ["a", "b"]})
    ('yes', 'a, b', 'health: a, b')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {', '.join(members)}" for name, members in value.items())
    return str(value)


def settings_rows(summary: Summary) -> tuple[tuple[str, str], ...]:
    """Every setting that was in force by name, then the stamp."""
    told = [(name, setting_text(value)) for name, value in sorted(summary.settings.items())]
    return (*told, *stamp(summary))
