"""What is logged of requests whose address holds a secret: their rule, and nothing else."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from question_banks.loader import bank_digest, bank_to_json, load_bank
from survey.actions import account_links
from survey.actions.account_links import LinkKind
from survey.actions.open_links import link_of
from survey.actions.questionnaires import questionnaires_link
from survey.actions.returns_people import contributor_secret
from survey.data import returns
from survey.data.models import Account, Council, ReturnContributor
from tests import factories
from tests.factories import SECRET_KEY
from tests.integration.access_ids import make_account
from tests.integration.accounts.conftest import SQLITE
from tests.page import Browser

pytestmark = SQLITE
EMAIL, PASSWORD = "pat@example.org", "lighthouses over water"


def _contributor(session: Session, agency_id: str, account: Account) -> ReturnContributor:
    bank = load_bank("section_11")
    return_id = returns.add_return(
        session,
        agency_id=agency_id,
        bank_id=bank.id,
        bank_digest=bank_digest(bank),
        bank_json=bank_to_json(bank),
        account_id=account.id,
        now=factories.NOW,
    )
    row = ReturnContributor(
        return_id=return_id,
        public_id="C0NTR1",
        name="Bo Fenn",
        added_by=account.id,
        added_at_utc=factories.NOW,
    )
    session.add(row)
    session.flush()
    return row


def test_log_of_every_link_with_a_secret_holds_none(
    app: Flask, session: Session, council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    round_ = factories.make_round(session, council=council)
    invited = factories.make_invited_agency(session, round_)
    invited.open_link_id, invited.open_link_generation = "QPEN22", 1
    invited.open_link_made_at_utc = factories.NOW
    account = make_account(session, "olive")
    contributor = _contributor(session, invited.agency_id, account)
    secret = contributor_secret(
        SECRET_KEY, public_id=contributor.public_id, generation=contributor.generation
    )
    set_password = account_links.path(
        SECRET_KEY,
        kind=LinkKind.INVITATION,
        account_id=account.id,
        generation=account.session_generation,
    )
    paths = {
        "/join/<open_id>/<secret>": link_of(
            SECRET_KEY, base_url="", open_id="QPEN22", generation=1
        ).link,
        "/mine/<token>": questionnaires_link("", SECRET_KEY, EMAIL),
        "/return/<public_id>/<secret>": f"/return/{contributor.public_id}/{secret}",
        "/set-password/<token>": set_password,
    }
    session.commit()

    with caplog.at_level(logging.DEBUG):
        for path in paths.values():
            assert app.test_client().get(path).status_code in {200, 302}
            Browser(app.test_client()).get(path + "x", status=410 if "password" in path else 404)
        visitor = Browser(app.test_client())
        visitor.get(paths["/join/<open_id>/<secret>"])
        visitor.post(paths["/join/<open_id>/<secret>"], {"email": EMAIL})
        visitor.get(paths["/set-password/<token>"])
        visitor.post(paths["/set-password/<token>"], {"new": PASSWORD})
        visitor.client.post(paths["/set-password/<token>"], data={"new": PASSWORD})

    for rule, path in paths.items():
        assert rule in caplog.text, "requests are logged by their rule"
        assert path.rsplit("/", 1)[1] not in caplog.text
    for kept_out in (EMAIL, PASSWORD, account.id, contributor.public_id, "QPEN22"):
        assert kept_out not in caplog.text
