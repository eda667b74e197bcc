"""What the pages about the messages of a round show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.rounding import counted
from survey.actions.mail_preview import Preview
from survey.actions.mail_texts import MailText, pieces
from survey.actions.mail_values import EDITABLE, in_words, names_of
from survey.actions.outbox import MailKind
from survey.actions.reminding import due_at
from survey.data.local_mail import KeptMail
from survey.data.message_log import LOGGED, LogFilter, LoggedMessage
from survey.data.message_states import MessageState
from survey.data.reminders import Addresses, PlannedReminder
from survey.data.rounds import RoundOfCouncil, RoundState, state_of
from survey.settings import MailWay
from survey.web.forms import Problems, message_of
from survey.web.presenters_rounds import RoundHead, head
from survey.web.presenting import date_time

PAGE_SIZE = 50

KIND_WORDS: dict[MailKind, str] = {
    MailKind.INVITATION: "Invitation",
    MailKind.REMINDER: "Reminder",
    MailKind.EXTENDED: "More time to answer",
    MailKind.WITHDRAWN: "Round withdrawn",
    MailKind.AGENCY_LINK: "Open link of an agency",
}
KIND_HINTS: dict[MailKind, str] = {
    MailKind.INVITATION: "Sent when you press the button.",
    MailKind.REMINDER: "Sent as planned, or when you press the button.",
    MailKind.EXTENDED: "Sent when you move the last day.",
    MailKind.WITHDRAWN: "Sent when you withdraw the round.",
}
STATE_WORDS: dict[MessageState, str] = {
    MessageState.WAITING: "Waiting",
    MessageState.SENT: "Sent",
    MessageState.BOUNCED: "Came back",
    MessageState.FAILED: "Not sent",
    MessageState.UNSURE: "May have been sent",
    MessageState.NOT_NEEDED: "No longer needed",
    MessageState.REPLACED: "Sent again",
}
STATE_TAGS: dict[MessageState, str] = {
    MessageState.WAITING: "govuk-tag--yellow",
    MessageState.SENT: "govuk-tag--green",
    MessageState.BOUNCED: "govuk-tag--red",
    MessageState.FAILED: "govuk-tag--red",
    MessageState.UNSURE: "govuk-tag--orange",
    MessageState.NOT_NEEDED: "govuk-tag--grey",
    MessageState.REPLACED: "govuk-tag--grey",
}
IN_TABLE = (
    MessageState.SENT,
    MessageState.WAITING,
    MessageState.FAILED,
    MessageState.BOUNCED,
    MessageState.UNSURE,
)
TO_LOOK_AT = (MessageState.FAILED, MessageState.BOUNCED, MessageState.UNSURE)


@dataclass(frozen=True)
class CountLine:
    """How many messages of one kind are in each state of `IN_TABLE`."""

    words: str
    key: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ReminderLine:
    """A planned reminder. `done` says that it has been sent for the last day as it is now."""

    working_days: int
    words: str
    when: str
    done: bool


@dataclass(frozen=True)
class TextLine:
    """A text of the round that can be changed."""

    key: str
    words: str
    hint: str
    is_own: bool


@dataclass(frozen=True)
class MessagesPage:
    """The messages of a round: whom one can write to, what was sent, what is planned."""

    head: RoundHead
    can_send: bool
    is_open: bool
    why_not: str
    people: Addresses
    nobody_words: str
    states: tuple[str, ...]
    counts: tuple[CountLine, ...]
    to_look_at: tuple[tuple[str, str], ...]
    reminders: tuple[ReminderLine, ...]
    texts: tuple[TextLine, ...]
    way: MailWay
    problems: Problems
    typed_days: str

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def messages_page(
    item: RoundOfCouncil,
    *,
    people: Addresses,
    counts: Mapping[tuple[MailKind, MessageState], int],
    planned: Sequence[PlannedReminder],
    own: Sequence[MailKind],
    way: MailWay,
    now: datetime,
    problems: Problems = (),
    typed_days: str = "",
) -> MessagesPage:
    """The page of a round's messages."""
    state = state_of(item.round, now)
    return MessagesPage(
        head=head(item, now=now),
        can_send=state in {RoundState.NOT_YET_OPEN, RoundState.OPEN},
        is_open=state is RoundState.OPEN,
        why_not=_why_not(state),
        people=people,
        nobody_words=_nobody_words(people),
        states=tuple(STATE_WORDS[one] for one in IN_TABLE),
        counts=tuple(
            CountLine(
                words=KIND_WORDS[kind],
                key=kind.value,
                counts=tuple(counts.get((kind, one), 0) for one in IN_TABLE),
            )
            for kind in LOGGED
            if any(of == kind for of, _ in counts)
        ),
        to_look_at=tuple(
            (one.value, _look_words(one, total))
            for one in TO_LOOK_AT
            if (total := sum(n for (_, state_), n in counts.items() if state_ is one))
        ),
        reminders=tuple(_reminder_line(item, one) for one in planned),
        texts=tuple(
            TextLine(kind.value, KIND_WORDS[kind], KIND_HINTS[kind], kind in own)
            for kind in EDITABLE
        ),
        way=way,
        problems=problems,
        typed_days=typed_days,
    )


