"""A respondent's worker stays small: the libraries of the analysis are no business of its pages."""

from __future__ import annotations

import json
import random

from benchmarks import rounds, serving
from benchmarks.journey import Journey
from benchmarks.visitor import Visitor

HEAVY = {"docx", "lxml", "numpy", "pandas", "scipy", "statsmodels", "vl_convert", "xlsxwriter"}


def test_whole_journey_loads_no_heavy_library() -> None:
    with rounds.place(rounds.Database.SQLITE) as place:
        (link,) = rounds.open_round(place.database_url, respondents=1)
        with serving.serving(
            "tests.integration.loaded_modules:application",
            environ=place.environ,
            log=place.folder / "gunicorn.log",
            ready_path="/healthz",
            workers=1,
        ) as server:
            journey = Journey(
                Visitor(serving.HOST, server.port),
                link,
                think=lambda: None,
                chance=random.Random(1),
            )
            journey.begin()
            journey.answer()
            journey.send()
            loaded = json.loads(journey.visitor.get("/loaded").text)

    packages = {name.partition(".")[0] for name in loaded}
    assert {"flask", "sqlalchemy", "question_banks", "survey"} <= packages
    assert not packages & HEAVY
