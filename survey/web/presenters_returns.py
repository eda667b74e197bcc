"""What the front pages of an agency return show: the list, and one return with what is to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from question_banks.answers import display
from question_banks.bank import Bank, Question, in_language
from question_banks.path import Page
from survey.actions.returns import Answered
from survey.actions.returns_missing import Lack, Missing, list_missing
from survey.actions.returns_path import (
    Section,
    count_answered,
    is_settled,
)
from survey.actions.returns_signing import may_sign
from survey.data.returns import (
    EventOfReturn,
    Marking,
    ReturnEventKind,
    ReturnItem,
    ReturnState,
    RoundToAnswer,
)
from survey.data.returns_versions import HeldAnswer, StoredVersion
from survey.web.presenting import date_time
from survey.web.returns_actor import Actor

Key = tuple[str | None, str]


@dataclass(frozen=True)
class ReturnHead:
    """What every page of a return shows: whose it is, its marking, and how far it has come."""

    title: str
    agency: str
    marking: Marking
    state: str
    state_colour: str
    is_lead: bool
    may_write: bool
    urgent_contact: str
    overview: str


@dataclass(frozen=True)
class DueRound:
    """A round the return is given to, and until when."""

    council: str
    title: str
    due: str
    note: str


@dataclass(frozen=True)
class PageRow:
    """One page of questions in the overview."""

    id: str
    title: str
    url: str
    state: str
    colour: str
    """The colour of the tag, or "" where the state is plain text."""
    notes: str


@dataclass(frozen=True)
class SectionRows:
    """A section of the overview."""

    id: str
    code: str
    title: str
    summary: str
    rows: tuple[PageRow, ...]


@dataclass(frozen=True)
class LateText:
    """What somebody had written when their part ended, or it could not be saved for another reason:
    waiting for a choice."""

    title: str
    who: str
    url: str


@dataclass(frozen=True)
class Overview:
    """The front page of a return."""

    head: ReturnHead
    as_at: str
    rounds: tuple[DueRound, ...]
    sections: tuple[SectionRows, ...]
    waiting: tuple[LateText, ...]
    missing: int
    open_notes: int
    events: tuple[EventRow, ...]
    can_submit: bool
    can_sign: bool
    waits_for_another: bool
    can_send_back: bool
    reason: str
    """Why it was sent back, while that is the last thing that happened."""
    sent_back_by: str


@dataclass(frozen=True)
class EventRow:
    """Something that happened to a return, in words."""

    text: str
    when: str
    reason: str


@dataclass(frozen=True)
class ReturnCard:
    """A return in the list of an agency lead."""

    title: str
    agency: str
    councils: str
    due: str
    state: str
    colour: str
    url: str
    """Where it goes on; "" for one that has not begun."""
    round_id: str
    """The round for which it can be begun; "" otherwise."""
    agency_id: str
    give_url: str = ""
    """Where a return that was begun for another council can be given to this round as well."""


STATE_WORDS = {
    ReturnState.WRITING: ("Being written", "light-blue"),
    ReturnState.SUBMITTED: ("Waiting to be signed", "yellow"),
    ReturnState.SIGNED: ("Signed", "green"),
}


def head_of(actor: Actor, bank: Bank, *, now: datetime) -> ReturnHead:
    """What stands at the top of every page of a return."""
    item = actor.item
    words, colour = _state(item, now)
    return ReturnHead(
        title=in_language(bank.title),
        agency=item.agency,
        marking=item.marking,
        state=words,
        state_colour=colour,
        is_lead=actor.is_lead,
        may_write=item.may_be_written(now),
        urgent_contact=item.rounds[0].urgent_contact if item.rounds else "",
        overview=actor.url("overview"),
    )


def _state(item: ReturnItem, now: datetime) -> tuple[str, str]:
    if item.state is ReturnState.WRITING and not item.may_be_written(now):
        opens = any(now < round_.opens_at for round_ in item.rounds)
        return ("Not open yet", "grey") if opens else ("Time is over", "orange")
    return STATE_WORDS[item.state]


def cards(
    items: Sequence[ReturnItem],
    asked: Sequence[RoundToAnswer],
    *,
    titles: Mapping[str, str],
    urls: Mapping[str, str],
    gives: Mapping[tuple[str, str], str],
    now: datetime,
) -> tuple[ReturnCard, ...]:
    """The list of an agency lead: rounds that wait for a return, then the returns begun.

    `titles` are the banks' titles by bank, `urls` the returns' addresses by id, `gives` where a
    return begun for another council is given to a round of an agency as well.
    """
    waiting = [
        ReturnCard(
            title=titles[one.bank_id],
            agency=one.agency,
            councils=f"{one.round.council}: {one.round.title}",
            due=_due(one.round.answers_until, now=now),
            state="Not started",
            colour="blue",
            url="",
            round_id=one.round.round_id,
            agency_id=one.agency_id,
            give_url=gives.get((one.round.round_id, one.agency_id), ""),
        )
        for one in asked
        if one.return_id is None and one.round.takes_answers(now)
    ]
    begun = []
    for item in items:
        words, colour = _state(item, now)
        until = _next_due(item, now)
        begun.append(
            ReturnCard(
                title=titles[item.bank_id],
                agency=item.agency,
                councils=", ".join(f"{one.council}: {one.title}" for one in item.rounds),
                due=_due(until, now=now) if until and item.state is ReturnState.WRITING else "",
                state=words,
                colour=colour,
                url=urls[item.id],
                round_id="",
                agency_id=item.agency_id,
            )
        )
    return (*waiting, *begun)


def _next_due(item: ReturnItem, now: datetime) -> datetime | None:
    """When the first council that still takes answers must have a return; else the last day."""
    open_ones = [one.answers_until for one in item.rounds if one.takes_answers(now)]
    if open_ones:
        return min(open_ones)
    return max((one.answers_until for one in item.rounds), default=None)


def _due(until: datetime, *, now: datetime) -> str:
    days = (until - now).days
    if now >= until:
        return f"Was due by {date_time(until)}"
    left = (
        "less than a day left" if days == 0 else "1 day left" if days == 1 else f"{days} days left"
    )
    return f"Due by {date_time(until)} ({left})"


def due_rounds(item: ReturnItem, *, now: datetime) -> tuple[DueRound, ...]:
    """The rounds a return is given to, with when each must have it."""
    found = []
    for one in item.rounds:
        note = ""
        if one.withdrawn_at is not None:
            note = "The council has withdrawn this round."
        elif one.closed_at is not None:
            note = "This round is closed."
        elif one.extended_to is not None and one.extended_to > one.closes_at:
            note = f"Extended for you; others had until {date_time(one.closes_at)}."
        found.append(DueRound(one.council, one.title, _due(one.answers_until, now=now), note))
    return tuple(found)


def missing_in(
    answered: Answered, held: Collection[HeldAnswer], sections: Sequence[Section]
) -> list[Missing]:
    """What is missing in some sections of a return."""
    return list_missing(
        sections,
        answers={part.round_id: answered.answers(part.round_id) for part in answered.parts},
        held={(one.round_id, one.question) for one in held},
        carried={key for key, one in answered.newest.items() if one.carried_from is not None},
    )


LACK_WORDS = {
    Lack.ANSWER: "not answered",
    Lack.CHOICE: "two answers, choose one",
    Lack.CONFIRMATION: "from the last return, not confirmed",
}


def overview(
    actor: Actor,
    answered: Answered,
    *,
    held: Sequence[HeldAnswer],
    notes: Mapping[Key, int],
    events: Sequence[EventOfReturn],
    now: datetime,
) -> Overview:
    """The front page: what there is to do, section by section."""
    item, bank = actor.item, answered.parts[0].bank
    readable = actor.readable(answered)
    missing = missing_in(answered, held, readable)
    lacking: dict[tuple[str, str], list[Missing]] = {}
    for one in missing:
        lacking.setdefault((one.section.code, one.page.key), []).append(one)
    last = events[-1]
    sent_back = last.kind is ReturnEventKind.SENT_BACK
    signable = item.state is ReturnState.SUBMITTED and item.may_be_signed(now)
    own = may_sign(item, writer=actor.writer)
    return Overview(
        head=head_of(actor, bank, now=now),
        as_at=day_of(item),
        rounds=due_rounds(item, now=now),
        sections=tuple(
            SectionRows(
                id=f"section-{place}",
                code=section.code,
                title=section.title,
                summary=section.summary,
                rows=tuple(
                    _page_row(
                        actor,
                        section,
                        page,
                        answered=answered,
                        lacks=lacking.get((section.code, page.key), []),
                        notes=notes,
                    )
                    for page in section.pages
                ),
            )
            for place, section in enumerate(readable, start=1)
        ),
        waiting=_waiting(actor, answered, held, readable),
        missing=len(missing),
        open_notes=sum(_notes_of(section, notes) for section in readable),
        events=event_rows(events),
        can_submit=actor.is_lead and item.may_be_written(now),
        can_sign=actor.is_signer and signable and own,
        waits_for_another=actor.is_lead and signable and not own,
        can_send_back=actor.is_signer
        and item.state is not ReturnState.WRITING
        and item.may_be_signed(now),
        reason=last.reason if sent_back else "",
        sent_back_by=last.name if sent_back else "",
    )


def day_of(item: ReturnItem) -> str:
    if item.as_at is None:
        return ""
    return f"{item.as_at.day} {item.as_at:%B %Y}"


def _notes_of(section: Section, notes: Mapping[Key, int]) -> int:
    return sum(
        notes.get((section.round_id, question.code), 0)
        for page in section.pages
        for question in page.questions
    )


def _waiting(
    actor: Actor,
    answered: Answered,
    held: Sequence[HeldAnswer],
    readable: Sequence[Section],
) -> tuple[LateText, ...]:
    places = {
        (section.round_id, question.code): (section, question)
        for section in readable
        for page in section.pages
        for question in page.questions
    }
    found = []
    for one in held:
        place = places.get((one.round_id, one.question))
        if place is None and not actor.is_lead:
            continue
        bank = answered.part(one.round_id).bank
        question = bank.by_code.get(one.question)
        if question is None:
            continue
        found.append(
            LateText(
                title=in_language(question.short or question.text),
                who=one.name,
                url=actor.url("choose", held_id=one.id),
            )
        )
    return tuple(found)


def title_of(page: Page) -> str:
    """What a page of questions is called."""
    return in_language(page.topic.title) if page.topic else "Before you finish"


def _page_row(
    actor: Actor,
    section: Section,
    page: Page,
    *,
    answered: Answered,
    lacks: Sequence[Missing],
    notes: Mapping[Key, int],
) -> PageRow:
    answers = answered.answers(section.round_id)
    asked, said = len(page.questions), count_answered([page], answers)
    open_notes = sum(notes.get((section.round_id, one.code), 0) for one in page.questions)
    kinds = {one.lack for one in lacks}
    if Lack.CHOICE in kinds and actor.item.state is not ReturnState.WRITING:
        state, colour = "Late answer", "grey"
    elif Lack.CHOICE in kinds:
        state, colour = "Two answers", "red"
    elif Lack.CONFIRMATION in kinds:
        state, colour = "To confirm", "purple"
    elif said == 0 and (lacks or not all(is_settled(one, answers) for one in page.questions)):
        state, colour = "Not started", "blue"
    elif lacks:
        state, colour = f"{said} of {asked} answered", "light-blue"
    elif said == 0:
        state, colour = "Optional", "grey"
    else:
        state, colour = "Complete", ""
    return PageRow(
        id=f"{section.code}-{page.key}",
        title=title_of(page),
        url=actor.url("page", section=section.code, key=page.key),
        state=state,
        colour=colour,
        notes=""
        if not open_notes
        else "1 open note"
        if open_notes == 1
        else f"{open_notes} open notes",
    )


EVENT_WORDS = {
    ReturnEventKind.STARTED: "{name} began the return.",
    ReturnEventKind.SUBMITTED: "{name} sent it for sign-off.",
    ReturnEventKind.SIGNED: "{officer}, {post}, signed it here{through}.",
    ReturnEventKind.SIGNED_ELSEWHERE: (
        "{officer}, {post}, signed it on {day}, outside this service. {name} recorded that."
    ),
    ReturnEventKind.SENT_BACK: "{name} sent it back to be changed.",
}


def event_rows(events: Sequence[EventOfReturn]) -> tuple[EventRow, ...]:
    """What has happened to a return, in words, the oldest first."""
    return tuple(
        EventRow(
            text=EVENT_WORDS[one.kind].format(
                name=one.name,
                officer=one.officer,
                post=one.post,
                # Who signs types their own name; the record says whose link or account it was.
                through="" if one.officer == one.name else f", as {one.name} in this service",
                day=f"{one.signed_on.day} {one.signed_on:%B %Y}" if one.signed_on else "",
            ),
            when=date_time(one.at),
            reason=one.reason,
        )
        for one in events
    )


def answer_words(bank: Bank, question: Question, version: StoredVersion | HeldAnswer) -> str:
    """An answer as a person reads it; "" for an empty one."""
    if version.not_applicable and version.value is None:
        return f"Not applicable: {version.not_applicable}"
    return display(bank, question, version.value)
