"""The file that says whom a round invites: read whole, with every fault named by its place.

A row is either a number of people of an agency, or one person. `agency` and `sector` stand on
every row; `invited` is the number, and may be left out for a person, who counts as one.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import Fault
from question_banks.bank import Level, Sector
from survey.errors import FaultyImport

REQUIRED = ("agency", "sector", "invited")
OPTIONAL = ("level", "expected", "label", "email")
MOST_INVITED = 20_000
LONGEST = {"agency": 200, "label": 200, "email": 254}
_YES_NO = {"": True, "yes": True, "no": False}


@dataclass(frozen=True)
class InvitedPerson:
    """Somebody named in the file, by a label (a name or a post), an address, or both."""

    label: str
    email: str

    @property
    def key(self) -> str:
        """What tells this person from the others of the agency."""
        return self.email or self.label


@dataclass(frozen=True)
class AgencyInvited:
    """One agency of the file: how many are invited by level, and who of them is named.

    `numbers` has the one key "" where the file gives no levels. `expected` says that the agency's
    silence would matter. `row` is where the file first speaks of the agency.
    """

    row: int
    name: str
    sector: Sector
    expected: bool
    numbers: dict[str, int]
    people: tuple[InvitedPerson, ...]

    @property
    def invited(self) -> int:
        """How many people are invited in all."""
        return sum(self.numbers.values())


@dataclass
class _Reading:
    row: int
    sector: str
    expected: bool
    numbers: Counter[str] = field(default_factory=Counter)
    people: dict[str, InvitedPerson] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    number: int
    cells: dict[str, str]

    def fault(self, column: str, message: str) -> Fault:
        return Fault(row=self.number, column=column, message=message)


def read_invited_file(path: Path) -> list[AgencyInvited]:
    """The agencies of a file, in its order. Raises FaultyImport with every fault."""
    faults: list[Fault] = []
    agencies: dict[str, _Reading] = {}
    emails: Counter[str] = Counter()
    for row in _rows(path, faults):
        wrong = [*_cell_faults(row), *_number_faults(row)]
        if not wrong:
            wrong = _add(agencies, row, emails)
        faults += wrong
    if not agencies and not faults:
        faults.append(Fault(row=0, column="", message="The file names no agency."))
    if faults:
        raise FaultyImport([str(fault) for fault in sorted(faults)])
    return [
        AgencyInvited(
            row=reading.row,
            name=name,
            sector=Sector(reading.sector),
            expected=reading.expected,
            numbers=dict(reading.numbers),
            people=tuple(reading.people.values()),
        )
        for name, reading in agencies.items()
    ]


def _rows(path: Path, faults: list[Fault]) -> Iterator[_Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(Fault(row=0, column="", message="The file is not UTF-8 text."))
        return
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    heading: list[str] = []
    try:
        for cells in reader:
            plain = [" ".join(cell.split()) for cell in cells]
            if not heading:
                heading = [cell.lower() for cell in plain]
                faults += _heading_faults(heading)
                if faults:
                    return
            elif any(plain):
                # A spreadsheet counts rows from its heading, which is row 1.
                if len(plain) > len(heading):
                    message = f"has {len(plain)} cells under {len(heading)} headings."
                    faults.append(Fault(row=reader.line_num, column="", message=message))
                else:
                    padded = plain + [""] * (len(heading) - len(plain))
                    given = dict(zip(heading, padded, strict=True))
                    yield _Row(
                        reader.line_num,
                        {name: given.get(name, "") for name in (*REQUIRED, *OPTIONAL)},
                    )
    except csv.Error as error:
        faults.append(Fault(row=reader.line_num, column="", message=f"is not CSV: {error}."))
    if not heading:
        faults.append(Fault(row=0, column="", message="The file is empty."))


def _heading_faults(heading: list[str]) -> Iterator[Fault]:
    for name in REQUIRED:
        if name not in heading:
            yield Fault(row=1, column=name, message="is missing from the headings.")
    for name, times in Counter(heading).items():
        if name not in (*REQUIRED, *OPTIONAL):
            known = ", ".join((*REQUIRED, *OPTIONAL))
            yield Fault(row=1, column=name, message=f"is not a heading; use {known}.")
        elif times > 1:
            yield Fault(row=1, column=name, message="is there more than once.")


def _cell_faults(row: _Row) -> list[Fault]:
    cells, faults = row.cells, []
    if not cells["agency"]:
        faults.append(row.fault("agency", "is empty; enter the agency’s name."))
    if cells["sector"] not in list(Sector):
        known = ", ".join(Sector)
        faults.append(row.fault("sector", f"‘{cells['sector']}’ is not one of {known}."))
    if cells["level"] and cells["level"] not in list(Level):
        known = ", ".join(Level)
        faults.append(row.fault("level", f"‘{cells['level']}’ is not one of {known}."))
    if cells["expected"].lower() not in _YES_NO:
        faults.append(row.fault("expected", "should be yes or no."))
    local, at, domain = cells["email"].rpartition("@")
    if cells["email"] and not (at and local and "." in domain and " " not in cells["email"]):
        faults.append(row.fault("email", "is not an e-mail address."))
    for name, longest in LONGEST.items():
        if len(cells[name]) > longest:
            faults.append(row.fault(name, f"has more than {longest} characters."))
    return faults


def _number_faults(row: _Row) -> list[Fault]:
    text = row.cells["invited"]
    is_person = bool(row.cells["label"] or row.cells["email"])
    if is_person:
        if text not in {"", "1"}:
            return [row.fault("invited", "should be 1 or empty beside a person.")]
        return []
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_INVITED):
        return [row.fault("invited", f"should be a whole number from 1 to {MOST_INVITED:,}.")]
    return []


def _add(agencies: dict[str, _Reading], row: _Row, emails: Counter[str]) -> list[Fault]:
    cells, faults = row.cells, []
    expected = _YES_NO[cells["expected"].lower()]
    reading = agencies.setdefault(cells["agency"], _Reading(row.number, cells["sector"], expected))
    if cells["sector"] != reading.sector:
        message = f"is {reading.sector} for this agency in row {reading.row}."
        faults.append(row.fault("sector", message))
    if expected != reading.expected:
        faults.append(row.fault("expected", f"is different for this agency in row {reading.row}."))
    if reading.numbers and bool(cells["level"]) != ("" not in reading.numbers):
        message = "should be given on every row of an agency, or on none."
        faults.append(row.fault("level", message))
    person = InvitedPerson(cells["label"], cells["email"].lower())
    if person.key:
        if person.key in reading.people:
            faults.append(row.fault("email" if person.email else "label", "is there twice."))
        elif person.email and emails[person.email]:
            faults.append(row.fault("email", "is there for another agency too."))
        emails[person.email] += 1
        reading.people[person.key] = person
    reading.numbers[cells["level"]] += int(cells["invited"] or 1)
    return faults
