"""Ways in by an agency’s open link, and by the one link to all of one’s own questionnaires."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.actions import open_links
from survey.actions.open_links import AllTaken, OpenDoor, WrongEmail
from survey.actions.questionnaires import list_mine, read_token
from survey.actions.tokens import is_link_secret, link_secret, new_seed
from survey.clock import now
from survey.data.banks import get_bank
from survey.data.invitations import InvitedPerson, find_person
from survey.errors import TooManyAttempts, UnknownInvitation
from survey.extensions import db
from survey.web import access, looks
from survey.web.error_pages import retry_after
from survey.web.presenters_joining import JoinPage, code_page, join_page, mine_page
from survey.web.respond_session import (
    MINE,
    Joined,
    current,
    joined_here,
    keep_joined,
    keep_mine,
    keep_secret,
)
from survey.web.sign_in import settings

AnyPage = str | tuple[str, int] | tuple[str, int, dict[str, str]] | AnyResponse

joining = Blueprint("joining", __name__)

NOT_RIGHT, CONFLICT, TOO_MANY = 422, 409, 429


def _door(open_id: str, secret: str) -> OpenDoor:
    door = open_links.get_door(
        db.session(), open_id, secret=secret, secret_key=settings().secret_key
    )
    looks.remember_person(door)
    return door


def _taken_here(open_id: str) -> InvitedPerson | None:
    """Whose invitation was taken in this browser by that link, while it can still be used."""
    joined = joined_here(open_id)
    person = find_person(db.session(), joined.public_id) if joined else None
    if joined is None or person is None or person.is_revoked:
        return None
    known = is_link_secret(
        settings().secret_key,
        joined.secret,
        public_id=person.public_id,
        generation=person.generation,
    )
    return person if known else None


def _page(door: OpenDoor, secret: str, *, problem: str = "", email: str = "") -> JoinPage:
    person = _taken_here(door.open_id)
    return join_page(
        door,
        get_bank(db.session(), round_id=door.round_id, digest=door.bank_digest),
        secret=secret,
        seed=new_seed(),
        is_full=open_links.is_full(db.session(), door),
        taken_here=person,
        taken_code=_code(person).code if person else "",
        problem=problem,
        email=email,
    )


def _code(person: InvitedPerson) -> open_links.Made:
    return open_links.code_of(
        person, secret_key=settings().secret_key, base_url=settings().base_url
    )


@joining.get("/join/<open_id>/<secret>")
@access.anybody
def join(open_id: str, secret: str) -> AnyPage:
    """What the questionnaire is, for anybody of the agency, and the button that gives a code."""
    door = _door(open_id, secret)
    open_links.require_open(door, now=now())
    return render_template("joining/join.html", page=_page(door, secret))


@joining.post("/join/<open_id>/<secret>")
@access.anybody
def take(open_id: str, secret: str) -> AnyPage:
    """Gives the visitor a code of their own; the same one when pressed twice or on coming back."""
    door = _door(open_id, secret)
    before = _taken_here(open_id)
    if before is not None and request.form.get("another") != "yes":
        return _to_code(before, door)
    email = request.form.get("email", "")[:320]
    try:
        person = open_links.take_code(
            db.session(),
            door,
            seed=request.form.get("seed", ""),
            email=email,
            address=request.remote_addr or "",
            secret_key=settings().secret_key,
            now=now(),
        )
    except WrongEmail as error:
        db.session.rollback()
        page = _page(door, secret, problem=str(error), email=email)
        return render_template("joining/join.html", page=page), NOT_RIGHT
    except AllTaken:
        db.session.rollback()
        return render_template("joining/join.html", page=_page(door, secret)), CONFLICT
    except TooManyAttempts as error:
        db.session.rollback()
        page = _page(door, secret, problem=str(error), email=email)
        return render_template("joining/join.html", page=page), TOO_MANY, retry_after(error)
    db.session.commit()
    return _to_code(person, door, is_mailed=bool(email.strip()))


def _to_code(person: InvitedPerson, door: OpenDoor, *, is_mailed: bool = False) -> AnyResponse:
    secret = link_secret(
        settings().secret_key, public_id=person.public_id, generation=person.generation
    )
    mailed = "yes" if is_mailed else None
    response = redirect(url_for("joining.code", public_id=person.public_id, mailed=mailed))
    keep_joined(response, Joined(door.open_id, person.public_id, secret))
    return keep_secret(response, public_id=person.public_id, secret=secret)


@joining.get("/q/<public_id>/your-code")
@access.invitation
def code(public_id: str) -> AnyPage:
    """The code somebody took, large, to write down or print."""
    person = current(public_id)
    view = code_page(
        person,
        _code(person),
        base_url=settings().base_url,
        is_mailed=request.args.get("mailed") == "yes",
    )
    return render_template("joining/code.html", page=view)


@joining.get("/mine/<token>")
@access.anybody
def enter_mine(token: str) -> AnyResponse:
    """The mailed link to all of one's questionnaires: keeps it in a cookie, out of the address."""
    read_token(token, secret_key=settings().secret_key)
    return keep_mine(redirect(url_for("joining.mine")), token)


@joining.get("/mine/")
@access.anybody
def mine() -> AnyPage:
    """One person's questionnaires, of every council that asked."""
    token = request.cookies.get(MINE)
    if token is None:
        raise UnknownInvitation("This browser has not opened the link yet.")
    found = list_mine(db.session(), token, secret_key=settings().secret_key, now=now())
    page = mine_page(found, secret_key=settings().secret_key)
    return render_template("joining/mine.html", page=page)
