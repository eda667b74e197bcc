"""Quotations: which may stand, whose words they are said to be, and beside which counts."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.quotes import LONGEST_QUOTE, NOBODY, Quotes, choose_quotes
from analysis.result import GroupKind, Mark, Summary
from analysis.settings import AnalysisSettings
from question_banks.bank import Sector
from tests import factories_summary as made
from tests.factories_comments import comment


def result(*, leans: tuple[int | None, int | None] = (30, 12), health: bool = False) -> Summary:
    """One signpost, with figures for council and partners, and for health if asked."""
    group = made.group(
        "Health",
        kind=GroupKind.SECTOR_GROUP,
        code="health",
        figures=made.SIXTY if health else None,
        mark=None if health else Mark.CONFIDENTIAL,
    )
    asked = made.question().model_copy(update={"groups": (*made.SIDES, group)})
    signpost = made.signpost("s_one", topics=(made.topic(questions=(asked,)),), leans=leans)
    settings = AnalysisSettings().stamp()
    return made.summary((signpost,)).model_copy(update={"settings": settings})


def left_out(quotes: Quotes) -> dict[str, int]:
    """Reasons with the comments left out for each."""
    return {name: n for name, n in quotes.model_dump(exclude={"quotes"}).items() if n}


LEFT: dict[str, tuple[dict[str, Any], str]] = {
    "not released": ({"released": False}, "not_released"),
    "not agreed": ({"quotable": False}, "not_agreed"),
    "closing prompt": ({"signpost": ""}, "no_counts"),
    "unknown signpost": ({"signpost": "s_other"}, "no_counts"),
    "still names somebody": ({"text": "Ask Mrs Oakapple."}, "details"),
    "still names somebody listed": ({"text": "Ask rowan oakapple."}, "details"),
    "part of a listed name in small letters": ({"text": "Ask oakapple's team."}, "details"),
    "may speak of harm": ({"text": "She told me he hits her."}, "details"),
    "too long": ({"text": "word " * (LONGEST_QUOTE // 5 + 1)}, "too_long"),
}


class TestChosen:
    def test_stands_beside_the_people_for_and_against(self) -> None:
        quotes = choose_quotes([comment("c1", "It works.")], result())

        assert [quote.model_dump() for quote in quotes.quotes] == [
            {
                "signpost": "s_one",
                "title": "Performance, evaluation and monitoring",
                "text": "It works.",
                "attribution": "All partners",
                "favourable": 30,
                "unfavourable": 12,
            }
        ]
        assert left_out(quotes) == {}

    @pytest.mark.parametrize(("keys", "reason"), LEFT.values(), ids=LEFT.keys())
    def test_left_out_with_its_reason(self, keys: dict[str, Any], reason: str) -> None:
        one = comment("c1", **({"text": "It works."} | keys))

        quotes = choose_quotes([one], result(), names=["Rowan Oakapple"])

        assert quotes.quotes == ()
        assert left_out(quotes) == {reason: 1}

    @pytest.mark.parametrize("leans", [(None, None), (30, None), (None, 12)])
    def test_none_without_both_counts(self, leans: tuple[int | None, int | None]) -> None:
        quotes = choose_quotes([comment("c1", "It works.")], result(leans=leans))

        assert quotes.quotes == ()
        assert left_out(quotes) == {"no_counts": 1}

    def test_of_one_person_one_is_taken(self) -> None:
        comments = [
            comment(f"c{i}", f"Works {i}.", question=f"q{i}", respondent="p1") for i in range(3)
        ]

        quotes = choose_quotes([*comments, comment("c9", "Fine.", respondent="p2")], result())

        assert len(quotes.quotes) == 2
        assert "Fine." in [quote.text for quote in quotes.quotes]
        assert left_out(quotes) == {"not_chosen": 2}

    def test_without_keys_only_of_one_question(self) -> None:
        comments = [
            comment("c1", "One.", question="q1"),
            comment("c2", "Two.", question="q2"),
            comment("c3", "Three.", question="q2", respondent="p1"),
        ]

        quotes = choose_quotes(comments, result())

        assert {quote.text for quote in quotes.quotes} == {"Two.", "Three."}

    def test_order_and_names_of_comments_do_not_decide(self) -> None:
        texts = [f"Comment {i}." for i in range(6)]
        one = [comment(f"c{i}", text) for i, text in enumerate(texts)]
        other = [comment(f"x{i}", text) for i, text in enumerate(reversed(texts))]

        assert choose_quotes(one, result()) == choose_quotes(other, result())

    def test_no_more_than_asked_for(self) -> None:
        comments = [comment(f"c{i}", f"Comment {i}.") for i in range(6)]

        assert len(choose_quotes(comments, result(), most=3).quotes) == 3


class TestAttribution:
    @pytest.mark.parametrize(
        ("sector", "health", "said"),
        [
            pytest.param(Sector.NHS_ACUTE, True, "Health", id="group with figures"),
            pytest.param(Sector.NHS_ACUTE, False, "All partners", id="group without figures"),
            pytest.param(Sector.EARLY_HELP, False, "Council", id="council"),
        ],
    )
    def test_smallest_group_with_figures(self, sector: Sector, health: bool, said: str) -> None:
        one = comment("c1", "It works.", sector=sector)

        quotes = choose_quotes([one], result(health=health))

        assert [quote.attribution for quote in quotes.quotes] == [said]

    def test_nobody_where_no_group_has_figures(self) -> None:
        bare = result()
        signpost = made.signpost(
            "s_one",
            topics=(made.topic(questions=(made.question().model_copy(update={"groups": ()}),)),),
        )
        summary = bare.model_copy(update={"signposts": (signpost,), "settings": {}})

        quotes = choose_quotes([comment("c1", "It works.")], summary)

        assert [quote.attribution for quote in quotes.quotes] == [NOBODY]
