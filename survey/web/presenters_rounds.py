"""What the pages of a round show, other than comments and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from analysis.charts_days import written
from analysis.tables import counted
from survey.actions import timetable
from survey.actions.closing import SnapshotOutcome
from survey.clock import day_in_london
from survey.data.comment_checks import Waiting
from survey.data.coverage import Coverage
from survey.data.milestones import Stop
from survey.data.rounds import (
    EventOfRound,
    RoundEventKind,
    RoundOfCouncil,
    RoundState,
    state_of,
)
from survey.data.snapshots import SnapshotRef
from survey.web.presenters_coverage import (
    CoverageTables,
    coverage_tables,
    is_silent,
    silent_sectors,
)
from survey.web.presenting import LONDON, date_time, long_date

STATE_WORDS: dict[RoundState, str] = {
    RoundState.SETTING_UP: "Being set up",
    RoundState.NOT_YET_OPEN: "Not open yet",
    RoundState.OPEN: "Open",
    RoundState.WINDOW_OVER: "Ready to close",
    RoundState.CLOSED: "Closed",
    RoundState.WITHDRAWN: "Withdrawn",
}
STATE_TAGS: dict[RoundState, str] = {
    RoundState.SETTING_UP: "govuk-tag--light-blue",
    RoundState.NOT_YET_OPEN: "govuk-tag--grey",
    RoundState.OPEN: "govuk-tag--green",
    RoundState.WINDOW_OVER: "govuk-tag--orange",
    RoundState.CLOSED: "govuk-tag--blue",
    RoundState.WITHDRAWN: "govuk-tag--grey",
}
EVENT_WORDS = {
    "created": "Round set up",
    "launched": "Launched",
    "extended": "Given more time",
    "closed": "Closed",
    "reopened": "Opened again",
    "withdrawn": "Withdrawn",
}
OUTCOME_WORDS: dict[SnapshotOutcome, str] = {
    SnapshotOutcome.MADE: "The round is closed and its findings are ready.",
    SnapshotOutcome.MADE_IN_PART: "The round is closed and its findings are ready. Some questions "
    "have new figures. The others show those of the time before, because new ones would show what "
    "a few people said.",
    SnapshotOutcome.NOBODY_ANSWERED: "The round is closed. Nobody answered, so there are no "
    "findings.",
    SnapshotOutcome.UNCHANGED: "The round is closed. Nobody new has answered, so the findings are "
    "those of the time before.",
    SnapshotOutcome.TOO_FEW_NEW: "The round is closed. So few new people answered, in all or in "
    "one group, that new figures would show what they said. The findings are those of the time "
    "before.",
}


MOST_DUE = 3
"""Steps of the timetable on a round's page; the timetable has them all."""


def closed_words(outcome: str) -> str:
    """What is said after closing, by the outcome that the address names; "" for no such outcome."""
    if outcome == "already":
        return "The round is closed. Somebody, perhaps you, had closed it already."
    return OUTCOME_WORDS[SnapshotOutcome(outcome)] if outcome in set(SnapshotOutcome) else ""


def done_words(asked: Mapping[str, str]) -> str:
    """What is said of what has just been done, as the address names it; "" for nothing."""
    if asked.get("launched") == "yes":
        return "The round is launched. What it asks is fixed from now on."
    if asked.get("reopened") == "yes":
        return "The round is open again. The links people were sent work as before."
    if asked.get("extended") == "already":
        return "The round has that last day. Somebody, perhaps you, had set it already."
    for name, words in (
        ("extended", "The round has a new last day."),
        ("withdrawn", "The round is withdrawn."),
    ):
        told = asked.get(name, "")
        if told.isascii() and told.isdigit() and len(told) < 7:
            people = counted(int(told), "person", "people")
            return f"{words} {people} will be told by e-mail." if int(told) else words
    return closed_words(asked.get("closed", ""))


@dataclass(frozen=True)
class RoundLine:
    """A round in the list of rounds."""

    slug: str
    title: str
    review: str
    state: str
    tag: str
    is_closed: bool
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
    is_withdrawn: bool = False


@dataclass(frozen=True)
class HistoryLine:
    """Something that happened to a round."""

    words: str
    when: str
    who: str
    reason: str
    has_reason: bool
    """Whether `reason` is somebody's own, and nothing else."""


@dataclass(frozen=True)
class ChangeLink:
    """Something a manager may do to a round now, and what it is for."""

    endpoint: str
    link: str
    words: str


@dataclass(frozen=True)
class DueLine:
    """A step of the timetable that is under way or comes next, and when."""

    title: str
    when: str


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
    silent_sectors: tuple[str, ...]
    silent_agencies: str
    waiting: int
    to_act_on: Waiting
    to_invite: int
    snapshot: str
    history: tuple[HistoryLine, ...]
    contact: str
    checked_by: str
    state: str
    due: tuple[DueLine, ...]
    changes: tuple[ChangeLink, ...]


def councils(
    found: Sequence[RoundOfCouncil], names: Sequence[str], *, now: datetime
) -> tuple[CouncilRounds, ...]:
    """Rounds by council. `names` are the councils to show even without a round."""
    lines = {
        name: tuple(_line(item, now) for item in items)
        for name, items in groupby(found, key=lambda item: item.council.name)
    }
    return tuple(
        CouncilRounds(council=name, rounds=lines.get(name, ())) for name in sorted({*lines, *names})
    )


