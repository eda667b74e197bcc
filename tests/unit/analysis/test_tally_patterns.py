"""Leans and co-counts: of people one by one, of patterns, stored, and added."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InvalidTally
from analysis.tally import (
    PatternRow,
    Tally,
    add,
    canonical_json,
    digest,
    from_counts,
    from_json,
    pairs_of,
    pattern_of,
)
from question_banks.bank import OptionKind
from tests.factories_tally import make_bank, scale_question, tally_of_people

ASKED = ("q_one", "q_two", "q_three")
BANK = make_bank(
    {
        "t_one": [scale_question("q_one"), scale_question("q_two")],
        "t_two": [scale_question("q_three")],
    }
)
FAVOURABLE = {"sa", "ag"}
ON_SCALE = {*FAVOURABLE, "ne", "di", "sd"}
KIND = {
    "sa": OptionKind.FAVOURABLE,
    "ag": OptionKind.FAVOURABLE,
    "ne": OptionKind.NEUTRAL,
    "di": OptionKind.UNFAVOURABLE,
    "sd": OptionKind.UNFAVOURABLE,
    "dk": OptionKind.DONT_KNOW,
    "na": OptionKind.NOT_APPLICABLE,
}
PLACES = [("Elm School", "schools"), ("Northmoor Police", "police")]

Person = tuple[str, str, str, dict[str, str | None], int]


@st.composite
def persons(draw: st.DrawFn) -> Person:
    agency, sector = draw(st.sampled_from(PLACES))
    level = draw(st.sampled_from(["frontline", "strategic"]))
    answers = {
        code: draw(st.sampled_from([*KIND, None])) for code in ASKED if draw(st.integers(0, 9))
    }
    return (agency, sector, level, answers, draw(st.integers(1, 3)))


PEOPLE = st.lists(persons(), min_size=1, max_size=12)


def one_by_one(people: list[Person]) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Co-counts as their definition says."""
    counts: dict[tuple[str, ...], list[int]] = {}
    for agency, _, level, answers, n in people:
        for first, other in combinations(ASKED, 2):
            one, two = answers.get(first), answers.get(other)
            if one in ON_SCALE and two in ON_SCALE:
                held = counts.setdefault((first, other, agency, level), [0, 0, 0, 0])
                held[0] += n
                held[1] += n * (one in FAVOURABLE)
                held[2] += n * (two in FAVOURABLE)
                held[3] += n * (one in FAVOURABLE and two in FAVOURABLE)
    return {key: tuple(held) for key, held in counts.items()}


def of_patterns(people: list[Person]) -> Tally:
    """The tally of the same people as a database counts them."""
    answers: Counter[tuple[str, str, str, str | None]] = Counter()
    patterns: Counter[tuple[str, str, str, int]] = Counter()
    respondents: Counter[tuple[str, str]] = Counter()
    for agency, _, level, given_answers, n in people:
        respondents[agency, level] += n
        for code, answer in given_answers.items():
            answers[code, agency, level, answer] += n
        kinds = [KIND.get(str(given_answers.get(code))) for code in ASKED]
        patterns["s_one", agency, level, pattern_of(kinds)] += n
    return from_counts(
        BANK,
        answers=[(*key, n) for key, n in answers.items()],
        respondents=[(*key, n) for key, n in respondents.items()],
        patterns=[(*key, n) for key, n in patterns.items()],
        agencies=[(agency, sector) for agency, sector, *_ in people],
    )


class TestPairs:
    @settings(max_examples=40)
    @given(PEOPLE)
    def test_are_what_counting_one_by_one_gives(self, people: list[Person]) -> None:
        tally = tally_of_people(BANK, people)

        assert pairs_of(tally) == one_by_one(people)
        assert tally.has_pairs

    @settings(max_examples=40)
    @given(PEOPLE)
    def test_patterns_give_the_same_tally(self, people: list[Person]) -> None:
        assert canonical_json(of_patterns(people)) == canonical_json(tally_of_people(BANK, people))

    @settings(max_examples=20)
    @given(PEOPLE, st.integers(1, 11))
    def test_add(self, people: list[Person], cut: int) -> None:
        parts = [part for part in (people[:cut], people[cut:]) if part]

        whole = add([tally_of_people(BANK, part) for part in parts])

        assert pairs_of(whole) == one_by_one(people)

    def test_first_is_the_one_asked_first(self) -> None:
        answers: dict[str, str | None] = {"q_one": "ag", "q_two": "di", "q_three": "sa"}
        tally = tally_of_people(BANK, [("Elm School", "schools", "board", answers, 4)])

        assert tally.pairs.to_numpy(dtype=object).tolist() == [
            ["q_one", "q_three", "Elm School", "board", 4, 4, 4, 4],
            ["q_one", "q_two", "Elm School", "board", 4, 4, 0, 0],
            ["q_two", "q_three", "Elm School", "board", 4, 0, 4, 0],
        ]

    def test_signpost_of_one_question_has_none(self) -> None:
        tally = tally_of_people(
            make_bank(), [("Elm School", "schools", "board", {"q_one": "ag"}, 4)]
        )

        assert tally.pairs.empty
        assert tally.has_pairs

    def test_signpost_of_forty_questions(self) -> None:
        codes = [f"q_{i:02d}" for i in range(40)]
        bank = make_bank({"t_one": [scale_question(code) for code in codes]})
        answers = {code: "di" if i % 2 else "ag" for i, code in enumerate(codes)}
        kinds = [KIND[option] for option in answers.values()]

        by_people = tally_of_people(bank, [("Elm School", "schools", "board", answers, 3)])
        by_patterns = from_counts(
            bank,
            answers=[(code, "Elm School", "board", option, 3) for code, option in answers.items()],
            respondents=[("Elm School", "board", 3)],
            patterns=[("s_one", "Elm School", "board", pattern_of(kinds), 3)],
            agencies=[("Elm School", "schools")],
        )

        assert len(by_people.pairs) == 40 * 39 / 2
        assert canonical_json(by_patterns) == canonical_json(by_people)