def put_words(what: str, put: int, *, way: MailWay) -> str:
    """What is said once messages were put in the outbox; `what` is invitations or reminders."""
    one = "invitation" if what == "invitations" else "reminder"
    if put and way is MailWay.NONE:
        waits = "waits" if put == 1 else "wait"
        return f"{counted(put, one)} {waits} until e-mail is set up."
    if put:
        be = "is" if put == 1 else "are"
        return f"{counted(put, one)} {be} on the way. You can close this page."
    if what == "invitations":
        return "Everybody with an address has been sent their link already."
    return "There was nobody left to remind today."


def _why_not(state: RoundState) -> str:
    match state:
        case RoundState.SETTING_UP:
            return "You can send messages once the round is launched."
        case RoundState.WINDOW_OVER:
            return "The last day for answers has passed, so there is nobody to write to."
        case RoundState.CLOSED:
            return "The round is closed, so there is nobody to write to."
        case RoundState.WITHDRAWN:
            return "The round has been withdrawn, so there is nobody to write to."
        case _:
            return ""


def _nobody_words(people: Addresses) -> str:
    without = people.invited - people.with_address
    if not people.invited:
        return "Nobody has been invited by a personal link yet."
    if not without:
        return ""
    has = "has" if without == 1 else "have"
    return (
        f"{counted(without, 'personal link')} {has} no e-mail address: print letters for them, or "
        "bring in a file with their addresses."
    )


def _look_words(state: MessageState, count: int) -> str:
    one = count == 1
    messages = counted(count, "message")
    match state:
        case MessageState.FAILED:
            return f"{messages} could not be sent"
        case MessageState.BOUNCED:
            return (
                f"{messages} came back: the {'address takes' if one else 'addresses take'} no mail"
            )
        case _:
            return f"{messages} may have been sent: Signpost was cut off while sending"


def _reminder_line(item: RoundOfCouncil, one: PlannedReminder) -> ReminderLine:
    at = due_at(item.round.closes_at_utc, one.working_days)
    return ReminderLine(
        working_days=one.working_days,
        words=f"{counted(one.working_days, 'working day')} before the last day",
        when=f"{in_words(at)} at 9am",
        done=one.put_for == item.round.closes_at_utc,
    )


@dataclass(frozen=True)
class SendPage:
    """Asks before messages are sent to people."""

    head: RoundHead
    what: str
    title: str
    count: int
    preview: Preview
    notes: tuple[str, ...]
    way: MailWay


def send_page(
    item: RoundOfCouncil,
    *,
    kind: MailKind,
    people: Addresses,
    preview: Preview,
    way: MailWay,
    now: datetime,
) -> SendPage:
    """The page that asks before sending invitations or reminders."""
    if kind is MailKind.INVITATION:
        sent = people.with_address - people.to_invite
        has = "has" if sent == 1 else "have"
        notes = (
            [f"{counted(sent, 'person', 'people')} {has} been sent their link already."]
            if sent
            else []
        )
        if _nobody_words(people):
            notes.append(_nobody_words(people))
        title, count = "Send invitations", people.to_invite
    else:
        notes = ["It goes to those who have not finished, and to nobody twice on one day."]
        if people.stopped:
            who = "person gets" if people.stopped == 1 else "people get"
            notes.append(f"{people.stopped:,} {who} none, because you stopped them.")
        title, count = "Send a reminder now", people.to_remind
    return SendPage(
        head=head(item, now=now),
        what=f"{kind.value}s",
        title=title,
        count=count,
        preview=preview,
        notes=tuple(notes),
        way=way,
    )


@dataclass(frozen=True)
class TextPage:
    """A text of a round, to change."""

    head: RoundHead
    key: str
    title: str
    hint: str
    subject: str
    body: str
    is_own: bool
    is_written: bool
    """Whether it is shown as somebody has just written it, not yet saved."""
    names: tuple[tuple[str, str], ...]
    must_have: bool
    preview: Preview | None
    problems: Problems

    def message(self, name: str) -> str | None:
        """All that is wrong with one field, or None."""
        return ". ".join(words for field, words in self.problems if field == name) or None


