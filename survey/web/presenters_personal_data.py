"""What the pages about personal data show."""

from __future__ import annotations

from dataclasses import dataclass

from survey.actions.personal_data import Kept
from survey.data.personal_data import KeptInvitation
from survey.settings import MailWay, SecondFactor, Settings
from survey.web.presenting import date_time

MESSAGES = {
    "invitation": "Invitation",
    "reminder": "Reminder",
    "extended": "News of a later last day",
    "withdrawn": "News that a round was withdrawn",
    "agency_link": "Link for an agency",
    "account_invitation": "Invitation to an account",
    "password_link": "Link to set a password",
    "flagged_comment": "News of a comment to read",
    "return_contributor": "Link to help with a return",
    "return_ready_to_sign": "Request to sign a return",
    "return_sent_back": "News that a return was sent back",
    "return_extension": "About more time for a return",
}


@dataclass(frozen=True)
class InvitationRow:
    """One invitation, in words."""

    public_id: str
    where: str
    agency: str
    label: str
    state: str
    has_draft: bool


@dataclass(frozen=True)
class KeptPage:
    """What is kept about one person; `asked` is what they were looked up by."""

    asked: str
    email: str
    is_empty: bool
    invitations: tuple[InvitationRow, ...]
    messages: tuple[tuple[str, str], ...]
    contributions: tuple[tuple[str, str], ...]
    contacts: tuple[tuple[str, str], ...]
    account: str
    unfinished: int


def kept_page(kept: Kept, *, asked: str) -> KeptPage:
    """What the page shows of what is kept."""
    rows = tuple(_invitation_row(one) for one in kept.invitations)
    return KeptPage(
        asked=asked,
        email=kept.email,
        is_empty=kept.is_empty,
        invitations=rows,
        messages=tuple(
            (
                MESSAGES.get(one.kind, "Message"),
                f"sent {date_time(one.sent_at)}" if one.sent_at else "not sent",
            )
            for one in kept.messages
        ),
        contributions=tuple(
            (one.agency, f"{one.name}{f', {one.post}' if one.post else ''}: {_saved(one.answers)}")
            for one in kept.contributions
        ),
        contacts=tuple(
            (f"{one.agency}, {one.round_title}", one.name or "no name") for one in kept.contacts
        ),
        account=kept.account.name if kept.account else "",
        unfinished=sum(row.has_draft for row in rows),
    )


def _saved(answers: int) -> str:
    return "1 answer saved" if answers == 1 else f"{answers} answers saved"


def _invitation_row(one: KeptInvitation) -> InvitationRow:
    if one.has_submitted:
        state = "Answers sent"
    elif one.draft_saved_at is not None:
        state = f"Begun, last saved {date_time(one.draft_saved_at)}"
    elif one.sheet_started_at is not None:
        state = f"Being entered from paper or a call, begun {date_time(one.sheet_started_at)}"
    else:
        state = "Not begun"
    return InvitationRow(
        public_id=one.public_id,
        where=f"{one.council}: {one.round_title}",
        agency=one.agency,
        label=one.label,
        state=f"{state}; link withdrawn" if one.is_withdrawn else state,
        has_draft=one.draft_saved_at is not None,
    )


@dataclass(frozen=True)
class KeptKind:
    """One kind of record: what it holds, who can see it, until when it is kept."""

    title: str
    holds: str
    seen_by: str
    until: str


@dataclass(frozen=True)
class ProtectionPage:
    """What an installation keeps, true to its settings."""

    kinds: tuple[KeptKind, ...]
    retention_days: int
    mail: str
    database: str
    encrypted: bool
    session_minutes: int
    second_factor: str
    sign_in_elsewhere: str


_MAIL = {
    MailWay.NONE: (
        "This installation sends no e-mails: they wait until somebody sets up a way to send them."
    ),
    MailWay.LOCAL: (
        "This is a demo: e-mails are not sent. They are kept in the database and shown on a page."
    ),
    MailWay.SMTP: "E-mails leave through the mail server set up for this installation.",
    MailWay.NOTIFY: (
        "E-mails leave through GOV.UK Notify, which receives the address and the text of each."
    ),
}