class TestNotKnown:
    def tally(self, patterns: list[PatternRow] | None) -> Tally:
        return from_counts(
            BANK,
            answers=[("q_one", "Elm School", "board", "ag", 2)],
            respondents=[("Elm School", "board", 2)],
            patterns=patterns,
            agencies=[("Elm School", "schools")],
        )

    def test_is_not_the_same_as_nobody(self) -> None:
        unknown, nobody = self.tally(None), self.tally([])

        assert pairs_of(unknown) is None
        assert pairs_of(nobody) == {}
        assert unknown != nobody

    def test_older_text_is_read_and_written_as_it_was(self) -> None:
        text = canonical_json(self.tally(None))
        stored = json.loads(text)

        assert stored["format"] == "signpost-tally/1"
        assert "pairs" not in stored
        assert not from_json(text).has_pairs
        assert canonical_json(from_json(text)) == text
        assert digest(from_json(text)) == digest(self.tally(None))

    def test_sum_with_one_that_does_not_know_does_not_know(self) -> None:
        known = tally_of_people(BANK, [("Elm School", "schools", "board", {"q_one": "ag"}, 1)])

        assert not add([known, self.tally(None)]).has_pairs


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        pytest.param([("s_two", "Elm School", "board", 1, 1)], "no signpost", id="signpost"),
        pytest.param([("s_one", "Elm School", "board", 4**3, 1)], "not one of 3", id="too long"),
        pytest.param([("s_one", "Elm School", "board", -1, 1)], "not one of 3", id="below nothing"),
        pytest.param([("s_one", "Elm School", "board", 1, -1)], "is -1", id="negative count"),
        pytest.param([("s_one", "Elm School", "board", 0b0101, 3)], "do not fit", id="too many"),
    ],
)
def test_patterns_that_do_not_fit_are_refused(patterns: list[PatternRow], said: str) -> None:
    with pytest.raises(InvalidTally, match=said):
        from_counts(
            BANK,
            answers=[],
            respondents=[("Elm School", "board", 2)],
            patterns=patterns,
            agencies=[("Elm School", "schools")],
        )


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([2, 1, 1, 2], id="more on both than on one"),
        pytest.param([2, 2, 2, 1], id="more on either than answered"),
        pytest.param([3, 1, 1, 1], id="more than respondents"),
        pytest.param([2, 1, 1, -1], id="below nothing"),
    ],
)
def test_stored_pairs_that_do_not_fit_are_refused(counts: list[int]) -> None:
    answers: dict[str, str | None] = {"q_one": "ag", "q_two": "ag"}
    tally = tally_of_people(BANK, [("Elm School", "schools", "board", answers, 2)])
    stored = json.loads(canonical_json(tally))
    stored["pairs"] = [["q_one", "q_two", "Elm School", "board", *counts]]

    with pytest.raises(InvalidTally, match="The co-counts of q_one, q_two"):
        from_json(json.dumps(stored))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["q_one", "q_two", "Elm School", "board", 2, 1, 1], id="too short"),
        pytest.param(["q_one", "q_two", "Elm School", "board", 2, 1, 1, "1"], id="text"),
        pytest.param(["q_one"], id="key alone"),
    ],
)
def test_stored_pairs_of_another_shape_are_refused(row: list[object]) -> None:
    tally = tally_of_people(BANK, [("Elm School", "schools", "board", {"q_one": "ag"}, 2)])
    stored = json.loads(canonical_json(tally)) | {"pairs": [row]}

    with pytest.raises(InvalidTally, match="not a stored tally"):
        from_json(json.dumps(stored))
