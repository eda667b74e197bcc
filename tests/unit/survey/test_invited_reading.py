"""Files of people to invite: CSV and workbooks read by the same rules, and hostile ones refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from openpyxl import Workbook

from analysis.errors import Fault
from survey.actions import invited_template
from survey.actions.invited_file import check_invited
from tests import factories_invitees as people


def test_forty_faults_in_five_thousand_rows_of_a_workbook_are_all_listed() -> None:
    faulty, places = people.planted(people.right_rows())

    read = check_invited(people.as_xlsx(faulty))

    assert [(fault.row, fault.column) for fault in read.faults] == places
    assert len(places) == 40
    assert read.rows == 5000


def test_workbook_and_csv_say_the_same() -> None:
    rows = people.right_rows(60)

    workbook, text = check_invited(people.as_xlsx(rows)), check_invited(people.as_csv(rows))

    assert workbook == text
    assert workbook.faults == ()
    assert sum(agency.invited for agency in workbook.agencies) == 60


def workbook(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


HEADING = ("agency", "sector", "invited", "label", "email")


@pytest.mark.parametrize(
    ("cell", "column", "said"),
    [
        pytest.param("=1+1", "label", "holds a formula", id="formula"),
        pytest.param(date(2031, 3, 3), "label", "made a date", id="date"),
        pytest.param("#N/A", "label", "shows the error", id="error"),
    ],
)
def test_cell_that_is_no_text_is_a_fault_in_its_place(cell: object, column: str, said: str) -> None:
    content = workbook(HEADING, ("Town Hall", "council_other", None, cell, "a@example.org"))

    faults = check_invited(content).faults

    assert [(fault.row, fault.column) for fault in faults] == [(2, column)]
    assert said in faults[0].message


def test_numbers_and_yes_or_no_are_read_as_they_are_seen() -> None:
    content = workbook(
        ("agency", "sector", "invited", "expected"), ("Town Hall", "council_other", 12.0, False)
    )

    (agency,) = check_invited(content).agencies

    assert (agency.invited, agency.expected) == (12, False)


def test_blank_rows_are_counted_and_passed_over() -> None:
    content = workbook(HEADING, (), ("Town Hall", "polic", 3), (" ",), ("Clinic", "", 3))

    assert [fault.row for fault in check_invited(content).faults] == [3, 5]


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def swollen() -> bytes:
    content = io.BytesIO(people.as_xlsx(people.right_rows(2)))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/large.bin", b"\0" * (65 * 1024 * 1024))
    return content.getvalue()


def with_entities() -> bytes:
    content = io.BytesIO(people.as_xlsx(people.right_rows(2)))
    with zipfile.ZipFile(content, "a") as package:
        package.writestr(
            "xl/more.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x/>'
        )
    return content.getvalue()


def cut_off() -> bytes:
    return people.as_xlsx(people.right_rows(50))[:3000]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"\xd0\xcf\x11\xe0old", "old Excel file", id="xls"),
        pytest.param(
            packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "OpenDocument spreadsheet",
            id="ods",
        ),
        pytest.param(packed(photo="x"), "not an Excel workbook", id="other zip"),
        pytest.param(cut_off(), "cannot be read", id="cut off"),
        pytest.param(packed(xl__workbook_xml="<x/>"), "not an Excel workbook", id="other folder"),
        pytest.param(swollen(), "too large once it is unpacked", id="zip bomb"),
        pytest.param(with_entities(), "cannot be read", id="entities"),
        pytest.param(b"%PDF-1.7", "a PDF", id="pdf"),
        pytest.param(b"agency;sector;invited\n", "semicolons", id="semicolons"),
        pytest.param(
            "agency,sector,invited\nCaf\u00e9,police,2\n".encode("latin-1"), "UTF-8", id="latin-1"
        ),
    ],
)
def test_file_of_another_kind_is_refused_with_a_way_forward(content: bytes, said: str) -> None:
    read = check_invited(content)

    assert len(read.faults) == 1
    assert said in str(read.faults[0])


def test_more_rows_than_are_read_is_a_fault() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEADING, ("Town Hall", "council_other", 1)):
        sheet.append(row)
    sheet.cell(20_002, 1, "Clinic")
    content = io.BytesIO()
    book.save(content)

    faults = check_invited(content.getvalue()).faults

    assert [fault.row for fault in faults] == [20_002]
    assert "Only 20,000 rows" in faults[0].message


def test_contact_stands_once_and_is_not_contradicted() -> None:
    text = (
        "agency,sector,invited,level,contact_name,contact_email\n"
        "Clinic,nhs_community,3,frontline,,\n"
        "Clinic,nhs_community,1,strategic,Head of nursing,HEAD@example.org\n"
        "Clinic,nhs_community,1,board,Somebody else,head@example.org\n"
    )

    read = check_invited(text.encode())

    assert read.faults == (
        Fault(4, "contact_name", "It is “Head of nursing” for this agency in row 3."),
    )
    assert read.agencies[0].contact_email == "head@example.org"


@pytest.mark.parametrize(
    "make", [invited_template.as_csv, invited_template.as_workbook], ids=["csv", "xlsx"]
)
def test_empty_file_to_fill_in_has_columns_that_are_right(make: Callable[[], bytes]) -> None:
    (fault,) = check_invited(make()).faults

    assert fault.message == "There is a heading and nothing under it."
