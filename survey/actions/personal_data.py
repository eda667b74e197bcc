"""What is kept about a person by e-mail: finding it, handing it over, deleting it.

Answers sent in cannot be found for anybody: they do not say whose they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.export.safety import formula_safe, one_line
from question_banks.answers import display
from question_banks.bank import in_language
from survey.actions.accounts import normal_email
from survey.data import accounts, audit, personal_data, retention
from survey.data.audit import AuditAction
from survey.data.banks import get_bank
from survey.data.drafts import delete_draft
from survey.data.invitations import lock_person
from survey.data.models import Account, Invitation
from survey.data.personal_data import (
    Councils,
    KeptContact,
    KeptContribution,
    KeptInvitation,
    KeptMessage,
)
from survey.data.rounds import get_round_by_slug
from survey.errors import NotAllowedNow, NotFound

HEADING = ("Kept as", "Where", "What", "Value")


@dataclass(frozen=True)
class Kept:
    """Everything kept about one address. `account` is filled in only for the whole installation."""

    email: str
    invitations: tuple[KeptInvitation, ...] = ()
    messages: tuple[KeptMessage, ...] = ()
    contributions: tuple[KeptContribution, ...] = ()
    contacts: tuple[KeptContact, ...] = ()
    account: Account | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        found = (self.invitations, self.messages, self.contributions, self.contacts)
        return not any(found) and self.account is None


@dataclass(frozen=True)
class Line:
    """One fact of what is handed over: under which heading, of what, what it says."""

    heading: str
    about: str
    what: str
    value: str


def find_kept(session: Session, *, email: str, councils: Councils) -> Kept:
    """What is kept about an address, in those councils or (None) in the whole installation."""
    address = normal_email(email)
    return Kept(
        email=address,
        invitations=tuple(
            personal_data.list_invitations(session, email=address, councils=councils)
        ),
        messages=tuple(personal_data.list_messages(session, email=address, councils=councils)),
        contributions=tuple(
            personal_data.list_contributions(session, email=address, councils=councils)
        ),
        contacts=tuple(personal_data.list_contacts(session, email=address, councils=councils)),
        account=accounts.find_by_email(session, email=address) if councils is None else None,
    )


def find_of_invitation(session: Session, invitation: Invitation, *, councils: Councils) -> Kept:
    """The same for whoever holds an invitation; only that invitation where it has no address.

    Raises NotFound where it belongs to another council.
    """
    own = personal_data.list_invitations(
        session, email="", councils=councils, invitation_id=invitation.id
    )
    if not own:
        raise NotFound("No invitation has that link or code.")
    if invitation.email:
        return find_kept(session, email=invitation.email, councils=councils)
    return Kept(email="", invitations=tuple(own))


def delete_unfinished(
    session: Session, one: KeptInvitation, *, account_id: str | None, now: datetime
) -> None:
    """Deletes what somebody has entered and not sent. Their link stays as it is.

    Raises NotAllowedNow where there is nothing unfinished.
    """
    held = lock_person(session, one.public_id)
    if held.level is None:
        raise NotAllowedNow("There are no unfinished answers to delete.")
    delete_draft(session, held.invitation_id)
    audit.record(
        session,
        action=AuditAction.DRAFT_DELETED,
        at=now,
        account_id=account_id,
        council_id=one.council_id,
        detail={"round": one.round_slug},
    )


def erase(session: Session, kept: Kept, *, account_id: str | None, now: datetime) -> None:
    """Deletes what is kept, but for the account itself, which an administrator ends.

    How many people each agency had invited stays. After the commit the caller calls
    `anonymity.erase_traces`.
    """
    for round_id in sorted({one.round_id for one in kept.invitations}):
        retention.state_invited(session, round_id=round_id)
    personal_data.delete_messages(session, ids=[one.id for one in kept.messages])
    personal_data.delete_invitations(session, ids=[one.id for one in kept.invitations])
    personal_data.clear_contacts(session, ids=[one.invited_agency_id for one in kept.contacts])
    personal_data.take_names_out(
        session, contributor_ids=[one.id for one in kept.contributions], now=now
    )
    _record(session, kept, action=AuditAction.PERSONAL_DATA_ERASED, account_id=account_id, now=now)


def record_shown(session: Session, kept: Kept, *, account_id: str | None, now: datetime) -> None:
    """Puts on record that somebody looked up what is kept about a person; never about whom.

    It shows whether the person has begun, which no other page tells of anybody.
    """
    _record(session, kept, action=AuditAction.PERSONAL_DATA_SHOWN, account_id=account_id, now=now)


def record_handed_over(
    session: Session, kept: Kept, *, account_id: str | None, now: datetime
) -> None:
    """Puts on record that somebody was given what is kept about them; never who."""
    _record(
        session, kept, action=AuditAction.PERSONAL_DATA_EXPORTED, account_id=account_id, now=now
    )


def _record(
    session: Session, kept: Kept, *, action: AuditAction, account_id: str | None, now: datetime
) -> None:
    councils: list[str | None] = [*sorted({one.council_id for one in kept.invitations})]
    for council_id in councils or [None]:
        audit.record(
            session,
            action=action,
            at=now,
            account_id=account_id,
            council_id=council_id,
            detail={
                "invitations": sum(one.council_id == council_id for one in kept.invitations),
                "messages": len(kept.messages),
                "contributions": len(kept.contributions),
            },
        )


def as_csv(session: Session, kept: Kept, *, unfinished_answers: bool) -> str:
    """Every fact kept, to hand over, safe to open with a spreadsheet program.

    A review manager must not read answers while a round is open, so their file says where the
    person can read them.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADING)
    for line in _lines(session, kept, unfinished_answers):
        cells = (line.heading, line.about, line.what, line.value)
        writer.writerow([formula_safe(one_line(cell)) for cell in cells])
    return text.getvalue()


