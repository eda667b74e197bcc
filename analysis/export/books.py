"""The tables of any gated result: one set of rows behind every spreadsheet format."""

from __future__ import annotations

from analysis.benchmarked import Benchmark
from analysis.compared import Comparison
from analysis.export.benchmark_sheets import benchmark_book
from analysis.export.comparison_sheets import comparison_book
from analysis.export.gated import Exported, refuse_ungated
from analysis.export.letter import Letter
from analysis.export.sheets import Book
from analysis.export.summary_sheets import summary_book


def book_of(result: Exported, letter: Letter) -> Book:
    """The book of a round, of a comparison or of a benchmark."""
    refuse_ungated(result)
    if isinstance(result, Comparison):
        return comparison_book(result, letter)
    if isinstance(result, Benchmark):
        return benchmark_book(result, letter)
    return summary_book(result, letter)
