"""The gated result of a round: the only thing screens, charts and exports are given.

Everything here has been through the disclosure gate, so every part may be shown to the audience
named in `Summary.audience`. Reading this module loads neither pandas nor numpy: a page renders a
stored summary with `Summary.model_validate_json` and nothing else. The format is documented in
docs/formats.md; `FORMAT` changes when a reader written for the old one would misread the new one.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from question_banks.bank import Level, OptionKind, Sector

FORMAT = "signpost-summary/1"


class Model(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(StrEnum):
    """Why a figure is not there, as official statistics mark it."""

    CONFIDENTIAL = "c"
    NOT_APPLICABLE = "z"
    NOT_AVAILABLE = "x"
    LOW_RELIABILITY = "u"


class Verdict(StrEnum):
    """What the answers say about a question, a topic or a signpost."""

    STRENGTH = "strength"
    CONSIDERATION = "consideration"
    MIXED = "mixed"
    BOTH = "both"
    DONT_KNOW = "dont_know"
    TOO_FEW = "too_few"


VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.STRENGTH: "Reads as a strength",
    Verdict.CONSIDERATION: "To explore",
    Verdict.MIXED: "Mixed",
    Verdict.BOTH: "Points both ways",
    Verdict.DONT_KNOW: "Partners do not know",
    Verdict.TOO_FEW: "Too few to say",
}


class Firmness(StrEnum):
    """How sure a strength or an area for consideration is."""

    CLEAR = "clear"
    INDICATIVE = "indicative"


class Reason(StrEnum):
    """Why a reading came out as it did. Words for people stand beside it in the result."""

    FEW_ANSWERS = "FEW-ANSWERS"
    FEW_AGENCIES = "FEW-AGENCIES"
    LOW_RESPONSE = "LOW-RESPONSE"
    SECTOR_SILENT = "SECTOR-SILENT"
    DONT_KNOW_MOST = "DONT-KNOW-MOST"
    ABOVE_STRENGTH_LINE = "ABOVE-STRENGTH-LINE"
    BELOW_CONSIDERATION_LINE = "BELOW-CONSIDERATION-LINE"
    BETWEEN_LINES = "BETWEEN-LINES"
    NOT_SURE_ENOUGH = "NOT-SURE-ENOUGH"
    GROUPS_ON_BOTH_SIDES = "GROUPS-ON-BOTH-SIDES"
    # Modifiers
    DIVIDED = "DIVIDED"
    GROUPS_APART = "GROUPS-APART"
    LEVELS_APART = "LEVELS-APART"
    ONE_AGENCY_DECIDES = "ONE-AGENCY-DECIDES"
    VOICES_DIFFER = "VOICES-DIFFER"
    DONT_KNOW_HIGH = "DONT-KNOW-HIGH"
    LEANT_ON_SILENT = "LEANT-ON-SILENT"
    LEANT_ON_NOT_INVITED = "LEANT-ON-NOT-INVITED"


class Explained(Model):
    """A reason code and the sentence that says it to a reader."""

    reason: Reason
    words: str


class Interval(Model):
    """A lower and an upper limit, both shares from 0 to 1."""

    low: float
    high: float


class OptionCount(Model):
    """How many people chose one option, in the scale's order."""

    option: str
    label: str
    kind: OptionKind
    count: int


class Figures(Model):
    """How a publishable group of people answered one question on a scale.

    `base` is people who answered on the scale; `people` adds don't know and not applicable.
    `share` is favourable / base. `interval` is 95%, `interval_80` is 80%, both by `method`
    ("wilson", or "hypergeometric" where everybody in scope was invited; then `population` is the
    number asked in the agencies that answered, of whom the interval speaks). `bounds` are the
    assumption-free non-response bounds where the number `asked` is known, silent agencies
    included. `agreement` is van der Eijk's A; None under 8 answers or 3 options.
    `dont_know_share` is of applicable answers.
    """

    people: int
    agencies: int
    base: int
    favourable: int
    neutral: int
    unfavourable: int
    dont_know: int
    not_applicable: int
    skipped: int
    not_shown: int
    share: float
    interval: Interval
    interval_80: Interval
    method: str
    population: int | None = None
    asked: int | None = None
    bounds: Interval | None = None
    dont_know_share: float
    share_counting_dont_know: float
    agreement: float | None = None
    index: float | None = None
    options: tuple[OptionCount, ...]


class GroupKind(StrEnum):
    """What sets a group of respondents apart. The two of `side` are council and partners.

    An agency's own people stand as a group beside its agency return only, and in words.
    """

    ALL = "all"
    SIDE = "side"
    LEVEL = "level"
    SECTOR_GROUP = "sector_group"
    AGENCY = "agency"


class GroupResult(Model):
    """One group's answers to one question: figures, or words, or a mark and no number at all."""

    group: str
    title: str
    kind: GroupKind
    figures: Figures | None = None
    words: str | None = None
    mark: Mark | None = None


class VoiceFigures(Model):
    """The equal-per-voice check: share, its 95% interval, and how many voices it rests on.

    In whole percentage points, so that it cannot be solved for the agencies; None in a question
    where even those would tell how one of them answered.
    """

    voices: int
    share: float
    interval: Interval


class Gap(Model):
    """A difference worth a look between two groups on one question, in shares (first - second).

    `kind` is "council_partners" or "levels"; `first` and `second` are the titles of the groups.
    The difference between levels is taken within agencies and given in whole percentage points.
    `clear` is False for a difference that is only possible.
    """

    kind: str
    first: str
    second: str
    difference: float
    interval: Interval
    clear: bool
    words: str


