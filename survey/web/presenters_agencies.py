"""What the pages of a round's agencies show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for

from analysis.tables import counted
from question_banks.bank import LEVEL_TITLES, SECTOR_TITLES, Bank
from survey.actions.round_agencies import (
    FEW_INVITED,
    Offer,
    digest_of,
    may_answer_as_one,
    offer_of,
)
from survey.data.agencies import AgencyOfRound, AnswersBy
from survey.data.briefings import BriefingOfRound
from survey.data.register import Agency
from survey.web.agency_forms import NUMBER_FIELDS, RoundAgencyForm
from survey.web.presenters_register import (
    Asked,
    Choice,
    Paging,
    paging,
    sector_choices,
    sector_order,
    sector_title,
)
from survey.web.presenters_rounds import RoundHead


@dataclass(frozen=True)
class AgencyRow:
    """An agency of a round."""

    id: str
    name: str
    url: str
    invited: str
    links: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SectorRows:
    """The agencies of one sector of a round."""

    id: str
    title: str
    told: str
    rows: tuple[AgencyRow, ...]


@dataclass(frozen=True)
class AgenciesPage:
    """The agencies of a round, or the part that was asked for."""

    head: RoundHead
    council_slug: str
    asked: Asked
    takes: bool
    is_empty: bool
    total: str
    gaps: tuple[str, ...]
    expects: int
    groups: tuple[SectorRows, ...]
    sectors: tuple[Choice, ...]
    paging: Paging | None


def agencies_page(
    head: RoundHead,
    *,
    council_slug: str,
    asked: Asked,
    rows: Sequence[AgencyOfRound],
    total: int,
    there: Mapping[str, int],
    expected: Sequence[str],
    briefings: Sequence[BriefingOfRound],
    bank: Bank,
) -> AgenciesPage:
    """What the page of a round's agencies shows. `there` is sector to the number of agencies."""
    told = {one.sector: one for one in briefings}
    return AgenciesPage(
        head=head,
        council_slug=council_slug,
        asked=asked,
        takes=not head.is_closed and not head.is_withdrawn,
        is_empty=not there,
        total=_total(total, asked),
        gaps=gaps(expected, there),
        expects=len(expected),
        groups=tuple(
            SectorRows(
                id=f"sector-{sector}",
                title=sector_title(sector),
                told=_told(told.get(sector)),
                rows=tuple(_row(head.slug, one, bank) for one in found),
            )
            for sector, found in groupby(rows, key=lambda one: one.sector)
        ),
        sectors=sector_choices(asked.sector),
        paging=paging(asked, total=total, endpoint="agencies.agencies", slug=head.slug),
    )


def gaps(expected: Sequence[str], there: Mapping[str, int]) -> tuple[str, ...]:
    """The titles of sectors that are expected and of which no agency is asked, in their order."""
    missing = sorted(set(expected) - set(there), key=sector_order)
    return tuple(sector_title(sector) for sector in missing)


def _total(total: int, asked: Asked) -> str:
    if asked.is_filtered:
        if not total:
            return "No agency of this round fits what you look for."
        return f"{_agencies(total)} found."
    return f"{_agencies(total)} asked to take part."


def _agencies(count: int) -> str:
    return "1 agency" if count == 1 else f"{count:,} agencies"


def _told(briefing: BriefingOfRound | None) -> str:
    if briefing is None:
        return "What they were told is not on record."
    day = briefing.told_on
    unclear = "" if briefing.was_clear else " It was not clear to them."
    return f"Told on {day.day} {day:%B %Y} by {briefing.told_by}.{unclear}"


def _row(slug: str, one: AgencyOfRound, bank: Bank) -> AgencyRow:
    notes = []
    offer = offer_of(one, bank.kind)
    if one.answers_by is AnswersBy.RETURN:
        notes.append("Answers as one, in a return")
    elif offer is Offer.RETURN:
        notes.append("Few people: offer them a return")
    elif offer is Offer.HIDDEN:
        notes.append("Few people: shown only with others")
    if not one.expected:
        notes.append("Its silence would not matter")
    if one.invited is not None and one.links > one.invited:
        notes.append(f"{counted(one.links - one.invited, 'link')} too many")
    if one.people == 0 and one.answers_by is AnswersBy.PEOPLE:
        notes.append("Nobody invited yet")
    return AgencyRow(
        id=one.id,
        name=one.name,
        url=url_for("agencies.agency", slug=slug, invited_agency_id=one.id),
        invited="–" if one.invited is None else f"{one.invited:,}",
        links=f"{one.links:,}",
        notes=tuple(notes),
    )


@dataclass(frozen=True)
class SectorTicks:
    """The agencies of one sector of the register that may be ticked."""

    id: str
    title: str
    agencies: tuple[Choice, ...]


