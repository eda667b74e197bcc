"""Pages of findings are made from the stored summary: nothing heavy is loaded for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from survey.data.models import Account, Council
from tests.factories import SECRET_KEY
from tests.filled_round import fill_round
from tests.integration.manage.conftest import EMAIL, PASSWORD
from tests.page import Browser

HEAVY = ("pandas", "numpy", "scipy", "docx", "xlsxwriter", "vl_convert")

SCRIPT = """
import re, sys
from pathlib import Path
from survey.app import create_app
from survey.settings import Settings

url, folder, email, password, key = sys.argv[1:6]
paths = sys.argv[6:]
app = create_app(Settings(secret_key=key, database_url=url, instance=Path(folder)))
client = app.test_client()
token = re.search('name="csrf_token" value="([^"]+)"', client.get("/sign-in").text).group(1)
signed_in = client.post(
    "/sign-in", data={"csrf_token": token, "email": email, "password": password}
)
assert signed_in.status_code == 302, signed_in.status_code
for path in paths:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
print(",".join(sorted(name for name in HEAVY if name in sys.modules)))
""".replace("HEAVY", repr(HEAVY))


@pytest.fixture
def paths(manager: Browser, session: Session, council: Council) -> list[str]:
    """The pages a manager opens of a closed round."""
    filled = fill_round(session, council=council, comments=["Ask Mrs Oakapple."])
    manager.get(filled.url("/close"))
    manager.post(filled.url("/close"))
    ends = (
        "",
        "/comments",
        "/findings",
        "/findings/signposts/legislation_and_policy",
        "/findings/questions/lp_changes_reach_me",
        "/findings/pictures/heat.svg",
        "/findings/decide/procedures_in_use",
        "/reopen",
    )
    return ["/manage", *(filled.url(end) for end in ends)]


def run(
    script: str, database_url: str, folder: Path, paths: list[str]
) -> subprocess.CompletedProcess[str]:
    """Opens pages in a process of its own."""
    given = [database_url, str(folder), EMAIL, PASSWORD, SECRET_KEY, *paths]
    return subprocess.run(
        [sys.executable, "-c", script, *given],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[3],
    )


def test_no_page_of_a_closed_round_loads_pandas(
    database_url: str, tmp_path: Path, paths: list[str]
) -> None:
    done = run(SCRIPT, database_url, tmp_path, paths)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_script_would_notice(database_url: str, tmp_path: Path, account: Account) -> None:
    done = run(f"import pandas\n{SCRIPT}", database_url, tmp_path, [])

    assert done.stdout.strip() == "numpy,pandas"
