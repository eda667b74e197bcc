"""What an agency lead does around a return: a Word draft, last answers, councils, more time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from question_banks.answers import display
from question_banks.bank import Bank, Question, in_language
from question_banks.text import clean_line
from survey.actions import return_carrying, return_extending, return_joining, returns
from survey.actions.return_carrying import Offer, Offered
from survey.actions.return_extending import InvalidExtension, in_words, last_day
from survey.actions.returns_signing import missing_of
from survey.clock import now
from survey.data import return_evidence, return_extensions, returns_versions
from survey.data.return_extensions import ReturnExtension
from survey.data.returns import RoundOfReturn
from survey.data.returns_versions import StoredVersion
from survey.errors import NotAllowedNow
from survey.extensions import db
from survey.web.access import Role, needs
from survey.web.presenting import LONDON, long_date
from survey.web.returns_actor import Actor, lead
from survey.web.returns_forms import DateEntry, read_date
from survey.web.sign_in import known_account, require_account

return_lead = Blueprint("return_lead", __name__, url_prefix="/returns/<return_id>")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DONE = {
    "carried": "The answers of your last return are in this one. Each counts as missing until "
    "somebody confirms or changes it.",
    "confirmed": "The answers you chose are confirmed.",
    "nothing": "Nothing was chosen, so nothing has changed.",
    "joined": "The return is given to that council as well.",
    "asked": "The council has been asked for more time. You will be told by e-mail.",
}


@return_lead.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account(), "frame": "manage/layout.html"}


def _done() -> str:
    return DONE.get(request.args.get("done", ""), "")


@return_lead.get("/draft", endpoint="draft")
@needs(Role.AGENCY_LEAD)
def ask_for_draft(return_id: str) -> Page:
    """Asks which sections the Word draft should hold."""
    actor = lead(return_id)
    answered = returns.load(db.session(), actor.item)
    return render_template("return_lead/draft.html", actor=actor, sections=answered.sections)


@return_lead.get("/draft.docx", endpoint="draft_file")
@needs(Role.AGENCY_LEAD)
def make_draft(return_id: str) -> Page:
    """The Word draft of the chosen sections; of all where none is chosen."""
    from survey.actions.return_draft_document import draft_bytes
    from survey.actions.return_drafting import draft_of

    actor = lead(return_id)
    session, today = db.session(), now().astimezone(LONDON).date()
    answered = returns.load(session, actor.item)
    draft = draft_of(
        answered,
        chosen=set(request.args.getlist("sections")) & {one.code for one in answered.sections},
        evidence=return_evidence.list_evidence(session, return_id=return_id),
        missing=missing_of(session, actor.item),
        dated=today,
    )
    name = f"agency-return-draft-{today.isoformat()}.docx"
    return send_file(
        BytesIO(draft_bytes(draft)), as_attachment=True, download_name=name, mimetype=WORD
    )


@dataclass(frozen=True)
class EarlierRow:
    """An answer of the last return beside what this one says."""

    code: str
    text: str
    before_text: str
    """The question as it was worded then, where it was worded otherwise; "" where it was not."""
    answer: str
    state: str
    number: int
    """The version that a confirmation is about; 0 where there is nothing to confirm."""


@dataclass(frozen=True)
class EarlierPage:
    """What the agency's last return offers."""

    signed_on: str
    rows: tuple[EarlierRow, ...]
    can_carry: int
    to_confirm: int
    may_write: bool


@return_lead.get("/last-return", endpoint="earlier")
@needs(Role.AGENCY_LEAD)
def show_earlier(return_id: str) -> Page:
    """The answers of the agency's last return, to bring in and to confirm."""
    actor = lead(return_id)
    offered = return_carrying.find_offered(db.session(), actor.item)
    page = _earlier_page(actor, offered) if offered is not None else None
    return render_template("return_lead/earlier.html", actor=actor, page=page, done=_done())


