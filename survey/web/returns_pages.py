"""The pages of a return that agency leads and contributors share, each under their own address."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from question_banks.answers import field_names, parse_form
from question_banks.bank import LongTextQuestion, Question, ShortTextQuestion
from question_banks.path import Page as Questions
from question_banks.text import clean_text
from survey.actions import returns, returns_saving, returns_signing
from survey.actions.returns import Answered
from survey.actions.returns_path import Section
from survey.actions.returns_rules import Said
from survey.actions.returns_saving import SavedPage
from survey.actions.returns_signing import InvalidSignature
from survey.clock import now
from survey.data import return_evidence, returns_people, returns_versions
from survey.data import returns as data
from survey.data.returns_versions import Chosen, HeldAnswer, HeldBecause
from survey.errors import NotFound, RevokedInvitation, UnknownInvitation
from survey.extensions import db
from survey.web import (
    presenters_return_form,
    presenters_return_question,
    presenters_return_whole,
    presenters_returns,
)
from survey.web.error_pages import typed
from survey.web.returns_actor import Actor, require_signer
from survey.web.returns_forms import SignatureForm, read_signature

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
NOT_NOW = 409
LONGEST_NOTE = 2000

DONE = {
    "saved": "Saved.",
    "follow": "Saved. Your answer leads to the questions marked “New” below.",
    "nothing": "Nothing had changed, so nothing was saved.",
    "chosen": "Your choice has been saved. The other answer stays in the history.",
    "note": "Your note has been added.",
    "settled": "The note is settled.",
    "details": "The details have been saved.",
    "submitted": "The return has been sent for sign-off. Nobody can change it now.",
    "signed": "The return is signed.",
    "sent_back": "The return has been sent back. It can be changed again.",
    "begun": "Your return has begun. Everything that is saved is kept.",
}


def done_words() -> str:
    """What has just happened, as the address says; "" for nothing or for nonsense."""
    return DONE.get(request.args.get("done", ""), "")


def overview(actor: Actor) -> Page:
    """The front page of a return."""
    session, id_ = db.session(), actor.item.id
    view = presenters_returns.overview(
        actor,
        returns.load(session, actor.item),
        held=returns_versions.list_held(session, return_id=id_),
        notes=returns_people.count_open_notes(session, return_id=id_),
        events=data.list_events(session, return_id=id_),
        now=now(),
    )
    return render_template("returns/overview.html", page=view, actor=actor, done=done_words())


def whole(actor: Actor) -> Page:
    """All that this person may read of the return, to print."""
    session, id_ = db.session(), actor.item.id
    place = "return_evidence" if actor.is_lead else "contribute_evidence"
    view = presenters_return_whole.whole(
        actor,
        returns.load(session, actor.item),
        held=returns_versions.list_held(session, return_id=id_),
        events=data.list_events(session, return_id=id_),
        evidence=return_evidence.list_evidence(session, return_id=id_),
        evidence_url=lambda code: url_for(f"{place}.evidence", section=code, **actor.key),  # type: ignore[arg-type]  # addresses are made of text
        now=now(),
    )
    return render_template("returns/whole.html", page=view, actor=actor)


def form(actor: Actor, section: str, key: str) -> Page:
    """One page of questions to write on; to read, where nobody may write now."""
    _require_section(actor, section)
    if not (actor.item.may_be_written(now()) and actor.may_write(section)):
        return redirect(actor.url("whole", _anchor=f"{section}-{key}"))
    answered = returns.load(db.session(), actor.item)
    found = answered.section(section)
    page = returns.find_page(found, key)
    new = tuple(request.args.get("new", "").split())
    return _form(actor, answered, found, page, new_from=new, done=done_words())


def _as_sent(
    answered: Answered, section: Section, page: Questions | None, outcome: SavedPage
) -> Questions:
    """A page with all it asks now, and all that was sent in: nothing that was written is hidden."""
    sent = outcome.page
    if sent is None or page is None:
        return sent or section.pages[0]
    codes = {question.code for question in (*page.questions, *sent.questions)}
    bank = answered.part(section.round_id).bank
    questions = tuple(one for one in bank.by_code.values() if one.code in codes)
    return Questions(page.key, page.signpost, page.topic, questions)


def _form(
    actor: Actor,
    answered: Answered,
    section: Section,
    asked: Questions,
    outcome: SavedPage | None = None,
    *,
    new_from: tuple[str, ...] = (),
    done: str = "",
) -> Page:
    session, id_ = db.session(), actor.item.id
    view = presenters_return_form.form_page(
        actor,
        answered,
        section,
        asked,
        held=returns_versions.list_held(session, return_id=id_),
        notes=returns_people.count_open_notes(session, return_id=id_),
        posted=request.form.to_dict(flat=False) if outcome is not None else None,
        errors=outcome.errors if outcome is not None else (),
        saved=outcome.saved if outcome is not None else (),
        new_from=outcome.new_questions if outcome is not None else new_from,
        now=now(),
    )
    page = render_template("returns/form.html", page=view, actor=actor, done=done)
    return (page, NOT_RIGHT) if outcome is not None else page


def save(actor: Actor, section: str, key: str, *, barred: HeldBecause | None = None) -> Page:
    """Saves a page: goes on, shows what is wrong, or shows two answers to choose from."""
    if barred is None and not actor.may_write(section):
        barred = HeldBecause.UNSHARED
    outcome = returns_saving.save_page(
        db.session(),
        actor.item,
        section=section,
        key=key,
        posted=request.form.to_dict(flat=False),
        writer=actor.writer,
        now=now(),
        barred=barred,
    )
    db.session.commit()
    if outcome.because is not None:
        return kept(actor, outcome)
    answered = outcome.answered or returns.load(db.session(), actor.item)
    found = next((one for one in answered.sections if one.code == section), None)
    page = next((one for one in found.pages if one.key == key), None) if found else None
    if outcome.errors and found is not None:
        return _form(actor, answered, found, _as_sent(answered, found, page, outcome), outcome)
    if outcome.held:
        return redirect(actor.url("choose", held_id=outcome.held[0]))
    if outcome.new_questions:
        anchor = outcome.new_questions[0]
        new = " ".join(outcome.new_questions)
        return redirect(
            actor.url("page", section=section, key=key, done="follow", new=new, _anchor=anchor)
        )
    done = "saved" if outcome.saved else "nothing"
    following = presenters_return_form.next_page(found, page) if found and page else None
    if "later" in request.form or following is None:
        return redirect(actor.url("overview", done=done))
    return redirect(actor.url("page", section=section, key=following.key, done=done))


KEPT = {
    HeldBecause.ENDED: "Your part in this return has ended",
    HeldBecause.UNSHARED: "This section is no longer shared with you",
    HeldBecause.NOT_OPEN: "This return takes no answers now",
}


def kept(actor: Actor, outcome: SavedPage) -> Page:
    """Says kindly that an answer came too late, and that it is not lost."""
    because = outcome.because or HeldBecause.NOT_OPEN
    page = render_template(
        "returns/kept.html",
        title=KEPT[because],
        because=because.value,
        was_kept=bool(outcome.held),
        agency=actor.item.agency,
        marking=actor.item.marking,
        typed=typed(),
        actor=actor,
        overview="" if because is HeldBecause.ENDED else actor.url("overview"),
    )
    return page, NOT_NOW


def no_such_link(_error: UnknownInvitation) -> tuple[str, int]:
    """Says what to do where a contributor's link, or the cookie it left, opens nothing."""
    return render_template("contribute/unknown.html", typed=typed()), 404


