"""What the two safeguarding banks promise to those who answer and to the review team."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from question_banks.bank import (
    ALL_LEVELS,
    Bank,
    BankKind,
    Level,
    LongTextQuestion,
    OptionKind,
    ScaleQuestion,
    Sector,
    Topic,
    in_language,
)
from question_banks.checks import check_bank
from question_banks.loader import BANKS, load_bank, read_bank

NAMES = ("safeguarding_children_2010", "safeguarding_children_2012")
BANK_BY_YEAR = {name[-4:]: load_bank(f"{name}@1.0") for name in NAMES}
YEARS = tuple(BANK_BY_YEAR)

TOPICS = [
    pytest.param(topic, id=f"{year}-{topic.code}")
    for year, bank in BANK_BY_YEAR.items()
    for signpost in bank.signposts
    for topic in signpost.topics
]
STATEMENTS = [
    pytest.param(question, id=question.code)
    for bank in BANK_BY_YEAR.values()
    for question in bank.questions()
    if isinstance(question, ScaleQuestion)
]
OPEN_PROMPTS = [
    pytest.param(question, id=question.code)
    for bank in BANK_BY_YEAR.values()
    for question in bank.questions()
    if isinstance(question, LongTextQuestion)
]


def scale_questions(bank: Bank, level: Level) -> dict[str, list[ScaleQuestion]]:
    """The scale questions one level is asked, by signpost."""
    return {
        signpost.code: [
            question
            for topic in signpost.topics
            for question in topic.questions
            if isinstance(question, ScaleQuestion) and level in question.audience
        ]
        for signpost in bank.signposts
    }


def statement(bank: Bank, code: str) -> ScaleQuestion:
    """The scale question with that code."""
    question = bank.by_code[code]
    assert isinstance(question, ScaleQuestion)
    return question


def every_text(value: object) -> Iterator[str]:
    """Every text anywhere in a bank's dumped data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from every_text(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from every_text(item)


class TestShape:
    @pytest.mark.parametrize("name", NAMES)
    def test_check_has_nothing_to_say(self, name: str) -> None:
        problems = check_bank(read_bank(BANKS / f"{name}.yaml"))

        assert problems == ()

    def test_signposts_of_2010_are_the_six_in_order(self) -> None:
        assert [signpost.title for signpost in BANK_BY_YEAR["2010"].signposts] == [
            "Legislation and policy",
            "Leadership, accountability and culture",
            "Capacity and capability",
            "Effective practice",
            "Performance, evaluation and monitoring",
            "The safeguarding board and working together",
        ]

    def test_themes_of_2012_are_the_five_in_order(self) -> None:
        assert [signpost.title for signpost in BANK_BY_YEAR["2012"].signposts] == [
            "Effective practice, service delivery and the voice of the child",
            "Outcomes, impact and performance management",
            "Working together",
            "Capacity and managing resources",
            "Vision, strategy and leadership",
        ]

    @pytest.mark.parametrize(
        ("year", "kind", "word"),
        [("2010", BankKind.PRACTITIONER, "signpost"), ("2012", BankKind.BOTH, "theme")],
        ids=YEARS,
    )
    def test_kind_and_word_fit_who_answered_then(
        self, year: str, kind: BankKind, word: str
    ) -> None:
        bank = BANK_BY_YEAR[year]

        assert (bank.kind, bank.signpost_word) == (kind, word)

    @pytest.mark.parametrize("level", ALL_LEVELS)
    @pytest.mark.parametrize("year", YEARS)
    def test_each_level_is_asked_24_to_30(self, year: str, level: Level) -> None:
        by_signpost = scale_questions(BANK_BY_YEAR[year], level)

        assert 24 <= sum(len(questions) for questions in by_signpost.values()) <= 30

    @pytest.mark.parametrize("level", ALL_LEVELS)
    @pytest.mark.parametrize("year", YEARS)
    def test_each_level_is_asked_four_or_more_of_each_signpost(
        self, year: str, level: Level
    ) -> None:
        by_signpost = scale_questions(BANK_BY_YEAR[year], level)

        assert {code: len(asked) for code, asked in by_signpost.items() if len(asked) < 4} == {}

    @pytest.mark.parametrize("topic", TOPICS)
    def test_topic_is_a_small_page_on_one_scale(self, topic: Topic) -> None:
        statements = [q for q in topic.questions if isinstance(q, ScaleQuestion)]

        assert len({question.scale for question in statements}) == 1
        assert max(sum(level in q.audience for q in topic.questions) for level in Level) <= 4

    def test_no_code_serves_both_banks(self) -> None:
        codes = [set(bank.by_code) for bank in BANK_BY_YEAR.values()]

        assert codes[0] & codes[1] == set()


