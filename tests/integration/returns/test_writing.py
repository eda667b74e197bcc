"""Writing a return: what is saved, held, chosen and kept, without pages.

What depends on the database is tested on both, the rest on one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_banks.loader import load_bank
from survey.actions import returns as writing
from survey.actions import returns_saving as saving
from survey.actions.returns_rules import Said, Writer
from survey.data import returns_versions
from survey.data.engine import make_engine
from survey.data.models import (
    AnswersBy,
    InvitedAgency,
    ReturnEvent,
    ReturnVersion,
)
from survey.data.returns_versions import Chosen, HeldBecause
from survey.errors import NotAllowedNow, NotFound
from tests import factories
from tests.integration.returns.conftest import (
    EVIDENCE,
    KEY,
    RATING,
    SECTION,
    Begun,
    make_lead,
    section_11,
)

BO = Writer("Bo Fenn")
NOTHING: Mapping[str, str] = {}

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _save(
    session: Session,
    begun: Begun,
    base: int,
    text: str,
    *,
    writer: Writer | None = None,
    more: Mapping[str, str] = NOTHING,
) -> saving.SavedPage:
    """Saves the evidence of the first page."""
    fields = {f"base--{EVIDENCE}": str(base), EVIDENCE: text} | dict(more)
    return saving.save_page(
        session,
        begun.item(session),
        section=SECTION,
        key=KEY,
        posted={name: [value] for name, value in fields.items()},
        writer=writer or begun.writer,
        now=factories.NOW,
    )


def _values(session: Session, begun: Begun) -> list[object]:
    return [
        version.value
        for version in returns_versions.list_versions(
            session, return_id=begun.id, round_id=None, questions=[EVIDENCE]
        )
    ]


@one_database
def test_beginning_twice_is_one_return(begun: Begun, session: Session) -> None:
    again = writing.begin(
        session,
        round_id=begun.round.id,
        account_id=begun.account.id,
        name="Ada Quill",
        now=factories.NOW,
    )

    assert again == begun.id


@one_database
def test_round_for_people_asks_only_invited_agencies_for_a_return(
    begun: Begun, session: Session
) -> None:
    bank = load_bank("safeguarding_children_2012")
    round_ = factories.make_round(session, bank=bank, slug="either")
    invited = InvitedAgency(round_id=round_.id, agency_id=begun.agency_id)
    session.add(invited)
    session.flush()

    def begin() -> str:
        return writing.begin(
            session,
            round_id=round_.id,
            account_id=begun.account.id,
            name="Ada Quill",
            now=factories.NOW,
        )

    with pytest.raises(NotFound):
        begin()

    invited.answers_by = AnswersBy.RETURN
    session.flush()

    assert begin() != begun.id


@one_database
def test_lead_of_another_agency_finds_nothing(begun: Begun, session: Session) -> None:
    other = factories.make_invited_agency(session, begun.round, name="Combe Hospital")
    lead = make_lead(session, other.agency_id, email="other@example.org")
    with pytest.raises(NotFound):
        Begun(begun.id, begun.agency_id, begun.round, lead).item(session)

    made = writing.begin(
        session, round_id=begun.round.id, account_id=lead.id, name="Cy", now=factories.NOW
    )

    assert made != begun.id


def test_conflict_keeps_both_and_a_form_sent_twice_is_one(begun: Begun, session: Session) -> None:
    _save(session, begun, 0, "first")
    _save(session, begun, 0, "first")
    _save(session, begun, 1, "of Bo", writer=BO)
    outcome = _save(session, begun, 1, "of Ada")
    again = _save(session, begun, 1, "of Ada")

    assert _values(session, begun) == ["first", "of Bo"]
    assert outcome.held == again.held
    (held,) = returns_versions.list_held(session, return_id=begun.id)
    assert (held.value, held.base, held.because) == ("of Ada", 1, HeldBecause.CHANGED)


@one_database
@pytest.mark.parametrize(
    ("chosen", "said", "counts"),
    [
        pytest.param(Chosen.MINE, None, "of Ada", id="mine"),
        pytest.param(Chosen.THEIRS, None, "of Bo", id="theirs"),
        pytest.param(Chosen.BOTH, Said("of Bo and Ada"), "of Bo and Ada", id="both"),
    ],
)
def test_choice_counts_and_both_texts_stay_on_record(
    begun: Begun, session: Session, chosen: Chosen, said: Said | None, counts: str
) -> None:
    _save(session, begun, 0, "of Bo", writer=BO)
    (held_id,) = _save(session, begun, 0, "of Ada").held
    outcome = saving.choose(
        session,
        begun.item(session),
        held_id=held_id,
        chosen=chosen,
        said=said,
        base=1,
        writer=begun.writer,
        now=factories.NOW,
    )

    assert outcome.held == ()
    assert _values(session, begun)[-1] == counts
    (held,) = returns_versions.list_held(session, return_id=begun.id, waiting_only=False)
    assert (held.value, held.chosen, held.resolved_by) == ("of Ada", chosen, "Ada Quill")


@one_database
def test_choice_made_while_somebody_saves_overwrites_nothing(
    begun: Begun, session: Session
) -> None:
    _save(session, begun, 0, "of Bo", writer=BO)
    (held_id,) = _save(session, begun, 0, "of Ada").held
    _save(session, begun, 1, "of Bo again", writer=BO)
    outcome = saving.choose(
        session,
        begun.item(session),
        held_id=held_id,
        chosen=Chosen.BOTH,
        said=Said("of both"),
        base=1,
        writer=begun.writer,
        now=factories.NOW,
    )

    assert _values(session, begun) == ["of Bo", "of Bo again"]
    waiting = returns_versions.list_held(session, return_id=begun.id)
    assert [(one.id, one.value) for one in waiting] == [(outcome.held[0], "of both")]


@one_database
def test_text_sent_when_the_time_is_over_is_kept_and_not_saved(
    begun: Begun, session: Session
) -> None:
    late = begun.round.closes_at_utc + timedelta(minutes=1)
    outcome = saving.save_page(
        session,
        begun.item(session),
        section=SECTION,
        key=KEY,
        posted={f"base--{EVIDENCE}": ["0"], EVIDENCE: ["just too late"]},
        writer=begun.writer,
        now=late,
    )

    assert (outcome.saved, outcome.because) == ((), HeldBecause.NOT_OPEN)
    (held,) = returns_versions.list_held(session, return_id=begun.id)
    assert held.value == "just too late"
    with pytest.raises(NotAllowedNow):
        saving.choose(
            session,
            begun.item(session),
            held_id=held.id,
            chosen=Chosen.MINE,
            said=None,
            base=0,
            writer=begun.writer,
            now=late,
        )


@one_database
def test_answer_taken_off_the_path_is_saved_and_comes_back(begun: Begun, session: Session) -> None:
    """Ada calls the standard not applicable while Bo writes its evidence."""
    _save(session, begun, 0, "", more={RATING: "met", f"base--{RATING}": "0"})
    _save(session, begun, 0, "", more={RATING: "not_applicable", f"base--{RATING}": "1"})

    assert _save(session, begun, 0, "what Bo saw", writer=BO).saved == (EVIDENCE,)
    assert _values(session, begun) == ["what Bo saw"]


@one_database
def test_long_and_odd_texts_come_back_as_they_were(begun: Begun, session: Session) -> None:
    longest = getattr(section_11().by_code[EVIDENCE], "longest", 0)
    odd = "=cmd|' /C calc'!A0 <script>alert(1)</script> \u202eright to left 😀\n\nnext"
    _save(session, begun, 0, odd)
    _save(session, begun, 1, "x" * longest)
    refused = _save(session, begun, 2, "y" * 50_000)

    assert _values(session, begun) == [odd, "x" * longest]
    assert refused.saved == refused.held == ()
    assert "50,000" in refused.errors[0].message


def test_database_refuses_a_version_twice(begun: Begun, session: Session) -> None:
    _save(session, begun, 0, "first")
    row = {
        "return_id": begun.id,
        "question": EVIDENCE,
        "number": 1,
        "name": "Bo",
        "at_utc": factories.NOW,
    }

    with pytest.raises(IntegrityError):
        session.execute(insert(ReturnVersion).values(row))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"kind": "sent_back"}, id="sent back without a reason"),
        pytest.param({"kind": "signed", "officer": "Kit"}, id="signed without a post"),
        pytest.param({"kind": "burnt"}, id="unknown"),
    ],
)
def test_database_refuses_events_that_say_too_little(
    begun: Begun, session: Session, row: dict[str, str]
) -> None:
    known = {"return_id": begun.id, "number": 2, "name": "Ada", "at_utc": factories.NOW}

    with pytest.raises(IntegrityError):
        session.execute(insert(ReturnEvent).values(known | row))


def test_two_leads_who_begin_at_once_begin_one_return(
    begun: Begun, session: Session, database_url: str
) -> None:
    other = factories.make_invited_agency(session, begun.round, name="Combe Hospital")
    leads = [
        make_lead(session, other.agency_id, email=f"{name}@example.org", name=name)
        for name in ("bo", "cy", "di")
    ]
    session.commit()
    gate = threading.Barrier(len(leads))
    found: list[str] = []

    def run(account_id: str) -> None:
        engine = make_engine(database_url)
        with Session(engine) as own:
            gate.wait(20)
            made = writing.begin(
                own, round_id=begun.round.id, account_id=account_id, name="L", now=factories.NOW
            )
            own.commit()
            found.append(made)
        engine.dispose()

    threads = [threading.Thread(target=run, args=(lead.id,)) for lead in leads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == len(leads)
    assert len(set(found)) == 1
