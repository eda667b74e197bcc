"""Who is at a return: an agency lead who is signed in, or a contributor with a link.

Both see the same pages under addresses of their own. What a contributor may open is their
sections, or all of it to read where they may sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for

from survey.actions import returns_people as sharing
from survey.actions.returns import Answered
from survey.actions.returns_path import Section
from survey.actions.returns_rules import Writer
from survey.data import returns
from survey.data.returns import ReturnItem
from survey.data.returns_people import Contributor
from survey.errors import NotFound
from survey.extensions import db
from survey.web.returns_session import current
from survey.web.sign_in import require_account


class PartEnded(Exception):
    """The contributor's part has been ended; the page says so kindly."""

    def __init__(self, contributor: Contributor, item: ReturnItem) -> None:
        self.contributor = contributor
        self.item = item
        super().__init__("This contributor's part has ended.")


@dataclass(frozen=True)
class Actor:
    """Somebody at a return. `shared` is None where every section is theirs to write."""

    item: ReturnItem
    writer: Writer
    blueprint: str
    key: Mapping[str, str] = field(default_factory=dict)
    shared: frozenset[str] | None = None
    is_lead: bool = True
    is_signer: bool = True
    ended_at: datetime | None = None

    def url(self, endpoint: str, **values: str | None) -> str:
        """The address of a page of this return, for this person."""
        return url_for(f"{self.blueprint}.{endpoint}", **self.key, **values)  # type: ignore[arg-type]  # addresses are made of text

    def may_write(self, section: str) -> bool:
        """Whether a section is theirs to write."""
        return self.shared is None or section in self.shared

    def may_read(self, section: str) -> bool:
        """Whether a section is theirs to read."""
        return self.is_signer or self.may_write(section)

    def readable(self, answered: Answered) -> tuple[Section, ...]:
        """The sections this person may read, in order."""
        return tuple(one for one in answered.sections if self.may_read(one.code))


def lead(return_id: str) -> Actor:
    """The agency lead who is signed in, at a return of theirs. Raises NotFound."""
    account = require_account()
    item = returns.get_return(db.session(), return_id=return_id, account_id=account.id)
    return Actor(
        item=item,
        writer=Writer(name=account.name, account_id=account.id),
        blueprint="returns",
        key={"return_id": return_id},
    )


def contributor(public_id: str) -> Actor:
    """The contributor whose cookie this browser holds. Raises PartEnded where that is over."""
    actor = any_contributor(public_id)
    if actor.ended_at is not None:
        raise PartEnded(current(public_id), actor.item)
    return actor


def any_contributor(public_id: str) -> Actor:
    """As `contributor`, also one whose part has ended: what they had written is kept."""
    found = current(public_id)
    item = sharing.get_item(db.session(), found)
    return Actor(
        item=item,
        writer=Writer(name=found.name, contributor_id=found.id),
        blueprint="contribute",
        key={"public_id": public_id},
        shared=found.sections,
        is_lead=False,
        is_signer=found.may_sign and found.ended_at is None,
        ended_at=found.ended_at,
    )


def require_signer(actor: Actor) -> None:
    """Refuses those who may not sign. Raises NotFound."""
    if not actor.is_signer:
        raise NotFound("There is no such page for this contributor.")
