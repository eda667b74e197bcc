"""Watching a round in words: what stands first, whom to ask, and where the pace leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from question_banks.bank import Level, Sector
from survey.data.comment_checks import Waiting
from survey.data.coverage import AgencyCount, Coverage, LevelCount
from survey.data.ledger import Released
from survey.data.models import Council, Review, Round
from survey.data.rounds import RoundOfCouncil
from survey.data.sent_in import DayCount
from survey.web import presenters_coverage, presenters_ledger, presenters_watch
from tests.factories import NOW

TODAY = date(2031, 3, 3)


def agency(name: str, answered: int, invited: int | None = 10, **changes: object) -> AgencyCount:
    """A police agency's counts, unless told otherwise."""
    made = AgencyCount(
        agency=name,
        sector=Sector.POLICE,
        expected=True,
        invited=invited,
        links=0,
        answered=answered,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def coverage(*agencies: AgencyCount, drafts: int = 0, **changes: object) -> Coverage:
    """Coverage of those agencies."""
    made = Coverage(
        agencies=agencies, levels=(), expected_sectors=frozenset[Sector](), drafts=drafts
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def item(*, opened: int = 20, left: int = 10) -> RoundOfCouncil:
    """A round opened so many days ago, with so many left."""
    return RoundOfCouncil(
        Round(
            slug="autumn",
            title="Autumn",
            opens_at_utc=NOW - timedelta(days=opened),
            closes_at_utc=NOW + timedelta(days=left),
            launched_at_utc=NOW - timedelta(days=opened),
        ),
        cast(Review, SimpleNamespace(title="Review")),
        cast(Council, SimpleNamespace(name="Wexmoor Council")),
    )


def page_of(found: Coverage, *days: tuple[int, int], **timing: int) -> presenters_watch.WatchPage:
    """The page; `days` are so many days ago and how many sent in answers then."""
    return presenters_watch.watch_page(
        item(**timing),
        found,
        days=[DayCount(TODAY - timedelta(days=ago), count) for ago, count in days],
        to_act_on=Waiting(comments=0, urgent=0),
        now=NOW,
    )


def test_silent_agencies_come_first_then_those_behind_by_how_many_they_lack() -> None:
    page = page_of(
        coverage(
            agency("Ahead", 9),
            agency("Behind a little", 5),
            agency("Behind a lot", 5, 40),
            agency("Small and silent", 0, 2),
            agency("Large and silent", 0, 20),
            agency("Not expected", 0, expected=False),
            agency("As one", 0, None, answers_as_one=True),
            agency("Nobody knows", 3, None),
        )
    )

    assert [one.name for one in page.to_ask] == [
        "Large and silent",
        "Small and silent",
        "Behind a lot",
    ]
    assert page.silent_agencies == 2


def test_agencies_that_are_alike_are_not_behind_each_other() -> None:
    page = page_of(coverage(agency("One", 5), agency("Other", 5)))

    assert page.to_ask == ()


def test_long_list_to_ask_is_cut_and_says_so() -> None:
    page = page_of(coverage(*(agency(f"A{n:03}", 0) for n in range(40))))

    assert (len(page.to_ask), page.more_to_ask) == (25, 15)


def test_sector_that_was_to_be_heard_is_silent_without_any_agency() -> None:
    found = coverage(
        agency("Police", 3),
        agency("Faith", 0, sector=Sector.FAITH, expected=False),
        agency("Return", 0, None, sector=Sector.HOUSING, answers_as_one=True),
        agency("School one", 0, sector=Sector.SCHOOLS),
        agency("School two", 0, sector=Sector.SCHOOLS),
        expected_sectors=frozenset({Sector.POLICE, Sector.PROBATION}),
    )

    assert presenters_coverage.silent_sectors(found) == (
        "Probation: no agency has been invited",
        "Schools: 2 agencies invited",
    )


def test_started_counts_those_who_finished_too() -> None:
    page = page_of(coverage(agency("Police", 6), drafts=3))

    numbers = {one.words: one.number for one in page.figures}
    assert numbers["have started"] == "9"
    assert numbers["have sent in their answers"] == "6"
    assert numbers["of those invited"] == "60%"
    assert numbers["days left"] == "10"
    assert page.started.startswith("3 people have started and not finished.")


def test_pace_of_a_week_leads_to_the_last_day() -> None:
    page = page_of(coverage(agency("Police", 30, 200)), (0, 4), (6, 10), (7, 16))

    assert page.pace == (
        "In the last 7 days 14 people sent in answers. If that goes on, about 50 of 200 will "
        "have by the last day."
    )


@pytest.mark.parametrize(
    ("timing", "days", "pace"),
    [
        ({"opened": 2}, ((0, 4),), "In the last 3 days 4 people sent in answers."),
        ({"opened": 0}, ((0, 1),), "Today 1 person sent in answers."),
        ({"left": 0}, ((0, 4),), ""),
        ({}, (), ""),
    ],
    ids=["less than a week", "opened today", "over", "no days kept"],
)
def test_pace_is_not_drawn_out_of_little(
    timing: dict[str, int], days: tuple[tuple[int, int], ...], pace: str
) -> None:
    assert page_of(coverage(agency("Police", 4, 200)), *days, **timing).pace == pace


def test_pace_never_leads_beyond_everybody() -> None:
    page = page_of(coverage(agency("Police", 8, 10)), (1, 8))

    assert "about 10 of 10" in page.pace


def test_answers_without_a_day_are_told() -> None:
    page = page_of(coverage(agency("Police", 8)), (1, 5))

    assert page.undated.startswith("3 answers are not in the picture")
    assert page_of(coverage(agency("Police", 5)), (1, 5)).undated == ""


def test_level_of_unknown_number_has_no_rate() -> None:
    found = coverage(
        agency("Police", 8),
        levels=(
            LevelCount(level=Level.STRATEGIC, invited=4, answered=3),
            LevelCount(level=Level.FRONTLINE, invited=None, answered=5),
        ),
    )

    assert [(one.invited, one.answered, one.rate) for one in page_of(found).levels] == [
        ("4", "3", "75%"),
        ("Not known", "5", ""),
    ]


def released(*, updated: int = 0, held: int = 0) -> Released:
    """A release with so many questions new and held."""
    return Released(1, "review_team", NOW, updated, held)


@pytest.mark.parametrize(
    ("releases", "says"),
    [
        ([], "No findings have been shown"),
        ([released()], "have been shown once, from"),
        ([released(), released(updated=20, held=8)], "8 questions of 28 kept older figures"),
        ([released(), released(held=1)], "1 question kept older figures"),
        ([released(), released(updated=3)], "against all that were shown before"),
    ],
    ids=["never", "once", "some held", "all held", "twice"],
)
def test_cost_of_opening_again_is_told_in_the_rounds_own_numbers(
    releases: list[Released], says: str
) -> None:
    assert says in " ".join(presenters_ledger.cost_of_reopening(releases, k=10))
