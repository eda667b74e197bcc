"""Finding banks by name and path; files that are hostile, broken or not files at all."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from question_banks import loader
from question_banks.errors import BankError, InvalidBank, UnknownBank
from question_banks.loader import list_bank_files, list_banks, load_bank, version_order
from question_banks.reader import LARGEST, read_bank

SMALLEST = Path(__file__).parents[2] / "banks" / "valid" / "smallest.yaml"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that stands for the shipped banks, with three versions of one."""
    text = SMALLEST.read_text(encoding="utf-8")
    for version in ("1.2", "1.10", "1.9"):
        path = tmp_path / f"small_{version.replace('.', '_')}.yaml"
        path.write_text(text.replace('"1.0"', f'"{version}"'), encoding="utf-8")
    monkeypatch.setattr(loader, "BANKS", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    """Empties what the loader remembers of the shipped banks."""
    loader._shipped_files.cache_clear()
    loader._load_shipped.cache_clear()


@pytest.mark.parametrize(
    ("name", "version"),
    [
        pytest.param("small_bank", "1.10", id="newest"),
        pytest.param("small_bank@1.9", "1.9", id="named version"),
        pytest.param("small_bank@1.2", "1.2", id="oldest"),
    ],
)
def test_load_bank_by_name(shipped: Path, name: str, version: str) -> None:
    bank = load_bank(name)

    assert bank.id == f"small_bank@{version}"
    assert load_bank(name) is bank


def test_list_banks_orders_versions_as_numbers(shipped: Path) -> None:
    assert [bank.version for bank in list_banks()] == ["1.2", "1.9", "1.10"]
    assert [path.name for path in list_bank_files()] == [
        "small_1_10.yaml",
        "small_1_2.yaml",
        "small_1_9.yaml",
    ]


def test_load_bank_that_is_shipped_with_faults_lists_them(shipped: Path) -> None:
    (shipped / "broken.yaml").write_text("bank: broken\nversion: one\n", encoding="utf-8")

    with pytest.raises(InvalidBank) as caught:
        load_bank("broken")

    assert "‘version’ must be two numbers" in str(caught.value)
    with pytest.raises(InvalidBank):
        list_banks()


def test_a_shipped_file_without_a_name_is_known_by_its_file_name(shipped: Path) -> None:
    (shipped / "nameless.yaml").write_bytes(b"\xff")

    with pytest.raises(InvalidBank, match="not in UTF-8"):
        load_bank("nameless")


@pytest.mark.parametrize("name", ["nothing", "small_bank@9.9", "", "../banks", "a\x00b"])
def test_load_bank_with_an_unknown_name_says_what_there_is(shipped: Path, name: str) -> None:
    with pytest.raises(UnknownBank) as caught:
        load_bank(name)

    assert caught.value.name == name
    assert caught.value.known == ("small_bank",)
    assert isinstance(caught.value, BankError)


@pytest.mark.parametrize("kind", [str, Path])
def test_load_bank_by_path(kind: type) -> None:
    assert load_bank(kind(SMALLEST)).bank == "small_bank"


def test_load_bank_by_path_takes_any_suffix_of_a_path_object(tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    shutil.copy(SMALLEST, copy)

    assert load_bank(copy).bank == "small_bank"


@pytest.mark.parametrize("name", ["missing.yaml", "missing.yml"])
def test_load_bank_by_the_path_of_a_missing_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidBank, match="there is no such file"):
        load_bank(str(tmp_path / name))


def only_problem(path: Path | str) -> str:
    loaded = read_bank(path)
    assert loaded.bank is None
    assert len(loaded.problems) == 1
    return loaded.problems[0].message


def test_read_bank_of_a_folder(tmp_path: Path) -> None:
    assert only_problem(tmp_path) == "there is no such file"


def test_read_bank_of_an_impossible_name() -> None:
    assert only_problem("a\x00b.yaml").startswith(("the file cannot be read", "there is no such"))


def test_read_bank_of_a_name_too_long(tmp_path: Path) -> None:
    assert only_problem(tmp_path / ("x" * 5000)).startswith(
        ("the file cannot be read", "there is no such file")
    )


def test_read_bank_of_a_pipe_does_not_wait_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")

    assert only_problem(tmp_path / "pipe.yaml") == "there is no such file"


def test_read_bank_of_a_file_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked.yaml").write_text("bank: x", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("not allowed")

    monkeypatch.setattr(Path, "open", refuse)

    assert only_problem(tmp_path / "locked.yaml") == "the file cannot be read: not allowed"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a" * (LARGEST + 1), id="huge"),
        pytest.param(b"[" * LARGEST, id="deep lists"),
        pytest.param(b"{" * LARGEST, id="deep mappings"),
        pytest.param(b"- " * (LARGEST // 2), id="deep items"),
        pytest.param(b"? " * (LARGEST // 2), id="deep keys"),
        pytest.param(b"\n" * LARGEST, id="only lines"),
        pytest.param(b"#" * LARGEST, id="one long comment"),
        pytest.param(b"a: |\n" + b"  x\n" * (LARGEST // 5), id="one long text"),
        pytest.param(b"- a\n" * (LARGEST // 40), id="many items"),
        pytest.param(b"\x00" * 1000, id="zeros"),
        pytest.param(b"a: " + b"9" * 5000, id="long number"),
        pytest.param(b"bank: &a [*a]\n", id="alias to itself"),
    ],
)
def test_a_hostile_file_gives_problems_soon(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(content)
    started = time.process_time()

    loaded = read_bank(path)

    assert loaded.bank is None
    assert loaded.problems
    assert time.process_time() - started < 20  # far above what it takes; a bomb takes for ever


def test_version_order_of_equal_lengths() -> None:
    assert version_order("2.0") > version_order("1.99")
