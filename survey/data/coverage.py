"""Who was invited to a round and how many answered. Never how, and never who."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from question_banks.bank import Level, Sector
from survey.data.models import (
    Agency,
    AnswersBy,
    Draft,
    ExpectedSector,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Participation,
    Response,
)

ALL_LEVELS = ""


@dataclass(frozen=True)
class AgencyCount:
    """One agency of a round. `invited` is None where the number is not known.

    `links` counts the personal links that have not been withdrawn, `unfinished` those of them that
    have not been used, and `reachable` those of the unfinished that have an e-mail address.
    `expected` is False for an agency whose silence would not matter, and for one that answered
    without being on the list. `answers_as_one` is one that sends an agency return instead.
    """

    agency: str
    sector: Sector
    expected: bool
    invited: int | None
    links: int
    answered: int
    agency_id: str = ""
    unfinished: int = 0
    reachable: int = 0
    contact_name: str = ""
    contact_email: str = ""
    answers_as_one: bool = False


@dataclass(frozen=True)
class LevelCount:
    """One level of a round. `invited` is None where it is not known of every agency."""

    level: Level
    invited: int | None
    answered: int


@dataclass(frozen=True)
class Coverage:
    """How far a round has come: its agencies by name, its levels, and the sectors it means to hear.

    `drafts` have been started and not sent in: of the whole round, never by agency or level.
    """

    agencies: tuple[AgencyCount, ...]
    levels: tuple[LevelCount, ...]
    expected_sectors: frozenset[Sector]
    drafts: int


@dataclass(frozen=True)
class InvitedRow:
    """How many people of an agency were invited, at one level or at `ALL_LEVELS` together."""

    agency: str
    level: str
    invited: int


def read_coverage(session: Session, *, round_id: str) -> Coverage:
    """Everything that tells how far a round has come, in six queries however large it is."""
    invited = session.execute(
        select(InvitedAgency, Agency.name, Agency.sector)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id)
    ).all()
    answered: dict[str, Counter[str]] = defaultdict(Counter)
    for agency_id, level, count in session.execute(
        select(Response.agency_id, Response.level, func.count())
        .where(Response.round_id == round_id)
        .group_by(Response.agency_id, Response.level)
    ):
        answered[agency_id][level] = count
    links = {place_id: counts for place_id, *counts in session.execute(_links(round_id))}
    stated = _stated_by_place(session, round_id)
    agencies = [
        AgencyCount(
            agency=name,
            sector=Sector(sector),
            expected=place.expected,
            invited=_total(stated.get(place.id, {}), links.get(place.id, (0, 0, 0))[0]),
            links=links.get(place.id, (0, 0, 0))[0],
            answered=answered[place.agency_id].total(),
            agency_id=place.agency_id,
            unfinished=links.get(place.id, (0, 0, 0))[1],
            reachable=links.get(place.id, (0, 0, 0))[2],
            contact_name=place.contact_name,
            contact_email=place.contact_email,
            answers_as_one=place.answers_by == AnswersBy.RETURN,
        )
        for place, name, sector in invited
    ]
    known = {place.agency_id for place, _, _ in invited}
    unlisted = {agency_id for agency_id in answered if agency_id not in known}
    agencies += _unlisted(session, {each: answered[each].total() for each in unlisted})
    return Coverage(
        agencies=tuple(sorted(agencies, key=lambda one: (one.agency.casefold(), one.agency))),
        levels=_levels(agencies, [stated.get(p.id, {}) for p, _, _ in invited], answered.values()),
        expected_sectors=frozenset(
            Sector(sector)
            for sector in session.scalars(
                select(ExpectedSector.sector).where(ExpectedSector.round_id == round_id)
            )
        ),
        drafts=count_drafts(session, round_id=round_id),
    )


def list_agencies(session: Session, *, round_id: str) -> list[AgencyCount]:
    """Every agency invited or answering, by name."""
    return list(read_coverage(session, round_id=round_id).agencies)


def _links(round_id: str) -> Select[*tuple[str, int, int, int]]:
    """Personal links by the agency's place: all, those not used, and those of them with an address.

    An address that is not to be reminded any more is not one to write to.
    """
    unused = Participation.invitation_id.is_(None)
    reachable = and_(unused, Invitation.email != "", Invitation.reminders_stopped_at_utc.is_(None))
    return (
        select(
            Invitation.invited_agency_id,
            func.count(),
            func.coalesce(func.sum(case((unused, 1), else_=0)), 0),
            func.coalesce(func.sum(case((reachable, 1), else_=0)), 0),
        )
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .outerjoin(Participation, Participation.invitation_id == Invitation.id)
        .where(InvitedAgency.round_id == round_id, Invitation.revoked_at_utc.is_(None))
        .group_by(Invitation.invited_agency_id)
    )


def _stated_by_place(session: Session, round_id: str) -> dict[str, dict[str, int]]:
    stated: dict[str, dict[str, int]] = defaultdict(dict)
    for place_id, level, invited in session.execute(
        select(InvitedNumber.invited_agency_id, InvitedNumber.level, InvitedNumber.invited)
        .join(InvitedAgency, InvitedAgency.id == InvitedNumber.invited_agency_id)
        .where(InvitedAgency.round_id == round_id)
    ):
        stated[place_id][level] = invited
    return stated


def _total(stated: Mapping[str, int], links: int) -> int | None:
    """All invited: the number for all levels together, or the sum of the levels, or the links."""
    if not stated:
        return links or None
    return stated.get(ALL_LEVELS, sum(stated.values()))


def _unlisted(session: Session, answered: Mapping[str, int]) -> list[AgencyCount]:
    """Agencies that answered without having been invited."""
    if not answered:
        return []
    rows = session.execute(
        select(Agency.id, Agency.name, Agency.sector).where(Agency.id.in_(answered))
    )
    return [
        AgencyCount(
            agency=name,
            sector=Sector(sector),
            expected=False,
            invited=None,
            links=0,
            answered=answered[agency_id],
            agency_id=agency_id,
        )
        for agency_id, name, sector in rows
    ]


def _levels(
    agencies: Sequence[AgencyCount],
    stated: Sequence[Mapping[str, int]],
    answered: Iterable[Counter[str]],
) -> tuple[LevelCount, ...]:
    """Levels that anybody was invited or answered at. The number invited at a level is known only
    where every agency that has any number has it by level.
    """
    counts: Counter[str] = Counter()
    for each in answered:
        counts.update(each)
    is_known = (
        bool(stated)
        and all(numbers and ALL_LEVELS not in numbers for numbers in stated)
        and len(stated) == len(agencies)
    )
    invited: Counter[str] = Counter()
    for numbers in stated:
        invited.update({level: n for level, n in numbers.items() if level != ALL_LEVELS})
    return tuple(
        LevelCount(
            level=level,
            invited=invited[level] if is_known else None,
            answered=counts[level],
        )
        for level in Level
        if counts[level] or invited[level]
    )


def list_invited(session: Session, *, round_id: str) -> list[InvitedRow]:
    """The numbers invited, by agency and level: as stated, or else the personal links made."""
    stated = _stated(session, round_id)
    known = {row.agency for row in stated}
    linked = session.execute(
        select(Agency.name, func.count())
        .select_from(Invitation)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id, Invitation.revoked_at_utc.is_(None))
        .group_by(Agency.name)
        .order_by(Agency.name)
    )
    return stated + [
        InvitedRow(agency=name, level=ALL_LEVELS, invited=count)
        for name, count in linked
        if name not in known
    ]


def _stated(session: Session, round_id: str) -> list[InvitedRow]:
    rows = session.execute(
        select(Agency.name, InvitedNumber.level, InvitedNumber.invited)
        .select_from(InvitedNumber)
        .join(InvitedAgency, InvitedAgency.id == InvitedNumber.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id)
        .order_by(Agency.name, InvitedNumber.level)
    )
    return [InvitedRow(agency=name, level=level, invited=n) for name, level, n in rows]


def count_responses(session: Session, *, round_id: str) -> int:
    """How many responses have been sent in."""
    return session.scalar(select(func.count()).where(Response.round_id == round_id)) or 0


def count_drafts(session: Session, *, round_id: str) -> int:
    """How many have been started and not sent in. Of the whole round: never by agency."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Draft)
            .join(Invitation, Invitation.id == Draft.invitation_id)
            .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
            .where(InvitedAgency.round_id == round_id)
        )
        or 0
    )


def list_labels(session: Session, *, round_id: str) -> list[str]:
    """What the manager wrote beside the invitations (often a name), without repeats, in order."""
    return list(
        session.scalars(
            select(Invitation.label)
            .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
            .where(InvitedAgency.round_id == round_id, Invitation.label != "")
            .distinct()
            .order_by(Invitation.label)
        )
    )
