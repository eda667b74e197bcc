"""Letters with one person's code, and posters with an agency's, to print: one to a page."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from question_banks.bank import Level, in_language
from question_banks.duration import minutes_to_answer
from survey.actions.invitations import link_and_code
from survey.actions.mail_values import in_words, last_day
from survey.actions.open_links import link_of
from survey.clock import day_in_london
from survey.data import open_links, round_invitations
from survey.data.banks import get_bank
from survey.data.round_invitations import WayInState
from survey.data.rounds import RoundOfCouncil

MOST = 500
"""Sheets in one file, made within two seconds or so; the rest come in files of their own."""
MASK = 2
"""One of eight patterns laid over a square code. Any can be read; trying all takes most time."""
QUIET_ZONE = 2


class Sheets(StrEnum):
    """What is printed."""

    LETTERS = "letters"
    """A letter for everybody whose personal link has not been used."""
    UNNAMED = "unnamed"
    """Of those, only for people without an e-mail address."""
    POSTERS = "posters"
    """A poster or handout for every agency with an open link."""


@dataclass(frozen=True)
class Sheet:
    """One letter or poster: whom it is for, and its way in. `link` and `code` are secrets."""

    agency: str
    name: str
    link: str
    code: str
    is_poster: bool = False


@dataclass(frozen=True)
class RoundInPrint:
    """What a letter says of its round."""

    council: str
    title: str
    purpose: str
    minutes: int
    closes_at: datetime
    contact: str
    code_address: str


def list_sheets(
    session: Session,
    found: RoundOfCouncil,
    *,
    what: Sheets,
    invited_agency_ids: Collection[str],
    secret_key: str,
    base_url: str,
) -> list[Sheet]:
    """The letters or posters of the agencies named, or of all where none is: by agency and name."""
    if what is Sheets.POSTERS:
        return [
            Sheet(agency=one.agency, name="", link=made.link, code=made.code, is_poster=True)
            for one in open_links.list_open_links(session, round_id=found.round.id)
            if one.works
            and one.open_id
            and (not invited_agency_ids or one.invited_agency_id in invited_agency_ids)
            for made in [
                link_of(
                    secret_key,
                    base_url=base_url,
                    open_id=one.open_id,
                    generation=one.generation,
                )
            ]
        ]
    return [
        Sheet(agency=one.agency, name=one.label, link=link, code=code)
        for one in round_invitations.list_invitations(session, round_id=found.round.id)
        if one.state is WayInState.NOT_SENT
        and not one.minted
        and not (what is Sheets.UNNAMED and one.email)
        and (not invited_agency_ids or one.invited_agency_id in invited_agency_ids)
        for link, code in [
            link_and_code(
                secret_key, base_url=base_url, public_id=one.public_id, generation=one.generation
            )
        ]
    ]


def round_in_print(session: Session, found: RoundOfCouncil, *, base_url: str) -> RoundInPrint:
    """What the letters of a round say of it."""
    bank = get_bank(session, round_id=found.round.id, digest=found.round.bank_digest)
    return RoundInPrint(
        council=found.council.name,
        title=found.round.title,
        purpose=in_language(bank.purpose),
        minutes=max(minutes_to_answer(bank, level) for level in Level),
        closes_at=found.round.closes_at_utc,
        contact=found.round.contact,
        code_address=f"{base_url}/code",
    )


def letters_pdf(
    about: RoundInPrint, sheets: Sequence[Sheet], *, large: bool, now: datetime
) -> bytes:
    """The sheets as one tagged PDF, each on a page of its own; `large` sets them in 18 point."""
    from analysis.export.pdf import typeset

    day = day_in_london(now)
    payload: dict[str, Any] = {
        "title": f"{about.title}: letters",
        "council": about.council,
        "date": [day.year, day.month, day.day],
        "large": large,
        "scan": "Point a phone’s camera at the square, or go to",
        "address": about.code_address.removeprefix("https://").removeprefix("http://"),
        "then": "and type this code:",
        "sheets": [_told(about, sheet) for sheet in sheets],
    }
    return typeset(_template(), payload, dated=day)


@cache
def _template() -> bytes:
    return Path(__file__).with_name("letters.typ").read_bytes()


def _told(about: RoundInPrint, sheet: Sheet) -> dict[str, Any]:
    if sheet.is_poster:
        heading = f"{sheet.agency}: what is it like to work together?"
        greeting = ""
        before = [
            (
                f"Peers from elsewhere are coming to {about.council} to look at how local agencies "
                "work together. A questionnaire asks people at this agency about "
                f"{about.purpose}. It takes about {about.minutes} minutes."
            ),
        ]
        after = [
            (
                "You get a code of your own, so that you can stop and come back. Nobody at "
                f"{sheet.agency} is shown your answers: they are counted with other people’s."
            ),
        ]
    else:
        heading = about.title
        greeting = f"Dear {sheet.name or 'colleague'},"
        before = [
            (
                f"{about.council} has invited peers from elsewhere to look at how local agencies "
                f"work together. They would like to hear from you at {sheet.agency}, about "
                f"{about.purpose}. It takes about {about.minutes} minutes."
            ),
        ]
        after = [
            (
                "This code is yours alone. You can stop and come back with it. Your answers are "
                "counted with other people’s: nobody at the council or your agency sees yours "
                "alone."
            ),
        ]
    closing = f"Please answer by {in_words(last_day(about.closes_at))}."
    contact = f"Questions, or another format or language: {about.contact}."
    return {
        "heading": heading,
        "greeting": greeting,
        "before": before,
        "after": [*after, closing, contact],
        "code": sheet.code,
        "picture": qr_svg(sheet.link),
    }


def qr_svg(link: str) -> str:
    """A link as a square code, drawn as one path."""
    import segno

    drawn = io.BytesIO()
    code = segno.make(link, error="m", mask=MASK, micro=False)
    code.save(drawn, kind="svg", xmldecl=False, border=QUIET_ZONE, omitsize=True)
    return drawn.getvalue().decode("utf-8")
