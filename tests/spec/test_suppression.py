"""Holds `analysis.showing` to the table in suppression.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.counts import RoundCounts
from analysis.groups import groups_of
from analysis.settings import AnalysisSettings
from analysis.showing import decide
from question_banks.bank import ScaleQuestion
from tests.factories_tally import Answers, make_bank, make_tally, people

TABLE = Path(__file__).with_name("suppression.txt")
CELL = re.compile(r"(\w+) (\d+)/(\d+)(?: dk (\d+))?(?: skipped (\d+))?")

Row = tuple[str, str, str, dict[str, Answers]]


def read_cases() -> Iterator[object]:
    """One test case for each heading: the rows of its tally, and what each group shows."""
    for block in TABLE.read_text(encoding="utf-8").split("\n== ")[1:]:
        name, *lines = block.strip().splitlines()
        rows: list[Row] = []
        shown: dict[str, str] = {}
        for line in lines:
            if line.startswith("-> "):
                pairs = re.split(r"[;,] ", line.removeprefix("-> "))
                shown |= dict(pair.split() for pair in pairs)
            else:
                rows += read_rows(line)
        yield pytest.param(rows, shown, id=name)


def read_rows(line: str) -> Iterator[Row]:
    """The rows of one agency, one for each level."""
    agency, sector, cells = re.split(r":? ", line, maxsplit=2)
    for cell in cells.split(", "):
        match = CELL.fullmatch(cell)
        assert match is not None, cell
        level, favourable, base, dk, skipped = match.groups()
        others = int(base) - int(favourable)
        answers = people(
            int(favourable), unfavourable=others, dk=int(dk or 0), skipped=int(skipped or 0)
        )
        yield agency, sector, level, {"q_one": answers}


@pytest.mark.parametrize(("rows", "shown"), list(read_cases()))
def test_groups_are_shown_as_the_table_says(rows: list[Row], shown: dict[str, str]) -> None:
    bank = make_bank()
    question = bank.by_code["q_one"]
    assert isinstance(question, ScaleQuestion)
    settings = AnalysisSettings()
    counts = RoundCounts(make_tally(bank, rows), bank)

    decision = decide(
        question,
        counts.scale(question),
        counts=counts,
        groups=groups_of(counts, settings),
        settings=settings,
    )

    listed = {group.of.name: group.showing for group in decision.groups if not group.repeated}
    assert {"all": decision.everybody.showing, **listed} == shown
