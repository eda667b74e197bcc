"""What released results reveal together, worked out from nothing but the results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pytest

from analysis.released import Audit, InvalidReleases, Revealed, audit_releases
from analysis.releases import Release, next_release
from analysis.result import Summary
from analysis.settings import DEFAULT_GROUPS, AnalysisSettings
from analysis.summary import summarise
from question_banks.bank import Bank, Sector
from tests.factories_tally import (
    make_bank,
    make_tally,
    people,
    scale_question,
    tally_of_people,
)

SETTINGS: Final = AnalysisSettings()
BANK: Final = make_bank()
Row = tuple[str, str, str, dict[str, Any]]


def row(agency: str, sector: str, level: str, *said: int) -> Row:
    """People of one agency and level who answer the one question."""
    return agency, sector, level, {"q_one": people(*said)}


FIRST: Final = [
    row("care", "childrens_social_care", "frontline", 12, 2, 8),
    row("help", "early_help", "strategic", 6, 2, 4),
    row("ward", "nhs_acute", "frontline", 5, 2, 6),
    row("clinic", "nhs_community", "strategic", 4, 1, 3),
    row("police", "police", "strategic", 7, 0, 5),
    row("probation", "probation", "frontline", 3, 1, 3),
]


def result(rows: Iterable[Row], *, settings: AnalysisSettings = SETTINGS) -> Summary:
    """What a round shows that takes no care of what it showed before."""
    return summarise(make_tally(BANK, rows), BANK, settings=settings, source="x")


def told(audit: Audit) -> set[tuple[str, tuple[int, ...], tuple[int, int], tuple[int, int]]]:
    """What is revealed: of whom, by which results, of how many people, how many favourable."""
    return {(each.group, each.releases, each.people, each.favourable) for each in audit.revealed}


def test_one_result_reveals_nothing() -> None:
    audit = audit_releases([result(FIRST)])

    assert audit.is_safe
    assert audit.lines() == (
        "1 result, 1 question: nothing was found that tells how a few people answered.",
    )


@pytest.mark.parametrize(
    ("said", "favourable"), [((1, 0, 0), 1), ((0, 1, 0), 0)], ids=["favourable", "neutral"]
)
def test_one_new_person_is_told(said: tuple[int, int, int], favourable: int) -> None:
    late = row("school", "schools", "frontline", *said)

    audit = audit_releases([result(FIRST), result([*FIRST, late])])

    assert not audit.is_safe
    one = ((1, 1), (favourable, favourable))
    assert ("everybody", (1, 2), *one) in told(audit)
    assert ("Frontline practitioners", (1, 2), *one) in told(audit)
    assert ("Education and early years", (1, 2), *one) in told(audit)
    were = "1 was favourable" if favourable else "0 were favourable"
    assert f"q_one, everybody, between results 1 and 2: of 1 person who came, {were}." in (
        audit.lines()
    )
    assert audit.lines()[0] == (
        "2 results together, 1 question: how a few people answered can be worked out."
    )


@pytest.mark.parametrize(
    ("late", "revealed"),
    [
        ([row("care", "childrens_social_care", "frontline", 5, 1, 4)], False),
        ([row("care", "childrens_social_care", "frontline", 10, 0, 0)], True),
        ([row("care", "childrens_social_care", "frontline", 4, 1, 4)], True),
        ([row("school", "schools", "frontline", 6, 1, 5)], True),
        (
            [
                row("school", "schools", "frontline", 6, 2, 4),
                row("college", "colleges", "frontline", 5, 2, 4),
            ],
            False,
        ),
    ],
    ids=[
        "ten of a group shown",
        "ten who all say the same",
        "nine of a group shown",
        "a sector of one agency, told by the whole less the others",
        "a sector of two agencies",
    ],
)
def test_people_who_came_between_are_told_when_they_are_few_or_alike(
    late: list[Row], revealed: bool
) -> None:
    audit = audit_releases([result(FIRST), result([*FIRST, *late])])

    assert audit.is_safe is not revealed


def test_release_after_release_reveals_nothing() -> None:
    """What the program releases itself, where as much as may be is shown."""
    late = [
        row("school", "schools", "frontline", 4, 0, 3),
        row("college", "colleges", "strategic", 3, 0, 3),
    ]
    first = make_tally(BANK, FIRST)
    before = Release(first, summarise(first, BANK, settings=SETTINGS, source="x"))
    after = next_release(
        make_tally(BANK, [*FIRST, *late]), [before], bank=BANK, settings=SETTINGS, source="x"
    )
    assert after is not None

    audit = audit_releases([before.summary, after.summary])

    assert audit.is_safe
    assert audit.questions == 1
    assert not audit_releases([before.summary, result([*FIRST, *late])]).is_safe


def test_held_question_says_nothing_of_those_who_came() -> None:
    first = result(FIRST)
    question = first.signposts[0].topics[0].questions[0].model_copy(update={"held": True})
    later = result([*FIRST, row("school", "schools", "frontline", 1)])
    topic = later.signposts[0].topics[0].model_copy(update={"questions": (question,)})
    signpost = later.signposts[0].model_copy(update={"topics": (topic,)})
    held = later.model_copy(update={"signposts": (signpost,)})

    assert audit_releases([first, held]).is_safe
    assert audit_releases([held]).is_safe


def test_other_sector_groups_tell_a_sector_by_taking_away() -> None:
    """The same answers in two tables: health with and without its general practices."""
    rows = [
        *FIRST,
        row("practice", "primary_care", "frontline", 4, 0, 2),
        row("charity", "voluntary", "frontline", 4, 0, 3),
        row("homes", "housing", "strategic", 3, 0, 4),
    ]
    groups = dict(DEFAULT_GROUPS)
    groups["health"] = tuple(s for s in groups["health"] if s is not Sector.PRIMARY_CARE)
    groups["voluntary_and_other"] = (*groups["voluntary_and_other"], Sector.PRIMARY_CARE)
    other = AnalysisSettings(sector_groups=groups)

    audit = audit_releases([result(rows), result(rows, settings=other)])

    assert ("General practice and primary care", (1,), (6, 6), (4, 4)) in told(audit)


@pytest.mark.parametrize(
    ("frontline", "operational", "words"),
    [
        ((14, 0, 0), (12, 1, 4), {"Nearly all", "Fewer than half", "About half"}),
        ((0, 1, 13), (15, 1, 1), {"Nearly none", "Fewer than half", "Most"}),
    ],
    ids=["nearly all", "nearly none"],
)
def test_words_are_ranges(
    frontline: tuple[int, ...], operational: tuple[int, ...], words: set[str]
) -> None:
    """Words on levels leave open what each says."""
    rows = [
        row("care", "childrens_social_care", "frontline", *frontline),
        row("help", "early_help", "strategic", 3, 2, 9),
        row("ward", "nhs_acute", "frontline", *frontline),
        row("clinic", "nhs_community", "operational", *operational),
        row("police", "police", "strategic", 7, 0, 6),
        row("probation", "probation", "operational", 3, 1, 7),
    ]
    summary = result(rows)

    assert words <= {g.words for g in summary.questions()["q_one"].groups}
    assert audit_releases([summary]).is_safe


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ({"aa": 1}, "of the 3 people who came, 3 chose “A”"),
        ({"aa": 4}, "of the 12 people who came, 12 chose “A”"),
        ({"aa": 3, "bb": 1}, ""),
    ],
    ids=["three people", "twelve who choose alike", "twelve"],
)
def test_counts_of_choices_are_audited(late: dict[str, int], words: str) -> None:
    choice = {
        "type": "single_choice",
        "code": "q_choice",
        "text": "Which of these?",
        "choices": [{"code": "aa", "label": "A"}, {"code": "bb", "label": "B"}],
    }
    bank = make_bank({"t_one": [scale_question("q_one")], "t_two": [choice]})

    def counted(more: dict[str, int]) -> Summary:
        places = [("care", "childrens_social_care"), ("ward", "nhs_acute"), ("police", "police")]
        rows: list[Any] = [
            (agency, sector, "frontline", {"q_choice": said})
            for agency, sector in places
            for said in ({"aa": 5, "bb": 6}, more)
        ]
        return summarise(make_tally(bank, rows), bank, settings=SETTINGS, source="x")

    audit = audit_releases([counted({}), counted(late)])

    assert audit.is_safe is not bool(words)
    assert not words or any(words in line for line in audit.lines())


def test_people_for_and_against_a_signpost_are_audited() -> None:
    bank = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
    rows = [
        (agency, sector, level, {"q_one": answer, "q_two": answer}, n)
        for agency, sector, level, *_ in FIRST
        for answer, n in (("ag", 8), ("ne", 1), ("di", 6))
    ]
    one = ("school", "schools", "frontline", {"q_one": "ag", "q_two": "ag"}, 1)

    def summary(people: Sequence[Any]) -> Summary:
        return summarise(tally_of_people(bank, people), bank, settings=SETTINGS, source="x")

    audit = audit_releases([summary(rows), summary([*rows, one])])

    assert any("1 were mostly favourable" in line for line in audit.lines())
    assert Revealed(
        releases=(1, 2),
        question="s_one",
        group="all",
        people=(0, 1),
        favourable=(0, 0),
        words="s_one, between results 1 and 2: of the 1 person who came, 0 were mostly "
        "unfavourable.",
    ) in (audit.revealed)


def test_results_that_are_not_of_one_round_are_refused() -> None:
    other = make_bank({"t_one": [scale_question("q_other")]})
    rows = [(*each[:3], {"q_other": people(6, 1, 3)}) for each in FIRST]

    with pytest.raises(InvalidReleases, match="no result"):
        audit_releases([])
    with pytest.raises(InvalidReleases, match="only releases of one round"):
        audit_releases([result(FIRST), of_bank(other, rows)])
    fewer = [row("care", "childrens_social_care", "frontline", 11, 2, 8), *FIRST[1:]]
    with pytest.raises(InvalidReleases, match=r"care has 22 answers in result 1 and 21 in result"):
        audit_releases([result(FIRST), result(fewer)])


def of_bank(bank: Bank, rows: Sequence[Any]) -> Summary:
    return summarise(make_tally(bank, rows), bank, settings=SETTINGS, source="x")


def test_results_that_contradict_each_other_are_refused() -> None:
    """The same people, fewer of them favourable: no later release of the round."""
    other = [row("care", "childrens_social_care", "frontline", 11, 3, 8), *FIRST[1:]]

    with pytest.raises(InvalidReleases, match="does not fit together"):
        audit_releases([result(FIRST), result(other)])


def test_audit_can_be_written_and_read() -> None:
    late = row("school", "schools", "frontline", 1)
    audit = audit_releases([result(FIRST), result([*FIRST, late])])

    assert Audit.model_validate_json(audit.model_dump_json()) == audit


def test_level_that_is_not_asked_has_no_answers() -> None:
    """Then what the levels that are shown do not add up to is another level's."""
    narrow = scale_question("q_one", audience=["frontline", "operational"])
    bank = make_bank({"t_one": [narrow, scale_question("q_two")]})
    rows = [
        *(row(*each[:2], "frontline", 6, 1, 5) for each in FIRST),
        *(row(*each[:2], "operational", 2, 1, 1) for each in FIRST),
        *((*each[:2], "strategic", {"q_two": people(2, 0, 1)}) for each in FIRST),
    ]
    late = row("care", "childrens_social_care", "operational", 1)

    audit = audit_releases([of_bank(bank, rows), of_bank(bank, [*rows, late])])

    assert ("Operational managers", (1, 2), (1, 1), (1, 1)) in told(audit)


def test_ranking_and_equal_counts_tell_nothing_of_a_difference() -> None:
    ranking = {
        "type": "ranking",
        "code": "q_ranking",
        "text": "Put these in order.",
        "choices": [{"code": "aa", "label": "A"}, {"code": "bb", "label": "B"}],
    }
    bank = make_bank({"t_one": [scale_question("q_one")], "t_two": [ranking]})
    places = [("care", "childrens_social_care"), ("ward", "nhs_acute"), ("police", "police")]

    def ranked(number: int) -> Summary:
        rows = [
            (agency, sector, "frontline", {"q_ranking": {'["aa","bb"]': 5, '["bb","aa"]': number}})
            for agency, sector in places
        ]
        return of_bank(bank, rows)

    assert audit_releases([ranked(5), ranked(5), ranked(10)]).is_safe
