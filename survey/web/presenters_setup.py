"""What the pages of setting a round up show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from analysis.settings import AnalysisSettings
from question_banks.bank import (
    ALL_LEVELS,
    LEVEL_HINTS,
    LEVEL_TITLES,
    Bank,
    BankKind,
    Level,
    ScaleQuestion,
    Signpost,
    in_language,
)
from question_banks.duration import minutes_to_answer
from survey.actions.launching import find_missing
from survey.actions.set_up_choices import Choices, LocalQuestion, Step
from survey.actions.setting_up import choices_of, settings_of
from survey.actions.setting_up_bank import MOST_OF_SIGNPOST, advice, newest_version
from survey.actions.timetable import find_warnings, with_questionnaire
from survey.data.coverage import AgencyCount
from survey.data.milestones import Stop
from survey.data.reviews import Council, Invited, Review, Round
from survey.data.rounds import RoundOfCouncil
from survey.web.presenters_rounds import RoundHead, head
from survey.web.presenting import date_time, long_date

KIND_WORDS = {
    BankKind.PRACTITIONER: "Answered by people, each for themselves",
    BankKind.AGENCY_RETURN: "Answered by each agency as one, in an agency return",
    BankKind.BOTH: "Answered by people, and by agencies you choose as one",
}
DONE, TO_DO, AS_USUAL, OPTIONAL = "Done", "To do", "As usual", "Optional"
MAY_BE_LEFT = frozenset({Step.TIMETABLE, Step.PREVIOUS, Step.LOCAL})
INVITED_WORDS = {
    Invited.EVERYONE: "Everybody in scope",
    Invited.SOME: "Some of those in scope",
    Invited.UNKNOWN: "Not known whether everybody in scope is invited",
}


def count_of(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 agency`, `2 agencies`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


# ---- a new round


@dataclass(frozen=True)
class Option:
    """Something to choose: what is posted, what it is called, and more about it."""

    value: str
    title: str
    hint: str = ""


@dataclass(frozen=True)
class NewPage:
    """The page that starts a round."""

    councils: tuple[Option, ...]
    council: str
    council_slug: str
    reviews: tuple[Option, ...]
    banks: tuple[Option, ...]


def new_page(
    managed: Sequence[Council],
    council: Council | None,
    listed: Sequence[Review],
    banks: Sequence[Bank],
) -> NewPage:
    """What a round is started from. Without a council only that is asked."""
    return NewPage(
        councils=tuple(Option(each.slug, each.name) for each in managed),
        council=council.name if council else "",
        council_slug=council.slug if council else "",
        reviews=tuple(Option(each.id, each.title) for each in listed),
        banks=bank_choices(banks),
    )


def bank_choices(banks: Sequence[Bank], *, own: Bank | None = None) -> tuple[Option, ...]:
    """The questionnaires to choose from, the newest version of each first."""
    newest = [bank for bank in banks if newest_version(bank.id) == bank.id]
    older = [bank for bank in banks if bank not in newest]
    return tuple(
        Option(bank.id, f"{in_language(bank.title)}, version {bank.version}", _bank_hint(bank))
        for bank in (*([own] if own else []), *newest, *older)
    )


def _bank_hint(bank: Bank) -> str:
    questions = sum(1 for post in bank.signposts for topic in post.topics for _ in topic.questions)
    parts = [
        f"{KIND_WORDS[bank.kind]}.",
        f"{count_of(len(bank.signposts), bank.signpost_word)},",
        f"{count_of(questions, 'question')},",
    ]
    minutes = max(minutes_to_answer(bank, level) for level in Level)
    return " ".join([*parts, f"about {count_of(minutes, 'minute')} at most."])


# ---- the list of steps


@dataclass(frozen=True)
class Task:
    """A step: its name, what it says now, where it leads, and its state."""

    id: str
    title: str
    hint: str
    url: str
    state: str


@dataclass(frozen=True)
class TaskGroup:
    """Steps that belong together."""

    title: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class TaskPage:
    """The steps of a round with their state."""

    head: RoundHead
    review: str
    groups: tuple[TaskGroup, ...]
    missing: tuple[tuple[str, str], ...]
    is_launched: bool
    launched: str
    window: str
    questionnaire: str
    minutes: int
    facts: tuple[tuple[str, str], ...]
    links: int
    is_return: bool


def task_page(
    item: RoundOfCouncil,
    *,
    agencies: Sequence[AgencyCount],
    stops: Sequence[Stop],
    previous: str | None,
    is_shipped: bool,
    now: datetime,
) -> TaskPage:
    """The steps of a round, done and to be done."""
    round_ = item.round
    choices = choices_of(round_)
    # Of a bank that came from a file there is nothing to choose: what it asks stands in the round.
    bank = choices.bank_asked() if is_shipped or choices.own_bank else None
    hints = _hints(item, choices, bank, stops, previous)
    launched = round_.launched_at_utc
    missing = () if launched else find_missing(round_, now=now)
    states = {step: _state(step, choices, missing, launched is not None) for step in Step}
    return TaskPage(
        head=head(item, now=now),
        review=item.review.title,
        groups=_groups(round_.slug, hints, states, agencies),
        missing=missing,
        is_launched=launched is not None,
        launched=date_time(launched) if launched else "",
        window=_window(round_),
        questionnaire=hints[Step.BANK],
        minutes=max(minutes_to_answer(bank, level) for level in Level) if bank else 0,
        facts=_facts(item, hints),
        links=sum(agency.links for agency in agencies),
        is_return=bank is not None and bank.kind is BankKind.AGENCY_RETURN,
    )


def _state(
    step: Step,
    choices: Choices,
    missing: Sequence[tuple[Step, str]],
    is_launched: bool,
) -> str:
    if step in {one for one, _ in missing}:
        return TO_DO
    if is_launched or step in choices.saved:
        return DONE
    return OPTIONAL if step in MAY_BE_LEFT else AS_USUAL


def _window(round_: Round) -> str:
    return f"{long_date(round_.opens_at_utc)} to {long_date(round_.closes_at_utc)}"


def _hints(
    item: RoundOfCouncil,
    choices: Choices,
    bank: Bank | None,
    stops: Sequence[Stop],
    previous: str | None,
) -> dict[Step, str]:
    round_, review = item.round, item.review
    settings = settings_of(round_)
    return {
        Step.BASICS: f"{round_.title}. {_window(round_)}",
        Step.PREVIOUS: previous or "None",
        Step.TIMETABLE: _stops_words(round_, stops),
        Step.CONTACTS: _contacts_words(round_),
        Step.BANK: f"{in_language(bank.title)}, version {bank.version}" if bank else round_.bank_id,
        Step.SIGNPOSTS: _signposts_words(choices, bank),
        Step.LOCAL: count_of(len(choices.local), "question") if choices.local else "None",
        Step.INVITED: INVITED_WORDS[Invited(round_.everyone_invited)],
        Step.WORDS: f"“{review.strengths_word}” and “{review.considerations_word}”",
        Step.GROUPS: ", ".join(settings.group_titles[name] for name in settings.sector_groups),
        Step.LINES: _lines_words(settings),
    }


def _contacts_words(round_: Round) -> str:
    if not round_.urgent_contact:
        return "Who runs it, who is told of an immediate concern, who reads comments"
    urgent, reader = round_.urgent_contact, round_.comments_checked_by
    return f"Immediate concern: {urgent}. Comments: {reader}"


def _stops_words(round_: Round, stops: Sequence[Stop]) -> str:
    if not stops:
        return "No dates yet"
    found = find_warnings(with_questionnaire(round_, stops))
    more = ". Look at their order again" if found else ""
    return f"{count_of(len(stops), 'date')} besides the questionnaire{more}"


def _signposts_words(choices: Choices, bank: Bank | None) -> str:
    if bank is None:
        return "All of them"
    number = len(choices.base().signposts)
    if not choices.signposts:
        return f"All {number}"
    return f"{len(bank.signposts)} of {number}"


def _lines_words(settings: AnalysisSettings) -> str:
    usual = AnalysisSettings()
    names = [
        name
        for name in (
            "strength_line",
            "consideration_line",
            "majority_line",
            "clear",
            "indicative",
            "k",
            "min_agencies",
            "min_response",
            "dont_know_flag",
            "dont_know_gate",
        )
        if getattr(settings, name) != getattr(usual, name)
    ]
    if not names:
        return "All at their usual values"
    return f"{count_of(len(names), 'value')} changed from the usual"


def _groups(
    slug: str,
    hints: dict[Step, str],
    states: dict[Step, str],
    agencies: Sequence[AgencyCount],
) -> tuple[TaskGroup, ...]:
    def task(step: Step, title: str, endpoint: str = "") -> Task:
        url = url_for(f"setup.{endpoint or step}", slug=slug)
        return Task(step, title, hints[step], url, states[step])

    count = count_of(len(agencies), "agency", "agencies") if agencies else "No agency yet"
    agencies_task = Task(
        "agencies",
        "Agencies and people",
        f"{count}. You can go on with this after launch too",
        url_for(AGENCIES_PAGE, slug=slug),
        DONE if agencies else "None yet",
    )
    return (
        TaskGroup(
            "The round",
            (
                task(Step.BASICS, "Name and dates for answers"),
                task(Step.CONTACTS, "Contacts"),
                task(Step.TIMETABLE, "Timetable of the review", "dates"),
                task(Step.PREVIOUS, "Round before this one"),
            ),
        ),
        TaskGroup(
            "What is asked",
            (
                task(Step.BANK, "Questionnaire"),
                task(Step.SIGNPOSTS, "Which parts of it"),
                task(Step.LOCAL, "Questions of your own"),
            ),
        ),
        TaskGroup(
            "Who is asked",
            (task(Step.INVITED, "How people are chosen"), agencies_task),
        ),
        TaskGroup(
            "How answers are read",
            (
                task(Step.WORDS, "Words for the findings"),
                task(Step.GROUPS, "Sector groups"),
                task(Step.LINES, "Lines and thresholds"),
            ),
        ),
    )


AGENCIES_PAGE = "agencies.agencies"
"""Where the agencies and people of a round are kept."""


def _facts(item: RoundOfCouncil, hints: dict[Step, str]) -> tuple[tuple[str, str], ...]:
    round_ = item.round
    return (
        ("Name", round_.title),
        ("Answers taken", _window(round_)),
        ("Questionnaire", hints[Step.BANK]),
        ("Parts asked", hints[Step.SIGNPOSTS]),
        ("Questions of your own", hints[Step.LOCAL]),
        ("Who is invited", hints[Step.INVITED]),
        ("Lines and thresholds", hints[Step.LINES]),
        ("Sector groups", hints[Step.GROUPS]),
        ("Who runs it", round_.contact or "Not entered yet"),
        ("For an immediate concern about a child", round_.urgent_contact or "Not entered yet"),
        ("Reads flagged comments daily", round_.comments_checked_by or "Not entered yet"),
    )


# ---- single steps


@dataclass(frozen=True)
class SignpostChoice:
    """A signpost to choose."""

    code: str
    title: str
    hint: str
    is_required: bool


def signpost_choices(bank: Bank, local: Sequence[LocalQuestion]) -> tuple[SignpostChoice, ...]:
    """The signposts of a bank, each with how much it asks."""
    return tuple(
        SignpostChoice(
            post.code,
            in_language(post.title),
            _signpost_hint(post, sum(each.signpost == post.code for each in local)),
            post.required,
        )
        for post in bank.signposts
    )


def _signpost_hint(signpost: Signpost, local: int) -> str:
    questions = sum(len(topic.questions) for topic in signpost.topics)
    own = f" and {count_of(local, 'question')} of your own" if local else ""
    return f"{in_language(signpost.summary)} {count_of(questions, 'question')}{own}."


def earlier_rounds(rounds: Sequence[Round]) -> tuple[Option, ...]:
    """The council's earlier rounds to choose from."""
    return tuple(Option(each.slug, each.title, _window(each)) for each in rounds)


