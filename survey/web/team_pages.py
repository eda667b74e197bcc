"""Loading what a review manager's pages about people show."""

from __future__ import annotations

from dataclasses import dataclass

from survey.actions.people import ROLE_WORDS
from survey.data import reviews, teams
from survey.data.accounts import Role
from survey.data.teams import OnTeam
from survey.extensions import db
from survey.web.account_forms import TeamForm
from survey.web.sign_in import require_account

DONE = {
    "invited": "An invitation is on its way by e-mail. The link in it works once, for 7 days.",
    "known": "This person has an account already and can use it for this from now on.",
    "taken": "The role has been taken away. It counts at once.",
    "added": "They are on the team. To let them read the findings, invite them below.",
    "changed": "The entry has been changed.",
    "removed": "They are no longer on the team, and can no longer read this review’s findings.",
}
TAKEN_BY_MANAGERS = frozenset({Role.COUNCIL_OFFICER, Role.AGENCY_LEAD})


@dataclass(frozen=True)
class CouncilNamed:
    """A council whose people are arranged."""

    id: str
    slug: str
    name: str


@dataclass(frozen=True)
class PersonLine:
    """Somebody with a role for the council."""

    membership_id: str
    name: str
    email: str
    role: str
    note: str
    can_be_taken: bool


@dataclass(frozen=True)
class TeamView:
    """The team of one review."""

    review_id: str
    title: str
    members: tuple[OnTeam, ...]


@dataclass(frozen=True)
class PeoplePage:
    """The people of a council."""

    council: CouncilNamed
    people: tuple[PersonLine, ...]
    teams: tuple[TeamView, ...]


@dataclass(frozen=True)
class MemberPage:
    """Somebody on a team."""

    council: CouncilNamed
    id: str
    review: str
    name: str
    email: str
    is_invited: bool
    may_read: bool
    form: TeamForm


def load(slug: str) -> CouncilNamed:
    """The council of that name, when the person signed in manages its reviews. Raises NotFound."""
    council = teams.get_council(db.session(), slug=slug, account_id=require_account().id)
    return CouncilNamed(council.id, council.slug, council.name)


def people_page(council: CouncilNamed) -> PeoplePage:
    """Who holds which role for a council, and who is on the teams of its reviews."""
    session = db.session()
    alone = {
        agency.id
        for agency in teams.list_registered(session, council_id=council.id)
        if not agency.serves_others
    }
    members = teams.list_teams(session, council_id=council.id)
    return PeoplePage(
        council=council,
        people=tuple(
            PersonLine(
                membership_id=one.membership_id,
                name=one.name,
                email=one.email,
                role=_role(one.role, one.of),
                note=_note(is_invited=one.is_invited, is_deactivated=one.is_deactivated),
                can_be_taken=one.role in TAKEN_BY_MANAGERS
                and (one.agency_id is None or one.agency_id in alone),
            )
            for one in teams.list_people(session, council_id=council.id)
        ),
        teams=tuple(
            TeamView(
                review_id=review.id,
                title=review.title,
                members=tuple(one for one in members if one.review_id == review.id),
            )
            for review in reviews.list_reviews(session, council_id=council.id)
        ),
    )


def member_page(council: CouncilNamed, member_id: str) -> MemberPage:
    """Somebody on the team of one of the council's reviews. Raises NotFound."""
    session = db.session()
    row = teams.get_team_member(session, member_id=member_id, council_id=council.id)
    review = teams.get_review(session, review_id=row.review_id, council_id=council.id)
    found = next(
        one for one in teams.list_teams(session, council_id=council.id) if one.id == member_id
    )
    return MemberPage(
        council=council,
        id=row.id,
        review=review.title,
        name=row.name,
        email=found.email,
        is_invited=found.is_invited,
        may_read=found.may_read,
        form=TeamForm(
            name=row.name,
            team_role=row.team_role,
            organisation=row.organisation,
            shadow=row.shadow,
            conflicts=row.conflicts,
        ),
    )


def role_choices(council: CouncilNamed) -> tuple[tuple[str, str], ...]:
    """What a manager may invite somebody as, as (value, words)."""
    registered = teams.list_registered(db.session(), council_id=council.id)
    return (
        ("officer", _role(Role.COUNCIL_OFFICER, council.name)),
        *(
            (f"agency:{agency.id}", _role(Role.AGENCY_LEAD, agency.name))
            for agency in registered
            if not agency.serves_others
        ),
    )


def agencies_of_several(council: CouncilNamed) -> tuple[str, ...]:
    """Agencies on the council's register whose lead an administrator invites."""
    registered = teams.list_registered(db.session(), council_id=council.id)
    return tuple(agency.name for agency in registered if agency.serves_others)


def _role(role: Role, of: str) -> str:
    words = ROLE_WORDS[role]
    return f"{words[:1].upper()}{words[1:]}{f', {of}' if of else ''}"


def _note(*, is_invited: bool, is_deactivated: bool) -> str:
    if is_deactivated:
        return "Deactivated"
    return "Invited" if is_invited else ""
