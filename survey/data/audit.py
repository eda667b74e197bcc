"""The record of who did what. It never holds an answer, a comment or a respondent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from survey.data.models import AuditEvent


class AuditAction(StrEnum):
    """What is put on record."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_SET = "password_set"  # noqa: S105  # the name of an event, not a password
    PASSWORD_LINK_ASKED = "password_link_asked"  # noqa: S105  # the name of an event
    SECOND_FACTOR_SET_UP = "second_factor_set_up"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    IDENTITY_LINKED = "identity_linked"
    ACCOUNT_INVITED = "account_invited"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    ACCOUNT_REACTIVATED = "account_reactivated"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    COUNCIL_ADDED = "council_added"
    PROGRAMME_ADDED = "programme_added"
    PROGRAMME_CHANGED = "programme_changed"
    TEAM_MEMBER_ADDED = "team_member_added"
    TEAM_MEMBER_CHANGED = "team_member_changed"
    TEAM_MEMBER_REMOVED = "team_member_removed"
    RECORD_EXPORTED = "record_exported"
    COMMENT_RELEASED = "comment_released"
    COMMENT_WITHHELD = "comment_withheld"
    COMMENT_UNDONE = "comment_undone"
    COMMENT_CHECKED = "comment_checked"
    ROUND_CREATED = "round_created"
    ROUND_EXTENDED = "round_extended"
    ROUND_CLOSED = "round_closed"
    ROUND_REOPENED = "round_reopened"
    ROUND_WITHDRAWN = "round_withdrawn"
    ROUND_DELETED = "round_deleted"
    SNAPSHOT_MADE = "snapshot_made"
    READING_DECIDED = "reading_decided"
    EXPORTED = "exported"
    INVITATIONS_MADE = "invitations_made"
    INVITATION_REVOKED = "invitation_revoked"
    INVITATIONS_DELETED = "invitations_deleted"
    DRAFT_DELETED = "draft_deleted"
    PERSONAL_DATA_EXPORTED = "personal_data_exported"
    PERSONAL_DATA_ERASED = "personal_data_erased"
    RESPONSES_IMPORTED = "responses_imported"
    PUBLISHED_IMPORTED = "published_imported"
    PUBLISHED_REMOVED = "published_removed"
    COMPARED = "compared"
    WORDING_DECIDED = "wording_decided"
    CIRCUMSTANCE_NOTED = "circumstance_noted"
    CIRCUMSTANCE_TAKEN_BACK = "circumstance_taken_back"
    SHARING_AGREED = "sharing_agreed"
    SHARING_WITHDRAWN = "sharing_withdrawn"
    BENCHMARKED = "benchmarked"
    RETURN_STARTED = "return_started"
    RETURN_CHANGED = "return_changed"
    RETURN_SHARED = "return_shared"
    RETURN_SUBMITTED = "return_submitted"
    RETURN_SIGNED = "return_signed"
    RETURN_SENT_BACK = "return_sent_back"


def record(
    session: Session,
    *,
    action: AuditAction,
    at: datetime,
    account_id: str | None = None,
    council_id: str | None = None,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Adds one event. `detail` holds names of rounds, formats and counts only."""
    session.add(
        AuditEvent(
            action=action,
            at_utc=at,
            account_id=account_id,
            council_id=council_id,
            detail=dict(detail or {}),
        )
    )
    session.flush()
