"""Who takes part in the demo: invented agencies of very different size, and who answered."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from question_banks.bank import Level, Sector
from survey.actions.invited_file import AgencyInvited, NamedPerson

COUNCIL_SLUG = "aldermere"
COUNCIL = "Aldermere Council"
MANAGER = "Robin Fell"
MANAGER_EMAIL = "manager@aldermere.example.org"

CONTACT = "Robin Fell, review manager, manager@aldermere.example.org, 01632 960100"
URGENT = "Aldermere children’s duty team, day and night, 01632 960999"
CHECKED_BY = "The safeguarding lead on duty"

COUNCIL_SECTORS = frozenset({Sector.CHILDRENS_SOCIAL_CARE, Sector.EARLY_HELP})


@dataclass(frozen=True)
class DemoAgency:
    """An agency, how many it was asked for, and how many answered: strategic, operational,
    frontline. `named` are the people of the open round who are known by a post.
    """

    key: str
    name: str
    sector: Sector
    invited: int
    answered: tuple[int, int, int]
    named: tuple[NamedPerson, ...] = ()


def _post(label: str, mailbox: str) -> NamedPerson:
    return NamedPerson(label, f"{mailbox}@aldermere.example.org")


AGENCIES = (
    DemoAgency(
        "social_care",
        "Aldermere Children’s Social Care",
        Sector.CHILDRENS_SOCIAL_CARE,
        18,
        (3, 4, 8),
        named=(
            _post("Team manager, referral and assessment", "referral.manager"),
            _post("Practice lead, children looked after", "practice.lead"),
        ),
    ),
    DemoAgency("early_help", "Aldermere Early Help Service", Sector.EARLY_HELP, 8, (1, 2, 3)),
    DemoAgency(
        "community_health",
        "Aldermere Community Health Trust",
        Sector.NHS_COMMUNITY,
        12,
        (2, 3, 5),
        named=(_post("Health visiting team lead", "health.visiting"),),
    ),
    DemoAgency(
        "mental_health",
        "Fennside Mental Health Trust",
        Sector.NHS_COMMUNITY,
        6,
        (1, 1, 3),
    ),
    DemoAgency("police", "Fennshire Police, Aldermere", Sector.POLICE, 9, (2, 2, 3)),
    DemoAgency("family_charity", "Harbour Steps Family Project", Sector.VOLUNTARY, 5, (2, 1, 2)),
    DemoAgency("young_carers", "Aldermere Young Carers", Sector.VOLUNTARY, 2, (1, 0, 1)),
    DemoAgency("schools", "Schools in Aldermere", Sector.SCHOOLS, 30, (0, 0, 0)),
)

LEVELS = (Level.STRATEGIC, Level.OPERATIONAL, Level.FRONTLINE)


@dataclass(frozen=True)
class Persona:
    """One invented respondent. `attitude` is how kindly they judge, from a bell curve round 0."""

    agency: DemoAgency
    level: Level
    attitude: float

    @property
    def is_council(self) -> bool:
        """Whether they work for the council."""
        return self.agency.sector in COUNCIL_SECTORS


def personas(seed: int, *, agencies: Sequence[DemoAgency] = AGENCIES) -> list[Persona]:
    """Everybody who answered a closed round of these agencies, the same for the same seed."""
    chance = random.Random(f"personas {seed}")  # noqa: S311  # invented answers, not a secret
    return [
        Persona(agency, level, chance.gauss(0, 1))
        for agency in agencies
        for level, count in zip(LEVELS, agency.answered, strict=True)
        for _ in range(count)
    ]


def invited_file(*, named: bool) -> list[AgencyInvited]:
    """Whom a round of the demo invites, as if read from a file; `named` puts in known posts."""
    return [
        AgencyInvited(
            row=row,
            name=agency.name,
            sector=agency.sector,
            expected=True,
            numbers={"": agency.invited},
            people=agency.named if named else (),
        )
        for row, agency in enumerate(AGENCIES, start=2)
    ]
