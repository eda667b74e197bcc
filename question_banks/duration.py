"""How long a questionnaire takes, worked out from what there is to read and to answer.

The figure is for the start page, so it has to be honest for somebody who thinks about each
question. Reading and answering are counted apart. Replace the seconds by measured ones when there
are some.
"""

from __future__ import annotations

import re

from question_banks.bank import (
    Bank,
    BankKind,
    Level,
    LongTextQuestion,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    SingleChoiceQuestion,
    in_language,
)

WORDS_A_MINUTE = 238
"""Silent reading of English non-fiction by adults: Brysbaert (2019), Journal of Memory and
Language 109, 104047."""

SECONDS_TO_JUDGE = 12
"""To think of one's own work, weigh the options of a scale and select one, after reading. An
assumption; with it the 24 to 30 questions of a practitioner bank take about a quarter of an hour,
as such questionnaires are said to."""

SECONDS_TO_CHOOSE = 10
"""One choice of a list that asks for a fact rather than a judgement."""

SECONDS_A_PLACE = 5
"""Each option of a ranking, and each box of several choices, has to be weighed."""

SECONDS_TO_ENTER = 20
"""A number, a date or a line of text: looked up or remembered, then typed."""

SECONDS_A_COMMENT = 30
"""An optional comment, on average over those who write two sentences and those who pass on."""

SECONDS_A_NARRATIVE = 300
"""A long text of an agency return: a paragraph with its evidence, agreed before it is typed."""

SECONDS_AROUND = 90
"""The start page, choosing a level, and checking answers before sending them."""

SHARE_OF_RULED = 0.5
"""Questions shown only after some answers are counted half."""

_WORD = re.compile(r"\w+")


def minutes_to_answer(bank: Bank, level: Level) -> int:
    """Whole minutes to answer a bank at one level, at least 1.

    >>> from question_banks.loader import load_bank
    >>> 13 <= minutes_to_answer(load_bank("safeguarding_children_2010"), Level.FRONTLINE) <= 17
    True
    """
    seconds = float(SECONDS_AROUND)
    scales: set[str] = set()
    for question in bank.questions():
        if level not in question.audience:
            continue
        share = 1.0 if question.show_if is None else SHARE_OF_RULED
        seconds += share * (_reading(bank, question, scales) + _answering(bank, question))
    return max(1, round(seconds / 60))


def _reading(bank: Bank, question: Question, scales: set[str]) -> float:
    """Seconds to read a question; the options of a scale are read where it is first met."""
    words = _words(in_language(question.text))
    if question.guidance is not None:
        words += _words(in_language(question.guidance))
    match question:
        case ScaleQuestion():
            words += sum(_words(in_language(text)) for text in question.descriptors.values())
            if question.scale not in scales:
                scales.add(question.scale)
                options = bank.scale_of(question).options
                words += sum(_words(in_language(option.label)) for option in options)
        case SingleChoiceQuestion() | SeveralChoicesQuestion() | RankingQuestion():
            words += sum(_words(in_language(choice.label)) for choice in question.choices)
        case _:
            pass
    return words * 60 / WORDS_A_MINUTE


def _answering(bank: Bank, question: Question) -> float:
    match question:
        case ScaleQuestion():
            return SECONDS_TO_JUDGE
        case SingleChoiceQuestion():
            return SECONDS_TO_CHOOSE
        case SeveralChoicesQuestion() | RankingQuestion():
            return SECONDS_A_PLACE * len(question.choices)
        case LongTextQuestion() if bank.kind is BankKind.AGENCY_RETURN:
            return SECONDS_A_NARRATIVE
        case LongTextQuestion():
            return SECONDS_A_COMMENT
        case _:
            return SECONDS_TO_ENTER


def _words(text: str) -> int:
    return len(_WORD.findall(text))
