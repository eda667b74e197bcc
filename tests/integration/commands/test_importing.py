"""Bringing in a round that was collected elsewhere."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from analysis.__main__ import main as analyse
from question_banks.bank import Level, LongTextQuestion
from question_banks.loader import load_bank
from question_banks.path import on_path
from survey.commands import importing
from survey.data.models import (
    Agency,
    Answer,
    AuditEvent,
    Comment,
    CommentState,
    InvitedNumber,
    Participation,
    Response,
    Round,
    Snapshot,
)
from tests.integration.commands.conftest import Signpost, looking

BANK = load_bank("safeguarding_children_2010")
AGENCIES = (
    ("Children’s Social Care", "childrens_social_care", 40),
    ("Early Help", "early_help", 30),
    ("Fennshire Police", "police", 30),
    ("Community Trust", "nhs_community", 40),
    ("Harbour Steps", "voluntary", 12),
    ("Schools", "schools", 30),
)
HEADING = [
    "response_id", "agency", "sector", "level",
    *(question.code for question in BANK.questions()),
]  # fmt: skip


def _row(number: int, chance: random.Random, *, comment: str = "") -> dict[str, str]:
    agency, sector, _ = chance.choices(AGENCIES[:5], weights=(30, 20, 20, 25, 10))[0]
    level = chance.choice(list(Level))
    row = {"response_id": f"r{number}", "agency": agency, "sector": sector, "level": level.value}
    for code in on_path(BANK, level=level, answers={}):
        question = BANK.by_code[code]
        if question.type == "scale":
            options = [option.code for option in BANK.scale_of(question).options]
            row[code] = chance.choice([*options, options[0], options[1], ""])
    if comment:
        row["pem_comment"] = comment
    return row


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADING, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Eighty responses of five agencies, two of them with a comment."""
    chance = random.Random(7)
    rows = [_row(number, chance) for number in range(78)]
    rows.append(_row(78, chance, comment="More time for each child."))
    rows.append(_row(79, chance, comment="Ring Mrs Oakapple on 01632 960123."))
    return _write(tmp_path / "answers.csv", rows)


@pytest.fixture
def invited(tmp_path: Path) -> Path:
    """How many each of six agencies invited; the schools are silent."""
    path = tmp_path / "invited.csv"
    lines = [f"{agency},{sector},{number}" for agency, sector, number in AGENCIES]
    path.write_text("\n".join(["agency,sector,invited", *lines]) + "\n", encoding="utf-8")
    return path


def _count(url: str, *models: type[Any]) -> list[int]:
    with looking(url) as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_responses_are_stored_as_submitted_ones_are(
    with_round: Signpost, database_url: str, answers: Path, invited: Path
) -> None:
    ran = with_round("import-responses", "autumn", answers, "--invited", invited)

    assert ran.code == 0, ran.err
    assert "Responses: 80. Comments: 2." in ran.out
    assert _count(database_url, Response, Comment, Participation) == [80, 2, 0]
    with answers.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = Counter(
        (row["agency"], row["level"], code, row[code] or None)
        for row in rows
        for code in on_path(BANK, level=Level(row["level"]), answers={})
        if not isinstance(BANK.by_code[code], LongTextQuestion)
    )
    with looking(database_url) as session:
        stored = session.execute(
            select(Agency.name, Response.level, Answer.question, Answer.value)
            .join(Response, Response.id == Answer.response_id)
            .join(Agency, Agency.id == Response.agency_id)
        )
        assert Counter(map(tuple, stored)) == expected
        numbers = session.scalars(select(InvitedNumber.invited).order_by(InvitedNumber.invited))
        assert numbers.all() == [12, 30, 30, 30, 40, 40]
        details = session.scalars(select(AuditEvent.detail)).all()
    assert {"round": "autumn", "responses": 80} in details


def test_nothing_stored_says_which_row_it_came_from(
    with_round: Signpost, database_url: str, answers: Path
) -> None:
    with_round("import-responses", "autumn", answers)

    with looking(database_url) as session:
        ids = session.scalars(select(Response.id)).all()
        by_id = session.scalars(select(Response.id).order_by(Response.id)).all()
    assert all(len(id_) == 32 and id_ != "r1" for id_ in ids)
    columns = {"id", "round_id", "agency_id", "level", "entered"}
    assert set(Response.__table__.columns.keys()) == columns
    assert sorted(ids) == sorted(by_id)


def test_comments_wait_with_their_flags(
    with_round: Signpost, database_url: str, answers: Path
) -> None:
    with_round("import-responses", "autumn", answers)

    with looking(database_url) as session:
        comments = session.scalars(select(Comment).order_by(Comment.text)).all()
    assert [(one.state, one.quotable, one.flags) for one in comments] == [
        (CommentState.WAITING, False, ""),
        (CommentState.WAITING, False, "name,phone"),
    ]


