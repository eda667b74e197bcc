"""The link of each kind of message, worked out when it is sent: no link is stored anywhere.

`LINKS` says for each kind how its link is made. A kind that is not in it has no `{link}`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from survey.actions import account_links
from survey.actions.invitations import link_and_code
from survey.actions.returns_links import return_link
from survey.actions.tokens import open_link_secret
from survey.data import mail_context, open_links
from survey.data.models import MailKind
from survey.data.outbox import Claimed


@dataclass(frozen=True)
class Doors:
    """What links are made of: the key they are derived from, and the address they begin with."""

    secret_key: str = field(repr=False)
    base_url: str


MakeLink = Callable[[Session, Claimed, Doors], str | None]


def link_for(session: Session, message: Claimed, doors: Doors) -> str | None:
    """The link a message carries; None where its kind has none, or it leads nowhere by now."""
    make = LINKS.get(message.kind)
    return None if make is None else make(session, message, doors)


def has_link(kind: MailKind) -> bool:
    """Whether messages of a kind carry a link; without one such a message is not sent."""
    return kind in LINKS


def personal_link(session: Session, message: Claimed, doors: Doors) -> str | None:
    """The link of one person's invitation, of its newest generation."""
    if message.invitation_id is None:
        return None
    person = mail_context.find_person(session, invitation_id=message.invitation_id)
    if person is None or person.is_revoked:
        return None
    link, _ = link_and_code(
        doors.secret_key,
        base_url=doors.base_url,
        public_id=person.public_id,
        generation=person.generation,
    )
    return link


def page_link(_session: Session, message: Claimed, doors: Doors) -> str | None:
    """The address of the page a message is about, for somebody who signs in to open it."""
    path = message.facts.get("path")
    return f"{doors.base_url}{path}" if isinstance(path, str) else None


def agency_link(session: Session, message: Claimed, doors: Doors) -> str | None:
    """The open link of an agency, for its contact; None once it is withdrawn or replaced."""
    open_id = str(message.facts.get("open_link", ""))
    door = open_links.find_door(session, open_id=open_id) if open_id else None
    if door is None or not door.is_open or door.generation != message.facts.get("generation"):
        return None
    secret = open_link_secret(doors.secret_key, open_id=open_id, generation=door.generation)
    return f"{doors.base_url}/join/{open_id}/{secret}"


LINKS: dict[MailKind, MakeLink] = {
    MailKind.INVITATION: personal_link,
    MailKind.REMINDER: personal_link,
    MailKind.EXTENDED: personal_link,
    MailKind.AGENCY_LINK: agency_link,
    MailKind.ACCOUNT_INVITATION: account_links.invitation_link,
    MailKind.PASSWORD_LINK: account_links.forgotten_link,
    MailKind.FLAGGED_COMMENT: page_link,
    MailKind.RETURN_EXTENSION: page_link,
    MailKind.RETURN_CONTRIBUTOR: return_link,
    MailKind.RETURN_READY_TO_SIGN: return_link,
    MailKind.RETURN_SENT_BACK: return_link,
}
