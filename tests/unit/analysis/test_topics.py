"""The reading of a topic from its questions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.judgement import Judgement
from analysis.result import Firmness, Reason, Verdict
from analysis.topics import QuestionReading, TopicReading, read_topic

CLEAR, LIKELY = Firmness.CLEAR, Firmness.INDICATIVE
SHORT = {
    "S": Judgement(Verdict.STRENGTH, CLEAR, reasons=(Reason.ABOVE_STRENGTH_LINE,)),
    "s": Judgement(Verdict.STRENGTH, LIKELY, reasons=(Reason.ABOVE_STRENGTH_LINE,)),
    "A": Judgement(Verdict.CONSIDERATION, CLEAR, reasons=(Reason.BELOW_CONSIDERATION_LINE,)),
    "a": Judgement(Verdict.CONSIDERATION, LIKELY, reasons=(Reason.BELOW_CONSIDERATION_LINE,)),
    "m": Judgement(Verdict.MIXED, lean="favourable", reasons=(Reason.BETWEEN_LINES,)),
    "n": Judgement(Verdict.MIXED, lean="unfavourable", reasons=(Reason.NOT_SURE_ENOUGH,)),
    "e": Judgement(Verdict.MIXED, reasons=(Reason.BETWEEN_LINES,)),
    "b": Judgement(Verdict.BOTH, reasons=(Reason.GROUPS_ON_BOTH_SIDES,)),
    "d": Judgement(Verdict.DONT_KNOW, reasons=(Reason.DONT_KNOW_MOST,)),
    "f": Judgement(Verdict.TOO_FEW, reasons=(Reason.FEW_ANSWERS,)),
}


def topic(text: str) -> TopicReading:
    """A topic whose questions read as the letters say, with codes such as `S0`, `m1`."""
    return read_topic(
        [QuestionReading(f"{letter}{place}", SHORT[letter]) for place, letter in enumerate(text)]
    )


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        # Alone, a question is its topic.
        ("S", "strength clear"),
        ("s", "strength indicative"),
        ("A", "consideration clear"),
        ("a", "consideration indicative"),
        ("m", "mixed favourable"),
        ("n", "mixed unfavourable"),
        ("e", "mixed"),
        ("b", "both"),
        ("d", "dont_know"),
        ("f", "too_few"),
        # At least half must say so, and none the opposite.
        ("Sm", "strength clear"),
        ("sm", "strength indicative"),
        ("Smm", "mixed favourable"),
        ("Sme", "mixed favourable"),
        ("An", "consideration clear"),
        ("Ane", "mixed unfavourable"),
        ("SA", "both"),
        ("SSSa", "both"),
        ("Sb", "strength clear"),
        ("bmm", "both"),
        ("Sbmm", "both"),
        ("SSmm", "strength clear"),
        # Clear when at least half say so clearly.
        ("Ss", "strength clear"),
        ("Sss", "strength indicative"),
        ("aaA", "consideration indicative"),
        # What is not known is listed with the areas.
        ("dm", "consideration clear"),
        ("dmm", "mixed favourable"),
        ("Sd", "both"),
        ("ad", "consideration clear"),
        ("ddS", "dont_know"),
        ("dda", "dont_know"),
        # Too few to say on more than half leaves the topic unsaid; on half the others speak.
        ("Sf", "strength clear"),
        ("Sff", "too_few"),
        ("mn", "mixed"),
    ],
)
def test_topic_reads_from_its_questions(questions: str, expected: str) -> None:
    found = topic(questions).judgement

    words = [found.verdict.value, found.firmness, found.lean]
    assert " ".join(filter(None, words)) == expected


@pytest.mark.parametrize(
    ("questions", "supporting"),
    [
        ("S", ("S0",)),
        ("sS", ("S1", "s0")),
        ("mSm", ("m0", "m2")),
        ("Smf", ("S0", "m1")),
        ("SSSSSSS", ("S0", "S1", "S2", "S3", "S4")),
        ("SSA", ("S0", "A2", "S1")),
        ("SSSSA", ("S0", "A4", "S1", "S2", "S3")),
        ("Sdmb", ("S0", "d1", "b3")),
        ("bm", ("b0", "m1")),
        ("bmm", ("b0", "m1")),
        ("dm", ("d0", "m1")),
        ("dS", ("S1", "d0")),
        ("ddA", ("d0", "d1")),
        ("ff", ("f0", "f1")),
        ("fff", ("f0", "f1", "f2")),
        ("Sff", ("f1", "f2")),
        ("Af", ("A0", "f1")),
    ],
)
def test_strongest_supporting_questions(questions: str, supporting: tuple[str, ...]) -> None:
    assert topic(questions).supporting == supporting


@given(st.text("SsAamnebdf", min_size=1, max_size=8))
def test_two_to_five_questions_support_unless_there_is_one(questions: str) -> None:
    found = topic(questions)

    assert min(2, len(questions)) <= len(found.supporting) <= 5
    assert len(set(found.supporting)) == len(found.supporting)
    assert (found.judgement.firmness is not None) is (
        found.judgement.verdict in (Verdict.STRENGTH, Verdict.CONSIDERATION)
    )


LADDER = "AanmsS"
RANKS = {
    (Verdict.CONSIDERATION, CLEAR): 0,
    (Verdict.CONSIDERATION, LIKELY): 1,
    (Verdict.MIXED, None): 2,
    (Verdict.BOTH, None): 2,
    (Verdict.STRENGTH, LIKELY): 3,
    (Verdict.STRENGTH, CLEAR): 4,
}


@given(st.text("SsAamnbdf", min_size=1, max_size=7), st.data())
def test_worse_question_never_improves_its_topic(questions: str, data: st.DataObject) -> None:
    places = [place for place, letter in enumerate(questions) if letter in "SsAamnb"]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    at = LADDER.index("m" if questions[place] == "b" else questions[place])
    worse = data.draw(st.sampled_from([*LADDER[: at + 1], *("b" if at >= 2 else "")]))
    before = topic(questions).judgement
    after = topic(questions[:place] + worse + questions[place + 1 :]).judgement

    first = RANKS.get((before.verdict, before.firmness))
    second = RANKS.get((after.verdict, after.firmness))
    assert (first is None) is (second is None)
    if first is not None and second is not None:
        assert second <= first


def test_order_is_by_firmness_then_share_and_hidden_shares_come_last() -> None:
    questions = [
        QuestionReading("hidden", SHORT["S"]),
        QuestionReading("low", SHORT["S"], share=Fraction(6, 10)),
        QuestionReading("high", SHORT["S"], share=Fraction(9, 10)),
        QuestionReading("likely", SHORT["s"], share=Fraction(99, 100)),
    ]

    found = read_topic(questions)

    assert found.supporting == ("high", "low", "hidden", "likely")
    assert found.strong == found.supporting


def test_areas_are_lowest_first_and_unknown_by_how_many_do_not_know() -> None:
    questions = [
        QuestionReading("low", SHORT["A"], share=Fraction(2, 10)),
        QuestionReading("lower", SHORT["A"], share=Fraction(1, 10)),
        QuestionReading("some", SHORT["d"], share=Fraction(5, 10), dont_know=Fraction(4, 10)),
        QuestionReading("many", SHORT["d"], share=Fraction(5, 10), dont_know=Fraction(7, 10)),
        QuestionReading("untold", SHORT["d"]),
    ]

    found = read_topic(questions)

    assert found.weak == ("lower", "low")
    assert found.unknown == ("many", "some", "untold")


def test_reasons_are_those_of_the_questions_that_say_the_same() -> None:
    assert topic("SSm").judgement.reasons == (Reason.ABOVE_STRENGTH_LINE,)
    assert topic("Ad").judgement.reasons == (
        Reason.BELOW_CONSIDERATION_LINE,
        Reason.DONT_KNOW_MOST,
    )


def test_modifiers_are_those_of_every_question_read() -> None:
    divided = Judgement(Verdict.MIXED, modifiers=(Reason.VOICES_DIFFER, Reason.DIVIDED))
    unread = Judgement(
        Verdict.TOO_FEW, reasons=(Reason.FEW_ANSWERS,), modifiers=(Reason.LEANT_ON_SILENT,)
    )

    found = read_topic([QuestionReading("a", divided), QuestionReading("b", unread)])

    assert found.judgement.modifiers == (Reason.DIVIDED, Reason.VOICES_DIFFER)


def test_topic_without_questions_is_refused() -> None:
    with pytest.raises(ValueError, match="one question or more"):
        read_topic([])
