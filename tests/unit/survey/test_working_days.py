"""Working days, against bank holidays that were announced by others.

Those of 2025 and New Year's Day 2026 in England and Wales are those a surgery gave its patients
(bedfordstreetsurgery.co.uk, "Public holiday closed dates"). In 2022 the spring holiday was moved
to Thursday 2 June and Friday 3 June was added, as inews.co.uk explained on 30 May 2022 ("Is today
a bank holiday?").
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from survey.actions.reminding import due_at
from survey.actions.setting_up import offered_window
from survey.actions.working_days import is_working_day, working_days_before

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 5, 5),
        date(2025, 5, 26),
        date(2025, 8, 25),
        date(2025, 12, 25),
        date(2025, 12, 26),
        date(2026, 1, 1),
        date(2022, 6, 2),
        date(2022, 6, 3),
    ],
    ids=str,
)
def test_bank_holiday_is_no_working_day(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2022, 5, 30), date(2025, 8, 26), date(2025, 12, 24)], ids=str)
def test_day_beside_a_bank_holiday_is_a_working_day(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2025, 9, 19), 5, date(2025, 9, 12)),
        (date(2025, 8, 26), 1, date(2025, 8, 22)),
        (date(2026, 1, 2), 3, date(2025, 12, 29)),
        (date(2025, 9, 21), 1, date(2025, 9, 19)),
        (date(2022, 6, 6), 2, date(2022, 5, 31)),
    ],
    ids=["a week", "over a holiday", "over the turn of the year", "from a Sunday", "moved holiday"],
)
def test_working_days_before_counts_only_working_days(
    day: date, count: int, expected: date
) -> None:
    assert working_days_before(day, count) == expected


def test_reminder_is_due_at_nine_in_london_on_either_side_of_the_clock_change() -> None:
    winter = due_at(datetime(2025, 3, 31, 22, 59, 59, tzinfo=UTC), 2)
    summer = due_at(datetime(2025, 4, 2, 22, 59, 59, tzinfo=UTC), 2)

    assert winter == datetime(2025, 3, 27, 9, tzinfo=UTC)
    assert summer == datetime(2025, 3, 31, 8, tzinfo=UTC)


def test_window_that_ends_at_midnight_ends_the_day_before() -> None:
    midnight = datetime(2025, 9, 20, 0, 0, tzinfo=LONDON)

    assert due_at(midnight, 5).date() == date(2025, 9, 12)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 11, 21), date(2026, 12, 24)),
        (date(2031, 3, 3), date(2031, 4, 4)),
    ],
    ids=["Christmas Day", "a Friday"],
)
def test_offered_window_ends_on_a_working_day(today: date, last: date) -> None:
    opens, closes = offered_window(datetime.combine(today, time(12), tzinfo=UTC))

    assert opens.strftime("%A") == "Monday"
    assert closes.astimezone(LONDON).date() == last
