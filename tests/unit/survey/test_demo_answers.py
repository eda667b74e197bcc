"""The demo's invented people, answers and comments, before any database sees them."""

from __future__ import annotations

from collections import Counter

import pytest

from analysis.comments import FlagKind, flag, redact
from analysis.settings import AnalysisSettings
from question_banks.bank import Bank, Level, LongTextQuestion, OptionKind, ScaleQuestion
from question_banks.loader import load_bank
from question_banks.path import on_path
from survey.demo import cast, remarks, spread
from survey.demo.remarks import Decision, Remark

SEED = 4


@pytest.fixture(scope="module")
def bank() -> Bank:
    """The bank of the demo's rounds."""
    return load_bank("safeguarding_children_2010")


def _kind(bank: Bank, code: str, option: str) -> OptionKind:
    question = bank.by_code[code]
    assert isinstance(question, ScaleQuestion)
    found = bank.scale_of(question).option(option)
    assert found is not None
    return found.kind


class TestCast:
    def test_ninety_are_invited_and_fifty_answer_in_seven_agencies(self) -> None:
        people = cast.personas(SEED)

        assert sum(agency.invited for agency in cast.AGENCIES) == 90
        assert len(people) == 50
        assert len({person.agency.key for person in people}) == 7
        assert len({person.agency.sector for person in people}) >= 4

    def test_schools_are_invited_and_silent(self) -> None:
        schools = [agency for agency in cast.AGENCIES if agency.sector == "schools"]

        assert [(one.invited, one.answered) for one in schools] == [(30, (0, 0, 0))]

    def test_no_agency_has_more_answers_than_people_invited(self) -> None:
        assert [one.key for one in cast.AGENCIES if sum(one.answered) > one.invited] == []

    def test_levels_and_sides_are_large_enough_to_show(self) -> None:
        people = cast.personas(SEED)

        levels = Counter(person.level for person in people)
        sides = Counter(person.is_council for person in people)
        assert levels[Level.STRATEGIC] >= 10
        assert levels[Level.FRONTLINE] >= 10
        assert min(sides.values()) >= 10

    def test_two_sector_groups_are_large_enough_to_show(self) -> None:
        settings = AnalysisSettings()

        people = Counter(settings.group_of(one.agency.sector) for one in cast.personas(SEED))
        agencies = Counter(
            settings.group_of(one.sector) for one in cast.AGENCIES if sum(one.answered)
        )
        assert sum(people[group] >= 10 and agencies[group] >= 2 for group in people) >= 2

    def test_council_side_is_that_of_the_settings(self) -> None:
        council = AnalysisSettings().council_sectors

        assert {one.key for one in cast.AGENCIES if one.sector in council} == {
            one.key for one in cast.AGENCIES if one.sector in cast.COUNCIL_SECTORS
        }


class TestAnswers:
    def test_everybody_answers_what_they_are_asked_and_nothing_else(self, bank: Bank) -> None:
        people = cast.personas(SEED)

        answers = spread.draw_answers(bank, people, spreads=spread.CLOSED_ROUND, seed=SEED)

        for person, given in zip(people, answers, strict=True):
            asked = on_path(bank, level=person.level, answers={})
            scales = {code for code in asked if isinstance(bank.by_code[code], ScaleQuestion)}
            assert set(given) == scales

    @pytest.mark.parametrize("seed", [1, 2, 3])
    @pytest.mark.parametrize(
        ("code", "favourable"), [("pem_enough_data", 30), ("cc_non_specialists_know", 12)]
    )
    def test_known_question_comes_out_exactly(
        self, bank: Bank, seed: int, code: str, favourable: int
    ) -> None:
        people = cast.personas(seed)

        answers = spread.draw_answers(bank, people, spreads=spread.CLOSED_ROUND, seed=seed)

        kinds = Counter(_kind(bank, code, given[code]) for given in answers)
        assert kinds[OptionKind.FAVOURABLE] == favourable
        assert sum(kinds.values()) == 50
        assert kinds[OptionKind.DONT_KNOW] == kinds[OptionKind.NOT_APPLICABLE] == 0

    def test_same_seed_gives_the_same_answers_and_another_seed_others(self, bank: Bank) -> None:
        def drawn(seed: int) -> list[dict[str, str]]:
            people = cast.personas(seed)
            return spread.draw_answers(bank, people, spreads=spread.CLOSED_ROUND, seed=seed)

        assert drawn(5) == drawn(5)
        assert drawn(5) != drawn(6)

    def test_shares_follow_the_spread_over_many_people(self, bank: Bank) -> None:
        people = [person for seed in range(60) for person in cast.personas(seed)]

        answers = spread.draw_answers(bank, people, spreads=spread.OPEN_ROUND, seed=1)

        code = "lac_own_responsibility"
        for is_council, expected in ((True, 0.14), (False, 0.84)):
            kinds = [
                _kind(bank, code, given[code])
                for person, given in zip(people, answers, strict=True)
                if person.is_council is is_council
            ]
            on_scale = [kind for kind in kinds if kind is not OptionKind.DONT_KNOW]
            share = on_scale.count(OptionKind.FAVOURABLE) / len(on_scale)
            assert share == pytest.approx(expected, abs=0.04)

    def test_every_question_has_a_spread(self, bank: Bank) -> None:
        scales = {one.code for one in bank.questions() if isinstance(one, ScaleQuestion)}

        exact = {code for code in spread.EXACT if not code.startswith("t12_")}
        assert set(spread.CLOSED_ROUND) | exact == scales
        assert set(spread.OPEN_ROUND) == scales


class TestRemarks:
    @pytest.mark.parametrize(
        "remark", [*remarks.CLOSED_ROUND, *remarks.OPEN_ROUND], ids=lambda one: one.text[:30]
    )
    def test_remark_fits_its_box_and_its_writer(self, bank: Bank, remark: Remark) -> None:
        question = bank.by_code[remark.question]

        assert isinstance(question, LongTextQuestion)
        assert len(remark.text) <= question.longest
        assert remark.agency in {agency.key for agency in cast.AGENCIES}

    @pytest.mark.parametrize(
        "remark",
        [one for one in remarks.CLOSED_ROUND if one.decided is Decision.REDACTED],
        ids=lambda one: one.text[:30],
    )
    def test_redacted_remark_loses_every_detail_planted_in_it(self, remark: Remark) -> None:
        left = redact(remark.text, flag(remark.text))

        assert "removed]" in left
        for detail in ("Oakapple", "Thornback", "01632", "999 000 0018"):
            assert detail not in left

    @pytest.mark.parametrize(
        "remark",
        [one for one in remarks.CLOSED_ROUND if one.decided is Decision.RELEASED],
        ids=lambda one: one.text[:30],
    )
    def test_remark_released_as_written_has_nothing_to_redact(self, remark: Remark) -> None:
        assert flag(remark.text) == ()

    def test_one_remark_reads_like_a_disclosure(self) -> None:
        everything = [*remarks.CLOSED_ROUND, *remarks.OPEN_ROUND]
        disclosing = [
            one
            for one in everything
            if FlagKind.DISCLOSURE in {found.kind for found in flag(one.text)}
        ]

        assert [one.decided for one in disclosing] == [Decision.WAITING]
        assert disclosing[0] in remarks.OPEN_ROUND

    def test_every_decision_is_shown(self) -> None:
        assert {one.decided for one in remarks.CLOSED_ROUND} == set(Decision)
        assert 20 <= len(remarks.CLOSED_ROUND) <= 30
