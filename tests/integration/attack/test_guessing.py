"""Guessing codes: a crowd behind one address gets in, and a crowd of addresses does not."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.actions.tokens import ALPHABET, printed_code
from tests import factories
from tests.integration.respond.conftest import OpenRound
from tests.page import Browser


def code_of(open_round: OpenRound) -> str:
    """The printed code of the invitation."""
    invitation = open_round.invitation
    return printed_code(
        factories.SECRET_KEY, public_id=invitation.public_id, generation=invitation.generation
    )


def answer_to(client: FlaskClient, code: str, *, address: str) -> TestResponse:
    """What is answered to a code typed from a network address."""
    token = Browser(client).get("/code").csrf_token
    return client.post(
        "/code",
        data={"csrf_token": token, "code": code},
        environ_overrides={"REMOTE_ADDR": address},
    )


def type_code(client: FlaskClient, code: str, *, address: str) -> int:
    """Types a code from a network address; the status of the answer."""
    return answer_to(client, code, address=address).status_code


def wrong_codes(code: str, how_many: int) -> list[str]:
    """Codes that differ from a right one in their last two characters."""
    codes = [code[:-2] + one + two for one in ALPHABET for two in ALPHABET]
    return [wrong for wrong in codes if wrong != code][:how_many]


def test_ward_behind_one_address_gets_in_though_many_mistype(
    client: FlaskClient, open_round: OpenRound
) -> None:
    for number in range(25):
        assert type_code(client, f"0000-0000-{number:04}", address="192.0.2.7") == 200

    assert type_code(client, code_of(open_round), address="192.0.2.7") == 302


def test_many_addresses_that_guess_one_code_are_stopped_together(
    client: FlaskClient, open_round: OpenRound
) -> None:
    right = code_of(open_round)
    for number, wrong in enumerate(wrong_codes(right, 30)):
        assert type_code(client, wrong, address=f"192.0.2.{number + 1}") == 200

    refused = answer_to(client, right, address="198.51.100.1")

    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 60 * 60
    assert int(refused.headers["Retry-After"]) % 60 == 0


def test_guessing_a_code_does_not_shut_out_the_link(
    app: Flask, client: FlaskClient, open_round: OpenRound
) -> None:
    for number, wrong in enumerate(wrong_codes(code_of(open_round), 30)):
        type_code(client, wrong, address=f"192.0.2.{number + 1}")

    assert Browser(app.test_client()).get(open_round.link).h1 == "Working together, spring"
    with time_machine.travel(factories.NOW + timedelta(minutes=61), tick=False):
        assert type_code(client, code_of(open_round), address="192.0.2.1") == 302
