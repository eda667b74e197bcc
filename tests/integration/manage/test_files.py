"""Files of the findings: made on request, put on record, safe to open."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import docx
import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey.data.models import AuditEvent, Comment, Council
from tests.filled_round import FilledRound, add_comment, fill_round
from tests.page import Browser

DECIDE = "/findings/decide/procedures_in_use"


@pytest.fixture
def closed(manager: Browser, session: Session, council: Council) -> FilledRound:
    """A closed round with a decision and a released comment."""
    council.name = "Môrfa & Söns Council"
    filled = fill_round(session, council=council)
    manager.get(filled.url("/close"))
    manager.post(filled.url("/close"))
    place = next(iter(filled.agencies.values()))
    for text, quotable in (("=1+1 quoted gladly", True), ("Not for quoting", False)):
        add_comment(session, filled.round, place, "lp_comment", text, quotable=quotable)
    for comment in session.scalars(select(Comment)):
        comment.state, comment.released_text = "released", comment.text
    session.commit()
    manager.get(filled.url(DECIDE))
    manager.post(
        filled.url(DECIDE), {"verdict": "dont_know", "reason": "=cmd()", "note": "As we heard it."}
    )
    return filled


def make(manager: Browser, closed: FilledRound, file_format: str) -> TestResponse:
    """The answer to a request for a file."""
    token = manager.get(closed.url("/findings")).csrf_token
    return manager.client.post(
        closed.url("/findings/file"), data={"csrf_token": token, "format": file_format}
    )


@pytest.mark.parametrize(
    ("file_format", "media_type"),
    [
        ("json", "application/json"),
        ("csv", "text/csv"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_file_has_a_type_and_a_name(
    manager: Browser, closed: FilledRound, file_format: str, media_type: str
) -> None:
    response = make(manager, closed, file_format)

    disposition = response.headers["Content-Disposition"]
    assert response.headers["Content-Type"].count("charset") <= 1
    assert response.headers["Cache-Control"] == "no-store"
    assert response.status_code == 200
    assert response.mimetype == media_type
    assert disposition.startswith("attachment; filename=")
    assert disposition.isascii()
    assert f"snapshot-1.{file_format}" in disposition
    assert "filename*=UTF-8''M%C3%B4rfa-S%C3%B6ns-Council-Working-together-autumn" in disposition


def test_json_is_the_stored_summary(manager: Browser, closed: FilledRound) -> None:
    content = json.loads(make(manager, closed, "json").get_data())

    assert content["coverage"]["answered"] == 50


def test_csv_runs_no_formula(manager: Browser, closed: FilledRound) -> None:
    text = make(manager, closed, "csv").get_data().decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@"}]


def test_xlsx_opens_with_the_quotable_comment_as_text(
    manager: Browser, closed: FilledRound
) -> None:
    data = make(manager, closed, "xlsx").get_data()

    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    values = [str(cell.value) for cell in cells if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any("quoted gladly" in value for value in values)
    assert not any("Not for quoting" in value for value in values)


def test_docx_opens_with_the_reviewers_words(manager: Browser, closed: FilledRound) -> None:
    data = make(manager, closed, "docx").get_data()

    document = docx.Document(io.BytesIO(data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Môrfa & Söns Council" in text
    assert "As we heard it." in text
    assert "Not for quoting" not in text
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_file_is_on_record(manager: Browser, session: Session, closed: FilledRound) -> None:
    make(manager, closed, "csv")

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "exported")).one()
    assert event.detail == {"round": "autumn", "snapshot": 1, "format": "csv"}


@pytest.mark.parametrize("file_format", ["", "exe", "../../etc/passwd"])
def test_unknown_kind_of_file_is_not_found(
    manager: Browser, session: Session, closed: FilledRound, file_format: str
) -> None:
    assert make(manager, closed, file_format).status_code == 404

    found = session.scalars(select(AuditEvent).where(AuditEvent.action == "exported")).all()
    assert found == []


def test_file_cannot_be_asked_for_by_an_address(manager: Browser, closed: FilledRound) -> None:
    assert manager.client.get(closed.url("/findings/file")).status_code in {404, 405}
