"""An agency lead's pages: their agency's returns, and who helps with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from question_banks.bank import in_language
from survey.actions import return_joining
from survey.actions import returns as writing
from survey.actions import returns_people as sharing
from survey.actions import returns_signing as signing
from survey.actions.returns_links import link_of
from survey.actions.returns_people import InvalidContributor
from survey.actions.returns_signing import InvalidSignature, NotReady
from survey.clock import now
from survey.data import returns as data
from survey.data import returns_people
from survey.data.banks import get_bank
from survey.data.returns import Marking
from survey.extensions import db
from survey.web import presenters_return_people, presenters_returns, returns_forms, returns_pages
from survey.web.access import Role, needs
from survey.web.returns_actor import Actor, lead
from survey.web.returns_forms import ContributorForm, DateEntry, DetailsForm, SignatureForm
from survey.web.returns_pages import NOT_RIGHT, Page
from survey.web.sign_in import known_account, require_account, settings

returns = Blueprint("returns", __name__, url_prefix="/returns")


@returns.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account(), "frame": "manage/layout.html"}


@returns.get("")
@needs(Role.AGENCY_LEAD)
def own() -> Page:
    """The returns of the agencies this person leads, and rounds that wait for one."""
    return _own()


def _own(problem: str = "") -> Page:
    session, account = db.session(), require_account()
    items = data.list_returns(session, account_id=account.id)
    asked = data.list_rounds_to_answer(session, account_id=account.id)
    titles, gives = {}, {}
    for one in asked:
        bank = get_bank(session, round_id=one.round.round_id, digest=one.round.bank_digest)
        titles[one.bank_id] = in_language(bank.title)
        begun = return_joining.find_begun(items, one, bank=bank, now=now())
        if begun is not None:
            gives[one.round.round_id, one.agency_id] = begun.id
    for item in items:
        core = data.get_core_bank(session, return_id=item.id, digest=item.bank_digest)
        titles[item.bank_id] = in_language(core.title)
    cards = presenters_returns.cards(
        items,
        asked,
        titles=titles,
        urls={item.id: url_for("returns.overview", return_id=item.id) for item in items},
        gives={
            key: url_for("return_lead.councils", return_id=return_id)
            for key, return_id in gives.items()
        },
        now=now(),
    )
    return render_template("returns/own.html", cards=cards, problem=problem)


@returns.post("/start/<round_id>")
@needs(Role.AGENCY_LEAD)
def start(round_id: str) -> Page:
    """Begins the return that a round asks for."""
    account = require_account()
    return_id = writing.begin(
        db.session(),
        round_id=round_id,
        account_id=account.id,
        name=account.name,
        now=now(),
        agency_id=request.form.get("agency"),
    )
    db.session.commit()
    return redirect(url_for("returns.overview", return_id=return_id, done="begun"))


@returns.get("/<return_id>")
@needs(Role.AGENCY_LEAD)
def overview(return_id: str) -> Page:
    """One return: what there is to do, section by section."""
    return returns_pages.overview(lead(return_id))


@returns.get("/<return_id>/whole")
@needs(Role.AGENCY_LEAD)
def whole(return_id: str) -> Page:
    """The whole return, to read and to print."""
    return returns_pages.whole(lead(return_id))


@returns.get("/<return_id>/section/<section>/<key>")
@needs(Role.AGENCY_LEAD)
def page(return_id: str, section: str, key: str) -> Page:
    """One page of questions."""
    return returns_pages.form(lead(return_id), section, key)


@returns.post("/<return_id>/section/<section>/<key>")
@needs(Role.AGENCY_LEAD)
def save_page(return_id: str, section: str, key: str) -> Page:
    """Saves what was changed on a page."""
    return returns_pages.save(lead(return_id), section, key)


@returns.get("/<return_id>/question/<section>/<code>")
@needs(Role.AGENCY_LEAD)
def question(return_id: str, section: str, code: str) -> Page:
    """One question: notes, and who changed what."""
    return returns_pages.question(lead(return_id), section, code)


@returns.post("/<return_id>/question/<section>/<code>/notes")
@needs(Role.AGENCY_LEAD)
def add_note(return_id: str, section: str, code: str) -> Page:
    """Leaves a note for the others."""
    return returns_pages.add_note(lead(return_id), section, code)


@returns.post("/<return_id>/question/<section>/<code>/notes/<note_id>")
@needs(Role.AGENCY_LEAD)
def settle_note(return_id: str, section: str, code: str, note_id: str) -> Page:
    """Marks a note as settled."""
    return returns_pages.settle_note(lead(return_id), section, code, note_id)


@returns.get("/<return_id>/choose/<held_id>")
@needs(Role.AGENCY_LEAD)
def choose(return_id: str, held_id: str) -> Page:
    """Two answers to choose from."""
    return returns_pages.choose(lead(return_id), held_id)


@returns.post("/<return_id>/choose/<held_id>")
@needs(Role.AGENCY_LEAD)
def save_choice(return_id: str, held_id: str) -> Page:
    """Carries out a choice between two answers."""
    return returns_pages.save_choice(lead(return_id), held_id)


@returns.get("/<return_id>/details")
@needs(Role.AGENCY_LEAD)
def details(return_id: str) -> Page:
    """The day the return describes, and its protective marking."""
    actor = lead(return_id)
    form = DetailsForm(as_at=DateEntry.of(actor.item.as_at), marking=actor.item.marking)
    return _details(actor, form)


def _details(actor: Actor, form: DetailsForm) -> Page:
    page = render_template("returns/details.html", page=_head(actor), form=form, actor=actor)
    return (page, NOT_RIGHT) if form.problems else page


def _head(actor: Actor) -> presenters_returns.ReturnHead:
    bank = writing.list_parts(db.session(), actor.item)[0].bank
    return presenters_returns.head_of(actor, bank, now=now())


@returns.post("/<return_id>/details")
@needs(Role.AGENCY_LEAD)
def save_details(return_id: str) -> Page:
    """Saves the day and the marking."""
    actor = lead(return_id)
    form = returns_forms.read_details(request.form.to_dict(flat=False))
    if form.problems:
        return _details(actor, form)
    writing.change_details(
        db.session(),
        actor.item,
        as_at=form.as_at.value,
        marking=Marking(form.marking),
        account_id=require_account().id,
        now=now(),
    )
    db.session.commit()
    return redirect(actor.url("overview", done="details"))


SHARED = {
    "added": "The contributor has been added. Send them their link, or copy it below.",
    "changed": "The contributor’s details have been saved.",
    "sent": "The link is on its way by e-mail.",
    "not_sent": "No e-mail was sent: there is no address, or their part has ended.",
    "renewed": "The old link no longer works. Send the new one.",
    "ended": "Their part has ended. What they wrote stays.",
    "let_in": "They can open the return again by the same link.",
}


@returns.get("/<return_id>/people")
@needs(Role.AGENCY_LEAD)
def people(return_id: str) -> Page:
    """Who helps with the return, with the link of each."""
    actor = lead(return_id)
    view = presenters_return_people.people_page(
        actor,
        writing.load(db.session(), actor.item),
        contributors=returns_people.list_contributors(db.session(), return_id=return_id),
        link=_link,
        now=now(),
    )
    done = SHARED.get(request.args.get("done", ""), "")
    return render_template("returns/people.html", page=view, actor=actor, done=done)


def _link(public_id: str, generation: int) -> str:
    return link_of(
        secret_key=settings().secret_key,
        base_url=settings().base_url,
        public_id=public_id,
        generation=generation,
    )


@returns.get("/<return_id>/people/add")
@needs(Role.AGENCY_LEAD)
def new_person(return_id: str) -> Page:
    """The form to add a contributor."""
    return _person(lead(return_id), ContributorForm())


@returns.get("/<return_id>/people/<contributor_id>")
@needs(Role.AGENCY_LEAD)
def person(return_id: str, contributor_id: str) -> Page:
    """The form to change a contributor."""
    actor = lead(return_id)
    found = returns_people.get_contributor(
        db.session(), return_id=return_id, contributor_id=contributor_id
    )
    return _person(actor, returns_forms.form_of(found), contributor_id)


def _person(actor: Actor, form: ContributorForm, contributor_id: str = "") -> Page:
    view = presenters_return_people.person_page(
        actor,
        writing.load(db.session(), actor.item),
        form=form,
        contributor_id=contributor_id,
        now=now(),
    )
    page = render_template("returns/person.html", page=view, form=form, actor=actor)
    return (page, NOT_RIGHT) if form.problems else page


@returns.post("/<return_id>/people/add")
@needs(Role.AGENCY_LEAD)
def add_person(return_id: str) -> Page:
    """Adds a contributor."""
    actor = lead(return_id)
    form = returns_forms.read_contributor(request.form.to_dict(flat=False))
    try:
        sharing.add_contributor(db.session(), actor.item, **_entries(actor, form))
    except InvalidContributor as error:
        return _person(actor, replace(form, problems=((error.field, str(error)),)))
    db.session.commit()
    return redirect(url_for("returns.people", return_id=return_id, done="added"))


@returns.post("/<return_id>/people/<contributor_id>")
@needs(Role.AGENCY_LEAD)
def change_person(return_id: str, contributor_id: str) -> Page:
    """Changes a contributor and what they share."""
    actor = lead(return_id)
    form = returns_forms.read_contributor(request.form.to_dict(flat=False))
    entries = _entries(actor, form)
    try:
        sharing.change_contributor(
            db.session(), actor.item, contributor_id=contributor_id, **entries
        )
    except InvalidContributor as error:
        problems = ((error.field, str(error)),)
        return _person(actor, replace(form, problems=problems), contributor_id)
    db.session.commit()
    return redirect(url_for("returns.people", return_id=return_id, done="changed"))


def _entries(actor: Actor, form: ContributorForm) -> dict[str, Any]:
    known = [section.code for section in writing.load(db.session(), actor.item).sections]
    return {
        "name": form.name,
        "post": form.post,
        "email": form.email,
        "may_sign": form.may_sign,
        "sections": form.sections,
        "known": known,
        "account_id": require_account().id,
        "now": now(),
    }


@returns.post("/<return_id>/people/<contributor_id>/send")
@needs(Role.AGENCY_LEAD)
def send_link(return_id: str, contributor_id: str) -> Page:
    """Sends a contributor their link by e-mail."""
    actor = lead(return_id)
    sent = sharing.send_link(
        db.session(), actor.item, contributor_id=contributor_id, writer=actor.writer, now=now()
    )
    db.session.commit()
    done = "sent" if sent else "not_sent"
    return redirect(url_for("returns.people", return_id=return_id, done=done))


@returns.post("/<return_id>/people/<contributor_id>/renew")
@needs(Role.AGENCY_LEAD)
def renew_link(return_id: str, contributor_id: str) -> Page:
    """Replaces a contributor's link."""
    actor = lead(return_id)
    sharing.renew_link(
        db.session(),
        actor.item,
        contributor_id=contributor_id,
        account_id=require_account().id,
        now=now(),
    )
    db.session.commit()
    return redirect(url_for("returns.people", return_id=return_id, done="renewed"))


