"""The frozen shape of a question bank.

A bank is a versioned questionnaire. It holds signposts (the bank says which word it uses for
them), a signpost holds topics, a topic holds questions. Everything is data: scales, who is asked,
which questions depend on others, and the lines of enquiry a review team may follow up.

Read a bank file with `question_banks.loader`; judge it with `question_banks.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$", strict=True)]


class Model(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LocalText(Model):
    """A wording in English and, where it has been translated, in Welsh."""

    en: Annotated[str, Field(min_length=1, strict=True)]
    cy: Annotated[str, Field(min_length=1, strict=True)] | None = None


def _wording_kind(value: object) -> str | None:
    """Which of the two ways of writing a wording `value` is, for one clear error instead of two."""
    if isinstance(value, str):
        return "plain"
    return "local" if isinstance(value, dict | LocalText) else None


Wording = Annotated[
    Annotated[str, Field(min_length=1, strict=True), Tag("plain")]
    | Annotated[LocalText, Tag("local")],
    Discriminator(_wording_kind),
]


def in_language(wording: Wording, language: str = "en") -> str:
    """The wording in `language`, or in English where it has not been translated.

    >>> in_language(LocalText(en="Yes", cy="Ydw"), "cy")
    'Ydw'
    >>> in_language("Yes", "cy")
    'Yes'
    """
    if isinstance(wording, str):
        return wording
    return wording.cy if language == "cy" and wording.cy else wording.en


class BankKind(StrEnum):
    """Who answers a bank: each practitioner for themselves, an agency as one, or either."""

    PRACTITIONER = "practitioner"
    AGENCY_RETURN = "agency_return"
    BOTH = "both"


class Level(StrEnum):
    """Where in their agency a respondent works. The same five levels in every bank."""

    STRATEGIC = "strategic"
    OPERATIONAL = "operational"
    FRONTLINE = "frontline"
    BOARD = "board"
    OTHER = "other"


LEVEL_TITLES: dict[Level, str] = {
    Level.STRATEGIC: "Strategic leader",
    Level.OPERATIONAL: "Operational manager",
    Level.FRONTLINE: "Frontline practitioner",
    Level.BOARD: "Elected or board member",
    Level.OTHER: "Other",
}

LEVEL_HINTS: dict[Level, str] = {
    Level.STRATEGIC: "Chief officers, directors, heads of service, and safeguarding leads who set "
    "direction for the whole agency",
    Level.OPERATIONAL: "Team and service managers, head teachers, and named or designated "
    "professionals who oversee practice",
    Level.FRONTLINE: "People who work with children and families, such as social workers, police "
    "officers, nurses, teachers and school safeguarding leads",
    Level.BOARD: "Councillors, governors, trustees and non-executive members",
    Level.OTHER: "Support, business and any other role",
}

ALL_LEVELS: tuple[Level, ...] = tuple(Level)


class Sector(StrEnum):
    """The part of the partnership an agency belongs to. Stable although agencies are renamed."""

    CHILDRENS_SOCIAL_CARE = "childrens_social_care"
    EARLY_HELP = "early_help"
    ADULT_SOCIAL_CARE = "adult_social_care"
    COUNCIL_EDUCATION = "council_education"
    COUNCIL_OTHER = "council_other"
    ELECTED_MEMBERS = "elected_members"
    DISTRICT_COUNCIL = "district_council"
    POLICE = "police"
    NHS_COMMISSIONER = "nhs_commissioner"
    NHS_ACUTE = "nhs_acute"
    NHS_COMMUNITY = "nhs_community"
    PRIMARY_CARE = "primary_care"
    AMBULANCE = "ambulance"
    SCHOOLS = "schools"
    COLLEGES = "colleges"
    EARLY_YEARS = "early_years"
    PROBATION = "probation"
    YOUTH_JUSTICE = "youth_justice"
    SECURE_SETTINGS = "secure_settings"
    CAFCASS = "cafcass"
    HOUSING = "housing"
    FIRE_AND_RESCUE = "fire_and_rescue"
    VOLUNTARY = "voluntary"
    FAITH = "faith"
    SPORT_AND_LEISURE = "sport_and_leisure"
    PRIVATE_PROVIDERS = "private_providers"
    ARMED_FORCES = "armed_forces"
    IMMIGRATION = "immigration"
    PARTNERSHIP_UNIT = "partnership_unit"


SECTOR_TITLES: dict[Sector, str] = {
    Sector.CHILDRENS_SOCIAL_CARE: "Council: children’s social care",
    Sector.EARLY_HELP: "Council: early help, youth and family support",
    Sector.ADULT_SOCIAL_CARE: "Council: adult social care",
    Sector.COUNCIL_EDUCATION: "Council: education, SEND and virtual school",
    Sector.COUNCIL_OTHER: "Council: other services",
    Sector.ELECTED_MEMBERS: "Elected members",
    Sector.DISTRICT_COUNCIL: "District and borough councils",
    Sector.POLICE: "Police",
    Sector.NHS_COMMISSIONER: "NHS commissioner",
    Sector.NHS_ACUTE: "NHS hospitals",
    Sector.NHS_COMMUNITY: "NHS community and mental health",
    Sector.PRIMARY_CARE: "General practice and primary care",
    Sector.AMBULANCE: "Ambulance",
    Sector.SCHOOLS: "Schools",
    Sector.COLLEGES: "Colleges",
    Sector.EARLY_YEARS: "Early years and childcare",
    Sector.PROBATION: "Probation",
    Sector.YOUTH_JUSTICE: "Youth justice",
    Sector.SECURE_SETTINGS: "Prisons and secure settings",
    Sector.CAFCASS: "Cafcass",
    Sector.HOUSING: "Housing associations",
    Sector.FIRE_AND_RESCUE: "Fire and rescue",
    Sector.VOLUNTARY: "Voluntary, charity and social enterprise",
    Sector.FAITH: "Faith bodies",
    Sector.SPORT_AND_LEISURE: "Sports and leisure clubs",
    Sector.PRIVATE_PROVIDERS: "Private providers",
    Sector.ARMED_FORCES: "Armed forces",
    Sector.IMMIGRATION: "Immigration and border",
    Sector.PARTNERSHIP_UNIT: "Partnership business unit and scrutineers",
}


class OptionKind(StrEnum):
    """What choosing an option says."""

    FAVOURABLE = "favourable"
    NEUTRAL = "neutral"
    UNFAVOURABLE = "unfavourable"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"


ON_SCALE = frozenset({OptionKind.FAVOURABLE, OptionKind.NEUTRAL, OptionKind.UNFAVOURABLE})


class Option(Model):
    """One answer of a scale. `weight` is its place on the 0 to 100 index."""

    code: Code
    label: Wording
    kind: OptionKind
    weight: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None


class Scale(Model):
    """Options in order, the most favourable first, those off the scale last."""

    code: Code
    title: Wording
    prompt: Wording | None = None
    """Completes "Select ..." when a question was left out, such as "how far you agree"."""
    options: tuple[Option, ...]

    def option(self, code: str) -> Option | None:
        """The option with that code, or None."""
        return next((option for option in self.options if option.code == code), None)


class Choice(Model):
    """One option of a question that is counted but never judged."""

    code: Code
    label: Wording


class Operator(StrEnum):
    """The closed set of tests a `show_if` rule may make of one earlier answer."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    INCLUDES = "includes"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANSWERED = "answered"


Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
PlainText = Annotated[str, Field(strict=True)]
TestValue = (
    PlainText | Flag | Annotated[int, Field(strict=True)] | Number | tuple[PlainText, ...] | None
)


