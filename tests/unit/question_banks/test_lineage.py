"""Verdicts on questions between versions and banks, and codes used for something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from question_banks.bank import Bank, Question
from question_banks.lineage import (
    Lineage,
    Verdict,
    compare_banks,
    compare_questions,
    find_reused_codes,
)
from question_banks.reader import read_bank

VALID = Path(__file__).parents[2] / "banks" / "valid"
OLD = VALID / "every_type.yaml"


@pytest.fixture
def old() -> Bank:
    return read(OLD)


def read(path: Path) -> Bank:
    bank = read_bank(path).bank
    assert bank is not None
    return bank


Edit = Callable[[str, str], Bank]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Makes the bank as it would be with one piece of its file changed, in a later version."""

    def edit(before: str, after: str) -> Bank:
        text = OLD.read_text(encoding="utf-8")
        assert before in text
        path = tmp_path / "edited.yaml"
        path.write_text(
            text.replace(before, after, 1).replace('version: "1.0"', 'version: "1.1"'),
            encoding="utf-8",
        )
        return read(path)

    return edit


def test_nothing_changed(old: Bank) -> None:
    found = compare_banks(old, old)

    assert [lineage.after for lineage in found] == list(old.by_code)
    assert {lineage.verdict for lineage in found} == {Verdict.SAME}


@pytest.mark.parametrize(
    ("code", "before", "after", "verdict", "reason"),
    [
        ("a_scale", "Things here go well.", "All is fine.", "reworded", "the wording differs"),
        ("a_date", "By when?", "By when?, guidance: A guess will do.", "reworded", "the guidance"),
        ("a_scale", "label: Neither", "label: Undecided", "reworded", "the wording of an option"),
        ("a_single", "label: One", "label: First", "reworded", "the wording of an option"),
        ("a_line", "Who leads?,", "Who leads?, wording_version: 2,", "reworded", "wording version"),
        ("a_scale", "weight: 50", "weight: 40", "scale_changed", "the options"),
        ("a_scale", "kind: neutral, weight: 50", "kind: dont_know", "scale_changed", "the options"),
        ("a_single", "code: one", "code: first", "scale_changed", "the options"),
        ("a_several", "most: 2", "most: 3", "scale_changed", "the options"),
        (
            "a_ranking",
            "code: blue, label: Blue}]}\n        ",
            "code: black, label: Blue}]}\n        ",
            "scale_changed",
            "the options",
        ),
        ("a_number", "unit: referrals", "unit: children", "scale_changed", "the options"),
        ("a_fraction", "highest: 99.5", "highest: 99", "scale_changed", "the options"),
        (
            "a_line",
            "type: short_text",
            "type: long_text",
            "scale_changed",
            "the type was short_text",
        ),
        ("a_scale", "text: Things", "audience: [board], text: Things", "same", ""),
        ("a_text", "longest: 100", "longest: 200", "same", ""),
    ],
)
def test_verdict_on_one_change(
    old: Bank, edited: Edit, code: str, before: str, after: str, verdict: str, reason: str
) -> None:
    if code == "a_ranking":
        before, after = (
            "In which order?, choices: [{code: red",
            "In which order?, choices: [{code: pink",
        )

    new = edited(before, after)

    found = {lineage.after: lineage for lineage in compare_banks(old, new)}
    assert found[code].verdict == verdict
    assert reason in found[code].reason
    others = {lineage.verdict for other, lineage in found.items() if other != code}
    assert others <= {Verdict.SAME}


def test_new_and_dropped_questions(old: Bank, edited: Edit) -> None:
    new = edited("code: a_date", "code: a_day")

    found = [item for item in compare_banks(old, new) if item.verdict is not Verdict.SAME]

    assert found == [
        Lineage("", "a_day", Verdict.NEW),
        Lineage("a_date", "", Verdict.DROPPED),
    ]


def test_linked_questions_of_two_banks_stand_for_each_other(old: Bank, edited: Edit) -> None:
    new = edited("code: a_date, type: date, text: By when?", "code: a_day, type: date, text: When?")

    found = {item.after: item for item in compare_banks(old, new, {"a_date": "a_day"})}

    assert found["a_day"] == Lineage("a_date", "a_day", Verdict.REWORDED, "the wording differs")
    assert "" not in found


def test_linked_questions_of_other_codes_need_no_equal_version(old: Bank, edited: Edit) -> None:
    new = edited("code: a_date,", "code: a_day, wording_version: 3,")

    found = {item.after: item for item in compare_banks(old, new, {"a_date": "a_day"})}

    assert found["a_day"].verdict is Verdict.SAME


def test_compare_questions_of_one_bank(old: Bank) -> None:
    one, other = old.by_code["a_scale"], old.by_code["a_single"]
    pair: list[tuple[Bank, Question]] = [(old, one), (old, other)]

    verdict, reason = compare_questions(*pair)

    assert verdict is Verdict.SCALE_CHANGED
    assert reason == "the type was scale and is now single_choice"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("By when?", "When?", "(the wording differs); raise its wording_version"),
        ("By when?", "When?, wording_version: 2", ""),
        ("weight: 50", "weight: 40", "weights differ); use another code"),
        (
            "weight: 50}",
            "weight: 40}",
            "a_scale: the code stands for another question in every_type@1.0",
        ),
        ("code: a_date", "code: a_day", ""),
    ],
)
def test_a_code_reused_in_a_later_version(
    old: Bank, edited: Edit, before: str, after: str, message: str
) -> None:
    new = edited(before, after)

    found = find_reused_codes(new, [old, new])

    assert [message in reuse.message for reuse in found] == ([True] if message else [])


def test_a_code_reused_in_another_bank(old: Bank, edited: Edit) -> None:
    new = edited("By when?", "When?, wording_version: 2").model_copy(update={"bank": "another"})

    (reuse,) = find_reused_codes(new, [old])

    assert reuse.code == "a_date"
    assert reuse.bank == "every_type@1.0"
    assert reuse.message.endswith("(the wording differs); use another code")
