"""What a round could show, told from the numbers invited."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.settings import AnalysisSettings
from question_banks.bank import Sector
from survey.actions.forecast import AgencySize, Forecast, forecast
from survey.demo.cast import AGENCIES

CARE, HELP = Sector.CHILDRENS_SOCIAL_CARE, Sector.EARLY_HELP
POLICE, PROBATION, CLINIC = Sector.POLICE, Sector.PROBATION, Sector.NHS_COMMUNITY


def _forecast(*sizes: tuple[Sector, int], k: int = 10) -> Forecast:
    agencies = [AgencySize(sector, invited) for sector, invited in sizes]
    return forecast(agencies, settings=AnalysisSettings(k=k))


def test_group_of_ten_from_two_agencies_is_shown_in_figures() -> None:
    found = _forecast((CARE, 30), (POLICE, 9), (PROBATION, 8))

    assert found.figures == ("Council", "Police and justice", "All partners")


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        pytest.param(
            [(CARE, 30), (POLICE, 30), (CLINIC, 30)], "Police and justice", id="one agency"
        ),
        pytest.param([(CARE, 30), (POLICE, 8), (PROBATION, 8)], "Police and justice", id="nine"),
        pytest.param([(CARE, 12), (POLICE, 9), (PROBATION, 9)], "Police and justice", id="rest"),
    ],
)
def test_group_that_falls_short_is_told_in_words(
    sizes: list[tuple[Sector, int]], words: str
) -> None:
    found = _forecast(*sizes)

    assert words in found.words
    assert words not in found.figures


def test_group_of_four_is_only_shown_with_others() -> None:
    found = _forecast((CARE, 30), (POLICE, 8), (CLINIC, 30))

    assert found.hidden == ("Police and justice",)


def test_round_of_two_agencies_shows_nothing_in_figures_or_words() -> None:
    found = _forecast((CARE, 60), (POLICE, 60))

    assert found == Forecast((), (), ("Council", "Police and justice", "All partners"))


def test_group_that_would_be_told_by_the_others_is_not_promised() -> None:
    """Of two groups of the partners, one shown would tell the other."""
    found = _forecast((CARE, 30), (CLINIC, 20), (Sector.NHS_ACUTE, 20), (POLICE, 8))

    assert "All partners" in found.figures
    assert "Health" not in found.figures


def test_fuller_response_shows_more() -> None:
    agencies = [AgencySize(CARE, 30), AgencySize(POLICE, 6), AgencySize(PROBATION, 6)]

    found = [
        forecast(agencies, settings=AnalysisSettings(), response=Fraction(percent, 100)).figures
        for percent in (60, 90)
    ]

    assert found == [(), ("Council", "Police and justice", "All partners")]


def test_higher_floor_counts() -> None:
    sizes = ((CARE, 30), (POLICE, 9), (PROBATION, 8))

    assert _forecast(*sizes, k=10).figures != _forecast(*sizes, k=11).figures


def test_nobody_invited_forecasts_nothing() -> None:
    assert _forecast() == Forecast((), (), ())


def test_demo_could_show_both_sides_and_two_groups() -> None:
    sizes = [AgencySize(agency.sector, agency.invited) for agency in AGENCIES]

    found = forecast(sizes, settings=AnalysisSettings())

    assert {"Council", "All partners", "Health"} <= set(found.figures)
