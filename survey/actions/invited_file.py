"""The file that says whom a round invites: read whole, with every fault named by its place.

A row is either a number of people of an agency, or one person. `agency` and `sector` stand on
every row; `invited` is the number, and may be left out for a person, who counts as one. The file
is CSV or an Excel workbook; both are read by the same rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from analysis.cells import agency_name, level_code, other_spelling, sector_code
from analysis.delimited import Chunk, FaultList, nearest, read_chunks, read_rows, shown
from analysis.errors import Fault, FaultyFile
from analysis.workbook import is_workbook, read_workbook
from question_banks.bank import Sector
from question_banks.text import clean_line
from survey.actions.addresses import read_address

REQUIRED = ("agency", "sector", "invited")
OPTIONAL = ("level", "expected", "label", "email", "contact_name", "contact_email")
MOST_INVITED = 20_000
LONGEST_LABEL = 200

_YES_NO = {"": True, "yes": True, "no": False}


@dataclass(frozen=True)
class NamedPerson:
    """Somebody named in the file, by a label (a name or a post), an address, or both.

    `row` is where the file names them, which makes nobody another person.
    """

    label: str
    email: str
    row: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """What tells this person from the others of the agency; "" for nobody in particular."""
        return self.email or self.label


@dataclass(frozen=True)
class AgencyInvited:
    """One agency of the file: how many are invited by level, and who of them is named.

    `numbers` has the one key "" where the file gives no levels. `expected` says that the agency's
    silence would matter. `row` is where the file first speaks of the agency. The contact is whom
    to turn to at the agency, "" where the file does not say.
    """

    row: int
    name: str
    sector: Sector
    expected: bool
    numbers: dict[str, int]
    people: tuple[NamedPerson, ...]
    contact_name: str = ""
    contact_email: str = ""

    @property
    def invited(self) -> int:
        """How many people are invited in all."""
        return sum(self.numbers.values())


@dataclass(frozen=True)
class InvitedFile:
    """What a file says, as far as it can be read: nothing may be brought in while it has faults.

    `uncounted` says how many more faults there are than `faults` lists.
    """

    agencies: tuple[AgencyInvited, ...]
    faults: tuple[Fault, ...]
    rows: int
    uncounted: int = 0


def read_invited_file(path: Path) -> list[AgencyInvited]:
    """The agencies of a file, in its order. Raises FaultyFile with every fault."""
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror or error}."
        raise FaultyFile([Fault(0, "", message)]) from error
    read = check_invited(content)
    if read.faults:
        raise FaultyFile(read.faults, uncounted=read.uncounted)
    return list(read.agencies)


def check_invited(content: bytes) -> InvitedFile:
    """What a file of either kind says, with every fault."""
    faults = FaultList()
    reader = _Reader(faults)
    uncounted = 0
    try:
        for chunk in _chunks(content, faults):
            blank = [""] * len(chunk.rows)
            columns = [chunk.cells.get(name, blank) for name in (*REQUIRED, *OPTIONAL)]
            for row, *cells in zip(chunk.rows, *columns, strict=True):
                reader.take(row, dict(zip((*REQUIRED, *OPTIONAL), cells, strict=True)))
        faults.raise_if_any()
        listed: tuple[Fault, ...] = ()
    except FaultyFile as faulty:
        listed, uncounted = faulty.faults, faulty.uncounted
    return InvitedFile(
        agencies=tuple(reader.agencies()),
        faults=listed,
        rows=reader.rows,
        uncounted=uncounted,
    )


def _chunks(content: bytes, faults: FaultList) -> Iterator[Chunk]:
    if is_workbook(content):
        rows = read_workbook(content, faults=faults)
        return read_rows(rows, faults=faults, required=REQUIRED, allowed=_allowed)
    return read_chunks(content, faults=faults, required=REQUIRED, allowed=_allowed)


def _allowed(heading: str) -> str | None:
    if heading in OPTIONAL:
        return None
    known = [*REQUIRED, *OPTIONAL]
    return f"A file of invitations has no such column.{nearest(heading, known)}"


@dataclass
class _Reading:
    row: int
    sector: str
    expected: bool
    has_levels: bool
    numbers: Counter[str] = field(default_factory=Counter)
    people: dict[str, NamedPerson] = field(default_factory=dict)
    contact: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Column of the contact to what it says, and the row that says it."""


@dataclass(frozen=True)
class _Line:
    """One row whose cells are right, each by itself."""

    row: int
    agency: str
    sector: str
    invited: int
    level: str
    expected: bool
    person: NamedPerson
    contact: dict[str, str]


