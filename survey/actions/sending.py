"""Sending what is in the outbox: each message once, or reported as perhaps sent.

A claim is committed before anything is handed over, and the outcome after it. Whoever is killed
in between leaves a claim without an outcome. Such a message may have been sent, so it is never
sent again by itself: it is listed, and a person decides. Where the provider can be asked whether
it has the message, that is done instead.

Unlike other actions these commit by themselves, since what must be on record before a mail server
is spoken to cannot wait for the caller.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from survey import clock
from survey.actions import mail_values
from survey.actions.mail_links import Doors
from survey.actions.mail_texts import FaultyText, MailText, as_html, default_text, fill
from survey.data import mail_context, outbox
from survey.data.base import new_id
from survey.data.engine import READ_ONLY
from survey.data.message_states import UNSURE_AFTER
from survey.data.models import MailKind
from survey.data.outbox import Claimed
from survey.mailing.notify import Fate, NotifyPost
from survey.mailing.post import Letter, MaybeSent, NoServer, NotNow, Post, PostError, Refused
from survey.mailing.smtp import SmtpPost
from survey.settings import MailSettings, MailWay

log = logging.getLogger(__name__)

BACK_OFF = (1, 5, 30, 120, 360, 720)
"""Minutes from one try to the next. After as many as these, about 20 hours, it is given up."""

AT_ONCE = 200
ASK_FOR = timedelta(days=7)
PLATFORM = "Signpost"


class Outcome(StrEnum):
    """How one try to send one message ended."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    BOUNCED = "bounced"
    DROPPED = "dropped"
    MAYBE_SENT = "maybe sent"
    NO_SERVER = "no server"


@dataclass(frozen=True)
class Way:
    """How this installation sends. `post` is None where messages are kept and shown instead."""

    post: Post | None
    doors: Doors


def way_of(settings: MailSettings, doors: Doors) -> Way | None:
    """The way the settings choose; None where messages are to wait."""
    match settings.way:
        case MailWay.NONE:
            return None
        case MailWay.LOCAL:
            return Way(None, doors)
        case MailWay.SMTP:
            return Way(SmtpPost(settings), doors)
        case MailWay.NOTIFY:
            return Way(NotifyPost(settings), doors)


def send_due(
    session: Session,
    *,
    way: Way,
    is_stopping: Callable[[], bool] = lambda: False,
    most: int = AT_ONCE,
) -> Counter[Outcome]:
    """Sends up to `most` of the messages that are due; returns how many ended how.

    A server that is away costs every message that is due one try, not just the one at its head.
    """
    ended: Counter[Outcome] = Counter()
    with _reading(session):
        due = outbox.list_due(session, now=clock.now(), limit=most)
    if not due:
        return ended
    try:
        if way.post is None:
            _send_each(session, due, way=way, is_stopping=is_stopping, ended=ended)
        else:
            with way.post:
                _send_each(session, due, way=way, is_stopping=is_stopping, ended=ended)
    except NoServer as error:
        log.warning("No mail server: %s.", error.code)
        ended[Outcome.NO_SERVER] += _postpone_all(session, error.code)
    return ended


def _send_each(
    session: Session,
    due: list[str],
    *,
    way: Way,
    is_stopping: Callable[[], bool],
    ended: Counter[Outcome],
) -> None:
    for message_id in due:
        if is_stopping():
            return
        claim = new_id()
        message = outbox.claim_message(session, message_id=message_id, claim=claim, now=clock.now())
        session.commit()
        if message is not None:
            ended[_send_one(session, message, claim, way)] += 1


def _send_one(session: Session, message: Claimed, claim: str, way: Way) -> Outcome:
    """Sends one claimed message and writes what became of it. Raises NoServer."""

    def settle(outcome: Outcome, **values: datetime | str | None) -> Outcome:
        outbox.settle(session, message_id=message.id, claim=claim, outcome=values)
        session.commit()
        return outcome

    def give_back(error: PostError) -> Outcome:
        wait = _wait(message.attempts)
        again = {} if wait is None else {"send_after_utc": clock.now() + wait}
        failed = {"failed_at_utc": clock.now()} if wait is None else {}
        return settle(
            Outcome.FAILED if wait is None else Outcome.LATER,
            claim=None,
            claimed_at_utc=None,
            last_error=error.code,
            **again,
            **failed,
        )

    try:
        with _reading(session):
            letter = _letter(session, message, way.doors)
    except FaultyText:
        return settle(Outcome.FAILED, failed_at_utc=clock.now(), last_error="cannot be filled in")
    except Exception as error:  # one message that cannot be made must not hold up the others
        log.exception("A message of the kind %s cannot be made.", message.kind)
        session.rollback()
        return settle(
            Outcome.FAILED,
            failed_at_utc=clock.now(),
            last_error=f"cannot be filled in: {type(error).__name__}",
        )
    if letter is None:
        return settle(Outcome.DROPPED, dropped_at_utc=clock.now())
    if way.post is None:
        outbox.add_local(session, message_id=message.id, subject=letter.subject, body=letter.body)
        return settle(Outcome.SENT, sent_at_utc=clock.now(), last_error="")
    try:
        provider_id = way.post.deliver(letter)
    except NotNow as error:
        return give_back(error)
    except NoServer as error:
        give_back(error)
        raise
    except Refused as error:
        if error.address:
            return settle(Outcome.BOUNCED, bounced_at_utc=clock.now(), last_error=error.code)
        return settle(Outcome.FAILED, failed_at_utc=clock.now(), last_error=error.code)
    except MaybeSent as error:
        return settle(Outcome.MAYBE_SENT, last_error=error.code)
    return settle(
        Outcome.SENT, sent_at_utc=clock.now(), provider_id=provider_id or None, last_error=""
    )


