"""Which pages a respondent sees, in order, given their answers. Computed, never stored.

A page holds the questions of one topic that this level is asked and whose rules hold. A question
whose rule looks at another of its topic comes on a follow-on page, so nothing needs a script. The
comment of a signpost is on its last page; closing prompts share one page at the end.

What does not depend on the answers is worked out once for each bank and level, because this runs
on every request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from question_banks.bank import Bank, Level, Question, Signpost, Topic
from question_banks.conditions import Answers, Value, evaluate, list_tests
from question_banks.reachability import follow_on

CLOSING_KEY = "closing"
"""The key of the last page. No topic may have this code."""


@dataclass(frozen=True, slots=True)
class Page:
    """Questions answered and saved together.

    `key` is stable and safe in a URL: the topic's code, that code with `-2` and so on for a
    follow-on page, or `closing`. The closing page has neither signpost nor topic.
    """

    key: str
    signpost: Signpost | None
    topic: Topic | None
    questions: tuple[Question, ...]


class State(StrEnum):
    """How far a respondent has come with a signpost."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SignpostState:
    """How far a respondent has come with one signpost; `signpost` is None for closing prompts.

    `asked` counts the questions on the path, `posted` those already answered or skipped, and
    `resume` is the first page not complete, or the first page when all are.
    """

    signpost: Signpost | None
    state: State
    asked: int
    posted: int
    resume: Page


@dataclass(frozen=True, slots=True)
class _Group:
    """The questions that may be on one page, and that page ready made where no rule changes it."""

    plain: Page
    commented: Page
    has_rules: bool

    def page(self, questions: tuple[Question, ...], *, last: bool) -> Page:
        ready = self.commented if last else self.plain
        if len(questions) == len(self.plain.questions):
            return ready
        comment = ready.questions[len(self.plain.questions) :]
        return Page(ready.key, ready.signpost, ready.topic, questions + comment)


@dataclass(frozen=True, slots=True)
class _Layout:
    """All that is known of the pages of one level before any answer."""

    groups: tuple[_Group, ...]
    watched: frozenset[str]
    fixed: tuple[Page, ...] | None


def pages(bank: Bank, *, level: Level, answers: Answers) -> tuple[Page, ...]:
    """The pages on the path of a respondent of this level with these answers, in order.

    Answers to questions that are no longer on the path do not count in later rules.
    """
    layout = _layout(bank, level)
    if layout.fixed is not None:
        return layout.fixed
    shown: list[tuple[_Group, tuple[Question, ...]]] = []
    visible: dict[str, Value] = {}
    for group in layout.groups:
        questions = group.plain.questions
        if group.has_rules:
            questions = tuple(
                question
                for question in questions
                if question.show_if is None or evaluate(question.show_if, visible)
            )
        for question in questions:
            if question.code in layout.watched and question.code in answers:
                visible[question.code] = answers[question.code]
        if questions:
            shown.append((group, questions))
    return _with_comments(shown)


@lru_cache(maxsize=128)
def _layout(bank: Bank, level: Level) -> _Layout:
    groups = tuple(_groups(bank, level))
    watched = frozenset(
        test.question
        for question in bank.questions()
        if question.show_if is not None
        for test in list_tests(question.show_if)
    )
    fixed = None
    if not any(group.has_rules for group in groups):
        fixed = _with_comments([(group, group.plain.questions) for group in groups])
    return _Layout(groups, watched, fixed)


def _groups(bank: Bank, level: Level) -> Iterator[_Group]:
    for signpost in bank.signposts:
        comment = signpost.comment
        after = (comment,) if comment is not None and level in comment.audience else ()
        for topic in signpost.topics:
            numbers = follow_on(topic)
            for number in sorted(set(numbers.values())):
                asked = [q for q in topic.questions if numbers[q.code] == number]
                key = topic.code if number == 1 else f"{topic.code}-{number}"
                yield from _group(key, signpost, topic, asked, level, after)
    yield from _group(CLOSING_KEY, None, None, bank.closing, level, ())


