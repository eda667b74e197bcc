"""The only reader of bank files: strict YAML in, a frozen `Bank` out.

`read_bank` reads any file and lists what is wrong with it. `load_bank` gives a bank that can be
used, by name or by path, or raises. `bank_to_json` and `bank_from_json` are for the frozen copy
that a round keeps of its bank.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from question_banks.bank import Bank
from question_banks.checks import check_bank
from question_banks.errors import InvalidBank, Severity, UnknownBank
from question_banks.reader import LoadedBank, read_bank, read_text

__all__ = [
    "BANKS",
    "LoadedBank",
    "bank_digest",
    "bank_from_json",
    "bank_to_json",
    "list_bank_files",
    "list_banks",
    "load_bank",
    "read_bank",
    "read_text",
    "version_order",
]

BANKS = Path(__file__).with_name("banks")
"""Where the banks that come with the program are."""

_HEAD = re.compile(r"^(bank|version):[ \t]*[\"']?([A-Za-z0-9_.]+)", re.MULTILINE)


def version_order(version: str) -> tuple[int, ...]:
    """The key that puts versions in order, so that 1.10 comes after 1.9.

    >>> sorted(["1.10", "1.9", "0.2"], key=version_order)
    ['0.2', '1.9', '1.10']
    """
    return tuple(int(part) for part in version.split("."))


def load_bank(name_or_path: str | Path) -> Bank:
    """A bank that can be used.

    Args:
        name_or_path: the name of a shipped bank (`section_11`, its newest version), a name with
            a version (`section_11@1.0`), or the path of a bank file.

    Raises:
        UnknownBank: no shipped bank and no file is called that.
        InvalidBank: the file has faults; warnings alone do not count.

    >>> load_bank("section_11").signpost_word
    'standard'
    """
    name = str(name_or_path)
    shipped = _shipped_files()
    if name in shipped:
        return _load_shipped(shipped[name])
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml") or isinstance(name_or_path, Path):
        return _load(path)
    raise UnknownBank(name, [key for key in shipped if "@" not in key])


def list_banks() -> tuple[Bank, ...]:
    """Every version of every shipped bank, by name, the oldest version first.

    Raises:
        InvalidBank: one of the files has faults.
    """
    banks = [_load_shipped(path) for key, path in _shipped_files().items() if "@" in key]
    return tuple(sorted(banks, key=lambda bank: (bank.bank, version_order(bank.version))))


def list_bank_files() -> tuple[Path, ...]:
    """The files of the shipped banks, by file name."""
    return tuple(sorted(BANKS.glob("*.yaml")))


@cache
def _shipped_files() -> dict[str, Path]:
    """Bank ids, and bank names for the newest version, to files, without reading whole files."""
    newest: dict[str, str] = {}
    files: dict[str, Path] = {}
    for path in list_bank_files():
        text, _ = read_text(path)
        head = dict(_HEAD.findall(text or ""))
        name, version = head.get("bank", path.stem), head.get("version", "")
        if not re.fullmatch(r"\d+\.\d+", version):
            version = "0.0"  # so that loading it by name tells what is wrong with the file
        files[f"{name}@{version}"] = path
        if name not in newest or version_order(version) > version_order(newest[name]):
            newest[name] = version
            files[name] = path
    return files


@cache
def _load_shipped(path: Path) -> Bank:
    return _load(path)


def _load(path: Path) -> Bank:
    loaded = read_bank(path)
    errors = [p for p in check_bank(loaded) if p.severity is Severity.ERROR]
    if loaded.bank is None or errors:
        raise InvalidBank(errors)
    return loaded.bank


def bank_to_json(bank: Bank) -> str:
    """The canonical JSON of a bank: sorted keys, no spaces, nothing that is at its default.

    Leaving defaults out means that a key added to the format later does not change the digest
    of a bank that does not use it. A default, once published, must therefore never change.
    """
    values = bank.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def bank_from_json(text: str) -> Bank:
    """The bank that `bank_to_json` wrote, equal to the one it was given.

    Raises:
        pydantic.ValidationError: the text is not such JSON.
    """
    return Bank.model_validate_json(text)


def bank_digest(bank: Bank) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of a bank: the same content, the same digest.

    Comments, quotation marks and the order of keys in the file do not count; order of
    questions, options and everything else that is asked or shown does.
    """
    return hashlib.sha256(bank_to_json(bank).encode("utf-8")).hexdigest()
