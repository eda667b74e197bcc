"""CSV out opens in a spreadsheet and in pandas, and runs in neither."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.export.csv import HEADER, PREAMBLE_LINES, to_csv
from analysis.export.letter import Letter
from analysis.result import (
    ChoiceCounts,
    Gap,
    GroupKind,
    Interval,
    Mark,
    OptionCountPlain,
    Summary,
    VoiceFigures,
)
from question_banks.bank import Sector
from tests import factories_summary as make

FORMATS = Path(__file__).resolve().parents[3] / "docs" / "formats.md"


def lines(summary: Summary) -> list[dict[str, str]]:
    text = to_csv(summary).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return [dict(zip(HEADER, row, strict=True)) for row in rows[PREAMBLE_LINES + 1 :]]


def one(found: list[dict[str, str]], **wanted: str) -> dict[str, str]:
    (line,) = [row for row in found if all(row[key] == value for key, value in wanted.items())]
    return line


def test_csv_begins_with_byte_order_mark_and_preamble() -> None:
    letter = Letter(council="Wexmoor Council", review_title="Peer review", closed="closed 6 May")

    content = to_csv(make.summary(), letter=letter)

    assert content.startswith(b"\xef\xbb\xbfTitle,")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[:PREAMBLE_LINES]] == [
        "Title",
        "Council",
        "Round",
        "Questionnaire",
        "Answered",
        "Base",
        "Rounding",
        "Marks",
        "Made from",
        "Notes",
    ]
    assert rows[1] == ["Council", "Wexmoor Council"]
    assert rows[2] == ["Round", "Self-evaluation closed 6 May"]
    assert "cells withheld in all: 3" in rows[7][1]
    assert tuple(rows[PREAMBLE_LINES]) == HEADER


def test_csv_reads_in_pandas_with_the_documented_number_of_lines_to_skip() -> None:
    frame = pd.read_csv(io.BytesIO(to_csv(make.usual_round())), skiprows=PREAMBLE_LINES)

    assert tuple(frame.columns) == HEADER
    shares = frame[(frame["measure"] == "favourable_share") & (frame["group"] == "all")]
    assert len(shares) == 30
    assert shares["value"].iloc[0] == 0.6


def test_csv_without_caveats_says_none() -> None:
    coverage = make.coverage().model_copy(update={"caveats": ()})
    text = to_csv(make.summary(caveats=(), covered=coverage)).decode("utf-8-sig")

    assert text.splitlines()[PREAMBLE_LINES - 1] == "Notes,None"


def test_csv_has_every_figure_of_a_question_unrounded_to_four_places() -> None:
    found = lines(make.summary())

    share = one(found, question="enough_data", group="all", measure="favourable_share")
    assert (share["value"], share["low"], share["high"], share["base"]) == (
        "0.6000",
        "0.4618",
        "0.7239",
        "50",
    )
    agree = one(found, question="enough_data", group="all", measure="count", option="agree")
    assert (agree["value"], agree["option_label"], agree["base"]) == ("20", "Agree", "53")
    bounds = one(found, question="enough_data", group="all", measure="non_response_bounds")
    assert (bounds["low"], bounds["high"], bounds["base"]) == ("0.3333", "0.7778", "90")
    reading = one(found, question="enough_data", measure="reading")
    assert reading["option"] == "strength"
    assert one(found, topic="data", question="", measure="reading")["topic_title"] == (
        "Data and performance"
    )
    assert one(found, measure="mostly_favourable")["value"] == "28"


def test_csv_of_withheld_parts_holds_marks_and_words_and_no_number() -> None:
    hidden = make.group("Health", kind=GroupKind.SECTOR_GROUP, mark=Mark.CONFIDENTIAL)
    worded = make.group("Police", kind=GroupKind.LEVEL, words="Divided")
    question = make.question(groups=(hidden, worded))
    signpost = make.signpost(topics=(make.topic(questions=(question,)),), leans=(None, None))

    found = lines(make.summary((signpost,)))

    (health,) = [row for row in found if row["group"] == "sector_group"]
    assert (health["mark"], health["value"], health["base"]) == ("[c]", "", "")
    (police,) = [row for row in found if row["group"] == "level"]
    assert (police["mark"], police["value"], police["words"]) == ("", "", "Divided")
    assert one(found, measure="mostly_unfavourable")["mark"] == "[c]"


def test_csv_of_a_group_without_any_answer_on_the_scale_has_no_share() -> None:
    nobody = make.group(figures=make.figures(0, 0, 0, 0, 0, 12, 0, agreement=None))
    question = make.question(everybody=nobody, groups=())
    found = lines(make.summary((make.signpost(topics=(make.topic(questions=(question,)),)),)))

    assert one(found, measure="favourable_share")["value"] == ""
    assert one(found, measure="dont_know_share")["value"] == "1.0000"
    assert not [row for row in found if row["measure"] == "agreement"]


def test_csv_has_voices_and_differences() -> None:
    limits = Interval(low=-0.1, high=0.5)
    question = make.question(
        voices=VoiceFigures(voices=4, share=0.5125, interval=Interval(low=0.4, high=0.6)),
        gaps=(
            Gap(
                kind="side",
                first="Council",
                second="All partners",
                difference=-0.24,
                interval=limits,
                clear=False,
                words="Apart.",
            ),
        ),
    ).model_copy(update={"reading": None})
    found = lines(make.summary((make.signpost(topics=(make.topic(questions=(question,)),)),)))

    assert one(found, measure="equal_voices_share")["base"] == "4"
    gap = one(found, measure="difference")
    assert (gap["value"], gap["low"], gap["option_label"]) == (
        "-0.2400",
        "-0.1000",
        "Council less All partners",
    )
    assert not [row for row in found if row["measure"] == "reading" and row["question"]]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (ChoiceCounts(mark=Mark.CONFIDENTIAL), {"answered": ("", "[c]")}),
        (
            ChoiceCounts(answered=12, skipped=1, median=4.5),
            {"answered": ("12", ""), "skipped": ("1", ""), "median": ("4.5000", "")},
        ),
        (
            ChoiceCounts(answered=12, median="2026-03-01"),
            {"answered": ("12", ""), "skipped": ("", ""), "median": ("", "")},
        ),
        (
            ChoiceCounts(
                answered=12,
                skipped=0,
                options=(OptionCountPlain(option="a", label="A", median_place=1.5),),
            ),
            {"answered": ("12", ""), "skipped": ("0", ""), "median_place": ("1.5000", "")},
        ),
    ],
    ids=["marked", "number", "date", "ranking"],
)
def test_csv_of_counted_questions(
    counts: ChoiceCounts, expected: dict[str, tuple[str, str]]
) -> None:
    other = make.counted_question().model_copy(update={"counts": counts})

    found = [row for row in lines(make.summary(others=(other,))) if row["question"] == other.code]

    assert {row["measure"]: (row["value"], row["mark"]) for row in found} == expected


def test_csv_tells_not_invited_from_not_known() -> None:
    sectors = (
        make.sector(Sector.POLICE, agencies=1, invited=None, answered=4),
        make.sector(Sector.PROBATION, agencies=0, invited=None, answered=0),
    )
    found = lines(make.summary(covered=make.coverage(sectors)))

    police = one(found, group_kind="sector", group="police", measure="invited")
    probation = one(found, group_kind="sector", group="probation", measure="invited")
    assert (police["value"], police["mark"]) == ("", "[x]")
    assert (probation["value"], probation["mark"]) == ("0", "")


@pytest.mark.parametrize("text", make.HOSTILE, ids=range(len(make.HOSTILE)))
def test_no_cell_of_text_can_be_run_whatever_people_wrote(text: str) -> None:
    content = to_csv(make.hostile(text), letter=make.hostile_letter(text)).decode("utf-8-sig")

    for row in csv.reader(io.StringIO(content, newline="")):
        for cell in row:
            if not re.fullmatch(r"-?\d+(\.\d+)?", cell):
                assert cell.lstrip()[:1] not in {"=", "+", "-", "@"}
            assert "\n" not in cell
            assert "\t" not in cell


def test_a_name_that_begins_with_an_equals_sign_is_kept_as_text() -> None:
    found = lines(make.hostile("=cmd|calc"))

    assert {row["group"] for row in found if row["group_kind"] == "agency"} == {"'=cmd|calc"}


def test_every_column_and_measure_is_documented() -> None:
    documented = set(re.findall(r"`([a-z_0-9]+)`", FORMATS.read_text(encoding="utf-8")))
    question = make.question(
        voices=VoiceFigures(voices=4, share=0.5, interval=Interval(low=0.4, high=0.6))
    )
    signpost = make.signpost(topics=(make.topic(questions=(question, make.counted_question())),))

    assert set(HEADER) <= documented
    assert {row["measure"] for row in lines(make.summary((signpost,)))} <= documented
