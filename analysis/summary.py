"""From a tally to the whole gated result of a round.

Nothing here shows a figure of its own: counts go to the rules, and what may be shown comes back
from `analysis.disclosure`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from analysis import disclosure
from analysis.choices import Counted, choice_counts
from analysis.counts import RoundCounts
from analysis.coverage import coverage, sector_states
from analysis.decisions import Showing
from analysis.errors import InvalidTally
from analysis.groups import groups_of
from analysis.missing import missing_of, sector_caveats
from analysis.questions import (
    QuestionRead,
    Setting,
    Withheld,
    judge_gaps,
    question_result,
    read_question,
)
from analysis.result import (
    BankRef,
    Coverage,
    EnquiryResult,
    Mark,
    Provenance,
    QuestionResult,
    SignpostResult,
    Summary,
    TopicResult,
    Verdict,
)
from analysis.settings import AnalysisSettings
from analysis.signposts import agencies_lean, groups_in_words, theme_score
from analysis.tally import Tally, digest
from analysis.themes import Pairs, pairs_of_everybody
from analysis.topic_sentences import signpost_sentence, topic_reading
from analysis.topics import QuestionReading, read_topic
from question_banks.bank import Bank, ScaleQuestion, Signpost, Topic, in_language
from question_banks.loader import bank_digest

AUDIENCE: Final = "review_team"


def summarise(
    tally: Tally,
    bank: Bank,
    *,
    settings: AnalysisSettings,
    source: str,
    withheld: Mapping[str, frozenset[Withheld]] | None = None,
) -> Summary:
    """The gated result of a round for its review team.

    Equal counts, bank and settings give an equal `Summary.canonical_json`. `source` says in a few
    words where the answers come from. `withheld` says by question what a release after another
    does without (`analysis.releases`). Raises InvalidTally for a tally of another bank.
    """
    if tally.bank_id != bank.id:
        raise InvalidTally(f"The tally is of {tally.bank_id}, not of {bank.id}.")
    counts = RoundCounts(tally, bank)
    setting = Setting(
        counts=counts,
        groups=groups_of(counts, settings),
        states=sector_states(counts),
        settings=settings,
        round_asked=counts.asked(counts.everybody),
        withheld=withheld or {},
    )
    reads = {
        question.code: read_question(question, setting)
        for question in bank.questions()
        if isinstance(question, ScaleQuestion)
    }
    gaps = judge_gaps(list(reads.values()))
    scaled = {code: question_result(read, gaps, setting) for code, read in reads.items()}
    plain = {
        question.code: _plain(question, setting)
        for question in bank.questions()
        if isinstance(question, Counted)
    }
    pairs = pairs_of_everybody(tally)
    covered = coverage(counts, bank=bank, settings=settings)
    return Summary(
        audience=AUDIENCE,
        bank=BankRef(
            bank=bank.bank,
            version=bank.version,
            title=in_language(bank.title),
            signpost_word=bank.signpost_word,
            digest=bank_digest(bank),
        ),
        settings=settings.stamp(),
        coverage=covered,
        signposts=tuple(
            _signpost(each, reads, scaled, plain, setting, pairs=pairs) for each in bank.signposts
        ),
        other_questions=tuple(
            plain[question.code]
            for signpost in bank.signposts
            for topic in signpost.topics
            if not _is_judged(topic)
            for question in topic.questions
            if question.code in plain
        ),
        caveats=_caveats(covered, reads.values()),
        hidden_cells=_hidden(reads.values(), plain.values()),
        provenance=Provenance(
            source=source,
            code_version=code_version(),
            tally_digest=digest(tally),
            settings_digest=settings.digest(),
        ),
    )


def code_version() -> str:
    """The installed version of this program."""
    try:
        return version("signpost")
    except PackageNotFoundError:
        return "not installed"


def _is_judged(topic: Topic) -> bool:
    """True for a topic with a question on a scale."""
    return any(isinstance(question, ScaleQuestion) for question in topic.questions)


def _plain(question: Counted, setting: Setting) -> QuestionResult:
    text = in_language(question.text)
    return QuestionResult(
        code=question.code,
        wording_version=question.wording_version,
        text=text,
        short=in_language(question.short) if question.short is not None else text,
        type=question.type,
        counts=choice_counts(question, counts=setting.counts, settings=setting.settings),
    )


def _signpost(
    signpost: Signpost,
    reads: Mapping[str, QuestionRead],
    scaled: Mapping[str, QuestionResult],
    plain: Mapping[str, QuestionResult],
    setting: Setting,
    *,
    pairs: Pairs,
) -> SignpostResult:
    topics = tuple(
        _topic(topic, reads, scaled, plain, setting)
        for topic in signpost.topics
        if _is_judged(topic)
    )
    asked = [
        question
        for topic in signpost.topics
        for question in topic.questions
        if isinstance(question, ScaleQuestion)
    ]
    mostly = disclosure.mostly(
        setting.counts.leans(signpost.code),
        agencies=setting.counts.agencies_leaning(signpost.code),
        settings=setting.settings,
    )
    held = [reads[question.code] for question in asked if question.code in reads]
    return SignpostResult(
        code=signpost.code,
        title=in_language(signpost.title),
        sentence=signpost_sentence([topic.reading.verdict for topic in topics]),
        topics=topics,
        mostly_favourable=None if mostly is None else mostly[0],
        mostly_unfavourable=None if mostly is None else mostly[1],
        caveats=sector_caveats(asked, setting.states),
        score=theme_score(held, pairs, settings=setting.settings),
        groups=groups_in_words(held, settings=setting.settings),
        agencies_lean=agencies_lean(held),
    )


def _topic(
    topic: Topic,
    reads: Mapping[str, QuestionRead],
    scaled: Mapping[str, QuestionResult],
    plain: Mapping[str, QuestionResult],
    setting: Setting,
) -> TopicResult:
    held = [reads[question.code] for question in topic.questions if question.code in reads]
    shown = {**scaled, **plain}
    found = read_topic([_question_reading(read) for read in held])
    return TopicResult(
        code=topic.code,
        title=in_language(topic.title),
        reading=topic_reading(
            found,
            subject=in_language(topic.subject),
            questions={read.question.code: scaled[read.question.code] for read in held},
            judgements={read.question.code: read.judgement for read in held},
            missing=missing_of([read.question for read in held], setting.states),
        ),
        supporting=found.supporting,
        enquiries=tuple(
            EnquiryResult(
                test=in_language(enquiry.test),
                ask=in_language(enquiry.ask),
                documents=in_language(enquiry.documents),
            )
            for enquiry in topic.enquiries
        ),
        questions=tuple(
            shown[question.code] for question in topic.questions if question.code in shown
        ),
    )


def _question_reading(read: QuestionRead) -> QuestionReading:
    """A question for its topic; shares that are not shown do not put it in order."""
    counts = read.decision.everybody.counts
    if read.decision.everybody.showing is not Showing.FIGURES:
        return QuestionReading(read.question.code, read.judgement)
    return QuestionReading(
        read.question.code,
        read.judgement,
        share=Fraction(counts.favourable, counts.base),
        dont_know=Fraction(counts.dont_know, counts.applicable),
    )


def _caveats(covered: Coverage, reads: Iterable[QuestionRead]) -> tuple[str, ...]:
    """What holds for the round as a whole."""
    caveats = []
    verdicts = [read.judgement.verdict for read in reads]
    if verdicts and all(verdict is Verdict.TOO_FEW for verdict in verdicts):
        caveats.append("Too few people answered to say anything about any question.")
    return tuple(caveats)


def _hidden(reads: Iterable[QuestionRead], plain: Iterable[QuestionResult]) -> int:
    """How many groups and counts are not shown in figures, for the gate."""
    return sum(read.decision.hidden() for read in reads) + sum(
        question.counts is not None and question.counts.mark is Mark.CONFIDENTIAL
        for question in plain
    )
