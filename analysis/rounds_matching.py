"""Which questions of several rounds stand for each other, and whether they may be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.compared import Decided
from question_banks.bank import Bank, Question, ScaleQuestion
from question_banks.crosswalk import load_crosswalk
from question_banks.lineage import Verdict, compare_banks


@dataclass(frozen=True, kw_only=True)
class QuestionDecision:
    """Somebody's decision that a question asked differently may be compared, or may not.

    The banks are ids (`name@version`). Of several decisions on the same pair the last is in force.
    A question whose answer scale changed is never compared, whatever was decided.
    """

    before_bank: str
    before_question: str
    after_bank: str
    after_question: str
    comparable: bool
    why: str
    by: str


@dataclass(frozen=True)
class Match:
    """What became of one question from one round to the next.

    `before` or `after` is None where it was not asked. `why` says in a sentence how the verdict is
    known.
    """

    before: str | None
    after: str | None
    verdict: Verdict
    why: str = ""
    decided: Decided | None = None
    comparable: bool = False

    @property
    def pair(self) -> tuple[str, str] | None:
        """The codes before and after, None where the two cannot be compared."""
        if not self.comparable or self.before is None or self.after is None:
            return None
        return self.before, self.after


@dataclass(frozen=True)
class Chain:
    """One question through all rounds: its code in each, None where it was not asked.

    `matches` has an entry for each pair of consecutive rounds, None where neither asked it.
    """

    codes: tuple[str | None, ...]
    matches: tuple[Match | None, ...]


def match(
    before: Bank, after: Bank, decisions: Iterable[QuestionDecision] = ()
) -> tuple[Match, ...]:
    """What became of every question on a scale: those of the later bank, then those dropped.

    Questions of two banks stand for each other by code, or by a link of the shipped crosswalk. The
    same question asked of other levels, or behind another rule, is asked of other people, and needs
    a person's decision as a reworded one does.
    """
    links, reasons = _links(before, after)
    decided = {
        (each.before_question, each.after_question): each
        for each in decisions
        if (each.before_bank, each.after_bank) == (before.id, after.id)
    }
    found: list[Match] = []
    for lineage in compare_banks(before, after, links):
        old = before.by_code.get(lineage.before)
        new = after.by_code.get(lineage.after)
        if not any(isinstance(each, ScaleQuestion) for each in (old, new)):
            continue
        if old is None or new is None:
            found.append(Match(lineage.before or None, lineage.after or None, lineage.verdict))
            continue
        verdict, why = lineage.verdict, _sentence(lineage.reason)
        other_people = _asks_others(old, new)
        if other_people:
            why = " ".join(filter(None, [why, "It was asked of other people."]))
        if (lineage.before, lineage.after) in reasons:
            why = " ".join(filter(None, [why, reasons[lineage.before, lineage.after]]))
        decision = decided.get((lineage.before, lineage.after))
        comparable = verdict is Verdict.SAME and not other_people
        if decision is not None:
            comparable = decision.comparable and verdict is not Verdict.SCALE_CHANGED
        found.append(
            Match(
                lineage.before,
                lineage.after,
                verdict,
                why or "The wording, the answers and who is asked are the same.",
                None
                if decision is None
                else Decided(comparable=decision.comparable, by=decision.by, why=decision.why),
                comparable,
            )
        )
    return tuple(found)


def _asks_others(old: Question, new: Question) -> bool:
    """True when the question is for other levels, or behind another rule."""
    if not isinstance(old, ScaleQuestion) or not isinstance(new, ScaleQuestion):
        return False
    return set(old.audience) != set(new.audience) or old.show_if != new.show_if


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}." if reason else ""


def _links(before: Bank, after: Bank) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Links between two banks, and why each is one."""
    if before.bank == after.bank:
        return {}, {}
    crosswalk = load_crosswalk()
    links = {
        old: new
        for old, new in crosswalk.links_between(before.bank, after.bank).items()
        if old in before.by_code and new in after.by_code
    }
    reasons = {}
    for link in crosswalk.questions:
        for one, other in ((link.left, link.right), (link.right, link.left)):
            if (one.bank, other.bank) == (before.bank, after.bank):
                reasons[one.question, other.question] = link.why
    return links, reasons


def chains(banks: Sequence[Bank], decisions: Sequence[QuestionDecision] = ()) -> tuple[Chain, ...]:
    """Every question on a scale through all rounds: first those of the newest bank, in its order.

    A question is followed from each round to the next. One that a round in between did not ask is
    dropped there and new in the round after.
    """
    steps = [match(one, other, decisions) for one, other in pairwise(banks)]
    last = len(banks) - 1
    ends = [(last, question.code) for question in banks[-1].questions() if _scaled(question)]
    for at in reversed(range(last)):
        ends += [
            (at, each.before)
            for each in steps[at]
            if each.verdict is Verdict.DROPPED and each.before is not None
        ]
    return tuple(_chain(steps, at=at, code=code) for at, code in ends)


def _scaled(question: object) -> bool:
    return isinstance(question, ScaleQuestion)


def _chain(steps: Sequence[Sequence[Match]], *, at: int, code: str) -> Chain:
    """The chain that ends with a question in the round at a place."""
    codes: list[str | None] = [None] * (len(steps) + 1)
    matches: list[Match | None] = [None] * len(steps)
    codes[at] = code
    if at < len(steps):
        matches[at] = next(each for each in steps[at] if each.before == code and each.after is None)
    for place in reversed(range(at)):
        found = next(each for each in steps[place] if each.after == codes[place + 1])
        matches[place] = found
        codes[place] = found.before
        if found.before is None:
            break
    return Chain(tuple(codes), tuple(matches))
