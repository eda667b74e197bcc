"""The two columns of a letter and of the slides: what reads as a strength, and what to explore.

A topic that points both ways stands in both, each time with its own half.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from analysis import tables
from analysis.export.letter import Decision, Letter
from analysis.export.prose import sentence
from analysis.export.safety import one_line, shorten
from analysis.result import (
    Figures,
    Firmness,
    GroupKind,
    QuestionResult,
    Summary,
    TopicResult,
    Verdict,
)

OPPOSED = frozenset({GroupKind.ALL, GroupKind.SIDE, GroupKind.LEVEL})
"""Groups that the rule sets against each other."""
MOST_BULLETS = 9
MOST_TOLD = 2

IN_STRENGTHS = frozenset({Verdict.STRENGTH, Verdict.BOTH})
TO_CONSIDER = frozenset({Verdict.CONSIDERATION, Verdict.DONT_KNOW, Verdict.BOTH})


@dataclass(frozen=True, kw_only=True)
class Bullet:
    """One line of a column."""

    topic: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ColumnProse:
    """The bullets of one column, at most nine, and how many more the annex has."""

    bullets: tuple[Bullet, ...]
    left_out: int

    @property
    def more(self) -> str:
        """The line that says how many are left out, or nothing."""
        if not self.left_out:
            return ""
        verb = "is" if self.left_out == 1 else "are"
        return f"{tables.counted(self.left_out, 'more topic')} {verb} in the text above."


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The lines that were in force, by which a group reads as a strength or as to explore."""

    strength: Fraction
    consideration: Fraction
    majority: Fraction

    @classmethod
    def of(cls, summary: Summary) -> Lines:
        """The result's own lines, and the usual ones where its settings do not say."""

        def line(name: str, usual: str) -> Fraction:
            told = summary.settings.get(name)
            return Fraction(told if isinstance(told, str) else usual)

        return cls(
            strength=line("strength_line", "0.60"),
            consideration=line("consideration_line", "0.50"),
            majority=line("majority_line", "0.50"),
        )

    def speaks(self, figures: Figures, *, strong: bool) -> bool:
        """Whether the figures speak in the column, by the rule of docs/methods.md, "Judgement"."""
        if not figures.base:
            return False
        share = Fraction(figures.favourable, figures.base)
        if strong:
            return share >= self.strength and figures.interval_80.low >= self.majority
        return share < self.consideration and figures.interval_80.high <= self.strength


def columns(summary: Summary, letter: Letter) -> tuple[ColumnProse, ColumnProse]:
    """The two columns: strengths, and what to consider, the surest first, then as asked."""
    return (
        _column(summary, letter, verdicts=IN_STRENGTHS, own=Verdict.STRENGTH),
        _column(summary, letter, verdicts=TO_CONSIDER, own=Verdict.CONSIDERATION),
    )


def _column(
    summary: Summary, letter: Letter, *, verdicts: frozenset[Verdict], own: Verdict
) -> ColumnProse:
    found = []
    for signpost in summary.signposts:
        for topic in signpost.topics:
            decision = letter.decisions.get(topic.code)
            verdict = decision.verdict if decision else topic.reading.verdict
            if verdict in verdicts:
                bullet = Bullet(
                    topic=one_line(topic.title),
                    text=_bullet_text(topic, decision, verdicts=verdicts, lines=Lines.of(summary)),
                )
                found.append((_sureness(topic, decision, own=own), bullet))
    # Sorting keeps the order asked among those that are equally sure.
    bullets = [bullet for _, bullet in sorted(found, key=lambda row: row[0])]
    return ColumnProse(
        bullets=tuple(bullets[:MOST_BULLETS]), left_out=max(0, len(bullets) - MOST_BULLETS)
    )


def _sureness(topic: TopicResult, decision: Decision | None, *, own: Verdict) -> int:
    """What people decided, then clear readings, then indicative ones, then the rest."""
    if decision is not None:
        return 0
    if topic.reading.verdict is not own:
        return 3
    return 1 if topic.reading.firmness is Firmness.CLEAR else 2


def _bullet_text(
    topic: TopicResult,
    decision: Decision | None,
    *,
    verdicts: frozenset[Verdict],
    lines: Lines,
) -> str:
    """The reviewers' words; else the one or two questions that put the topic in this column.

    Where no question by itself does, the groups of people that do, on a question that points both
    ways; so that each column has its own half. Where there are none, the topic's own sentence.
    """
    if decision is not None and (decision.note or decision.verdict is not Verdict.BOTH):
        return sentence(decision.note or topic.reading.sentence)
    by_code = {question.code: question for question in topic.questions}
    supporting = [by_code[code] for code in topic.supporting if code in by_code]
    telling = [_told(question) for question in supporting if _is_in(question, verdicts)]
    if not telling:
        telling = [
            told
            for question in supporting
            if (told := _half(question, strong=verdicts is IN_STRENGTHS, lines=lines))
        ]
    if not telling:
        return sentence(topic.reading.sentence)
    return sentence("; ".join(telling[:MOST_TOLD]))


def _half(question: QuestionResult, *, strong: bool, lines: Lines) -> str:
    """The groups that speak in one column on a question that points both ways, or nothing."""
    if question.reading is None or question.reading.verdict is not Verdict.BOTH:
        return ""
    groups = (() if question.all is None else (question.all,)) + question.groups
    told = [
        f"{one_line(group.title)}: {group.figures.favourable:,} of {group.figures.base:,} positive"
        for group in groups
        if group.kind in OPPOSED
        and group.figures is not None
        and lines.speaks(group.figures, strong=strong)
    ]
    name = f"“{shorten(question.short or question.text, to=160)}”"
    return f"{name} ({'; '.join(told[:MOST_TOLD])})" if told else ""


def _is_in(question: QuestionResult, verdicts: frozenset[Verdict]) -> bool:
    return question.reading is not None and question.reading.verdict in verdicts - {Verdict.BOTH}


def _told(question: QuestionResult) -> str:
    """A question's short name and how many were favourable, or did not know, where shown."""
    name = f"“{shorten(question.short or question.text, to=160)}”"
    figures = question.all.figures if question.all is not None else None
    if figures is None:
        return name
    if question.reading is not None and question.reading.verdict is Verdict.DONT_KNOW:
        applicable = figures.base + figures.dont_know
        return f"{name} ({figures.dont_know:,} of {applicable:,} do not know)"
    return f"{name} ({figures.favourable:,} of {figures.base:,} positive)"
