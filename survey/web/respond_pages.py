"""What the respondent's pages show, other than the questions themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from flask import url_for

from question_banks.answers import display
from question_banks.bank import (
    LEVEL_HINTS,
    LEVEL_TITLES,
    Bank,
    Level,
    LongTextQuestion,
    Question,
    in_language,
)
from question_banks.duration import minutes_to_answer
from question_banks.path import (
    State,
    first_incomplete,
    is_complete,
    pages,
    signpost_states,
)
from survey.data.invitations import InvitedPerson
from survey.web.question_form import Field, question_field

STATE_WORDS = {
    State.NOT_STARTED: "Not started",
    State.IN_PROGRESS: "In progress",
    State.DONE: "Done",
}


@dataclass(frozen=True)
class PersonPage:
    """What every page of an invitation knows."""

    public_id: str
    council: str
    agency: str
    round_title: str
    contact: str
    urgent_contact: str
    closes_at_utc: datetime


@dataclass(frozen=True)
class StartPage(PersonPage):
    """The start page and the sheet for an agency's own approval."""

    purpose: str
    signpost_word: str
    minutes: int
    questions: int
    checked_by: str
    next_url: str
    has_begun: bool


@dataclass(frozen=True)
class LevelChoice:
    """One level to choose."""

    value: str
    title: str
    hint: str
    is_chosen: bool


@dataclass(frozen=True)
class LevelPage(PersonPage):
    """The choice of level."""

    choices: tuple[LevelChoice, ...]
    error: bool
    has_begun: bool


@dataclass(frozen=True)
class HubRow:
    """A signpost and how far it has come."""

    title: str
    summary: str
    url: str
    state: str
    is_done: bool


@dataclass(frozen=True)
class HubPage(PersonPage):
    """The signposts and their state."""

    rows: tuple[HubRow, ...]
    signpost_word: str
    level_title: str
    done: int
    next_url: str
    all_done: bool


@dataclass(frozen=True)
class CheckRow:
    """A question and what was answered."""

    text: str
    answer: str
    is_blank: bool
    is_missing: bool
    change_url: str


@dataclass(frozen=True)
class CheckGroup:
    """A signpost's rows."""

    title: str
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True)
class CheckPage(PersonPage):
    """All the answers before they are sent."""

    groups: tuple[CheckGroup, ...]
    level_title: str
    has_comments: bool
    missing: int
    first_missing_url: str
    error: bool


@dataclass(frozen=True)
class SavedPage(PersonPage):
    """How to come back."""

    code: str
    code_address: str
    next_url: str


@dataclass(frozen=True)
class BlankPart:
    """One signpost on paper."""

    title: str
    summary: str
    topics: tuple[tuple[str, tuple[Field, ...]], ...]


@dataclass(frozen=True)
class BlankPage(PersonPage):
    """The questionnaire on paper."""

    parts: tuple[BlankPart, ...]
    level_title: str
    choices: tuple[LevelChoice, ...]
    large: bool


class _Known(TypedDict):
    """The fields of `PersonPage`, to begin any of its kind with."""

    public_id: str
    council: str
    agency: str
    round_title: str
    contact: str
    urgent_contact: str
    closes_at_utc: datetime


def _known(person: InvitedPerson) -> _Known:
    return {
        "public_id": person.public_id,
        "council": person.council,
        "agency": person.agency,
        "round_title": person.round_title,
        "contact": person.contact,
        "urgent_contact": person.urgent_contact,
        "closes_at_utc": person.closes_at_utc,
    }


def person_page(person: InvitedPerson) -> PersonPage:
    """The least a page of an invitation shows."""
    return PersonPage(**_known(person))


def start_page(person: InvitedPerson, bank: Bank) -> StartPage:
    """The start page. The time and the number of questions are worked out from the bank."""
    level = Level(person.level) if person.level else None
    each = [level] if level else list(Level)
    numbers = [
        sum(len(page.questions) for page in pages(bank, level=one, answers={})) for one in each
    ]
    return StartPage(
        **_known(person),
        purpose=in_language(bank.purpose),
        signpost_word=bank.signpost_word,
        minutes=max(minutes_to_answer(bank, one) for one in each),
        questions=max(numbers),
        checked_by=person.comments_checked_by,
        next_url=url_for(
            "respond.signposts" if level else "respond.level", public_id=person.public_id
        ),
        has_begun=level is not None,
    )


def _levels(chosen: str | None) -> tuple[LevelChoice, ...]:
    return tuple(
        LevelChoice(
            value=level,
            title=LEVEL_TITLES[level],
            hint=LEVEL_HINTS[level],
            is_chosen=level == chosen,
        )
        for level in Level
    )


def level_page(person: InvitedPerson, *, error: bool = False) -> LevelPage:
    """The choice of level."""
    return LevelPage(
        **_known(person),
        choices=_levels(person.level),
        error=error,
        has_begun=person.level is not None,
    )


