"""Refresh the copy of GOV.UK Frontend in survey/static/govuk from its package file.

Use::

    npm pack govuk-frontend@6.3.0
    python -m tools.vendor_govuk govuk-frontend-6.3.0.tgz

Signpost is not served on GOV.UK, so it may use the Design System but not its branding: the font
GDS Transport, the crown and the crest are taken out, and nothing of the package's assets folder
is copied. The files are compressed here, once, so that no request pays for it.
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

from tools.compress_static import compress

TARGET = Path(__file__).resolve().parents[1] / "survey" / "static" / "govuk"
STYLES = "govuk-frontend.min.css"
SCRIPT = "govuk-frontend.min.js"
FONT = "GDS Transport"
BRANDING = ("gds transport", "font-face", "crown", "crest", "url(")


class BrandingLeft(Exception):
    """The style sheet still names something that may not be used off GOV.UK."""


def main(arguments: Sequence[str]) -> int:
    """Read the package named on the command line and write the stripped copy."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    with tarfile.open(arguments[0]) as package:
        version = json.loads(_read(package, "package.json"))["version"]
        styles = strip_branding(_read(package, f"dist/govuk/{STYLES}"))
        script = drop_source_map(_read(package, f"dist/govuk/{SCRIPT}"))
    (TARGET / STYLES).write_text(styles, encoding="utf-8", newline="\n")
    (TARGET / SCRIPT).write_text(script, encoding="utf-8", newline="\n")
    (TARGET / "VERSION").write_text(f"{version}\n", encoding="utf-8", newline="\n")
    compress(TARGET)
    print(f"GOV.UK Frontend {version}: {len(styles):,} + {len(script):,} characters")
    return 0


def strip_branding(styles: str) -> str:
    """Return the minified style sheet without GOV.UK's font, crown and crest.

    Raises BrandingLeft when anything of them remains: a later version may write its rules
    differently, and then this function has to be read again.
    """
    # The notice on the font's terms goes with the font.
    styles = re.sub(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/", "", styles)
    styles = re.sub(r"@font-face\{[^}]*\}", "", styles)
    styles = styles.replace(f"{FONT},", "").replace(f'"{FONT}",', "")
    # Rules whose every selector draws a crown or crest, then media blocks left empty by that.
    styles = re.sub(
        r"(?<=[{};])[^{};@]*(?:crown|crest|copyright-logo)[^{};@]*\{[^{}]*\}", "", styles
    )
    emptied = re.compile(r"@(?:media|supports)[^{};]*\{\}")
    while emptied.search(styles):
        styles = emptied.sub("", styles)
    styles = drop_source_map(styles)
    left = [word for word in BRANDING if word in styles.lower()]
    if left:
        raise BrandingLeft(f"still in {STYLES}: {', '.join(left)}")
    if styles.count("{") != styles.count("}"):
        raise BrandingLeft(f"{STYLES} is no longer well formed: braces do not match")
    return styles


def drop_source_map(text: str) -> str:
    """Return the file without the last line that points to a source map we do not carry."""
    text = re.sub(r"\s*/[/*]# sourceMappingURL=.*\s*$", "", text)
    return text.rstrip() + "\n"


def _read(package: tarfile.TarFile, name: str) -> str:
    member = package.extractfile(f"package/{name}")
    if member is None:
        raise FileNotFoundError(name)
    return member.read().decode("utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
