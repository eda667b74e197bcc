"""What is installed is pinned, hashed, free of addresses, and under a licence we may ship."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from tests.rules.repository import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
SET_UP_FILES = (*LOCKS, "pyproject.toml", "Makefile", ".ci/run")


def _locked(name: str) -> dict[str, list[tuple[Requirement, str]]]:
    """Each pinned requirement of a lock file by package, with the text of its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found: dict[str, list[tuple[Requirement, str]]] = {}
    for line in text.splitlines():
        if line.strip():
            pin, _, hashes = line.partition("--hash")
            requirement = Requirement(pin)
            found.setdefault(requirement.name, []).append((requirement, f"--hash{hashes}"))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_one_version_with_hashes(name: str) -> None:
    locked = _locked(name)
    faults = [
        str(requirement)
        for pins in locked.values()
        for requirement, hashes in pins
        if not re.fullmatch(r"==[^=,*]+", str(requirement.specifier))
        or not re.fullmatch(r"(--hash=sha256:[0-9a-f]{64}\s*)+", hashes)
        or requirement.url
    ]

    assert len(locked) > 20
    assert faults == []


def test_both_locks_agree() -> None:
    run_time, everything = (
        {name: [str(pin) for pin, _ in pins] for name, pins in _locked(lock).items()}
        for lock in LOCKS
    )

    assert run_time == {name: everything.get(name) for name in run_time}


@pytest.mark.parametrize("name", SET_UP_FILES)
def test_set_up_file_holds_no_address_and_no_path_of_a_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert (
        re.findall(r"(?:https?|git|file)[:+]//?\S+|index-url|find-links|trusted-host", text) == []
    )
    assert str(ROOT) not in text


def test_declared_dependencies_are_all_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"]["dev"]
    missing = [
        declared
        for lock, declarations in zip(
            LOCKS, (project["dependencies"], project["dependencies"] + extra), strict=True
        )
        for declared in declarations
        if not _is_locked(Requirement(declared), _locked(lock))
    ]

    assert missing == []


def test_no_gpl_library_is_needed_at_run_time() -> None:
    under_gpl = []
    for name in _locked("requirements.txt"):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # a requirement of another operating system
        fields = ("License-Expression", "License", "Classifier")
        stated = [text[:200] for field in fields for text in about.get_all(field) or []]
        if any("Apache Software License" in it for it in stated):
            continue  # where licences are offered to choose from, that one is chosen
        if any(re.search(r"(?<!L)(?<!Lesser )\b(?:A?GPL|GNU General Public)", it) for it in stated):
            under_gpl.append(name)

    assert under_gpl == []


def _is_locked(declared: Requirement, locked: dict[str, list[tuple[Requirement, str]]]) -> bool:
    name = re.sub(r"[-_.]+", "-", declared.name).lower()
    versions = [str(pin.specifier).removeprefix("==") for pin, _ in locked.get(name, [])]
    return bool(versions) and all(declared.specifier.contains(version) for version in versions)
