"""Every way out takes a gated result, and nothing else that holds answers."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas
import pytest
from pydantic import BaseModel

import analysis
import analysis.commands
import analysis.export
from analysis.benchmarked import Benchmark
from analysis.compared import Comparison
from analysis.export import (
    BESIDE_FORMATS,
    FILE_TYPES,
    Exported,
    Format,
    NoSuchFile,
    file_title,
    list_formats,
    write,
)
from analysis.export.letter import Letter
from analysis.result import Mark, Summary
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from question_banks.bank import Sector
from tests import factories_compared as compared
from tests import factories_summary as make
from tests.factories_tally import make_bank, make_tally, people
from tests.files_opened import text_of

EXITS = {
    "analysis.export.write",
    "analysis.export.csv.to_csv",
    "analysis.export.docx.to_docx",
    "analysis.export.json.to_json",
    "analysis.export.ods.to_ods",
    "analysis.export.pdf.to_pdf",
    "analysis.export.pptx.to_pptx",
    "analysis.export.sav.to_sav",
    "analysis.export.xlsx.to_xlsx",
}
UNGATED = ("analysis.tally", "analysis.frame", "analysis.counts", "analysis.cells", "pandas")
"""Modules whose values hold answers before the gate."""
DRAWING = ("analysis.charts", "analysis.tables", "analysis.coverage_rows", "analysis.pictures")
PAGES = ("results*.py", "compare*.py", "benchmark*.py", "presenters_*.py")
REPOSITORY = Path(analysis.__file__).parent.parent


def exits() -> dict[str, Callable[..., object]]:
    """Every public function of a module for a format that returns a file's text or bytes."""
    names = [module.name for module in pkgutil.iter_modules(analysis.export.__path__)]
    modules = [analysis.export, *(importlib.import_module(f"analysis.export.{n}") for n in names)]
    found: dict[str, Callable[..., object]] = {}
    for module in modules:
        for name, function in public_functions(module):
            if name == "write" or name.startswith("to_"):
                found[f"{module.__name__}.{name}"] = function
    found.pop("analysis.export.word.to_bytes")  # a document that was already written
    return found


def public_functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            yield name, function


def drawing_modules() -> list[ModuleType]:
    """The charts, the rows behind pages and files, and all that writes files."""
    names = [
        module.name
        for module in pkgutil.walk_packages(analysis.__path__, "analysis.")
        if module.name.startswith((*DRAWING, "analysis.export."))
    ]
    return [importlib.import_module(name) for name in names]


def types_in(hint: Any) -> Iterator[type]:
    """Every class that a type hint speaks of, within unions and containers too."""
    if isinstance(hint, type):
        yield hint
    for part in typing.get_args(hint):
        yield from types_in(part)


