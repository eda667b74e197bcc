"""What a review team's pages of agency returns show: how far each is, and each as it was signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.tables import counted
from question_banks.answers import display
from question_banks.bank import (
    SECTOR_TITLES,
    Bank,
    OptionKind,
    Question,
    ScaleQuestion,
    Sector,
    in_language,
)
from survey.actions.return_extending import in_words, last_day
from survey.actions.return_moderating import question_of
from survey.actions.return_reading import SignedReturn
from survey.actions.returns_path import Section
from survey.data.return_evidence import ReturnEvidence
from survey.data.return_extensions import ReturnExtension
from survey.data.return_scores import ModeratedScore
from survey.data.returns import ReturnState
from survey.data.round_returns import RoundReturn, SignedAnswer
from survey.web.presenters_return_evidence import EvidenceRow, evidence_row
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time, long_date

NOT_BEGUN = ("Not begun", "grey")
SENT_BACK = ("Sent back", "orange")
STATES = {
    ReturnState.WRITING: ("Being written", "light-blue"),
    ReturnState.SUBMITTED: ("Waiting for sign-off", "yellow"),
    ReturnState.SIGNED: ("Signed", "green"),
}
KIND_COLOURS = {
    OptionKind.FAVOURABLE: "green",
    OptionKind.NEUTRAL: "yellow",
    OptionKind.UNFAVOURABLE: "red",
}


@dataclass(frozen=True)
class ReturnRow:
    """One agency in the list of a round's returns."""

    agency: str
    sector: str
    return_id: str
    state: str
    colour: str
    said: str
    due: str
    is_overdue: bool
    asks_for_time: str
    is_readable: bool
    is_late: bool


@dataclass(frozen=True)
class ReturnsPage:
    """The agency returns of a round."""

    head: RoundHead
    rows: tuple[ReturnRow, ...]
    counts: tuple[tuple[str, int], ...]
    has_signed: bool
    late: tuple[str, ...]
    """Agencies that signed too late to be among the findings."""


def returns_page(
    head: RoundHead,
    given: Sequence[RoundReturn],
    *,
    closes_at: datetime,
    answered: Mapping[str, int],
    waiting: Mapping[str, ReturnExtension],
    late: Collection[str],
    now: datetime,
) -> ReturnsPage:
    """The list of a round's returns: those that ask for something first, then by name."""
    rows = [
        _row(
            one,
            closes_at=closes_at,
            answered=answered.get(one.return_id, 0),
            asked=waiting.get(one.return_id),
            is_late=one.return_id in late,
            now=now,
        )
        for one in given
    ]
    words = [NOT_BEGUN[0], *(state for state, _ in STATES.values()), SENT_BACK[0]]
    counts = [(word, sum(row.state == word for row in rows)) for word in words]
    return ReturnsPage(
        head=head,
        rows=tuple(sorted(rows, key=lambda row: (not row.asks_for_time, not row.is_overdue))),
        counts=tuple((word, count) for word, count in counts if count),
        has_signed=any(one.signed is not None for one in given),
        late=tuple(one.agency for one in given if one.return_id in late),
    )


def state_of(given: RoundReturn) -> tuple[str, str]:
    """How far a return is, in words and as the colour of a tag."""
    if given.state is None:
        return NOT_BEGUN
    return SENT_BACK if given.is_sent_back else STATES[given.state]


def due_of(given: RoundReturn, closes_at: datetime) -> datetime:
    """Until when the agency may answer."""
    if given.extended_to is None:
        return closes_at
    return max(given.extended_to, closes_at)


def is_overdue(given: RoundReturn, closes_at: datetime, *, now: datetime) -> bool:
    """Whether a return is not signed although its time is over."""
    return not given.is_signed and now >= due_of(given, closes_at)


def _row(
    given: RoundReturn,
    *,
    closes_at: datetime,
    answered: int,
    asked: ReturnExtension | None,
    is_late: bool,
    now: datetime,
) -> ReturnRow:
    words, colour = state_of(given)
    due = in_words(last_day(due_of(given, closes_at)))
    return ReturnRow(
        agency=given.agency,
        sector=SECTOR_TITLES[Sector(given.sector)],
        return_id=given.return_id,
        state=words,
        colour=colour,
        said=_said(given, answered),
        due=f"{due} (more time given)" if given.extended_to else due,
        is_overdue=is_overdue(given, closes_at, now=now),
        asks_for_time=f"Asks for time until {in_words(asked.until)}"
        if asked and not given.is_signed
        else "",
        is_readable=given.signed is not None,
        is_late=is_late,
    )


