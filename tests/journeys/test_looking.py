"""The checker that every journey relies on finds what is wrong, with and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys.looking import assert_reflows, axe

ADDRESS = "http://127.0.0.1:9/page"
GOOD = (
    '<!doctype html><html lang="en"><head><title>Page</title>'
    '<meta name="viewport" content="width=device-width"></head><body><main><h1>Page</h1>'
    '<label for="a">Name</label> <input id="a">{}</main></body></html>'
)
FAULTS = {
    "none": ("", []),
    "label": ('<input id="b">', ["label"]),
    "label in noscript": ('<noscript><input id="b"></noscript>', ["label"]),
    "contrast": ('<p style="color:#bbb;background:#fff">Faint</p>', ["color-contrast"]),
}


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
@pytest.mark.parametrize("fault", FAULTS)
def test_axe_names_the_fault_seeded_in_a_page(
    browser: Browser, javascript: bool, fault: str
) -> None:
    seeded, expected = FAULTS[fault]
    if javascript and "noscript" in seeded:
        expected = []
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    page.route(
        "**/*", lambda route: route.fulfill(body=GOOD.format(seeded), content_type="text/html")
    )
    page.goto(ADDRESS)

    found = [violation["id"] for violation in axe(page)]
    context.close()

    assert found == expected


def test_reflow_is_refused_to_a_page_that_is_too_wide(browser: Browser) -> None:
    wide = GOOD.format('<div style="width:700px">Wide</div>')
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body=wide, content_type="text/html"))
    page.goto(ADDRESS)

    with pytest.raises(AssertionError, match="320 px"):
        assert_reflows(page)
    page.close()
