"""What is posted while a round is set up: read into values, nothing lost, faults beside fields."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.settings import AnalysisSettings, parse
from question_banks.bank import ALL_LEVELS, Level, Sector
from survey.data.milestones import MilestoneKind, Stop
from survey.web import setup_forms as forms
from survey.web.presenters_lines import lines

USUAL = AnalysisSettings()


def fields(form: forms.StepForm) -> dict[str, str]:
    return dict(form.values)


@pytest.mark.parametrize(
    ("parts", "is_right"),
    [
        (("3", "3", "2031"), True),
        (("31", "2", "2031"), False),
        (("0", "0", "0"), False),
        (("", "", ""), False),
        (("3", "March", "2031"), False),
        (("٣", "3", "2031"), False),
        (("3", "3", "99999999999"), False),
        (("3", "3", "31"), False),
    ],
    ids=["right", "no such day", "zeros", "empty", "word", "other digits", "huge", "short year"],
)
def test_window_is_read_from_days(parts: tuple[str, str, str], is_right: bool) -> None:
    posted = {
        "title": "Spring",
        **dict(zip(("opens-day", "opens-month", "opens-year"), parts, strict=True)),
    }
    posted |= {"closes-day": "20", "closes-month": "3", "closes-year": "2031"}

    read = forms.read_basics(posted)

    assert (read.opens_at is not None) == is_right
    assert read.form.message("opens") == (
        None if is_right else "Enter the first day as a day, month and year"
    )
    assert read.form.value("title") == "Spring"


def test_window_opens_at_nine_and_closes_at_midnight_in_london() -> None:
    posted = {"opens-day": "1", "opens-month": "7", "opens-year": "2031"}
    posted |= {"closes-day": "20", "closes-month": "7", "closes-year": "2031"}

    read = forms.read_basics(posted)

    assert read.opens_at is not None
    assert read.closes_at is not None
    assert read.opens_at.isoformat() == "2031-07-01T09:00:00+01:00"
    assert read.closes_at.isoformat() == "2031-07-20T23:59:00+01:00"


def test_timetable_comes_back_as_it_was() -> None:
    stops = [
        Stop(MilestoneKind.SCOPING, date(2031, 1, 10), None, "Council house"),
        Stop(MilestoneKind.ON_SITE, date(2031, 3, 3), date(2031, 3, 6)),
    ]

    form, read = forms.read_timetable(fields(forms.timetable_form(stops)))

    assert form.problems == ()
    assert read == stops


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"scoping-day": "3"}, "scoping"),
        ({"scoping-note": "Where?"}, "scoping"),
        ({"scoping-until-day": "3"}, "scoping-until"),
        ({"on_site-day": "31", "on_site-month": "2", "on_site-year": "2031"}, "on_site"),
    ],
    ids=["part of a date", "note alone", "half an end", "no such day"],
)
def test_timetable_says_what_is_wrong(posted: dict[str, str], field: str) -> None:
    form, _ = forms.read_timetable(posted)

    assert field in [name for name, _ in form.problems]
    assert {form.value(name) for name in posted} == set(posted.values())


def test_empty_timetable_is_right() -> None:
    assert forms.read_timetable({})[1] == []


def test_lines_come_back_as_they_were() -> None:
    form, changes = forms.read_lines(fields(forms.lines_form(USUAL)))

    assert form.problems == ()
    assert parse({**USUAL.model_dump(mode="json"), **changes}, source="") == USUAL


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("strength_line", "", "Enter a percentage"),
        ("strength_line", "100", "Enter a percentage"),
        ("strength_line", "nan", "Enter a percentage"),
        ("strength_line", "inf", "Enter a percentage"),
        ("strength_line", "1e-9999", "Enter a percentage"),
        ("strength_line", "=cmd|x", "Enter a percentage"),
        ("consideration_line", "61", "must not be above the line for strengths"),
        ("majority_line", "61", "must not be above the line for strengths"),
        ("indicative", "95", "must be below the confidence for a clear reading"),
        ("dont_know_flag", "40", "must be below the line that stops a reading"),
        ("k", "9", "Choose 10 or 11"),
        ("k", "ten", "Enter a whole number"),
        ("min_agencies", "2", "from 3 to 20"),
        ("min_agencies", "21", "from 3 to 20"),
    ],
)
def test_line_out_of_bounds_is_told_beside_its_field(name: str, text: str, message: str) -> None:
    form, _ = forms.read_lines(fields(forms.lines_form(USUAL)) | {name: text})

    assert message in (form.message(name) or "")
    assert form.value(name) == text


@pytest.mark.parametrize(("text", "kept"), [("65", "0.65"), (" 62.5 % ", "0.625"), ("60", "0.6")])
def test_percentages_may_be_written_in_several_ways(text: str, kept: str) -> None:
    posted = fields(forms.lines_form(USUAL)) | {"strength_line": text}

    form, changes = forms.read_lines(posted)

    assert (form.problems, changes["strength_line"]) == ((), kept)


def test_every_line_and_threshold_is_explained() -> None:
    shown = {line.name for group in lines() for line in group.lines}

    assert shown == {*forms.PERCENTAGES, *forms.NUMBERS}
    others = {"everyone_in_scope", "council_sectors", "sector_groups", "group_titles"}
    assert set(AnalysisSettings.model_fields) - shown - others == {"expected_sectors"}


def read_groups(changes: dict[str, str]) -> tuple[forms.StepForm, dict[str, object]]:
    posted = fields(forms.groups_form(USUAL)) | changes
    return forms.read_groups(posted, names=forms.group_names(USUAL), settings=USUAL)


def test_groups_come_back_as_they_were() -> None:
    form, changes = read_groups({})

    assert form.problems == ()
    again = parse({**USUAL.model_dump(mode="json"), **changes}, source="")
    assert again.group_titles == USUAL.group_titles
    assert {name: set(held) for name, held in again.sector_groups.items()} == {
        name: set(held) for name, held in USUAL.sector_groups.items()
    }


def test_group_of_its_own_makes_settings() -> None:
    form, changes = read_groups(
        {"title-group_1": "Districts", "sector-district_council": "group_1"}
    )

    assert form.problems == ()
    settings = parse({**USUAL.model_dump(mode="json"), **changes}, source="")
    assert settings.group_of(Sector.DISTRICT_COUNCIL) == "group_1"
    assert settings.group_titles["group_1"] == "Districts"


def test_sector_moved_to_the_council_is_on_the_councils_side() -> None:
    _, changes = read_groups({"sector-district_council": "council"})

    settings = parse({**USUAL.model_dump(mode="json"), **changes}, source="")
    assert Sector.DISTRICT_COUNCIL in settings.council_sectors


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title-health": ""}, "title-health"),
        ({"title-health": "council"}, "title-health"),
        ({"title-health": "x" * 61}, "title-health"),
        ({"title-group_1": "Nobody"}, "title-group_1"),
        ({"sector-police": "nowhere"}, "sector-police"),
        (
            {f"sector-{sector.value}": "health" for sector in USUAL.council_sectors},
            "title-council",
        ),
    ],
    ids=["no name", "two of a name", "long", "empty group", "tampered", "no council"],
)
def test_groups_say_what_is_wrong(changes: dict[str, str], field: str) -> None:
    form, _ = read_groups(changes)

    assert field in [name for name, _ in form.problems]


def test_question_without_a_level_is_asked_of_everybody() -> None:
    _, none = forms.read_question({"text": "X?"}, levels=[])
    _, some = forms.read_question({"text": "X?"}, levels=["board", "nobody"])

    assert (none.audience, some.audience) == ((), (Level.BOARD,))
    assert len(ALL_LEVELS) == 5


@pytest.mark.parametrize(
    ("posted", "scale"),
    [("text", ""), ("agreement", "agreement"), ("", "nothing chosen")],
)
def test_how_a_question_is_answered_must_be_chosen(posted: str, scale: str) -> None:
    assert forms.read_question({"scale": posted}, levels=[])[1].scale == scale
