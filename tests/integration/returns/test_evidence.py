"""Evidence of a return: what is taken and refused, who may have it, and what stays on record."""

from __future__ import annotations

import io
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from survey.actions import backed_up_files, backups
from survey.actions import return_evidence as actions
from survey.data import return_evidence_files, schema
from survey.data.engine import make_engine
from survey.data.models import (
    AuditEvent,
    ReturnContributor,
    ReturnEvidence,
    ReturnVersion,
    Review,
    Role,
)
from survey.extensions import db
from tests import factories
from tests.factories_returns import make_colleague, save_answers, sign, word_file
from tests.integration.manage.conftest import sign_in as sign_in_manager
from tests.integration.returns.conftest import RATING, SECTION, Begun, pages_of, share
from tests.page import Browser, Page

FILE = "Board minutes.docx"


def send(
    browser: Browser,
    path: str,
    *,
    name: str = FILE,
    data: bytes = b"",
    text: str = "",
    token: str = "",
) -> TestResponse:
    """Posts the form with a file, as a browser does."""
    token = token or browser.get(path).csrf_token
    fields = {
        "csrf_token": token,
        "kind": "file",
        "text": text,
        "file": FileStorage(io.BytesIO(data), filename=name),
    }
    # As bytes: the test client would leave the file open in which it builds a large form.
    boundary, body = encode_multipart(fields)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return browser.client.post(path, data=body, content_type=kind)


def get_file(browser: Browser, path: str) -> tuple[TestResponse, bytes]:
    """A download and its bytes."""
    answer = browser.client.get(path)
    data = answer.get_data()
    answer.close()
    return answer, data


def kept_rows(session: Session) -> list[ReturnEvidence]:
    """Every piece of evidence; the database is left free for the application."""
    rows = list(session.scalars(select(ReturnEvidence).order_by(ReturnEvidence.at_utc)))
    session.commit()
    return rows


def folder(app: Flask) -> Path:
    """Where the application keeps files."""
    return return_evidence_files.folder_of(app.extensions["signpost_settings"].instance)


@pytest.fixture
def add_path(begun: Begun) -> str:
    """The form to give evidence for the first rating."""
    return f"{begun.path}/evidence/{SECTION}/add?question={RATING}"


def test_words_references_and_links_are_kept(
    lead: Browser, begun: Begun, add_path: str, session: Session
) -> None:
    page = lead.get(f"{begun.path}/evidence/{SECTION}")
    assert "No evidence yet" in page.words
    lead.get(add_path)
    for fields, message in (
        ({}, "Select how you give the evidence"),
        ({"kind": "text"}, "Enter the evidence"),
        ({"kind": "reference", "page": "3"}, "Enter the name of the document"),
        ({"kind": "link", "link": "javascript:alert(1)"}, "Enter a web address that begins"),
        ({"kind": "link", "link": "https://user:pw@example.org/"}, "Enter a web address"),
        ({"kind": "link", "link": "https://[broken"}, "Enter a web address"),
        ({"kind": "text", "text": "x" * 4001}, "Shorten this to 4,000 characters"),
        ({"kind": "file"}, "Choose a file"),
    ):
        refused = lead.post(add_path, fields, status=422)
        assert message in refused.error_messages[0]
    lead.post(add_path, {"kind": "text", "text": "<script>alert(1)</script> \u202efdp"})
    lead.get(add_path)
    lead.post(add_path, {"kind": "reference", "document": "Policy", "page": "7"})
    lead.get(add_path)
    page = lead.post(add_path, {"kind": "link", "link": "https://example.org/policy"})
    assert "<script>alert" in page.words
    assert "Policy, 7" in page.words
    assert "Ada Quill" in page.words
    assert page.all("a", href="https://example.org/policy")
    lead.get(add_path)
    lead.post(add_path, {"kind": "reference", "document": "Policy", "page": "7"})
    assert len(kept_rows(session)) == 3


def test_file_is_kept_outside_the_site_and_served_as_a_download_only(
    app: Flask, lead: Browser, begun: Begun, add_path: str, session: Session
) -> None:
    data = word_file()
    assert send(lead, add_path, name="..\\evil/Board minutes.docx", data=data).status_code == 302
    assert send(lead, add_path, name="Board minutes.docx", data=data).status_code == 302
    (row,) = kept_rows(session)
    assert (row.file_name, row.file_bytes) == (FILE, len(data))
    path = folder(app) / str(row.stored_name)
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    answer, got = get_file(lead, f"{begun.path}/evidence/{SECTION}/{row.id}/file")
    assert got == data
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    lead.get(f"{begun.path}/evidence/other/{row.id}/file", status=404)


