"""How a reading is shown: the rule's words, and beside them what a manager decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.result import VERDICT_WORDS, Reading, Verdict
from analysis.tables import reading_words
from survey.actions.findings import OVERRULING
from survey.data.decisions import DecisionRow
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time

TAGS: dict[Verdict, str] = {
    Verdict.STRENGTH: "govuk-tag--blue",
    Verdict.CONSIDERATION: "govuk-tag--orange",
    Verdict.MIXED: "govuk-tag--grey",
    Verdict.BOTH: "govuk-tag--yellow",
    Verdict.DONT_KNOW: "govuk-tag--purple",
    Verdict.TOO_FEW: "govuk-tag--grey",
}
KEEP = "keep"
KEEP_WORDS = "Keep the rule’s reading"


@dataclass(frozen=True)
class DecisionView:
    """A manager's decision in words. `overrules` is False where only a note was added."""

    overrules: bool
    words: str
    rule_words: str
    reason: str
    note: str
    who: str
    when: str
    snapshot: int
    is_of_older_snapshot: bool


@dataclass(frozen=True)
class ReadingView:
    """The reading in force as a tag in words, with the rule's own beside it and why that is so."""

    words: str
    tag: str
    rule_words: str
    sentence: str
    why: tuple[str, ...]
    modifiers: tuple[str, ...]
    decision: DecisionView | None


@dataclass(frozen=True)
class Choice:
    """One verdict to choose."""

    value: str
    words: str


@dataclass(frozen=True)
class DecidePage:
    """The page on which a manager says how they read a topic or a question."""

    head: RoundHead
    subject: str
    title: str
    rule: ReadingView
    current: DecisionView | None
    choices: tuple[Choice, ...]
    history: tuple[DecisionView, ...]
    seen: str


def reading_view(
    reading: Reading, decision: DecisionRow | None, *, snapshot: int, why: Sequence[str] = ()
) -> ReadingView:
    """A reading with the decision in force on it. `why` is more than its reasons, where known."""
    shown = decision_view(decision, snapshot=snapshot) if decision else None
    rule = reading_words(reading)
    verdict = reading.verdict
    if decision is not None and decision.verdict is not None:
        verdict = Verdict(decision.verdict)
    return ReadingView(
        words=shown.words if shown and shown.overrules else rule,
        tag=TAGS[verdict],
        rule_words=rule,
        sentence=reading.sentence,
        why=tuple(why) or tuple(reason.words for reason in reading.reasons),
        modifiers=tuple(modifier.words for modifier in reading.modifiers),
        decision=shown,
    )


def decision_view(row: DecisionRow, *, snapshot: int) -> DecisionView:
    """One decision in words."""
    return DecisionView(
        overrules=row.verdict is not None,
        words=VERDICT_WORDS[Verdict(row.verdict)] if row.verdict else KEEP_WORDS,
        rule_words=VERDICT_WORDS[Verdict(row.rule_verdict)],
        reason=row.reason,
        note=row.note,
        who=row.who,
        when=date_time(row.at),
        snapshot=row.snapshot,
        is_of_older_snapshot=row.snapshot != snapshot,
    )


def decide_page(
    head: RoundHead,
    *,
    subject: str,
    title: str,
    reading: Reading,
    decisions: Sequence[DecisionRow],
    snapshot: int,
) -> DecidePage:
    """The page to decide on a reading. `decisions` are those on it, the newest first."""
    current = decisions[0] if decisions else None
    choices = [Choice(KEEP, f"{KEEP_WORDS}: {reading_words(reading).lower()}")]
    choices += [
        Choice(verdict, VERDICT_WORDS[verdict])
        for verdict in OVERRULING
        if verdict is not reading.verdict
    ]
    return DecidePage(
        head=head,
        subject=subject,
        title=title,
        rule=reading_view(reading, None, snapshot=snapshot),
        current=decision_view(current, snapshot=snapshot) if current else None,
        choices=tuple(choices),
        history=tuple(decision_view(row, snapshot=snapshot) for row in decisions),
        seen=current.id if current else "",
    )
