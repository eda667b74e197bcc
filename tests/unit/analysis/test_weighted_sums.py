"""Weighted figures as the sums they are: what the audit is told must be what is published."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from analysis.disclosure import HALF_A_POINT, level_difference, level_sum, voice_sum, whole_points
from analysis.gaps import Pair, stratified_difference
from analysis.result import Interval, VoiceFigures
from analysis.settings import AnalysisSettings
from analysis.side_by_side import Cell
from analysis.weighting import Part, exact_equal_share, voices
from analysis.whole_people import Sum

LEVELS = ("strategic", "frontline")


def cell(agency: str, level: str, favourable: int, base: int) -> Cell:
    """People of one agency and level, the others of whom were unfavourable."""
    return Cell(agency, level, "health", "partners", favourable, 0, base - favourable)


# The first is of a level that is not compared, and the last agency has one level only.
CELLS = (
    cell("a", "operational", 3, 4),
    cell("a", "strategic", 5, 8),
    cell("a", "frontline", 4, 10),
    cell("b", "frontline", 2, 6),
    cell("b", "strategic", 3, 4),
    cell("c", "strategic", 1, 5),
    cell("c", "frontline", 6, 7),
    cell("d", "frontline", 5, 9),
)
FAVOURABLE = np.array([each.favourable for each in CELLS])


def bounds(found: Sum) -> tuple[float, float]:
    """What a reader of the whole points knows of the sum."""
    return found.low, found.high


def test_difference_between_levels_is_its_weighted_sum() -> None:
    pairs = [Pair(5, 8, 4, 10), Pair(3, 4, 2, 6), Pair(1, 5, 6, 7)]
    difference = stratified_difference(pairs)
    assert difference is not None

    found = level_sum(CELLS, difference, levels=LEVELS)

    shown = whole_points(difference.difference)
    assert found.weights @ FAVOURABLE == pytest.approx(difference.difference)
    assert found.weights[[0, 7]].tolist() == [0.0, 0.0]
    assert bounds(found) == (shown - HALF_A_POINT, shown + HALF_A_POINT)


def test_equal_share_is_its_weighted_sum() -> None:
    # The last agency is too small for a voice and alone, so that it weighs nothing.
    parts = [Part("a", "health", 12, 22), Part("b", "health", 5, 10), Part("c", "justice", 7, 12)]
    spoken = voices([*parts, Part("d", "voluntary", 2, 3)])
    share = float(exact_equal_share(spoken))
    shown = VoiceFigures(voices=3, share=0.54, interval=Interval(low=0.3, high=0.7))
    cells = (*CELLS[:7], cell("d", "frontline", 2, 3))

    found = voice_sum(shown, spoken, cells=cells)

    assert exact_equal_share(spoken) == (Fraction(12, 22) + Fraction(1, 2) + Fraction(7, 12)) / 3
    assert found.weights @ np.array([each.favourable for each in cells]) == pytest.approx(share)
    assert found.weights[-1] == 0.0
    assert bounds(found) == (0.54 - HALF_A_POINT, 0.54 + HALF_A_POINT)


@pytest.mark.parametrize(
    ("strata", "shown"),
    [
        pytest.param([(6, 12, 6, 12)] * 3, True, id="three agencies"),
        pytest.param([(6, 12, 6, 12)] * 2, False, id="two agencies"),
        pytest.param([(1, 2, 6, 12)] * 5, True, id="ten of the first"),
        pytest.param([(1, 2, 6, 12)] * 4, False, id="eight of the first"),
        pytest.param([(6, 12, 1, 2)] * 5, True, id="ten of the second"),
        pytest.param([(6, 12, 1, 2)] * 4, False, id="eight of the second"),
    ],
)
def test_difference_between_levels_needs_agencies_and_people(
    strata: list[tuple[int, int, int, int]], shown: bool
) -> None:
    parts = [
        (Part(str(place), "health", x, n), Part(str(place), "health", y, m))
        for place, (x, n, y, m) in enumerate(strata)
    ]

    found = level_difference(parts, settings=AnalysisSettings())

    assert (found is not None) is shown
