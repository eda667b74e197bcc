"""A respondent who remembers which answers the server said it had saved."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.serving import HOST, Server
from benchmarks.visitor import Reply, Visitor

COMMENT = "Seen by people who attend: number "


class Respondent:
    """Saves page after page, again and again, each time with other answers.

    `acknowledged` holds the answers of every save that was answered by a redirect, `in_doubt` those
    of the one save that was sent and never answered: they may be stored, all of them or none.
    """

    def __init__(self, link: str, chance: random.Random) -> None:
        self.link = link
        self.public_id = link.split("/")[2]
        self.acknowledged: dict[str, str] = {}
        self.in_doubt: dict[str, str] = {}
        self.saves = 0
        self._chance = chance

    def url(self, end: str) -> str:
        """The address of one of the invitation's pages."""
        return f"/q/{self.public_id}/{end}"

    def answer_pages(
        self, server: Server, *, before: Callable[[], None], after: Callable[[], None]
    ) -> None:
        """Goes on where the link leads until the server is gone, or `before` raises something.

        `before` is called before each save is sent and `after` when it has been acknowledged.
        """
        visitor = Visitor(HOST, server.port)
        path, page = self._open(visitor)
        while True:
            fields = self._fields(page)
            before()
            self.in_doubt = fields
            reply = visitor.post(path, {"csrf_token": page.token(), **fields})
            assert reply.status == 302, f"{path} was answered {reply.status}"
            self.acknowledged |= fields
            self.in_doubt = {}
            self.saves += 1
            after()
            path, page = self._next(visitor, reply.location)

    def settle(self, stored: Mapping[str, Any]) -> None:
        """Checks the stored answers against what was acknowledged, then goes on from them."""
        may_be = [self.acknowledged, self.acknowledged | self.in_doubt]
        assert dict(stored) in may_be, (
            f"{self.public_id}: after {self.saves} acknowledged saves, answers are missing or "
            f"changed: {_difference(self.acknowledged, stored)} (in doubt: {self.in_doubt})"
        )
        self.acknowledged = dict(stored)
        self.in_doubt = {}

    def _open(self, visitor: Visitor) -> tuple[str, Reply]:
        replies = visitor.follow(self.link)
        if not self.acknowledged:
            level = visitor.get(self.url("level"))
            chosen = {"csrf_token": level.token(), "level": "frontline"}
            assert visitor.post(self.url("level"), chosen).status == 302
            replies = visitor.follow(self.url("resume"))
        return self._next(visitor, replies[-2].location)

    def _next(self, visitor: Visitor, path: str) -> tuple[str, Reply]:
        """The page of questions at `path`; after the last, the first again."""
        if path == self.url("check"):
            hub = visitor.get(self.url("signposts"))
            path = next(part for part in hub.text.split('"') if part.startswith(self.url("page/")))
        return path, visitor.get(path)

    def _fields(self, page: Reply) -> dict[str, str]:
        fields = {}
        for name, values in page.choices().items():
            # Always another option than before, so that a lost save cannot look like a kept one.
            fields[name] = self._chance.choice(
                [value for value in values if value != self.acknowledged.get(name)]
            )
        for name in page.text_boxes():
            fields[name] = f"{COMMENT}{self.saves}"
        return fields


def _difference(expected: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        code: (expected.get(code), found.get(code))
        for code in expected.keys() | found.keys()
        if expected.get(code) != found.get(code)
    }
