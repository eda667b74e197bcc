"""Other invented councils that share a round, so that the demo's own has something beside it.

They asked frontline staff only, so what is asked of leaders alone has too few councils beside it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from question_banks.bank import Bank, Sector
from survey.actions import accounts, benchmarking
from survey.data.rounds import RoundOfCouncil
from survey.demo import cast, filling, spread
from survey.demo.cast import DemoAgency
from survey.demo.spread import Spread


@dataclass(frozen=True)
class Neighbour:
    """A council that shares: its name in addresses, its name, and how kindly its people judge."""

    slug: str
    name: str
    kindness: float


NEIGHBOURS = (
    Neighbour("bramblecote", "Bramblecote", -0.03),
    Neighbour("carrowick", "Carrowick", -0.12),
    Neighbour("dunmere-vale", "Dunmere Vale", 0.02),
    Neighbour("eastholt", "Eastholt", -0.08),
    Neighbour("farrowdale", "Farrowdale", -0.01),
    Neighbour("greyharbour", "Greyharbour", -0.16),
    Neighbour("hollinshaw", "Hollinshaw", -0.06),
    Neighbour("ivelsea", "Ivelsea", 0.04),
    Neighbour("juniper-moor", "Juniper Moor", -0.10),
)

REVIEW = "Safeguarding peer review"


def load(session: Session, found: RoundOfCouncil, *, bank: Bank, now: datetime, seed: int) -> None:
    """Adds the other councils with a closed, shared round each, and works out the benchmark."""
    for number, neighbour in enumerate(NEIGHBOURS):
        _load_one(session, neighbour, bank=bank, now=now, seed=seed + 10 + number)
    benchmarking.make_benchmark(session, found, account_id=None, now=now)


def _load_one(
    session: Session, neighbour: Neighbour, *, bank: Bank, now: datetime, seed: int
) -> None:
    chance = random.Random(f"neighbour {seed}")  # noqa: S311  # invented answers, not a secret
    council = accounts.create_council(
        session, slug=neighbour.slug, name=f"{neighbour.name} Council"
    )
    agencies = _agencies(neighbour.name, chance)
    people = cast.personas(seed, agencies=agencies)
    shared = filling.closed_round(
        session,
        council=council,
        bank=bank,
        slug=f"{neighbour.slug}-review",
        title="Self-evaluation before the peer review",
        review_title=REVIEW,
        agencies=agencies,
        people=people,
        answers=spread.draw_answers(
            bank, people, spreads=_spreads(bank, neighbour, chance), seed=seed
        ),
        opened=filling.at(now, days=-372 + chance.randint(-200, 200)),
        manager=None,
    )
    benchmarking.agree_to_share(session, shared, account_id=None, now=now)


def _agencies(name: str, chance: random.Random) -> tuple[DemoAgency, ...]:
    def made(key: str, title: str, sector: Sector, least: int) -> DemoAgency:
        answered = (0, 0, least + chance.randint(0, 6))
        return DemoAgency(key, title, sector, sum(answered) + chance.randint(3, 12), answered)

    return (
        made("social_care", f"{name} Children’s Social Care", Sector.CHILDRENS_SOCIAL_CARE, 14),
        made("community_health", f"{name} Community Health", Sector.NHS_COMMUNITY, 12),
        made("police", f"{name} Police", Sector.POLICE, 12),
    )


def _spreads(bank: Bank, neighbour: Neighbour, chance: random.Random) -> Mapping[str, Spread]:
    """The demo's own spread of answers, moved as kindly as the council and a little at random."""
    known = {**spread.OPEN_ROUND, **spread.CLOSED_ROUND}
    return {
        question.code: _moved(known[question.code], neighbour.kindness + chance.gauss(0, 0.06))
        for question in bank.questions()
        if question.code in known
    }


def _moved(usual: Spread, by: float) -> Spread:
    return replace(usual, council=usual.council + by, partners=usual.partners + by)
