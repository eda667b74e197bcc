"""An open round with one invitation, and a visitor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from question_banks.bank import Bank
from survey.data.models import Invitation, InvitedAgency, Round
from tests import factories
from tests.page import Browser


@dataclass(frozen=True)
class OpenRound:
    """An open round with one invited agency and one invitation."""

    round: Round
    agency: InvitedAgency
    invitation: Invitation

    @property
    def link(self) -> str:
        """The path of the invitation's link."""
        return factories.link_of(self.invitation)

    def url(self, end: str = "") -> str:
        """The address of one of the invitation's pages."""
        return f"/q/{self.invitation.public_id}/{end}"


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    """The clock stands at the factories' NOW."""
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def open_round(session: Session) -> OpenRound:
    """A round on the bank of 2010, open at NOW."""
    return make_open_round(session)


def make_open_round(
    session: Session, *, bank: Bank | None = None, slug: str = "spring"
) -> OpenRound:
    """An open round on any bank."""
    round_ = factories.make_round(session, bank=bank, slug=slug)
    agency = factories.make_invited_agency(session, round_, name=f"Police of {slug}")
    invitation = factories.make_invitation(session, agency)
    session.commit()
    return OpenRound(round_, agency, invitation)


@pytest.fixture
def visitor(app: Flask, client: FlaskClient) -> Browser:
    """A browser without a past."""
    return Browser(client)
