"""Whether a tally from a file can be of a bank's questions: files are edited, and banks change."""

from __future__ import annotations

from collections import Counter

from analysis.errors import InvalidTally
from analysis.tally import ANSWERED, NOT_SHOWN, SKIPPED, Lean, Tally, is_counted
from analysis.tally_tables import counts_of
from question_banks.bank import (
    Bank,
    DateQuestion,
    NumberQuestion,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    SingleChoiceQuestion,
)

_VALUED = (NumberQuestion, DateQuestion)
_STATES = frozenset({ANSWERED, SKIPPED, NOT_SHOWN})


def check_fits(tally: Tally, bank: Bank) -> None:
    """Raise InvalidTally unless every count is of a question and an option of the bank.

    Every question that is counted must account for everybody: each respondent gave one of its
    answers, skipped it, or was not shown it.
    """
    if tally.bank_id != bank.id:
        raise InvalidTally(f"The tally is of {tally.bank_id}, not of {bank.id}.")
    asked = {question.code: question for question in bank.questions() if is_counted(question)}
    known = {code: _options(bank, question) for code, question in asked.items()}
    cells = tally.cells
    people: Counter[tuple[str, str, str]] = Counter()
    for code, agency, level, option, n in zip(
        *(cells[name].tolist() for name in ("question", "agency", "level", "option", "n")),
        strict=True,
    ):
        if code not in known:
            raise InvalidTally(f"{bank.id} has no question {code!r} that is counted.")
        if option not in known[code]:
            raise InvalidTally(f"{option!r} is not an option of {code!r}.")
        if option in _STATES or isinstance(asked[code], ScaleQuestion | SingleChoiceQuestion):
            people[(code, agency, level)] += n
    respondents = {
        (agency, level): n
        for agency, level, n in zip(
            *(tally.respondents[name].tolist() for name in ("agency", "level", "n")), strict=True
        )
    }
    for code in asked:
        for (agency, level), n in respondents.items():
            found = people.pop((code, agency, level), 0)
            if found != n:
                raise InvalidTally(
                    f"{code!r} accounts for {found} people of {agency!r} ({level}), "
                    f"which has {n} respondents."
                )
    for code, agency, level in people:
        raise InvalidTally(f"{code!r} has answers of {agency!r} ({level}), which has none.")
    _check_rest(tally, bank, respondents)


def _check_rest(tally: Tally, bank: Bank, respondents: dict[tuple[str, str], int]) -> None:
    """The tables of values, of pairs of questions, and of which way people lean."""
    scaled = {each.code for each in bank.questions() if isinstance(each, ScaleQuestion)}
    valued = {each.code for each in bank.questions() if isinstance(each, _VALUED)}
    for table, column, allowed in (
        ("values", "question", valued),
        ("pairs", "question", scaled),
        ("pairs", "other", scaled),
        ("leans", "signpost", {signpost.code for signpost in bank.signposts}),
        ("leans", "lean", {lean.value for lean in Lean}),
    ):
        for found in getattr(tally, table)[column].unique():
            if found not in allowed:
                raise InvalidTally(f"{found!r} has no place among the {table} of {bank.id}.")
    leaning: Counter[tuple[str, ...]] = Counter()
    for (signpost, agency, level, _), n in counts_of(tally, "leans").items():
        leaning[(signpost, agency, level)] += n
    for (signpost, agency, level), n in leaning.items():
        if n > respondents.get((agency, level), 0):
            raise InvalidTally(f"More people of {agency!r} lean on {signpost!r} than answered.")


def _options(bank: Bank, question: Question) -> frozenset[str]:
    match question:
        case ScaleQuestion():
            return _STATES | {option.code for option in bank.scale_of(question).options}
        case SingleChoiceQuestion() | SeveralChoicesQuestion():
            return _STATES | {choice.code for choice in question.choices}
        case RankingQuestion():
            codes = [choice.code for choice in question.choices]
            places = range(1, len(codes) + 1)
            return _STATES | {f"{code}@{place}" for code in codes for place in places}
        case _:
            return _STATES
