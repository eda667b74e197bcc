"""Entering answers for somebody, from paper or by telephone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from question_banks.bank import Bank, Level
from survey.actions import entering as actions
from survey.actions.entering import NewEntry, SamePerson
from survey.actions.sheet_answers import sheet_parts
from survey.actions.ways_in import Refused
from survey.clock import now
from survey.data import agencies
from survey.data import entering as data
from survey.data.accounts import Role
from survey.data.entering import EntryOfRound
from survey.data.rounds import RoundOfCouncil
from survey.errors import AlreadySubmitted, NotAllowedNow, NotFound
from survey.extensions import db
from survey.web import presenters_entry as presenters
from survey.web import round_pages
from survey.web.access import needs
from survey.web.presenters_rounds import RoundHead, head
from survey.web.sign_in import known_account, require_account

entry = Blueprint("entry", __name__, url_prefix="/manage/<slug>/entry")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
DONE = {
    "sent": "The answers are in. What was typed can no longer be told from the others.",
    "waiting": "It is kept, and waits for a second person to enter it again.",
    "deleted": "The sheet is deleted.",
    "gone": "That sheet is not here any more: it was sent or deleted.",
    "code_used": "Answers have been sent with this code meanwhile. The sheet was not sent.",
}


@entry.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def _head(item: RoundOfCouncil) -> RoundHead:
    return head(item, now=now())


def _bank(item: RoundOfCouncil) -> Bank:
    return actions.bank_of(db.session(), item)


def _get(item: RoundOfCouncil, entry_id: str) -> EntryOfRound:
    return data.get_entry(db.session(), round_id=item.round.id, entry_id=entry_id)


@entry.get("", endpoint="entries")
@needs(Role.REVIEW_MANAGER)
def show_entries(slug: str) -> Page:
    """The sheets being entered, and how many came in so."""
    item = round_pages.load(slug)
    bank = _bank(item)
    try:
        actions.require_takes_answers(item, now=now())
        takes_answers = True
    except NotAllowedNow:
        takes_answers = False
    page = presenters.entries_page(
        _head(item),
        entries=data.list_entries(db.session(), round_id=item.round.id),
        entered=data.count_entered(db.session(), round_id=item.round.id),
        account_id=require_account().id,
        first_part={level.value: _first_part(bank, level) for level in Level},
        takes_answers=takes_answers,
    )
    done = DONE.get(request.args.get("done", ""), "")
    return render_template("entry/entries.html", page=page, done=done)


def _first_part(bank: Bank, level: Level) -> str:
    return next((part.key for part in sheet_parts(bank, level)), "")


@entry.get("/new", endpoint="new")
@needs(Role.REVIEW_MANAGER)
def ask_new(slug: str) -> Page:
    """Where a sheet is begun: how it came, whose it is, at which level."""
    item = round_pages.load(slug)
    actions.require_takes_answers(item, now=now())
    return _new_page(item, NewEntry("paper", "", "", "", "", twice=False))


def _new_page(
    item: RoundOfCouncil, new: NewEntry, problems: tuple[tuple[str, str], ...] = ()
) -> str:
    rows = agencies.list_invited_agencies(db.session(), round_id=item.round.id)
    return render_template(
        "entry/new.html",
        head=_head(item),
        new=new,
        ways=presenters.WAYS,
        levels=presenters.LEVELS,
        agencies=[(invited.id, agency.name) for invited, agency in rows],
        problems=problems,
        messages=dict(problems),
    )


@entry.post("/new")
@needs(Role.REVIEW_MANAGER)
def begin(slug: str) -> Page:
    """Begins a sheet and goes to its first part."""
    item = round_pages.load(slug)
    new = NewEntry(
        way=request.form.get("way", ""),
        invited_agency_id=request.form.get("agency", "")[:32],
        code=request.form.get("code", "")[:40],
        level=request.form.get("level", ""),
        reference=request.form.get("reference", "")[:1000],
        twice=request.form.get("twice") == "yes",
    )
    missing = _missing(new)
    if missing:
        return _new_page(item, new, missing), NOT_RIGHT
    try:
        entry_id = actions.begin(
            db.session(), item, new=new, account_id=require_account().id, now=now()
        )
    except Refused as refused:
        db.session.rollback()
        item = round_pages.load(slug)
        return _new_page(item, new, ((refused.field, str(refused)),)), NOT_RIGHT
    db.session.commit()
    key = _first_part(_bank(item), Level(new.level))
    return redirect(url_for("entry.part", slug=slug, entry_id=entry_id, key=key))


def _missing(new: NewEntry) -> tuple[tuple[str, str], ...]:
    """Everything that was left out, to be said at once."""
    found = []
    if not new.way:
        found.append(("way", "Say whether it came on paper or by telephone"))
    if not new.code.strip() and not new.invited_agency_id:
        found.append(("agency", "Choose the agency, or enter the code on the paper"))
    if not new.level:
        found.append(("level", "Choose where the person works"))
    return tuple(found)


@entry.get("/<entry_id>/part/<key>", endpoint="part")
@needs(Role.REVIEW_MANAGER)
def show_part(slug: str, entry_id: str, key: str) -> Page:
    """One part of a sheet to type."""
    item = round_pages.load(slug)
    found, bank = _get(item, entry_id), _bank(item)
    typed = actions.current(found, account_id=require_account().id)
    part = actions.find_part(bank, typed, key)
    page = presenters.part_page(_head(item), found, typed, bank, part)
    return render_template("entry/part.html", page=page)


@entry.post("/<entry_id>/part/<key>")
@needs(Role.REVIEW_MANAGER)
def save_part(slug: str, entry_id: str, key: str) -> Page:
    """Keeps a part and goes on, or shows it again with what is wrong."""
    item, account_id = round_pages.load(slug), require_account().id
    posted = request.form.to_dict(flat=False)
    read = actions.save_part(
        db.session(),
        item,
        entry_id=entry_id,
        key=key,
        posted=posted,
        account_id=account_id,
        now=now(),
    )
    db.session.commit()
    found, bank = _get(item, entry_id), _bank(item)
    typed = actions.current(found, account_id=account_id)
    part = actions.find_part(bank, typed, key)
    if read.errors:
        page = presenters.part_page(
            _head(item), found, typed, bank, part, posted=posted, errors=read.errors
        )
        return render_template("entry/part.html", page=page), NOT_RIGHT
    keys = [one.key for one in sheet_parts(bank, Level(typed.level))]
    following = keys[keys.index(key) + 1 :]
    if "later" in posted:
        return redirect(url_for("entry.entries", slug=slug))
    if following:
        return redirect(url_for("entry.part", slug=slug, entry_id=entry_id, key=following[0]))
    return redirect(url_for("entry.check", slug=slug, entry_id=entry_id))


@entry.get("/<entry_id>/check", endpoint="check")
@needs(Role.REVIEW_MANAGER)
def show_check(slug: str, entry_id: str) -> Page:
    """The whole sheet, to read against the paper."""
    item = round_pages.load(slug)
    return render_template("entry/check.html", page=_check(item, entry_id), problems=())


def _check(item: RoundOfCouncil, entry_id: str) -> presenters.CheckPage:
    found, bank = _get(item, entry_id), _bank(item)
    typed = actions.current(found, account_id=require_account().id)
    return presenters.check_page(
        _head(item), found, typed, bank, blanks=actions.blanks(bank, typed)
    )


@entry.post("/<entry_id>/check")
@needs(Role.REVIEW_MANAGER)
def finish(slug: str, entry_id: str) -> Page:
    """Sends the sheet, or ends one person's typing of it."""
    item = round_pages.load(slug)
    try:
        page = _check(item, entry_id)
        if page.is_empty:
            problems = [("sheet", "Nothing has been typed of this paper yet")]
            return render_template("entry/check.html", page=page, problems=problems), NOT_RIGHT
        if page.blanks and request.form.get("blank") != "yes":
            problems = [("blank", "Say that these questions are blank on the paper too")]
            return render_template("entry/check.html", page=page, problems=problems), NOT_RIGHT
        outcome = actions.finish(
            db.session(),
            item,
            entry_id=entry_id,
            quotable=request.form.get("quote") == "yes",
            account_id=require_account().id,
            now=now(),
        )
    except AlreadySubmitted:
        db.session.rollback()
        return redirect(url_for("entry.entries", slug=slug, done="code_used"))
    except (NotFound, SamePerson):
        # Pressed twice: the first press did it.
        db.session.rollback()
        return redirect(url_for("entry.entries", slug=slug, done="gone"))
    db.session.commit()
    if outcome == "differs":
        return redirect(url_for("entry.compare", slug=slug, entry_id=entry_id))
    return redirect(url_for("entry.entries", slug=slug, done=outcome))


