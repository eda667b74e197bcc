"""Comparisons and benchmarks for tests, made by hand. Every council and agency is invented."""

from __future__ import annotations

from analysis.benchmarked import (
    Benchmark,
    Beside,
    Funnel,
    FunnelLimit,
    FunnelPoint,
    Position,
    SignpostBeside,
)
from analysis.compared import (
    Basis,
    Change,
    ChangeCounts,
    Circumstance,
    CircumstanceKind,
    Comparison,
    Decided,
    Difference,
    FindingCompared,
    Outcome,
    Point,
    QuestionCompared,
    RoundCompared,
    RoundKind,
    ScorePoint,
    ScoreStep,
    SignpostCompared,
    Split,
    Step,
)
from analysis.result import BankRef, Interval, Mark, Provenance
from analysis.result import Verdict as Reads
from question_banks.lineage import Verdict
from tests.factories_summary import interval

BANK = BankRef(
    bank="safeguarding_children_2012",
    version="1.0",
    title="Safeguarding children: partners’ self-evaluation",
    signpost_word="theme",
    digest="b" * 64,
)
PROVENANCE = Provenance(
    source="database", code_version="0.1.0", tally_digest="t" * 64, settings_digest="s" * 64
)
NOT_ASKED = Point(mark=Mark.NOT_APPLICABLE)
HIDDEN = Point(mark=Mark.CONFIDENTIAL)


def point(favourable: int, base: int, *, agencies: int | None = 7) -> Point:
    """A share with its base."""
    share = favourable / base
    return Point(share=share, base=base, agencies=agencies, interval=interval(share, base))


def difference(
    before: Point,
    after: Point,
    change: Change = Change.NO_CLEAR_CHANGE,
    *,
    basis: Basis = Basis.ALL,
    half: float = 0.16,
    sentence: str = "",
) -> Difference:
    """A change between two points; its interval is `half` either side."""
    size = None
    if before.share is not None and after.share is not None and before.base and after.base:
        size = after.share - before.share
    return Difference(
        basis=basis,
        before=before,
        after=after,
        difference=size,
        interval=None if size is None else Interval(low=size - half, high=size + half),
        change=change,
        sentence=sentence or "30 of 50 people said so, and 41 of 58 the time before.",
    )


def step(
    all_: Difference,
    *,
    both: Difference | None = None,
    verdict: Verdict = Verdict.SAME,
    why: str = "The wording, the scale and who is asked are the same.",
    decided: Decided | None = None,
    circumstances: tuple[Circumstance, ...] = (),
    split: Split | None = None,
    split_mark: Mark | None = None,
    before: int = 1,
    sentence: str = "",
) -> Step:
    """One question from one round to the next."""
    return Step(
        before=before,
        after=before + 1,
        verdict=verdict,
        why=why,
        decided=decided,
        comparable=all_.change is not Change.NOT_COMPARABLE,
        circumstances=circumstances,
        all=all_,
        both=both,
        split=split,
        split_mark=split_mark,
        change=all_.change,
        sentence=sentence or all_.sentence,
    )


def asked(
    code: str,
    short: str,
    points: tuple[Point, ...],
    steps: tuple[Step, ...],
    *,
    text: str = "",
    old_text: str | None = None,
) -> QuestionCompared:
    """One question through the three rounds."""
    words = text or f"{short}, and we could show how we know."
    there = [at.mark is not Mark.NOT_APPLICABLE for at in points]
    return QuestionCompared(
        code=code,
        short=short,
        text=words,
        codes=tuple(code if here else None for here in there),
        texts=tuple(
            (words if place == len(there) - 1 else old_text or words) if here else None
            for place, here in enumerate(there)
        ),
        points=points,
        steps=steps,
    )


def improved() -> QuestionCompared:
    """People are clearly more positive, and so are the agencies that answered both times."""
    old = Point(share=0.41, mark=None)
    before, after = point(24, 58), point(41, 60, agencies=8)
    same_before, same_after = point(22, 50, agencies=6), point(35, 51, agencies=6)
    return asked(
        "children_heard",
        "Children are heard in plans",
        (old, before, after),
        (
            step(
                difference(
                    old,
                    before,
                    Change.NOT_COMPARABLE,
                    sentence="It was 41% in the published totals; how many people that was is not "
                    "known, so the change cannot be tested.",
                ),
                before=0,
            ),
            step(
                difference(
                    before,
                    after,
                    Change.IMPROVED,
                    sentence="68% of people agree now, 41% before: 27 points more, give or take "
                    "about 17.",
                ),
                both=difference(
                    same_before,
                    same_after,
                    Change.IMPROVED,
                    basis=Basis.BOTH,
                    half=0.18,
                    sentence="In the agencies that answered both times it went from 44% to 69%.",
                ),
                split=Split(
                    rate=22,
                    mix=1,
                    came=3,
                    went=1,
                    total=27,
                    sentence="Most of the change is that the same agencies answered more "
                    "positively.",
                ),
            ),
        ),
    )


