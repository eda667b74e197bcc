"""The links between the shipped banks: they refer to what exists and say what is true."""

from __future__ import annotations

from collections import Counter

import pytest

from question_banks.bank import ScaleQuestion, in_language
from question_banks.crosswalk import (
    CROSSWALK,
    Crosswalk,
    QuestionLink,
    QuestionRef,
    read_crosswalk,
)
from question_banks.loader import list_banks, load_bank

LOADED = read_crosswalk(CROSSWALK, list_banks())
LINKS = LOADED.crosswalk or Crosswalk()
QUESTION_LINKS = [
    pytest.param(link, id=f"{link.left.question}-{link.right.question}") for link in LINKS.questions
]


def linked(end: QuestionRef) -> ScaleQuestion:
    """The scale question at one end of a link."""
    question = load_bank(end.bank).by_code[end.question]
    assert isinstance(question, ScaleQuestion)
    return question


class TestCrosswalk:
    def test_file_reads_without_a_problem(self) -> None:
        assert LOADED.problems == ()
        assert LINKS.signposts
        assert LINKS.questions

    def test_every_signpost_named_exists(self) -> None:
        named = [end for link in LINKS.signposts for end in (link.from_, *link.to)]
        known = {(bank.bank, post.code) for bank in list_banks() for post in bank.signposts}

        assert [end for end in named if (end.bank, end.signpost) not in known] == []

    def test_every_question_named_exists(self) -> None:
        named = [end for link in LINKS.questions for end in (link.left, link.right)]
        known = {(bank.bank, code) for bank in list_banks() for code in bank.by_code}

        assert [end for end in named if (end.bank, end.question) not in known] == []

    @pytest.mark.parametrize(
        ("origin", "target", "expected"),
        [
            ("safeguarding_children_2010", "safeguarding_children_2012", "5+1 5 4 1 2 3"),
            ("children_governance_2009", "safeguarding_children_2010", "2+6 2 2 1+2 6 3+6"),
            ("improvement_partnership_2018", "safeguarding_children_2010", "2 4 4+5 4 3"),
        ],
        ids=["2010-2012", "2009-2010", "2018-2010"],
    )
    def test_signposts_correspond_as_the_reviews_do(
        self, origin: str, target: str, expected: str
    ) -> None:
        number = {post.code: n for n, post in enumerate(load_bank(target).signposts, start=1)}
        to = {
            link.from_.signpost: "+".join(str(number[end.signpost]) for end in link.to)
            for link in LINKS.signposts
            if link.from_.bank == origin and {end.bank for end in link.to} == {target}
        }

        assert " ".join(to[post.code] for post in load_bank(origin).signposts) == expected

    def test_no_link_stands_twice(self) -> None:
        signposts = Counter(
            (link.from_.bank, link.from_.signpost, end.bank, end.signpost)
            for link in LINKS.signposts
            for end in link.to
        )
        questions = Counter(
            frozenset((link.left.question, link.right.question)) for link in LINKS.questions
        )

        assert max(signposts.values()) == 1
        assert max(questions.values()) == 1

    @pytest.mark.parametrize("link", QUESTION_LINKS)
    def test_link_joins_two_banks_and_says_truly_how_alike_they_are(
        self, link: QuestionLink
    ) -> None:
        left, right = linked(link.left), linked(link.right)
        same_scale = load_bank(link.left.bank).scale_of(left) == load_bank(
            link.right.bank
        ).scale_of(right)
        same_wording = left.text == right.text

        assert link.left.bank != link.right.bank
        assert link.why.startswith("Same wording, scale and levels") == (
            same_wording and same_scale and left.audience == right.audience
        )
        assert ("Different scales" in link.why) == (not same_scale)

    def test_every_statement_worded_alike_in_two_banks_is_linked(self) -> None:
        uses: dict[str, list[str]] = {}
        for bank in {bank.bank: bank for bank in list_banks()}.values():
            for question in bank.questions():
                if isinstance(question, ScaleQuestion):
                    uses.setdefault(in_language(question.text), []).append(question.code)
        pairs = {
            frozenset((first, second))
            for codes in uses.values()
            for first in codes
            for second in codes
            if first != second
        }

        assert (
            pairs
            - {frozenset((link.left.question, link.right.question)) for link in LINKS.questions}
            == set()
        )
