"""Readings of topics and signposts in words, made only of the gated readings of their questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from analysis.judgement import Judgement
from analysis.listing import listed
from analysis.result import (
    Explained,
    Firmness,
    QuestionResult,
    Reading,
    Reason,
    Verdict,
)
from analysis.sentences import (
    Missing,
    capital,
    conclusion,
    figures_of,
    number_word,
    question_sentence,
    quoted,
    unknowing,
)
from analysis.topics import TopicReading


def topic_reading(
    topic: TopicReading,
    *,
    subject: str,
    questions: Mapping[str, QuestionResult],
    judgements: Mapping[str, Judgement],
    missing: Missing,
) -> Reading:
    """The reading of a topic in words. `questions` are its gated questions on a scale by code,
    `judgements` what was read of them."""
    judgement = topic.judgement
    said = (_topic_sentence(topic, subject, questions, judgements), missing.sentence())
    sentence = " ".join(part for part in said if part)
    return Reading(
        verdict=judgement.verdict,
        firmness=judgement.firmness,
        lean=judgement.lean,
        sentence=sentence,
        reasons=_from_questions(judgement.reasons, questions, "reasons"),
        modifiers=_from_questions(judgement.modifiers, questions, "modifiers"),
    )


def _from_questions(
    reasons: Sequence[Reason], questions: Mapping[str, QuestionResult], kind: str
) -> tuple[Explained, ...]:
    """Each reason with the questions it is true of; the words of the only one where it is one."""
    explained = []
    for reason in reasons:
        holders = []
        for question in questions.values():
            assert question.reading is not None
            held = question.reading.reasons if kind == "reasons" else question.reading.modifiers
            holders += [(question, each.words) for each in held if each.reason is reason]
        words = holders[0][1]
        if len(questions) > 1:
            labels = listed(quoted(question.short) for question, _ in holders)
            words = f"{labels}: {words[:1].lower() + words[1:]}"
            if len(holders) > 1 and len({said for _, said in holders}) > 1:
                words = " ".join(f"{quoted(question.short)}: {said}" for question, said in holders)
        explained.append(Explained(reason=reason, words=words))
    return tuple(explained)


def _topic_sentence(
    topic: TopicReading,
    subject: str,
    questions: Mapping[str, QuestionResult],
    judgements: Mapping[str, Judgement],
) -> str:
    said = f"What people said about {subject}"
    judgement = topic.judgement
    clear = judgement.firmness is Firmness.CLEAR
    match judgement.verdict:
        case Verdict.TOO_FEW:
            return f"Too few answers were given about {subject} to say."
        case Verdict.DONT_KNOW:
            return _not_known(subject, [questions[code] for code in topic.unknown[:2]])
        case Verdict.BOTH:
            return f"{said} points both ways: {_both_ways(topic, questions, judgements)}."
        case Verdict.STRENGTH:
            reads = "reads as a strength" if clear else "tends to read as a strength"
            chosen = [questions[code] for code in topic.strong[:2]]
        case Verdict.CONSIDERATION:
            reads = "is an area to explore" if clear else "may be an area to explore"
            chosen = [questions[code] for code in (*topic.weak, *topic.unknown)[:2]]
        case _:
            read = [c for c in topic.supporting if judgements[c].verdict is not Verdict.TOO_FEW]
            chosen = [questions[code] for code in read[:2]]
            reads = conclusion(judgement).replace("the picture is", "is")
    return f"{said} {reads}: {_facts(chosen)}."


def _not_known(subject: str, unknown: Sequence[QuestionResult]) -> str:
    """That many did not know: of whom, where that is shown of each question, else about what."""
    said = f"Many people did not know about {subject}"
    if any(figures_of(question) is None for question in unknown):
        return f"{said}, in particular about {listed(quoted(each.short) for each in unknown)}."
    return f"{said}: {_facts(unknown)}."


def _facts(questions: Sequence[QuestionResult]) -> str:
    """What is known of each question. What the one before has said of its people is not said again.

    The second of two in figures is "and 23 of 37 about “...”".
    """
    told = [_topic_fact(questions[0])]
    for before, question in pairwise(questions):
        again = _told_again(question) if _is_unknown(before) is _is_unknown(question) else ""
        told.append(again or _topic_fact(question))
    return ", and ".join(told)


def _is_unknown(question: QuestionResult) -> bool:
    return question.reading is not None and question.reading.verdict is Verdict.DONT_KNOW


def _told_again(question: QuestionResult) -> str:
    """A question after one of which the same was said; nothing where it needs a full sentence."""
    label = quoted(question.short)
    figures = figures_of(question)
    if figures is None:
        words = question.all.words if question.all is not None else None
        return f"{words.lower()} about {label}" if words and not _is_unknown(question) else ""
    if _is_unknown(question):
        return f"{figures.dont_know} of {figures.base + figures.dont_know} about {label}"
    return f"{figures.favourable} of {figures.base} about {label}"


def _topic_fact(question: QuestionResult) -> str:
    """One question in a topic's sentence: who was positive, or that they did not know."""
    assert question.reading is not None
    if question.reading.verdict is Verdict.DONT_KNOW:
        return _topic_unknown(question)
    label = quoted(question.short)
    everybody = question.all
    assert everybody is not None
    if everybody.figures is not None:
        figures = everybody.figures
        return (
            f"{figures.favourable} of the {figures.base} people who answered were positive about "
            f"{label}"
        )
    # What reads at all is shown in figures or in words.
    assert everybody.words is not None
    return f"{everybody.words.lower()} of the people who answered were positive about {label}"


