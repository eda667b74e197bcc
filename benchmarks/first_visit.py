"""What a first visit brings over the wire, and what of it the application leaves uncompressed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from benchmarks.serving import HOST, Server
from benchmarks.visitor import Visitor


@dataclass(frozen=True)
class FirstVisit:
    """Bytes received from the link to the start page with all it loads, heads included.

    `served` as the application sends it; `behind_proxy` when a proxy compresses the HTML too.
    """

    requests: int
    served: int
    behind_proxy: int
    html: int
    html_compressed: int
    static: int


def measure(server: Server, link: str) -> FirstVisit:
    """Opens a link as a browser that has never been here, and that accepts gzip."""
    visitor = Visitor(HOST, server.port, encoding="gzip")
    pages = visitor.follow(link)
    files = [visitor.get(path) for path in pages[-1].static_paths()]
    start = pages[-1].body
    packed = len(zlib.compress(start, 6))
    served = sum(reply.wire_bytes for reply in (*pages, *files))
    return FirstVisit(
        requests=len(pages) + len(files),
        served=served,
        behind_proxy=served - len(start) + packed,
        html=len(start),
        html_compressed=packed,
        static=sum(len(reply.body) for reply in files),
    )
