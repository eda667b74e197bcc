"""What the letter says, as plain paragraphs and lists, before any of it becomes a document.

The rule's reading is never lost: where reviewers decided otherwise both are said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis import tables
from analysis.export.letter import Letter, ReleasedComment
from analysis.export.safety import one_line, shorten
from analysis.result import (
    Coverage,
    CoverageState,
    SectorCoverage,
    SignpostResult,
    Summary,
    TopicResult,
    Verdict,
)

MOST_QUOTES = 2
MOST_ENQUIRIES = 9


@dataclass(frozen=True, kw_only=True)
class TopicProse:
    """One topic's paragraph: the statement, and the reviewers' judgement where there is one."""

    title: str
    statement: str
    judgement: str = ""


@dataclass(frozen=True, kw_only=True)
class SignpostProse:
    """One signpost: what its answers say together, then its topics and quotations."""

    title: str
    sentence: str
    leaning: str
    score: str
    groups: str
    agencies: str
    topics: tuple[TopicProse, ...]
    quotes: tuple[ReleasedComment, ...]


@dataclass(frozen=True, kw_only=True)
class EnquiryProse:
    """A suggested line of enquiry and the topic it belongs to."""

    topic: str
    test: str
    ask: str
    documents: str


def sentence(text: str) -> str:
    """The text on one line, with a full stop where it ends without one.

    >>> sentence("Views differ "), sentence("Do they?"), sentence("")
    ('Views differ.', 'Do they?', '')
    """
    line = one_line(text)
    return line if not line or line[-1] in ".!?…" else line + "."


def opening(summary: Summary, letter: Letter) -> tuple[str, ...]:
    """What the letter is, what it is not, and thanks."""
    council = one_line(letter.council)
    weighed = (
        "The review team will set them beside interviews, documents, data and case files before "
        "it comes to a view."
        if letter.columns.before_visit
        else "The review team has set them beside what it heard, read and saw."
    )
    thanks = (
        f"Thank you for asking the agencies that work with {council} to take part in the "
        "self-evaluation, and please thank everybody who gave their time to it. This letter says "
        "what their answers suggest, and what they cannot tell."
    )
    limits = (
        "This is not an inspection. Nothing here is a grade, and the answers are not findings in "
        f"themselves: they are what people said about their own work. {weighed}"
    )
    about = (letter.closed, letter.chosen_how)
    asked = (
        f"People answered “{one_line(summary.bank.title)}”.",
        *(sentence(part[0].upper() + part[1:]) for part in about if part),
    )
    return thanks, limits, " ".join(asked)


def who_answered(coverage: Coverage) -> tuple[str, ...]:
    """Who answered, who was asked and did not, who was not asked, and from which levels."""
    answered = [_answered_of(row) for row in _in(coverage, CoverageState.ANSWERED)]
    silent = [_silent(row) for row in _in(coverage, CoverageState.SILENT)]
    absent = [one_line(row.title) for row in _in(coverage, CoverageState.NOT_INVITED)]
    paragraphs = [tables.coverage_text(coverage)]
    if answered:
        paragraphs[0] += f" They work in these sectors: {'; '.join(answered)}."
    if silent:
        paragraphs.append(f"Invited, but nobody answered: {'; '.join(silent)}.")
    if absent:
        paragraphs.append(f"Not invited: {'; '.join(absent)}.")
    levels = [
        f"{one_line(row.title).lower()}, {row.answered:,}"
        for row in coverage.levels
        if row.answered
    ]
    if levels:
        paragraphs.append(f"By level: {'; '.join(levels)}.")
    return tuple(paragraphs)


def _in(coverage: Coverage, state: CoverageState) -> Iterable[SectorCoverage]:
    return (row for row in coverage.sectors if row.state is state)


def _answered_of(row: SectorCoverage) -> str:
    of = "" if row.invited is None else f" of {row.invited:,}"
    return f"{one_line(row.title)} ({row.answered:,}{of})"


def _silent(row: SectorCoverage) -> str:
    invited = "" if row.invited is None else f" ({row.invited:,} invited)"
    return f"{one_line(row.title)}{invited}"


def caveats(summary: Summary) -> tuple[str, ...]:
    """What weakens the answers, each said once."""
    return tuple(dict.fromkeys(map(sentence, (*summary.coverage.caveats, *summary.caveats))))


def signpost_prose(signpost: SignpostResult, letter: Letter) -> SignpostProse:
    """One signpost in prose. Quotations only beside the counts for and against."""
    leaning = tables.leaning_text(signpost)
    comments = letter.comments.get(signpost.code, ())
    quotable = [comment for comment in comments if comment.quotable] if leaning else []
    return SignpostProse(
        title=one_line(signpost.title),
        sentence=sentence(signpost.sentence),
        leaning=leaning,
        score=score_text(signpost),
        groups=groups_text(signpost),
        agencies=agencies_text(signpost),
        topics=tuple(topic_prose(topic, letter) for topic in signpost.topics),
        quotes=tuple(quotable[:MOST_QUOTES]),
    )


def score_text(signpost: SignpostResult) -> str:
    """The signpost's score in a sentence, or nothing where it has none."""
    score = signpost.score
    if score is None:
        return ""
    people = tables.counted(score.people, "person", "people")
    return (
        f"On average over {tables.counted(len(score.questions), 'question')} "
        f"{tables.percent_of(score.score)}% of answers were positive "
        f"({tables.interval_text(score.interval)}; {people})."
    )


