"""Writing to people invited: their links, texts of the round's own, stopping, sending again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import mail_values, outbox
from survey.actions.mail_texts import MailText, default_text, text_problems
from survey.actions.outbox import MailKind, NewMessage
from survey.actions.reminding import require_live
from survey.data import mail_context, message_log, reminders
from survey.data.audit import AuditAction, record_of_round
from survey.data.message_states import MessageState
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotAllowedNow, NotFound, SurveyError

AGAIN = frozenset({MessageState.FAILED, MessageState.BOUNCED, MessageState.UNSURE})
"""What may be sent again by hand."""


class InvalidText(SurveyError):
    """A text cannot be used; every fault as (field, message)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(message for _, message in problems))


def send_invitations(
    session: Session, found: RoundOfCouncil, *, account_id: str | None, now: datetime
) -> int:
    """Puts their link in the outbox for everybody who has an address and was not sent it yet.

    Returns how many. Asked twice, the second time finds nobody. Raises NotAllowedNow where the
    round is not launched, or is over.
    """
    require_live(found, now)
    put = outbox.put_many(
        session,
        new=[
            NewMessage(
                kind=MailKind.INVITATION,
                to=reader.email,
                key=reader.invitation_key,
                council_id=found.council.id,
                round_id=found.round.id,
                invitation_id=reader.invitation_id,
            )
            for reader in reminders.list_to_invite(session, round_id=found.round.id)
        ],
        now=now,
    )
    if put:
        record_of_round(session, found, AuditAction.INVITATIONS_PUT, account_id, now, messages=put)
    return put


def set_text(
    session: Session,
    found: RoundOfCouncil,
    *,
    kind: MailKind,
    text: MailText,
    account_id: str | None,
    now: datetime,
) -> None:
    """Gives the round a text of its own. Raises InvalidText with every fault.

    Written like the text that Signpost brings, the round has none of its own.
    """
    _require_editable(kind)
    problems = text_problems(
        text,
        allowed=mail_values.names_of(kind),
        required=mail_values.required_of(kind),
    )
    if problems:
        raise InvalidText(problems)
    if text == default_text(kind):
        reset_text(session, found, kind=kind, account_id=account_id, now=now)
        return
    mail_context.set_own_text(
        session,
        round_id=found.round.id,
        kind=kind,
        subject=text.subject,
        body=text.body,
        now=now,
    )
    record_of_round(
        session, found, AuditAction.MESSAGE_TEXT_CHANGED, account_id, now, kind=kind.value
    )


def reset_text(
    session: Session,
    found: RoundOfCouncil,
    *,
    kind: MailKind,
    account_id: str | None,
    now: datetime,
) -> None:
    """Goes back to the text that Signpost brings."""
    _require_editable(kind)
    if mail_context.delete_own_text(session, round_id=found.round.id, kind=kind):
        record_of_round(
            session, found, AuditAction.MESSAGE_TEXT_RESET, account_id, now, kind=kind.value
        )


def _require_editable(kind: MailKind) -> None:
    if kind not in mail_values.EDITABLE:
        raise NotFound("There is no such text.")


def stop_reminders(
    session: Session,
    found: RoundOfCouncil,
    *,
    invitation_id: str,
    stopped: bool,
    account_id: str | None,
    now: datetime,
) -> None:
    """Stops reminders to one person, or lets them go on. Raises NotFound outside the round."""
    invitation = message_log.find_invitation(
        session, round_id=found.round.id, invitation_id=invitation_id
    )
    if invitation is None:
        raise NotFound("There is no such person in this round.")
    if (invitation.reminders_stopped_at_utc is not None) == stopped:
        return
    invitation.reminders_stopped_at_utc = now if stopped else None
    action = AuditAction.REMINDERS_STOPPED if stopped else AuditAction.REMINDERS_ALLOWED
    record_of_round(session, found, action, account_id, now)


def send_again(
    session: Session,
    found: RoundOfCouncil,
    *,
    message_id: str,
    account_id: str | None,
    now: datetime,
) -> bool:
    """Sends a message that failed, bounced, or may not have arrived, once more.

    To the address the person has now. False where that was done already. Raises NotFound for a
    message of another round, and NotAllowedNow where there is nothing to send again.
    """
    message = message_log.get_message(
        session, round_id=found.round.id, message_id=message_id, now=now
    )
    if message.state is MessageState.REPLACED:
        return False
    if message.state not in AGAIN:
        raise NotAllowedNow("Only a message that failed or may not have arrived is sent again.")
    put = outbox.put(
        session,
        kind=message.kind,
        to=message.email_now or message.to,
        key=f"again:{message.id}",
        now=now,
        council_id=found.council.id,
        round_id=found.round.id,
        invitation_id=message.invitation_id,
        facts=message.facts,
    )
    message_log.set_replaced(session, message_id=message.id, now=now)
    if put:
        record_of_round(session, found, AuditAction.MESSAGE_SENT_AGAIN, account_id, now)
    return put


def mark_bounced(
    session: Session,
    found: RoundOfCouncil,
    *,
    message_id: str,
    account_id: str | None,
    now: datetime,
) -> None:
    """Notes that a message came back, as a manager saw in their own mailbox.

    The address gets no reminders from then on. Raises NotFound for a message of another round,
    and NotAllowedNow for one that was not sent.
    """
    message = message_log.get_message(
        session, round_id=found.round.id, message_id=message_id, now=now
    )
    if message.state is MessageState.BOUNCED:
        return
    if message.state not in {MessageState.SENT, MessageState.UNSURE}:
        raise NotAllowedNow("Only a message that was sent can have come back.")
    message_log.set_bounced(session, message_id=message.id, now=now)
    record_of_round(session, found, AuditAction.MESSAGE_BOUNCED, account_id, now)


def put_test(
    session: Session, found: RoundOfCouncil, *, to: str, account_id: str, now: datetime
) -> bool:
    """Puts a message to oneself in the outbox, to see whether mail arrives; one in a minute."""
    return outbox.put(
        session,
        kind=MailKind.TEST,
        to=to,
        key=f"test:{account_id}:{now:%Y-%m-%dT%H:%M}",
        now=now,
        council_id=found.council.id,
        account_id=account_id,
    )
