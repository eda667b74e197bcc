"""A deck of slides: titles in title places, lists in text places, native charts told in words.

Text never runs off a slide: lists are measured, and what does not fit goes on to a further slide of
the same title. Charts stay charts, so that whoever presents can restyle them.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from math import ceil
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from analysis.export.archive import with_fixed_times
from analysis.export.safety import one_line, shorten

FONT = "Arial"
# The library has types for some of its parts; these two are made through typed names.
_rgb: Callable[[str], RGBColor] = RGBColor.from_string
_chart_data: Callable[..., Any] = CategoryChartData
INK, ACCENT, WHITE = _rgb("0B0C0C"), _rgb("0B3C6F"), _rgb("FFFFFF")
LANGUAGE = "en-GB"
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
EDGE = Inches(0.6)
TITLE_TOP, TITLE_HEIGHT = Inches(0.35), Inches(1.0)
BODY_TOP, BODY_HEIGHT = Inches(1.5), Inches(5.3)
SIZES = (20.0, 18.0, 16.0)
"""Points of the letters of a list: the largest at which it fits on one slide, else the last."""
LINE = 1.2
"""Height of a line of text, in letter sizes."""
AFTER = 6.0
"""Points kept free under each item."""
LONGEST, LONGEST_TITLE = 2_000, 60
"""Letters of an item and of its title at most; nobody reads more from a slide."""
LEAST_LINES = 4
"""A long item is begun only where this many lines are free."""
LETTER = 0.53
"""Width of a letter in letter sizes, erring on the wide side."""
TITLE, TITLE_AND_BODY = 0, 1
PLOT_PLACE = (
    ("layoutTarget", "inner"),
    ("xMode", "edge"),
    ("yMode", "edge"),
    ("x", "0.42"),
    ("y", "0.15"),
    ("w", "0.56"),
    ("h", "0.83"),
)
"""Where the bars stand in their chart: the rest is for their names and the key."""
GAPS = {1: 320, 2: 150, 3: 90, 4: 60}
"""Percent of a bar left free between bars, so that few bars are not thick ones."""
SMALLEST_LABELLED = 0.07
"""A part of a bar that is narrower than this has no room for its number."""
_PLAIN_START = re.compile(r"(?!(?:https?|ftp|file|mailto|internal|external):)\w", re.IGNORECASE)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One entry of a list: plain words, opened by a bold `title`; a `head` stands by itself."""

    text: str
    title: str = ""
    head: bool = False

    def letters(self) -> int:
        """How many letters are set."""
        return len(self.title) + 2 * bool(self.title) + len(self.text)


@dataclass(frozen=True, kw_only=True)
class Series:
    """One part of every bar, with the colour it is filled with and that of the figure on it."""

    name: str
    values: Sequence[int | None]
    colour: str


@dataclass(frozen=True, kw_only=True)
class Bars:
    """A stacked bar chart: a bar for each category, and the sentence that says the same.

    `whole` stretches every bar to the full width.
    """

    title: str
    sentence: str
    categories: Sequence[str]
    series: Sequence[Series]
    whole: bool


def safe_label(text: str, *, to: int = 90) -> str:
    """A label that the workbook behind a chart can take for neither a formula nor a link.

    >>> safe_label("Police"), safe_label("=1+1"), safe_label("https://example.org")
    ('Police', '“=1+1”', '“https://example.org”')
    """
    line = shorten(text, to=to)
    return line if _PLAIN_START.match(line) else f"“{line}”"


def fit(
    items: Sequence[Item], *, width: int, height: int, evenly: bool = True
) -> tuple[list[list[Item]], float]:
    """The items over as few places of that size as will do, and the size of the letters.

    Unless `evenly`, each place is filled before the next is begun.
    """
    for size in SIZES:
        places = flow(items, width=width, height=height, size=size)
        if len(places) < 2:
            return places, size
    smaller = int(height * 0.95)
    while evenly:
        evened = flow(items, width=width, height=smaller, size=size)
        if len(evened) > len(places):
            break
        places, smaller = evened, int(smaller * 0.95)
    return places, size


