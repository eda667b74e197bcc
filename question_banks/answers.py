"""One raw answer to a typed value or to reasons: for the web form, a CSV file and a notebook.

A form posts the fields of `field_names`; a CSV file holds one cell for each question. Both end in
the same value, or in messages that tell a person what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from question_banks.bank import (
    Bank,
    Choice,
    DateQuestion,
    LongTextQuestion,
    NumberQuestion,
    Option,
    OptionKind,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    ShortTextQuestion,
    SingleChoiceQuestion,
    in_language,
)
from question_banks.conditions import Value
from question_banks.dates import DATE_PARTS, DateFault, long_date, parse_date_parts
from question_banks.text import clean_line, clean_text

SEPARATOR = "|"
"""Between the codes of several choices, or of a ranking, in a CSV cell."""

_NUMBER = re.compile(r"[-+]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,9})?", re.ASCII)
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class FieldError:
    """Why an answer cannot be taken: question, the form field at fault, and what to do."""

    question: str
    target: str
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value to store, or the errors that stand against it.

    A text that is too long is kept in `value` beside its error, so that it can be shown again.
    """

    value: Value
    errors: tuple[FieldError, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether the value may be stored."""
        return not self.errors


def field_names(question: Question) -> tuple[str, ...]:
    """The names of the form fields a question is answered with.

    >>> from question_banks.bank import DateQuestion
    >>> field_names(DateQuestion(type="date", code="by_when", text="By when?"))
    ('by_when-day', 'by_when-month', 'by_when-year')
    """
    match question:
        case DateQuestion():
            return tuple(f"{question.code}-{part}" for part in DATE_PARTS)
        case RankingQuestion():
            return tuple(f"{question.code}--{choice.code}" for choice in question.choices)
        case _:
            return (question.code,)


def form_values(question: Question, value: Value) -> dict[str, list[str]]:
    """The form fields that post a stored value again; fields without a value are left out."""
    if value is None:
        return {}
    match question:
        case DateQuestion():
            day = date.fromisoformat(str(value))
            return dict(
                zip(
                    field_names(question),
                    ([str(day.day)], [str(day.month)], [str(day.year)]),
                    strict=True,
                )
            )
        case RankingQuestion() if isinstance(value, list):
            return {f"{question.code}--{code}": [str(p)] for p, code in enumerate(value, start=1)}
        case _:
            values = value if isinstance(value, list) else [str(value)]
            return {question.code: values}


def parse_form(bank: Bank, question: Question, posted: Mapping[str, Sequence[str]]) -> Parsed:
    """The answer in a posted form.

    Args:
        bank: the bank the question belongs to.
        question: one of its questions.
        posted: every field of the form with all its values; fields of other questions are ignored.

    Returns:
        The value, None for a question left blank, or the errors. Never raises.
    """
    code = question.code
    match question:
        case DateQuestion():
            parsed = _posted_date(question, posted)
        case RankingQuestion():
            parsed = _posted_ranking(question, posted)
        case SeveralChoicesQuestion():
            given = [text for text in map(str.strip, posted.get(code, ())) if text]
            parsed = _several(question, given)
        case ScaleQuestion() | SingleChoiceQuestion():
            given = [text for text in map(str.strip, posted.get(code, ())) if text]
            parsed = _one_option(bank, question, given)
        case NumberQuestion():
            parsed = _number(question, clean_line(_first(posted, code)))
        case _:
            parsed = _text(question, _first(posted, code))
    if parsed.is_valid and parsed.value is None and question.required:
        return _wrong(question, _prompt(bank, question), target=field_names(question)[0])
    return parsed


def parse_cell(bank: Bank, question: Question, text: str) -> Parsed:
    """The answer in one cell of a CSV file; an empty cell is a skipped question.

    Options are given by code, several of them joined by `|`, dates as 2026-03-31. A required
    question may be empty, because a response collected elsewhere is taken as it is.
    """
    line = clean_line(text)
    if not line:
        return Parsed(None)
    match question:
        case DateQuestion():
            try:
                return Parsed(date.fromisoformat(line).isoformat())
            except ValueError:
                return _wrong(question, f"‘{_shown(line)}’ is not a date; write it as 2026-03-31")
        case NumberQuestion():
            return _number(question, line)
        case ShortTextQuestion() | LongTextQuestion():
            return _text(question, text)
    codes = [part.strip() for part in line.split(SEPARATOR)]
    known = [option.code for option in _options(bank, question)]
    for given in codes:
        if given not in known:
            return _wrong(
                question, f"‘{_shown(given)}’ is not an option code; use one of {', '.join(known)}"
            )
    match question:
        case RankingQuestion():
            if sorted(codes) != sorted(known):
                return _wrong(
                    question, f"name each of {', '.join(known)} once, joined by {SEPARATOR}"
                )
            return Parsed(codes)
        case SeveralChoicesQuestion():
            return _several(question, codes)
        case _:
            return _one_option(bank, question, codes)


def to_cell(question: Question, value: Value) -> str | None:
    """The CSV cell that `parse_cell` reads as this value; None, an empty cell, for a skipped one.

    >>> from question_banks.bank import DateQuestion
    >>> to_cell(DateQuestion(type="date", code="by_when", text="By when?"), "2026-03-31")
    '2026-03-31'
    """
    if value is None:
        return None
    if isinstance(value, list):
        return SEPARATOR.join(value)
    if isinstance(question, NumberQuestion) and isinstance(value, float):
        return f"{value:.9f}".rstrip("0").rstrip(".")
    return str(value)


def display(bank: Bank, question: Question, value: Value, language: str = "en") -> str:
    """An answer as a person reads it, several lines for several choices; "" for a skipped one.

    >>> from question_banks.loader import load_bank
    >>> bank = load_bank("safeguarding_children_2010")
    >>> question = next(bank.questions())
    >>> display(bank, question, "dont_know")
    'Don’t know'
    """
    if value is None:
        return ""
    labels = {
        option.code: in_language(option.label, language) for option in _options(bank, question)
    }
    match question:
        case RankingQuestion() if isinstance(value, list):
            return "\n".join(f"{p}. {labels.get(c, c)}" for p, c in enumerate(value, start=1))
        case NumberQuestion() if isinstance(value, int | float):
            unit = f" {in_language(question.unit, language)}" if question.unit is not None else ""
            return f"{value:,}{unit}"
        case DateQuestion():
            return long_date(date.fromisoformat(str(value)), language)
    codes = value if isinstance(value, list) else [str(value)]
    return "\n".join(labels.get(code, code) for code in codes)


def _options(bank: Bank, question: Question) -> Sequence[Option | Choice]:
    match question:
        case ScaleQuestion():
            return bank.scale_of(question).options
        case SingleChoiceQuestion() | SeveralChoicesQuestion() | RankingQuestion():
            return question.choices
        case _:
            return ()


def _first(posted: Mapping[str, Sequence[str]], field: str) -> str:
    """The first value of a field: a form with one box sends one."""
    values = posted.get(field, ())
    return values[0] if values else ""


def _wrong(question: Question, message: str, *, target: str = "") -> Parsed:
    return Parsed(None, (FieldError(question.code, target or question.code, message),))


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _prompt(bank: Bank, question: Question) -> str:
    """What to do about a question that needs an answer and has none."""
    match question:
        case ScaleQuestion():
            return _scale_prompt(bank, question)
        case SingleChoiceQuestion():
            return "Select one option"
        case SeveralChoicesQuestion():
            return "Select at least one option"
        case RankingQuestion():
            return f"Enter a number from 1 to {len(question.choices)} beside each option"
        case NumberQuestion():
            return _number_prompt(question)
        case DateQuestion():
            return "Enter a date"
        case _:
            return "Enter an answer"


def _scale_prompt(bank: Bank, question: ScaleQuestion) -> str:
    """Worded from the scale: its own prompt or its ends, and the way out for who cannot say."""
    scale = bank.scale_of(question)
    labels = [in_language(option.label) for option in scale.options if option.weight is not None]
    ends = f"an answer from ‘{labels[0]}’ to ‘{labels[-1]}’"
    start = "Select " + (in_language(scale.prompt) if scale.prompt is not None else ends)
    for kind in (OptionKind.DONT_KNOW, OptionKind.NOT_APPLICABLE):
        way_out = next((option for option in scale.options if option.kind is kind), None)
        if way_out is not None:
            return f"{start}, or select ‘{in_language(way_out.label)}’"
    return start


def _one_option(
    bank: Bank, question: ScaleQuestion | SingleChoiceQuestion, given: Sequence[str]
) -> Parsed:
    if not given:
        return Parsed(None)
    if len(given) > 1:
        return _wrong(question, "Select one option only")
    if any(option.code == given[0] for option in _options(bank, question)):
        return Parsed(given[0])
    return _wrong(question, "That answer was not one of the options. " + _prompt(bank, question))


def _several(question: SeveralChoicesQuestion, given: Sequence[str]) -> Parsed:
    known = [choice.code for choice in question.choices]
    if not set(given) <= set(known):
        message = "That answer was not one of the options. Select from the options shown"
        return _wrong(question, message)
    chosen = [code for code in known if code in given]
    if question.most is not None and len(chosen) > question.most:
        message = f"Select no more than {question.most} options; you selected {len(chosen)}"
        return _wrong(question, message)
    return Parsed(chosen or None)


def _posted_ranking(question: RankingQuestion, posted: Mapping[str, Sequence[str]]) -> Parsed:
    fields = dict(zip(field_names(question), question.choices, strict=True))
    given = {field: clean_line(_first(posted, field)) for field in fields}
    if not any(given.values()):
        return Parsed(None)
    count = len(fields)
    places: dict[int, str] = {}
    errors: list[FieldError] = []
    for field, choice in fields.items():
        text, label = given[field], in_language(choice.label)
        place = int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else 0
        if not 1 <= place <= count:
            message = f"Enter a number from 1 to {count} for ‘{label}’"
            errors.append(FieldError(question.code, field, message))
        elif place in places:
            other = in_language(fields[places[place]].label)
            message = f"Use each number once: {place} is beside both ‘{other}’ and ‘{label}’"
            errors.append(FieldError(question.code, field, message))
        else:
            places[place] = field
    if errors:
        return Parsed(None, tuple(errors))
    return Parsed([fields[places[place]].code for place in sorted(places)])


def _posted_date(question: DateQuestion, posted: Mapping[str, Sequence[str]]) -> Parsed:
    fields = dict(zip(DATE_PARTS, field_names(question), strict=True))
    texts = {part: clean_line(_first(posted, field)) for part, field in fields.items()}
    found = parse_date_parts(texts)
    if isinstance(found, DateFault):
        return Parsed(
            None,
            tuple(
                FieldError(question.code, fields[part], message)
                for part, message in found.messages.items()
            ),
        )
    return Parsed(found.isoformat() if found is not None else None)


def _number(question: NumberQuestion, text: str) -> Parsed:
    if not text:
        return Parsed(None)
    plain = text.replace("−", "-").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        return _wrong(question, _number_prompt(question))
    number = float(plain.replace(",", ""))
    if question.whole and not number.is_integer():
        return _wrong(question, _number_prompt(question))
    low, high = question.lowest, question.highest
    if (low is not None and number < low) or (high is not None and number > high):
        return _wrong(question, _number_prompt(question))
    return Parsed(int(number) if question.whole else number + 0.0)


def _number_prompt(question: NumberQuestion) -> str:
    kind = "whole number" if question.whole else "number"
    unit = f" of {in_language(question.unit)}" if question.unit is not None else ""
    low, high = question.lowest, question.highest
    if low is not None and high is not None:
        bounds = f" from {low:,.15g} to {high:,.15g}"
    elif low is not None:
        bounds = f", {low:,.15g} or more"
    elif high is not None:
        bounds = f", {high:,.15g} or less"
    else:
        bounds = ", such as 12"
    return f"Enter a {kind}{unit}{bounds}"


def _text(question: ShortTextQuestion | LongTextQuestion, raw: str) -> Parsed:
    text = clean_line(raw) if isinstance(question, ShortTextQuestion) else clean_text(raw)
    if len(text) <= question.longest:
        return Parsed(text or None)
    message = (
        f"Shorten your answer to {question.longest:,} characters or fewer; it has {len(text):,} now"
    )
    return Parsed(text, (FieldError(question.code, question.code, message),))
