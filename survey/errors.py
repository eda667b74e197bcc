"""Errors of this package. They carry facts, never pages; no Flask here.

`survey.web.error_pages` maps each to a status and a page, `survey.cli` to an exit code.
"""

from __future__ import annotations

from collections.abc import Sequence


class SurveyError(Exception):
    """Something asked for cannot be done; the message is one plain sentence."""


class NotFound(SurveyError):
    """No such thing, or not for this person to see."""


class InvalidSettings(SurveyError):
    """The environment does not make a working configuration; every fault is listed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("The settings are not right:\n" + "\n".join(f"- {f}" for f in faults))


class UnknownInvitation(SurveyError):
    """The link or code belongs to no invitation, or its secret part is wrong."""


class RevokedInvitation(SurveyError):
    """The link was withdrawn or replaced by a newer one."""


class AlreadySubmitted(SurveyError):
    """These answers have been sent in; the invitation cannot be used again."""


class RoundNotOpen(SurveyError):
    """The round does not take answers now. `opens` says whether it will."""

    def __init__(self, message: str, *, opens: bool = False) -> None:
        self.opens = opens
        super().__init__(message)


class RoundWithdrawn(RoundNotOpen):
    """The round was called off and takes no answers; `contact` is whom to ask about it."""

    def __init__(self, contact: str) -> None:
        self.contact = contact
        super().__init__("This questionnaire has been withdrawn.")


class NotComplete(SurveyError):
    """Some required answers are missing; `page` is the key of the first page that lacks one."""

    def __init__(self, page: str | None) -> None:
        self.page = page
        super().__init__("Some questions still need an answer.")


class TooManyAttempts(SurveyError):
    """Too many failures from one place; `minutes` is how long to wait."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"Too many tries. Wait {wait} and try again.")


class SignedOut(SurveyError):
    """Somebody sent a page on which people write at length after their session had ended."""


class NotAllowedNow(SurveyError):
    """The round is in a state in which this cannot be done."""


class FaultyImport(SurveyError):
    """A file brought in has faults; all are listed and nothing was stored."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))
