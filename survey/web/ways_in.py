"""A manager looks after the ways into a round: personal links, open links, letters to print."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, session, url_for
from werkzeug.wrappers import Response

from survey.actions import invitations, open_links
from survey.actions import ways_in as actions
from survey.actions.open_links import Made
from survey.actions.ways_in import Person, Refused
from survey.clock import now
from survey.data import agencies, round_invitations
from survey.data import open_links as links
from survey.data.accounts import Role
from survey.data.audit import AuditAction, record_of_round
from survey.data.round_invitations import Asked, WayInState
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_ways_in as presenters
from survey.web import round_pages
from survey.web.access import needs
from survey.web.presenters_rounds import RoundHead, head
from survey.web.presenters_ways_in import PAGE_SIZE
from survey.web.sign_in import known_account, require_account, settings

ways_in = Blueprint("ways_in", __name__, url_prefix="/manage/<slug>/ways-in")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
LONGEST_SEARCH = 200
DONE = {
    "added": "The person is invited.",
    "sent": "The person is invited, and the invitation is on its way.",
    "withdrawn": "The link and the code no longer work.",
    "replaced": "There is a new link and a new code. The old ones no longer work.",
    "address": "The address has been changed.",
    "mailed": "The link is on its way to that address.",
    "open_made": "The open links are ready.",
    "open_none": "No open link was made: every agency that can have one has one.",
    "open_replaced": "The agency has a new open link. The old one no longer works.",
    "open_withdrawn": "The open link no longer works. Codes taken by it still do.",
    "open_freed": "Codes that nobody had begun with are withdrawn, and others can take theirs.",
    "open_sent": "The open links are on their way.",
    "open_sent_none": "Nothing was sent: each contact with an address has had the link already.",
}


@ways_in.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def _head(item: RoundOfCouncil) -> RoundHead:
    return head(item, now=now())


def _done() -> str:
    return DONE.get(request.args.get("done", ""), "")


def _asked(args: Mapping[str, str]) -> Asked:
    state = args.get("state", "")
    return Asked(
        search=args.get("q", "").strip()[:LONGEST_SEARCH],
        invited_agency_id=args.get("agency", "")[:32],
        state=WayInState(state) if state in set(WayInState) else None,
    )


def _agency_choices(item: RoundOfCouncil) -> list[tuple[str, str]]:
    rows = agencies.list_invited_agencies(db.session(), round_id=item.round.id)
    return [(invited.id, agency.name) for invited, agency in rows]


@ways_in.get("", endpoint="people")
@needs(Role.REVIEW_MANAGER)
def show_people(slug: str) -> Page:
    """The ways into the round, to search; their links are not shown here."""
    item, asked = round_pages.load(slug), _asked(request.args)
    total = round_invitations.count_invitations(db.session(), round_id=item.round.id, asked=asked)
    number = min(round_pages.page_asked(request.args), presenters.page_count(total))
    page = presenters.ways_in_page(
        _head(item),
        rows=round_invitations.list_invitations(
            db.session(),
            round_id=item.round.id,
            asked=asked,
            offset=(number - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        ),
        asked=asked,
        agencies=_agency_choices(item),
        total=total,
        page=number,
    )
    return render_template("ways_in/people.html", page=page, done=_done())


@ways_in.get("/person/<public_id>", endpoint="person")
@needs(Role.REVIEW_MANAGER)
def show_person(slug: str, public_id: str) -> Page:
    """One way in. Its link is shown to whoever asked for it on this page, and put on record."""
    item = round_pages.load(slug)
    return render_template(
        "ways_in/person.html", page=_person(item, public_id), done=_done(), problems=(), email=None
    )


def _person(item: RoundOfCouncil, public_id: str) -> presenters.PersonPage:
    one = round_invitations.get_of_round(db.session(), round_id=item.round.id, public_id=public_id)
    shown = None
    if session.get("shown_link") == f"{public_id} {one.generation}":
        link, code = invitations.link_and_code(
            settings().secret_key,
            base_url=settings().base_url,
            public_id=public_id,
            generation=one.generation,
        )
        shown = Made(link, code)
    address = f"{settings().base_url}{url_for('public.code')}"
    return presenters.person_page(_head(item), one, shown=shown, code_address=address)


@ways_in.post("/person/<public_id>/show")
@needs(Role.REVIEW_MANAGER)
def show_link(slug: str, public_id: str) -> Page:
    """Shows a personal link, with which its holder's unsent answers could be opened."""
    item = round_pages.load(slug)
    actions.record_shown(
        db.session(), item, public_id=public_id, account_id=require_account().id, now=now()
    )
    one = round_invitations.get_of_round(db.session(), round_id=item.round.id, public_id=public_id)
    db.session.commit()
    session["shown_link"] = f"{public_id} {one.generation}"
    return redirect(url_for("ways_in.person", slug=slug, public_id=public_id))


