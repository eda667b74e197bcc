"""Loading what an administrator's pages about people show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from survey.actions.people import ROLE_WORDS, Given, held_words
from survey.data import accounts, programmes, teams
from survey.data.accounts import Person, Role
from survey.extensions import db
from survey.web.round_pages import page_asked

PAGE_SIZE = 50
DONE = {
    "invited": "An invitation is on its way by e-mail. The link in it works once, for 7 days.",
    "known": "This person has an account already and can use it for this from now on.",
    "renamed": "The name has been changed.",
    "given": "The role has been given. It counts at once.",
    "taken": "The role has been taken away. It counts at once.",
    "deactivated": "The account is deactivated, and its owner is signed out everywhere.",
    "reactivated": "The account can be used again.",
    "reset": "The second factor has been removed, and its owner is signed out everywhere.",
}


@dataclass(frozen=True)
class PersonLine:
    """One person of the list."""

    id: str
    name: str
    email: str
    state: str
    tag: str
    roles: tuple[str, ...]
    has_second_factor: bool


@dataclass(frozen=True)
class PeoplePage:
    """One page of people, and the words they were looked for with."""

    words: str
    people: tuple[PersonLine, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True)
class HeldLine:
    """A role somebody holds."""

    id: str
    words: str


@dataclass(frozen=True)
class PersonPage:
    """One account and what may be done with it."""

    person: PersonLine
    held: tuple[HeldLine, ...]
    choices: tuple[tuple[str, str], ...]
    is_self: bool
    is_invited: bool
    is_deactivated: bool


def people_page(asked: Mapping[str, str]) -> PeoplePage:
    """One page of the people whose name or address holds the words asked for."""
    session = db.session()
    words = asked.get("words", "").strip()[:100]
    total = accounts.count_people(session, words=words)
    pages = max(1, math.ceil(total / PAGE_SIZE))
    number = min(page_asked(asked), pages)
    rows = accounts.list_people(
        session, words=words, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return PeoplePage(words, tuple(_line(row) for row in rows), total, number, pages)


def person_page(account_id: str, *, is_self: bool) -> PersonPage:
    """What the page of one account shows. Raises NotFound."""
    person = accounts.get_person(db.session(), account_id=account_id)
    return PersonPage(
        person=_line(person),
        held=tuple(HeldLine(one.id, _first_up(held_words(one))) for one in person.held),
        choices=role_choices(),
        is_self=is_self,
        is_invited=person.is_invited,
        is_deactivated=person.deactivated_at is not None,
    )


def role_choices() -> tuple[tuple[str, str], ...]:
    """Every role that can be given, with what for, as (value, words).

    Team members are invited from the roster of their review, by its manager.
    """
    session = db.session()
    councils = programmes.list_councils(session)
    found = [(Role.ADMINISTRATOR.value, "Administrator")]
    for role in (Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER, Role.REGIONAL_LEAD):
        found += [(f"{role}:council:{row.id}", _words(role, row.name)) for row in councils]
    found += [
        (f"{Role.REGIONAL_LEAD}:programme:{row.id}", _words(Role.REGIONAL_LEAD, row.name))
        for row in programmes.list_programmes(session)
    ]
    found += [
        (f"{Role.AGENCY_LEAD}:agency:{id_}", _words(Role.AGENCY_LEAD, name))
        for id_, name in teams.list_agencies(session)
    ]
    return tuple(found)


def given_of(choice: str) -> Given:
    """The role of a value of `role_choices`."""
    role, _, scope = choice.partition(":")
    kind, _, id_ = scope.partition(":")
    scopes = {f"{kind}_id": id_} if kind else {}
    return Given(Role(role), **scopes)


def _words(role: Role, of: str) -> str:
    return f"{_first_up(ROLE_WORDS[role])}, {of}"


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _line(person: Person) -> PersonLine:
    state, tag = "Active", "govuk-tag--green"
    if person.deactivated_at is not None:
        state, tag = "Deactivated", "govuk-tag--grey"
    elif person.is_invited:
        state, tag = "Invited", "govuk-tag--yellow"
    return PersonLine(
        id=person.id,
        name=person.name,
        email=person.email,
        state=state,
        tag=tag,
        roles=tuple(_first_up(held_words(one)) for one in person.held),
        has_second_factor=person.has_second_factor,
    )
