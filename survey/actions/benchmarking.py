"""Sharing a round's figures with other councils, and working out how it stands beside theirs.

Councils that agreed to share are a group: no other is named, and there are figures only where at
least eight others stand behind them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from sqlalchemy.orm import Session

from analysis.benchmarked import FORMAT
from analysis.councils_group import CouncilRound, within
from question_banks.crosswalk import load_crosswalk
from survey.data import audit, rounds, sharing, snapshots
from survey.data.audit import AuditAction
from survey.data.rounds import RoundOfCouncil
from survey.data.sharing import ConsentRow, SharedRound
from survey.data.snapshots import SnapshotRef
from survey.errors import NotAllowedNow

MONTHS = 18
"""How far apart the rounds of a benchmark may lie."""
MOST_DAYS_OF_A_MONTH = 31


@dataclass(frozen=True)
class Group:
    """The councils that can stand beside a round now, one round of each, and its own snapshot.

    `key` is a digest of all a benchmark of them is made from.
    """

    own: SnapshotRef
    closed: datetime
    others: tuple[SharedRound, ...]
    key: str


def agree_to_share(
    session: Session, item: RoundOfCouncil, *, account_id: str | None, now: datetime
) -> None:
    """Keeps that the council agrees to share a round; agreeing twice changes nothing."""
    rounds.lock_for_change(session, round_id=item.round.id)
    if sharing.find_consent(session, round_id=item.round.id) is not None:
        return
    sharing.add_consent(session, round_id=item.round.id, account_id=account_id, at=now)
    _record(session, AuditAction.SHARING_AGREED, item, account_id, now)


def withdraw(
    session: Session, item: RoundOfCouncil, *, account_id: str | None, now: datetime
) -> None:
    """Ends the sharing of a round; without an agreement nothing changes."""
    rounds.lock_for_change(session, round_id=item.round.id)
    consent = sharing.find_consent(session, round_id=item.round.id)
    if consent is None:
        return
    sharing.withdraw_consent(session, consent_id=consent.id, account_id=account_id, at=now)
    _record(session, AuditAction.SHARING_WITHDRAWN, item, account_id, now)


def find_consent(session: Session, item: RoundOfCouncil) -> ConsentRow | None:
    """The agreement in force, or None."""
    return sharing.find_consent(session, round_id=item.round.id)


def get_group(session: Session, item: RoundOfCouncil) -> Group:
    """The councils that can stand beside a round now. Raises NotAllowedNow without findings."""
    own = snapshots.find_latest(session, round_id=item.round.id)
    if own is None or item.round.closed_at_utc is None:
        raise NotAllowedNow("Other councils are shown once the round is closed and has findings.")
    closed = item.round.closed_at_utc
    span = timedelta(days=MONTHS * MOST_DAYS_OF_A_MONTH)
    nearest: dict[str, SharedRound] = {}
    for shared in sharing.list_shared(session, since=closed - span, until=closed + span):
        if (
            shared.council_id == item.council.id
            or not within(closed.date(), shared.closed_at.date(), months=MONTHS)
            or not _asks_the_same(shared.bank_id, item)
        ):
            continue
        known = nearest.get(shared.council_id)
        if known is None or _apart(shared, closed) < _apart(known, closed):
            nearest[shared.council_id] = shared
    others = tuple(sorted(nearest.values(), key=lambda shared: shared.snapshot_id))
    made_from = [FORMAT, version("signpost"), own.id, *(shared.snapshot_id for shared in others)]
    return Group(own, closed, others, hashlib.sha256("\n".join(made_from).encode()).hexdigest())


def _apart(shared: SharedRound, closed: datetime) -> timedelta:
    return abs(shared.closed_at - closed)


def _asks_the_same(bank_id: str, item: RoundOfCouncil) -> bool:
    """Whether a questionnaire is the round's own, or has questions linked with it."""
    if bank_id == item.round.bank_id:
        return True
    theirs, ours = bank_id.partition("@")[0], item.round.bank_id.partition("@")[0]
    return theirs != ours and bool(load_crosswalk().links_between(theirs, ours))


def make_benchmark(
    session: Session, item: RoundOfCouncil, *, account_id: str | None, now: datetime
) -> None:
    """Works out how a round stands beside others', and keeps it in place of what was before."""
    # pandas is loaded by the request that works it out, and by no page that shows it.
    from analysis.councils import benchmark

    group = get_group(session, item)
    own = CouncilRound(
        council=item.council.name,
        title=item.round.title,
        closed=group.closed.date(),
        summary=snapshots.get_summary(session, snapshot_id=group.own.id),
    )
    others = [
        CouncilRound(
            council=shared.council_id,
            title=shared.title,
            closed=shared.closed_at.date(),
            summary=snapshots.get_summary(session, snapshot_id=shared.snapshot_id),
        )
        for shared in group.others
    ]
    found = benchmark(own, others, months=MONTHS)
    sharing.put_benchmark(session, round_id=item.round.id, key=group.key, benchmark=found, at=now)
    _record(session, AuditAction.BENCHMARKED, item, account_id, now)


def record_export(
    session: Session,
    item: RoundOfCouncil,
    *,
    file_format: str,
    account_id: str,
    now: datetime,
) -> None:
    """Puts on record that a file of a benchmark was made and by whom."""
    audit.record(
        session,
        action=AuditAction.EXPORTED,
        at=now,
        account_id=account_id,
        council_id=item.council.id,
        detail={"benchmark": item.round.slug, "format": file_format},
    )


def _record(
    session: Session,
    action: AuditAction,
    item: RoundOfCouncil,
    account_id: str | None,
    now: datetime,
) -> None:
    audit.record(
        session,
        action=action,
        at=now,
        account_id=account_id,
        council_id=item.council.id,
        detail={"round": item.round.slug},
    )
