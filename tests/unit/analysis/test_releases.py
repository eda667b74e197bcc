"""A release after another: which questions are updated, which are held, and what each shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pytest

from analysis.errors import InvalidTally
from analysis.released_results import with_earlier_results
from analysis.released_words import held_caveat, lessened_caveat
from analysis.releases import NextRelease, Release, next_release
from analysis.result import (
    GroupKind,
    GroupResult,
    Mark,
    QuestionResult,
    ReturnBeside,
    Summary,
)
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from analysis.tally import Tally, canonical_json, from_json
from question_banks.bank import Bank, OptionKind
from tests.factories_tally import (
    make_bank,
    make_tally,
    people,
    scale_question,
    tally_of_people,
)

SETTINGS: Final = AnalysisSettings()
CHOICE: Final[dict[str, Any]] = {
    "type": "single_choice",
    "code": "q_choice",
    "text": "Which of these?",
    "choices": [{"code": "aa", "label": "A"}, {"code": "bb", "label": "B"}],
}
BANK: Final = make_bank(
    {
        "t_one": [scale_question("q_one"), scale_question("q_two")],
        "t_two": [scale_question("q_three"), CHOICE],
    }
)
SCALES: Final = ("q_one", "q_two", "q_three")
Row = tuple[str, str, str, dict[str, Any]]


def row(agency: str, sector: str, level: str, *said: int, only: Sequence[str] = SCALES) -> Row:
    """People of one agency and level who answer the questions on a scale alike."""
    return agency, sector, level, {code: people(*said) for code in only}


FIRST: Final = [
    row("care", "childrens_social_care", "frontline", 12, 2, 8),
    row("help", "early_help", "strategic", 6, 2, 4),
    row("ward", "nhs_acute", "frontline", 5, 2, 6),
    row("clinic", "nhs_community", "strategic", 4, 1, 3),
    row("police", "police", "strategic", 7, 0, 5),
    row("probation", "probation", "frontline", 3, 1, 3),
]
SCHOOLS: Final = [
    row("school", "schools", "frontline", 6, 2, 4),
    row("college", "colleges", "frontline", 5, 2, 4),
]


def released(
    rows: Iterable[Row], earlier: Sequence[Release] = (), *, bank: Bank = BANK
) -> NextRelease | None:
    """The next release of a round with these answers."""
    tally = make_tally(bank, rows)
    return next_release(tally, earlier, bank=bank, settings=SETTINGS, source="x")


def first(rows: Iterable[Row] = FIRST, *, bank: Bank = BANK) -> NextRelease:
    """The first release of a round."""
    made = released(rows, bank=bank)
    assert made is not None
    return made


def shown(question: QuestionResult, kind: GroupKind) -> list[GroupResult]:
    """The groups of a kind that are shown in figures or in words."""
    return [g for g in question.groups if g.kind is kind and (g.figures or g.words)]


def test_first_release_is_the_summary() -> None:
    tally = make_tally(BANK, FIRST)

    made = first()

    assert made.summary == summarise(tally, BANK, settings=SETTINGS, source="x")
    assert made.tally == tally
    assert (made.updated, made.held, made.lessened) == ((), (), ())


@pytest.mark.parametrize(
    ("late", "updated"),
    [
        (SCHOOLS, True),
        ([row("school", "schools", "frontline", 1)], False),
        ([row("school", "schools", "frontline", 5, 0, 4)], False),
        ([row("care", "childrens_social_care", "frontline", 5, 0, 4)], False),
        ([row("care", "childrens_social_care", "frontline", 6, 0, 4)], True),
        ([row("care", "childrens_social_care", "frontline", 10, 0, 0)], False),
        ([row("care", "childrens_social_care", "frontline", 9, 0, 1)], False),
        ([row("care", "childrens_social_care", "frontline", 1, 0, 9)], False),
        ([row("school", "schools", "frontline", 7, 2, 4)], False),
        (
            [
                row("care", "childrens_social_care", "frontline", 6, 0, 4),
                row("help", "early_help", "board", 1),
            ],
            True,
        ),
        (
            [
                row("school", "schools", "frontline", 3, 1, 2),
                row("care", "childrens_social_care", "frontline", 2, 1, 2),
            ],
            False,
        ),
        ([row("care", "childrens_social_care", "frontline", 0)], True),
    ],
    ids=[
        "a late sector of two agencies",
        "one person",
        "nine of a sector",
        "nine of a group that is shown",
        "ten of a group that is shown",
        "ten who all say the same",
        "ten of whom all but one say the same",
        "ten of whom one is favourable",
        "a late sector of one agency, whose answers would be the difference",
        "ten of one level and one of another, without levels",
        "eleven, fewer of either side",
        "nobody",
    ],
)
def test_questions_are_updated_where_it_tells_of_nobody(late: list[Row], updated: bool) -> None:
    before = first()

    made = released([*FIRST, *late], [before])

    assert (made is not None) is updated


def test_nothing_new_gives_the_same_figures_and_holds_nothing() -> None:
    before = first()

    made = released(FIRST, [before])

    assert made is not None
    assert made.summary == before.summary
    assert (made.updated, made.held) == ((), ())


def test_update_shows_everybody_who_answered() -> None:
    made = released([*FIRST, *SCHOOLS], [first()])

    assert made is not None
    assert made.updated == SCALES
    assert made.held == ()
    for code in SCALES:
        everybody = made.summary.questions()[code].all
        assert everybody is not None
        assert everybody.figures is not None
        assert everybody.figures.base == 97
    assert made.tally == make_tally(BANK, [*FIRST, *SCHOOLS])


def test_question_is_held_word_for_word_where_others_are_updated() -> None:
    before = first()
    late = [row("school", "schools", "frontline", 1, only=["q_two"])]
    late += [row(*each[:3], *(5, 2, 4), only=["q_one", "q_three"]) for each in SCHOOLS]

    made = released([*FIRST, *late], [before])

    assert made is not None
    assert made.updated == ("q_one", "q_three")
    assert made.held == ("q_two",)
    old, new = before.summary.questions()["q_two"], made.summary.questions()["q_two"]
    assert new == old.model_copy(update={"held": True})
    assert "1 question is shown as in the snapshot before" in " ".join(made.summary.caveats)


def test_tally_of_a_release_holds_what_it_shows() -> None:
    before = first()
    late = [row("school", "schools", "frontline", 1, only=["q_two"])]
    late += [row(*each[:3], *(5, 2, 4), only=["q_one", "q_three"]) for each in SCHOOLS]

    made = released([*FIRST, *late], [before])

    assert made is not None
    cells = made.tally.cells
    held = cells[(cells["question"] == "q_two") & (cells["agency"].isin(["school", "college"]))]
    assert held.empty
    assert from_json(canonical_json(made.tally)) == made.tally
    assert made.summary.coverage.answered == sum(made.tally.respondents["n"])


def test_topic_of_which_all_questions_are_held_is_the_earlier_one() -> None:
    before = first()
    late = [row("school", "schools", "frontline", 1, only=["q_one", "q_two"])]
    late += [row(*each[:3], *(5, 2, 4), only=["q_three"]) for each in SCHOOLS]

    made = released([*FIRST, *late], [before])

    assert made is not None
    assert made.held == ("q_one", "q_two")
    (old, _), (new, _) = before.summary.signposts[0].topics, made.summary.signposts[0].topics
    assert new.reading == old.reading
    assert new.supporting == old.supporting


def test_few_who_answered_at_three_times_are_shown_once_they_are_enough() -> None:
    before = first()
    six = row("care", "childrens_social_care", "frontline", 4, 0, 2)

    assert released([*FIRST, six], [before]) is None
    made = released([*FIRST, six, six], [before])

    assert made is not None
    assert made.updated == SCALES


def test_every_earlier_release_counts() -> None:
    """Twelve come; then nobody is new beside the second release, but one is beside the first."""
    before = first()
    ten = row("care", "childrens_social_care", "frontline", 6, 0, 4)
    second = released([*FIRST, ten], [before])
    assert second is not None

    third = released([*FIRST, ten, row("care", "childrens_social_care", "frontline", 1)], [second])
    with_all = released([*FIRST, ten, ten], [before, second])

    assert third is None
    assert with_all is not None
    assert with_all.updated == SCALES


def test_held_question_is_measured_from_the_release_that_it_is_held_from() -> None:
    before = first()
    five = row("school", "schools", "frontline", 3, 1, 1, only=["q_two"])
    others = [row(*each[:3], *(5, 2, 4), only=["q_one", "q_three"]) for each in SCHOOLS]
    second = released([*FIRST, *others, five], [before])
    assert second is not None
    assert second.held == ("q_two",)

    more = row("college", "colleges", "frontline", 4, 1, 2, only=["q_two"])
    third = released([*FIRST, *others, five, more], [before, second])

    assert third is not None
    assert third.updated == ("q_two",)
    assert third.held == ()


def test_update_may_do_without_levels() -> None:
    """A late sector of two levels: fewer than ten of each level, so levels are not shown again."""
    before = first()
    late = [
        row("school", "schools", "frontline", 4, 0, 3),
        row("college", "colleges", "strategic", 3, 0, 3),
    ]

    made = released([*FIRST, *late], [before])

    assert made is not None
    assert made.lessened == SCALES
    old, new = before.summary.questions()["q_one"], made.summary.questions()["q_one"]
    assert shown(old, GroupKind.LEVEL)
    assert not shown(new, GroupKind.LEVEL)
    assert {g.mark for g in new.groups if g.kind is GroupKind.LEVEL} == {Mark.CONFIDENTIAL}
    assert len(shown(new, GroupKind.SIDE)) == 2
    assert new.voices is None
    assert not [gap for gap in new.gaps if gap.kind == "levels"]
    assert "3 questions are shown with fewer groups" in " ".join(made.summary.caveats)


def test_answers_that_are_gone_hold_their_question() -> None:
    before = first()
    fewer = [row("care", "childrens_social_care", "frontline", 11, 2, 8), *FIRST[1:]]

    assert released(fewer, [before]) is None
    made = released([*fewer, *SCHOOLS, *SCHOOLS], [before])
    assert made is None


def test_release_of_another_bank_is_refused() -> None:
    other = make_bank()
    before = first([row(*each[:3], *(6, 1, 3), only=["q_one"]) for each in FIRST], bank=other)

    with pytest.raises(InvalidTally, match="another bank"):
        released(FIRST, [before])


def choices(counts: Mapping[str, int]) -> list[Row]:
    """Answers to the counted question, of three agencies that are shown on no scale."""
    places = [("care", "childrens_social_care"), ("ward", "nhs_acute"), ("police", "police")]
    return [(agency, sector, "frontline", {"q_choice": dict(counts)}) for agency, sector in places]


@pytest.mark.parametrize(
    ("late", "updated"),
    [
        ({"aa": 1}, False),
        ({"aa": 2, "bb": 1}, False),
        ({"aa": 3, "bb": 1}, True),
        ({"aa": 4}, False),
        ({None: 3, "aa": 1}, False),
    ],
    ids=["three people", "nine", "twelve", "twelve who choose alike", "twelve, nine of them skip"],
)
def test_counted_question_follows_the_same_rule(late: dict[str | None, int], updated: bool) -> None:
    before = first(choices({"aa": 5, "bb": 6}))
    more = [(a, s, level, {"q_choice": late}) for a, s, level, _ in choices({})]

    made = released([*choices({"aa": 5, "bb": 6}), *more], [before])

    assert (made is not None) is updated
    if made is not None:
        assert made.updated == ("q_choice",)


def test_sums_over_a_signpost_are_left_out_where_some_of_it_is_held() -> None:
    bank = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
    before = Release(*of_people(bank, [*FIRST_PEOPLE]))
    late = [("college", "colleges", "frontline", {"q_one": a, "q_two": None}, n) for a, n in LATE]
    late += [("school", "schools", "frontline", {"q_one": a}, n) for a, n in LATE]
    after = tally_of_people(bank, [*FIRST_PEOPLE, *late, ONE_PERSON])

    made = next_release(after, [before], bank=bank, settings=SETTINGS, source="x")

    assert made is not None
    assert (made.updated, made.held) == (("q_one",), ("q_two",))
    (signpost,), (old,) = made.summary.signposts, before.summary.signposts
    assert old.mostly_favourable is not None
    assert old.score is not None
    assert signpost.mostly_favourable is None
    assert signpost.score is None
    assert made.tally.leans.equals(before.tally.leans)


def test_sums_over_a_signpost_are_new_where_all_of_it_is() -> None:
    bank = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
    before = Release(*of_people(bank, [*FIRST_PEOPLE]))
    late = [
        (agency, sector, "frontline", {"q_one": a, "q_two": a}, n)
        for agency, sector in (("college", "colleges"), ("school", "schools"))
        for a, n in LATE
    ]
    after = tally_of_people(bank, [*FIRST_PEOPLE, *late])

    made = next_release(after, [before], bank=bank, settings=SETTINGS, source="x")

    assert made is not None
    (signpost,), (old,) = made.summary.signposts, before.summary.signposts
    assert old.mostly_favourable is not None
    assert signpost.mostly_favourable == old.mostly_favourable + 12


FIRST_PEOPLE: Final = [
    (agency, sector, level, {"q_one": answer, "q_two": answer}, n)
    for agency, sector, level, *_ in FIRST
    for answer, n in (("ag", 8), ("ne", 1), ("di", 6))
]
LATE: Final = [("ag", 6), ("ne", 1), ("di", 4)]
ONE_PERSON: Final = ("school", "schools", "frontline", {"q_one": "ag", "q_two": "di"}, 1)


def of_people(bank: Bank, rows: Sequence[Any]) -> tuple[Tally, Summary]:
    """A tally of people with the answers of each, and its summary."""
    tally = tally_of_people(bank, rows)
    return tally, summarise(tally, bank, settings=SETTINGS, source="x")


def test_difference_between_levels_is_among_what_is_tried() -> None:
    places = ("care", "help", "ward", "clinic", "police", "probation")
    sectors = dict(each[:2] for each in FIRST)
    rows = [
        row(agency, sectors[agency], level, *said)
        for agency in places
        for level, said in (("strategic", (9, 1, 3)), ("frontline", (4, 2, 8)))
    ]
    late = [
        row("care", sectors["care"], "strategic", 8, 1, 3),
        row("care", sectors["care"], "frontline", 4, 2, 7),
        row("help", sectors["help"], "frontline", 4, 2, 7),
    ]
    before = first(rows)

    made = released([*rows, *late], [before])

    assert [gap.kind for gap in before.summary.questions()["q_one"].gaps] == ["levels"]
    assert before.summary.questions()["q_one"].voices is not None
    assert made is not None
    assert made.updated == SCALES


@pytest.mark.parametrize(("late", "updated"), [(1, False), (4, True)], ids=["three", "twelve"])
def test_number_follows_the_rule_of_counted_questions(late: int, updated: bool) -> None:
    number = {"type": "number", "code": "q_number", "text": "How many?", "whole": True}
    bank = make_bank({"t_one": [scale_question("q_one")], "t_two": [number]})

    def rows(people: Mapping[str, int]) -> list[Row]:
        places = [("care", "childrens_social_care"), ("ward", "nhs_acute"), ("police", "police")]
        return [(agency, sector, "frontline", {"q_number": people}) for agency, sector in places]

    before = first(rows({"3": 4, "5": 4}), bank=bank)

    made = released([*rows({"3": 4, "5": 4}), *rows({"7": late})], [before], bank=bank)

    assert (made is not None) is updated
    if made is not None:
        counts = made.summary.questions()["q_number"].counts
        assert counts is not None
        assert (counts.answered, counts.median) == (36, 5)


def test_counted_question_that_was_not_shown_is_new() -> None:
    few, enough = choices({"aa": 1, "bb": 1}), choices({"aa": 4, "bb": 4})

    made = released([*few, *enough], [first(few)])

    assert made is not None
    assert made.updated == ("q_choice",)


def test_signpost_nobody_new_leans_on_keeps_its_counts() -> None:
    """Newcomers who were asked only one of its questions lean neither way."""
    bank = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
    before = Release(*of_people(bank, FIRST_PEOPLE))
    late = [
        (agency, sector, "frontline", {"q_one": a}, n)
        for agency, sector in (("college", "colleges"), ("school", "schools"))
        for a, n in LATE
    ]

    made = next_release(
        tally_of_people(bank, [*FIRST_PEOPLE, *late]),
        [before],
        bank=bank,
        settings=SETTINGS,
        source="x",
    )

    assert made is not None
    assert made.updated == ("q_one",)
    (signpost,), (old,) = made.summary.signposts, before.summary.signposts
    assert signpost.mostly_favourable == old.mostly_favourable is not None


def test_words_of_a_small_group_are_not_shown_anew() -> None:
    """Words for seven people, of whom some or all came since the release before."""
    small = GroupResult(
        group="health", title="Health", kind=GroupKind.SECTOR_GROUP, words="Mostly positive"
    )
    same = small.model_copy(update={"group": "justice"})
    tally = make_tally(BANK, FIRST)
    summary = summarise(tally, BANK, settings=SETTINGS, source="x")
    (signpost,) = summary.signposts
    words = {"groups": (small, same), "agencies_lean": "Most agencies lean this way"}
    new = summary.model_copy(update={"signposts": (signpost.model_copy(update=words),)})
    old = summary.model_copy(
        update={"signposts": (signpost.model_copy(update={"groups": (same,)}),)}
    )

    mixed = with_earlier_results(new, old, tried=new, held=(), signposts=(), updated=0, lessened=0)

    (shown_now,) = mixed.signposts
    assert [group.words for group in shown_now.groups] == [None, "Mostly positive"]
    assert shown_now.groups[0].mark is Mark.CONFIDENTIAL
    assert shown_now.agencies_lean is None


def test_returns_follow_their_question() -> None:
    """An agency's return beside a held question stays beside the practitioners of that release."""
    everybody = GroupResult(group="all", title="Everybody", kind=GroupKind.ALL, words="Most")

    def beside(question: str, sentence: str) -> ReturnBeside:
        return ReturnBeside(
            agency="ward",
            question=question,
            rating="Agree",
            kind=OptionKind.FAVOURABLE,
            of_group=True,
            practitioners=everybody,
            sentence=sentence,
        )

    summary = summarise(make_tally(BANK, FIRST), BANK, settings=SETTINGS, source="x")
    old = summary.model_copy(update={"returns": (beside("q_one", "old"), beside("q_two", "old"))})
    new = summary.model_copy(update={"returns": (beside("q_one", "new"), beside("q_two", "new"))})

    mixed = with_earlier_results(
        new, old, tried=new, held={"q_two"}, signposts=("s_one",), updated=1, lessened=0
    )

    assert [(each.question, each.sentence) for each in mixed.returns] == [
        ("q_one", "new"),
        ("q_two", "old"),
    ]


