"""What a Word draft of a return says: the sections chosen, with what stands and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from question_banks.answers import display
from question_banks.bank import (
    Bank,
    Operator,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    SingleChoiceQuestion,
    Test,
    Topic,
    in_language,
)
from question_banks.conditions import list_tests
from survey.actions.return_draft_document import (
    DraftOption,
    DraftQuestion,
    DraftSection,
    DraftTopic,
    ReturnDraft,
)
from survey.actions.returns import Answered
from survey.actions.returns_missing import Lack, Missing
from survey.actions.returns_path import Section
from survey.data.return_evidence import EvidenceKind, ReturnEvidence
from survey.data.returns_versions import StoredVersion

LACKS = {
    Lack.ANSWER: ("answer is missing", "answers are missing"),
    Lack.CHOICE: ("answer waits for a choice between two", "answers wait for a choice between two"),
    Lack.CONFIRMATION: (
        "answer of the last return is not confirmed",
        "answers of the last return are not confirmed",
    ),
}


def draft_of(
    answered: Answered,
    *,
    chosen: Collection[str],
    evidence: Sequence[ReturnEvidence],
    missing: Sequence[Missing],
    dated: date,
) -> ReturnDraft:
    """The draft of the sections with these codes; all of them where none is given."""
    kept = [one for one in answered.sections if one.code in chosen or not chosen]
    codes = {one.code for one in kept}
    item = answered.item
    facts = [
        ("Agency", item.agency),
        ("For", ", ".join(sorted({one.council for one in item.rounds}))),
        ("As at", day_words(item.as_at) if item.as_at else "Not said yet"),
        ("Made on", day_words(dated)),
        ("Protective marking", item.marking.value),
    ]
    return ReturnDraft(
        title=in_language(answered.parts[0].bank.title),
        agency=item.agency,
        facts=tuple(facts),
        marking=item.marking.value,
        is_whole=len(kept) == len(answered.sections),
        missing=tuple(_missing_lines([one for one in missing if one.section.code in codes])),
        sections=tuple(_section(answered, one, evidence) for one in kept),
        dated=dated,
    )


def day_words(day: date) -> str:
    """A day as it is written to people."""
    return f"{day.day} {day:%B %Y}"


def _missing_lines(missing: Sequence[Missing]) -> list[str]:
    counts: dict[tuple[str, Lack], int] = {}
    for one in missing:
        key = (one.section.title, one.lack)
        counts[key] = counts.get(key, 0) + 1
    return [
        f"{title}: {count} {LACKS[lack][0] if count == 1 else LACKS[lack][1]}"
        for (title, lack), count in counts.items()
    ]


def _section(
    answered: Answered, section: Section, evidence: Sequence[ReturnEvidence]
) -> DraftSection:
    bank = answered.part(section.round_id).bank
    own = [row for row in evidence if row.section == section.code and row.removed_at_utc is None]
    said = {
        code: version
        for (round_id, code), version in answered.newest.items()
        if round_id == section.round_id
    }
    topics = []
    for page in section.pages:
        asked = {question.code for question in page.questions}
        extra = _might_follow(page.topic, asked, said) if page.topic else ()
        topics.append(
            DraftTopic(
                in_language(page.topic.title) if page.topic else section.title,
                tuple(_question(bank, one, said, own) for one in (*page.questions, *extra)),
            )
        )
    return DraftSection(
        title=section.title,
        summary=section.summary,
        topics=tuple(topics),
        evidence=tuple(words_of(row) for row in own if not row.question),
    )


def _might_follow(
    topic: Topic, asked: Collection[str], said: Mapping[str, StoredVersion]
) -> tuple[Question, ...]:
    """Questions of a topic that are asked or not by an answer that is still missing."""
    return tuple(
        question
        for question in topic.questions
        if question.code not in asked
        and question.show_if is not None
        and any(test.question not in said for test in list_tests(question.show_if))
    )


def _question(
    bank: Bank,
    question: Question,
    said: Mapping[str, StoredVersion],
    evidence: Sequence[ReturnEvidence],
) -> DraftQuestion:
    version = said.get(question.code)
    answer = display(bank, question, version.value) if version is not None else ""
    notes = []
    if version is not None and version.not_applicable:
        notes.append(f"Does not apply to the agency: {version.not_applicable}")
    if version is not None and version.carried_from is not None:
        notes.append("This is the answer of the last return. Nobody has confirmed it yet.")
    return DraftQuestion(
        text=in_language(question.text),
        guidance=in_language(question.guidance) if question.guidance else "",
        options=_options(bank, question, version),
        answer=answer,
        only_if="" if version is not None else only_if(bank, question),
        notes=tuple(notes),
        evidence=tuple(words_of(row) for row in evidence if row.question == question.code),
    )


def _options(
    bank: Bank, question: Question, version: StoredVersion | None
) -> tuple[DraftOption, ...]:
    value = version.value if version is not None else None
    chosen = set(value) if isinstance(value, list | tuple) else {value}
    match question:
        case ScaleQuestion():
            return tuple(
                DraftOption(
                    in_language(option.label),
                    in_language(question.descriptors[option.code])
                    if option.code in question.descriptors
                    else "",
                    option.code in chosen,
                )
                for option in bank.scale_of(question).options
            )
        case SingleChoiceQuestion() | SeveralChoicesQuestion():
            return tuple(
                DraftOption(in_language(one.label), "", one.code in chosen)
                for one in question.choices
            )
        case RankingQuestion() if not version:
            return tuple(DraftOption(in_language(one.label), "", False) for one in question.choices)
        case _:
            return ()


def only_if(bank: Bank, question: Question) -> str:
    """When a question has to be answered, in a sentence; "" where it always has."""
    rule = question.show_if
    if rule is None:
        return ""
    asked = bank.by_code.get(rule.question) if isinstance(rule, Test) else None
    if not (
        isinstance(rule, Test)
        and isinstance(asked, ScaleQuestion)
        and rule.op in {Operator.ANY_OF, Operator.EQUALS}
    ):
        return "Only where an answer above calls for it."
    wanted = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    labels = [
        f"“{in_language(option.label)}”"
        for option in bank.scale_of(asked).options
        if option.code in wanted
    ]
    joined = " or ".join(filter(None, [", ".join(labels[:-1]), labels[-1] if labels else ""]))
    return f"Only if the rating above is {joined}."


def words_of(row: ReturnEvidence) -> str:
    """A piece of evidence in one line."""
    titles = {
        EvidenceKind.TEXT: "",
        EvidenceKind.REFERENCE: f"{row.document}, {row.page}" if row.page else row.document,
        EvidenceKind.LINK: row.link,
        EvidenceKind.FILE: f"File: {row.file_name}",
    }
    return ". ".join(filter(None, [titles[EvidenceKind(row.kind)], row.text]))
