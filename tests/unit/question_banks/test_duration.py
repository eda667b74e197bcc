"""Minutes to answer, held to figures worked out by hand and to the promise of fifteen minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_banks.bank import ALL_LEVELS, Level
from question_banks.duration import (
    SECONDS_A_COMMENT,
    SECONDS_A_NARRATIVE,
    SECONDS_A_PLACE,
    SECONDS_AROUND,
    SECONDS_TO_CHOOSE,
    SECONDS_TO_ENTER,
    SECONDS_TO_JUDGE,
    minutes_to_answer,
)
from question_banks.loader import load_bank

VALID = Path(__file__).parents[2] / "banks" / "valid"


@pytest.mark.parametrize("level", ALL_LEVELS)
def test_the_2010_questionnaire_takes_about_a_quarter_of_an_hour(level: Level) -> None:
    assert minutes_to_answer(load_bank("safeguarding_children_2010"), level) in range(13, 18)


def test_every_type_of_question_counts() -> None:
    answering = (
        SECONDS_AROUND
        + SECONDS_TO_JUDGE
        + SECONDS_TO_CHOOSE
        + 6 * SECONDS_A_PLACE  # three several choices and three to rank
        + 4 * SECONDS_TO_ENTER  # two numbers, a date and a line
        + 3 * SECONDS_A_COMMENT  # a text, the comment and the closing prompt
    )
    # 45 words of questions and 15 of labels to read at 238 words a minute.
    reading = 60 * 60 / 238

    minutes = minutes_to_answer(load_bank(VALID / "every_type.yaml"), Level.FRONTLINE)

    assert answering == 312
    assert minutes == round((answering + reading) / 60) == 5


def test_what_a_level_is_not_asked_does_not_count() -> None:
    bank = load_bank(VALID / "by_level.yaml")
    few = bank.model_copy(update={"signposts": bank.signposts * 20, "closing": ()})

    assert minutes_to_answer(few, Level.FRONTLINE) > minutes_to_answer(few, Level.OTHER)


def test_a_narrative_of_an_agency_return_takes_long_and_half_when_ruled() -> None:
    bank = load_bank(VALID / "agency_return.yaml")
    expected = SECONDS_AROUND + SECONDS_TO_JUDGE + SECONDS_A_NARRATIVE / 2

    assert minutes_to_answer(bank, Level.STRATEGIC) == round((expected + 6) / 60)
    assert minutes_to_answer(bank, Level.BOARD) == round(SECONDS_AROUND / 60)


def test_never_less_than_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("question_banks.duration.SECONDS_AROUND", 0)

    assert minutes_to_answer(load_bank(VALID / "agency_return.yaml"), Level.BOARD) == 1
