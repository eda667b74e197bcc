"""Gated results for tests, as small as the case needs. Every council and agency is invented."""

from __future__ import annotations

from math import sqrt

from analysis.export.letter import Columns, Decision, Letter, ReleasedComment
from analysis.result import (
    AgencyCoverage,
    BankRef,
    ChoiceCounts,
    Coverage,
    CoverageState,
    EnquiryResult,
    Explained,
    Figures,
    Firmness,
    Gap,
    GroupKind,
    GroupResult,
    Interval,
    LevelCoverage,
    Mark,
    OptionCount,
    OptionCountPlain,
    Provenance,
    QuestionResult,
    Reading,
    Reason,
    SectorCoverage,
    SignpostResult,
    Summary,
    TopicResult,
    Verdict,
    VoiceFigures,
)
from question_banks.bank import SECTOR_TITLES, Level, OptionKind, Sector

AGREEMENT = (
    ("strongly_agree", "Strongly agree", OptionKind.FAVOURABLE),
    ("agree", "Agree", OptionKind.FAVOURABLE),
    ("neither", "Neither agree nor disagree", OptionKind.NEUTRAL),
    ("disagree", "Disagree", OptionKind.UNFAVOURABLE),
    ("strongly_disagree", "Strongly disagree", OptionKind.UNFAVOURABLE),
    ("dont_know", "Don’t know", OptionKind.DONT_KNOW),
    ("not_applicable", "Does not apply to my work", OptionKind.NOT_APPLICABLE),
)

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "+1+1",
    "-2+3",
    "\t=1",
    "\r=1",
    "<script>alert('x')</script> & \"quoted\"",
    "\u202eright to left override",
    "مدرسة الأطفال",
    "👩‍👧 Family centre 🏳️‍🌈",
    "Two\nlines\r\nof name",
    "bell\x07 and nul\x00",
    "long " * 1000,
)


def interval(share: float, base: int, *, z: float = 1.959963984540054) -> Interval:
    """A Wilson interval, near enough for a made-up result."""
    if base == 0:
        return Interval(low=0, high=1)
    centre = share + z * z / (2 * base)
    half = z * sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    scale = 1 + z * z / base
    return Interval(low=max(0.0, (centre - half) / scale), high=min(1.0, (centre + half) / scale))


def figures(
    *counts: int,
    agencies: int = 7,
    asked: int | None = None,
    options: tuple[tuple[str, str, OptionKind], ...] = AGREEMENT,
    agreement: float | None = 0.41,
) -> Figures:
    """Figures from counts in the scale's order (favourable first)."""
    rows = tuple(
        OptionCount(option=code, label=label, kind=kind, count=count)
        for (code, label, kind), count in zip(options, counts, strict=True)
    )

    def total(kind: OptionKind) -> int:
        return sum(row.count for row in rows if row.kind is kind)

    favourable = total(OptionKind.FAVOURABLE)
    neutral = total(OptionKind.NEUTRAL)
    unfavourable = total(OptionKind.UNFAVOURABLE)
    base = favourable + neutral + unfavourable
    dont_know = total(OptionKind.DONT_KNOW)
    share = favourable / base if base else 0.0
    applicable = base + dont_know
    return Figures(
        people=sum(row.count for row in rows),
        agencies=agencies,
        base=base,
        favourable=favourable,
        neutral=neutral,
        unfavourable=unfavourable,
        dont_know=dont_know,
        not_applicable=total(OptionKind.NOT_APPLICABLE),
        skipped=1,
        not_shown=0,
        share=share,
        interval=interval(share, base),
        interval_80=interval(share, base, z=1.2815515655446004),
        method="wilson",
        asked=asked,
        bounds=(
            Interval(low=favourable / asked, high=(favourable + asked - base) / asked)
            if asked
            else None
        ),
        dont_know_share=dont_know / applicable if applicable else 0.0,
        share_counting_dont_know=favourable / applicable if applicable else 0.0,
        agreement=agreement,
        index=55.0,
        options=rows,
    )


SIXTY = figures(10, 20, 8, 9, 3, 2, 1, asked=90)
TWENTY_FOUR = figures(2, 10, 14, 16, 8, 3, 0, asked=90)


