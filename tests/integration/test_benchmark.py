"""The benchmark runs: small, on both databases, and with nothing said about time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import respond


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_benchmark_measures_a_whole_journey(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "result.json"

    status = respond.main(
        [
            *("--database", database, "--respondents", "2", "--think", "0", "0"),
            *("--rounds", "1", "--requests", "3", "--json", str(path)),
        ]
    )

    (result,) = json.loads(path.read_text(encoding="utf-8"))
    (load,) = result["loads"]
    assert status == 0
    assert load["failures"] == []
    # The level, fourteen pages and the check are posted by each of the two.
    assert load["times"]["POST"]["count"] == 2 * (1 + 14 + 1)
    assert len(result["memory"]) == result["workers"] == 2
    assert result["first_visit"]["behind_proxy"] < result["first_visit"]["served"]
    assert "| POST |" in capsys.readouterr().out
