"""The links in messages about a return, worked out when they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from survey.actions.returns_people import contributor_secret
from survey.data import returns_people
from survey.errors import NotFound

if TYPE_CHECKING:
    from survey.actions.mail_links import Doors
    from survey.data.outbox import Claimed


def link_of(*, secret_key: str, base_url: str, public_id: str, generation: int) -> str:
    """The link of a contributor, whole."""
    secret = contributor_secret(secret_key, public_id=public_id, generation=generation)
    return f"{base_url}/return/{public_id}/{secret}"


def return_link(session: Session, message: Claimed, doors: Doors) -> str | None:
    """The contributor's own link where the message is for one, otherwise the lead's page.

    None for a contributor whose part has ended meanwhile: the message is not sent then.
    """
    return_id = str(message.facts["return"])
    contributor_id = message.facts.get("contributor")
    if contributor_id is None:
        return f"{doors.base_url}/returns/{return_id}"
    try:
        found = returns_people.get_contributor(
            session, return_id=return_id, contributor_id=str(contributor_id)
        )
    except NotFound:
        return None
    if found.ended_at is not None:
        return None
    return link_of(
        secret_key=doors.secret_key,
        base_url=doors.base_url,
        public_id=found.public_id,
        generation=found.generation,
    )
