"""What is posted while a round is set up, read into values, with what is wrong beside its field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal

from analysis.settings import AnalysisSettings
from question_banks.bank import ALL_LEVELS, Level, Sector
from survey.actions.setting_up import Contacts
from survey.actions.setting_up_bank import Asked
from survey.actions.timetable import TITLES
from survey.clock import LONDON
from survey.data.milestones import MilestoneKind, Stop
from survey.web.forms import Problems, message_of

Posted = Mapping[str, str]
DATE_PARTS = ("day", "month", "year")
LONGEST_KEPT = 60_000
"""What is shown again after a fault is not cut short of this."""
OPENS = time(9)
CLOSES = time(23, 59)
KINDS = tuple(kind for kind in MilestoneKind if kind is not MilestoneKind.QUESTIONNAIRE)


@dataclass(frozen=True)
class StepForm:
    """A form as shown: what its fields hold, which boxes are ticked, what is wrong."""

    values: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    problems: Problems = ()

    def value(self, name: str) -> str:
        """What a field holds, "" for nothing."""
        return self.values.get(name, "")

    def message(self, name: str) -> str | None:
        """What is wrong with a field, or None."""
        return message_of(self.problems, name)

    def with_problems(self, problems: Sequence[tuple[str, str]]) -> StepForm:
        """The same, with what is wrong."""
        return replace(self, problems=tuple(problems))


def read_plain(posted: Posted, *, names: Sequence[str]) -> StepForm:
    """Fields of text as posted."""
    return StepForm({name: _text(posted, name) for name in names})


def _text(posted: Posted, name: str) -> str:
    return posted.get(name, "").replace("\r\n", "\n")[:LONGEST_KEPT]


# ---- dates


def date_values(name: str, day: date | None) -> dict[str, str]:
    """The three fields of a date."""
    parts = ("", "", "") if day is None else (str(day.day), str(day.month), str(day.year))
    return {f"{name}-{part}": text for part, text in zip(DATE_PARTS, parts, strict=True)}


def _typed(posted: Posted, name: str) -> dict[str, str]:
    return {f"{name}-{part}": posted.get(f"{name}-{part}", "").strip()[:10] for part in DATE_PARTS}


def _read_date(typed: Mapping[str, str], name: str) -> date | None:
    parts = [typed[f"{name}-{part}"] for part in DATE_PARTS]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Window:
    """The title and the window of a round; times are None where something is wrong."""

    form: StepForm
    title: str
    opens_at: datetime | None
    closes_at: datetime | None


def read_basics(posted: Posted) -> Window:
    """The form of a round's title and window. It opens at nine and closes at midnight."""
    opens, closes = _typed(posted, "opens"), _typed(posted, "closes")
    first, last = _read_date(opens, "opens"), _read_date(closes, "closes")
    problems = []
    if first is None or first.year < 2000:
        problems.append(("opens", "Enter the first day as a day, month and year"))
    if last is None or last.year < 2000:
        problems.append(("closes", "Enter the last day as a day, month and year"))
    title = _text(posted, "title")
    return Window(
        form=StepForm({"title": title, **opens, **closes}, problems=tuple(problems)),
        title=title,
        opens_at=None if problems or first is None else _at(first, OPENS),
        closes_at=None if problems or last is None else _at(last, CLOSES),
    )


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=LONDON)


# ---- the timetable


def timetable_form(stops: Sequence[Stop]) -> StepForm:
    """The form of a timetable filled with its dates."""
    held = {stop.kind: stop for stop in stops}
    values: dict[str, str] = {}
    for kind in KINDS:
        stop = held.get(kind)
        values |= date_values(kind, stop.on if stop else None)
        values |= date_values(f"{kind}-until", stop.until if stop else None)
        values[f"{kind}-note"] = stop.note if stop else ""
    return StepForm(values)


