"""States of notes, decisions and comparisons that must not exist are refused by the database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.data.base import Base
from survey.data.models import (
    CircumstanceNote,
    ComparedRound,
    PublishedRound,
    StoredComparison,
    WordingDecision,
)
from tests import factories
from tests.integration.compare.conftest import BOTH


@BOTH
@pytest.mark.parametrize(
    ("model", "changes", "constraint"),
    [
        (CircumstanceNote, {"before_round_id": None}, "one_before"),
        (CircumstanceNote, {"after_round_id": None}, "one_after"),
        (CircumstanceNote, {"kind": "weather"}, "circumstance_note_kind"),
        (CircumstanceNote, {"note": ""}, "has_note"),
        (WordingDecision, {"reason": ""}, "wording_decision_has_reason"),
        (PublishedRound, {"source": ""}, "has_source"),
        (PublishedRound, {"title": ""}, "has_title"),
        (ComparedRound, {}, "one_kind"),
    ],
    ids=[
        "note from nowhere",
        "note to nowhere",
        "unknown kind",
        "note without words",
        "decision without reason",
        "totals without source",
        "totals without name",
        "place without a round",
    ],
)
def test_state_that_must_not_exist_is_refused(
    session: Session, model: type[Base], changes: dict[str, Any], constraint: str
) -> None:
    council = factories.make_council(session)
    round_ = factories.make_round(session, council=council)
    comparison = StoredComparison(
        council_id=council.id, key="k", made_at_utc=factories.NOW, comparison_json="{}"
    )
    session.add(comparison)
    session.flush()
    rows: dict[type[Base], dict[str, Any]] = {
        CircumstanceNote: {
            "council_id": council.id,
            "before_round_id": round_.id,
            "after_round_id": round_.id,
            "question": "q",
            "kind": "other",
            "note": "n",
            "at_utc": factories.NOW,
        },
        WordingDecision: {
            "council_id": council.id,
            "before_bank": "b",
            "before_question": "q",
            "after_bank": "b",
            "after_question": "q",
            "comparable": True,
            "reason": "r",
            "at_utc": factories.NOW,
        },
        PublishedRound: {
            "review_id": round_.review_id,
            "title": "t",
            "source": "s",
            "held_on": factories.NOW.date(),
            "bank_id": "b",
            "bank_digest": "d",
            "bank_json": "{}",
            "imported_at_utc": factories.NOW,
        },
        ComparedRound: {"comparison_id": comparison.id, "place": 0},
    }

    with pytest.raises(IntegrityError, match=constraint):
        session.execute(insert(model).values(**{**rows[model], **changes}))
