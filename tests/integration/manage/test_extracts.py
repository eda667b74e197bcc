"""Counts made by the database are the counts a file of the same answers gives."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from sqlalchemy.orm import Session

from analysis import tally_patterns
from analysis.tally import canonical_json, from_counts, from_frame
from question_banks.bank import (
    Bank,
    DateQuestion,
    Level,
    LongTextQuestion,
    NumberQuestion,
    Question,
    RankingQuestion,
    ScaleQuestion,
    Sector,
    SeveralChoicesQuestion,
    ShortTextQuestion,
)
from question_banks.loader import load_bank
from survey.data import extracts
from survey.data.extracts import RoundCounts, count_round
from survey.data.responses import add_response
from tests import factories
from tests.factories_tally import make_bank, scale_question
from tests.filled_round import FilledRound
from tests.integration.manage.frames import frame_of

VALID = Path(__file__).resolve().parents[2] / "banks" / "valid"


def some_answer(bank: Bank, question: Question, chance: Random) -> str | None:
    """Any answer, as the database keeps it."""
    if chance.random() < 0.2:
        return None
    match question:
        case ScaleQuestion():
            return chance.choice(bank.scale_of(question).options).code
        case NumberQuestion():
            return str(chance.randint(0, 4))
        case DateQuestion():
            return f"2031-0{chance.randint(1, 3)}-15"
        case SeveralChoicesQuestion():
            codes = [choice.code for choice in question.choices]
            return "|".join(chance.sample(codes, chance.randint(1, len(codes))))
        case RankingQuestion():
            codes = [choice.code for choice in question.choices]
            return "|".join(chance.sample(codes, len(codes)))
        case ShortTextQuestion() | LongTextQuestion():
            raise AssertionError("text is kept apart")
        case _:
            return chance.choice(question.choices).code


def fill(session: Session, bank: Bank, *, slug: str, people: int) -> FilledRound:
    """A round in which everybody is shown some of the questions and answers some of those."""
    chance = Random(slug)
    council = factories.make_council(session, slug=f"council-{slug}")
    round_ = factories.make_round(session, council=council, bank=bank, slug=slug)
    places = {
        name: factories.make_invited_agency(session, round_, name=f"{name} {slug}", sector=sector)
        for name, sector in (("Police", Sector.POLICE), ("Ward", Sector.NHS_ACUTE))
    }
    asked = [q for q in bank.questions() if not isinstance(q, ShortTextQuestion | LongTextQuestion)]
    for _ in range(people):
        shown = [question for question in asked if chance.random() < 0.8]
        add_response(
            session,
            round_id=round_.id,
            agency_id=chance.choice(list(places.values())).agency_id,
            level=chance.choice(list(Level)),
            answers={question.code: some_answer(bank, question, chance) for question in shown},
            comments=[],
        )
    session.commit()
    return FilledRound(round_, council, bank, places)


def tally_of(counts: RoundCounts, bank: Bank) -> str:
    """The tally of what the database counted, without the numbers invited."""
    return canonical_json(
        from_counts(
            bank,
            answers=counts.answers,
            respondents=counts.respondents,
            patterns=counts.patterns,
            agencies=counts.agencies,
        )
    )


@pytest.mark.parametrize("name", ["every_type", "by_level", "smallest"])
def test_database_counts_as_a_file_does(session: Session, name: str) -> None:
    bank = load_bank(VALID / f"{name}.yaml")
    filled = fill(session, bank, slug=name.replace("_", "-"), people=60)
    fill(session, bank, slug="another-round", people=9)

    counts = count_round(session, round_id=filled.round.id, bank=bank)

    expected = from_frame(frame_of(session, filled), bank)
    assert tally_of(counts, bank) == canonical_json(expected)
    assert {row[0] for row in counts.respondents} <= {row[0] for row in counts.agencies}


def test_numbers_invited_are_those_stated(session: Session) -> None:
    bank = load_bank(VALID / "smallest.yaml")
    filled = fill(session, bank, slug="stated", people=3)

    counts = count_round(session, round_id=filled.round.id, bank=bank)

    assert sorted(counts.invited) == [("Police stated", "", 10), ("Ward stated", "", 10)]


def test_round_nobody_answered_counts_to_nothing(session: Session) -> None:
    bank = load_bank(VALID / "every_type.yaml")
    filled = fill(session, bank, slug="silent", people=0)

    counts = count_round(session, round_id=filled.round.id, bank=bank)

    assert (counts.answers, counts.respondents, counts.patterns) == ([], [], [])
    assert len(counts.agencies) == 2


def test_more_questions_in_a_signpost_than_fit_one_number(session: Session) -> None:
    asked = [scale_question(f"q_{i:02d}") for i in range(33)]
    bank = make_bank({"t_one": asked})
    filled = fill(session, bank, slug="many", people=12)

    counts = count_round(session, round_id=filled.round.id, bank=bank)

    assert max(row[3] for row in counts.patterns) > 2**62
    assert tally_of(counts, bank) == canonical_json(from_frame(frame_of(session, filled), bank))


def test_digits_are_those_of_the_tally() -> None:
    assert extracts.DIGITS == tally_patterns.DIGITS
    assert extracts.DIGITS_IN_A_WORD == tally_patterns.DIGITS_IN_A_WORD