@entry.get("/<entry_id>/second", endpoint="second")
@needs(Role.REVIEW_MANAGER)
def ask_second(slug: str, entry_id: str) -> Page:
    """Where a second person begins to enter the same sheet."""
    item = round_pages.load(slug)
    found = _get(item, entry_id)
    actions.turn_of(found, account_id=require_account().id)
    return _second_page(item, found)


def _second_page(item: RoundOfCouncil, found: EntryOfRound, message: str = "") -> str:
    return render_template(
        "entry/second.html",
        head=_head(item),
        entry_id=found.id,
        sheet=presenters.sheet_title(found),
        levels=presenters.LEVELS,
        message=message,
    )


@entry.post("/<entry_id>/second")
@needs(Role.REVIEW_MANAGER)
def begin_second(slug: str, entry_id: str) -> Page:
    """Begins the second entry of a sheet."""
    item, level = round_pages.load(slug), request.form.get("level", "")
    try:
        actions.begin_second(
            db.session(),
            item,
            entry_id=entry_id,
            level=level,
            account_id=require_account().id,
            now=now(),
        )
    except Refused as refused:
        db.session.rollback()
        item = round_pages.load(slug)
        return _second_page(item, _get(item, entry_id), str(refused)), NOT_RIGHT
    db.session.commit()
    typed = actions.current(_get(item, entry_id), account_id=require_account().id)
    key = _first_part(_bank(item), Level(typed.level))
    return redirect(url_for("entry.part", slug=slug, entry_id=entry_id, key=key))


