"""Counts of a round's answers, made by the database, in the shape `analysis.tally` takes.

The database counts and hands over counts: no response leaves it. A pattern may be that of one
person; it covers one signpost, is counted into the tally at once and kept nowhere. Loads no pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from question_banks.bank import (
    Bank,
    OptionKind,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    Signpost,
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
    names = _names(session, round_id)
    by = (Answer.question, Response.agency_id, Response.level, Answer.value)
    rows = session.execute(
        select(*by, func.count())
        .join(Response, Response.id == Answer.response_id)
        .where(Response.round_id == round_id)
        .group_by(*by)
    )
    several = {
        question.code
        for question in bank.questions()
        if isinstance(question, SeveralChoicesQuestion | RankingQuestion)
    }
    counts: list[AnswerCount] = []
    for question, agency_id, level, value, n in rows:
        agency = names[agency_id]
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
    All are summed in one pass over the answers, and each signpost is counted from that.
    """
    words = {
        signpost.code: [
            cast(func.sum(_word(bank, questions[start : start + DIGITS_IN_A_WORD])), BigInteger)
            for start in range(0, len(questions), DIGITS_IN_A_WORD)
        ]
        for signpost in bank.signposts
        if (questions := _scale_questions(signpost))
    }
    if not words:
        return []
    labels = {code: [f"{code}_{i}" for i in range(len(held))] for code, held in words.items()}
    person = (
        select(
            Response.agency_id,
            Response.level,
            *(
                word.label(label)
                for code, held in words.items()
                for word, label in zip(held, labels[code], strict=True)
            ),
        )
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.round_id == round_id)
        .group_by(Response.id)
        .cte("person")
    )
    counts: list[PatternCount] = []
    names = _names(session, round_id)
    longest = max(map(len, words.values()))
    parts = []
    for code, held in labels.items():
        by = [person.c.agency_id, person.c.level, *(person.c[label] for label in held)]
        blank = [literal(0, BigInteger)] * (longest - len(held))
        parts.append(
            select(literal(code), func.count(), *by, *blank)
            .where(or_(*(person.c[label] > 0 for label in held)))
            .group_by(*by)
        )
    for code, n, agency_id, level, *found in session.execute(union_all(*parts)):
        pattern = sum(int(word) << 2 * DIGITS_IN_A_WORD * i for i, word in enumerate(found))
        counts.append((code, names[agency_id], level, pattern, n))
    return counts


def _scale_questions(signpost: Signpost) -> list[ScaleQuestion]:
    return [
        question
        for topic in signpost.topics
        for question in topic.questions
        if isinstance(question, ScaleQuestion)
    ]


def _word(bank: Bank, questions: Sequence[ScaleQuestion]) -> ColumnElement[int]:
    """What one answer adds to its person's pattern."""
    added: dict[str, ColumnElement[int]] = {}
    for place, question in enumerate(questions):
        options = bank.scale_of(question).options
        whens = []
        for kind, digit in DIGITS.items():
            codes = [option.code for option in options if option.kind is kind]
            if codes:
                whens.append((Answer.value.in_(codes), literal(digit << 2 * place, BigInteger)))
        added[question.code] = case(*whens, else_=literal(0, BigInteger))
    return case(added, value=Answer.question, else_=literal(0, BigInteger))


def _names(session: Session, round_id: str) -> dict[str, str]:
    """The names of the agencies that answered, by id."""
    answering = select(Response.agency_id).where(Response.round_id == round_id)
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(answering)))
    return {row.id: row.name for row in rows}
