"""Rounds compared: what changed, what is only a different mix, and what cannot be said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.compared import Change, CircumstanceKind, Comparison, Outcome, Step
from analysis.published import PublishedTotal, PublishedTotals
from analysis.result import Mark, Verdict
from analysis.rounds import (
    CircumstanceNote,
    InvalidComparison,
    QuestionDecision,
    RoundForComparison,
    compare,
)
from analysis.rounds_change import Moved, change_of, judged
from analysis.rounds_gate import HeldRound, Seen
from analysis.rounds_sentences import split_sentence
from analysis.rounds_split import Points, is_only_mix
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from question_banks.bank import Bank
from question_banks.lineage import Verdict as Wording
from question_banks.loader import load_bank
from tests.factories_rounds import (
    CHANGED_MIX_BEFORE,
    SECTORS,
    Said,
    changed_mix,
    make_compared_round,
)
from tests.factories_tally import make_bank, make_tally, people, scale_question

EVEN: Said = {
    "Council": (24, 40),
    "Early help": (12, 20),
    "Police": (11, 20),
    "Hospital": (13, 20),
    "Schools": (12, 20),
    "Charity": (12, 20),
}


def moved(said: Said, by: int) -> Said:
    """The same agencies with so many more favourable people in each."""
    return {agency: (favourable + by, base) for agency, (favourable, base) in said.items()}


def step_of(*rounds: Any, **given: Any) -> Step:
    """The last step of the one question."""
    latest = compare(list(rounds), **given).questions()["q_one"].latest
    assert latest is not None
    return latest


def bank_of(version: str = "1.0", **keys: Any) -> Bank:
    """A bank whose question is worded otherwise, or asked of others."""
    bank = make_bank({"t_one": [scale_question("q_one", **keys)]})
    return bank.model_copy(update={"version": version})


class TestChange:
    def test_clear_rise_is_an_improvement_with_its_interval(self) -> None:
        before = make_compared_round(EVEN, title="Then")
        step = step_of(before, make_compared_round(moved(EVEN, 5), title="Now"))

        assert step.change is Change.IMPROVED
        assert step.all.difference == pytest.approx(30 / 140)
        assert step.all.interval is not None
        expected = confint_proportions_2indep(114, 140, 84, 140, method="newcomb")
        assert (step.all.interval.low, step.all.interval.high) == pytest.approx(tuple(expected))
        assert step.sentence.startswith("81% were positive in “Now” and 60% in “Then”: 21 points")

    def test_clear_fall_is_a_decline(self) -> None:
        rounds = make_compared_round(moved(EVEN, 5)), make_compared_round(EVEN)

        assert step_of(*rounds).change is Change.DECLINED

    def test_small_change_is_no_clear_change(self) -> None:
        step = step_of(make_compared_round(EVEN), make_compared_round(moved(EVEN, 1)))

        assert step.change is Change.NO_CLEAR_CHANGE
        assert "can come about by chance" in step.sentence

    def test_few_people_with_a_wide_interval_are_too_few_to_say(self) -> None:
        few: Said = {"Council": (4, 8), "Police": (3, 6), "Charity": (3, 6)}

        step = step_of(make_compared_round(few), make_compared_round(few))

        assert step.change is Change.TOO_FEW
        assert step.all.difference == 0
        assert "a large change, either way, could be hidden" in step.sentence

    def test_hidden_round_is_too_few_to_say_and_never_no_change(self) -> None:
        hidden: Said = {"Council": (4, 6), "Police": (2, 3)}

        step = step_of(make_compared_round(EVEN), make_compared_round(hidden, title="Now"))

        assert step.change is Change.TOO_FEW
        assert step.all.after.mark is Mark.CONFIDENTIAL
        assert step.all.after.share is None
        assert step.all.difference is None
        assert "Too few people answered in “Now”" in step.sentence

    def test_share_in_words_is_compared_without_a_number(self) -> None:
        everybody: Said = {agency: (base, base) for agency, (_, base) in EVEN.items()}

        step = step_of(make_compared_round(EVEN), make_compared_round(everybody, title="Now"))

        assert step.all.after.words == "Nearly all"
        assert step.all.after.share is None
        assert step.all.difference is None
        assert step.all.interval is None
        assert step.change is Change.IMPROVED
        assert "Nearly everybody was positive in “Now”" in step.sentence
        assert step.both is not None
        assert step.both.after.share is None

    def test_family_holds_back_what_one_test_would_let_pass(self) -> None:
        # One small p-value among many large ones does not stand.
        one = Moved(0.2, 0.01, 0.39, 0.04)
        none = Moved(0.0, -0.1, 0.1, 0.9)

        alone = judged({"a": one})
        among = judged({"a": one, **{str(place): none for place in range(9)}})

        assert alone["a"].change is Change.IMPROVED
        assert among["a"].change is Change.NO_CLEAR_CHANGE

    def test_known_population_makes_a_change_surer(self) -> None:
        wide = change_of(Seen(30, 30, 50), Seen(36, 36, 50))
        narrow = change_of(Seen(30, 30, 50, 55), Seen(36, 36, 50, 52))

        assert narrow.low > wide.low
        assert narrow.p_value < wide.p_value

    def test_range_of_counts_is_judged_by_the_least_difference(self) -> None:
        exact = change_of(Seen(20, 20, 40), Seen(30, 30, 40))
        ranged = change_of(Seen(20, 22, 40), Seen(30, 30, 40))
        over = change_of(Seen(20, 32, 40), Seen(30, 30, 40))

        assert ranged.difference is None
        assert ranged.low < exact.low
        assert ranged.p_value > exact.p_value
        assert over.p_value == 1.0


class TestMix:
    def test_fall_that_is_only_a_changed_mix_is_told_as_that(self) -> None:
        comparison = compare(changed_mix())
        step = comparison.questions()["q_one"].steps[0]

        assert step.change is Change.DECLINED
        assert step.split is not None
        assert (step.split.rate, step.split.mix, step.split.total) == (0, -14, -14)
        assert step.split.only_mix
        assert "only a different mix of who answered" in step.sentence
        assert comparison.counts[0].only_mix == 1
        assert "a different mix of who answered" in comparison.sentence

    def test_same_mix_with_other_answers_is_hardly_touched_by_it(self) -> None:
        step = step_of(make_compared_round(EVEN), make_compared_round(moved(EVEN, 5)))

        assert step.split is not None
        assert step.split.rate == step.split.total == 21
        assert not step.split.only_mix
        assert "the same agencies answered more positively" in step.split.sentence

    def test_whoever_came_and_went_has_a_part_of_their_own(self) -> None:
        before = {**EVEN, "Probation": (15, 16), "Nurseries": (14, 15)}
        after = {**EVEN, "Housing": (2, 20), "Community nurses": (3, 20)}

        step = step_of(make_compared_round(before), make_compared_round(after))

        assert step.split is not None
        assert step.split.rate == step.split.mix == 0
        assert step.split.came < 0
        assert step.split.went < 0
        assert sum((step.split.came, step.split.went)) == step.split.total


class TestSplitSentence:
    @pytest.mark.parametrize(
        ("points", "change", "words"),
        [
            (Points(-15, 14, 0, 0), Change.NO_CLEAR_CHANGE, "Two things pull against each other"),
            (Points(1, 1, 0, 0), Change.NO_CLEAR_CHANGE, "There is no clear change to take apart"),
            (
                Points(0, -18, 0, 0),
                Change.DECLINED,
                "The fall of 18 points is only a different mix",
            ),
            (Points(-3, -15, 0, 0), Change.DECLINED, "own answers account for −3 points"),
            (Points(18, 1, 0, 0), Change.IMPROVED, "The rise is hardly touched by who answered"),
            (Points(10, 5, 3, 0), Change.IMPROVED, "more positively makes +10 points"),
            (Points(-10, -5, -3, 0), Change.DECLINED, "who answered makes −8 points"),
        ],
        ids=["against", "nothing", "mix", "nearly mix", "rate", "both up", "both down"],
    )
    def test_says_what_the_change_is_made_of(
        self, points: Points, change: Change, words: str
    ) -> None:
        only_mix = change is not Change.NO_CLEAR_CHANGE and is_only_mix(points)

        assert words in split_sentence(points, change, only_mix=only_mix)


class TestBesideWeightedFigures:
    def test_difference_between_levels_that_was_shown_is_audited_with_the_rest(self) -> None:
        bank = make_bank()

        def made(by: int) -> RoundForComparison:
            rows: list[Any] = []
            for agency in EVEN:
                high, low = people(17, 0, 3), people(8 + by, 0, 12 - by)
                rows.append((agency, SECTORS[agency], "strategic", {"q_one": high}))
                rows.append((agency, SECTORS[agency], "frontline", {"q_one": low}))
            tally = make_tally(bank, rows)
            settings = AnalysisSettings()
            summary = summarise(tally, bank, settings=settings, source="test")
            return RoundForComparison(
                title="Round", tally=tally, bank=bank, settings=settings, summary=summary
            )

        before, after = made(0), made(3)
        shown = before.summary.questions()["q_one"]
        held = HeldRound(
            tally=before.tally, bank=bank, settings=before.settings, summary=before.summary
        ).held("q_one")

        assert held is not None
        assert len(held.told) == (shown.voices is not None) + any(
            gap.kind == "levels" for gap in shown.gaps
        )
        said = np.array([cell.favourable for cell in held.cells])
        assert all(each.holds(said) for each in held.told)
        assert held.told
        assert step_of(before, after).both is not None


class TestBothTimes:
    def test_agencies_in_both_rounds_stand_beside_all(self) -> None:
        after = {**moved(EVEN, 4), "Probation": (4, 20), "Nurseries": (6, 20)}

        step = step_of(make_compared_round(EVEN), make_compared_round(after))

        assert step.both is not None
        assert step.both.before.base == 140
        assert step.both.after.base == 140
        assert step.both.after.agencies == 6
        assert step.both.difference == pytest.approx(24 / 140)
        assert step.all.after.base == 180

    def test_all_agencies_both_times_is_the_same_change(self) -> None:
        step = step_of(make_compared_round(EVEN), make_compared_round(moved(EVEN, 5)))

        assert step.both is not None
        assert step.both.difference == step.all.difference
        assert "Every agency that answered did so both times" in step.both.sentence

    @pytest.mark.parametrize(
        "extra",
        [
            {"Probation": (3, 8)},
            {"Probation": (9, 20)},
            {"Probation": (10, 10), "Housing": (10, 10)},
        ],
        ids=["under ten", "one agency", "all of one mind"],
    )
    def test_rest_that_may_not_be_told_hides_both(self, extra: Said) -> None:
        step = step_of(make_compared_round(EVEN), make_compared_round({**EVEN, **extra}))

        assert step.both is not None
        assert step.both.before.mark is step.both.after.mark is Mark.CONFIDENTIAL
        assert step.both.change is Change.TOO_FEW
        assert step.split is None
        assert step.split_mark is Mark.CONFIDENTIAL

    def test_no_agency_twice_has_nothing_to_set_side_by_side(self) -> None:
        other: Said = {"Probation": (9, 20), "Housing": (12, 20), "Nurseries": (10, 20)}

        step = step_of(make_compared_round(EVEN), make_compared_round(other))

        assert step.both is not None
        assert step.both.sentence == "No agency answered this question both times."
        assert step.split_mark is Mark.NOT_APPLICABLE

    def test_step_in_the_middle_of_three_counts_what_the_first_told(self) -> None:
        # Beside each other, agencies of rounds 1 and 2 and of rounds 2 and 3 would leave one.
        first = {k: v for k, v in CHANGED_MIX_BEFORE.items() if k not in ("Police", "Schools")}
        third = {k: v for k, v in CHANGED_MIX_BEFORE.items() if k not in ("Schools", "Charity")}
        middle = {**CHANGED_MIX_BEFORE, "Police": (3, 8), "Charity": (4, 9)}
        one, two, three = (make_compared_round(each) for each in (first, middle, third))

        alone = compare([two, three]).questions()["q_one"].steps[0]
        within = compare([one, two, three]).questions()["q_one"].steps[1]
        again = compare([two, three], shown_before=[(one, two)]).questions()["q_one"].steps[0]

        assert alone.both is not None
        assert within.both is not None
        assert again.both == within.both
        assert compare([two, three], shown_before=[(two, three)]).questions()["q_one"].steps == (
            alone,
        )

    def test_late_answers_between_releases_are_not_told_apart(self) -> None:
        before = make_compared_round(EVEN)
        late = {**moved(EVEN, 4), "Police": (16, 21), "Probation": (4, 20), "Nurseries": (6, 20)}
        early = {**late, "Police": (15, 20)}
        after = make_compared_round(late)
        told = replace(after, released=(make_compared_round(early).tally,))

        free = step_of(before, after)
        kept = step_of(before, told)

        assert free.both is not None
        assert free.both.difference is not None
        assert kept.both is not None
        assert kept.both.difference is None
        assert kept.split is None

    def test_split_is_held_back_once_a_round_has_grown(self) -> None:
        before = make_compared_round(EVEN)
        after = make_compared_round(moved(EVEN, 5))
        fewer: Said = {agency: (f // 2, b // 2) for agency, (f, b) in moved(EVEN, 5).items()}
        grown = replace(after, released=(make_compared_round(fewer).tally,))

        step = step_of(before, grown)

        assert step.both is not None
        assert step.both.difference is not None
        assert step.split is None
        assert step.split_mark is Mark.CONFIDENTIAL


class TestWording:
    @pytest.mark.parametrize(
        ("keys", "verdict", "comparable"),
        [
            ({}, Wording.SAME, True),
            ({"text": "I have heard of it."}, Wording.REWORDED, False),
            ({"audience": ["frontline"]}, Wording.SAME, False),
        ],
        ids=["same", "reworded", "asked of others"],
    )
    def test_verdict_decides_what_is_compared(
        self, keys: dict[str, Any], verdict: Wording, comparable: bool
    ) -> None:
        bank = bank_of("1.1", **keys)

        step = step_of(make_compared_round(EVEN), make_compared_round(EVEN, bank=bank))

        assert step.verdict is verdict
        assert step.comparable is comparable
        assert (step.change is Change.NOT_COMPARABLE) is not comparable
        assert (step.all.difference is not None) is comparable
        assert step.all.before.share == 0.6
        assert (step.both is not None) is comparable

    @pytest.mark.parametrize(
        ("text", "decided"),
        [("I have heard of it.", True), ("I know about q_one.", False)],
        ids=["reworded and taken as comparable", "same and taken as not"],
    )
    def test_person_decides_otherwise(self, text: str, decided: bool) -> None:
        bank = bank_of("1.1", text=text)
        decision = QuestionDecision(
            before_bank="test_bank@1.0",
            before_question="q_one",
            after_bank="test_bank@1.1",
            after_question="q_one",
            comparable=decided,
            why="The meaning is known.",
            by="Review manager",
        )

        step = step_of(
            make_compared_round(EVEN), make_compared_round(EVEN, bank=bank), decisions=[decision]
        )

        assert step.comparable is decided
        assert step.decided is not None
        assert step.decided.by == "Review manager"
        assert decided or "It was decided" in step.sentence

    def test_changed_scale_is_not_compared_whatever_is_decided(self) -> None:
        bank = bank_of("1.1")
        scale = bank.scales[0].model_copy(update={"options": bank.scales[0].options[:-1]})
        bank = bank.model_copy(update={"scales": (scale,)})
        bank = Bank.model_validate(bank.model_dump(mode="json"))
        decision = QuestionDecision(
            before_bank="test_bank@1.0",
            before_question="q_one",
            after_bank="test_bank@1.1",
            after_question="q_one",
            comparable=True,
            why="It is nearly the same.",
            by="Review manager",
        )

        step = step_of(
            make_compared_round(EVEN), make_compared_round(EVEN, bank=bank), decisions=[decision]
        )

        assert step.verdict is Wording.SCALE_CHANGED
        assert not step.comparable

    def test_new_and_dropped_questions_stand_alone(self) -> None:
        old = make_bank({"t_one": [scale_question("q_one"), scale_question("q_old")]})
        new = make_bank({"t_one": [scale_question("q_one"), scale_question("q_new")]})
        new = new.model_copy(update={"version": "1.1"})
        comparison = compare(
            [
                make_compared_round({"q_one": EVEN, "q_old": EVEN}, bank=old),
                make_compared_round({"q_one": EVEN, "q_new": EVEN}, bank=new),
            ]
        )

        assert [each.code for each in comparison.dropped] == ["q_old"]
        assert comparison.questions()["q_new"].steps[0].verdict is Wording.NEW
        assert comparison.questions()["q_new"].points[0].mark is Mark.NOT_APPLICABLE
        assert comparison.questions()["q_old"].steps[0].verdict is Wording.DROPPED
        assert comparison.counts[0].not_comparable == 2

    def test_note_stands_beside_the_figures(self) -> None:
        note = CircumstanceNote(
            after=1,
            question="q_one",
            kind=CircumstanceKind.NEW_PROCESS,
            note="A new form is in use.",
            by="Review manager",
        )

        step = step_of(make_compared_round(EVEN), make_compared_round(EVEN), notes=[note])

        assert [each.note for each in step.circumstances] == ["A new form is in use."]
        assert step.change is Change.NO_CLEAR_CHANGE

    def test_banks_are_linked_by_the_crosswalk(self) -> None:
        banks = [load_bank(f"safeguarding_children_{year}") for year in (2010, 2012)]
        codes = "ep_children_heard", "t12_ep_children_heard"
        said = [{code: EVEN} for code in codes]

        comparison = compare(
            [make_compared_round(each, bank=bank) for each, bank in zip(said, banks, strict=True)]
        )

        found = comparison.questions()["t12_ep_children_heard"]
        assert found.codes == codes
        assert found.steps[0].comparable
        assert found.steps[0].change is Change.NO_CLEAR_CHANGE


class TestPublished:
    def totals(self, **keys: Any) -> PublishedTotals:
        return PublishedTotals(
            title="Survey of 2028",
            source="Annual report 2028, page 9",
            bank=make_bank(),
            totals=(PublishedTotal("q_one", **keys),),
        )

    def test_counts_are_tested(self) -> None:
        step = step_of(self.totals(base=200, favourable=80), make_compared_round(EVEN))

        assert step.change is Change.IMPROVED
        assert step.all.difference == pytest.approx(0.2)
        assert step.both is None
        assert step.split_mark is Mark.NOT_AVAILABLE

    def test_percentage_with_base_is_tested_over_all_counts_it_may_be(self) -> None:
        step = step_of(self.totals(base=400, percent="40"), make_compared_round(EVEN))

        assert step.change is Change.IMPROVED
        assert step.all.difference is None
        assert step.all.before.share == 0.4

    def test_base_not_published_is_shown_and_never_tested(self) -> None:
        comparison = compare([self.totals(percent="40"), make_compared_round(EVEN)])
        step = comparison.questions()["q_one"].steps[0]

        assert step.all.before.share == 0.4
        assert step.all.before.base is None
        assert step.all.before.interval is None
        assert step.change is Change.NOT_COMPARABLE
        assert "cannot be tested" in step.sentence
        assert not comparison.rounds[0].bases_published
        assert comparison.rounds[0].source == "Annual report 2028, page 9"
        assert any("Annual report 2028, page 9" in caveat for caveat in comparison.caveats)

    def test_question_without_a_total_has_nothing_to_compare(self) -> None:
        bank = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
        totals = replace(self.totals(percent="40"), bank=bank)

        comparison = compare(
            [totals, make_compared_round({"q_one": EVEN, "q_two": EVEN}, bank=bank)]
        )
        step = comparison.questions()["q_two"].steps[0]

        assert step.all.before.mark is Mark.NOT_AVAILABLE
        assert step.change is Change.NOT_COMPARABLE
        assert "Nothing was published" in step.sentence


class TestScores:
    def rounds(self, by: int) -> list[RoundForComparison]:
        bank = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
        said = [{"q_one": each, "q_two": each} for each in (EVEN, moved(EVEN, by))]
        return [make_compared_round(each, bank=bank) for each in said]

    def test_score_is_on_the_questions_of_both_rounds(self) -> None:
        (step,) = compare(self.rounds(6)).signposts[0].steps

        assert step.questions == ("q_one", "q_two")
        assert step.earlier.score == 0.6
        assert step.later.score == 0.86
        assert step.difference == 0.26
        assert step.change is Change.IMPROVED

    def test_unchanged_score_is_no_clear_change(self) -> None:
        (step,) = compare(self.rounds(0)).signposts[0].steps

        assert step.change is Change.NO_CLEAR_CHANGE
        assert step.difference == 0
        assert step.sentence.endswith("60% were positive and 60% before. That is much the same.")

    def test_hidden_questions_leave_too_few_to_say(self) -> None:
        first, _ = self.rounds(0)
        few: Said = {"Council": (1, 3), "Police": (2, 3)}
        bank = first.bank
        second = make_compared_round({"q_one": few, "q_two": few}, bank=bank)

        (step,) = compare([first, second]).signposts[0].steps

        assert step.change is Change.TOO_FEW
        assert step.later.mark is Mark.CONFIDENTIAL

    def test_published_totals_have_no_score(self) -> None:
        first, second = self.rounds(0)
        totals = PublishedTotals(title="Survey", source="Report", bank=first.bank, totals=())

        (step,) = compare([totals, second]).signposts[0].steps

        assert step.earlier.mark is Mark.NOT_AVAILABLE
        assert step.change is Change.NOT_COMPARABLE

    def test_one_question_has_no_score(self) -> None:
        comparison = compare([make_compared_round(EVEN), make_compared_round(EVEN)])
        (step,) = comparison.signposts[0].steps

        assert step.earlier.score is None
        assert step.earlier.mark is Mark.NOT_APPLICABLE
        assert step.change is Change.NOT_COMPARABLE


def at_share(share: float) -> Said:
    """The same agencies, each with this share as near as people go."""
    return {agency: (round(share * base), base) for agency, (_, base) in EVEN.items()}


HIGH, MIDDLE, LOW = at_share(0.85), at_share(0.55), at_share(0.3)
FEW: Said = {"Council": (1, 3)}


class TestFindings:
    @pytest.mark.parametrize(
        ("then", "now", "outcome"),
        [
            (LOW, LOW, Outcome.RECURS),
            (LOW, HIGH, Outcome.RESOLVED),
            (LOW, MIDDLE, Outcome.PARTLY),
            (LOW, FEW, Outcome.NOT_EXAMINED),
            (HIGH, HIGH, Outcome.HELD),
            (HIGH, LOW, Outcome.LOST),
            (HIGH, FEW, Outcome.NOT_EXAMINED),
        ],
        ids=["recurs", "resolved", "partly", "too few", "held", "lost", "strength unknown"],
    )
    def test_earlier_reading_became(self, then: Said, now: Said, outcome: Outcome) -> None:
        (finding,) = compare([make_compared_round(then), make_compared_round(now)]).findings

        assert finding.outcome is outcome
        assert finding.sentence.startswith("“T_one”")

    def test_topic_that_was_not_asked_again_is_not_examined(self) -> None:
        other = make_bank({"t_two": [scale_question("q_two")]})
        other = other.model_copy(update={"version": "1.1"})

        (finding,) = compare(
            [make_compared_round(LOW), make_compared_round({"q_two": LOW}, bank=other)]
        ).findings

        assert finding.outcome is Outcome.NOT_EXAMINED
        assert finding.now is None
        assert finding.then is Verdict.CONSIDERATION


class TestWhole:
    def test_is_the_same_whatever_the_order_of_agencies(self) -> None:
        after = moved(EVEN, 3)
        turned = dict(reversed(list(after.items())))

        one = compare([make_compared_round(EVEN), make_compared_round(after)])
        other = compare([make_compared_round(EVEN), make_compared_round(turned)])

        assert one.canonical_json() == other.canonical_json()

    def test_can_be_stored_and_read_back(self) -> None:
        comparison = compare(changed_mix(), council="Marlow Vale Council")

        assert Comparison.model_validate_json(comparison.model_dump_json()) == comparison
        assert comparison.title == "Marlow Vale Council"

    def test_hidden_cells_are_counted(self) -> None:
        hidden: Said = {"Council": (4, 6), "Police": (2, 3)}

        comparison = compare([make_compared_round(EVEN), make_compared_round(hidden)])

        # The point, agencies in both rounds, and the split.
        assert comparison.hidden_cells == 3

    def test_provenance_names_every_tally(self) -> None:
        rounds = changed_mix()

        digests = [each.tally_digest for each in compare(rounds).provenance if each is not None]

        assert digests == [each.summary.provenance.tally_digest for each in rounds]

    def test_one_round_cannot_be_compared(self) -> None:
        with pytest.raises(InvalidComparison, match="Two rounds"):
            compare([make_compared_round(EVEN)])

    def test_only_published_totals_cannot_be_compared(self) -> None:
        totals = PublishedTotals(title="A", source="B", bank=make_bank(), totals=())

        with pytest.raises(InvalidComparison, match="run here"):
            compare([totals, totals])

    def test_other_audience_is_refused(self) -> None:
        one, other = changed_mix()
        public = other.summary.model_copy(update={"audience": "public"})

        with pytest.raises(InvalidComparison, match="audiences"):
            compare([one, replace(other, summary=public)])

    def test_summary_of_other_counts_is_refused(self) -> None:
        one, other = changed_mix()

        with pytest.raises(InvalidComparison, match="other counts"):
            compare([one, replace(other, summary=one.summary)])

    def test_counts_of_another_questionnaire_are_refused(self) -> None:
        one, other = changed_mix()

        with pytest.raises(InvalidComparison, match="another questionnaire"):
            compare([one, replace(other, bank=bank_of("1.1"))])

    def test_population_known_in_both_rounds_narrows_the_change(self) -> None:
        invited = {agency: base + 1 for agency, (_, base) in EVEN.items()}
        settings = AnalysisSettings(everyone_in_scope=True)
        unknown, known = (
            step_of(
                *(
                    make_compared_round(said, settings=each, invited=invited)
                    for said in (EVEN, moved(EVEN, 1))
                )
            )
            for each in (AnalysisSettings(), settings)
        )

        assert unknown.all.interval is not None
        assert known.all.interval is not None
        assert known.all.difference == unknown.all.difference
        assert known.all.interval.low > unknown.all.interval.low
        assert known.all.interval.high < unknown.all.interval.high
