"""Words and stems, phrases of a codebook, suggestions and counts of codes."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding import CodeCount, count_codes, may_show, suggest, suggest_all
from analysis.comment_codebook import Code, CommentCodebook
from analysis.phrases import Phrases, faults_of
from analysis.result import Mark
from analysis.stems import stem, words_of
from analysis.written import fewest_people
from tests.factories_comments import comment

BOOK = CommentCodebook(
    codebook="test_book",
    version="1.0",
    title="Test book",
    codes=(
        Code(code="sharing", title="Sharing", about="Telling.", words=("share information",)),
        Code(code="workload", title="Workload", about="Time.", words=("caseload", "vacanc*")),
    ),
)


class TestStems:
    @pytest.mark.parametrize(
        "words",
        [
            pytest.param(("share", "shares", "shared", "sharing", "Share’s"), id="share"),
            pytest.param(("refer", "refers", "referred", "referring"), id="doubled letter"),
            pytest.param(("family", "families", "FAMILY'S"), id="y and ies"),
            pytest.param(("process", "processes"), id="es after s"),
            pytest.param(("fall", "falls", "falling"), id="double letter of its own"),
            pytest.param(("Élodie", "elodie"), id="accent"),
            pytest.param(("tŷ", "TŶ", "ty"), id="Welsh circumflex"),
            pytest.param(("gwasanaeth\u0302", "gwasanaeth"), id="combining accent"),
        ],
    )
    def test_endings_of_one_word_have_one_stem(self, words: tuple[str, ...]) -> None:
        assert len({stem(word) for word in words}) == 1

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("police", "policy"),
            ("need", "new"),
            ("string", "strong"),
            ("status", "state"),
            ("us", "use"),
            ("crisis", "cries"),
            ("day", "dais"),
            ("ring", "r"),
        ],
    )
    def test_different_words_keep_apart(self, one: str, other: str) -> None:
        assert stem(one) != stem(other)

    def test_sentences_end_at_stops_brackets_and_bullets(self) -> None:
        text = "Good work. (Mostly) we-all - and\n* Training’s late\n- Plans; e-mail/phone"

        words = list(words_of(text))

        assert [(word.text, word.sentence, word.begins) for word in words] == [
            ("Good", 1, True),
            ("work", 1, False),
            ("Mostly", 2, True),
            ("we", 3, True),
            ("all", 3, False),
            ("and", 4, True),
            ("Training’s", 5, True),
            ("late", 5, False),
            ("Plans", 6, True),
            ("e", 7, True),
            ("mail", 7, False),
            ("phone", 8, True),
        ]

    @given(st.text(max_size=200))
    def test_words_stand_where_they_say(self, text: str) -> None:
        for word in words_of(text):
            assert text[word.start : word.end] == word.text


class TestPhrases:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            pytest.param(
                "They SHARED all the information.", ["SHARED all the information"], id="two between"
            ),
            pytest.param("They share it and then information", [], id="three between"),
            pytest.param("We share. Information comes", [], id="another sentence"),
            pytest.param("information is shared", [], id="another order"),
            pytest.param("share-information", ["share-information"], id="hyphen"),
            pytest.param("share share information", ["share share information"], id="begun twice"),
            pytest.param("", [], id="nothing"),
        ],
    )
    def test_phrase_is_found(self, text: str, found: list[str]) -> None:
        phrases = Phrases({"sharing": ("share information",)})

        assert [one.words for one in phrases.find(text)] == found

    def test_beginning_is_found_with_any_ending(self) -> None:
        phrases = Phrases({"workload": ("vacanc*", "too few nurs*")})

        found = phrases.find("Vacancies. One vacancy, too few good nursery staff. Vacant.")

        assert [one.words for one in found] == ["Vacancies", "vacancy", "too few good nursery"]

    def test_longer_of_two_phrases_of_one_code_stands(self) -> None:
        phrases = Phrases({"one": ("core", "core group", "group"), "two": ("group",)})

        found = phrases.find("the core group met")

        assert [(one.code, one.words) for one in found] == [("one", "core group"), ("two", "group")]

    def test_nearest_word_does_not_hide_a_phrase(self) -> None:
        phrases = Phrases({"one": ("a b c",)})

        assert [one.words for one in phrases.find("a b x b y c")] == ["a b x b y c"]

    @given(
        st.lists(st.sampled_from(["ant", "bee", "cow", "fox."]), max_size=12),
        st.lists(st.sampled_from(["ant", "bee", "cow"]), min_size=1, max_size=4),
    )
    def test_found_just_where_trying_everything_finds_it(
        self, words: list[str], phrase: list[str]
    ) -> None:
        found = Phrases({"one": [" ".join(phrase)]}).find(" ".join(words))

        assert bool(found) == any(
            [words[i].strip(".") for i in places] == phrase
            and all(later - earlier <= 3 for earlier, later in pairwise(places))
            and not any("." in words[i] for i in range(places[0], places[-1]))
            for places in combinations(range(len(words)), len(phrase))
        )

    @pytest.mark.parametrize(
        ("phrase", "said"),
        [
            ("", "should be words"),
            ("(brackets)", "should be words"),
            ("one, two", "should be words"),
            ("st*r", "should be words"),
            ("* alone", "should be words"),
            ("ab*", "needs 3 letters before the *"),
            ("x", "is a single letter"),
            ("one two three four five six seven", "more than 6 words"),
        ],
    )
    def test_phrase_that_cannot_be_looked_for_is_told(self, phrase: str, said: str) -> None:
        assert [said in message for message in faults_of(phrase)] == [True]

    @pytest.mark.parametrize(
        "phrase", ["share information", "vacanc*", "child's voice", "joined-up"]
    )
    def test_good_phrase_has_no_fault(self, phrase: str) -> None:
        assert list(faults_of(phrase)) == []


class TestSuggestions:
    def test_says_which_words_suggest_a_code(self) -> None:
        found = suggest(
            "Caseloads rise; a caseload of 40. Caseloads! They share information.", BOOK
        )

        assert [(one.code, one.words) for one in found] == [
            ("sharing", ("share information",)),
            ("workload", ("Caseloads", "caseload")),
        ]

    def test_only_released_text_is_looked_at(self) -> None:
        waiting = comment("c1", "caseload", released=False)

        assert suggest_all([waiting, comment("c2", "our caseload")], BOOK) == {
            "c2": suggest("our caseload", BOOK)
        }

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("share " * 8_300, id="first word of a phrase again and again"),
            pytest.param("share " * 3 * 2_000 + "information", id="phrase at the end"),
            pytest.param("a" * 50_000, id="one word"),
            pytest.param("a'" * 25_000, id="apostrophes"),
            pytest.param("e\u0301" * 25_000, id="accents"),
            pytest.param("\t- " * 16_000, id="bullets"),
            pytest.param("=cmd|' /C calc'!A0\x00\u202e" * 2_000, id="hostile"),
            pytest.param("ŵŷâêîôû " * 6_000, id="Welsh"),
        ],
    )
    @pytest.mark.timeout(10)
    def test_fifty_thousand_characters_are_read_at_once(self, text: str) -> None:
        assert all(len(one.words) > 0 for one in suggest(text, BOOK))


class TestCounts:
    def test_codes_of_released_comments_are_counted(self) -> None:
        comments = [
            comment("c1", "x", agency="A", respondent="p1"),
            comment("c2", "x", agency="A", respondent="p2"),
            comment("c3", "x", agency="B", respondent="p3"),
            comment("c4", "x", agency="B", respondent="p3"),
            comment("c5", "x", agency="B", respondent="p4"),
            comment("c6", "x", agency="B", released=False, respondent="p5"),
        ]
        confirmed = {
            "c1": ["sharing", "workload"],
            "c2": ["sharing"],
            "c3": ["sharing"],
            "c4": ["sharing"],
            "c5": [],
            "c6": ["workload"],
        }

        coding = count_codes(comments, BOOK, confirmed=confirmed)

        assert coding.codes == (
            CodeCount(code="sharing", title="Sharing", comments=4, people=3),
            CodeCount(code="workload", title="Workload", mark=Mark.CONFIDENTIAL),
        )
        assert (coding.released, coding.read, coding.coded) == (5, 5, 4)
        assert coding.share_coded == pytest.approx(0.8)
        assert coding.sentence == (
            "4 of 5 released comments have a code. A comment may have several codes."
        )

    @pytest.mark.parametrize(
        ("released", "confirmed", "sentence"),
        [
            (0, {}, "No comment has been released yet, so none is sorted."),
            (1, {}, "Nobody has sorted the 1 released comment yet."),
            (
                2,
                {"c0": ["sharing"]},
                "1 of 2 released comments has a code; 1 is still to be read. {}",
            ),
            (
                4,
                {"c0": [], "c1": []},
                "0 of 4 released comments have a code; 2 are still to be read. {}",
            ),
        ],
    )
    def test_share_coded_is_said(
        self, released: int, confirmed: dict[str, list[str]], sentence: str
    ) -> None:
        comments = [comment(f"c{i}", "x") for i in range(released)]

        coding = count_codes(comments, BOOK, confirmed=confirmed)

        assert coding.sentence == sentence.format("A comment may have several codes.")
        assert (coding.share_coded is None) == (released == 0)
        assert coding.codes[1].comments == 0

    def test_unknown_code_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no code other"):
            count_codes([], BOOK, confirmed={"c1": ["other"]})

    @pytest.mark.parametrize(
        ("people", "shown"),
        [
            pytest.param([("p1", "A"), ("p2", "A"), ("p3", "B")], True, id="three of two"),
            pytest.param([("p1", "A"), ("p2", "A"), ("p3", "A")], False, id="one agency"),
            pytest.param([("p1", "A"), ("p2", "B")], False, id="two people"),
            pytest.param([("p1", "A"), ("p1", "A"), ("p2", "B")], False, id="two of three by one"),
        ],
    )
    def test_three_people_of_two_agencies(self, people: list[tuple[str, str]], shown: bool) -> None:
        comments = [
            comment(f"c{i}", "x", agency=agency, respondent=person)
            for i, (person, agency) in enumerate(people)
        ]

        assert may_show(comments) == shown

    def test_people_without_keys_are_the_fewest_it_can_have_been(self) -> None:
        comments = [
            comment("c1", "x", agency="A", question="q1"),
            comment("c2", "x", agency="A", question="q1"),
            comment("c3", "x", agency="A", question="q2"),
            comment("c4", "x", agency="B", question="q2", respondent="p9"),
        ]

        assert fewest_people(comments) == 3
        assert fewest_people([]) == 0
