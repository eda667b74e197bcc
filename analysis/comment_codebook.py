"""The codes that comments are sorted by, from a file that people write and edit.

A comment codebook is YAML: a list of codes, each with a title, the words and phrases that suggest
it, and examples. Reading is strict, and every fault is told with its line. Examples are tried:
each must be found by the words of its own code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analysis.errors import AnalysisError
from analysis.phrases import Phrases, faults_of
from question_banks.errors import Problem
from question_banks.faults import plain_faults
from question_banks.strict_yaml import Place, parse

CODEBOOKS: Final = Path(__file__).with_name("codebooks")
"""Where the codebooks that come with the program are."""
LARGEST: Final = 500_000
"""Bytes a file may have."""

Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2_000)]
CodeName = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Version = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{1,3}\.\d{1,3}$")]


class InvalidCodebook(AnalysisError):
    """A comment codebook cannot be used; `problems` lists everything wrong with its file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class Code(BaseModel):
    """One thing that comments speak of.

    `words` suggest it: words and phrases, found in any of their usual endings; a word that ends in
    * is found with any ending. `about` says what belongs here, `not_for` what does not. Every one
    of `examples` is found by the words, and none of `not_examples`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: CodeName
    title: Text
    about: Text
    not_for: Text | None = None
    words: Annotated[tuple[Text, ...], Field(min_length=1, max_length=300)]
    examples: tuple[Text, ...] = ()
    not_examples: tuple[Text, ...] = ()


class CommentCodebook(BaseModel):
    """The codes in the order they are shown, with a name and a version of the whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    codebook: CodeName
    version: Version
    title: Text
    codes: Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]

    @property
    def id(self) -> str:
        """Name and version, such as `safeguarding_children@1.0`."""
        return f"{self.codebook}@{self.version}"

    @property
    def by_code(self) -> Mapping[str, Code]:
        """Code to what it stands for."""
        return {code.code: code for code in self.codes}


def list_codebooks() -> tuple[str, ...]:
    """The names of the codebooks that come with the program.

    >>> list_codebooks()
    ('safeguarding_children',)
    """
    return tuple(sorted(file.stem for file in CODEBOOKS.glob("*.yaml")))


def load_codebook(name_or_path: str | Path) -> CommentCodebook:
    """A codebook by the name of one that comes with the program, or from a file.

    Raises InvalidCodebook with every fault, each with its line.

    >>> load_codebook("safeguarding_children").by_code["workload"].title
    'Workload and time'
    """
    if str(name_or_path) in list_codebooks():
        return _load(CODEBOOKS / f"{name_or_path}.yaml")
    return _load(Path(name_or_path))


def _load(path: Path) -> CommentCodebook:
    document = parse(_text(path))
    faults = list(document.faults)
    book = None
    if document.value is None and not faults:
        raise InvalidCodebook((Problem(str(path), 1, "the file is empty"),))
    if document.value is not None:
        try:
            book = CommentCodebook.model_validate(document.value)
        except ValidationError as error:
            details = error.errors(include_url=False)
            faults += plain_faults(details, raw=document.value, lines=document.lines)
    problems = {Problem(str(path), fault.line, _said(fault.message)) for fault in faults}
    if book is not None:
        problems |= {
            Problem(str(path), _line(document.lines, place), message)
            for place, message in _checked(book)
        }
    if book is None or problems:
        raise InvalidCodebook(tuple(sorted(problems)))
    return book


def _text(path: Path) -> str:
    def no(message: str, line: int = 1) -> InvalidCodebook:
        return InvalidCodebook((Problem(str(path), line, message),))

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise no(f"the file cannot be read: {why}") from error
    if len(content) > LARGEST:
        raise no(f"the file has more than {LARGEST:,} bytes, too many for a codebook")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise no("the file is not in UTF-8; save it as UTF-8", line) from error


def _said(message: str) -> str:
    """What the reader of bank files says, said of a codebook."""
    own = message.removesuffix("; see question_banks/README.md")
    return own.replace("a bank holds", "a codebook holds").replace("one bank", "one codebook")


def _line(lines: Mapping[Place, int], place: Place) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _checked(book: CommentCodebook) -> Iterator[tuple[Place, str]]:
    """Everything wrong with a codebook whose form is right, with the place of each."""
    first: dict[str, int] = {}
    for i, code in enumerate(book.codes):
        if first.setdefault(code.code, i) != i:
            yield ("codes", i, "code"), f"the code ‘{code.code}’ is there already"
        is_sound = True
        seen: dict[tuple[str, ...], str] = {}
        for j, words in enumerate(code.words):
            place = ("codes", i, "words", j)
            for message in faults_of(words):
                is_sound = False
                yield place, message
            key = tuple(re.sub(r"\s+", " ", words).casefold().split())
            if key in seen:
                yield place, f"‘{words}’ is there already"
            seen.setdefault(key, words)
        if is_sound:
            yield from _tried(code, i)


def _tried(code: Code, i: int) -> Iterator[tuple[Place, str]]:
    phrases = Phrases({code.code: code.words})
    for j, example in enumerate(code.examples):
        if not phrases.find(example):
            message = f"no word of ‘{code.code}’ is in this example of it"
            yield ("codes", i, "examples", j), message
    for j, example in enumerate(code.not_examples):
        for found in phrases.find(example):
            message = f"‘{found.words}’ would suggest ‘{code.code}’ here"
            yield ("codes", i, "not_examples", j), message
