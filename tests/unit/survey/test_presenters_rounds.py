"""Who answered, what may be shown at this response, and how long is left, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analysis.settings import AnalysisSettings
from question_banks.bank import Sector
from survey.actions.closing import SnapshotOutcome
from survey.data.coverage import AgencyCount
from survey.data.round_state import RoundState
from survey.data.snapshots import SnapshotRef
from survey.web import presenters_closing, presenters_coverage, presenters_rounds


def agency(
    name: str,
    sector: Sector,
    answered: int,
    *,
    invited: int | None = 20,
    expected: bool = True,
) -> AgencyCount:
    """An agency's counts."""
    return AgencyCount(
        agency=name,
        sector=sector,
        expected=expected,
        invited=invited,
        links=0,
        answered=answered,
    )


def test_forecast_names_groups_that_are_large_enough() -> None:
    found = [
        agency("Care", Sector.CHILDRENS_SOCIAL_CARE, 12),
        agency("Police", Sector.POLICE, 6),
        agency("Probation", Sector.PROBATION, 5),
        agency("Ward", Sector.NHS_ACUTE, 11),
        agency("School", Sector.SCHOOLS, 0),
    ]

    can, cannot = presenters_closing.forecast(found, settings=AnalysisSettings())

    assert can == (
        "who was invited and who answered",
        "figures for all 34 people together",
        "the comments you release",
        "the council (12) against all partners (22)",
        "police and justice apart (11)",
    )
    assert cannot == ("health apart (11)",)  # one agency alone would be named by its group


@pytest.mark.parametrize(
    ("answered", "cannot"),
    [
        (0, "any figures: 0 answered, and at least 10 are needed"),
        (9, "any figures: 9 answered, and at least 10 are needed"),
    ],
)
def test_forecast_under_ten_shows_no_figures(answered: int, cannot: str) -> None:
    found = [agency("Police", Sector.POLICE, answered)]

    can, refused = presenters_closing.forecast(found, settings=AnalysisSettings())

    assert refused == (cannot,)
    assert not any("figures" in phrase for phrase in can)


def test_forecast_of_two_agencies_says_what_is_missing() -> None:
    found = [
        agency("Police", Sector.POLICE, 10),
        agency("Care", Sector.CHILDRENS_SOCIAL_CARE, 3),
    ]

    _, cannot = presenters_closing.forecast(found, settings=AnalysisSettings())

    assert cannot == (
        "a reading of what partners say: it takes 3 agencies, and 2 answered",
        "the council (3) against all partners (10): each side needs 10 people",
        "police and justice apart (10)",
    )


@pytest.mark.parametrize(
    ("counts", "headline"),
    [
        ([], "Nobody has answered yet."),
        ([(0, 20)], "Nobody has answered yet."),
        ([(1, 1)], "1 of 1 person has answered, from 1 agency."),
        ([(1, None)], "1 person has answered, from 1 agency."),
        ([(3, None), (2, 9)], "5 people have answered, from 2 agencies."),
        ([(3, 1200)], "3 of 1,200 people have answered, from 1 agency."),
    ],
)
def test_headline_agrees_in_number(counts: list[tuple[int, int | None]], headline: str) -> None:
    found = [
        agency(f"Agency {place}", Sector.POLICE, answered, invited=invited)
        for place, (answered, invited) in enumerate(counts)
    ]

    assert presenters_coverage.coverage_tables(found).headline == headline


def test_more_answers_than_invited_is_not_over_a_hundred_percent() -> None:
    tables = presenters_coverage.coverage_tables([agency("P", Sector.POLICE, 7, invited=5)])

    assert tables.rate == "100%"


def test_total_invited_is_not_made_up_of_some_agencies() -> None:
    found = [agency("P", Sector.POLICE, 7, invited=10), agency("Q", Sector.POLICE, 2, invited=None)]

    tables = presenters_coverage.coverage_tables(found)

    assert (tables.invited, tables.rate) == ("not known", "")


def test_silence_that_was_expected_is_told_apart() -> None:
    found = [
        agency("A faith group", Sector.FAITH, 0, expected=False),
        agency("B police", Sector.POLICE, 0),
    ]

    notes = [line.note for line in presenters_coverage.coverage_tables(found).agencies]

    assert notes == ["Silent", "Silent, not expected"], "the silence that matters comes first"


@pytest.mark.parametrize(
    ("drafts", "state", "words"),
    [
        (0, RoundState.OPEN, ""),
        (1, RoundState.OPEN, "1 more person has started and not sent their answers yet."),
        (
            2,
            RoundState.CLOSED,
            "2 more people started and did not send their answers, so they are not counted.",
        ),
    ],
)
def test_started_is_told_with_what_becomes_of_it(
    drafts: int, state: RoundState, words: str
) -> None:
    assert presenters_rounds.started_text(drafts, state=state) == words


@pytest.mark.parametrize(
    ("updated", "held", "end"),
    [
        (0, 0, "from 50 people"),
        (
            12,
            18,
            "; 12 questions have new figures, 18 questions held at those of an earlier snapshot",
        ),
        (1, 1, "; 1 question has new figures, 1 question held at those of an earlier snapshot"),
    ],
    ids=["all of it new", "a mixture", "one of each"],
)
def test_snapshot_says_how_much_of_it_is_new(updated: int, held: int, end: str) -> None:
    snapshot = SnapshotRef(
        id="s",
        number=2,
        made_at=datetime(2031, 3, 3, 12, tzinfo=UTC),
        answered=50,
        code_version="0.1.0",
        tally_digest="t",
        updated=updated,
        held=held,
    )

    words = presenters_rounds.snapshot_text(snapshot)

    assert words.startswith("Snapshot 2, made at midday on 3 March 2031 from 50 people")
    assert words.endswith(end)


def test_no_snapshot_says_nothing() -> None:
    assert presenters_rounds.snapshot_text(None) == ""


@pytest.mark.parametrize("outcome", SnapshotOutcome)
def test_every_outcome_of_closing_has_words(outcome: SnapshotOutcome) -> None:
    assert presenters_rounds.closed_words(outcome).startswith("The round is closed")


@pytest.mark.parametrize(
    ("outcome", "start"),
    [("already", "The round is closed."), ("", ""), ("burnt", "")],
    ids=["closed before", "not just closed", "made up"],
)
def test_words_after_closing_are_those_of_the_address(outcome: str, start: str) -> None:
    words = presenters_rounds.closed_words(outcome)

    assert words.startswith(start)
    assert bool(words) is bool(start)
