"""All models, so that importing this module completes the metadata."""

from survey.data.models.accounts import Account, AuditEvent, FailedAttempt, Membership, Role
from survey.data.models.answers import Answer, Comment, CommentState, Draft, Participation, Response
from survey.data.models.councils import Agency, Council
from survey.data.models.findings import ReadingDecision, Snapshot
from survey.data.models.rounds import (
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Review,
    Round,
    RoundEvent,
    RoundEventKind,
)

__all__ = [
    "Account",
    "Agency",
    "Answer",
    "AuditEvent",
    "Comment",
    "CommentState",
    "Council",
    "Draft",
    "FailedAttempt",
    "Invitation",
    "InvitedAgency",
    "InvitedNumber",
    "Membership",
    "Participation",
    "ReadingDecision",
    "Response",
    "Review",
    "Role",
    "Round",
    "RoundEvent",
    "RoundEventKind",
    "Snapshot",
]
