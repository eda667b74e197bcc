"""Cutting what could still tie a response to a person once a round is over.

docs/decisions/0004-anonymity.md gives the reasons.
"""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey.data import shuffling


def shuffle(session: Session, round_id: str) -> None:
    """Rewrites the round's responses, answers, comments and participation within the session's
    transaction: in random order and, where an id is not somebody else's, under new random ids.
    """
    shuffling.rewrite(session, round_id=round_id)


def erase_traces(engine: Engine) -> None:
    """Takes the old rows out of the database's files. Call it after the commit of `shuffle`."""
    shuffling.erase_traces(engine)
