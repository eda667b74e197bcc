"""What a manager prints: letters with codes, posters with open links, and blank questionnaires."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from question_banks.bank import Level
from question_banks.loader import list_banks
from survey.actions import letters as actions
from survey.actions.letters import MOST, Sheets
from survey.actions.ways_in import require_unclosed
from survey.clock import day_in_london, now
from survey.data import agencies
from survey.data.accounts import Role
from survey.data.audit import AuditAction, record_of_round
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound
from survey.extensions import db
from survey.web import blank_pdf, round_pages
from survey.web.access import needs
from survey.web.presenters_printed import banks_page, blanks_page, letters_page
from survey.web.presenters_rounds import head
from survey.web.sign_in import known_account, require_account, settings

printed = Blueprint("printed", __name__)

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422


@printed.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def _letters(
    item: RoundOfCouncil,
    *,
    chosen: tuple[str, ...] = (),
    what: str = Sheets.LETTERS,
    size: str = "",
    problems: tuple[tuple[str, str], ...] = (),
) -> str:
    rows = agencies.list_of_round(db.session(), round_id=item.round.id)
    page = letters_page(head(item, now=now()), rows, chosen=chosen, what=what, size=size)
    return render_template("printed/letters.html", page=page, problems=problems)


@printed.get("/manage/<slug>/letters", endpoint="letters")
@needs(Role.REVIEW_MANAGER)
def show_letters(slug: str) -> Page:
    """Where a manager says which letters or posters to make."""
    return _letters(round_pages.load(slug))


@printed.post("/manage/<slug>/letters")
@needs(Role.REVIEW_MANAGER)
def make_letters(slug: str) -> Page:
    """The letters or posters as a PDF, and on record that they were made."""
    item = round_pages.load(slug)
    require_unclosed(item)
    what, size = request.form.get("what", ""), request.form.get("size", "")
    chosen = tuple(each[:32] for each in request.form.getlist("agency") if each)
    part = request.form.get("part", "1")
    number = int(part) if part.isascii() and part.isdigit() and len(part) < 4 else 1
    if what not in set(Sheets):
        problems = (("what", "Choose what to print"),)
        return _letters(item, chosen=chosen, size=size, problems=problems), NOT_RIGHT
    sheets = actions.list_sheets(
        db.session(),
        item,
        what=Sheets(what),
        invited_agency_ids=chosen,
        secret_key=settings().secret_key,
        base_url=settings().base_url,
    )
    some = sheets[(number - 1) * MOST : number * MOST]
    if not some:
        problems = (("what", "There is nothing of this kind to print for those agencies"),)
        return _letters(item, chosen=chosen, what=what, size=size, problems=problems), NOT_RIGHT
    if len(sheets) > MOST and "part" not in request.form:
        page = letters_page(
            head(item, now=now()), [], chosen=chosen, what=what, size=size, total=len(sheets)
        )
        return render_template("printed/parts_of_letters.html", page=page)
    about = actions.round_in_print(db.session(), item, base_url=settings().base_url)
    data = actions.letters_pdf(about, some, large=size == "large", now=now())
    record_of_round(
        db.session(),
        item,
        AuditAction.LETTERS_MADE,
        require_account().id,
        now(),
        kind=what,
        sheets=len(some),
    )
    db.session.commit()
    part_name = f"-{number}" if len(sheets) > MOST else ""
    return _pdf(data, f"{slug}-{what}{part_name}.pdf")


def _pdf(data: bytes, name: str) -> Response:
    return send_file(
        BytesIO(data), as_attachment=True, download_name=name, mimetype="application/pdf"
    )


@printed.get("/manage/<slug>/blanks", endpoint="blanks")
@needs(Role.REVIEW_MANAGER)
def show_blanks(slug: str) -> Page:
    """The round's questionnaire without answers, to print for any level."""
    page = blanks_page(head(round_pages.load(slug), now=now()))
    return render_template("printed/blanks.html", page=page)


@printed.get("/manage/<slug>/blank", endpoint="blank")
@needs(Role.REVIEW_MANAGER)
def make_blank(slug: str) -> Page:
    """The round's questionnaire of one level, or of all, as a PDF."""
    item = round_pages.load(slug)
    level, large = _asked()
    data = blank_pdf.blank_pdf(
        round_pages.bank_of(item),
        blank_pdf.head_of_round(item),
        level=level,
        large=large,
        on=day_in_london(now()),
    )
    return _pdf(data, blank_pdf.file_name(slug, level=level, large=large))


def _asked() -> tuple[Level | None, bool]:
    level = request.args.get("level", "")
    if level and level not in set(Level):
        raise NotFound("There is no such level.")
    return (Level(level) if level else None), request.args.get("size") == "large"


@printed.get("/questionnaires", endpoint="banks")
@needs(Role.REVIEW_MANAGER)
def show_banks() -> Page:
    """The questionnaires that come with this software, to look at on paper."""
    return render_template("printed/banks.html", page=banks_page(list_banks()))


@printed.get("/questionnaires/<bank_id>", endpoint="bank")
@needs(Role.REVIEW_MANAGER)
def make_bank(bank_id: str) -> Page:
    """A questionnaire that comes with this software, as a PDF."""
    bank = next((one for one in list_banks() if one.id == bank_id), None)
    if bank is None:
        raise NotFound("There is no such questionnaire.")
    level, large = _asked()
    data = blank_pdf.blank_pdf(
        bank, blank_pdf.head_of_bank(bank), level=level, large=large, on=day_in_london(now())
    )
    return _pdf(data, blank_pdf.file_name(bank_id, level=level, large=large))
