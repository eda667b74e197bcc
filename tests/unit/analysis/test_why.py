"""Why a question reads as it does: counts and rule where they are shown, else reasons alone."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.judgement import classify
from analysis.result import (
    Explained,
    Figures,
    Firmness,
    GroupKind,
    GroupResult,
    Interval,
    Mark,
    QuestionResult,
    Reading,
    Reason,
    Verdict,
    VoiceFigures,
)
from analysis.settings import AnalysisSettings
from analysis.why import class_of, why_question, why_topic
from tests import factories_summary as make

SETTINGS = AnalysisSettings().stamp()


def figures(favourable: int, base: int, *, dont_know: int = 0) -> Figures:
    """That many favourable of those on the scale."""
    return make.figures(0, favourable, 0, base - favourable, 0, dont_know, 0)


def question(
    held: Figures | None,
    verdict: Verdict,
    firmness: Firmness | None = None,
    *,
    groups: tuple[GroupResult, ...] = (),
    voices: VoiceFigures | None = None,
) -> QuestionResult:
    """A question that reads so."""
    reading = Reading(
        verdict=verdict,
        firmness=firmness,
        sentence="It reads so.",
        reasons=(Explained(reason=Reason.BETWEEN_LINES, words="The reason."),),
    )
    everybody = make.group(figures=held, mark=None if held else Mark.CONFIDENTIAL)
    made = make.question(everybody=everybody, groups=groups, says=reading)
    return made.model_copy(update={"voices": voices})


@pytest.mark.parametrize(
    "settings",
    [
        AnalysisSettings(),
        AnalysisSettings(strength_line="0.7", consideration_line="0.4", majority_line="0.55"),
        AnalysisSettings(clear="0.99", indicative="0.9"),
    ],
    ids=["usual", "other lines", "surer"],
)
def test_lines_are_those_of_the_judgement(settings: AnalysisSettings) -> None:
    for base in (1, 2, 9, 10, 11, 25, 50, 97):
        for favourable in range(base + 1):
            ruled = classify(favourable, base, population=None, settings=settings)

            found = class_of(favourable, base, settings=settings.stamp())

            assert found == (ruled.verdict, ruled.firmness), (favourable, base)


def test_indicative_strength_says_what_would_have_changed_it() -> None:
    said = why_question(
        question(figures(30, 50), Verdict.STRENGTH, Firmness.INDICATIVE), settings=SETTINGS
    )

    assert said[0] == "The reason."
    assert said[1] == "30 of 50 people in 7 agencies were positive: 60%."
    assert "must not reach below 50%" in said[3]
    assert said[-2:] == (
        "Had 2 more people been positive, it would be a clear strength.",
        "Had 1 fewer person been positive, it would be mixed.",
    )


@pytest.mark.parametrize(
    ("favourable", "base"), [(30, 50), (24, 50), (12, 50), (7, 12), (33, 50)], ids=str
)
def test_change_that_is_named_does_change_the_class(favourable: int, base: int) -> None:
    now = classify(favourable, base, population=None, settings=AnalysisSettings())

    said = why_question(
        question(figures(favourable, base), now.verdict, now.firmness), settings=SETTINGS
    )

    for sentence in said:
        if sentence.startswith("Had "):
            number = int(sentence.split()[1]) * (1 if "more" in sentence else -1)
            there = classify(
                favourable + number, base, population=None, settings=AnalysisSettings()
            )
            short = classify(
                favourable + number - (1 if number > 0 else -1),
                base,
                population=None,
                settings=AnalysisSettings(),
            )
            assert there != now
            assert short == now


def test_area_to_explore_names_the_upper_limits() -> None:
    said = " ".join(
        why_question(
            question(figures(12, 50), Verdict.CONSIDERATION, Firmness.CLEAR), settings=SETTINGS
        )
    )

    assert "must not reach above 60%; for a clear one the second must not reach above 50%" in said
    assert "fewer" not in said


def test_nothing_is_said_to_change_it_where_more_than_the_lines_decided() -> None:
    lowered = question(figures(45, 50), Verdict.STRENGTH, Firmness.INDICATIVE)

    assert not any(words.startswith("Had ") for words in why_question(lowered, settings=SETTINGS))


def test_nothing_is_said_to_change_it_in_a_known_population() -> None:
    known = figures(30, 50).model_copy(update={"method": "hypergeometric", "population": 60})

    said = why_question(question(known, Verdict.STRENGTH, Firmness.INDICATIVE), settings=SETTINGS)

    assert not any(words.startswith("Had ") for words in said)


@pytest.mark.parametrize(
    ("favourable", "verdict", "ending"),
    [
        (30, Verdict.STRENGTH, "Were that under 50%, it would not be called a strength."),
        (12, Verdict.CONSIDERATION, "(43% to 60%)."),
    ],
    ids=["strength", "area"],
)
def test_voices_count_for_a_strength(favourable: int, verdict: Verdict, ending: str) -> None:
    voices = VoiceFigures(voices=4, share=0.51, interval=Interval(low=0.43, high=0.6))
    asked = question(figures(favourable, 50), verdict, Firmness.INDICATIVE, voices=voices)

    (words,) = [words for words in why_question(asked, settings=SETTINGS) if "voices" in words]

    assert words.endswith(ending)


def test_not_known_says_from_where_it_is_a_finding() -> None:
    said = why_question(
        question(figures(20, 30, dont_know=20), Verdict.DONT_KNOW), settings=SETTINGS
    )

    assert said == (
        "20 of the 50 people to whom it applied did not know: 40%.",
        "From 40% that is a finding of its own, whatever the others said.",
        "Had 1 fewer person not known, the answers of the others would have been read.",
    )
    # One fewer not knowing is under the line, as said.
    assert Fraction(19, 50) < Fraction(2, 5) <= Fraction(20, 50)


def test_both_names_every_group_that_is_shown() -> None:
    groups = (
        make.group("Council", kind=GroupKind.SIDE, code="council", figures=figures(18, 25)),
        make.group("All partners", kind=GroupKind.SIDE, code="partners", figures=figures(9, 25)),
        make.group("Strategic leaders", kind=GroupKind.LEVEL, code="strategic", words="Most"),
        make.group("Managers", kind=GroupKind.LEVEL, code="operational", figures=figures(11, 20)),
        make.group("Others", kind=GroupKind.LEVEL, code="other", mark=Mark.CONFIDENTIAL),
        make.group("Health", kind=GroupKind.SECTOR_GROUP, code="health", figures=figures(9, 20)),
    )

    said = why_question(question(figures(27, 50), Verdict.BOTH, groups=groups), settings=SETTINGS)

    assert said[2:] == (
        "Council: 18 of 25, 72%, on or over the line for a strength.",
        "All partners: 9 of 25, 36%, under the line for an area to explore.",
        "Strategic leaders: most were positive.",
        "Managers: 11 of 20, 55%, between the lines.",
    )


def test_too_few_gives_reasons_and_the_count_that_is_shown() -> None:
    said = why_question(question(figures(5, 11), Verdict.TOO_FEW), settings=SETTINGS)

    assert said == ("The reason.", "5 of 11 people in 7 agencies were positive: 45%.")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_hidden_counts_are_not_explained_in_figures(verdict: Verdict) -> None:
    said = why_question(question(None, verdict), settings=SETTINGS)

    assert said[0] == "The reason."
    assert "not shown" in said[1]
    assert not any(character.isdigit() for character in " ".join(said))


def test_mixed_between_the_lines_names_both_ways_out() -> None:
    said = why_question(question(figures(27, 50), Verdict.MIXED), settings=SETTINGS)

    assert said[2:] == (
        "Had 3 more people been positive, it would be a strength, but only an indicative one.",
        (
            "Had 3 fewer people been positive, it would be an area to explore, but only an "
            "indicative one."
        ),
    )


def test_result_without_all_settings_is_read_with_the_usual_ones() -> None:
    asked = question(figures(30, 50), Verdict.STRENGTH, Firmness.INDICATIVE)

    assert why_question(asked, settings={}) == why_question(asked, settings=SETTINGS)


def test_question_that_is_not_read_has_no_why() -> None:
    assert why_question(make.counted_question(), settings=SETTINGS) == ()


@pytest.mark.parametrize("verdict", list(Verdict))
def test_topic_says_how_its_questions_make_it(verdict: Verdict) -> None:
    reading = make.reading(verdict)

    said = why_topic(reading)

    assert "question" in said[0]
    assert said[1:] == tuple(reason.words for reason in reading.reasons)


@pytest.mark.parametrize(
    ("firmness", "ending"),
    [
        (Firmness.CLEAR, "At least half say so clearly."),
        (Firmness.INDICATIVE, "so it is only indicative."),
    ],
)
def test_topic_says_how_firm_it_is(firmness: Firmness, ending: str) -> None:
    assert why_topic(make.reading(firmness=firmness))[0].endswith(ending)
