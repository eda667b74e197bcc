"""What may be kept as evidence: told by content, with everything dangerous refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pikepdf
import pptx
import pytest
from odf.opendocument import OpenDocumentText
from odf.text import P
from PIL import Image

from survey.actions import return_zip_checks
from survey.actions.return_file_checks import (
    FileKind,
    RefusedFile,
    check_file,
    display_name,
)
from tests.factories_returns import word_file


def written(save: Callable[[io.BytesIO], object]) -> bytes:
    """What a program writes."""
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], object] = lambda _: None, **how: Any) -> bytes:
    """A PDF of one empty page."""
    made = pikepdf.new()
    made.add_blank_page()
    change(made)
    return written(lambda stream: made.save(stream, **how))


def picture(kind: str) -> bytes:
    """A small picture."""
    return written(lambda stream: Image.new("RGB", (60, 40), "teal").save(stream, kind))


def odt() -> bytes:
    """A small OpenDocument text."""
    document = OpenDocumentText()
    document.text.addElement(P(text="What we do."))
    return written(document.write)


def rezipped(data: bytes, **changes: bytes | None) -> bytes:
    """A zip with parts added, changed, or left out (None); `__` in a name stands for a stroke."""
    parts: dict[str, bytes | None] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | {name.replace("__", "/"): part for name, part in changes.items()})


def zipped(parts: Mapping[str, bytes | None]) -> bytes:
    """A zip of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if part is not None:
                archive.writestr(name, part)
    return stream.getvalue()


DOCX = word_file()
XLSX = written(openpyxl.Workbook().save)
PPTX = written(pptx.Presentation().save)
PNG, JPEG = picture("PNG"), picture("JPEG")
PDF = pdf()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        pytest.param("a.pdf", PDF, FileKind.PDF, id="pdf"),
        pytest.param(
            "a.pdf",
            pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
            FileKind.PDF,
            id="pdf with packed objects",
        ),
        pytest.param("a.DOCX", DOCX, FileKind.DOCX, id="word"),
        pytest.param("a.xlsx", XLSX, FileKind.XLSX, id="excel"),
        pytest.param("a.pptx", PPTX, FileKind.PPTX, id="powerpoint"),
        pytest.param("a.odt", odt(), FileKind.ODT, id="opendocument"),
        pytest.param("a.png", PNG, FileKind.PNG, id="png"),
        pytest.param("a.jpg", JPEG, FileKind.JPEG, id="jpg"),
        pytest.param("a.jpeg", JPEG + JPEG, FileKind.JPEG, id="jpeg with a preview behind it"),
        pytest.param("a.csv", "Name,Rôle\r\n".encode(), FileKind.CSV, id="csv"),
        pytest.param("a.txt", "Rôle".encode("cp1252"), FileKind.TEXT, id="text of Windows"),
        pytest.param("a.txt", "Rôle 🦉".encode("utf-16"), FileKind.TEXT, id="text of Notepad"),
    ],
)
def test_ordinary_file_is_taken(name: str, data: bytes, kind: FileKind) -> None:
    assert check_file(data, name=name).kind is kind


