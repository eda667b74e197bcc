"""Text made safe to store without changing what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_banks.text import UNSAFE, clean_line, clean_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("", ""),
        (" a ", "a"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a\tb"),
        ("a\x00\x1b[31mb\x7f", "a[31mb"),
        ("\ud83d\udc00", ""),
        ("👩‍👧 é ﷽", "👩‍👧 é ﷽"),
        ("a\n\n\nb", "a\n\n\nb"),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"), [("a \n\t b", "a b"), ("a\n\nb", "a b"), ("a  b", "a  b"), ("\n", "")]
)
def test_clean_line(text: str, clean: str) -> None:
    assert clean_line(text) == clean


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_clean_text_is_safe_and_stays_as_it_is(text: str) -> None:
    clean = clean_text(text)

    assert not UNSAFE.search(clean)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert clean_text(clean) == clean
    assert clean_line(clean_line(text)) == clean_line(text)
    assert "\n" not in clean_line(text)
