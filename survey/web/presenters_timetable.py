"""What the pages of a timetable show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.actions.timetable import (
    TITLES,
    due_next,
    find_warnings,
    suggested_letter,
    with_questionnaire,
)
from survey.data.milestones import Stop
from survey.data.reviews import Round
from survey.web.setup_forms import KINDS


@dataclass(frozen=True)
class StopLine:
    """One step: its name, its days, a note, and whether it is over or due next."""

    title: str
    days: str
    note: str
    state: str


@dataclass(frozen=True)
class TimetablePage:
    """The dates in order."""

    lines: tuple[StopLine, ...]
    next: str
    warnings: tuple[str, ...]
    is_empty: bool


@dataclass(frozen=True)
class DateField:
    """One step to be dated. `hint` is a suggestion."""

    kind: str
    title: str
    hint: str


@dataclass(frozen=True)
class DatesPage:
    """The form of the dates."""

    fields: tuple[DateField, ...]
    window: str
    warnings: tuple[str, ...]


HINTS = {
    "scoping": "The council and the review manager agree what the review looks at.",
    "case_mapping": "Cases are followed through the agencies.",
    "initial_thoughts": "The review team says what it has read and what it wants to ask.",
    "on_site": "The review team visits. Give the first and the last day.",
    "conference": "The findings are shared and talked over.",
    "draft_letter": "Usually two weeks after the conference.",
    "factual_check": "The council checks the draft for errors of fact.",
    "final_letter": "The letter is sent and may be published.",
}


def timetable_page(round_: Round, stops: Sequence[Stop], *, today: date) -> TimetablePage:
    """The dates in order, with what is due next."""
    listed = with_questionnaire(round_, stops)
    coming = due_next(listed, today=today)
    lines = tuple(
        StopLine(
            title=TITLES[stop.kind],
            days=days_of(stop),
            note=stop.note,
            state=_state(stop, coming, today),
        )
        for stop in listed
    )
    return TimetablePage(
        lines=lines,
        next=_next_words(coming, today),
        warnings=find_warnings(listed),
        is_empty=not stops,
    )


def _state(stop: Stop, coming: Stop | None, today: date) -> str:
    if stop.last < today:
        return "Over"
    if stop.on <= today:
        return "Now"
    return "Next" if stop is coming else ""


def _next_words(coming: Stop | None, today: date) -> str:
    if coming is None:
        return "Every date has passed."
    title = TITLES[coming.kind]
    if coming.on <= today:
        until = "" if coming.last == today else f", until {long_day(coming.last)}"
        return f"Today: {title}{until}."
    days = (coming.on - today).days
    when = "tomorrow" if days == 1 else f"in {days} days"
    return f"Next: {title}, {when}, on {long_day(coming.on)}."


def dates_page(round_: Round, stops: Sequence[Stop]) -> DatesPage:
    """The form of the dates, with a suggestion for the draft letter."""
    listed = with_questionnaire(round_, stops)
    window = next(stop for stop in listed if stop.kind == "questionnaire")
    letter = suggested_letter(stops)
    hints = dict(HINTS)
    if letter is not None:
        hints["draft_letter"] = f"Two weeks after the conference is {long_day(letter)}."
    return DatesPage(
        fields=tuple(DateField(kind, TITLES[kind], hints[kind]) for kind in KINDS),
        window=days_of(window),
        warnings=find_warnings(listed),
    )


def days_of(stop: Stop) -> str:
    """The day or days of a step in words."""
    if stop.until is None or stop.until == stop.on:
        return long_day(stop.on)
    return f"{long_day(stop.on)} to {long_day(stop.until)}"


def long_day(day: date) -> str:
    """A day such as `Monday 3 March 2031`."""
    return f"{day:%A} {day.day} {day:%B %Y}"
