"""The simplified forecast: its rules, and that the gate never shows what it calls too small."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.settings import AnalysisSettings
from question_banks.bank import Sector
from survey.actions.forecast import AgencySize, forecast
from survey.data.coverage import AgencyCount
from survey.web.presenters_forecast import forecast_page, response_asked

SETTINGS = AnalysisSettings()


def agency(
    sector: Sector, invited: int | None, *, links: int = 0, as_one: bool = False
) -> AgencyCount:
    return AgencyCount(
        agency=f"Agency of {sector}",
        sector=sector,
        expected=True,
        invited=invited,
        links=links,
        answered=0,
        answers_as_one=as_one,
    )


def test_nobody_invited_gives_no_figures() -> None:
    page = forecast_page([], settings=SETTINGS, response=60)

    assert (page.invited, page.can_show_all, page.rows) == (0, False, ())


def test_numbers_links_and_returns() -> None:
    page = forecast_page(
        [
            agency(Sector.POLICE, 20),
            agency(Sector.SCHOOLS, None, links=5),
            agency(Sector.FAITH, None),
            agency(Sector.CAFCASS, 4, as_one=True),
        ],
        settings=SETTINGS,
        response=60,
    )

    assert (page.invited, page.answering, page.unknown) == (25, 15, 1)


@pytest.mark.parametrize(
    ("sizes", "title", "why"),
    [
        ([(Sector.POLICE, 10), (Sector.EARLY_HELP, 60)], "Police and justice", "Fewer than 10"),
        (
            [(Sector.POLICE, 60), (Sector.EARLY_HELP, 10)],
            "All partners",
            "Fewer than 10 people outside it",
        ),
        (
            [(Sector.POLICE, 60), (Sector.EARLY_HELP, 60)],
            "Police and justice",
            "Only one agency",
        ),
    ],
    ids=["too few", "too few outside", "one agency"],
)
def test_group_that_cannot_be_shown_says_why(
    sizes: list[tuple[Sector, int]], title: str, why: str
) -> None:
    page = forecast_page([agency(*one) for one in sizes], settings=SETTINGS, response=60)

    (row,) = [row for row in page.rows if row.title == title]
    assert not row.can_show
    assert why in row.why


SIZES: list[list[tuple[Sector, int]]] = [
    [(Sector.POLICE, 10), (Sector.EARLY_HELP, 30), (Sector.NHS_ACUTE, 30)],
    [(Sector.POLICE, 40), (Sector.PROBATION, 12), (Sector.EARLY_HELP, 50), (Sector.FAITH, 3)],
    [(Sector.SCHOOLS, 25), (Sector.COLLEGES, 25), (Sector.EARLY_HELP, 16), (Sector.POLICE, 90)],
    [(sector, 20) for sector in Sector],
    [(Sector.POLICE, 5), (Sector.FAITH, 5), (Sector.EARLY_HELP, 5)],
]


@pytest.mark.parametrize("sizes", SIZES, ids=range(len(SIZES)))
def test_gate_shows_nothing_that_this_calls_too_small(sizes: list[tuple[Sector, int]]) -> None:
    page = forecast_page([agency(*one) for one in sizes], settings=SETTINGS, response=60)
    gate = forecast(
        [AgencySize(*one) for one in sizes], settings=SETTINGS, response=Fraction(60, 100)
    )

    assert set(gate.figures) <= {row.title for row in page.rows if row.can_show}


@pytest.mark.parametrize(
    ("text", "response"),
    [("", 60), ("40", 40), ("80", 80), ("55", None), ("-1", None), ("x", None)],
)
def test_only_offered_responses(text: str, response: int | None) -> None:
    assert response_asked(text) == response
