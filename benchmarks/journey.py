"""One respondent's way from the link to the receipt, as requests one after the other."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.visitor import Reply, Visitor

COMMENT = "Core groups meet on time, and what they decide is written down the same day."
MOST_PAGES = 60


class Kind(StrEnum):
    """What a request asks for."""

    GET = "GET"
    POST = "POST"
    STATIC = "static file"


@dataclass(frozen=True)
class Request:
    """One request: what kind, how long it took, and whether the answer was the one hoped for."""

    kind: Kind
    seconds: float
    is_right: bool


class BrokenOff(Exception):
    """The server did not answer as it should, so that the journey cannot go on."""


class Journey:
    """A respondent who answers every question by chance, and writes a comment now and then.

    `think` is called before each page is posted, and before the first is left. Every request is
    noted in `requests`, and one that was answered wrongly ends the journey with BrokenOff.
    """

    def __init__(
        self, visitor: Visitor, link: str, *, think: Callable[[], None], chance: random.Random
    ) -> None:
        self.visitor = visitor
        self.requests: list[Request] = []
        self._link = link
        self._base = f"/q/{link.split('/')[2]}/"
        self._think = think
        self._chance = chance

    def begin(self) -> None:
        """Opens the link, reads the start page, and chooses a level."""
        _, start = self._open(self._link)
        for path in start.static_paths():
            self._note(Kind.STATIC, self.visitor.get(path), status=200)
        self._think()
        path, level = self._open(f"{self._base}level")
        self._save(path, level, {"level": "frontline"})

    def answer(self) -> list[str]:
        """Answers every page from the first incomplete one on; returns their addresses."""
        answered: list[str] = []
        path, page = self._open(f"{self._base}resume")
        while path != f"{self._base}check":
            if len(answered) == MOST_PAGES:
                raise BrokenOff("The questionnaire has no end.")
            answered.append(path)
            path, page = self._save(path, page, self.filled(page))
        return answered

    def send(self) -> None:
        """Sends the answers in, and reads the receipt."""
        path, page = self._open(f"{self._base}check")
        path, _ = self._save(path, page, {"quote": "yes"})
        if path != f"{self._base}sent":
            raise BrokenOff("Sending led to another page than the receipt.")

    def filled(self, page: Reply) -> dict[str, str]:
        """An answer to every question of a page."""
        fields = {name: self._chance.choice(values) for name, values in page.choices().items()}
        for name in page.text_boxes():
            fields[name] = COMMENT if self._chance.random() < 0.5 else ""
        return fields

    def _save(self, path: str, page: Reply, fields: dict[str, str]) -> tuple[str, Reply]:
        """Thinks, posts a page, and opens where that leads."""
        self._think()
        posted = self.visitor.post(path, {"csrf_token": page.token(), **fields})
        self._note(Kind.POST, posted, status=302)
        return self._open(posted.location)

    def _open(self, path: str) -> tuple[str, Reply]:
        """The page an address leads to, and its own address."""
        reply = self.visitor.get(path)
        while reply.location:
            self._note(Kind.GET, reply, status=302)
            path = reply.location
            reply = self.visitor.get(path)
        self._note(Kind.GET, reply, status=200)
        return path, reply

    def _note(self, kind: Kind, reply: Reply, *, status: int) -> None:
        is_right = reply.status == status
        self.requests.append(Request(kind, reply.seconds, is_right))
        if not is_right:
            raise BrokenOff(f"A {kind} was answered {reply.status}, not {status}.")