def ticks(found: Sequence[Agency], chosen: Sequence[str] = ()) -> tuple[SectorTicks, ...]:
    """Agencies to tick, by sector."""
    return tuple(
        SectorTicks(
            id=f"sector-{sector}",
            title=sector_title(sector),
            agencies=tuple(Choice(one.id, one.name, one.id in chosen) for one in some),
        )
        for sector, some in groupby(found, key=lambda one: one.sector)
    )


@dataclass(frozen=True)
class NumberField:
    """A field for a number of people."""

    name: str
    label: str
    value: str
    message: str | None


@dataclass(frozen=True)
class AgencyPage:
    """One agency of a round, to be changed."""

    head: RoundHead
    id: str
    name: str
    sector: str
    facts: str
    takes: bool
    all_levels: NumberField
    levels: tuple[NumberField, ...]
    has_levels: bool
    form: RoundAgencyForm
    may_answer_as_one: bool
    few: str
    links: int
    answered: int


def round_agency_form(one: AgencyOfRound, numbers: Mapping[str, int]) -> RoundAgencyForm:
    """The form of an agency as it is first shown."""
    return RoundAgencyForm(
        numbers={
            name: str(numbers[level]) if level in numbers else ""
            for level, name in NUMBER_FIELDS.items()
        },
        expected=one.expected,
        contact_name=one.contact_name,
        contact_email=one.contact_email,
        as_return=one.answers_by is AnswersBy.RETURN,
        because=one.return_because,
        seen=digest_of(one, numbers),
    )


def agency_page(
    head: RoundHead, one: AgencyOfRound, *, form: RoundAgencyForm, bank: Bank
) -> AgencyPage:
    """What the page of one agency of a round shows."""

    def number(level: str, label: str) -> NumberField:
        name = NUMBER_FIELDS[level]
        return NumberField(name, label, form.numbers.get(name, ""), form.message(name))

    levels = tuple(number(level.value, title) for level, title in LEVEL_TITLES.items())
    return AgencyPage(
        head=head,
        id=one.id,
        name=one.name,
        sector=sector_title(one.sector),
        facts=_facts(one),
        takes=not head.is_closed and not head.is_withdrawn,
        all_levels=number("", "All levels together"),
        levels=levels,
        has_levels=any(field.value or field.message for field in levels),
        form=form,
        may_answer_as_one=may_answer_as_one(bank.kind),
        few=_few(one, bank),
        links=one.links,
        answered=one.answered,
    )


def _facts(one: AgencyOfRound) -> str:
    invited = "not known" if one.invited is None else f"{one.invited:,}"
    return (
        f"Invited: {invited}. Personal links made: {one.links:,}. "
        f"Answers sent in: {one.answered:,}."
    )


def _few(one: AgencyOfRound, bank: Bank) -> str:
    """Why few people of an agency had better answer as one, or what is hidden; "" for many."""
    offer = offer_of(one, bank.kind)
    if offer is Offer.NONE:
        return ""
    people = "1 person is" if one.people == 1 else f"{one.people} people are"
    why = (
        f"{people} invited. With {FEW_INVITED} or fewer, figures of this agency could show what "
        "one of them said, so they are never shown by themselves."
    )
    if offer is Offer.RETURN:
        return (
            f"{why} The agency may rather answer as one: a return that it agrees, signs and stands "
            "by, with its name on it."
        )
    return f"{why} What they answer counts in the figures of their sector and of all partners."


@dataclass(frozen=True)
class BriefingLine:
    """What a sector was told."""

    id: str
    when: str
    by: str
    what: str
    was_clear: bool
    recorded_by: str


@dataclass(frozen=True)
class BriefedSector:
    """A sector of the round, with what it was told, which may be nothing."""

    id: str
    title: str
    agencies: str
    lines: tuple[BriefingLine, ...]


def briefed_sectors(
    briefings: Sequence[BriefingOfRound], *, there: Mapping[str, int], expected: Sequence[str]
) -> tuple[BriefedSector, ...]:
    """Every sector that is asked, expected or was told something, in the order of sectors.

    What it was told may be nothing.
    """
    codes = {one.sector for one in briefings} | set(there) | set(expected)
    return tuple(
        BriefedSector(
            id=f"told-{code}",
            title=sector_title(code),
            agencies=_agencies(there[code]) if there.get(code) else "no agency asked yet",
            lines=tuple(_briefing(one) for one in briefings if one.sector == code),
        )
        for code in sorted(codes, key=sector_order)
    )


def _briefing(one: BriefingOfRound) -> BriefingLine:
    return BriefingLine(
        id=one.id,
        when=f"{one.told_on.day} {one.told_on:%B %Y}",
        by=one.told_by,
        what=one.what,
        was_clear=one.was_clear,
        recorded_by=one.recorded_by,
    )


def expected_choices(chosen: Sequence[str], *, there: Mapping[str, int]) -> tuple[Choice, ...]:
    """Every sector to tick, with how many of its agencies are asked."""
    return tuple(
        Choice(
            sector.value,
            title,
            sector.value in chosen,
            _agencies(there[sector]) if there.get(sector) else "",
        )
        for sector, title in SECTOR_TITLES.items()
    )
