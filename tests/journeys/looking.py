"""What a person would look at on a page, and what a checker finds: axe, reflow, pictures, paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

AXE = Path(__file__).resolve().parent / "axe" / "axe.min.js"
SCREENSHOTS = Path(__file__).resolve().parents[2] / "instance" / "screenshots"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 700}
NARROWEST = {"width": 320, "height": 700}
"""WCAG 1.4.10: a page must read at this width without scrolling sideways."""


def look_at(page: Page, name: str) -> None:
    """Hold the page to WCAG A and AA and to reflow, and keep pictures of it under ``name``."""
    shoot(page, name)
    assert_reflows(page)
    assert_accessible(page)


def assert_accessible(page: Page) -> None:
    """Fail with one line per finding of axe: rule, impact, element, and where to read of it."""
    findings = axe(page)
    lines = [
        f"- {finding['id']} ({finding['impact']}): {finding['help']}\n    "
        + "\n    ".join(node["html"][:200] for node in finding["nodes"])
        for finding in findings
    ]
    assert not findings, f"axe on {page.url} found:\n" + "\n".join(lines)


def axe(page: Page) -> list[dict[str, Any]]:
    """Return axe's WCAG A and AA violations on the page as it stands.

    axe waits on timers and promises, which do not run where JavaScript is turned off. So the
    page's document, exactly as it stands, is laid out again at the same address in a window where
    scripts could run and a policy keeps the page's own from doing so: the same elements and the
    same style sheets, with or without JavaScript in the window under test.
    """
    browser = page.context.browser
    assert browser is not None, "axe needs a page of an ordinary browser"
    document = page.content()
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        # Here noscript is shown; where scripts could run it would be hidden.
        document = re.sub(r"</?noscript[^>]*>", "", document)
    context = browser.new_context(
        storage_state=page.context.storage_state(), viewport=page.viewport_size
    )
    try:
        copy = context.new_page()

        def answer(route: Route) -> None:
            if route.request.is_navigation_request():
                route.fulfill(
                    body=document,
                    content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": "script-src 'none'"},
                )
            else:
                route.continue_()

        copy.route("**/*", answer)
        copy.goto(page.url)
        copy.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
        violations: list[dict[str, Any]] = copy.evaluate(
            "async tags => (await axe.run(document, {runOnly: tags, resultTypes: ['violations']}))"
            ".violations",
            STANDARDS,
        )
    finally:
        context.close()
    return violations


def assert_reflows(page: Page) -> None:
    """Fail when the page scrolls sideways in a window as narrow as WCAG 1.4.10 asks."""
    before = page.viewport_size
    page.set_viewport_size({"width": NARROWEST["width"], "height": NARROWEST["height"]})
    width = page.evaluate("document.documentElement.scrollWidth")
    if before:
        page.set_viewport_size(before)
    assert width <= NARROWEST["width"], f"{page.url} is {width} px wide in a 320 px window"


def shoot(page: Page, name: str) -> None:
    """Keep the page as a person sees it: desktop, phone, and paper (PDF)."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for label, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.screenshot(path=SCREENSHOTS / f"{name}-{label}.png", full_page=True)
    page.pdf(path=SCREENSHOTS / f"{name}-paper.pdf", format="A4", print_background=False)
    if before:
        page.set_viewport_size(before)
