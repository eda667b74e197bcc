"""What people say to a reading, and what leaves as a file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from analysis.result import Reading, Summary, Verdict
from survey.actions.closing import REVIEW_TEAM
from survey.data import audit, decisions, ledger, rounds
from survey.data.audit import AuditAction
from survey.data.decisions import DecisionRow
from survey.data.snapshots import SnapshotRef
from survey.errors import NotFound, SurveyError

OVERRULING = (
    Verdict.STRENGTH,
    Verdict.CONSIDERATION,
    Verdict.MIXED,
    Verdict.DONT_KNOW,
    Verdict.TOO_FEW,
)
"""What a manager may put in place of the rule's reading."""


class ReasonNeeded(SurveyError):
    """A reading cannot be overruled without saying why."""


class DecisionConflict(SurveyError):
    """Somebody else decided on the same reading after the page was opened."""

    def __init__(self, current: DecisionRow | None) -> None:
        self.current = current
        super().__init__("Somebody else has decided on this reading in the meantime.")


def get_reading(summary: Summary, subject: str) -> tuple[str, Reading]:
    """The title and the rule's reading of a topic or a question. Raises NotFound for any other."""
    for signpost in summary.signposts:
        for topic in signpost.topics:
            if topic.code == subject:
                return topic.title, topic.reading
    question = summary.questions().get(subject)
    if question is None or question.reading is None:
        raise NotFound("There is no such topic or question in these findings.")
    return question.text, question.reading


def decide(
    session: Session,
    *,
    round_id: str,
    slug: str,
    snapshot: SnapshotRef,
    subject: str,
    reading: Reading,
    verdict: Verdict | None,
    reason: str,
    note: str,
    seen: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Adds a decision on a topic's or question's reading. `verdict` None keeps the rule's reading,
    and so does the rule's own verdict. `seen` is the id of the decision shown when the form was
    opened, "" where there was none.

    Raises ReasonNeeded, and DecisionConflict with the decision made in the meantime.
    """
    chosen = None if verdict is reading.verdict else verdict
    if chosen is not None and not reason.strip():
        raise ReasonNeeded("Say why you read it differently.")
    rounds.lock_for_change(session, round_id=round_id)
    made = decisions.list_decisions(session, round_id=round_id, subject=subject)
    current = made[0] if made else None
    if (current.id if current else "") != seen:
        raise DecisionConflict(current)
    decisions.add_decision(
        session,
        round_id=round_id,
        snapshot_id=snapshot.id,
        subject=subject,
        rule_verdict=reading.verdict,
        verdict=chosen,
        reason=reason.strip() if chosen is not None else "",
        note=note.strip(),
        account_id=account_id,
        at=now,
    )
    audit.record(
        session,
        action=AuditAction.READING_DECIDED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": slug, "subject": subject},
    )


def record_export(
    session: Session,
    *,
    slug: str,
    snapshot: SnapshotRef,
    file_format: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Puts on record that a file was made and by whom, and enters it in the release ledger."""
    ledger.add_file(
        session,
        snapshot_id=snapshot.id,
        audience=REVIEW_TEAM,
        file_format=file_format,
        account_id=account_id,
        at=now,
    )
    audit.record(
        session,
        action=AuditAction.EXPORTED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": slug, "snapshot": snapshot.number, "format": file_format},
    )
