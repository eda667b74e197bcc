"""A gated result as one long table: a figure on each line.

The first `PREAMBLE_LINES` lines say what the file is, one thing on each; the line after them is
the header. A spreadsheet opens it as it is, and pandas reads it with
`read_csv(path, skiprows=PREAMBLE_LINES)`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import fields

from analysis import tables
from analysis.benchmarked import Benchmark
from analysis.compared import Comparison
from analysis.export.comparison_sheets import round_name
from analysis.export.gated import Exported, refuse_ungated
from analysis.export.letter import Letter
from analysis.export.lines import Line, list_lines
from analysis.export.result_lines import BesideLine, ComparedLine, beside_lines, compared_lines
from analysis.export.safety import formula_safe, one_line
from analysis.export.stamp import stamp_text
from analysis.result import BankRef, Mark, Summary

PREAMBLE_LINES = 10
HEADER = tuple(field.name for field in fields(Line))
COMPARED_HEADER = tuple(field.name for field in fields(ComparedLine))
BESIDE_HEADER = tuple(field.name for field in fields(BesideLine))

Preamble = tuple[tuple[str, str], ...]


def to_csv(result: Exported, *, letter: Letter | None = None) -> bytes:
    """The result as CSV in UTF-8 with a byte order mark, which Excel needs to read the letters."""
    refuse_ungated(result)
    told = letter or Letter()
    lines: Iterable[Line | ComparedLine | BesideLine]
    if isinstance(result, Comparison):
        preamble, header, lines = (
            _of_comparison(result, told),
            COMPARED_HEADER,
            compared_lines(result),
        )
    elif isinstance(result, Benchmark):
        preamble, header, lines = _of_benchmark(result, told), BESIDE_HEADER, beside_lines(result)
    else:
        preamble, header, lines = _of_summary(result, told), HEADER, list_lines(result)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    for name, words in preamble:
        writer.writerow([name, formula_safe(one_line(words))])
    writer.writerow(header)
    for line in lines:
        writer.writerow([_cell(getattr(line, name)) for name in header])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _preamble(
    result: Exported,
    *,
    title: str,
    council: str,
    about: str,
    questionnaire: str,
    answered: str,
    notes: str,
) -> Preamble:
    """Ten lines, always: the number is part of the format."""
    return (
        ("Title", title),
        ("Council", council),
        ("Round", about),
        ("Questionnaire", questionnaire),
        ("Answered", answered),
        ("Base", tables.BASE_NOTE),
        ("Rounding", "Shares run from 0 to 1 and are rounded to four decimal places, nothing else"),
        (
            "Marks",
            "; ".join(
                f"{tables.mark_code(mark)} {tables.MARK_WORDS[mark].lower()}" for mark in Mark
            )
            + f"; cells withheld in all: {result.hidden_cells}",
        ),
        ("Made from", stamp_text(result)),
        ("Notes", notes or "None"),
    )


def _of_summary(summary: Summary, letter: Letter) -> Preamble:
    return _preamble(
        summary,
        title=f"{letter.review_title}: what the answers say",
        council=letter.council,
        about=" ".join(part for part in (letter.round_title, letter.closed) if part),
        questionnaire=_bank(summary.bank),
        answered=tables.coverage_text(summary.coverage),
        notes=" ".join((*summary.coverage.caveats, *summary.caveats)),
    )


def _of_comparison(comparison: Comparison, letter: Letter) -> Preamble:
    banks = [_bank(each.bank) if each.bank else each.source for each in comparison.rounds]
    answered = [
        f"{round_name(each)}: {tables.counted(each.people, 'person', 'people')}"
        for each in comparison.rounds
        if each.people is not None
    ]
    return _preamble(
        comparison,
        title=f"{letter.review_title}: rounds compared",
        council=comparison.title,
        about="; ".join(map(round_name, comparison.rounds)),
        questionnaire="; ".join(banks),
        answered="; ".join(answered),
        notes=" ".join((comparison.sentence, *comparison.caveats)),
    )


def _of_benchmark(benchmark: Benchmark, letter: Letter) -> Preamble:
    refusal = () if benchmark.refusal is None else (benchmark.refusal,)
    return _preamble(
        benchmark,
        title=f"{letter.review_title}: beside other councils",
        council=benchmark.council,
        about=benchmark.round_title,
        questionnaire=_bank(benchmark.bank),
        answered=f"{tables.counted(benchmark.councils, 'other council')} agreed to share",
        notes=" ".join((*refusal, benchmark.sentence, *benchmark.caveats)),
    )


def _bank(bank: BankRef) -> str:
    return f"{bank.title} ({bank.bank}@{bank.version})"


def _cell(value: str | float | Mark | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Mark):
        return tables.mark_code(value)
    if isinstance(value, str):
        return formula_safe(one_line(value))
    return str(value) if isinstance(value, int) else f"{value:.4f}"
