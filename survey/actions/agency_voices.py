"""Signed agency returns beside the practitioners' answers, when a round's findings are made.

A return is the agency's own word and named as such; only the review team is shown it. Benchmarks
are made of practitioners' figures alone, so no return reaches another council.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from analysis.result import ReturnBeside, Summary
from analysis.settings import AnalysisSettings
from question_banks.bank import Bank, OptionKind, ScaleQuestion, in_language
from survey.data import round_returns
from survey.data.round_returns import RoundReturn, SignedAnswer

if TYPE_CHECKING:
    from analysis.releases import NextRelease
    from analysis.returns import AgencyReturn


def list_ratings(session: Session, *, round_id: str, bank: Bank) -> list[AgencyReturn]:
    """What agencies with a signed return answered to the questions on a scale, by agency.

    A return that is being written on again after it was sent back is not signed.
    """
    from analysis.returns import AgencyReturn

    given = round_returns.list_round_returns(session, round_id=round_id, everybody=False)
    names = {each.return_id: each.agency for each in given if each.is_signed}
    if not names:
        return []
    answers = round_returns.list_signed_answers(session, round_id=round_id, return_ids=names)
    return [
        AgencyReturn(names[answer.return_id], answer.question, option)
        for answer in answers
        if (option := rating_of(bank, answer)) is not None
    ]


def rating_of(bank: Bank, answer: SignedAnswer) -> str | None:
    """The code of the option that an answer chose; None where it is no answer on a scale."""
    question = bank.by_code.get(answer.question)
    if not isinstance(question, ScaleQuestion) or not isinstance(answer.value, str):
        return None
    option = bank.scale_of(question).option(answer.value)
    return option.code if option is not None else None


def are_shown(summary: Summary, ratings: Sequence[AgencyReturn], *, bank: Bank) -> bool:
    """Whether a result shows these ratings beside the practitioners, and no others."""
    shown = {(each.agency, each.question, each.rating, each.kind) for each in summary.returns}
    asked = summary.questions()
    return shown == {
        (each.agency, each.question, *_label_and_kind(bank, each))
        for each in ratings
        if (found := asked.get(each.question)) is not None and found.all is not None
    }


def _label_and_kind(bank: Bank, rating: AgencyReturn) -> tuple[str, OptionKind]:
    question = bank.by_code[rating.question]
    assert isinstance(question, ScaleQuestion)
    option = bank.scale_of(question).option(rating.option)
    assert option is not None
    return in_language(option.label), option.kind


def with_ratings(
    found: NextRelease,
    ratings: Sequence[AgencyReturn],
    *,
    shown: Sequence[Summary],
    bank: Bank,
    settings: AnalysisSettings,
) -> Summary:
    """The result of a release with the signed returns beside the practitioners.

    `shown` are the results released before, the oldest first: what they said of an agency's own
    people counts as known, and of questions with new figures nothing more is said of them.
    """
    from analysis.returns import with_returns

    return with_returns(
        found.summary,
        ratings,
        tally=found.tally,
        bank=bank,
        settings=settings,
        earlier=_still_known(shown),
        updated=found.updated,
    )


def _still_known(shown: Sequence[Summary]) -> list[ReturnBeside]:
    """What was said beside questions that have not had new figures since."""
    if not shown:
        return []
    last = shown[-1].questions()
    return [
        each
        for summary in shown
        for each in summary.returns
        if summary.questions()[each.question].model_copy(update={"held": False})
        == last[each.question].model_copy(update={"held": False})
    ]


def list_late(given: Sequence[RoundReturn], *, summary: Summary | None) -> list[RoundReturn]:
    """Signed returns that a round's findings do not hold, because they were signed later."""
    held = {each.agency for each in summary.returns} if summary is not None else set()
    return [each for each in given if each.is_signed and each.agency not in held]
