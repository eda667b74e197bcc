"""One person's questionnaires of several councils, on one page.

The link is only ever mailed to the address it is about. It carries the address itself, enciphered
under the secret key, so that nothing is stored and nobody without the key can read or make one. An
invitation's own link does not lead there: people forward those.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from survey.actions.addresses import read_address
from survey.data.questionnaires import Questionnaire, list_questionnaires
from survey.errors import UnknownInvitation

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

LONGEST_TOKEN = 400


def questionnaires_link(base_url: str, secret_key: str, email: str) -> str:
    """The address of the page that lists all the questionnaires of an e-mail address.

    The same address has the same link, however it is written.
    """
    plain = _normal(email).encode("utf-8")
    sealed = _cipher(secret_key).encrypt(plain, None)
    return f"{base_url}/mine/{base64.urlsafe_b64encode(sealed).decode('ascii').rstrip('=')}"


def read_token(token: str, *, secret_key: str) -> str:
    """The e-mail address that a link is about. Raises UnknownInvitation for any other token."""
    from cryptography.exceptions import InvalidTag

    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise UnknownInvitation("That is not such a link.")
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return _cipher(secret_key).decrypt(sealed, None).decode("utf-8")
    except (InvalidTag, binascii.Error, ValueError):
        raise UnknownInvitation("That is not such a link.") from None


def list_mine(
    session: Session, token: str, *, secret_key: str, now: datetime
) -> list[Questionnaire]:
    """What the address of a link is asked now, by any council. Raises UnknownInvitation."""
    email = read_token(token, secret_key=secret_key)
    return list_questionnaires(session, email=email, now=now)


def count_for(session: Session, email: str, *, now: datetime) -> int:
    """How many questionnaires that can be answered now an e-mail address is invited to."""
    return len(list_questionnaires(session, email=_normal(email), now=now))


def _normal(email: str) -> str:
    return read_address(email).email or email.strip().lower()


def _cipher(secret_key: str) -> AESSIV:
    # Imported here: a respondent's page has no use for it. The same text gives the same link,
    # which this kind of cipher is safe for.
    from cryptography.hazmat.primitives.ciphers import aead

    return aead.AESSIV(hashlib.sha512(f"mine|{secret_key}".encode()).digest())