def _said(given: RoundReturn, answered: int) -> str:
    if given.is_signed and given.signed is not None:
        return f"{given.signed.officer}, {in_words(given.signed.signed_on)}"
    if given.state is None:
        return ""
    return f"{counted(answered, 'question')} answered"


@dataclass(frozen=True)
class ScoreTag:
    """A score as it is shown: its words and the colour of its tag, "" for none."""

    words: str
    colour: str


@dataclass(frozen=True)
class RatingRow:
    """One question on a scale: the agency's own answer and the council's score beside it."""

    code: str
    text: str
    own: ScoreTag
    moderated: ScoreTag | None
    reason: str
    by: str
    differs: bool
    own_has_changed: bool


@dataclass(frozen=True)
class SectionRow:
    """A section of a signed return with its ratings."""

    code: str
    title: str
    ratings: tuple[RatingRow, ...]
    answered: str


@dataclass(frozen=True)
class ExtensionRow:
    """A request for more time and what was said."""

    asked: str
    reason: str
    answer: str
    answered: str


@dataclass(frozen=True)
class ReturnPage:
    """One return as its council sees it: progress, or what was signed."""

    head: RoundHead
    return_id: str
    agency: str
    sector: str
    state: str
    colour: str
    is_signed: bool
    is_readable: bool
    facts: tuple[tuple[str, str], ...]
    marking: str
    reason: str
    sections: tuple[SectionRow, ...]
    scored: str
    waiting: ExtensionRow | None
    extensions: tuple[ExtensionRow, ...]
    is_overdue: bool
    can_send_back: bool

    @property
    def has_ratings(self) -> bool:
        """Whether anything in it can be scored."""
        return any(section.ratings for section in self.sections)


def return_page(
    head: RoundHead,
    given: RoundReturn,
    *,
    closes_at: datetime,
    answered: int,
    missing: int,
    signed: SignedReturn | None,
    extensions: Sequence[ReturnExtension],
    may_send_back: bool,
    now: datetime,
) -> ReturnPage:
    """One return. Without `signed` only how far it is."""
    words, colour = state_of(given)
    waiting = next((one for one in extensions if one.decided_at_utc is None), None)
    sections = tuple(_section_row(signed, one) for one in signed.sections) if signed else ()
    return ReturnPage(
        head=head,
        return_id=given.return_id,
        agency=given.agency,
        sector=SECTOR_TITLES[Sector(given.sector)],
        state=words,
        colour=colour,
        is_signed=given.is_signed,
        is_readable=signed is not None,
        facts=tuple(_facts(given, closes_at, answered=answered, missing=missing)),
        marking=given.marking,
        reason=given.reason,
        sections=sections,
        scored=_scored(signed) if signed else "",
        waiting=_extension_row(waiting) if waiting and not given.is_signed else None,
        extensions=tuple(
            _extension_row(one) for one in extensions if one.decided_at_utc is not None
        ),
        is_overdue=is_overdue(given, closes_at, now=now),
        can_send_back=may_send_back and given.state in {ReturnState.SUBMITTED, ReturnState.SIGNED},
    )


def _facts(
    given: RoundReturn, closes_at: datetime, *, answered: int, missing: int
) -> list[tuple[str, str]]:
    facts = []
    if given.signed is not None:
        signed = given.signed
        facts.append(("Signed by", f"{signed.officer}, {signed.post}"))
        facts.append(("Signed on", in_words(signed.signed_on)))
    if given.as_at is not None:
        facts.append(("Describes", f"the agency as at {in_words(given.as_at)}"))
    if not given.is_signed:
        facts.append(("Questions answered", f"{answered:,}"))
        facts.append(("Still missing", f"{missing:,}"))
    due = in_words(last_day(due_of(given, closes_at)))
    facts.append(("Time until", f"{due} (more time was given)" if given.extended_to else due))
    if given.contact_email:
        facts.append(("Contact", given.contact_email))
    return facts