@ways_in.get("/person/<public_id>/withdraw", endpoint="withdraw")
@needs(Role.REVIEW_MANAGER)
def ask_withdraw(slug: str, public_id: str) -> Page:
    """Says what withdrawing a way in does, and asks."""
    page = _person(round_pages.load(slug), public_id)
    return render_template("ways_in/ask.html", page=page, what="withdraw")


@ways_in.post("/person/<public_id>/withdraw")
@needs(Role.REVIEW_MANAGER)
def withdraw_now(slug: str, public_id: str) -> Page:
    """Makes a personal link and its code useless."""
    return _carry_out(slug, public_id, actions.withdraw, done="withdrawn")


@ways_in.get("/person/<public_id>/replace", endpoint="replace")
@needs(Role.REVIEW_MANAGER)
def ask_replace(slug: str, public_id: str) -> Page:
    """Says what a new link does to the old one, and asks."""
    page = _person(round_pages.load(slug), public_id)
    return render_template("ways_in/ask.html", page=page, what="replace")


@ways_in.post("/person/<public_id>/replace")
@needs(Role.REVIEW_MANAGER)
def replace_now(slug: str, public_id: str) -> Page:
    """Gives somebody a new link and code."""
    return _carry_out(slug, public_id, actions.replace, done="replaced")


def _carry_out(slug: str, public_id: str, action: Any, *, done: str) -> Response:
    item = round_pages.load(slug)
    action(db.session(), item, public_id=public_id, account_id=require_account().id, now=now())
    db.session.commit()
    return redirect(url_for("ways_in.person", slug=slug, public_id=public_id, done=done))


@ways_in.post("/person/<public_id>/address")
@needs(Role.REVIEW_MANAGER)
def save_address(slug: str, public_id: str) -> Page:
    """Changes the e-mail address of somebody invited, and sends the link there if wanted."""
    item = round_pages.load(slug)
    email, send = request.form.get("email", "")[:320], request.form.get("send") == "yes"
    try:
        actions.change_address(
            db.session(),
            item,
            public_id=public_id,
            email=email,
            send=send,
            account_id=require_account().id,
            now=now(),
        )
    except Refused as refused:
        db.session.rollback()
        item = round_pages.load(slug)
        return render_template(
            "ways_in/person.html",
            page=_person(item, public_id),
            done="",
            problems=[(refused.field, str(refused))],
            email=email,
        ), NOT_RIGHT
    db.session.commit()
    done = "mailed" if send else "address"
    return redirect(url_for("ways_in.person", slug=slug, public_id=public_id, done=done))


@ways_in.get("/add", endpoint="add")
@needs(Role.REVIEW_MANAGER)
def ask_person(slug: str) -> Page:
    """Where one more person is invited."""
    item = round_pages.load(slug)
    actions.require_unclosed(item)
    person = Person(request.args.get("agency", ""), "", "")
    return _add_page(item, person, problems=())


def _add_page(
    item: RoundOfCouncil, person: Person, *, problems: tuple[tuple[str, str], ...]
) -> str:
    return render_template(
        "ways_in/add.html",
        head=_head(item),
        agencies=_agency_choices(item),
        person=person,
        problems=problems,
        messages=dict(problems),
    )


@ways_in.post("/add")
@needs(Role.REVIEW_MANAGER)
def add_person(slug: str) -> Page:
    """Invites one more person."""
    item = round_pages.load(slug)
    person = Person(
        invited_agency_id=request.form.get("agency", "")[:32],
        label=request.form.get("label", "")[:1000],
        email=request.form.get("email", "")[:320],
        raise_number=request.form.get("raise") == "yes",
        send=request.form.get("send") == "yes",
    )
    try:
        if not person.invited_agency_id:
            raise Refused("agency", "Choose the person’s agency")
        public_id = actions.add_person(
            db.session(), item, person=person, account_id=require_account().id, now=now()
        )
    except Refused as refused:
        db.session.rollback()
        item = round_pages.load(slug)
        problems = ((refused.field, str(refused)),)
        return _add_page(item, person, problems=problems), NOT_RIGHT
    db.session.commit()
    done = "sent" if person.send else "added"
    return redirect(url_for("ways_in.person", slug=slug, public_id=public_id, done=done))


