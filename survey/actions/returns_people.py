"""Sharing sections of a return with contributors, who come by a link and have no account."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.actions import outbox
from survey.actions.outbox import MailKind
from survey.actions.returns_rules import Writer
from survey.actions.tokens import is_public_id, new_public_id
from survey.data import audit, returns, returns_people
from survey.data.audit import AuditAction
from survey.data.returns import ReturnItem
from survey.data.returns_people import Contributor
from survey.errors import NotFound, RevokedInvitation, SurveyError, UnknownInvitation

SECRET_BYTES = 16
LONGEST_NAME = 200
LONGEST_EMAIL = 254
LATE = timedelta(hours=24)
"""How long after their part was ended a contributor's unsaved text is still kept for the lead:
long enough for a page that was open, too short for a link that lies about."""

TWICE = timedelta(minutes=1)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class InvalidContributor(SurveyError):
    """A contributor cannot be added like this; `field` says which entry is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def contributor_secret(secret_key: str, *, public_id: str, generation: int) -> str:
    """The secret part of a contributor's link: 26 characters, 128 bits. It is never stored."""
    message = f"contributor|{public_id}|{generation}".encode()
    digest = hmac.new(secret_key.encode(), message, hashlib.sha256).digest()[:SECRET_BYTES]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


def get_by_link(session: Session, public_id: str, *, secret: str, secret_key: str) -> Contributor:
    """The holder of that link, also one whose part has ended (`Contributor.ended_at`).

    Raises UnknownInvitation for a wrong link and RevokedInvitation for one that was replaced.
    """
    found = None
    if is_public_id(public_id):
        found = returns_people.find_contributor(session, public_id=public_id)
    if found is None:
        raise UnknownInvitation("No contributor has that address.")
    for generation in range(found.generation, 0, -1):
        expected = contributor_secret(secret_key, public_id=public_id, generation=generation)
        if hmac.compare_digest(expected.encode(), secret.encode("utf-8", "replace")):
            if generation != found.generation:
                raise RevokedInvitation("This link has been replaced.")
            return found
    raise UnknownInvitation("The secret part of the link is wrong.")


def get_item(session: Session, contributor: Contributor) -> ReturnItem:
    """The return a contributor helps with. Raises NotFound."""
    item = returns.find_return(session, return_id=contributor.return_id)
    if item is None:
        raise NotFound("There is no such return.")
    return item


def add_contributor(
    session: Session,
    item: ReturnItem,
    *,
    name: str,
    post: str,
    email: str,
    may_sign: bool,
    sections: Collection[str],
    known: Collection[str],
    account_id: str,
    now: datetime,
) -> str:
    """Adds somebody who helps with a return, and shares sections with them; their id.

    `known` are the codes of the return's sections. The same form sent twice within a minute adds
    one contributor. Raises InvalidContributor.
    """
    entries = _checked(name, post, email, may_sign, sections, known)
    returns.lock_return(session, return_id=item.id)
    for one in returns_people.list_contributors(session, return_id=item.id):
        same = (one.name, one.post, one.email, one.may_sign, one.sections)
        if same == (*entries, may_sign, frozenset(sections)) and now - one.added_at < TWICE:
            return one.id
    contributor_id = returns_people.add_contributor(
        session,
        return_id=item.id,
        public_id=new_public_id(),
        account_id=account_id,
        now=now,
        name=entries[0],
        post=entries[1],
        email=entries[2],
        may_sign=may_sign,
    )
    returns_people.set_shares(session, contributor_id=contributor_id, sections=set(sections))
    _record(session, item, "contributor added", account_id=account_id, now=now)
    return contributor_id


def change_contributor(
    session: Session,
    item: ReturnItem,
    *,
    contributor_id: str,
    name: str,
    post: str,
    email: str,
    may_sign: bool,
    sections: Collection[str],
    known: Collection[str],
    account_id: str,
    now: datetime,
) -> None:
    """Changes what is known of a contributor and what they share. Raises InvalidContributor."""
    entries = _checked(name, post, email, may_sign, sections, known)
    found = returns_people.get_contributor(
        session, return_id=item.id, contributor_id=contributor_id
    )
    returns_people.change_contributor(
        session,
        contributor_id=found.id,
        name=entries[0],
        post=entries[1],
        email=entries[2],
        may_sign=may_sign,
    )
    returns_people.set_shares(session, contributor_id=found.id, sections=set(sections))
    _record(session, item, "contributor changed", account_id=account_id, now=now)


def _checked(
    name: str,
    post: str,
    email: str,
    may_sign: bool,
    sections: Collection[str],
    known: Collection[str],
) -> tuple[str, str, str]:
    name, post, email = name.strip(), post.strip(), email.strip().lower()
    if not name:
        raise InvalidContributor("name", "Enter the contributor’s name")
    for field, text in (("name", name), ("post", post)):
        if len(text) > LONGEST_NAME:
            raise InvalidContributor(field, f"Shorten this to {LONGEST_NAME} characters or fewer")
    if email and (not _EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL):
        raise InvalidContributor(
            "email", "Enter an e-mail address such as name@example.org, or leave this empty"
        )
    if not set(sections) <= set(known):
        raise InvalidContributor("sections", "Select from the sections shown")
    if not sections and not may_sign:
        raise InvalidContributor("sections", "Select at least one section to share")
    return name, post, email


def send_link(
    session: Session, item: ReturnItem, *, contributor_id: str, writer: Writer, now: datetime
) -> bool:
    """Puts an e-mail with the contributor's link in the outbox; False without an address.

    Asked twice within the same minute it is sent once.
    """
    found = returns_people.get_contributor(
        session, return_id=item.id, contributor_id=contributor_id
    )
    if not found.email or found.ended_at is not None:
        return False
    outbox.put(
        session,
        kind=MailKind.RETURN_CONTRIBUTOR,
        to=found.email,
        key=f"return-contributor:{found.id}:{found.generation}:{now:%Y-%m-%dT%H:%M}",
        now=now,
        facts={
            "return": item.id,
            "contributor": found.id,
            "agency": item.agency,
            "name": found.name,
            "by": writer.name,
        },
    )
    return True


def renew_link(
    session: Session, item: ReturnItem, *, contributor_id: str, account_id: str, now: datetime
) -> None:
    """Makes a contributor's link useless and another one good."""
    found = returns_people.get_contributor(
        session, return_id=item.id, contributor_id=contributor_id
    )
    returns_people.renew_link(session, contributor_id=found.id)
    _record(session, item, "link replaced", account_id=account_id, now=now)


def set_ended(
    session: Session,
    item: ReturnItem,
    *,
    contributor_id: str,
    ended: bool,
    account_id: str,
    now: datetime,
) -> None:
    """Ends a contributor's part, or lets them back in. What they wrote stays."""
    found = returns_people.get_contributor(
        session, return_id=item.id, contributor_id=contributor_id
    )
    if (found.ended_at is not None) == ended:
        return
    returns_people.end_contributor(session, contributor_id=found.id, now=now if ended else None)
    what = "contributor ended" if ended else "contributor let back in"
    _record(session, item, what, account_id=account_id, now=now)


def _record(
    session: Session, item: ReturnItem, what: str, *, account_id: str, now: datetime
) -> None:
    for council_id in sorted({round_.council_id for round_ in item.rounds}):
        audit.record(
            session,
            action=AuditAction.RETURN_SHARED,
            at=now,
            account_id=account_id,
            council_id=council_id,
            detail={"what": what, "agency": item.agency, "bank": item.bank_id},
        )
