"""What one process of the measurement of the analysis does; it prints its figures."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import pandas as pd

from analysis.export import Format, write
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from analysis.tally import Tally, canonical_json, digest
from analysis.tally_file import tally_file
from benchmarks.analysis_data import make_bank, write_file
from question_banks.bank import Bank

FAVOURABLE = ("strongly_agree", "agree")
ON_SCALE = (*FAVOURABLE, "neither", "disagree", "strongly_disagree")


@dataclass(frozen=True)
class Times:
    """Medians of seconds of the processor: reading, shares alone by a short script, the whole."""

    read_csv_seconds: float
    shares_seconds: float
    tally_seconds: float
    after_seconds: float
    whole_seconds: float


@dataclass(frozen=True)
class RoundResult:
    """A round of many questions: medians of seconds of the processor, after the counting."""

    rows: int
    summarise_seconds: float
    canonical_seconds: float
    digest_seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one thing and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("times", "peak", "peak-read-csv", "round"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--questions", type=int, required=True)
    parser.add_argument("--comments", action="store_true")
    parser.add_argument("--repeats", type=int, default=1)
    options = parser.parse_args(arguments)
    bank = make_bank(questions=options.questions, comments=options.comments)
    match options.what:
        case "times":
            print(json.dumps(asdict(_times(options.path, bank, options.repeats))))
        case "round":
            print(json.dumps(asdict(_round(options.path, bank, options.repeats))))
        case "peak":
            _after(tally_file(options.path, bank).tally, bank)
            print(_peak_megabytes())
        case _:
            pd.read_csv(options.path)
            print(_peak_megabytes())
    return 0


def shares(path: Path, questions: Sequence[str]) -> dict[str, pd.Series]:
    """What a short script does: no faults told, no interval, no gate; shares by agency alone."""
    frame = pd.read_csv(path)
    return {
        question: asked[asked[question].isin(ON_SCALE)]
        .groupby("agency")[question]
        .agg(lambda answers: answers.isin(FAVOURABLE).mean())
        for question in questions
        for asked in (frame[["agency", question]],)
    }


def _after(tally: Tally, bank: Bank) -> bytes:
    """Everything after the tally: the whole gated result, as JSON."""
    summary = summarise(tally, bank, settings=AnalysisSettings(), source="a measurement")
    return write(summary, to=Format.JSON)


def _times(path: Path, bank: Bank, repeats: int) -> Times:
    scale = [question.code for question in bank.questions() if question.type == "scale"]
    small = path.with_name("warm.csv")
    write_file(small, bank, rows=200)
    _after(tally_file(small, bank).tally, bank)
    tallies: list[Tally] = []
    turns = [
        (
            _seconds(lambda: pd.read_csv(path)),
            _seconds(lambda: shares(path, scale)),
            _seconds(lambda: tallies.append(tally_file(path, bank).tally)),
            _seconds(lambda: _after(tallies[-1], bank)),
        )
        for _ in range(repeats)
    ]
    reading, by_script, counting, after = (list(each) for each in zip(*turns, strict=True))
    return Times(
        read_csv_seconds=median(reading),
        shares_seconds=median(by_script),
        tally_seconds=median(counting),
        after_seconds=median(after),
        whole_seconds=median(a + b for a, b in zip(counting, after, strict=True)),
    )


def _round(path: Path, bank: Bank, repeats: int) -> RoundResult:
    tally = tally_file(path, bank).tally
    work = (
        lambda: summarise(tally, bank, settings=AnalysisSettings(), source="a measurement"),
        lambda: canonical_json(tally),
        lambda: digest(tally),
    )
    work[0]()
    turns = [[_seconds(one) for one in work] for _ in range(repeats)]
    return RoundResult(
        int(tally.respondents["n"].sum()), *(median(each) for each in zip(*turns, strict=True))
    )


def _seconds(work: Callable[[], object]) -> float:
    """Processor time, so that other programs at work on the machine matter less."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    sys.exit(main())