@returns.post("/<return_id>/people/<contributor_id>/end")
@needs(Role.AGENCY_LEAD)
def end_person(return_id: str, contributor_id: str) -> Page:
    """Ends a contributor's part, or lets them back in."""
    actor = lead(return_id)
    ended = request.form.get("do") != "let_in"
    sharing.set_ended(
        db.session(),
        actor.item,
        contributor_id=contributor_id,
        ended=ended,
        account_id=require_account().id,
        now=now(),
    )
    db.session.commit()
    done = "ended" if ended else "let_in"
    return redirect(url_for("returns.people", return_id=return_id, done=done))


@returns.get("/<return_id>/submit")
@needs(Role.AGENCY_LEAD)
def ask_to_submit(return_id: str) -> Page:
    """What is missing; and when nothing is, the way to send the return for sign-off."""
    return _submit(lead(return_id))


def _submit(actor: Actor, *, status: int = 200) -> Response | tuple[str, int] | str:
    session, id_ = db.session(), actor.item.id
    view = presenters_return_people.submit_page(
        actor,
        head=_head(actor),
        missing=signing.missing_of(session, actor.item),
        notes=sum(returns_people.count_open_notes(session, return_id=id_).values()),
        signers=[
            *(
                one.name
                for one in returns_people.list_leads(session, agency_id=actor.item.agency_id)
                if one.id != actor.writer.account_id
            ),
            *(
                one.name
                for one in returns_people.list_contributors(session, return_id=id_)
                if one.may_sign and one.ended_at is None
            ),
        ],
    )
    return render_template(
        "returns/submit.html", page=view, actor=actor, tried=status != 200
    ), status