def test_bad_and_large_files_are_refused_and_leave_nothing(
    app: Flask, lead: Browser, add_path: str, session: Session
) -> None:
    for name, data, status, message in (
        ("tool.exe", b"MZ" + bytes(100), 422, "is a program"),
        ("minutes.docx", b"not a document", 422, "its content is not"),
        ("minutes.docx", b"", 422, "The file is empty"),
        ("large.pdf", b"%PDF-1.7" + bytes(10 * 1024 * 1024), 422, "10 MB or less"),
    ):
        answer = send(lead, add_path, name=name, data=data, text="Kept as typed.")
        assert answer.status_code == status
        assert message in answer.get_data(as_text=True)
        assert "Kept as typed." in answer.get_data(as_text=True)
    answer = send(lead, add_path, name="huge.pdf", data=bytes(21 * 1024 * 1024))
    assert answer.status_code == 413
    assert kept_rows(session) == []
    assert return_evidence_files.list_names(folder(app)) == []


def test_full_disk_gives_a_page_and_no_half_row(
    app: Flask, lead: Browser, add_path: str, session: Session
) -> None:
    kept = folder(app)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("a file where the folder should be: nothing can be written", encoding="ascii")
    answer = send(lead, add_path, data=word_file())
    assert answer.status_code == 507
    page = Page(answer)
    assert "There is no room for the file" in page.error_messages[0]
    assert kept_rows(session) == []


def test_removed_file_is_deleted_and_its_removal_stays_on_record(
    app: Flask, lead: Browser, begun: Begun, add_path: str, session: Session
) -> None:
    send(lead, add_path, data=word_file())
    (row,) = kept_rows(session)
    path = f"{begun.path}/evidence/{SECTION}/{row.id}"
    lead.get(f"{path}/remove")
    page = lead.post(f"{path}/remove")
    assert "Removed by Ada Quill" in page.words
    assert return_evidence_files.list_names(folder(app)) == []
    lead.get(f"{path}/file", status=404)
    lead.post(f"{path}/remove", status=404, token=page.csrf_token)


def test_contributor_has_the_evidence_of_shared_sections_only(
    app: Flask, lead: Browser, begun: Begun, add_path: str, session: Session
) -> None:
    send(lead, add_path, data=word_file())
    (row,) = kept_rows(session)
    link = share(session, begun, SECTION)
    session.commit()
    helper = Browser(app.test_client())
    helper.get(link)
    front = pages_of(link)
    page = helper.get(f"{front}/evidence/{SECTION}")
    assert FILE in page.words
    answer, _ = get_file(helper, f"{front}/evidence/{SECTION}/{row.id}/file")
    assert answer.status_code == 200
    path = f"{front}/evidence/{SECTION}/add"
    assert send(helper, path, name="plan.csv", data=b"a,b\n1,2\n").status_code == 302
    added = kept_rows(session)[1]
    assert (added.name, added.account_id) == ("Bo Fenn", None)
    other = "accountability"
    for asked in (f"{other}", f"{other}/add", f"{other}/{row.id}/file"):
        helper.get(f"{front}/evidence/{asked}", status=404)
    Browser(app.test_client()).get(f"{front}/evidence/{SECTION}", status=404)

    row_of_helper = session.scalars(select(ReturnContributor)).one()
    row_of_helper.ended_at_utc = factories.NOW
    session.commit()
    token = page.csrf_token
    late = {"kind": "text", "text": "Two words of mine."}
    ended = helper.post(f"{path}", late, status=410, token=token)
    assert "Two words of mine." in ended.words
    assert len(kept_rows(session)) == 2


def test_council_has_files_of_a_signed_return_and_it_is_on_record(
    app: Flask, lead: Browser, begun: Begun, add_path: str, session: Session
) -> None:
    data = word_file()
    send(lead, add_path, data=data)
    (row,) = kept_rows(session)
    review = session.get_one(Review, begun.round.review_id)
    make_colleague(
        session,
        begun.account,
        email="manager@example.org",
        role=Role.REVIEW_MANAGER,
        council_id=review.council_id,
    )
    session.commit()
    token_of_lead = lead.get(add_path).csrf_token
    manager = sign_in_manager(app.test_client())
    path = f"/manage/section-11/returns/{begun.id}/evidence/{row.id}"
    token = manager.get("/manage/section-11/returns").csrf_token
    assert manager.client.post(path, data={"csrf_token": token}).status_code == 404
    sign(session, begun.id, at=factories.NOW + timedelta(minutes=5))
    session.commit()
    page = manager.get(f"/manage/section-11/returns/{begun.id}/sections/{SECTION}")
    assert f"Download {FILE}" in page.words
    answer = manager.client.post(path, data={"csrf_token": token})
    assert answer.get_data() == data
    answer.close()
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "evidence_opened")).all()
    assert [event.detail["evidence"] for event in events] == [row.id]
    session.commit()
    assert lead.client.get(add_path).status_code == 404
    late = send(lead, add_path, token=token_of_lead, data=word_file("Late."), text="My words.")
    assert late.status_code == 409
    assert "My words." in late.get_data(as_text=True)
    assert len(kept_rows(session)) == 1


