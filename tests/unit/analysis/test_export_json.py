"""JSON out is the whole result, and reads back as it was."""

from __future__ import annotations

import json
import re
from pathlib import Path

from analysis.export.json import to_json
from analysis.result import FORMAT, Mark, Summary
from tests import factories_summary as make

FORMATS = Path(__file__).resolve().parents[3] / "docs" / "formats.md"


def test_json_reads_back_to_an_equal_summary() -> None:
    summary = make.usual_round()

    text = to_json(summary)

    assert Summary.model_validate_json(text) == summary
    assert text.endswith("}\n")
    assert json.loads(text)["format"] == FORMAT


def test_json_of_withheld_group_holds_no_number() -> None:
    hidden = make.group("Health", mark=Mark.CONFIDENTIAL)
    summary = make.summary(
        (make.signpost(topics=(make.topic(questions=(make.question(groups=(hidden,)),)),)),)
    )

    (group,) = json.loads(to_json(summary))["signposts"][0]["topics"][0]["questions"][0]["groups"]

    assert group == {
        "group": "all",
        "title": "Health",
        "kind": "all",
        "figures": None,
        "words": None,
        "mark": "c",
    }


def _keys(schema: object) -> set[str]:
    found: set[str] = set()
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            found |= set(properties)
        for value in schema.values():
            found |= _keys(value)
    elif isinstance(schema, list):
        for value in schema:
            found |= _keys(value)
    return found


def test_every_key_of_the_json_is_documented() -> None:
    documented = set(re.findall(r"`([a-z_0-9]+)`", FORMATS.read_text(encoding="utf-8")))

    assert _keys(Summary.model_json_schema()) <= documented
    assert FORMAT in FORMATS.read_text(encoding="utf-8")
