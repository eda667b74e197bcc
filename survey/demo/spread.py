"""How the demo's respondents answer: shares by question, drawn with a seed.

The spread is of the kind that published questionnaires of safeguarding partnerships report: easy
agreement with one's own practice, less with what others do, much "don't know" about joint audits.
Two questions have an exact number of favourable answers in each agency: enough data to judge
performance (30 of 50 people) and staff outside specialist roles knowing what to do (12 of 50).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from question_banks.bank import Bank, Level, OptionKind, ScaleQuestion
from survey.demo.cast import Persona

ATTITUDE_WEIGHT = 0.6
"""How much of an answer is the person and not the question; the rest of the variance is chance."""
STRONGLY = 0.3
"""Share of the favourable, and of the unfavourable, that choose the strongest word."""

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Spread:
    """Expected shares of one question.

    `council` and `partners` are favourable shares of those who answer on the scale, `leaders` is
    added for strategic staff and half of it taken from frontline staff, `neutral` is the share of
    the rest that takes the middle, `dont_know` and `not_applicable` are shares of everybody.
    """

    council: float
    partners: float
    leaders: float = 0.0
    neutral: float = 0.4
    dont_know: float = 0.04
    not_applicable: float = 0.0

    def favourable(self, persona: Persona) -> float:
        """The favourable share expected of people like this one."""
        share = self.council if persona.is_council else self.partners
        if persona.level is Level.STRATEGIC:
            share += self.leaders
        elif persona.level is Level.FRONTLINE:
            share -= self.leaders / 2
        return min(0.97, max(0.03, share))


CLOSED_ROUND: Mapping[str, Spread] = {
    "lp_procedures_to_hand": Spread(0.90, 0.82),
    "lp_changes_reach_me": Spread(0.62, 0.55),
    "lp_threshold_same": Spread(0.18, 0.36, neutral=0.25),
    "lp_information_sharing_clear": Spread(0.60, 0.52),
    "lp_safer_recruitment": Spread(0.94, 0.92),
    "lp_statutory_roles_filled": Spread(0.90, 0.82),
    "lac_shared_direction": Spread(0.72, 0.60, leaders=0.20),
    "lac_accountability_clear": Spread(0.66, 0.58, leaders=0.12),
    "lac_own_responsibility": Spread(0.14, 0.84, neutral=0.25),
    "lac_leaders_know_practice": Spread(0.42, 0.52),
    "lac_problems_reach_me": Spread(0.70, 0.66),
    "lac_challenge_safe": Spread(0.62, 0.60, leaders=0.34),
    "cc_workload_manageable": Spread(0.16, 0.34, neutral=0.2),
    "cc_supervision_helps": Spread(0.58, 0.54),
    "cc_joint_spending": Spread(0.30, 0.28),
    "cc_induction_covers_safeguarding": Spread(0.44, 0.40),
    "ep_early_help_consistent": Spread(0.60, 0.50),
    "ep_children_heard": Spread(0.84, 0.76),
    "ep_hidden_harm": Spread(0.90, 0.84),
    "ep_transitions": Spread(0.25, 0.30, dont_know=0.12),
    "ep_referrals_complete": Spread(0.34, 0.66, not_applicable=0.06),
    "ep_referrers_told": Spread(0.55, 0.20, not_applicable=0.10),
    "ep_conferences_attended": Spread(0.78, 0.74, not_applicable=0.10),
    "ep_joint_investigations": Spread(0.80, 0.78, not_applicable=0.16),
    "pem_data_shared": Spread(0.48, 0.42, dont_know=0.26),
    "pem_audit_acted_on": Spread(0.62, 0.50, dont_know=0.50),
    "pem_feedback_changes_services": Spread(0.60, 0.48, leaders=0.20),
    "pem_recommendations_followed": Spread(0.68, 0.60),
    "wt_board_challenges": Spread(0.52, 0.50),
    "wt_board_work_known": Spread(0.24, 0.22),
    "wt_lessons_reach_me": Spread(0.52, 0.44),
    "wt_schools_engaged": Spread(0.52, 0.44, dont_know=0.12),
    "wt_voluntary_involved": Spread(0.64, 0.44, dont_know=0.10),
    "wt_escalation_used": Spread(0.60, 0.46),
}

EXACT: Mapping[str, Mapping[str, int]] = {
    "pem_enough_data": {
        "social_care": 9,
        "early_help": 4,
        "community_health": 6,
        "mental_health": 3,
        "police": 4,
        "family_charity": 3,
        "young_carers": 1,
    },
    "cc_non_specialists_know": {
        "social_care": 4,
        "early_help": 1,
        "community_health": 2,
        "mental_health": 1,
        "police": 2,
        "family_charity": 1,
        "young_carers": 1,
    },
    "cc_multi_agency_training": {
        "social_care": 3,
        "early_help": 1,
        "community_health": 8,
        "mental_health": 4,
        "police": 5,
        "family_charity": 3,
        "young_carers": 1,
    },
    "t12_wt_multi_agency_training": {
        "social_care": 3,
        "early_help": 1,
        "community_health": 32,
        "mental_health": 24,
        "police": 20,
        "family_charity": 18,
        "young_carers": 5,
    },
}
"""Favourable answers of each agency to the questions whose result is known beforehand.

