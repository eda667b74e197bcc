"""Reading a chart's drawing in tests, and what every chart must hold to."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from analysis import svg
from analysis.charts import Chart

SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart | None) -> ElementTree.Element:
    """The drawing as elements."""
    assert chart is not None
    return ElementTree.fromstring(chart.svg)


def words_of(chart: Chart | None) -> list[str]:
    """Every line of words in the drawing."""
    return [element.text or "" for element in drawn(chart).iter(f"{SVG}text")]


def percent(element: ElementTree.Element, name: str) -> float:
    """An attribute in percent of the drawing's width."""
    return float(element.attrib[name].rstrip("%"))


def assert_sound(chart: Chart | None) -> None:
    """Named, described, tabled, free of styles and scripts, and within the narrowest page."""
    assert chart is not None
    root = drawn(chart)
    named = {element.attrib.get("id"): element for element in root.iter()}
    title, description = (named[name] for name in root.attrib["aria-labelledby"].split())
    assert root.attrib["role"] == "img"
    assert title.tag == f"{SVG}title"
    assert description.tag == f"{SVG}desc"
    assert description.text
    assert chart.alt == f"{chart.title}. {chart.sentence}"
    assert chart.sentence
    assert re.fullmatch(r"[a-z0-9-]+", chart.name)
    assert root.attrib["aria-labelledby"].startswith(f"chart-{chart.name}-")
    assert chart.table.rows
    assert all(len(row) == len(chart.table.headers) for row in chart.table.rows)
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|href|<image", chart.svg)
    ids = set(re.findall(r'<pattern id="([^"]+)"', chart.svg))
    assert set(re.findall(r"url\(#([^)]+)\)", chart.svg)) <= ids
    assert not re.search("[\x00-\x08\u202e]", "".join(root.itertext()))
    height = float(root.attrib["height"])
    for element in root.iter():
        assert all(
            -1 <= percent(element, name) <= 101
            for name in ("x", "x1", "x2")
            if element.attrib.get(name, "").endswith("%")
        )
        assert all(
            -1 <= float(element.attrib[name]) <= height
            for name in ("y1", "y2")
            if name in element.attrib
        )
    for element in root.iter(f"{SVG}text"):
        assert svg.width_of(element.text or "") <= svg.NARROWEST
        assert_on_page(element)


def assert_on_page(element: ElementTree.Element) -> None:
    """A line of words does not leave a drawing as wide as the narrowest page."""
    if "transform" in element.attrib:
        return
    start = svg.NARROWEST * percent(element, "x") / 100 + float(element.attrib.get("dx", 0))
    width = svg.width_of(element.text or "")
    left = {"start": start, "middle": start - width / 2, "end": start - width}
    place = left[element.attrib["text-anchor"]]
    assert place >= -2, element.text
    assert place + width <= svg.NARROWEST + 2, element.text
