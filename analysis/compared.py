"""The gated comparison of two rounds or more of one council: all that pages and exports are given.

Made by `analysis.rounds.compare`. Every number here may be shown to the audience named in
`Comparison.audience`. Reading this module loads neither pandas nor numpy: a page renders a stored
comparison with `Comparison.model_validate_json` and nothing else. `FORMAT` changes when a reader
written for the old one would misread the new one.

Rounds are referred to by their place in `Comparison.rounds`, oldest first, from 0.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from analysis.result import BankRef, Interval, Mark, Model, Provenance
from analysis.result import Verdict as Reads
from question_banks.lineage import Verdict

FORMAT: Final = "signpost-comparison/1"


class Change(StrEnum):
    """What became of a share from one round to the next.

    `too_few` means that nothing can be said; it is never to be drawn or worded like
    `no_clear_change`, which is a finding. `not_comparable` means that the two rounds did not ask
    the same thing, or that no base was published.
    """

    IMPROVED = "improved"
    DECLINED = "declined"
    NO_CLEAR_CHANGE = "no_clear_change"
    TOO_FEW = "too_few"
    NOT_COMPARABLE = "not_comparable"


CHANGE_WORDS: Final[dict[Change, str]] = {
    Change.IMPROVED: "Improved",
    Change.DECLINED: "Declined",
    Change.NO_CLEAR_CHANGE: "No clear change",
    Change.TOO_FEW: "Too few to say",
    Change.NOT_COMPARABLE: "Not comparable",
}

VERDICT_WORDS: Final[dict[Verdict, str]] = {
    Verdict.SAME: "Same question",
    Verdict.REWORDED: "Reworded",
    Verdict.SCALE_CHANGED: "Answer scale changed",
    Verdict.NEW: "New question",
    Verdict.DROPPED: "No longer asked",
}


class Basis(StrEnum):
    """Whose answers are set against each other."""

    ALL = "all"
    """Everybody who answered, in each round."""
    BOTH = "both"
    """People in agencies that answered both times."""


BASIS_WORDS: Final[dict[Basis, str]] = {
    Basis.ALL: "All agencies",
    Basis.BOTH: "Agencies that answered both times",
}


class RoundKind(StrEnum):
    """Where the figures of a round come from."""

    ANSWERS = "answers"
    PUBLISHED = "published"
    """Totals that somebody else published of a round run elsewhere."""


class RoundCompared(Model):
    """One round of the comparison.

    `when` is as people would say it ("March 2024"), "" where not said. `bank` is None for published
    totals of a questionnaire that is not held here; `source` then says in words where the totals
    come from, and is always to be shown. `bases_published` is False where a published round gives
    any percentage without its base. `people` and `agencies` that answered are None where not known.
    """

    title: str
    when: str = ""
    kind: RoundKind = RoundKind.ANSWERS
    bank: BankRef | None = None
    source: str = ""
    bases_published: bool = True
    people: int | None = None
    agencies: int | None = None


class Point(Model):
    """One question in one round, for a slope or a cell: a share, or a mark and no number.

    `share` is from 0 to 1. `base` is None where it was not published; then there is no `interval`
    and nothing is tested. `words` (such as "Nearly all") stand in place of a share that would tell
    how people answered. `mark` is [z] where the question was not asked in that round, [c] where
    too few answered, [x] where nothing was published.
    """

    share: float | None = None
    base: int | None = None
    agencies: int | None = None
    interval: Interval | None = None
    words: str | None = None
    mark: Mark | None = None


class Difference(Model):
    """The change on one basis between two rounds, with both ends of it.

    `difference` is the later share less the earlier, from -1 to 1, with its 95% `interval`; both
    are None where `change` is too few or not comparable. `sentence` says it to a reader.
    """

    basis: Basis
    before: Point
    after: Point
    difference: float | None = None
    interval: Interval | None = None
    change: Change
    sentence: str


class Split(Model):
    """What a change of everybody's share is made of, in whole percentage points that add up.

    `rate`: agencies that answered both times answered differently. `mix`: the same agencies make
    up more or fewer of the answers. `came` and `went`: agencies that answered only the later, or
    only the earlier time. `rate + mix + came + went == total`, the change as it is shown.
    `only_mix` is True where the share changed clearly and the agencies hardly did.
    """

    rate: int
    mix: int
    came: int
    went: int
    total: int
    only_mix: bool = False
    sentence: str


class Decided(Model):
    """A person's decision that a reworded question may be compared, or may not."""

    comparable: bool
    by: str
    why: str


class CircumstanceKind(StrEnum):
    """What changed around a question between two rounds."""

    REORGANISATION = "reorganisation"
    NEW_PROCESS = "new_process"
    NEW_DEFINITION = "new_definition"
    OTHER = "other"


CIRCUMSTANCE_WORDS: Final[dict[CircumstanceKind, str]] = {
    CircumstanceKind.REORGANISATION: "Reorganisation",
    CircumstanceKind.NEW_PROCESS: "New process",
    CircumstanceKind.NEW_DEFINITION: "New definition",
    CircumstanceKind.OTHER: "Other change",
}


class Circumstance(Model):
    """A note that something around a question changed, which its figures do not know of."""

    kind: CircumstanceKind
    note: str
    by: str = ""


