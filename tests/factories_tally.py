"""Banks and tallies for tests of the analysis, each stating only what its test is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from analysis.tally import NOT_SHOWN, AnswerRow, PatternRow, Tally, from_counts, from_frame
from question_banks.bank import Bank, Level, Sector

SCALE: Final[dict[str, Any]] = {
    "code": "agreement",
    "title": "Agreement",
    "options": [
        {"code": "sa", "label": "Strongly agree", "kind": "favourable", "weight": 100},
        {"code": "ag", "label": "Agree", "kind": "favourable", "weight": 75},
        {"code": "ne", "label": "Neither", "kind": "neutral", "weight": 50},
        {"code": "di", "label": "Disagree", "kind": "unfavourable", "weight": 25},
        {"code": "sd", "label": "Strongly disagree", "kind": "unfavourable", "weight": 0},
        {"code": "dk", "label": "Don’t know", "kind": "dont_know"},
        {"code": "na", "label": "Does not apply", "kind": "not_applicable"},
    ],
}

Answers = Mapping[str | None, int]
"""How many people of one agency and level chose each option; None is skipped."""


def scale_question(code: str, **keys: Any) -> dict[str, Any]:
    """A question on the scale of these banks."""
    return {
        "type": "scale",
        "code": code,
        "text": f"I know about {code}.",
        "short": code.replace("_", " ").capitalize(),
        "scale": "agreement",
        **keys,
    }


def make_bank(topics: Mapping[str, Sequence[dict[str, Any]]] | None = None) -> Bank:
    """A bank of one signpost; by default with one topic of one question, `q_one`."""
    held = topics or {"t_one": [scale_question("q_one")]}
    return Bank.model_validate(
        {
            "bank": "test_bank",
            "version": "1.0",
            "title": "Test bank",
            "kind": "practitioner",
            "signpost_word": "signpost",
            "purpose": "how agencies work together",
            "notes": "For tests.",
            "scales": [SCALE],
            "signposts": [
                {
                    "code": "s_one",
                    "title": "Signpost one",
                    "summary": "What is tested.",
                    "topics": [
                        {
                            "code": code,
                            "title": code.capitalize(),
                            "subject": f"matters of {code}",
                            "enquiries": [
                                {"test": "Test it", "ask": "Ask them", "documents": "Read it"}
                            ],
                            "questions": list(questions),
                        }
                        for code, questions in held.items()
                    ],
                }
            ],
        }
    )


def people(favourable: int, neutral: int = 0, unfavourable: int = 0, **more: int) -> Answers:
    """Answers on the scale: `dk`, `na` and `skipped` may be given as well."""
    counts: dict[str | None, int] = {"ag": favourable, "ne": neutral, "di": unfavourable}
    counts |= {"dk": more.pop("dk", 0), "na": more.pop("na", 0), None: more.pop("skipped", 0)}
    assert not more, more
    return {option: n for option, n in counts.items() if n}


def make_tally(
    bank: Bank,
    rows: Iterable[tuple[str, Sector | str, Level | str, Mapping[str, Answers]]],
    *,
    invited: Mapping[str | tuple[str, str], int] | None = None,
    also: Iterable[tuple[str, Sector | str]] = (),
    patterns: Iterable[PatternRow] | None = (),
) -> Tally:
    """A tally of rows (agency, sector, level, answers by question).

    A row has as many people as its fullest question; for a question it leaves out they were not
    shown it. `also` are agencies of which nobody answered. `invited` is by agency, or by agency
    and level. `patterns` are not made from the rows, which do not say who gave which answers: see
    `tally_of_people`.
    """
    answers: list[AnswerRow] = []
    respondents: list[tuple[str, str, int]] = []
    agencies: set[tuple[str, str]] = {(agency, str(sector)) for agency, sector in also}
    for agency, sector, level, by_question in rows:
        agencies.add((agency, str(sector)))
        number = max((sum(options.values()) for options in by_question.values()), default=0)
        respondents.append((agency, str(level), number))
        answers += [
            (question, agency, str(level), option, n)
            for question, options in by_question.items()
            for option, n in options.items()
        ]
    return from_counts(
        bank,
        answers=answers,
        respondents=respondents,
        patterns=patterns,
        agencies=sorted(agencies),
        invited=[
            (key, "", n) if isinstance(key, str) else (*key, n)
            for key, n in (invited or {}).items()
        ],
    )


def tally_of_people(
    bank: Bank,
    people: Iterable[tuple[str, Sector | str, Level | str, Mapping[str, str | None], int]],
) -> Tally:
    """A tally of rows (agency, sector, level, answer by question, how many people say just this).

    With leans and co-counts. A question left out of a row was not shown to its people.
    """
    rows = [
        (
            *(agency, str(sector), str(level)),
            *(answers.get(code, NOT_SHOWN) for code in bank.by_code),
        )
        for agency, sector, level, answers, n in people
        for _ in range(n)
    ]
    return from_frame(
        pd.DataFrame(rows, columns=["agency", "sector", "level", *bank.by_code], dtype=object), bank
    )
