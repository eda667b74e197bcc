"""Closed rounds that show a result made by hand, without working one out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analysis.result import SignpostResult, Summary
from survey.data.models import Council, Round
from survey.data.snapshots import add_snapshot
from tests import factories_summary
from tests.factories import NOW
from tests.filled_round import AGENCIES, FilledRound, fill_round
from tests.page import Browser


def store(session: Session, round_: Round, summary: Summary) -> None:
    """Closes a round with a summary made by hand."""
    round_.closed_at_utc = NOW
    add_snapshot(
        session,
        round_id=round_.id,
        number=1,
        made_at=NOW,
        answered=summary.coverage.answered,
        bank_digest=round_.bank_digest,
        code_version="0.1.0",
        analysis_settings={},
        tally_digest="t" * 64,
        tally_json="{}",
        summary_json=summary.model_dump_json(),
        audience=summary.audience,
    )
    session.commit()


def by_hand(
    manager: Browser,
    session: Session,
    council: Council,
    signposts: Sequence[SignpostResult],
) -> FilledRound:
    """A closed round that shows the given signposts."""
    filled = fill_round(session, council=council, agencies=AGENCIES[:1])
    store(session, filled.round, factories_summary.summary(tuple(signposts)))
    return filled
