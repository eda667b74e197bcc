"""What becomes of an answer sent in while others write: nothing is overwritten, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.actions.returns_rules import (
    EMPTY,
    Said,
    Verdict,
    Version,
    Writer,
    is_held_already,
    judge,
    newest,
)

ADA, BO = Writer("Ada", account_id="a").key, Writer("Bo", contributor_id="b").key
ONE = Version(1, Said("one"), ADA)
TWO = Version(2, Said("two"), BO)
THREE = Version(3, Said("three"), BO)


@pytest.mark.parametrize(
    ("versions", "text", "base", "writer", "verdict"),
    [
        pytest.param([], "one", 0, ADA, Verdict.SAVE, id="first answer"),
        pytest.param([], None, 0, ADA, Verdict.KEEP, id="left empty as it was"),
        pytest.param([ONE], "more", 1, BO, Verdict.SAVE, id="changed from the newest"),
        pytest.param([ONE], "one", 1, BO, Verdict.KEEP, id="not touched"),
        pytest.param([ONE], None, 1, BO, Verdict.SAVE, id="emptied"),
        pytest.param([ONE, TWO], "one", 1, ADA, Verdict.KEEP, id="not touched, others went on"),
        pytest.param([ONE, TWO], "more", 1, ADA, Verdict.HOLD, id="both changed it"),
        pytest.param([ONE, TWO], None, 1, ADA, Verdict.HOLD, id="emptied what another changed"),
        pytest.param([ONE, TWO], "two", 1, ADA, Verdict.KEEP, id="both wrote the same"),
        pytest.param([ONE], "other", 0, BO, Verdict.HOLD, id="both wrote the first answer"),
        pytest.param([ONE, TWO], "two", 1, BO, Verdict.KEEP, id="sent twice"),
        pytest.param([ONE, TWO, THREE], "two", 1, BO, Verdict.KEEP, id="sent twice, then more"),
        pytest.param(
            [ONE, TWO, Version(3, Said("x"), ADA)],
            "two",
            1,
            ADA,
            Verdict.HOLD,
            id="wrote what another had written and somebody changed since",
        ),
        pytest.param([ONE, TWO], "more", 99, ADA, Verdict.HOLD, id="base made up"),
        pytest.param([ONE, TWO], "more", -1, ADA, Verdict.HOLD, id="base below nothing"),
        pytest.param([ONE, TWO], None, 99, ADA, Verdict.KEEP, id="empty with a base made up"),
        pytest.param([TWO, ONE], "more", 2, ADA, Verdict.SAVE, id="order of versions is no matter"),
    ],
)
def test_judge_of_two_writers(
    versions: list[Version], text: str | None, base: int, writer: tuple[str, str], verdict: Verdict
) -> None:
    assert judge(versions, said=Said(text), base=base, writer=writer) is verdict


def test_two_tabs_of_one_person_are_as_two_people() -> None:
    """The second tab did not see what the first saved, so both texts are kept."""
    versions = [ONE, Version(2, Said("from the first tab"), ADA)]

    assert judge(versions, said=Said("from the second"), base=1, writer=ADA) is Verdict.HOLD


def test_reason_alone_is_an_answer_of_its_own() -> None:
    versions = [Version(1, Said(None, "We have no sites"), ADA)]

    assert judge(versions, said=EMPTY, base=1, writer=BO) is Verdict.SAVE
    assert judge(versions, said=Said(None, "We have none"), base=1, writer=BO) is Verdict.SAVE
    assert judge(versions, said=Said(None, "We have no sites"), base=1, writer=BO) is Verdict.KEEP


@pytest.mark.parametrize(
    ("carried", "text", "confirms", "verdict"),
    [
        pytest.param(True, "one", True, Verdict.SAVE, id="confirmed"),
        pytest.param(True, "one", False, Verdict.KEEP, id="passed by"),
        pytest.param(True, "new", True, Verdict.SAVE, id="changed and ticked"),
        pytest.param(True, "new", False, Verdict.SAVE, id="changed"),
        pytest.param(False, "one", True, Verdict.KEEP, id="nothing to confirm"),
    ],
)
def test_carried_answer_counts_when_confirmed_or_changed(
    carried: bool, text: str, confirms: bool, verdict: Verdict
) -> None:
    versions = [Version(1, Said("one"), ADA, is_carried=carried)]

    assert judge(versions, said=Said(text), base=1, writer=BO, confirms=confirms) is verdict


def test_newest_of_none_says_nothing() -> None:
    assert newest([]) == Version(0, EMPTY)
    assert newest([TWO, ONE]) is TWO


def test_held_answer_sent_twice_is_held_once() -> None:
    held = [Version(1, Said("mine"), ADA)]

    assert is_held_already(held, said=Said("mine"), base=1, writer=ADA)
    assert not is_held_already(held, said=Said("mine"), base=2, writer=ADA)
    assert not is_held_already(held, said=Said("mine"), base=1, writer=BO)
    assert not is_held_already(held, said=Said("ours"), base=1, writer=ADA)


TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))


@given(
    st.lists(
        st.tuples(st.sampled_from([ADA, BO]), TEXTS, st.integers(min_value=0, max_value=4)),
        max_size=12,
    )
)
def test_no_text_is_ever_lost_and_none_unseen_is_replaced(
    sent: list[tuple[tuple[str, str], str | None, int]],
) -> None:
    """Whatever is sent, in whatever order and from whatever version: it stands in a version or is
    held, unless its writer left the answer as they had found it.
    """
    versions: list[Version] = []
    for writer, text, lag in sent:
        base = max(0, len(versions) - lag)
        found = versions[base - 1].said if base else EMPTY
        said = Said(text)
        verdict = judge(versions, said=said, base=base, writer=writer)
        if verdict is Verdict.SAVE:
            assert base == len(versions)
            versions.append(Version(len(versions) + 1, said, writer))
        elif verdict is Verdict.KEEP:
            assert said == found or any(said == one.said for one in versions[base:])
