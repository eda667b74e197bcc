"""What is noticed when answers are sent in: that they were, on which day, and what needs reading.

docs/decisions/0017-days-and-what-they-could-tell.md says why no more than this is kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import outbox
from survey.actions.outbox import MailKind
from survey.clock import day_in_london
from survey.data import sent_in


def notice(session: Session, *, round_id: str, flagged: bool, now: datetime) -> None:
    """Counts answers sent in today; where a comment was flagged, tells who reads those.

    They are told at most once a day, and never what the comment says or from whom it came. Called
    last in the transaction of a submission: others who send in wait for it from here on.
    """
    today = day_in_london(now)
    sent_in.count_one(session, round_id=round_id, day=today)
    if not flagged:
        return
    reader = sent_in.get_checked_by(session, round_id=round_id)
    if reader.email:
        outbox.put(
            session,
            kind=MailKind.FLAGGED_COMMENT,
            to=reader.email,
            key=f"flagged/{round_id}/{today.isoformat()}",
            now=now,
            council_id=reader.council_id,
            round_id=round_id,
            facts={"path": f"/manage/{reader.slug}/daily"},
        )
