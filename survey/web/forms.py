"""What managers post, read into values, with what is wrong as (field, message)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from survey.web.presenting import LONDON

Problems = tuple[tuple[str, str], ...]

LONGEST_REASON = 2000
DATE_PARTS = ("day", "month", "year")


@dataclass(frozen=True)
class SignInForm:
    """An e-mail address and a password."""

    email: str = ""
    password: str = field(default="", repr=False)
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


@dataclass(frozen=True)
class PasswordForm:
    """The old password, and the new one typed once: it can be shown while typing."""

    current: str = field(default="", repr=False)
    new: str = field(default="", repr=False)
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def message_of(problems: Problems, name: str) -> str | None:
    """The first message for a field, or None."""
    return next((message for target, message in problems if target == name), None)


def read_sign_in(posted: Mapping[str, str]) -> SignInForm:
    """The sign-in form as posted."""
    email, password = posted.get("email", "").strip(), posted.get("password", "")
    problems = []
    if not email:
        problems.append(("email", "Enter your e-mail address"))
    if not password:
        problems.append(("password", "Enter your password"))
    return SignInForm(email=email[:254], password=password, problems=tuple(problems))


def read_password(posted: Mapping[str, str]) -> PasswordForm:
    """The form to change a password as posted."""
    current, new = posted.get("current", ""), posted.get("new", "")
    problems = []
    if not current:
        problems.append(("current", "Enter your current password"))
    if not new:
        problems.append(("new", "Enter a new password"))
    return PasswordForm(current=current, new=new, problems=tuple(problems))


@dataclass(frozen=True)
class CommentForm:
    """What to do with one comment. `seen` is the state the manager was shown."""

    do: str
    text: str
    seen: str
    keep: bool


def read_comment(posted: Mapping[str, str]) -> CommentForm:
    """The form of one comment as posted."""
    return CommentForm(
        do=posted.get("do", ""),
        text=posted.get("text", "").replace("\r\n", "\n"),
        seen=posted.get("seen", ""),
        keep=posted.get("keep") == "yes",
    )


@dataclass(frozen=True)
class ReopenForm:
    """Why a round is opened again, and the new last day as typed."""

    reason: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    closes_at: datetime | None = None
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_reopen(posted: Mapping[str, str]) -> ReopenForm:
    """The form to open a round again as posted. A last day ends at midnight in London."""
    reason = posted.get("reason", "").replace("\r\n", "\n").strip()
    day, month, year = (posted.get(f"closes-{part}", "").strip() for part in DATE_PARTS)
    problems = []
    if not reason:
        problems.append(("reason", "Say why you are opening the round again"))
    elif len(reason) > LONGEST_REASON:
        problems.append(("reason", f"Give the reason in {LONGEST_REASON:,} characters or fewer"))
    closes_at = end_of_day(day, month, year)
    if closes_at is None:
        problems.append(("closes", "Enter the new last day as a day, month and year"))
    return ReopenForm(
        reason=reason,
        day=day[:10],
        month=month[:10],
        year=year[:10],
        closes_at=closes_at,
        problems=tuple(problems),
    )


def end_of_day(day: str, month: str, year: str) -> datetime | None:
    """The last minute in London of a day as typed, None where it is none."""
    parts = (day, month, year)
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    try:
        return datetime(int(year), int(month), int(day), 23, 59, tzinfo=LONDON)
    except ValueError:
        return None


@dataclass(frozen=True)
class DecideForm:
    """How a manager reads a topic or question. `seen` is the decision they were shown, or ""."""

    verdict: str = ""
    reason: str = ""
    note: str = ""
    seen: str = ""
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_decision(posted: Mapping[str, str], *, choices: Sequence[str], keep: str) -> DecideForm:
    """The form to overrule a reading as posted. Every choice but `keep` needs a reason."""
    verdict = posted.get("verdict", "")
    reason = posted.get("reason", "").replace("\r\n", "\n").strip()
    note = posted.get("note", "").replace("\r\n", "\n").strip()
    problems = []
    if verdict not in choices:
        problems.append(("verdict", "Select how you read it"))
    elif verdict != keep and not reason:
        problems.append(("reason", "Say why you read it differently"))
    for name, text in (("reason", reason), ("note", note)):
        if len(text) > LONGEST_REASON:
            message = f"Use {LONGEST_REASON:,} characters or fewer: you have used {len(text):,}"
            problems.append((name, message))
    return DecideForm(
        verdict=verdict,
        reason=reason,
        note=note,
        seen=posted.get("seen", ""),
        problems=tuple(problems),
    )