def with_script(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = document.make_indirect(action)


def hidden_script(data: bytes) -> bytes:
    """The same PDF with the names of the script spelt in numbers."""
    return data.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4AS")


def with_file(document: pikepdf.Pdf) -> None:
    document.attachments["tool.exe"] = b"MZ"


BOMB = zipped({"[Content_Types].xml": bytes(60 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        pytest.param("a.pdf", b"", "is empty", id="empty"),
        pytest.param("a.exe", b"MZ\x90\x00", "is a program", id="program"),
        pytest.param("a.txt", b"#!/bin/sh\nrm -r", "is a program", id="shell script"),
        pytest.param("a.docx", b"\x7fELF" + bytes(20), "is a program", id="program called docx"),
        pytest.param("a.pdf", PNG, "that of a PNG picture", id="picture called pdf"),
        pytest.param("a.docx", XLSX, "that of an Excel workbook", id="workbook called docx"),
        pytest.param("a.zip", DOCX, "must end with one of", id="ending not taken"),
        pytest.param("README", b"words", "must end with one of", id="no ending"),
        pytest.param("a.doc", bytes.fromhex("d0cf11e0a1b11ae1"), "older Office", id="old office"),
        pytest.param("a.docx", bytes.fromhex("d0cf11e0a1b11ae1"), "password", id="locked docx"),
        pytest.param("a.pdf", PDF[:-40], "end is missing", id="pdf cut off"),
        pytest.param(
            "a.pdf",
            pdf(encryption=pikepdf.Encryption(owner="o", user="u")),
            "protected",
            id="locked pdf",
        ),
        pytest.param("a.pdf", pdf(with_script), "holds a script", id="pdf with a script"),
        pytest.param(
            "a.pdf",
            pdf(with_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
            "holds a script",
            id="pdf with a packed script",
        ),
        pytest.param(
            "a.pdf",
            hidden_script(pdf(with_script)),
            "holds a script",
            id="pdf with a script in disguise",
        ),
        pytest.param("a.pdf", pdf(with_file), "another file", id="pdf with a file"),
        pytest.param("a.pdf", PDF + DOCX + b"%%EOF", "behind its own content", id="pdf and zip"),
        pytest.param("a.png", PNG + DOCX, "hidden behind its end", id="png and zip"),
        pytest.param("a.jpg", JPEG + DOCX, "behind its own content", id="jpeg and zip"),
        pytest.param("a.png", PNG[:60], "damaged", id="png cut off"),
        pytest.param("a.png", PNG.replace(b"IDAT", b"IDAX"), "damaged", id="png without picture"),
        pytest.param("a.jpg", JPEG[:30], "damaged", id="jpeg cut off"),
        pytest.param("a.csv", b"a,b\x00\n", "nobody types", id="csv with zeros"),
        pytest.param("a.txt", b" <!DOCTYPE html><script>", "web page", id="page called txt"),
        pytest.param("a.txt", b"\xff\xfe\xd8", "not plain text", id="broken text"),
        pytest.param(
            "a.docx", rezipped(DOCX, **{"word__vbaProject.bin": b"x"}), "macros", id="macros"
        ),
        pytest.param(
            "a.docx",
            rezipped(DOCX, **{"word__embeddings__oleObject1.bin": b"x"}),
            "embedded program",
            id="embedded object",
        ),
        pytest.param(
            "a.docx", rezipped(DOCX, **{"word__media__a.png": b"MZ\x90"}), "macros", id="hidden exe"
        ),
        pytest.param(
            "a.docx", rezipped(DOCX, **{"word__run.vbs": b"x"}), "macros", id="script inside"
        ),
        pytest.param("a.docx", DOCX + b"behind", "damaged", id="bytes behind a zip"),
        pytest.param("a.docx", DOCX[:-30], "damaged", id="zip cut off"),
        pytest.param("a.docx", zipped({"a.txt": b"x"}), "not a document", id="plain zip"),
        pytest.param(
            "a.docx", zipped({"../a": b"x", "[Content_Types].xml": b""}), "damaged", id="path"
        ),
        pytest.param("a.docx", BOMB, "far more than its size", id="zip bomb"),
        pytest.param(
            "a.docx",
            rezipped(DOCX, **{"_rels__.rels": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
            "damaged",
            id="xml with entities",
        ),
        pytest.param("a.docx", b"PK\x03\x04" + bytes(40), "damaged", id="head of a zip"),
    ],
)
def test_file_that_cannot_be_kept_is_refused_with_a_reason(
    name: str, data: bytes, message: str
) -> None:
    with pytest.raises(RefusedFile, match=message):
        check_file(data, name=name)


def test_macro_document_by_another_name_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(DOCX)) as archive:
        types = archive.read("[Content_Types].xml")
    macro = types.replace(
        b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
        b"vnd.ms-word.document.macroEnabled.main",
    )
    with pytest.raises(RefusedFile, match="macros"):
        check_file(rezipped(DOCX, **{"[Content_Types].xml": macro}), name="a.docx")


def _with_template(target: str) -> bytes:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://example.org/relationships/attachedTemplate" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    )
    return rezipped(DOCX, **{"word___rels__settings.xml.rels": relations.encode()})


@pytest.mark.parametrize(
    "target",
    [
        "https://example.test/t.dotm",
        r"\\files.example.test\share\t.dotm",
        "//files.example.test/share/t.dotm",
        "file://files.example.test/share/t.dotm",
        r"file:///\\files.example.test\share\t.dotm",
        "file:///%5c%5cfiles.example.test%5cshare%5ct.dotm",
        "smb://files.example.test/t.dotm",
    ],
)
def test_document_that_fetches_a_template_is_refused(target: str) -> None:
    with pytest.raises(RefusedFile, match="from elsewhere"):
        check_file(_with_template(target), name="a.docx")


@pytest.mark.parametrize(
    "target",
    [
        "Normal.dotm",
        "file:///C:%5CUsers%5Ckim%5CTemplates%5CLetter.dotm",
        r"C:\Templates\Letter.dotm",
        "file:///Applications/Templates/Letter.dotm",
    ],
)
def test_document_that_names_the_template_it_was_made_with_is_kept(target: str) -> None:
    assert check_file(_with_template(target), name="a.docx").name == "a.docx"


def test_pdf_whose_streams_never_end_is_read_once() -> None:
    # Looked through anew for every one of them, this file takes the better part of a day.
    data = b"%PDF-1.7\n" + b"stream\n" * 1_000_000 + b"/JavaScript\nstartxref\n0\n%%EOF\n"
    with pytest.raises(RefusedFile, match="holds a script"):
        check_file(data, name="a.pdf")


def test_parts_that_swell_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_zip_checks, "MOST_UNPACKED", 10_000)
    with pytest.raises(RefusedFile, match="far more than its size"):
        check_file(DOCX, name="a.docx")


def test_size_that_a_zip_lies_about_is_found() -> None:
    data = bytearray(BOMB)
    size = (60 * 1024 * 1024).to_bytes(4, "little")
    for at in range(len(data) - 4):
        if data[at : at + 4] == size:
            data[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(RefusedFile):
        check_file(bytes(data), name="a.docx")


def test_picture_of_absurd_size_is_refused() -> None:
    head = b"IHDR" + (90_000).to_bytes(4, "big") + (10).to_bytes(4, "big") + b"\x08\x02\0\0\0"
    start = PNG.index(b"IHDR")
    data = PNG[:start] + head + zlib.crc32(head).to_bytes(4, "big") + PNG[start + 21 :]
    with pytest.raises(RefusedFile, match="too large to open"):
        check_file(data, name="a.png")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("minutes.pdf", "minutes.pdf", id="plain"),
        pytest.param("C:\\Users\\kim\\minutes.pdf", "minutes.pdf", id="windows folder"),
        pytest.param("../../etc/passwd", "passwd", id="path"),
        pytest.param("fdp\u202excod.exe", "fdpxcod.exe", id="right to left override"),
        pytest.param("a\r\nb: c.pdf", "ab c.pdf", id="line ends"),
        pytest.param('say "hi"<b>.pdf', "say hi b.pdf", id="quotes and signs"),
        pytest.param("…" + "é" * 300 + ".pdf", "…" + "é" * 115 + ".pdf", id="long"),
        pytest.param("  .. ", "file", id="dots"),
        pytest.param("\u200b", "file", id="nothing to see"),
        pytest.param("دليل.pdf", "دليل.pdf", id="right to left letters"),
    ],
)
def test_name_is_cleaned_for_showing(name: str, shown: str) -> None:
    assert display_name(name) == shown
