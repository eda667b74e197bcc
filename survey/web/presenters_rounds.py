"""What the pages of a round show, other than comments and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from analysis.result import Summary
from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from analysis.tables import counted, share_text
from question_banks.bank import SECTOR_TITLES
from survey.actions.closing import SnapshotOutcome
from survey.data.coverage import AgencyCount
from survey.data.rounds import EventOfRound, RoundOfCouncil, RoundState, state_of
from survey.data.snapshots import SnapshotRef
from survey.web.presenting import LONDON, date_time, long_date

STATE_WORDS: dict[RoundState, str] = {
    RoundState.NOT_YET_OPEN: "Not open yet",
    RoundState.OPEN: "Open",
    RoundState.WINDOW_OVER: "Ready to close",
    RoundState.CLOSED: "Closed",
}
STATE_TAGS: dict[RoundState, str] = {
    RoundState.NOT_YET_OPEN: "govuk-tag--grey",
    RoundState.OPEN: "govuk-tag--green",
    RoundState.WINDOW_OVER: "govuk-tag--orange",
    RoundState.CLOSED: "govuk-tag--blue",
}
EVENT_WORDS = {
    "created": "Round set up",
    "closed": "Closed",
    "reopened": "Opened again",
}
OUTCOME_WORDS: dict[SnapshotOutcome, str] = {
    SnapshotOutcome.MADE: "The round is closed and its findings are ready.",
    SnapshotOutcome.NOBODY_ANSWERED: "The round is closed. Nobody answered, so there are no "
    "findings.",
    SnapshotOutcome.UNCHANGED: "The round is closed. Nobody new has answered, so the findings are "
    "those of the time before.",
    SnapshotOutcome.TOO_FEW_NEW: "The round is closed. So few new people answered, in all or in "
    "one group, that new figures would show what they said. The findings are those of the time "
    "before.",
}


@dataclass(frozen=True)
class RoundLine:
    """A round in the list of rounds."""

    slug: str
    title: str
    review: str
    state: str
    tag: str
    dates: str


@dataclass(frozen=True)
class CouncilRounds:
    """A council with its rounds, which may be none."""

    council: str
    rounds: tuple[RoundLine, ...]


@dataclass(frozen=True)
class RoundHead:
    """What every page of a round says at its top."""

    slug: str
    title: str
    council: str
    state: str
    tag: str
    is_open: bool
    is_closed: bool


@dataclass(frozen=True)
class SectorLine:
    """A sector's coverage."""

    title: str
    agencies: str
    invited: str
    answered: str
    rate: str
    note: str


@dataclass(frozen=True)
class AgencyLine:
    """An agency's coverage."""

    name: str
    sector: str
    invited: str
    answered: str
    rate: str
    note: str


@dataclass(frozen=True)
class CoverageTables:
    """Who was invited and who answered, the silent named first."""

    answered: int
    invited: str
    rate: str
    headline: str
    silent: tuple[str, ...]
    sectors: tuple[SectorLine, ...]
    agencies: tuple[AgencyLine, ...]


@dataclass(frozen=True)
class HistoryLine:
    """Something that happened to a round."""

    words: str
    when: str
    who: str
    reason: str


@dataclass(frozen=True)
class RoundPage:
    """The page of one round."""

    head: RoundHead
    review: str
    bank_title: str
    window: str
    time_left: str
    coverage: CoverageTables
    started: str
    links: int
    waiting: int
    levels: tuple[tuple[str, str], ...]
    snapshot: str
    history: tuple[HistoryLine, ...]
    contact: str
    checked_by: str
    state: str


@dataclass(frozen=True)
class ClosePage:
    """What closing will do, asked before it is done."""

    head: RoundHead
    closes: str
    before_date: bool
    coverage: CoverageTables
    not_sent: str
    can_show: tuple[str, ...]
    cannot_show: tuple[str, ...]
    k: int
    is_again: bool


def councils(
    found: Sequence[RoundOfCouncil], names: Sequence[str], *, now: datetime
) -> tuple[CouncilRounds, ...]:
    """Rounds by council. `names` are all councils of the account, those without a round too."""
    lines = {
        name: tuple(_line(item, now) for item in items)
        for name, items in groupby(found, key=lambda item: item.council.name)
    }
    return tuple(CouncilRounds(council=name, rounds=lines.get(name, ())) for name in names)


def _line(item: RoundOfCouncil, now: datetime) -> RoundLine:
    state = state_of(item.round, now)
    return RoundLine(
        slug=item.round.slug,
        title=item.round.title,
        review=item.review.title,
        state=STATE_WORDS[state],
        tag=STATE_TAGS[state],
        dates=f"{long_date(item.round.opens_at_utc)} to {long_date(item.round.closes_at_utc)}",
    )


def head(item: RoundOfCouncil, *, now: datetime) -> RoundHead:
    """The top of a page of that round."""
    state = state_of(item.round, now)
    return RoundHead(
        slug=item.round.slug,
        title=item.round.title,
        council=item.council.name,
        state=STATE_WORDS[state],
        tag=STATE_TAGS[state],
        is_open=state is not RoundState.CLOSED,
        is_closed=state is RoundState.CLOSED,
    )


def time_left(item: RoundOfCouncil, *, now: datetime) -> str:
    """How long the round still takes answers, in a sentence."""
    state = state_of(item.round, now)
    opens, closes = item.round.opens_at_utc, item.round.closes_at_utc
    if state is RoundState.NOT_YET_OPEN:
        return f"It opens at {date_time(opens)}."
    if state is RoundState.WINDOW_OVER:
        return f"Answers stopped at {date_time(closes)}. Close the round to see the findings."
    if state is RoundState.CLOSED and item.round.closed_at_utc is not None:
        return f"It was closed at {date_time(item.round.closed_at_utc)}."
    days = (closes.astimezone(LONDON).date() - now.astimezone(LONDON).date()).days
    if days == 0:
        return f"Answers stop today, at {date_time(closes)}."
    return f"{counted(days, 'day')} left: answers stop at {date_time(closes)}."


