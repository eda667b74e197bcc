"""The line of answers sent in: what it says in words, in its table and across the drawing."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from analysis.charts_days import MOST_DAYS, days_chart, step_of

FIRST = date(2031, 3, 3)


def test_nobody_is_no_drawing() -> None:
    assert days_chart({}, first=FIRST, last=FIRST) is None


def test_sentence_names_the_busiest_and_the_last_day() -> None:
    counts = {FIRST: 4, FIRST + timedelta(days=2): 9, FIRST + timedelta(days=5): 1}

    chart = days_chart(counts, first=FIRST, last=FIRST + timedelta(days=9))

    assert chart is not None
    assert chart.sentence == (
        "14 people sent in answers, on 3 days. Most came on 5 March 2031: 9. "
        "The last was 8 March 2031."
    )
    assert chart.table.rows == (
        ("3 March 2031", "4", "4"),
        ("5 March 2031", "9", "13"),
        ("8 March 2031", "1", "14"),
    )


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({FIRST: 1}, "1 person sent in answers, on 3 March 2031."),
        (
            {FIRST: 2, FIRST + timedelta(days=1): 2},
            "4 people sent in answers, on 2 days. The last was 4 March 2031.",
        ),
    ],
    ids=["one day", "two days alike"],
)
def test_sentence_of_few_days(counts: dict[date, int], sentence: str) -> None:
    chart = days_chart(counts, first=FIRST, last=FIRST)

    assert chart is not None
    assert chart.sentence == sentence


def test_days_without_answers_lie_on_the_ground_line() -> None:
    last = FIRST + timedelta(days=4)

    chart = days_chart({FIRST: 8, last: 4}, first=FIRST, last=last)

    assert chart is not None
    drawn = re.findall(
        r'<line x1="([\d.]+)%" y1="([\d.]+)" x2="([\d.]+)%" y2="([\d.]+)"', chart.svg
    )
    steps = [tuple(map(float, each)) for each in drawn if each[0] != "0.00"]
    assert [start for _, start, _, _ in steps] + [steps[-1][3]] == [30, 230, 230, 230, 130]
    assert [x for x, _, _, _ in steps] == [4, 27, 50, 73]


def test_day_before_the_round_opened_is_drawn_too() -> None:
    early = FIRST - timedelta(days=1)

    chart = days_chart({early: 1, FIRST: 3}, first=FIRST, last=FIRST)

    assert chart is not None
    assert "2 March 2031" in chart.svg


def test_very_long_window_draws_its_last_days() -> None:
    last = FIRST + timedelta(days=5000)

    chart = days_chart({FIRST: 3, last: 2}, first=FIRST, last=last)

    assert chart is not None
    assert chart.svg.count("<line ") < MOST_DAYS + 10
    assert len(chart.table.rows) == 2, "the table leaves no day out"


@pytest.mark.parametrize("most", [1, 2, 7, 40, 41, 999, 10_000])
def test_few_lines_across_and_the_top_one_reaches_the_most(most: int) -> None:
    step = step_of(most)

    assert 1 <= -(-most // step) <= 4
