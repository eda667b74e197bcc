"""What the answers say about a topic: a statement made of its questions' readings.

The signpost level comes first for a reader: forty questions must not become forty findings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analysis.judgement import Judgement
from analysis.result import Firmness, Reason, Verdict

MOST_SUPPORTING: Final = 5
FEWEST_SUPPORTING: Final = 2


@dataclass(frozen=True)
class QuestionReading:
    """One question of a topic: its judgement, and its favourable share for putting it in order.

    `share` is None where it may not be shown or there is none.
    """

    code: str
    judgement: Judgement
    share: Fraction | None = None
    dont_know: Fraction | None = None


@dataclass(frozen=True)
class TopicReading:
    """What a topic's answers say, and the questions that say it most strongly, strongest first.

    `strong`, `weak` and `unknown` are the codes of the questions that read as a strength, as an
    area for consideration and as not known, strongest first.
    """

    judgement: Judgement
    supporting: tuple[str, ...]
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_topic(questions: Sequence[QuestionReading]) -> TopicReading:
    """The reading of a topic from the readings of its questions on a scale (one or more).

    * Too few to say when that is so of more than half of the questions. The others are read.
    * Partners do not know when that is so of more than half of those read.
    * Both when one question or more reads as a strength and one or more as an area for
      consideration, or as not known, which is listed with the areas.
    * A strength, or an area for consideration, when at least half of those read say so and none
      says the opposite; it is clear when at least half say so clearly.
    * Otherwise both when a question reads as both, else mixed.

    Raises ValueError for no questions.
    """
    if not questions:
        raise ValueError("a topic is read from one question or more")
    read = [q for q in questions if q.judgement.verdict is not Verdict.TOO_FEW]
    strong = _ranked(read, Verdict.STRENGTH)
    weak = _ranked(read, Verdict.CONSIDERATION)
    unknown = _ranked(read, Verdict.DONT_KNOW)
    if 2 * len(read) < len(questions):
        found = Judgement(Verdict.TOO_FEW, reasons=_reasons(questions, Verdict.TOO_FEW))
    else:
        found = _of_read(read, strong=strong, weak=weak, unknown=unknown)
    return TopicReading(
        judgement=found,
        supporting=_supporting(questions, found.verdict),
        strong=tuple(q.code for q in strong),
        weak=tuple(q.code for q in weak),
        unknown=tuple(q.code for q in unknown),
    )


def _of_read(
    read: Sequence[QuestionReading],
    *,
    strong: Sequence[QuestionReading],
    weak: Sequence[QuestionReading],
    unknown: Sequence[QuestionReading],
) -> Judgement:
    to_explore = [*weak, *unknown]
    verdict, sayers = Verdict.MIXED, list[QuestionReading]()
    if 2 * len(unknown) > len(read):
        verdict = Verdict.DONT_KNOW
    elif strong and to_explore:
        verdict = Verdict.BOTH
    elif strong and 2 * len(strong) >= len(read):
        verdict, sayers = Verdict.STRENGTH, list(strong)
    elif to_explore and 2 * len(to_explore) >= len(read):
        verdict, sayers = Verdict.CONSIDERATION, to_explore
    elif any(q.judgement.verdict is Verdict.BOTH for q in read):
        verdict = Verdict.BOTH
    return Judgement(
        verdict,
        firmness=_firmness(sayers, read),
        lean=_lean(read) if verdict is Verdict.MIXED else None,
        reasons=_reasons(read, verdict),
        modifiers=_modifiers(read),
    )


def _firmness(
    sayers: Sequence[QuestionReading], read: Sequence[QuestionReading]
) -> Firmness | None:
    if not sayers:
        return None
    clear = sum(q.judgement.firmness is not Firmness.INDICATIVE for q in sayers)
    return Firmness.CLEAR if 2 * clear >= len(read) else Firmness.INDICATIVE


def _lean(read: Sequence[QuestionReading]) -> str | None:
    """The way more of the questions go, counting those that read as one or the other too."""
    sides = {Verdict.STRENGTH: "favourable", Verdict.CONSIDERATION: "unfavourable"}
    leans = [sides.get(q.judgement.verdict, q.judgement.lean) for q in read]
    more = leans.count("favourable") - leans.count("unfavourable")
    if more == 0:
        return None
    return "favourable" if more > 0 else "unfavourable"


def _reasons(questions: Sequence[QuestionReading], verdict: Verdict) -> tuple[Reason, ...]:
    """The reasons of the questions that read as the topic does, each once, in their order."""
    sides = {
        Verdict.BOTH: {
            Verdict.STRENGTH,
            Verdict.CONSIDERATION,
            Verdict.DONT_KNOW,
            Verdict.BOTH,
        },
        Verdict.CONSIDERATION: {Verdict.CONSIDERATION, Verdict.DONT_KNOW},
    }.get(verdict, {verdict})
    return tuple(
        dict.fromkeys(
            reason
            for q in questions
            if q.judgement.verdict in sides
            for reason in q.judgement.reasons
        )
    )


def _modifiers(read: Sequence[QuestionReading]) -> tuple[Reason, ...]:
    """Every modifier of a question of the topic, in the order of the codes."""
    found = {modifier for q in read for modifier in q.judgement.modifiers}
    return tuple(reason for reason in Reason if reason in found)


def _ranked(questions: Sequence[QuestionReading], verdict: Verdict) -> list[QuestionReading]:
    return sorted(
        (q for q in questions if q.judgement.verdict is verdict), key=_STRONGEST_FIRST[verdict]
    )


def _by_share(sign: int) -> Callable[[QuestionReading], tuple[bool, Fraction]]:
    """Clear ones first, then by share: the highest for sign 1, the lowest for sign -1.

    A share that may not be shown goes last, so that the order does not tell it.
    """

    def key(question: QuestionReading) -> tuple[bool, Fraction]:
        share = question.share
        place = Fraction(2) if share is None else -sign * share
        return question.judgement.firmness is Firmness.INDICATIVE, place

    return key


def _by_dont_know(question: QuestionReading) -> tuple[bool, Fraction]:
    share = question.dont_know
    return share is None, Fraction(0) if share is None else -share


_STRONGEST_FIRST: Final[dict[Verdict, Callable[[QuestionReading], tuple[bool, Fraction]]]] = {
    Verdict.STRENGTH: _by_share(1),
    Verdict.CONSIDERATION: _by_share(-1),
    Verdict.DONT_KNOW: _by_dont_know,
    Verdict.BOTH: _by_share(1),
    Verdict.MIXED: _by_share(1),
    Verdict.TOO_FEW: _by_share(1),
}

_ORDER_OF_SUPPORT: Final[dict[Verdict, tuple[Verdict, ...]]] = {
    Verdict.STRENGTH: (Verdict.STRENGTH, Verdict.BOTH, Verdict.MIXED),
    Verdict.CONSIDERATION: (
        Verdict.CONSIDERATION,
        Verdict.DONT_KNOW,
        Verdict.BOTH,
        Verdict.MIXED,
    ),
    Verdict.DONT_KNOW: (Verdict.DONT_KNOW, Verdict.CONSIDERATION, Verdict.BOTH, Verdict.MIXED),
    Verdict.MIXED: (Verdict.MIXED, Verdict.STRENGTH, Verdict.CONSIDERATION),
    Verdict.TOO_FEW: (Verdict.TOO_FEW,),
}


def _supporting(questions: Sequence[QuestionReading], verdict: Verdict) -> tuple[str, ...]:
    """The codes of the strongest supporting questions: two to five, one where there is only one.

    Those that say the same as the topic come first; others fill up to two.
    """
    if verdict is Verdict.BOTH:
        return _of_both_sides(questions)
    saying = [q.code for q in _ranked(questions, verdict)][:MOST_SUPPORTING]
    others = [
        q.code for kind in (*_ORDER_OF_SUPPORT[verdict], *Verdict) for q in _ranked(questions, kind)
    ]
    for code in others:
        if len(saying) >= FEWEST_SUPPORTING:
            break
        if code not in saying:
            saying.append(code)
    return tuple(saying)


def _of_both_sides(questions: Sequence[QuestionReading]) -> tuple[str, ...]:
    """In turn the strongest of each column, so that both are seen; then the questions in both."""
    strong = _ranked(questions, Verdict.STRENGTH)
    weak = [*_ranked(questions, Verdict.CONSIDERATION), *_ranked(questions, Verdict.DONT_KNOW)]
    turns = [
        column[place].code
        for place in range(max(len(strong), len(weak)))
        for column in (strong, weak)
        if place < len(column)
    ]
    rest = [
        q.code
        for kind in (Verdict.BOTH, Verdict.MIXED, Verdict.TOO_FEW)
        for q in _ranked(questions, kind)
    ]
    both = [q.code for q in _ranked(questions, Verdict.BOTH)]
    chosen = [*turns, *both]
    chosen += [code for code in rest if code not in chosen][
        : max(0, FEWEST_SUPPORTING - len(chosen))
    ]
    return tuple(chosen[:MOST_SUPPORTING])