def link_replaced(_error: RevokedInvitation) -> tuple[str, int]:
    """Says what to do where a contributor's link has been replaced by another."""
    return render_template("contribute/replaced.html", typed=typed()), 410


def _require_section(actor: Actor, section: str) -> None:
    if not actor.may_read(section):
        raise NotFound("This section is not shared with this contributor.")


def question(actor: Actor, section: str, code: str) -> Page:
    """One question: its notes, and who changed what."""
    return _question(actor, section, code)


def _question(actor: Actor, section: str, code: str, *, problem: str = "", text: str = "") -> Page:
    _require_section(actor, section)
    session, id_ = db.session(), actor.item.id
    answered = returns.load(session, actor.item)
    asked = returns.find_question(answered, section=section, code=code)
    found = answered.section(section)
    place = request.args.get("history", "1")
    number = int(place) if place.isascii() and place.isdigit() and 0 < len(place) < 5 else 1
    view = presenters_return_question.question_page(
        actor,
        answered,
        found,
        asked,
        key=_key_of(found, code),
        notes=returns_people.list_notes(session, return_id=id_, question=code),
        versions=returns_versions.list_versions(
            session, return_id=id_, round_id=found.round_id, questions=[code]
        ),
        held=[
            one
            for one in returns_versions.list_held(
                session, return_id=id_, question=code, waiting_only=False
            )
            if one.round_id == found.round_id
        ],
        number=max(1, number),
        now=now(),
    )
    page = render_template(
        "returns/question.html",
        page=view,
        actor=actor,
        done=done_words(),
        problem=problem,
        text=text,
    )
    return (page, NOT_RIGHT) if problem else page