On joint training every agency answers alike in both of its rounds; only who answers differs.
"""

OPEN_ROUND: Mapping[str, Spread] = {
    **CLOSED_ROUND,
    "pem_enough_data": Spread(0.66, 0.62),
    "cc_non_specialists_know": Spread(0.45, 0.40),
    "cc_multi_agency_training": Spread(0.60, 0.54),
}


def draw_answers(
    bank: Bank, people: Sequence[Persona], *, spreads: Mapping[str, Spread], seed: int
) -> list[dict[str, str]]:
    """An option code for every scale question of the bank that each person is asked.

    The same arguments give the same answers.
    """
    given: list[dict[str, str]] = [{} for _ in people]
    for question in bank.questions():
        if not isinstance(question, ScaleQuestion):
            continue
        chance = random.Random(f"{question.code} {seed}")  # noqa: S311  # invented answers
        scores = [_score(person, chance) for person in people]
        exact = EXACT.get(question.code) if question.code not in spreads else None
        chosen = _exactly(people, scores, exact) if exact is not None else None
        for place, person in enumerate(people):
            if person.level not in question.audience:
                continue
            if chosen is not None:
                kind = _off_favourable(0.4, chance) if place not in chosen else None
                picked = kind or OptionKind.FAVOURABLE
            else:
                picked = _kind(person, scores[place], spreads[question.code], chance)
            given[place][question.code] = _option(bank, question, picked, chance)
    return given


def _score(person: Persona, chance: random.Random) -> float:
    """Where a person stands on one question: a standard normal, part person and part chance."""
    by_chance = chance.gauss(0, 1)
    return ATTITUDE_WEIGHT * person.attitude + math.sqrt(1 - ATTITUDE_WEIGHT**2) * by_chance


def _exactly(
    people: Sequence[Persona], scores: Sequence[float], exact: Mapping[str, int]
) -> set[int]:
    """The places of those who answer favourably: of each agency its highest scores."""
    chosen: set[int] = set()
    for key, count in exact.items():
        places = [place for place, person in enumerate(people) if person.agency.key == key]
        chosen.update(sorted(places, key=lambda place: -scores[place])[:count])
    return chosen


def _kind(person: Persona, score: float, spread: Spread, chance: random.Random) -> OptionKind:
    off_scale = chance.random()
    if off_scale < spread.not_applicable:
        return OptionKind.NOT_APPLICABLE
    if off_scale < spread.not_applicable + spread.dont_know:
        return OptionKind.DONT_KNOW
    if score > _NORMAL.inv_cdf(1 - spread.favourable(person)):
        return OptionKind.FAVOURABLE
    return _off_favourable(spread.neutral, chance)


def _off_favourable(neutral: float, chance: random.Random) -> OptionKind:
    return OptionKind.NEUTRAL if chance.random() < neutral else OptionKind.UNFAVOURABLE


def _option(bank: Bank, question: ScaleQuestion, kind: OptionKind, chance: random.Random) -> str:
    """One of the scale's options of that kind; the strongest word is the rarer one."""
    options = [option for option in bank.scale_of(question).options if option.kind is kind]
    if len(options) == 1:
        return options[0].code
    strongest, mildest = (0, 1) if kind is OptionKind.FAVOURABLE else (-1, 0)
    return options[strongest if chance.random() < STRONGLY else mildest].code