def coverage_tables(agencies: Sequence[AgencyCount]) -> CoverageTables:
    """Coverage by sector and by agency, the silent first in each."""
    by_sector: dict[str, list[AgencyCount]] = {}
    for agency in agencies:
        by_sector.setdefault(SECTOR_TITLES[agency.sector], []).append(agency)
    silent = sorted(
        title for title, members in by_sector.items() if not any(m.answered for m in members)
    )
    sectors = sorted(by_sector.items(), key=lambda item: (item[0] not in silent, item[0]))
    answered = sum(agency.answered for agency in agencies)
    invited = _total(agencies)
    return CoverageTables(
        answered=answered,
        invited="not known" if invited is None else f"{invited:,}",
        rate=_rate(answered, invited),
        headline=_headline(answered, invited, len([a for a in agencies if a.answered])),
        silent=tuple(silent),
        sectors=tuple(_sector_line(title, members) for title, members in sectors),
        agencies=tuple(
            _agency_line(agency)
            for agency in sorted(agencies, key=lambda a: (a.answered > 0, a.agency.casefold()))
        ),
    )


def _total(agencies: Sequence[AgencyCount]) -> int | None:
    known = [agency.invited for agency in agencies if agency.invited is not None]
    return sum(known) if agencies and len(known) == len(agencies) else None


def _rate(answered: int, invited: int | None) -> str:
    return share_text(min(answered, invited), invited) if invited else ""


def _headline(answered: int, invited: int | None, agencies: int) -> str:
    if answered == 0:
        return "Nobody has answered yet."
    of = "" if invited is None else f" of {invited:,}"
    verb = "has" if answered == 1 else "have"
    people = "person" if (invited or answered) == 1 else "people"
    places = counted(agencies, "agency", "agencies")
    return f"{answered:,}{of} {people} {verb} answered, from {places}."


def _sector_line(title: str, members: Sequence[AgencyCount]) -> SectorLine:
    answered, invited = sum(member.answered for member in members), _total(members)
    return SectorLine(
        title=title,
        agencies=counted(len(members), "agency", "agencies"),
        invited="Not known" if invited is None else f"{invited:,}",
        answered=f"{answered:,}",
        rate=_rate(answered, invited),
        note="" if answered else "Silent",
    )


def _agency_line(agency: AgencyCount) -> AgencyLine:
    note = "" if agency.answered else "Silent" if agency.expected else "Silent, not expected"
    return AgencyLine(
        name=agency.agency,
        sector=SECTOR_TITLES[agency.sector],
        invited="Not known" if agency.invited is None else f"{agency.invited:,}",
        answered=f"{agency.answered:,}",
        rate=_rate(agency.answered, agency.invited),
        note=note,
    )


def started_text(drafts: int, *, state: RoundState) -> str:
    """How many have begun and not sent anything, or nothing where nobody has."""
    if drafts == 0:
        return ""
    people = "1 more person" if drafts == 1 else f"{drafts:,} more people"
    if state is RoundState.OPEN:
        has = "has" if drafts == 1 else "have"
        return f"{people} {has} started and not sent their answers yet."
    return f"{people} started and did not send their answers, so they are not counted."


def round_page(
    item: RoundOfCouncil,
    *,
    bank_title: str,
    agencies: Sequence[AgencyCount],
    drafts: int,
    waiting: int,
    events: Sequence[EventOfRound],
    snapshot: SnapshotRef | None,
    summary: Summary | None,
    now: datetime,
) -> RoundPage:
    """The page of a round. `summary` is given only once the round is closed."""
    state = state_of(item.round, now)
    return RoundPage(
        head=head(item, now=now),
        review=item.review.title,
        bank_title=bank_title,
        window=f"{date_time(item.round.opens_at_utc)} to {date_time(item.round.closes_at_utc)}",
        time_left=time_left(item, now=now),
        coverage=coverage_tables(agencies),
        started=started_text(drafts, state=state),
        links=sum(agency.links for agency in agencies),
        waiting=waiting,
        levels=_levels(summary),
        snapshot=_snapshot_text(snapshot),
        history=tuple(
            HistoryLine(
                words=EVENT_WORDS[event.kind],
                when=date_time(event.at),
                who=event.who or "by a command",
                reason=event.reason,
            )
            for event in events
        ),
        contact=item.round.contact,
        checked_by=item.round.comments_checked_by,
        state=state.name.lower(),
    )


def _levels(summary: Summary | None) -> tuple[tuple[str, str], ...]:
    if summary is None:
        return ()
    return tuple((level.title, f"{level.answered:,}") for level in summary.coverage.levels)


def _snapshot_text(snapshot: SnapshotRef | None) -> str:
    if snapshot is None:
        return ""
    people = counted(snapshot.answered, "person", "people")
    return f"Snapshot {snapshot.number}, made at {date_time(snapshot.made_at)} from {people}"


def close_page(
    item: RoundOfCouncil,
    *,
    agencies: Sequence[AgencyCount],
    drafts: int,
    settings: AnalysisSettings,
    snapshot: SnapshotRef | None,
    now: datetime,
) -> ClosePage:
    """What closing now would do, and what could be shown."""
    can, cannot = forecast(agencies, settings=settings)
    return ClosePage(
        head=head(item, now=now),
        closes=date_time(item.round.closes_at_utc),
        before_date=now < item.round.closes_at_utc,
        coverage=coverage_tables(agencies),
        not_sent=_not_sent(drafts),
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