def only_mix() -> QuestionCompared:
    """A fall that is only a different mix of who answered."""
    before, after = point(60, 100), point(42, 100)
    return asked(
        "thresholds_clear",
        "Thresholds are clear",
        (NOT_ASKED, before, after),
        (
            step(
                difference(
                    before,
                    after,
                    Change.DECLINED,
                    half=0.13,
                    sentence="42% of people agree now, 60% before: 18 points fewer, give or take "
                    "about 13.",
                ),
                both=difference(
                    before,
                    after,
                    Change.DECLINED,
                    basis=Basis.BOTH,
                    half=0.13,
                    sentence="Every agency answered both times.",
                ),
                split=Split(
                    rate=0,
                    mix=-18,
                    came=0,
                    went=0,
                    total=-18,
                    only_mix=True,
                    sentence="The fall is only a different mix of who answered: the agencies "
                    "themselves answered as before.",
                ),
                circumstances=(
                    Circumstance(
                        kind=CircumstanceKind.REORGANISATION,
                        note="Two community trusts became one in April.",
                        by="Review manager",
                    ),
                ),
            ),
        ),
    )


def declined() -> QuestionCompared:
    """Reworded, and taken as comparable by a person."""
    before, after = point(44, 60), point(26, 58)
    return asked(
        "enough_data",
        "Enough data to judge performance",
        (NOT_ASKED, before, after),
        (
            step(
                difference(before, after, Change.DECLINED, half=0.17),
                verdict=Verdict.REWORDED,
                why="The wording differs.",
                decided=Decided(
                    comparable=True, by="Review manager", why="The same thing is asked."
                ),
                split_mark=Mark.CONFIDENTIAL,
            ),
        ),
        old_text="I get enough data to judge how well we do.",
    )


def too_few() -> QuestionCompared:
    """Too few answers this time."""
    before = point(12, 20)
    return asked(
        "board_challenges",
        "The board challenges its members",
        (NOT_ASKED, before, HIDDEN),
        (
            step(
                difference(
                    before,
                    HIDDEN,
                    Change.TOO_FEW,
                    sentence="Too few people answered this time to say anything about a change.",
                ),
                split_mark=Mark.CONFIDENTIAL,
            ),
        ),
    )


def steady() -> QuestionCompared:
    """No clear change."""
    before, after = point(30, 50), point(33, 52)
    return asked(
        "training_together",
        "Agencies train together",
        (NOT_ASKED, before, after),
        (
            step(
                difference(before, after, half=0.19),
                both=difference(before, after, basis=Basis.BOTH, half=0.19),
                split=Split(
                    rate=2,
                    mix=1,
                    came=0,
                    went=0,
                    total=3,
                    sentence="There is no clear change to take apart.",
                ),
            ),
        ),
    )


def new() -> QuestionCompared:
    """Asked for the first time."""
    after = point(40, 56)
    return asked(
        "early_help_offer",
        "The early help offer is known",
        (NOT_ASKED, NOT_ASKED, after),
        (
            step(
                difference(
                    NOT_ASKED,
                    after,
                    Change.NOT_COMPARABLE,
                    sentence="This was not asked before.",
                ),
                verdict=Verdict.NEW,
                why="",
                split_mark=Mark.NOT_APPLICABLE,
            ),
        ),
    )


def dropped() -> QuestionCompared:
    """No longer asked."""
    before = point(20, 55)
    return asked(
        "total_place",
        "Money follows the child",
        (NOT_ASKED, before, NOT_ASKED),
        (
            step(
                difference(
                    before, NOT_ASKED, Change.NOT_COMPARABLE, sentence="This is no longer asked."
                ),
                verdict=Verdict.DROPPED,
                why="",
                split_mark=Mark.NOT_APPLICABLE,
            ),
        ),
    )


def rounds() -> tuple[RoundCompared, ...]:
    """A published baseline, an earlier round and the newest."""
    return (
        RoundCompared(
            title="Partners’ survey",
            when="2028",
            kind=RoundKind.PUBLISHED,
            source="Annual report of the Marlow Vale partnership, 2028, page 14",
            bases_published=False,
        ),
        RoundCompared(title="Baseline", when="March 2030", bank=BANK, people=64, agencies=8),
        RoundCompared(title="Follow-up", when="March 2031", bank=BANK, people=66, agencies=9),
    )


