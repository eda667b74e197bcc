"""What the page on which a manager watches a round shows: who has answered, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.charts import Chart
from analysis.charts_days import days_chart
from analysis.tables import counted, share_text
from question_banks.bank import LEVEL_TITLES, SECTOR_TITLES
from survey.clock import day_in_london
from survey.data.comment_checks import Waiting
from survey.data.coverage import AgencyCount, Coverage, LevelCount
from survey.data.rounds import RoundOfCouncil, RoundState, state_of
from survey.data.sent_in import DayCount
from survey.web.presenters_coverage import (
    CoverageTables,
    coverage_tables,
    is_silent,
    silent_sectors,
    total_invited,
)
from survey.web.presenters_rounds import RoundHead, head, time_left
from survey.web.presenting import date_time

MOST_TO_ASK = 25
"""Agencies listed to be asked first; the others stand in the table of all."""
PACE_DAYS = 7
"""Days over which the pace is counted: a whole week, so that weekends count as they should."""


@dataclass(frozen=True)
class Figure:
    """A number at a glance with its words."""

    number: str
    words: str


@dataclass(frozen=True)
class LevelLine:
    """A level's coverage."""

    title: str
    invited: str
    answered: str
    rate: str


@dataclass(frozen=True)
class AgencyToAsk:
    """An agency to be asked: how far it is, whom to turn to, and how many people can be written to.

    `contact` and `email` are "" where nobody is named.
    """

    agency_id: str
    name: str
    sector: str
    answered: str
    is_silent: bool
    contact: str
    email: str
    unfinished: int


@dataclass(frozen=True)
class WatchPage:
    """How a round goes."""

    head: RoundHead
    as_at: str
    time_left: str
    is_running: bool
    figures: tuple[Figure, ...]
    headline: str
    started: str
    pace: str
    silent_sectors: tuple[str, ...]
    silent_agencies: int
    to_ask: tuple[AgencyToAsk, ...]
    more_to_ask: int
    rate: str
    reachable: int
    coverage: CoverageTables
    levels: tuple[LevelLine, ...]
    chart: Chart | None
    undated: str
    to_act_on: Waiting


def watch_page(
    item: RoundOfCouncil,
    coverage: Coverage,
    *,
    days: Sequence[DayCount],
    to_act_on: Waiting,
    now: datetime,
) -> WatchPage:
    """How a round goes at `now`."""
    state = state_of(item.round, now)
    tables = coverage_tables(coverage.agencies)
    asked = _to_ask(coverage.agencies)
    opened = day_in_london(item.round.opens_at_utc)
    ends = min(now, item.round.closed_at_utc or item.round.closes_at_utc)
    return WatchPage(
        head=head(item, now=now),
        as_at=date_time(now),
        time_left=time_left(item, now=now),
        is_running=state in {RoundState.NOT_YET_OPEN, RoundState.OPEN, RoundState.WINDOW_OVER},
        figures=_figures(tables, coverage, item, state=state, now=now),
        headline=tables.headline,
        started=_started(coverage.drafts, state),
        pace=_pace(coverage, days, item, now=now) if state is RoundState.OPEN else "",
        silent_sectors=silent_sectors(coverage),
        silent_agencies=sum(map(is_silent, coverage.agencies)),
        to_ask=tuple(map(_agency_to_ask, asked[:MOST_TO_ASK])),
        more_to_ask=max(0, len(asked) - MOST_TO_ASK),
        rate=_known_rate(coverage.agencies),
        reachable=sum(agency.reachable for agency in coverage.agencies),
        coverage=tables,
        levels=tuple(map(_level_line, coverage.levels)),
        chart=days_chart(
            {one.day: one.sent_in for one in days},
            first=opened,
            last=max(opened, day_in_london(ends)),
        ),
        undated=_undated(tables.answered, sum(one.sent_in for one in days)),
        to_act_on=to_act_on,
    )


def _figures(
    tables: CoverageTables,
    coverage: Coverage,
    item: RoundOfCouncil,
    *,
    state: RoundState,
    now: datetime,
) -> tuple[Figure, ...]:
    figures = [
        Figure(tables.invited.capitalize(), "people invited"),
        Figure(f"{tables.answered + coverage.drafts:,}", "have started"),
        Figure(f"{tables.answered:,}", "have sent in their answers"),
    ]
    if tables.rate:
        figures.append(Figure(tables.rate, "of those invited"))
    if state is RoundState.OPEN:
        left = (day_in_london(item.round.closes_at_utc) - day_in_london(now)).days
        words = "days left" if left != 1 else "day left"
        figures.append(Figure(f"{left:,}", words) if left else Figure("Today", "is the last day"))
    return tuple(figures)


