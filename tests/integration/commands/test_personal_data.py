"""Commands about what is kept of people: deleting it in time, showing and erasing it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.clock import now
from survey.data.models import Draft, Invitation, Round
from tests import factories
from tests.integration.commands.conftest import Signpost, looking

EMAIL = "pat.lee@example.org"


@pytest.fixture
def with_draft(with_round: Signpost, database_url: str) -> Signpost:
    """The command line on a round that ended 100 days ago, with one person's unfinished answers."""
    with looking(database_url) as session:
        round_ = session.scalars(select(Round)).one()
        round_.opens_at_utc = now() - timedelta(days=120)
        round_.closes_at_utc = now() - timedelta(days=100)
        agency = factories.make_invited_agency(session, round_, invited=None)
        person = factories.make_invitation(session, agency, email=EMAIL)
        session.add(
            Draft(
                invitation_id=person.id,
                level="frontline",
                answers={"lp_procedures_to_hand": "agree"},
                started_at_utc=now() - timedelta(days=110),
                saved_at_utc=now() - timedelta(days=109),
            )
        )
        session.commit()
    return with_round


def _invitations(database_url: str) -> int:
    with looking(database_url) as session:
        return session.scalar(select(func.count()).select_from(Invitation)) or 0


def test_retention_says_first_and_then_deletes(with_draft: Signpost, database_url: str) -> None:
    asked = with_draft("retention", "--dry-run")
    assert (asked.code, _invitations(database_url)) == (0, 1)
    assert "1 invitation, 1 unfinished, would be deleted" in asked.out

    done = with_draft("retention")
    assert (done.code, _invitations(database_url)) == (0, 0)
    assert "1 invitation, 1 unfinished, deleted" in done.out
    assert "has invitations left" in with_draft("retention").out


def test_what_is_kept_is_shown_and_erased(
    with_draft: Signpost, database_url: str, tmp_path: Path
) -> None:
    out = tmp_path / "kept.csv"

    assert "Nothing is kept" in with_draft("personal-data", "nobody@example.org").out
    assert with_draft("personal-data", EMAIL, "--out", out).code == 0
    assert "Agree" in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o077 == 0

    assert with_draft("personal-data", EMAIL, "--erase", "--yes").code == 0
    assert _invitations(database_url) == 0