def _extension_row(row: ReturnExtension) -> ExtensionRow:
    answer = ""
    if row.decided_at_utc is not None:
        answer = (
            f"Time given until {in_words(row.granted_until)}"
            if row.granted_until
            else "No more time given"
        )
    return ExtensionRow(
        asked=f"{row.name} asked on {long_date(row.asked_at_utc)} for time until "
        f"{in_words(row.until)}",
        reason=row.reason,
        answer=answer,
        answered=f"{row.decided_by}, {long_date(row.decided_at_utc)}"
        + (f": {row.answer}" if row.answer else "")
        if row.decided_at_utc
        else "",
    )


def _scored(signed: SignedReturn) -> str:
    total = sum(len(signed.ratings(section)) for section in signed.sections)
    differ = sum(
        rating_row(signed, section, question).differs
        for section in signed.sections
        for question in signed.ratings(section)
    )
    if not signed.scores:
        return f"You have not scored any of {counted(total, 'rating')}."
    return (
        f"You have scored {len(signed.scores)} of {counted(total, 'rating')}; "
        f"{differ} {'differs' if differ == 1 else 'differ'} from the agency’s own."
    )


def _section_row(signed: SignedReturn, section: Section) -> SectionRow:
    said = sum(
        (section.round_id, question.code) in signed.answers
        for page in section.pages
        for question in page.questions
    )
    return SectionRow(
        code=section.code,
        title=section.title,
        ratings=tuple(
            rating_row(signed, section, question) for question in signed.ratings(section)
        ),
        answered=f"{counted(said, 'answer')}",
    )


def rating_row(signed: SignedReturn, section: Section, question: ScaleQuestion) -> RatingRow:
    """A question on a scale with the agency's own answer and the council's score."""
    bank = signed.part(section.round_id).bank
    answer = signed.answers.get((section.round_id, question.code))
    score = signed.scores.get(question.code)
    own = _option_of(answer)
    return RatingRow(
        code=question.code,
        text=in_language(question.short or question.text),
        own=_own_tag(bank, question, answer),
        moderated=_tag(bank, question, score.option) if score is not None else None,
        reason=score.reason if score is not None else "",
        by=f"{score.name}, {long_date(score.at_utc)}" if score is not None else "",
        differs=score is not None and score.option != own,
        own_has_changed=score is not None and score.own_option != own,
    )


def _option_of(answer: SignedAnswer | None) -> str:
    return answer.value if answer is not None and isinstance(answer.value, str) else ""


def _own_tag(bank: Bank, question: ScaleQuestion, answer: SignedAnswer | None) -> ScoreTag:
    if answer is None:
        return ScoreTag("No answer", "")
    if answer.not_applicable and not answer.value:
        return ScoreTag("Not applicable", "grey")
    return _tag(bank, question, _option_of(answer))


def _tag(bank: Bank, question: ScaleQuestion, code: str) -> ScoreTag:
    option = bank.scale_of(question).option(code)
    if option is None:
        return ScoreTag("No answer", "")
    return ScoreTag(in_language(option.label), KIND_COLOURS.get(option.kind, "grey"))


@dataclass(frozen=True)
class AnswerRow:
    """One answer of a section as signed, with what was given as evidence for it."""

    code: str
    text: str
    answer: str
    note: str
    rating: RatingRow | None
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class AnswerGroup:
    """The answers under one heading of a section."""

    id: str
    title: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class SectionPage:
    """A section of a signed return, to read."""

    head: RoundHead
    return_id: str
    agency: str
    marking: str
    title: str
    summary: str
    groups: tuple[AnswerGroup, ...]
    evidence: tuple[EvidenceRow, ...]
    before: tuple[str, str] | None
    after: tuple[str, str] | None


def section_page(head: RoundHead, signed: SignedReturn, section: Section) -> SectionPage:
    """One section of a signed return, all of it."""
    bank = signed.part(section.round_id).bank
    order = [(one.code, one.title) for one in signed.sections]
    at = order.index((section.code, section.title))
    return SectionPage(
        head=head,
        return_id=signed.given.return_id,
        agency=signed.given.agency,
        marking=signed.given.marking,
        title=section.title,
        summary=section.summary,
        groups=tuple(
            AnswerGroup(
                id=page.key,
                title=in_language(page.topic.title) if page.topic else "",
                rows=tuple(
                    _answer_row(signed, section, bank, question) for question in page.questions
                ),
            )
            for page in section.pages
        ),
        evidence=_evidence(signed.evidence, section.code, ""),
        before=order[at - 1] if at else None,
        after=order[at + 1] if at + 1 < len(order) else None,
    )