def _level_of(person: InvitedPerson) -> Level:
    return Level(person.level) if person.level else Level.OTHER


def hub_page(person: InvitedPerson, bank: Bank) -> HubPage:
    """The hub: one row per signpost, and one for the closing prompts."""
    level = _level_of(person)
    path = pages(bank, level=level, answers=person.answers)
    incomplete = first_incomplete(path, person.answers)
    rows = []
    for progress in signpost_states(path, person.answers):
        signpost = progress.signpost
        rows.append(
            HubRow(
                title=in_language(signpost.title) if signpost else "Before you finish",
                summary=in_language(signpost.summary)
                if signpost
                else "What works well, and what should be considered",
                url=url_for("respond.page", public_id=person.public_id, key=progress.resume.key),
                state=STATE_WORDS[progress.state],
                is_done=progress.state is State.DONE,
            )
        )
    return HubPage(
        **_known(person),
        rows=tuple(rows),
        signpost_word=bank.signpost_word,
        level_title=LEVEL_TITLES[level],
        done=sum(row.is_done for row in rows),
        next_url=url_for("respond.page", public_id=person.public_id, key=incomplete.key)
        if incomplete
        else url_for("respond.check", public_id=person.public_id),
        all_done=incomplete is None,
    )


def check_page(person: InvitedPerson, bank: Bank, *, error: bool = False) -> CheckPage:
    """Every answer on the path, with a way to change it. Answers off the path are not shown."""
    level = _level_of(person)
    path = pages(bank, level=level, answers=person.answers)
    groups: dict[str, list[CheckRow]] = {}
    for page in path:
        title = in_language(page.signpost.title) if page.signpost else "Before you finish"
        done = is_complete(page, person.answers)
        for question in page.questions:
            value = person.answers.get(question.code)
            is_missing = not done and (
                question.code not in person.answers or (question.required and value is None)
            )
            groups.setdefault(title, []).append(
                CheckRow(
                    text=in_language(question.text),
                    answer=display(bank, question, value) if value is not None else "",
                    is_blank=value is None,
                    is_missing=is_missing,
                    change_url=url_for(
                        "respond.page",
                        public_id=person.public_id,
                        key=page.key,
                        came_from="check",
                        _anchor=question.code,
                    ),
                )
            )
    incomplete = first_incomplete(path, person.answers)
    return CheckPage(
        **_known(person),
        groups=tuple(CheckGroup(title=title, rows=tuple(rows)) for title, rows in groups.items()),
        level_title=LEVEL_TITLES[level],
        has_comments=any(
            isinstance(question, LongTextQuestion) and person.answers.get(question.code)
            for page in path
            for question in page.questions
        ),
        missing=sum(row.is_missing for rows in groups.values() for row in rows),
        first_missing_url=url_for("respond.page", public_id=person.public_id, key=incomplete.key)
        if incomplete
        else "",
        error=error,
    )


def saved_page(person: InvitedPerson, *, code: str, base_url: str) -> SavedPage:
    """How to come back: the link, or the code. The address is the installation's own: what the
    browser says about it (the Host header) could be anything.
    """
    return SavedPage(
        **_known(person),
        code=code,
        code_address=f"{base_url}{url_for('public.code')}",
        next_url=url_for("respond.signposts", public_id=person.public_id),
    )


def blank_parts(bank: Bank, level: Level | None) -> tuple[BlankPart, ...]:
    """Every question asked of a level (of anybody, without one), as fields with nothing in them."""
    parts = []
    for signpost in bank.signposts:
        topics = [
            (in_language(topic.title), _fields(bank, topic.questions, level))
            for topic in signpost.topics
        ]
        if signpost.comment is not None:
            topics.append(("", _fields(bank, [signpost.comment], level)))
        asked = tuple((title, fields) for title, fields in topics if fields)
        if asked:
            parts.append(
                BlankPart(
                    title=in_language(signpost.title),
                    summary=in_language(signpost.summary),
                    topics=asked,
                )
            )
    closing = _fields(bank, bank.closing, level)
    if closing:
        parts.append(BlankPart(title="Before you finish", summary="", topics=(("", closing),)))
    return tuple(parts)


def _fields(bank: Bank, questions: Sequence[Question], level: Level | None) -> tuple[Field, ...]:
    return tuple(
        question_field(bank, question, answers={})
        for question in questions
        if level is None or level in question.audience
    )


def blank_page(person: InvitedPerson, bank: Bank, *, level: Level | None, large: bool) -> BlankPage:
    """The questionnaire on paper, for a level or for every level."""
    return BlankPage(
        **_known(person),
        parts=blank_parts(bank, level),
        level_title=LEVEL_TITLES[level] if level else "",
        choices=_levels(level),
        large=large,
    )