class TestAnchors:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("pem_enough_data", ("enough data", "performing")),
            ("cc_non_specialists_know", ("outside specialist", "know what to do")),
        ],
    )
    def test_anchor_is_asked_of_everyone_on_agreement(
        self, code: str, words: tuple[str, str]
    ) -> None:
        question = statement(BANK_BY_YEAR["2010"], code)

        assert question.audience == ALL_LEVELS
        assert question.scale == "agreement"
        assert all(word in in_language(question.text) for word in words)

    @pytest.mark.parametrize("figure", ["60%", "24%"])
    def test_notes_of_2010_name_the_published_figure_and_its_missing_base(
        self, figure: str
    ) -> None:
        notes = BANK_BY_YEAR["2010"].notes

        assert figure in notes
        assert "without a base" in notes

    def test_notes_of_2012_say_the_questionnaire_was_never_published(self) -> None:
        assert "Newly built" in BANK_BY_YEAR["2012"].notes
        assert "Nobody published the questionnaire" in BANK_BY_YEAR["2012"].notes


class TestScales:
    @pytest.mark.parametrize(
        ("year", "code"),
        [("2010", "agreement"), ("2010", "frequency"), ("2012", "agreement")],
        ids=["2010-agreement", "2010-frequency", "2012-agreement"],
    )
    def test_scale_has_five_even_steps_and_two_ways_out(self, year: str, code: str) -> None:
        options = BANK_BY_YEAR[year].scales_by_code[code].options

        assert [option.weight for option in options] == [100, 75, 50, 25, 0, None, None]
        assert [option.kind for option in options] == [
            OptionKind.FAVOURABLE,
            OptionKind.FAVOURABLE,
            OptionKind.NEUTRAL,
            OptionKind.UNFAVOURABLE,
            OptionKind.UNFAVOURABLE,
            OptionKind.DONT_KNOW,
            OptionKind.NOT_APPLICABLE,
        ]

    def test_agreement_is_the_same_scale_in_both_banks(self) -> None:
        first, second = (bank.scales_by_code["agreement"] for bank in BANK_BY_YEAR.values())

        assert first == second


class TestSectors:
    @pytest.mark.parametrize("year", YEARS)
    def test_only_the_question_on_schools_cannot_do_without_a_sector(self, year: str) -> None:
        required = {
            question.code: question.requires
            for question in BANK_BY_YEAR[year].questions()
            if question.requires
        }

        assert list(required.values()) == [(Sector.SCHOOLS,)]
        assert next(iter(required)).endswith("wt_schools_engaged")

    @pytest.mark.parametrize(
        ("code", "sector"),
        [
            ("ep_early_help_consistent", Sector.SCHOOLS),
            ("ep_referrers_told", Sector.SCHOOLS),
            ("ep_referrals_complete", Sector.SCHOOLS),
            ("lp_threshold_same", Sector.SCHOOLS),
            ("ep_conferences_attended", Sector.NHS_COMMUNITY),
            ("ep_joint_investigations", Sector.POLICE),
            ("wt_voluntary_involved", Sector.VOLUNTARY),
        ],
    )
    def test_question_leans_on_the_sector_that_has_the_experience(
        self, code: str, sector: Sector
    ) -> None:
        assert sector in BANK_BY_YEAR["2010"].by_code[code].leans_on


