"""What an uploaded file really is, by its content; what may not be kept is refused with a reason.

The name says what the sender takes the file for, the content decides. A document of an office
suite is opened part by part and measured while it is, so that one small file cannot swell into a
large one; scripts, macros, passwords, programs and things hidden behind the end are refused.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from question_banks.text import UNSAFE
from survey.actions import return_zip_checks
from survey.actions.return_zip_checks import RefusedFile

__all__ = [
    "ACCEPTED",
    "TITLES",
    "CheckedFile",
    "FileKind",
    "RefusedFile",
    "check_file",
    "display_name",
]

LONGEST_NAME: Final = 120
WIDEST: Final = 20_000
MOST_PIXELS: Final = 120_000_000
PDF_HEAD: Final = 1024
TAIL: Final = 1024
MOST_INFLATED: Final = 64 * 1024 * 1024


class FileKind(StrEnum):
    """The kinds of file that are taken as evidence."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    PNG = "png"
    JPEG = "jpeg"
    CSV = "csv"
    TEXT = "text"


TITLES: Final = {
    FileKind.PDF: "a PDF",
    FileKind.DOCX: "a Word document",
    FileKind.XLSX: "an Excel workbook",
    FileKind.PPTX: "a PowerPoint presentation",
    FileKind.ODT: "an OpenDocument text",
    FileKind.PNG: "a PNG picture",
    FileKind.JPEG: "a JPEG picture",
    FileKind.CSV: "a CSV file",
    FileKind.TEXT: "a plain text file",
}
"""What people call each kind, with its article."""

ACCEPTED: Final = {
    ".pdf": FileKind.PDF,
    ".docx": FileKind.DOCX,
    ".xlsx": FileKind.XLSX,
    ".pptx": FileKind.PPTX,
    ".odt": FileKind.ODT,
    ".png": FileKind.PNG,
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".csv": FileKind.CSV,
    ".txt": FileKind.TEXT,
}
"""Endings of a name, and what a file called so must be."""

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_FORBIDDEN_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|]')


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: what it is, and the name to show and to give it back under."""

    kind: FileKind
    name: str


def check_file(data: bytes, *, name: str) -> CheckedFile:
    """The file's kind and clean name. Raises RefusedFile with what to do about it."""
    shown = display_name(name)
    if not data:
        raise RefusedFile("The file is empty. Check that you chose the right one.")
    said = _kind_of_name(shown)
    if data.startswith(_OLE):
        raise RefusedFile(
            "The file is in an older Office format, or is protected by a password. Save it again "
            "as .docx, .xlsx or .pptx without a password, or as a PDF."
        )
    if any(data.startswith(start) for start in _PROGRAMS):
        raise RefusedFile("The file is a program. Programs cannot be kept as evidence.")
    found = _kind_of_content(data, said)
    if said is None:
        raise RefusedFile(f"The file’s name must end with one of {', '.join(ACCEPTED)}.")
    if found is not said:
        is_what = f"its content is that of {TITLES[found]}" if found else "its content is not"
        raise RefusedFile(
            f"The file’s name is that of {TITLES[said]}, but {is_what}. Open it in the program "
            "you made it with, save it again and upload that."
        )
    return CheckedFile(said, shown)


def display_name(name: str) -> str:
    """A file's name on one line, without folders, control characters or marks of direction.

    >>> display_name("C:\\\\Users\\\\kim\\\\Minutes\\u202efdp.exe")
    'Minutesfdp.exe'
    >>> display_name("../../etc/passwd"), display_name(" .. ")
    ('passwd', 'file')
    """
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(
        character
        for character in UNSAFE.sub("", unicodedata.normalize("NFC", last))
        if unicodedata.category(character) not in {"Cf", "Cc", "Co", "Cn", "Zl", "Zp"}
    )
    line = " ".join(_FORBIDDEN_IN_NAMES.sub(" ", kept).split()).lstrip(".").strip()
    stem, dot, ending = line.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"
    return line[:LONGEST_NAME].rstrip() or "file"


def _kind_of_name(name: str) -> FileKind | None:
    _, dot, ending = name.rpartition(".")
    return ACCEPTED.get(f".{ending.lower()}") if dot else None


def _kind_of_content(data: bytes, said: FileKind | None) -> FileKind | None:
    if data.startswith(b"PK\x03\x04"):
        return FileKind(return_zip_checks.kind_of_office_file(data))
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        _refuse_hidden(data)
        return FileKind.PDF
    if data.startswith(_PNG):
        _check_png(data)
        _refuse_hidden(data)
        return FileKind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        _check_jpeg(data)
        _refuse_hidden(data)
        return FileKind.JPEG
    if said in {FileKind.CSV, FileKind.TEXT}:
        _check_text(data)
        return said
    return None


