"""The document of any gated result: one set of words behind Word and PDF."""

from __future__ import annotations

from analysis.benchmarked import Benchmark
from analysis.compared import Comparison
from analysis.export.benchmark_document import benchmark_report
from analysis.export.comparison_document import comparison_report
from analysis.export.gated import Exported, refuse_ungated
from analysis.export.letter import Letter
from analysis.export.letter_document import letter_report
from analysis.export.report import Report


def report_of(result: Exported, letter: Letter, *, pictures: bool = False) -> Report:
    """The letter of a round, or the report of a comparison or a benchmark.

    `pictures` asks for charts, for formats that are read and not edited.
    """
    refuse_ungated(result)
    if isinstance(result, Comparison):
        return comparison_report(result, letter)
    if isinstance(result, Benchmark):
        return benchmark_report(result, letter)
    return letter_report(result, letter, pictures=pictures)
