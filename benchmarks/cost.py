"""Processor time a page costs the server, as a multiple of the least a page of Flask can cost.

Processor time and not time on the clock: it holds on a machine that does other things as well. The
bare page and the pages of the questionnaire take turns, so that a machine that slows down slows
both, and the median of several rounds is what counts.
"""

from __future__ import annotations

import random
import statistics
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.journey import Journey
from benchmarks.serving import HOST, Server
from benchmarks.visitor import Visitor

GZIP_LEVEL = 6


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time for each request, and the multiples of the bare page."""

    bare: float
    get: float
    post: float
    post_and_page: float
    """A post, and the page its redirect leads to."""
    get_multiple: float
    post_multiple: float
    post_and_page_multiple: float
    compressing: float
    """What compressing that page on the way out would add to a GET."""
    page_bytes: int
    page_bytes_compressed: int


def measure(bare: Server, app: Server, link: str, *, rounds: int, requests: int) -> Cost:
    """Asks for one page of questions, and posts it, `requests` times in each of `rounds` rounds.

    Every post brings other answers than the one before, so that each is stored.
    """
    passer_by = Visitor(HOST, bare.port, encoding="gzip")
    journey = Journey(
        Visitor(HOST, app.port, encoding="gzip"), link, think=_at_once, chance=random.Random(link)
    )
    journey.begin()
    path = _middle(journey.answer())
    visitor = journey.visitor
    page = visitor.get(path)
    token = page.token()
    answers = [journey.filled(page) for _ in range(requests)]
    following = visitor.post(path, {"csrf_token": token, **answers[0]}).location

    def post(number: int) -> None:
        visitor.post(path, {"csrf_token": token, **answers[number]})

    def post_and_follow(number: int) -> None:
        post(number)
        visitor.get(following)

    found: dict[str, list[float]] = {}
    for _ in range(rounds + 1):
        for name, server, ask in (
            ("bare", bare, lambda _: passer_by.get("/")),
            ("get", app, lambda _: visitor.get(path)),
            ("post", app, post),
            ("post and page", app, post_and_follow),
        ):
            found.setdefault(name, []).append(_each(server, ask, requests))
    # The first round warms caches on both sides and is not counted.
    each = {name: seconds[1:] for name, seconds in found.items()}
    packed = zlib.compress(page.body, GZIP_LEVEL)
    return Cost(
        bare=statistics.median(each["bare"]),
        get=statistics.median(each["get"]),
        post=statistics.median(each["post"]),
        post_and_page=statistics.median(each["post and page"]),
        get_multiple=_multiple(each["get"], each["bare"]),
        post_multiple=_multiple(each["post"], each["bare"]),
        post_and_page_multiple=_multiple(each["post and page"], each["bare"]),
        compressing=_compressing(page.body, requests),
        page_bytes=len(page.body),
        page_bytes_compressed=len(packed),
    )


def _at_once() -> None:
    """Thinks for no time at all."""


def _middle(paths: Sequence[str]) -> str:
    return paths[len(paths) // 2]


def _each(server: Server, ask: Callable[[int], object], requests: int) -> float:
    before = server.cpu_seconds()
    for number in range(requests):
        ask(number)
    return (server.cpu_seconds() - before) / requests


def _multiple(ours: Sequence[float], bare: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, bare, strict=True))


def _compressing(body: bytes, times: int) -> float:
    before = time.thread_time()
    for _ in range(times):
        zlib.compress(body, GZIP_LEVEL)
    return (time.thread_time() - before) / times
