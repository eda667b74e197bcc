"""The evidence pages that agency leads and contributors share, each under their own address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from question_banks.bank import in_language
from survey.actions import return_evidence as actions
from survey.actions import returns
from survey.actions.return_evidence import Given, InvalidEvidence, Limits, Place
from survey.actions.return_file_checks import ACCEPTED
from survey.actions.returns import Answered
from survey.actions.returns_path import Section
from survey.clock import now
from survey.data import return_evidence as data
from survey.data import return_evidence_files
from survey.data.return_evidence import EvidenceKind, ReturnEvidence
from survey.data.return_evidence_files import NoRoom
from survey.errors import NotAllowedNow, NotFound
from survey.extensions import db
from survey.web import return_files
from survey.web.presenters_return_evidence import EvidenceRow, evidence_row, size_words
from survey.web.returns_actor import Actor
from survey.web.sign_in import settings

Page = str | Response | tuple[str, int]
NOT_RIGHT = 422
NOT_NOW = 409
FULL = 507
OVERHEAD = 256 * 1024
"""Bytes of a form besides its file."""

DONE = {
    "added": "The evidence has been added.",
    "removed": "The evidence has been removed. That it was there stays on record.",
}
BLUEPRINTS = {"returns": "return_evidence", "contribute": "contribute_evidence"}


def limits() -> Limits:
    """How large files may be."""
    found = settings()
    return Limits(
        file_bytes=found.evidence_file_mb * actions.MEGABYTE,
        return_bytes=found.evidence_return_mb * actions.MEGABYTE,
    )


def allow_files(
    endpoints: Collection[str],
) -> Callable[[str | None, dict[str, Any] | None], None]:
    """What lets the forms at these endpoints be as large as a file of evidence may be."""

    def allow(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if endpoint in endpoints and request.method == "POST":
            # One byte more than allowed still arrives, to be refused on the form itself.
            request.max_content_length = 2 * limits().file_bytes + OVERHEAD

    return allow


@dataclass(frozen=True)
class QuestionEvidence:
    """What was given for one question of a section, or for the section as a whole ("")."""

    code: str
    title: str
    rows: tuple[EvidenceRow, ...]
    add: str


@dataclass(frozen=True)
class EvidencePage:
    """The evidence of a section."""

    agency: str
    title: str
    overview: str
    here: str
    places: tuple[QuestionEvidence, ...]
    may_write: bool
    used: str
    most: str


@dataclass(frozen=True)
class EvidenceForm:
    """Evidence as somebody gives it."""

    kind: str = ""
    text: str = ""
    document: str = ""
    page: str = ""
    link: str = ""
    problems: tuple[tuple[str, str], ...] = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return next((words for at, words in self.problems if at == name), None)


def url(actor: Actor, endpoint: str, **values: str) -> str:
    """The address of a page about evidence, for this person."""
    named: dict[str, Any] = {**actor.key, **values}
    return url_for(f"{BLUEPRINTS[actor.blueprint]}.{endpoint}", **named)


def _section(actor: Actor, code: str) -> tuple[Answered, Section]:
    """The section, where this person may read it. Raises NotFound."""
    if not actor.may_read(code):
        raise NotFound("This section is not shared with this contributor.")
    answered = returns.load(db.session(), actor.item)
    return answered, answered.section(code)


def _may_write(actor: Actor, section: str) -> bool:
    return actor.may_write(section) and actor.item.may_be_written(now())


def show(actor: Actor, code: str) -> Page:
    """The evidence of a section, question by question."""
    _, section = _section(actor, code)
    rows = data.list_evidence(
        db.session(), return_id=actor.item.id, sections=[code], with_removed=True
    )
    used = data.used_bytes(db.session(), return_id=actor.item.id)
    page = EvidencePage(
        agency=actor.item.agency,
        title=section.title,
        overview=actor.url("overview"),
        here=url(actor, "evidence", section=code),
        places=tuple(_places(actor, section, rows)),
        may_write=_may_write(actor, code),
        used=size_words(used) if used else "",
        most=size_words(limits().return_bytes),
    )
    return render_template(
        "return_evidence/evidence.html",
        page=page,
        actor=actor,
        url=lambda endpoint, evidence_id: url(
            actor, endpoint, section=code, evidence_id=evidence_id
        ),
        done=DONE.get(request.args.get("done", ""), ""),
    )


def _places(actor: Actor, section: Section, rows: list[ReturnEvidence]) -> list[QuestionEvidence]:
    """The section as a whole, then each of its questions that are no part of another's plan."""
    asked = {
        question.code: in_language(question.short or question.text)
        for page in section.pages
        for question in page.questions
        if question.show_if is None
    }
    given = {row.question for row in rows}
    titles = {"": "The whole section"} | asked
    titles |= {code: "A question that is not asked now" for code in given if code not in titles}
    return [
        QuestionEvidence(
            code=code,
            title=title,
            rows=tuple(evidence_row(row) for row in rows if row.question == code),
            add=url(actor, "ask", section=section.code, question=code),
        )
        for code, title in titles.items()
    ]


