"""Warnings about wording, and the reading grade against figures worked by hand."""

from __future__ import annotations

import pytest

from question_banks.wording import find_double, find_negative, reading_grade


def test_reading_grade_follows_the_formula_of_senter_and_smith() -> None:
    # Counted by hand: 13 words with 22 + 22 letters in 2 sentences, so by the published formula
    # 4.71 x 44 / 13 + 0.5 x 13 / 2 - 21.43 = 15.942 + 3.25 - 21.43.
    text = "The cat sat on the mat today. It was warm and happy there."

    assert reading_grade(text) == pytest.approx(-2.238, abs=0.001)


@pytest.mark.parametrize("text", ["", "Police", "Four words are few.", "– – – – – –"])
def test_reading_grade_of_a_short_text_is_not_told(text: str) -> None:
    assert reading_grade(text) is None


def test_reading_grade_rises_with_longer_words_and_longer_sentences() -> None:
    plain = reading_grade("We get help to each child in good time.")
    long_words = reading_grade("Interdepartmental documentation facilitates comprehensive results.")
    long_sentence = reading_grade("We get help to each child in good time " * 5)

    assert plain is not None
    assert long_words is not None
    assert long_sentence is not None
    assert plain < long_sentence < long_words


def test_words_of_the_trade_do_not_raise_the_grade() -> None:
    trade = reading_grade("Safeguarding partnerships commission multi-agency assessments.")
    other = reading_grade("Industrialised televisions substantiate over-enthusiastic explanations.")

    assert trade is not None
    assert other is not None
    assert trade < 16 < other


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Referrals are timely and complete.", "and"),
        ("Referrals are timely or complete.", "or"),
        ("Staff know it as well as managers do.", "as well as"),
        ("Both agencies take part.", "Both"),
        ("Police/health meet.", "/"),
        ("Staff meet; they talk.", ";"),
        ("Staff meet, talk.", ","),
        ("When I refer a child, I am told what happened next.", None),
        ("When I refer a child, I am told and thanked.", "and"),
        ("Children and families are heard.", None),
        ("Children, young people and families are heard.", None),
        ("Children, schools and families are heard.", ","),
        ("Children and young people are heard by parents and carers.", None),
        ("Children and families are heard and helped.", "and"),
        ("Standards are met.", None),
        ("The board understands its role.", None),
        ("Staff for whom English is new get help.", None),
    ],
)
def test_find_double(text: str, found: str | None) -> None:
    assert find_double(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Staff do not know.", "not"),
        ("Staff don’t know.", "don’t"),
        ("Staff don't know.", "don't"),
        ("No one knows.", "No"),
        ("It is no longer so.", "no"),
        ("Nobody knows.", "Nobody"),
        ("Staff cannot know.", "cannot"),
        ("Children wait without help.", "without"),
        ("Leaders lack information.", "lack"),
        ("Staff know.", None),
        ("Notes are kept of nothingness.", None),
        ("Non-specialist staff know.", None),
        ("The northern team knows another.", None),
    ],
)
def test_find_negative(text: str, found: str | None) -> None:
    assert find_negative(text) == found