def groups_text(signpost: SignpostResult) -> str:
    """How groups lean that are too small for figures, in the words the gate allows, or nothing."""
    told = [
        f"{one_line(group.title)}, {group.words[:1].lower()}{group.words[1:]}"
        for group in signpost.groups
        if group.words
    ]
    return f"Smaller groups, in words alone: {'; '.join(told)}." if told else ""


def agencies_text(signpost: SignpostResult) -> str:
    """How many agencies lean towards favourable answers, in words and unnamed, or nothing."""
    return sentence(signpost.agencies_lean or "")


def topic_prose(topic: TopicResult, letter: Letter) -> TopicProse:
    """One topic in prose, the rule's reading beside the reviewers' where they differ."""
    decision = letter.decisions.get(topic.code)
    if decision is None:
        return TopicProse(title=one_line(topic.title), statement=sentence(topic.reading.sentence))
    because = sentence(
        f"Reviewers’ judgement ({decision.by}): {decision.words.lower()}"
        if decision.by
        else f"Reviewers’ judgement: {decision.words.lower()}"
    )
    reason = f" {sentence(decision.reason)}" if decision.reason else ""
    return TopicProse(
        title=one_line(topic.title),
        statement=sentence(decision.note or topic.reading.sentence),
        judgement=(
            f"{because}{reason} The answers by themselves: "
            f"{tables.reading_words(topic.reading).lower()}. {sentence(topic.reading.sentence)}"
        ),
    )


def enquiries(summary: Summary, letter: Letter) -> tuple[EnquiryProse, ...]:
    """One line of enquiry for each topic that needs looking into, nine at most.

    Topics to explore come first, then mixed ones, then those too few to say.
    """
    order = (
        frozenset({Verdict.CONSIDERATION, Verdict.DONT_KNOW}),
        frozenset({Verdict.BOTH}),
        frozenset({Verdict.MIXED}),
        frozenset({Verdict.TOO_FEW}),
    )
    found = []
    for signpost in summary.signposts:
        for topic in signpost.topics:
            decision = letter.decisions.get(topic.code)
            verdict = decision.verdict if decision else topic.reading.verdict
            rank = next((at for at, verdicts in enumerate(order) if verdict in verdicts), None)
            if rank is not None and topic.enquiries:
                first = topic.enquiries[0]
                found.append(
                    (
                        rank,
                        EnquiryProse(
                            topic=one_line(topic.title),
                            test=one_line(first.test),
                            ask=one_line(first.ask),
                            documents=one_line(first.documents),
                        ),
                    )
                )
    return tuple(line for _, line in sorted(found, key=lambda row: row[0])[:MOST_ENQUIRIES])


def quotation(comment: ReleasedComment) -> str:
    """A comment in quotation marks with its sector, the finest attribution there is.

    >>> quotation(ReleasedComment(sector="Police", text="It works.", quotable=True))
    '“It works.” (Police)'
    """
    return f"“{shorten(comment.text, to=600)}” ({one_line(comment.sector)})"


def lines_note(summary: Summary) -> str:
    """The lines that were in force, in a sentence, or nothing where the settings do not say."""
    strength = summary.settings.get("strength_line")
    consideration = summary.settings.get("consideration_line")
    if not isinstance(strength, str) or not isinstance(consideration, str):
        return ""
    return (
        "A question can read as a strength from "
        f"{tables.percent_of(float(strength))}% favourable, and as something to explore below "
        f"{tables.percent_of(float(consideration))}%, when there are enough answers to be "
        "reasonably sure."
    )