@dataclass(frozen=True)
class LocalRow:
    """A local question in the list. `problem` says why it cannot be asked."""

    code: str
    text: str
    answer: str
    levels: str
    advice: tuple[str, ...]
    problem: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class LocalPage:
    """The local questions by signpost."""

    groups: tuple[tuple[str, tuple[LocalRow, ...]], ...]
    word: str


def local_page(choices: Choices) -> LocalPage:
    """The local questions under their signposts; last those that have no place."""
    bank = choices.base()
    homeless = choices.homeless()
    groups = []
    for post in bank.signposts:
        held = [
            each for each in choices.local if each.signpost == post.code and each not in homeless
        ]
        if held:
            rows = tuple(_local_row(choices, each, held) for each in held)
            groups.append((in_language(post.title), rows))
    if homeless:
        rows = tuple(_local_row(choices, each, [each]) for each in homeless)
        groups.append(("Without a place in this questionnaire", rows))
    return LocalPage(tuple(groups), bank.signpost_word)


def _local_row(
    choices: Choices, question: LocalQuestion, among: Sequence[LocalQuestion]
) -> LocalRow:
    bank = choices.base()
    scale = bank.scales_by_code.get(question.scale)
    answer = in_language(scale.title) if scale else "In their own words"
    problem = ""
    if question.signpost not in choices.chosen():
        problem = f"The {bank.signpost_word} it belongs to is not asked. Change it, or remove it."
    elif question.scale and scale is None:
        answer = "Not chosen"
        problem = "This questionnaire has no such scale. Change it, or remove it."
    everybody = set(question.audience) == set(ALL_LEVELS)
    return LocalRow(
        code=question.code,
        text=question.text,
        answer=answer,
        levels="Everybody"
        if everybody
        else ", ".join(LEVEL_TITLES[level] for level in question.audience),
        advice=() if problem else advice(choices, question),
        problem=problem,
        is_first=among[0] is question,
        is_last=among[-1] is question,
    )


