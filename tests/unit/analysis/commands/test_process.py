"""Where a command meets the system: pipes, signals, full disks, closed streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.commands.ending import Exit
from tests.unit.analysis.commands.conftest import Process

CODEBOOK = ["codebook", "bank.yaml"]


def test_reader_that_has_enough_is_no_fault(process: Process) -> None:
    done = process([*CODEBOOK, "--format", "json"], before="set -o pipefail;", after="| head -c 9")

    out, err = done.communicate()

    assert (len(out), err, done.returncode) == (9, "", Exit.DONE)


def test_closed_pipe_ends_well_without_a_word(process: Process) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = process(CODEBOOK, stdout=writing)
    os.close(writing)
    _, err = done.communicate()

    assert (done.returncode, err) == (Exit.DONE, "")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        pytest.param(">/dev/full", "No space left on device", id="full disk"),
        pytest.param(">&-", "it is closed", id="closed"),
    ],
)
def test_output_that_cannot_be_written(process: Process, after: str, said: str) -> None:
    done = process(CODEBOOK, after=after)

    _, err = done.communicate()

    assert done.returncode == Exit.CANNOT_WRITE
    assert err == f"standard output cannot be written: {said}.\n"


def test_what_a_library_prints_is_no_part_of_a_result() -> None:
    """A line written straight to file descriptor 1, as the compiled HiGHS does."""
    code = (
        "import os; from analysis.__main__ import keep_output_for_results as keep; keep(); "
        "os.write(1, b'from a library'); print('the result')"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("the result\n", "from a library")


def test_nobody_listens_on_standard_error(process: Process) -> None:
    done = process(["codebook", "nothing.yaml"], after="2>&-")

    done.communicate()

    assert done.returncode == Exit.FAULTS


def test_file_that_does_not_fit_leaves_the_old_one(process: Process, folder: Path) -> None:
    (folder / "codebook.csv").write_text("old", encoding="utf-8")
    before = sorted(folder.iterdir())

    done = process([*CODEBOOK, "--out", "codebook.csv"], before="ulimit -f 1;")
    _, err = done.communicate()

    assert done.returncode == Exit.CANNOT_WRITE
    assert err == "codebook.csv cannot be written: File too large.\n"
    assert (folder / "codebook.csv").read_text(encoding="utf-8") == "old"
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [
        pytest.param(
            signal.SIGINT, Exit.INTERRUPTED, "Stopped. Nothing was written.", id="keyboard"
        ),
        pytest.param(signal.SIGTERM, Exit.ENDED, "Asked to end. Nothing was written.", id="system"),
    ],
)
def test_stopped_while_reading_writes_nothing(
    process: Process, folder: Path, sent: signal.Signals, code: Exit, said: str
) -> None:
    os.mkfifo(folder / "slow.csv")
    before = sorted(folder.iterdir())
    started = process(["summarise", "slow.csv", "--bank", "bank.yaml", "--out", "x.json"])

    # Opening waits until the command opens the other end, and then holds it there.
    with (folder / "slow.csv").open("w", encoding="utf-8"):
        started.send_signal(sent)
        _, err = started.communicate(timeout=60)

    assert started.returncode == code
    assert err == f"{said}\n"
    assert sorted(folder.iterdir()) == before


def test_help_is_quick_and_needs_no_pandas(process: Process) -> None:
    done = process(["--help"], before="export PYTHONPROFILEIMPORTTIME=1;")

    out, err = done.communicate()

    assert done.returncode == Exit.DONE
    assert "summarise" in out
    loaded = {line.rpartition("|")[2].strip() for line in err.splitlines()}
    assert not loaded & {"pandas", "scipy", "docx"}
    assert "argparse" in loaded
