"""The rounds that agency returns are given to, and those that ask for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import Session

from question_banks.bank import BankKind
from survey.data.banks import get_bank
from survey.data.models import (
    Agency,
    Council,
    InvitedAgency,
    Membership,
    ReturnRound,
    Review,
    Role,
    Round,
)
from survey.data.models.invited import AnswersBy


@dataclass(frozen=True)
class RoundOfReturn:
    """A round that a return is given to, with what its pages say of it."""

    round_id: str
    slug: str
    title: str
    council_id: str
    council: str
    opens_at: datetime
    closes_at: datetime
    extended_to: datetime | None
    closed_at: datetime | None
    withdrawn_at: datetime | None
    contact: str
    urgent_contact: str
    bank_digest: str

    @property
    def answers_until(self) -> datetime:
        """When this agency must be done."""
        return max(self.closes_at, self.extended_to) if self.extended_to else self.closes_at

    def takes_answers(self, now: datetime) -> bool:
        """Whether the agency may still write for it."""
        return self.takes_signatures(now) and now < self.answers_until

    def takes_signatures(self, now: datetime) -> bool:
        """Whether a return may be signed for it: until the round is closed."""
        return self.closed_at is None and self.withdrawn_at is None and now >= self.opens_at


def led_by(account_id: str) -> ColumnElement[bool]:
    """Whether an account leads the agency of the row."""
    return exists().where(
        Membership.account_id == account_id,
        Membership.role == Role.AGENCY_LEAD,
        Membership.agency_id == Agency.id,
    )


_ROUNDS: Select[*tuple[Any, ...]] = (
    select(
        ReturnRound.return_id,
        Round.id,
        Round.slug,
        Round.title,
        Council.id,
        Council.name,
        Round.opens_at_utc,
        Round.closes_at_utc,
        ReturnRound.extended_to_utc,
        Round.closed_at_utc,
        Round.withdrawn_at_utc,
        Round.contact,
        Round.urgent_contact,
        Round.bank_digest,
    )
    .join(Round, Round.id == ReturnRound.round_id)
    .join(Review, Review.id == Round.review_id)
    .join(Council, Council.id == Review.council_id)
    .where(ReturnRound.return_id.in_(bindparam("ids", expanding=True)))
    .order_by(Round.closes_at_utc.desc(), Round.slug)
)


def rounds_of(session: Session, return_ids: Sequence[str]) -> dict[str, list[RoundOfReturn]]:
    """Return to the rounds it is given to, the one that ends last first."""
    found: dict[str, list[RoundOfReturn]] = {}
    rows = session.execute(_ROUNDS, {"ids": list(return_ids)})
    for return_id, *rest in rows:
        found.setdefault(return_id, []).append(RoundOfReturn(*rest))
    return found


def hold_invited(session: Session, *, round_id: str) -> None:
    """Holds the round's agencies until the commit, so that none begins two returns at once."""
    session.execute(
        select(InvitedAgency.id)
        .where(InvitedAgency.round_id == round_id)
        .order_by(InvitedAgency.id)
        .with_for_update()
    ).all()


@dataclass(frozen=True)
class RoundToAnswer:
    """A round in which an agency is asked for a return, and the return if it has begun one."""

    round: RoundOfReturn
    agency_id: str
    agency: str
    bank_id: str
    return_id: str | None


def list_rounds_to_answer(
    session: Session, *, account_id: str, round_id: str | None = None
) -> list[RoundToAnswer]:
    """Launched rounds that ask for a return from an agency the account leads, by when they end.

    All agencies of a round whose bank is answered by agencies; and of a bank that either may
    answer, those invited to give a return. `round_id` asks for one round only.
    """
    query = (
        select(
            Round.id,
            Round.slug,
            Round.title,
            Council.id,
            Council.name,
            Round.opens_at_utc,
            Round.closes_at_utc,
            ReturnRound.extended_to_utc,
            Round.closed_at_utc,
            Round.withdrawn_at_utc,
            Round.contact,
            Round.urgent_contact,
            Round.bank_digest,
            Agency.id,
            Agency.name,
            Round.bank_id,
            ReturnRound.return_id,
            InvitedAgency.answers_by,
        )
        .select_from(InvitedAgency)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .join(Round, Round.id == InvitedAgency.round_id)
        .join(Review, Review.id == Round.review_id)
        .join(Council, Council.id == Review.council_id)
        .outerjoin(
            ReturnRound,
            (ReturnRound.round_id == Round.id) & (ReturnRound.agency_id == Agency.id),
        )
        .where(led_by(account_id), Round.launched_at_utc.is_not(None))
        .order_by(Round.closes_at_utc, Round.slug, Agency.name)
    )
    if round_id is not None:
        query = query.where(Round.id == round_id)
    found = []
    for *round_, agency_id, agency, bank_id, return_id, answers_by in session.execute(query).all():
        item = RoundOfReturn(*round_)
        kind = get_bank(session, round_id=item.round_id, digest=item.bank_digest).kind
        asks = kind is BankKind.AGENCY_RETURN or (
            kind is BankKind.BOTH and answers_by == AnswersBy.RETURN
        )
        if asks or return_id is not None:
            found.append(
                RoundToAnswer(
                    round=item,
                    agency_id=agency_id,
                    agency=agency,
                    bank_id=bank_id,
                    return_id=return_id,
                )
            )
    return found
