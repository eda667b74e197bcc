"""Comment codebooks: the one that is shipped, and every fault of one that people write."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.comment_codebook import (
    LARGEST,
    InvalidCodebook,
    list_codebooks,
    load_codebook,
)

GOOD = """\
codebook: my_book
version: "1.0"
title: My book
codes:
  - code: workload
    title: Workload
    about: Time and cases.
    words:
      - caseload
      - no time
    examples:
      - Caseloads are high.
    not_examples:
      - No. Time will tell.
"""


def faults_of(file: Path) -> list[str]:
    """The faults of a file, without its name."""
    with pytest.raises(InvalidCodebook) as refused:
        load_codebook(file)
    return [str(problem).removeprefix(f"{file}:") for problem in refused.value.problems]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that is a good codebook."""
    path = tmp_path / "book.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", list_codebooks())
def test_shipped_codebook_is_sound(name: str) -> None:
    book = load_codebook(name)

    assert book.codebook == name
    assert all(code.examples for code in book.codes)


def test_good_file_is_read(file: Path) -> None:
    book = load_codebook(file)

    assert book.id == "my_book@1.0"
    assert book.by_code["workload"].words == ("caseload", "no time")


def test_byte_order_mark_is_passed_over(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert load_codebook(file).codebook == "my_book"


CHANGES: dict[str, tuple[str, str, list[str]]] = {
    "unknown key": (
        "    title: W",
        "    colour: x\n    title: W",
        ["6: workload: there is no key called ‘colour’ here"],
    ),
    "missing key": ("    about: Time and cases.\n", "", ["5: workload: ‘about’ is missing"]),
    "version not quoted": ('"1.0"', "1.0", ["2: ‘version’ "]),
    "code in capitals": ("code: workload", "code: Workload", ["5: ‘code’ must be "]),
    "no words": ("    words:\n      - caseload\n      - no time\n", "    words: []\n", ["8: "]),
    "word twice": (
        "      - no time",
        "      - Caseload",
        ["10: ‘Caseload’ is there already"],
    ),
    "word of a sign": (
        "      - no time",
        "      - no (time)",
        ["10: ‘no (time)’ should be words with single spaces, of letters and digits only"],
    ),
    "example not found": (
        "Caseloads are high.",
        "It is too much.",
        ["12: no word of ‘workload’ is in this example of it"],
    ),
    "example of something else found": (
        "No. Time will tell.",
        "No, time will tell.",
        ["14: ‘No, time’ would suggest ‘workload’ here"],
    ),
    "key twice": (
        "title: My book",
        "title: My book\ntitle: B",
        ["4: the key ‘title’ stands twice"],
    ),
    "tag": (
        "title: My book",
        "title: !!python/name:os.system",
        ["3: ‘tag:yaml.org,2002:python/name:os.system’ is a tag; a codebook holds", "3: "],
    ),
    "alias": ("title: My book", "title: *other", ["3: ‘*other’ refers to another place"]),
}


@pytest.mark.parametrize(("old", "new", "said"), CHANGES.values(), ids=CHANGES.keys())
def test_fault_is_told_with_its_line(file: Path, old: str, new: str, said: list[str]) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")

    told = faults_of(file)

    assert len(told) == len(said)
    for line, beginning in zip(told, said, strict=True):
        assert line.startswith(beginning)


def test_all_faults_are_told_at_once(file: Path) -> None:
    again = GOOD[GOOD.index("  - code") :].replace("- no time", "- x")
    file.write_text(GOOD + again, encoding="utf-8")

    assert faults_of(file) == [
        "15: the code ‘workload’ is there already",
        "20: ‘x’ is a single letter",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "1: the file is empty", id="empty"),
        pytest.param(b"a: \xff\n", "1: the file is not in UTF-8; save it as UTF-8", id="not UTF-8"),
        pytest.param(b"#" * (LARGEST + 1), "1: the file has more than 500,000 bytes", id="large"),
        pytest.param(b"- 1\n", "1: ", id="a list"),
    ],
)
def test_file_of_something_else(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)

    told = faults_of(file)

    assert len(told) == 1
    assert told[0].startswith(said)


@pytest.mark.parametrize("name", ["nothing.yaml", "."])
def test_no_file(tmp_path: Path, name: str) -> None:
    assert faults_of(tmp_path / name)[0].startswith("1: the file cannot be read: ")
