"""Sending a return for sign-off, signing it, recording a signature from elsewhere, giving it back.

Whoever sends a return for sign-off does not sign it here: two people stand behind it. Where an
agency has one lead only, its senior officer signs by a link of their own or outside the system.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.actions import outbox
from survey.actions.outbox import MailKind
from survey.actions.returns import load
from survey.actions.returns_missing import Missing, list_missing
from survey.actions.returns_rules import Writer
from survey.data import audit, returns, returns_people, returns_versions
from survey.data.audit import AuditAction
from survey.data.returns import ReturnEventKind, ReturnItem, ReturnState
from survey.errors import NotAllowedNow, SurveyError

LONDON = ZoneInfo("Europe/London")
LONGEST_REASON = 4000
LONGEST_NAME = 200


class NotReady(NotAllowedNow):
    """A return lacks something, so it cannot be sent for sign-off; `missing` says what."""

    def __init__(self, missing: list[Missing]) -> None:
        self.missing = missing
        super().__init__("Some parts of this return are missing.")


class InvalidSignature(SurveyError):
    """A signature cannot be taken like this; `field` says which entry is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def missing_of(session: Session, item: ReturnItem) -> list[Missing]:
    """What the return lacks now, in the order of its pages."""
    answered = load(session, item)
    held = returns_versions.list_held(session, return_id=item.id)
    return list_missing(
        answered.sections,
        answers={part.round_id: answered.answers(part.round_id) for part in answered.parts},
        held={(one.round_id, one.question) for one in held},
        carried={key for key, one in answered.newest.items() if one.carried_from is not None},
    )


def submit(session: Session, item: ReturnItem, *, writer: Writer, now: datetime) -> None:
    """Sends a return for sign-off: nobody writes in it from now on, and signers are told.

    Raises NotReady with what is missing, and NotAllowedNow where its time is over. Sent already:
    nothing happens.
    """
    held = returns.lock_return(session, return_id=item.id)
    if held.state is not ReturnState.WRITING:
        return
    if not held.may_be_written(now):
        raise NotAllowedNow("The time for this return is over.")
    missing = missing_of(session, held)
    if missing:
        raise NotReady(missing)
    _event(session, held, ReturnEventKind.SUBMITTED, writer=writer, now=now)
    _tell(session, held, kind=MailKind.RETURN_READY_TO_SIGN, writer=writer, now=now)
    _record(session, held, AuditAction.RETURN_SUBMITTED, writer=writer, now=now)


def may_sign(item: ReturnItem, *, writer: Writer) -> bool:
    """Whether this person may sign: the return waits for it, and another sent it."""
    last = item.last_event
    if item.state is not ReturnState.SUBMITTED:
        return False
    by = (last.account_id or "", last.contributor_id or "")
    return by != writer.key


def sign(
    session: Session,
    item: ReturnItem,
    *,
    writer: Writer,
    officer: str,
    post: str,
    now: datetime,
) -> None:
    """Signs a return here. The caller has checked that the writer leads the agency or may sign.

    Raises InvalidSignature without a name or a post, and NotAllowedNow where the return does not
    wait to be signed, was sent by the same person, or its rounds are closed.
    """
    _check_names(officer, post)
    held = _hold_to_sign(session, item, now=now)
    if held is None:
        return
    if not may_sign(held, writer=writer):
        raise NotAllowedNow("Somebody other than the sender signs a return.")
    _event(
        session,
        held,
        ReturnEventKind.SIGNED,
        writer=writer,
        now=now,
        officer=officer,
        post=post,
        signed_on=now.astimezone(LONDON).date(),
    )
    _record(session, held, AuditAction.RETURN_SIGNED, writer=writer, now=now)


def record_signature(
    session: Session,
    item: ReturnItem,
    *,
    writer: Writer,
    officer: str,
    post: str,
    signed_on: date | None,
    now: datetime,
) -> None:
    """Records that a named officer has signed elsewhere, on paper or by e-mail.

    Raises InvalidSignature and NotAllowedNow, as `sign` does.
    """
    _check_names(officer, post)
    if signed_on is None:
        raise InvalidSignature("signed_on", "Enter the date the officer signed")
    if signed_on > now.astimezone(LONDON).date():
        raise InvalidSignature("signed_on", "The date must be today or in the past")
    held = _hold_to_sign(session, item, now=now)
    if held is None:
        return
    _event(
        session,
        held,
        ReturnEventKind.SIGNED_ELSEWHERE,
        writer=writer,
        now=now,
        officer=officer,
        post=post,
        signed_on=signed_on,
    )
    _record(session, held, AuditAction.RETURN_SIGNED, writer=writer, now=now)


