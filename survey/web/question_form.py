"""A page of questions as fields to show, built from the bank.

There is no form class: the bank says what a field is, and the same `parse_form` that reads a posted
page reads an imported file, so a page cannot accept what an import would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from question_banks.answers import FieldError, form_values
from question_banks.bank import (
    Bank,
    DateQuestion,
    Level,
    LongTextQuestion,
    NumberQuestion,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    SingleChoiceQuestion,
    in_language,
)
from question_banks.path import Page, pages, previous_page
from survey.data.invitations import InvitedPerson

Posted = Mapping[str, Sequence[str]]

DATE_PARTS = (("day", "Day"), ("month", "Month"), ("year", "Year"))


@dataclass(frozen=True)
class OptionField:
    """One radio, checkbox or place to fill: its id, what it posts, its label, and its state."""

    id: str
    name: str
    value: str
    label: str
    hint: str = ""
    is_chosen: bool = False
    is_apart: bool = False
    """Stands off the scale, after a divider: don't know and not applicable."""


@dataclass(frozen=True)
class Field:
    """One question as it is shown. `type` picks the template in templates/respond/answers."""

    id: str
    name: str
    type: str
    text: str
    guidance: str
    is_optional: bool
    options: tuple[OptionField, ...] = ()
    value: str = ""
    longest: int = 0
    unit: str = ""
    is_comment: bool = False
    errors: tuple[str, ...] = ()

    @property
    def described_by(self) -> str:
        """The ids a control points to: its guidance, its warning and its errors."""
        ids = [f"{self.id}-hint"] if self.guidance else []
        ids += [f"{self.id}-care"] if self.is_comment else []
        ids += [f"{self.id}-error"] if self.errors else []
        return " ".join(ids)


@dataclass(frozen=True)
class QuestionPage:
    """One page of questions, ready to show."""

    title: str
    caption: str
    progress: str
    fields: tuple[Field, ...]
    errors: tuple[tuple[str, str], ...]
    action: str
    back: str
    hub: str
    council: str
    urgent_contact: str


def question_page(
    person: InvitedPerson,
    bank: Bank,
    page: Page,
    *,
    answers: Mapping[str, Any],
    posted: Posted | None = None,
    errors: Sequence[FieldError] = (),
    notice: str = "",
) -> QuestionPage:
    """What one page of questions shows. `posted` stands before `answers`, so nothing is lost."""
    fields = tuple(
        question_field(bank, question, answers=answers, posted=posted, errors=errors)
        for question in page.questions
    )
    path = pages(bank, level=Level(person.level or Level.OTHER), answers=answers)
    before = previous_page(path, page)
    public_id = person.public_id
    from_check = request.args.get("came_from") == "check"
    hub = url_for("respond.signposts", public_id=public_id)
    back = url_for("respond.page", public_id=public_id, key=before.key) if before else hub
    listed = [("save", notice)] if notice else []
    listed += [(error.target, _placed(bank, error, among=len(fields))) for error in errors]
    return QuestionPage(
        title=in_language(page.topic.title) if page.topic else "Before you finish",
        caption=in_language(page.signpost.title) if page.signpost else "",
        progress=f"Page {path.index(page) + 1} of {len(path)}",
        fields=fields,
        errors=tuple(listed),
        action=url_for(
            "respond.save_page",
            public_id=public_id,
            key=page.key,
            came_from="check" if from_check else None,
        ),
        back=url_for("respond.check", public_id=public_id) if from_check else back,
        hub=hub,
        council=person.council,
        urgent_contact=person.urgent_contact,
    )


def _placed(bank: Bank, error: FieldError, *, among: int) -> str:
    """A message of the summary, led by its question where the page has several."""
    question = bank.by_code[error.question]
    if among == 1 or question.short is None:
        return error.message
    return f"{in_language(question.short)}: {error.message[0].lower()}{error.message[1:]}"


def question_field(
    bank: Bank,
    question: Question,
    *,
    answers: Mapping[str, Any],
    posted: Posted | None = None,
    errors: Sequence[FieldError] = (),
) -> Field:
    """One question as a field, with what was posted or stored filled in."""
    code = question.code
    given = _given(question, answers, posted)
    return Field(
        id=_first_id(question),
        name=code,
        type=question.type,
        text=in_language(question.text),
        guidance=in_language(question.guidance) if question.guidance else "",
        is_optional=not question.required,
        options=_options(bank, question, given),
        value=given.get(code, ("",))[0] if given.get(code) else "",
        longest=getattr(question, "longest", 0),
        unit=in_language(question.unit)
        if isinstance(question, NumberQuestion) and question.unit
        else "",
        is_comment=isinstance(question, LongTextQuestion),
        errors=tuple(error.message for error in errors if error.question == code),
    )


def _first_id(question: Question) -> str:
    """The id of the first control, which the error summary links to."""
    if isinstance(question, DateQuestion):
        return f"{question.code}-day"
    if isinstance(question, RankingQuestion):
        return f"{question.code}--{question.choices[0].code}"
    return question.code


def _given(question: Question, answers: Mapping[str, Any], posted: Posted | None) -> Posted:
    """Field name to values: as posted, or made from the stored answer."""
    if posted is not None:
        return posted
    return form_values(question, answers.get(question.code))


def _options(bank: Bank, question: Question, given: Posted) -> tuple[OptionField, ...]:
    code = question.code
    if isinstance(question, ScaleQuestion):
        chosen = set(given.get(code, ()))
        return tuple(
            OptionField(
                id=code if place == 0 else f"{code}-{option.code}",
                name=code,
                value=option.code,
                label=in_language(option.label),
                hint=in_language(question.descriptors[option.code])
                if option.code in question.descriptors
                else "",
                is_chosen=option.code in chosen,
                is_apart=option.weight is None,
            )
            for place, option in enumerate(bank.scale_of(question).options)
        )
    if isinstance(question, SingleChoiceQuestion | SeveralChoicesQuestion):
        chosen = set(given.get(code, ()))
        return tuple(
            OptionField(
                id=code if place == 0 else f"{code}-{choice.code}",
                name=code,
                value=choice.code,
                label=in_language(choice.label),
                is_chosen=choice.code in chosen,
            )
            for place, choice in enumerate(question.choices)
        )
    if isinstance(question, RankingQuestion):
        return tuple(
            _filled(f"{code}--{choice.code}", in_language(choice.label), given)
            for choice in question.choices
        )
    if isinstance(question, DateQuestion):
        return tuple(_filled(f"{code}-{part}", label, given) for part, label in DATE_PARTS)
    return ()


def _filled(name: str, label: str, given: Posted) -> OptionField:
    values = given.get(name) or ("",)
    return OptionField(id=name, name=name, value=values[0], label=label)