def group(
    title: str = "Everybody",
    *,
    kind: GroupKind = GroupKind.ALL,
    code: str | None = None,
    figures: Figures | None = None,
    words: str | None = None,
    mark: Mark | None = None,
) -> GroupResult:
    """One group with figures, words or a mark."""
    return GroupResult(
        group=code or kind.value, title=title, kind=kind, figures=figures, words=words, mark=mark
    )


def reading(
    verdict: Verdict = Verdict.STRENGTH,
    *,
    firmness: Firmness | None = None,
    lean: str | None = None,
    sentence: str = "30 of 50 people in 7 agencies agree that they have enough data.",
    modifiers: tuple[Explained, ...] = (),
) -> Reading:
    """A reading with one reason."""
    reasons = {
        Verdict.STRENGTH: Reason.ABOVE_STRENGTH_LINE,
        Verdict.CONSIDERATION: Reason.BELOW_CONSIDERATION_LINE,
        Verdict.MIXED: Reason.BETWEEN_LINES,
        Verdict.BOTH: Reason.GROUPS_ON_BOTH_SIDES,
        Verdict.DONT_KNOW: Reason.DONT_KNOW_MOST,
        Verdict.TOO_FEW: Reason.FEW_ANSWERS,
    }
    return Reading(
        verdict=verdict,
        firmness=firmness,
        lean=lean,
        sentence=sentence,
        reasons=(Explained(reason=reasons[verdict], words="This is why it reads so."),),
        modifiers=modifiers,
    )


SIDES = (
    group("Council", kind=GroupKind.SIDE, code="council", figures=figures(6, 12, 3, 3, 1, 1, 0)),
    group(
        "All partners", kind=GroupKind.SIDE, code="partners", figures=figures(4, 8, 5, 6, 2, 1, 1)
    ),
)


def question(
    code: str = "enough_data",
    *,
    text: str = "We have enough data to judge how well safeguarding is working",
    short: str = "Enough data to judge performance",
    everybody: GroupResult | None = None,
    groups: tuple[GroupResult, ...] = SIDES,
    voices: VoiceFigures | None = None,
    gaps: tuple[Gap, ...] = (),
    says: Reading | None = None,
) -> QuestionResult:
    """A scale question, shown for everybody unless told otherwise."""
    return QuestionResult(
        code=code,
        wording_version=1,
        text=text,
        short=short,
        type="scale",
        all=everybody or group(figures=SIXTY),
        groups=groups,
        voices=voices,
        gaps=gaps,
        reading=says or reading(firmness=Firmness.CLEAR),
    )


def counted_question(code: str = "main_training", **counts: object) -> QuestionResult:
    """A question that is counted but never judged."""
    given = counts or {
        "answered": 40,
        "skipped": 10,
        "options": (
            OptionCountPlain(option="online", label="Online course", count=25),
            OptionCountPlain(option="day", label="A day together", count=15),
        ),
    }
    return QuestionResult(
        code=code,
        wording_version=1,
        text="Which training helped you most?",
        short="Training that helped",
        type="single_choice",
        counts=ChoiceCounts.model_validate(given),
    )


ENQUIRY = EnquiryResult(
    test="whether managers can show a decision that changed because of the data",
    ask="team managers in each agency, and the partnership’s performance lead",
    documents="the last two performance reports and the minutes where they were discussed",
)


def topic(
    code: str = "data",
    *,
    title: str = "Data and performance",
    says: Reading | None = None,
    questions: tuple[QuestionResult, ...] | None = None,
    enquiries: tuple[EnquiryResult, ...] = (ENQUIRY,),
) -> TopicResult:
    """A topic of one question."""
    asked = (question(),) if questions is None else questions
    return TopicResult(
        code=code,
        title=title,
        reading=says or reading(firmness=Firmness.CLEAR),
        supporting=tuple(item.code for item in asked if item.all is not None)[:5],
        enquiries=enquiries,
        questions=asked,
    )


def signpost(
    code: str = "performance",
    *,
    title: str = "Performance, evaluation and monitoring",
    sentence: str = "Most people say they have the data they need, partners less than the council.",
    topics: tuple[TopicResult, ...] | None = None,
    leans: tuple[int | None, int | None] = (28, 11),
    caveats: tuple[str, ...] = (),
) -> SignpostResult:
    """A signpost of one topic."""
    return SignpostResult(
        code=code,
        title=title,
        sentence=sentence,
        topics=(topic(),) if topics is None else topics,
        mostly_favourable=leans[0],
        mostly_unfavourable=leans[1],
        caveats=caveats,
    )


