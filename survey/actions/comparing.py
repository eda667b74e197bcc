"""Comparing rounds of one council: what can be compared, and working a comparison out.

A comparison is worked out when somebody asks for it, and kept; pages render what is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from analysis.compared import FORMAT, CircumstanceKind, Comparison, Step
from analysis.settings import AnalysisSettings
from question_banks.lineage import Verdict
from survey.actions.publishing import month_of, published_totals
from survey.data import audit, comparing, published, snapshots
from survey.data.audit import AuditAction
from survey.data.banks import get_bank
from survey.data.comparing import (
    ComparisonRow,
    End,
    NoteRow,
    PairRow,
    RoundWithSnapshot,
    WordingRow,
)
from survey.data.published import PublishedRef
from survey.errors import NotAllowedNow, NotFound, SurveyError

if TYPE_CHECKING:
    from analysis.rounds import RoundForComparison

MOST_ROUNDS = 6
"""More columns than that nobody reads side by side."""
PUBLISHED = "published:"
"""What the value of a published round begins with among the rounds to choose."""


class InvalidChoice(SurveyError):
    """These rounds cannot be compared; the message says what to choose instead."""


@dataclass(frozen=True)
class RoundChoice:
    """A round that can be compared. `slug` is None for totals published elsewhere.

    `answered` and `opened` are of a round with answers, `questions` and `source` of a published
    one. `at` puts them in order.
    """

    value: str
    title: str
    when: str
    at: datetime
    slug: str | None = None
    opened: datetime | None = None
    answered: int | None = None
    questions: int | None = None
    source: str = ""


@dataclass(frozen=True)
class _Chosen:
    """A chosen round: a snapshot or a published round."""

    at: datetime
    snapshot: RoundWithSnapshot | None = None
    published: PublishedRef | None = None

    @property
    def end(self) -> End:
        """Which round it is, for notes and storing."""
        if self.snapshot is not None:
            return End(round_id=self.snapshot.round_id)
        return End(published_id=self.published.id if self.published is not None else None)

    @property
    def value(self) -> str:
        """How a form names it."""
        if self.snapshot is not None:
            return self.snapshot.slug
        return f"{PUBLISHED}{self.published.id}" if self.published is not None else ""

    @property
    def bank_id(self) -> str:
        """The questionnaire it asked."""
        one = self.snapshot or self.published
        return one.bank_id if one is not None else ""


def list_choices(session: Session, *, council_id: str) -> list[RoundChoice]:
    """What can be compared: closed rounds with findings and published ones, the newest first."""
    return [_choice(one) for one in _everything(session, council_id)]


def _everything(session: Session, council_id: str) -> list[_Chosen]:
    found = [
        _Chosen(one.opens_at, snapshot=one)
        for one in comparing.list_comparable(session, council_id=council_id)
    ] + [
        _Chosen(datetime.combine(ref.held_on, time(), tzinfo=UTC), published=ref)
        for ref in published.list_published(session, council_id=council_id)
    ]
    return sorted(found, key=lambda one: (one.at, one.value), reverse=True)


def _choice(one: _Chosen) -> RoundChoice:
    if one.snapshot is not None:
        return RoundChoice(
            value=one.value,
            title=one.snapshot.title,
            when=month_of(one.at.date()),
            at=one.at,
            slug=one.snapshot.slug,
            opened=one.at,
            answered=one.snapshot.answered,
        )
    ref = _published(one)
    return RoundChoice(
        value=one.value,
        title=ref.title,
        when=month_of(ref.held_on),
        at=one.at,
        questions=ref.questions,
        source=ref.source,
    )


def _published(one: _Chosen) -> PublishedRef:
    if one.published is None:
        raise NotFound("There is no such published round.")
    return one.published


def compare_chosen(
    session: Session,
    *,
    council_id: str,
    values: Collection[str],
    account_id: str | None,
    now: datetime,
) -> str:
    """The id of the comparison of the chosen rounds, worked out unless it is there already.

    Raises InvalidChoice for fewer than two rounds or for too many, and NotFound for a round that
    is not this council's or has no findings.
    """
    everything = {one.value: one for one in _everything(session, council_id)}
    if any(value not in everything for value in values):
        raise NotFound("There is no such round, or it has no findings.")
    chosen = sorted(
        (everything[value] for value in set(values)), key=lambda one: (one.at, one.value)
    )
    if len(chosen) < 2:
        raise InvalidChoice("Select two rounds or more")
    if len(chosen) > MOST_ROUNDS:
        raise InvalidChoice(f"Select {MOST_ROUNDS} rounds or fewer")
    return _compare(session, chosen, council_id=council_id, account_id=account_id, now=now)


def compare_again(
    session: Session, row: ComparisonRow, *, council_id: str, account_id: str | None, now: datetime
) -> str:
    """The id of the comparison of the same rounds as they are now, with the notes made since."""
    everything = {one.end: one for one in _everything(session, council_id)}
    if any(place.end not in everything for place in row.places):
        raise NotAllowedNow("One of these rounds is open again, so it cannot be compared now.")
    chosen = [everything[place.end] for place in row.places]
    return _compare(session, chosen, council_id=council_id, account_id=account_id, now=now)


def get_open_comparison(session: Session, *, council_id: str, comparison_id: str) -> ComparisonRow:
    """A stored comparison, when all its rounds are closed. Raises NotFound and NotAllowedNow."""
    row = comparing.get_comparison(session, council_id=council_id, comparison_id=comparison_id)
    if not all(place.is_closed for place in row.places):
        raise NotAllowedNow(
            "One of these rounds is open again. What has changed is shown once it is closed."
        )
    return row


def decide_wording(
    session: Session,
    row: ComparisonRow,
    *,
    code: str,
    after: int,
    comparable: bool,
    reason: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> str:
    """Keeps that a question's two wordings may or may not be compared, and compares anew.

    Returns the id of the new comparison. Raises NotFound where there is no such step, and
    NotAllowedNow where there are no two wordings to decide about.
    """
    codes, step = _step(row.comparison, code, after)
    before_code, after_code = codes[step.before], codes[step.after]
    if before_code is None or after_code is None or not may_decide(step):
        raise NotAllowedNow("There are no two wordings of this question to decide about.")
    comparing.add_wording_decision(
        session,
        council_id=council_id,
        before=(row.places[step.before].bank_id, before_code),
        after=(row.places[step.after].bank_id, after_code),
        comparable=comparable,
        reason=reason.strip(),
        account_id=account_id,
        at=now,
    )
    _record(session, AuditAction.WORDING_DECIDED, code, account_id, council_id, now)
    return compare_again(session, row, council_id=council_id, account_id=account_id, now=now)


def may_decide(step: Step) -> bool:
    """Whether it is for a person to say if a step may be compared: not where the scale changed."""
    return step.verdict is Verdict.REWORDED or (
        step.verdict is Verdict.SAME and (step.decided is not None or not step.comparable)
    )


def add_note(
    session: Session,
    row: ComparisonRow,
    *,
    code: str,
    after: int,
    kind: CircumstanceKind,
    note: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> str:
    """Keeps a note on what changed around a question, and compares anew.

    Returns the id of the new comparison. Raises NotFound where there is no such step.
    """
    codes, step = _step(row.comparison, code, after)
    comparing.add_note(
        session,
        council_id=council_id,
        before=row.places[step.before].end,
        after=row.places[step.after].end,
        question=codes[step.after] or codes[step.before] or code,
        kind=kind,
        note=note.strip(),
        account_id=account_id,
        at=now,
    )
    _record(session, AuditAction.CIRCUMSTANCE_NOTED, code, account_id, council_id, now)
    return compare_again(session, row, council_id=council_id, account_id=account_id, now=now)


def take_back_note(
    session: Session,
    row: ComparisonRow,
    *,
    note_id: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> str:
    """Takes a note back, and compares anew; the new comparison's id. Raises NotFound."""
    comparing.take_back_note(session, council_id=council_id, note_id=note_id, at=now)
    _record(session, AuditAction.CIRCUMSTANCE_TAKEN_BACK, note_id, account_id, council_id, now)
    return compare_again(session, row, council_id=council_id, account_id=account_id, now=now)


