"""Readings in words, hedged as reviewers write, made only of what the gate lets through.

A sentence takes its numbers from the gated results beside which it stands, so it can say no more
than they do. It names a question by its short label in quotation marks, which fits any bank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis.judgement import EVERYBODY, Judgement
from analysis.listing import listed
from analysis.result import (
    Explained,
    Figures,
    Firmness,
    GroupKind,
    GroupResult,
    QuestionResult,
    Reading,
    Reason,
    Verdict,
)
from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from question_banks.bank import Level

_PEOPLE: Final[dict[str, str]] = {
    EVERYBODY: "people who answered",
    COUNCIL: "people who answered in the council",
    PARTNERS: "people who answered in partner agencies",
    Level.STRATEGIC.value: "strategic leaders who answered",
    Level.FRONTLINE.value: "frontline practitioners who answered",
}
_FOR: Final[dict[str, str]] = {
    EVERYBODY: "everybody together",
    COUNCIL: "the council",
    PARTNERS: "partner agencies",
    Level.STRATEGIC.value: "strategic leaders",
    Level.FRONTLINE.value: "frontline practitioners",
}
_OPPOSITES: Final = (
    (COUNCIL, PARTNERS),
    (Level.STRATEGIC.value, Level.FRONTLINE.value),
)

_NUMBERS: Final = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip


def number_word(number: int) -> str:
    """A number as prose writes it.

    >>> number_word(3), number_word(12)
    ('three', '12')
    """
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


@dataclass(frozen=True)
class Missing:
    """The sectors a question leans on or requires from which nothing came, as sentences name them.

    `silent` were invited, `not_invited` were not; `required` are those without which it is not
    read.
    """

    silent: tuple[str, ...] = ()
    not_invited: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What is missing, in a sentence of its own; nothing where nothing is.

        >>> Missing(silent=("schools",), not_invited=("general practice",)).sentence()
        'No answer came from schools and nobody from general practice was invited, so their views \
are missing.'
        """
        parts = []
        if self.silent:
            parts.append(f"no answer came from {listed(self.silent, last='or')}")
        if self.not_invited:
            parts.append(f"nobody from {listed(self.not_invited, last='or')} was invited")
        if not parts:
            return ""
        one = len(self.silent + self.not_invited) == 1
        ending = "their view is missing" if one else "their views are missing"
        return f"{capital(' and '.join(parts))}, so {ending}."


def quoted(label: str) -> str:
    """A short label in quotation marks.

    >>> quoted("Shared aims are known")
    '“Shared aims are known”'
    """
    return f"“{label}”"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# A question


def question_reading(
    judgement: Judgement,
    question: QuestionResult,
    *,
    missing: Missing,
    apart: Mapping[Reason, tuple[GroupResult, GroupResult]],
    settings: AnalysisSettings,
) -> Reading:
    """The reading of a question in words. `question` holds its gated figures."""
    reasons = tuple(
        Explained(reason=reason, words=_reason_words(reason, missing, settings))
        for reason in judgement.reasons
    )
    modifiers = tuple(
        Explained(reason=reason, words=_modifier_words(reason, question, missing, apart))
        for reason in judgement.modifiers
    )
    return Reading(
        verdict=judgement.verdict,
        firmness=judgement.firmness,
        lean=judgement.lean,
        sentence=question_sentence(judgement, question, missing),
        reasons=reasons,
        modifiers=modifiers,
    )


def question_sentence(judgement: Judgement, question: QuestionResult, missing: Missing) -> str:
    label = quoted(question.short)
    match judgement.verdict:
        case Verdict.TOO_FEW:
            return _too_few(judgement, label, missing)
        case Verdict.DONT_KNOW:
            return f"{unknowing(question)} did not know about {label}; this is worth exploring."
        case Verdict.BOTH:
            return _both_sides(judgement, question, label)
    everybody = question.all
    assert everybody is not None
    return f"{_fact(everybody)} were positive about {label}; {conclusion(judgement)}."


def conclusion(judgement: Judgement) -> str:
    clear = judgement.firmness is Firmness.CLEAR
    match judgement.verdict:
        case Verdict.STRENGTH:
            return "this reads as a strength" if clear else "this tends to read as a strength"
        case Verdict.CONSIDERATION:
            return "this is an area to explore" if clear else "this may be an area to explore"
    match judgement.lean:
        case "favourable":
            return "the picture is mixed and leans towards the positive"
        case "unfavourable":
            return "the picture is mixed and leans towards the negative"
    return "the picture is evenly mixed"


def _fact(group: GroupResult) -> str:
    """Who was positive, of whom: in figures where the gate gives them, else in its words."""
    people = _PEOPLE[group.group]
    if group.figures is None:
        return f"{group.words} of the {people}"
    figures = group.figures
    fact = f"{figures.favourable} of the {figures.base} {people}"
    if group.kind is GroupKind.ALL:
        fact += f", in {figures.agencies} agencies,"
    return fact


def unknowing(question: QuestionResult) -> str:
    figures = figures_of(question)
    if figures is None:
        return "Many of the people to whom it applied"
    applicable = figures.base + figures.dont_know
    return f"{figures.dont_know} of the {applicable} people to whom it applied"


