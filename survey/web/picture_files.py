"""A chart as a file to take away: SVG or PNG, asked for again only when it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from enum import StrEnum
from importlib.metadata import version
from io import BytesIO

from flask import request, send_file
from werkzeug.wrappers import Response

from analysis import pictures
from analysis.charts import Chart
from survey.errors import NotFound


class PictureKind(StrEnum):
    """The kinds of file a chart can be had as."""

    SVG = "svg"
    PNG = "png"


MEDIA_TYPES: dict[PictureKind, str] = {
    PictureKind.SVG: "image/svg+xml; charset=utf-8",
    PictureKind.PNG: "image/png",
}


def answer(
    find: Callable[[], Chart | None], *, kind: str, of: str, name: str, file_name: str
) -> Response:
    """The file of a chart, or 304 where the browser holds the very same.

    `of` is the id of the frozen result it is drawn from and `name` the chart's name in it: while
    they and this program's version are the same so is the picture. `file_name` has no ending.
    Raises NotFound for another kind of file and where `find` gives no chart.
    """
    if kind not in set(PictureKind):
        raise NotFound("There is no picture of that kind.")
    asked = PictureKind(kind)
    made_by = f"{of} {name} {asked} {version('signpost')}"
    etag = hashlib.sha256(made_by.encode()).hexdigest()[:32]
    if request.if_none_match.contains(etag):
        return _kept(Response(status=304), etag)
    chart = find()
    if chart is None:
        raise NotFound("There is no such picture.")
    data = (
        pictures.standalone(chart.svg).encode()
        if asked is PictureKind.SVG
        else pictures.to_png(chart.svg)
    )
    made = send_file(BytesIO(data), as_attachment=True, download_name=f"{file_name}.{asked}")
    made.content_type = MEDIA_TYPES[asked]
    return _kept(made, etag)


def _kept(answer: Response, etag: str) -> Response:
    # The browser may keep it for the person signed in, but asks each time, so that nobody sees it
    # from the browser's store after signing out.
    answer.set_etag(etag)
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer
