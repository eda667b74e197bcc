"""All models, so that importing this module completes the metadata."""

from survey.data.models.accounts import (
    Account,
    AuditEvent,
    ExternalIdentity,
    FailedAttempt,
    Membership,
    Programme,
    ProgrammeCouncil,
    RecoveryCode,
    Role,
    SignInSession,
    TeamMember,
)
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
from survey.data.models.mail import LocalMail, MailKind, Message, MessageText, Reminder
from survey.data.models.rounds import Review, Round, RoundEvent, RoundEventKind
from survey.data.models.watching import CommentCheck, SentInDay, WhatWasDone

__all__ = [
    "Account",
    "Agency",
    "Answer",
    "AuditEvent",
    "CircumstanceNote",
    "Comment",
    "CommentCheck",
    "CommentState",
    "ComparedPair",
    "ComparedRound",
    "Council",
    "Draft",
    "ExternalIdentity",
    "FailedAttempt",
    "HandedOutFile",
    "Invitation",
    "InvitedAgency",
    "InvitedNumber",
    "LocalMail",
    "MailKind",
    "Membership",
    "Message",
    "MessageText",
    "Participation",
    "Programme",
    "ProgrammeCouncil",
    "PublishedRound",
    "PublishedTotal",
    "ReadingDecision",
    "RecoveryCode",
    "Release",
    "Reminder",
    "Response",
    "Review",
    "Role",
    "Round",
    "RoundEvent",
    "RoundEventKind",
    "SentInDay",
    "SharingConsent",
    "SignInSession",
    "Snapshot",
    "StoredBenchmark",
    "StoredComparison",
    "TeamMember",
    "WhatWasDone",
    "WordingDecision",
]
