"""The gated benchmark of one council beside others that agreed to share: for pages and exports.

Made by `analysis.councils.benchmark`. No other council is named, ranked or set in an order that
tells which is which. Reading this module loads neither pandas nor numpy. `FORMAT` changes when a
reader written for the old one would misread the new one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from analysis.result import BankRef, Interval, Mark, Model, Provenance

FORMAT: Final = "signpost-benchmark/1"

FEWEST_COUNCILS: Final = 8
"""Other councils that must stand behind a median and quartiles."""
FEWEST_FOR_FUNNEL: Final = 10
"""Councils, the own one among them, from which a funnel plot is drawn."""


class Position(StrEnum):
    """Where the own council stands beside the others. Never a rank."""

    ABOVE = "above"
    MIDDLE_HALF = "middle_half"
    BELOW = "below"


POSITION_WORDS: Final[dict[Position, str]] = {
    Position.ABOVE: "Above the middle half of councils",
    Position.MIDDLE_HALF: "Among the middle half of councils",
    Position.BELOW: "Below the middle half of councils",
}


class FunnelPoint(Model):
    """One council in a funnel plot, unnamed: people who answered, and their favourable share.

    Of other councils the share is in whole points and `n` to the nearest five, so that a point
    cannot be matched with a published figure; the own council (`own`) is exact. In order of `n`.
    """

    n: int
    share: float
    own: bool = False


class FunnelLimit(Model):
    """Limits of a funnel at one number of answers, as shares from 0 to 1.

    Of councils that are alike, about 95 in 100 would fall within `inner` and about 998 in 1,000
    within `outer`, allowing for how much councils usually differ.
    """

    n: int
    inner: Interval
    outer: Interval


class Funnel(Model):
    """A funnel plot: `centre` is the share of all councils together, `limits` in order of n.

    `dispersion` is how many times wider than chance alone the councils spread (variance ratio, at
    least 1), by which the limits are widened. `outside` says in one word whether the own council
    lies outside the inner limits ("above", "below") or within them ("within").
    """

    centre: float
    dispersion: float
    points: tuple[FunnelPoint, ...]
    limits: tuple[FunnelLimit, ...]
    outside: str


class Beside(Model):
    """One question's share, or one signpost's score, beside other councils'.

    `own` is the own council's share from 0 to 1 with its `base` and 95% `interval`. `councils` is
    how many others stand behind `median`, `lower` and `upper` (quartiles), which are in whole
    points. `shrunken` is the own share drawn towards the councils' mean by as much as it is
    uncertain, in whole points; it stands beside the raw one, never in its place. `mark` is set and
    the figures None where the own share may not be shown ([c]) or too few councils have one ([x]).
    """

    code: str
    title: str
    text: str = ""
    own: float | None = None
    base: int | None = None
    interval: Interval | None = None
    councils: int = 0
    median: float | None = None
    lower: float | None = None
    upper: float | None = None
    position: Position | None = None
    shrunken: float | None = None
    funnel: Funnel | None = None
    mark: Mark | None = None
    sentence: str


class SignpostBeside(Model):
    """A signpost: its score beside other councils' (on the questions all share), its questions."""

    code: str
    title: str
    score: Beside
    questions: tuple[Beside, ...]


class Benchmark(Model):
    """One council beside the others that agreed to share, for one audience.

    `councils` is how many others there are. Where they are too few `refusal` says so to a reader
    and `signposts` is empty. `months` is how far apart the rounds may lie. `hidden_cells` counts
    the figures that are not given. `provenance` is of the own round.
    """

    format: str = FORMAT
    audience: str
    council: str
    round_title: str
    bank: BankRef
    councils: int
    months: int = 18
    refusal: str | None = None
    sentence: str
    signposts: tuple[SignpostBeside, ...] = ()
    caveats: tuple[str, ...] = ()
    hidden_cells: int = 0
    provenance: Provenance

    def rows(self) -> dict[str, Beside]:
        """Question code to how it stands beside other councils, in the order asked."""
        return {
            question.code: question
            for signpost in self.signposts
            for question in signpost.questions
        }

    def canonical_json(self) -> str:
        """The benchmark without its provenance."""
        return self.model_dump_json(exclude={"provenance"}, indent=2)
