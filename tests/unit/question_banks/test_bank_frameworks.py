"""What the governance, improvement, section 11 and self-evaluation banks promise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from question_banks.bank import (
    ALL_LEVELS,
    Bank,
    BankKind,
    Level,
    LongTextQuestion,
    Question,
    ScaleQuestion,
    Topic,
    in_language,
)
from question_banks.checks import check_bank
from question_banks.loader import BANKS, list_banks, load_bank, read_bank

PREFIX_BY_NAME = {
    "children_governance_2009": "gov09_",
    "improvement_partnership_2018": "imp18_",
    "section_11": "s11_",
    "agency_self_evaluation_2018": "ase_",
}
BANK_BY_NAME = {name: load_bank(f"{name}@1.0") for name in PREFIX_BY_NAME}
NAMES = tuple(BANK_BY_NAME)
PRACTITIONER = ("children_governance_2009", "improvement_partnership_2018")


def questions_of(bank: Bank, code: str) -> list[Question]:
    """The questions of one signpost, its comment left out."""
    signpost = next(s for s in bank.signposts if s.code == code)
    return [question for topic in signpost.topics for question in topic.questions]


def statements_of(bank: Bank) -> list[ScaleQuestion]:
    """The scale questions of a bank, in order."""
    return [question for question in bank.questions() if isinstance(question, ScaleQuestion)]


def counts(bank: Bank, level: Level) -> dict[str, int]:
    """How many scale questions one level is asked, by signpost."""
    return {
        signpost.code: sum(
            isinstance(question, ScaleQuestion) and level in question.audience
            for question in questions_of(bank, signpost.code)
        )
        for signpost in bank.signposts
    }


def texts(value: object) -> Iterator[str]:
    """Every text anywhere in dumped data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


TOPICS = [
    pytest.param(topic, id=topic.code)
    for name in PRACTITIONER
    for signpost in BANK_BY_NAME[name].signposts
    for topic in signpost.topics
]
STATEMENTS = [
    pytest.param(question, id=question.code)
    for bank in BANK_BY_NAME.values()
    for question in statements_of(bank)
]
OPEN_PROMPTS = [
    pytest.param(question, id=question.code)
    for name in PRACTITIONER
    for question in BANK_BY_NAME[name].questions()
    if isinstance(question, LongTextQuestion)
]


class TestEveryBank:
    @pytest.mark.parametrize("name", NAMES)
    def test_check_has_nothing_to_say(self, name: str) -> None:
        assert check_bank(read_bank(BANKS / f"{name}.yaml")) == ()

    @pytest.mark.parametrize(
        ("name", "kind", "word"),
        [
            ("children_governance_2009", BankKind.PRACTITIONER, "theme"),
            ("improvement_partnership_2018", BankKind.PRACTITIONER, "theme"),
            ("section_11", BankKind.AGENCY_RETURN, "standard"),
            ("agency_self_evaluation_2018", BankKind.AGENCY_RETURN, "section"),
        ],
        ids=NAMES,
    )
    def test_kind_and_word_fit_who_answers(self, name: str, kind: BankKind, word: str) -> None:
        bank = BANK_BY_NAME[name]

        assert (bank.kind, bank.signpost_word) == (kind, word)

    @pytest.mark.parametrize(
        ("name", "titles"),
        [
            (
                "children_governance_2009",
                [
                    "Governance",
                    "Accountability",
                    "Ambition",
                    "Clarity of understanding",
                    "Trust arrangements",
                    "Total place",
                ],
            ),
            (
                "improvement_partnership_2018",
                [
                    "Strategic leadership and governance",
                    "Needs identified and right help at the right time",
                    "Quality of practice and planning",
                    "Participation, engagement and co-production",
                    "Practice leadership",
                ],
            ),
            (
                "section_11",
                [
                    "Senior management commitment",
                    "A clear statement of responsibilities to all staff",
                    "A clear line of accountability",
                    "Services shaped by safeguarding and by families",
                    "Training",
                    "Safer recruitment, vetting and allegations",
                    "Effective work with other agencies",
                    "Information sharing and records",
                ],
            ),
            (
                "agency_self_evaluation_2018",
                [
                    "About this return",
                    "What we know about practice",
                    "How we know it",
                    "What we are doing next",
                    "Learning and challenge",
                    "What children tell us",
                    "What parents and carers tell us",
                    "What partners tell us",
                    "What the workforce tells us",
                ],
            ),
        ],
        ids=NAMES,
    )
    def test_headings_stand_in_the_published_order(self, name: str, titles: list[str]) -> None:
        assert [signpost.title for signpost in BANK_BY_NAME[name].signposts] == titles

    @pytest.mark.parametrize("name", NAMES)
    def test_codes_carry_the_prefix_of_their_bank(self, name: str) -> None:
        prefix = PREFIX_BY_NAME[name]

        assert [code for code in BANK_BY_NAME[name].by_code if not code.startswith(prefix)] == []

    @pytest.mark.parametrize("name", NAMES)
    def test_no_placeholder_or_straight_quote_is_left(self, name: str) -> None:
        unfinished = re.compile(
            r"\b(todo|tbc|tbd|fixme|xxx|lorem|placeholder)\b|\.\.\.|…|[\"'\[\]{}]", re.IGNORECASE
        )

        dumped = BANK_BY_NAME[name].model_dump(mode="json")

        assert [text for text in texts(dumped) if unfinished.search(text)] == []

    @pytest.mark.parametrize("name", NAMES)
    def test_no_wording_speaks_of_a_concern(self, name: str) -> None:
        dumped = BANK_BY_NAME[name].model_dump(mode="json")

        assert [text for text in texts(dumped) if re.search(r"\bconcern", text, re.I)] == []

    @pytest.mark.parametrize("name", NAMES)
    def test_notes_say_the_wording_is_new(self, name: str) -> None:
        assert re.search(r"written afresh", BANK_BY_NAME[name].notes)

    def test_no_code_serves_two_shipped_banks(self) -> None:
        # Versions of one bank share their codes; different banks may not.
        newest = {bank.bank: bank for bank in list_banks()}
        uses = Counter(code for bank in newest.values() for code in bank.by_code)

        assert [code for code, count in uses.items() if count > 1] == []

    def test_shipped_banks_use_every_question_type(self) -> None:
        used = {question.type for bank in list_banks() for question in bank.questions()}

        assert used == {
            "scale",
            "single_choice",
            "several_choices",
            "ranking",
            "number",
            "date",
            "short_text",
            "long_text",
        }


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

    @pytest.mark.parametrize("name", [*PRACTITIONER, "section_11"])
    def test_labels_for_tables_differ(self, name: str) -> None:
        labels = Counter(question.short for question in statements_of(BANK_BY_NAME[name]))

        assert [label for label, count in labels.items() if count > 1] == []


