"""The worked notebook runs from its first cell to its last, and says what its words promise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

FOLDER = Path(__file__).parents[2] / "docs" / "notebook"
NOTEBOOK = FOLDER / "first-analysis.ipynb"
STRICT = "import warnings\n\nwarnings.simplefilter('error')"


def _read() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # nbformat says no types


def test_no_output_is_kept() -> None:
    for cell in _read().cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything the cells print or show, warnings being errors."""
    notebook = _read()
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT))  # type: ignore[no-untyped-call]  # nbformat says no types
    # The kernel is spoken to through files, so that no port is opened.
    files = tmp_path_factory.mktemp("kernel") / "k"
    config = Config({"KernelManager": {"transport": "ipc", "ip": str(files)}})
    NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}, config=config
    ).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert all(out.output_type != "error" and out.get("name") != "stderr" for out in outputs)
    return "\n".join(
        out.get("text", "") + "".join(str(held) for held in out.get("data", {}).values())
        for out in outputs
    )


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("124 of 263 people answered.", id="coverage"),
        pytest.param("**Thresholds and sharing information.**", id="finding"),
        pytest.param("<svg", id="chart"),
        pytest.param("1 question improved, 1 question declined", id="comparison"),
        pytest.param("only a different mix of who answered", id="changed mix"),
        pytest.param("['comparison.csv', 'findings.xlsx', 'letter.docx']", id="files"),
    ],
)
def test_notebook_runs_and_says(printed: str, said: str) -> None:
    assert said in printed
