"""Settings: defaults, every fault, and one text for equal settings."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from analysis.settings import AnalysisSettings, InvalidSettings, load, parse
from question_banks.bank import Sector


class TestDefaults:
    def test_lines_are_those_of_the_methods(self) -> None:
        settings = AnalysisSettings()

        assert {
            name: settings.fraction(name)
            for name in (
                "strength_line",
                "consideration_line",
                "majority_line",
                "clear",
                "indicative",
                "min_response",
                "dont_know_flag",
                "dont_know_gate",
            )
        } == {
            "strength_line": Fraction(3, 5),
            "consideration_line": Fraction(1, 2),
            "majority_line": Fraction(1, 2),
            "clear": Fraction(19, 20),
            "indicative": Fraction(4, 5),
            "min_response": Fraction(3, 10),
            "dont_know_flag": Fraction(1, 5),
            "dont_know_gate": Fraction(2, 5),
        }
        assert (settings.k, settings.min_agencies, settings.everyone_in_scope) == (10, 3, False)

    def test_every_sector_is_in_one_group(self) -> None:
        settings = AnalysisSettings()

        held = [sector for sectors in settings.sector_groups.values() for sector in sectors]

        assert sorted(held) == sorted(Sector)
        assert settings.group_of(Sector.SCHOOLS) == "education_and_early_years"

    def test_stamp_is_plain_and_whole(self) -> None:
        settings = AnalysisSettings()

        stamp = settings.stamp()

        assert json.loads(json.dumps(stamp)) == stamp
        assert set(stamp) == set(AnalysisSettings.model_fields)


class TestEqualSettings:
    @pytest.mark.parametrize("value", ["0.60", ".6", 0.6, " 0.600 "])
    def test_a_line_may_be_written_in_any_way(self, value: object) -> None:
        assert parse({"strength_line": value}, source="x") == AnalysisSettings()

    def test_digest_differs_when_a_setting_does(self) -> None:
        one, other = AnalysisSettings(), AnalysisSettings(k=11)

        assert one.digest() == AnalysisSettings(strength_line="0.60").digest()
        assert one.digest() != other.digest()


HALF_A_GROUP = (
    "council_sectors: should hold all of the group council or none of it, or the rest could be "
    "worked out"
)

FAULTS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("unknown key", {"strenght_line": "0.6"}, ["strenght_line: is not a setting"]),
    (
        "k",
        {"k": 9},
        ["k: Input should be greater than or equal to 10"],
    ),
    ("not a number", {"clear": "most"}, ["clear: should be a decimal such as 0.60"]),
    ("yes for a line", {"clear": True}, ["clear: should be a decimal such as 0.60"]),
    ("a percentage", {"clear": 95}, ["clear: should be more than 0 and less than 1"]),
    ("infinite", {"clear": "inf"}, ["clear: should be more than 0 and less than 1"]),
    ("not a value", {"clear": "nan"}, ["clear: should be a decimal such as 0.60"]),
    (
        "two at once",
        {"k": 12, "clear": 0},
        [
            "clear: should be more than 0 and less than 1",
            "k: Input should be less than or equal to 11",
        ],
    ),
    (
        "lines crossed",
        {"consideration_line": 0.7, "majority_line": 0.8},
        [
            "consideration_line should not be above strength_line",
            "majority_line should not be above strength_line",
        ],
    ),
    ("confidence", {"indicative": 0.95}, ["indicative should be below clear"]),
    (
        "don't know",
        {"dont_know_flag": 0.4},
        ["dont_know_flag should be below dont_know_gate"],
    ),
    (
        "half a group as the council",
        {"council_sectors": ["early_help"]},
        [
            HALF_A_GROUP,
        ],
    ),
    (
        "no council",
        {"council_sectors": []},
        ["council_sectors: should hold some sectors and leave some to partners"],
    ),
    (
        "no partners",
        {"council_sectors": [sector.value for sector in Sector]},
        ["council_sectors: should hold some sectors and leave some to partners"],
    ),
    (
        "title",
        {"group_titles": {"council": " "}},
        [
            f"group_titles: {name} has no title"
            for name in (
                "council",
                "partners",
                "health",
                "police_and_justice",
                "education_and_early_years",
                "voluntary_and_other",
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("content", "faults"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS]
)
def test_every_fault_is_listed(content: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidSettings) as caught:
        parse(content, source="lines.yaml")

    assert list(caught.value.faults) == faults
    assert str(caught.value).splitlines() == [f"lines.yaml: {fault}" for fault in faults]


def test_groups_that_overlap_or_leave_out_are_named() -> None:
    groups = {
        "council": ["early_help", "police"],
        "police": ["police"],
        "other": [s.value for s in Sector if s.value not in ("early_help", "police", "schools")],
    }
    titles = {name: name.title() for name in [*groups, "partners"]}

    with pytest.raises(InvalidSettings) as caught:
        parse(
            {
                "sector_groups": groups,
                "council_sectors": ["early_help"],
                "group_titles": titles,
            },
            source="x",
        )

    assert list(caught.value.faults) == [
        "sector_groups: police is in both council and police",
        "sector_groups: no group holds schools",
        HALF_A_GROUP,
    ]


@pytest.mark.parametrize("name", ["all", "partners"])
def test_group_may_not_take_the_name_of_another_kind(name: str) -> None:
    groups = {
        "council": ["early_help"],
        name: [sector.value for sector in Sector if sector is not Sector.EARLY_HELP],
    }

    with pytest.raises(InvalidSettings, match=f"sector_groups: {name} is the name of another"):
        parse(
            {
                "sector_groups": groups,
                "council_sectors": ["early_help"],
                "group_titles": dict.fromkeys([*groups, "partners"], "Title"),
            },
            source="x",
        )


class TestLoad:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("s.yaml", "everyone_in_scope: true\nexpected_sectors: [schools]\n"),
            ("s.json", '{"everyone_in_scope": true, "expected_sectors": ["schools"]}'),
        ],
    )
    def test_yaml_and_json_are_read(self, tmp_path: Path, name: str, text: str) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")

        settings = load(tmp_path / name)

        assert settings == AnalysisSettings(
            everyone_in_scope=True, expected_sectors=(Sector.SCHOOLS,)
        )

    def test_empty_file_is_the_defaults(self, tmp_path: Path) -> None:
        (tmp_path / "s.yaml").write_text("", encoding="utf-8")

        assert load(str(tmp_path / "s.yaml")) == AnalysisSettings()

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (b"k: [1", "is not YAML or JSON"),
            (b"- k\n", "should be a list of settings, each with a name and a value"),
            (b"\xff\xfe\x00", "cannot be read"),
            (b"k: 10\nk: 11\n", "is not YAML or JSON"),
        ],
        ids=["broken", "a list", "not text", "a key twice"],
    )
    def test_file_that_is_no_settings(self, tmp_path: Path, content: bytes, fault: str) -> None:
        (tmp_path / "s.yaml").write_bytes(content)

        with pytest.raises(InvalidSettings) as caught:
            load(tmp_path / "s.yaml")

        assert fault in caught.value.faults[0]
        assert caught.value.source == str(tmp_path / "s.yaml")

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidSettings, match="cannot be read"):
            load(tmp_path / "none.yaml")
