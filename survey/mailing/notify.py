"""Sending by GOV.UK Notify (its REST API, version 2).

One template on Notify serves every message: its subject is `((subject))` and its text `((body))`.
The message's own id is sent along as the reference, so Notify can be asked whether it has it.
"""

from __future__ import annotations

import logging
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.exceptions import SSLError as HandshakeError

from survey.mailing.post import Letter, MaybeSent, NoServer, NotNow, PostError, Refused
from survey.settings import MailSettings

TIMEOUT_SECONDS = 30

# The client logs what Notify answered, which may name an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class Fate(StrEnum):
    """What became of a message that Notify took."""

    UNDER_WAY = "under way"
    DELIVERED = "delivered"
    NO_SUCH_ADDRESS = "no such address"
    NOT_DELIVERED = "not delivered"


_FATES = {
    "delivered": Fate.DELIVERED,
    "permanent-failure": Fate.NO_SUCH_ADDRESS,
    "temporary-failure": Fate.NOT_DELIVERED,
    "technical-failure": Fate.NOT_DELIVERED,
}
"""Notify itself tries for three days before it calls a failure temporary."""


class NotifyPost:
    """A service on GOV.UK Notify."""

    def __init__(self, settings: MailSettings) -> None:
        self._template = settings.notify_template
        # Its functions carry no types.
        make_client: Any = NotificationsAPIClient
        self._client: Any = make_client(
            settings.notify_api_key, base_url=settings.notify_url, timeout=TIMEOUT_SECONDS
        )

    def __enter__(self) -> Self:
        """Nothing to open: every request stands alone."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets kept connections go."""
        self._client.request_session.close()

    def deliver(self, letter: Letter) -> str:
        """Hands one letter over; returns Notify's id for it."""
        try:
            answer = self._client.send_email_notification(
                email_address=letter.to,
                template_id=self._template,
                personalisation={"subject": letter.subject, "body": letter.body},
                reference=letter.id,
            )
        except APIError as error:
            raise _meaning(error) from error
        return str(answer["id"])

    def find(self, reference: str) -> str | None:
        """Notify's id of the message with that reference, None when it never took one.

        Raises NoServer when it does not say.
        """
        try:
            answer = self._client.get_all_notifications(reference=reference)
        except APIError as error:
            raise NoServer(_code(error)) from error
        found = answer["notifications"]
        return str(found[0]["id"]) if found else None

    def fate(self, provider_id: str) -> Fate:
        """What became of a message. Raises NoServer when Notify does not say."""
        try:
            answer = self._client.get_notification_by_id(provider_id)
        except APIError as error:
            raise NoServer(_code(error)) from error
        return _FATES.get(answer["status"], Fate.UNDER_WAY)


def _meaning(error: APIError) -> PostError:
    if error.response is None:
        return NoServer(_code(error)) if _never_left(error.__cause__) else MaybeSent(_code(error))
    status = error.response.status_code
    if status in {401, 403, 429}:
        # Our key or our allowance: the same for every letter.
        return NoServer(_code(error))
    if status >= 500:
        return NotNow(_code(error))
    return Refused(_code(error), address="email_address" in str(error.message))


def _never_left(cause: BaseException | None) -> bool:
    """Whether a request failed before a byte of it was sent."""
    if isinstance(cause, requests.ConnectTimeout):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None
    return isinstance(reason, NewConnectionError | NameResolutionError | HandshakeError)


def _code(error: APIError) -> str:
    if error.response is not None:
        return f"notify {error.response.status_code}"
    cause = error.__cause__
    return f"notify {type(cause).__name__ if cause is not None else 'no answer'}"
