"""One line per request: which rule, which status, how long.

Never an address with a secret in it, never who asked.
"""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

logger = logging.getLogger("survey.requests")


def init_app(app: Flask) -> None:
    """Starts logging requests."""
    app.before_request(_start)
    app.after_request(_log)


def _start() -> None:
    g.started = time.perf_counter()


def _log(response: Response) -> Response:
    rule = request.url_rule.rule if request.url_rule else "no such page"
    milliseconds = (time.perf_counter() - g.started) * 1000 if "started" in g else 0.0
    logger.info("%s %s %s %.1f ms", request.method, rule, response.status_code, milliseconds)
    return response
