"""Presentation rows: rounding once, marks in words, and never a figure that was withheld."""

from __future__ import annotations

import subprocess
import sys

import pytest

from analysis import tables
from analysis.result import (
    AgencyCoverage,
    ChoiceCounts,
    CoverageState,
    Firmness,
    Gap,
    GroupKind,
    Interval,
    Mark,
    OptionCountPlain,
    Reading,
    Verdict,
    VoiceFigures,
)
from question_banks.bank import Sector
from tests import factories_summary as make


@pytest.mark.parametrize(
    ("count", "base", "expected"),
    [
        (0, 9, "0%"),
        (9, 9, "100%"),
        (1, 8, "13%"),
        (3, 8, "38%"),
        (1, 400, "under 1%"),
        (1, 200, "1%"),
        (399, 400, "over 99%"),
        (199, 200, "over 99%"),
        (198, 200, "99%"),
    ],
)
def test_share_text_rounds_halves_up_without_false_nought_or_hundred(
    count: int, base: int, expected: str
) -> None:
    assert tables.share_text(count, base) == expected


def test_share_text_of_published_example() -> None:
    # Counts 103, 166, 176, 96, 24 of 565: the whole shows 48% although its parts show 18 and 29.
    assert tables.share_text(103 + 166, 565) == "48%"
    assert [tables.percent(count, 565) for count in (103, 166)] == [18, 29]


def test_percent_refuses_an_empty_base() -> None:
    with pytest.raises(ValueError, match="base of at least one"):
        tables.percent(0, 0)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.285, 29), (0.145, 15), (0.005, 1), (-0.005, -1), (0.0, 0), (1.0, 100)],
)
def test_percent_of_rounds_the_decimal_a_reader_sees(share: float, expected: int) -> None:
    assert tables.percent_of(share) == expected


def test_figure_row_with_figures() -> None:
    row = tables.figure_row(make.group(figures=make.SIXTY))

    assert (row.shown, row.favourable, row.answered, row.share) == (True, "30 of 50", "50", "60%")
    assert row.dont_know == "2 (4%)"
    assert row.interval == "46% to 72%"
    assert row.bounds == "33% to 78%"
    assert row.agreement == "0.41"


def test_figure_row_without_bounds_agreement_or_dont_know() -> None:
    figures = make.figures(5, 5, 1, 1, 0, 0, 0, agreement=None)

    row = tables.figure_row(make.group(figures=figures))

    assert (row.bounds, row.agreement, row.dont_know) == ("", "", "0")


def test_figure_row_when_nobody_answered_on_the_scale() -> None:
    figures = make.figures(0, 0, 0, 0, 0, 12, 3)

    row = tables.figure_row(make.group(figures=figures))

    assert row.share == "No answers"
    assert row.dont_know == "12 (100%)"


@pytest.mark.parametrize("mark", list(Mark), ids=lambda mark: mark.name)
def test_figure_row_with_a_mark_has_words_on_screen_and_a_code_in_files(mark: Mark) -> None:
    row = tables.figure_row(make.group(mark=mark))

    assert not row.shown
    assert row.share == tables.MARK_WORDS[mark]
    assert row.file_share == f"[{mark.value}]"
    assert not any(
        (row.favourable, row.answered, row.agencies, row.interval, row.bounds, row.dont_know)
    )


def test_figure_row_with_words_shows_the_words_alone() -> None:
    row = tables.figure_row(make.group(words="Mostly positive", mark=Mark.CONFIDENTIAL))

    assert (row.share, row.file_share) == ("Mostly positive", "Mostly positive")
    assert tables.figure_row(make.group(words="Divided")).file_share == "Divided"


def test_figure_row_with_nothing_at_all_is_not_available() -> None:
    assert tables.figure_row(make.group()).file_share == "[x]"


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (make.reading(Verdict.STRENGTH, firmness=Firmness.CLEAR), "Reads as a strength (clear)"),
        (make.reading(Verdict.CONSIDERATION), "To explore"),
        (make.reading(Verdict.MIXED, lean="unfavourable"), "Mixed (leans unfavourable)"),
        (make.reading(Verdict.MIXED), "Mixed"),
        (make.reading(Verdict.TOO_FEW), "Too few to say"),
    ],
    ids=["firm", "no-firmness", "lean", "mixed", "too-few"],
)
def test_reading_words(reading: Reading, expected: str) -> None:
    assert tables.reading_words(reading) == expected


def test_question_row_gives_reading_reasons_and_modifiers() -> None:
    row = tables.question_row(make.question())

    assert row is not None
    assert row.reading == "Reads as a strength (clear)"
    assert row.reasons == ("This is why it reads so.",)
    assert row.modifiers == ()
    assert row.short == "Enough data to judge performance"


def test_question_row_without_reading_or_short_name() -> None:
    question = make.question(short="").model_copy(update={"reading": None})

    row = tables.question_row(question)

    assert row is not None
    assert (row.verdict, row.reading, row.sentence, row.reasons) == (None, "", "", ())
    assert row.short == row.text


def test_question_without_a_scale_has_no_row() -> None:
    assert tables.question_row(make.counted_question()) is None