def score_step() -> ScoreStep:
    """A score that rose."""
    return ScoreStep(
        before=1,
        after=2,
        questions=("children_heard", "training_together"),
        earlier=ScorePoint(score=0.51, people=60, interval=Interval(low=0.4, high=0.62)),
        later=ScorePoint(score=0.66, people=61, interval=Interval(low=0.55, high=0.76)),
        difference=0.15,
        interval=Interval(low=0.0, high=0.3),
        change=Change.NO_CLEAR_CHANGE,
        sentence="On the 2 questions asked both times the score went from 51 to 66 of 100; so few "
        "people cannot show that this is more than chance.",
    )


def comparison(
    signposts: tuple[SignpostCompared, ...] | None = None,
    *,
    of_rounds: tuple[RoundCompared, ...] | None = None,
) -> Comparison:
    """Three rounds with a question for every verdict and every change."""
    held = (
        SignpostCompared(
            code="practice",
            title="Practice and the voice of the child",
            questions=(improved(), only_mix(), steady()),
            steps=(score_step(),),
        ),
        SignpostCompared(
            code="performance",
            title="Outcomes and performance",
            questions=(declined(), too_few(), new()),
            steps=(
                ScoreStep(
                    before=1,
                    after=2,
                    questions=("enough_data",),
                    earlier=ScorePoint(mark=Mark.NOT_APPLICABLE),
                    later=ScorePoint(mark=Mark.NOT_APPLICABLE),
                    change=Change.TOO_FEW,
                    sentence="Fewer than two questions can be compared, so there is no score.",
                ),
            ),
            caveats=("Schools answered only the second time.",),
        ),
    )
    return Comparison(
        audience="review_team",
        title="Marlow Vale Council",
        rounds=rounds() if of_rounds is None else of_rounds,
        sentence="1 question improved and 2 declined, one of them only because other people "
        "answered; on 1 there is no clear change.",
        counts=(
            ChangeCounts(before=0, after=1, not_comparable=1, sentence="Nothing can be compared."),
            ChangeCounts(
                before=1,
                after=2,
                improved=1,
                declined=2,
                no_clear_change=1,
                too_few=1,
                not_comparable=2,
                only_mix=1,
                sentence="1 question improved and 2 declined.",
            ),
        ),
        signposts=held if signposts is None else signposts,
        dropped=(dropped(),),
        findings=(
            FindingCompared(
                before=1,
                after=2,
                topic="data",
                title="Data and audit",
                then=Reads.CONSIDERATION,
                now=Reads.CONSIDERATION,
                outcome=Outcome.RECURS,
                questions=("enough_data",),
                sentence="Data and audit was something to explore last time and is again.",
            ),
            FindingCompared(
                before=1,
                after=2,
                topic="heard",
                title="The voice of the child",
                then=Reads.CONSIDERATION,
                now=Reads.STRENGTH,
                outcome=Outcome.RESOLVED,
                questions=("children_heard",),
                sentence="The voice of the child was something to explore last time and reads as "
                "a strength now.",
            ),
            FindingCompared(
                before=1,
                after=2,
                topic="money",
                title="Money",
                then=Reads.CONSIDERATION,
                outcome=Outcome.NOT_EXAMINED,
                sentence="Money was something to explore last time and was not asked about now.",
            ),
        ),
        caveats=(
            "The published totals give no number of people, so they are shown and not tested.",
        ),
        hidden_cells=2,
        provenance=(None, PROVENANCE, PROVENANCE),
    )


def hostile_comparison(text: str) -> Comparison:
    """A comparison in which every title, text and note is the given text."""
    before, after = point(30, 50), point(20, 52)
    words = before.model_copy(update={"share": None, "interval": None, "words": text})
    held = step(
        difference(before, after, Change.DECLINED, sentence=text),
        both=difference(words, after, Change.TOO_FEW, basis=Basis.BOTH, sentence=text),
        why=text,
        verdict=Verdict.REWORDED,
        decided=Decided(comparable=True, by=text, why=text),
        circumstances=(Circumstance(kind=CircumstanceKind.OTHER, note=text, by=text),),
        split=Split(rate=-20, mix=-1, came=0, went=0, total=-21, sentence=text),
        sentence=text,
        before=0,
    )
    question = QuestionCompared(
        code="q_one",
        short=text,
        text=text,
        codes=("q_one", "q_one"),
        texts=(text, text),
        points=(before, after),
        steps=(held,),
    )
    made = comparison(
        (
            SignpostCompared(
                code="s_one",
                title=text,
                questions=(question,),
                steps=(
                    score_step().model_copy(update={"before": 0, "after": 1, "sentence": text}),
                ),
                caveats=(text,),
            ),
        ),
        of_rounds=(
            RoundCompared(title=text, when=text, kind=RoundKind.PUBLISHED, source=text),
            RoundCompared(title=text, when=text, bank=BANK, people=66, agencies=9),
        ),
    )
    found = made.findings[0].model_copy(
        update={"before": 0, "after": 1, "title": text, "sentence": text}
    )
    return made.model_copy(
        update={
            "title": text,
            "sentence": text,
            "counts": (ChangeCounts(before=0, after=1, declined=1, sentence=text),),
            "dropped": (),
            "findings": (found,),
            "caveats": (text,),
            "provenance": (None, PROVENANCE),
        }
    )


