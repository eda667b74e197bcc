"""What the pages of a council's register and of its look show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from flask import url_for

from analysis.tables import counted
from question_banks.bank import SECTOR_TITLES, Sector
from survey.actions.looks import LEAST_CONTRAST, LookValues, contrast_with_white, darkened
from survey.data.register import RegisteredAgency

PAGE_SIZE = 100
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Choice:
    """One of several to choose."""

    value: str
    title: str
    is_chosen: bool = False
    note: str = ""


def sector_choices(chosen: str = "") -> tuple[Choice, ...]:
    """Every sector, in the order of the list of sectors."""
    return tuple(
        Choice(sector.value, title, sector.value == chosen)
        for sector, title in SECTOR_TITLES.items()
    )


def sector_title(code: str) -> str:
    """The title of a sector; its code where there is no such sector any more."""
    return SECTOR_TITLES[Sector(code)] if code in set(Sector) else code


def sector_order(code: str) -> int:
    """Where a sector stands in the list of sectors."""
    codes = [sector.value for sector in SECTOR_TITLES]
    return codes.index(code) if code in codes else len(codes)


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list: a sector, words to look for, and a page."""

    sector: str = ""
    search: str = ""
    page: int = 1

    @property
    def offset(self) -> int:
        """How many come before the page."""
        return (self.page - 1) * PAGE_SIZE

    @property
    def is_filtered(self) -> bool:
        """Whether only some of the list are asked for."""
        return bool(self.sector or self.search)


def read_asked(args: Mapping[str, str]) -> Asked:
    """What an address asks for; what makes no sense is left out."""
    sector = args.get("sector", "")
    number = args.get("page", "1")
    return Asked(
        sector=sector if sector in set(Sector) else "",
        search=" ".join(args.get("search", "")[:LONGEST_SEARCH].split()),
        page=max(1, int(number))
        if number.isascii() and number.isdigit() and len(number) < 7
        else 1,
    )


@dataclass(frozen=True)
class Paging:
    """The pages before and after this one; "" where there is none."""

    words: str
    before: str
    after: str


def paging(asked: Asked, *, total: int, endpoint: str, **values: str) -> Paging | None:
    """How to turn the pages of a list, or None where it has only one."""
    pages = ceil(total / PAGE_SIZE)
    if pages <= 1:
        return None

    def address(page: int) -> str:
        if not 1 <= page <= pages:
            return ""
        query: dict[str, Any] = dict(values)
        query |= {"sector": asked.sector or None, "search": asked.search or None}
        return url_for(endpoint, **query, page=page)

    return Paging(
        words=f"Page {asked.page:,} of {pages:,}",
        before=address(min(asked.page - 1, pages)),
        after=address(asked.page + 1),
    )


@dataclass(frozen=True)
class RegisterLine:
    """An agency of the register."""

    name: str
    url: str
    rounds: str
    is_shared: bool


@dataclass(frozen=True)
class RegisterGroup:
    """The agencies of one sector."""

    id: str
    title: str
    lines: tuple[RegisterLine, ...]


@dataclass(frozen=True)
class RegisterPage:
    """A council's register, or the part of it that was asked for."""

    council: str
    slug: str
    asked: Asked
    total: str
    is_empty: bool
    groups: tuple[RegisterGroup, ...]
    sectors: tuple[Choice, ...]
    paging: Paging | None


def register_page(
    *,
    council: str,
    slug: str,
    asked: Asked,
    rows: Sequence[RegisteredAgency],
    total: int,
) -> RegisterPage:
    """What the page of a register shows."""
    groups = tuple(
        RegisterGroup(
            id=f"sector-{sector}",
            title=sector_title(sector),
            lines=tuple(
                RegisterLine(
                    name=row.name,
                    url=url_for("register.agency", council=slug, agency_id=row.id),
                    rounds=counted(row.rounds, "round") if row.rounds else "No round yet",
                    is_shared=row.councils > 1,
                )
                for row in found
            ),
        )
        for sector, found in groupby(rows, key=lambda row: row.sector)
    )
    return RegisterPage(
        council=council,
        slug=slug,
        asked=asked,
        total=_total(total, asked),
        is_empty=not total and not asked.is_filtered,
        groups=groups,
        sectors=sector_choices(asked.sector),
        paging=paging(asked, total=total, endpoint="register.register", council=slug),
    )


def _total(total: int, asked: Asked) -> str:
    if not total:
        return "No agency of the register fits what you look for." if asked.is_filtered else ""
    said = f"{total:,} {'agency' if total == 1 else 'agencies'}"
    return f"{said} found." if asked.is_filtered else f"{said} on the register."


@dataclass(frozen=True)
class ColourCheck:
    """How a colour does under white words."""

    colour: str
    contrast: str
    is_enough: bool
    suggestion: str


def colour_check(values: LookValues) -> ColourCheck | None:
    """How the colour of a look does, or None where there is none."""
    if not values.colour:
        return None
    contrast = contrast_with_white(values.colour)
    # Cut, not rounded: 4.497 must not read as the 4.5 that it misses.
    return ColourCheck(
        colour=values.colour,
        contrast=f"{int(contrast * 10) / 10:.1f}",
        is_enough=contrast >= LEAST_CONTRAST,
        suggestion=darkened(values.colour),
    )
