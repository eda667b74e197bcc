"""Who helps with an agency return, and what stands between it and sign-off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.actions.returns import Answered
from survey.actions.returns_missing import Missing
from survey.data.returns_people import Contributor
from survey.web.presenters_returns import LACK_WORDS, ReturnHead, head_of, title_of
from survey.web.presenting import date_time
from survey.web.returns_actor import Actor
from survey.web.returns_forms import ContributorForm


@dataclass(frozen=True)
class PersonRow:
    """A contributor: what they share, their link, and what can be done."""

    id: str
    name: str
    post: str
    email: str
    sections: tuple[str, ...]
    may_sign: bool
    ended: str
    link: str
    change_url: str
    send_url: str
    renew_url: str
    end_url: str


@dataclass(frozen=True)
class PeoplePage:
    """Who helps with a return."""

    head: ReturnHead
    people: tuple[PersonRow, ...]
    add_url: str


@dataclass(frozen=True)
class SectionChoice:
    """A section to tick."""

    code: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class PersonPage:
    """The form of one contributor."""

    head: ReturnHead
    title: str
    action: str
    sections: tuple[SectionChoice, ...]
    back: str


@dataclass(frozen=True)
class MissingRow:
    """One thing that is missing, and where to mend it."""

    text: str
    lack: str
    url: str


@dataclass(frozen=True)
class MissingGroup:
    """What is missing on one page of questions."""

    title: str
    rows: tuple[MissingRow, ...]


@dataclass(frozen=True)
class SubmitPage:
    """What is missing, and the way to send a return for sign-off."""

    head: ReturnHead
    groups: tuple[MissingGroup, ...]
    count: int
    open_notes: int
    signers: tuple[str, ...]


def people_page(
    actor: Actor,
    answered: Answered,
    *,
    contributors: Sequence[Contributor],
    link: Callable[[str, int], str],
    now: datetime,
) -> PeoplePage:
    """Everybody who helps or has helped, with the link of those whose part goes on."""
    titles = {section.code: section.title for section in answered.sections}
    return PeoplePage(
        head=head_of(actor, answered.parts[0].bank, now=now),
        people=tuple(
            PersonRow(
                id=one.id,
                name=one.name,
                post=one.post,
                email=one.email,
                sections=tuple(title for code, title in titles.items() if code in one.sections),
                may_sign=one.may_sign,
                ended=date_time(one.ended_at) if one.ended_at is not None else "",
                link=link(one.public_id, one.generation) if one.ended_at is None else "",
                change_url=actor.url("person", contributor_id=one.id),
                send_url=actor.url("send_link", contributor_id=one.id),
                renew_url=actor.url("renew_link", contributor_id=one.id),
                end_url=actor.url("end_person", contributor_id=one.id),
            )
            for one in contributors
        ),
        add_url=actor.url("new_person"),
    )


def person_page(
    actor: Actor,
    answered: Answered,
    *,
    form: ContributorForm,
    contributor_id: str,
    now: datetime,
) -> PersonPage:
    """The form of one contributor, a new one without an id."""
    return PersonPage(
        head=head_of(actor, answered.parts[0].bank, now=now),
        title="Change a contributor" if contributor_id else "Add a contributor",
        action=actor.url("change_person", contributor_id=contributor_id)
        if contributor_id
        else actor.url("add_person"),
        sections=tuple(
            SectionChoice(section.code, section.title, section.code in form.sections)
            for section in answered.sections
        ),
        back=actor.url("people"),
    )


def submit_page(
    actor: Actor,
    *,
    head: ReturnHead,
    missing: Sequence[Missing],
    notes: int,
    signers: Sequence[str],
) -> SubmitPage:
    """What is missing, page by page, and who could sign."""
    groups: dict[tuple[str, str], list[Missing]] = {}
    for one in missing:
        groups.setdefault((one.section.code, one.page.key), []).append(one)
    return SubmitPage(
        head=head,
        groups=tuple(
            MissingGroup(
                title=f"{found[0].section.title}: {title_of(found[0].page)}",
                rows=tuple(
                    MissingRow(
                        text=one.text,
                        lack=LACK_WORDS[one.lack],
                        url=actor.url(
                            "page",
                            section=one.section.code,
                            key=one.page.key,
                            _anchor=one.question.code,
                        ),
                    )
                    for one in found
                ),
            )
            for found in groups.values()
        ),
        count=len(missing),
        open_notes=notes,
        signers=tuple(signers),
    )