def flow(items: Sequence[Item], *, width: int, height: int, size: float) -> list[list[Item]]:
    """The items over as many places of that size as they take; a long one goes on in the next.

    `size` is the letters' in points. A head is never left at the foot of a place.
    """
    across = max(20, int(Emu(width).pt / (size * LETTER)) - 3)
    most = max(6, int(Emu(height).pt // (size * LINE)))
    places: list[list[Item]] = [[]]
    left = float(most)
    waiting = [_held(item) for item in items]
    while waiting:
        item = waiting.pop(0)
        lines = ceil(item.letters() / across) + AFTER / (size * LINE)
        if lines + (3 if item.head and waiting else 0) <= left:
            places[-1].append(item)
            left -= lines
        elif places[-1] and (lines <= most or left < LEAST_LINES):
            places.append([])
            left = float(most)
            waiting.insert(0, item)
        else:
            # Longer than a whole place, so there is always a rest.
            room = (int(left) - 1) * across - item.letters() + len(item.text)
            first, rest = _broken(item.text, max(across, room))
            places[-1].append(replace(item, text=first))
            places.append([])
            left = float(most)
            waiting.insert(0, Item(text=rest))
    return [place for place in places if place]


def _held(item: Item) -> Item:
    """The item with its words as long as a presentation can bear."""
    title = shorten(item.title, to=LONGEST_TITLE)
    return replace(item, title=title, text=shorten(item.text, to=LONGEST))


def _broken(text: str, room: int) -> tuple[str, str]:
    """The text in two, at a space where there is one."""
    at = text.rfind(" ", room // 2, room)
    cut = room if at < 0 else at
    return text[:cut].rstrip() + " …", text[cut:].lstrip()


class Deck:
    """A deck being made. `bytes` closes it."""

    def __init__(self, *, title: str, subject: str, dated: date) -> None:
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = WIDTH, HEIGHT
        self._dated = dated
        _set_theme(self._deck)
        _set_layouts(self._deck)
        stamp = datetime.combine(dated, time.min, tzinfo=UTC).replace(tzinfo=None)
        properties = self._deck.core_properties
        properties.title = one_line(title)[:255]
        properties.subject = one_line(subject)[:255]
        properties.author = properties.last_modified_by = "Signpost"
        properties.language = LANGUAGE
        properties.revision = 1
        properties.created = properties.modified = stamp

    def opening(self, title: str, lines: Sequence[str]) -> None:
        """The first slide: a title and a few lines under it."""
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[TITLE])
        _set_words(slide.shapes.title, [Item(text=shorten(title, to=120))], size=40, plain=True)
        told = [Item(text=shorten(line, to=160)) for line in lines if line]
        _set_words(slide.placeholders[1], told or [Item(text="")], size=20, plain=True)

    def listing(self, title: str, items: Sequence[Item]) -> None:
        """A title and a list, over as many slides as it takes."""
        parts, size = fit(items, width=WIDTH - 2 * EDGE, height=BODY_HEIGHT)
        for number, part in enumerate(parts):
            slide = self._slide(title, going_on=number > 0)
            _set_words(slide.placeholders[1], part, size=size)

    def listing_with_charts(
        self, title: str, items: Sequence[Item], charts: Sequence[Bars]
    ) -> None:
        """A list on the left and a chart on the right, and more slides for more of either.

        Once the list has ended, further charts take the whole width.
        """
        half = Inches(5.0)
        parts, size = fit(items, width=half, height=BODY_HEIGHT, evenly=False)
        for number in range(max(len(parts), len(charts))):
            slide = self._slide(title, going_on=number > 0)
            body = slide.placeholders[1]
            words = parts[number] if number < len(parts) else []
            chart = charts[number] if number < len(charts) else None
            if words:
                if chart is not None:
                    body.left, body.top, body.width, body.height = EDGE, BODY_TOP, half, BODY_HEIGHT
                _set_words(body, words, size=size)
            else:
                body._element.getparent().remove(body._element)
            if chart is not None:
                left = EDGE + (half + Inches(0.3) if words else 0)
                _add_chart(slide, chart, left=left, width=WIDTH - EDGE - left)

    def bytes(self) -> bytes:
        """The finished file with every time in it fixed, charts' own workbooks included."""
        stream = io.BytesIO()
        self._deck.save(stream)
        stamp = datetime.combine(self._dated, time.min).isoformat().encode() + b"Z"

        def fixed(name: str, content: bytes) -> bytes:
            if name.endswith(".xlsx"):
                return with_fixed_times(content, change=fixed)
            if name == "docProps/core.xml":
                return _DATES.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            return content

        return with_fixed_times(stream.getvalue(), change=fixed)

    def _slide(self, title: str, *, going_on: bool) -> Any:
        layout: Any = self._deck.slide_layouts[TITLE_AND_BODY]
        slide: Any = self._deck.slides.add_slide(layout)
        words = shorten(title, to=90) + (" (continued)" if going_on else "")
        _set_words(slide.shapes.title, [Item(text=words)], size=28, plain=True)
        for place in layout.placeholders:
            if (
                place.placeholder_format.type is not None
                and place.element.ph.get("type") == "sldNum"
            ):
                slide.shapes._spTree.append(copy.deepcopy(place.element))
        return slide


def _set_theme(deck: Any) -> None:
    """The house font in the theme, which every text place takes it from."""
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = re.sub(
        rb'(<a:latin typeface=")Calibri[^"]*"', rb"\g<1>" + FONT.encode() + b'"', part.blob
    )


def _set_layouts(deck: Any) -> None:
    """Places for text on the wide page: the library's own are for a narrower one."""
    inner = WIDTH - 2 * EDGE
    places = {
        "title": (EDGE, TITLE_TOP, inner, TITLE_HEIGHT),
        "ctrTitle": (EDGE, Inches(2.1), inner, Inches(1.5)),
        "subTitle": (EDGE, Inches(3.8), inner, Inches(2.0)),
        "body": (EDGE, BODY_TOP, inner, BODY_HEIGHT),
        None: (EDGE, BODY_TOP, inner, BODY_HEIGHT),
        "sldNum": (WIDTH - EDGE - Inches(1.5), Inches(6.95), Inches(1.5), Inches(0.35)),
        "dt": (EDGE, Inches(6.95), Inches(2), Inches(0.35)),
        "ftr": (Inches(4), Inches(6.95), Inches(5), Inches(0.35)),
    }
    kept = {TITLE, TITLE_AND_BODY}
    masters = [deck.slide_master, *(deck.slide_layouts[at] for at in sorted(kept))]
    for sheet in masters:
        for shape in sheet.placeholders:
            kind = shape.element.ph.get("type")
            if kind in places:
                shape.left, shape.top, shape.width, shape.height = places[kind]
    for layout in [each for at, each in enumerate(deck.slide_layouts) if at not in kept]:
        deck.slide_layouts.remove(layout)
    for style, size, colour in (("p:titleStyle", 28, ACCENT), ("p:bodyStyle", int(SIZES[-1]), INK)):
        styles = deck.slide_master.element.find(qn("p:txStyles")).find(qn(style))
        for level in styles:
            level.set("algn", "l")
            for run in level.iter(qn("a:defRPr")):
                run.set("lang", LANGUAGE)
                run.set("sz", str(size * 100))
                for fill in list(run.findall(qn("a:solidFill"))):
                    run.remove(fill)
                solid = run.makeelement(qn("a:solidFill"), {})
                solid.append(run.makeelement(qn("a:srgbClr"), {"val": str(colour)}))
                run.insert(0, solid)


def _set_words(place: Any, items: Sequence[Item], *, size: float, plain: bool = False) -> None:
    """Paragraphs in a text place; bullets unless `plain`, heads in bold without one."""
    frame = place.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    is_title = place.placeholder_format.idx == 0
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM if is_title else MSO_ANCHOR.TOP
    for number, item in enumerate(items):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(0 if plain else AFTER)
        if plain:
            paragraph.alignment = PP_ALIGN.LEFT
        if plain or item.head:
            _no_bullet(paragraph)
        if item.title:
            _run(paragraph, f"{item.title}: ", size=size, bold=True, colour=INK)
        _run(
            paragraph,
            item.text,
            size=size,
            bold=item.head or is_title,
            colour=ACCENT if item.head or is_title else INK,
        )


def _run(paragraph: Any, words: str, *, size: float, bold: bool, colour: RGBColor) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size = Pt(size)
    run.font.bold = bold
    run._r.get_or_add_rPr().set("lang", LANGUAGE)
    run.font.color.rgb = colour


def _no_bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.append(properties.makeelement(qn("a:buNone"), {}))


def _add_chart(slide: Any, told: Bars, *, left: int, width: int) -> None:
    data = _chart_data(number_format="#,##0")
    data.categories = [safe_label(label) for label in told.categories]
    for part in told.series:
        data.add_series(safe_label(part.name, to=60), list(part.values))
    kind = XL_CHART_TYPE.BAR_STACKED_100 if told.whole else XL_CHART_TYPE.BAR_STACKED
    frame = slide.shapes.add_chart(kind, left, BODY_TOP, width, BODY_HEIGHT, data)
    frame.name = shorten(told.title, to=90)
    described = frame._element.nvGraphicFramePr.cNvPr
    described.set("descr", shorten(told.sentence, to=900))
    chart = frame.chart
    chart.has_title = False
    chart.font.size = Pt(12)
    chart.font.name = FONT
    chart.font.color.rgb = INK
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = GAPS.get(len(told.categories), 45), 100
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = INK
    chart.category_axis.has_major_gridlines = False
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    _give_labels_room(chart)
    bases = [
        sum(part.values[at] or 0 for part in told.series) for at in range(len(told.categories))
    ]
    longest = max([1, *bases])
    for made, part in zip(plot.series, told.series, strict=True):
        made.format.fill.solid()
        made.format.fill.fore_color.rgb = _rgb(part.colour.lstrip("#").upper())
        made.format.line.color.rgb = INK
        made.format.line.width = Pt(0.75)
        _label(made, part, bases=bases if told.whole else [longest] * len(bases))


def _give_labels_room(chart: Any) -> None:
    """Two fifths of the chart for the names of the bars, which would else be cut or tiny."""
    area = chart._chartSpace.chart.plotArea
    layout = area.find(qn("c:layout"))
    if layout is None:
        layout = area.makeelement(qn("c:layout"), {})
        area.insert(0, layout)
    manual = layout.makeelement(qn("c:manualLayout"), {})
    for name, value in PLOT_PLACE:
        manual.append(manual.makeelement(qn(f"c:{name}"), {"val": value}))
    layout.append(manual)


def _label(made: Any, part: Series, *, bases: Sequence[int]) -> None:
    """The number on each part of a bar that is wide enough to hold it."""
    labels = made.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = "#,##0", False
    labels.font.size = Pt(12)
    labels.font.color.rgb = WHITE if _is_dark(part.colour) else INK
    for at, value in enumerate(part.values):
        if not value or value < SMALLEST_LABELLED * bases[at]:
            point = made.points[at].data_label._get_or_add_dLbl()
            for child in list(point):
                if child.tag != qn("c:idx"):
                    point.remove(child)
            point.append(point.makeelement(qn("c:delete"), {"val": "1"}))


def _is_dark(colour: str) -> bool:
    """Whether white letters stand out from the colour better than black ones."""
    red, green, blue = (int(colour.lstrip("#")[at : at + 2], 16) for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140
