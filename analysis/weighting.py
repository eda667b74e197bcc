"""Whose voice a figure is: people, agencies counted equally, or headcount.

The headline of a question is people. The check is voices: agencies counted equally, the small ones
folded together, so that neither one large agency nor one lone respondent decides unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from analysis.shares import Limits, wilson

FEWEST_ANSWERS: Final = 5
"""An agency with fewer answers than this has no voice of its own."""
FEWEST_VOICES: Final = 3


class Part(NamedTuple):
    """One agency's answers to one question.

    `group` is the sector group it is folded into when it is small; `population` is how many were
    invited where everybody in scope was, otherwise None.
    """

    agency: str
    group: str
    favourable: int
    base: int
    population: int | None = None


@dataclass(frozen=True)
class Voice:
    """An agency with enough answers, or small ones folded together: counted once."""

    agencies: tuple[str, ...]
    favourable: int
    base: int
    population: int | None = None

    @property
    def share(self) -> float:
        """The favourable share of the voice."""
        return self.favourable / self.base

    @property
    def smoothed(self) -> float:
        """The share with half a person added on each side, never 0 or 1."""
        return (self.favourable + 0.5) / (self.base + 1)


class EqualShare(NamedTuple):
    """The equal-per-voice share, its standard error and the answers it is worth.

    `effective` is the size of a simple sample with the same variance; `limits` are Wilson's on
    that size, capped at the number of answers.
    """

    voices: int
    share: float
    standard_error: float
    effective: float
    limits: Limits


def voices(parts: Iterable[Part], *, fewest: int = FEWEST_ANSWERS) -> tuple[Voice, ...]:
    """The voices of one question.

    An agency with at least `fewest` answers is a voice. The others are folded into their sector
    groups, and the groups that are still too small into one. What remains under `fewest` has no
    voice: it counts among the people.
    """
    spoken: list[Voice] = []
    folded: dict[str, list[Part]] = {}
    for part in sorted(parts):
        if part.base >= fewest:
            spoken.append(_fold([part]))
        elif part.base:
            folded.setdefault(part.group, []).append(part)
    rest: list[Part] = []
    for _, small in sorted(folded.items()):
        if sum(part.base for part in small) >= fewest:
            spoken.append(_fold(small))
        else:
            rest += small
    if sum(part.base for part in rest) >= fewest:
        spoken.append(_fold(rest))
    return tuple(spoken)


def _fold(parts: Sequence[Part]) -> Voice:
    populations = [part.population for part in parts if part.population is not None]
    return Voice(
        agencies=tuple(part.agency for part in parts),
        favourable=sum(part.favourable for part in parts),
        base=sum(part.base for part in parts),
        population=sum(populations) if len(populations) == len(parts) else None,
    )


def equal_variance(spoken: Sequence[Voice]) -> float:
    """The variance of the equal-per-voice share.

    (1/V^2) sum (1 - n/N) p~ (1 - p~) / (n - 1), where p~ = (x + 1/2)/(n + 1) keeps a voice that is
    all of one mind from counting as certain; the correction 1 - n/N only where N is known.
    """
    total = 0.0
    for voice in spoken:
        unseen = 1.0 if voice.population is None else 1 - voice.base / voice.population
        total += unseen * voice.smoothed * (1 - voice.smoothed) / (voice.base - 1)
    return total / len(spoken) ** 2


def equal_share(
    spoken: Sequence[Voice], *, confidence: Fraction, fewest_voices: int = FEWEST_VOICES
) -> EqualShare | None:
    """The share when each voice counts once, or None for fewer than `fewest_voices` of them.

    A voice needs two answers or more. Where every voice's whole population answered there is no
    sampling error and the interval is the point.

    >>> council, police, health, voluntary = (
    ...     Voice(("c",), 40, 60, 80), Voice(("p",), 3, 10, 12),
    ...     Voice(("h",), 5, 12, 20), Voice(("v",), 4, 6, 10),
    ... )
    >>> equal = equal_share([council, police, health, voluntary], confidence=Fraction(95, 100))
    >>> round(equal.share, 4), round(equal.standard_error, 4), round(equal.effective, 1)
    (0.5125, 0.0449, 124.1)
    """
    if len(spoken) < max(1, fewest_voices):
        return None
    share = sum(voice.share for voice in spoken) / len(spoken)
    variance = equal_variance(spoken)
    answers = sum(voice.base for voice in spoken)
    if variance == 0:
        return EqualShare(len(spoken), share, 0.0, float(answers), Limits(share, share))
    smoothed = sum(voice.smoothed for voice in spoken) / len(spoken)
    effective = smoothed * (1 - smoothed) / variance
    worth = min(effective, float(answers))
    limits = wilson(share * worth, worth, confidence=confidence)
    return EqualShare(len(spoken), share, variance**0.5, effective, limits)


def exact_equal_share(spoken: Sequence[Voice]) -> Fraction:
    """The equal-per-voice share as an exact fraction, for comparing it with a line."""
    return sum((Fraction(voice.favourable, voice.base) for voice in spoken), Fraction(0)) / len(
        spoken
    )


def headcount_share(spoken: Sequence[Voice]) -> float | None:
    """The share when each voice counts by how many people it has; None where that is not known."""
    populations = [voice.population for voice in spoken if voice.population]
    if not spoken or len(populations) < len(spoken):
        return None
    weighted = sum(
        voice.share * population for voice, population in zip(spoken, populations, strict=True)
    )
    return weighted / sum(populations)


def kish_effective(spoken: Sequence[Voice]) -> float:
    """How many equally weighted answers the equal-per-voice weights are worth (Kish 1965).

    (sum w)^2 / sum w^2 over people, with w = 1/n in a voice of n.
    """
    return len(spoken) ** 2 / sum(1 / voice.base for voice in spoken)


def one_agency_decides(
    parts: Iterable[Part], *, class_without: Callable[[Part], object], class_of_all: object
) -> bool:
    """True when the class would be another without one of the agencies.

    Said only as yes or no, and the agency never named: a class with one left out beside the whole
    would tell what that agency said.
    """
    return any(class_without(part) != class_of_all for part in parts if part.base)