def funnel(*, own: float = 0.6, outside: str = "within") -> Funnel:
    """Eleven councils, limits widened by half."""
    others = [
        (25, 0.44), (30, 0.71), (35, 0.52), (40, 0.63), (45, 0.55),
        (50, 0.49), (55, 0.58), (65, 0.61), (80, 0.53), (120, 0.57),
    ]  # fmt: skip
    points = [FunnelPoint(n=n, share=share) for n, share in others]
    points.append(FunnelPoint(n=50, share=own, own=True))
    return Funnel(
        centre=0.56,
        dispersion=1.5,
        points=tuple(sorted(points, key=lambda at: at.n)),
        limits=tuple(
            FunnelLimit(
                n=n,
                inner=Interval(low=max(0, 0.56 - 1.19 / n**0.5), high=min(1, 0.56 + 1.19 / n**0.5)),
                outer=Interval(low=max(0, 0.56 - 1.88 / n**0.5), high=min(1, 0.56 + 1.88 / n**0.5)),
            )
            for n in range(20, 131, 10)
        ),
        outside=outside,
    )


def beside(
    code: str = "children_heard",
    title: str = "Children are heard in plans",
    *,
    own: float = 0.6,
    position: Position = Position.MIDDLE_HALF,
    with_funnel: bool = True,
    sentence: str = "",
) -> Beside:
    """A question beside ten other councils."""
    return Beside(
        code=code,
        title=title,
        text=f"{title}, and we could show how we know.",
        own=own,
        base=50,
        interval=interval(own, 50),
        councils=10,
        median=0.56,
        lower=0.51,
        upper=0.62,
        position=position,
        shrunken=round(0.5 * own + 0.28, 2),
        funnel=funnel(own=own) if with_funnel else None,
        sentence=sentence
        or f"{round(100 * own)}% agree here; in the middle half of councils it is 51% to 62%.",
    )


def benchmark(signposts: tuple[SignpostBeside, ...] | None = None) -> Benchmark:
    """A council beside ten others: in the middle, above, below, hidden, and with too few others."""
    hidden = Beside(
        code="board_challenges",
        title="The board challenges its members",
        councils=9,
        mark=Mark.CONFIDENTIAL,
        sentence="Too few people answered here to set a figure beside other councils’.",
    )
    few = Beside(
        code="early_help_offer",
        title="The early help offer is known",
        own=0.71,
        base=56,
        interval=interval(0.71, 56),
        councils=5,
        mark=Mark.NOT_AVAILABLE,
        sentence="Only 5 other councils have a figure for this, too few to set beside it.",
    )
    held = (
        SignpostBeside(
            code="practice",
            title="Practice and the voice of the child",
            score=beside("practice", "Practice and the voice of the child", with_funnel=False),
            questions=(
                beside(),
                beside(
                    "thresholds_clear", "Thresholds are clear", own=0.42, position=Position.BELOW
                ),
                beside("train", "Agencies train together", own=0.78, position=Position.ABOVE),
            ),
        ),
        SignpostBeside(
            code="performance",
            title="Outcomes and performance",
            score=few.model_copy(update={"code": "performance", "title": "Outcomes"}),
            questions=(hidden, few),
        ),
    )
    return Benchmark(
        audience="review_team",
        council="Marlow Vale Council",
        round_title="Follow-up",
        bank=BANK,
        councils=10,
        sentence="On 3 questions set beside 10 other councils, 1 is above their middle half, 1 is "
        "among it and 1 is below.",
        signposts=held if signposts is None else signposts,
        caveats=("The councils chose to share; they need not be like councils in general.",),
        hidden_cells=1,
        provenance=PROVENANCE,
    )


def refused_benchmark() -> Benchmark:
    """Too few councils agreed to share."""
    return benchmark(()).model_copy(
        update={
            "councils": 6,
            "refusal": "Only 6 other councils have agreed to share a round like this one. At "
            "least 8 are needed, so that no council can be told from the figures.",
            "sentence": "There are too few councils to set these results beside.",
            "hidden_cells": 0,
        }
    )


def hostile_benchmark(text: str) -> Benchmark:
    """A benchmark in which every title and sentence is the given text."""
    row = beside(title=text, sentence=text).model_copy(update={"text": text})
    score = beside("s_one", text, sentence=text)
    made = benchmark((SignpostBeside(code="s_one", title=text, score=score, questions=(row,)),))
    return made.model_copy(
        update={"council": text, "round_title": text, "sentence": text, "caveats": (text,)}
    )