def send_back(
    session: Session, item: ReturnItem, *, writer: Writer, reason: str, now: datetime
) -> None:
    """Gives a return back to be written on, before it was signed or after, with the reason.

    The caller has checked that the writer leads the agency, may sign, or manages a round of it.
    Raises InvalidSignature without a reason, and NotAllowedNow once its rounds are closed, or
    where the return is being written already. The same reason sent twice sends it back once.
    """
    text = reason.strip()
    if not text:
        raise InvalidSignature("reason", "Enter what should be changed, and why")
    if len(text) > LONGEST_REASON:
        raise InvalidSignature(
            "reason",
            f"Shorten the reason to {LONGEST_REASON:,} characters or fewer; "
            f"it has {len(text):,} now",
        )
    held = returns.lock_return(session, return_id=item.id)
    if held.state is ReturnState.WRITING:
        last = held.last_event
        by = (last.account_id or "", last.contributor_id or "")
        if last.kind is ReturnEventKind.SENT_BACK and (last.reason, by) == (text, writer.key):
            return
        raise NotAllowedNow("This return is being written, so it cannot be sent back.")
    if not held.may_be_signed(now):
        raise NotAllowedNow("The round has been closed, so this return stays as it is.")
    _event(session, held, ReturnEventKind.SENT_BACK, writer=writer, now=now, reason=text)
    _tell(session, held, kind=MailKind.RETURN_SENT_BACK, writer=writer, now=now)
    _record(session, held, AuditAction.RETURN_SENT_BACK, writer=writer, now=now)


def _check_names(officer: str, post: str) -> None:
    for field, text, message in (
        ("officer", officer, "Enter the name of the officer who signs"),
        ("post", post, "Enter the officer’s post, such as chief constable"),
    ):
        if not text.strip():
            raise InvalidSignature(field, message)
        if len(text) > LONGEST_NAME:
            raise InvalidSignature(field, f"Shorten this to {LONGEST_NAME} characters or fewer")


def _hold_to_sign(session: Session, item: ReturnItem, *, now: datetime) -> ReturnItem | None:
    """The return, held, where it waits to be signed; None where it is signed already."""
    held = returns.lock_return(session, return_id=item.id)
    if held.state is ReturnState.SIGNED:
        return None
    if held.state is not ReturnState.SUBMITTED:
        raise NotAllowedNow("This return has not been sent for sign-off, or was sent back.")
    if not held.may_be_signed(now):
        raise NotAllowedNow("The round has been closed, so this return cannot be signed.")
    return held


def _event(
    session: Session,
    item: ReturnItem,
    kind: ReturnEventKind,
    *,
    writer: Writer,
    now: datetime,
    officer: str = "",
    post: str = "",
    signed_on: date | None = None,
    reason: str = "",
) -> None:
    returns.add_event(
        session,
        return_id=item.id,
        kind=kind,
        at=now,
        name=writer.name,
        account_id=writer.account_id,
        contributor_id=writer.contributor_id,
        officer=officer.strip(),
        post=post.strip(),
        signed_on=signed_on,
        reason=reason,
    )


def _tell(
    session: Session, item: ReturnItem, *, kind: MailKind, writer: Writer, now: datetime
) -> None:
    """Writes to the agency's other leads, and to contributors with an address whom it concerns.

    A return to be signed concerns those who may sign it; one that was sent back, all of them.
    """
    number = len(returns.list_events(session, return_id=item.id))
    facts = {"return": item.id, "agency": item.agency, "by": writer.name}
    for lead in returns_people.list_leads(session, agency_id=item.agency_id):
        if lead.id != writer.account_id:
            outbox.put(
                session,
                kind=kind,
                to=lead.email,
                key=f"{kind}:{item.id}:{number}:{lead.id}",
                now=now,
                account_id=lead.id,
                facts=facts,
            )
    everybody = kind is MailKind.RETURN_SENT_BACK
    for person in returns_people.list_contributors(session, return_id=item.id):
        reachable = person.email and person.ended_at is None and person.id != writer.contributor_id
        if reachable and (everybody or person.may_sign):
            outbox.put(
                session,
                kind=kind,
                to=person.email,
                key=f"{kind}:{item.id}:{number}:{person.id}",
                now=now,
                facts={**facts, "contributor": person.id, "name": person.name},
            )


def _record(
    session: Session, item: ReturnItem, action: AuditAction, *, writer: Writer, now: datetime
) -> None:
    for council_id in sorted({round_.council_id for round_ in item.rounds}):
        audit.record(
            session,
            action=action,
            at=now,
            account_id=writer.account_id,
            council_id=council_id,
            detail={"agency": item.agency, "bank": item.bank_id},
        )