def imports_of(source: Path) -> set[str]:
    """The modules that a file imports at any place in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def ungated(names: set[str]) -> set[str]:
    return {name for name in names if any(re.match(rf"{at}(\.|_|$)", name) for at in UNGATED)}


def test_exits_are_those_known() -> None:
    assert set(exits()) == EXITS


@pytest.mark.parametrize("name", sorted(EXITS))
def test_exit_takes_a_gated_result_first_and_else_only_what_people_wrote(name: str) -> None:
    function = exits()[name]
    hints = typing.get_type_hints(function)
    parameters = list(inspect.signature(function).parameters)

    assert hints[parameters[0]] in (Summary, Exported)
    assert {hints[other] for other in parameters[1:]} <= {Letter | None, Format}


def test_what_can_be_exported_is_what_the_gate_makes() -> None:
    assert set(typing.get_args(Exported)) == {Summary, Comparison, Benchmark}
    assert all(issubclass(kind, BaseModel) for kind in typing.get_args(Exported))


@functools.cache
def an_ungated_thing(kind: str) -> object:
    tally = make_tally(make_bank(), [("Police", Sector.POLICE, "frontline", {"q_one": people(3)})])
    things: dict[str, object] = {
        "tally": tally,
        "frame": pandas.DataFrame({"q_one": ["ag"]}),
        "mapping": make.summary().model_dump(),
        "nothing": None,
    }
    return things[kind]


@pytest.mark.parametrize("kind", ["tally", "frame", "mapping", "nothing"])
@pytest.mark.parametrize("name", sorted(EXITS))
def test_exit_refuses_what_has_not_been_through_the_gate(name: str, kind: str) -> None:
    function: Any = exits()[name]
    more = {"to": Format.JSON} if name.endswith(".write") else {}

    with pytest.raises(TypeError, match="only what the disclosure gate has let through"):
        function(an_ungated_thing(kind), **more)


@pytest.mark.parametrize("form", sorted(set(Format) - set(BESIDE_FORMATS)))
def test_comparison_and_benchmark_are_refused_in_formats_of_a_round(form: Format) -> None:
    for result in (compared.comparison(), compared.benchmark()):
        with pytest.raises(NoSuchFile, match=form.value):
            write(result, to=form)
        function: Any = exits()[f"analysis.export.{form.value}.to_{form.value}"]
        if form is not Format.PDF:
            with pytest.raises(TypeError):
                function(result)


def test_no_chart_row_or_file_is_made_of_anything_ungated() -> None:
    modules = drawing_modules()

    assert len(modules) > 30
    for module in modules:
        for name, function in public_functions(module):
            for hint in typing.get_type_hints(function).values():
                homes = {each.__module__ for each in types_in(hint)}
                assert not ungated(homes), f"{module.__name__}.{name}"


def test_modules_that_draw_and_write_cannot_reach_answers() -> None:
    for module in drawing_modules():
        reached = ungated(imports_of(Path(str(module.__file__))))
        # A table is what the SPSS library takes; it is made of the result's own rows.
        allowed = {"pandas"} if module.__name__ == "analysis.export.sav" else set()
        assert reached <= allowed, module.__name__


def test_result_pages_cannot_reach_answers() -> None:
    folder = REPOSITORY / "survey" / "web"
    files = [file for pattern in PAGES for file in sorted(folder.glob(pattern))]

    assert {"results.py", "compare.py", "benchmark.py"} <= {file.name for file in files}
    for file in files:
        assert not ungated(imports_of(file)), file.name


def test_commands_write_results_through_the_one_door() -> None:
    doors = {"analysis.export.write", "analysis.export"}
    for file in sorted(Path(str(analysis.commands.__file__)).parent.glob("*.py")):
        used = {name for name in imports_of(file) if name.startswith("analysis.export")}
        functions = {name for name in used if name.rsplit(".", 1)[-1].startswith(("to_", "write"))}
        assert functions <= doors, file.name


def test_every_format_has_a_file_type_and_a_title() -> None:
    assert set(FILE_TYPES) == set(Format)
    assert all(kind.suffix == f".{form.value}" for form, kind in FILE_TYPES.items())
    assert len({file_title(form) for form in Format}) == len(Format)
    assert list_formats(Summary) == tuple(Format)
    assert list_formats(Comparison) == list_formats(Benchmark) == BESIDE_FORMATS
    assert file_title(Format.DOCX, kind=Comparison) == "A report to edit"
    assert file_title(Format.CSV, kind=Comparison) == FILE_TYPES[Format.CSV].title


RESULTS: dict[str, Callable[[], Exported]] = {
    "round": make.usual_round,
    "comparison": compared.comparison,
    "benchmark": compared.benchmark,
}
WRITTEN = [
    pytest.param(name, form, id=f"{name}-{form.value}")
    for name in RESULTS
    for form in (Format if name == "round" else BESIDE_FORMATS)
]


@functools.cache
def written(name: str, form: Format) -> bytes:
    return write(RESULTS[name](), to=form)


@pytest.mark.parametrize(("name", "form"), WRITTEN)
def test_write_gives_the_same_bytes_for_the_same_input(name: str, form: Format) -> None:
    result = RESULTS[name]()

    again = write(type(result).model_validate_json(result.model_dump_json()), to=form)

    assert written(name, form) == again
    assert len(again) > 1000


@pytest.mark.parametrize(("name", "form"), WRITTEN)
def test_every_file_says_what_it_was_made_from(name: str, form: Format) -> None:
    told = text_of(written(name, form), form)

    # Lines of a PDF and of SPSS notes may be broken within a long word.
    told = re.sub(r"\s+", "", told)
    for stamp in ("signpost-", "b" * 64, "0.1.0", "t" * 64, "s" * 64):
        assert stamp in told, stamp


@pytest.mark.parametrize(
    "form", sorted(set(Format) - {Format.XLSX, Format.DOCX}), ids=lambda form: form.value
)
@pytest.mark.parametrize("number", range(len(make.HOSTILE)))
def test_write_bears_hostile_text_everywhere(form: Format, number: int) -> None:
    # Workbooks and letters have hostile tests of their own.
    text = make.HOSTILE[number]

    told = text_of(write(make.hostile(text), to=form, letter=make.hostile_letter(text)), form)

    if form is not Format.JSON:
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", told)
        assert "\x07" not in told


FORMULA, OVERRIDE, LONG = make.HOSTILE[0], make.HOSTILE[7], make.HOSTILE[-1]


@pytest.mark.parametrize("form", BESIDE_FORMATS, ids=lambda form: form.value)
@pytest.mark.parametrize(
    "text", [FORMULA, OVERRIDE + "\x07", LONG], ids=["formula", "override", "long"]
)
def test_comparison_and_benchmark_bear_hostile_text(form: Format, text: str) -> None:
    for result in (compared.hostile_comparison(text), compared.hostile_benchmark(text)):
        told = text_of(write(result, to=form), form)

        if form is not Format.JSON:
            assert not re.search("[\u202a-\u202e\x07]", told)


HIDDEN = (7919, 6173, 4787, 2503, 2221, 1111, 1350)
"""Answers of the hidden groups and agencies below, numbers that stand nowhere else."""
SHOWN = 600 + 410 + 2221 + 1350 + 7919 + 4787
"""The favourable answers of everybody."""


@functools.cache
def drawn_round() -> Summary:
    """A round of six agencies, two of which are the only ones in their group of sectors."""
    rows = [
        ("Social care", Sector.CHILDRENS_SOCIAL_CARE, 600, 200),
        ("Early help", Sector.EARLY_HELP, 410, 190),
        ("Hospital", Sector.NHS_COMMUNITY, 2221, 1111),
        ("Practices", Sector.PRIMARY_CARE, 1350, 760),
        ("Police", Sector.POLICE, 7919, 6173),
        ("Charity", Sector.VOLUNTARY, 4787, 2503),
    ]
    bank = make_bank()
    tally = make_tally(
        bank,
        [
            (agency, sector, "frontline", {"q_one": people(positive, 0, negative)})
            for agency, sector, positive, negative in rows
        ],
    )
    return summarise(tally, bank, settings=AnalysisSettings(), source="a drawn round")


def stands_in(number: int, told: str) -> bool:
    return bool(re.search(rf"(?<![\d.,]){number:,}(?!\d)|(?<![\d.,]){number}(?!\d)", told))


def test_the_drawn_round_hides_what_it_should() -> None:
    groups = {group.group: group for group in drawn_round().questions()["q_one"].groups}

    assert groups["council"].figures is not None
    assert groups["health"].figures is not None
    for name in ("police_and_justice", "voluntary_and_other"):
        assert (groups[name].figures, groups[name].mark) == (None, Mark.CONFIDENTIAL)


@pytest.mark.parametrize("form", list(Format), ids=lambda form: form.value)
def test_no_number_of_a_hidden_group_stands_in_any_file(form: Format) -> None:
    told = text_of(write(drawn_round(), to=form), form)

    # Figures that may be shown are found this way, so hidden ones would be.
    assert stands_in(SHOWN, told) or stands_in(100 * SHOWN // 28924, told)
    assert [number for number in HIDDEN if stands_in(number, told)] == []
