"""Closing a round, opening it again, and the snapshot that closing makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version

from sqlalchemy.orm import Session

from analysis.result import Summary
from analysis.settings import AnalysisSettings
from question_banks.bank import Sector
from survey.actions import agency_voices, anonymity
from survey.clock import day_in_london
from survey.data import audit, briefings, coverage, extracts, ledger, rounds, snapshots
from survey.data.audit import AuditAction
from survey.data.banks import get_bank
from survey.data.models import Round, RoundEventKind
from survey.data.rounds import RoundState, state_of
from survey.errors import NotAllowedNow, SurveyError

REVIEW_TEAM = "review_team"
"""Whom every page and file of a round's findings is for."""


class SnapshotOutcome(StrEnum):
    """What became of the figures when a round was closed."""

    MADE = "made"
    MADE_IN_PART = "made_in_part"
    """Some questions have new figures. The others keep those of the snapshot before."""
    NOBODY_ANSWERED = "nobody_answered"
    UNCHANGED = "unchanged"
    TOO_FEW_NEW = "too_few_new"
    """No question could have new figures without telling what a few people said."""


@dataclass(frozen=True)
class Closed:
    """A round that was closed, and the number of the snapshot in force (None without one)."""

    outcome: SnapshotOutcome
    number: int | None


class AlreadyClosed(NotAllowedNow):
    """A round that is closed cannot be closed."""


class InvalidReopening(SurveyError):
    """A round cannot be opened again like this; `field` says which entry is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def analysis_settings(round_: Round) -> AnalysisSettings:
    """The lines and thresholds a round was set up with."""
    return AnalysisSettings.model_validate(round_.analysis_settings)


def require_closable(state: RoundState) -> None:
    """Raises AlreadyClosed, or NotAllowedNow where there is nothing to close."""
    if state is RoundState.CLOSED:
        raise AlreadyClosed("This round has been closed already.")
    if state is RoundState.WITHDRAWN:
        raise NotAllowedNow("This round was withdrawn, so there is nothing to close.")
    if state in {RoundState.SETTING_UP, RoundState.NOT_YET_OPEN}:
        raise NotAllowedNow("This round has not opened yet, so there is nothing to close.")


def _with_expected(session: Session, round_: Round) -> AnalysisSettings:
    """The settings with the sectors the round means to hear, of which some may not be asked."""
    expected = briefings.list_expected(session, round_id=round_.id)
    found = analysis_settings(round_)
    if not expected:
        return found
    return found.model_copy(update={"expected_sectors": tuple(map(Sector, expected))})


def close_round(
    session: Session,
    *,
    round_id: str,
    account_id: str | None,
    council_id: str,
    now: datetime,
) -> Closed:
    """Closes a round to answers, shuffles what was sent in, and makes its snapshot.

    All within the session's transaction, holding the round: a submission comes wholly before or
    finds it closed. After the commit the caller calls `anonymity.erase_traces`. Raises
    AlreadyClosed, and NotAllowedNow where the round has not opened yet.
    """
    round_ = rounds.lock_for_change(session, round_id=round_id)
    require_closable(state_of(round_, now))
    round_.closed_at_utc = now
    rounds.add_event(
        session,
        round_id=round_.id,
        kind=RoundEventKind.CLOSED,
        at=now,
        account_id=account_id,
    )
    audit.record(
        session,
        action=AuditAction.ROUND_CLOSED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": round_.slug},
    )
    anonymity.shuffle(session, round_.id)
    return _make_snapshot(session, rounds.lock_for_change(session, round_id=round_id), now=now)


def reopen_round(
    session: Session,
    *,
    round_id: str,
    reason: str,
    closes_at: datetime,
    account_id: str | None,
    council_id: str,
    now: datetime,
) -> None:
    """Takes answers again until `closes_at`; the snapshots made so far are kept.

    Raises NotAllowedNow where the round is not closed, and InvalidReopening without a reason or
    with a closing time that has passed.
    """
    round_ = rounds.lock_for_change(session, round_id=round_id)
    if state_of(round_, now) is not RoundState.CLOSED:
        raise NotAllowedNow("This round is not closed, so it cannot be opened again.")
    if not reason.strip():
        raise InvalidReopening("reason", "Say why you are opening the round again")
    if closes_at <= now or closes_at <= round_.opens_at_utc:
        raise InvalidReopening("closes", "The new last day must be today or later")
    old = round_.closes_at_utc
    round_.closed_at_utc = None
    round_.closes_at_utc = closes_at
    rounds.add_event(
        session,
        round_id=round_.id,
        kind=RoundEventKind.REOPENED,
        at=now,
        account_id=account_id,
        reason=reason.strip(),
    )
    audit.record(
        session,
        action=AuditAction.ROUND_REOPENED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={
            "round": round_.slug,
            "what": "last day for answers",
            "old": day_in_london(old).isoformat(),
            "new": day_in_london(closes_at).isoformat(),
        },
    )


def _make_snapshot(session: Session, round_: Round, *, now: datetime) -> Closed:
    # pandas is loaded by the request that closes a round, and by no other.
    from analysis.releases import NextRelease, Release, next_release
    from analysis.tally import canonical_json, digest, from_counts, from_json

    last = snapshots.find_latest(session, round_id=round_.id)
    number = last.number if last else None
    answered = coverage.count_responses(session, round_id=round_.id)
    if answered == 0:
        return Closed(SnapshotOutcome.NOBODY_ANSWERED, number)
    settings = _with_expected(session, round_)
    bank = get_bank(session, round_id=round_.id, digest=round_.bank_digest)
    counts = extracts.count_round(session, round_id=round_.id, bank=bank)
    tally = from_counts(
        bank,
        answers=counts.answers,
        respondents=counts.respondents,
        patterns=counts.patterns,
        agencies=counts.agencies,
        invited=counts.invited,
    )
    shown = [
        Release(from_json(text), Summary.model_validate_json(made))
        for text, made in ledger.shown_to(session, round_id=round_.id, audience=REVIEW_TEAM)
    ]
    ratings = agency_voices.list_ratings(session, round_id=round_.id, bank=bank)
    has_new_ratings = bool(shown) and not agency_voices.are_shown(
        shown[-1].summary, ratings, bank=bank
    )
    if last is not None and last.tally_digest == digest(tally) and not has_new_ratings:
        return Closed(SnapshotOutcome.UNCHANGED, number)
    found = next_release(tally, shown, bank=bank, settings=settings, source=f"round {round_.slug}")
    if found is None and not has_new_ratings:
        return Closed(SnapshotOutcome.TOO_FEW_NEW, number)
    outcome = SnapshotOutcome.MADE
    if found is None:
        # Signed returns stand beside the figures of the release before, which stay as they are.
        found = NextRelease(shown[-1].tally, shown[-1].summary)
        outcome = SnapshotOutcome.TOO_FEW_NEW
    elif found.held:
        outcome = SnapshotOutcome.MADE_IN_PART
    summary = agency_voices.with_ratings(
        found,
        ratings,
        shown=[release.summary for release in shown],
        bank=bank,
        settings=settings,
    )
    made = snapshots.add_snapshot(
        session,
        round_id=round_.id,
        number=(number or 0) + 1,
        made_at=now,
        answered=answered,
        bank_digest=round_.bank_digest,
        code_version=version("signpost"),
        analysis_settings=settings.stamp(),
        tally_digest=digest(found.tally),
        tally_json=canonical_json(found.tally),
        summary_json=summary.model_dump_json(),
        audience=REVIEW_TEAM,
        updated=len(found.updated),
        held=len(found.held),
    )
    return Closed(outcome, made.number)
