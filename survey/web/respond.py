"""A respondent's journey, from the link to the receipt."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from question_banks.bank import Bank, Level
from question_banks.path import Page, find_page, first_incomplete, next_page, pages
from survey.actions import answering, submitting
from survey.actions.answering import Posted
from survey.actions.questionnaires import list_mine
from survey.actions.tokens import printed_code
from survey.clock import now
from survey.data.banks import get_bank
from survey.data.invitations import InvitedPerson
from survey.errors import AlreadySubmitted, NotComplete, NotFound, UnknownInvitation
from survey.extensions import csrf, db
from survey.web import access
from survey.web.question_form import QuestionPage, question_page
from survey.web.respond_pages import (
    blank_page,
    check_page,
    hub_page,
    level_page,
    person_page,
    saved_page,
    start_page,
)
from survey.web.respond_session import MINE, current, forget_secret, keep_secret
from survey.web.sign_in import settings

AnyPage = str | tuple[str, int] | AnyResponse

respond = Blueprint("respond", __name__)

FORM_OLD = "Your page had been open for a long time. Check what you entered, then save it again"


def _bank(person: InvitedPerson) -> Bank:
    return get_bank(db.session(), round_id=person.round_id, digest=person.bank_digest)


def _resume(person: InvitedPerson) -> str:
    """Where the link leads: the receipt, the start, the first incomplete page, or the check."""
    if person.has_submitted:
        return url_for("respond.sent", public_id=person.public_id)
    if person.level is None:
        return url_for("respond.start", public_id=person.public_id)
    path = pages(_bank(person), level=Level(person.level), answers=person.answers)
    page = first_incomplete(path, person.answers)
    if page is None:
        return url_for("respond.check", public_id=person.public_id)
    return url_for("respond.page", public_id=person.public_id, key=page.key)


@respond.get("/i/<public_id>/<secret>")
@access.invitation
def enter(public_id: str, secret: str) -> AnyResponse:
    """The link in an invitation: keeps its secret in a cookie, out of later addresses."""
    answering.get_person(db.session(), public_id, secret=secret, secret_key=settings().secret_key)
    target = url_for("respond.resume", public_id=public_id)
    return keep_secret(redirect(target), public_id=public_id, secret=secret)


@respond.get("/q/<public_id>/resume")
@access.invitation
def resume(public_id: str) -> AnyPage:
    """Goes to where the respondent left off."""
    person = current(public_id)
    if not person.has_submitted:
        answering.require_open(person, now=now())
    return redirect(_resume(person))


@respond.get("/q/<public_id>/")
@access.invitation
def start(public_id: str) -> AnyPage:
    """What this is, who will see it, and what it is not."""
    person = current(public_id)
    if person.has_submitted:
        return redirect(_resume(person))
    answering.require_open(person, now=now())
    return render_template("respond/start.html", page=start_page(person, _bank(person)))


@respond.get("/q/<public_id>/level")
@access.invitation
def level(public_id: str) -> AnyPage:
    """Asks which level the respondent works at."""
    person = current(public_id)
    answering.require_open(person, now=now())
    return render_template("respond/level.html", page=level_page(person))


@respond.post("/q/<public_id>/level")
@access.invitation
def save_level(public_id: str) -> AnyPage:
    """Saves the level and goes to the hub."""
    person = current(public_id)
    chosen = request.form.get("level", "")
    if chosen not in list(Level):
        answering.require_open(person, now=now())
        return render_template("respond/level.html", page=level_page(person, error=True))
    answering.choose_level(db.session(), person, level=Level(chosen), now=now())
    db.session.commit()
    return redirect(url_for("respond.signposts", public_id=public_id))


@respond.get("/q/<public_id>/signposts")
@access.invitation
def signposts(public_id: str) -> AnyPage:
    """The hub: the signposts and how far each has come."""
    person = current(public_id)
    answering.require_open(person, now=now())
    if person.level is None:
        return redirect(url_for("respond.level", public_id=public_id))
    return render_template("respond/signposts.html", page=hub_page(person, _bank(person)))


@respond.get("/q/<public_id>/page/<key>")
@access.invitation
def page(public_id: str, key: str) -> AnyPage:
    """One page of questions."""
    person = current(public_id)
    answering.require_open(person, now=now())
    if person.level is None:
        return redirect(url_for("respond.level", public_id=public_id))
    bank = _bank(person)
    shown = find_page(pages(bank, level=Level(person.level), answers=person.answers), key)
    if shown is None:
        return redirect(url_for("respond.signposts", public_id=public_id))
    view = question_page(person, bank, shown, answers=person.answers)
    return render_template("respond/page.html", page=view)


@respond.post("/q/<public_id>/page/<key>")
@access.invitation
def save_page(public_id: str, key: str) -> AnyPage:
    """Saves a page and goes on, or shows it again with what is wrong."""
    person = current(public_id)
    posted = request.form.to_dict(flat=False)
    try:
        # Checked here and not before the view, so that what was typed can be shown again.
        csrf.protect()
    except CSRFError:
        return render_template("respond/page.html", page=_expired(person, key, posted)), 400
    outcome = answering.save_page(db.session(), person, page_key=key, posted=posted, now=now())
    db.session.commit()
    if "later" in posted and outcome.only_blank:
        return redirect(url_for("respond.saved", public_id=public_id))
    if outcome.errors:
        view = question_page(
            person,
            _bank(person),
            outcome.page,
            answers=outcome.answers,
            posted=posted,
            errors=outcome.errors,
        )
        return render_template("respond/page.html", page=view)
    return redirect(_after(person, outcome))


csrf.exempt(save_page)


def _expired(person: InvitedPerson, key: str, posted: Posted) -> QuestionPage:
    answering.require_open(person, now=now())
    shown = _find(person, key)
    if shown is None:
        raise NotFound("That page is not part of this questionnaire.")
    return question_page(
        person, _bank(person), shown, answers=person.answers, posted=posted, notice=FORM_OLD
    )


def _find(person: InvitedPerson, key: str) -> Page | None:
    path = pages(_bank(person), level=Level(person.level or Level.OTHER), answers=person.answers)
    return find_page(path, key)


def _after(person: InvitedPerson, outcome: answering.PageOutcome) -> str:
    """The next page, the check once all is complete, or back to the check one came from."""
    if request.args.get("came_from") != "check":
        path = pages(
            _bank(person), level=Level(person.level or Level.OTHER), answers=outcome.answers
        )
        following = next_page(path, outcome.page)
        if following is not None:
            return url_for("respond.page", public_id=person.public_id, key=following.key)
    return url_for("respond.check", public_id=person.public_id)


@respond.get("/q/<public_id>/saved")
@access.invitation
def saved(public_id: str) -> AnyPage:
    """What one has entered is kept; how to come back."""
    person = current(public_id)
    answering.require_open(person, now=now())
    view = saved_page(person, code=_code(person), base_url=settings().base_url)
    return render_template("respond/saved.html", page=view)


@respond.post("/q/<public_id>/leave")
@access.invitation
def leave(public_id: str) -> AnyPage:
    """Closes the questionnaire in this browser, so that the next person here cannot open it."""
    return forget_secret(redirect(url_for("public.left")), public_id=public_id)


def _code(person: InvitedPerson) -> str:
    return printed_code(
        settings().secret_key, public_id=person.public_id, generation=person.generation
    )


@respond.get("/q/<public_id>/check")
@access.invitation
def check(public_id: str) -> AnyPage:
    """All the answers, to check, to print and to send."""
    person = current(public_id)
    if person.has_submitted:
        return redirect(_resume(person))
    answering.require_open(person, now=now())
    if person.level is None:
        return redirect(url_for("respond.level", public_id=public_id))
    return render_template("respond/check.html", page=check_page(person, _bank(person)))


@respond.post("/q/<public_id>/check")
@access.invitation
def submit(public_id: str) -> AnyPage:
    """Sends the answers in. A second press finds them sent and shows the same receipt."""
    person = current(public_id)
    try:
        submitting.submit(
            db.session(), person, may_be_quoted=request.form.get("quote") == "yes", now=now()
        )
    except NotComplete:
        view = check_page(person, _bank(person), error=True)
        return render_template("respond/check.html", page=view)
    except AlreadySubmitted:
        return redirect(url_for("respond.sent", public_id=public_id))
    db.session.commit()
    return redirect(url_for("respond.sent", public_id=public_id))


@respond.get("/q/<public_id>/sent")
@access.invitation
def sent(public_id: str) -> AnyPage:
    """The receipt. It shows no answers."""
    person = current(public_id)
    if not person.has_submitted:
        return redirect(_resume(person))
    return render_template("respond/sent.html", page=person_page(person), waiting=_waiting())


def _waiting() -> int:
    """How many more questionnaires somebody has to answer who came by the list of all of theirs."""
    token = request.cookies.get(MINE)
    if token is None:
        return 0
    try:
        found = list_mine(db.session(), token, secret_key=settings().secret_key, now=now())
    except UnknownInvitation:
        return 0
    return sum(not one.has_submitted for one in found)


@respond.get("/q/<public_id>/blank")
@access.invitation
def blank(public_id: str) -> AnyPage:
    """The whole questionnaire without answers, to print, also in large print."""
    person = current(public_id)
    asked = request.args.get("level", person.level or "")
    chosen = Level(asked) if asked in list(Level) else None
    view = blank_page(
        person, _bank(person), level=chosen, large=request.args.get("size") == "large"
    )
    return render_template("respond/blank.html", page=view)


@respond.get("/q/<public_id>/sheet")
@access.invitation
def sheet(public_id: str) -> AnyPage:
    """One page for an agency that must approve taking part."""
    person = current(public_id)
    view = start_page(person, _bank(person))
    return render_template(
        "respond/sheet.html", page=view, large=request.args.get("size") == "large"
    )
