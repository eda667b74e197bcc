"""Published banks are frozen: a file holds the digest of each, and a change of content shows.

`banks/DIGESTS` has one line for each published bank: its id, a space, its digest. To publish a new
bank or version run `python -m question_banks publish NAME@VERSION`. A line is never changed once a
round has used the bank: what was asked must stay readable as it was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from question_banks.bank import Bank
from question_banks.errors import Problem
from question_banks.loader import BANKS, bank_digest
from question_banks.reader import read_text

DIGESTS = BANKS / "DIGESTS"
"""The digests of the shipped banks."""

_LINE = re.compile(r"([a-z][a-z0-9_]*@\d+\.\d+) ([0-9a-f]{64})")


def read_digests(path: Path = DIGESTS) -> tuple[dict[str, tuple[int, str]], tuple[Problem, ...]]:
    """Bank id to line number and digest, and what is wrong with the file."""
    text, problems = read_text(path)
    found: dict[str, tuple[int, str]] = {}
    faults = list(problems)
    for number, line in enumerate((text or "").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            faults.append(Problem(str(path), number, "this is not a bank id, a space and a digest"))
        elif match[1] in found:
            faults.append(Problem(str(path), number, f"{match[1]} stands here twice"))
        else:
            found[match[1]] = (number, match[2])
    return found, tuple(faults)


def check_digests(banks: Iterable[Bank], path: Path = DIGESTS) -> Iterator[Problem]:
    """Every published bank that is gone or changed, and every bank that is not yet published."""
    published, problems = read_digests(path)
    yield from problems
    shipped = {bank.id: bank for bank in banks}
    for bank_id, (line, digest) in published.items():
        if bank_id not in shipped:
            yield Problem(str(path), line, f"{bank_id} is published, but there is no such bank")
        elif bank_digest(shipped[bank_id]) != digest:
            yield Problem(
                str(path),
                line,
                f"{bank_id} is published, but its content has changed; put it back, and make "
                "the change in a new version",
            )
    for bank_id in shipped:
        if bank_id not in published:
            yield Problem(
                str(path),
                1,
                f"{bank_id} has no digest; run: python -m question_banks publish {bank_id}",
            )


def publish(bank: Bank, path: Path = DIGESTS) -> bool:
    """Adds the digest of a bank, or leaves the file alone where the bank has one already.

    Returns:
        Whether a line was added.
    """
    published = read_digests(path)[0] if path.exists() else {}
    if bank.id in published:
        return False
    lines = {bank_id: digest for bank_id, (_, digest) in published.items()}
    lines[bank.id] = bank_digest(bank)
    text = "".join(f"{bank_id} {digest}\n" for bank_id, digest in sorted(lines.items()))
    path.write_text(text, encoding="utf-8", newline="\n")
    return True
