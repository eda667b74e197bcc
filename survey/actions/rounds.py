"""Starting a round: which council, which bank, when, and whom to turn to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.settings import AnalysisSettings
from question_banks.bank import Bank, BankKind
from question_banks.loader import bank_digest, bank_to_json
from survey.data import audit, comparing, reviews, rounds
from survey.data.audit import AuditAction
from survey.data.comparing import End
from survey.data.models import Council, Invited, Review, Round, RoundEventKind
from survey.data.rounds import RoundOfCouncil
from survey.errors import SurveyError

LONGEST_SLUG = 60
TAKEN = frozenset(
    {
        "agencies",
        "council",
        "councils",
        "new",
        "outbox",
        "personal-data",
        "register",
        "reviews",
        "rounds",
        "team",
    }
)
"""Words that stand in addresses beside rounds, so that no round is called so."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

FIRST_REVIEW = "Peer review"
"""What a council's first review is called when it was given no title."""


class InvalidRound(SurveyError):
    """A round cannot be made like this; every fault is listed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, kw_only=True)
class NewRound:
    """What a round is made from. Times are aware; `review_title` None means the only review.

    `contact` runs the questionnaire, `urgent_contact` is for a child who may be at risk now,
    `comments_checked_by` names who looks at flagged comments every day.
    """

    slug: str
    title: str
    opens_at: datetime
    closes_at: datetime
    contact: str
    urgent_contact: str
    comments_checked_by: str
    invited_how: str = ""
    review_title: str | None = None


def create_round(
    session: Session,
    new: NewRound,
    *,
    council: Council,
    bank: Bank,
    settings: AnalysisSettings,
    now: datetime,
) -> Round:
    """Makes a round with its own frozen copy of the bank, and the review if there is none yet.

    Raises InvalidRound with every fault. An agency return is refused: it is one agreed answer of
    an agency, which a round of personal invitations cannot collect.
    """
    faults = [*_faults(new), *_bank_faults(bank)]
    if _SLUG.fullmatch(new.slug) and reviews.is_round_slug_taken(session, slug=new.slug):
        faults.append(f"There is a round called {new.slug!r} already.")
    if faults:
        raise InvalidRound(faults)
    review = _review(session, council, new.review_title)
    round_ = reviews.add_round(
        session,
        review_id=review.id,
        slug=new.slug,
        title=new.title.strip(),
        bank_id=bank.id,
        bank_digest=bank_digest(bank),
        bank_json=bank_to_json(bank),
        analysis_settings=settings.model_dump(mode="json"),
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        contact=new.contact.strip(),
        urgent_contact=new.urgent_contact.strip(),
        comments_checked_by=new.comments_checked_by.strip(),
        invited_how=new.invited_how.strip(),
        launched_at=now,
        everyone_invited=Invited.EVERYONE if settings.everyone_in_scope else Invited.UNKNOWN,
    )
    rounds.add_event(
        session, round_id=round_.id, kind=RoundEventKind.CREATED, at=now, account_id=None
    )
    audit.record(
        session,
        action=AuditAction.ROUND_CREATED,
        at=now,
        council_id=council.id,
        detail={"round": round_.slug, "bank": bank.id},
    )
    return round_


def delete_round(
    session: Session, found: RoundOfCouncil, *, now: datetime, account_id: str | None = None
) -> None:
    """Deletes a round and everything that belongs to it; that it was deleted stays on record.

    After the commit the caller calls `anonymity.erase_traces`.
    """
    slug = found.round.slug
    comparing.delete_comparisons_with(session, End(round_id=found.round.id))
    reviews.delete_round(session, round_id=found.round.id)
    audit.record(
        session,
        action=AuditAction.ROUND_DELETED,
        at=now,
        account_id=account_id,
        council_id=found.council.id,
        detail={"round": slug},
    )


def _faults(new: NewRound) -> list[str]:
    faults = []
    if not _SLUG.fullmatch(new.slug) or len(new.slug) > LONGEST_SLUG:
        faults.append(
            f"{new.slug!r} cannot name a round in commands and addresses: use lower-case letters, "
            f"digits and single hyphens, {LONGEST_SLUG} characters at most."
        )
    if new.slug in TAKEN:
        faults.append(f"{new.slug!r} is the address of another page; choose another name.")
    texts = (
        ("title", new.title, 200),
        ("contact", new.contact, 300),
        ("urgent contact", new.urgent_contact, 300),
        ("name of who checks comments", new.comments_checked_by, 200),
    )
    for name, text, longest in texts:
        if not text.strip():
            faults.append(f"The {name} is missing.")
        elif len(text.strip()) > longest:
            faults.append(f"The {name} has more than {longest} characters.")
    if new.opens_at >= new.closes_at:
        faults.append("The round must open before it closes.")
    return faults


def _bank_faults(bank: Bank) -> list[str]:
    if bank.kind is BankKind.AGENCY_RETURN:
        return [
            (
                f"{bank.id} is answered once by each agency as a whole. Such agency returns "
                "cannot be collected yet; choose a bank for practitioners."
            )
        ]
    return []


def _review(session: Session, council: Council, title: str | None) -> Review:
    known = reviews.list_reviews(session, council_id=council.id)
    if title is not None:
        wanted = title.strip()
        if not wanted or len(wanted) > 200:
            raise InvalidRound(["The title of the review must have 1 to 200 characters."])
        same = [review for review in known if review.title == wanted]
        return same[0] if same else reviews.add_review(session, council_id=council.id, title=wanted)
    if len(known) > 1:
        titles = ", ".join(repr(review.title) for review in known)
        raise InvalidRound([f"{council.name} has several reviews; say which one: {titles}."])
    if known:
        return known[0]
    return reviews.add_review(session, council_id=council.id, title=FIRST_REVIEW)