def _refuse_hidden(data: bytes) -> None:
    """Refuses a file that is an archive as well: its directory stands at the very end."""
    if b"PK\x05\x06" in data[-66_000:] or (
        not data.startswith(b"%PDF-") and b"%PDF-" in data[:PDF_HEAD]
    ):
        raise RefusedFile(
            "The file holds another file behind its own content. Save it again from the program "
            "you made it with."
        )


_STREAM_BEGINS = re.compile(rb"stream\r?\n")
_STREAM_ENDS: Final = b"endstream"
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_NAMES = re.compile(
    rb"/(?P<name>Encrypt|JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?=[\s/<>\[\]()%]|$)"
)


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-TAIL:]:
        raise RefusedFile("The PDF is damaged: its end is missing. Save it again and upload that.")
    inflated = 0
    for text in _pdf_texts(data):
        inflated += len(text)
        if inflated > MOST_INFLATED + len(data):
            raise RefusedFile("The PDF swells to far more than its size, so it is not kept.")
        found = _PDF_NAMES.search(_HEX_IN_NAME.sub(lambda m: bytes([int(m[1], 16)]), text))
        if found is None:
            continue
        if found["name"] == b"Encrypt":
            raise RefusedFile(
                "The PDF is protected by a password or against changes. Save a copy without "
                "protection and upload that."
            )
        raise RefusedFile(
            "The PDF holds a script, a form that runs by itself, or another file. Print it to a "
            "new PDF and upload that."
        )


def _pdf_texts(data: bytes) -> Iterator[bytes]:
    """What a PDF says outside its streams, and the objects that it keeps packed inside streams."""
    outside, place = [], 0
    for start, first, last in _pdf_streams(data):
        outside.append(data[place:start])
        place = last + len(_STREAM_ENDS)
        head = data[max(0, start - 400) : start]
        if b"/ObjStm" not in head[head.rfind(b"obj") :]:
            continue
        unpacked = zlib.decompressobj()
        try:
            yield unpacked.decompress(data[first:last], MOST_INFLATED + 1)
        except zlib.error:
            yield data[first:last]
    yield b" ".join((*outside, data[place:]))


def _pdf_streams(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each stream is announced, where it begins and where it ends.

    One that never ends ends the search: looking for its end again and again would take for ever.
    """
    place = 0
    while (found := _STREAM_BEGINS.search(data, place)) is not None:
        last = data.find(_STREAM_ENDS, found.end())
        if last < 0:
            return
        yield found.start(), found.end(), last
        place = last + len(_STREAM_ENDS)


def _check_png(data: bytes) -> None:
    place, names = len(_PNG), []
    while place + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + length
        if end > len(data):
            break
        body = data[place + 4 : end - 4]
        if zlib.crc32(body) != struct.unpack(">I", data[end - 4 : end])[0]:
            break
        if name == b"IHDR" and length == 13:
            _check_pixels(*struct.unpack(">II", body[4:12]))
        names.append(name)
        place = end
        if name == b"IEND":
            break
    if not names or names[0] != b"IHDR" or names[-1] != b"IEND" or b"IDAT" not in names:
        raise RefusedFile("The picture is damaged. Save it again and upload that.")
    if place != len(data):
        raise RefusedFile("The picture has something hidden behind its end. Save it again.")


def _check_pixels(width: int, height: int) -> None:
    if not (0 < width <= WIDEST and 0 < height <= WIDEST and width * height <= MOST_PIXELS):
        raise RefusedFile("The picture is too large to open safely. Make it smaller.")


def _check_jpeg(data: bytes) -> None:
    """Walks the segments up to the picture itself and looks for its end.

    Cameras put a second, smaller picture behind the first, so what follows the end is left alone
    unless it is an archive.
    """
    place, is_measured = 2, False
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            _check_pixels(width, height)
            is_measured = True
        if marker == 0xDA:
            if is_measured and b"\xff\xd9" in data[place:]:
                return
            break
        if length < 2:
            break
        place += 2 + length
    raise RefusedFile("The picture is damaged. Save it again and upload that.")


def _check_text(data: bytes) -> None:
    """Text without control characters, in the encodings that Excel and Notepad write."""
    has_mark = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if has_mark else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise RefusedFile("The file is not plain text. Save it as UTF-8 and upload that.")
    if UNSAFE.search(text):
        raise RefusedFile("The file is not plain text: it holds characters that nobody types.")
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php")):
        raise RefusedFile("The file is a web page or a script. Save it as a PDF and upload that.")
