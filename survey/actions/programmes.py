"""Programmes: councils that somebody may lead together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions.accounts import InvalidAccount, create_council
from survey.data import audit, programmes
from survey.data.audit import AuditAction
from survey.data.models import Council


def add_council(session: Session, *, slug: str, name: str, by: str, now: datetime) -> Council:
    """Makes a council, on record. Raises InvalidAccount."""
    council = create_council(session, slug=slug, name=name)
    audit.record(
        session,
        action=AuditAction.COUNCIL_ADDED,
        at=now,
        account_id=by,
        council_id=council.id,
        detail={"what": "name", "old": "", "new": council.name},
    )
    return council


def save_programme(
    session: Session,
    *,
    programme_id: str | None,
    name: str,
    council_ids: Sequence[str],
    by: str,
    now: datetime,
) -> str:
    """Makes a programme (without an id) or changes one, on record; returns its id.

    Raises InvalidAccount where the name is missing or taken, NotFound for an unknown programme.
    """
    called = " ".join(name.split())
    if not called or len(called) > 200:
        raise InvalidAccount("A programme needs a name of 200 characters or fewer.")
    if programmes.is_name_taken(session, name=called, by_other_than=programme_id or ""):
        raise InvalidAccount("There is a programme of that name already.")
    known = {row.id: row.name for row in programmes.list_councils(session)}
    chosen = [one for one in dict.fromkeys(council_ids) if one in known]
    old_name, old = "", ""
    if programme_id is not None:
        before = programmes.get_programme(session, programme_id=programme_id)
        old_name, old = before.name, ", ".join(council for _, council in before.councils)
    new = ", ".join(sorted(known[one] for one in chosen))
    stored = programmes.put_programme(
        session, programme_id=programme_id, name=called, council_ids=chosen
    )
    is_new = programme_id is None
    action = AuditAction.PROGRAMME_ADDED if is_new else AuditAction.PROGRAMME_CHANGED
    for what, was, becomes in (("name", old_name, called), ("councils", old, new)):
        if was != becomes:
            audit.record(
                session,
                action=action,
                at=now,
                account_id=by,
                detail={"programme": called, "what": what, "old": was, "new": becomes},
            )
    return stored