def figures_of(question: QuestionResult) -> Figures | None:
    return question.all.figures if question.all is not None else None


def _too_few(judgement: Judgement, label: str, missing: Missing) -> str:
    match judgement.reasons[0]:
        case Reason.FEW_AGENCIES:
            return f"Too few agencies answered {label} to say."
        case Reason.LOW_RESPONSE:
            return f"Too few of the people who were asked answered {label} to say."
        case Reason.SECTOR_SILENT:
            needed = listed(missing.required)
            return f"{label} cannot be judged without {needed}, and no answer came from them."
    return f"Too few people answered {label} to say."


def _both_sides(judgement: Judgement, question: QuestionResult, label: str) -> str:
    strong, weak = _opposed(judgement)
    kinds = (GroupKind.SIDE, GroupKind.LEVEL)
    shown = {group.group: group for group in question.groups if group.kind in kinds}
    assert question.all is not None
    shown[EVERYBODY] = question.all
    positive = _fact(shown[strong]).removesuffix(",")
    other = _fact(shown[weak]).removesuffix(",")
    return (
        f"{positive} were positive about {label}, against {other[:1].lower() + other[1:]}; this "
        f"reads as a strength for {_FOR[strong]} and as an area to explore for {_FOR[weak]}."
    )


def _opposed(judgement: Judgement) -> tuple[str, str]:
    """One group of each column: a pair that is set against each other where there is one."""
    for first, second in _OPPOSITES:
        for strong, weak in ((first, second), (second, first)):
            if strong in judgement.strong and weak in judgement.weak:
                return strong, weak
    return judgement.strong[0], judgement.weak[0]


def _reason_words(reason: Reason, missing: Missing, settings: AnalysisSettings) -> str:
    strength, consideration = (
        _percent(settings, "strength_line"),
        _percent(settings, "consideration_line"),
    )
    majority = _percent(settings, "majority_line")
    return {
        Reason.FEW_ANSWERS: f"Fewer than {settings.k} people answered on the scale.",
        Reason.FEW_AGENCIES: (
            f"People in fewer than {number_word(settings.min_agencies)} agencies answered."
        ),
        Reason.LOW_RESPONSE: (
            f"Under {_percent(settings, 'min_response')} of those asked answered, and the others "
            "could have turned it either way."
        ),
        Reason.SECTOR_SILENT: (
            f"It cannot be judged without {listed(missing.required)}, and no answer came from them."
        ),
        Reason.DONT_KNOW_MOST: (
            f"{_percent(settings, 'dont_know_gate')} or more of the people to whom it applied did "
            "not know."
        ),
        Reason.ABOVE_STRENGTH_LINE: (
            f"{strength} or more were positive, and with this many answers a share under "
            f"{majority} would be a surprise."
        ),
        Reason.BELOW_CONSIDERATION_LINE: (
            f"Under {consideration} were positive, and with this many answers a share over "
            f"{strength} would be a surprise."
        ),
        Reason.BETWEEN_LINES: (
            f"The share who were positive is between {consideration} and {strength}."
        ),
        Reason.NOT_SURE_ENOUGH: (
            "The share is past a line, but too few people answered to be sure of it."
        ),
        Reason.GROUPS_ON_BOTH_SIDES: "Groups that can be shown are on both sides of the lines.",
        Reason.VOICES_DIFFER: (
            f"With each agency counted equally, under {majority} were positive."
        ),
    }[reason]


def _percent(settings: AnalysisSettings, name: str) -> str:
    percent = settings.fraction(name) * 100
    number = str(percent) if percent.denominator == 1 else f"{float(percent):g}"
    return f"{number} per cent"


def _modifier_words(
    reason: Reason,
    question: QuestionResult,
    missing: Missing,
    apart: Mapping[Reason, tuple[GroupResult, GroupResult]],
) -> str:
    match reason:
        case Reason.GROUPS_APART | Reason.LEVELS_APART:
            high, low = apart[reason]
            return (
                f"{quoted(high.title)} and {quoted(low.title)} are far apart: "
                f"{_against(high, low)}."
            )
        case Reason.DONT_KNOW_HIGH:
            return f"{unknowing(question)} did not know."
        case Reason.LEANT_ON_SILENT:
            return (
                f"This leans on what {listed(missing.silent)} would say, and no answer came from "
                "them."
            )
        case Reason.LEANT_ON_NOT_INVITED:
            return (
                f"This leans on what {listed(missing.not_invited)} would say, and nobody there was "
                "invited."
            )
    return _MODIFIERS[reason]


_MODIFIERS: Final[dict[Reason, str]] = {
    Reason.DIVIDED: "The people who answered are divided among themselves.",
    Reason.ONE_AGENCY_DECIDES: "Without one of the agencies this would read differently.",
    Reason.VOICES_DIFFER: (
        "With each agency counted equally, whatever its size, this would read differently."
    ),
}


def _against(high: GroupResult, low: GroupResult) -> str:
    first, second = high.figures, low.figures
    assert first is not None
    assert second is not None
    return (
        f"{first.favourable} of {first.base} people were positive, against {second.favourable} of "
        f"{second.base}"
    )