class TestPractitionerBanks:
    @pytest.mark.parametrize("level", ALL_LEVELS)
    @pytest.mark.parametrize("name", PRACTITIONER)
    def test_each_level_is_asked_24_to_30(self, name: str, level: Level) -> None:
        assert 24 <= sum(counts(BANK_BY_NAME[name], level).values()) <= 30

    @pytest.mark.parametrize("level", ALL_LEVELS)
    @pytest.mark.parametrize("name", PRACTITIONER)
    def test_each_level_is_asked_four_or_more_of_each_theme(self, name: str, level: Level) -> None:
        by_theme = counts(BANK_BY_NAME[name], level)

        assert {code: count for code, count in by_theme.items() if count < 4} == {}

    @pytest.mark.parametrize("topic", TOPICS)
    def test_topic_is_a_page_of_one_to_four_for_each_level(self, topic: Topic) -> None:
        asked = {
            level: sum(level in question.audience for question in topic.questions)
            for level in ALL_LEVELS
        }

        assert {level: count for level, count in asked.items() if not 1 <= count <= 4} == {}

    @pytest.mark.parametrize("topic", TOPICS)
    def test_topic_suggests_two_or_three_lines_of_enquiry(self, topic: Topic) -> None:
        assert 2 <= len(topic.enquiries) <= 3

    @pytest.mark.parametrize("topic", TOPICS)
    def test_subject_completes_what_people_said_about(self, topic: Topic) -> None:
        subject = in_language(topic.subject)

        assert re.fullmatch(r"[a-z][^.?!:;]*[^.?!:;\s]", subject)
        assert not subject.startswith(("about", "whether", "that", "how"))

    @pytest.mark.parametrize("name", PRACTITIONER)
    def test_agreement_is_the_scale_of_2010(self, name: str) -> None:
        of_2010 = load_bank("safeguarding_children_2010@1.0").scales_by_code["agreement"]

        assert BANK_BY_NAME[name].scales == (of_2010,)

    @pytest.mark.parametrize("name", PRACTITIONER)
    def test_each_theme_has_a_comment(self, name: str) -> None:
        signposts = BANK_BY_NAME[name].signposts

        assert [signpost.code for signpost in signposts if signpost.comment is None] == []

    @pytest.mark.parametrize("name", PRACTITIONER)
    def test_closing_asks_what_works_well_and_what_to_consider(self, name: str) -> None:
        works_well, consider = BANK_BY_NAME[name].closing

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

    @pytest.mark.parametrize("name", PRACTITIONER)
    def test_notes_say_no_questionnaire_was_published(self, name: str) -> None:
        assert "Newly built" in BANK_BY_NAME[name].notes
        assert "Nobody published" in BANK_BY_NAME[name].notes

    def test_notes_of_2009_tell_of_the_theme_without_strengths(self) -> None:
        notes = BANK_BY_NAME["children_governance_2009"].notes

        assert "under the total place theme but no list of strengths" in notes