def _lines(session: Session, kept: Kept, unfinished_answers: bool) -> Iterator[Line]:
    for one in kept.invitations:
        yield from _invitation_lines(session, one, unfinished_answers)
    for message in kept.messages:
        about = " · ".join(filter(None, (message.council, message.round_title)))
        sent = f"sent {_at(message.sent_at)}" if message.sent_at else "not sent"
        yield Line("Message", about, message.kind.replace("_", " "), sent)
    for part in kept.contributions:
        yield Line("Part in an agency’s return", part.agency, "Name", part.name)
        yield Line("Part in an agency’s return", part.agency, "Post", part.post)
        yield Line(
            "Part in an agency’s return",
            part.agency,
            "Since",
            _at(part.added_at),
        )
        yield Line("Part in an agency’s return", part.agency, "Answers saved", str(part.answers))
    for contact in kept.contacts:
        about = f"{contact.council} · {contact.round_title}"
        yield Line("Contact of an agency", about, contact.agency, contact.name)
    if kept.account is not None:
        yield from _account_lines(kept.account)


def _at(when: datetime) -> str:
    return f"{when:%d %B %Y %H:%M} UTC"


def _invitation_lines(
    session: Session, one: KeptInvitation, unfinished_answers: bool
) -> Iterator[Line]:
    about = f"{one.council} · {one.round_title}"
    yield Line("Invitation", about, "Agency", one.agency)
    if one.label:
        yield Line("Invitation", about, "Name or post", one.label)
    yield Line("Invitation", about, "Withdrawn", "yes" if one.is_withdrawn else "no")
    if one.has_submitted:
        said = "yes; the answers do not say whose they are and cannot be found"
        yield Line("Invitation", about, "Answers sent", said)
    if one.sheet_started_at is not None:
        since = f"being entered by the council since {_at(one.sheet_started_at)}"
        yield Line("Invitation", about, "Sheet of paper or call", since)
    if one.draft_started_at is None or one.draft_saved_at is None:
        return
    begun, saved = (
        _at(one.draft_started_at),
        _at(one.draft_saved_at),
    )
    yield Line("Unfinished answers", about, "Begun", begun)
    yield Line("Unfinished answers", about, "Last saved", saved)
    if not unfinished_answers:
        said = "can be read with the person’s own link or code, and by nobody else on these pages"
        yield Line("Unfinished answers", about, "Answers", said)
        return
    draft = personal_data.get_draft(session, invitation_id=one.id)
    if draft is None:
        return
    found = get_round_by_slug(session, slug=one.round_slug)
    bank = get_bank(session, round_id=one.round_id, digest=found.round.bank_digest)
    level, answers = draft
    yield Line("Unfinished answers", about, "Level", level)
    for code, value in answers.items():
        question = bank.by_code.get(code)
        if question is not None:
            shown = display(bank, question, value)
            yield Line("Unfinished answers", about, in_language(question.text), shown)


def _account_lines(account: Account) -> Sequence[Line]:
    return [
        Line("Account", account.email, "Name", account.name),
        Line("Account", account.email, "Made", _at(account.created_at_utc)),
    ]