def test_left_over_files_are_found_and_deleted(
    app: Flask, lead: Browser, add_path: str, session: Session
) -> None:
    send(lead, add_path, data=word_file())
    kept = folder(app)
    young, old = return_evidence_files.store(kept, b"x"), return_evidence_files.store(kept, b"x")
    unfinished = kept / ("0" * 32 + ".part")
    unfinished.write_bytes(b"x")
    for path in (kept / old, unfinished):
        os.utime(path, (0, 0))
    now = factories.NOW + timedelta(hours=1)
    os.utime(kept / young, (now.timestamp(), now.timestamp()))
    found = actions.clean_up(session, folder=kept, now=now, dry_run=True)
    assert sorted(found.left_over) == sorted([old, unfinished.name])
    assert len(return_evidence_files.list_names(kept)) == 4
    actions.clean_up(session, folder=kept, now=now, dry_run=False)
    (row,) = kept_rows(session)
    assert return_evidence_files.list_names(kept) == sorted([str(row.stored_name), young])
    (kept / str(row.stored_name)).unlink()
    assert actions.clean_up(session, folder=kept, now=now, dry_run=True).missing == [
        row.stored_name
    ]


def test_backup_holds_files_and_carried_answers(
    app: Flask,
    lead: Browser,
    begun: Begun,
    add_path: str,
    session: Session,
    blank_sqlite_url: str,
    tmp_path: Path,
) -> None:
    send(lead, add_path, data=word_file())
    lost = return_evidence_files.store(folder(app), b"x")
    (row,) = kept_rows(session)
    save_answers(session, begun.id, {RATING: "met"}, at=factories.NOW)
    first = session.scalars(select(ReturnVersion.id)).one()
    for number in range(2, 12):
        save_answers(
            session,
            begun.id,
            {RATING: "met"},
            at=factories.NOW,
            number=number,
            carried_from=first,
        )
    session.commit()
    with app.app_context():
        engine = db.engine
        made = backups.back_up(
            engine,
            tmp_path / "backup.zip",
            secret_key="k" * 32,
            with_key=False,
            program="test",
            now=factories.NOW,
            files=folder(app),
        )
    assert made.lost_files == ()
    schema.upgrade(blank_sqlite_url)
    there, place = make_engine(blank_sqlite_url), tmp_path / "there"
    manifest = backups.read_manifest(tmp_path / "backup.zip")
    backups.restore(there, tmp_path / "backup.zip", manifest=manifest, replacing=False)
    assert backed_up_files.restore_files(there, tmp_path / "backup.zip", place) == []
    assert return_evidence_files.list_names(place) == [row.stored_name]
    assert lost not in return_evidence_files.list_names(place)
    with Session(there) as other:
        pointing = select(ReturnVersion).where(ReturnVersion.carried_from == first)
        assert len(other.scalars(pointing).all()) == 10
    there.dispose()


def test_evidence_stands_in_the_whole_return_that_is_read_before_signing(
    app: Flask, lead: Browser, begun: Begun, session: Session
) -> None:
    place = f"{begun.path}/evidence/{SECTION}/add"
    lead.get(place)
    words = {"kind": "text", "text": "An audit of twelve records"}
    lead.post(f"{place}?question={RATING}", words)
    lead.get(place)
    lead.post(place, {"kind": "reference", "document": "Board minutes", "page": "4"})
    other = Browser(app.test_client())
    front = pages_of(path := share(session, begun, "training"))
    other.get(path)

    shown = lead.get(f"{begun.path}/whole").words

    assert "An audit of twelve records" in shown
    assert "Board minutes, 4" in shown
    assert shown.index("twelve records") < shown.index("Board minutes, 4")
    assert "Board minutes" not in other.get(f"{front}/whole").words
