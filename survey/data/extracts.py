"""Counts of a round's answers, made by the database, in the shape `analysis.tally` takes.

The database counts and hands over counts: no respondent leaves it. Loads no pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from question_banks.bank import (
    Bank,
    OptionKind,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
)
from survey.data.coverage import list_invited
from survey.data.models import Agency, Answer, InvitedAgency, Response

DIGITS: Final = {OptionKind.FAVOURABLE: 1, OptionKind.NEUTRAL: 2, OptionKind.UNFAVOURABLE: 3}
"""The digits of `analysis.tally.pattern_of`, which would load numpy; a test holds them together."""
DIGITS_IN_A_WORD: Final = 31

AnswerCount = tuple[str, str, str, str | tuple[str, ...] | None, int]
PatternCount = tuple[str, str, str, int, int]


@dataclass(frozen=True)
class RoundCounts:
    """The arguments of `analysis.tally.from_counts`."""

    answers: list[AnswerCount]
    respondents: list[tuple[str, str, int]]
    patterns: list[PatternCount]
    agencies: list[tuple[str, str]]
    invited: list[tuple[str, str, int]]


def count_round(session: Session, *, round_id: str, bank: Bank) -> RoundCounts:
    """Everything a tally of the round needs."""
    return RoundCounts(
        answers=_answers(session, round_id, bank),
        respondents=_respondents(session, round_id),
        patterns=_patterns(session, round_id, bank),
        agencies=_agencies(session, round_id),
        invited=[
            (row.agency, row.level, row.invited) for row in list_invited(session, round_id=round_id)
        ],
    )


def _answers(session: Session, round_id: str, bank: Bank) -> list[AnswerCount]:
    rows = session.execute(
        select(Answer.question, Agency.name, Response.level, Answer.value, func.count())
        .join(Response, Response.id == Answer.response_id)
        .join(Agency, Agency.id == Response.agency_id)
        .where(Response.round_id == round_id)
        .group_by(Answer.question, Agency.name, Response.level, Answer.value)
    )
    several = {
        question.code
        for question in bank.questions()
        if isinstance(question, SeveralChoicesQuestion | RankingQuestion)
    }
    counts: list[AnswerCount] = []
    for question, agency, level, value, n in rows:
        if question in several and value is not None:
            counts.append((question, agency, level, tuple(value.split("|")), n))
        else:
            counts.append((question, agency, level, value, n))
    return counts


def _respondents(session: Session, round_id: str) -> list[tuple[str, str, int]]:
    rows = session.execute(
        select(Agency.name, Response.level, func.count())
        .join(Agency, Agency.id == Response.agency_id)
        .where(Response.round_id == round_id)
        .group_by(Agency.name, Response.level)
    )
    return [(agency, level, n) for agency, level, n in rows]


def _agencies(session: Session, round_id: str) -> list[tuple[str, str]]:
    invited = select(InvitedAgency.agency_id).where(InvitedAgency.round_id == round_id)
    answering = select(Response.agency_id).where(Response.round_id == round_id)
    rows = session.execute(
        select(Agency.name, Agency.sector)
        .where(or_(Agency.id.in_(invited), Agency.id.in_(answering)))
        .order_by(Agency.name)
    )
    return [(name, sector) for name, sector in rows]


def _patterns(session: Session, round_id: str, bank: Bank) -> list[PatternCount]:
    """How many people answered each signpost's scale questions in which pattern.

    A pattern is worked out for each person by the database, as a sum of digits of base four: see
    `analysis.tally.pattern_of`. It is summed in words of 31 digits, which is what fits a number.
    """
    counts: list[PatternCount] = []
    for signpost in bank.signposts:
        questions = [
            question
            for topic in signpost.topics
            for question in topic.questions
            if isinstance(question, ScaleQuestion)
        ]
        words = [
            _word(bank, questions[start : start + DIGITS_IN_A_WORD])
            for start in range(0, len(questions), DIGITS_IN_A_WORD)
        ]
        if not words:
            continue
        labels = [f"word_{place}" for place in range(len(words))]
        of_person = (
            select(
                Answer.response_id,
                *(
                    cast(func.sum(word), BigInteger).label(label)
                    for word, label in zip(words, labels, strict=True)
                ),
            )
            .join(Response, Response.id == Answer.response_id)
            .where(
                Response.round_id == round_id,
                Answer.question.in_([question.code for question in questions]),
            )
            .group_by(Answer.response_id)
            .subquery()
        )
        by = [of_person.c[label] for label in labels]
        rows = session.execute(
            select(Agency.name, Response.level, func.count(), *by)
            .select_from(of_person)
            .join(Response, Response.id == of_person.c.response_id)
            .join(Agency, Agency.id == Response.agency_id)
            .where(or_(*(word > 0 for word in by)))
            .group_by(Agency.name, Response.level, *by)
        )
        counts += [
            (
                signpost.code,
                agency,
                level,
                sum(int(word) << 2 * DIGITS_IN_A_WORD * place for place, word in enumerate(found)),
                n,
            )
            for agency, level, n, *found in rows
        ]
    return counts


def _word(bank: Bank, questions: Sequence[ScaleQuestion]) -> ColumnElement[int]:
    """What one answer adds to its person's pattern."""
    adds: list[tuple[ColumnElement[bool], int]] = []
    for place, question in enumerate(questions):
        for kind, digit in DIGITS.items():
            codes = [
                option.code for option in bank.scale_of(question).options if option.kind is kind
            ]
            if codes:
                adds.append(
                    (
                        and_(Answer.question == question.code, Answer.value.in_(codes)),
                        digit << 2 * place,
                    )
                )
    return case(*adds, else_=0)
