"""The timetable of a round: impossible orders, what is due, and a calendar file by RFC 5545."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from survey.actions import timetable
from survey.actions.timetable import calendar, due_next, find_warnings, suggested_letter
from survey.data.milestones import MilestoneKind, Stop

DAY = date(2031, 3, 3)
MADE = datetime(2031, 3, 1, 9, 30, tzinfo=UTC)
HOSTILE = 'Comma, semi;colon \\ back\nnew line <script> =cmd|x ‮ شكرا 👩‍👧 "quoted"'


def stop(kind: str, month: int, day: int, until: int | None = None, note: str = "") -> Stop:
    last = date(2031, month, until) if until else None
    return Stop(MilestoneKind(kind), date(2031, month, day), last, note)


GOOD = (
    stop("scoping", 1, 10),
    stop("questionnaire", 2, 3, 21),
    stop("case_mapping", 2, 25),
    stop("initial_thoughts", 2, 27),
    stop("on_site", 3, 3, 6),
    stop("conference", 3, 6),
    stop("draft_letter", 3, 20),
    stop("factual_check", 3, 20, 27),
    stop("final_letter", 4, 3),
)


def test_usual_order_has_no_warning() -> None:
    assert find_warnings(GOOD) == ()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (stop("scoping", 2, 4), "opens before the scoping meeting"),
        (stop("initial_thoughts", 2, 20), "Initial thoughts come before the questionnaire closes"),
        (stop("on_site", 2, 20, 28), "begin before the questionnaire closes"),
        (stop("case_mapping", 3, 4), "before case mapping has ended"),
        (stop("initial_thoughts", 3, 4), "before the initial thoughts are shared"),
        (stop("conference", 3, 2), "The conference comes before the on-site days"),
        (stop("draft_letter", 3, 5), "The draft letter comes before the conference"),
        (stop("factual_check", 3, 19), "before the draft letter it checks"),
        (stop("final_letter", 3, 25), "before the factual check has ended"),
    ],
    ids=lambda value: value.kind if isinstance(value, Stop) else None,
)
def test_impossible_order_is_told(changed: Stop, says: str) -> None:
    stops = [changed if each.kind is changed.kind else each for each in GOOD]

    assert any(says in warning for warning in find_warnings(stops))


def test_conference_may_be_on_the_last_day_on_site() -> None:
    stops = [stop("on_site", 3, 3, 6), stop("conference", 3, 6), stop("draft_letter", 3, 6)]

    assert find_warnings(stops) == ()


@pytest.mark.parametrize(
    ("today", "kind"),
    [
        (date(2031, 1, 1), "scoping"),
        (date(2031, 1, 10), "scoping"),
        (date(2031, 2, 10), "questionnaire"),
        (date(2031, 2, 22), "case_mapping"),
        (date(2031, 3, 4), "on_site"),
        (date(2031, 4, 4), None),
    ],
    ids=["before all", "today", "within", "between", "several days", "after all"],
)
def test_what_is_due_next(today: date, kind: str | None) -> None:
    found = due_next(GOOD, today=today)

    assert (found.kind if found else None) == kind


def test_draft_letter_is_suggested_two_weeks_after_the_conference() -> None:
    assert suggested_letter([stop("conference", 3, 6)]) == date(2031, 3, 20)
    assert suggested_letter([stop("conference", 3, 6), stop("draft_letter", 4, 1)]) is None
    assert suggested_letter([]) is None


# ---- the calendar file, read by the rules of RFC 5545


def made(stops: tuple[Stop, ...] = GOOD, title: str = "Autumn", council: str = "Wexmoor") -> str:
    return calendar(stops, round_id="r1", round_title=title, council=council, made_at=MADE)


def unfolded(text: str) -> list[str]:
    """Content lines by RFC 5545, 3.1: a line break and one space or tab are taken out."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return re.sub(r"\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")


def unescaped(text: str) -> str:
    """TEXT by RFC 5545, 3.3.11."""
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)


def events(text: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT" and line != "END:VCALENDAR":
            assert name not in found[-1]
            found[-1][name] = value
    return found


def test_calendar_has_every_date_once_as_whole_days() -> None:
    held = events(made())

    assert len(held) == len(GOOD)
    assert [(each["DTSTART;VALUE=DATE"], each["DTEND;VALUE=DATE"]) for each in held][:2] == [
        ("20310110", "20310111"),
        ("20310203", "20310222"),  # the end of whole days is the day after (RFC 5545, 3.6.1)
    ]
    assert {each["DTSTAMP"] for each in held} == {"20310301T093000Z"}
    assert len({each["UID"] for each in held}) == len(GOOD)
    lines = unfolded(made())
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    assert any(line.startswith("PRODID:") for line in lines)


def test_event_keeps_its_identity_when_its_date_moves() -> None:
    moved = tuple(stop("scoping", 1, 12) if each.kind == "scoping" else each for each in GOOD)

    assert events(made(moved))[0]["UID"] == events(made())[0]["UID"]


def test_hostile_text_is_escaped_and_comes_back_whole() -> None:
    noted = (stop("conference", 3, 6, note=HOSTILE),)

    (event,) = events(made(noted, title=HOSTILE, council="A, B; C"))

    assert unescaped(event["DESCRIPTION"]) == f"{HOSTILE}\n{HOSTILE}"
    assert unescaped(event["SUMMARY"]) == "Conference: A, B; C"


@pytest.mark.parametrize(
    "text",
    ["x" * 300, "é" * 300, "👩‍👧" * 60, "a" * 63 + "é" * 80, ""],
    ids=["ascii", "two octets", "joined", "on the edge", "empty"],
)
def test_no_line_has_more_than_75_octets_and_no_character_is_split(text: str) -> None:
    octets = made((stop("conference", 3, 6, note=text),), title=text or "T").encode("utf-8")

    for line in octets.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    (event,) = events(octets.decode("utf-8"))
    assert text in unescaped(event["DESCRIPTION"])


def test_every_kind_has_a_name() -> None:
    assert set(timetable.TITLES) == set(MilestoneKind)
