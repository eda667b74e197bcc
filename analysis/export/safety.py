"""Text that is safe to put into a file: legal, on one line where that is meant, never a formula.

Names of agencies, labels and comments come from people. A spreadsheet runs a cell that begins
with an equals sign, XML refuses control characters, and direction marks can make a line read as
something it is not. Everything written by an exit goes through here.
"""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


def clean(text: str) -> str:
    """The text without characters that XML forbids and without direction overrides.

    Letters written from right to left stay; only the marks that force a direction go.

    >>> clean("bell\\x07 and \\u202eoverride")
    'bell and override'
    """
    return _DIRECTION.sub("", _ILLEGAL.sub("", text))


def one_line(text: str) -> str:
    """The text cleaned, with every run of white space as one space.

    >>> one_line("  two\\n lines\\t")
    'two lines'
    """
    return " ".join(clean(text).split())


def shorten(text: str, *, to: int) -> str:
    """The text on one line, cut to at most `to` characters with an ellipsis where it was longer.

    >>> shorten("a long title", to=7)
    'a long…'
    """
    line = one_line(text)
    return line if len(line) <= to else line[: to - 1].rstrip() + "…"


def formula_safe(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet could take it for a formula.

    Leading spaces are looked through, and the wide forms of the signs count as signs.

    >>> formula_safe("=1+1"), formula_safe(" @SUM(A1)"), formula_safe("a=b"), formula_safe("")
    ("'=1+1", "' @SUM(A1)", 'a=b', '')
    """
    legal = clean(text)
    first = legal[:1]
    begun = legal.lstrip()[:1]
    return f"'{legal}" if first in _FORMULA_STARTS or begun in _FORMULA_STARTS else legal


def escape(text: str) -> str:
    """The text cleaned and escaped for XML or HTML, in content or in a quoted attribute.

    >>> escape('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return "".join(_XML.get(character, character) for character in clean(text))
