"""A round of the usual size for tests: seven agencies that answer, schools that do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy.orm import Session

from analysis.comments import flag
from question_banks.bank import Bank, Level, LongTextQuestion, ScaleQuestion, Sector
from question_banks.loader import load_bank
from survey.data.models import Agency, Comment, Council, InvitedAgency, Round
from survey.data.responses import add_participation, add_response
from tests import factories

AGENCIES: tuple[tuple[str, Sector, int, int], ...] = (
    ("Wexmoor Children’s Social Care", Sector.CHILDRENS_SOCIAL_CARE, 20, 15),
    ("Wexmoor Early Help", Sector.EARLY_HELP, 6, 4),
    ("Tarn Valley Police", Sector.POLICE, 14, 13),
    ("Tarn Valley Community Health", Sector.NHS_COMMUNITY, 8, 7),
    ("Wexmoor General Hospital", Sector.NHS_ACUTE, 6, 5),
    ("Wexmoor Family Centre", Sector.VOLUNTARY, 4, 4),
    ("Tarn Valley Probation", Sector.PROBATION, 2, 2),
    ("Wexmoor schools", Sector.SCHOOLS, 30, 0),
)
"""Name, sector, invited, answered: 90 invited and 50 answers."""

LEVELS = (Level.STRATEGIC, Level.FRONTLINE, Level.FRONTLINE, Level.OPERATIONAL)


@dataclass(frozen=True)
class FilledRound:
    """A round with its council, its bank and its agencies by name."""

    round: Round
    council: Council
    bank: Bank
    agencies: Mapping[str, InvitedAgency]

    def url(self, end: str = "") -> str:
        """The address of one of the round's pages for managers."""
        return f"/manage/{self.round.slug}{end}"


def fill_round(
    session: Session,
    *,
    council: Council | None = None,
    slug: str = "autumn",
    agencies: Sequence[tuple[str, Sector, int, int]] = AGENCIES,
    comments: Sequence[str] = (),
    links: bool = False,
) -> FilledRound:
    """A round open at NOW with answers sent in; with `links`, each from a personal invitation.

    Favourable answers are three in five, fewer on every third question. Each comment stands under
    the next signpost and comes from the first agency.
    """
    bank = load_bank("safeguarding_children_2010")
    council = council or factories.make_council(session, slug=f"wexmoor-{slug}")
    round_ = factories.make_round(session, council=council, bank=bank, slug=slug)
    chance = Random(slug)
    places = {}
    for name, sector, invited, answered in agencies:
        title = name if slug == "autumn" else f"{name} ({slug})"
        place = factories.make_invited_agency(
            session, round_, name=title, sector=sector, invited=invited
        )
        places[name] = place
        for number in range(answered):
            answer(session, round_, bank, place, level=LEVELS[number % 4], chance=chance)
            if links:
                invitation = factories.make_invitation(session, place)
                add_participation(session, invitation.id)
    if comments:
        place = places[agencies[0][0]]
        asked = [signpost.comment for signpost in bank.signposts if signpost.comment]
        for number, text in enumerate(comments):
            add_comment(session, round_, place, asked[number % len(asked)].code, text)
    session.commit()
    return FilledRound(round_, council, bank, places)


def answer(
    session: Session,
    round_: Round,
    bank: Bank,
    place: InvitedAgency,
    *,
    level: Level = Level.FRONTLINE,
    chance: Random | None = None,
) -> None:
    """One response to every question on a scale that its level is asked."""
    chance = chance or Random(place.id)
    answers: dict[str, str | None] = {}
    scales = [question for question in bank.questions() if isinstance(question, ScaleQuestion)]
    for number, question in enumerate(scales):
        if level not in question.audience:
            continue
        options = [option.code for option in bank.scale_of(question).options]
        favourable = 0.24 if number % 3 == 2 else 0.6
        place_of_answer = chance.random()
        if place_of_answer < favourable:
            answers[question.code] = chance.choice(options[:2])
        elif place_of_answer > 0.97:
            answers[question.code] = None
        else:
            answers[question.code] = chance.choice(options[2:])
    add_response(
        session,
        round_id=round_.id,
        agency_id=place.agency_id,
        level=level,
        answers=answers,
        comments=[],
    )


def add_comment(
    session: Session,
    round_: Round,
    place: InvitedAgency,
    question: str,
    text: str,
    *,
    quotable: bool = True,
) -> None:
    """One comment, flagged as submission flags it."""
    kinds = sorted({found.kind for found in flag(text)})
    session.add(
        Comment(
            round_id=round_.id,
            agency_id=place.agency_id,
            question=question,
            text=text,
            quotable=quotable,
            flags=",".join(kinds),
        )
    )
    session.flush()


def closing_prompt(bank: Bank) -> LongTextQuestion:
    """The first prompt on the last page."""
    return bank.closing[0]


def agency_of(session: Session, place: InvitedAgency) -> Agency:
    """The agency invited."""
    agency = session.get(Agency, place.agency_id)
    assert agency is not None
    return agency