def read_timetable(posted: Posted) -> tuple[StepForm, list[Stop]]:
    """The form of a timetable as posted, and its dates. A step without a date is left out."""
    values: dict[str, str] = {}
    stops: list[Stop] = []
    problems: list[tuple[str, str]] = []
    for kind in KINDS:
        typed, until = _typed(posted, kind), _typed(posted, f"{kind}-until")
        note = _text(posted, f"{kind}-note").strip()
        values |= typed | until | {f"{kind}-note": note}
        on, last = _read_date(typed, kind), _read_date(until, f"{kind}-until")
        if any(typed.values()) and on is None:
            message = f"{TITLES[kind]}: enter a day, month and year, or leave all three empty"
            problems.append((kind, message))
        if any(until.values()) and last is None:
            message = f"{TITLES[kind]}: enter the last day as a day, month and year"
            problems.append((f"{kind}-until", message))
        if on is None and not any(typed.values()) and (note or any(until.values())):
            problems.append((kind, f"{TITLES[kind]}: enter the first day too"))
        if on is not None:
            stops.append(Stop(kind, on, last if last != on else None, note))
    return StepForm(values, problems=tuple(problems)), stops


# ---- contacts, local questions


def read_contacts(posted: Posted) -> tuple[StepForm, Contacts]:
    """The form of the contacts as posted."""
    form = read_plain(posted, names=("contact", "urgent", "checked-by", "checked-email"))
    contacts = Contacts(
        contact=form.value("contact"),
        urgent_contact=form.value("urgent"),
        checked_by=form.value("checked-by"),
        checked_email=form.value("checked-email"),
    )
    return form, contacts


def read_question(posted: Posted, *, levels: Sequence[str]) -> tuple[StepForm, Asked]:
    """The form of a local question as posted. Without a level ticked all are asked."""
    form = read_plain(posted, names=("text", "signpost", "scale", "guidance"))
    form = replace(form, chosen=frozenset(levels))
    scale = form.value("scale")
    asked = Asked(
        text=form.value("text").replace("\n", " "),
        signpost=form.value("signpost"),
        scale="" if scale == "text" else scale or "nothing chosen",
        guidance=form.value("guidance").replace("\n", " "),
        audience=tuple(Level(level) for level in ALL_LEVELS if level in levels),
    )
    return form, asked


# ---- lines and thresholds

PERCENTAGES = (
    "strength_line",
    "consideration_line",
    "majority_line",
    "clear",
    "indicative",
    "min_response",
    "dont_know_flag",
    "dont_know_gate",
)
NUMBERS = ("k", "min_agencies")
_PERCENTAGE = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3})?")


def lines_form(settings: AnalysisSettings) -> StepForm:
    """The form of lines and thresholds: shares as percentages."""
    values = {name: _percent(getattr(settings, name)) for name in PERCENTAGES}
    return StepForm(values | {name: str(getattr(settings, name)) for name in NUMBERS})


def _percent(line: str) -> str:
    return format((Decimal(line) * 100).normalize(), "f")


def read_lines(posted: Posted) -> tuple[StepForm, dict[str, object]]:
    """The form of lines and thresholds as posted, and the settings they make."""
    form = read_plain(posted, names=(*PERCENTAGES, *NUMBERS))
    changes: dict[str, object] = {}
    problems = []
    shares: dict[str, Decimal] = {}
    for name in PERCENTAGES:
        share = _share(form.value(name))
        if share is None:
            problems.append((name, "Enter a percentage above 0 and below 100, such as 60"))
        else:
            shares[name] = share
            changes[name] = format(share.normalize(), "f")
    for name in NUMBERS:
        text = form.value(name).strip()
        if text.isascii() and text.isdigit() and len(text) < 4:
            changes[name] = int(text)
        else:
            problems.append((name, "Enter a whole number"))
    problems += _line_problems(shares)
    problems += _number_problems(changes)
    return form.with_problems(problems), changes


def _share(text: str) -> Decimal | None:
    plain = text.strip().removesuffix("%").strip()
    if not _PERCENTAGE.fullmatch(plain):
        return None
    share = Decimal(plain) / 100
    return share if share > 0 else None