@entry.get("/<entry_id>/compare", endpoint="compare")
@needs(Role.REVIEW_MANAGER)
def show_differences(slug: str, entry_id: str) -> Page:
    """Where two entries of a sheet differ, with both answers."""
    item = round_pages.load(slug)
    page = _differences(item, entry_id, chosen={})
    return render_template("entry/compare.html", page=page, problems=())


def _differences(
    item: RoundOfCouncil, entry_id: str, *, chosen: dict[str, str]
) -> presenters.ComparePage:
    found, bank = _get(item, entry_id), _bank(item)
    first, second = actions.both(found)
    return presenters.compare_page(
        _head(item),
        found,
        bank,
        first=first,
        second=second,
        differences=actions.differences(bank, found),
        otherwise=actions.differs_otherwise(found),
        chosen=chosen,
    )


@entry.post("/<entry_id>/compare")
@needs(Role.REVIEW_MANAGER)
def settle(slug: str, entry_id: str) -> Page:
    """Sends the sheet with the answers chosen."""
    item, chosen = round_pages.load(slug), request.form.to_dict()
    try:
        page = _differences(item, entry_id, chosen=chosen)
        problems = [
            (row.name, f"Choose what stands on the paper: {row.text}")
            for row in page.rows
            if row.chosen not in {"1", "2"}
        ]
        if problems:
            return render_template("entry/compare.html", page=page, problems=problems), NOT_RIGHT
        actions.settle(
            db.session(),
            item,
            entry_id=entry_id,
            chosen=chosen,
            account_id=require_account().id,
            now=now(),
        )
    except Refused:
        # Somebody changed an answer meanwhile, so that there is one more to choose.
        db.session.rollback()
        return redirect(url_for("entry.compare", slug=slug, entry_id=entry_id))
    except AlreadySubmitted:
        db.session.rollback()
        return redirect(url_for("entry.entries", slug=slug, done="code_used"))
    except NotFound:
        db.session.rollback()
        return redirect(url_for("entry.entries", slug=slug, done="gone"))
    db.session.commit()
    return redirect(url_for("entry.entries", slug=slug, done="sent"))


@entry.get("/<entry_id>/delete", endpoint="delete")
@needs(Role.REVIEW_MANAGER)
def ask_delete(slug: str, entry_id: str) -> Page:
    """Says what deleting a sheet loses, and asks."""
    item = round_pages.load(slug)
    found = _get(item, entry_id)
    return render_template(
        "entry/delete.html",
        head=_head(item),
        entry_id=entry_id,
        sheet=presenters.sheet_title(found),
    )


@entry.post("/<entry_id>/delete")
@needs(Role.REVIEW_MANAGER)
def delete_now(slug: str, entry_id: str) -> Page:
    """Deletes a sheet that was not sent."""
    item = round_pages.load(slug)
    actions.discard(db.session(), item, entry_id=entry_id)
    db.session.commit()
    return redirect(url_for("entry.entries", slug=slug, done="deleted"))
