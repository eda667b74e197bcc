"""An agency lead who is signed in, a round that asks for a return, and contributors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from question_banks.bank import Bank
from question_banks.loader import load_bank
from survey.actions import returns as writing
from survey.actions import returns_saving as saving
from survey.actions.returns_people import add_contributor, contributor_secret
from survey.actions.returns_rules import Writer
from survey.data import returns, returns_people
from survey.data.models import Account, Membership, Role, Round
from survey.data.returns import ReturnItem
from tests import factories
from tests.page import Browser

PASSWORD = "four ordinary words here"
SECTION, KEY = "senior_commitment", "s11_named_leader_standard"
RATING, EVIDENCE = "s11_named_leader", "s11_named_leader_evidence"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock starts at the factories' NOW and ticks, so that no two events have one time."""
    with time_machine.travel(factories.NOW, tick=True) as moved:
        yield moved


@dataclass(frozen=True)
class Begun:
    """A return that has begun, its lead and its round."""

    id: str
    agency_id: str
    round: Round
    account: Account

    @property
    def path(self) -> str:
        """The address of its front page."""
        return f"/returns/{self.id}"

    @property
    def writer(self) -> Writer:
        """The lead, as a writer."""
        return Writer(name=self.account.name, account_id=self.account.id)

    def item(self, session: Session) -> ReturnItem:
        """The return as it is now."""
        return returns.get_return(session, return_id=self.id, account_id=self.account.id)

    def page(self, key: str = KEY, section: str = SECTION) -> str:
        """The address of a page of questions."""
        return f"{self.path}/section/{section}/{key}"


@cache
def section_11() -> Bank:
    """The section 11 bank, read once: its file is long."""
    return load_bank("section_11")


@cache
def _hashed() -> str:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


def make_lead(session: Session, agency_id: str, *, email: str, name: str = "Ada Quill") -> Account:
    """An account that leads an agency."""
    made = Account(email=email, name=name, password_hash=_hashed(), created_at_utc=factories.NOW)
    session.add(made)
    session.flush()
    session.add(Membership(account_id=made.id, role=Role.AGENCY_LEAD, agency_id=agency_id))
    session.flush()
    return made


@pytest.fixture
def begun(session: Session) -> Begun:
    """A section 11 return of one agency, begun for one council's round."""
    round_ = factories.make_round(session, bank=section_11(), slug="section-11")
    invited = factories.make_invited_agency(session, round_)
    account = make_lead(session, invited.agency_id, email="lead@example.org")
    return_id = writing.begin(
        session, round_id=round_.id, account_id=account.id, name=account.name, now=factories.NOW
    )
    session.commit()
    return Begun(id=return_id, agency_id=invited.agency_id, round=round_, account=account)


def sign_in(client: FlaskClient, *, email: str) -> Browser:
    """A browser in which somebody has signed in."""
    browser = Browser(client)
    browser.get("/sign-in")
    browser.post("/sign-in", {"email": email, "password": PASSWORD})
    return browser


@pytest.fixture
def lead(client: FlaskClient, begun: Begun) -> Browser:
    """A browser in which the agency lead has signed in."""
    return sign_in(client, email=begun.account.email)


def share(
    session: Session,
    begun: Begun,
    *sections: str,
    name: str = "Bo Fenn",
    email: str = "",
    may_sign: bool = False,
) -> str:
    """Adds a contributor with these sections; the path of their link."""
    item = begun.item(session)
    made = add_contributor(
        session,
        item,
        name=name,
        post="",
        email=email,
        may_sign=may_sign,
        sections=sections,
        known=[one.code for one in writing.load(session, item).sections],
        account_id=begun.account.id,
        now=factories.NOW,
    )
    link = link_of(session, begun, made)
    session.commit()
    return link


def link_of(session: Session, begun: Begun, contributor_id: str) -> str:
    """The path of a contributor's link."""
    found = returns_people.get_contributor(
        session, return_id=begun.id, contributor_id=contributor_id
    )
    secret = contributor_secret(
        factories.SECRET_KEY, public_id=found.public_id, generation=found.generation
    )
    return f"/return/{found.public_id}/{secret}"


def pages_of(link: str) -> str:
    """The address of a contributor's front page, without its last stroke."""
    return f"/contribute/{link.split('/')[2]}"


@pytest.fixture
def helper(app: Flask, session: Session, begun: Begun) -> Browser:
    """A browser of a contributor who shares the first section."""
    browser = Browser(app.test_client())
    browser.get(share(session, begun, SECTION))
    return browser


def complete(session: Session, begun: Begun) -> None:
    """Answers every standard as met, with evidence."""
    item = begun.item(session)
    for section in writing.load(session, item).sections[:-1]:
        for page in section.pages:
            rating = page.questions[0].code
            posted = {
                rating: ["met"],
                f"{rating}_evidence": [f"What shows {rating}"],
                f"base--{rating}": ["0"],
                f"base--{rating}_evidence": ["0"],
            }
            saving.save_page(
                session,
                item,
                section=section.code,
                key=page.key,
                posted=posted,
                writer=begun.writer,
                now=factories.NOW,
            )
    session.commit()
