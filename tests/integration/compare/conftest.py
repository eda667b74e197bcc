"""A council with two closed rounds of the same agencies, and its review manager signed in."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.bank import Bank, Level, ScaleQuestion, Sector
from question_banks.loader import load_bank
from survey.actions import closing
from survey.data.accounts import find_by_email, find_council
from survey.data.engine import make_engine
from survey.data.models import Account, Agency, Council, InvitedAgency, Round
from survey.data.responses import add_response
from tests import factories
from tests.integration.manage.conftest import EMAIL, clock, make_manager, manager

__all__ = ["clock", "manager"]

BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
"""A test that is run on both kinds of database; the others here are run on SQLite alone."""

COUNCIL = "wexmoor"

AGENCIES = (
    ("Wexmoor Children’s Social Care", Sector.CHILDRENS_SOCIAL_CARE),
    ("Tarn Valley Police", Sector.POLICE),
    ("Tarn Valley Community Health", Sector.NHS_COMMUNITY),
)
ASKED = (
    "lp_procedures_to_hand",
    "lp_threshold_same",
    "lp_information_sharing_clear",
    "pem_enough_data",
    "t12_ep_threshold_same",
    "t12_ep_children_heard",
    "t12_om_enough_data",
)
"""A few questions of two questionnaires: each test then works out little."""

Answered = Mapping[str, tuple[int, float]]
"""Agency to how many answered, and the favourable share of what they said."""

BEFORE: Answered = {name: (14, 0.9) for name, _ in AGENCIES}
AFTER: Answered = {name: (16, 0.35) for name, _ in AGENCIES}


def small(name: str) -> Bank:
    """A questionnaire cut down to the questions of `ASKED`."""
    bank = load_bank(name)
    signposts = []
    for signpost in bank.signposts:
        topics = []
        for topic in signpost.topics:
            kept = tuple(question for question in topic.questions if question.code in ASKED)
            if kept:
                topics.append(topic.model_copy(update={"questions": kept}))
        if topics:
            signposts.append(signpost.model_copy(update={"topics": tuple(topics), "comment": None}))
    return bank.model_copy(update={"signposts": tuple(signposts)})


def close_round_of(
    session: Session,
    council: Council,
    *,
    slug: str,
    days: int,
    answered: Answered = BEFORE,
    bank: str = "safeguarding_children_2010",
) -> Round:
    """A closed round that opened so many days before NOW and asked frontline staff."""
    asked = small(bank)
    opened = factories.NOW - timedelta(days=days)
    round_ = factories.make_round(
        session,
        council=council,
        bank=asked,
        slug=slug,
        opens=opened,
        closes=opened + timedelta(days=14),
    )
    chance = Random(f"{slug} answers")
    for name, sector in AGENCIES:
        known = session.query(Agency).filter_by(name=f"{name} of {council.slug}").one_or_none()
        if known is None:
            known = Agency(name=f"{name} of {council.slug}", sector=sector)
            session.add(known)
            session.flush()
        session.add(InvitedAgency(round_id=round_.id, agency_id=known.id))
        people, favourable = answered[name]
        for _ in range(people):
            add_response(
                session,
                round_id=round_.id,
                agency_id=known.id,
                level=Level.FRONTLINE,
                answers=_answers(asked, favourable, chance),
                comments=[],
            )
    session.flush()
    closing.close_round(
        session,
        round_id=round_.id,
        account_id=None,
        council_id=council.id,
        now=opened + timedelta(days=15),
    )
    session.commit()
    return round_


def _answers(bank: Bank, favourable: float, chance: Random) -> dict[str, str | None]:
    return {
        question.code: bank.scale_of(question).options[chance.random() > favourable and 3].code
        for question in bank.questions()
        if isinstance(question, ScaleQuestion) and Level.FRONTLINE in question.audience
    }


@dataclass(frozen=True)
class TwoRounds:
    """An earlier and a later round of one council."""

    before: Round
    after: Round

    def url(self, end: str = "") -> str:
        """An address under the later round."""
        return f"/manage/{self.after.slug}{end}"


@pytest.fixture(scope="session")
def two_rounds_file(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the manager and the two rounds, to be copied and never opened."""
    path = tmp_path_factory.mktemp("compare") / "two.db"
    shutil.copy(migrated_sqlite_file, path)
    engine = make_engine(f"sqlite:///{path}")
    with time_machine.travel(factories.NOW), Session(engine, expire_on_commit=False) as session:
        council = factories.make_council(session, slug=COUNCIL, name="Wexmoor Council")
        make_manager(session, council, email=EMAIL)
        session.commit()
        _two(session, council)
    engine.dispose()
    return path


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database: SQLite with the two rounds where the test asks for them."""
    if getattr(request, "param", "sqlite") == "postgresql":
        url: str = request.getfixturevalue("empty_postgresql_url")
        return url
    name = "two_rounds_file" if "two" in request.fixturenames else "migrated_sqlite_file"
    return f"sqlite:///{shutil.copy(request.getfixturevalue(name), tmp_path / 'signpost.db')}"


@pytest.fixture
def council(session: Session) -> Council:
    """The council whose rounds the manager may see."""
    known = find_council(session, slug=COUNCIL)
    return known or factories.make_council(session, slug=COUNCIL, name="Wexmoor Council")


@pytest.fixture
def account(session: Session, council: Council) -> Account:
    """A review manager of that council."""
    made = find_by_email(session, email=EMAIL) or make_manager(session, council, email=EMAIL)
    session.commit()
    return made


@pytest.fixture
def two(session: Session, council: Council, account: Account) -> TwoRounds:
    """Two closed rounds of the same agencies; most shares fall clearly."""
    rounds = session.scalars(select(Round).order_by(Round.opens_at_utc)).all()
    session.commit()
    return TwoRounds(*rounds) if rounds else _two(session, council)


def _two(session: Session, council: Council) -> TwoRounds:
    return TwoRounds(
        close_round_of(session, council, slug="before", days=400),
        close_round_of(session, council, slug="after", days=40, answered=AFTER),
    )