def test_group_rows_put_everybody_first_and_keep_kinds() -> None:
    question = make.question()

    assert [row.title for row in tables.group_rows(question)] == [
        "Everybody",
        "Council",
        "All partners",
    ]
    assert [row.title for row in tables.group_rows(question, kinds=(GroupKind.SIDE,))] == [
        "Council",
        "All partners",
    ]
    assert tables.group_rows(make.counted_question()) == ()


def test_option_rows_keep_the_scale_and_its_bases() -> None:
    rows = tables.option_rows(make.SIXTY)

    assert [(row.count, row.share) for row in rows] == [
        ("10", "20%"),
        ("20", "40%"),
        ("8", "16%"),
        ("9", "18%"),
        ("3", "6%"),
        ("2", "4%"),
        ("1", ""),
    ]
    assert rows[5].kind == "Don’t know"


def test_gap_rows_sign_and_word_the_difference() -> None:
    gap = Gap(
        kind="side",
        first="Council",
        second="All partners",
        difference=-0.284,
        interval=Interval(low=-0.5, high=0.01),
        clear=False,
        words="Partners were more positive.",
    )

    (row,) = tables.gap_rows(make.question(gaps=(gap,)))
    one = tables.gap_row(gap.model_copy(update={"difference": 0.01, "clear": True}))

    assert row.difference == "−28 points"
    assert row.interval == "−50 to +1 points"
    assert (row.clear, one.clear) == ("Possible", "Clear")
    assert one.difference == "+1 point"


def test_voices_text() -> None:
    voices = VoiceFigures(voices=4, share=0.5125, interval=Interval(low=0.426, high=0.599))

    assert "4 voices" in tables.voices_text(voices)
    assert "51% (43% to 60%)" in tables.voices_text(voices)


def test_choice_rows_and_text() -> None:
    counts = make.counted_question().counts
    assert counts is not None

    rows = tables.choice_rows(counts)

    assert [(row.label, row.count, row.share) for row in rows] == [
        ("Online course", "25", "63%"),
        ("A day together", "15", "38%"),
    ]
    assert tables.choice_text(counts) == "40 answered, 10 left it out."


def test_choice_rows_of_a_ranking_have_median_places() -> None:
    counts = ChoiceCounts(
        answered=10, options=(OptionCountPlain(option="a", label="A", median_place=1.5),)
    )

    (row,) = tables.choice_rows(counts)

    assert (row.count, row.share, row.median_place) == ("", "", "1.5")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (ChoiceCounts(mark=Mark.CONFIDENTIAL), tables.MARK_WORDS[Mark.CONFIDENTIAL]),
        (ChoiceCounts(median="2026-03-01"), "The middle answer is 2026-03-01."),
        (ChoiceCounts(answered=3, median=2.0), "3 answered. The middle answer is 2."),
        (ChoiceCounts(), ""),
    ],
    ids=["marked", "date", "number", "nothing"],
)
def test_choice_text(counts: ChoiceCounts, expected: str) -> None:
    assert tables.choice_text(counts) == expected


def test_sector_rows_tell_three_states_apart() -> None:
    rows = {row.title: row for row in tables.sector_rows(make.coverage())}

    assert rows["Schools"].state_words == "Invited, nobody answered"
    assert (rows["Schools"].invited, rows["Schools"].rate) == ("30", "0%")
    assert rows["Probation"].state_words == "Not invited"
    assert (rows["Probation"].invited, rows["Probation"].rate) == ("0", "")
    assert rows["Police"].rate == "83%"


def test_agency_rows_name_the_sector_and_unknown_invited_numbers() -> None:
    agency = AgencyCoverage(
        agency="Wexmoor Youth Clubs",
        sector=Sector.VOLUNTARY,
        invited=None,
        answered=4,
        state=CoverageState.ANSWERED,
    )

    (row,) = tables.agency_rows(make.coverage(agencies=(agency,)))

    assert row.sector == "Voluntary, charity and social enterprise"
    assert (row.invited, row.rate) == ("Not known", "")


def test_rate_is_never_over_everybody() -> None:
    assert tables.rate_text(12, 10) == "100%"


def test_coverage_text_without_an_invited_number() -> None:
    coverage = make.coverage(invited=None, answered=1)

    assert tables.coverage_text(coverage) == (
        "1 person answered, from 7 agencies. The number invited is not known."
    )


@pytest.mark.parametrize("leans", [(None, 3), (3, None)], ids=["for", "against"])
def test_leaning_text_is_silent_unless_both_counts_may_be_shown(
    leans: tuple[int | None, int | None],
) -> None:
    assert tables.leaning_text(make.signpost(leans=leans)) == ""


def test_leaning_text_counts_for_and_against() -> None:
    text = tables.leaning_text(make.signpost(leans=(1, 11)))

    assert text.startswith("1 person was favourable")
    assert "11 unfavourable" in text


def test_presentation_and_charts_load_no_pandas() -> None:
    code = (
        "import sys, analysis.tables, analysis.charts, analysis.export; "
        "print([name for name in ('pandas', 'numpy', 'docx', 'xlsxwriter') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
