"""All models, so that importing this module completes the metadata."""

from survey.data.models.accounts import Account, AuditEvent, FailedAttempt, Membership, Role
from survey.data.models.answers import Answer, Comment, CommentState, Draft, Participation, Response
from survey.data.models.comparing import (
    CircumstanceNote,
    ComparedPair,
    ComparedRound,
    PublishedRound,
    PublishedTotal,
    SharingConsent,
    StoredBenchmark,
    StoredComparison,
    WordingDecision,
)
from survey.data.models.councils import Agency, Council
from survey.data.models.findings import ReadingDecision, Snapshot
from survey.data.models.invited import Invitation, InvitedAgency, InvitedNumber
from survey.data.models.ledger import HandedOutFile, Release
from survey.data.models.rounds import Review, Round, RoundEvent, RoundEventKind

__all__ = [
    "Account",
    "Agency",
    "Answer",
    "AuditEvent",
    "CircumstanceNote",
    "Comment",
    "CommentState",
    "ComparedPair",
    "ComparedRound",
    "Council",
    "Draft",
    "FailedAttempt",
    "HandedOutFile",
    "Invitation",
    "InvitedAgency",
    "InvitedNumber",
    "Membership",
    "Participation",
    "PublishedRound",
    "PublishedTotal",
    "ReadingDecision",
    "Release",
    "Response",
    "Review",
    "Role",
    "Round",
    "RoundEvent",
    "RoundEventKind",
    "SharingConsent",
    "Snapshot",
    "StoredBenchmark",
    "StoredComparison",
    "WordingDecision",
]
