"""A review team's pages of agency returns: reading, scoring, sending back, giving more time."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from question_banks.text import clean_text
from survey.actions import (
    return_evidence,
    return_extending,
    return_moderating,
    return_reading,
    returns_signing,
)
from survey.actions.return_extending import InvalidExtension
from survey.actions.return_moderating import InvalidScore, ScoredMeanwhile
from survey.actions.returns_rules import Writer
from survey.actions.returns_signing import InvalidSignature
from survey.clock import now
from survey.data import audit, return_evidence_files
from survey.data.audit import AuditAction
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound
from survey.extensions import db
from survey.web import presenters_return_review as presenters
from survey.web import presenters_rounds, return_files, return_review_pages, round_pages
from survey.web.access import Role, needs
from survey.web.presenting import LONDON
from survey.web.return_review_pages import ExtensionForm
from survey.web.returns_forms import read_date
from survey.web.sign_in import known_account, require_account, settings

return_review = Blueprint("return_review", __name__, url_prefix="/manage/<slug>/returns")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
DONE = {
    "scored": "The score is kept beside the agency’s own.",
    "taken-back": "The score has been taken back. The agency’s own stands alone.",
    "sent-back": "The return has been sent back. The agency has been told, with your reason.",
    "granted": "The agency has more time, and has been told.",
    "refused": "The agency has been told that there is no more time.",
}


@return_review.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def _done() -> str:
    return DONE.get(request.args.get("done", ""), "")


def _writer() -> Writer:
    account = require_account()
    return Writer(name=account.name, account_id=account.id)


@return_review.get("", endpoint="returns")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def show_returns(slug: str) -> Page:
    """The returns of a round, and how far each is."""
    page = return_review_pages.returns_page(round_pages.load(slug))
    return render_template("return_review/returns.html", page=page)


@return_review.post("/file")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def make_file(slug: str) -> Page:
    """Makes a table of the signed returns and puts on record that it was made."""
    from survey.actions import return_export

    item = round_pages.load(slug)
    chosen = request.form.get("format", "")
    if chosen not in return_export.FORMATS:
        raise NotFound("There is no such file.")
    today = now().astimezone(LONDON).date()
    data = return_export.to_file(
        return_review_pages.read_all(item),
        file_format=chosen,
        title=item.round.title,
        council=item.council.name,
        dated=today,
    )
    audit.record(
        db.session(),
        action=AuditAction.EXPORTED,
        at=now(),
        account_id=require_account().id,
        council_id=item.council.id,
        detail={"round": slug, "format": f"agency returns, {chosen}"},
    )
    db.session.commit()
    answer = send_file(
        BytesIO(data),
        as_attachment=True,
        download_name=return_review_pages.file_name(item, chosen, today=today),
    )
    # Set here, since Flask would add a second character set to one that names its own.
    answer.content_type = return_export.FORMATS[chosen]
    return answer


@return_review.get("/<return_id>", endpoint="agency")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def show_return(slug: str, return_id: str) -> Page:
    """One return: how far it is, or the ratings as signed."""
    page = return_review_pages.return_page(round_pages.load(slug), return_id)
    return render_template("return_review/agency.html", page=page, done=_done())


@return_review.get("/<return_id>/sections/<section>", endpoint="section")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def show_section(slug: str, return_id: str, section: str) -> Page:
    """One section of a signed return, all of it."""
    item = round_pages.load(slug)
    signed = return_review_pages.read(item, return_review_pages.get_given(item, return_id))
    page = presenters.section_page(
        presenters_rounds.head(item, now=now()), signed, signed.section(section)
    )
    return render_template("return_review/section.html", page=page)


@return_review.get("/<return_id>/scores/<code>", endpoint="score")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def ask_for_score(slug: str, return_id: str, code: str) -> Page:
    """The form to score an answer."""
    return _score_page(round_pages.load(slug), return_id, code)


def _score_page(
    item: RoundOfCouncil,
    return_id: str,
    code: str,
    *,
    problems: tuple[tuple[str, str], ...] = (),
) -> Page:
    signed = return_review_pages.read(item, return_review_pages.get_given(item, return_id))
    page = presenters.score_page(
        presenters_rounds.head(item, now=now()),
        signed,
        code,
        choice=request.form.get("choice", "") if problems else None,
        reason=request.form.get("reason", "") if problems else None,
    )
    html = render_template("return_review/score.html", page=page, problems=problems)
    return (html, NOT_RIGHT) if problems else html


@return_review.post("/<return_id>/scores/<code>")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def save_score(slug: str, return_id: str, code: str) -> Page:
    """Keeps a score, or takes the one in force back."""
    item = round_pages.load(slug)
    given = return_review_pages.get_given(item, return_id)
    signed = return_review_pages.read(item, given)
    section, bank = signed.find(code)
    account = require_account()
    try:
        made = return_moderating.moderate(
            db.session(),
            given,
            round_id=item.round.id,
            round_slug=slug,
            council_id=item.council.id,
            bank=bank,
            own=signed.answers.get((section.round_id, code)),
            code=code,
            choice=request.form.get("choice", ""),
            reason=request.form.get("reason", ""),
            seen=_number(request.form.get("seen", "")),
            account_id=account.id,
            name=account.name,
            now=now(),
        )
    except InvalidScore as error:
        db.session.rollback()
        return _score_page(
            round_pages.load(slug), return_id, code, problems=((error.field, str(error)),)
        )
    except ScoredMeanwhile:
        db.session.rollback()
        message = "Somebody else has just scored this answer: look at what they said below"
        return _score_page(round_pages.load(slug), return_id, code, problems=(("choice", message),))
    db.session.commit()
    done = "scored" if made.option else "taken-back"
    return redirect(url_for("return_review.agency", slug=slug, return_id=return_id, done=done))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


@return_review.post("/<return_id>/evidence/<evidence_id>")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def open_evidence(slug: str, return_id: str, evidence_id: str) -> Page:
    """Hands out a file of a signed return and puts on record that it was opened."""
    item = round_pages.load(slug)
    given = return_review_pages.get_given(item, return_id)
    row = return_reading.get_signed_file(
        db.session(), given, round_id=item.round.id, evidence_id=evidence_id
    )
    path = return_evidence.file_path(return_evidence_files.folder_of(settings().instance), row)
    return_evidence.record_opened(
        db.session(),
        row,
        agency=given.agency,
        round_slug=slug,
        account_id=require_account().id,
        council_id=item.council.id,
        now=now(),
    )
    db.session.commit()
    return return_files.download(path, name=row.file_name)


@return_review.get("/<return_id>/send-back", endpoint="send_back")
@needs(Role.REVIEW_MANAGER)
def ask_to_send_back(slug: str, return_id: str) -> Page:
    """Asks why a return is sent back."""
    item = round_pages.load(slug)
    return _send_back_page(item, return_id)


def _send_back_page(
    item: RoundOfCouncil, return_id: str, *, problems: tuple[tuple[str, str], ...] = ()
) -> Page:
    page = return_review_pages.return_page(item, return_id)
    others = [
        one.council
        for one in return_review_pages.get_item(
            return_review_pages.get_given(item, return_id)
        ).rounds
        if one.council_id != item.council.id
    ]
    html = render_template(
        "return_review/send_back.html",
        page=page,
        is_shared=bool(others),
        problems=problems,
        reason=request.form.get("reason", ""),
    )
    return (html, NOT_RIGHT) if problems else html


@return_review.post("/<return_id>/send-back")
@needs(Role.REVIEW_MANAGER)
def send_back_now(slug: str, return_id: str) -> Page:
    """Sends a return back to be written on again."""
    item = round_pages.load(slug)
    found = return_review_pages.get_item(return_review_pages.get_given(item, return_id))
    reason = clean_text(request.form.get("reason", ""))
    try:
        returns_signing.send_back(db.session(), found, writer=_writer(), reason=reason, now=now())
    except InvalidSignature as error:
        db.session.rollback()
        return _send_back_page(
            round_pages.load(slug), return_id, problems=((error.field, str(error)),)
        )
    db.session.commit()
    return redirect(
        url_for("return_review.agency", slug=slug, return_id=return_id, done="sent-back")
    )


@return_review.get("/<return_id>/more-time", endpoint="more_time")
@needs(Role.REVIEW_MANAGER)
def ask_about_time(slug: str, return_id: str) -> Page:
    """The form to answer a request for more time."""
    item = round_pages.load(slug)
    asked = return_review_pages.waiting_of(item, return_review_pages.get_given(item, return_id))
    if asked is None:
        return redirect(url_for("return_review.agency", slug=slug, return_id=return_id))
    return _time_page(item, return_id, return_review_pages.first_form(asked))


def _time_page(item: RoundOfCouncil, return_id: str, form: ExtensionForm) -> Page:
    page = return_review_pages.return_page(item, return_id)
    html = render_template("return_review/more_time.html", page=page, form=form)
    return (html, NOT_RIGHT) if form.problems else html


@return_review.post("/<return_id>/more-time")
@needs(Role.REVIEW_MANAGER)
def answer_about_time(slug: str, return_id: str) -> Page:
    """Gives more time or refuses it."""
    item = round_pages.load(slug)
    given = return_review_pages.get_given(item, return_id)
    found = return_review_pages.get_item(given)
    entry, problems = read_date(request.form.to_dict(flat=False), "until")
    choice = request.form.get("choice", "")
    form = ExtensionForm(choice=choice, until=entry, answer=request.form.get("answer", ""))
    if choice not in {"grant", "refuse"}:
        problems = (("choice", "Select whether you give more time"),)
    elif choice == "refuse":
        problems = ()
    elif not problems and entry.value is None:
        problems = (("until-day", "Enter the day until when you give time"),)
    if not problems:
        try:
            return_extending.decide(
                db.session(),
                found,
                return_extending.round_of(found, slug),
                until=entry.value if choice == "grant" else None,
                answer=form.answer,
                writer=_writer(),
                now=now(),
            )
        except InvalidExtension as error:
            db.session.rollback()
            field = "until-day" if error.field == "until" else error.field
            problems = ((field, str(error)),)
    if problems:
        if return_review_pages.waiting_of(item, given) is None:
            return redirect(url_for("return_review.agency", slug=slug, return_id=return_id))
        return _time_page(round_pages.load(slug), return_id, replace(form, problems=problems))
    db.session.commit()
    done = "granted" if choice == "grant" else "refused"
    return redirect(url_for("return_review.agency", slug=slug, return_id=return_id, done=done))
