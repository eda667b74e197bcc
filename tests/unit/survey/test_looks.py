"""Colours of councils: contrast as WCAG gives it, and the darker shade that is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.actions.looks import LEAST_CONTRAST, contrast_with_white, darkened, read_colour
from survey.web.register_forms import read_look


@pytest.mark.parametrize(
    ("colour", "contrast"),
    [
        # Values of the W3C's and WebAIM's contrast checkers, as published beside these greys.
        pytest.param("#ffffff", 1.0, id="white"),
        pytest.param("#000000", 21.0, id="black"),
        pytest.param("#767676", 4.54, id="the lightest grey that passes"),
        pytest.param("#777777", 4.48, id="the next grey"),
        pytest.param("#ff0000", 4.0, id="red"),
        pytest.param("#0000ff", 8.59, id="blue"),
    ],
)
def test_contrast_with_white_is_that_of_wcag(colour: str, contrast: float) -> None:
    assert round(contrast_with_white(colour), 2) == contrast


@given(st.integers(0, 0xFFFFFF))
def test_shade_that_is_offered_is_dark_enough_and_no_darker_than_needed(number: int) -> None:
    colour = f"#{number:06x}"

    shade = darkened(colour)

    assert contrast_with_white(shade) >= LEAST_CONTRAST
    assert (shade == colour) == (contrast_with_white(colour) >= LEAST_CONTRAST)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        (" 1F4E5F ", "#1f4e5f"),
        ("#ABC", "#aabbcc"),
        ("teal", None),
        ("#12345", None),
        ("}x{", None),
    ],
)
def test_colour_is_read_or_refused(typed: str, read: str | None) -> None:
    assert read_colour(typed) == read


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({}, ["name"], id="no name"),
        pytest.param({"name": "A", "colour": "teal"}, ["colour"], id="no colour"),
        pytest.param({"name": "A", "contact_email": "x"}, ["contact_email"], id="no address"),
        pytest.param({"name": "A", "website": "javascript:alert(1)"}, ["website"], id="script"),
        pytest.param(
            {"name": "A", "website": "www.example.org"}, ["website"], id="half an address"
        ),
        pytest.param({"name": "A", "website": "https://["}, ["website"], id="broken address"),
        pytest.param(
            {"name": "x" * 50_000, "colour": "teal"}, ["name", "colour"], id="two, in order"
        ),
        pytest.param({"name": "A", "website": "https://example.org"}, [], id="right"),
    ],
)
def test_look_is_read_with_every_fault_in_the_order_of_fields(
    fields: dict[str, str], wrong: list[str]
) -> None:
    assert [name for name, _ in read_look(fields).problems] == wrong
