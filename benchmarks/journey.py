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
class Timed:
    """One request: what kind, how long it took, and whether the answer was the one hoped for."""

    kind: Kind
    path: str
    seconds: float
    is_right: bool


class Journey:
    """A respondent who answers every question by chance, and writes a comment now and then."""

    def __init__(self, visitor: Visitor, *, think: Callable[[], None], chance: random.Random):
        self._visitor = visitor
        self._think = think
        self._chance = chance
        self.requests: list[Timed] = []

    def run(self, link: str) -> bool:
        """From the link to the receipt; whether the receipt was reached."""
        start = self._follow(link)
        for path in start.static_paths():
            self._note(Kind.STATIC, path, self._visitor.get(path), status=200)
        base = f"/q/{link.split('/')[2]}/"
        level = self._follow(f"{base}level")
        hub = self._save(f"{base}level", level, {"level": "frontline"})
        shown = self._follow(f"{base}resume") if hub is not None else None
        path = self.requests[-1].path
        for _ in range(MOST_PAGES):
            if shown is None or path == f"{base}check":
                break
            shown = self._save(path, shown, self._filled(shown))
            path = self.requests[-1].path
        if shown is None or path != f"{base}check":
            return False
        self._save(path, shown, {"quote": "yes"})
        return self.requests[-1].path == f"{base}sent" and self.requests[-1].is_right

    def _filled(self, page: Reply) -> dict[str, str]:
        fields = {name: self._chance.choice(values) for name, values in page.choices().items()}
        for name in page.text_boxes():
            fields[name] = COMMENT if self._chance.random() < 0.5 else ""
        return fields

    def _save(self, path: str, page: Reply, fields: dict[str, str]) -> Reply | None:
        """Posts a page after thinking about it, and opens where it leads; None when it failed."""
        self._think()
        posted = self._visitor.post(path, {"csrf_token": page.token(), **fields})
        self._note(Kind.POST, path, posted, status=302)
        return self._follow(posted.location) if posted.status == 302 else None

    def _follow(self, path: str) -> Reply:
        reply = self._visitor.get(path)
        while reply.location:
            self._note(Kind.GET, path, reply, status=302)
            path = reply.location
            reply = self._visitor.get(path)
        self._note(Kind.GET, path, reply, status=200)
        return reply

    def _note(self, kind: Kind, path: str, reply: Reply, *, status: int) -> None:
        self.requests.append(Timed(kind, path, reply.seconds, reply.status == status))