def _key_of(section: Section, code: str) -> str:
    """The page of a section that asks a question; its first page where none does now."""
    for page in section.pages:
        if any(one.code == code for one in page.questions):
            return page.key
        if page.topic and any(one.code == code for one in page.topic.questions):
            return page.key
    return section.pages[0].key


def add_note(actor: Actor, section: str, code: str) -> Page:
    """Leaves a note for the others."""
    _require_write(actor, section)
    answered = returns.load(db.session(), actor.item)
    returns.find_question(answered, section=section, code=code)
    text = clean_text(request.form.get("text", ""))
    if not text:
        return _question(actor, section, code, problem="Enter a note")
    if len(text) > LONGEST_NOTE:
        problem = (
            f"Shorten the note to {LONGEST_NOTE:,} characters or fewer; it has {len(text):,} now"
        )
        return _question(actor, section, code, problem=problem, text=text)
    returns.add_note(
        db.session(),
        actor.item,
        round_id=answered.section(section).round_id,
        question=code,
        text=text,
        writer=actor.writer,
        now=now(),
    )
    db.session.commit()
    return redirect(actor.url("question", section=section, code=code, done="note"))


def settle_note(actor: Actor, section: str, code: str, note_id: str) -> Page:
    """Marks a note as settled."""
    _require_write(actor, section)
    answered = returns.load(db.session(), actor.item)
    returns.find_question(answered, section=section, code=code)
    returns_people.settle_note(
        db.session(),
        return_id=actor.item.id,
        round_id=answered.section(section).round_id,
        question=code,
        note_id=note_id,
        by=actor.writer.name,
        now=now(),
    )
    db.session.commit()
    return redirect(actor.url("question", section=section, code=code, done="settled"))


def _require_write(actor: Actor, section: str) -> None:
    if not (actor.may_write(section) or actor.is_signer):
        raise NotFound("This section is not shared with this contributor.")


def choose(actor: Actor, held_id: str) -> Page:
    """Two answers beside each other, to choose from."""
    answered, held, section, asked = _held(actor, held_id)
    if held.chosen is not None:
        return redirect(actor.url("overview", done="chosen"))
    return _choice(actor, answered, held, section, asked)


def _held(actor: Actor, held_id: str) -> tuple[Answered, HeldAnswer, Section | None, Question]:
    session = db.session()
    held = returns_versions.get_held(session, return_id=actor.item.id, held_id=held_id)
    answered = returns.load(session, actor.item)
    code = returns.section_of(answered, held.round_id, held.question)
    if not (actor.is_lead or actor.may_write(code)):
        raise NotFound("This section is not shared with this contributor.")
    asked = answered.part(held.round_id).bank.by_code.get(held.question)
    if asked is None:
        raise NotFound("This return has no such question.")
    section = next((one for one in answered.sections if one.code == code), None)
    return answered, held, section, asked


def _choice(
    actor: Actor,
    answered: Answered,
    held: HeldAnswer,
    section: Section | None,
    asked: Question,
    *,
    problem: tuple[str, str] | None = None,
) -> Page:
    versions = returns_versions.list_versions(
        db.session(),
        return_id=actor.item.id,
        round_id=held.round_id,
        questions=[held.question],
    )
    view = presenters_return_question.choice_page(
        actor,
        answered,
        section,
        asked,
        held=held,
        versions=versions,
        both=request.form.get("both") if problem is not None else None,
        chosen=request.form.get("chosen", ""),
        errors=[problem] if problem is not None else (),
        now=now(),
    )
    page = render_template("returns/choose.html", page=view, actor=actor)
    return (page, NOT_RIGHT) if problem is not None else page


