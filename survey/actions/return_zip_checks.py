"""Office documents are zip archives: opened part by part, measured, and searched for macros."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Final
from urllib.parse import unquote
from xml.parsers import expat

from survey.errors import SurveyError

MOST_PARTS: Final = 5000
MOST_UNPACKED: Final = 150 * 1024 * 1024
MOST_SWELLING: Final = 200
"""A part of a real document is packed to a hundredth of its size at the very most."""
SMALL: Final = 5 * 1024 * 1024
"""Below this a part may swell as it likes: an empty spreadsheet does."""
MOST_XML: Final = 4 * 1024 * 1024
_CHUNK: Final = 256 * 1024
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22

_MAIN: Final = {
    "word/document.xml": ("docx", "wordprocessingml.document.main+xml"),
    "xl/workbook.xml": ("xlsx", "spreadsheetml.sheet.main+xml"),
    "ppt/presentation.xml": ("pptx", "presentationml.presentation.main+xml"),
}
"""The main part of a document, its kind, and the end of the type it must be declared with."""

_ODT: Final = b"application/vnd.oasis.opendocument.text"
_ACTIVE: Final = (
    "vbaproject",
    "vbadata",
    "macrosheets/",
    "/activex/",
    "oleobject",
    "/basic/",
    "/scripts/",
)
_PROGRAMS: Final = (".exe", ".dll", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".bat", ".cmd", ".ps1")
_MACRO: Final = (
    "The document holds macros, controls or an embedded program. Save it without them (for "
    "example as .docx, .xlsx or .pptx), or as a PDF, and upload that."
)
_DAMAGED: Final = "The document is damaged. Open it, save it again and upload that."
_LOCKED: Final = "The document is protected by a password. Save a copy without one and upload that."
_SWELLS: Final = "The document unpacks to far more than its size, so it is not kept."


class RefusedFile(SurveyError):
    """A file that cannot be kept; the message says why and what to do."""


def kind_of_office_file(data: bytes) -> str:
    """`docx`, `xlsx`, `pptx` or `odt`, once every part has been looked at. Raises RefusedFile."""
    _refuse_loose_ends(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_names(parts)
            left = MOST_UNPACKED
            for part in parts:
                left -= _measure(archive, part, most=left)
            names = {part.filename for part in parts}
            if "mimetype" in names:
                return _odt(archive, parts)
            return _office(archive, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, expat.ExpatError) as error:
        raise RefusedFile(_DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:
        # What the library says of a packing it does not know, and of a part under a password.
        raise RefusedFile(_LOCKED) from error


def _refuse_loose_ends(data: bytes) -> None:
    """The archive must be the whole file: nothing before it, nothing behind it."""
    at = len(data) - _END_SIZE
    if at < 0 or data[at : at + 4] != _END:
        raise RefusedFile(_DAMAGED)
    size, offset = struct.unpack("<II", data[at + 12 : at + 20])
    if offset != 0xFFFFFFFF and offset + size != at:
        raise RefusedFile(_DAMAGED)


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if not parts or len(parts) > MOST_PARTS or len(set(names)) != len(names):
        raise RefusedFile(_DAMAGED)
    for part in parts:
        if part.flag_bits & 0x1:
            raise RefusedFile(_LOCKED)
        if part.filename.startswith("/") or ".." in part.filename.split("/"):
            raise RefusedFile(_DAMAGED)
        lowered = f"/{part.filename.lower()}"
        is_folder = lowered.endswith("/")
        if not is_folder and (
            any(word in lowered for word in _ACTIVE) or lowered.endswith(_PROGRAMS)
        ):
            raise RefusedFile(_MACRO)


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, most: int) -> int:
    """Unpacks a part without keeping it: what it says of its own size may be a lie."""
    unpacked, start = 0, b""
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            start = start or chunk[:8]
            unpacked += len(chunk)
            if unpacked > most or (
                unpacked > SMALL and unpacked > MOST_SWELLING * max(1, part.compress_size)
            ):
                raise RefusedFile(_SWELLS)
    if start.startswith((b"MZ", b"\x7fELF", bytes.fromhex("d0cf11e0a1b11ae1"))):
        raise RefusedFile(_MACRO)
    return unpacked


def _elements(archive: zipfile.ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small XML part with their attributes; one that declares entities is out."""
    if archive.getinfo(name).file_size > MOST_XML:
        raise RefusedFile(_DAMAGED)
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise RefusedFile(_DAMAGED)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: found.append((tag, attributes))
    parser.Parse(archive.read(name), True)
    return found


def _office(archive: zipfile.ZipFile, names: set[str]) -> str:
    types = "[Content_Types].xml"
    main = [name for name in _MAIN if name in names]
    if types not in names or "_rels/.rels" not in names or len(main) != 1:
        raise RefusedFile("The archive is not a document that can be kept. Upload a document.")
    kind, ending = _MAIN[main[0]]
    declared = [attributes for _, attributes in _elements(archive, types)]
    if any("macroenabled" in each.get("ContentType", "").lower() for each in declared):
        raise RefusedFile(_MACRO)
    own = [each["ContentType"] for each in declared if each.get("PartName") == f"/{main[0]}"]
    if len(own) != 1 or not own[0].endswith(ending):
        raise RefusedFile(_DAMAGED)
    for name in sorted(names):
        if name.endswith(".rels"):
            _check_relations(archive, name)
    return kind


_FETCHED: Final = ("attachedtemplate", "oleobject", "frame", "subdocument")
_OWN_DISK: Final = re.compile(r"(file:///)?[a-z]:[\\/]|(file://)?/(users|home|applications)/")
"""The template that a document was made with, on the disk of whoever made it."""


def _check_relations(archive: zipfile.ZipFile, name: str) -> None:
    """A document must not fetch a template or another program's object when it is opened."""
    for _, attributes in _elements(archive, name):
        kind = attributes.get("Type", "").lower().rpartition("/")[2]
        target = unquote(attributes.get("Target", "")).strip().lower()
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        # A folder of a network is fetched like a page, and its server learns who opens it.
        is_far = "://" in target or target.startswith(("//", "\\\\"))
        if is_outside and kind in _FETCHED and is_far and not _OWN_DISK.match(target):
            raise RefusedFile(
                "The document loads something from elsewhere when it is opened. Save it as a PDF "
                "and upload that."
            )


def _odt(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    first = parts[0]
    names = {part.filename for part in parts}
    is_text = first.filename == "mimetype" and archive.read("mimetype") == _ODT
    if not is_text or not {"content.xml", "META-INF/manifest.xml"} <= names:
        raise RefusedFile("The archive is not a document that can be kept. Upload a document.")
    if any(
        tag.rpartition(":")[2] == "encryption-data"
        for tag, _ in _elements(archive, "META-INF/manifest.xml")
    ):
        raise RefusedFile(_LOCKED)
    return "odt"
