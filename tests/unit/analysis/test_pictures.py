"""Charts as files: a fixed width on white, and PNG of the right size with its words in it."""

from __future__ import annotations

import struct
import subprocess
import sys
from hashlib import sha256
from xml.etree import ElementTree

import pytest

from analysis import charts, pictures, svg
from tests import factories_summary as make

CHART = charts.coverage_chart(make.coverage())
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def drawing_of(words: str) -> str:
    """A small chart with a line of words."""
    body = svg.text(words, y=20)
    return svg.document(body, chart="c", title="T", description="D.", height=40, paints=())


def test_file_has_a_width_a_white_ground_and_a_margin() -> None:
    root = ElementTree.fromstring(pictures.standalone(CHART.svg, width=500))

    ground, chart = root
    assert root.attrib["width"] == "500"
    assert ground.attrib["fill"] == "#ffffff"
    assert chart.attrib["width"] == str(500 - 2 * pictures.MARGIN)
    assert float(root.attrib["height"]) == float(chart.attrib["height"]) + 2 * pictures.MARGIN
    assert chart.attrib["role"] == "img"


@pytest.mark.parametrize(
    ("drawing", "width"),
    [("<p>no chart</p>", 700), ("<svg></svg>", 700), (CHART.svg, 2 * pictures.MARGIN)],
    ids=["no drawing", "no size", "too narrow"],
)
def test_what_cannot_be_a_file_is_refused(drawing: str, width: int) -> None:
    with pytest.raises(ValueError, match=r"chart|wide"):
        pictures.standalone(drawing, width=width)


@pytest.mark.parametrize(("width", "scale"), [(700, 2.0), (340, 1.0)], ids=["page", "phone"])
def test_png_has_the_size_asked_for(width: int, scale: float) -> None:
    png = pictures.to_png(CHART.svg, width=width, scale=scale)

    assert png.startswith(PNG_SIGNATURE)
    assert size_of(png)[0] == width * scale


def test_png_is_the_same_each_time_and_follows_its_words() -> None:
    first, again = pictures.to_png(drawing_of("Schools")), pictures.to_png(drawing_of("Schools"))

    assert first == again
    assert first != pictures.to_png(drawing_of("Police"))
    assert first != pictures.to_png(drawing_of(""))


def test_png_needs_no_typeface_of_the_machine() -> None:
    # The typeface named for a page may not be installed; then no words at all would be drawn.
    drawing = drawing_of("Schools").replace("Arial, Helvetica, sans-serif", "No such typeface")

    assert (
        sha256(pictures.to_png(drawing)).digest()
        == sha256(pictures.to_png(drawing_of("Schools"))).digest()
    )


def test_nothing_heavy_is_loaded_before_the_first_picture() -> None:
    script = (
        "import sys; import analysis.pictures, analysis.gallery, analysis.charts_rounds, "
        "analysis.charts_councils, analysis.why; "
        "print([m for m in ('vl_convert', 'pandas', 'numpy', 'scipy') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