def protection_page(settings: Settings) -> ProtectionPage:
    """The data-protection page of an installation with these settings."""
    days = f"{settings.retention_days} days after the round has ended, then deleted by itself"
    is_file = settings.database_url.startswith("sqlite")
    return ProtectionPage(
        kinds=_kinds(days),
        retention_days=settings.retention_days,
        mail=_MAIL[settings.mail.way],
        database="one file on the server" if is_file else "a PostgreSQL database",
        encrypted=settings.base_url.startswith("https://"),
        session_minutes=settings.session_minutes,
        second_factor=(
            "must use a second step to sign in"
            if settings.second_factor is SecondFactor.REQUIRED
            else "can add a second step to their sign-in"
        ),
        sign_in_elsewhere=settings.oidc.name if settings.oidc else "",
    )


def _kinds(days: str) -> tuple[KeptKind, ...]:
    manager = "Review managers of the council"
    with_council = "As long as the council keeps the round"
    return (
        KeptKind(
            "Invitations",
            "Agency, and where the council entered them a name or post and an e-mail address; "
            "whether the invitation was used, not when",
            manager,
            days,
        ),
        KeptKind(
            "Unfinished answers",
            "What somebody has entered and not sent, with when it was begun and last saved",
            "The holder of the link or code. A review manager who looks a link up could open it "
            "too: that goes on record. Somebody who runs the database could read it",
            f"Until they are sent or their holder deletes them; at the latest {days}",
        ),
        KeptKind(
            "Answers sent in",
            "The answers with agency and level, under a random number: no name, no date, no link "
            "to an invitation",
            "Nobody one by one. Figures for groups are shown once the round has closed",
            with_council,
        ),
        KeptKind(
            "Comments",
            "What was written, with the agency; apart from the other answers",
            f"{manager}; others once personal details have been taken out. While a round is open "
            "only those in which the program finds signs of a child at risk or personal details",
            with_council,
        ),
        KeptKind(
            "Sheets being entered for somebody",
            "Answers given on paper or by telephone, until they are sent, with what stands on the "
            "sheet to find it again",
            f"{manager} who enter them",
            f"Until they are sent; at the latest {days}",
        ),
        KeptKind(
            "What was done about a comment",
            "That somebody read a comment on the daily list, and what they did, never what it says",
            manager,
            f"{with_council}; its day only where somebody was told or contacted",
        ),
        KeptKind(
            "How many answers came in on each day",
            "One number for each day of a round, not by agency",
            manager,
            with_council,
        ),
        KeptKind(
            "Messages",
            "To which address what kind of message went and when; the text is not kept",
            manager,
            f"With the invitation they belong to; others {days}",
        ),
        KeptKind(
            "Agency returns",
            "An agency’s own statement: each answer with who saved it and when, evidence, notes, "
            "who signed it",
            "The agency’s lead, contributors for the parts shared with them, and once it is signed "
            "the councils it is given to",
            with_council,
        ),
        KeptKind(
            "Contributors to a return",
            "Name, post and, where entered, an e-mail address",
            "As the return",
            with_council,
        ),
        KeptKind(
            "Agencies’ contacts",
            "Name and e-mail address of whom to turn to at an agency",
            manager,
            days,
        ),
        KeptKind(
            "Accounts",
            "Name, e-mail address, roles, a password that cannot be read back, when and with what "
            "kind of device one signed in",
            "Administrators; their own sessions each person",
            "Until an administrator ends the account",
        ),
        KeptKind(
            "Record of events",
            "Which account did what and when: settings changed, files taken, rounds closed. Never "
            "an answer, a comment or a respondent",
            "Administrators",
            "As long as the installation",
        ),
        KeptKind(
            "Wrong codes and passwords",
            "A scrambled form of the network address or name, to stop guessing",
            "Nobody",
            "An hour; deleted at the next wrong try after that",
        ),
    )
