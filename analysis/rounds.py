"""Rounds of one council compared: what changed, how surely, and how much is only who answered.

`compare` takes rounds with their counts and what was shown of each, and gives a result in which
every number may be shown to the same audience. The rules are told in docs/methods.md, "Rounds".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analysis.compared import (
    Basis,
    Change,
    ChangeCounts,
    Circumstance,
    Comparison,
    Point,
    QuestionCompared,
    RoundCompared,
    RoundKind,
    ScoreStep,
    SignpostCompared,
    Step,
)
from analysis.published import PublishedTotals
from analysis.result import BankRef, Mark
from analysis.rounds_change import judged
from analysis.rounds_inputs import (
    AnyRound,
    CircumstanceNote,
    InvalidComparison,
    RoundForComparison,
    check,
)
from analysis.rounds_matching import Chain, QuestionDecision
from analysis.rounds_plans import Plan, Plans
from analysis.rounds_scores import score_step
from analysis.rounds_sentences import counts_sentence
from analysis.rounds_telling import Teller
from question_banks.bank import ScaleQuestion, in_language
from question_banks.loader import bank_digest

__all__ = [
    "AnyRound",
    "CircumstanceNote",
    "InvalidComparison",
    "QuestionDecision",
    "RoundForComparison",
    "compare",
]


def compare(
    rounds: Sequence[AnyRound],
    *,
    decisions: Sequence[QuestionDecision] = (),
    notes: Sequence[CircumstanceNote] = (),
    council: str = "",
    shown_before: Sequence[tuple[RoundForComparison, RoundForComparison]] = (),
) -> Comparison:
    """Two rounds or more, oldest first, set against each other one after another.

    `shown_before` are pairs of rounds that this audience has seen compared already, in the order in
    which they were: what those comparisons told counts when it is decided what this one may tell.
    Equal rounds, decisions and notes give an equal `Comparison.canonical_json`.

    Raises InvalidComparison for fewer than two rounds, for rounds of which none has counts, for
    summaries of different audiences, and for a summary of another tally.
    """
    check(rounds)
    plans = Plans(rounds, decisions=decisions, shown_before=shown_before)
    steps = list(plans.steps())
    words = {
        basis: judged({plan.key: plan.tests[basis] for plan in steps if basis in plan.tests})
        for basis in Basis
    }
    by_chain: dict[int, list[Step]] = {}
    for plan in steps:
        titles = rounds[plan.at].title, rounds[plan.at + 1].title
        told = Teller(plan, words, titles=titles).step(_around(plan, notes))
        by_chain.setdefault(plan.chain, []).append(told)
    questions = [
        _question(chain, by_chain.get(place, ()), plans) for place, chain in enumerate(plans.chains)
    ]
    counts = tuple(_counts(at, questions) for at in range(len(rounds) - 1))
    answered = [each for each in rounds if isinstance(each, RoundForComparison)]
    return Comparison(
        audience=answered[0].summary.audience,
        title=council,
        rounds=tuple(map(_described, rounds)),
        sentence=counts[-1].sentence,
        counts=counts,
        signposts=_signposts(plans, questions),
        dropped=tuple(each for each in questions if each.codes[-1] is None),
        findings=tuple(plans.findings()),
        caveats=tuple(_caveats(rounds)),
        hidden_cells=_hidden_cells(questions),
        provenance=tuple(
            each.summary.provenance if isinstance(each, RoundForComparison) else None
            for each in rounds
        ),
    )


def _around(plan: Plan, notes: Iterable[CircumstanceNote]) -> tuple[Circumstance, ...]:
    """What people noted about the question at this step."""
    return tuple(
        Circumstance(kind=note.kind, note=note.note, by=note.by)
        for note in notes
        if note.after == plan.at + 1 and note.question in (plan.match.before, plan.match.after)
    )


def _question(chain: Chain, steps: Sequence[Step], plans: Plans) -> QuestionCompared:
    texts: list[str | None] = []
    short = ""
    for round_, code in zip(plans.rounds, chain.codes, strict=True):
        question = None if code is None else round_.bank.by_code[code]
        texts.append(None if question is None else in_language(question.text))
        if question is not None:
            short = in_language(question.short if question.short is not None else question.text)
    return QuestionCompared(
        code=next(code for code in reversed(chain.codes) if code is not None),
        short=short,
        text=next(text for text in reversed(texts) if text is not None),
        codes=chain.codes,
        texts=tuple(texts),
        points=tuple(plans.point(place, code) for place, code in enumerate(chain.codes)),
        steps=tuple(steps),
    )


def _signposts(plans: Plans, questions: Sequence[QuestionCompared]) -> tuple[SignpostCompared, ...]:
    by_code = {each.code: each for each in questions if each.codes[-1] is not None}
    bank = plans.rounds[-1].bank
    scaled = {
        signpost.code: [
            question.code
            for topic in signpost.topics
            for question in topic.questions
            if isinstance(question, ScaleQuestion)
        ]
        for signpost in bank.signposts
    }
    scores = {
        (code, at): plans.scores(at, of=codes)
        for code, codes in scaled.items()
        for at in range(len(plans.rounds) - 1)
    }
    words = judged({key: found.tested for key, (found, _) in scores.items() if found is not None})

    def steps(code: str) -> Iterator[ScoreStep]:
        for (of, at), (found, codes) in scores.items():
            if of == code:
                yield score_step(
                    found,
                    words.get((of, at)),
                    before=at,
                    questions=codes,
                    published=any(
                        isinstance(each, PublishedTotals) for each in plans.rounds[at : at + 2]
                    ),
                )

    return tuple(
        SignpostCompared(
            code=signpost.code,
            title=in_language(signpost.title),
            questions=tuple(by_code[code] for code in scaled[signpost.code]),
            steps=tuple(steps(signpost.code)),
        )
        for signpost in bank.signposts
        if scaled[signpost.code]
    )


def _described(round_: AnyRound) -> RoundCompared:
    ref = BankRef(
        bank=round_.bank.bank,
        version=round_.bank.version,
        title=in_language(round_.bank.title),
        signpost_word=round_.bank.signpost_word,
        digest=bank_digest(round_.bank),
    )
    if isinstance(round_, PublishedTotals):
        return RoundCompared(
            title=round_.title,
            when=round_.when,
            kind=RoundKind.PUBLISHED,
            bank=ref,
            source=round_.source,
            bases_published=round_.bases_published,
            people=round_.people,
            agencies=round_.agencies,
        )
    covered = round_.summary.coverage
    return RoundCompared(
        title=round_.title,
        when=round_.when,
        bank=ref,
        source=round_.summary.provenance.source,
        people=covered.answered,
        agencies=covered.agencies_answered,
    )


def _counts(at: int, questions: Iterable[QuestionCompared]) -> ChangeCounts:
    """How many questions changed which way at one step."""
    steps = [step for question in questions for step in question.steps if step.before == at]
    numbers = {change: sum(step.change is change for step in steps) for change in Change}
    counts = ChangeCounts(
        before=at,
        after=at + 1,
        **{change.value: number for change, number in numbers.items()},
        only_mix=sum(step.split is not None and step.split.only_mix for step in steps),
        sentence="",
    )
    return counts.model_copy(update={"sentence": counts_sentence(counts)})


def _caveats(rounds: Sequence[AnyRound]) -> Iterator[str]:
    for round_ in rounds:
        if isinstance(round_, PublishedTotals):
            source = round_.source.rstrip(".")
            yield f"The totals of “{round_.title}” are as published: {source}."
            if not round_.bases_published:
                yield (
                    f"“{round_.title}” gives percentages without saying how many people they stand "
                    "for. These are shown, and nothing is concluded from them."
                )
    answered = [each for each in rounds if isinstance(each, RoundForComparison)]
    if len(answered) > 1:
        yield (
            "Nobody’s answers are linked from one round to the next. Some people will have "
            "answered more than once, and many only once."
        )


def _hidden_cells(questions: Iterable[QuestionCompared]) -> int:
    """How many figures a reader might look for and is not given."""
    cells = 0
    for question in questions:
        cells += sum(_is_held_back(point) for point in question.points)
        for step in question.steps:
            cells += step.split_mark is Mark.CONFIDENTIAL
            if step.both is not None:
                cells += _is_held_back(step.both.before) or _is_held_back(step.both.after)
    return cells


def _is_held_back(point: Point) -> bool:
    return point.words is not None or point.mark is Mark.CONFIDENTIAL
