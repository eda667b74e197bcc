"""Plain values, their lines, and every fault of a YAML text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_banks.strict_yaml import parse


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-03-31", "2026-03-31"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("010", 10),
        ("-7", -7),
        ("1.10", 1.1),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("''", ""),
        ("[]", []),
        ("{}", {}),
        ("[a, 1]", ["a", 1]),
        ("9" * 19, "9" * 19),
    ],
)
def test_scalars_follow_yaml_1_2(written: str, value: object) -> None:
    document = parse(f"a: {written}\n")

    assert document.faults == []
    assert document.value == {"a": value}
    assert isinstance(document.value, dict)
    assert type(document.value["a"]) is type(value)


def test_lines_are_those_of_keys_and_items() -> None:
    document = parse("one:\n  two: 2\n  three:\n    - a\n    -\n      b: x\n")

    assert document.lines == {
        (): 1,
        ("one",): 1,
        ("one", "two"): 2,
        ("one", "three"): 3,
        ("one", "three", 0): 4,
        ("one", "three", 1): 6,
        ("one", "three", 1, "b"): 6,
    }


def test_all_duplicate_keys_are_told_and_the_first_value_stays() -> None:
    document = parse("a: 1\nb: {c: 1, c: 2}\na: 2\n")

    assert document.value == {"a": 1, "b": {"c": 1}}
    assert [(fault.line, fault.message) for fault in document.faults] == [
        (2, "the key ‘c’ stands twice here; the first is on line 2"),
        (3, "the key ‘a’ stands twice here; the first is on line 1"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("a: 'b\n\nc: d\n", 4, id="quote never closed"),
        pytest.param("a: [b\n", 2, id="bracket never closed"),
        pytest.param("a: b\n- c\n", 2, id="list after mapping"),
        pytest.param("a: @b\n", 1, id="reserved character"),
        pytest.param("a: *b\n", 1, id="unknown alias"),
        pytest.param("a: \x00\n", 1, id="zero"),
        pytest.param('a: "\\UFFFFFFFF"\n', 1, id="no such character"),
        pytest.param('a: "\\U00110000"\n', 1, id="just beyond the last character"),
        pytest.param('a: "\\q"\n', 1, id="unknown escape"),
        pytest.param('"a\\0": b\n', 1, id="unsafe key"),
        pytest.param("%YAML 9.9\n---\na: b\n", 1, id="another YAML"),
    ],
)
def test_broken_text_gives_one_fault_and_its_line(text: str, line: int) -> None:
    document = parse(text)

    assert [fault.line for fault in document.faults] == [line]


@given(
    st.text(
        alphabet=st.sampled_from("ab:-?[]{},&*!|>'\"%@`#\\ \n\t01.~\x85\u2028<=\ud800"), max_size=80
    )
)
def test_any_text_is_read_or_faulted_never_raised(text: str) -> None:
    document = parse(text)

    assert all(fault.line >= 1 and fault.message for fault in document.faults)


@given(st.text(max_size=200))
def test_any_quoted_text_without_unsafe_characters_is_kept(text: str) -> None:
    plain = "".join(c for c in text if c.isprintable())
    quoted = plain.replace("'", "''")

    assert parse(f"a: '{quoted}'\n").value == {"a": plain}
