"""The small banks in tests/banks/valid and the shipped ones have no problem and keep their form."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_banks.bank import Bank
from question_banks.checks import check_bank, list_findings
from question_banks.loader import (
    bank_digest,
    bank_from_json,
    bank_to_json,
    list_bank_files,
    list_banks,
)
from question_banks.reader import read_bank

SMALL = sorted((Path(__file__).parents[2] / "banks" / "valid").glob("*.yaml"))
FILES = [pytest.param(path, id=path.stem) for path in (*SMALL, *list_bank_files())]


def read(path: Path) -> Bank:
    bank = read_bank(path).bank
    assert bank is not None
    return bank


@pytest.mark.parametrize("path", FILES)
def test_a_valid_bank_has_no_problems(path: Path) -> None:
    assert [str(problem) for problem in check_bank(read_bank(path))] == []


@pytest.mark.parametrize("path", FILES)
def test_a_bank_is_the_same_after_its_json(path: Path) -> None:
    bank = read(path)

    again = bank_from_json(bank_to_json(bank))

    assert again == bank
    assert hash(again) == hash(bank)
    assert bank_digest(again) == bank_digest(bank)
    assert bank_to_json(again) == bank_to_json(bank)
    assert list(list_findings(again)) == []


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_a_small_bank_is_named_after_its_file(path: Path) -> None:
    expected = "small_bank" if path.stem == "smallest" else path.stem

    assert read(path).bank == expected


def test_the_digest_follows_content_not_layout(tmp_path: Path) -> None:
    text = SMALL[0].read_text(encoding="utf-8")
    relaid, reworded = tmp_path / "relaid.yaml", tmp_path / "reworded.yaml"
    relaid.write_text("# A comment.\n\n" + text.replace("\n", "\n\n", 3), encoding="utf-8")
    reworded.write_text(text.replace("For tests.", "For some tests."), encoding="utf-8")

    digest = bank_digest(read(SMALL[0]))

    assert len(digest) == 64
    assert bank_digest(read(relaid)) == digest
    assert bank_digest(read(reworded)) != digest


def test_the_shipped_banks_are_the_six() -> None:
    assert {bank.bank for bank in list_banks()} >= {
        "agency_self_evaluation_2018",
        "children_governance_2009",
        "improvement_partnership_2018",
        "safeguarding_children_2010",
        "safeguarding_children_2012",
        "section_11",
    }