def _earlier_page(actor: Actor, offered: Offered) -> EarlierPage:
    session = db.session()
    answered = returns.load(session, actor.item)
    newest = {
        version.question: version
        for version in returns_versions.list_newest(session, return_id=actor.item.id)
        if version.round_id is None
    }
    bank = answered.part(None).bank
    rows = tuple(
        _earlier_row(offer, offered.bank, bank, newest.get(offer.after.code))
        for offer in offered.offers
    )
    return EarlierPage(
        signed_on=in_words(offered.earlier.signed_on),
        rows=rows,
        can_carry=sum(offer.after.code not in newest for offer in offered.offers),
        to_confirm=sum(row.number > 0 for row in rows),
        may_write=actor.item.may_be_written(now()),
    )


def _earlier_row(
    offer: Offer, before: Bank, after: Bank, now_said: StoredVersion | None
) -> EarlierRow:
    was, is_carried = offer.version, now_said is not None and now_said.carried_from is not None
    state = "Not brought in"
    if now_said is not None:
        same = (now_said.value, now_said.not_applicable) == (was.value, was.not_applicable)
        state = "To be confirmed" if is_carried else "Confirmed" if same else "Changed"
    return EarlierRow(
        code=offer.after.code,
        text=in_language(offer.after.text),
        before_text=_then(offer) if offer.is_reworded else "",
        answer=display(before, offer.before, was.value) or f"Not applicable: {was.not_applicable}",
        state=state,
        number=now_said.number if is_carried and now_said is not None else 0,
    )


def _then(offer: Offer) -> str:
    """The question as it was worded, with its guidance where that was another."""
    before, after = _guidance(offer.before), _guidance(offer.after)
    guidance = f" ({before})" if before and before != after else ""
    return f"{in_language(offer.before.text)}{guidance}"


def _guidance(question: Question) -> str:
    return in_language(question.guidance) if question.guidance else ""


@return_lead.post("/last-return/bring-in")
@needs(Role.AGENCY_LEAD)
def carry_over(return_id: str) -> Page:
    """Brings the answers of the last return in where nobody has answered yet."""
    actor = lead(return_id)
    return_carrying.carry_over(db.session(), actor.item, writer=actor.writer, now=now())
    db.session.commit()
    return redirect(url_for("return_lead.earlier", return_id=return_id, done="carried"))


@return_lead.post("/last-return/confirm")
@needs(Role.AGENCY_LEAD)
def confirm(return_id: str) -> Page:
    """Confirms the answers that were ticked."""
    actor = lead(return_id)
    seen = {}
    for text in request.form.getlist("still"):
        code, _, number = text.rpartition(":")
        if number.isascii() and number.isdigit() and len(number) < 8:
            seen[code] = int(number)
    count = return_carrying.confirm(
        db.session(), actor.item, seen=seen, writer=actor.writer, now=now()
    )
    db.session.commit()
    done = "confirmed" if count else "nothing"
    return redirect(url_for("return_lead.earlier", return_id=return_id, done=done))


@dataclass(frozen=True)
class CouncilRow:
    """A council that is given the return, what it gets, and what was said about time."""

    council: str
    title: str
    slug: str
    gets: str
    due: str
    extensions: tuple[str, ...]
    is_waiting: bool
    may_ask: bool


@return_lead.get("/councils", endpoint="councils")
@needs(Role.AGENCY_LEAD)
def show_councils(return_id: str) -> Page:
    """Which council gets what, who else could be given the return, and until when there is time."""
    return _councils(lead(return_id))


def _councils(actor: Actor, problem: str = "") -> Page:
    session, item = db.session(), actor.item
    account_id = require_account().id
    answered = returns.load(session, item)
    added = {
        part.round_id: sum(1 for _ in part.bank.questions())
        for part in answered.parts
        if part.round_id is not None
    }
    told: dict[str, list[ReturnExtension]] = {}
    for row in return_extensions.list_extensions(session, return_id=item.id):
        told.setdefault(row.round_id, []).append(row)
    rows = [
        _council_row(one, added=added.get(one.round_id, 0), told=told.get(one.round_id, []))
        for one in item.rounds
    ]
    joinable = [
        (asked, return_joining.asks_more(session, asked))
        for asked in return_joining.list_joinable(session, item, account_id=account_id, now=now())
    ]
    html = render_template(
        "return_lead/councils.html",
        actor=actor,
        rows=rows,
        joinable=joinable,
        done=_done(),
        problem=problem,
    )
    return (html, 409) if problem else html


