"""Lines and thresholds as a person meets them: what each decides, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.settings import AnalysisSettings
from survey.web.setup_forms import NUMBERS, lines_form


@dataclass(frozen=True)
class Line:
    """One line or threshold: its field, label, meaning, bounds, unit and usual value."""

    name: str
    label: str
    means: str
    bounds: str
    unit: str
    usual: str


@dataclass(frozen=True)
class LineGroup:
    """Lines that decide one thing together."""

    title: str
    lines: tuple[Line, ...]


_TEXTS = {
    "strength_line": (
        "Can read as a strength from",
        "From this share of favourable answers on, a question can read as a strength.",
        "More than 0 and less than 100, and not below either of the next two lines",
    ),
    "consideration_line": (
        "Can read as something to explore below",
        (
            "Below this share of favourable answers, a question can read as one to explore. "
            "Between the two lines it reads as mixed."
        ),
        "More than 0, and not above the line for strengths",
    ),
    "majority_line": (
        "A strength must surely lie above",
        (
            "Even at the low end of what chance allows, a strength must reach this share; what is "
            "to be explored is clear only where its high end stays within it."
        ),
        "More than 0, and not above the line for strengths",
    ),
    "clear": (
        "Confidence of a clear reading",
        (
            "How wide a range chance is allowed before a reading is called clear: a higher number "
            "makes fewer readings clear."
        ),
        "Above the confidence of an indicative reading, and less than 100",
    ),
    "indicative": (
        "Confidence of an indicative reading",
        (
            "A strength that is not clear is still given, as indicative, at this lower confidence. "
            "Below it the question reads as mixed."
        ),
        "More than 0, and below the confidence of a clear reading",
    ),
    "min_response": (
        "Response that is enough",
        (
            "Where a smaller share of those invited answered, a question is read only if those who "
            "stayed silent could not have turned it round."
        ),
        "More than 0 and less than 100",
    ),
    "dont_know_flag": (
        "Many do not know from",
        "From this share of “don’t know” on, the reading says so.",
        "More than 0, and below the next line",
    ),
    "dont_know_gate": (
        "Partners do not know from",
        "From this share of “don’t know” on, the question reads as one partners cannot answer.",
        "Above the line before, and less than 100",
    ),
    "k": (
        "Fewest people behind a figure",
        "No figure is shown of fewer people than this, so that nobody can be recognised.",
        "10 or 11",
    ),
    "min_agencies": (
        "Fewest agencies behind a figure",
        (
            "What people of all agencies say together is shown and read only where at least so "
            "many agencies answered."
        ),
        "From 3 to 20",
    ),
}
_GROUPS = (
    ("What reads as what", ("strength_line", "consideration_line", "majority_line")),
    ("How sure a reading must be", ("clear", "indicative", "min_response")),
    ("When people do not know", ("dont_know_flag", "dont_know_gate")),
    ("What is never shown", ("k", "min_agencies")),
)


def lines() -> tuple[LineGroup, ...]:
    """Every line and threshold, by what it decides."""
    usual = lines_form(AnalysisSettings())
    return tuple(
        LineGroup(
            title,
            tuple(
                Line(
                    name,
                    *_TEXTS[name],
                    unit="" if name in NUMBERS else "%",
                    usual=usual.value(name),
                )
                for name in names
            ),
        )
        for title, names in _GROUPS
    )
