"""A strict reader of YAML 1.2 text: plain values, the line of each, every fault.

Stricter than YAML itself, because people write these files by hand: no key may stand twice in
one mapping, no anchors or aliases (a few lines of them can unfold into gigabytes), no tags, no
directives, one document, and only so deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from ruamel.yaml.reader import ReaderError

from question_banks.text import UNSAFE

DEEPEST = 24
"""Levels of nesting allowed. A bank with a rule inside a rule inside a rule needs sixteen."""

Place = tuple[str | int, ...]
"""Where a value stands: keys and positions from the top, such as `("signposts", 0, "title")`."""

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Fault:
    """One fault of the text, with its line."""

    line: int
    message: str


@dataclass
class Document:
    """What a YAML text says: its value, the line of every place in it, and its faults."""

    value: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class _Stop(Exception):
    """Nothing after this fault can be read."""


def parse(text: str) -> Document:
    """The value of a YAML text. Never raises: what is wrong with the text is in `faults`.

    >>> document = parse("country: no\\nversion: '1.0'\\n")
    >>> document.value
    {'country': 'no', 'version': '1.0'}
    >>> document.lines[("version",)]
    2
    >>> parse("a: 1\\na: 2\\n").faults
    [Fault(line=2, message='the key ‘a’ stands twice here; the first is on line 1')]
    """
    document = Document()
    try:
        _Builder(document, YAML(typ="safe", pure=True).parse(text)).read()
    except _Stop:
        document.value = None
    except (ValueError, OverflowError):
        # Python's own complaint about the number in an escape such as "\\UFFFFFFFF".
        document.value = None
        document.faults.append(Fault(1, "a character written as an escape does not exist"))
    except YAMLError as error:
        document.value = None
        document.faults.append(_told(error, text))
    return document


def _told(error: YAMLError, text: str) -> Fault:
    """The reader's own complaint as one line, with where it is and where the trouble began."""
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        character = f"U+{error.character:04X}"
        return Fault(line, f"the control character {character} stands here; take it out")
    assert isinstance(error, MarkedYAMLError)
    mark, begun = error.problem_mark, error.context_mark
    line = mark.line + 1 if mark else 1
    if "'\\t'" in (error.problem or ""):
        return Fault(line, "a tab stands here; indent with spaces")
    where = f", begun on line {begun.line + 1}" if begun and begun.line + 1 < line else ""
    parts = [part for part in (error.context, error.problem) if part]
    return Fault(line, f"this is not YAML: {', '.join(parts)}{where}")


class _Builder:
    """Builds values from the parser's events, so that a bad file stops being read at once."""

    def __init__(self, document: Document, events: Iterator[Event]) -> None:
        self.document = document
        self.events = events

    def read(self) -> None:
        seen = False
        for event in self.events:
            if isinstance(event, StreamStartEvent):
                continue
            if isinstance(event, StreamEndEvent):
                break
            if isinstance(event, DocumentStartEvent):
                if seen:
                    self.stop(event, "a second document begins here; a file holds one bank")
                if event.version or event.tags:
                    self.fault(event, "lines that begin with % have no place before this")
                seen = True
                self.document.value = self.value(next(self.events), ())

    def value(self, event: Event, place: Place) -> object:
        """The value that begins with `event`; its line is that of its key where it has one."""
        assert isinstance(event, NodeEvent)
        self.document.lines.setdefault(place, event.start_mark.line + 1)
        if isinstance(event, AliasEvent):
            self.stop(event, f"‘*{event.anchor}’ refers to another place; write it out instead")
        if event.anchor:
            self.stop(event, f"‘&{event.anchor}’ names this place; write repeated parts out")
        if isinstance(event, ScalarEvent):
            self.refuse_tag(event, event.tag)
            return _scalar(event, self.safe(event))
        if len(place) >= DEEPEST:
            self.stop(event, f"this is nested more than {DEEPEST} levels deep")
        if isinstance(event, SequenceStartEvent):
            self.refuse_tag(event, event.tag)
            return self.sequence(place)
        assert isinstance(event, MappingStartEvent)
        self.refuse_tag(event, event.tag)
        return self.mapping(place)

    def sequence(self, place: Place) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.value(event, (*place, len(items))))
        return items

    def mapping(self, place: Place) -> dict[str, object]:
        entries: dict[str, object] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.key(event, place, entries)
            value = self.value(next(self.events), (*place, key))
            entries.setdefault(key, value)
        return entries

    def key(self, event: Event, place: Place, entries: dict[str, object]) -> str:
        line = event.start_mark.line + 1
        if not isinstance(event, ScalarEvent):
            self.stop(event, "a key must be a word, not a list or a mapping")
        key = self.safe(event)
        if key in entries:
            first = self.document.lines[*place, key]
            self.fault(event, f"the key ‘{key}’ stands twice here; the first is on line {first}")
        elif event.anchor or event.tag:
            self.fault(event, f"the key ‘{key}’ must be a plain word")
        self.document.lines.setdefault((*place, key), line)
        return key

    def safe(self, event: ScalarEvent) -> str:
        """The text of a scalar without what an escape such as "\\0" may have put into it."""
        text = str(event.value)
        if found := UNSAFE.search(text):
            self.fault(event, f"the character U+{ord(found.group()):04X} cannot be stored")
        return UNSAFE.sub("", text)

    def refuse_tag(self, event: Event, tag: object) -> None:
        if tag:
            self.fault(event, f"‘{tag}’ is a tag; a bank holds plain text without tags")

    def fault(self, event: Event, message: str) -> None:
        self.document.faults.append(Fault(event.start_mark.line + 1, message))

    def stop(self, event: Event, message: str) -> NoReturn:
        self.fault(event, message)
        raise _Stop


def _scalar(event: ScalarEvent, text: str) -> object:
    """The value of one scalar by YAML 1.2's core rules: `no`, `010` and `12:30` stay as written."""
    if event.style is not None or event.tag:
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
