"""Raw answers to values or messages, from a form and from a CSV cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_banks.answers import (
    FieldError,
    Parsed,
    display,
    field_names,
    form_values,
    parse_cell,
    parse_form,
    to_cell,
)
from question_banks.bank import Bank, Question
from question_banks.conditions import Value
from question_banks.loader import load_bank
from question_banks.reachability import option_codes

VALID = Path(__file__).parents[2] / "banks" / "valid"
OPTIONAL = load_bank(VALID / "every_type.yaml")
REQUIRED = load_bank(VALID / "all_required.yaml")

SCALE_PROMPT = "Select how far you agree, or select ‘Don’t know’"
TAMPERED = "That answer was not one of the options. "


def post(code: str, posted: list[str], *, bank: Bank = OPTIONAL) -> Parsed:
    """Parses a form in which one field has these values."""
    return parse_form(bank, bank.by_code[code], {code: posted, "another_field": ["agree"]})


def error(code: str, message: str, target: str = "") -> Parsed:
    return Parsed(None, (FieldError(code, target or code, message),))


@pytest.mark.parametrize(
    ("code", "posted", "value"),
    [
        pytest.param("a_scale", ["agree"], "agree", id="scale"),
        pytest.param("a_scale", [" dont_know "], "dont_know", id="scale off"),
        pytest.param("a_single", ["two"], "two", id="single"),
        pytest.param("a_several", ["green"], ["green"], id="one of several"),
        pytest.param("a_several", ["blue", "red", "red"], ["red", "blue"], id="bank order, once"),
        pytest.param("a_several", ["", "red"], ["red"], id="hidden blank beside"),
        pytest.param("a_several", [], None, id="several blank"),
        pytest.param("a_number", ["12"], 12, id="number"),
        pytest.param("a_number", [" 1,234 "], 1234, id="thousands"),
        pytest.param("a_number", ["1 234"], 1234, id="thousands by a space"),
        pytest.param("a_number", ["3.0"], 3, id="whole with a nought"),
        pytest.param("a_number", ["0"], 0, id="nought"),
        pytest.param("a_number", ["5000"], 5000, id="highest"),
        pytest.param("a_number", [""], None, id="number blank"),
        pytest.param("a_fraction", ["-1.5"], -1.5, id="lowest fraction"),
        pytest.param("a_fraction", ["−0"], 0.0, id="typographic minus"),
        pytest.param("a_line", ["  Ann\r\nLee\t"], "Ann Lee", id="line"),
        pytest.param("a_line", ["x" * 20], "x" * 20, id="longest line"),
        pytest.param("a_line", [" \n "], None, id="only spaces"),
        pytest.param("a_text", ["One\r\ntwo\rthree"], "One\ntwo\nthree", id="line ends"),
        pytest.param("a_text", ["a\x00b\x1b\ud800c\uffff"], "abc", id="unsafe characters"),
        pytest.param(
            "a_text", ["שלום 👩‍👧 \u200fكلمة"], "שלום 👩‍👧 \u200fكلمة", id="kept as typed"
        ),
        pytest.param("a_text", ["<b>1 & 2</b>"], "<b>1 & 2</b>", id="not HTML to us"),
        pytest.param("a_text", [], None, id="field absent"),
    ],
)
def test_parse_form_value(code: str, posted: list[str], value: Value) -> None:
    parsed = post(code, posted)

    assert parsed == Parsed(value)
    assert parsed.is_valid
    assert type(parsed.value) is type(value)


@pytest.mark.parametrize(
    ("code", "posted", "message"),
    [
        pytest.param("a_scale", [], SCALE_PROMPT, id="scale left out"),
        pytest.param("a_scale", ["5"], TAMPERED + SCALE_PROMPT, id="scale tampered"),
        pytest.param("a_scale", ["agree", "disagree"], "Select one option only", id="scale twice"),
        pytest.param("a_single", [], "Select one option", id="single left out"),
        pytest.param("a_single", ["x"], TAMPERED + "Select one option", id="single tampered"),
        pytest.param(
            "a_several",
            ["red", "black"],
            TAMPERED + "Select from the options shown",
            id="several tampered",
        ),
        pytest.param(
            "a_several",
            ["red", "green", "blue"],
            "Select no more than 2 options; you selected 3",
            id="too many",
        ),
        *(
            pytest.param(
                "a_number", [text], "Enter a whole number of referrals from 0 to 5,000", id=text
            )
            for text in ("ten", "1.5", "-1", "5001", "1e3", "1,2,3", "١٢", "9" * 30, "=1", "nan")
        ),
        pytest.param("a_fraction", ["99.6"], "Enter a number from -1.5 to 99.5", id="fraction"),
    ],
)
def test_parse_form_message(code: str, posted: list[str], message: str) -> None:
    parsed = post(code, posted)

    assert parsed == error(code, message)
    assert not parsed.is_valid


def test_a_text_too_long_is_kept_beside_its_message() -> None:
    parsed = post("a_text", ["é" * 101])

    assert parsed.value == "é" * 101
    assert parsed.errors == (
        FieldError(
            "a_text", "a_text", "Shorten your answer to 100 characters or fewer; it has 101 now"
        ),
    )


def test_a_line_end_counts_as_one_character() -> None:
    assert post("a_text", ["x" * 49 + "\r\n" + "x" * 50]).is_valid


def post_date(day: str, month: str, year: str) -> Parsed:
    posted = {"a_date-day": [day], "a_date-month": [month], "a_date-year": [year]}
    return parse_form(OPTIONAL, OPTIONAL.by_code["a_date"], posted)


@pytest.mark.parametrize(
    ("day", "month", "year", "value"),
    [
        ("31", "3", "2026", "2026-03-31"),
        (" 01 ", "03", "2026", "2026-03-01"),
        ("1", "March", "2026", "2026-03-01"),
        ("1", "sept", "2026", "2026-09-01"),
        ("29", "2", "2028", "2028-02-29"),
        ("", " ", "", None),
    ],
)
def test_parse_form_date(day: str, month: str, year: str, value: str | None) -> None:
    assert post_date(day, month, year) == Parsed(value)


@pytest.mark.parametrize(
    ("day", "month", "year", "messages"),
    [
        ("32", "1", "2026", {"day": "Day must be a number from 1 to 31"}),
        ("0", "1", "2026", {"day": "Day must be a number from 1 to 31"}),
        ("first", "1", "2026", {"day": "Day must be a number from 1 to 31"}),
        ("1", "13", "2026", {"month": "Month must be a number from 1 to 12"}),
        ("1", "ma", "2026", {"month": "Month must be a number from 1 to 12"}),
        ("1", "Mars", "2026", {"month": "Month must be a number from 1 to 12"}),
        ("1", "1", "26", {"year": "Year must be four digits from 1900 to 2199"}),
        ("1", "1", "20266", {"year": "Year must be four digits from 1900 to 2199"}),
        ("29", "2", "2026", {"day": "February 2026 has 28 days: enter a day from 1 to 28"}),
        ("31", "april", "2026", {"day": "April 2026 has 30 days: enter a day from 1 to 30"}),
        ("", "1", "2026", {"day": "Date must include a day"}),
        ("1", "", "2026", {"month": "Date must include a month"}),
        ("1", "", "", {"month": "Date must include a month", "year": "Date must include a year"}),
        (
            "x",
            "x",
            "x",
            {
                "day": "Day must be a number from 1 to 31",
                "month": "Month must be a number from 1 to 12",
                "year": "Year must be four digits from 1900 to 2199",
            },
        ),
    ],
)
def test_parse_form_date_message(day: str, month: str, year: str, messages: dict[str, str]) -> None:
    parsed = post_date(day, month, year)

    assert parsed.value is None
    assert [(e.target, e.message) for e in parsed.errors] == [
        (f"a_date-{part}", message) for part, message in messages.items()
    ]
    assert {e.question for e in parsed.errors} == {"a_date"}


def rank(red: str, green: str, blue: str) -> Parsed:
    posted = {"a_ranking--red": [red], "a_ranking--green": [green], "a_ranking--blue": [blue]}
    return parse_form(OPTIONAL, OPTIONAL.by_code["a_ranking"], posted)


def test_parse_form_ranking() -> None:
    assert rank("3", " 1 ", "02") == Parsed(["green", "blue", "red"])
    assert rank("", " ", "") == Parsed(None)


@pytest.mark.parametrize(
    ("places", "errors"),
    [
        (("1", "", "2"), {"green": "Enter a number from 1 to 3 for ‘Green’"}),
        (("1", "4", "2"), {"green": "Enter a number from 1 to 3 for ‘Green’"}),
        (
            ("0", "first", "3"),
            {
                "red": "Enter a number from 1 to 3 for ‘Red’",
                "green": "Enter a number from 1 to 3 for ‘Green’",
            },
        ),
        (("2", "1", "2"), {"blue": "Use each number once: 2 is beside both ‘Red’ and ‘Blue’"}),
    ],
)
def test_parse_form_ranking_message(places: tuple[str, str, str], errors: dict[str, str]) -> None:
    parsed = rank(*places)

    assert parsed.value is None
    assert {e.target: e.message for e in parsed.errors} == {
        f"a_ranking--{choice}": message for choice, message in errors.items()
    }


@pytest.mark.parametrize(
    ("code", "target", "message"),
    [
        ("r_scale", "r_scale", SCALE_PROMPT),
        ("r_single", "r_single", "Select one option"),
        ("r_several", "r_several", "Select at least one option"),
        ("r_ranking", "r_ranking--red", "Enter a number from 1 to 2 beside each option"),
        ("r_number", "r_number", "Enter a whole number, such as 12"),
        ("r_date", "r_date-day", "Enter a date"),
        ("r_line", "r_line", "Enter an answer"),
        ("r_text", "r_text", "Enter an answer"),
    ],
)
def test_a_required_question_left_blank_says_what_to_do(
    code: str, target: str, message: str
) -> None:
    question = REQUIRED.by_code[code]

    assert parse_form(REQUIRED, question, {}) == error(code, message, target)
    assert parse_cell(REQUIRED, question, " ") == Parsed(None)


def test_a_scale_question_may_be_optional() -> None:
    assert post("r_optional", [], bank=REQUIRED) == Parsed(None)


def without(bank: Bank, *kinds: str, prompt: bool) -> Bank:
    """The bank with options of these kinds taken out of its scale, and perhaps its prompt."""
    (scale,) = bank.scales
    options = tuple(option for option in scale.options if option.kind not in kinds)
    changed = {"options": options} | ({} if prompt else {"prompt": None})
    return bank.model_copy(update={"scales": (scale.model_copy(update=changed),)})


@pytest.mark.parametrize(
    ("kinds", "prompt", "message"),
    [
        ((), False, "Select an answer from ‘Agree’ to ‘Disagree’, or select ‘Don’t know’"),
        (("dont_know",), True, "Select how far you agree, or select ‘Not applicable’"),
        (("dont_know", "not_applicable"), True, "Select how far you agree"),
    ],
    ids=["no prompt", "no don't know", "no way out"],
)
def test_the_prompt_of_a_scale_is_worded_from_its_options(
    kinds: tuple[str, ...], prompt: bool, message: str
) -> None:
    bank = without(OPTIONAL, *kinds, prompt=prompt)

    assert post("a_scale", [], bank=bank) == error("a_scale", message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"highest": None}, "Enter a whole number of referrals, 0 or more"),
        ({"lowest": None}, "Enter a whole number of referrals, 5,000 or less"),
        ({"lowest": None, "highest": None, "unit": None}, "Enter a whole number, such as 12"),
    ],
    ids=["lowest", "highest", "no bounds"],
)
def test_the_prompt_of_a_number_tells_its_bounds(changes: dict[str, None], message: str) -> None:
    question = OPTIONAL.by_code["a_number"].model_copy(update=changes)

    assert parse_form(OPTIONAL, question, {"a_number": ["x"]}) == error("a_number", message)


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("a_scale", "agree", "agree"),
        ("a_single", " two ", "two"),
        ("a_several", "blue | red", ["red", "blue"]),
        ("a_ranking", "blue|red|green", ["blue", "red", "green"]),
        ("a_number", "12", 12),
        ("a_fraction", "12.5", 12.5),
        ("a_date", "2026-03-31", "2026-03-31"),
        ("a_line", "Ann", "Ann"),
        ("a_text", "One\r\ntwo", "One\ntwo"),
        ("a_scale", " ", None),
    ],
)
def test_parse_cell_value(code: str, text: str, value: Value) -> None:
    assert parse_cell(OPTIONAL, OPTIONAL.by_code[code], text) == Parsed(value)


@pytest.mark.parametrize(
    ("code", "text", "message"),
    [
        (
            "a_scale",
            "Agree",
            (
                "‘Agree’ is not an option code; use one of agree, neither, disagree, dont_know, "
                "not_applicable"
            ),
        ),
        ("a_single", "one|two", "Select one option only"),
        ("a_several", "red||blue", "‘’ is not an option code; use one of red, green, blue"),
        ("a_several", "red|green|blue", "Select no more than 2 options; you selected 3"),
        ("a_ranking", "red|blue", "name each of red, green, blue once, joined by |"),
        ("a_ranking", "red|red|blue", "name each of red, green, blue once, joined by |"),
        ("a_number", "many", "Enter a whole number of referrals from 0 to 5,000"),
        ("a_date", "31/03/2026", "‘31/03/2026’ is not a date; write it as 2026-03-31"),
        ("a_date", "x" * 50, f"‘{'x' * 40}…’ is not a date; write it as 2026-03-31"),
    ],
)
def test_parse_cell_message(code: str, text: str, message: str) -> None:
    assert parse_cell(OPTIONAL, OPTIONAL.by_code[code], text) == error(code, message)


QUESTIONS = [
    pytest.param(bank, question, id=question.code)
    for bank in (OPTIONAL, REQUIRED)
    for question in bank.questions()
]


@pytest.mark.parametrize(("bank", "question"), QUESTIONS)
@given(data=st.data())
def test_any_text_is_parsed_or_refused_and_survives_both_ways(
    bank: Bank, question: Question, data: st.DataObject
) -> None:
    codes = option_codes(bank, question)
    texts = st.one_of(
        st.text(),
        st.text(alphabet="0123456789.,-", max_size=6),
        st.sampled_from([*codes, "|".join(codes), "2026-03-31"]),
    )
    posted = data.draw(
        st.dictionaries(st.sampled_from(field_names(question)), st.lists(texts, max_size=3))
    )
    cell = data.draw(texts)

    for parsed in (parse_form(bank, question, posted), parse_cell(bank, question, cell)):
        if not parsed.is_valid:
            for wrong in parsed.errors:
                assert wrong.message
                assert wrong.question == question.code
                assert wrong.target in (*field_names(question), question.code)
            continue
        again = parse_cell(bank, question, to_cell(question, parsed.value) or "")
        assert again == parsed
        if parsed.value is not None:
            assert parse_form(bank, question, form_values(question, parsed.value)) == parsed
            assert display(bank, question, parsed.value) != ""


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("a_scale", "dont_know", "Don’t know"),
        ("a_single", "two", "Two"),
        ("a_several", ["red", "blue"], "Red\nBlue"),
        ("a_ranking", ["blue", "red", "green"], "1. Blue\n2. Red\n3. Green"),
        ("a_number", 1234, "1,234 referrals"),
        ("a_fraction", 12.5, "12.5"),
        ("a_date", "2026-03-01", "1 March 2026"),
        ("a_text", "One\ntwo", "One\ntwo"),
        ("a_text", None, ""),
        ("a_single", "gone", "gone"),
    ],
)
def test_display(code: str, value: Value, shown: str) -> None:
    assert display(OPTIONAL, OPTIONAL.by_code[code], value) == shown


def test_display_in_welsh() -> None:
    bank = load_bank(VALID / "welsh.yaml")

    assert display(bank, bank.by_code["spoken"], "agree", "cy") == "Cytuno"
    assert display(bank, bank.by_code["spoken"], "disagree", "cy") == "Disagree"
    assert display(OPTIONAL, OPTIONAL.by_code["a_date"], "2026-03-01", "cy") == "1 Mawrth 2026"


@pytest.mark.parametrize(
    ("code", "value", "fields"),
    [
        ("a_scale", "agree", {"a_scale": ["agree"]}),
        ("a_several", ["red", "blue"], {"a_several": ["red", "blue"]}),
        ("a_number", 12, {"a_number": ["12"]}),
        (
            "a_date",
            "2026-03-01",
            {"a_date-day": ["1"], "a_date-month": ["3"], "a_date-year": ["2026"]},
        ),
        (
            "a_ranking",
            ["blue", "red", "green"],
            {"a_ranking--blue": ["1"], "a_ranking--red": ["2"], "a_ranking--green": ["3"]},
        ),
        ("a_text", None, {}),
    ],
)
def test_form_values(code: str, value: Value, fields: dict[str, list[str]]) -> None:
    assert form_values(OPTIONAL.by_code[code], value) == fields


@pytest.mark.parametrize(
    ("value", "cell"), [(1e-9, "0.000000001"), (99.5, "99.5"), (0.0, "0"), (1e14, "1" + "0" * 14)]
)
def test_to_cell_of_a_fraction_has_no_exponent(value: float, cell: str) -> None:
    assert to_cell(OPTIONAL.by_code["a_fraction"], value) == cell
