"""The repository as a whole: it is about the product, and belongs to no machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from survey import settings
from tests.rules.repository import ROOT, own_texts

# A bracket in each word keeps this file from holding what it looks for.
WRITERS = (
    r"\b(?:cl[a]ude|anthr[o]pic|open[a]i|chat[g]pt|c[o]pilot|language m[o]del"
    r"|co-authored-[b]y|written by an [a]ssistant)\b"
)
HOMES = r"/(?:home|Users)/[a-z]\w*|(?<![\w.])/root/"


def _found(pattern: str) -> list[str]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return [
        f"{name}:{number}"
        for name, text in own_texts().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if compiled.search(line)
    ]


def test_nothing_names_who_wrote_it() -> None:
    assert _found(WRITERS) == []


def test_nothing_holds_a_path_of_one_machine() -> None:
    places = _found(f"{re.escape(str(ROOT))}/|{HOMES}")

    assert [place for place in places if not place.startswith("tests/rules/")] == []


def test_nothing_is_left_for_later() -> None:
    compiled = re.compile(r"\b(?:T[O]DO|FIX[M]E|X[X]X)\b")
    found = [name for name, text in own_texts().items() if compiled.search(text)]

    assert found == []


def test_no_test_is_skipped() -> None:
    skips = r"\bpytest\.(?:mark\.)?(?:skip|xfail|importorskip)"
    own = "tests/rules/test_repository.py"

    assert [place for place in _found(skips) if not place.startswith(own)] == []


class _Asked(Mapping[str, str]):
    """An environment that remembers which names were looked up in it."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)


def test_every_setting_is_described(tmp_path: Path) -> None:
    environ = _Asked({"SIGNPOST_INSTANCE": str(tmp_path), "SECRET_KEY": "k" * 32})
    settings.from_environ(environ)
    described = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert {"DATABASE_URL", "PORT"} <= environ.names
    assert sorted(name for name in environ.names if f"`{name}`" not in described) == []
