"""What the pages show on which a manager looks after the ways into a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from analysis.tables import counted
from question_banks.bank import SECTOR_TITLES, Sector
from survey.actions.open_links import Made, link_of
from survey.data.agencies import AnswersBy
from survey.data.open_links import OpenLink
from survey.data.round_invitations import Asked, RoundInvitation, WayInState
from survey.web.presenters_rounds import RoundHead

PAGE_SIZE = 50

STATE_WORDS: dict[WayInState, str] = {
    WayInState.NOT_SENT: "Not answered yet",
    WayInState.SENT: "Answered",
    WayInState.WITHDRAWN: "Withdrawn",
}
STATE_TAGS: dict[WayInState, str] = {
    WayInState.NOT_SENT: "govuk-tag--grey",
    WayInState.SENT: "govuk-tag--green",
    WayInState.WITHDRAWN: "govuk-tag--red",
}


@dataclass(frozen=True)
class WayInRow:
    """One person's way in."""

    public_id: str
    agency: str
    who: str
    email: str
    state: str
    tag: str
    minted: bool


@dataclass(frozen=True)
class Pages:
    """Where one is in a long list."""

    page: int
    pages: int
    total: int
    before: str
    after: str


@dataclass(frozen=True)
class WaysInPage:
    """The ways into a round that match what was asked."""

    head: RoundHead
    rows: tuple[WayInRow, ...]
    asked: Asked
    states: tuple[tuple[str, str], ...]
    agencies: tuple[tuple[str, str], ...]
    paging: Pages
    is_over: bool


@dataclass(frozen=True)
class PersonPage:
    """One person's way in, with what may be done about it."""

    head: RoundHead
    row: WayInRow
    is_open: bool
    is_over: bool
    shown: Made | None
    code_address: str


@dataclass(frozen=True)
class OpenRow:
    """One agency's open link."""

    id: str
    agency: str
    sector: str
    contact: str
    email: str
    numbers: str
    link: str
    code: str
    minted: int
    works: bool
    why_not: str


@dataclass(frozen=True)
class OpenPage:
    """The open links of a round."""

    head: RoundHead
    rows: tuple[OpenRow, ...]
    search: str
    paging: Pages
    without: int
    sendable: int
    is_over: bool
    code_address: str


def ways_in_page(
    head: RoundHead,
    *,
    rows: Sequence[RoundInvitation],
    asked: Asked,
    agencies: Sequence[tuple[str, str]],
    total: int,
    page: int,
) -> WaysInPage:
    """A page of the list of ways in."""
    query = {
        "q": asked.search or None,
        "agency": asked.invited_agency_id or None,
        "state": asked.state.value if asked.state else None,
    }
    return WaysInPage(
        head=head,
        rows=tuple(way_in_row(one) for one in rows),
        asked=asked,
        states=(("", "Any"), *((state.value, words) for state, words in STATE_WORDS.items())),
        agencies=(("", "Any"), *agencies),
        paging=paging("ways_in.people", head.slug, page=page, total=total, query=query),
        is_over=head.is_closed or head.is_withdrawn,
    )


def page_count(total: int) -> int:
    """How many pages a list of that length takes: one at least."""
    return max(1, -(-total // PAGE_SIZE))


def paging(endpoint: str, slug: str, *, page: int, total: int, query: Mapping[str, Any]) -> Pages:
    """Where one is in a list, with the addresses of the pages before and after."""
    pages = page_count(total)
    return Pages(
        page=page,
        pages=pages,
        total=total,
        before=url_for(endpoint, slug=slug, page=page - 1, **query) if page > 1 else "",
        after=url_for(endpoint, slug=slug, page=page + 1, **query) if page < pages else "",
    )


def way_in_row(one: RoundInvitation) -> WayInRow:
    """One line of the list."""
    return WayInRow(
        public_id=one.public_id,
        agency=one.agency,
        who=one.label or ("Took a code" if one.minted else "No name"),
        email=one.email,
        state=STATE_WORDS[one.state],
        tag=STATE_TAGS[one.state],
        minted=one.minted,
    )


def person_page(
    head: RoundHead, one: RoundInvitation, *, shown: Made | None, code_address: str
) -> PersonPage:
    """One way in. `shown` is its link and code, when the manager has asked to see them."""
    return PersonPage(
        head=head,
        row=way_in_row(one),
        is_open=one.state is WayInState.NOT_SENT,
        is_over=head.is_closed or head.is_withdrawn,
        shown=shown,
        code_address=code_address,
    )


def open_page(
    head: RoundHead,
    *,
    rows: Sequence[OpenLink],
    search: str,
    total: int,
    page: int,
    secret_key: str,
    base_url: str,
) -> OpenPage:
    """The open links of the agencies on one page of their list."""
    return OpenPage(
        head=head,
        rows=tuple(_open_row(one, secret_key=secret_key, base_url=base_url) for one in rows),
        search=search,
        paging=paging(
            "ways_in.open", head.slug, page=page, total=total, query={"q": search or None}
        ),
        without=sum(one.may_have_one and not one.works for one in rows),
        sendable=sum(one.works and bool(one.contact_email) for one in rows),
        is_over=head.is_closed or head.is_withdrawn,
        code_address=f"{base_url}{url_for('public.code')}",
    )


def _open_row(one: OpenLink, *, secret_key: str, base_url: str) -> OpenRow:
    made = Made("", "")
    if one.works and one.open_id:
        made = link_of(
            secret_key, base_url=base_url, open_id=one.open_id, generation=one.generation
        )
    return OpenRow(
        id=one.invited_agency_id,
        agency=one.agency,
        sector=SECTOR_TITLES[Sector(one.sector)],
        contact=one.contact_name,
        email=one.contact_email,
        numbers=_numbers(one),
        link=made.link,
        code=made.code,
        minted=one.minted,
        works=one.works,
        why_not=_why_not(one),
    )


def _numbers(one: OpenLink) -> str:
    if one.invited is None:
        return ""
    taken = counted(one.minted, "code", "codes") + " taken by it"
    return f"{one.invited} invited, {taken}, {one.left} left"


def _why_not(one: OpenLink) -> str:
    if one.answers_by == AnswersBy.RETURN:
        return "This agency answers as one, so its people need no link."
    if not one.invited:
        return "Say first how many of its people are invited: no more than that get a code."
    if not one.left:
        return (
            "As many people as are invited have a personal link, so nobody is left for an open "
            "link. To make one, enter a larger number or withdraw links that were not passed on."
        )
    return ""