def _wait(attempts: int) -> timedelta | None:
    """How long to wait after so many tries; None when there have been enough."""
    return timedelta(minutes=BACK_OFF[attempts - 1]) if attempts <= len(BACK_OFF) else None


def _postpone_all(session: Session, code: str) -> int:
    """Counts a try for all that is due; those tried often enough are given up."""
    now, postponed = clock.now(), 0
    for before in outbox.list_attempts_due(session, now=now):
        wait = _wait(before + 1)
        postponed += outbox.postpone(
            session,
            attempts=before,
            now=now,
            error=code,
            send_after=None if wait is None else now + wait,
        )
    session.commit()
    return postponed


def _letter(session: Session, message: Claimed, doors: Doors) -> Letter | None:
    """The message as its reader gets it; None when it is needed no longer. Raises FaultyText."""
    now = clock.now()
    about = mail_values.read_about(session, message)
    if not mail_values.is_needed(message, about, now=now):
        return None
    values = mail_values.values_of(session, message, about, doors=doors, now=now)
    if values is None:
        return None
    text = fill(text_of(session, message.kind, round_id=message.round_id), values)
    return Letter(
        id=message.id,
        to=message.to,
        sender_name=str(values.get("council") or PLATFORM),
        reply_to=mail_values.email_in(str(values.get("contact", ""))),
        subject=text.subject,
        body=text.body,
        html=as_html(text),
    )


def text_of(session: Session, kind: MailKind, *, round_id: str | None) -> MailText:
    """The text for messages of a kind: the round's own, or else the one Signpost brings."""
    if round_id is not None:
        own = mail_context.find_own_text(session, round_id=round_id, kind=kind)
        if own is not None:
            return MailText(*own)
    return default_text(kind)


def ask_what_became(session: Session, *, post: NotifyPost, now: datetime) -> Counter[Fate]:
    """Asks the provider about messages it took, and about those that it may have taken.

    One that it does not know after all is free to be sent again. Ends at the first question that
    is not answered; the next time goes on.
    """
    told: Counter[Fate] = Counter()
    with _reading(session):
        handed = outbox.list_to_ask_about(session, since=now - ASK_FOR, limit=AT_ONCE)
        unsure = outbox.list_unsure(session, before=now - UNSURE_AFTER, limit=AT_ONCE)
    try:
        for message_id in unsure:
            provider_id = post.find(message_id)
            outbox.resolve(session, message_id=message_id, provider_id=provider_id, now=now)
            session.commit()
        for one in handed:
            fate = post.fate(one.provider_id)
            told[fate] += 1
            outbox.set_fate(session, message_id=one.id, fate=_FATE_COLUMNS[fate](now))
            session.commit()
    except NoServer as error:
        log.warning("Could not ask what became of messages: %s.", error.code)
    return told


_FATE_COLUMNS: dict[Fate, Callable[[datetime], dict[str, datetime | str | None]]] = {
    Fate.UNDER_WAY: lambda now: {"last_attempt_at_utc": now},
    Fate.DELIVERED: lambda now: {"delivered_at_utc": now},
    Fate.NO_SUCH_ADDRESS: lambda now: {"bounced_at_utc": now, "last_error": "notify bounced"},
    Fate.NOT_DELIVERED: lambda now: {"failed_at_utc": now, "last_error": "notify gave up"},
}


@contextmanager
def _reading(session: Session) -> Iterator[None]:
    """A transaction that only reads, and is over before anything is sent."""
    session.rollback()
    token = READ_ONLY.set(True)
    try:
        yield
    finally:
        session.rollback()
        READ_ONLY.reset(token)