@returns.post("/<return_id>/submit")
@needs(Role.AGENCY_LEAD)
def submit(return_id: str) -> Page:
    """Sends the return for sign-off."""
    actor = lead(return_id)
    try:
        signing.submit(db.session(), actor.item, writer=actor.writer, now=now())
    except NotReady:
        db.session.rollback()
        return _submit(actor, status=NOT_RIGHT)
    db.session.commit()
    return redirect(actor.url("overview", done="submitted"))


@returns.get("/<return_id>/sign")
@needs(Role.AGENCY_LEAD)
def ask_to_sign(return_id: str) -> Page:
    """The page on which a return is signed here."""
    return returns_pages.ask_to_sign(lead(return_id))


@returns.post("/<return_id>/sign")
@needs(Role.AGENCY_LEAD)
def sign(return_id: str) -> Page:
    """Signs the return."""
    return returns_pages.sign(lead(return_id))


@returns.get("/<return_id>/signed-elsewhere")
@needs(Role.AGENCY_LEAD)
def ask_for_signature(return_id: str) -> Page:
    """The form to record a signature given outside this service."""
    return _signature(lead(return_id), SignatureForm())


def _signature(actor: Actor, form: SignatureForm) -> Page:
    page = render_template(
        "returns/signed_elsewhere.html", page=_head(actor), form=form, actor=actor
    )
    return (page, NOT_RIGHT) if form.problems else page


@returns.post("/<return_id>/signed-elsewhere")
@needs(Role.AGENCY_LEAD)
def record_signature(return_id: str) -> Page:
    """Records a signature given outside this service."""
    actor = lead(return_id)
    form = returns_forms.read_signature(request.form.to_dict(flat=False))
    if form.problems:
        return _signature(actor, form)
    try:
        signing.record_signature(
            db.session(),
            actor.item,
            writer=actor.writer,
            officer=form.officer,
            post=form.post,
            signed_on=form.signed_on.value,
            now=now(),
        )
    except InvalidSignature as error:
        target = "signed_on-day" if error.field == "signed_on" else error.field
        return _signature(actor, replace(form, problems=((target, str(error)),)))
    db.session.commit()
    return redirect(actor.url("overview", done="signed"))


@returns.get("/<return_id>/send-back")
@needs(Role.AGENCY_LEAD)
def ask_to_send_back(return_id: str) -> Page:
    """The page on which a return is sent back to be changed."""
    return returns_pages.ask_to_send_back(lead(return_id))


@returns.post("/<return_id>/send-back")
@needs(Role.AGENCY_LEAD)
def send_back(return_id: str) -> Page:
    """Sends the return back with a reason."""
    return returns_pages.send_back(lead(return_id))