class Test(Model):
    """One test of an earlier answer, such as `{question: q1, op: any_of, value: [mostly]}`."""

    __test__ = False  # pytest would otherwise try to collect it

    question: Code
    op: Operator
    value: TestValue = None


class All(Model):
    """Every rule must hold."""

    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(Model):
    """At least one rule must hold."""

    any: tuple[Condition, ...] = Field(min_length=1)


class Not(Model):
    """The rule must not hold."""

    not_: Condition = Field(alias="not")


def _condition_kind(value: object) -> str:
    """Which rule `value` is meant to be, so that only its own faults are told."""
    if isinstance(value, dict):
        return next((key for key in ("all", "any", "not") if key in value), "test")
    if isinstance(value, All):
        return "all"
    if isinstance(value, AnyOf):
        return "any"
    return "not" if isinstance(value, Not) else "test"


Condition = Annotated[
    Annotated[Test, Tag("test")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(_condition_kind),
]


class Accepted(Model):
    """A warning somebody has looked at and accepted, with the reason."""

    warning: Literal["double_barrelled", "negative", "reading_age", "long_page"]
    reason: Annotated[str, Field(min_length=10, strict=True)]


class BaseQuestion(Model):
    """What every question has, whatever its type."""

    code: Code
    wording_version: Annotated[int, Field(ge=1, strict=True)] = 1
    text: Wording
    short: Wording | None = None
    guidance: Wording | None = None
    audience: tuple[Level, ...] = ALL_LEVELS
    leans_on: tuple[Sector, ...] = ()
    requires: tuple[Sector, ...] = ()
    show_if: Condition | None = None
    accepted: tuple[Accepted, ...] = ()
    local: Flag = False
    """Added by one council to its own round: never compared between councils."""


class ScaleQuestion(BaseQuestion):
    """One option of a scale; the only type that is judged."""

    type: Literal["scale"]
    scale: Code
    required: Flag = True
    descriptors: dict[Code, Wording] = Field(default_factory=dict)


class SingleChoiceQuestion(BaseQuestion):
    """One of several choices."""

    type: Literal["single_choice"]
    choices: tuple[Choice, ...]
    required: Flag = True


class SeveralChoicesQuestion(BaseQuestion):
    """Any number of several choices, up to `most` where that is given."""

    type: Literal["several_choices"]
    choices: tuple[Choice, ...]
    most: Annotated[int, Field(ge=1, strict=True)] | None = None
    required: Flag = False


class RankingQuestion(BaseQuestion):
    """The choices put in order, 1 for the most important. Each place is used once."""

    type: Literal["ranking"]
    choices: tuple[Choice, ...]
    required: Flag = False


class NumberQuestion(BaseQuestion):
    """A number within bounds."""

    type: Literal["number"]
    lowest: Number | None = None
    highest: Number | None = None
    whole: Flag = True
    unit: Wording | None = None
    required: Flag = False


class DateQuestion(BaseQuestion):
    """A calendar date."""

    type: Literal["date"]
    required: Flag = False


class ShortTextQuestion(BaseQuestion):
    """One line of text."""

    type: Literal["short_text"]
    longest: Annotated[int, Field(ge=1, le=500, strict=True)] = 200
    required: Flag = False


class LongTextQuestion(BaseQuestion):
    """Several lines of text, such as a comment."""

    type: Literal["long_text"]
    longest: Annotated[int, Field(ge=1, le=20000, strict=True)] = 2000
    required: Flag = False


Question = Annotated[
    ScaleQuestion
    | SingleChoiceQuestion
    | SeveralChoicesQuestion
    | RankingQuestion
    | NumberQuestion
    | DateQuestion
    | ShortTextQuestion
    | LongTextQuestion,
    Field(discriminator="type"),
]


class Enquiry(Model):
    """A suggested line of enquiry: what to test, with whom, in which documents."""

    test: Wording
    ask: Wording
    documents: Wording


class Topic(Model):
    """Related questions of a signpost, answered on one page."""

    code: Code
    title: Wording
    subject: Wording
    """A noun phrase that completes "What people said about ...", in lower case."""
    enquiries: tuple[Enquiry, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1)


class Signpost(Model):
    """A heading of good practice (some banks call it a theme or a standard)."""

    code: Code
    title: Wording
    summary: Wording
    topics: tuple[Topic, ...] = Field(min_length=1)
    required: Flag = False
    """Always asked: a round cannot leave it out."""
    comment: LongTextQuestion | None = None
    """The optional comment, asked on the last page of the signpost."""


class Bank(Model):
    """A whole questionnaire, one version of it."""

    bank: Code
    version: Annotated[str, Field(pattern=r"^\d+\.\d+$", strict=True)]
    title: Wording
    kind: BankKind
    signpost_word: Literal["signpost", "theme", "standard", "section"]
    purpose: Wording
    """One sentence for the start page that completes "This questionnaire asks about ..."."""
    notes: PlainText
    """Where its topics come from and what is known of its use."""
    scales: tuple[Scale, ...] = ()
    signposts: tuple[Signpost, ...] = Field(min_length=1)
    closing: tuple[LongTextQuestion, ...] = ()
    """Open prompts on the last page."""

    def __hash__(self) -> int:
        """By name and version: cheap enough for a bank to be the key of a cache."""
        return hash((self.bank, self.version))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Bank:
        """A changed copy. What was worked out of this bank is not carried over to it."""
        copy = super().model_copy(update=update, deep=deep)
        for name in ("by_code", "scales_by_code"):
            copy.__dict__.pop(name, None)
        return copy

    @property
    def id(self) -> str:
        """Name and version together, such as `section_11@1.0`."""
        return f"{self.bank}@{self.version}"

    def questions(self) -> Iterator[Question]:
        """Every question in the order asked, comments and closing prompts included."""
        for signpost in self.signposts:
            for topic in signpost.topics:
                yield from topic.questions
            if signpost.comment is not None:
                yield signpost.comment
        yield from self.closing

    @cached_property
    def by_code(self) -> dict[str, Question]:
        """Question code to question."""
        return {question.code: question for question in self.questions()}

    @cached_property
    def scales_by_code(self) -> dict[str, Scale]:
        """Scale code to scale."""
        return {scale.code: scale for scale in self.scales}

    def scale_of(self, question: ScaleQuestion) -> Scale:
        """The scale a question is answered on. Raises KeyError in an unchecked bank."""
        return self.scales_by_code[question.scale]
