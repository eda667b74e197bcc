"""A chart as a file of its own: SVG of a fixed width on white, and PNG made from it.

In a page a chart takes the width and the colours of the page around it. A file has no page: it
gets a width in pixels, black words on white, and the typeface that travels with the library that
makes the PNG (Liberation Sans, which has the letter widths of Arial). So a chart whose words are
in Latin letters gives the same bytes on every machine with the same lock file; letters that the
typeface lacks are drawn with whatever the machine has.
"""

from __future__ import annotations

import re
from typing import Final

PAGE_WIDTH: Final = 700
"""Pixels across a chart in a file, as wide as in a page on a desktop screen."""
MARGIN: Final = 12
TYPEFACE: Final = "Liberation Sans"
INK: Final = "#0b0c0c"

_OPENING: Final = re.compile(r"<svg\b[^>]*>")
_SIZE: Final = re.compile(r' width="100%" height="([0-9.]+)"')


def standalone(svg: str, *, width: int = PAGE_WIDTH) -> str:
    """The drawing of a chart as a file of that many pixels across, with a white margin around it.

    `svg` is `Chart.svg`. Raises ValueError for a drawing that is not a chart's, and for a width
    that leaves no room within the margin.

    >>> from analysis import svg
    >>> drawing = svg.document("", chart="c", title="T", description="D.", height=40, paints=())
    >>> standalone(drawing, width=324)[:75]
    '<svg xmlns="http://www.w3.org/2000/svg" width="324" height="64" color="#0b0'
    """
    opening = _OPENING.match(svg)
    size = _SIZE.search(opening.group()) if opening else None
    if opening is None or size is None:
        raise ValueError("this is not the drawing of a chart")
    if width <= 2 * MARGIN:
        raise ValueError(f"a picture must be more than {2 * MARGIN} pixels wide")
    height = float(size.group(1)) + 2 * MARGIN
    inner = _SIZE.sub(
        f' x="{MARGIN}" y="{MARGIN}" width="{width - 2 * MARGIN}" height="{size.group(1)}"',
        svg,
        count=1,
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height:g}" '
        f'color="{INK}"><rect width="100%" height="100%" fill="#ffffff"/>{inner}</svg>'
    )


def to_png(svg: str, *, width: int = PAGE_WIDTH, scale: float = 2) -> bytes:
    """The drawing of a chart as PNG, laid out `width` pixels across and drawn `scale` times as big.

    `svg` is `Chart.svg`. Raises ValueError as `standalone` does. The library behind it is loaded
    at the first call and not before.
    """
    from vl_convert import svg_to_png

    drawing = standalone(svg, width=width)
    named = re.sub(r'font-family="[^"]*"', f'font-family="{TYPEFACE}"', drawing)
    return svg_to_png(named, scale=scale)
