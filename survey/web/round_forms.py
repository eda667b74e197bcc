"""What managers post to change a round that runs: a later last day, and calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.web.forms import DATE_PARTS, LONGEST_REASON, Problems, end_of_day, message_of


@dataclass(frozen=True)
class ExtendForm:
    """A new last day as typed, why, and whether to tell those who have not finished."""

    day: str = ""
    month: str = ""
    year: str = ""
    reason: str = ""
    tell: bool = True
    closes_at: datetime | None = None
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


@dataclass(frozen=True)
class WithdrawForm:
    """Why a round is called off, and whether to tell the people invited."""

    reason: str = ""
    tell: bool = True
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_extend(posted: Mapping[str, str]) -> ExtendForm:
    """The form for a later last day as posted. A last day ends at midnight in London."""
    day, month, year = (posted.get(f"closes-{part}", "").strip() for part in DATE_PARTS)
    reason = _text(posted)
    problems = []
    closes_at = end_of_day(day, month, year)
    if closes_at is None:
        problems.append(("closes", "Enter the new last day as a day, month and year"))
    return ExtendForm(
        day=day[:10],
        month=month[:10],
        year=year[:10],
        reason=reason,
        tell=posted.get("tell") == "yes",
        closes_at=closes_at,
        problems=(*problems, *_too_long(reason)),
    )


def read_withdraw(posted: Mapping[str, str]) -> WithdrawForm:
    """The form to call a round off as posted."""
    reason = _text(posted)
    problems = () if reason else (("reason", "Say why you are withdrawing the round"),)
    return WithdrawForm(
        reason=reason,
        tell=posted.get("tell") == "yes",
        problems=(*problems, *_too_long(reason)),
    )


def _text(posted: Mapping[str, str]) -> str:
    return posted.get("reason", "").replace("\r\n", "\n").strip()


def _too_long(reason: str) -> Problems:
    if len(reason) <= LONGEST_REASON:
        return ()
    message = f"Use {LONGEST_REASON:,} characters or fewer: you have used {len(reason):,}"
    return (("reason", message),)