@pytest.mark.parametrize(
    ("held", "updated", "words"),
    [
        (1, 1, "1 question has new figures. 1 question is shown as in the snapshot before"),
        (3, 2, "2 questions have new figures. 3 questions are shown as in the snapshot before"),
    ],
    ids=["one", "several"],
)
def test_held_questions_are_counted_in_words(held: int, updated: int, words: str) -> None:
    assert held_caveat(updated=updated, held=held).startswith(words)


def test_lessened_questions_are_counted_in_words() -> None:
    assert lessened_caveat(1).startswith("1 question is shown with fewer groups")


@pytest.mark.parametrize("late", [SCHOOLS, []], ids=["a late sector", "nobody"])
def test_groups_in_words_are_among_what_is_tried(late: list[Row]) -> None:
    rows = [
        row("care", "childrens_social_care", "frontline", 14, 0, 0),
        row("help", "early_help", "strategic", 3, 2, 9),
        row("ward", "nhs_acute", "frontline", 9, 0, 0),
        row("clinic", "nhs_community", "operational", 12, 1, 4),
        row("police", "police", "strategic", 7, 0, 6),
        row("probation", "probation", "operational", 2, 1, 8),
    ]
    before = first(rows)
    assert {g.words for g in before.summary.questions()["q_one"].groups} > {"Nearly all"}

    made = released([*rows, *late], [before])

    assert made is not None
    assert made.updated == (SCALES if late else ())


def test_signpost_that_is_held_as_a_whole_is_the_earlier_one() -> None:
    tally = make_tally(BANK, FIRST)
    summary = summarise(tally, BANK, settings=SETTINGS, source="x")
    (signpost,) = summary.signposts
    old = summary.model_copy(
        update={"signposts": (signpost.model_copy(update={"mostly_favourable": 30}),)}
    )

    mixed = with_earlier_results(
        summary,
        old,
        tried=summary,
        held=set(summary.questions()),
        signposts=("s_one",),
        updated=0,
        lessened=0,
    )

    (shown_now,) = mixed.signposts
    assert shown_now.mostly_favourable == 30
    assert all(question.held for question in mixed.questions().values())
