"""Small pieces of SVG text that fit any width.

Across the page positions are percentages and down it they are pixels, and there is no view box:
bars stretch with the page while words keep their size, from a 320 px telephone to paper. Words
are therefore wrapped for the narrowest page. Nothing uses a style attribute or a script, which a
strict content security policy would block; colours are presentation attributes, and words and
outlines take the page's own text colour, so forced colours and dark pages work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.export.safety import escape, one_line

FONT_SIZE = 15
SMALL = 12
LINE_HEIGHT = 19
NARROWEST = 286
"""Pixels of drawing on a page 320 px wide, within the page's margins."""

_WIDE = frozenset("MWmw@%—…")
_NARROW = frozenset("fijlrtI.,:;'’|!()[] ")


@dataclass(frozen=True, kw_only=True)
class Paint:
    """How an area is filled: a colour, and over it stripes or dots that survive without colour."""

    name: str
    colour: str
    texture: str = ""
    ink: str = "#ffffff"


def width_of(text: str) -> float:
    """About how many pixels the text takes at the charts' letter size, erring on the wide side.

    >>> width_of("ill") < width_of("WWW")
    True
    """
    total = 0.0
    for character in text:
        if unicodedata.combining(character):
            continue
        if unicodedata.east_asian_width(character) in "WF" or ord(character) > 0xFFFF:
            total += 1.25
        elif character in _WIDE:
            total += 0.9
        elif character in _NARROW:
            total += 0.33
        elif character.isupper():
            total += 0.7
        else:
            total += 0.56
    return total * FONT_SIZE


def wrap(text: str, *, width: float = NARROWEST, most: int = 3) -> tuple[str, ...]:
    """The text in lines no wider than `width` pixels, the last ending in an ellipsis if cut.

    A word wider than a line is broken.

    >>> wrap("Enough data to judge how well we perform", width=170)
    ('Enough data to judge', 'how well we perform')
    >>> wrap("x" * 100, width=60, most=2)
    ('xxxxxxx', 'xxxxx…')
    """
    # Far more than could be shown; a very long label is not measured letter by letter.
    waiting = one_line(text)[: 60 * most].split(" ")
    lines: list[str] = []
    line = ""
    while waiting:
        word = waiting.pop(0)
        longer = f"{line} {word}" if line else word
        if width_of(longer) <= width:
            line = longer
        elif line:
            lines.append(line)
            line = ""
            waiting.insert(0, word)
        else:
            fits = _letters_that_fit(word, width)
            lines.append(word[:fits])
            waiting.insert(0, word[fits:])
    lines.append(line)
    lines = [each for each in lines if each]
    whole = "".join(one_line(text).split())
    if len(lines) > most or "".join("".join(lines).split()) != whole:
        kept = lines[:most]
        while kept[-1] and width_of(kept[-1] + "…") > width:
            kept[-1] = kept[-1][:-1]
        return (*kept[:-1], kept[-1].rstrip() + "…")
    return tuple(lines)


def _letters_that_fit(word: str, width: float) -> int:
    fits = 1
    while fits < len(word) and width_of(word[: fits + 1]) <= width:
        fits += 1
    return fits


def identifier(*parts: str) -> str:
    """An id for use in a page and in `url(#...)`, made of the parts.

    >>> identifier("chart", "Enough data?")
    'chart-enough-data'
    """
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def rect(paint_id: str, *, x: float, y: float, width: float, height: float) -> str:
    """An outlined bar; `x` and `width` in percent of the drawing, the rest in pixels."""
    return (
        f'<rect x="{x:.2f}%" y="{y:g}" width="{width:.2f}%" height="{height:g}" '
        f'fill="{paint_id}" stroke="currentColor" stroke-width="1"/>'
    )


def line(
    *,
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    dashed: bool = False,
    width: float = 1.5,
    colour: str = "currentColor",
) -> str:
    """A thin line, in the page's text colour unless told; `x1` and `x2` in percent."""
    dashes = ' stroke-dasharray="3 3"' if dashed else ""
    return (
        f'<line x1="{x1:.2f}%" y1="{y1:g}" x2="{x2:.2f}%" y2="{y2:g}" '
        f'stroke="{colour}" stroke-width="{width:g}"{dashes}/>'
    )


