"""Taking GOV.UK's branding out of its style sheet."""

from __future__ import annotations

import pytest

from tools.vendor_govuk import BrandingLeft, drop_source_map, strip_branding

FACE = "/*! The font's terms */@font-face{font-family:GDS Transport;src:url(/f.woff2)}"


@pytest.mark.parametrize(
    ("styles", "expected"),
    [
        pytest.param(f".a{{color:red}}{FACE}.b{{top:0}}", ".a{color:red}.b{top:0}", id="font file"),
        pytest.param(
            ".a{font-family:GDS Transport,arial,sans-serif}",
            ".a{font-family:arial,sans-serif}",
            id="font name",
        ),
        pytest.param(
            ".a{top:0}.govuk-footer__crown{margin:0}.b{top:0}", ".a{top:0}.b{top:0}", id="crown"
        ),
        pytest.param(
            "@media print{.x__copyright-logo:before{background:url(/crest.svg)}}.b{top:0}",
            ".b{top:0}",
            id="crest alone in a media block",
        ),
        pytest.param(
            "@media print{.x__crest{top:0}.b{top:0}}", "@media print{.b{top:0}}", id="crest beside"
        ),
        pytest.param(
            ".b{top:0}\n/*# sourceMappingURL=a.css.map */\n", ".b{top:0}", id="source map"
        ),
    ],
)
def test_strip_branding_takes_out_only_the_branding(styles: str, expected: str) -> None:
    assert strip_branding(styles) == f"{expected}\n"


@pytest.mark.parametrize(
    "styles",
    [
        pytest.param(".a{background:url(/logo.svg)}", id="a picture"),
        pytest.param('.a{content:"Crown copyright"}', id="a crown in words"),
        pytest.param(".a{top:0}}", id="a broken sheet"),
    ],
)
def test_strip_branding_refuses_what_it_cannot_clean(styles: str) -> None:
    with pytest.raises(BrandingLeft):
        strip_branding(styles)


def test_drop_source_map_leaves_the_rest_of_a_script() -> None:
    assert drop_source_map("export {a};//# sourceMappingURL=a.js.map") == "export {a};\n"