def _answer_row(
    signed: SignedReturn, section: Section, bank: Bank, question: Question
) -> AnswerRow:
    answer = signed.answers.get((section.round_id, question.code))
    note = "" if answer else "No answer"
    if answer is not None and answer.not_applicable:
        note = f"Not applicable: {answer.not_applicable}"
    return AnswerRow(
        code=question.code,
        text=in_language(question.text),
        answer=display(bank, question, answer.value) if answer is not None else "",
        note=note,
        rating=rating_row(signed, section, question)
        if isinstance(question, ScaleQuestion)
        else None,
        evidence=_evidence(signed.evidence, section.code, question.code),
    )


def _evidence(
    rows: Sequence[ReturnEvidence], section: str, question: str
) -> tuple[EvidenceRow, ...]:
    return tuple(
        evidence_row(row) for row in rows if row.section == section and row.question == question
    )


@dataclass(frozen=True)
class ScoreChoice:
    """A score that can be given, and what it means for this question."""

    code: str
    label: str
    means: str
    is_own: bool


@dataclass(frozen=True)
class PastScore:
    """A score that was given before, or taken back."""

    words: str
    by: str
    reason: str


@dataclass(frozen=True)
class ScorePage:
    """The form to score one answer."""

    head: RoundHead
    return_id: str
    agency: str
    marking: str
    section: str
    code: str
    text: str
    own: ScoreTag
    beside: tuple[tuple[str, str], ...]
    """What the agency wrote with its rating: question and answer."""
    choices: tuple[ScoreChoice, ...]
    choice: str
    reason: str
    seen: int
    can_take_back: bool
    past: tuple[PastScore, ...]


def score_page(
    head: RoundHead,
    signed: SignedReturn,
    code: str,
    *,
    choice: str | None = None,
    reason: str | None = None,
) -> ScorePage:
    """The form to score an answer; `choice` and `reason` are what was posted, where it was wrong.

    Raises NotFound for a question that is not answered on a scale.
    """
    section, bank = signed.find(code)
    question = question_of(bank, code)
    answer = signed.answers.get((section.round_id, code))
    told = signed.told.get(code, ())
    score = signed.scores.get(code)
    return ScorePage(
        head=head,
        return_id=signed.given.return_id,
        agency=signed.given.agency,
        marking=signed.given.marking,
        section=section.code,
        code=code,
        text=in_language(question.text),
        own=_own_tag(bank, question, answer),
        beside=tuple(_beside(signed, section, bank, code)),
        choices=tuple(
            ScoreChoice(
                option.code,
                in_language(option.label),
                in_language(question.descriptors[option.code])
                if option.code in question.descriptors
                else "",
                is_own=option.code == _option_of(answer),
            )
            for option in bank.scale_of(question).options
        ),
        choice=choice if choice is not None else (score.option if score else ""),
        reason=reason if reason is not None else (score.reason if score else ""),
        seen=told[-1].number if told else 0,
        can_take_back=score is not None,
        past=tuple(_past(bank, question, one) for one in reversed(told)),
    )


def _beside(signed: SignedReturn, section: Section, bank: Bank, code: str) -> list[tuple[str, str]]:
    """The other answers on the page of a rating, which say what lies behind it."""
    page = next(page for page in section.pages if any(one.code == code for one in page.questions))
    found = []
    for question in page.questions:
        answer = signed.answers.get((section.round_id, question.code))
        if question.code == code or answer is None:
            continue
        words = display(bank, question, answer.value) or answer.not_applicable
        found.append((in_language(question.text), words))
    return found


def _past(bank: Bank, question: ScaleQuestion, score: ModeratedScore) -> PastScore:
    words = _tag(bank, question, score.option).words if score.option else "Score taken back"
    return PastScore(words, f"{score.name}, {date_time(score.at_utc)}", score.reason)
