"""A review manager's pages: rounds, who has answered, comments, closing and opening again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from analysis.comments import flag
from survey.actions import anonymity, closing, extending, withdrawing
from survey.actions import comments as deciding
from survey.actions.closing import AlreadyClosed, InvalidReopening
from survey.actions.extending import InvalidLastDay, SameLastDay
from survey.actions.withdrawing import AlreadyWithdrawn
from survey.clock import now
from survey.data import comments, coverage, rounds
from survey.data.rounds import RoundOfCouncil, state_of
from survey.errors import NotAllowedNow
from survey.extensions import db
from survey.web import forms, presenters_rounds, round_forms, round_pages
from survey.web.access import Role, first_page, needs, signed_in
from survey.web.forms import CommentForm
from survey.web.presenters_comments import Attempt, what_may_stay
from survey.web.round_forms import ExtendForm, WithdrawForm
from survey.web.sign_in import home, known_account, require_account

manage = Blueprint("manage", __name__, url_prefix="/manage")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
DONE = {
    "release": "The comment has been released.",
    "withhold": "The comment is withheld. Nobody else will read it.",
    "undo": "The comment is back among those waiting for you.",
}


@manage.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@manage.get("", endpoint="rounds")
@signed_in
def show_rounds() -> Page:
    """Every round that one of this person's roles shows; who has no such role starts elsewhere."""
    account = require_account()
    if not account.has_rounds:
        return redirect(home())
    found = rounds.list_rounds(db.session(), account_id=account.id)
    managed = rounds.list_councils(db.session(), account_id=account.id)
    names = [council.name for council in managed]
    groups = presenters_rounds.councils(found, names, now=now())
    starts = {
        item.round.slug: first_page(
            account.roles_for(council_id=item.council.id, review_id=item.review.id),
            is_closed=round_pages.is_closed(item),
        )
        for item in found
    }
    slugs = {council.name: council.slug for council in managed}
    return render_template("manage/rounds.html", councils=groups, starts=starts, slugs=slugs)


@manage.get("/<slug>", endpoint="round")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def show_round(slug: str) -> Page:
    """One round: where it stands, who has answered, what to do next."""
    page = round_pages.round_page(round_pages.load(slug))
    done = presenters_rounds.done_words(request.args)
    is_manager = Role.REVIEW_MANAGER in g.roles_here
    return render_template("manage/round.html", page=page, done=done, is_manager=is_manager)


@manage.get("/<slug>/comments", endpoint="comments")
@needs(Role.REVIEW_MANAGER)
def show_comments(slug: str) -> Page:
    """Comments to redact, release or withhold."""
    page = round_pages.comments_page(round_pages.load(slug), asked=request.args)
    done = DONE.get(request.args.get("done", ""), "")
    return render_template("manage/comments.html", page=page, done=done)


@manage.post("/<slug>/comments/<comment_id>")
@needs(Role.REVIEW_MANAGER)
def decide_comment(slug: str, comment_id: str) -> Page:
    """Releases or withholds a comment, or undoes it."""
    item = round_pages.load(slug)
    form = forms.read_comment(request.form)
    refused = _decide(item, comment_id, form)
    if refused is not None:
        db.session.rollback()
        item = round_pages.load(slug)
        page = round_pages.comments_page(item, asked=request.form, attempt=refused)
        is_there = any(card.id == comment_id for card in page.cards)
        problems = [(f"text-{comment_id}" if is_there else "main-content", refused.message)]
        return render_template(
            "manage/comments.html", page=page, done="", problems=problems
        ), NOT_RIGHT
    show, number = request.form.get("show", ""), request.form.get("page", "")
    db.session.commit()
    return redirect(url_for("manage.comments", slug=slug, done=form.do, show=show, page=number))


def _decide(item: RoundOfCouncil, comment_id: str, form: CommentForm) -> Attempt | None:
    """What is wrong with the decision, or None when it has been carried out."""
    session = db.session()
    flagged_only = not round_pages.is_closed(item)
    comment = comments.get_comment(
        session, round_id=item.round.id, comment_id=comment_id, flagged_only=flagged_only
    )
    by: dict[str, Any] = {
        "comment": comment,
        "round_": item.round,
        "seen": form.seen,
        "account_id": require_account().id,
        "council_id": item.council.id,
        "now": now(),
    }
    names = coverage.list_labels(session, round_id=item.round.id)
    left = flag(form.text, names=names)
    try:
        if form.do == "release" and left and not form.keep:
            message = "Take out what was found in it, or say that it may stay"
            return Attempt(comment_id, form.text, message, may_stay=what_may_stay(left))
        if form.do == "release":
            deciding.release(session, text=form.text, **by)
        elif form.do == "withhold":
            deciding.withhold(session, **by)
        elif form.do == "undo":
            deciding.undo(session, **by)
        else:
            return Attempt(comment_id, form.text, "Choose to release or to withhold the comment")
    except deciding.EmptyRelease:
        return Attempt(comment_id, form.text, "Leave some text to release, or withhold the comment")
    except deciding.NotActedOn:
        message = "Put on record what was done about it first, on the daily list"
        return Attempt(comment_id, form.text, message)
    except deciding.AlreadyDecided:
        message = "Somebody else has just decided on this comment: look at what it says now"
        return Attempt(comment_id, form.text, message)
    return None


