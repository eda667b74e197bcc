"""Loading and writing the record of events."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from analysis.export.safety import formula_safe, one_line
from survey.data import audit, programmes
from survey.data.audit import AuditAction, Event, EventFilter
from survey.extensions import db
from survey.web.forms import Problems, message_of
from survey.web.presenting import LONDON, date_time
from survey.web.round_pages import page_asked

PAGE_SIZE = 50
FIELDS = ("council", "person", "action", "since", "until")
HEADER = ("When (London)", "Who", "Council", "What", "About", "Detail", "Before", "After")
NO_DATE = "Enter a date as year, month and day, like 2031-03-14"


@dataclass(frozen=True)
class FilterForm:
    """What the record is filtered by, as it was asked, and as the query takes it."""

    values: dict[str, str]
    asked: EventFilter
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


@dataclass(frozen=True)
class EventLine:
    """One event in words."""

    when: str
    who: str
    council: str
    what: str
    about: str
    detail: str
    old: str
    new: str


@dataclass(frozen=True)
class RecordPage:
    """One page of the record, what it is filtered by, and what can be chosen."""

    events: tuple[EventLine, ...]
    total: int
    number: int
    pages: int
    form: FilterForm
    councils: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    actions: tuple[tuple[str, str], ...]

    @property
    def query(self) -> dict[str, str]:
        """The filter as parts of an address."""
        return {name: value for name, value in self.form.values.items() if value}


def read_filter(asked: Mapping[str, str]) -> FilterForm:
    """What an address or a post asks for; the last day counts whole."""
    values = {name: asked.get(name, "").strip()[:100] for name in FIELDS}
    since, until = _day(values["since"]), _day(values["until"])
    problems = tuple(
        (name, NO_DATE)
        for name, day in (("since", since), ("until", until))
        if values[name] and day is None
    )
    if since and until and since > until:
        problems = (("until", "The last day must not be before the first"),)
    action = values["action"]
    return FilterForm(
        values=values,
        asked=EventFilter(
            council_id=values["council"] or None,
            account_id=values["person"] or None,
            action=AuditAction(action) if action in set(AuditAction) else None,
            since=None if since is None else _midnight(since),
            until=None if until is None else _midnight(until + timedelta(days=1)),
        ),
        problems=problems,
    )


def record_page(asked: Mapping[str, str]) -> RecordPage:
    """One page of the events that were asked for."""
    session = db.session()
    form = read_filter(asked)
    total = 0 if form.problems else audit.count_events(session, asked=form.asked)
    pages = max(1, math.ceil(total / PAGE_SIZE))
    number = min(page_asked(asked), pages)
    found: list[Event] = []
    if not form.problems:
        found = audit.list_events(
            session, asked=form.asked, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
    return RecordPage(
        events=tuple(_line(event) for event in found),
        total=total,
        number=number,
        pages=pages,
        form=form,
        councils=tuple((row.id, row.name) for row in programmes.list_councils(session)),
        people=tuple(audit.list_actors(session)),
        actions=tuple(sorted((action.value, words_of(action)) for action in AuditAction)),
    )


def as_csv(asked: EventFilter) -> str:
    """Every event of that kind, one on each line; no cell can be taken for a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADER)
    for event in audit.list_events(db.session(), asked=asked):
        line = _line(event)
        local = event.at.astimezone(LONDON)
        cells = (line.who, line.council, line.what, line.about, line.detail, line.old, line.new)
        writer.writerow(
            [f"{local:%Y-%m-%d %H:%M:%S}", *(formula_safe(one_line(cell)) for cell in cells)]
        )
    return stream.getvalue()


def words_of(action: str) -> str:
    """An event in words, such as "Role given"."""
    words = action.replace("_", " ")
    return words[:1].upper() + words[1:]


def _line(event: Event) -> EventLine:
    rest = dict(event.detail)
    what = str(rest.pop("what", ""))
    old, new = str(rest.pop("old", "")), str(rest.pop("new", ""))
    words = words_of(event.action)
    what = what.replace("_", " ")
    parts = [what] if what and what not in words.lower() else []
    parts += [f"{name.replace('_', ' ')}: {value}" for name, value in rest.items()]
    return EventLine(
        when=date_time(event.at),
        who=event.who or "A command, or somebody who is no more",
        council=event.council,
        what=words,
        about=event.person,
        detail="; ".join(parts),
        old=old,
        new=new,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