def _group(
    key: str,
    signpost: Signpost | None,
    topic: Topic | None,
    asked: Sequence[Question],
    level: Level,
    after: tuple[Question, ...],
) -> Iterator[_Group]:
    questions = tuple(question for question in asked if level in question.audience)
    if questions:
        yield _Group(
            plain=Page(key, signpost, topic, questions),
            commented=Page(key, signpost, topic, questions + after),
            has_rules=any(question.show_if is not None for question in questions),
        )


def _with_comments(shown: Sequence[tuple[_Group, tuple[Question, ...]]]) -> tuple[Page, ...]:
    """The pages, with each signpost's comment on its last one."""
    found: list[Page] = []
    for position, (group, questions) in enumerate(shown):
        following = shown[position + 1][0].plain.signpost if position + 1 < len(shown) else None
        found.append(group.page(questions, last=following is not group.plain.signpost))
    return tuple(found)


def find_page(path: Sequence[Page], key: str) -> Page | None:
    """The page with that key, or None where it is not on the path."""
    return next((page for page in path if page.key == key), None)


def next_page(path: Sequence[Page], page: Page) -> Page | None:
    """The page after this one, found by its key; None after the last or a page not on the path."""
    return _neighbour(path, page, step=1)


def previous_page(path: Sequence[Page], page: Page) -> Page | None:
    """The page before this one, found by its key; None before the first or off the path."""
    return _neighbour(path, page, step=-1)


def _neighbour(path: Sequence[Page], page: Page, *, step: int) -> Page | None:
    position = next((p for p, other in enumerate(path) if other.key == page.key), None)
    if position is None or not 0 <= position + step < len(path):
        return None
    return path[position + step]


def has_value(value: Value) -> bool:
    """Whether a stored answer says anything: a skipped question does not."""
    return value is not None and value not in ("", [])


def _is_settled(question: Question, answers: Answers) -> bool:
    """Whether a question was posted, and has a value where it must have one."""
    if question.code not in answers:
        return False
    return not question.required or has_value(answers[question.code])


def is_complete(page: Page, answers: Answers) -> bool:
    """Whether every question of a page was posted and each required one has a value."""
    return all(_is_settled(question, answers) for question in page.questions)


def first_incomplete(path: Sequence[Page], answers: Answers) -> Page | None:
    """Where to resume: the first page that is not complete, or None when all are."""
    return next((page for page in path if not is_complete(page, answers)), None)


def missing(path: Sequence[Page], answers: Answers) -> tuple[str, ...]:
    """Codes of the questions that keep the path from being complete, in order."""
    return tuple(
        question.code
        for page in path
        for question in page.questions
        if not _is_settled(question, answers)
    )


def on_path(bank: Bank, *, level: Level, answers: Answers) -> tuple[str, ...]:
    """Codes of all questions on the path, in the order of its pages."""
    path = pages(bank, level=level, answers=answers)
    return tuple(question.code for page in path for question in page.questions)


def answers_on_path(bank: Bank, *, level: Level, answers: Answers) -> dict[str, Value]:
    """The answers that count: those to questions on the path, in order, skipped ones as None.

    The rest stays in the draft, in case the respondent goes back, and is not submitted.
    """
    codes = on_path(bank, level=level, answers=answers)
    return {code: answers[code] for code in codes if code in answers}


def signpost_states(path: Sequence[Page], answers: Answers) -> tuple[SignpostState, ...]:
    """How far each signpost on the path has come, in order; the closing prompts come last."""
    grouped: dict[str | None, list[Page]] = {}
    for page in path:
        code = page.signpost.code if page.signpost is not None else None
        grouped.setdefault(code, []).append(page)
    return tuple(_signpost_state(group, answers) for group in grouped.values())


def _signpost_state(group: Sequence[Page], answers: Answers) -> SignpostState:
    codes = [question.code for page in group for question in page.questions]
    posted = sum(code in answers for code in codes)
    incomplete = first_incomplete(group, answers)
    started = State.IN_PROGRESS if posted else State.NOT_STARTED
    return SignpostState(
        signpost=group[0].signpost,
        state=State.DONE if incomplete is None else started,
        asked=len(codes),
        posted=posted,
        resume=incomplete or group[0],
    )