class Reading(Model):
    """What the answers say, how sure that is, and why, in codes and in words."""

    verdict: Verdict
    firmness: Firmness | None = None
    lean: str | None = None
    sentence: str
    reasons: tuple[Explained, ...] = ()
    modifiers: tuple[Explained, ...] = ()


class OptionCountPlain(Model):
    """How many people chose one choice (or its median place, for a ranking)."""

    option: str
    label: str
    count: int | None = None
    median_place: float | None = None


class ChoiceCounts(Model):
    """Counts or a median for a question that is never judged; `mark` when there are too few."""

    answered: int | None = None
    skipped: int | None = None
    options: tuple[OptionCountPlain, ...] = ()
    median: float | str | None = None
    mark: Mark | None = None


class QuestionResult(Model):
    """One question: its figures for everybody, its groups, gaps and reading.

    For a question on a scale `all` and `reading` are present; for another type `counts` is.
    """

    code: str
    wording_version: int
    text: str
    short: str
    type: str
    all: GroupResult | None = None
    groups: tuple[GroupResult, ...] = ()
    voices: VoiceFigures | None = None
    gaps: tuple[Gap, ...] = ()
    reading: Reading | None = None
    counts: ChoiceCounts | None = None
    held: bool = False
    """True where these are the figures of an earlier release, because too few people answered since
    for new ones to be shown."""


class EnquiryResult(Model):
    """A line of enquiry: what to test, with whom, in which documents."""

    test: str
    ask: str
    documents: str


class TopicResult(Model):
    """A group of related questions: the statement first, its questions behind it."""

    code: str
    title: str
    reading: Reading
    supporting: tuple[str, ...]
    enquiries: tuple[EnquiryResult, ...]
    questions: tuple[QuestionResult, ...]


class ThemeScore(Model):
    """A signpost's score: the mean of its questions' favourable shares, and how sure that is.

    `questions` are the codes it is made of, all of them shown in figures; `people` is how many
    answered the one of them that most people answered on the scale. In whole percentage points.
    """

    questions: tuple[str, ...]
    people: int
    score: float
    interval: Interval


class SignpostResult(Model):
    """A signpost: one sentence that sums up its topics, people for and against, and caveats.

    `groups` are those of five people or more that have no figures of their own: in words (mostly
    positive, divided, mostly not) where that tells nobody's answers, for the review team only.
    """

    code: str
    title: str
    sentence: str
    topics: tuple[TopicResult, ...]
    mostly_favourable: int | None = None
    mostly_unfavourable: int | None = None
    """People who answered two questions or more of this signpost and were favourable on more than
    half of them, or unfavourable on more than half; None when too few to show."""
    caveats: tuple[str, ...] = ()
    score: ThemeScore | None = None
    groups: tuple[GroupResult, ...] = ()
    agencies_lean: str | None = None
    """How many of the agencies lean towards the favourable answers, in words and unnamed; None
    under six agencies, and where the words would tell which way one of them leans."""


class ReturnBeside(Model):
    """An agency's own agreed rating beside its practitioners' answers to the same question.

    `practitioners` is the agency's people, or its sector group (`of_group`) where its own are too
    few to show. `apart` is the difference of the rating's weight from theirs, in points of 100,
    negative where the agency rates itself better than its practitioners do.
    """

    agency: str
    question: str
    rating: str
    kind: OptionKind
    of_group: bool
    practitioners: GroupResult
    apart: float | None = None
    sentence: str


class CoverageState(StrEnum):
    """The three states of a sector or agency."""

    NOT_INVITED = "not_invited"
    SILENT = "silent"
    ANSWERED = "answered"


class AgencyCoverage(Model):
    """Invited and answered for one agency; `invited` is None where it is not known."""

    agency: str
    sector: Sector
    invited: int | None
    answered: int
    state: CoverageState


class SectorCoverage(Model):
    """Invited and answered for one sector."""

    sector: Sector
    title: str
    agencies: int
    invited: int | None
    answered: int
    state: CoverageState


class LevelCoverage(Model):
    """People who answered, by level."""

    level: Level
    title: str
    answered: int


class Coverage(Model):
    """Who was invited and who answered. Never how."""

    invited: int | None
    answered: int
    agencies_answered: int
    agencies: tuple[AgencyCoverage, ...]
    sectors: tuple[SectorCoverage, ...]
    levels: tuple[LevelCoverage, ...]
    caveats: tuple[str, ...]


class BankRef(Model):
    """Which questionnaire was asked."""

    bank: str
    version: str
    title: str
    signpost_word: str
    digest: str


class Provenance(Model):
    """Where the figures come from. The one part that may differ between two routes to a result.

    `tally_digest` and `settings_digest` are equal for equal answers and settings.
    """

    source: str
    code_version: str
    tally_digest: str
    settings_digest: str


class Summary(Model):
    """The whole gated result of one round for one audience."""

    format: str = FORMAT
    audience: str
    bank: BankRef
    settings: dict[str, str | int | bool | list[str] | dict[str, list[str]]]
    coverage: Coverage
    signposts: tuple[SignpostResult, ...]
    other_questions: tuple[QuestionResult, ...] = ()
    caveats: tuple[str, ...]
    returns: tuple[ReturnBeside, ...] = ()
    hidden_cells: int
    provenance: Provenance

    def questions(self) -> dict[str, QuestionResult]:
        """Question code to its result, in the order asked."""
        return {
            question.code: question
            for signpost in self.signposts
            for topic in signpost.topics
            for question in topic.questions
        } | {question.code: question for question in self.other_questions}

    def canonical_json(self) -> str:
        """The result without its provenance: equal for equal answers and settings."""
        return self.model_dump_json(exclude={"provenance"}, indent=2)
