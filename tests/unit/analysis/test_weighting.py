"""Whose voice: the worked case of the methods, folding, and the edges."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.shares import wilson
from analysis.weighting import (
    Part,
    Voice,
    equal_share,
    equal_variance,
    exact_equal_share,
    headcount_share,
    kish_effective,
    one_agency_decides,
    voices,
)

C95 = Fraction(95, 100)
WORKED = (
    Voice(("council",), 40, 60, 80),
    Voice(("police",), 3, 10, 12),
    Voice(("health",), 5, 12, 20),
    Voice(("voluntary",), 4, 6, 10),
)


class TestWorkedCase:
    """Council 40/60 (of 80), police 3/10 (12), health 5/12 (20), voluntary 4/6 (10)."""

    def test_people(self) -> None:
        limits = wilson(52, 88, confidence=C95)

        assert pytest.approx(0.5909, abs=0.00005) == 52 / 88
        assert limits == pytest.approx((0.486, 0.688), abs=0.0005)

    def test_equal_voices(self) -> None:
        equal = equal_share(WORKED, confidence=C95)

        assert equal is not None
        assert equal.share == pytest.approx(0.5125)
        assert equal.standard_error == pytest.approx(0.0449, abs=0.00005)
        assert equal.effective == pytest.approx(124.1, abs=0.05)
        assert exact_equal_share(WORKED) == Fraction(41, 80)

    def test_wilson_on_the_effective_answers(self) -> None:
        equal = equal_share(WORKED, confidence=C95)

        assert equal is not None
        uncapped = wilson(equal.share * equal.effective, equal.effective, confidence=C95)
        assert uncapped == pytest.approx((0.426, 0.599), abs=0.0005)
        # Weighting cannot make 88 answers worth more than 88.
        assert equal.limits == wilson(equal.share * 88, 88, confidence=C95)

    def test_headcount_and_kish(self) -> None:
        assert headcount_share(WORKED) == pytest.approx(0.5896, abs=0.00005)
        assert kish_effective(WORKED) == pytest.approx(43.64, abs=0.005)


class TestEqualShare:
    @pytest.mark.parametrize("favourable", [0, 6], ids=["nobody", "everybody"])
    def test_one_mind_is_not_certainty(self, favourable: int) -> None:
        equal = equal_share([Voice((name,), favourable, 6) for name in "abc"], confidence=C95)

        assert equal is not None
        assert equal.standard_error > 0
        assert equal.limits.high > equal.limits.low

    def test_too_few_voices_give_none(self) -> None:
        assert equal_share(WORKED[:2], confidence=C95) is None

    def test_no_voice_gives_none_however_few_are_asked_for(self) -> None:
        assert equal_share([], confidence=C95, fewest_voices=0) is None

    def test_one_voice_uses_its_own_smoothed_share(self) -> None:
        equal = equal_share([Voice(("a",), 5, 5)], confidence=C95, fewest_voices=1)

        assert equal is not None
        assert equal_variance([Voice(("a",), 5, 5)]) == pytest.approx(5.5 / 6 * 0.5 / 6 / 4)
        assert 0 < equal.limits.low < 1

    def test_everybody_of_every_voice_answered(self) -> None:
        whole = [Voice((name,), 3, 6, 6) for name in "abc"]

        equal = equal_share(whole, confidence=C95)

        assert equal == (3, 0.5, 0.0, 18.0, (0.5, 0.5))

    def test_population_known_narrows(self) -> None:
        unknown = [Voice(voice.agencies, voice.favourable, voice.base) for voice in WORKED]

        assert equal_variance(WORKED) < equal_variance(unknown)

    @given(st.lists(st.tuples(st.integers(0, 30), st.integers(5, 30)), min_size=3, max_size=9))
    def test_effective_answers_keep_limits_around_the_share(
        self, drawn: list[tuple[int, int]]
    ) -> None:
        spoken = [
            Voice((str(place),), min(favourable, base), base)
            for place, (favourable, base) in enumerate(drawn)
        ]

        equal = equal_share(spoken, confidence=C95)

        assert equal is not None
        assert 0 <= equal.limits.low <= equal.share + 1e-12
        assert equal.share - 1e-12 <= equal.limits.high <= 1


class TestHeadcount:
    def test_unknown_population_gives_none(self) -> None:
        assert headcount_share([*WORKED, Voice(("other",), 1, 5)]) is None

    def test_no_voice_gives_none(self) -> None:
        assert headcount_share([]) is None


class TestVoices:
    def test_large_agencies_speak_for_themselves(self) -> None:
        spoken = voices([Part("b", "health", 2, 5), Part("a", "health", 3, 9)])

        assert [voice.agencies for voice in spoken] == [("a",), ("b",)]

    def test_small_agencies_are_folded_into_their_group(self) -> None:
        spoken = voices(
            [
                Part("big", "health", 3, 9, 12),
                Part("small", "health", 1, 3, 5),
                Part("smaller", "health", 2, 2, 2),
            ]
        )

        assert spoken == (Voice(("big",), 3, 9, 12), Voice(("small", "smaller"), 3, 5, 7))

    def test_small_groups_are_folded_together(self) -> None:
        spoken = voices([Part("probation", "justice", 1, 4), Part("trust", "voluntary", 2, 2)])

        assert spoken == (Voice(("probation", "trust"), 3, 6),)

    def test_five_answers_are_enough_for_an_agency(self) -> None:
        assert voices([Part("a", "health", 2, 5), Part("b", "health", 1, 3)]) == (
            Voice(("a",), 2, 5),
        )

    def test_five_answers_are_enough_for_a_group(self) -> None:
        spoken = voices(
            [Part("a", "health", 1, 2), Part("b", "health", 1, 3), Part("c", "justice", 1, 2)]
        )

        assert spoken == (Voice(("a", "b"), 2, 5),)

    def test_five_answers_are_enough_for_what_remains(self) -> None:
        assert voices([Part("a", "health", 1, 2), Part("b", "justice", 1, 3)]) == (
            Voice(("a", "b"), 2, 5),
        )

    def test_a_group_is_not_folded_with_another_before_it_has_to_be(self) -> None:
        spoken = voices(
            [Part("a", "health", 1, 3), Part("b", "justice", 1, 3), Part("c", "health", 1, 3)]
        )

        assert spoken == (Voice(("a", "c"), 2, 6),)

    def test_remainder_under_five_has_no_voice(self) -> None:
        assert voices([Part("a", "justice", 1, 4), Part("b", "health", 4, 10)]) == (
            Voice(("b",), 4, 10),
        )

    def test_agency_without_answers_is_no_voice(self) -> None:
        assert voices([Part("a", "justice", 0, 0, 30)]) == ()

    def test_population_is_known_only_when_known_of_all_folded(self) -> None:
        (voice,) = voices([Part("a", "health", 1, 3, 5), Part("b", "health", 1, 3)])

        assert voice.population is None

    @given(
        st.lists(st.tuples(st.sampled_from("wxyz"), st.integers(0, 12)), min_size=1, max_size=12),
        st.randoms(use_true_random=False),
    )
    def test_order_of_agencies_does_not_matter(
        self, drawn: list[tuple[str, int]], random: object
    ) -> None:
        parts = [Part(f"{n:02}", group, base // 2, base) for n, (group, base) in enumerate(drawn)]

        spoken = voices(parts)

        assert voices(parts[::-1]) == spoken
        assert all(voice.base >= 5 for voice in spoken)
        assert sum(part.base for part in parts) - sum(voice.base for voice in spoken) < 5


class TestOneAgencyDecides:
    PARTS = (Part("a", "x", 9, 10), Part("b", "y", 3, 10), Part("c", "z", 0, 0))

    def test_yes_when_the_class_changes_without_one(self) -> None:
        assert one_agency_decides(
            self.PARTS, class_without=lambda part: part.agency == "a", class_of_all=False
        )

    def test_no_when_it_never_does(self) -> None:
        assert not one_agency_decides(
            self.PARTS, class_without=lambda part: "same", class_of_all="same"
        )

    def test_agency_without_answers_is_not_tried(self) -> None:
        assert not one_agency_decides(
            self.PARTS, class_without=lambda part: part.agency == "c", class_of_all=False
        )