class _Reader:
    """Takes the rows of one file and collects faults."""

    def __init__(self, faults: FaultList) -> None:
        self.rows = 0
        self._faults = faults
        self._agencies: dict[str, _Reading] = {}
        self._spellings: dict[str, tuple[str, int]] = {}
        self._emails: dict[str, int] = {}

    def agencies(self) -> list[AgencyInvited]:
        """The agencies in the order of the file."""
        return [
            AgencyInvited(
                row=reading.row,
                name=name,
                sector=Sector(reading.sector),
                expected=reading.expected,
                numbers=dict(reading.numbers),
                people=tuple(reading.people.values()),
                contact_name=reading.contact.get("contact_name", ("", 0))[0],
                contact_email=reading.contact.get("contact_email", ("", 0))[0],
            )
            for name, reading in self._agencies.items()
        ]

    def take(self, row: int, cells: dict[str, str]) -> None:
        """Checks one row and keeps it."""
        self.rows += 1
        line = self._line(row, cells)
        if line is None:
            return
        self._say(row, "agency", other_spelling(self._spellings, line.agency, row))
        reading = self._agencies.setdefault(
            line.agency, _Reading(row, line.sector, line.expected, bool(line.level))
        )
        for column, message in self._contradictions(reading, line):
            self._say(row, column, message)
        if line.person.key:
            self._keep_person(reading, line)
        reading.numbers[line.level] += line.invited

    def _line(self, row: int, cells: dict[str, str]) -> _Line | None:
        before = len(self._faults.found)
        plain = {name: " ".join(clean_line(text).split()) for name, text in cells.items()}
        agency, agency_fault = agency_name(cells["agency"])
        sector, sector_fault = sector_code(cells["sector"])
        level, level_fault = level_code(plain["level"]) if plain["level"] else ("", "")
        address, contact = read_address(plain["email"]), read_address(plain["contact_email"])
        # A row with a wrong address is still a person's, so that its number is no second fault.
        is_person = bool(plain["label"] or plain["email"])
        invited, invited_fault = _number(plain["invited"], is_person=is_person)
        self._say(row, "agency", agency_fault)
        self._say(row, "sector", sector_fault)
        self._say(row, "level", level_fault)
        self._say(row, "invited", invited_fault)
        if plain["expected"].lower() not in _YES_NO:
            self._say(row, "expected", "Write yes or no; an empty cell means yes.")
        for column in ("label", "contact_name"):
            if len(plain[column]) > LONGEST_LABEL:
                self._say(row, column, f"The text is longer than {LONGEST_LABEL} characters.")
        self._say(row, "email", address.fault)
        self._say(row, "contact_email", contact.fault)
        if len(self._faults.found) > before or agency is None or sector is None or level is None:
            return None
        return _Line(
            row=row,
            agency=agency,
            sector=sector,
            invited=invited,
            level=level,
            expected=_YES_NO[plain["expected"].lower()],
            person=NamedPerson(plain["label"], address.email, row),
            contact={"contact_name": plain["contact_name"], "contact_email": contact.email},
        )

    def _contradictions(self, reading: _Reading, line: _Line) -> list[tuple[str, str]]:
        found = []
        if line.sector != reading.sector:
            found.append(
                ("sector", f"It is “{reading.sector}” for this agency in row {reading.row}.")
            )
        if line.expected != reading.expected:
            found.append(("expected", f"It differs from this agency’s row {reading.row}."))
        if bool(line.level) != reading.has_levels:
            has = "has" if reading.has_levels else "has not"
            message = (
                f"Give a level on every row of an agency, or on none: row {reading.row} {has}."
            )
            found.append(("level", message))
        for column, text in line.contact.items():
            said, row = reading.contact.setdefault(column, (text, line.row)) if text else ("", 0)
            if said != text:
                found.append((column, f"It is {shown(said)} for this agency in row {row}."))
        return found

    def _keep_person(self, reading: _Reading, line: _Line) -> None:
        person = line.person
        if person.key in reading.people:
            column = "email" if person.email else "label"
            self._say(line.row, column, f"{shown(person.key)} is in this agency already.")
        elif person.email in self._emails:
            first = self._emails[person.email]
            self._say(line.row, "email", f"{shown(person.email)} is in row {first} already.")
        if person.email:
            self._emails.setdefault(person.email, line.row)
        reading.people[person.key] = person

    def _say(self, row: int, column: str, message: str) -> None:
        if message:
            self._faults.add(message, row=row, column=column)


def _number(text: str, *, is_person: bool) -> tuple[int, str]:
    if is_person:
        return 1, "" if text in {"", "1"} else "Beside a person, write 1 or leave the cell empty."
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_INVITED:
        return int(text), ""
    return 0, f"Write how many people are invited: a whole number from 1 to {MOST_INVITED:,}."