def record_export(
    session: Session,
    *,
    comparison_id: str,
    file_format: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Puts on record that a file of a comparison was made and by whom."""
    audit.record(
        session,
        action=AuditAction.EXPORTED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"comparison": comparison_id, "format": file_format},
    )


def _record(
    session: Session,
    action: AuditAction,
    subject: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        action=action,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"subject": subject},
    )


def _step(comparison: Comparison, code: str, after: int) -> tuple[Sequence[str | None], Step]:
    question = comparison.questions().get(code)
    steps = question.steps if question is not None else ()
    step = next((step for step in steps if step.after == after), None)
    if question is None or step is None:
        raise NotFound("There is no such question in this comparison.")
    return question.codes, step


def _compare(
    session: Session,
    chosen: Sequence[_Chosen],
    *,
    council_id: str,
    account_id: str | None,
    now: datetime,
) -> str:
    ends = [one.end for one in chosen]
    decisions = [
        row
        for row in comparing.list_wording_decisions(session, council_id=council_id)
        if any(
            (row.before_bank, row.after_bank) == (one.bank_id, other.bank_id)
            for one, other in pairwise(chosen)
        )
    ]
    notes = [
        note
        for note in comparing.list_notes(session, council_id=council_id)
        if (note.before, note.after) in set(pairwise(ends))
    ]
    # Nobody makes two comparisons of a council at once: each heeds what the others have told.
    council = comparing.lock_council(session, council_id=council_id)
    pairs = comparing.list_pairs(session, council_id=council_id)
    key = _key(chosen, decisions, notes)
    known = comparing.find_comparison(session, council_id=council_id, key=key)
    if known is not None:
        return known
    comparison = _work_out(
        session, chosen, council=council, decisions=decisions, notes=notes, pairs=pairs
    )
    snapshot_ids = [one.snapshot.snapshot_id if one.snapshot else None for one in chosen]
    made = comparing.add_comparison(
        session,
        council_id=council_id,
        key=key,
        comparison=comparison,
        snapshots=snapshot_ids,
        published=[one.published.id if one.published else None for one in chosen],
        account_id=account_id,
        at=now,
    )
    before = {(pair.before, pair.after) for pair in pairs}
    shown = [(one, other) for one, other in pairwise(snapshot_ids) if one and other]
    comparing.add_pairs(session, [pair for pair in shown if pair not in before], at=now)
    audit.record(
        session,
        action=AuditAction.COMPARED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"rounds": ", ".join(one.value for one in chosen)},
    )
    return made


def _key(
    chosen: Sequence[_Chosen], decisions: Sequence[WordingRow], notes: Sequence[NoteRow]
) -> str:
    """A digest of everything a comparison is made from and of the code that makes it."""
    made_from = {
        "format": FORMAT,
        "code": version("signpost"),
        "rounds": [
            one.snapshot.snapshot_id if one.snapshot is not None else one.value for one in chosen
        ],
        "decisions": sorted(json.dumps(asdict(row), default=str) for row in decisions),
        "notes": sorted(note.id for note in notes),
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def _work_out(
    session: Session,
    chosen: Sequence[_Chosen],
    *,
    council: str,
    decisions: Sequence[WordingRow],
    notes: Sequence[NoteRow],
    pairs: Sequence[PairRow],
) -> Comparison:
    # pandas is loaded by the request that compares, and by no page that shows a comparison.
    from analysis.rounds import CircumstanceNote, InvalidComparison, QuestionDecision, compare

    held: dict[str, RoundForComparison] = {}

    def hold(snapshot_id: str) -> RoundForComparison:
        if snapshot_id not in held:
            held[snapshot_id] = _round(session, snapshot_id)
        return held[snapshot_id]

    ends = [one.end for one in chosen]
    ids = {one.snapshot.round_id for one in chosen if one.snapshot is not None}
    try:
        return compare(
            [
                published_totals(session, _published(one))
                if one.snapshot is None
                else hold(one.snapshot.snapshot_id)
                for one in chosen
            ],
            decisions=[
                QuestionDecision(
                    before_bank=row.before_bank,
                    before_question=row.before_question,
                    after_bank=row.after_bank,
                    after_question=row.after_question,
                    comparable=row.comparable,
                    why=row.reason,
                    by=row.who,
                )
                for row in decisions
            ],
            notes=[
                CircumstanceNote(
                    after=ends.index(note.after),
                    question=note.question,
                    kind=note.kind,
                    note=note.note,
                    by=note.who,
                )
                for note in notes
            ],
            council=council,
            shown_before=[
                (hold(pair.before), hold(pair.after))
                for pair in pairs
                if {pair.before_round, pair.after_round} & ids
            ],
        )
    except InvalidComparison as error:
        raise InvalidChoice(str(error).rstrip(".")) from error


def _round(session: Session, snapshot_id: str) -> RoundForComparison:
    from analysis.rounds import RoundForComparison
    from analysis.tally import from_json

    frozen = comparing.get_frozen(session, snapshot_id=snapshot_id)
    return RoundForComparison(
        title=frozen.title,
        tally=from_json(frozen.tally_json),
        bank=get_bank(session, round_id=frozen.round_id, digest=frozen.bank_digest),
        settings=AnalysisSettings.model_validate(frozen.analysis_settings),
        summary=snapshots.get_summary(session, snapshot_id=snapshot_id),
        when=month_of(frozen.opens_at.date()),
        released=tuple(from_json(text) for text in frozen.earlier),
    )
