"""What the pages that bring in a file of people to invite show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analysis.errors import Fault
from analysis.tables import counted
from question_banks.bank import LEVEL_TITLES, SECTOR_TITLES, Level, Sector
from survey.actions.bringing_in import SILENT_AFTER, CheckedFile
from survey.actions.invited_template import COLUMNS, NOTES
from survey.actions.inviting import AgencyPlan, Plan
from survey.actions.round_agencies import FEW_INVITED
from survey.data.pending_imports import ImportState
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time


@dataclass(frozen=True)
class FaultLine:
    """One fault or note: where, and what."""

    row: str
    column: str
    message: str


@dataclass(frozen=True)
class WaitingFile:
    """A file that was checked and waits for the manager's word."""

    id: str
    name: str
    read_at: str
    is_running: bool


@dataclass(frozen=True)
class FilePage:
    """The page that asks for a file, with the faults of the one that was given."""

    head: RoundHead
    waiting: tuple[WaitingFile, ...]
    columns: tuple[tuple[str, str], ...]
    sectors: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    file_name: str = ""
    faults: tuple[FaultLine, ...] = ()
    fault_words: str = ""
    uncounted: int = 0
    rows: int = 0


def file_page(
    head: RoundHead,
    *,
    waiting: Sequence[ImportState],
    checked: CheckedFile | None = None,
    file_name: str = "",
) -> FilePage:
    """What the page that asks for a file shows."""
    faults = () if checked is None else tuple(_line(fault) for fault in checked.faults)
    count = len(faults) + (checked.uncounted if checked else 0)
    return FilePage(
        head=head,
        waiting=tuple(
            WaitingFile(one.id, one.file_name, date_time(one.read_at), one.started_at is not None)
            for one in waiting
        ),
        columns=tuple((name, NOTES[name]) for name in COLUMNS),
        sectors=tuple((code.value, title) for code, title in SECTOR_TITLES.items()),
        levels=tuple((code.value, title) for code, title in LEVEL_TITLES.items()),
        file_name=file_name,
        faults=faults,
        fault_words="" if not count else f"{counted(count, 'thing')} to put right",
        uncounted=checked.uncounted if checked else 0,
        rows=checked.file.rows if checked else 0,
    )


def _line(fault: Fault) -> FaultLine:
    return FaultLine(
        row=f"{fault.row:,}" if fault.row else "Whole file",
        column=fault.column or "–",
        message=fault.message,
    )


class ImportStage(StrEnum):
    """Where a kept file stands, as its page says it."""

    WAITING = "waiting"
    RUNNING = "running"
    SILENT = "silent"
    DONE = "done"


def stage_of(state: ImportState, now: datetime) -> ImportStage:
    """Where a kept file stands."""
    if state.finished_at is not None:
        return ImportStage.DONE
    if state.started_at is None:
        return ImportStage.WAITING
    last = state.beat_at or state.started_at
    return ImportStage.SILENT if now - last > SILENT_AFTER else ImportStage.RUNNING


@dataclass(frozen=True)
class AgencyLine:
    """What a file changes for one agency."""

    name: str
    sector: str
    is_new: str
    invited: str
    people: tuple[str, ...]
    people_words: str
    also: tuple[str, ...]


@dataclass(frozen=True)
class KeptPage:
    """The page of a kept file: what it would change, how far it is, or what it has done."""

    head: RoundHead
    id: str
    file_name: str
    stage: ImportStage
    stopped_because: str
    done: int
    total: int
    progress_words: str
    result_words: str
    digest: str = ""
    summary: tuple[str, ...] = ()
    agencies: tuple[AgencyLine, ...] = ()
    notes: tuple[FaultLine, ...] = ()
    faults: tuple[FaultLine, ...] = ()
    changes_nothing: bool = False