AGAIN = "Somebody saved this answer again while you were choosing. Look at what it says now"


def save_choice(actor: Actor, held_id: str) -> Page:
    """Carries out a choice between two answers."""
    answered, held, section, asked = _held(actor, held_id)
    wanted = request.form.get("chosen", "")
    if wanted not in set(Chosen):
        problem = ("chosen", "Select which answer to keep")
        return _choice(actor, answered, held, section, asked, problem=problem)
    said = None
    if wanted == Chosen.BOTH:
        if not isinstance(asked, LongTextQuestion | ShortTextQuestion):
            problem = ("chosen", "Select which of the two answers to keep")
            return _choice(actor, answered, held, section, asked, problem=problem)
        posted = {name: request.form.getlist("both") for name in field_names(asked)}
        parsed = parse_form(answered.part(held.round_id).bank, asked, posted)
        if not parsed.is_valid:
            problem = ("both", parsed.errors[0].message)
            return _choice(actor, answered, held, section, asked, problem=problem)
        said = Said(parsed.value)
    base = request.form.get("base", "")
    outcome = returns_saving.choose(
        db.session(),
        actor.item,
        held_id=held_id,
        chosen=Chosen(wanted),
        said=said,
        base=int(base) if base.isascii() and base.isdigit() and len(base) < 8 else 0,
        writer=actor.writer,
        now=now(),
    )
    db.session.commit()
    if outcome.held:
        again, held, section, asked = _held(actor, outcome.held[0])
        return _choice(actor, again, held, section, asked, problem=("chosen", AGAIN))
    waiting = [
        one
        for one in returns_versions.list_held(db.session(), return_id=actor.item.id)
        if (one.account_id or "", one.contributor_id or "") == actor.writer.key
    ]
    if waiting:
        return redirect(actor.url("choose", held_id=waiting[0].id))
    return redirect(actor.url("overview", done="chosen"))


def ask_to_sign(actor: Actor) -> Page:
    """The page on which a return is signed here."""
    require_signer(actor)
    return _sign(actor, SignatureForm(officer=actor.writer.name))


def _sign(actor: Actor, form_: SignatureForm) -> Page:
    view = presenters_returns.head_of(
        actor, returns.list_parts(db.session(), actor.item)[0].bank, now=now()
    )
    allowed = returns_signing.may_sign(actor.item, writer=actor.writer)
    page = render_template("returns/sign.html", page=view, form=form_, actor=actor, allowed=allowed)
    return (page, NOT_RIGHT) if form_.problems else page


def sign(actor: Actor) -> Page:
    """Signs a return."""
    require_signer(actor)
    posted = read_signature(request.form.to_dict(flat=False))
    if not posted.agreed:
        problem = (("agreed", "Confirm that your agency agrees this return"),)
        return _sign(actor, replace(posted, problems=problem))
    try:
        returns_signing.sign(
            db.session(),
            actor.item,
            writer=actor.writer,
            officer=posted.officer,
            post=posted.post,
            now=now(),
        )
    except InvalidSignature as error:
        return _sign(actor, replace(posted, problems=((error.field, str(error)),)))
    db.session.commit()
    return redirect(actor.url("overview", done="signed"))


def ask_to_send_back(actor: Actor) -> Page:
    """The page on which a return is sent back to be changed."""
    require_signer(actor)
    return _send_back(actor)


def _send_back(actor: Actor, *, problem: str = "", reason: str = "") -> Page:
    view = presenters_returns.head_of(
        actor, returns.list_parts(db.session(), actor.item)[0].bank, now=now()
    )
    page = render_template(
        "returns/send_back.html", page=view, actor=actor, problem=problem, reason=reason
    )
    return (page, NOT_RIGHT) if problem else page


def send_back(actor: Actor) -> Page:
    """Sends a return back with a reason."""
    require_signer(actor)
    reason = clean_text(request.form.get("reason", ""))
    try:
        returns_signing.send_back(
            db.session(), actor.item, writer=actor.writer, reason=reason, now=now()
        )
    except InvalidSignature as error:
        return _send_back(actor, problem=str(error), reason=reason)
    db.session.commit()
    return redirect(actor.url("overview", done="sent_back"))
