"""What is posted on the pages about messages, read into values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.actions.mail_texts import MailText
from survey.actions.mail_values import EDITABLE
from survey.actions.outbox import MailKind
from survey.data.message_log import LOGGED, LogFilter
from survey.data.message_states import MessageState
from survey.errors import NotFound

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class ReminderForm:
    """How many working days before the last day; None with what is wrong where it is no number."""

    typed: str
    working_days: int | None
    problem: str = ""


def read_reminder(posted: Mapping[str, str]) -> ReminderForm:
    """The form to plan a reminder, as posted."""
    typed = posted.get("days", "").strip()
    if not typed:
        return ReminderForm(typed, None, "Enter how many working days before the last day")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
        return ReminderForm(typed[:20], None, "Write the working days as a whole number, like 5")
    return ReminderForm(typed, int(typed))


def read_days(text: str) -> int:
    """The working days that an address names. Raises NotFound for what is no such number."""
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise NotFound("There is no such reminder.")
    return int(text)


def read_kind(text: str) -> MailKind:
    """The kind of text that an address names. Raises NotFound for any that cannot be changed."""
    if text not in set(EDITABLE):
        raise NotFound("There is no such text.")
    return MailKind(text)


def read_text(posted: Mapping[str, str]) -> MailText:
    """A text as posted, with line ends as the files of texts have them."""
    body = posted.get("body", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = "\n".join(line.rstrip() for line in body.split("\n"))
    return MailText(subject=posted.get("subject", "").strip(), body=lines.strip())


def read_filter(asked: Mapping[str, str]) -> LogFilter:
    """Which messages an address asks for; what it cannot mean is left out."""
    kind, state = asked.get("kind", ""), asked.get("state", "")
    return LogFilter(
        kind=MailKind(kind) if kind in set(LOGGED) else None,
        state=MessageState(state) if state in set(MessageState) else None,
        words=asked.get("words", "").strip().replace("\0", "")[:LONGEST_SEARCH],
    )
