"""A council's own look: its name, a colour that white words can be read on, and its contact.

Contrast is that of WCAG 2.2: (L1 + 0.05) / (L2 + 0.05) of the relative luminances.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy.orm import Session

from survey.data import audit
from survey.data.accounts import find_council_by_name
from survey.data.audit import AuditAction
from survey.data.councils import lock_council
from survey.data.models import Council
from survey.errors import SurveyError

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: words on their ground."""
STEPS = 100

_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")


class InvalidLook(SurveyError):
    """A council's look cannot be like this; `field` is what to change."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class LookChangedMeanwhile(SurveyError):
    """Somebody else changed the council's look since it was shown."""


def read_colour(text: str) -> str | None:
    """A colour as #rrggbb in small letters, "" for none, or None for what is no colour.

    >>> read_colour(" 1F4E5F "), read_colour("#abc"), read_colour(""), read_colour("teal")
    ('#1f4e5f', '#aabbcc', '', None)
    """
    line = text.strip().lower()
    if not line:
        return ""
    found = _HEX.fullmatch(line)
    if found is None:
        return None
    digits = found[1]
    return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"


def contrast_with_white(colour: str) -> float:
    """How far white words stand out from a colour, from 1 to 21.

    >>> round(contrast_with_white("#000000"), 2), round(contrast_with_white("#767676"), 2)
    (21.0, 4.54)
    """
    return 1.05 / (_luminance(colour) + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def darkened(colour: str) -> str:
    """The colour itself, or the lightest of its darker shades that white words can be read on.

    >>> darkened("#1f4e5f"), darkened("#ffdd00")
    ('#1f4e5f', '#877500')
    """
    for step in range(STEPS, -1, -1):
        shade = "#" + "".join(f"{part * step // STEPS:02x}" for part in _parts(colour))
        if contrast_with_white(shade) >= LEAST_CONTRAST:
            return shade
    raise AssertionError("white words can be read on black")


@dataclass(frozen=True)
class LookValues:
    """What a council's pages show of it; "" leaves a thing out."""

    name: str
    colour: str
    contact_name: str
    contact_email: str
    contact_telephone: str
    privacy_contact: str
    website: str


def look_values(council: Council) -> LookValues:
    """The look a council has."""
    return LookValues(**{field.name: getattr(council, field.name) for field in fields(LookValues)})


def change_look(
    session: Session,
    *,
    council: Council,
    values: LookValues,
    seen: LookValues,
    account_id: str,
    now: datetime,
) -> None:
    """Gives a council another look. `seen` is the look the page showed.

    Raises InvalidLook for a name that another council has or a colour that white words cannot be
    read on, and LookChangedMeanwhile. The record of events holds the council's own contact: it
    stands on public pages.
    """
    council = lock_council(session, council_id=council.id)
    before = look_values(council)
    if before != seen:
        raise LookChangedMeanwhile("Somebody else has just changed this.")
    named = find_council_by_name(session, name=values.name)
    if named is not None and named.id != council.id:
        raise InvalidLook("name", f"Another council here is called {values.name}")
    if values.colour and contrast_with_white(values.colour) < LEAST_CONTRAST:
        raise InvalidLook(
            "colour",
            f"White words cannot be read well on {values.colour}. Use a darker shade, such as "
            f"{darkened(values.colour)}",
        )
    for field in fields(LookValues):
        old, new = getattr(before, field.name), getattr(values, field.name)
        if old != new:
            setattr(council, field.name, new)
            audit.record(
                session,
                action=AuditAction.LOOK_CHANGED,
                at=now,
                account_id=account_id,
                council_id=council.id,
                detail={"what": field.name, "old": old, "new": new},
            )
    session.flush()
