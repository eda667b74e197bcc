"""The record of who did what. It never holds an answer, a comment or a respondent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from survey.data.models import Account, AuditEvent, Council
from survey.data.rounds import RoundOfCouncil


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
    ROUND_COPIED = "round_copied"
    ROUND_CHANGED = "round_changed"
    ROUND_LAUNCHED = "round_launched"
    ROUND_EXTENDED = "round_extended"
    ROUND_CLOSED = "round_closed"
    ROUND_REOPENED = "round_reopened"
    ROUND_WITHDRAWN = "round_withdrawn"
    ROUND_DELETED = "round_deleted"
    SNAPSHOT_MADE = "snapshot_made"
    READING_DECIDED = "reading_decided"
    EXPORTED = "exported"
    COVERAGE_EXPORTED = "coverage_exported"
    AGENCY_ADDED = "agency_added"
    AGENCY_CHANGED = "agency_changed"
    AGENCY_REMOVED = "agency_removed"
    ROUND_AGENCIES_ADDED = "round_agencies_added"
    ROUND_AGENCY_CHANGED = "round_agency_changed"
    ROUND_AGENCY_REMOVED = "round_agency_removed"
    SECTORS_EXPECTED = "sectors_expected"
    BRIEFING_RECORDED = "briefing_recorded"
    BRIEFING_REMOVED = "briefing_removed"
    LOOK_CHANGED = "look_changed"
    INVITATIONS_MADE = "invitations_made"
    INVITATION_REVOKED = "invitation_revoked"
    INVITATION_REPLACED = "invitation_replaced"
    INVITATION_CHANGED = "invitation_changed"
    LINK_SHOWN = "link_shown"
    LINKS_LISTED = "links_listed"
    LETTERS_MADE = "letters_made"
    OPEN_LINKS_MADE = "open_links_made"
    OPEN_LINKS_SENT = "open_links_sent"
    OPEN_LINK_REPLACED = "open_link_replaced"
    OPEN_LINK_WITHDRAWN = "open_link_withdrawn"
    RESPONSE_ENTERED = "response_entered"
    INVITATIONS_DELETED = "invitations_deleted"
    DRAFT_DELETED = "draft_deleted"
    PERSONAL_DATA_SHOWN = "personal_data_shown"
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
    INVITATIONS_PUT = "invitations_put"
    REMINDERS_PUT = "reminders_put"
    REMINDER_PLANNED = "reminder_planned"
    REMINDER_TAKEN_OUT = "reminder_taken_out"
    REMINDERS_STOPPED = "reminders_stopped"
    REMINDERS_ALLOWED = "reminders_allowed"
    MESSAGE_TEXT_CHANGED = "message_text_changed"
    MESSAGE_TEXT_RESET = "message_text_reset"
    MESSAGE_SENT_AGAIN = "message_sent_again"
    MESSAGE_BOUNCED = "message_bounced"
    RETURN_STARTED = "return_started"
    RETURN_CHANGED = "return_changed"
    RETURN_SHARED = "return_shared"
    RETURN_SUBMITTED = "return_submitted"
    RETURN_SIGNED = "return_signed"
    RETURN_SENT_BACK = "return_sent_back"
    RETURN_JOINED = "return_joined"
    RETURN_MODERATED = "return_moderated"
    RETURN_EXTENSION_ASKED = "return_extension_asked"
    RETURN_EXTENSION_DECIDED = "return_extension_decided"
    RETURN_CARRIED = "return_carried"
    EVIDENCE_ADDED = "evidence_added"
    EVIDENCE_REMOVED = "evidence_removed"
    EVIDENCE_OPENED = "evidence_opened"


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


def record_of_round(
    session: Session,
    found: RoundOfCouncil,
    action: AuditAction,
    account_id: str | None,
    at: datetime,
    **detail: str | int,
) -> None:
    """Adds one event of a round, named by its slug."""
    record(
        session,
        action=action,
        at=at,
        account_id=account_id,
        council_id=found.council.id,
        detail={"round": found.round.slug, **detail},
    )


@dataclass(frozen=True)
class EventFilter:
    """Which events are asked for; None means whatever. `until` is left out itself."""

    council_id: str | None = None
    account_id: str | None = None
    action: AuditAction | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Event:
    """One event with the names of who did it ("" for a command), for which council, to whom."""

    at: datetime
    action: str
    who: str
    council: str
    person: str
    detail: dict[str, str | int]


def _conditions(asked: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.council_id is not None:
        found.append(AuditEvent.council_id == asked.council_id)
    if asked.account_id is not None:
        found.append(AuditEvent.account_id == asked.account_id)
    if asked.action is not None:
        found.append(AuditEvent.action == asked.action)
    if asked.since is not None:
        found.append(AuditEvent.at_utc >= asked.since)
    if asked.until is not None:
        found.append(AuditEvent.at_utc < asked.until)
    return found


def count_events(session: Session, *, asked: EventFilter) -> int:
    """How many events there are of that kind."""
    found = select(func.count()).select_from(AuditEvent).where(*_conditions(asked))
    return int(session.scalar(found) or 0)


def list_events(
    session: Session, *, asked: EventFilter, offset: int = 0, limit: int | None = None
) -> list[Event]:
    """Events of that kind, the newest first."""
    rows = session.execute(
        _with_names(asked)
        .order_by(AuditEvent.at_utc.desc(), AuditEvent.id)
        .offset(offset)
        .limit(limit)
    ).all()
    about = {str(row.detail["person"]) for row in rows if "person" in row.detail}
    names = _names(session, about)
    return [
        Event(
            at=row.at_utc,
            action=row.action,
            who=row.who or "",
            council=row.council or "",
            person=names.get(str(row.detail.get("person", "")), ""),
            detail={key: value for key, value in row.detail.items() if key != "person"},
        )
        for row in rows
    ]


def _with_names(asked: EventFilter) -> Select[*tuple[object, ...]]:
    return (
        select(
            AuditEvent.at_utc,
            AuditEvent.action,
            AuditEvent.detail,
            Account.name.label("who"),
            Council.name.label("council"),
        )
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .outerjoin(Council, Council.id == AuditEvent.council_id)
        .where(*_conditions(asked))
    )


MOST_AT_ONCE = 500
"""Some databases take no more than about a thousand values in one statement."""


def _names(session: Session, account_ids: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _parts(sorted(account_ids)):
        rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(some)))
        found |= {row.id: row.name for row in rows}
    return found


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), MOST_AT_ONCE):
        yield ids[start : start + MOST_AT_ONCE]


def list_actors(session: Session) -> list[tuple[str, str]]:
    """Id and name of everybody who did something that is on record, by name."""
    rows = session.execute(
        select(Account.id, Account.name)
        .where(Account.id.in_(select(AuditEvent.account_id)))
        .order_by(Account.name, Account.id)
    )
    return [(id_, name) for id_, name in rows]
