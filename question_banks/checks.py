"""Every semantic rule about a bank. Returns all problems, never stops at the first.

Errors make a bank unusable. Warnings are for a person to look at, and are silenced only by an
`accepted` entry with a reason on the question. Rules about `show_if` are in `reachability`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from question_banks.bank import (
    ALL_LEVELS,
    LEVEL_TITLES,
    ON_SCALE,
    Bank,
    BankKind,
    LocalText,
    Model,
    NumberQuestion,
    OptionKind,
    Question,
    RankingQuestion,
    Scale,
    ScaleQuestion,
    SeveralChoicesQuestion,
    Signpost,
    SingleChoiceQuestion,
    in_language,
)
from question_banks.errors import Problem, Severity
from question_banks.local import PREFIX, is_local
from question_banks.path import CLOSING_KEY
from question_banks.reachability import Asked, find_condition_faults, follow_on, list_asked
from question_banks.reader import LoadedBank
from question_banks.strict_yaml import Place
from question_banks.wording import (
    READING_GRADE_LIMIT,
    find_double,
    find_negative,
    reading_grade,
)

LONGEST_PAGE = 5
"""Questions one level sees on one page before it is called long. The comment is not counted."""

RESERVED_CODES = frozenset({"response_id", "agency", "sector", "level", "csrf_token"})
"""Names of other columns of a responses file, and of another field of a form."""

_HTML = re.compile(r"<[A-Za-z/!?]|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]+);")
_ORDER = (OptionKind.FAVOURABLE, OptionKind.NEUTRAL, OptionKind.UNFAVOURABLE)


@dataclass(frozen=True)
class Finding:
    """A fault of a bank at a place in it."""

    place: Place
    message: str
    severity: Severity = Severity.ERROR


def check_bank(loaded: LoadedBank) -> tuple[Problem, ...]:
    """Every problem of a bank that was read, in the order of its lines.

    A file whose form is wrong has only those problems: the rules need a whole bank.
    """
    if loaded.bank is None:
        return loaded.problems
    problems = {
        Problem(loaded.file, loaded.line(finding.place), finding.message, finding.severity)
        for finding in list_findings(loaded.bank)
    }
    return tuple(sorted({*loaded.problems, *problems}))


def list_findings(bank: Bank) -> Iterator[Finding]:
    """Every fault of a bank, whether or not it came from a file."""
    asked = tuple(list_asked(bank))
    yield from _texts(bank, ())
    yield from _codes(bank, asked)
    for position, scale in enumerate(bank.scales):
        yield from _scale(bank, scale, ("scales", position))
    for position, signpost in enumerate(bank.signposts):
        yield from _signpost(bank, signpost, ("signposts", position))
    for item in asked:
        yield from _question(bank, item)
    for place, message in find_condition_faults(bank, asked):
        yield Finding(place, message)
    yield from _wording_warnings(asked)


# ---- texts


def _texts(value: object, place: Place) -> Iterator[Finding]:
    """HTML, blank wording and stray spaces, wherever there is text."""
    if isinstance(value, str):
        yield from _text(value, place)
    elif isinstance(value, Model):
        for name, field in type(value).model_fields.items():
            yield from _texts(getattr(value, name), (*place, field.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*place, key))
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from _texts(item, (*place, position))


def _text(text: str, place: Place) -> Iterator[Finding]:
    name = next((part for part in reversed(place) if part not in ("en", "cy")), "")
    if found := _HTML.search(text):
        yield Finding(
            place, f"‘{name}’ holds HTML (‘{found.group()}’); a bank holds plain text only"
        )
    if not text.strip():
        yield Finding(place, f"‘{name}’ is empty")
    elif name != "notes" and text != text.strip():
        yield Finding(
            place,
            f"‘{name}’ begins or ends with a space or a line break; after a key write >- or |-",
        )


# ---- codes


def _codes(bank: Bank, asked: Sequence[Asked]) -> Iterator[Finding]:
    signposts = enumerate(bank.signposts)
    topics = [
        (("signposts", s, "topics", t, "code"), topic.code)
        for s, signpost in enumerate(bank.signposts)
        for t, topic in enumerate(signpost.topics)
    ]
    yield from _unique("question", [((*item.place, "code"), item.question.code) for item in asked])
    yield from _unique("signpost", [(("signposts", s, "code"), post.code) for s, post in signposts])
    yield from _unique("topic", topics)
    yield from _unique(
        "scale", [(("scales", s, "code"), scale.code) for s, scale in enumerate(bank.scales)]
    )
    for place, code in topics:
        if code == CLOSING_KEY:
            yield Finding(place, f"a topic cannot have the code ‘{code}’: the last page has it")
    for item in asked:
        if item.question.local != is_local(item.question.code):
            yield Finding(
                (*item.place, "code"),
                f"{item.question.code}: ‘local’ and a code that begins with ‘{PREFIX}’ go together",
            )
        if item.question.code in RESERVED_CODES:
            yield Finding(
                (*item.place, "code"),
                f"a question cannot have the code ‘{item.question.code}’: "
                "another column of a responses file has it",
            )


def _unique(thing: str, codes: Iterable[tuple[Place, str]], within: str = "") -> Iterator[Finding]:
    seen: set[str] = set()
    for place, code in codes:
        if code in seen:
            yield Finding(place, f"{within}the {thing} code ‘{code}’ is used twice")
        seen.add(code)


# ---- scales


def _scale(bank: Bank, scale: Scale, place: Place) -> Iterator[Finding]:
    within = f"{scale.code}: "
    places: list[tuple[Place, str]] = [
        ((*place, "options", o, "code"), option.code) for o, option in enumerate(scale.options)
    ]
    yield from _unique("option", places, within)
    yield from _unique_labels(
        [option.label for option in scale.options], (*place, "options"), within
    )
    for position, option in enumerate(scale.options):
        where = (*place, "options", position)
        if option.kind in ON_SCALE and option.weight is None:
            yield Finding(where, f"{option.code}: an option that is {option.kind} needs a weight")
        if option.kind not in ON_SCALE and option.weight is not None:
            yield Finding(
                (*where, "weight"),
                f"{option.code}: an option off the scale ({option.kind}) cannot have a weight",
            )
    yield from _scale_order(scale, place)
    used = {q.scale for q in bank.questions() if isinstance(q, ScaleQuestion)}
    if scale.code not in used and used <= set(bank.scales_by_code):
        yield Finding(place, f"{within}no question uses this scale")


def _scale_order(scale: Scale, place: Place) -> Iterator[Finding]:
    within = f"{scale.code}: "
    kinds = [option.kind for option in scale.options]
    for kind in (OptionKind.FAVOURABLE, OptionKind.UNFAVOURABLE):
        if kind not in kinds:
            yield Finding(place, f"{within}no option is {kind}")
    for kind in (OptionKind.DONT_KNOW, OptionKind.NOT_APPLICABLE):
        if kinds.count(kind) > 1:
            yield Finding(place, f"{within}more than one option is {kind}")
    ranks = [_ORDER.index(kind) if kind in ON_SCALE else len(_ORDER) for kind in kinds]
    if ranks != sorted(ranks):
        yield Finding(
            (*place, "options"),
            f"{within}options must go from favourable over neutral to unfavourable, "
            "with those off the scale last",
        )
    on_scale = [option.weight for option in scale.options if option.kind in ON_SCALE]
    weights = [weight for weight in on_scale if weight is not None]
    if any(after >= before for before, after in pairwise(weights)):
        yield Finding((*place, "options"), f"{within}each weight must be less than the one before")


def _unique_labels(
    labels: Iterable[str | LocalText], place: Place, within: str
) -> Iterator[Finding]:
    seen: set[str] = set()
    for position, label in enumerate(labels):
        text = in_language(label).casefold()
        if text in seen:
            yield Finding(
                (*place, position, "label"),
                f"{within}two options read the same: ‘{in_language(label)}’",
            )
        seen.add(text)


# ---- signposts and topics


def _signpost(bank: Bank, signpost: Signpost, place: Place) -> Iterator[Finding]:
    levels = {level for topic in signpost.topics for q in topic.questions for level in q.audience}
    if bank.kind is BankKind.AGENCY_RETURN:
        if not levels:
            yield Finding(place, f"{signpost.code}: no level is asked a question here")
        return
    for level in ALL_LEVELS:
        if level not in levels:
            yield Finding(
                place,
                f"{signpost.code}: the level {level} ({LEVEL_TITLES[level]}) is asked nothing here",
            )
    for position, topic in enumerate(signpost.topics):
        judged = any(isinstance(question, ScaleQuestion) for question in topic.questions)
        if judged and not topic.enquiries:
            yield Finding(
                (*place, "topics", position),
                f"{topic.code}: a topic with scale questions needs at least one entry in enquiries",
            )


# ---- questions


def _question(bank: Bank, item: Asked) -> Iterator[Finding]:
    question, place = item.question, item.place
    within = f"{question.code}: "
    if not question.audience:
        yield Finding((*place, "audience"), f"{within}‘audience’ is empty: nobody is asked this")
    for name in ("audience", "leans_on", "requires"):
        values = getattr(question, name)
        for position, value in enumerate(values):
            if value in values[:position]:
                yield Finding((*place, name, position), f"{within}‘{name}’ names {value} twice")
    if isinstance(question, ScaleQuestion):
        yield from _scale_question(bank, question, place)
    elif isinstance(question, SingleChoiceQuestion | SeveralChoicesQuestion | RankingQuestion):
        yield from _choices(question, place)
    elif isinstance(question, NumberQuestion):
        yield from _number(question, place)


def _scale_question(bank: Bank, question: ScaleQuestion, place: Place) -> Iterator[Finding]:
    within = f"{question.code}: "
    scale = bank.scales_by_code.get(question.scale)
    if scale is None:
        known = ", ".join(bank.scales_by_code) or "none"
        yield Finding(
            (*place, "scale"),
            f"{within}there is no scale ‘{question.scale}’ in this bank (scales: {known})",
        )
        return
    for code in question.descriptors:
        if scale.option(code) is None:
            yield Finding(
                (*place, "descriptors", code),
                f"{within}a descriptor is for ‘{code}’, which is no option of ‘{scale.code}’",
            )
    if question.descriptors:
        for option in scale.options:
            if option.kind in ON_SCALE and option.code not in question.descriptors:
                yield Finding(
                    (*place, "descriptors"),
                    f"{within}the descriptor for ‘{option.code}’ is missing",
                )


def _choices(
    question: SingleChoiceQuestion | SeveralChoicesQuestion | RankingQuestion, place: Place
) -> Iterator[Finding]:
    within = f"{question.code}: "
    where = (*place, "choices")
    places: list[tuple[Place, str]] = [
        ((*where, c, "code"), choice.code) for c, choice in enumerate(question.choices)
    ]
    yield from _unique("choice", places, within)
    yield from _unique_labels([choice.label for choice in question.choices], where, within)
    if len(question.choices) < 2:
        yield Finding(where, f"{within}there must be at least two choices")
    if (
        isinstance(question, SeveralChoicesQuestion)
        and question.most is not None
        and question.most > len(question.choices)
    ):
        yield Finding(
            (*place, "most"),
            f"{within}‘most’ is {question.most}, but there are {len(question.choices)} choices",
        )


def _number(question: NumberQuestion, place: Place) -> Iterator[Finding]:
    within = f"{question.code}: "
    lowest, highest = question.lowest, question.highest
    if lowest is not None and highest is not None and lowest > highest:
        yield Finding((*place, "lowest"), f"{within}‘lowest’ is more than ‘highest’")
    for name, bound in (("lowest", lowest), ("highest", highest)):
        if question.whole and bound is not None and not bound.is_integer():
            yield Finding(
                (*place, name), f"{within}‘{name}’ must be a whole number, as the answer is"
            )


# ---- warnings


def _wording_warnings(asked: Sequence[Asked]) -> Iterator[Finding]:
    long_pages = _long_pages(asked)
    for item in asked:
        question = item.question
        found = {name: (field, message) for name, field, message in _warnings(question)}
        topic = item.topic.code if item.topic else ""
        rounds = {code: number for number, codes in long_pages.get(topic, ()) for code in codes}
        if question.code in rounds:
            found["long_page"] = ("", "")
        accepted: set[str] = set()
        for position, entry in enumerate(question.accepted):
            where = (*item.place, "accepted", position)
            if entry.warning in accepted:
                yield Finding(where, f"{question.code}: {entry.warning} is accepted twice")
            elif entry.warning not in found:
                yield Finding(
                    where,
                    f"{question.code}: there is no {entry.warning} warning to accept; remove this",
                )
            accepted.add(entry.warning)
        for warning, (field, message) in found.items():
            if warning not in accepted and message:
                place = (*item.place, field)
                message = f"{question.code}: {message} ({warning})"
                yield Finding(place, message, Severity.WARNING)
    yield from _unaccepted_long_pages(asked, long_pages)


def _warnings(question: Question) -> Iterator[tuple[str, str, str]]:
    """The warnings about the wording of one question: name, the key it is about, message."""
    text = in_language(question.text)
    if isinstance(question, ScaleQuestion):
        judge: tuple[tuple[str, Callable[[str], str | None], str], ...] = (
            ("double_barrelled", find_double, "‘{}’ may join two questions in one"),
            ("negative", find_negative, "‘{}’ makes it hard to say what agreeing means"),
        )
        for name, find, message in judge:
            if (found := find(text)) is not None:
                yield name, "text", message.format(found)
    for name in ("text", "guidance"):
        wording = getattr(question, name)
        grade = reading_grade(in_language(wording)) if wording is not None else None
        if grade is not None and grade > READING_GRADE_LIMIT:
            message = (
                f"‘{name}’ is hard to read: grade {grade:.0f}, the limit is "
                f"{READING_GRADE_LIMIT:.0f}; use shorter words or sentences"
            )
            yield "reading_age", name, message
            return


def _long_pages(asked: Sequence[Asked]) -> dict[str, list[tuple[int, frozenset[str]]]]:
    """Topic code to its long pages: page number and the codes of the questions on it."""
    pages: dict[tuple[str, int], list[Asked]] = {}
    for item in asked:
        if item.topic is not None:
            number = follow_on(item.topic)[item.question.code]
            pages.setdefault((item.topic.code, number), []).append(item)
    long: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for (topic, number), items in pages.items():
        counts = [sum(level in item.question.audience for item in items) for level in ALL_LEVELS]
        if max(counts) > LONGEST_PAGE:
            codes = frozenset(item.question.code for item in items)
            long.setdefault(topic, []).append((number, codes))
    return long


def _unaccepted_long_pages(
    asked: Sequence[Asked], long_pages: dict[str, list[tuple[int, frozenset[str]]]]
) -> Iterator[Finding]:
    accepting = {
        item.question.code
        for item in asked
        if any(entry.warning == "long_page" for entry in item.question.accepted)
    }
    places = {item.topic.code: item.place[:-2] for item in asked if item.topic is not None}
    for topic, pages in long_pages.items():
        for _, codes in pages:
            if not codes & accepting:
                yield Finding(
                    places[topic],
                    f"{topic}: a level is asked more than {LONGEST_PAGE} questions on one page "
                    "(long_page)",
                    Severity.WARNING,
                )