def sector(which: Sector, *, agencies: int, invited: int | None, answered: int) -> SectorCoverage:
    """A sector, its state worked out from the counts."""
    if answered:
        state = CoverageState.ANSWERED
    else:
        state = CoverageState.SILENT if invited else CoverageState.NOT_INVITED
    return SectorCoverage(
        sector=which,
        title=SECTOR_TITLES[which],
        agencies=agencies,
        invited=invited,
        answered=answered,
        state=state,
    )


def coverage(
    sectors: tuple[SectorCoverage, ...] | None = None,
    *,
    agencies: tuple[AgencyCoverage, ...] | None = None,
    invited: int | None = 90,
    answered: int = 50,
) -> Coverage:
    """Seven agencies in five sectors, schools silent and probation not invited."""
    rows = sectors or (
        sector(Sector.CHILDRENS_SOCIAL_CARE, agencies=1, invited=20, answered=18),
        sector(Sector.EARLY_HELP, agencies=1, invited=10, answered=7),
        sector(Sector.POLICE, agencies=1, invited=12, answered=10),
        sector(Sector.NHS_COMMUNITY, agencies=2, invited=12, answered=11),
        sector(Sector.VOLUNTARY, agencies=2, invited=6, answered=4),
        sector(Sector.SCHOOLS, agencies=1, invited=30, answered=0),
        sector(Sector.PROBATION, agencies=0, invited=None, answered=0),
    )
    return Coverage(
        invited=invited,
        answered=answered,
        agencies_answered=7,
        agencies=agencies
        or tuple(
            AgencyCoverage(
                agency=f"Wexmoor {row.title}",
                sector=row.sector,
                invited=row.invited,
                answered=row.answered,
                state=row.state,
            )
            for row in rows
            if row.agencies
        ),
        sectors=rows,
        levels=(
            LevelCoverage(level=Level.STRATEGIC, title="Strategic leader", answered=12),
            LevelCoverage(level=Level.FRONTLINE, title="Frontline practitioner", answered=38),
        ),
        caveats=("Schools were invited and nobody answered, so their experience is missing.",),
    )


def summary(
    signposts: tuple[SignpostResult, ...] | None = None,
    *,
    covered: Coverage | None = None,
    others: tuple[QuestionResult, ...] = (),
    caveats: tuple[str, ...] = ("How invitees were chosen is not recorded.",),
    hidden_cells: int = 3,
    source: str = "database",
) -> Summary:
    """A whole result, of one signpost unless told otherwise."""
    return Summary(
        audience="review_team",
        bank=BankRef(
            bank="safeguarding_children_2010",
            version="1.0",
            title="Safeguarding children: partners’ self-evaluation",
            signpost_word="signpost",
            digest="b" * 64,
        ),
        settings={
            "strength_line": "0.60",
            "consideration_line": "0.50",
            "k": 10,
            "everyone_in_scope": False,
            "expected_sectors": ["schools", "police"],
            "sector_groups": {"health": ["nhs_community", "primary_care"]},
        },
        coverage=covered or coverage(),
        signposts=(signpost(),) if signposts is None else signposts,
        other_questions=others,
        caveats=caveats,
        hidden_cells=hidden_cells,
        provenance=Provenance(
            source=source,
            code_version="0.1.0",
            tally_digest="t" * 64,
            settings_digest="s" * 64,
        ),
    )