@manage.get("/<slug>/close", endpoint="close")
@needs(Role.REVIEW_MANAGER)
def ask_to_close(slug: str) -> Page:
    """Says what closing will do, and asks."""
    item = round_pages.load(slug)
    if round_pages.is_over(item):
        return redirect(url_for("manage.round", slug=slug))
    closing.require_closable(state_of(item.round, now()))
    return render_template("manage/close.html", page=round_pages.close_page(item))


@manage.post("/<slug>/close")
@needs(Role.REVIEW_MANAGER)
def close_now(slug: str) -> Page:
    """Closes the round and makes its snapshot."""
    item = round_pages.load(slug)
    try:
        closed = closing.close_round(
            db.session(),
            round_id=item.round.id,
            account_id=require_account().id,
            council_id=item.council.id,
            now=now(),
        )
    except AlreadyClosed:
        # Pressed twice, or by two managers: what they wanted is done, and the page shows it.
        db.session.rollback()
        return redirect(url_for("manage.round", slug=slug, closed="already"))
    db.session.commit()
    db.session.remove()  # the next step needs a connection that is in no transaction
    anonymity.erase_traces(db.engine)
    return redirect(url_for("manage.round", slug=slug, closed=closed.outcome))


@manage.get("/<slug>/reopen", endpoint="reopen")
@needs(Role.REVIEW_MANAGER)
def ask_to_reopen(slug: str) -> Page:
    """Says what opening again will do, and asks why."""
    item = round_pages.load(slug)
    if not round_pages.is_closed(item):
        return redirect(url_for("manage.round", slug=slug))
    return _reopen_page(item, forms.ReopenForm())


@manage.post("/<slug>/reopen")
@needs(Role.REVIEW_MANAGER)
def reopen_now(slug: str) -> Page:
    """Opens the round again."""
    item = round_pages.load(slug)
    if not round_pages.is_closed(item):
        raise NotAllowedNow("This round is not closed, so it cannot be opened again.")
    form = forms.read_reopen(request.form)
    if form.problems or form.closes_at is None:
        return _reopen_page(item, form), NOT_RIGHT
    try:
        closing.reopen_round(
            db.session(),
            round_id=item.round.id,
            reason=form.reason,
            closes_at=form.closes_at,
            account_id=require_account().id,
            council_id=item.council.id,
            now=now(),
        )
    except InvalidReopening as error:
        form = replace(form, problems=((error.field, str(error)),))
        return _reopen_page(item, form), NOT_RIGHT
    db.session.commit()
    return redirect(url_for("manage.round", slug=slug, reopened="yes"))


def _reopen_page(item: RoundOfCouncil, form: forms.ReopenForm) -> str:
    return render_template("manage/reopen.html", page=round_pages.reopen_page(item), form=form)


@manage.get("/<slug>/extend", endpoint="extend")
@needs(Role.REVIEW_MANAGER)
def ask_to_extend(slug: str) -> Page:
    """Asks for a later last day."""
    item = round_pages.load(slug)
    page = round_pages.extend_page(item)
    return render_template("manage/extend.html", page=page, form=ExtendForm())


@manage.post("/<slug>/extend")
@needs(Role.REVIEW_MANAGER)
def extend_now(slug: str) -> Page:
    """Sets a later last day, and tells those who have not finished."""
    item = round_pages.load(slug)
    page = round_pages.extend_page(item)
    form = round_forms.read_extend(request.form)
    if form.problems or form.closes_at is None:
        return render_template("manage/extend.html", page=page, form=form), NOT_RIGHT
    try:
        told = extending.extend_round(
            db.session(),
            round_id=item.round.id,
            closes_at=form.closes_at,
            reason=form.reason,
            tell=form.tell,
            account_id=require_account().id,
            council_id=item.council.id,
            now=now(),
        )
    except SameLastDay:
        # Pressed twice, or by two managers: what they wanted is done, and the page shows it.
        db.session.rollback()
        return redirect(url_for("manage.round", slug=slug, extended="already"))
    except InvalidLastDay as error:
        db.session.rollback()
        form = replace(form, problems=(("closes", str(error)),))
        return render_template("manage/extend.html", page=page, form=form), NOT_RIGHT
    db.session.commit()
    return redirect(url_for("manage.round", slug=slug, extended=told))


@manage.get("/<slug>/withdraw", endpoint="withdraw")
@needs(Role.REVIEW_MANAGER)
def ask_to_withdraw(slug: str) -> Page:
    """Says what withdrawing will do, and asks why."""
    page = round_pages.withdraw_page(round_pages.load(slug))
    return render_template("manage/withdraw.html", page=page, form=WithdrawForm())


@manage.post("/<slug>/withdraw")
@needs(Role.REVIEW_MANAGER)
def withdraw_now(slug: str) -> Page:
    """Calls the round off, and tells the people invited."""
    item = round_pages.load(slug)
    form = round_forms.read_withdraw(request.form)
    if form.problems:
        page = round_pages.withdraw_page(item)
        return render_template("manage/withdraw.html", page=page, form=form), NOT_RIGHT
    try:
        told = withdrawing.withdraw_round(
            db.session(),
            round_id=item.round.id,
            reason=form.reason,
            tell=form.tell,
            account_id=require_account().id,
            council_id=item.council.id,
            now=now(),
        )
    except AlreadyWithdrawn:
        # Pressed twice, or by two managers: what they wanted is done, and the page shows it.
        db.session.rollback()
        return redirect(url_for("manage.round", slug=slug))
    db.session.commit()
    db.session.remove()  # the next step needs a connection that is in no transaction
    anonymity.erase_traces(db.engine)
    return redirect(url_for("manage.round", slug=slug, withdrawn=told))
