"""The tally: what is counted, by every way that leads to one."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InvalidTally
from analysis.tally import (
    ALL_LEVELS,
    ANSWERED,
    NOT_SHOWN,
    SKIPPED,
    AnswerRow,
    Lean,
    PatternRow,
    Tally,
    Value,
    add,
    canonical_json,
    canonical_value,
    digest,
    from_counts,
    from_frame,
    from_json,
    is_counted,
    lean_of,
    scale_questions,
)
from question_banks.bank import Level, Sector
from question_banks.loader import load_bank

BANK = load_bank(Path(__file__).parent / "data" / "every_type.yaml")
SECTORS = {"Northmoor Police": "police", "Carr Council": "early_help", "Elm School": "schools"}
SCALE = ["strongly_agree", "agree", "neither", "disagree", "dont_know", "not_applicable"]
CELLS: dict[str, st.SearchStrategy[Value]] = {
    "p_timely": st.sampled_from([*SCALE, None, NOT_SHOWN]),
    "p_told": st.sampled_from([*SCALE, None, NOT_SHOWN]),
    "p_why": st.sampled_from(["time", "forms", None, NOT_SHOWN]),
    "p_front": st.sampled_from([*SCALE, None, NOT_SHOWN]),
    "w_tools": st.sampled_from([("phone",), ("phone", "letter"), ("portal",), None, NOT_SHOWN]),
    "w_order": st.sampled_from([("speed", "care"), ("care", "speed"), None, NOT_SHOWN]),
    "w_cases": st.sampled_from([0, 3, 12, None, NOT_SHOWN]),
    "w_hours": st.sampled_from([7.5, 7.0, 37, None, NOT_SHOWN]),
    "w_since": st.sampled_from(["2020-01-31", "2021-06-01", None, NOT_SHOWN]),
    "w_role": st.sampled_from(["Nurse", None, NOT_SHOWN]),
    "p_comment": st.sampled_from(["Good", None]),
    "l_clear": st.sampled_from([*SCALE, None, NOT_SHOWN]),
    "closing_more": st.sampled_from(["More", None]),
}
COLUMNS = ["agency", "sector", "level", *CELLS]

Row = tuple[Value, ...]


def frame_of(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series([row[i] for row in rows], dtype=object) for i, name in enumerate(COLUMNS)}
    )


@st.composite
def responses(draw: st.DrawFn) -> Row:
    agency = draw(st.sampled_from(sorted(SECTORS)))
    level = draw(st.sampled_from([level.value for level in Level]))
    return (agency, SECTORS[agency], level, *(draw(cell) for cell in CELLS.values()))


ROWS = st.lists(responses(), max_size=30)


def row(agency: str = "Elm School", level: str = "frontline", **cells: Value) -> Row:
    return (agency, SECTORS[agency], level, *(cells.get(code, NOT_SHOWN) for code in CELLS))


def counted(rows: list[Row]) -> Tally:
    return from_frame(frame_of(rows), BANK)


def cells_of(tally: Tally, question: str) -> dict[str, int]:
    found = tally.cells[tally.cells["question"] == question]
    return dict(found.groupby("option")["n"].sum())


DIGIT = {"strongly_agree": 1, "agree": 1, "neither": 2, "disagree": 3, "strongly_disagree": 3}


def database_rows(rows: list[Row]) -> tuple[list[AnswerRow], list[PatternRow]]:
    """What GROUP BY over stored answers would give, counted one by one."""
    answers: Counter[tuple[str, str, str, Value]] = Counter()
    patterns: Counter[tuple[str, str, str, int]] = Counter()
    for agency, _, level, *cells in rows:
        given = {code: cell for code, cell in zip(CELLS, cells, strict=True) if cell != NOT_SHOWN}
        for code, cell in given.items():
            stored = json.dumps(cell) if isinstance(cell, tuple) else cell
            answers[(code, str(agency), str(level), stored)] += 1
        for signpost in BANK.signposts:
            chosen = [given.get(question.code) for question in scale_questions(signpost)]
            pattern = sum(DIGIT.get(str(one), 0) * 4**place for place, one in enumerate(chosen))
            patterns[(signpost.code, str(agency), str(level), pattern)] += 1
    return (
        [(*key, n) for key, n in answers.items()],
        [(*key, n) for key, n in patterns.items()],
    )


class TestFromFrame:
    def test_scale_counts_each_person_once(self) -> None:
        tally = counted([row(p_told="agree"), row(p_told="agree"), row(p_told=None), row()])

        assert cells_of(tally, "p_told") == {"agree": 2, SKIPPED: 1, NOT_SHOWN: 1}

    def test_single_choice_counts_the_choice(self) -> None:
        tally = counted([row(p_why="time"), row(p_why="forms"), row(p_why="time")])

        assert cells_of(tally, "p_why") == {"time": 2, "forms": 1}

    def test_several_choices_count_choices_and_people(self) -> None:
        tally = counted(
            [row(w_tools=("phone", "letter")), row(w_tools=("phone",)), row(w_tools=None), row()]
        )

        assert cells_of(tally, "w_tools") == {
            "phone": 2,
            "letter": 1,
            ANSWERED: 2,
            SKIPPED: 1,
            NOT_SHOWN: 1,
        }

    def test_ranking_counts_places(self) -> None:
        tally = counted([row(w_order=("speed", "care")), row(w_order=("care", "speed"))])

        assert cells_of(tally, "w_order") == {
            "speed@1": 1,
            "care@2": 1,
            "care@1": 1,
            "speed@2": 1,
            ANSWERED: 2,
        }

    def test_numbers_and_dates_are_values(self) -> None:
        tally = counted(
            [
                row(w_cases=3, w_hours=7.50, w_since="2020-01-31"),
                row(w_cases=3, w_hours=7.0),
                row(w_cases=None),
            ]
        )

        assert cells_of(tally, "w_cases") == {ANSWERED: 2, SKIPPED: 1}
        assert tally.values[["question", "value", "n"]].to_numpy(dtype=object).tolist() == [
            ["w_cases", "3", 2],
            ["w_hours", "7", 1],
            ["w_hours", "7.5", 1],
            ["w_since", "2020-01-31", 1],
        ]

    def test_text_never_enters(self) -> None:
        tally = counted([row(w_role="Nurse", p_comment="Mrs Oakapple is kind", closing_more="x")])

        stored = canonical_json(tally)
        assert "Nurse" not in stored
        assert "Oakapple" not in stored
        assert not {"w_role", "p_comment", "closing_more"} & set(tally.cells["question"])

    def test_question_without_column_is_not_shown(self) -> None:
        frame = frame_of([row(p_told="agree")]).drop(columns=["l_clear", "w_cases"])

        tally = from_frame(frame, BANK)

        assert cells_of(tally, "l_clear") == {NOT_SHOWN: 1}
        assert cells_of(tally, "w_cases") == {NOT_SHOWN: 1}

    def test_groups_are_agency_and_level(self) -> None:
        tally = counted(
            [
                row("Elm School", "frontline", l_clear="agree"),
                row("Elm School", "strategic", l_clear="agree"),
                row("Carr Council", "strategic", l_clear="disagree"),
            ]
        )

        found = tally.cells[tally.cells["question"] == "l_clear"]
        assert found.drop(columns="question").to_numpy(dtype=object).tolist() == [
            ["Carr Council", "strategic", "disagree", 1],
            ["Elm School", "frontline", "agree", 1],
            ["Elm School", "strategic", "agree", 1],
        ]

    def test_no_responses_give_an_empty_tally(self) -> None:
        tally = from_frame(frame_of([]), BANK)

        assert tally.cells.empty
        assert tally.leans.empty
        assert tally.respondents.empty

    def test_invited_agencies_are_kept_when_silent_or_unknown(self) -> None:
        invited = pd.DataFrame(
            {
                "agency": ["Elm School", "Northmoor Police", "Carr Council", "Carr Council"],
                "sector": ["schools", "police", "early_help", "early_help"],
                "level": [ALL_LEVELS, ALL_LEVELS, "frontline", "strategic"],
                "invited": pd.array([30, None, 4, 0], dtype="Int64"),
            }
        )

        tally = from_frame(frame_of([row()]), BANK, invited=invited)

        assert tally.agencies["agency"].tolist() == sorted(SECTORS)
        assert tally.invited.to_numpy(dtype=object).tolist() == [
            ["Carr Council", "frontline", 4],
            ["Carr Council", "strategic", 0],
            ["Elm School", ALL_LEVELS, 30],
        ]

    def test_answer_that_is_no_option_is_refused(self) -> None:
        with pytest.raises(InvalidTally, match="'good' is not an option of 'p_told'"):
            counted([row(p_told="good")])

    def test_agency_with_two_sectors_is_refused(self) -> None:
        rows = [row(), ("Elm School", "police", *row()[2:])]

        with pytest.raises(InvalidTally, match="two sectors"):
            counted(rows)

    @given(ROWS)
    def test_equals_the_tally_of_database_rows(self, rows: list[Row]) -> None:
        answers, patterns = database_rows(rows)
        people = Counter((str(one[0]), str(one[2])) for one in rows)

        from_database = from_counts(
            BANK,
            answers=answers,
            respondents=[(*key, n) for key, n in people.items()],
            patterns=patterns,
            agencies=[(str(one[0]), str(one[1])) for one in rows],
        )

        assert canonical_json(counted(rows)) == canonical_json(from_database)

    @given(ROWS, st.randoms(use_true_random=False))
    def test_order_of_rows_does_not_matter(self, rows: list[Row], random: Random) -> None:
        shuffled = list(rows)
        random.shuffle(shuffled)

        assert canonical_json(counted(shuffled)) == canonical_json(counted(rows))

    @given(ROWS)
    def test_people_of_a_question_are_the_respondents(self, rows: list[Row]) -> None:
        tally = counted(rows)

        for question in filter(is_counted, BANK.questions()):
            found = cells_of(tally, question.code)
            if question.type in ("scale", "single_choice"):
                people = sum(found.values())
            else:
                people = sum(found.get(one, 0) for one in (ANSWERED, SKIPPED, NOT_SHOWN))
            assert people == len(rows)


class TestAdd:
    @given(ROWS, st.integers(0, 30))
    def test_tallies_of_the_parts_make_the_tally_of_the_whole(
        self, rows: list[Row], cut: int
    ) -> None:
        parts = [counted(rows[:cut]), counted(rows[cut:])]

        assert add(parts) == counted(rows)

    def test_invited_numbers_are_kept_not_added(self) -> None:
        invited = [("Elm School", ALL_LEVELS, 30)]

        whole = add([_empty(invited=invited), _empty(invited=invited)])

        assert whole.invited["invited"].tolist() == [30]

    def test_other_invited_numbers_are_refused(self) -> None:
        with pytest.raises(InvalidTally, match="two invited numbers, 30 and 31"):
            add(
                [
                    _empty(invited=[("Elm School", ALL_LEVELS, 30)]),
                    _empty(invited=[("Elm School", ALL_LEVELS, 31)]),
                ]
            )

    def test_other_sector_is_refused(self) -> None:
        with pytest.raises(InvalidTally, match="two sectors"):
            add([_empty(), _empty(agencies=[("Elm School", "police")])])

    def test_two_banks_are_refused(self) -> None:
        other = from_counts(
            BANK.model_copy(update={"version": "2.0"}),
            answers=[],
            respondents=[],
            patterns=[],
            agencies=[],
        )

        with pytest.raises(InvalidTally, match="one bank"):
            add([_empty(), other])

    def test_nothing_is_refused(self) -> None:
        with pytest.raises(InvalidTally, match="one bank"):
            add([])


def _empty(
    *,
    agencies: list[tuple[str, str]] | None = None,
    invited: list[tuple[str, str, int]] | None = None,
) -> Tally:
    return from_counts(
        BANK,
        answers=[],
        respondents=[],
        patterns=[],
        agencies=agencies or [("Elm School", "schools")],
        invited=invited or [],
    )


@dataclass(frozen=True)
class Wrong:
    """Rows that do not fit, and what is said of them."""

    answers: tuple[AnswerRow, ...] = ()
    respondents: tuple[tuple[str, str, int], ...] = (("Elm School", "frontline", 5),)
    patterns: tuple[PatternRow, ...] = ()
    agencies: tuple[tuple[str, str], ...] = (("Elm School", "schools"),)
    invited: tuple[tuple[str, str, int], ...] = ()
    said: str = ""


def _answer(question: str, value: Value, n: int = 1) -> tuple[AnswerRow, ...]:
    return ((question, "Elm School", "frontline", value, n),)


class TestFromCounts:
    def test_rows_with_one_key_are_added(self) -> None:
        tally = from_counts(
            BANK,
            answers=[*_answer("p_told", "agree", 2), *_answer("p_told", "agree", 1)],
            respondents=[("Elm School", "frontline", 2), ("Elm School", "frontline", 3)],
            patterns=[],
            agencies=[("Elm School", "schools"), ("Elm School", "schools")],
            invited=[("Elm School", "frontline", 2), ("Elm School", "frontline", 4)],
        )

        assert cells_of(tally, "p_told") == {"agree": 3, NOT_SHOWN: 2}
        assert tally.respondents["n"].tolist() == [5]
        assert tally.invited["invited"].tolist() == [6]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            pytest.param(["care", "speed"], {"care@1", "speed@2"}, id="list"),
            pytest.param(("speed", "care"), {"speed@1", "care@2"}, id="tuple"),
            pytest.param('["care","speed"]', {"care@1", "speed@2"}, id="json"),
            pytest.param("care", {"care@1"}, id="one code"),
        ],
    )
    def test_codes_come_as_sequence_or_json(self, value: Value, expected: set[str]) -> None:
        tally = from_counts(
            BANK,
            answers=_answer("w_order", value),
            respondents=[("Elm School", "frontline", 1)],
            patterns=[],
            agencies=[("Elm School", "schools")],
        )

        assert set(cells_of(tally, "w_order")) == {ANSWERED, *expected}

    def test_text_rows_are_passed_over(self) -> None:
        tally = from_counts(
            BANK,
            answers=_answer("p_comment", "Mrs Oakapple is kind"),
            respondents=[("Elm School", "frontline", 1)],
            patterns=[],
            agencies=[("Elm School", "schools")],
        )

        assert "Oakapple" not in canonical_json(tally)

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param(
                Wrong(_answer("nothing", "agree"), said="has no question 'nothing'"),
                id="unknown question",
            ),
            pytest.param(
                Wrong(_answer("p_told", "good"), said="'good' is not an option of 'p_told'"),
                id="unknown option",
            ),
            pytest.param(
                Wrong(_answer("p_why", "agree"), said="'agree' is not an option of 'p_why'"),
                id="unknown choice",
            ),
            pytest.param(
                Wrong(_answer("w_tools", ["phone", "fax"]), said="'fax' is not an option"),
                id="unknown among several",
            ),
            pytest.param(
                Wrong(_answer("w_tools", ["phone", "phone"]), said="twice"), id="chosen twice"
            ),
            pytest.param(
                Wrong(_answer("w_tools", []), said=r"\[\] is not an answer"), id="none chosen"
            ),
            pytest.param(
                Wrong(_answer("w_tools", 3), said="3 is not an answer"), id="number for choices"
            ),
            pytest.param(
                Wrong(_answer("p_told", "agree", 6), said="has 6 answers .* has 5 respondents"),
                id="more answers than people",
            ),
            pytest.param(Wrong(_answer("p_told", "agree", -1), said="is -1"), id="negative count"),
            pytest.param(
                Wrong(_answer("w_cases", float("inf")), said="inf is not a number"), id="infinite"
            ),
            pytest.param(
                Wrong(patterns=(("none", "Elm School", "frontline", 1, 1),), said="no signpost"),
                id="unknown signpost",
            ),
            pytest.param(Wrong(agencies=(), said="has no sector"), id="agency without sector"),
            pytest.param(
                Wrong(agencies=(("Elm School", "school"),), said="'school' of 'Elm School' is not"),
                id="unknown sector",
            ),
            pytest.param(
                Wrong(respondents=(("Elm School", "boss", 1),), said="'boss' is not a level"),
                id="unknown level",
            ),
            pytest.param(
                Wrong(respondents=(("Elm School", "", 1),), said="'' is not a level"),
                id="respondents of all levels",
            ),
            pytest.param(
                Wrong(invited=(("Elm School", "boss", 1),), said="'boss' is not a level"),
                id="unknown level invited",
            ),
            pytest.param(
                Wrong(invited=(("Oak School", "", 1),), said="'Oak School' has no sector"),
                id="invited agency without sector",
            ),
            pytest.param(
                Wrong(invited=(("Elm School", "", -1),), said="is -1"), id="negative invited"
            ),
        ],
    )
    def test_rows_that_do_not_fit_are_refused(self, wrong: Wrong) -> None:
        with pytest.raises(InvalidTally, match=wrong.said):
            from_counts(
                BANK,
                answers=wrong.answers,
                respondents=wrong.respondents,
                patterns=wrong.patterns,
                agencies=wrong.agencies,
                invited=wrong.invited,
            )


class TestLeans:
    @pytest.mark.parametrize(
        ("favourable", "unfavourable", "on_scale", "asked", "expected"),
        [
            pytest.param(2, 0, 2, 3, Lean.FAVOURABLE, id="both favourable"),
            pytest.param(0, 2, 3, 3, Lean.UNFAVOURABLE, id="two of three unfavourable"),
            pytest.param(1, 1, 2, 3, Lean.NEITHER, id="one each"),
            pytest.param(2, 1, 4, 4, Lean.NEITHER, id="exactly half"),
            pytest.param(0, 0, 2, 3, Lean.NEITHER, id="all neutral"),
            pytest.param(1, 0, 1, 3, None, id="one answer of three questions"),
            pytest.param(1, 0, 1, 1, Lean.FAVOURABLE, id="the only question"),
            pytest.param(0, 0, 0, 1, None, id="no answer to the only question"),
            pytest.param(0, 0, 0, 0, None, id="no question on a scale"),
        ],
    )
    def test_more_than_half_of_two_answers_decides(
        self, favourable: int, unfavourable: int, on_scale: int, asked: int, expected: Lean | None
    ) -> None:
        found = lean_of(
            favourable=favourable, unfavourable=unfavourable, on_scale=on_scale, asked=asked
        )

        assert found is expected

    def test_dont_know_and_skipped_are_no_answers(self) -> None:
        tally = counted(
            [
                row(p_timely="agree", p_told="dont_know", p_front=None, l_clear="dont_know"),
                row(p_timely="agree", p_told="strongly_agree", p_front="disagree"),
                row(p_timely="disagree", p_told="disagree", l_clear="neither"),
            ]
        )

        assert tally.leans[["signpost", "lean", "n"]].to_numpy(dtype=object).tolist() == [
            ["leadership", "neither", 1],
            ["practice", "favourable", 1],
            ["practice", "unfavourable", 1],
        ]


class TestText:
    @given(ROWS)
    def test_is_read_back_to_an_equal_tally(self, rows: list[Row]) -> None:
        tally = counted(rows)

        assert from_json(canonical_json(tally)) == tally

    def test_does_not_depend_on_the_order_of_a_table(self) -> None:
        tally = counted([row(p_told="agree"), row("Carr Council", p_told="agree")])
        turned = Tally(
            tally.bank_id,
            tally.cells[::-1],
            tally.values[::-1],
            tally.respondents[::-1],
            tally.agencies[::-1],
            tally.invited[::-1],
            tally.leans[::-1],
            tally.pairs[::-1],
        )

        assert turned == tally
        assert hash(turned) == hash(tally)

    def test_digest_changes_with_one_answer(self) -> None:
        assert digest(counted([row(p_told="agree")])) == digest(counted([row(p_told="agree")]))
        assert digest(counted([row(p_told="agree")])) != digest(counted([row(p_told="disagree")]))

    def test_tally_is_not_equal_to_something_else(self) -> None:
        assert counted([]) != "a tally"

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="empty"),
            pytest.param("[]", id="list"),
            pytest.param("{}", id="no keys"),
            pytest.param('{"format": "signpost-tally/1"}', id="no tables"),
        ],
    )
    def test_other_text_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidTally, match="not a stored tally"):
            from_json(text)

    def test_other_format_is_refused(self) -> None:
        with pytest.raises(InvalidTally, match="signpost-tally/9"):
            from_json('{"format": "signpost-tally/9"}')

    @pytest.mark.parametrize(
        ("table", "value"),
        [
            pytest.param("respondents", [["Elm School", 1]], id="key too short"),
            pytest.param("respondents", [["Elm School", "frontline", "1"]], id="text for a count"),
            pytest.param("respondents", [[]], id="empty row"),
        ],
    )
    def test_table_of_another_shape_is_refused(self, table: str, value: object) -> None:
        stored = json.loads(canonical_json(counted([row()])))
        stored[table] = value

        with pytest.raises(InvalidTally, match="not a stored tally"):
            from_json(json.dumps(stored))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(0, "0", id="zero"),
        pytest.param(-0.0, "0", id="minus zero"),
        pytest.param("007", "7", id="leading zeros"),
        pytest.param(100, "100", id="no exponent"),
        pytest.param(1e21, "1000000000000000000000", id="large"),
        pytest.param(Decimal("2.50"), "2.5", id="trailing zero"),
        pytest.param(0.1, "0.1", id="shortest float"),
        pytest.param(dt.datetime(2024, 5, 1, 9, 30, tzinfo=dt.UTC), "2024-05-01", id="datetime"),
        pytest.param("2024-05-01", "2024-05-01", id="date as text"),
    ],
)
def test_value_has_one_text(value: Value, expected: str) -> None:
    assert canonical_value(value) == expected


def test_every_sector_can_be_counted() -> None:
    agencies = [(f"Agency {sector}", sector.value) for sector in Sector]

    assert len(_empty(agencies=agencies).agencies) == len(Sector)