def _line(item: RoundOfCouncil, now: datetime) -> RoundLine:
    state = state_of(item.round, now)
    return RoundLine(
        slug=item.round.slug,
        title=item.round.title,
        review=item.review.title,
        state=STATE_WORDS[state],
        tag=STATE_TAGS[state],
        is_closed=state is RoundState.CLOSED,
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
        is_withdrawn=state is RoundState.WITHDRAWN,
    )


def time_left(item: RoundOfCouncil, *, now: datetime) -> str:
    """How long the round still takes answers, in a sentence."""
    state = state_of(item.round, now)
    opens, closes = item.round.opens_at_utc, item.round.closes_at_utc
    if state is RoundState.SETTING_UP:
        return "Nobody can answer and nothing is sent until it is launched."
    if state is RoundState.NOT_YET_OPEN:
        return f"It opens at {date_time(opens)}."
    if state is RoundState.WINDOW_OVER:
        return f"Answers stopped at {date_time(closes)}. Close the round to see the findings."
    if state is RoundState.CLOSED and item.round.closed_at_utc is not None:
        return f"It was closed at {date_time(item.round.closed_at_utc)}."
    if state is RoundState.WITHDRAWN and item.round.withdrawn_at_utc is not None:
        return f"It was withdrawn at {date_time(item.round.withdrawn_at_utc)}."
    days = (closes.astimezone(LONDON).date() - now.astimezone(LONDON).date()).days
    if days == 0:
        return f"Answers stop today, at {date_time(closes)}."
    return f"{counted(days, 'day')} left: answers stop at {date_time(closes)}."


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
    coverage: Coverage,
    waiting: int,
    to_act_on: Waiting,
    events: Sequence[EventOfRound],
    snapshot: SnapshotRef | None,
    stops: Sequence[Stop],
    to_invite: int,
    now: datetime,
) -> RoundPage:
    """The page of a round. `waiting` counts comments to decide on, `to_act_on` those flagged,
    `to_invite` people who have an e-mail address and have not been sent their link.
    """
    state = state_of(item.round, now)
    return RoundPage(
        head=head(item, now=now),
        review=item.review.title,
        bank_title=bank_title,
        window=f"{date_time(item.round.opens_at_utc)} to {date_time(item.round.closes_at_utc)}",
        time_left=time_left(item, now=now),
        coverage=coverage_tables(coverage.agencies),
        started=started_text(coverage.drafts, state=state),
        links=sum(agency.links for agency in coverage.agencies),
        silent_sectors=silent_sectors(coverage),
        silent_agencies=_silent_agencies(coverage),
        waiting=waiting,
        to_act_on=to_act_on,
        to_invite=to_invite,
        snapshot=snapshot_text(snapshot),
        history=tuple(
            HistoryLine(
                words=EVENT_WORDS[event.kind],
                when=date_time(event.at),
                who=event.who or "by a command",
                reason=event.reason,
                has_reason=event.kind is not RoundEventKind.EXTENDED,
            )
            for event in events
        ),
        contact=item.round.contact,
        checked_by=item.round.comments_checked_by,
        state=state.name.lower(),
        due=_due(item, stops, now=now),
        changes=_changes(state, has_findings=snapshot is not None),
    )


def _due(item: RoundOfCouncil, stops: Sequence[Stop], *, now: datetime) -> tuple[DueLine, ...]:
    today = day_in_london(now)
    is_over = state_of(item.round, now) is RoundState.CLOSED
    steps = stops if is_over else timetable.with_questionnaire(item.round, stops)
    ahead = sorted(
        (stop for stop in steps if stop.last >= today), key=lambda stop: (stop.on, stop.last)
    )
    return tuple(
        DueLine(
            title=timetable.TITLES[stop.kind],
            when=written(stop.on)
            if stop.last == stop.on
            else f"{written(stop.on)} to {written(stop.last)}",
        )
        for stop in ahead[:MOST_DUE]
    )


def _changes(state: RoundState, *, has_findings: bool) -> tuple[ChangeLink, ...]:
    extend = ChangeLink(
        "manage.extend", "Give people more time", "Set a later last day, and tell those concerned."
    )
    close = ChangeLink(
        "manage.close",
        "Close the round before its last day",
        "You will be asked to confirm.",
    )
    reopen = ChangeLink(
        "manage.reopen",
        "Open the round again",
        "For answers that are still on their way. You will be asked for a reason.",
    )
    withdraw = ChangeLink(
        "manage.withdraw",
        "Withdraw the round",
        "Call it off: it never has findings. You will be asked for a reason.",
    )
    offered = {
        RoundState.NOT_YET_OPEN: [extend],
        RoundState.OPEN: [extend, close],
        RoundState.WINDOW_OVER: [extend],
        RoundState.CLOSED: [reopen],
    }.get(state, [])
    may_withdraw = bool(offered) and not has_findings
    return tuple([*offered, withdraw] if may_withdraw else offered)


def _silent_agencies(coverage: Coverage) -> str:
    silent = sum(map(is_silent, coverage.agencies))
    return counted(silent, "agency", "agencies") if silent else ""


def snapshot_text(snapshot: SnapshotRef | None) -> str:
    """Which snapshot is in force, and how much of it is new; "" without one."""
    if snapshot is None:
        return ""
    people = counted(snapshot.answered, "person", "people")
    made = f"Snapshot {snapshot.number}, made at {date_time(snapshot.made_at)} from {people}"
    if not snapshot.held:
        return made
    updated, held = counted(snapshot.updated, "question"), counted(snapshot.held, "question")
    new = "has" if snapshot.updated == 1 else "have"
    return f"{made}; {updated} {new} new figures, {held} held at those of an earlier snapshot"
