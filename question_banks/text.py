"""Text as people type or paste it, made safe to store without changing what it says."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

UNSAFE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no database, XML file or UTF-8 stream is sure to take: control characters but for
tab and line end, lone surrogates, and the two that XML forbids. Marks of direction, joiners and
emoji stay."""


def clean_text(text: str) -> str:
    """A text of several lines: line ends as one newline, nothing unsafe, no space around it.

    >>> clean_text("  One\\r\\ntwo\\x00 ")
    'One\\ntwo'
    """
    return UNSAFE.sub("", _LINE_ENDS.sub("\n", text)).strip()


def clean_line(text: str) -> str:
    """A text of one line: as `clean_text`, with line ends and tabs as one space.

    >>> clean_line("One\\n two")
    'One two'
    """
    return re.sub(r"[ \t\n]*[\n\t][ \t\n]*", " ", clean_text(text))
