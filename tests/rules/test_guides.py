"""The guides: their pictures, their links, and the words they quote from the pages."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.rules.repository import ROOT, TEMPLATES, templates, tracked_files

GUIDES = ROOT / "docs" / "guides"
PICTURES = GUIDES / "pictures"
NAMES = ("administrator", "agency-lead", "contributor", "review-manager")
MOST_BYTES = 60_000
MINUTES, WORDS_A_MINUTE = 15, 200

PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
QUOTED = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
IN_QUOTES = re.compile(r"\"([^\"]*)\"|'([^']*)'")
CODE = re.compile(r"^( {4}|```).*$|`[^`]*`", re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def guide(name: str) -> str:
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


def one_line(text: str) -> str:
    return " ".join(text.split())


@cache
def page_words() -> frozenset[str]:
    """All that stands on pages as a piece: text between tags, and words handed to them."""
    pieces: set[str] = set()
    for name in templates():
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        for inside in JINJA.findall(text):
            pieces.update(double or single for double, single in IN_QUOTES.findall(inside))
        # Jinja goes first, because it may stand in a tag and hold the sign that would end it.
        pieces.update(TAG.sub("\0", JINJA.sub("\0", text)).split("\0"))
    for path in sorted((ROOT / "survey" / "web").glob("*.py")):
        pieces.update(_strings(path))
    return frozenset(one_line(piece).rstrip(".:") for piece in pieces)


def _strings(path: Path) -> set[str]:
    """The strings of a module, but not what it says about itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    }


def test_every_guide_is_tried() -> None:
    assert sorted(path.stem for path in GUIDES.glob("*.md")) == sorted(NAMES)


def test_pictures_named_are_those_there_are() -> None:
    named = [address for name in NAMES for _, address in PICTURE.findall(guide(name))]
    there = sorted(f"pictures/{path.name}" for path in PICTURES.iterdir())

    assert sorted(named) == there


@pytest.mark.parametrize("name", NAMES)
def test_picture_says_what_it_shows(name: str) -> None:
    shown = [words for words, _ in PICTURE.findall(guide(name))]

    assert shown
    assert [words for words in shown if len(words.split()) < 5] == []


def test_pictures_are_small() -> None:
    large = [path.name for path in PICTURES.iterdir() if path.stat().st_size > MOST_BYTES]

    assert large == []


@pytest.mark.parametrize("name", NAMES)
def test_quoted_words_stand_on_a_page(name: str) -> None:
    quoted = {one_line(words) for words in QUOTED.findall(guide(name))} - {"bold"}

    assert quoted
    assert sorted(quoted - page_words()) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("Set up a round", True, id="link"),
        pytest.param("Save and go back to the list", True, id="handed to a macro"),
        pytest.param("Give people more time", True, id="made by a presenter"),
        pytest.param("Set up a", False, id="beginning of a link"),
        pytest.param("manage-link-button", False, id="name of a class"),
        pytest.param("Set up a new circle", False, id="on no page"),
    ],
)
def test_page_words_are_whole_pieces(words: str, expected: bool) -> None:
    assert (words in page_words()) is expected


def _anchor(heading: str) -> str:
    """The name that a heading gets on a code forge: `The worker, twice` is #the-worker-twice."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _broken(path: Path) -> list[str]:
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    broken = []
    for address in LINK.findall(text):
        if re.match(r"[a-z]+:", address):
            continue
        name, _, anchor = address.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists():
            broken.append(address)
        elif anchor:
            headings = HEADING.findall(target.read_text(encoding="utf-8"))
            if anchor not in {_anchor(heading) for heading in headings}:
                broken.append(address)
    return broken


def test_links_between_documents_lead_somewhere() -> None:
    documents = [path for path in tracked_files() if path.suffix == ".md"]
    broken = {
        path.relative_to(ROOT).as_posix(): found for path in documents if (found := _broken(path))
    }

    assert len(documents) > len(NAMES)
    assert broken == {}


def test_manager_reads_the_guide_in_a_quarter_of_an_hour() -> None:
    assert len(guide("review-manager").split()) <= MINUTES * WORDS_A_MINUTE
