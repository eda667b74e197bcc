"""A respondent's browser, no heavier than it must be: the server has the machine's other core.

It keeps cookies, finds a form's fields in the HTML, and posts them with the page's token. It opens
a connection for each request, as a proxy in front of the application does by default, and follows
no redirect by itself, so that every request is timed on its own.
"""

from __future__ import annotations

import html
import http.client
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

SECONDS_TO_WAIT = 60

_INPUT = re.compile(r"<input\s([^>]*)>")
_TEXT_BOX = re.compile(r'<textarea\s[^>]*name="([^"]*)"[^>]*>\n?([^<]*)</textarea>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """An answer of the server: `seconds` from sending to the last byte, `wire_bytes` received."""

    status: int
    location: str
    body: bytes
    seconds: float
    wire_bytes: int

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode("utf-8")

    def token(self) -> str:
        """The token of the page's form."""
        return next(found["value"] for found in self._inputs() if found.get("name") == "csrf_token")

    def choices(self) -> dict[str, list[str]]:
        """The radios of the page: the name of each group and what it can post."""
        groups: dict[str, list[str]] = {}
        for found in self._inputs():
            if found.get("type") == "radio":
                groups.setdefault(found["name"], []).append(found["value"])
        return groups

    def chosen(self) -> dict[str, str]:
        """The radios that are on: name to value."""
        return {found["name"]: found["value"] for found in self._inputs() if "checked" in found}

    def text_boxes(self) -> list[str]:
        """The names of the boxes for longer text."""
        return [name for name, _ in _TEXT_BOX.findall(self.text)]

    def written(self) -> dict[str, str]:
        """The boxes for longer text with something in them: name to text."""
        return {name: html.unescape(text) for name, text in _TEXT_BOX.findall(self.text) if text}

    def static_paths(self) -> list[str]:
        """The style sheets, scripts and pictures that the page asks for."""
        return [html.unescape(path) for path in _STATIC.findall(self.text)]

    def _inputs(self) -> list[dict[str, str]]:
        found = []
        for attributes in _INPUT.findall(self.text):
            pairs = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
            if attributes.split()[-1] == "checked":
                pairs["checked"] = ""
            found.append(pairs)
        return found


@dataclass(frozen=True)
class _Cookie:
    name: str
    value: str
    path: str


class Visitor:
    """One browser without a past."""

    def __init__(self, host: str, port: int, *, encoding: str = "identity") -> None:
        self._host = host
        self._port = port
        self._encoding = encoding
        self._cookies: dict[tuple[str, str], _Cookie] = {}

    def get(self, path: str) -> Reply:
        """Asks for a page."""
        return self._send("GET", path, None)

    def post(self, path: str, fields: Fields) -> Reply:
        """Posts a form."""
        return self._send("POST", path, urlencode(fields).encode("ascii"))

    def follow(self, path: str) -> list[Reply]:
        """Asks for a page and for wherever it leads; the last reply is the page."""
        replies = [self.get(path)]
        while replies[-1].location:
            replies.append(self.get(replies[-1].location))
        return replies

    def _send(self, method: str, path: str, body: bytes | None) -> Reply:
        headers = {"Accept-Encoding": self._encoding, "Connection": "close"}
        cookies = self._cookies_for(path)
        if cookies:
            headers["Cookie"] = cookies
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        connection = http.client.HTTPConnection(self._host, self._port, timeout=SECONDS_TO_WAIT)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        seconds = time.perf_counter() - started
        self._keep(response.headers.get_all("Set-Cookie") or [])
        return Reply(
            status=response.status,
            location=_path_of(response.headers.get("Location") or ""),
            body=content,
            seconds=seconds,
            wire_bytes=_head_bytes(response) + len(content),
        )

    def _cookies_for(self, path: str) -> str:
        return "; ".join(
            f"{cookie.name}={cookie.value}"
            for cookie in self._cookies.values()
            if path.startswith(cookie.path)
        )

    def _keep(self, lines: Sequence[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                cookie = _Cookie(name=name, value=morsel.value, path=morsel["path"] or "/")
                self._cookies[name, cookie.path] = cookie


def _path_of(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _head_bytes(response: http.client.HTTPResponse) -> int:
    lines = [f"HTTP/1.1 {response.status} {response.reason}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    return sum(len(line) + 2 for line in lines) + 2