def test_every_planted_fault_is_listed_and_nothing_is_stored(
    with_round: Signpost, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(3)
    rows = [_row(number, chance) for number in range(8)]
    rows[1]["sector"] = "polis"
    rows[2]["level"] = ""
    rows[3]["pem_enough_data"] = "agre"
    rows[3]["lp_procedures_to_hand"] = "yes"
    rows[5]["response_id"] = "r4"
    rows[6]["agency"] = ""
    path = _write(tmp_path / "faulty.csv", rows)

    ran = with_round("import-responses", "autumn", path)

    assert ran.code == 5
    places = {line.partition(":")[0] for line in ran.err.splitlines()}
    assert places >= {
        "row 3, column sector",
        "row 4, column level",
        "row 5, column pem_enough_data",
        "row 5, column lp_procedures_to_hand",
        "row 7, column response_id",
        "row 8, column agency",
    }
    assert _count(database_url, Response, Answer, Agency) == [0, 0, 0]


def test_more_answers_than_invited_are_refused(
    with_round: Signpost, database_url: str, answers: Path, invited: Path
) -> None:
    text = invited.read_text(encoding="utf-8")
    invited.write_text(text.replace("police,30", "police,2"), encoding="utf-8")

    ran = with_round("import-responses", "autumn", answers, "--invited", invited)

    assert ran.code == 5
    assert "Fennshire Police" in ran.err
    assert _count(database_url, Response, Agency) == [0, 0]


def test_agency_known_in_another_sector_is_refused(
    with_round: Signpost, database_url: str, answers: Path
) -> None:
    with looking(database_url) as session:
        session.add(Agency(name="Fennshire Police", sector="housing"))
        session.commit()

    ran = with_round("import-responses", "autumn", answers)

    assert ran.code == 5
    assert "“Fennshire Police” is known in the sector “housing”, not “police”." in ran.err
    assert _count(database_url, Response, Agency) == [0, 1]


def test_agency_known_in_another_spelling_is_refused(
    with_round: Signpost, database_url: str, answers: Path
) -> None:
    with looking(database_url) as session:
        session.add(Agency(name="FENNSHIRE POLICE", sector="police"))
        session.commit()

    ran = with_round("import-responses", "autumn", answers)

    assert ran.code == 5
    assert "“Fennshire Police” is known as “FENNSHIRE POLICE”" in ran.err
    assert _count(database_url, Response, Agency) == [0, 1]


def test_dry_run_stores_nothing(with_round: Signpost, database_url: str, answers: Path) -> None:
    ran = with_round("import-responses", "autumn", answers, "--dry-run")

    assert ran.code == 0, ran.err
    assert "Nothing was changed." in ran.out
    assert _count(database_url, Response, Agency, Comment) == [0, 0, 0]


def test_second_import_is_refused_unless_it_adds(
    with_round: Signpost, database_url: str, answers: Path
) -> None:
    with_round("import-responses", "autumn", answers)

    refused = with_round("import-responses", "autumn", answers)
    added = with_round("import-responses", "autumn", answers, "--add")

    assert refused.code == 1
    assert "80 responses already" in refused.err
    assert added.code == 0, added.err
    assert _count(database_url, Response) == [160]


def test_closed_round_takes_no_import(with_round: Signpost, answers: Path) -> None:
    with_round("close-round", "autumn", "--yes")

    ran = with_round("import-responses", "autumn", answers)

    assert ran.code == 1
    assert "closed" in ran.err


def test_five_thousand_responses_come_in(
    with_round: Signpost, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(11)
    path = _write(tmp_path / "large.csv", [_row(number, chance) for number in range(5000)])

    ran = with_round("import-responses", "autumn", path)

    assert ran.code == 0, ran.err
    assert "Responses: 5,000." in ran.out
    assert _count(database_url, Response) == [5000]


class _Terminal(io.StringIO):
    """Standard error as a person's terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_not_in_a_file(
    with_round: Signpost, environment: pytest.MonkeyPatch, answers: Path
) -> None:
    in_a_file = with_round("import-responses", "autumn", answers)
    terminal = _Terminal()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", terminal)
        patch.setattr("tqdm.std.tqdm.monitor_interval", 0)
        patch.setattr(importing, "SHOWN_AFTER_SECONDS", 0.0)
        on_a_terminal = with_round("import-responses", "autumn", answers, "--add")

    assert (in_a_file.code, on_a_terminal.code) == (0, 0)
    assert "Reading answers.csv" in terminal.getvalue()
    assert "Storing responses" in terminal.getvalue()
    assert in_a_file.err == ""


def test_imported_round_gives_the_figures_its_file_gives(
    with_round: Signpost,
    database_url: str,
    answers: Path,
    invited: Path,
    tmp_path: Path,
) -> None:
    # Closing is dear: one database sees a sampled round, the other one in which all were asked.
    everyone = database_url.startswith("postgresql")
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"everyone_in_scope: {str(everyone).lower()}\n", encoding="utf-8")
    with looking(database_url) as session:
        round_ = session.scalars(select(Round)).one()
        round_.analysis_settings = {**round_.analysis_settings, "everyone_in_scope": everyone}
        session.commit()
    out = tmp_path / "result.json"

    assert with_round("import-responses", "autumn", answers, "--invited", invited).code == 0
    closed = with_round("close-round", "autumn", "--yes")
    analysed = analyse(
        [
            *("summarise", str(answers), "--bank", "safeguarding_children_2010"),
            *("--invited", str(invited), "--settings", str(settings), "--out", str(out)),
        ]
    )
    assert analysed == 0

    assert closed.code == 0, closed.err
    from_file = json.loads(out.read_text(encoding="utf-8"))
    with looking(database_url) as session:
        from_database = json.loads(session.scalars(select(Snapshot.summary_json)).one())
    provenances = [result.pop("provenance") for result in (from_file, from_database)]
    assert from_database == from_file
    assert from_file["coverage"]["answered"] == 80
    assert provenances[0]["tally_digest"] == provenances[1]["tally_digest"]
