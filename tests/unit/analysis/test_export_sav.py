"""The data file for SPSS: labels, declared missing values, and gated values alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from analysis.export.letter import Letter
from analysis.export.sav import MISSING, VARIABLES, to_sav
from analysis.result import Firmness, GroupKind, Mark, Summary, Verdict
from tests import factories_summary as make

LETTER = Letter(council="Wexmoor Council", review_title="Peer review", dated=date(2026, 11, 6))


def opened(
    folder: Path, summary: Summary, *, letter: Letter = LETTER, marks: bool = True
) -> tuple[Any, Any]:
    file = folder / "result.sav"
    file.write_bytes(to_sav(summary, letter=letter))
    return pyreadstat.read_sav(file, user_missing=marks)


def a_round() -> Summary:
    hidden = make.question(
        "hidden",
        everybody=make.group(mark=Mark.CONFIDENTIAL),
        groups=(
            make.group("Council", kind=GroupKind.SIDE, words="Mostly positive"),
            make.group("All partners", kind=GroupKind.SIDE, mark=Mark.LOW_RELIABILITY),
        ),
        says=make.reading(Verdict.TOO_FEW),
    )
    empty = make.question(
        "empty",
        everybody=make.group(figures=make.figures(0, 0, 0, 0, 0, 12, 0, agreement=None)),
        groups=(),
    )
    held = make.question("outside").model_copy(update={"held": True, "groups": ()})
    topics = (make.topic(questions=(make.question(), hidden, empty)),)
    return make.summary(
        (make.signpost(topics=topics),), others=(held, make.counted_question("counted"))
    )


def test_a_row_is_a_question_and_a_group(tmp_path: Path) -> None:
    frame, about = opened(tmp_path, a_round())

    assert list(zip(frame["question"], frame["group_title"], strict=True)) == [
        ("enough_data", "Everybody"),
        ("enough_data", "Council"),
        ("enough_data", "All partners"),
        ("hidden", "Everybody"),
        ("hidden", "Council"),
        ("hidden", "All partners"),
        ("empty", "Everybody"),
        ("outside", "Everybody"),
    ]
    assert about.column_names == [each.name for each in VARIABLES]
    assert all(about.column_names_to_labels.values())
    first = frame.iloc[0]
    assert (first["base"], first["favourable"], first["share"]) == (50, 30, 0.6)
    assert frame["signpost"].iloc[-1] == ""
    assert list(frame["held"])[-2:] == [0, 1]


def test_marks_are_codes_that_are_declared_missing(tmp_path: Path) -> None:
    frame, about = opened(tmp_path, a_round())

    figures = [each.name for each in VARIABLES if each.figure]
    for name in figures:
        assert about.missing_ranges[name] == [{"lo": -99.0, "hi": -96.0}]
        assert about.variable_value_labels[name][-99.0].startswith("Not shown")
    hidden = frame[frame["question"] == "hidden"]
    counts = ["people", "base", "favourable", "share", "share_low", "agreement", "mean_index"]
    assert (hidden[counts].iloc[0] == MISSING[Mark.CONFIDENTIAL]).all()
    assert (hidden[counts].iloc[1] == MISSING[Mark.CONFIDENTIAL]).all()
    assert (hidden[counts].iloc[2] == MISSING[Mark.LOW_RELIABILITY]).all()
    assert hidden["said"].iloc[1] == "Mostly positive"
    empty = frame[frame["question"] == "empty"].iloc[0]
    assert (empty["base"], empty["share"]) == (0, MISSING[Mark.NOT_AVAILABLE])
    assert empty["dont_know_share"] == 1


def test_a_reader_that_heeds_missing_values_averages_none_of_them(tmp_path: Path) -> None:
    frame, _ = opened(tmp_path, a_round(), marks=False)

    assert frame["share"].min() >= 0
    assert frame["share"].notna().sum() == 4


def test_verdicts_and_groups_are_labelled(tmp_path: Path) -> None:
    says = make.reading(Verdict.CONSIDERATION, firmness=Firmness.INDICATIVE)
    topics = (make.topic(questions=(make.question(says=says),)),)
    frame, about = opened(tmp_path, make.summary((make.signpost(topics=topics),)))

    labels = about.variable_value_labels
    assert [labels["group_kind"][kind] for kind in frame["group_kind"]] == [
        "Everybody",
        "Council or all partners",
        "Council or all partners",
    ]
    assert labels["verdict"][frame["verdict"].iloc[0]] == "To explore"
    assert labels["firmness"][frame["firmness"].iloc[0]] == "Indicative"
    assert labels["verdict"][frame["verdict"].iloc[1]] == "Does not apply"


def test_file_is_named_dated_and_says_where_it_comes_from(tmp_path: Path) -> None:
    _, about = opened(tmp_path, make.summary())

    assert about.file_label == "Peer review: Wexmoor Council"
    assert about.creation_time.date() == date(2026, 11, 6)
    assert "tally_digest: " + "t" * 64 in about.notes
    assert all(len(note.encode()) <= 80 for note in about.notes)


@pytest.mark.parametrize("text", [*make.HOSTILE, "x" * 5_000, "é" * 300], ids=range(15))
def test_hostile_text_can_be_read_back(tmp_path: Path, text: str) -> None:
    frame, about = opened(tmp_path, make.hostile(text), letter=make.hostile_letter(text))

    assert len(frame) == 3
    assert len(about.file_label.encode()) <= 64
    assert len(frame["question_text"].iloc[0]) <= 1_000


def test_a_round_without_questions_has_no_rows(tmp_path: Path) -> None:
    frame, _ = opened(tmp_path, make.summary(()))

    assert len(frame) == 0