@dataclass(frozen=True)
class QuestionPage:
    """The form of one local question."""

    code: str
    word: str
    signposts: tuple[Option, ...]
    scales: tuple[Option, ...]
    levels: tuple[Option, ...]
    most: int
    was_asked: bool


def question_page(choices: Choices, *, code: str = "") -> QuestionPage:
    """What may be chosen for a local question; `code` where one is changed."""
    bank = choices.base()
    chosen = choices.chosen()
    used = {question.scale for question in bank.questions() if isinstance(question, ScaleQuestion)}
    question = next((each for each in choices.local if each.code == code), None)
    return QuestionPage(
        code=code,
        word=bank.signpost_word,
        signposts=tuple(
            Option(post.code, in_language(post.title))
            for post in bank.signposts
            if post.code in chosen
        ),
        scales=(
            *(
                Option(
                    scale.code,
                    in_language(scale.title),
                    " – ".join(in_language(option.label) for option in scale.options),
                )
                for scale in bank.scales
                if scale.code in used
            ),
            Option("text", "In their own words", "Counted as a comment: read before it is shared"),
        ),
        levels=tuple(
            Option(level, LEVEL_TITLES[level], LEVEL_HINTS[level]) for level in ALL_LEVELS
        ),
        most=MOST_OF_SIGNPOST,
        was_asked=question is not None and question.asked_version > 0,
    )
