"""`signpost import-published-round`: all of a file or nothing, every fault with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from survey.data.models import PublishedRound, PublishedTotal
from tests.integration.commands.conftest import Signpost, looking

GOOD = "question,base,favourable,percent\nlp_threshold_same,120,96,\npem_enough_data,,,52\n"
SOURCE = "Annual report, table 7"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of published totals without a fault."""
    path = tmp_path / "totals.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def options(**changed: str) -> list[str]:
    """The command's options, some of them changed."""
    given = {
        "--council": "aldermere",
        "--review": "Peer review",
        "--bank": "safeguarding_children_2010",
        "--title": "Partnership survey",
        "--held": "2018-05",
        "--source": SOURCE,
    } | {f"--{name}": value for name, value in changed.items()}
    return [part for pair in given.items() for part in pair]


def kept(url: str) -> list[tuple[str, str | None]]:
    """What the database holds of published totals."""
    with looking(url) as session:
        return [
            (total.question, total.percent)
            for total in session.scalars(select(PublishedTotal).order_by(PublishedTotal.question))
        ]


def test_totals_are_brought_in_with_their_source(
    with_round: Signpost, database_url: str, file: Path
) -> None:
    ran = with_round("import-published-round", file, *options())

    assert ran.code == 0, ran.err
    assert "Totals of 2 questions were brought in as “Partnership survey”." in ran.out
    assert "because no base was published: 1." in ran.out
    assert kept(database_url) == [("lp_threshold_same", None), ("pem_enough_data", "52")]
    with looking(database_url) as session:
        round_ = session.scalars(select(PublishedRound)).one()
    assert (round_.source, f"{round_.held_on:%Y-%m-%d}") == (SOURCE, "2018-05-01")


def test_dry_run_stores_nothing(with_round: Signpost, database_url: str, file: Path) -> None:
    ran = with_round("import-published-round", file, *options(), "--dry-run")

    assert ran.code == 0
    assert "Nothing was changed." in ran.out
    assert kept(database_url) == []


def test_every_fault_is_listed_and_nothing_is_stored(
    with_round: Signpost, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "faulty.csv"
    path.write_text("question,base,favourable\nnothing,1,1\nlp_threshold_same,5,6\n", "utf-8")

    ran = with_round("import-published-round", path, *options())

    assert ran.code == 5
    assert "row 2, column question" in ran.err
    assert "row 3, column favourable" in ran.err
    assert kept(database_url) == []


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"council": "nowhere"}, 6, "nowhere"),
        ({"review": "Another"}, 6, "'Peer review'"),
        ({"bank": "nothing"}, 1, "nothing"),
        ({"held": "May"}, 2, "2022-05"),
        ({"held": "2018-13"}, 2, "2022-05"),
        ({"held": "2999-01"}, 1, "People must have answered by now."),
        ({"source": " "}, 1, "The source is missing."),
        ({"title": "x" * 201}, 1, "more than 200 characters"),
    ],
    ids=["council", "review", "bank", "no month", "month 13", "to come", "no source", "long title"],
)
def test_wrong_option_is_refused(
    with_round: Signpost,
    database_url: str,
    file: Path,
    changed: dict[str, str],
    code: int,
    said: str,
) -> None:
    ran = with_round("import-published-round", file, *options(**changed))

    assert ran.code == code
    assert said in ran.err
    assert kept(database_url) == []


def test_same_name_twice_is_refused(with_round: Signpost, file: Path) -> None:
    with_round("import-published-round", file, *options())

    ran = with_round("import-published-round", file, *options())

    assert ran.code == 1
    assert "There is a published round of that name already." in ran.err
