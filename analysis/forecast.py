"""Which groups a round could show, told from how many people answer, by the gate's own rules.

How they will answer is not known when people are invited. So the gate is asked about a round in
which half of everybody is favourable, which leaves most open: what it would not show of that, it
will not show of any answers. What is shown in the end also depends on how people answered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final

from analysis.agency_sizes import AgencySize
from analysis.counts import RoundCounts
from analysis.decisions import FEWEST_IN_WORDS, Decision, GroupCounts, Showing
from analysis.groups import groups_of
from analysis.result import GroupKind
from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from analysis.showing import decide
from analysis.tally import from_counts
from question_banks.bank import Bank, Level, ScaleQuestion

EXPECTED_RESPONSE: Final = Fraction(60, 100)


@dataclass(frozen=True)
class Forecast:
    """The titles of groups by how they could be shown; groups nobody is invited from are left out.

    `words` are groups that could be told in words for a signpost, `hidden` those whose answers
    could only be shown together with others'.
    """

    figures: tuple[str, ...]
    words: tuple[str, ...]
    hidden: tuple[str, ...]


def forecast(
    agencies: Collection[AgencySize],
    *,
    settings: AnalysisSettings,
    response: Fraction = EXPECTED_RESPONSE,
) -> Forecast:
    """What could be shown if this share of those invited answered, the same in every group.

    >>> from question_banks.bank import Sector
    >>> sizes = [
    ...     AgencySize(Sector.POLICE, 10),
    ...     AgencySize(Sector.EARLY_HELP, 30),
    ...     AgencySize(Sector.NHS_ACUTE, 30),
    ... ]
    >>> forecast(sizes, settings=AnalysisSettings()).figures
    ('Council', 'All partners')
    """
    held = [
        agency
        for name in settings.sector_groups
        for agency in agencies
        if settings.group_of(agency.sector) == name and agency.invited
    ]
    found: dict[str, list[str]] = {"figures": [], "words": [], "hidden": []}
    decision = _decided(held, settings, response) if held else None
    for name in dict.fromkeys((COUNCIL, *settings.sector_groups, PARTNERS)):
        member = None if decision is None else _find(decision, name)
        if decision is None or member is None:
            continue
        how = member.showing.value
        if (
            member.showing is Showing.HIDDEN
            and decision.everybody.is_shown
            and member.counts.base >= FEWEST_IN_WORDS
        ):
            how = "words"
        found[how].append(settings.group_titles[name])
    return Forecast(**{how: tuple(titles) for how, titles in found.items()})


def _find(decision: Decision, name: str) -> GroupCounts | None:
    """The side of that name, or else the sector group."""
    return decision.find(GroupKind.SIDE, name) or decision.find(GroupKind.SECTOR_GROUP, name)


def _decided(
    agencies: Collection[AgencySize], settings: AnalysisSettings, response: Fraction
) -> Decision:
    """What the gate would decide of one question that half of those who answer agree with."""
    bank = _bank()
    (question,) = bank.questions()
    assert isinstance(question, ScaleQuestion)
    people = _people(agencies, settings, response)
    tally = from_counts(
        bank,
        answers=[
            (question.code, name, Level.FRONTLINE.value, option, n)
            for name, (yes, no) in people.items()
            for option, n in (("yes", yes), ("no", no))
        ],
        respondents=[(name, Level.FRONTLINE.value, sum(split)) for name, split in people.items()],
        patterns=[],
        agencies=[(str(place), agency.sector.value) for place, agency in enumerate(agencies)],
    )
    counts = RoundCounts(tally, bank)
    return decide(
        question,
        counts.scale(question),
        counts=counts,
        groups=groups_of(counts, settings),
        settings=settings,
    )


def _people(
    agencies: Collection[AgencySize], settings: AnalysisSettings, response: Fraction
) -> dict[str, tuple[int, int]]:
    """How many people of each agency, by its place, are taken to answer one way and the other.

    Parts of a person add up within a sector group, and so do the halves of those who agree.
    """
    invited: dict[str, int] = {}
    found = {}
    for place, agency in enumerate(agencies):
        group = settings.group_of(agency.sector)
        before = int(response * invited.get(group, 0))
        invited[group] = invited.get(group, 0) + agency.invited
        after = int(response * invited[group])
        agree = after // 2 - before // 2
        found[str(place)] = agree, after - before - agree
    return found


@cache
def _bank() -> Bank:
    """One question with two options."""
    return Bank.model_validate(
        {
            "bank": "forecast",
            "version": "1.0",
            "title": "Forecast",
            "kind": "practitioner",
            "signpost_word": "signpost",
            "purpose": "what could be shown",
            "notes": "Never asked.",
            "scales": [
                {
                    "code": "two",
                    "title": "Yes or no",
                    "options": [
                        {"code": "yes", "label": "Yes", "kind": "favourable"},
                        {"code": "no", "label": "No", "kind": "unfavourable"},
                    ],
                }
            ],
            "signposts": [
                {
                    "code": "all",
                    "title": "All",
                    "summary": "All.",
                    "topics": [
                        {
                            "code": "all_of_it",
                            "title": "All",
                            "subject": "all of it",
                            "enquiries": [{"test": "All", "ask": "All", "documents": "All"}],
                            "questions": [
                                {
                                    "type": "scale",
                                    "code": "one",
                                    "text": "Yes or no?",
                                    "scale": "two",
                                }
                            ],
                        }
                    ],
                }
            ],
        }
    )
