"""Text that leaves in a file is legal, stands on its line and is never a formula."""

from __future__ import annotations

import pytest

from analysis.export.safety import clean, escape, formula_safe, one_line, shorten


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_formula_safe_puts_an_apostrophe_before_what_could_be_run(text: str) -> None:
    assert formula_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "1-2", "£5", "'=1", "–1", "(=1)"])
def test_formula_safe_leaves_other_text_alone(text: str) -> None:
    assert formula_safe(text) == text


def test_formula_safe_looks_behind_a_character_that_is_taken_out() -> None:
    assert formula_safe("\x00=1") == "'=1"
    assert formula_safe("\u202e=1") == "'=1"


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x07", "\x0b", "\x1f", "\x7f", "\x80", "\ud800", "\ufffe", "\u202e", "\u2066"],
)
def test_clean_takes_out_what_xml_or_a_reader_cannot_bear(character: str) -> None:
    assert clean(f"a{character}b") == "ab"


@pytest.mark.parametrize("text", ["مدرسة", "👩‍👧", "tab\t and\n line", "e\u0301"])
def test_clean_keeps_other_scripts_and_pictures(text: str) -> None:
    assert clean(text) == text


def test_one_line_and_shorten() -> None:
    assert one_line("a\r\n b\u2028c") == "a b c"
    assert shorten("abcdef", to=6) == "abcdef"
    assert shorten("abcdefg", to=6) == "abcde…"


def test_escape_covers_content_and_attributes() -> None:
    assert escape("<a href='x'>\"&") == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;"