@ways_in.post("/links")
@needs(Role.REVIEW_MANAGER)
def list_links(slug: str) -> Page:
    """The links and codes as a CSV file for a mail merge, and on record that it was made."""
    item = round_pages.load(slug)
    letters = invitations.list_letters(
        db.session(),
        item,
        secret_key=settings().secret_key,
        base_url=settings().base_url,
        unused_only=True,
    )
    record_of_round(
        db.session(),
        item,
        AuditAction.LINKS_LISTED,
        require_account().id,
        now(),
        links=len(letters),
    )
    db.session.commit()
    data = actions.as_csv(letters).encode("utf-8")
    return send_file(
        BytesIO(data),
        as_attachment=True,
        download_name=f"{slug}-links.csv",
        mimetype="text/csv; charset=utf-8",
    )


@ways_in.get("/open", endpoint="open")
@needs(Role.REVIEW_MANAGER)
def show_open(slug: str) -> Page:
    """The open links of the round's agencies."""
    item = round_pages.load(slug)
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    total = agencies.count_of_round(db.session(), round_id=item.round.id, search=search)
    number = min(round_pages.page_asked(request.args), presenters.page_count(total))
    page = presenters.open_page(
        _head(item),
        rows=links.list_open_links(
            db.session(),
            round_id=item.round.id,
            search=search,
            offset=(number - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        ),
        search=search,
        total=total,
        page=number,
        secret_key=settings().secret_key,
        base_url=settings().base_url,
    )
    return render_template("ways_in/open.html", page=page, done=_done())


@ways_in.post("/open/make")
@needs(Role.REVIEW_MANAGER)
def make_open(slug: str) -> Page:
    """Gives one agency, or every agency that can have one, an open link."""
    item = round_pages.load(slug)
    one = request.form.get("agency", "")[:32]
    made = open_links.make(
        db.session(),
        item,
        invited_agency_id=one or None,
        account_id=require_account().id,
        now=now(),
    )
    db.session.commit()
    done = "open_made" if made else "open_none"
    return redirect(url_for("ways_in.open", slug=slug, done=done))


@ways_in.post("/open/send")
@needs(Role.REVIEW_MANAGER)
def send_open(slug: str) -> Page:
    """Mails open links to the agencies' contacts."""
    item = round_pages.load(slug)
    one = request.form.get("agency", "")[:32]
    sent = open_links.send(
        db.session(),
        item,
        invited_agency_id=one or None,
        account_id=require_account().id,
        now=now(),
    )
    db.session.commit()
    done = "open_sent" if sent else "open_sent_none"
    return redirect(url_for("ways_in.open", slug=slug, done=done))


CHANGES = {
    "replace": (open_links.replace, "open_replaced"),
    "withdraw": (open_links.take_back, "open_withdrawn"),
    "free": (open_links.free_unused, "open_freed"),
}


@ways_in.get("/open/<agency_id>/<change>", endpoint="ask_open")
@needs(Role.REVIEW_MANAGER)
def ask_to_change_open(slug: str, agency_id: str, change: str) -> Page:
    """Says what a change of an open link does, and asks."""
    item = round_pages.load(slug)
    link = links.get_open_link(db.session(), round_id=item.round.id, invited_agency_id=agency_id)
    if change not in CHANGES or not link.works:
        return redirect(url_for("ways_in.open", slug=slug))
    return render_template("ways_in/ask_open.html", head=_head(item), link=link, change=change)


@ways_in.post("/open/<agency_id>/<change>")
@needs(Role.REVIEW_MANAGER)
def change_open(slug: str, agency_id: str, change: str) -> Page:
    """Replaces or withdraws an open link, or withdraws the codes nobody has begun with."""
    item = round_pages.load(slug)
    if change in CHANGES:
        action, done = CHANGES[change]
        action(
            db.session(),
            item,
            invited_agency_id=agency_id,
            account_id=require_account().id,
            now=now(),
        )
        db.session.commit()
        return redirect(url_for("ways_in.open", slug=slug, done=done))
    return redirect(url_for("ways_in.open", slug=slug))