def _started(drafts: int, state: RoundState) -> str:
    if not drafts:
        return ""
    if state is RoundState.OPEN:
        has = "person has" if drafts == 1 else "people have"
        return (
            f"{drafts:,} {has} started and not finished. Which agencies they work for is not told."
        )
    people = counted(drafts, "person", "people")
    return f"{people} started and did not send their answers, so they are not counted."


def _pace(
    coverage: Coverage, days: Sequence[DayCount], item: RoundOfCouncil, *, now: datetime
) -> str:
    """How many came in the last days, and where that leads by the last day."""
    today, opened = day_in_london(now), day_in_london(item.round.opens_at_utc)
    if not days:
        return ""
    length = min(PACE_DAYS, (today - opened).days + 1)
    since = today - timedelta(days=length - 1)
    recent = sum(one.sent_in for one in days if one.day >= since)
    when = "Today" if length == 1 else f"In the last {length} days"
    people = counted(recent, "person", "people")
    told = f"{when} {people} sent in answers."
    left = (day_in_london(item.round.closes_at_utc) - today).days
    if length < PACE_DAYS or not left:
        return told
    answered = sum(agency.answered for agency in coverage.agencies)
    invited = total_invited(coverage.agencies)
    expected = answered + round(recent * left / length)
    if invited is not None:
        expected = min(expected, max(invited, answered))
    of = "" if invited is None else f" of {invited:,}"
    return f"{told} If that goes on, about {expected:,}{of} will have by the last day."


def _rate_of(agencies: Sequence[AgencyCount]) -> tuple[int, int]:
    """Answered and invited of all agencies whose invited number is known."""
    known = [agency for agency in agencies if agency.invited and not agency.answers_as_one]
    answered = sum(min(agency.answered, agency.invited or 0) for agency in known)
    return answered, sum(agency.invited or 0 for agency in known)


def _known_rate(agencies: Sequence[AgencyCount]) -> str:
    answered, invited = _rate_of(agencies)
    return share_text(answered, invited) if invited else ""


def _to_ask(agencies: Sequence[AgencyCount]) -> list[AgencyCount]:
    """Expected agencies that are silent, then those further behind than all together: the one
    that lacks most people first.
    """
    answered, invited = _rate_of(agencies)

    def lacks(agency: AgencyCount) -> int:
        return (agency.invited or 0) - agency.answered

    behind = [
        agency
        for agency in agencies
        if agency.expected
        and not agency.answers_as_one
        and agency.answered
        and agency.invited
        and agency.answered * invited < answered * agency.invited
    ]
    silent = [agency for agency in agencies if is_silent(agency)]
    return sorted(silent, key=lambda a: (-lacks(a), a.agency)) + sorted(
        behind, key=lambda a: (-lacks(a), a.agency)
    )


def _agency_to_ask(agency: AgencyCount) -> AgencyToAsk:
    of = "" if agency.invited is None else f" of {agency.invited:,}"
    return AgencyToAsk(
        agency_id=agency.agency_id,
        name=agency.agency,
        sector=SECTOR_TITLES[agency.sector],
        answered=f"{agency.answered:,}{of}",
        is_silent=is_silent(agency),
        contact=agency.contact_name,
        email=agency.contact_email,
        unfinished=agency.unfinished,
    )


def _level_line(level: LevelCount) -> LevelLine:
    rate = share_text(min(level.answered, level.invited), level.invited) if level.invited else ""
    return LevelLine(
        title=LEVEL_TITLES[level.level],
        invited="Not known" if level.invited is None else f"{level.invited:,}",
        answered=f"{level.answered:,}",
        rate=rate,
    )


def _undated(answered: int, dated: int) -> str:
    """How many answers are not in the drawing, "" where all are."""
    missing = answered - dated
    if missing <= 0:
        return ""
    people = counted(missing, "answer")
    verb = "is" if missing == 1 else "are"
    return (
        f"{people} {verb} not in the picture: sent in before days were counted, or brought in "
        "from a file."
    )
