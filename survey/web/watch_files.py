"""Coverage as a file to take away: an Excel workbook of everything, or a CSV file of agencies."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analysis.export.safety import formula_safe, one_line
from analysis.export.sheets import PERCENT, Book, Cell, Column, Sheet
from question_banks.bank import LEVEL_TITLES, SECTOR_TITLES
from survey.clock import day_in_london
from survey.data.coverage import AgencyCount, Coverage
from survey.data.rounds import RoundOfCouncil
from survey.data.sent_in import DayCount
from survey.errors import NotFound
from survey.web.presenters_coverage import is_silent
from survey.web.presenting import date_time


class FileKind(StrEnum):
    """The kinds of file that coverage can be had as."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA_TYPES: dict[FileKind, str] = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
}

AGENCY_COLUMNS = (
    Column(title="Agency", width=40),
    Column(title="Sector", width=28),
    Column(title="Expected", width=10),
    Column(title="Invited", width=10),
    Column(title="Answered", width=10),
    Column(title="Rate", width=8, number=PERCENT),
    Column(title="Note", width=16),
    Column(title="Contact", width=28),
    Column(title="Contact’s e-mail", width=36),
)
NO_RESULTS = "Nothing here says what anybody answered. Personal links and names are not in it."


@dataclass(frozen=True)
class CoverageFile:
    """A file, ready to be handed out."""

    name: str
    media_type: str
    data: bytes


def coverage_file(
    item: RoundOfCouncil,
    coverage: Coverage,
    *,
    days: Sequence[DayCount],
    kind: str,
    now: datetime,
) -> CoverageFile:
    """Coverage as it is at `now`. Raises NotFound for another kind of file."""
    if kind not in set(FileKind):
        raise NotFound("There is no file of that kind.")
    chosen = FileKind(kind)
    stamp = day_in_london(now).isoformat()
    rows = [_agency_row(agency) for agency in coverage.agencies]
    data = _csv(rows) if chosen is FileKind.CSV else _workbook(item, coverage, rows, days, now)
    return CoverageFile(
        name=f"{item.round.slug}-who-has-answered-{stamp}.{chosen}",
        media_type=MEDIA_TYPES[chosen],
        data=data,
    )


def _agency_row(agency: AgencyCount) -> tuple[Cell, ...]:
    note = "Silent" if is_silent(agency) else "Answers as one" if agency.answers_as_one else ""
    return (
        agency.agency,
        SECTOR_TITLES[agency.sector],
        "yes" if agency.expected else "no",
        agency.invited,
        agency.answered,
        _rate(agency.answered, agency.invited),
        note,
        agency.contact_name,
        agency.contact_email,
    )


def _rate(answered: int, invited: int | None) -> float | None:
    return min(answered, invited) / invited if invited else None


def _csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """In UTF-8 with a byte order mark, which Excel needs to read the letters."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.title for column in AGENCY_COLUMNS])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.4f}"
    return "" if cell is None else formula_safe(one_line(str(cell)))


def _workbook(
    item: RoundOfCouncil,
    coverage: Coverage,
    rows: Sequence[Sequence[Cell]],
    days: Sequence[DayCount],
    now: datetime,
) -> bytes:
    # The writer of workbooks is loaded by the request that makes one, and by no page.
    from analysis.export.workbook import workbook_bytes

    heading = (
        f"Who has answered: {item.round.title}",
        f"{item.council.name}, as at {date_time(now)}",
        NO_RESULTS,
    )
    together, day_rows = 0, []
    for one in days:
        together += one.sent_in
        day_rows.append((one.day.isoformat(), one.sent_in, together))
    count = Column(title="Answered", width=12)
    sheets = (
        Sheet(name="Agencies", heading=heading, columns=AGENCY_COLUMNS, rows=rows),
        Sheet(
            name="Levels",
            heading=heading,
            columns=(Column(title="Level", width=32), Column(title="Invited", width=12), count),
            rows=[(LEVEL_TITLES[one.level], one.invited, one.answered) for one in coverage.levels],
        ),
        Sheet(
            name="Days",
            heading=heading,
            columns=(
                Column(title="Day", width=14),
                Column(title="Sent in", width=12),
                Column(title="Up to then", width=12),
            ),
            rows=day_rows,
            after=("Of the whole round: answers are not counted by agency and day.",),
        ),
    )
    return workbook_bytes(
        Book(title=heading[0], subject=item.council.name, dated=day_in_london(now), sheets=sheets)
    )
