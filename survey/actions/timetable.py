"""The timetable of a round: its dates in order, what is due next, and as a calendar file.

The questionnaire's dates are the round's window. The calendar file follows RFC 5545.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from survey.actions.set_up_choices import Step
from survey.actions.setting_up import By, InvalidSetUp, control_faults, mark_saved, note
from survey.clock import day_in_london
from survey.data import milestones, rounds
from survey.data.milestones import MilestoneKind, Stop
from survey.data.models import Round
from survey.data.rounds import RoundOfCouncil

TITLES: Final[dict[MilestoneKind, str]] = {
    MilestoneKind.SCOPING: "Scoping meeting",
    MilestoneKind.QUESTIONNAIRE: "Questionnaire",
    MilestoneKind.CASE_MAPPING: "Case mapping",
    MilestoneKind.INITIAL_THOUGHTS: "Initial thoughts",
    MilestoneKind.ON_SITE: "On-site days",
    MilestoneKind.CONFERENCE: "Conference",
    MilestoneKind.DRAFT_LETTER: "Draft letter",
    MilestoneKind.FACTUAL_CHECK: "Factual check",
    MilestoneKind.FINAL_LETTER: "Final letter",
}
LETTER_AFTER: Final = timedelta(days=14)
"""A draft letter is usually sent two weeks after the conference."""
LONGEST_NOTE: Final = 300
YEARS_AHEAD: Final = 10


@dataclass(frozen=True)
class _Order:
    """That one step should not begin before another has begun, or ended."""

    first: MilestoneKind
    then: MilestoneKind
    why: str
    ended: bool = True


_ORDER: Final = (
    _Order(
        MilestoneKind.SCOPING,
        MilestoneKind.QUESTIONNAIRE,
        "The questionnaire opens before the scoping meeting, which decides what to ask.",
    ),
    _Order(
        MilestoneKind.QUESTIONNAIRE,
        MilestoneKind.INITIAL_THOUGHTS,
        "Initial thoughts come before the questionnaire closes, so its findings cannot be in them.",
    ),
    _Order(
        MilestoneKind.QUESTIONNAIRE,
        MilestoneKind.ON_SITE,
        "The on-site days begin before the questionnaire closes, so the review team would arrive "
        "without its findings.",
    ),
    _Order(
        MilestoneKind.CASE_MAPPING,
        MilestoneKind.ON_SITE,
        "The on-site days begin before case mapping has ended.",
    ),
    _Order(
        MilestoneKind.INITIAL_THOUGHTS,
        MilestoneKind.ON_SITE,
        "The on-site days begin before the initial thoughts are shared.",
    ),
    _Order(
        MilestoneKind.ON_SITE,
        MilestoneKind.CONFERENCE,
        "The conference comes before the on-site days begin.",
        ended=False,
    ),
    _Order(
        MilestoneKind.CONFERENCE,
        MilestoneKind.DRAFT_LETTER,
        "The draft letter comes before the conference.",
    ),
    _Order(
        MilestoneKind.DRAFT_LETTER,
        MilestoneKind.FACTUAL_CHECK,
        "The factual check comes before the draft letter it checks.",
    ),
    _Order(
        MilestoneKind.FACTUAL_CHECK,
        MilestoneKind.FINAL_LETTER,
        "The final letter comes before the factual check has ended.",
    ),
    _Order(
        MilestoneKind.DRAFT_LETTER,
        MilestoneKind.FINAL_LETTER,
        "The final letter comes before the draft letter.",
    ),
)


def with_questionnaire(round_: Round, stops: Sequence[Stop]) -> tuple[Stop, ...]:
    """All dates of a round with those of its window, the earliest first."""
    window = Stop(
        MilestoneKind.QUESTIONNAIRE,
        day_in_london(round_.opens_at_utc),
        day_in_london(round_.closes_at_utc),
    )
    order = list(MilestoneKind)
    return tuple(
        sorted([window, *stops], key=lambda stop: (stop.on, stop.last, order.index(stop.kind)))
    )


def find_warnings(stops: Sequence[Stop]) -> tuple[str, ...]:
    """Orders that cannot work, each in a sentence. Two steps on one day are well."""
    held = {stop.kind: stop for stop in stops}
    return tuple(
        rule.why
        for rule in _ORDER
        if rule.first in held
        and rule.then in held
        and held[rule.then].on < (held[rule.first].last if rule.ended else held[rule.first].on)
    )


def due_next(stops: Sequence[Stop], *, today: date) -> Stop | None:
    """The step that is under way or comes next, or None after the last."""
    ahead = [stop for stop in stops if stop.last >= today]
    return min(ahead, key=lambda stop: (stop.on, stop.last), default=None)


def suggested_letter(stops: Sequence[Stop]) -> date | None:
    """A day for the draft letter two weeks after the conference, where it has none yet."""
    held = {stop.kind: stop for stop in stops}
    conference = held.get(MilestoneKind.CONFERENCE)
    if conference is None or MilestoneKind.DRAFT_LETTER in held:
        return None
    return conference.last + LETTER_AFTER


def save_timetable(
    session: Session, item: RoundOfCouncil, stops: Sequence[Stop], *, by: By
) -> None:
    """Keeps the dates, before or after launch. An order that cannot work is no fault.

    Raises InvalidSetUp with the kind of the step as the field.
    """
    problems = []
    latest = day_in_london(by.now).year + YEARS_AHEAD
    for stop in stops:
        if stop.last < stop.on:
            problems.append((f"{stop.kind}-until", "The last day must not be before the first"))
        if not latest - 2 * YEARS_AHEAD <= stop.on.year <= stop.last.year <= latest:
            problems.append((stop.kind, "Check the year"))
        if len(stop.note) > LONGEST_NOTE:
            message = f"Use {LONGEST_NOTE} characters or fewer: you have used {len(stop.note):,}"
            problems.append((f"{stop.kind}-note", message))
        problems += [(f"{stop.kind}-note", message) for message in control_faults(stop.note)]
    if problems:
        raise InvalidSetUp(problems)
    round_ = rounds.lock_for_change(session, round_id=item.round.id)
    before = milestones.list_stops(session, round_id=round_.id)
    note(session, item, "timetable", old=_told(before), new=_told(stops), by=by)
    milestones.replace_stops(session, round_id=round_.id, stops=stops)
    mark_saved(session, round_, Step.TIMETABLE)


def _told(stops: Sequence[Stop]) -> str:
    order = list(MilestoneKind)
    told = sorted(stops, key=lambda stop: order.index(stop.kind))
    return "; ".join(
        f"{stop.kind}: {stop.on}" + (f" to {stop.until}" if stop.until else "") for stop in told
    )


# ---- the calendar file

LINE_OCTETS: Final = 75
_ESCAPED: Final = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None, "\0": None}
)


def calendar(
    stops: Sequence[Stop], *, round_id: str, round_title: str, council: str, made_at: datetime
) -> str:
    """The dates as a calendar file: one event of whole days for each step.

    An event keeps its identity when its date moves, so that a calendar which reads the file again
    moves it too.
    """
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Signpost//Timetable of a review//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(f'{council}: {round_title}')}",
    ]
    for stop in stops:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{stop.kind.replace('_', '-')}-{round_id}@signpost",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{stop.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{stop.last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(f'{TITLES[stop.kind]}: {council}')}",
            f"DESCRIPTION:{_escaped(chr(10).join(filter(None, [round_title, stop.note])))}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> str:
    """The line broken before its 76th octet, never within a character."""
    parts, part, octets = [], "", 0
    for character in line:
        size = len(character.encode("utf-8"))
        # A line that goes on begins with a space, which counts.
        if octets + size > LINE_OCTETS:
            parts.append(part)
            part, octets = "", 1
        part += character
        octets += size
    return "\r\n ".join([*parts, part])
