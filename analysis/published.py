"""Published totals of a round that was run elsewhere: what little is known of it, with its source.

The file is a CSV: `question`, and for each row either `base` and `favourable` (two counts), or
`percent` (of people who answered on the scale) with `base`, or `percent` alone where the base was
not published. A percentage without a base can be shown and never tested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Final

from analysis.delimited import FaultList, nearest, read_chunks, shown
from analysis.rounding import counted
from question_banks.bank import Bank, ScaleQuestion
from question_banks.text import clean_line

QUESTION: Final = "question"
BASE: Final = "base"
FAVOURABLE: Final = "favourable"
PERCENT: Final = "percent"
_COLUMNS: Final = (QUESTION, BASE, FAVOURABLE, PERCENT)
MOST_PEOPLE: Final = 1_000_000

_COUNT: Final = re.compile(r"(?:\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(?:\.0+)?", re.ASCII)
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?%?", re.ASCII)


@dataclass(frozen=True)
class PublishedTotal:
    """What was published of one question: two counts, or a percentage with its base or without.

    `percent` is the decimal as it was printed, such as "46.5".

    >>> PublishedTotal("q_one", base=30, percent="47").counts()
    (14, 14)
    >>> PublishedTotal("q_one", base=None, percent="47").share
    0.47
    """

    question: str
    base: int | None = None
    favourable: int | None = None
    percent: str | None = None

    @property
    def share(self) -> float:
        """The favourable share, exact where the counts are known and else as it was printed."""
        if self.favourable is not None and self.base:
            return self.favourable / self.base
        return float(Fraction(self.percent or "0") / 100)

    def counts(self) -> tuple[int, int] | None:
        """The fewest and the most favourable people it can have been; None without a base.

        A printed percentage may be any share that rounds to it. The fewest is more than the most
        where no number of people gives that percentage.
        """
        if self.base is None:
            return None
        if self.favourable is not None:
            return self.favourable, self.favourable
        percent = Fraction(self.percent or "0")
        decimals = len((self.percent or "").partition(".")[2])
        half = Fraction(1, 2 * 10**decimals)
        least = ceil((percent - half) * self.base / 100)
        most = floor((percent + half) * self.base / 100)
        return max(0, least), min(self.base, most)


@dataclass(frozen=True, kw_only=True)
class PublishedTotals:
    """A round run elsewhere: its totals, and where they come from in words, which is always shown.

    `bank` is the questionnaire whose question codes the totals use. `when` is as people would say
    it. `people` and `agencies` that answered are None where not published.
    """

    title: str
    source: str
    bank: Bank
    totals: tuple[PublishedTotal, ...]
    when: str = ""
    people: int | None = None
    agencies: int | None = None

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError("published totals need a source")

    @property
    def bases_published(self) -> bool:
        """False where any percentage stands without its base."""
        return all(total.base is not None for total in self.totals)

    def find(self, question: str) -> PublishedTotal | None:
        """What was published of a question, or None."""
        return next((total for total in self.totals if total.question == question), None)


def read_published(path: Path | str, bank: Bank) -> tuple[PublishedTotal, ...]:
    """Read and check a file of published totals of a questionnaire.

    Returns:
        The totals in the order of the file, one for each question.

    Raises:
        FaultyFile: anything is wrong; all of it is listed with row and column.
    """
    faults = FaultList()
    rows: dict[str, tuple[int, PublishedTotal]] = {}
    for chunk in read_chunks(path, faults=faults, required=(QUESTION,), allowed=_allowed):
        nothing = [""] * len(chunk.rows)
        columns = [chunk.cells.get(name, nothing) for name in _COLUMNS]
        for row, question, base, favourable, percent in zip(chunk.rows, *columns, strict=True):
            total = _total(
                faults,
                bank,
                row=row,
                question=question,
                base=base,
                favourable=favourable,
                percent=percent,
            )
            if total is None:
                continue
            if total.question in rows:
                faults.add(
                    f"{shown(total.question)} stands in row {rows[total.question][0]} already.",
                    row=row,
                    column=QUESTION,
                )
            else:
                rows[total.question] = (row, total)
    _check_shares(faults, rows.values())
    faults.raise_if_any()
    return tuple(total for _, total in rows.values())


def _allowed(heading: str) -> str | None:
    if heading in _COLUMNS:
        return None
    return f"A file of published totals has no such column.{nearest(heading, list(_COLUMNS))}"


def _total(
    faults: FaultList,
    bank: Bank,
    *,
    row: int,
    question: str,
    base: str,
    favourable: str,
    percent: str,
) -> PublishedTotal | None:
    """One row, or None with its faults added."""
    code, code_fault = _question(question, bank)
    people, people_fault = _count(base, least=1)
    count, count_fault = _count(favourable, least=0)
    printed, printed_fault = _printed(percent)
    found = (code_fault, people_fault, count_fault, printed_fault)
    for column, message in zip(_COLUMNS, found, strict=True):
        if message:
            faults.add(message, row=row, column=column)
    if code is None or any(found):
        return None
    total = PublishedTotal(code, base=people, favourable=count, percent=printed)
    column, message = _fit(total)
    if message:
        faults.add(message, row=row, column=column)
        return None
    return total


def _question(text: str, bank: Bank) -> tuple[str | None, str]:
    code = clean_line(text)
    if not code:
        return None, "The code of the question is missing."
    question = bank.by_code.get(code)
    if question is None:
        scaled = [each.code for each in bank.questions() if isinstance(each, ScaleQuestion)]
        return None, f"{shown(code)} is not a question of {bank.id}.{nearest(code, scaled)}"
    if not isinstance(question, ScaleQuestion):
        return None, f"{shown(code)} is not answered on a scale, so it has no favourable share."
    return code, ""


def _count(text: str, *, least: int) -> tuple[int | None, str]:
    line = clean_line(text)
    if not line:
        return None, ""
    if not _COUNT.fullmatch(line):
        return None, f"{shown(line)} is not a whole number of people."
    number = int(line.replace(",", "").partition(".")[0])
    if number < least:
        return None, "A base of nobody has no share. Leave the row out."
    if number > MOST_PEOPLE:
        return None, f"More than {MOST_PEOPLE:,} people cannot be meant."
    return number, ""


def _printed(text: str) -> tuple[str | None, str]:
    line = clean_line(text)
    if not line:
        return None, ""
    match = _PERCENT.fullmatch(line)
    if match is None:
        return None, f"{shown(line)} is not a percentage such as 47 or 46.5."
    if Decimal(match[1]) > 100:
        return None, f"{shown(line)} is more than 100%."
    return match[1], ""


def _fit(total: PublishedTotal) -> tuple[str, str]:
    """The column and what is wrong with a row as a whole; two empty texts where nothing is."""
    if total.favourable is None and total.percent is None:
        return "", "The row says nothing: give favourable with base, or percent."
    if total.favourable is not None:
        if total.base is None:
            return BASE, "A count of favourable people needs the base they are part of."
        if total.favourable > total.base:
            return FAVOURABLE, f"{total.favourable} favourable cannot be part of {total.base}."
    if total.percent is None or total.base is None:
        return "", ""
    counts = PublishedTotal(total.question, base=total.base, percent=total.percent).counts()
    assert counts is not None
    least, most = counts
    if least > most:
        return PERCENT, f"No part of {counted(total.base, 'person', 'people')} is {total.percent}%."
    if total.favourable is not None and not least <= total.favourable <= most:
        return PERCENT, f"{total.favourable} of {total.base} is not {total.percent}%."
    return "", ""


def _check_shares(faults: FaultList, rows: Iterable[tuple[int, PublishedTotal]]) -> None:
    """A column of percentages none of which is over 1 was meant as shares of 1."""
    percents = [(row, total.percent) for row, total in rows if total.percent is not None]
    if any(Decimal(percent) > 1 for _, percent in percents):
        return
    for row, percent in percents:
        if "." in percent:
            faults.add(
                f"{shown(percent)} looks like a share of 1. Write it as a percentage, such as 47 "
                "for 0.47.",
                row=row,
                column=PERCENT,
            )
