"""Comparisons of rounds: choosing, the result, one question, what people note, and files."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from analysis.compared import CircumstanceKind
from analysis.export import FILE_TYPES, write
from survey.actions import comparing
from survey.actions.comparing import InvalidChoice
from survey.clock import now
from survey.extensions import db
from survey.web import compare_forms, compare_pages, round_pages
from survey.web.access import Role, needs
from survey.web.compare_forms import NoteForm, WordingForm
from survey.web.sign_in import known_account, require_account

compare = Blueprint("compare", __name__, url_prefix="/manage/<slug>/compare")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
DONE = {
    "wording": "Your decision is kept, and the rounds have been compared again.",
    "note": "The note is kept.",
    "taken-back": "The note has been taken back.",
    "published": "The published totals have been brought in. You can compare them now.",
    "removed": "The published totals have been removed.",
}


@compare.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


def _by(council_id: str) -> dict[str, Any]:
    return {"account_id": require_account().id, "council_id": council_id, "now": now()}


def _done() -> str:
    return DONE.get(request.args.get("done", ""), "")


@compare.get("", endpoint="choose")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def choose(slug: str) -> Page:
    """The rounds that can be compared."""
    page = compare_pages.choose_page(round_pages.load(slug))
    return render_template("compare/choose.html", page=page, problems=(), done=_done())


@compare.post("")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def make(slug: str) -> Page:
    """Works out the comparison of the chosen rounds."""
    item = round_pages.load(slug)
    values = request.form.getlist("rounds")
    try:
        made = comparing.compare_chosen(db.session(), values=values, **_by(item.council.id))
    except InvalidChoice as error:
        page = compare_pages.choose_page(item, chosen=values)
        problems = (("rounds", str(error)),)
        return render_template(
            "compare/choose.html", page=page, problems=problems, done=""
        ), NOT_RIGHT
    db.session.commit()
    return redirect(url_for("compare.comparison", slug=slug, comparison_id=made))


@compare.get("/<comparison_id>", endpoint="comparison")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def show_comparison(slug: str, comparison_id: str) -> Page:
    """What has changed from round to round."""
    item = round_pages.load(slug)
    page = compare_pages.comparison_page(item, comparison_id)
    return render_template(
        "compare/comparison.html", page=page, files=compare_pages.FILES, done=_done()
    )


@compare.post("/<comparison_id>/again")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def again(slug: str, comparison_id: str) -> Page:
    """Works the comparison out anew from the newest findings and notes."""
    item = round_pages.load(slug)
    row = compare_pages.load(item, comparison_id)
    made = comparing.compare_again(db.session(), row, **_by(item.council.id))
    db.session.commit()
    return redirect(url_for("compare.comparison", slug=slug, comparison_id=made))


@compare.post("/<comparison_id>/file")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def make_file(slug: str, comparison_id: str) -> Page:
    """Makes a file of the comparison and puts on record that it was made."""
    item = round_pages.load(slug)
    row = compare_pages.load(item, comparison_id)
    chosen = compare_pages.format_asked(request.form.get("format", ""))
    letter = compare_pages.letter(item, row.made_at)
    data = write(row.comparison, to=chosen, letter=letter)
    comparing.record_export(
        db.session(), comparison_id=row.id, file_format=chosen, **_by(item.council.id)
    )
    db.session.commit()
    name = compare_pages.file_name(item, "comparison", chosen)
    return _file(data, name, FILE_TYPES[chosen].media_type)


def _file(data: bytes, name: str, media_type: str) -> Response:
    answer = send_file(BytesIO(data), as_attachment=True, download_name=name)
    # Set here, since Flask would add a second character set to one that names its own.
    answer.content_type = media_type
    return answer


@compare.get("/<comparison_id>/questions/<code>", endpoint="question")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def show_question(slug: str, comparison_id: str, code: str) -> Page:
    """One question through all rounds."""
    page = compare_pages.question_page(round_pages.load(slug), comparison_id, code)
    return render_template("compare/question.html", page=page, done=_done())


@compare.get("/<comparison_id>/questions/<code>/wording/<after>", endpoint="wording")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def show_wording(slug: str, comparison_id: str, code: str, after: str) -> Page:
    """Asks whether two wordings may be compared."""
    page = compare_pages.step_page(round_pages.load(slug), comparison_id, code, after)
    return render_template("compare/wording.html", page=page, form=WordingForm())


@compare.post("/<comparison_id>/questions/<code>/wording/<after>")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def decide_wording(slug: str, comparison_id: str, code: str, after: str) -> Page:
    """Keeps the decision about two wordings."""
    item = round_pages.load(slug)
    page = compare_pages.step_page(item, comparison_id, code, after)
    form = compare_forms.read_wording(request.form)
    if form.problems:
        return render_template("compare/wording.html", page=page, form=form), NOT_RIGHT
    made = comparing.decide_wording(
        db.session(),
        compare_pages.load(item, comparison_id),
        code=code,
        after=page.after,
        comparable=form.comparable == "yes",
        reason=form.reason,
        **_by(item.council.id),
    )
    db.session.commit()
    return _to_question(slug, made, code, done="wording")


@compare.get("/<comparison_id>/questions/<code>/note/<after>", endpoint="note")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def show_note(slug: str, comparison_id: str, code: str, after: str) -> Page:
    """Asks what else changed around a question."""
    page = compare_pages.step_page(round_pages.load(slug), comparison_id, code, after)
    kinds = compare_forms.KIND_CHOICES
    return render_template("compare/note.html", page=page, form=NoteForm(), kinds=kinds)


@compare.post("/<comparison_id>/questions/<code>/note/<after>")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def add_note(slug: str, comparison_id: str, code: str, after: str) -> Page:
    """Keeps a note on what else changed."""
    item = round_pages.load(slug)
    page = compare_pages.step_page(item, comparison_id, code, after)
    form = compare_forms.read_note(request.form)
    if form.problems:
        kinds = compare_forms.KIND_CHOICES
        return render_template("compare/note.html", page=page, form=form, kinds=kinds), NOT_RIGHT
    made = comparing.add_note(
        db.session(),
        compare_pages.load(item, comparison_id),
        code=code,
        after=page.after,
        kind=CircumstanceKind(form.kind),
        note=form.note,
        **_by(item.council.id),
    )
    db.session.commit()
    return _to_question(slug, made, code, done="note")


@compare.post("/<comparison_id>/questions/<code>/notes/<note_id>/take-back")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def take_back(slug: str, comparison_id: str, code: str, note_id: str) -> Page:
    """Takes a note back."""
    item = round_pages.load(slug)
    row = compare_pages.load(item, comparison_id)
    made = comparing.take_back_note(db.session(), row, note_id=note_id, **_by(item.council.id))
    db.session.commit()
    return _to_question(slug, made, code, done="taken-back")


def _to_question(slug: str, comparison_id: str, code: str, *, done: str) -> Response:
    return redirect(
        url_for("compare.question", slug=slug, comparison_id=comparison_id, code=code, done=done)
    )


@compare.get("/published", endpoint="publish")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def ask_for_totals(slug: str) -> Page:
    """Asks for totals that were published elsewhere."""
    page = compare_pages.publish_page(round_pages.load(slug))
    found = compare_pages.Checked(())
    return render_template("compare/publish.html", page=page, form=page.empty, found=found)


@compare.post("/published")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def bring_in(slug: str) -> Page:
    """Checks a file of published totals and shows what was read; stores it when told to."""
    item = round_pages.load(slug)
    page = compare_pages.publish_page(item)
    chosen = request.files.get("file")
    form = compare_forms.read_publish(
        request.form,
        file=chosen.read() if chosen is not None else None,
        banks=[bank for bank, _ in page.banks],
        today=now().date(),
    )
    found = compare_pages.check_totals(item, form)
    if not found.problems and request.form.get("do") == "store":
        stored = compare_pages.store_totals(item, form, **_by(item.council.id))
        if not stored:
            db.session.commit()
            return redirect(url_for("compare.choose", slug=slug, done="published"))
        db.session.rollback()
        page = compare_pages.publish_page(round_pages.load(slug))
        found = replace(found, problems=stored, read=None)
    form = replace(form, problems=found.problems)
    return render_template(
        "compare/publish.html", page=page, form=form, found=found
    ), NOT_RIGHT if found.problems else 200


@compare.get("/published/<published_id>", endpoint="published")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def show_published(slug: str, published_id: str) -> Page:
    """One published round with its totals and where they come from."""
    page = compare_pages.published_page(round_pages.load(slug), published_id)
    return render_template("compare/published.html", page=page)


@compare.get("/published/<published_id>/remove", endpoint="remove")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def ask_to_remove(slug: str, published_id: str) -> Page:
    """Says what removing published totals will do, and asks."""
    page = compare_pages.published_page(round_pages.load(slug), published_id)
    return render_template("compare/remove.html", page=page)


@compare.post("/published/<published_id>/remove")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def remove_now(slug: str, published_id: str) -> Page:
    """Removes published totals and the comparisons made with them."""
    item = round_pages.load(slug)
    compare_pages.remove(item, published_id, **_by(item.council.id))
    db.session.commit()
    return redirect(url_for("compare.choose", slug=slug, done="removed"))
