"""A message as somebody would read it, before it is sent. Its link leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions.mail_links import has_link
from survey.actions.mail_texts import MailText, fill
from survey.actions.mail_values import NAMELESS, person_values, round_values
from survey.data import mail_context, reminders
from survey.data.models import MailKind
from survey.errors import NotFound

NO_AGENCY = "your agency"


@dataclass(frozen=True)
class Preview:
    """A message filled in for one person; `to` is "" where nobody has an address yet."""

    to: str
    name: str
    text: MailText


def preview(
    session: Session,
    *,
    round_id: str,
    kind: MailKind,
    text: MailText,
    base_url: str,
    now: datetime,
) -> Preview:
    """The text filled in for one of the people invited, one with a name if there is any.

    Raises FaultyText for a name that is not known.
    """
    round_ = mail_context.find_round(session, round_id=round_id)
    if round_ is None:
        raise NotFound("There is no such round.")
    example = reminders.find_example(session, round_id=round_id)
    person = None if example is None else mail_context.find_person(session, invitation_id=example)
    values = round_values(session, round_, now=now) | {
        "name": NAMELESS,
        "agency": NO_AGENCY,
        "others": "",
    }
    if person is not None:
        values |= person_values(person)
    if has_link(kind):
        values["link"] = f"{base_url}/i/EXAMPLE/the-link-of-this-person"
    return Preview(
        to="" if person is None else person.email,
        name="" if person is None else person.label,
        text=fill(text, values),
    )
