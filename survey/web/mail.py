"""The messages of a round: whom to write to, what was sent, texts, reminders, the log."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.actions import mail_invitations, reminding
from survey.actions.mail_invitations import InvalidText
from survey.actions.outbox import MailKind
from survey.actions.reminding import InvalidReminder
from survey.clock import now
from survey.data.accounts import Role
from survey.errors import NotFound
from survey.extensions import db
from survey.settings import MailWay
from survey.web import mail_forms, mail_pages, round_pages
from survey.web.access import needs
from survey.web.sign_in import known_account, require_account, settings

mail = Blueprint("mail", __name__)

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422


@mail.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@mail.get("/manage/<slug>/messages", endpoint="messages")
@needs(Role.REVIEW_MANAGER)
def show_messages(slug: str) -> Page:
    """The messages of a round."""
    page = mail_pages.messages_page(round_pages.load(slug))
    return render_template("mail/messages.html", page=page, done=mail_pages.done(request.args))


@mail.get("/manage/<slug>/messages/send/<what>", endpoint="send")
@needs(Role.REVIEW_MANAGER)
def ask_to_send(slug: str, what: str) -> Page:
    """Says to how many people a message will go, shows it, and asks."""
    page = mail_pages.send_page(round_pages.load(slug), _kind_to_send(what))
    return render_template("mail/send.html", page=page)


@mail.post("/manage/<slug>/messages/send/<what>")
@needs(Role.REVIEW_MANAGER)
def send_now(slug: str, what: str) -> Page:
    """Puts the messages in the outbox. Pressed twice, the second press finds nobody left."""
    item, kind = round_pages.load(slug), _kind_to_send(what)
    send = (
        mail_invitations.send_invitations if kind is MailKind.INVITATION else reminding.remind_now
    )
    put = send(db.session(), item, account_id=require_account().id, now=now())
    db.session.commit()
    return redirect(url_for("mail.messages", slug=slug, done=what, put=put))


def _kind_to_send(what: str) -> MailKind:
    kinds = {"invitations": MailKind.INVITATION, "reminders": MailKind.REMINDER}
    if what not in kinds:
        raise NotFound("There is no such message to send.")
    return kinds[what]


@mail.post("/manage/<slug>/messages/reminders")
@needs(Role.REVIEW_MANAGER)
def plan_reminder(slug: str) -> Page:
    """Plans a reminder."""
    item = round_pages.load(slug)
    form = mail_forms.read_reminder(request.form)
    problem = form.problem
    if form.working_days is not None:
        try:
            reminding.plan_reminder(
                db.session(),
                item,
                working_days=form.working_days,
                account_id=require_account().id,
                now=now(),
            )
        except InvalidReminder as error:
            problem = str(error)
    if problem:
        db.session.rollback()
        page = mail_pages.messages_page(
            round_pages.load(slug), problems=(("days", problem),), typed_days=form.typed
        )
        return render_template("mail/messages.html", page=page, done=""), NOT_RIGHT
    db.session.commit()
    return redirect(url_for("mail.messages", slug=slug, done="planned", _anchor="reminders"))


@mail.post("/manage/<slug>/messages/reminders/<working_days>/take-out")
@needs(Role.REVIEW_MANAGER)
def take_out_reminder(slug: str, working_days: str) -> Page:
    """Takes a reminder out of the plan."""
    item = round_pages.load(slug)
    reminding.take_out(
        db.session(),
        item,
        working_days=mail_forms.read_days(working_days),
        account_id=require_account().id,
        now=now(),
    )
    db.session.commit()
    return redirect(url_for("mail.messages", slug=slug, done="taken-out", _anchor="reminders"))


@mail.get("/manage/<slug>/messages/texts/<kind>", endpoint="text")
@needs(Role.REVIEW_MANAGER)
def show_text(slug: str, kind: str) -> Page:
    """One text of a round, to read and to change."""
    page = mail_pages.text_page(round_pages.load(slug), mail_forms.read_kind(kind))
    return render_template("mail/text.html", page=page)


@mail.post("/manage/<slug>/messages/texts/<kind>")
@needs(Role.REVIEW_MANAGER)
def change_text(slug: str, kind: str) -> Page:
    """Saves a text, shows how it would read, or goes back to the text that Signpost brings."""
    item, of = round_pages.load(slug), mail_forms.read_kind(kind)
    text, do = mail_forms.read_text(request.form), request.form.get("do", "save")
    by: dict[str, Any] = {"kind": of, "account_id": require_account().id, "now": now()}
    if do == "preview":
        page = mail_pages.text_page(item, of, written=text)
        return render_template("mail/text.html", page=page), NOT_RIGHT if page.problems else 200
    if do == "reset":
        mail_invitations.reset_text(db.session(), item, **by)
    else:
        try:
            mail_invitations.set_text(db.session(), item, text=text, **by)
        except InvalidText:
            page = mail_pages.text_page(item, of, written=text)
            return render_template("mail/text.html", page=page), NOT_RIGHT
    db.session.commit()
    return redirect(url_for("mail.messages", slug=slug, done=f"text-{do}", _anchor="texts"))


@mail.get("/manage/<slug>/messages/log", endpoint="log")
@needs(Role.REVIEW_MANAGER)
def show_log(slug: str) -> Page:
    """Every message of a round, with what became of it."""
    page = mail_pages.log_page(round_pages.load(slug), asked=request.args)
    return render_template("mail/log.html", page=page, done=mail_pages.done(request.args))


@mail.post("/manage/<slug>/messages/log/<message_id>")
@needs(Role.REVIEW_MANAGER)
def change_message(slug: str, message_id: str) -> Page:
    """Sends a message again, or notes that it came back."""
    item, do = round_pages.load(slug), request.form.get("do", "")
    by: dict[str, Any] = {
        "message_id": message_id,
        "account_id": require_account().id,
        "now": now(),
    }
    if do == "again":
        mail_invitations.send_again(db.session(), item, **by)
    elif do == "came-back":
        mail_invitations.mark_bounced(db.session(), item, **by)
    else:
        raise NotFound("There is no such thing to do with a message.")
    db.session.commit()
    return _back_to_log(slug, do)


@mail.post("/manage/<slug>/messages/people/<invitation_id>")
@needs(Role.REVIEW_MANAGER)
def change_person(slug: str, invitation_id: str) -> Page:
    """Stops reminders to one person, or lets them go on."""
    item, do = round_pages.load(slug), request.form.get("do", "")
    if do not in {"stop", "allow"}:
        raise NotFound("There is no such thing to do for a person.")
    mail_invitations.stop_reminders(
        db.session(),
        item,
        invitation_id=invitation_id,
        stopped=do == "stop",
        account_id=require_account().id,
        now=now(),
    )
    db.session.commit()
    return _back_to_log(slug, do)


def _back_to_log(slug: str, done: str) -> Response:
    kept: dict[str, Any] = {
        name: request.form[name] for name in mail_pages.FILTERS if request.form.get(name)
    }
    return redirect(url_for("mail.log", slug=slug, done=done, **kept))


@mail.post("/manage/<slug>/messages/test")
@needs(Role.REVIEW_MANAGER)
def send_test(slug: str) -> Page:
    """Sends a test message to the person signed in."""
    item, account = round_pages.load(slug), require_account()
    mail_invitations.put_test(
        db.session(), item, to=account.email, account_id=account.id, now=now()
    )
    db.session.commit()
    return redirect(url_for("mail.messages", slug=slug, done="test"))


@mail.get("/outbox", endpoint="outbox")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def show_outbox() -> Page:
    """Messages that were kept instead of sent, where a demo keeps them."""
    _require_local()
    page = mail_pages.outbox_page(asked=request.args)
    return render_template("mail/outbox.html", page=page)


@mail.get("/outbox/<message_id>", endpoint="letter")
@needs(Role.REVIEW_MANAGER, Role.ADMINISTRATOR)
def show_letter(message_id: str) -> Page:
    """One kept message, as its reader would have it."""
    _require_local()
    return render_template("mail/letter.html", page=mail_pages.letter_page(message_id))


def _require_local() -> None:
    if settings().mail.way is not MailWay.LOCAL:
        raise NotFound("This installation keeps no messages to read.")
