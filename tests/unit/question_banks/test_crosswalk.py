"""The links between banks, shipped and faulty."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_banks import crosswalk
from question_banks.crosswalk import CROSSWALK, Crosswalk, load_crosswalk, read_crosswalk
from question_banks.errors import InvalidBank
from question_banks.loader import list_banks, load_bank

VALID = Path(__file__).parents[2] / "banks" / "valid"
BANKS = [load_bank(VALID / f"{name}.yaml") for name in ("follow_on", "by_level", "across_topics")]

GOOD = """\
signposts:
  - from: {bank: follow_on, signpost: steps}
    to:
      - {bank: by_level, signpost: leading}
      - {bank: by_level, signpost: working}
  - from: {bank: across_topics, signpost: one}
    to:
      - {bank: follow_on, signpost: steps}
questions:
  - left: {bank: follow_on, question: happy}
    right: {bank: by_level, question: work_well}
    why: Both ask how things go at work.
  - left: {bank: across_topics, question: works}
    right: {bank: follow_on, question: happy}
    why: Both ask how things go at work.
"""

WHY = "Both ask how things go at work."
TO_TWO = """\
    to:
      - {bank: by_level, signpost: leading}
      - {bank: by_level, signpost: working}
"""


def read(tmp_path: Path, text: str) -> tuple[Crosswalk | None, list[str]]:
    path = tmp_path / "links.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = read_crosswalk(path, BANKS)
    return loaded.crosswalk, [str(p).removeprefix(f"{path}:") for p in loaded.problems]


def test_links_are_followed_both_ways(tmp_path: Path) -> None:
    links, problems = read(tmp_path, GOOD)

    assert problems == []
    assert links is not None
    assert links.signposts_like("follow_on", "steps", "by_level") == ("leading", "working")
    assert links.signposts_like("by_level", "working", "follow_on") == ("steps",)
    assert links.signposts_like("follow_on", "steps", "across_topics") == ("one",)
    assert links.signposts_like("follow_on", "steps", "follow_on") == ()
    assert links.signposts_like("by_level", "steps", "follow_on") == ()
    assert links.links_between("follow_on", "by_level") == {"happy": "work_well"}
    assert links.links_between("by_level", "follow_on") == {"work_well": "happy"}
    assert links.links_between("follow_on", "across_topics") == {"happy": "works"}
    assert links.links_between("by_level", "across_topics") == {}


@pytest.mark.parametrize(
    ("before", "after", "problems"),
    [
        pytest.param(
            "bank: by_level, signpost: leading",
            "bank: by_levels, signpost: leading",
            ["4: there is no question bank ‘by_levels’"],
            id="unknown bank",
        ),
        pytest.param(
            "bank: by_level, signpost: leading",
            "bank: by_level, signpost: leaders",
            ["4: the bank by_level has no signpost ‘leaders’"],
            id="unknown signpost",
        ),
        pytest.param(
            "from: {bank: follow_on, signpost: steps}",
            "from: {bank: follow_on, signpost: stairs}",
            ["2: the bank follow_on has no signpost ‘stairs’"],
            id="unknown signpost linked from",
        ),
        pytest.param(
            "question: work_well}",
            "question: work_ill}",
            ["11: the bank by_level has no question ‘work_ill’"],
            id="unknown question",
        ),
        pytest.param(
            "left: {bank: follow_on",
            "left: {bank: follows",
            ["10: there is no question bank ‘follows’"],
            id="question of an unknown bank",
        ),
        pytest.param(
            "      - {bank: by_level, signpost: leading}\n",
            "      - {bank: follow_on, signpost: steps}\n",
            ["4: a link must lead to another bank, not to follow_on itself"],
            id="signpost to itself",
        ),
        pytest.param(
            "right: {bank: by_level, question: work_well}",
            "right: {bank: follow_on, question: more}",
            ["11: a link must lead to another bank, not to follow_on itself"],
            id="question to its own bank",
        ),
        pytest.param(
            "bank: by_level, signpost: working",
            "bank: by_level, signpost: leading",
            ["5: steps and leading are linked twice"],
            id="signposts twice",
        ),
        pytest.param(
            "left: {bank: across_topics, question: works}",
            "left: {bank: by_level, question: work_load}",
            ["14: happy is already linked to a question of by_level"],
            id="question twice",
        ),
        pytest.param(f"    why: {WHY}\n", "", ["10: ‘why’ is missing"], id="no reason"),
        pytest.param(
            f"why: {WHY}",
            "why: Same.",
            ["12: ‘why’ must have at least 10 characters"],
            id="short reason",
        ),
        pytest.param(TO_TWO, "    to: []\n", ["3: ‘to’ is empty"], id="to nothing"),
        pytest.param(
            "questions:",
            "links:",
            ["9: there is no key called ‘links’ here; see question_banks/README.md"],
            id="unknown key",
        ),
        pytest.param(
            "questions:\n",
            "questions:\nquestions:\n",
            ["10: the key ‘questions’ stands twice here; the first is on line 9"],
            id="key twice",
        ),
    ],
)
def test_a_faulty_crosswalk_gives_its_problems(
    tmp_path: Path, before: str, after: str, problems: list[str]
) -> None:
    assert before in GOOD

    assert read(tmp_path, GOOD.replace(before, after, 1))[1] == problems


def test_a_missing_crosswalk_is_a_problem(tmp_path: Path) -> None:
    loaded = read_crosswalk(tmp_path / "none.yaml", BANKS)

    assert loaded.crosswalk is None
    assert [problem.message for problem in loaded.problems] == ["there is no such file"]


def test_an_empty_crosswalk_links_nothing(tmp_path: Path) -> None:
    links, problems = read(tmp_path, "signposts: []\n")

    assert problems == []
    assert links == Crosswalk()


def test_the_shipped_crosswalk_has_no_problems() -> None:
    loaded = read_crosswalk(CROSSWALK, list_banks())

    assert loaded.problems == ()
    assert load_crosswalk() == loaded.crosswalk


def test_the_shipped_crosswalk_covers_every_signpost_of_2010_and_2012() -> None:
    links = load_crosswalk()
    old, new = load_bank("safeguarding_children_2010"), load_bank("safeguarding_children_2012")

    for one, other in ((old, new), (new, old)):
        for signpost in one.signposts:
            assert links.signposts_like(one.bank, signpost.code, other.bank), signpost.code


def test_load_crosswalk_refuses_a_faulty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crosswalk, "CROSSWALK", tmp_path / "none.yaml")
    load_crosswalk.cache_clear()

    with pytest.raises(InvalidBank, match="there is no such file"):
        load_crosswalk()

    load_crosswalk.cache_clear()
