"""Rounds that can be compared, what people noted about them, and comparisons worked out so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, aliased

from analysis.compared import CircumstanceKind, Comparison
from survey.data.models import (
    Account,
    CircumstanceNote,
    ComparedPair,
    ComparedRound,
    Council,
    PublishedRound,
    Review,
    Round,
    Snapshot,
    StoredComparison,
    WordingDecision,
)
from survey.errors import NotFound

MOST_KEPT = 16
_comparisons: dict[str, Comparison] = {}


def lock_council(session: Session, *, council_id: str) -> str:
    """The name of a council, held so that nobody else compares its rounds until the commit."""
    name: str = session.execute(
        select(Council.name).where(Council.id == council_id).with_for_update(key_share=True)
    ).scalar_one()
    return name


@dataclass(frozen=True)
class RoundWithSnapshot:
    """A closed round of a council with its newest snapshot."""

    round_id: str
    slug: str
    title: str
    review: str
    opens_at: datetime
    bank_id: str
    bank_digest: str
    snapshot_id: str
    number: int
    answered: int
    tally_digest: str


def list_comparable(session: Session, *, council_id: str) -> list[RoundWithSnapshot]:
    """The closed rounds of a council that have a snapshot, the newest first."""
    newest = (
        select(Snapshot.round_id, func.max(Snapshot.number).label("number"))
        .group_by(Snapshot.round_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Round.id,
            Round.slug,
            Round.title,
            Review.title,
            Round.opens_at_utc,
            Round.bank_id,
            Round.bank_digest,
            Snapshot.id,
            Snapshot.number,
            Snapshot.answered,
            Snapshot.tally_digest,
        )
        .join(Review, Review.id == Round.review_id)
        .join(newest, newest.c.round_id == Round.id)
        .join(
            Snapshot,
            (Snapshot.round_id == newest.c.round_id) & (Snapshot.number == newest.c.number),
        )
        .where(Review.council_id == council_id, Round.closed_at_utc.is_not(None))
        .order_by(Round.opens_at_utc.desc(), Round.slug)
    )
    return [RoundWithSnapshot(*row) for row in rows]


@dataclass(frozen=True)
class BankOfCouncil:
    """A questionnaire that a council has asked, and a round that holds a copy of it."""

    bank_id: str
    bank_digest: str
    round_id: str


def list_banks(session: Session, *, council_id: str) -> list[BankOfCouncil]:
    """The questionnaires a council's rounds ask, one of each id: the newest round's copy."""
    rows = session.execute(
        select(Round.bank_id, Round.bank_digest, Round.id)
        .join(Review, Review.id == Round.review_id)
        .where(Review.council_id == council_id)
        .order_by(Round.opens_at_utc, Round.slug)
    )
    newest = {bank_id: BankOfCouncil(bank_id, digest, id_) for bank_id, digest, id_ in rows}
    return [newest[bank_id] for bank_id in sorted(newest)]


@dataclass(frozen=True)
class FrozenSnapshot:
    """What a snapshot holds, for the analysis only and never for a page: its ungated tally, those
    of the snapshots before it, and the settings and questionnaire of its round.
    """

    snapshot_id: str
    round_id: str
    title: str
    opens_at: datetime
    bank_digest: str
    analysis_settings: dict[str, Any]
    tally_json: str
    earlier: tuple[str, ...]


def get_frozen(session: Session, *, snapshot_id: str) -> FrozenSnapshot:
    """What a snapshot holds."""
    number, tally_json, round_id, title, opens_at, bank_digest, settings = session.execute(
        select(
            Snapshot.number,
            Snapshot.tally_json,
            Round.id,
            Round.title,
            Round.opens_at_utc,
            Round.bank_digest,
            Round.analysis_settings,
        )
        .join(Round, Round.id == Snapshot.round_id)
        .where(Snapshot.id == snapshot_id)
    ).one()
    earlier = session.scalars(
        select(Snapshot.tally_json)
        .where(Snapshot.round_id == round_id, Snapshot.number < number)
        .order_by(Snapshot.number)
    )
    return FrozenSnapshot(
        snapshot_id=snapshot_id,
        round_id=round_id,
        title=title,
        opens_at=opens_at,
        bank_digest=bank_digest,
        analysis_settings=settings,
        tally_json=tally_json,
        earlier=tuple(earlier),
    )


@dataclass(frozen=True)
class PairRow:
    """Two snapshots that were shown side by side, with their rounds."""

    before: str
    after: str
    before_round: str
    after_round: str


def list_pairs(session: Session, *, council_id: str) -> list[PairRow]:
    """The snapshots of a council that were shown side by side, the first shown first."""
    before, after = aliased(Snapshot), aliased(Snapshot)
    rows = session.execute(
        select(before.id, after.id, before.round_id, after.round_id)
        .select_from(ComparedPair)
        .join(before, before.id == ComparedPair.before_snapshot_id)
        .join(after, after.id == ComparedPair.after_snapshot_id)
        .join(Round, Round.id == before.round_id)
        .join(Review, Review.id == Round.review_id)
        .where(Review.council_id == council_id)
        .order_by(ComparedPair.shown_from_utc, before.id, after.id)
    )
    return [PairRow(*row) for row in rows]


def add_pairs(session: Session, pairs: Sequence[tuple[str, str]], *, at: datetime) -> None:
    """Enters pairs of snapshots that have not been shown side by side before."""
    session.add_all(
        ComparedPair(before_snapshot_id=before, after_snapshot_id=after, shown_from_utc=at)
        for before, after in pairs
    )
    session.flush()


@dataclass(frozen=True)
class WordingRow:
    """A decision whether two wordings may be compared, with who made it and why."""

    before_bank: str
    before_question: str
    after_bank: str
    after_question: str
    comparable: bool
    reason: str
    who: str
    at: datetime


def list_wording_decisions(session: Session, *, council_id: str) -> list[WordingRow]:
    """The decisions in force for a council: the newest of each pair, in the order made."""
    rows = session.execute(
        select(WordingDecision, Account.name)
        .outerjoin(Account, Account.id == WordingDecision.account_id)
        .where(WordingDecision.council_id == council_id)
        .order_by(WordingDecision.at_utc, WordingDecision.id)
    )
    newest: dict[tuple[str, str, str, str], WordingRow] = {}
    for row, who in rows:
        pair = (row.before_bank, row.before_question, row.after_bank, row.after_question)
        newest[pair] = WordingRow(
            *pair,
            comparable=row.comparable,
            reason=row.reason,
            who=who or "somebody whose account has been removed",
            at=row.at_utc,
        )
    return list(newest.values())


def add_wording_decision(
    session: Session,
    *,
    council_id: str,
    before: tuple[str, str],
    after: tuple[str, str],
    comparable: bool,
    reason: str,
    account_id: str | None,
    at: datetime,
) -> None:
    """Stores a decision; `before` and `after` are a bank's id and a question's code."""
    session.add(
        WordingDecision(
            council_id=council_id,
            before_bank=before[0],
            before_question=before[1],
            after_bank=after[0],
            after_question=after[1],
            comparable=comparable,
            reason=reason,
            account_id=account_id,
            at_utc=at,
        )
    )
    session.flush()


@dataclass(frozen=True)
class End:
    """One end of a step: the id of a round, or of a published round."""

    round_id: str | None = None
    published_id: str | None = None


@dataclass(frozen=True)
class NoteRow:
    """A note that something around a question changed between two rounds."""

    id: str
    before: End
    after: End
    question: str
    kind: CircumstanceKind
    note: str
    who: str
    at: datetime


def list_notes(session: Session, *, council_id: str) -> list[NoteRow]:
    """The notes of a council that have not been taken back, the oldest first."""
    rows = session.execute(
        select(CircumstanceNote, Account.name)
        .outerjoin(Account, Account.id == CircumstanceNote.account_id)
        .where(
            CircumstanceNote.council_id == council_id,
            CircumstanceNote.taken_back_at_utc.is_(None),
        )
        .order_by(CircumstanceNote.at_utc, CircumstanceNote.id)
    )
    return [
        NoteRow(
            id=row.id,
            before=End(row.before_round_id, row.before_published_id),
            after=End(row.after_round_id, row.after_published_id),
            question=row.question,
            kind=CircumstanceKind(row.kind),
            note=row.note,
            who=who or "somebody whose account has been removed",
            at=row.at_utc,
        )
        for row, who in rows
    ]


def add_note(
    session: Session,
    *,
    council_id: str,
    before: End,
    after: End,
    question: str,
    kind: CircumstanceKind,
    note: str,
    account_id: str | None,
    at: datetime,
) -> None:
    """Stores a note."""
    session.add(
        CircumstanceNote(
            council_id=council_id,
            before_round_id=before.round_id,
            before_published_id=before.published_id,
            after_round_id=after.round_id,
            after_published_id=after.published_id,
            question=question,
            kind=kind,
            note=note,
            account_id=account_id,
            at_utc=at,
        )
    )
    session.flush()


def take_back_note(session: Session, *, council_id: str, note_id: str, at: datetime) -> None:
    """Takes a note back. Raises NotFound for a note of another council, or one taken back."""
    done = session.execute(
        update(CircumstanceNote)
        .where(
            CircumstanceNote.id == note_id,
            CircumstanceNote.council_id == council_id,
            CircumstanceNote.taken_back_at_utc.is_(None),
        )
        .values(taken_back_at_utc=at)
        .returning(CircumstanceNote.id)
    ).one_or_none()
    if done is None:
        raise NotFound("There is no such note.")


@dataclass(frozen=True)
class ComparisonPlace:
    """One round of a stored comparison as it is now.

    `is_closed` is False where the round has been opened again, and `is_newest` where a newer
    snapshot of it has been made; a published round is always both.
    """

    end: End
    bank_id: str
    is_closed: bool = True
    is_newest: bool = True


@dataclass(frozen=True)
class ComparisonRow:
    """A stored comparison and where its rounds stand now."""

    id: str
    key: str
    made_at: datetime
    comparison: Comparison
    places: tuple[ComparisonPlace, ...]


@dataclass(frozen=True)
class ComparisonRef:
    """A stored comparison in a list, with the titles of its rounds, oldest first."""

    id: str
    made_at: datetime
    titles: tuple[str, ...]


def find_comparison(session: Session, *, council_id: str, key: str) -> str | None:
    """The id of the comparison of a council made from exactly that, or None."""
    return session.scalars(
        select(StoredComparison.id).where(
            StoredComparison.council_id == council_id, StoredComparison.key == key
        )
    ).one_or_none()


def get_comparison(session: Session, *, council_id: str, comparison_id: str) -> ComparisonRow:
    """A stored comparison of a council. Raises NotFound for any other, existing or not."""
    row = session.execute(
        select(StoredComparison.key, StoredComparison.made_at_utc).where(
            StoredComparison.id == comparison_id, StoredComparison.council_id == council_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such comparison.")
    comparison = _comparisons.get(comparison_id)
    if comparison is None:
        text = session.execute(
            select(StoredComparison.comparison_json).where(StoredComparison.id == comparison_id)
        ).scalar_one()
        if len(_comparisons) >= MOST_KEPT:
            _comparisons.clear()
        comparison = _comparisons[comparison_id] = Comparison.model_validate_json(text)
    return ComparisonRow(
        id=comparison_id,
        key=row[0],
        made_at=row[1],
        comparison=comparison,
        places=_places(session, comparison_id),
    )


def _places(session: Session, comparison_id: str) -> tuple[ComparisonPlace, ...]:
    later = (
        select(func.max(Snapshot.number))
        .where(Snapshot.round_id == Round.id)
        .correlate(Round)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Round.id,
            Round.bank_id,
            Round.closed_at_utc,
            Snapshot.number,
            later,
            PublishedRound.id,
            PublishedRound.bank_id,
        )
        .select_from(ComparedRound)
        .outerjoin(Snapshot, Snapshot.id == ComparedRound.snapshot_id)
        .outerjoin(Round, Round.id == Snapshot.round_id)
        .outerjoin(PublishedRound, PublishedRound.id == ComparedRound.published_round_id)
        .where(ComparedRound.comparison_id == comparison_id)
        .order_by(ComparedRound.place)
    )
    return tuple(
        ComparisonPlace(End(published_id=published_id), published_bank)
        if published_id is not None
        else ComparisonPlace(
            End(round_id=round_id), bank_id, closed_at is not None, number == newest
        )
        for round_id, bank_id, closed_at, number, newest, published_id, published_bank in rows
    )


def list_comparisons(session: Session, *, council_id: str) -> list[ComparisonRef]:
    """The stored comparisons of a council, the newest first: of the same rounds only the newest."""
    rows = session.execute(
        select(
            StoredComparison.id,
            StoredComparison.made_at_utc,
            func.coalesce(Round.id, PublishedRound.id),
            func.coalesce(Round.title, PublishedRound.title),
        )
        .join(ComparedRound, ComparedRound.comparison_id == StoredComparison.id)
        .outerjoin(Snapshot, Snapshot.id == ComparedRound.snapshot_id)
        .outerjoin(Round, Round.id == Snapshot.round_id)
        .outerjoin(PublishedRound, PublishedRound.id == ComparedRound.published_round_id)
        .where(StoredComparison.council_id == council_id)
        .order_by(StoredComparison.made_at_utc.desc(), StoredComparison.id, ComparedRound.place)
    )
    newest: dict[tuple[str, ...], ComparisonRef] = {}
    for (id_, made_at), places in groupby(rows, key=lambda row: (row[0], row[1])):
        ends, titles = zip(*((end, title) for _, _, end, title in places), strict=True)
        newest.setdefault(ends, ComparisonRef(id_, made_at, titles))
    return list(newest.values())


def add_comparison(
    session: Session,
    *,
    council_id: str,
    key: str,
    comparison: Comparison,
    snapshots: Sequence[str | None],
    published: Sequence[str | None],
    account_id: str | None,
    at: datetime,
) -> str:
    """Stores a comparison; `snapshots` and `published` have one entry for each of its rounds."""
    stored = StoredComparison(
        council_id=council_id,
        key=key,
        made_at_utc=at,
        account_id=account_id,
        comparison_json=comparison.model_dump_json(),
    )
    session.add(stored)
    session.flush()
    session.add_all(
        ComparedRound(
            comparison_id=stored.id,
            place=place,
            snapshot_id=snapshot_id,
            published_round_id=published_id,
        )
        for place, (snapshot_id, published_id) in enumerate(zip(snapshots, published, strict=True))
    )
    session.flush()
    return stored.id


def delete_comparisons_with(session: Session, end: End) -> None:
    """Deletes every comparison in which a round or a published round stands."""
    with_it = select(ComparedRound.comparison_id)
    if end.round_id is not None:
        with_it = with_it.join(Snapshot, Snapshot.id == ComparedRound.snapshot_id).where(
            Snapshot.round_id == end.round_id
        )
    else:
        with_it = with_it.where(ComparedRound.published_round_id == end.published_id)
    session.execute(
        delete(StoredComparison).where(StoredComparison.id.in_(with_it)),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