def usual_round() -> Summary:
    """A round of the usual size: six signposts, thirty scale questions, every kind of reading."""
    titles = (
        ("policy", "Legislation and policy", ("Procedures", "Thresholds")),
        ("leadership", "Leadership, accountability and culture", ("Vision", "Challenge")),
        ("capacity", "Capacity and capability", ("Workload", "Training")),
        ("practice", "Effective practice", ("Referrals", "Plans")),
        ("performance", "Performance, evaluation and monitoring", ("Data", "Audit")),
        ("together", "Working together", ("The partnership", "Schools")),
    )
    patterns = (
        (10, 20, 8, 9, 3, 2, 1),
        (2, 10, 14, 16, 8, 3, 0),
        (6, 18, 10, 10, 4, 4, 1),
        (14, 26, 5, 3, 1, 4, 0),
        (3, 9, 6, 5, 2, 22, 6),
    )
    verdicts = (
        reading(Verdict.STRENGTH, firmness=Firmness.CLEAR),
        reading(
            Verdict.CONSIDERATION,
            firmness=Firmness.INDICATIVE,
            sentence="12 of 50 people in 7 agencies think that staff outside children’s services "
            "would know what to do if they were worried about a child.",
        ),
        reading(
            Verdict.MIXED,
            lean="favourable",
            sentence="24 of 48 people agree, and views differ within most agencies.",
        ),
        reading(
            Verdict.BOTH,
            sentence="People in the council are mostly positive; partners mostly are not.",
        ),
        reading(
            Verdict.DONT_KNOW,
            sentence="22 of the 47 people to whom it applies do not know.",
        ),
    )
    signposts = []
    turn = 0
    for code, title, topic_titles in titles:
        topics = []
        for topic_title in topic_titles:
            asked = []
            for number in range(3 if topic_title in topic_titles[0] else 2):
                asked.append(
                    question(
                        f"{code}_{topic_title.lower().replace(' ', '_')}_{number + 1}",
                        text=f"{topic_title}: people in my team would say this is done well here "
                        f"and could show how they know ({number + 1})",
                        short=f"{topic_title} is done well, and we can show it ({number + 1})",
                        everybody=group(figures=figures(*patterns[turn % 5], asked=90)),
                        says=verdicts[turn % 5],
                    )
                )
                turn += 1
            topics.append(
                topic(
                    f"{code}_{topic_title.lower().replace(' ', '_')}",
                    title=topic_title,
                    says=verdicts[(turn - 1) % 5],
                    questions=tuple(asked),
                )
            )
        signposts.append(
            signpost(
                code,
                title=title,
                sentence=f"On {title.lower()} most people were positive, partners less so than "
                "the council.",
                topics=tuple(topics),
                caveats=("Schools did not answer, and this leans on them.",)
                if code == "together"
                else (),
            )
        )
    return summary(tuple(signposts))


def hostile(text: str) -> Summary:
    """A result in which every name, title and sentence is the given text."""
    side = group(text, kind=GroupKind.SIDE, code="council", figures=SIXTY)
    asked = question(
        text=text,
        short=text,
        everybody=group(text, figures=SIXTY),
        groups=(side, group(text, kind=GroupKind.SIDE, words=text)),
        says=reading(Verdict.CONSIDERATION, sentence=text),
    )
    other = counted_question(
        "free",
        answered=12,
        options=(OptionCountPlain(option="a", label=text, count=12),),
        median=text,
    )
    enquiry = EnquiryResult(test=text, ask=text, documents=text)
    told = topic(
        title=text,
        says=reading(Verdict.CONSIDERATION, sentence=text),
        questions=(asked, other),
        enquiries=(enquiry,),
    )
    agency = AgencyCoverage(
        agency=text, sector=Sector.POLICE, invited=9, answered=3, state=CoverageState.ANSWERED
    )
    police = sector(Sector.POLICE, agencies=1, invited=9, answered=3)
    covered = coverage((police.model_copy(update={"title": text}),), agencies=(agency,))
    said = signpost(title=text, sentence=text, topics=(told,), caveats=(text,))
    result = summary((said,), covered=covered, caveats=(text,))
    return result.model_copy(update={"bank": result.bank.model_copy(update={"title": text})})


def hostile_letter(text: str) -> Letter:
    """A letter in which everything is the given text."""
    decision = Decision(verdict=Verdict.STRENGTH, reason=text, by=text, note=text)
    return Letter(
        council=text,
        review_title=text,
        round_title=text,
        closed=text,
        letter_date=text,
        to=text,
        sent_by=text,
        columns=Columns(strengths=text, consider=text),
        decisions={"data": decision, "enough_data": decision},
        comments={"performance": (ReleasedComment(sector=text, text=text, quotable=True),)},
        chosen_how=text,
    )
