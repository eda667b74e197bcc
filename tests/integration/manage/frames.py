"""A round's answers as the frame that a file of them would give."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.tally import ALL_LEVELS, NOT_SHOWN
from question_banks.bank import RankingQuestion, SeveralChoicesQuestion
from survey.data.models import Agency, Answer, Response
from tests.filled_round import AGENCIES, FilledRound

Given = str | tuple[str, ...] | None


def frame_of(session: Session, filled: FilledRound) -> pd.DataFrame:
    """One row for each response, a column for each question: None skipped, NOT_SHOWN not asked."""
    people = session.execute(
        select(Response.id, Agency.name, Agency.sector, Response.level)
        .join(Agency, Agency.id == Response.agency_id)
        .where(Response.round_id == filled.round.id)
    )
    rows: dict[str, dict[str, Given]] = {
        id_: {"agency": agency, "sector": sector, "level": level}
        for id_, agency, sector, level in people
    }
    codes = [question.code for question in filled.bank.questions()]
    several = {
        question.code
        for question in filled.bank.questions()
        if isinstance(question, SeveralChoicesQuestion | RankingQuestion)
    }
    given: dict[str, dict[str, Given]] = {id_: {} for id_ in rows}
    for answer in session.scalars(select(Answer).where(Answer.response_id.in_(list(rows)))):
        value: Given = answer.value
        if answer.question in several and answer.value is not None:
            value = tuple(answer.value.split("|"))
        given[answer.response_id][answer.question] = value
    for id_, row in rows.items():
        row.update({code: given[id_].get(code, NOT_SHOWN) for code in codes})
    return pd.DataFrame(list(rows.values()), dtype=object)


def invited_of(filled: FilledRound) -> pd.DataFrame:
    """The numbers invited, all levels together."""
    rows = [(name, str(sector), ALL_LEVELS, invited) for name, sector, invited, _ in AGENCIES]
    return pd.DataFrame(rows, columns=["agency", "sector", "level", "invited"])