def _topic_unknown(question: QuestionResult) -> str:
    who = unknowing(question)
    return f"{who[:1].lower() + who[1:]} did not know about {quoted(question.short)}"


def _both_ways(
    topic: TopicReading,
    questions: Mapping[str, QuestionResult],
    judgements: Mapping[str, Judgement],
) -> str:
    """Which questions read which way, with the figures of the strongest of each."""
    to_explore = (*topic.weak, *topic.unknown)
    if not (topic.strong and to_explore):
        code = next(code for code in questions if judgements[code].verdict is Verdict.BOTH)
        sentence = question_sentence(judgements[code], questions[code], Missing())
        return sentence[:1].lower() + sentence[1:].removesuffix(".")
    strong, weak = questions[topic.strong[0]], questions[to_explore[0]]
    parts = [
        f"{_topic_fact(strong)}, which reads as a strength",
        f"{_topic_fact(weak)}, which is an area to explore",
    ]
    more = [
        f"{listed(quoted(questions[code].short) for code in codes[1:])} {words[len(codes) > 2]}"
        for codes, words in (
            (topic.strong, ("also reads as a strength", "also read as strengths")),
            (to_explore, ("is also an area to explore", "are also areas to explore")),
        )
        if len(codes) > 1
    ]
    return f"{'; '.join(parts)}" + (f" ({'; '.join(more)})" if more else "")


# A signpost

_COUNTED: Final[dict[Verdict, tuple[str, str]]] = {
    Verdict.STRENGTH: ("reads as a strength", "read as strengths"),
    Verdict.CONSIDERATION: ("is an area to explore", "are areas to explore"),
    Verdict.BOTH: ("points both ways", "point both ways"),
    Verdict.DONT_KNOW: (
        "is not known to many partners",
        "are not known to many partners",
    ),
    Verdict.MIXED: ("is mixed", "are mixed"),
    Verdict.TOO_FEW: ("has too few answers to go by", "have too few answers to go by"),
}


def signpost_sentence(verdicts: Sequence[Verdict]) -> str:
    """One sentence that sums up a signpost's topics.

    >>> signpost_sentence([Verdict.STRENGTH, Verdict.STRENGTH, Verdict.MIXED])
    'Two topics read as strengths and one is mixed.'
    """
    if not verdicts:
        return "Nothing here is asked on a scale."
    parts: list[str] = []
    for verdict, (one, many) in _COUNTED.items():
        number = verdicts.count(verdict)
        if number:
            noun = " topic" if number == 1 else " topics"
            parts.append(
                f"{number_word(number)}{noun if not parts else ''} {one if number == 1 else many}"
            )
    return f"{capital(listed(parts))}."
