"""Pages of comparisons and benchmarks render what is kept: nothing heavy is loaded for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from survey.data.models import Account, Council
from tests.integration.compare.conftest import TwoRounds
from tests.integration.manage.test_weight import SCRIPT, run
from tests.page import Browser

QUESTION = "lp_threshold_same"


@pytest.fixture
def paths(manager: Browser, session: Session, two: TwoRounds, council: Council) -> list[str]:
    """The pages a manager opens of a comparison and a benchmark."""
    manager.get(two.url("/compare"))
    made = manager.post(two.url("/compare"), {"rounds": ["before", "after"]}).path
    ends = ("", f"/questions/{QUESTION}", f"/questions/{QUESTION}/note/1")
    return [
        two.url("/compare"),
        *(f"{made}{end}" for end in ends),
        two.url("/compare/published"),
        two.url("/benchmark"),
        two.url("/benchmark/share"),
    ]


def test_no_page_of_a_comparison_loads_pandas(
    database_url: str, tmp_path: Path, account: Account, paths: list[str]
) -> None:
    done = run(SCRIPT, database_url, tmp_path, paths)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
