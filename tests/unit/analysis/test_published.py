"""Published totals: what they say, and every fault of a file of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import FaultyFile
from analysis.published import PublishedTotal, PublishedTotals, read_published
from tests.factories_tally import make_bank, scale_question

BANK = make_bank(
    {
        "t_one": [
            scale_question("q_one"),
            scale_question("q_two"),
            {"type": "short_text", "code": "q_text", "text": "Say more.", "longest": 200},
        ]
    }
)


def read(tmp_path: Path, text: str) -> tuple[PublishedTotal, ...]:
    path = tmp_path / "totals.csv"
    path.write_text(text, encoding="utf-8")
    return read_published(path, BANK)


def faults_of(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(FaultyFile) as caught:
        read(tmp_path, text)
    return [(fault.row, fault.column) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("question,base,favourable\nq_one,50,30\n", PublishedTotal("q_one", 50, 30)),
        ('question,base,favourable\nq_one,"1,250",30\n', PublishedTotal("q_one", 1250, 30)),
        ("question,percent,base\nq_one,46.5,200\n", PublishedTotal("q_one", 200, None, "46.5")),
        ("question,percent\nq_one,47%\n", PublishedTotal("q_one", None, None, "47")),
        ("question,percent,base\nq_one,47,\n", PublishedTotal("q_one", None, None, "47")),
        (
            "Question,Percent,Base,Favourable\nq_one,60,50,30\n",
            PublishedTotal("q_one", 50, 30, "60"),
        ),
        ("\ufeffquestion,percent\n\nq_one,0\n", PublishedTotal("q_one", None, None, "0")),
    ],
    ids=["counts", "thousands", "percentage", "no base", "empty base", "all", "byte order mark"],
)
def test_row_is_read(tmp_path: Path, text: str, expected: PublishedTotal) -> None:
    assert read(tmp_path, text) == (expected,)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("question,percent\nq_three,40\n", [(2, "question")]),
        ("question,percent\n,40\n", [(2, "question")]),
        ("question,percent\nq_text,40\n", [(2, "question")]),
        ("question,percent\nq_one,40\nq_one,41\n", [(3, "question")]),
        ("question,percent\nq_one,\n", [(2, "")]),
        ("question,percent\nq_one,forty\n", [(2, "percent")]),
        ("question,percent\nq_one,140\n", [(2, "percent")]),
        ("question,percent\nq_one,-4\n", [(2, "percent")]),
        ("question,percent,base\nq_one,50,0\n", [(2, "base")]),
        ("question,percent,base\nq_one,50,12.5\n", [(2, "base")]),
        ("question,percent,base\nq_one,50,9999999\n", [(2, "base")]),
        ("question,percent,base\nq_one,50,3\n", [(2, "percent")]),
        ("question,favourable\nq_one,12\n", [(2, "base")]),
        ("question,base,favourable\nq_one,12,13\n", [(2, "favourable")]),
        ("question,base,favourable,percent\nq_one,50,30,61\n", [(2, "percent")]),
        ("question,percent\nq_one,0.47\nq_two,0.5\n", [(2, "percent"), (3, "percent")]),
        ("question,percent,n\nq_one,47,20\n", [(1, "n")]),
        ("percent\n47\n", [(1, "question")]),
        ("", [(0, "")]),
        ("question;percent\nq_one;47\n", [(1, "")]),
        (
            "question,percent,base\nq_three,400,x\nq_one,,\n",
            [(2, "question"), (2, "base"), (2, "percent"), (3, "")],
        ),
    ],
    ids=[
        "unknown question",
        "no question",
        "text question",
        "twice",
        "nothing said",
        "words",
        "over a hundred",
        "negative",
        "base of nobody",
        "part of a person",
        "too many people",
        "impossible percentage",
        "count without base",
        "more than the base",
        "count and percentage apart",
        "shares of one",
        "unknown column",
        "no question column",
        "empty",
        "semicolons",
        "every fault",
    ],
)
def test_fault_has_its_place(tmp_path: Path, text: str, places: list[tuple[int, str]]) -> None:
    assert faults_of(tmp_path, text) == places


def test_unknown_question_names_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match="Did you mean “q_one”"):
        read(tmp_path, "question,percent\nq_onee,40\n")


@pytest.mark.parametrize(
    ("total", "counts"),
    [
        (PublishedTotal("q", 30, percent="47"), (14, 14)),
        (PublishedTotal("q", 400, percent="47"), (186, 190)),
        (PublishedTotal("q", 400, percent="47.0"), (188, 188)),
        (PublishedTotal("q", 400, percent="0"), (0, 2)),
        (PublishedTotal("q", 400, percent="100"), (398, 400)),
        (PublishedTotal("q", 50, 30), (30, 30)),
        (PublishedTotal("q", percent="47"), None),
    ],
    ids=["one", "several", "decimals", "nought", "hundred", "counts", "no base"],
)
def test_counts_are_all_that_round_to_the_percentage(
    total: PublishedTotal, counts: tuple[int, int] | None
) -> None:
    assert total.counts() == counts
    if counts is not None and total.percent is not None and total.base is not None:
        shown = {
            n
            for n in range(total.base + 1)
            if abs(100 * n / total.base - float(total.percent))
            <= 0.5 / 10 ** len(total.percent.partition(".")[2]) + 1e-9
        }
        assert shown == set(range(counts[0], counts[1] + 1))


def test_totals_need_a_source() -> None:
    with pytest.raises(ValueError, match="source"):
        PublishedTotals(title="Survey", source=" ", bank=BANK, totals=())


def test_totals_say_whether_every_base_was_published() -> None:
    full = PublishedTotals(
        title="Survey", source="Report", bank=BANK, totals=(PublishedTotal("q_one", 50, 30),)
    )
    partly = PublishedTotals(
        title="Survey",
        source="Report",
        bank=BANK,
        totals=(PublishedTotal("q_one", 50, 30), PublishedTotal("q_two", percent="40")),
    )

    assert full.bases_published
    assert not partly.bases_published
    assert partly.find("q_two") == PublishedTotal("q_two", percent="40")
    assert partly.find("q_three") is None