def text(
    words: str,
    *,
    y: float,
    x: float = 0,
    dx: float = 0,
    anchor: str = "start",
    bold: bool = False,
    colour: str = "",
    is_small: bool = False,
) -> str:
    """One line of words, `y` the base line; `x` in percent, `dx` in pixels from there.

    `colour` is for words on a painted ground; all others take the page's own. Small words are for
    a figure in a narrow cell.
    """
    weight = ' font-weight="700"' if bold else ""
    shift = f' dx="{dx:g}"' if dx else ""
    fill = f' fill="{colour}"' if colour else ""
    size = f' font-size="{SMALL}"' if is_small else ""
    return (
        f'<text x="{x:.2f}%" y="{y:g}"{shift} text-anchor="{anchor}"{weight}{fill}{size}>'
        f"{escape(words)}</text>"
    )


def at(body: str, *, x: float, y: float) -> str:
    """A piece drawn in pixels round a point that stands at `x` percent and `y` pixels."""
    return f'<svg x="{x:.2f}%" y="{y:g}" overflow="visible">{body}</svg>'


def upright(words: str, *, x: float, y: float, dx: float = 0) -> str:
    """One line of words that reads upwards from the point, `dx` pixels to its right."""
    return at(f'<text transform="translate({dx:g} 0) rotate(-90)">{escape(words)}</text>', x=x, y=y)


_SHAPES = {
    "circle": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
    "square": "M-6-6H6V6H-6z",
    "diamond": "M0-8L8 0L0 8L-8 0z",
    "up": "M0-8L8 6H-8z",
    "down": "M0 8L-8-6H8z",
}


def marker(shape: str, *, x: float, y: float, fill: str) -> str:
    """A mark of about 12 pixels round the point: circle, square, diamond, up or down."""
    path = _SHAPES[shape]
    return at(
        f'<path d="{path}" fill="{fill}" stroke="currentColor" stroke-width="1.5"/>', x=x, y=y
    )


def key_mark(shape: str, words: str, *, fill: str, y: float) -> str:
    """A line of a key: a mark and what it means, `y` the base line of the words."""
    mark = _SHAPES[shape]
    return at(
        f'<path transform="translate(9 -5)" d="{mark}" fill="{fill}" stroke="currentColor" '
        'stroke-width="1.5"/>',
        x=0,
        y=y,
    ) + text(words, dx=28, y=y)


def pattern(chart: str, paint: Paint) -> str:
    """The definition behind `fill_of` for a paint that has a texture; nothing for a plain one."""
    if not paint.texture:
        return ""
    marks = {
        "stripes": f'<path d="M2 0V8" stroke="{paint.ink}" stroke-width="2"/>',
        "dots": f'<circle cx="4" cy="4" r="1.6" fill="{paint.ink}"/>',
    }
    turned = ' patternTransform="rotate(45)"' if paint.texture == "stripes" else ""
    return (
        f'<pattern id="{chart}-{paint.name}" width="8" height="8" '
        f'patternUnits="userSpaceOnUse"{turned}>'
        f'<rect width="8" height="8" fill="{paint.colour}"/>{marks[paint.texture]}</pattern>'
    )


def fill_of(chart: str, paint: Paint) -> str:
    """The value of a fill attribute for a paint in one chart."""
    return f"url(#{chart}-{paint.name})" if paint.texture else paint.colour


def key(chart: str, entries: Sequence[tuple[str, Paint]]) -> tuple[list[str], float]:
    """The key of a chart, in two columns where its words are short, and its height."""
    columns = 2 if all(width_of(label) <= NARROWEST / 2 - 30 for label, _ in entries) else 1
    parts = []
    y = 0.0
    for place, (label, paint) in enumerate(entries):
        x = 50.0 * (place % columns)
        y = 2.0 + 24 * (place // columns)
        parts.append(
            f'<svg x="{x:g}%" y="{y:g}" width="24" height="18">'
            f'<rect x="1" y="1" width="20" height="15" fill="{fill_of(chart, paint)}" '
            'stroke="currentColor" stroke-width="1"/></svg>'
        )
        words = wrap(label, width=NARROWEST / columns - 28, most=1)[0]
        parts.append(text(words, x=x, dx=28, y=y + 14))
    return parts, y + 22


def document(
    body: str, *, chart: str, title: str, description: str, height: float, paints: tuple[Paint, ...]
) -> str:
    """A whole drawing with its name and description, for putting into a page or into a file."""
    patterns = "".join(pattern(chart, paint) for paint in paints)
    definitions = f"<defs>{patterns}</defs>" if patterns else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
        f'aria-labelledby="{chart}-title {chart}-desc" width="100%" height="{height:g}" '
        f'font-family="Arial, Helvetica, sans-serif" font-size="{FONT_SIZE}" fill="currentColor">'
        f'<title id="{chart}-title">{escape(one_line(title))}</title>'
        f'<desc id="{chart}-desc">{escape(one_line(description))}</desc>'
        f"{definitions}{body}</svg>"
    )