def text_page(
    item: RoundOfCouncil,
    *,
    kind: MailKind,
    text: MailText,
    is_own: bool,
    is_written: bool,
    preview: Preview | None,
    now: datetime,
    problems: Problems = (),
) -> TextPage:
    """The page to change one text."""
    names = names_of(kind)
    return TextPage(
        head=head(item, now=now),
        key=kind.value,
        title=f"Text: {KIND_WORDS[kind].lower()}",
        hint=KIND_HINTS[kind],
        subject=text.subject,
        body=text.body,
        is_own=is_own,
        is_written=is_written,
        names=tuple((f"{{{name}}}", words) for name, words in names.items()),
        must_have="link" in names,
        preview=preview,
        problems=problems,
    )


@dataclass(frozen=True)
class LogLine:
    """One message in the log."""

    id: str
    kind: str
    to: str
    name: str
    agency: str
    state: str
    tag: str
    when: str
    more: str
    invitation_id: str
    is_stopped: bool
    can_send_again: bool
    can_have_come_back: bool
    is_kept: bool


@dataclass(frozen=True)
class LogPage:
    """One page of the log."""

    head: RoundHead
    lines: tuple[LogLine, ...]
    total: int
    page: int
    pages: int
    kinds: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    kind: str
    state: str
    words: str
    is_filtered: bool


def log_page(
    item: RoundOfCouncil,
    *,
    rows: Sequence[LoggedMessage],
    asked: LogFilter,
    total: int,
    page: int,
    now: datetime,
) -> LogPage:
    """One page of the log of a round's messages."""
    return LogPage(
        head=head(item, now=now),
        lines=tuple(_log_line(row) for row in rows),
        total=total,
        page=page,
        pages=page_count(total),
        kinds=tuple((kind.value, KIND_WORDS[kind]) for kind in LOGGED),
        states=tuple((state.value, STATE_WORDS[state]) for state in MessageState),
        kind=asked.kind.value if asked.kind else "",
        state=asked.state.value if asked.state else "",
        words=asked.words,
        is_filtered=asked != LogFilter(),
    )


def page_count(total: int) -> int:
    """How many pages a list has; an empty one has one."""
    return max(1, math.ceil(total / PAGE_SIZE))


def _log_line(row: LoggedMessage) -> LogLine:
    return LogLine(
        id=row.id,
        kind=KIND_WORDS[row.kind],
        to=row.to,
        name=row.label,
        agency=row.agency,
        state=STATE_WORDS[row.state],
        tag=STATE_TAGS[row.state],
        when=date_time(row.sent_at or row.last_attempt_at or row.created_at),
        more=_more(row),
        invitation_id=row.invitation_id or "",
        is_stopped=row.is_stopped,
        can_send_again=row.state in TO_LOOK_AT,
        can_have_come_back=row.state in {MessageState.SENT, MessageState.UNSURE},
        is_kept=row.has_local,
    )


def _more(row: LoggedMessage) -> str:
    match row.state:
        case MessageState.WAITING if row.attempts and row.last_error:
            tries = counted(row.attempts, "try", "tries")
            return f"{tries}; next at {date_time(row.send_after)}"
        case MessageState.FAILED:
            if row.last_error.startswith("text "):
                return "the mail server did not take the text"
            if row.last_error.startswith("cannot be filled in"):
                return "the text could not be filled in: look at it, then send this again"
            return f"given up after {counted(row.attempts, 'try', 'tries')}"
        case MessageState.BOUNCED:
            return "the address takes no mail"
        case MessageState.UNSURE:
            return "nothing is known of its end"
        case MessageState.SENT if row.delivered_at is not None:
            return f"arrived at {date_time(row.delivered_at)}"
        case _:
            return ""


@dataclass(frozen=True)
class LetterPage:
    """A message that was kept, its text in pieces: words, with the address of those that link."""

    to: str
    when: str
    subject: str
    pieces: tuple[tuple[str, str], ...]


def letter_page(row: KeptMail) -> LetterPage:
    """One kept message."""
    return LetterPage(row.to, date_time(row.kept_at), row.subject, tuple(pieces(row.body)))


@dataclass(frozen=True)
class OutboxPage:
    """Messages that were kept instead of sent."""

    lines: tuple[tuple[str, str, str, str], ...]
    """Id, address, subject, time."""
    total: int
    page: int
    pages: int


def outbox_page(rows: Sequence[KeptMail], *, total: int, page: int) -> OutboxPage:
    """The list of kept messages."""
    return OutboxPage(
        lines=tuple((row.id, row.to, row.subject, date_time(row.kept_at)) for row in rows),
        total=total,
        page=page,
        pages=page_count(total),
    )
