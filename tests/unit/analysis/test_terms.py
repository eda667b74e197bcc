"""Terms: what enough people say in the same words, and that no name is ever one of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.terms import find_terms
from analysis.wordlists import abbreviations, first_names, stop_words
from analysis.written import Comment
from tests.factories_comments import comment

AGENCIES = ("Elm School", "Elm School", "Northmoor Police")


def by_three(*texts: str) -> list[Comment]:
    """Comments of three people in two agencies: three texts, or one that all of them write."""
    return [
        comment(f"c{i}", text, agency=agency, respondent=f"p{i}")
        for i, (text, agency) in enumerate(
            zip(texts if texts[1:] else texts * 3, AGENCIES, strict=True)
        )
    ]


def terms(comments: list[Comment], *names: str) -> list[str]:
    """The terms found, in their order."""
    return [term.term for term in find_terms(comments, names=names).terms]


class TestShown:
    def test_words_and_phrases_of_three_people_in_two_agencies(self) -> None:
        found = find_terms(
            by_three("High caseloads here", "our high caseload", "they say high caseloads, always")
        )

        assert [(term.term, term.people, term.comments) for term in found.terms] == [
            ("caseloads", 3, 3),
            ("high", 3, 3),
            ("high caseloads", 3, 3),
        ]
        assert found.withheld == 0
        assert found.sentence == (
            "3 terms from 3 released comments. A term is shown where at least 3 people from at "
            "least 2 agencies used it."
        )

    @pytest.mark.parametrize(
        "comments",
        [
            pytest.param(by_three("the threshold")[:2], id="two people"),
            pytest.param(
                [comment(f"c{i}", "the threshold", respondent=f"p{i}") for i in range(5)],
                id="one agency",
            ),
            pytest.param(
                [
                    comment("c1", "the threshold", respondent="p1"),
                    comment("c2", "the threshold", respondent="p1"),
                    comment("c3", "the threshold", agency="Northmoor Police", respondent="p2"),
                ],
                id="three comments of two people",
            ),
            pytest.param(
                [*by_three("the threshold")[:2], comment("c9", "the threshold", released=False)],
                id="third not released",
            ),
        ],
    )
    def test_fewer_are_only_counted(self, comments: list[Comment]) -> None:
        found = find_terms(comments)

        assert found.terms == ()
        assert found.withheld == 1
        assert "Nothing in" in found.sentence

    def test_said_once_is_not_even_counted(self) -> None:
        assert find_terms([comment("c1", "the threshold")]).withheld == 0

    def test_no_more_than_asked_for(self) -> None:
        found = find_terms(by_three("plans, meetings, minutes"), most=2)

        assert [term.term for term in found.terms] == ["meetings", "minutes"]
        assert found.sentence.startswith("2 of 3 terms from 3 released comments.")

    def test_nothing_released(self) -> None:
        found = find_terms([comment("c1", "plans", released=False)])

        assert (found.released, found.sentence) == (0, "No comment has been released yet.")

    def test_welsh_words_keep_their_letters(self) -> None:
        assert terms(by_three("mae'r tîm yn rhannu gŵyl", "tîm da, gŵyl", "y tim a’r gwyl")) == [
            "gŵyl",
            "tîm",
        ]

    def test_abbreviations_of_the_field_are_shown_in_capitals(self) -> None:
        assert terms(by_three("MASH is slow", "mash: slow", "The Mash, slow")) == ["MASH", "slow"]

    @pytest.mark.parametrize(
        "text",
        ["minutes. meetings", "minutes of meetings", "minutes/meetings", "(minutes) meetings"],
    )
    def test_phrase_does_not_reach_over_a_stop_or_an_empty_word(self, text: str) -> None:
        assert terms(by_three(text)) == ["meetings", "minutes"]


WORDS = ("plans", "minutes", "records")
WRITTEN = st.tuples(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.sampled_from(["Elm School", "Northmoor Police", "Carr Council"]),
    st.sampled_from(["q1", "q2"]),
    st.integers(0, 1),
    st.booleans(),
)


@given(st.lists(WRITTEN, max_size=8), st.booleans())
def test_no_term_of_fewer_people_or_agencies_is_ever_shown(
    drawn: list[tuple[list[str], str, str, int, bool]], has_keys: bool
) -> None:
    comments = [
        comment(
            f"c{i}",
            " ".join(words),
            agency=agency,
            question=question,
            released=is_released,
            respondent=f"{agency} {person}" if has_keys else None,
        )
        for i, (words, agency, question, person, is_released) in enumerate(drawn)
    ]

    shown = {term.term: term.people for term in find_terms(comments).terms}

    for word in WORDS:
        users = [each for each in comments if word in (each.released or "")]
        if has_keys:
            people = len({each.respondent for each in users})
        else:
            under = Counter((each.agency, each.question) for each in users)
            agencies = {agency for agency, _ in under}
            people = sum(max(under[agency, q] for q in ("q1", "q2")) for agency in agencies)
        enough = people >= 3 and len({each.agency for each in users}) >= 2
        assert shown.get(word) == (people if enough else None)


NAMED = {
    "title": "then Mrs Oakapple was late",
    "called": "a worker called Oakapple was late",
    "capital": "when Oakapple was late",
    "begins a sentence": "Oakapple was late",
    "capital and small": "when Oakapple was late. And Oakapple! oakapple",
    "first name in small letters": "when rhiannon was late",
    "first name and its possessive": "in rhiannon's team, late",
    "all capitals": "WHEN OAKAPPLE was late",
    "mark": "then [name removed] was late",
    "post": "the chief executive was late",
    "e-mail": "ask oakapple@example.org, late",
    "age": "a 7 year old, late",
    "number": "room 4b7 late",
}


class TestNames:
    @pytest.mark.parametrize("text", NAMED.values(), ids=NAMED.keys())
    def test_no_name_and_no_detail_is_a_term(self, text: str) -> None:
        assert set(terms(by_three(text))) <= {
            "late",
            "worker",
            "called",
            "worker called",
            "team",
            "ask",
            "room",
        }

    def test_listed_name_is_none_in_small_letters_either(self) -> None:
        comments = by_three("when oakapple's late")

        assert "oakapple's" in terms(comments)
        assert terms(comments, "Rowan Oakapple") == ["late"]

    def test_everyday_word_in_a_listed_name_stays_a_word(self) -> None:
        assert terms(by_three("each case is slow"), "Justin Case") == ["case", "slow"]

    @given(st.sampled_from(sorted(first_names())))
    def test_first_name_in_small_letters_is_never_a_term(self, name: str) -> None:
        assert terms(by_three(f"when {name} is late")) == ["late"]


def test_lists_are_folded_and_do_not_contradict() -> None:
    for words in (stop_words(), abbreviations(), first_names()):
        assert all(word == word.casefold() for word in words)
    assert not stop_words() & first_names()
    assert not abbreviations() & first_names()


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", ["caseload threshold " * 2_600, "[name removed] " * 3_300, "A" * 50_000, "Mr " * 16_000]
)
def test_fifty_thousand_characters_are_read_at_once(text: str) -> None:
    assert len(terms(by_three(text))) <= 4
