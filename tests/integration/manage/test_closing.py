"""Closing, opening again, closing again; and the snapshot each makes or does not make."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from datetime import timedelta
from random import Random
from typing import Final

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.released import audit_releases
from analysis.result import QuestionResult, Summary
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from analysis.tally import from_frame
from question_banks.bank import Level, ScaleQuestion, Sector
from survey.actions import closing
from survey.actions.closing import InvalidReopening, SnapshotOutcome
from survey.actions.submitting import submit
from survey.data import briefings, ledger
from survey.data.engine import READ_ONLY, make_engine
from survey.data.invitations import find_person
from survey.data.models import (
    AuditEvent,
    Council,
    Draft,
    Participation,
    Response,
    Round,
    RoundEvent,
    Snapshot,
)
from survey.data.responses import add_response
from survey.errors import NotAllowedNow, RoundNotOpen
from tests import factories
from tests.factories import NOW
from tests.filled_round import AGENCIES, FilledRound, answer, fill_round
from tests.integration.manage.frames import frame_of, invited_of
from tests.page import Browser

LATER = {"reason": "Two agencies were on leave.", "closes-day": "31", "closes-month": "3"}
REOPEN = LATER | {"closes-year": "2031"}


@pytest.fixture
def filled(session: Session, council: Council) -> FilledRound:
    """An open round with fifty answers."""
    return fill_round(session, council=council)


def close(manager: Browser, filled: FilledRound) -> str:
    """Closes the round as a manager would; the words of the page after."""
    manager.get(filled.url("/close"))
    return manager.post(filled.url("/close")).words


def reopen(manager: Browser, filled: FilledRound) -> str:
    """Opens the round again as a manager would."""
    manager.get(filled.url("/reopen"))
    return manager.post(filled.url("/reopen"), REOPEN).words


def more_answers(session: Session, filled: FilledRound, number: int) -> None:
    """That many more people of the first agency answer."""
    place = next(iter(filled.agencies.values()))
    chance = Random(number)
    for _ in range(number):
        answer(session, filled.round, filled.bank, place, chance=chance)
    session.commit()


def snapshots_of(session: Session, filled: FilledRound) -> list[Snapshot]:
    """The round's snapshots in order."""
    session.commit()  # a transaction sees what was there when it began
    found = session.scalars(
        select(Snapshot).where(Snapshot.round_id == filled.round.id).order_by(Snapshot.number)
    ).all()
    session.commit()
    return list(found)


