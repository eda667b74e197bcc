"""Putting what an earlier release showed back into a new result, word for word."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from analysis.released_words import held_caveat, lessened_caveat
from analysis.result import Gap, Mark, QuestionResult, SignpostResult, Summary, TopicResult


def with_earlier_results(
    summary: Summary,
    earlier: Summary,
    *,
    tried: Summary,
    held: Collection[str],
    signposts: Collection[str],
    updated: int,
    lessened: int,
) -> Summary:
    """The summary with the questions that are `held` as an earlier one shows them.

    `tried` is the summary whose questions were found to tell of nobody. Whether a difference
    between levels is listed hangs on all questions together, and so on which are held: one that was
    not listed there is left out.

    A topic of which all questions are held is the earlier one too. What is told of a signpost as a
    whole (people for and against, its score, words for small groups) is the earlier where all its
    questions are held, and left out where that is so of some.
    """
    shown = {
        code: question.model_copy(update={"held": True})
        for code, question in earlier.questions().items()
        if code in held
    }
    listed = tried.questions()
    shown |= {
        code: question.model_copy(update={"gaps": _tried_gaps(question, listed[code])})
        for code, question in summary.questions().items()
        if code not in held
    }
    caveats = []
    if held:
        caveats.append(held_caveat(updated=updated, held=len(held)))
    if lessened:
        caveats.append(lessened_caveat(lessened))
    first = {signpost.code: signpost for signpost in earlier.signposts}
    return summary.model_copy(
        update={
            "signposts": tuple(
                _signpost(signpost, first[signpost.code], shown, kept=signpost.code in signposts)
                for signpost in summary.signposts
            ),
            "other_questions": tuple(shown[question.code] for question in summary.other_questions),
            "caveats": (*summary.caveats, *caveats),
            "returns": tuple(
                each
                for result in (summary, earlier)
                for each in result.returns
                if (each.question in held) == (result is earlier)
            ),
        }
    )


def _signpost(
    signpost: SignpostResult,
    earlier: SignpostResult,
    shown: Mapping[str, QuestionResult],
    *,
    kept: bool,
) -> SignpostResult:
    first = {topic.code: topic for topic in earlier.topics}
    topics = tuple(_topic(topic, first[topic.code], shown) for topic in signpost.topics)
    if not kept:
        return signpost.model_copy(update={"topics": topics, **_words(signpost, earlier)})
    questions = [question for topic in topics for question in topic.questions]
    if all(question.held for question in questions):
        words = {"sentence": signpost.sentence, "caveats": signpost.caveats}
        return earlier.model_copy(update={"topics": topics} | words)
    return SignpostResult(
        code=signpost.code,
        title=signpost.title,
        sentence=signpost.sentence,
        topics=topics,
        caveats=signpost.caveats,
    )


def _tried_gaps(question: QuestionResult, tried: QuestionResult) -> tuple[Gap, ...]:
    return tuple(
        gap
        for gap in question.gaps
        if gap.kind == "council_partners" or gap.kind in {each.kind for each in tried.gaps}
    )


def _words(signpost: SignpostResult, earlier: SignpostResult) -> dict[str, object]:
    """Words for small groups and for agencies, where they are those of the release before.

    Other words than before, of so few, would be about the people who came in between.
    """
    said = set(earlier.groups)
    lean = signpost.agencies_lean if signpost.agencies_lean == earlier.agencies_lean else None
    return {
        "groups": tuple(
            group
            if group.words is None or group in said
            else group.model_copy(update={"words": None, "mark": Mark.CONFIDENTIAL})
            for group in signpost.groups
        ),
        "agencies_lean": lean,
    }


def _topic(
    topic: TopicResult, earlier: TopicResult, shown: Mapping[str, QuestionResult]
) -> TopicResult:
    questions = tuple(shown[question.code] for question in topic.questions)
    kept = earlier if all(question.held for question in questions) else topic
    return kept.model_copy(update={"questions": questions})
