"""Loading what the pages about messages show."""

from __future__ import annotations

from collections.abc import Mapping

from survey.actions import mail_preview, mail_values
from survey.actions.mail_texts import MailText, text_problems
from survey.actions.outbox import MailKind
from survey.actions.sending import text_of
from survey.clock import now
from survey.data import local_mail, mail_context, message_log, reminders
from survey.data.accounts import Role
from survey.data.local_mail import Reader
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_mail as presenters
from survey.web.forms import Problems
from survey.web.mail_forms import read_filter
from survey.web.presenters_mail import (
    PAGE_SIZE,
    LetterPage,
    LogPage,
    MessagesPage,
    OutboxPage,
    SendPage,
    TextPage,
    page_count,
)
from survey.web.round_pages import page_asked
from survey.web.sign_in import require_account, settings

FILTERS = ("kind", "state", "words", "page")

DONE = {
    "planned": "The reminder is planned.",
    "taken-out": "The reminder is out of the plan.",
    "text-save": "The text is saved.",
    "text-reset": "The text is again the one Signpost brings.",
    "again": "The message will be sent again.",
    "came-back": "It is noted that the message came back. The address gets no reminders.",
    "stop": "This person gets no more reminders.",
    "allow": "This person gets reminders again.",
    "test": "A test message is on its way to you. It should arrive within a minute.",
}


def done(asked: Mapping[str, str]) -> str:
    """What has just been done, by the address; "" for nothing."""
    what, put = asked.get("done", ""), asked.get("put", "")
    if what in {"invitations", "reminders"} and put.isdecimal() and len(put) <= 7:
        return presenters.put_words(what, int(put), way=settings().mail.way)
    return DONE.get(what, "")


def messages_page(
    item: RoundOfCouncil, *, problems: Problems = (), typed_days: str = ""
) -> MessagesPage:
    """The page of a round's messages."""
    session, id_ = db.session(), item.round.id
    return presenters.messages_page(
        item,
        people=reminders.count_addresses(session, round_id=id_),
        counts=message_log.count_by_kind_and_state(session, round_id=id_, now=now()),
        planned=reminders.list_reminders(session, round_id=id_),
        own=mail_context.list_own_kinds(session, round_id=id_),
        way=settings().mail.way,
        now=now(),
        problems=problems,
        typed_days=typed_days,
    )


def send_page(item: RoundOfCouncil, kind: MailKind) -> SendPage:
    """The page that asks before sending."""
    session, id_ = db.session(), item.round.id
    return presenters.send_page(
        item,
        kind=kind,
        people=reminders.count_addresses(session, round_id=id_),
        preview=mail_preview.preview(
            session,
            round_id=id_,
            kind=kind,
            text=text_of(session, kind, round_id=id_),
            base_url=settings().base_url,
            now=now(),
        ),
        way=settings().mail.way,
        now=now(),
    )


def text_page(item: RoundOfCouncil, kind: MailKind, *, written: MailText | None = None) -> TextPage:
    """A text of the round: as it is, or as somebody wrote it, with what is wrong with that."""
    session, id_ = db.session(), item.round.id
    text = written or text_of(session, kind, round_id=id_)
    problems = text_problems(
        text,
        allowed=mail_values.names_of(kind),
        required=mail_values.required_of(kind),
    )
    preview = None
    if not problems:
        preview = mail_preview.preview(
            session,
            round_id=id_,
            kind=kind,
            text=text,
            base_url=settings().base_url,
            now=now(),
        )
    return presenters.text_page(
        item,
        kind=kind,
        text=text,
        is_own=kind in mail_context.list_own_kinds(session, round_id=id_),
        is_written=written is not None,
        preview=preview,
        now=now(),
        problems=tuple(problems),
    )


def log_page(item: RoundOfCouncil, *, asked: Mapping[str, str]) -> LogPage:
    """One page of the log."""
    session, wanted = db.session(), read_filter(asked)
    total = message_log.count_messages(session, round_id=item.round.id, asked=wanted, now=now())
    page = min(page_asked(asked), page_count(total))
    return presenters.log_page(
        item,
        rows=message_log.list_messages(
            session,
            round_id=item.round.id,
            asked=wanted,
            now=now(),
            offset=(page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        ),
        asked=wanted,
        total=total,
        page=page,
        now=now(),
    )


def outbox_page(*, asked: Mapping[str, str]) -> OutboxPage:
    """The list of messages that were kept instead of sent."""
    session, reader = db.session(), _reader()
    total = local_mail.count_kept(session, reader=reader)
    page = min(page_asked(asked), page_count(total))
    rows = local_mail.list_kept(
        session, reader=reader, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return presenters.outbox_page(rows, total=total, page=page)


def letter_page(message_id: str) -> LetterPage:
    """One message that was kept instead of sent. Raises NotFound."""
    kept = local_mail.get_kept(db.session(), reader=_reader(), message_id=message_id)
    return presenters.letter_page(kept)


def _reader() -> Reader:
    account = require_account()
    return Reader(
        email=account.email,
        council_ids=[
            one.council_id
            for one in account.memberships
            if one.role is Role.REVIEW_MANAGER and one.council_id is not None
        ],
        runs_installation=Role.ADMINISTRATOR in account.roles,
    )
