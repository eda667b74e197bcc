"""Ten sentences of findings, as docs/findings-sentences.md shows them, are really what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from analysis.result import QuestionResult, SignpostResult, Summary, TopicResult
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from question_banks.loader import load_bank
from tests.factories_tally import make_tally

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "findings-sentences.md"
BANK: Final = load_bank("safeguarding_children_2010")

PLACES: Final = (
    ("Wexmoor Council children’s services", "childrens_social_care"),
    ("Tarn Valley Police", "police"),
    ("Wexmoor General Hospital", "nhs_acute"),
    ("Wexmoor Community Health", "nhs_community"),
    ("Tarn Valley Probation", "probation"),
)
Counts = tuple[int, int, int, int]
"""Favourable, neutral, unfavourable and don't know."""

FRONTLINE: Final[dict[str, tuple[Counts, ...]]] = {
    "lp_procedures_to_hand": (
        (15, 2, 3, 0), (6, 1, 1, 0), (5, 2, 1, 0), (6, 1, 1, 0), (4, 1, 1, 0),
    ),
    "lp_changes_reach_me": ((14, 3, 3, 0), (6, 1, 1, 0), (5, 2, 1, 0), (6, 1, 1, 0), (4, 1, 1, 0)),
    "lp_threshold_same": ((4, 6, 10, 0), (2, 2, 4, 0), (2, 3, 3, 0), (3, 2, 3, 0), (2, 1, 3, 0)),
    "lp_information_sharing_clear": (
        (8, 5, 7, 0), (3, 2, 3, 0), (3, 2, 3, 0), (3, 2, 3, 0), (2, 2, 2, 0),
    ),
    "lac_shared_direction": (
        (17, 1, 2, 0), (3, 2, 3, 0), (3, 2, 3, 0), (2, 3, 3, 0), (2, 2, 2, 0),
    ),
    "lac_challenge_safe": ((6, 6, 8, 0), (3, 2, 3, 0), (2, 3, 3, 0), (2, 3, 3, 0), (2, 1, 3, 0)),
    "cc_non_specialists_know": (
        (5, 6, 9, 0), (2, 2, 4, 0), (2, 2, 4, 0), (2, 3, 3, 0), (1, 2, 3, 0),
    ),
    "cc_multi_agency_training": (
        (11, 4, 5, 0), (4, 2, 2, 0), (5, 1, 2, 0), (4, 2, 2, 0), (3, 1, 2, 0),
    ),
    "pem_enough_data": ((12, 4, 4, 0), (5, 1, 2, 0), (5, 1, 2, 0), (5, 1, 2, 0), (3, 1, 2, 0)),
    "pem_audit_acted_on": ((6, 2, 2, 10), (2, 1, 1, 4), (1, 1, 1, 5), (2, 1, 1, 4), (2, 1, 0, 3)),
    "pem_feedback_changes_services": (
        (5, 3, 3, 9), (2, 1, 1, 4), (1, 2, 1, 4), (2, 1, 1, 4), (2, 1, 0, 3),
    ),
    "wt_lessons_reach_me": (
        (19, 0, 1, 0), (8, 0, 0, 0), (8, 0, 0, 0), (8, 0, 0, 0), (6, 0, 0, 0),
    ),
    "wt_schools_engaged": (
        (9, 5, 6, 0), (3, 2, 3, 0), (4, 2, 2, 0), (4, 2, 2, 0), (3, 1, 2, 0),
    ),
}  # fmt: skip
STRATEGIC: Final[dict[str, tuple[Counts, ...]]] = {
    "lac_challenge_safe": ((4, 1, 0, 0), (3, 0, 0, 0), (2, 1, 0, 0), (2, 0, 0, 0), (2, 0, 0, 0)),
}


def round_() -> Summary:
    """Five agencies, and schools that were invited and gave no answer."""
    rows: list[Any] = []
    for level, by_question in (("frontline", FRONTLINE), ("strategic", STRATEGIC)):
        for place, (agency, sector) in enumerate(PLACES):
            answers = {code: _options(counts[place]) for code, counts in by_question.items()}
            rows.append((agency, sector, level, answers))
    invited: dict[str | tuple[str, str], int] = {agency: 30 for agency, _ in PLACES}
    tally = make_tally(
        BANK,
        rows,
        also=[("Wexmoor schools", "schools")],
        invited=invited | {"Wexmoor schools": 20},
    )
    return summarise(tally, BANK, settings=AnalysisSettings(), source="a test")


def _options(counts: Counts) -> dict[str | None, int]:
    options = ("agree", "neither", "disagree", "dont_know")
    return {option: n for option, n in zip(options, counts, strict=True) if n}


@pytest.fixture(scope="module")
def found() -> Summary:
    return round_()


def signpost(found: Summary, code: str) -> SignpostResult:
    return next(item for item in found.signposts if item.code == code)


def topic(found: Summary, code: str) -> TopicResult:
    topics = (topic for item in found.signposts for topic in item.topics)
    return next(topic for topic in topics if topic.code == code)


def said_of(question: QuestionResult) -> str:
    assert question.reading is not None
    return question.reading.sentence


def ten(found: Summary) -> dict[str, str]:
    """What each shows, and the sentence."""
    asked = found.questions()
    return {
        "A signpost, from its topics": signpost(found, "legislation_and_policy").sentence,
        "A topic that is clearly a strength": topic(found, "procedures_in_use").reading.sentence,
        "A topic to explore, and who is missing": (
            topic(found, "thresholds_and_sharing").reading.sentence
        ),
        "A topic that partners do not know about": (
            topic(found, "learning_and_improving").reading.sentence
        ),
        "A question that is clearly to explore": said_of(asked["cc_non_specialists_know"]),
        "A strength that is less than sure": said_of(asked["pem_enough_data"]),
        "A question on which people are mixed": said_of(asked["cc_multi_agency_training"]),
        "The council and its partners see it differently": said_of(asked["lac_shared_direction"]),
        "So do leaders and the front line": said_of(asked["lac_challenge_safe"]),
        "A question that cannot be read": said_of(asked["wt_schools_engaged"]),
    }


def test_page_shows_the_sentences_that_are_made(found: Summary) -> None:
    page = PAGE.read_text(encoding="utf-8")
    lines = page.splitlines()
    shown = {
        line.removeprefix("## "): lines[place + 2].removeprefix("> ")
        for place, line in enumerate(lines)
        if line.startswith("## ")
    }

    assert shown == ten(found)


@pytest.mark.parametrize("place", range(10))
def test_sentence_is_short_and_without_jargon(found: Summary, place: int) -> None:
    sentence = list(ten(found).values())[place]

    assert len(sentence.split()) <= 60
    assert not {"interval", "significant", "confidence", "sample", "mean", "variance"} & set(
        sentence.lower().replace(",", " ").split()
    )
    assert sentence.count("people who answered, in") <= 1
    assert sentence.endswith(".")