def _council_row(round_: RoundOfReturn, *, added: int, told: list[ReturnExtension]) -> CouncilRow:
    own = f", and your answers to the {added} it added" if added > 1 else ""
    own = own or (", and your answer to the 1 it added" if added else "")
    waiting = any(row.decided_at_utc is None for row in told)
    return CouncilRow(
        council=round_.council,
        title=round_.title,
        slug=round_.slug,
        gets=f"The questions that all councils ask{own}.",
        due=in_words(last_day(round_.answers_until)),
        extensions=tuple(map(_told, told)),
        is_waiting=waiting,
        may_ask=not waiting and round_.takes_signatures(now()),
    )


def _told(row: ReturnExtension) -> str:
    asked = f"{row.name} asked on {long_date(row.asked_at_utc)} for time until "
    asked += in_words(row.until)
    if row.decided_at_utc is None:
        return f"{asked}. No answer yet."
    said = f"given until {in_words(row.granted_until)}" if row.granted_until else "not given"
    return f"{asked}: {said}." + (f" {row.decided_by}: “{row.answer}”" if row.answer else "")


@return_lead.post("/councils/<round_id>/join")
@needs(Role.AGENCY_LEAD)
def join(return_id: str, round_id: str) -> Page:
    """Gives the return to one more council."""
    actor = lead(return_id)
    try:
        return_joining.join(
            db.session(),
            actor.item,
            round_id=round_id,
            account_id=require_account().id,
            writer=actor.writer,
            now=now(),
        )
    except NotAllowedNow as error:
        db.session.rollback()
        return _councils(lead(return_id), problem=str(error))
    db.session.commit()
    return redirect(url_for("return_lead.councils", return_id=return_id, done="joined"))


@dataclass(frozen=True)
class TimeForm:
    """More time asked for: until when, and why."""

    until: DateEntry = field(default_factory=DateEntry)
    reason: str = ""
    problems: tuple[tuple[str, str], ...] = ()

    def message(self, name: str) -> str | None:
        """What is wrong with a field, or with one of the boxes of a date; or None."""
        return next(
            (words for at, words in self.problems if at == name or at.startswith(f"{name}-")),
            None,
        )


@return_lead.get("/councils/<slug>/more-time", endpoint="more_time")
@needs(Role.AGENCY_LEAD)
def ask_for_time(return_id: str, slug: str) -> Page:
    """The form to ask a council for more time."""
    return _time_page(lead(return_id), slug, TimeForm())


def _time_page(actor: Actor, slug: str, form: TimeForm) -> Page:
    round_ = return_extending.round_of(actor.item, slug)
    html = render_template(
        "return_lead/more_time.html",
        actor=actor,
        round=round_,
        due=in_words(last_day(round_.answers_until)),
        form=form,
    )
    return (html, NOT_RIGHT) if form.problems else html


@return_lead.post("/councils/<slug>/more-time")
@needs(Role.AGENCY_LEAD)
def send_request(return_id: str, slug: str) -> Page:
    """Asks a council for more time."""
    actor = lead(return_id)
    entry, problems = read_date(request.form.to_dict(flat=False), "until")
    form = TimeForm(until=entry, reason=request.form.get("reason", "").replace("\r\n", "\n"))
    if not problems:
        try:
            return_extending.ask(
                db.session(),
                actor.item,
                return_extending.round_of(actor.item, clean_line(slug)),
                until=entry.value,
                reason=form.reason,
                writer=actor.writer,
                now=now(),
            )
        except InvalidExtension as error:
            db.session.rollback()
            at = "until-day" if error.field == "until" else error.field
            problems = ((at, str(error)),)
    if problems:
        return _time_page(lead(return_id), slug, replace(form, problems=problems))
    db.session.commit()
    return redirect(url_for("return_lead.councils", return_id=return_id, done="asked"))
