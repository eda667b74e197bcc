"""People and their roles: inviting somebody, giving and taking roles, deactivating an account.

What is put on record names people by the id of their account, so that the record keeps no address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import account_links
from survey.actions.accounts import InvalidAccount, check_email, check_name
from survey.data import accounts, audit, sign_ins
from survey.data.accounts import Held, Role
from survey.data.audit import AuditAction
from survey.data.models import Account
from survey.errors import NotFound, SurveyError

ROLE_WORDS: dict[Role, str] = {
    Role.ADMINISTRATOR: "administrator",
    Role.REVIEW_MANAGER: "review manager",
    Role.TEAM_MEMBER: "review team member",
    Role.COUNCIL_OFFICER: "council officer",
    Role.REGIONAL_LEAD: "regional lead",
    Role.AGENCY_LEAD: "agency lead",
}
"""Each role as people call it."""


class LastAdministrator(SurveyError):
    """Nobody would be left to run the installation."""


@dataclass(frozen=True)
class Given:
    """A role, and the one thing it is given for; nothing for an administrator."""

    role: Role
    council_id: str | None = None
    programme_id: str | None = None
    agency_id: str | None = None
    review_id: str | None = None


@dataclass(frozen=True)
class Invited:
    """What came of an invitation."""

    account_id: str
    was_sent: bool
    """Whether a message was put in the outbox; somebody who can sign in already gets none."""


def held_words(held: Held) -> str:
    """A role with what it is held for, such as "council officer, Wexmoor Council"."""
    return f"{ROLE_WORDS[held.role]}, {held.of}" if held.of else ROLE_WORDS[held.role]


def invite(
    session: Session, *, email: str, name: str, given: Given, by: str, now: datetime
) -> Invited:
    """Gives somebody a role, making their account and inviting them to it where they have none.

    An account that is there keeps its name. Raises InvalidAccount where the address or the name is
    wrong, or the account is deactivated.
    """
    address, called = check_email(email), check_name(name)
    account = accounts.find_by_email(session, email=address)
    if account is None:
        account = accounts.add_or_find_account(
            session, email=address, name=called, password_hash=None, now=now
        )
    if account.deactivated_at_utc is not None:
        raise InvalidAccount(
            "This person’s account has been deactivated. Ask an administrator to open it again."
        )
    give_role(session, account_id=account.id, given=given, by=by, now=now)
    return Invited(account.id, send_invitation(session, account=account, by=by, now=now))


def send_invitation(session: Session, *, account: Account, by: str, now: datetime) -> bool:
    """Sends an invitation to somebody who has no password yet; False where none is needed."""
    if account.password_hash is not None or account.deactivated_at_utc is not None:
        return False
    held = accounts.list_held(session, account_ids=[account.id]).get(account.id, ())
    inviter = accounts.get_account(session, account_id=by)
    was_put = account_links.send_invitation(
        session,
        account=account,
        inviter=inviter.name,
        role=" and ".join(held_words(one) for one in held) or "a guest",
        now=now,
    )
    if was_put:
        audit.record(
            session,
            action=AuditAction.ACCOUNT_INVITED,
            at=now,
            account_id=by,
            detail={"person": account.id},
        )
    return was_put


def give_role(
    session: Session, *, account_id: str, given: Given, by: str | None, now: datetime
) -> bool:
    """Gives an account a role, on record; False where it holds it already."""
    membership_id = accounts.give(
        session,
        account_id=account_id,
        role=given.role,
        council_id=given.council_id,
        programme_id=given.programme_id,
        agency_id=given.agency_id,
        review_id=given.review_id,
    )
    if membership_id is None:
        return False
    held = _held(session, account_id=account_id, membership_id=membership_id)
    audit.record(
        session,
        action=AuditAction.ROLE_GIVEN,
        at=now,
        account_id=by,
        council_id=_council_of(session, held),
        detail={"person": account_id, "what": "role", "old": "", "new": held_words(held)},
    )
    return True


def take_role(
    session: Session, *, account_id: str, membership_id: str, by: str, now: datetime
) -> None:
    """Takes a role from an account, on record. Raises NotFound, and LastAdministrator."""
    held = _held(session, account_id=account_id, membership_id=membership_id)
    if held.role is Role.ADMINISTRATOR:
        _keep_one_administrator(session, without=account_id)
    council_id = _council_of(session, held)
    accounts.remove_membership(session, account_id=account_id, membership_id=membership_id)
    audit.record(
        session,
        action=AuditAction.ROLE_TAKEN,
        at=now,
        account_id=by,
        council_id=council_id,
        detail={"person": account_id, "what": "role", "old": held_words(held), "new": ""},
    )


def rename(session: Session, *, account: Account, name: str, by: str, now: datetime) -> None:
    """Gives an account another name, on record. Raises InvalidAccount."""
    called = check_name(name)
    if called == account.name:
        return
    audit.record(
        session,
        action=AuditAction.ACCOUNT_CHANGED,
        at=now,
        account_id=by,
        detail={"person": account.id, "what": "name", "old": account.name, "new": called},
    )
    account.name = called


def deactivate(session: Session, *, account: Account, by: str, now: datetime) -> None:
    """Shuts an account: nobody signs in with it, its sessions and links end, its roles stay.

    Raises LastAdministrator; and InvalidAccount for one's own account, so that nobody shuts
    themselves out by mistake.
    """
    if account.deactivated_at_utc is not None:
        return
    if account.id == by:
        raise InvalidAccount("You cannot deactivate your own account.")
    if accounts.holds(session, account_id=account.id, role=Role.ADMINISTRATOR):
        _keep_one_administrator(session, without=account.id)
    account.deactivated_at_utc = now
    account.session_generation += 1
    sign_ins.end_all(session, account_id=account.id, at=now)
    _record_about(session, AuditAction.ACCOUNT_DEACTIVATED, account, by, now)


def reactivate(session: Session, *, account: Account, by: str, now: datetime) -> None:
    """Opens an account again, with its password, second factor and roles as they were."""
    if account.deactivated_at_utc is None:
        return
    account.deactivated_at_utc = None
    _record_about(session, AuditAction.ACCOUNT_REACTIVATED, account, by, now)


def _record_about(
    session: Session, action: AuditAction, account: Account, by: str, now: datetime
) -> None:
    audit.record(session, action=action, at=now, account_id=by, detail={"person": account.id})


def _held(session: Session, *, account_id: str, membership_id: str) -> Held:
    all_ = accounts.list_held(session, account_ids=[account_id]).get(account_id, ())
    for held in all_:
        if held.id == membership_id:
            return held
    raise NotFound("The account does not hold that role.")


def _council_of(session: Session, held: Held) -> str | None:
    if held.review_id is not None:
        return accounts.council_of_review(session, review_id=held.review_id)
    return held.council_id


def _keep_one_administrator(session: Session, *, without: str) -> None:
    if accounts.count_administrators(session, without=without) == 0:
        raise LastAdministrator(
            "This is the last administrator who can sign in. Make somebody else one first."
        )