class TestWording:
    @pytest.mark.parametrize("question", STATEMENTS)
    def test_statement_is_one_short_sentence(self, question: ScaleQuestion) -> None:
        text = in_language(question.text)

        assert re.fullmatch(r"[A-Z][^.?!:;]+\.", text)
        assert len(text.split()) <= 22

    @pytest.mark.parametrize("question", STATEMENTS)
    def test_label_for_tables_is_three_to_seven_words(self, question: ScaleQuestion) -> None:
        assert question.short is not None
        label = in_language(question.short)

        assert 3 <= len(label.split()) <= 7
        assert not label.endswith(".")

    @pytest.mark.parametrize("year", YEARS)
    def test_labels_for_tables_differ(self, year: str) -> None:
        labels = [q.short for q in BANK_BY_YEAR[year].questions() if isinstance(q, ScaleQuestion)]

        assert len(labels) == len(set(labels))

    def test_statements_of_2012_can_be_answered_by_a_council_as_one(self) -> None:
        speaking = {
            question.code
            for question in BANK_BY_YEAR["2012"].questions()
            if isinstance(question, ScaleQuestion)
            and re.search(r"\b(I|me|my work|my team)\b", in_language(question.text))
        }

        assert speaking == set()

    def test_statement_worded_alike_in_both_banks_is_asked_alike(self) -> None:
        first, second = (
            {
                in_language(question.text): (
                    question.scale,
                    question.audience,
                    question.requires,
                    question.leans_on,
                    question.short,
                )
                for question in bank.questions()
                if isinstance(question, ScaleQuestion)
            }
            for bank in BANK_BY_YEAR.values()
        )
        shared = first.keys() & second.keys()

        assert len(shared) == 10
        assert {text for text in shared if first[text] != second[text]} == set()

    @pytest.mark.parametrize("year", YEARS)
    def test_no_placeholder_or_straight_quote_is_left(self, year: str) -> None:
        unfinished = re.compile(
            r"\b(todo|tbc|tbd|fixme|xxx|lorem|placeholder)\b|\.\.\.|…|[\"'\[\]{}]", re.IGNORECASE
        )

        found = [
            text
            for text in every_text(BANK_BY_YEAR[year].model_dump(mode="json"))
            if unfinished.search(text)
        ]

        assert found == []


class TestEnquiries:
    @pytest.mark.parametrize("topic", TOPICS)
    def test_topic_suggests_two_or_three_lines_of_enquiry(self, topic: Topic) -> None:
        assert 2 <= len(topic.enquiries) <= 3
        assert len({in_language(enquiry.test) for enquiry in topic.enquiries}) == len(
            topic.enquiries
        )

    @pytest.mark.parametrize("topic", TOPICS)
    def test_enquiry_says_what_whom_and_where_to_look(self, topic: Topic) -> None:
        for enquiry in topic.enquiries:
            assert in_language(enquiry.test).endswith(".")
            assert not in_language(enquiry.ask).endswith(".")
            assert not in_language(enquiry.documents).endswith(".")

    @pytest.mark.parametrize("topic", TOPICS)
    def test_subject_completes_what_people_said_about(self, topic: Topic) -> None:
        subject = in_language(topic.subject)

        assert re.fullmatch(r"[a-z][^.?!:;]*[^.?!:;\s]", subject)
        assert not subject.startswith(("about", "whether", "that"))


class TestOpenPrompts:
    @pytest.mark.parametrize("year", YEARS)
    def test_each_signpost_has_a_comment(self, year: str) -> None:
        bank = BANK_BY_YEAR[year]

        assert [signpost.code for signpost in bank.signposts if signpost.comment is None] == []

    @pytest.mark.parametrize("year", YEARS)
    def test_closing_asks_what_works_well_and_what_to_consider(self, year: str) -> None:
        works_well, consider = BANK_BY_YEAR[year].closing

        assert "works well" in in_language(works_well.text)
        assert "how do you know" in in_language(works_well.text)
        assert "consider" in in_language(consider.text)

    @pytest.mark.parametrize("question", OPEN_PROMPTS)
    def test_open_prompt_is_optional_and_guards_the_child_and_colleagues(
        self, question: LongTextQuestion
    ) -> None:
        assert not question.required
        assert question.audience == ALL_LEVELS
        assert question.guidance is not None
        guidance = in_language(question.guidance)
        assert "do not name or describe a child, a family or a colleague" in guidance
        assert "not a way to report a worry about a child" in guidance