def ask(actor: Actor, code: str) -> Page:
    """The form to give evidence."""
    return _form(actor, code, EvidenceForm())


def _form(actor: Actor, code: str, form: EvidenceForm, *, status: int = 200) -> Page:
    answered, section = _section(actor, code)
    if not form.problems and not _may_write(actor, code):
        raise NotFound("Nothing can be added to this section now.")
    question = request.args.get("question", "")
    about = "The whole section"
    if question:
        found = returns.find_question(answered, section=code, code=question)
        about = in_language(found.text)
    html = render_template(
        "return_evidence/add.html",
        actor=actor,
        form=form,
        section=section.title,
        about=about,
        action=url(actor, "add", section=code, question=question),
        back=url(actor, "evidence", section=code),
        accepted=", ".join(ACCEPTED),
        most=size_words(limits().file_bytes),
    )
    return (html, status) if status != 200 else html


def add(actor: Actor, code: str) -> Page:
    """Keeps a piece of evidence, or shows the form again with what is wrong."""
    answered, _ = _section(actor, code)
    if not actor.may_write(code):
        raise NotFound("This section is not shared with this contributor to write in.")
    form = read_form(request.form)
    place = Place(section=code, question=request.args.get("question", ""))
    round_id = actions.round_of(answered, place)
    folder = return_evidence_files.folder_of(settings().instance)
    try:
        actions.add(
            db.session(),
            actor.item,
            place=place,
            round_id=round_id,
            given=_given(form),
            limits=limits(),
            folder=folder,
            writer=actor.writer,
            now=now(),
        )
    except InvalidEvidence as error:
        db.session.rollback()
        return _form(actor, code, _with(form, error.field, str(error)), status=NOT_RIGHT)
    except NotAllowedNow as error:
        # What was written stands on the page, for the person to copy.
        db.session.rollback()
        return _form(actor, code, _with(form, "text", str(error)), status=NOT_NOW)
    except NoRoom:
        db.session.rollback()
        message = (
            "There is no room for the file at present. Nothing was kept. Give a reference to the "
            "document instead, or try again later"
        )
        return _form(actor, code, _with(form, "file", message), status=FULL)
    db.session.commit()
    return redirect(url(actor, "evidence", section=code, done="added"))


def _with(form: EvidenceForm, field: str, message: str) -> EvidenceForm:
    return EvidenceForm(**{**vars(form), "problems": ((field, message),)})


def read_form(posted: Mapping[str, str]) -> EvidenceForm:
    """Evidence as posted; what is wrong with it the action says."""
    return EvidenceForm(
        kind=posted.get("kind", ""),
        text=posted.get("text", "").replace("\r\n", "\n"),
        document=posted.get("document", ""),
        page=posted.get("page", ""),
        link=posted.get("link", ""),
    )


def _given(form: EvidenceForm) -> Given:
    if form.kind not in set(EvidenceKind):
        raise InvalidEvidence("kind", "Select how you give the evidence")
    sent = request.files.get("file")
    is_file = form.kind == EvidenceKind.FILE and sent is not None
    return Given(
        kind=EvidenceKind(form.kind),
        text=form.text,
        document=form.document,
        page=form.page,
        link=form.link,
        file_name=(sent.filename or "") if is_file and sent is not None else "",
        data=sent.read() if is_file and sent is not None else b"",
    )


def _row(actor: Actor, code: str, evidence_id: str) -> ReturnEvidence:
    if not actor.may_read(code):
        raise NotFound("This section is not shared with this contributor.")
    return data.get_evidence(
        db.session(), return_id=actor.item.id, evidence_id=evidence_id, sections=[code]
    )


def download(actor: Actor, code: str, evidence_id: str) -> Response:
    """A file of evidence, as a download and nothing else."""
    row = _row(actor, code, evidence_id)
    folder = return_evidence_files.folder_of(settings().instance)
    return return_files.download(actions.file_path(folder, row), name=row.file_name)


def ask_to_remove(actor: Actor, code: str, evidence_id: str) -> Page:
    """Says what removing does, and asks."""
    row = _row(actor, code, evidence_id)
    if not _may_write(actor, code):
        raise NotFound("Nothing can be removed from this section now.")
    return render_template(
        "return_evidence/remove.html",
        actor=actor,
        row=evidence_row(row),
        action=url(actor, "remove", section=code, evidence_id=evidence_id),
        back=url(actor, "evidence", section=code),
    )


def remove(actor: Actor, code: str, evidence_id: str) -> Page:
    """Removes evidence; the file itself is deleted once that is certain."""
    if not actor.may_write(code):
        raise NotFound("This section is not shared with this contributor to write in.")
    row = _row(actor, code, evidence_id)
    stored = actions.remove(db.session(), actor.item, row, writer=actor.writer, now=now())
    db.session.commit()
    if stored is not None:
        return_evidence_files.delete(return_evidence_files.folder_of(settings().instance), stored)
    return redirect(url(actor, "evidence", section=code, done="removed"))
