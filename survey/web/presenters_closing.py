"""What the page that asks before closing shows: what will happen, and what could be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.rounding import counted
from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from survey.data.coverage import AgencyCount
from survey.data.ledger import Released
from survey.data.rounds import RoundOfCouncil, RoundState, state_of
from survey.data.snapshots import SnapshotRef
from survey.web.presenters_coverage import CoverageTables, coverage_tables
from survey.web.presenters_ledger import cost_of_reopening
from survey.web.presenters_rounds import RoundHead, head, time_left
from survey.web.presenting import date_time


@dataclass(frozen=True)
class ClosePage:
    """What closing will do, asked before it is done."""

    head: RoundHead
    closes: str
    before_date: bool
    coverage: CoverageTables
    not_sent: str
    sheets: int
    can_show: tuple[str, ...]
    cannot_show: tuple[str, ...]
    k: int
    is_again: bool


def close_page(
    item: RoundOfCouncil,
    *,
    agencies: Sequence[AgencyCount],
    drafts: int,
    sheets: int,
    settings: AnalysisSettings,
    snapshot: SnapshotRef | None,
    now: datetime,
) -> ClosePage:
    """What closing now would do, and what could be shown. `sheets` are typed and not sent."""
    can, cannot = forecast(agencies, settings=settings)
    return ClosePage(
        head=head(item, now=now),
        closes=date_time(item.round.closes_at_utc),
        before_date=now < item.round.closes_at_utc,
        coverage=coverage_tables(agencies),
        not_sent=_not_sent(drafts),
        sheets=sheets,
        can_show=can,
        cannot_show=cannot,
        k=settings.k,
        is_again=snapshot is not None,
    )


def _not_sent(drafts: int) -> str:
    if drafts == 0:
        return ""
    people = "1 person has" if drafts == 1 else f"{drafts:,} people have"
    return (
        f"{people} started and not sent their answers. They can no longer send them once the round "
        "is closed, and what they wrote is not counted or shown to anybody. It is kept in case you "
        "open the round again."
    )


def forecast(
    agencies: Sequence[AgencyCount], *, settings: AnalysisSettings
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the figures may show at this response, and what they may not, in short phrases."""
    answering = [agency for agency in agencies if agency.answered]
    total, k = sum(agency.answered for agency in answering), settings.k
    can = ["who was invited and who answered", "the comments you release"]
    if total < k:
        return tuple(can), (f"any figures: {total} answered, and at least {k} are needed",)
    can.insert(1, f"figures for all {total:,} people together")
    cannot: list[str] = []
    if len(answering) < settings.min_agencies:
        cannot.append(
            f"a reading of what partners say: it takes {settings.min_agencies} agencies, and "
            f"{len(answering)} answered"
        )
    council = sum(a.answered for a in answering if a.sector in settings.council_sectors)
    sides = f"the council ({council:,}) against all partners ({total - council:,})"
    if min(council, total - council) >= k:
        can.append(sides)
    else:
        cannot.append(f"{sides}: each side needs {k} people")
    for name in settings.sector_groups:
        members = [a for a in answering if settings.group_of(a.sector) == name]
        people = sum(member.answered for member in members)
        if name in {COUNCIL, PARTNERS} or people == 0:
            continue
        phrase = f"{settings.group_titles[name].lower()} apart ({people:,})"
        enough = people >= k and total - people >= k and len(members) >= 2
        (can if enough else cannot).append(phrase)
    return tuple(can), tuple(cannot)


@dataclass(frozen=True)
class ExtendPage:
    """What a later last day does. `tell` is whom to write to, "" where nobody can be."""

    head: RoundHead
    time_left: str
    tell: str


@dataclass(frozen=True)
class WithdrawPage:
    """What calling a round off does. `tell` is as on the page for a later last day."""

    head: RoundHead
    answered: str
    contact: str
    tell: str
    may_close: bool


@dataclass(frozen=True)
class ReopenPage:
    """What opening again costs, in sentences, and how many files of the findings are about."""

    head: RoundHead
    cost: tuple[str, ...]
    files: str
    was_shown: bool


def extend_page(item: RoundOfCouncil, *, reachable: int, now: datetime) -> ExtendPage:
    """`reachable` counts those who have not finished and can be written to."""
    people = counted(reachable, "person", "people")
    has = "has" if reachable == 1 else "have"
    return ExtendPage(
        head=head(item, now=now),
        time_left=time_left(item, now=now),
        tell=f"Write to the {people} who {has} not finished and whose address is kept"
        if reachable
        else "",
    )


def withdraw_page(
    item: RoundOfCouncil, *, answered: int, reachable: int, now: datetime
) -> WithdrawPage:
    """`answered` counts responses, `reachable` everybody invited who can be written to."""
    people = counted(answered, "person has", "people have")
    said = (
        f"{people} sent in answers. They are kept, and nobody is shown them."
        if answered
        else "Nobody has sent in answers yet."
    )
    invited = counted(reachable, "person", "people")
    return WithdrawPage(
        head=head(item, now=now),
        answered=said,
        contact=item.round.contact,
        tell=f"Write to the {invited} whose address is kept, finished or not" if reachable else "",
        may_close=state_of(item.round, now) in {RoundState.OPEN, RoundState.WINDOW_OVER},
    )


def reopen_page(
    item: RoundOfCouncil, *, releases: Sequence[Released], files: int, k: int, now: datetime
) -> ReopenPage:
    """`releases` are what was shown so far, `files` how many files of it were taken away."""
    taken = counted(files, "file has", "files have")
    return ReopenPage(
        head=head(item, now=now),
        cost=cost_of_reopening(releases, k=k),
        files=f"{taken} been taken away, and cannot be called back." if files else "",
        was_shown=bool(releases),
    )