class Step(Model):
    """One question from one round to the next.

    `before` and `after` are places of rounds. `verdict` says what became of the wording and
    `why` how that is known; `comparable` is what counts after a person's decision. `both` is None
    where agencies cannot be told apart (published totals) or the question is not comparable.
    `split` is None where it may not be shown or there is nothing to split; `split_mark` is then
    [c] where it is withheld and [z] or [x] where there is none. `change` is the one word of the
    step and `sentence` sums it up.
    """

    before: int
    after: int
    verdict: Verdict
    why: str = ""
    decided: Decided | None = None
    comparable: bool
    circumstances: tuple[Circumstance, ...] = ()
    all: Difference
    both: Difference | None = None
    split: Split | None = None
    split_mark: Mark | None = None
    change: Change
    sentence: str


class QuestionCompared(Model):
    """One question through all rounds.

    `code`, `text` and `short` are of the latest round that asked it. `codes`, `texts` and `points`
    have one entry for each round, None in `codes` and `texts` where it was not asked. `steps` has
    one entry for each pair of consecutive rounds of which one at least asked it.
    """

    code: str
    short: str
    text: str
    codes: tuple[str | None, ...]
    texts: tuple[str | None, ...]
    points: tuple[Point, ...]
    steps: tuple[Step, ...]

    @property
    def latest(self) -> Step | None:
        """The step to the last round, or None where there is none."""
        return self.steps[-1] if self.steps else None


class ScorePoint(Model):
    """A signpost's score in one round on the common set of questions, in whole points of 1."""

    score: float | None = None
    people: int | None = None
    interval: Interval | None = None
    mark: Mark | None = None


class ScoreStep(Model):
    """A signpost's score from one round to the next, on the questions that both can be compared on.

    `questions` are codes of the later round. `difference` and `interval` are None where `change` is
    too few or not comparable.
    """

    before: int
    after: int
    questions: tuple[str, ...]
    earlier: ScorePoint
    later: ScorePoint
    difference: float | None = None
    interval: Interval | None = None
    change: Change
    sentence: str


class SignpostCompared(Model):
    """A signpost of the newest bank with its questions.

    `steps` has one score step for each pair of consecutive rounds.
    """

    code: str
    title: str
    questions: tuple[QuestionCompared, ...]
    steps: tuple[ScoreStep, ...] = ()
    caveats: tuple[str, ...] = ()


class Outcome(StrEnum):
    """What became of an earlier reading of a topic."""

    RECURS = "recurs"
    RESOLVED = "resolved"
    PARTLY = "partly"
    NOT_EXAMINED = "not_examined"
    HELD = "held"
    """An earlier strength that still reads as one."""
    LOST = "lost"
    """An earlier strength that now reads as something to explore."""


OUTCOME_WORDS: Final[dict[Outcome, str]] = {
    Outcome.RECURS: "Recurs",
    Outcome.RESOLVED: "Resolved, on these answers",
    Outcome.PARTLY: "Partly",
    Outcome.NOT_EXAMINED: "Not examined this time",
    Outcome.HELD: "Still a strength",
    Outcome.LOST: "No longer a strength",
}


class FindingCompared(Model):
    """What an earlier topic reading became: by rule, from the readings of its questions now.

    `before` and `after` are places of rounds. `now` is how its questions read together now, None
    where none of them was asked comparably. `questions` are codes of the later round the outcome
    rests on.
    """

    before: int
    after: int
    topic: str
    title: str
    then: Reads
    now: Reads | None = None
    outcome: Outcome
    questions: tuple[str, ...] = ()
    sentence: str


class ChangeCounts(Model):
    """How many questions changed which way at one step; `only_mix` of them only by who answered."""

    before: int
    after: int
    improved: int = 0
    declined: int = 0
    no_clear_change: int = 0
    too_few: int = 0
    not_comparable: int = 0
    only_mix: int = 0
    sentence: str


class Comparison(Model):
    """Two rounds or more of one council, oldest first, for one audience.

    `dropped` are questions that the newest round no longer asks. `counts` has one entry for each
    step, and `sentence` sums up the last one. `hidden_cells` counts the figures a reader might look
    for and is not given. `provenance` has one entry for each round, None for published totals.
    """

    format: str = FORMAT
    audience: str
    title: str
    rounds: tuple[RoundCompared, ...]
    sentence: str
    counts: tuple[ChangeCounts, ...]
    signposts: tuple[SignpostCompared, ...]
    dropped: tuple[QuestionCompared, ...] = ()
    findings: tuple[FindingCompared, ...] = ()
    caveats: tuple[str, ...] = ()
    hidden_cells: int
    provenance: tuple[Provenance | None, ...]

    def questions(self) -> dict[str, QuestionCompared]:
        """Question code to what became of it: first those asked now, then those dropped."""
        asked = {
            question.code: question
            for signpost in self.signposts
            for question in signpost.questions
        }
        return asked | {
            question.code: question for question in self.dropped if question.code not in asked
        }

    def canonical_json(self) -> str:
        """The comparison without its provenance: equal for equal answers, settings and notes."""
        return self.model_dump_json(exclude={"provenance"}, indent=2)