_MUST_BE = (
    (
        "consideration_line",
        "strength_line",
        True,
        "The line for what to explore must not be above the line for strengths",
    ),
    (
        "majority_line",
        "strength_line",
        True,
        "What a strength must surely lie above must not be above the line for strengths",
    ),
    (
        "indicative",
        "clear",
        False,
        "The lower confidence must be below the confidence for a clear reading",
    ),
    (
        "dont_know_flag",
        "dont_know_gate",
        False,
        "The first line for “don’t know” must be below the line that stops a reading",
    ),
)


def _line_problems(shares: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    return [
        (low, message)
        for low, high, may_equal, message in _MUST_BE
        if low in shares
        and high in shares
        and (shares[low] > shares[high] or (shares[low] == shares[high] and not may_equal))
    ]


def _number_problems(changes: Mapping[str, object]) -> list[tuple[str, str]]:
    problems = []
    k, agencies = changes.get("k"), changes.get("min_agencies")
    if isinstance(k, int) and k not in (10, 11):
        problems.append(("k", "Choose 10 or 11 people"))
    if isinstance(agencies, int) and not 3 <= agencies <= 20:
        problems.append(("min_agencies", "Enter a number from 3 to 20"))
    return problems


# ---- sector groups

COUNCIL = "council"
MOST_GROUPS = 8


def group_names(settings: AnalysisSettings) -> tuple[str, ...]:
    """The names of the groups a form offers: those there are, and some without a title yet."""
    names = list(settings.sector_groups)
    number = 1
    while len(names) < MOST_GROUPS:
        if f"group_{number}" not in names:
            names.append(f"group_{number}")
        number += 1
    return tuple(names)


def groups_form(settings: AnalysisSettings) -> StepForm:
    """The form of sector groups: a title for each, and for each sector its group."""
    values = {
        f"title-{name}": settings.group_titles.get(name, "") for name in group_names(settings)
    }
    values |= {f"sector-{sector.value}": settings.group_of(sector) for sector in Sector}
    return StepForm(values)


def read_groups(
    posted: Posted, *, names: Sequence[str], settings: AnalysisSettings
) -> tuple[StepForm, dict[str, object]]:
    """The form of sector groups as posted, and the settings they make.

    A group without a title and without a sector is left out.
    """
    fields = [f"title-{name}" for name in names] + [f"sector-{sector.value}" for sector in Sector]
    form = read_plain(posted, names=fields)
    groups: dict[str, list[str]] = {name: [] for name in names}
    problems = []
    for sector in Sector:
        chosen = form.value(f"sector-{sector.value}")
        if chosen in groups:
            groups[chosen].append(sector.value)
        else:
            problems.append((f"sector-{sector.value}", "Select a group"))
    titles = {name: form.value(f"title-{name}").strip() for name in names}
    kept = {name: held for name, held in groups.items() if held or titles[name]}
    problems += _title_problems(kept, titles)
    if not groups[COUNCIL]:
        problems.append((f"title-{COUNCIL}", "Leave at least one sector with the council"))
    changes: dict[str, object] = {
        "sector_groups": kept,
        "council_sectors": groups[COUNCIL],
        "group_titles": {
            **{name: titles[name] for name in kept},
            "partners": settings.group_titles["partners"],
        },
    }
    return form.with_problems(problems), changes


def _title_problems(
    kept: Mapping[str, Sequence[str]], titles: Mapping[str, str]
) -> list[tuple[str, str]]:
    problems = []
    seen: set[str] = set()
    for name, held in kept.items():
        title = titles[name]
        field_name = f"title-{name}"
        if not title:
            problems.append((field_name, "Enter a name for this group: it has sectors in it"))
        elif len(title) > 60:
            problems.append((field_name, "Use 60 characters or fewer"))
        elif title.casefold() in seen:
            problems.append((field_name, "Two groups have this name"))
        if title and not held:
            problems.append((field_name, "Put a sector in this group, or take its name out"))
        seen.add(title.casefold())
    return problems