def test_closing_asks_first_and_a_look_closes_nothing(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    words = manager.get(filled.url("/close")).words

    assert "people who count on that date cannot answer any more" in words
    assert "Nobody has answered yet from this sector: Schools" in words
    assert "figures for all 50 people together" in words
    assert "the council (19) against all partners (31)" in words
    session.refresh(filled.round)
    assert filled.round.closed_at_utc is None


def test_close_says_what_becomes_of_drafts(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    place = next(iter(filled.agencies.values()))
    invitation = factories.make_invitation(session, place)
    session.add(
        Draft(
            invitation_id=invitation.id,
            level="frontline",
            answers={},
            started_at_utc=NOW,
            saved_at_utc=NOW,
        )
    )
    session.commit()

    assert (
        "1 person has started and not sent their answers."
        in manager.get(filled.url("/close")).words
    )
    close(manager, filled)

    session.expire_all()
    assert session.get(Draft, invitation.id) is not None


def test_closing_makes_a_snapshot_that_says_what_it_rests_on(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    briefings.set_expected(session, round_id=filled.round.id, sectors=["faith"])
    session.commit()

    words = close(manager, filled)

    (snapshot,) = snapshots_of(session, filled)
    summary = Summary.model_validate_json(snapshot.summary_json)
    assert "its findings are ready" in words
    assert (snapshot.number, snapshot.answered) == (1, 50)
    assert snapshot.bank_digest == filled.round.bank_digest == summary.bank.digest
    assert snapshot.tally_digest == summary.provenance.tally_digest
    assert snapshot.analysis_settings == summary.settings
    assert summary.coverage.answered == 50
    assert summary.coverage.invited == 90
    assert "Nobody from faith bodies was invited" in " ".join(summary.coverage.caveats)


def test_closing_is_on_record(manager: Browser, session: Session, filled: FilledRound) -> None:
    close(manager, filled)

    event = session.scalars(select(RoundEvent)).one()
    audited = session.scalars(select(AuditEvent).where(AuditEvent.action == "round_closed")).one()
    assert event.kind == "closed"
    assert audited.detail == {"round": "autumn"}
    assert "Closed at midday on 3 March 2031, Robin Marsh." in manager.get(filled.url()).words


def test_second_press_of_close_changes_nothing_and_shows_the_round(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    manager.get(filled.url("/close"))
    manager.post(filled.url("/close"))
    manager.get("/change-password")

    page = manager.post(filled.url("/close"))

    assert page.path == filled.url()
    assert "The round is closed. Somebody, perhaps you, had closed it already." in page.words
    assert len(snapshots_of(session, filled)) == 1
    assert len(session.scalars(select(RoundEvent)).all()) == 1


def test_round_not_open_yet_cannot_be_closed(
    manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council, opens_at_utc=NOW + timedelta(days=1))
    session.commit()
    manager.get("/change-password")

    manager.post(f"/manage/{round_.slug}/close", status=409)
    assert "nothing to close" in manager.get(f"/manage/{round_.slug}/close", status=409).words


def test_round_nobody_answered_is_closed_without_findings(
    manager: Browser, session: Session, council: Council
) -> None:
    silent = [(name, sector, invited, 0) for name, sector, invited, _ in AGENCIES]
    filled = fill_round(session, council=council, agencies=silent)

    words = close(manager, filled)

    assert "Nobody answered, so there are no findings" in words
    assert snapshots_of(session, filled) == []
    manager.get(filled.url("/findings"), status=409)


def test_opening_again_needs_a_reason_and_a_day(manager: Browser, filled: FilledRound) -> None:
    close(manager, filled)
    page = manager.get(filled.url("/reopen"))
    assert "gets new figures only where 10 or more people have answered since" in page.words

    page = manager.post(filled.url("/reopen"), {"reason": " "}, status=422)

    assert page.error_messages == [
        "Say why you are opening the round again",
        "Enter the new last day as a day, month and year",
    ]


@pytest.mark.parametrize(
    ("day", "month", "year", "message"),
    [
        ("2", "3", "2031", "The new last day must be today or later"),
        ("31", "2", "2031", "Enter the new last day as a day, month and year"),
        ("x", "3", "2031", "Enter the new last day as a day, month and year"),
        ("²", "3", "2031", "Enter the new last day as a day, month and year"),
        ("0", "0", "0", "Enter the new last day as a day, month and year"),
    ],
    ids=["past", "no such day", "letters", "superscript", "noughts"],
)
def test_opening_again_with_a_wrong_day_is_asked_back_with_what_was_typed(
    manager: Browser, filled: FilledRound, day: str, month: str, year: str, message: str
) -> None:
    close(manager, filled)
    manager.get(filled.url("/reopen"))
    typed = {"reason": "On leave.", "closes-day": day, "closes-month": month, "closes-year": year}

    page = manager.post(filled.url("/reopen"), typed, status=422)

    assert page.error_messages == [message]
    assert page.all("textarea", id="reason")[0].text == "On leave."
    assert page.all("input", id="closes")[0].get("value") == day


def test_opening_again_on_its_last_day_lasts_to_midnight_in_london(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    close(manager, filled)

    words = reopen(manager, filled)

    session.refresh(filled.round)
    assert "The round is open again" in words
    assert filled.round.closed_at_utc is None
    assert filled.round.closes_at_utc.isoformat() == "2031-03-31T22:59:00+00:00"
    assert "Opened again at midday on 3 March 2031, Robin Marsh. Reason: Two agencies" in words


def test_findings_are_hidden_while_the_round_is_open_again(
    manager: Browser, filled: FilledRound
) -> None:
    close(manager, filled)
    manager.get(filled.url("/findings"))
    reopen(manager, filled)

    manager.get(filled.url("/findings"), status=409)
    assert "It is not shown while the round is open" in manager.get(filled.url()).words


def test_closing_again_keeps_a_level_with_one_new_person_from_being_told(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    close(manager, filled)
    reopen(manager, filled)
    more_answers(session, filled, 12)
    place = next(iter(filled.agencies.values()))
    answer(session, filled.round, filled.bank, place, level=Level.BOARD, chance=Random(1))
    session.commit()

    close(manager, filled)

    first, *later = [
        Summary.model_validate_json(each.summary_json) for each in snapshots_of(session, filled)
    ]
    for code, question in later[0].questions().items() if later else ():
        old, new = bases(first.questions()[code]), bases(question)
        assert Level.BOARD.value not in new
        levels = [level.value for level in Level if level.value in old and level.value in new]
        new_of_levels = sum(new[level] - old[level] for level in levels)
        if levels and not question.held:
            assert new["all"] - old["all"] == new_of_levels, f"{code} tells one person"


def bases(question: QuestionResult) -> dict[str, int]:
    """People on the scale of everybody and of each group in figures."""
    listed = [question.all, *question.groups] if question.all else []
    return {group.group: group.figures.base for group in listed if group.figures}


def late_answers(
    session: Session,
    filled: FilledRound,
    *,
    names: Sequence[str],
    number: int,
    without: Collection[str] = (),
) -> None:
    """That many frontline people of each agency answer, favourably more often than not.

    All but one of each agency leave out the questions of `without`.
    """
    scales = [q for q in filled.bank.questions() if isinstance(q, ScaleQuestion)]
    for name in names:
        place = filled.agencies[name]
        for person in range(number):
            answers: dict[str, str | None] = {}
            for at, question in enumerate(scales):
                if Level.FRONTLINE not in question.audience:
                    continue
                options = [option.code for option in filled.bank.scale_of(question).options]
                # Two in three agree, a third does not; never all of one mind.
                answers[question.code] = options[0 if (person + at) % 3 else 3]
                if question.code in without and person:
                    answers[question.code] = None
            add_response(
                session,
                round_id=filled.round.id,
                agency_id=place.agency_id,
                level=Level.FRONTLINE,
                answers=answers,
                comments=[],
            )
    session.commit()


LATE_SECTOR: Final = ("Wexmoor schools", "Wexmoor College")


@pytest.fixture
def with_college(session: Session, council: Council) -> FilledRound:
    """An open round in which schools and a college have not answered yet."""
    college = ("Wexmoor College", Sector.COLLEGES, 20, 0)
    return fill_round(session, council=council, agencies=[*AGENCIES, college])


def test_late_sector_updates_what_it_answered_and_holds_what_few_of_it_did(
    manager: Browser, session: Session, with_college: FilledRound
) -> None:
    close(manager, with_college)
    reopen(manager, with_college)
    code = next(
        question.code
        for question in with_college.bank.questions()
        if isinstance(question, ScaleQuestion) and Level.FRONTLINE in question.audience
    )
    late_answers(session, with_college, names=LATE_SECTOR, number=6, without=[code])

    words = close(manager, with_college)

    before, after = (
        Summary.model_validate_json(each.summary_json)
        for each in snapshots_of(session, with_college)
    )
    (_, released) = ledger.list_releases(session, round_id=with_college.round.id)
    old, new = before.questions(), after.questions()
    assert new[code].held
    for held in (question for question in new.values() if question.held):
        assert held == old[held.code].model_copy(update={"held": True})
    assert sum(question.held for question in new.values()) == released.held > 0
    assert released.updated > 0
    assert after.coverage.answered == 62
    assert audit_releases([before, after]).is_safe
    assert "Some questions have new figures." in words
    assert f"{released.updated} questions have new figures" in words
    assert f"{released.held} question" in words


def test_held_answers_are_shown_once_they_are_enough(
    manager: Browser, session: Session, with_college: FilledRound
) -> None:
    """What is held is measured from the snapshot in which it was shown."""
    close(manager, with_college)
    for number in (3, 3):
        reopen(manager, with_college)
        late_answers(session, with_college, names=LATE_SECTOR, number=number)
        close(manager, with_college)

    made = snapshots_of(session, with_college)
    assert [(snapshot.number, snapshot.answered) for snapshot in made] == [(1, 50), (2, 62)]


def test_ledger_says_what_was_shown_to_whom_and_which_files_were_taken(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    close(manager, filled)
    token = manager.get(filled.url("/findings")).csrf_token
    manager.client.post(filled.url("/findings/file"), data={"csrf_token": token, "format": "csv"})
    session.commit()

    (released,) = ledger.list_releases(session, round_id=filled.round.id)
    (taken,) = ledger.list_files(session, round_id=filled.round.id)
    assert (released.number, released.audience) == (1, "review_team")
    assert (released.updated, released.held) == (0, 0)
    assert (taken.number, taken.file_format, taken.who) == (1, "csv", "Robin Marsh")


@pytest.mark.parametrize(
    ("more", "outcome", "numbers"),
    [
        (0, SnapshotOutcome.UNCHANGED, [1]),
        (1, SnapshotOutcome.TOO_FEW_NEW, [1]),
        (9, SnapshotOutcome.TOO_FEW_NEW, [1]),
        (24, SnapshotOutcome.MADE_IN_PART, [1, 2]),
    ],
)
def test_closing_again_shows_new_figures_only_of_ten_or_more_new_people(
    manager: Browser,
    session: Session,
    filled: FilledRound,
    more: int,
    outcome: SnapshotOutcome,
    numbers: list[int],
) -> None:
    close(manager, filled)
    reopen(manager, filled)
    more_answers(session, filled, more)

    words = close(manager, filled)

    made = snapshots_of(session, filled)
    assert [snapshot.number for snapshot in made] == numbers
    expected = {
        SnapshotOutcome.UNCHANGED: "Nobody new has answered",
        SnapshotOutcome.TOO_FEW_NEW: "So few new people answered",
        SnapshotOutcome.MADE_IN_PART: "its findings are ready",
    }
    assert expected[outcome] in words
    shown = manager.get(filled.url("/findings")).words
    assert f"Snapshot {numbers[-1]}, made" in shown


def test_few_new_people_a_round_are_counted_from_the_last_snapshot(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    close(manager, filled)
    for more in (9, 15):
        reopen(manager, filled)
        more_answers(session, filled, more)
        close(manager, filled)

    made = snapshots_of(session, filled)
    assert [(snapshot.number, snapshot.answered) for snapshot in made] == [(1, 50), (2, 74)]


def test_opening_an_open_round_again_is_refused(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    assert manager.get(filled.url("/reopen")).path == filled.url()
    manager.get("/change-password")

    manager.post(filled.url("/reopen"), REOPEN, status=409)

    with pytest.raises(NotAllowedNow):
        closing.reopen_round(
            session,
            round_id=filled.round.id,
            reason="x",
            closes_at=NOW + timedelta(days=2),
            account_id=None,
            council_id=filled.council.id,
            now=NOW,
        )


def test_action_refuses_to_open_again_without_a_reason(
    session: Session, filled: FilledRound
) -> None:
    filled.round.closed_at_utc = NOW
    session.commit()

    with pytest.raises(InvalidReopening) as raised:
        closing.reopen_round(
            session,
            round_id=filled.round.id,
            reason=" ",
            closes_at=NOW + timedelta(days=2),
            account_id=None,
            council_id=filled.council.id,
            now=NOW,
        )

    assert raised.value.field == "reason"


def test_answers_sent_at_the_moment_of_closing_are_counted_or_refused(
    database_url: str, session: Session, filled: FilledRound
) -> None:
    """Never stored and left out of the figures, never a participation without a response."""
    waiting = drafts_of(session, filled, 12)
    engine = make_engine(database_url)
    refused: list[str] = []
    failed: list[Exception] = []

    def send(public_id: str) -> None:
        READ_ONLY.set(False)
        try:
            with Session(engine) as own:
                person = find_person(own, public_id)
                assert person is not None
                submit(own, person, may_be_quoted=False, now=NOW)
                own.commit()
        except RoundNotOpen:
            refused.append(public_id)
        except Exception as error:
            failed.append(error)

    senders = [threading.Thread(target=send, args=(public_id,)) for public_id in waiting]
    for sender in senders[:6]:
        sender.start()
    READ_ONLY.set(False)
    with Session(engine) as closer:
        closing.close_round(
            closer,
            round_id=filled.round.id,
            account_id=None,
            council_id=filled.council.id,
            now=NOW,
        )
        for sender in senders[6:]:
            sender.start()
        closer.commit()
    for sender in senders:
        sender.join(30)
    engine.dispose()

    (snapshot,) = snapshots_of(session, filled)
    sent = len(waiting) - len(refused)
    assert failed == []
    assert len(refused) >= 1
    assert snapshot.answered == 50 + sent
    assert session.scalar(select(func.count()).select_from(Response)) == 50 + sent
    assert session.scalar(select(func.count()).select_from(Participation)) == sent


def drafts_of(session: Session, filled: FilledRound, number: int) -> list[str]:
    """That many invitations with a complete draft; their public ids."""
    answers = {
        question.code: (
            filled.bank.scale_of(question).options[0].code
            if isinstance(question, ScaleQuestion)
            else None
        )
        for question in filled.bank.questions()
    }
    place = next(iter(filled.agencies.values()))
    made = []
    for _ in range(number):
        invitation = factories.make_invitation(session, place)
        session.add(
            Draft(
                invitation_id=invitation.id,
                level="frontline",
                answers=answers,
                started_at_utc=NOW,
                saved_at_utc=NOW,
            )
        )
        made.append(invitation.public_id)
    session.commit()
    return made


def test_snapshot_is_the_same_as_from_a_file_of_the_same_answers(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    close(manager, filled)
    session.expire_all()

    frame, invited = frame_of(session, filled), invited_of(filled)
    tally = from_frame(frame, filled.bank, invited=invited)
    other = summarise(tally, filled.bank, settings=AnalysisSettings(), source="a file")

    (snapshot,) = snapshots_of(session, filled)
    stored = Summary.model_validate_json(snapshot.summary_json)
    assert stored.canonical_json() == other.canonical_json()
    assert session.get_one(Round, filled.round.id).closed_at_utc is not None
