"""What every way of sending has in common: the letter, and how handing it over may end.

The four errors differ in who is at fault and in what may have happened. Only the last of them
leaves open whether the letter arrived, so only it must never lead to another try.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from survey.errors import SurveyError


@dataclass(frozen=True)
class Letter:
    """One message as it goes out. `id` is the same at every try."""

    id: str
    to: str
    sender_name: str
    reply_to: str
    subject: str
    body: str
    html: str


class PostError(SurveyError):
    """Handing a letter over failed; `code` is a class of error and a number, never an address."""

    def __init__(self, code: str) -> None:
        self.code = code[:100]
        super().__init__(self.code)


class NoServer(PostError):
    """The server cannot be reached or does not take our mail: no letter was handed over."""


class NotNow(PostError):
    """The server refused this letter for now: it was not taken, and may be tried again."""


class Refused(PostError):
    """The server refused this letter for good. `address` says that the address was the reason."""

    def __init__(self, code: str, *, address: bool) -> None:
        self.address = address
        super().__init__(code)


class MaybeSent(PostError):
    """The line broke before the server answered: the letter may have been taken, or not."""


class Post(Protocol):
    """A way of sending. Used as a context, so that one connection serves many letters."""

    def __enter__(self) -> Self:
        """Connects. Raises NoServer."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets the connection go."""
        ...

    def deliver(self, letter: Letter) -> str:
        """Hands a letter over; returns the provider's id for it, "" where there is none."""
        ...
