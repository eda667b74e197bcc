"""Every way out takes a gated summary, and nothing else that holds answers."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable

import pytest

import analysis.export
from analysis.export import FILE_TYPES, Exported, Format, write
from analysis.export.letter import Letter
from analysis.result import Summary
from tests import factories_summary as make

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


def exits() -> dict[str, Callable[..., object]]:
    """Every public function of a module for a format that returns a file's text or bytes."""
    names = [module.name for module in pkgutil.iter_modules(analysis.export.__path__)]
    modules = [analysis.export, *(importlib.import_module(f"analysis.export.{n}") for n in names)]
    found: dict[str, Callable[..., object]] = {}
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            if name == "write" or name.startswith("to_"):
                found[f"{module.__name__}.{name}"] = function
    found.pop("analysis.export.word.to_bytes")  # a document that was already written
    return found


def test_exits_are_those_known() -> None:
    assert set(exits()) == EXITS


@pytest.mark.parametrize("name", sorted(EXITS))
def test_exit_takes_a_gated_summary_first_and_else_only_what_people_wrote(name: str) -> None:
    function = exits()[name]
    hints = typing.get_type_hints(function)
    parameters = list(inspect.signature(function).parameters)

    assert hints[parameters[0]] in (Summary, Exported)
    assert {hints[other] for other in parameters[1:]} <= {Letter | None, Format}


def test_no_exit_can_reach_a_frame_or_a_tally() -> None:
    names = [module.name for module in pkgutil.iter_modules(analysis.export.__path__)]

    for name in names:
        source = inspect.getsource(importlib.import_module(f"analysis.export.{name}"))
        for forbidden in ("analysis.tally", "analysis.frame", "analysis.counts"):
            assert f"import {forbidden}" not in source
            assert f"from {forbidden}" not in source


def test_every_format_has_a_file_type() -> None:
    assert set(FILE_TYPES) == set(Format)
    assert all(kind.suffix == f".{form.value}" for form, kind in FILE_TYPES.items())


@pytest.mark.parametrize("form", list(Format), ids=lambda form: form.value)
def test_write_gives_the_same_bytes_for_the_same_input(form: Format) -> None:
    summary = make.usual_round()

    first = write(summary, to=form)
    again = write(Summary.model_validate_json(summary.model_dump_json()), to=form)

    assert first == again
    assert len(first) > 1000


@pytest.mark.parametrize("form", list(Format), ids=lambda form: form.value)
def test_write_bears_hostile_text_everywhere(form: Format) -> None:
    for text in make.HOSTILE:
        assert write(make.hostile(text), to=form, letter=make.hostile_letter(text))
