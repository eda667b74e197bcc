"""`codebook`: what the columns of a responses file hold, in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
import pytest

from analysis import variables
from analysis.__main__ import main
from analysis.commands.ending import Exit
from question_banks.bank import SECTOR_TITLES, Level
from question_banks.loader import load_bank
from tests.unit.analysis.commands.conftest import BANK


def written(folder: Path, form: str) -> bytes:
    """The codebook of the bank in that format."""
    assert main(["codebook", "bank.yaml", "--out", f"c.{form}"]) == Exit.DONE
    return (folder / f"c.{form}").read_bytes()


def test_json_has_every_column_and_value(folder: Path) -> None:
    content: dict[str, Any] = json.loads(written(folder, "json"))

    columns = {column["column"]: column for column in content["columns"]}
    asked = [question.code for question in load_bank(BANK).questions()]
    assert list(columns) == ["response_id", "agency", "sector", "level", *asked]
    assert [value["value"] for value in columns["level"]["values"]] == [
        each.value for each in Level
    ]
    timely = columns["p_timely"]["values"]
    assert [(each["value"], each["kind"], each["weight"]) for each in timely[:2]] == [
        ("strongly_agree", "favourable", 100),
        ("agree", "favourable", 75),
    ]
    assert [each["is_missing"] for each in timely] == [False] * 5 + [True] * 2
    assert columns["w_hours"]["values"] == []
    assert columns["w_cases"]["highest"] == 500


def test_csv_has_a_row_for_each_value(folder: Path) -> None:
    text = written(folder, "csv").decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))
    sectors = [row["value"] for row in rows if row["column"] == "sector"]
    assert sectors == [sector.value for sector in SECTOR_TITLES]
    assert [row["highest"] for row in rows if row["column"] == "w_cases"] == ["500"]
    assert {row["has_rule"] for row in rows} == {"yes", "no"}


def test_workbook_has_a_sheet_of_columns_and_one_of_values(folder: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(folder, "xlsx")))

    assert book.sheetnames == ["Columns", "Values"]
    columns = [row[0].value for row in book["Columns"].iter_rows()]
    assert "p_timely" in columns
    assert written(folder, "ods").startswith(b"PK")


def test_spss_file_has_labels_and_no_case(folder: Path) -> None:
    content = written(folder, "sav")

    frame, told = pyreadstat.read_sav(str(folder / "c.sav"))
    assert len(frame) == 0
    assert told.column_names_to_labels["p_timely"] == "Referrals are made in good time."
    labels: dict[str, Any] = told.variable_value_labels
    assert labels["p_timely"]["agree"] == "Agree"
    assert content == variables.to_sav(load_bank(BANK))


def test_long_labels_are_cut_between_letters() -> None:
    bank = load_bank(BANK)
    text = "ŵ" * 200
    longer = bank.model_copy(
        update={"closing": (bank.closing[0].model_copy(update={"text": text}),)}
    )

    assert b"\xc5\xb5" * 127 in variables.to_sav(longer)


@pytest.mark.parametrize(
    ("bank", "code"), [("bad.yaml", Exit.FAULTS), ("gone.yaml", Exit.FAULTS), (".", Exit.USAGE)]
)
def test_bank_that_cannot_be_used(folder: Path, bank: str, code: Exit) -> None:
    (folder / "bad.yaml").write_text("bank: x\n", encoding="utf-8")

    if code is Exit.USAGE:
        with pytest.raises(SystemExit) as ended:
            main(["codebook", bank])
        assert ended.value.code == code
    else:
        assert main(["codebook", bank]) == code
