"""What a fresh interpreter loads; the contracts in pyproject.toml see only what is written."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.rules.repository import ROOT

WEB = ("flask", "flask_sqlalchemy", "flask_wtf", "jinja2", "sqlalchemy", "werkzeug", "wtforms")
HEAVY = ("numpy", "pandas", "scipy", "docx", "xlsxwriter")
EVERY_MODULE_OF = """
import importlib, pkgutil, sys
for name in {packages!r}:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""


def _loaded_after(code: str, *, of: tuple[str, ...]) -> list[str]:
    """Run ``code`` in a new interpreter and return which modules ``of`` these it loaded."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys; print(*sorted(set({of!r}) & set(sys.modules)))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_banks_and_analysis_load_neither_web_server_nor_database() -> None:
    code = EVERY_MODULE_OF.format(packages=("question_banks", "analysis"))

    assert _loaded_after(code, of=WEB) == []


def test_banks_load_no_heavy_library() -> None:
    code = EVERY_MODULE_OF.format(packages=("question_banks",))

    assert _loaded_after(code, of=HEAVY) == []


@pytest.mark.parametrize("module", ["analysis.result", "survey.app"])
def test_what_a_page_request_needs_loads_no_heavy_library(module: str) -> None:
    assert _loaded_after(f"import {module}", of=HEAVY) == []


def test_loaded_modules_are_told() -> None:
    assert _loaded_after("import flask", of=WEB) == ["flask", "jinja2", "werkzeug"]
