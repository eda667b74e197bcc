"""The register of a council: adding an agency, changing one, and taking one off.

An agency that serves several councils has one entry, with one name and one sector. A manager may
put an agency that is known elsewhere on their own register by its exact name, and learns nothing
else of it. Who may change the entry answers for every council it serves, or for the installation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.cells import agency_name
from question_banks.bank import SECTOR_TITLES, Sector
from survey.actions.inviting import known_otherwise
from survey.data import agencies, audit, register
from survey.data.audit import AuditAction
from survey.data.councils import held_for, lock_council
from survey.data.models import Agency, Council, Role
from survey.errors import NotAllowedNow, SurveyError

RUNS_REGISTER = (Role.REVIEW_MANAGER, Role.ADMINISTRATOR)


class InvalidAgency(SurveyError):
    """An agency cannot be entered like this; `field` is what to change."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class ChangedMeanwhile(SurveyError):
    """Somebody else changed it since it was shown."""


@dataclass(frozen=True)
class Added:
    """An agency put on a register. `was_known` says that it serves another council as well,
    `was_here` that it was on this register already.
    """

    agency: Agency
    was_known: bool
    was_here: bool


def add_agency(
    session: Session,
    *,
    council: Council,
    name: str,
    sector: str,
    account_id: str | None,
    now: datetime,
) -> Added:
    """Puts an agency on a council's register; one that is known already is not made again.

    Raises InvalidAgency where the name or the sector is missing, or differs from what is known.
    """
    name = _checked_name(name)
    _check_sector(sector)
    # Held, so that two presses of one button come one after the other.
    lock_council(session, council_id=council.id)
    known = agencies.find_agencies(session, names=[name]).get(name)
    known = known or register.find_renamed(session, names=[name]).get(name)
    if known is None:
        _check_spelling(session, name)
        agency = _add_new(session, name, sector)
    elif known.sector != sector:
        said = SECTOR_TITLES[Sector(known.sector)]
        raise InvalidAgency("sector", f"{known.name} is known already, in the sector “{said}”")
    else:
        agency = known
    is_new = register.put_on_register(session, council_id=council.id, agency_ids=[agency.id])
    if is_new:
        audit.record(
            session,
            action=AuditAction.AGENCY_ADDED,
            at=now,
            account_id=account_id,
            council_id=council.id,
            detail={"agency": agency.name, "sector": agency.sector},
        )
    return Added(agency, was_known=known is not None, was_here=not is_new)


def may_change(
    session: Session, *, agency_id: str, account_id: str, roles: Collection[str]
) -> bool:
    """Whether an account answers for every council the agency serves."""
    served = register.list_served(session, agency_id=agency_id)
    held = session.scalar(
        select(func.count())
        .select_from(Council)
        .where(Council.id.in_(served), held_for(account_id, roles))
    )
    return held == len(served)


def change_agency(
    session: Session,
    *,
    council: Council,
    agency_id: str,
    name: str,
    sector: str,
    seen: tuple[str, str],
    account_id: str,
    roles: Collection[str],
    now: datetime,
) -> Agency:
    """Gives an agency another name or sector; `seen` are those the page showed.

    The old name is kept, so that an older file still finds the agency. The figures of rounds that
    are closed stay as they are. Raises InvalidAgency, ChangedMeanwhile, and NotAllowedNow where
    the agency serves a council that the account does not answer for.
    """
    agency = register.get_registered(session, council_id=council.id, agency_id=agency_id)
    agency = register.lock_agency(session, agency_id=agency.id)
    if not may_change(session, agency_id=agency.id, account_id=account_id, roles=roles):
        raise NotAllowedNow(
            "This agency serves other councils too. Ask whoever runs this site to change its name "
            "or sector."
        )
    if seen != (agency.name, agency.sector):
        raise ChangedMeanwhile("Somebody else has just changed this agency.")
    name = _checked_name(name)
    _check_sector(sector)
    before = {"name": agency.name, "sector": agency.sector}
    if name != agency.name:
        _take_name(session, agency, name)
    agency.sector = sector
    session.flush()
    for what, old in before.items():
        new = {"name": agency.name, "sector": agency.sector}[what]
        if new != old:
            audit.record(
                session,
                action=AuditAction.AGENCY_CHANGED,
                at=now,
                account_id=account_id,
                council_id=council.id,
                detail={"agency": agency.name, "what": what, "old": old, "new": new},
            )
    return agency


def take_off(
    session: Session, *, council: Council, agency_id: str, account_id: str, now: datetime
) -> Agency:
    """Takes an agency that no round of the council has asked off its register.

    Raises NotAllowedNow where one has: its rounds would name an agency that is not there.
    """
    agency = register.get_registered(session, council_id=council.id, agency_id=agency_id)
    agency = register.lock_agency(session, agency_id=agency.id)
    if register.count_rounds(session, agency_id=agency.id, council_id=council.id):
        raise NotAllowedNow("This agency is part of a round, so it stays on the register.")
    register.take_off_register(session, council_id=council.id, agency_id=agency.id)
    audit.record(
        session,
        action=AuditAction.AGENCY_REMOVED,
        at=now,
        account_id=account_id,
        council_id=council.id,
        detail={"agency": agency.name},
    )
    return agency


def _add_new(session: Session, name: str, sector: str) -> Agency:
    try:
        with session.begin_nested():
            return agencies.add_agency(session, name=name, sector=sector)
    except IntegrityError as error:
        message = f"Somebody else has just added {name}: try again"
        raise InvalidAgency("name", message) from error


def _checked_name(text: str) -> str:
    name, fault = agency_name(text)
    if name is None:
        is_missing = not text.strip()
        raise InvalidAgency("name", "Enter the name of the agency" if is_missing else fault)
    return name


def _check_sector(sector: str) -> None:
    if sector not in set(Sector):
        raise InvalidAgency("sector", "Select the sector of the agency")


def _check_spelling(session: Session, name: str, *, own: str = "") -> None:
    spelt = known_otherwise(session, names=[name]).get(name, own)
    if spelt != own:
        raise InvalidAgency(
            "name", f"It is known already as {spelt}: write it like that, or make it more different"
        )


def _take_name(session: Session, agency: Agency, name: str) -> None:
    if name in agencies.find_agencies(session, names=[name]):
        raise InvalidAgency("name", f"Another agency is called {name}")
    former = register.find_renamed(session, names=[name]).get(name, agency)
    if former.id != agency.id:
        raise InvalidAgency("name", f"{former.name} was called {name} before")
    _check_spelling(session, name, own=agency.name)
    register.drop_former_name(session, name=name)
    register.add_former_name(session, agency_id=agency.id, name=agency.name)
    agency.name = name
