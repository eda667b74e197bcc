"""A council's own score beside an agency's, with its reason. The agency's own is never touched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from question_banks.bank import Bank, ScaleQuestion
from question_banks.text import clean_text
from survey.data import audit, return_scores, returns
from survey.data.audit import AuditAction
from survey.data.return_scores import ModeratedScore
from survey.data.round_returns import RoundReturn, SignedAnswer
from survey.errors import NotAllowedNow, NotFound, SurveyError

LONGEST_REASON = 2000
TAKE_BACK = "take_back"
"""Chosen instead of an option: the score is taken back, and the agency's own stands alone."""


class InvalidScore(SurveyError):
    """A score that cannot be kept; `field` says which entry is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class ScoredMeanwhile(SurveyError):
    """Somebody else has scored the same answer since the form was made."""


def question_of(bank: Bank, code: str) -> ScaleQuestion:
    """A question that can be scored. Raises NotFound for any other."""
    question = bank.by_code.get(code)
    if not isinstance(question, ScaleQuestion):
        raise NotFound("There is no such question to score.")
    return question


def moderate(
    session: Session,
    given: RoundReturn,
    *,
    round_id: str,
    round_slug: str,
    council_id: str,
    bank: Bank,
    own: SignedAnswer | None,
    code: str,
    choice: str,
    reason: str,
    seen: int,
    account_id: str,
    name: str,
    now: datetime,
) -> ModeratedScore:
    """Keeps a score as the newest of its question, or takes the score in force back.

    Args:
        session: the database session.
        given: the return, as the round has it.
        round_id: the round whose council scores.
        round_slug: the round's name, for the record.
        council_id: that council.
        bank: the bank the question belongs to.
        own: the agency's own answer as it was signed, None where it gave none.
        code: the question.
        choice: the code of an option, or TAKE_BACK.
        reason: why. It is shown beside the score.
        seen: the number of the newest score when the form was made, 0 for none.
        account_id: who scores.
        name: their name.
        now: the time.

    Raises InvalidScore, ScoredMeanwhile, NotFound for a question without a scale, and
    NotAllowedNow for a return that was never signed.
    """
    question = question_of(bank, code)
    if given.signed is None:
        raise NotAllowedNow("This return has not been signed, so it cannot be scored yet.")
    option = None if choice == TAKE_BACK else bank.scale_of(question).option(choice)
    if option is None and choice != TAKE_BACK:
        raise InvalidScore("choice", "Select the score you give")
    text = clean_text(reason)
    if not text:
        raise InvalidScore("reason", "Say why")
    if len(text) > LONGEST_REASON:
        raise InvalidScore(
            "reason",
            f"Shorten the reason to {LONGEST_REASON:,} characters or fewer; it has {len(text):,} "
            "now",
        )
    returns.lock_return(session, return_id=given.return_id)
    newest = return_scores.find_newest(
        session, round_id=round_id, return_id=given.return_id, question=code
    )
    wanted = option.code if option is not None else ""
    if newest is not None and (newest.option, newest.reason) == (wanted, text):
        return newest
    if seen != (newest.number if newest is not None else 0):
        raise ScoredMeanwhile("Somebody else has scored this answer since you opened the page.")
    if not wanted and (newest is None or not newest.option):
        raise InvalidScore("choice", "There is no score to take back: select a score")
    made = return_scores.add_score(
        session,
        round_id=round_id,
        return_id=given.return_id,
        question=code,
        number=seen + 1,
        option=wanted,
        own_option=own.value if own is not None and isinstance(own.value, str) else "",
        reason=text,
        account_id=account_id,
        name=name,
        now=now,
    )
    audit.record(
        session,
        action=AuditAction.RETURN_MODERATED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": round_slug, "agency": given.agency, "question": code},
    )
    return made
