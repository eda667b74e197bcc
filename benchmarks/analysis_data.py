"""Banks and files of answers of any size for the measurement of the analysis: seeded, and quick."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from question_banks.bank import Bank, Level, Sector

ROWS_AT_A_TIME: Final = 50_000
LEVELS: Final = (Level.STRATEGIC, Level.OPERATIONAL, Level.FRONTLINE)
"""Levels of the respondents made here; see `_LEVEL_SHARES`."""
_LEVEL_SHARES: Final = (0.1, 0.3, 0.6)
_SKIPPED: Final = 0.05

_SCALE: Final[dict[str, Any]] = {
    "code": "agreement",
    "title": "Agreement",
    "options": [
        {"code": "strongly_agree", "label": "Strongly agree", "kind": "favourable", "weight": 100},
        {"code": "agree", "label": "Agree", "kind": "favourable", "weight": 75},
        {"code": "neither", "label": "Neither", "kind": "neutral", "weight": 50},
        {"code": "disagree", "label": "Disagree", "kind": "unfavourable", "weight": 25},
        {
            "code": "strongly_disagree",
            "label": "Strongly disagree",
            "kind": "unfavourable",
            "weight": 0,
        },
        {"code": "dont_know", "label": "Don’t know", "kind": "dont_know"},
        {"code": "not_applicable", "label": "Does not apply", "kind": "not_applicable"},
    ],
}
OPTIONS: Final = tuple(option["code"] for option in _SCALE["options"])
COMMENTS: Final = (
    "",
    "We meet, but not often enough.",
    "Referrals come back quickly now",
    "Nobody told us about the new form, or where it goes",
)
_COMMENT_SHARES: Final = (0.85, 0.05, 0.05, 0.05)


def make_bank(*, questions: int, to_a_signpost: int = 6, comments: bool = False) -> Bank:
    """A bank of so many questions on a scale, three to a topic, and perhaps one for comments."""
    codes = [f"question_{i:02d}" for i in range(questions)]
    signposts = [codes[i : i + to_a_signpost] for i in range(0, questions, to_a_signpost)]
    return Bank.model_validate(
        {
            "bank": "benchmark",
            "version": "1.0",
            "title": "Benchmark",
            "kind": "practitioner",
            "signpost_word": "signpost",
            "purpose": "how fast answers are counted",
            "notes": "Made for a measurement.",
            "scales": [_SCALE],
            "signposts": [
                {
                    "code": f"signpost_{place:02d}",
                    "title": f"Signpost {place + 1}",
                    "summary": "What is measured.",
                    "topics": [
                        _topic(f"topic_{place:02d}_{first:02d}", asked[first : first + 3])
                        for first in range(0, len(asked), 3)
                    ],
                }
                for place, asked in enumerate(signposts)
            ],
            "closing": [{"type": "long_text", "code": "closing_comment", "text": "Anything else?"}]
            if comments
            else [],
        }
    )


def _topic(code: str, questions: list[str]) -> dict[str, Any]:
    return {
        "code": code,
        "title": code.replace("_", " ").capitalize(),
        "subject": f"matters of {code.replace('_', ' ')}",
        "enquiries": [{"test": "Test it", "ask": "Ask them", "documents": "Read it"}],
        "questions": [
            {
                "type": "scale",
                "code": question,
                "text": f"I know about {question.replace('_', ' ')}.",
                "short": question.replace("_", " ").capitalize(),
                "scale": "agreement",
            }
            for question in questions
        ],
    }


def agencies_of(number: int) -> tuple[list[str], list[str]]:
    """Names of so many agencies, and the sector of each."""
    sectors = list(Sector)
    return (
        [f"Agency {i:02d} of Larkshire" for i in range(number)],
        [sectors[i % len(sectors)].value for i in range(number)],
    )


def shares_of(bank: Bank, *, agencies: int, seed: int) -> np.ndarray:
    """How likely each option is, by agency and question; the last place is for a skipped one."""
    chance = np.random.default_rng(seed)
    asked = [question for question in bank.questions() if question.type == "scale"]
    shares = chance.dirichlet((3.0, 5.0, 2.0, 2.0, 1.0, 0.7, 0.3), size=(agencies, len(asked)))
    return np.concatenate(
        [shares * (1 - _SKIPPED), np.full((agencies, len(asked), 1), _SKIPPED)], axis=2
    )


def write_file(path: Path, bank: Bank, *, rows: int, agencies: int = 40, seed: int = 1) -> None:
    """Write a wide file of responses to every question of `bank`."""
    names, sectors = agencies_of(agencies)
    limits = np.cumsum(shares_of(bank, agencies=agencies, seed=seed), axis=2)
    chance = np.random.default_rng(seed + 1)
    cells = np.array([*OPTIONS, ""], dtype=object)
    codes = [question.code for question in bank.questions()]
    comments = np.array([f'"{text}"' if "," in text else text for text in COMMENTS], dtype=object)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(["response_id", "agency", "sector", "level", *codes]) + "\n")
        for start in range(0, rows, ROWS_AT_A_TIME):
            size = min(ROWS_AT_A_TIME, rows - start)
            of = chance.integers(0, agencies, size)
            level = chance.choice(len(LEVELS), size, p=_LEVEL_SHARES)
            columns = [
                [f"R{i:08d}" for i in range(start, start + size)],
                np.array(names, dtype=object)[of].tolist(),
                np.array(sectors, dtype=object)[of].tolist(),
                np.array([each.value for each in LEVELS], dtype=object)[level].tolist(),
            ]
            for place in range(limits.shape[1]):
                drawn = (chance.random(size)[:, None] > limits[of, place, :]).sum(axis=1)
                columns.append(cells[drawn].tolist())
            if len(codes) > limits.shape[1]:
                said = chance.choice(len(comments), size, p=_COMMENT_SHARES)
                columns.append(comments[said].tolist())
            file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))
