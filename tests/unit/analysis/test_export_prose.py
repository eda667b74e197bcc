"""What the letter says: who is missing, what people decided, and no more than nine of anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.export import columns, prose
from analysis.export.letter import AFTER_VISIT, Columns, Decision, Letter, ReleasedComment
from analysis.result import (
    Firmness,
    GroupKind,
    Mark,
    QuestionResult,
    SignpostResult,
    Summary,
    Verdict,
)
from question_banks.bank import Sector
from tests import factories_summary as make


def one_topic(verdict: Verdict, *, number: int, firmness: Firmness | None = None) -> SignpostResult:
    says = make.reading(verdict, firmness=firmness)
    topic = make.topic(f"topic_{number}", title=f"Topic {number}", says=says)
    return make.signpost(f"signpost_{number}", topics=(topic,))


def of_verdicts(*verdicts: Verdict, firmness: Firmness | None = None) -> Summary:
    return make.summary(
        tuple(
            one_topic(verdict, number=number, firmness=firmness)
            for number, verdict in enumerate(verdicts)
        )
    )


def titles(column: columns.ColumnProse) -> list[str]:
    return [bullet.topic for bullet in column.bullets]


def test_opening_says_that_this_is_not_an_inspection() -> None:
    letter = Letter(
        council="Wexmoor Council",
        closed="closed 6 November 2026",
        chosen_how="agency leads chose who was invited",
    )

    thanks, limits, asked = prose.opening(make.summary(), letter)

    assert "Wexmoor Council" in thanks
    assert limits.startswith("This is not an inspection.")
    assert "will set them beside interviews" in limits
    assert asked.endswith("Closed 6 November 2026. Agency leads chose who was invited.")


def test_opening_after_the_visit_looks_back() -> None:
    _, limits, _ = prose.opening(make.summary(), Letter(columns=AFTER_VISIT))

    assert "has set them beside what it heard, read and saw" in limits


def test_who_answered_names_silent_and_uninvited_sectors() -> None:
    answered, silent, absent, levels = prose.who_answered(make.coverage())

    assert "50 of 90 people invited answered (56%), from 7 agencies." in answered
    assert "Police (10 of 12)" in answered
    assert silent == "Invited, but nobody answered: Schools (30 invited)."
    assert absent == "Not invited: Probation."
    assert levels == "By level: strategic leader, 12; frontline practitioner, 38."


def test_who_answered_without_numbers_levels_or_silence() -> None:
    sectors = (make.sector(Sector.POLICE, agencies=1, invited=None, answered=4),)
    coverage = make.coverage(sectors, invited=None, answered=4).model_copy(update={"levels": ()})

    (only,) = prose.who_answered(coverage)

    assert only.endswith("They work in these sectors: Police (4).")


def test_who_answered_when_nobody_did() -> None:
    silent = make.sector(Sector.POLICE, agencies=1, invited=9, answered=0)
    unknown = make.sector(Sector.SCHOOLS, agencies=1, invited=9, answered=0)
    sectors = (silent, unknown.model_copy(update={"invited": None}))
    coverage = make.coverage(sectors, invited=9, answered=0).model_copy(update={"levels": ()})

    first, second = prose.who_answered(coverage)

    assert first == "0 of 9 people invited answered (0%), from 7 agencies."
    assert "Police (9 invited); Schools." in second


def test_caveats_are_said_once_each() -> None:
    coverage = make.coverage().model_copy(update={"caveats": ("Same", "Other.")})

    assert prose.caveats(make.summary(covered=coverage, caveats=("Same",))) == ("Same.", "Other.")


def test_columns_put_each_verdict_on_its_side_and_both_on_both() -> None:
    summary = of_verdicts(*Verdict)

    strengths, consider = columns.columns(summary, Letter())

    order = [verdict.value for verdict in Verdict]
    assert titles(strengths) == [
        f"Topic {order.index('strength')}",
        f"Topic {order.index('both')}",
    ]
    assert titles(consider) == [
        f"Topic {order.index('consideration')}",
        f"Topic {order.index('both')}",
        f"Topic {order.index('dont_know')}",
    ]
    assert strengths.more == ""


def test_columns_put_the_surest_first() -> None:
    summary = make.summary(
        (
            one_topic(Verdict.STRENGTH, number=1, firmness=Firmness.INDICATIVE),
            one_topic(Verdict.STRENGTH, number=2, firmness=Firmness.CLEAR),
            one_topic(Verdict.MIXED, number=3),
        )
    )
    decided = Decision(verdict=Verdict.STRENGTH, reason="Seen on the visit", by="Team", note="Ours")

    strengths, consider = columns.columns(summary, Letter(decisions={"topic_3": decided}))

    assert titles(strengths) == ["Topic 3", "Topic 2", "Topic 1"]
    assert strengths.bullets[0].text == "Ours."
    assert consider.bullets == ()


def test_columns_hold_nine_bullets_and_say_how_many_more() -> None:
    ten = of_verdicts(*[Verdict.STRENGTH] * 10)
    eleven = of_verdicts(*[Verdict.CONSIDERATION] * 11)

    strengths, _ = columns.columns(ten, Letter())
    _, consider = columns.columns(eleven, Letter())

    assert len(strengths.bullets) == len(consider.bullets) == 9
    assert strengths.more == "1 more topic is in the text above."
    assert consider.more == "2 more topics are in the text above."


def test_an_overruled_topic_leaves_its_column() -> None:
    summary = of_verdicts(Verdict.STRENGTH)
    decided = Decision(verdict=Verdict.MIXED, reason="Two views", by="Team")

    strengths, consider = columns.columns(summary, Letter(decisions={"topic_0": decided}))

    assert not strengths.bullets
    assert not consider.bullets


def test_a_topic_in_both_columns_speaks_through_the_question_on_each_side() -> None:
    strong = make.question("good", short="This is good", says=make.reading(Verdict.STRENGTH))
    weak = make.question(
        "bad",
        short="This is not",
        everybody=make.group(figures=make.TWENTY_FOUR),
        says=make.reading(Verdict.CONSIDERATION),
    )
    topic = make.topic(says=make.reading(Verdict.BOTH, sentence="Both."), questions=(strong, weak))
    gone = topic.model_copy(update={"supporting": ("elsewhere",), "code": "gone"})

    strengths, consider = columns.columns(
        make.summary((make.signpost(topics=(topic, gone)),)), Letter()
    )

    assert [bullet.text for bullet in strengths.bullets] == [
        "“This is good” (30 of 50 positive).",
        "Both.",
    ]
    assert [bullet.text for bullet in consider.bullets] == [
        "“This is not” (12 of 50 positive).",
        "Both.",
    ]


def opposed() -> QuestionResult:
    """A question on which the council is positive and its partners are not."""
    sides = (
        make.group(
            "Council",
            kind=GroupKind.SIDE,
            code="council",
            figures=make.figures(10, 14, 3, 2, 1, 0, 0),
        ),
        make.group(
            "All partners",
            kind=GroupKind.SIDE,
            code="partners",
            figures=make.figures(1, 5, 4, 12, 8, 0, 0),
        ),
        make.group("Health", kind=GroupKind.SECTOR_GROUP, figures=make.SIXTY),
        make.group("Strategic", kind=GroupKind.LEVEL, mark=Mark.CONFIDENTIAL),
        make.group("Frontline", kind=GroupKind.LEVEL, figures=make.figures(0, 0, 0, 0, 0, 5, 0)),
    )
    return make.question(
        "audit",
        short="Audit changes practice",
        everybody=make.group(figures=make.figures(11, 19, 7, 14, 9, 0, 0)),
        groups=sides,
        says=make.reading(Verdict.BOTH, sentence="Both."),
    )


def test_a_topic_that_points_both_ways_gives_each_column_its_own_half() -> None:
    topic = make.topic(says=make.reading(Verdict.BOTH, sentence="Both."), questions=(opposed(),))

    strengths, consider = columns.columns(make.summary((make.signpost(topics=(topic,)),)), Letter())

    assert [bullet.text for bullet in strengths.bullets] == [
        "“Audit changes practice” (Council: 24 of 30 positive)."
    ]
    assert [bullet.text for bullet in consider.bullets] == [
        "“Audit changes practice” (All partners: 6 of 30 positive)."
    ]


def test_halves_follow_the_lines_that_were_in_force() -> None:
    topic = make.topic(says=make.reading(Verdict.BOTH, sentence="Both."), questions=(opposed(),))
    summary = make.summary((make.signpost(topics=(topic,)),))
    strict = summary.model_copy(update={"settings": {"strength_line": "0.90"}})

    strengths, consider = columns.columns(strict, Letter())

    assert [bullet.text for bullet in strengths.bullets] == ["Both."]
    assert [bullet.text for bullet in consider.bullets] == [
        "“Audit changes practice” (All partners: 6 of 30 positive)."
    ]


def test_a_decision_for_both_columns_without_a_statement_keeps_the_halves() -> None:
    topic = make.topic(says=make.reading(Verdict.MIXED, sentence="Mixed."), questions=(opposed(),))
    summary = make.summary((make.signpost(topics=(topic,)),))
    decided = Decision(verdict=Verdict.BOTH, reason="Heard", by="Team")

    halves = columns.columns(summary, Letter(decisions={"data": decided}))
    noted = columns.columns(
        summary, Letter(decisions={"data": replace(decided, note="As they say")})
    )

    assert "Council: 24 of 30" in halves[0].bullets[0].text
    assert "All partners: 6 of 30" in halves[1].bullets[0].text
    assert [column.bullets[0].text for column in noted] == ["As they say."] * 2


def test_a_bullet_tells_two_questions_at_most_and_only_figures_that_may_be_shown() -> None:
    hidden = make.question(
        "a",
        short="",
        text="Hidden one",
        everybody=make.group(words="Mostly not"),
        says=make.reading(Verdict.CONSIDERATION),
    )
    unknown = make.question(
        "b",
        short="Unknown one",
        everybody=make.group(figures=make.figures(3, 9, 6, 5, 2, 22, 6)),
        says=make.reading(Verdict.DONT_KNOW),
    )
    third = make.question("c", short="Third", says=make.reading(Verdict.CONSIDERATION))
    topic = make.topic(says=make.reading(Verdict.CONSIDERATION), questions=(hidden, unknown, third))

    _, consider = columns.columns(make.summary((make.signpost(topics=(topic,)),)), Letter())

    assert consider.bullets[0].text == "“Hidden one”; “Unknown one” (22 of 47 do not know)."


@pytest.mark.parametrize("by", ["Review team", ""], ids=["named", "unnamed"])
def test_overruled_topic_keeps_the_rules_reading_beside(by: str) -> None:
    topic = make.topic()
    decided = Decision(verdict=Verdict.CONSIDERATION, reason="Heard otherwise", by=by)

    said = prose.topic_prose(topic, Letter(decisions={"data": decided}))

    assert said.statement == topic.reading.sentence
    assert said.judgement.startswith("Reviewers’ judgement")
    assert ("(Review team)" in said.judgement) is bool(by)
    assert "to explore. Heard otherwise. The answers by themselves: reads as a strength" in (
        said.judgement
    )


def test_overruled_without_a_reason_says_no_reason() -> None:
    decided = Decision(verdict=Verdict.MIXED, reason="", by="")

    said = prose.topic_prose(make.topic(), Letter(decisions={"data": decided}))

    assert said.judgement.startswith("Reviewers’ judgement: mixed. The answers by themselves")


def comment(text: str, *, quotable: bool = True) -> ReleasedComment:
    return ReleasedComment(sector="Police", text=text, quotable=quotable)


def test_quotes_are_quotable_two_at_most_and_beside_counts() -> None:
    comments = (comment("a", quotable=False), comment("b"), comment("c"), comment("d"))
    letter = Letter(comments={"performance": comments})

    shown = prose.signpost_prose(make.signpost(), letter)
    unshown = prose.signpost_prose(make.signpost(leans=(None, None)), letter)

    assert [quote.text for quote in shown.quotes] == ["b", "c"]
    assert shown.leaning
    assert unshown.quotes == ()


def test_quotation_is_cut_when_it_is_very_long() -> None:
    assert len(prose.quotation(comment("long " * 1000))) < 620


def test_enquiries_start_with_what_to_explore_and_stop_at_nine() -> None:
    verdicts = [Verdict.STRENGTH, Verdict.TOO_FEW, Verdict.MIXED, Verdict.BOTH, Verdict.DONT_KNOW]
    summary = of_verdicts(*verdicts)
    decided = Decision(verdict=Verdict.CONSIDERATION, reason="", by="")

    plain = prose.enquiries(summary, Letter())
    changed = prose.enquiries(summary, Letter(decisions={"topic_0": decided}))
    many = prose.enquiries(of_verdicts(*[Verdict.MIXED] * 12), Letter())

    assert [line.topic for line in plain] == ["Topic 4", "Topic 3", "Topic 2", "Topic 1"]
    assert [line.topic for line in changed][:2] == ["Topic 0", "Topic 4"]
    assert len(many) == 9


def test_enquiries_leave_out_topics_without_any() -> None:
    topic = make.topic(says=make.reading(Verdict.MIXED), enquiries=())

    assert prose.enquiries(make.summary((make.signpost(topics=(topic,)),)), Letter()) == ()


def test_lines_note_gives_the_lines_in_force_or_nothing() -> None:
    summary = make.summary()
    bare = summary.model_copy(update={"settings": {}})
    half = summary.model_copy(update={"settings": {"strength_line": "0.60"}})

    assert "from 60% favourable" in prose.lines_note(summary)
    assert "below 50%" in prose.lines_note(summary)
    assert prose.lines_note(bare) == prose.lines_note(half) == ""


def test_columns_are_called_lines_of_enquiry_before_the_visit() -> None:
    assert Columns().strengths == "What reads as a strength"
    assert Columns().consider == "What to explore"
    assert (AFTER_VISIT.strengths, AFTER_VISIT.consider) == (
        "Strengths",
        "Areas for consideration",
    )
