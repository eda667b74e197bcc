"""What became of each earlier reading of a topic: by rule, from how its questions read now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from analysis.compared import FindingCompared, Outcome
from analysis.judgement import Judgement
from analysis.result import Reading, Summary, TopicResult, Verdict
from analysis.rounds_sentences import finding_sentence
from analysis.topics import QuestionReading, read_topic

_TO_EXPLORE: Final = frozenset({Verdict.CONSIDERATION, Verdict.DONT_KNOW})
_OF_NEED: Final[dict[Verdict, Outcome]] = {
    Verdict.STRENGTH: Outcome.RESOLVED,
    Verdict.CONSIDERATION: Outcome.RECURS,
    Verdict.DONT_KNOW: Outcome.RECURS,
    Verdict.TOO_FEW: Outcome.NOT_EXAMINED,
}
_OF_STRENGTH: Final[dict[Verdict, Outcome]] = {
    Verdict.STRENGTH: Outcome.HELD,
    Verdict.CONSIDERATION: Outcome.LOST,
    Verdict.DONT_KNOW: Outcome.LOST,
    Verdict.TOO_FEW: Outcome.NOT_EXAMINED,
}


def findings(
    before: Summary, after: Summary, *, comparable: Mapping[str, str], place: int
) -> Iterator[FindingCompared]:
    """Every earlier topic that read as something, and what became of it.

    Its questions that can be compared (`comparable`: codes before to codes after) are read together
    now, by the rule for topics. An earlier need that reads as a strength is resolved, one that
    still is something to explore (or points both ways, as before) recurs, and anything else is
    partly so. A topic that pointed both
    ways is followed through the questions that were to explore.
    """
    now = after.questions()
    for signpost in before.signposts:
        for topic in signpost.topics:
            then = topic.reading.verdict
            if then in (Verdict.MIXED, Verdict.TOO_FEW):
                continue
            codes = [
                comparable[code]
                for code in _followed(topic)
                if code in comparable and comparable[code] in now
            ]
            readings = [(code, now[code].reading) for code in codes]
            held = [
                QuestionReading(code, _judgement(reading))
                for code, reading in readings
                if reading is not None
            ]
            found = read_topic(held).judgement.verdict if held else None
            yield FindingCompared(
                before=place,
                after=place + 1,
                topic=topic.code,
                title=topic.title,
                then=then,
                now=found,
                outcome=(outcome := _outcome(then, found)),
                questions=tuple(each.code for each in held),
                sentence=finding_sentence(topic.title, then=then, now=found, outcome=outcome),
            )


def _followed(topic: TopicResult) -> list[str]:
    """The questions whose readings now decide: of a topic that pointed both ways, the needs."""
    judged = [question for question in topic.questions if question.reading is not None]
    if topic.reading.verdict is not Verdict.BOTH:
        return [question.code for question in judged]
    needs = [
        question.code
        for question in judged
        if question.reading is not None and question.reading.verdict in _TO_EXPLORE
    ]
    return needs or [question.code for question in judged]


def _judgement(reading: Reading) -> Judgement:
    return Judgement(reading.verdict, firmness=reading.firmness, lean=reading.lean)


def _outcome(then: Verdict, now: Verdict | None) -> Outcome:
    if now is None:
        return Outcome.NOT_EXAMINED
    if then is now:
        return Outcome.HELD if then is Verdict.STRENGTH else Outcome.RECURS
    rule = _OF_STRENGTH if then is Verdict.STRENGTH else _OF_NEED
    return rule.get(now, Outcome.PARTLY)
