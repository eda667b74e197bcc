"""Messages about a return: each text is filled, each link leads where it should, none too late."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions import returns_people as sharing
from survey.actions import returns_signing as signing
from survey.actions.mail_links import Doors
from survey.actions.mail_texts import MailText, default_text, fill
from survey.actions.mail_values import read_about, values_of
from survey.actions.outbox import MailKind
from survey.actions.returns_rules import Writer
from survey.data.models import Message, ReturnContributor
from survey.data.outbox import Claimed, claim_message
from tests import factories
from tests.integration.returns.conftest import SECTION, Begun, complete, make_lead, share
from tests.page import Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DOORS = Doors(secret_key=factories.SECRET_KEY, base_url="https://signpost.example.org")
ODD = "Bo {link} Fenn"


def _letters(session: Session, kind: MailKind) -> dict[str, MailText | None]:
    """Address to text of every message of a kind, None for one that is not sent any more."""
    found = {}
    for message_id in session.scalars(select(Message.id).where(Message.kind == kind)).all():
        claimed = claim_message(session, message_id=message_id, claim="a worker", now=factories.NOW)
        assert isinstance(claimed, Claimed)
        about = read_about(session, claimed)
        values = values_of(session, claimed, about, doors=DOORS, now=factories.NOW)
        found[claimed.to] = None if values is None else fill(default_text(kind), values)
    return found


def _end(session: Session, begun: Begun, *, name: str) -> None:
    """Ends the part of the contributor of that name."""
    sharing.set_ended(
        session,
        begun.item(session),
        contributor_id=session.scalars(
            select(ReturnContributor.id).where(ReturnContributor.name == name)
        ).one(),
        ended=True,
        account_id=begun.account.id,
        now=factories.NOW,
    )


@pytest.mark.parametrize(
    "ended", [pytest.param(False, id="takes part"), pytest.param(True, id="has ended")]
)
def test_contributor_gets_their_own_link_while_they_take_part(
    app: Flask, begun: Begun, session: Session, ended: bool
) -> None:
    path = share(session, begun, SECTION, name=ODD, email="bo@example.org")
    made = session.scalars(select(ReturnContributor.id)).one()
    item = begun.item(session)
    sharing.send_link(session, item, contributor_id=made, writer=begun.writer, now=factories.NOW)
    sharing.set_ended(
        session,
        item,
        contributor_id=made,
        ended=ended,
        account_id=begun.account.id,
        now=factories.NOW,
    )

    (letter,) = _letters(session, MailKind.RETURN_CONTRIBUTOR).values()
    session.commit()

    if ended:
        assert letter is None
        return
    assert letter is not None
    assert f"https://signpost.example.org{path}" in letter.body
    assert f"Dear {ODD}," in letter.body
    assert "Harrow Fields Police" in letter.subject
    assert Browser(app.test_client()).get(path).h1 == "Section 11 return (eight standards)"


def test_all_whom_it_concerns_are_told_and_the_sender_is_not(
    begun: Begun, session: Session
) -> None:
    share(session, begun, name="Kit Barrow", email="kit@example.org", may_sign=True)
    link = share(session, begun, SECTION, name="Bo Fenn", email="bo@example.org")
    share(session, begun, SECTION, name="Di Roe")
    share(session, begun, SECTION, name="Ed Lane", email="ed@example.org")
    _end(session, begun, name="Ed Lane")
    make_lead(session, begun.agency_id, email="second@example.org", name="Cy Mead")
    complete(session, begun)
    item = begun.item(session)
    signing.submit(session, item, writer=begun.writer, now=factories.NOW)
    signer = session.scalars(
        select(ReturnContributor.id).where(ReturnContributor.may_sign.is_(True))
    ).one()
    officer = Writer(name="Kit Barrow", contributor_id=signer)
    signing.send_back(session, item, writer=officer, reason="Out of date", now=factories.NOW)

    ready = _letters(session, MailKind.RETURN_READY_TO_SIGN)
    back = _letters(session, MailKind.RETURN_SENT_BACK)

    assert ready.keys() == {"kit@example.org", "second@example.org"}
    assert back.keys() == {"lead@example.org", "second@example.org", "bo@example.org"}
    lead_letter, helper_letter = back["lead@example.org"], back["bo@example.org"]
    assert lead_letter is not None
    assert helper_letter is not None
    assert f"https://signpost.example.org{link}" in helper_letter.body
    assert "Dear Bo Fenn," in helper_letter.body
    assert f"https://signpost.example.org/returns/{begun.id}" in lead_letter.body
    assert "Out of date" not in lead_letter.body