def kept_page(
    head: RoundHead,
    state: ImportState,
    *,
    now: datetime,
    plan: Plan | None = None,
    digest: str = "",
) -> KeptPage:
    """What the page of a kept file shows; `plan` while it waits for the word."""
    plans = plan.agencies if plan else ()
    lines = tuple(line for line in map(_agency_line, plans) if line is not None)
    return KeptPage(
        head=head,
        id=state.id,
        file_name=state.file_name,
        stage=stage_of(state, now),
        stopped_because=state.stopped_because,
        done=state.done,
        total=max(state.total, 1),
        progress_words=f"{state.done:,} of {state.total:,} people prepared",
        result_words=f"{_people(state.invited)} invited.",
        digest=digest,
        summary=_summary(plans),
        agencies=lines,
        notes=tuple(_line(note) for note in plan.notes) if plan else (),
        faults=tuple(_line(fault) for fault in plan.faults) if plan else (),
        changes_nothing=plan is not None and not lines,
    )


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _agencies(count: int) -> str:
    return "1 agency" if count == 1 else f"{count:,} agencies"


def _summary(plans: Sequence[AgencyPlan]) -> tuple[str, ...]:
    new = [one for one in plans if one.agency_id is None]
    joining = [one for one in plans if one.agency_id and one.invited_agency_id is None]
    changed = [
        one
        for one in plans
        if one.invited_agency_id is not None and one.numbers_before != one.agency.numbers
    ]
    small = [one for one in plans if one.agency.invited <= FEW_INVITED]
    spare, absent = sum(one.spare for one in plans), sum(one.absent for one in plans)
    same = sum(_agency_line(one) is None for one in plans)
    said = (
        (len(new), f"{_agencies(len(new))} new to the register and to this round"),
        (len(joining), f"{_agencies(len(joining))} of the register new to this round"),
        (len(changed), f"{_agencies(len(changed))} with another number of people invited"),
        (
            sum(one.new_invitations for one in plans),
            f"{_people(sum(one.new_invitations for one in plans))} to be invited",
        ),
        (spare, f"{counted(spare, 'link')} more than people invited: withdraw those not needed"),
        (absent, f"{_people(absent)} invited before and not in the file: they stay invited"),
        (
            len(small),
            f"{_agencies(len(small))} with {FEW_INVITED} people or fewer, who are not anonymous",
        ),
        (same, f"{_agencies(same)} of the file unchanged"),
    )
    return tuple(words for count, words in said if count)


def _agency_line(plan: AgencyPlan) -> AgencyLine | None:
    """What changes for an agency, or None where nothing does."""
    agency, also = plan.agency, []
    before, after = sum(plan.numbers_before.values()), agency.invited
    if plan.numbers_before and plan.numbers_before != agency.numbers:
        invited = f"{after:,} (before: {before:,})"
        if before == after:
            also.append("Levels changed: " + _levels(agency.numbers))
    else:
        invited = f"{after:,}"
    if plan.changes_contact:
        also.append("Contact: " + ", ".join(filter(None, _contact(plan))))
    if plan.changes_expected:
        also.append("Expected to answer" if agency.expected else "Its silence would not matter")
    if plan.spare:
        also.append(f"{counted(plan.spare, 'link')} too many")
    if plan.absent:
        also.append(f"{_people(plan.absent)} not in the file stay invited")
    is_same = plan.invited_agency_id is not None and plan.numbers_before == agency.numbers
    if is_same and not plan.new_invitations and not also:
        return None
    unnamed = f", {plan.unnamed:,} without a name" if plan.unnamed and plan.people else ""
    return AgencyLine(
        name=agency.name,
        sector=SECTOR_TITLES[Sector(agency.sector)],
        is_new=_newness(plan),
        invited=invited,
        people=tuple(", ".join(filter(None, (one.label, one.email))) for one in plan.people),
        people_words=f"{plan.new_invitations:,}{unnamed}",
        also=tuple(also),
    )


def _newness(plan: AgencyPlan) -> str:
    if plan.agency_id is None:
        return "New agency"
    return "" if plan.invited_agency_id else "New to this round"


def _contact(plan: AgencyPlan) -> tuple[str, str]:
    return plan.agency.contact_name, plan.agency.contact_email


def _levels(numbers: dict[str, int]) -> str:
    return "; ".join(
        f"{LEVEL_TITLES[Level(level)] if level else 'all levels'} {count:,}"
        for level, count in sorted(numbers.items())
    )
