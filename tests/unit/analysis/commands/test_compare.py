"""`compare`: rounds from files, what people noted of them, and what is told of a wrong command."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.commands.ending import Exit
from analysis.compared import Change, Comparison, RoundKind
from analysis.export import BESIDE_FORMATS, Format
from tests.unit.analysis.commands.conftest import responses

COMPARE = ["compare", "responses.csv", "later.csv", "--bank", "bank.yaml"]


def compared(folder: Path, *arguments: str) -> Comparison:
    """The comparison that these arguments give."""
    assert main([*arguments, "--out", "c.json"]) == Exit.DONE
    return Comparison.model_validate_json((folder / "c.json").read_bytes())


class TestRounds:
    def test_are_compared_from_responses_and_from_kept_tallies(self, folder: Path) -> None:
        for name in ("responses", "later"):
            kept = ["--keep-tally", f"{name}_tally.json", "--out", "x.json"]
            assert main(["summarise", f"{name}.csv", "--bank", "bank.yaml", *kept]) == Exit.DONE

        one = compared(folder, *COMPARE, "--title", "March", "--title", "June", "--council", "Carr")
        two = compared(
            folder,
            *("compare", "responses_tally.json", "later_tally.json", "--bank", "bank.yaml"),
            *("--bank", "bank.yaml", "--title", "March", "--title", "June", "--council", "Carr"),
        )

        assert [each.title for each in one.rounds] == ["March", "June"]
        assert one.title == "Carr"
        assert one.questions() == two.questions()
        assert one.findings == two.findings
        assert one.questions()["p_timely"].steps[0].change is not Change.NOT_COMPARABLE

    def test_are_called_by_their_files_without_titles(self, folder: Path) -> None:
        assert [each.title for each in compared(folder, *COMPARE).rounds] == ["responses", "later"]

    @pytest.mark.parametrize("to", [form for form in BESIDE_FORMATS if form is not Format.JSON])
    def test_every_format_is_written(self, folder: Path, to: Format) -> None:
        assert main([*COMPARE, "--out", f"c.{to.value}"]) == Exit.DONE

        begins = b"\xef\xbb\xbf" if to is Format.CSV else b"PK"
        assert (folder / f"c.{to.value}").read_bytes().startswith(begins)

    def test_invited_numbers_and_settings_of_one_round(self, folder: Path) -> None:
        made = compared(
            folder,
            *COMPARE,
            *("--invited", "invited.csv", "--invited", "-"),
            *("--settings", "-", "--settings", "settings.yaml"),
        )

        digests = [each.settings_digest for each in made.provenance if each is not None]
        assert len(set(digests)) == 2


class TestPublished:
    def test_totals_come_before_all_others(self, folder: Path) -> None:
        (folder / "published.csv").write_text(
            "question,percent\np_timely,47\nl_clear,60\n", encoding="utf-8"
        )

        made = compared(
            folder,
            *("compare", "later.csv", "--bank", "bank.yaml", "--published", "published.csv"),
            *("--source", "A report of 2024", "--published-title", "2024"),
        )

        first = made.rounds[0]
        assert (first.kind, first.title, first.source) == (
            RoundKind.PUBLISHED,
            "2024",
            "A report of 2024",
        )
        assert not first.bases_published
        assert made.questions()["p_timely"].points[0].share == pytest.approx(0.47)

    def test_faults_of_the_file_are_told(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "published.csv").write_text("question,percent\np_timly,147\n", encoding="utf-8")

        code = main([*COMPARE, "--published", "published.csv", "--source", "x"])

        assert code == Exit.FAULTS
        told = capsys.readouterr().err
        assert "published.csv: row 2, column question: “p_timly” is not a question of" in told
        assert "published.csv: row 2, column percent: “147” is more than 100%." in told

    def test_faults_of_its_bank_are_told(self, folder: Path) -> None:
        (folder / "bad.yaml").write_text("bank: x\n", encoding="utf-8")
        more = ["--published", "p.csv", "--source", "x", "--published-bank", "bad.yaml"]

        assert main([*COMPARE, *more]) == Exit.FAULTS


NOTES_HEAD = "round,question,earlier_question,kind,note,by"


class TestNotes:
    def test_stand_beside_their_question(self, folder: Path) -> None:
        (folder / "notes.csv").write_text(
            f"{NOTES_HEAD}\n2,p_timely,,new_process,A form since May.,AB\n"
            "2,p_told,,not_comparable,Asked in another order.,AB\n",
            encoding="utf-8",
        )

        made = compared(folder, *COMPARE, "--notes", "notes.csv")

        step = made.questions()["p_timely"].steps[0]
        assert [(each.kind.value, each.note, each.by) for each in step.circumstances] == [
            ("new_process", "A form since May.", "AB")
        ]
        decided = made.questions()["p_told"].steps[0].decided
        assert decided is not None
        assert (decided.comparable, decided.by, decided.why) == (
            False,
            "AB",
            "Asked in another order.",
        )

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("1,p_timely,,other,x,", "column round: “1” is not a round after the first, from 2"),
            ("3,p_timely,,other,x,", "column round: “3” is not a round after the first, from 2"),
            ("²,p_timely,,other,x,", "column round: “²” is not a round after the first, from 2"),
            ("2,p_timely,,comparble,x,", "column kind: “comparble” is no kind of note. Did you"),
            ("2,p_timely,,moved,x,", "column kind: “moved” is no kind of note. Use one of compar"),
            ("2,p_timely,,other,,", "column note: The note is missing"),
            (f"2,p_timely,,other,{'x' * 1001},", "column note: The note is longer than 1,000 ch"),
            ("2,p_timely,,comparable,x,", "column by: Say who decided that."),
            ("2,p_timly,,other,x,", "column question: every_type@1.0 asks no question “p_timly”"),
            ("2,p_timly,,comparable,x,AB", "column question: every_type@1.0 asks no question"),
            ("2,p_timely,q,comparable,x,AB", "column earlier_question: every_type@1.0 asks no qu"),
        ],
    )
    def test_fault_has_its_place(
        self, folder: Path, capsys: pytest.CaptureFixture[str], row: str, said: str
    ) -> None:
        (folder / "notes.csv").write_text(f"{NOTES_HEAD}\n{row}\n", encoding="utf-8")

        assert main([*COMPARE, "--notes", "notes.csv"]) == Exit.FAULTS

        told = [line for line in capsys.readouterr().err.splitlines() if "notes.csv" in line]
        assert [line[: len(said) + 18] for line in told] == [
            f"notes.csv: row 2, {said}"[: len(said) + 18]
        ]

    def test_other_column_is_refused(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "notes.csv").write_text(f"{NOTES_HEAD},when\n2,p_timely,,other,x,,y\n")

        assert main([*COMPARE, "--notes", "notes.csv"]) == Exit.FAULTS
        assert "A file of notes has no such column." in capsys.readouterr().err


class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["compare", "later.csv", "--bank", "bank.yaml"], "two rounds are needed"),
            ([*COMPARE, "--published", "p.csv"], "--published needs --source"),
            ([*COMPARE, "--title", "one"], "--title was given once for 2 rounds"),
            ([*COMPARE, "--bank", "a", "--bank", "b"], "--bank was given 3 times for 2 rounds"),
            ([*COMPARE, "--format", "pdf"], "invalid choice"),
            ([*COMPARE, "--out", "later.csv"], "--out would replace later.csv"),
            (["compare", "responses.csv", "later.csv"], "say with --bank which questions"),
        ],
    )
    def test_wrong_command(
        self,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
        arguments: list[str],
        said: str,
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(arguments)

        assert ended.value.code == Exit.USAGE
        assert said in capsys.readouterr().err

    def test_faults_of_both_rounds_are_told(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("a.csv", "b.csv"):
            (folder / name).write_text(responses(8).replace("frontline", "front"), encoding="utf-8")

        assert main(["compare", "a.csv", "b.csv", "--bank", "bank.yaml"]) == Exit.FAULTS

        told = capsys.readouterr().err
        assert "a.csv: row 2, column level" in told
        assert "b.csv: row 2, column level" in told
