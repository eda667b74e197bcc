"""A browser for tests that checks every page it is given: the floor under all pages.

`Browser.get` and `Browser.post` return parsed HTML after checking that it is valid HTML5 with one
h1, a title that begins with it (after "Error: " when there is an error summary), unique ids, a
label for every control, a legend for every group, summary links that lead somewhere, and a CSRF
field in every form that posts. Forms are posted as a browser would: with their own token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

NAMELESS = {"hidden", "submit", "button"}
Fields = Mapping[str, str | Sequence[str]]


class Page:
    """A parsed page."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.path = response.request.path
        self.text = response.get_data(as_text=True)
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = parser.parse(self.text)
        errors = [error for error in parser.errors if error[1] != "unexpected-null-character"]
        assert not errors, f"{self.path}: not valid HTML5: {errors[:3]}"

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every element with that tag and those attributes."""
        return [
            element
            for element in self.root.iter(tag)
            if all(element.get(name) == value for name, value in attributes.items())
        ]

    @property
    def h1(self) -> str:
        """The text of the one h1."""
        return words_of(self.all("h1")[0])

    @property
    def words(self) -> str:
        """The text of the main part, in one line."""
        return words_of(self.all("main")[0])

    @property
    def csrf_token(self) -> str:
        """The token of the page's form."""
        return self.all("input", name="csrf_token")[0].get("value") or ""

    @property
    def error_messages(self) -> list[str]:
        """The lines of the error summary."""
        return [
            words_of(item)
            for summary in self.all("ul")
            if "govuk-error-summary__list" in (summary.get("class") or "")
            for item in summary.iter("li")
        ]

    def checked(self) -> dict[str, str]:
        """Name to value of the radios and checkboxes that are on."""
        return {
            element.get("name") or "": element.get("value") or ""
            for element in self.all("input")
            if element.get("checked") is not None
        }


def words_of(element: Element) -> str:
    """An element's text with single spaces."""
    return " ".join("".join(element.itertext()).split())


class Browser:
    """Opens pages, checks each, posts forms with their token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page | None = None

    def get(self, path: str, *, status: int = 200) -> Page:
        """Opens a page, following redirects."""
        return self._seen(self.client.get(path, follow_redirects=True), status)

    def post(
        self,
        path: str,
        fields: Fields | None = None,
        *,
        status: int = 200,
        token: str | None = None,
    ) -> Page:
        """Posts fields with the last page's token (or another), following redirects."""
        if token is None:
            assert self.page is not None, "Open the page with the form first."
            token = self.page.csrf_token
        data: dict[str, Any] = {"csrf_token": token, **(fields or {})}
        return self._seen(self.client.post(path, data=data, follow_redirects=True), status)

    def _seen(self, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, (
            f"{response.request.path}: {response.status_code}, not {status}: "
            f"{response.get_data(as_text=True)[:600]}"
        )
        page = Page(response)
        for fault in faults(page):
            raise AssertionError(f"{page.path}: {fault}")
        self.page = page
        return page


def faults(page: Page) -> Iterator[str]:
    """What is wrong with a page that no page may have wrong."""
    headings = page.all("h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1 elements"
        return
    title = words_of(page.all("title")[0])
    has_errors = bool(page.error_messages)
    if has_errors != title.startswith("Error: "):
        yield f"the title {title!r} and the error summary do not agree"
    if not title.removeprefix("Error: ").startswith(page.h1):
        yield f"the title {title!r} does not begin with the h1 {page.h1!r}"
    ids = [element.get("id") for element in page.root.iter() if element.get("id")]
    twice = {one for one in ids if ids.count(one) > 1}
    if twice:
        yield f"ids used twice: {sorted(str(one) for one in twice)}"
    yield from _control_faults(page)
    for link in page.all("a"):
        target = link.get("href") or ""
        if target.startswith("#") and len(target) > 1 and target[1:] not in ids:
            yield f"the link to {target} leads nowhere"
    for element in page.root.iter():
        for name in ("aria-describedby", "aria-labelledby"):
            for pointed in (element.get(name) or "").split():
                if pointed not in ids:
                    yield f"{name} points to {pointed}, which is not there"


def _control_faults(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for control in page.all(tag):
            if control.get("type") not in NAMELESS and control.get("id") not in labelled:
                yield f"no label for {control.get('name')}"
    for group in page.all("fieldset"):
        if group.find("legend") is None:
            yield "a fieldset without a legend"
    for form in page.all("form"):
        posts = (form.get("method") or "get").lower() == "post"
        has_token = any(field.get("name") == "csrf_token" for field in form.iter("input"))
        if posts and not has_token:
            yield "a form that posts without a CSRF field"
