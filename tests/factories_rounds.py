"""Rounds to compare, each stating only what its test is about. Every agency is invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.rounds import RoundForComparison
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from analysis.tally import Tally
from question_banks.bank import Bank, OptionKind, ScaleQuestion, Sector
from tests.factories_tally import Answers, make_bank, make_tally

SECTORS: dict[str, Sector] = {
    "Council": Sector.CHILDRENS_SOCIAL_CARE,
    "Early help": Sector.EARLY_HELP,
    "Police": Sector.POLICE,
    "Probation": Sector.PROBATION,
    "Hospital": Sector.NHS_ACUTE,
    "Community nurses": Sector.NHS_COMMUNITY,
    "Schools": Sector.SCHOOLS,
    "Nurseries": Sector.EARLY_YEARS,
    "Charity": Sector.VOLUNTARY,
    "Housing": Sector.HOUSING,
}

Said = Mapping[str, tuple[int, int]]
"""Agency to favourable and base; everybody else is unfavourable."""


def tally_of(
    said: Said | Mapping[str, Said],
    bank: Bank | None = None,
    *,
    invited: Mapping[str, int] | None = None,
) -> Tally:
    """A tally of one question, or of several by code, of frontline practitioners."""
    bank = bank or make_bank()
    by_question: dict[str, dict[str, tuple[int, int]]] = {}
    for key, value in said.items():
        if isinstance(value, tuple):
            by_question.setdefault("q_one", {})[key] = value
        else:
            by_question[key] = dict(value)
    agencies = sorted({agency for held in by_question.values() for agency in held})
    numbers: dict[str | tuple[str, str], int] = {}
    for agency, number in (invited or {}).items():
        numbers[agency] = number
    return make_tally(
        bank,
        [
            (
                agency,
                SECTORS[agency],
                "frontline",
                {
                    code: _answers(bank, code, held[agency])
                    for code, held in by_question.items()
                    if agency in held
                },
            )
            for agency in agencies
        ],
        invited=numbers,
    )


def _answers(bank: Bank, code: str, counts: tuple[int, int]) -> Answers:
    """Favourable and unfavourable people, on the question's own scale."""
    question = bank.by_code[code]
    assert isinstance(question, ScaleQuestion)
    options = bank.scale_of(question).options
    agree = [option.code for option in options if option.kind is OptionKind.FAVOURABLE][-1]
    disagree = next(option.code for option in options if option.kind is OptionKind.UNFAVOURABLE)
    favourable, base = counts
    said: dict[str | None, int] = {agree: favourable, disagree: base - favourable}
    return {option: n for option, n in said.items() if n}


def make_compared_round(
    said: Said | Mapping[str, Said],
    *,
    title: str = "Round",
    bank: Bank | None = None,
    settings: AnalysisSettings | None = None,
    invited: Mapping[str, int] | None = None,
    **changes: Any,
) -> RoundForComparison:
    """A round with its summary."""
    bank = bank or make_bank()
    settings = settings or AnalysisSettings()
    tally = tally_of(said, bank, invited=invited)
    return RoundForComparison(
        title=title,
        tally=tally,
        bank=bank,
        settings=settings,
        summary=summarise(tally, bank, settings=settings, source="test"),
        **changes,
    )


CHANGED_MIX_BEFORE: Said = {
    "Council": (64, 80),
    "Early help": (32, 40),
    "Police": (8, 20),
    "Hospital": (12, 30),
    "Schools": (8, 20),
    "Charity": (4, 10),
}
"""Council four fifths positive, partners two fifths; most who answered are of the council."""
CHANGED_MIX_AFTER: Said = {
    "Council": (24, 30),
    "Early help": (16, 20),
    "Police": (16, 40),
    "Hospital": (24, 60),
    "Schools": (16, 40),
    "Charity": (8, 20),
}
"""Every agency as positive as before; most who answered are partners."""


def changed_mix() -> tuple[RoundForComparison, RoundForComparison]:
    """A fall of everybody's share while each agency answers exactly as before."""
    return (
        make_compared_round(CHANGED_MIX_BEFORE, title="Baseline"),
        make_compared_round(CHANGED_MIX_AFTER, title="Follow-up"),
    )
