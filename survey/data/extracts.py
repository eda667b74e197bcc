"""Counts of a round's answers, made by the database, in the shape `analysis.tally` takes.

The database counts and hands over counts: no respondent leaves it. Loads no pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from question_banks.bank import (
    ON_SCALE,
    Bank,
    OptionKind,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
)
from survey.data.coverage import list_invited
from survey.data.models import Agency, Answer, InvitedAgency, Response

AnswerCount = tuple[str, str, str, str | tuple[str, ...] | None, int]
SideCount = tuple[str, str, str, int, int, int, int]


@dataclass(frozen=True)
class RoundCounts:
    """The arguments of `analysis.tally.from_counts`."""

    answers: list[AnswerCount]
    respondents: list[tuple[str, str, int]]
    sides: list[SideCount]
    agencies: list[tuple[str, str]]
    invited: list[tuple[str, str, int]]


def count_round(session: Session, *, round_id: str, bank: Bank) -> RoundCounts:
    """Everything a tally of the round needs."""
    return RoundCounts(
        answers=_answers(session, round_id, bank),
        respondents=_respondents(session, round_id),
        sides=_sides(session, round_id, bank),
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


def _sides(session: Session, round_id: str, bank: Bank) -> list[SideCount]:
    """How many people gave how many favourable and unfavourable answers to each signpost."""
    codes = {
        signpost.code: [
            question.code
            for topic in signpost.topics
            for question in topic.questions
            if isinstance(question, ScaleQuestion)
        ]
        for signpost in bank.signposts
    }
    signposts = [(Answer.question.in_(asked), literal(code)) for code, asked in codes.items()]
    everything = [code for asked in codes.values() for code in asked]
    if not everything:
        return []
    # Three steps, since a CASE with bound values cannot be repeated in GROUP BY on PostgreSQL.
    marked = (
        select(
            Answer.response_id,
            case(*signposts, else_=literal("")).label("signpost"),
            _is(bank, frozenset({OptionKind.FAVOURABLE})).label("favourable"),
            _is(bank, frozenset({OptionKind.UNFAVOURABLE})).label("unfavourable"),
            _is(bank, ON_SCALE).label("on_scale"),
        )
        .join(Response, Response.id == Answer.response_id)
        .where(Response.round_id == round_id, Answer.question.in_(everything))
        .subquery()
    )
    of_person = (
        select(
            marked.c.response_id,
            marked.c.signpost,
            func.sum(marked.c.favourable).label("favourable"),
            func.sum(marked.c.unfavourable).label("unfavourable"),
            func.sum(marked.c.on_scale).label("on_scale"),
        )
        .group_by(marked.c.response_id, marked.c.signpost)
        .subquery()
    )
    by = (
        of_person.c.signpost,
        Agency.name,
        Response.level,
        of_person.c.favourable,
        of_person.c.unfavourable,
        of_person.c.on_scale,
    )
    rows = session.execute(
        select(*by, func.count())
        .select_from(of_person)
        .join(Response, Response.id == of_person.c.response_id)
        .join(Agency, Agency.id == Response.agency_id)
        .where(of_person.c.on_scale > 0)
        .group_by(*by)
    )
    return [
        (signpost, agency, level, int(yes), int(no), int(scale), n)
        for signpost, agency, level, yes, no, scale, n in rows
    ]


def _is(bank: Bank, kinds: frozenset[OptionKind]) -> ColumnElement[int]:
    """1 where an answer is an option of one of those kinds on its question's scale, else 0."""
    matches: list[ColumnElement[bool]] = []
    for scale in bank.scales:
        asked = _asked_on(bank, scale.code)
        options = [option.code for option in scale.options if option.kind in kinds]
        if asked and options:
            matches.append(and_(Answer.question.in_(asked), Answer.value.in_(options)))
    return case((or_(*matches), 1), else_=0) if matches else literal(0)


def _asked_on(bank: Bank, scale: str) -> Sequence[str]:
    return [
        question.code
        for question in bank.questions()
        if isinstance(question, ScaleQuestion) and question.scale == scale
    ]
