"""Holds `analysis.judgement` to the table in judgement.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.counts import Asked, Counts
from analysis.judgement import Evidence, GroupEvidence, judge
from analysis.result import GroupKind
from analysis.settings import AnalysisSettings
from analysis.weighting import Part

TABLE = Path(__file__).with_name("judgement.txt")
AGENCY = re.compile(r"(?:(\d+)x)?(\d+)/(\d+)(?:\((\d+)\))?")
NAMES = {"sides": ("council", "partners"), "levels": ("strategic", "frontline")}
KINDS = {"sides": GroupKind.SIDE, "levels": GroupKind.LEVEL}


def read_cases() -> Iterator[object]:
    """One test case for each row: agencies, what else is known, expected reading."""
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            agencies, more, reading = (cell.strip() for cell in line.split("|"))
            yield pytest.param(agencies, more, reading, id=f"line {number}: {agencies} {more}")


def read_parts(text: str) -> tuple[Part, ...]:
    """The agencies that a row describes, each in a sector group of its own."""
    parts: list[Part] = []
    for token in text.split():
        match = AGENCY.fullmatch(token)
        assert match is not None, token
        times, favourable, base, population = match.groups()
        for _ in range(int(times or 1)):
            name = f"agency {len(parts)}"
            known = int(population) if population else None
            parts.append(Part(name, f"group of {name}", int(favourable), int(base), known))
    return tuple(parts)


def read_counts(parts: tuple[Part, ...], more: dict[str, str]) -> Counts:
    """Everybody's answers: what is not favourable is neutral, but for those against."""
    favourable = sum(part.favourable for part in parts)
    unfavourable = int(more.get("against", 0))
    neutral = sum(part.base for part in parts) - favourable - unfavourable
    unknowing = int(more.get("dk", 0))
    return Counts(
        options=(favourable, neutral, unfavourable, unknowing),
        on_scale=(favourable, neutral, unfavourable),
        favourable=favourable,
        neutral=neutral,
        unfavourable=unfavourable,
        dont_know=unknowing,
        not_applicable=0,
        skipped=0,
        not_shown=0,
        agencies=sum(part.base > 0 for part in parts),
        agencies_applicable=sum(
            part.base > 0 or place < unknowing for place, part in enumerate(parts)
        ),
    )


def read_groups(kind: str, text: str) -> tuple[GroupEvidence, GroupEvidence]:
    """Two groups that are set against each other and shown in words, so that nothing else is
    said of them."""
    first, second = (
        GroupEvidence(
            name=name,
            kind=KINDS[kind],
            counts=read_counts((Part("a", "g", *map(int, share.split("/"))),), {}),
            population=None,
            exact=False,
        )
        for name, share in zip(NAMES[kind], text.split(","), strict=True)
    )
    return first, second


def read_asked(text: str | None) -> Asked | None:
    """Responded and asked."""
    if text is None:
        return None
    answered, invited = map(int, text.split("/"))
    return Asked(invited=invited, in_answering=invited, answered=answered)


@pytest.mark.parametrize(("agencies", "more", "reading"), list(read_cases()))
def test_answers_read_as_the_table_says(agencies: str, more: str, reading: str) -> None:
    given = dict(pair.split("=") for pair in more.split())
    parts = read_parts(agencies)
    populations = [part.population for part in parts if part.population is not None]
    evidence = Evidence(
        counts=read_counts(parts, given),
        parts=parts,
        population=sum(populations) if populations else None,
        asked=read_asked(given.get("asked")),
        round_asked=read_asked(given.get("round")),
        pairs=tuple(read_groups(kind, given[kind]) for kind in NAMES if kind in given),
        required_silent=int(given.get("silent", 0)),
        leant_on_silent=int(given.get("leans", 0)),
        leant_on_not_invited=int(given.get("uninvited", 0)),
    )

    found = judge(evidence, settings=AnalysisSettings())

    verdict = " ".join(filter(None, [found.verdict.value, found.firmness, found.lean]))
    said = f"{verdict}: {' '.join(found.reasons)}"
    if found.modifiers:
        said += f" + {' '.join(found.modifiers)}"
    assert said == reading
