"""Findings: signposts first, questions behind them, what people decided, and files."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from analysis import gallery
from analysis.export import FILE_TYPES, write
from analysis.result import Verdict
from survey.actions import findings as deciding
from survey.actions.findings import DecisionConflict, get_reading
from survey.clock import now
from survey.data import decisions
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound
from survey.extensions import db
from survey.web import (
    forms,
    picture_files,
    presenters_findings,
    presenters_questions,
    presenters_signposts,
    results_pages,
    round_pages,
)
from survey.web.access import Role, needs
from survey.web.forms import DecideForm
from survey.web.presenters_findings import Findings
from survey.web.presenters_readings import KEEP, DecidePage, decide_page
from survey.web.sign_in import known_account, require_account

results = Blueprint("results", __name__, url_prefix="/manage/<slug>/findings")

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
CONFLICT = 409


@results.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@results.get("", endpoint="findings")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def show_findings(slug: str) -> Page:
    """What partners say, signpost by signpost."""
    found = results_pages.load(round_pages.load(slug))
    page = presenters_findings.findings_page(found)
    return render_template("results/findings.html", page=page)


@results.get("/signposts/<code>", endpoint="signpost")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def show_signpost(slug: str, code: str) -> Page:
    """One signpost with its topics and what people wrote."""
    found = results_pages.load(round_pages.load(slug))
    page = presenters_signposts.signpost_page(found, code)
    if page is None:
        raise NotFound("There is no such signpost in these findings.")
    saved = request.args.get("saved") == "yes"
    return render_template("results/signpost.html", page=page, saved=saved)


@results.get("/questions/<code>", endpoint="question")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def show_question(slug: str, code: str) -> Page:
    """One question with everything behind its reading."""
    found = results_pages.load(round_pages.load(slug))
    page = presenters_questions.question_page(found, code)
    if page is None:
        raise NotFound("There is no such question in these findings.")
    saved = request.args.get("saved") == "yes"
    return render_template("results/question.html", page=page, saved=saved)


@results.get("/pictures/<name>.<kind>", endpoint="picture")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def show_picture(slug: str, name: str, kind: str) -> Page:
    """One chart as a file to take away."""
    item = round_pages.load(slug)
    found = results_pages.load_summary(item)
    words = f"{item.council.name} {item.round.title} snapshot {found.snapshot.number} {name}"
    return picture_files.answer(
        lambda: gallery.find_chart(found.summary, name),
        kind=kind,
        of=found.snapshot.id,
        name=name,
        file_name=results_pages.stem(words),
    )


@results.get("/decide/<subject>", endpoint="decide")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def show_decide(slug: str, subject: str) -> Page:
    """The page on which to say how one reads a topic or a question."""
    item = round_pages.load(slug)
    page = _decide_page(item, results_pages.load(item), subject)
    current = page.current
    form = DecideForm(
        verdict="" if current is None else KEEP,
        note=current.note if current else "",
        reason=current.reason if current else "",
        seen=page.seen,
    )
    if current is not None and current.overrules:
        chosen = next((c.value for c in page.choices if c.words == current.words), KEEP)
        form = replace(form, verdict=chosen)
    return render_template("results/decide.html", page=page, form=form, conflict=None)


@results.post("/decide/<subject>")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER)
def save_decision(slug: str, subject: str) -> Page:
    """Keeps a decision, or says what is missing, or that somebody else was quicker."""
    item = round_pages.load(slug)
    found = results_pages.load(item)
    page = _decide_page(item, found, subject)
    choices = [choice.value for choice in page.choices]
    form = forms.read_decision(request.form, choices=choices, keep=KEEP)
    template = "results/decide.html"
    if form.problems:
        return render_template(template, page=page, form=form, conflict=None), NOT_RIGHT
    _, reading = get_reading(found.summary, subject)
    try:
        deciding.decide(
            db.session(),
            round_id=item.round.id,
            slug=slug,
            snapshot=found.snapshot,
            subject=subject,
            reading=reading,
            verdict=None if form.verdict == KEEP else Verdict(form.verdict),
            reason=form.reason,
            note=form.note,
            seen=form.seen,
            account_id=require_account().id,
            council_id=item.council.id,
            now=now(),
        )
    except DecisionConflict:
        # What they typed stays in the form, now beside what the other manager decided.
        db.session.rollback()
        page = _decide_page(item, found, subject)
        form = replace(form, seen=page.seen)
        return render_template(template, page=page, form=form, conflict=page.current), CONFLICT
    db.session.commit()
    return redirect(_subject_url(found, slug, subject))


def _decide_page(item: RoundOfCouncil, found: Findings, subject: str) -> DecidePage:
    title, reading = get_reading(found.summary, subject)
    return decide_page(
        found.head,
        subject=subject,
        title=title,
        reading=reading,
        decisions=decisions.list_decisions(db.session(), round_id=item.round.id, subject=subject),
        snapshot=found.snapshot.number,
    )


def _subject_url(found: Findings, slug: str, subject: str) -> str:
    for signpost in found.summary.signposts:
        if any(topic.code == subject for topic in signpost.topics):
            target = url_for("results.signpost", slug=slug, code=signpost.code, saved="yes")
            return f"{target}#topic-{subject}"
    return url_for("results.question", slug=slug, code=subject, saved="yes")


@results.post("/file")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER)
def make_file(slug: str) -> Page:
    """Makes a file of the findings and puts on record that it was made."""
    item = round_pages.load(slug)
    found = results_pages.load(item)
    chosen = results_pages.format_asked(request.form.get("format", ""))
    data = write(found.summary, to=chosen, letter=results_pages.letter(item, found))
    name = results_pages.file_name(item, found.snapshot, chosen)
    deciding.record_export(
        db.session(),
        slug=slug,
        snapshot=found.snapshot,
        file_format=chosen,
        account_id=require_account().id,
        council_id=item.council.id,
        now=now(),
    )
    db.session.commit()
    answer = send_file(BytesIO(data), as_attachment=True, download_name=name)
    # Set here, since Flask would add a second character set to one that names its own.
    answer.content_type = FILE_TYPES[chosen].media_type
    return answer
