"""The settings of a round that decide how its answers are read: lines, thresholds and groups.

They are stamped on every result. Lines and thresholds are exact fractions, written as decimals;
a setting that is left out has the value of the methods (docs/methods.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from analysis.errors import AnalysisError
from question_banks.bank import Sector

COUNCIL: Final = "council"
"""The name of the council's side, and of the sector group that is the same as it."""
PARTNERS: Final = "partners"

Stamp = dict[str, str | int | bool | list[str] | dict[str, list[str]]]


class InvalidSettings(AnalysisError):
    """Settings cannot be used; `faults` lists everything wrong with them."""

    def __init__(self, source: str, faults: list[str]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{source}: {fault}" for fault in faults))


def _decimal_text(value: object) -> str:
    """A share as its shortest decimal, so that 0.6 and "0.60" are one setting."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError("should be a decimal such as 0.60") from None
    if number.is_nan():
        raise ValueError("should be a decimal such as 0.60")
    if not 0 < number < 1:
        raise ValueError("should be more than 0 and less than 1")
    return format(number.normalize(), "f")


Line = Annotated[str, BeforeValidator(_decimal_text)]
"""A share between 0 and 1, kept as decimal text."""

GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]

_TAKEN: Final = frozenset({"all", PARTNERS})

DEFAULT_GROUPS: Final[dict[str, tuple[Sector, ...]]] = {
    COUNCIL: (
        Sector.CHILDRENS_SOCIAL_CARE,
        Sector.EARLY_HELP,
        Sector.ADULT_SOCIAL_CARE,
        Sector.COUNCIL_EDUCATION,
        Sector.COUNCIL_OTHER,
        Sector.ELECTED_MEMBERS,
    ),
    "health": (
        Sector.NHS_COMMISSIONER,
        Sector.NHS_ACUTE,
        Sector.NHS_COMMUNITY,
        Sector.PRIMARY_CARE,
        Sector.AMBULANCE,
    ),
    "police_and_justice": (
        Sector.POLICE,
        Sector.PROBATION,
        Sector.YOUTH_JUSTICE,
        Sector.SECURE_SETTINGS,
        Sector.CAFCASS,
    ),
    "education_and_early_years": (Sector.SCHOOLS, Sector.COLLEGES, Sector.EARLY_YEARS),
    "voluntary_and_other": (
        Sector.DISTRICT_COUNCIL,
        Sector.HOUSING,
        Sector.FIRE_AND_RESCUE,
        Sector.VOLUNTARY,
        Sector.FAITH,
        Sector.SPORT_AND_LEISURE,
        Sector.PRIVATE_PROVIDERS,
        Sector.ARMED_FORCES,
        Sector.IMMIGRATION,
        Sector.PARTNERSHIP_UNIT,
    ),
}

DEFAULT_TITLES: Final[dict[str, str]] = {
    COUNCIL: "Council",
    PARTNERS: "All partners",
    "health": "Health",
    "police_and_justice": "Police and justice",
    "education_and_early_years": "Education and early years",
    "voluntary_and_other": "Voluntary and other partners",
}


class AnalysisSettings(BaseModel):
    """How the answers of a round are read.

    `strength_line`, `consideration_line` and `majority_line` are shares of the people who answered
    on the scale. `clear` and `indicative` are confidence levels. `k` is the fewest answers of which
    a figure may be shown, `min_agencies` the fewest agencies for a figure across agencies.
    `min_response` is the response below which the bounds decide whether anything can be said.
    `everyone_in_scope` says that everybody in scope was invited, so that the invited are a finite
    population. `council_sectors` are counted as the council; it must be made of whole sector
    groups. `expected_sectors` are named where they are silent.

    >>> AnalysisSettings().fraction("strength_line")
    Fraction(3, 5)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    strength_line: Line = "0.6"
    consideration_line: Line = "0.5"
    majority_line: Line = "0.5"
    clear: Line = "0.95"
    indicative: Line = "0.8"
    k: Annotated[int, Field(ge=10, le=11, strict=True)] = 10
    min_agencies: Annotated[int, Field(ge=3, le=20, strict=True)] = 3
    min_response: Line = "0.3"
    dont_know_flag: Line = "0.2"
    dont_know_gate: Line = "0.4"
    everyone_in_scope: Annotated[bool, Field(strict=True)] = False
    council_sectors: tuple[Sector, ...] = DEFAULT_GROUPS[COUNCIL]
    sector_groups: dict[GroupName, tuple[Sector, ...]] = Field(
        default_factory=lambda: dict(DEFAULT_GROUPS)
    )
    group_titles: dict[str, str] = Field(default_factory=lambda: dict(DEFAULT_TITLES))
    expected_sectors: tuple[Sector, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> AnalysisSettings:
        faults = [*self._line_faults(), *self._group_faults()]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _line_faults(self) -> list[str]:
        faults = []
        lines = [self.fraction(name) for name in ("consideration_line", "strength_line")]
        if lines[0] > lines[1]:
            faults.append("consideration_line should not be above strength_line")
        if self.fraction("majority_line") > lines[1]:
            faults.append("majority_line should not be above strength_line")
        if self.fraction("indicative") >= self.fraction("clear"):
            faults.append("indicative should be below clear")
        if self.fraction("dont_know_flag") >= self.fraction("dont_know_gate"):
            faults.append("dont_know_flag should be below dont_know_gate")
        return faults

    def _group_faults(self) -> list[str]:
        faults = []
        seen: dict[Sector, str] = {}
        for name, sectors in self.sector_groups.items():
            for sector in sectors:
                if sector in seen:
                    faults.append(
                        f"sector_groups: {sector.value} is in both {seen[sector]} and {name}"
                    )
                seen[sector] = name
        missing = [sector.value for sector in Sector if sector not in seen]
        if missing:
            faults.append(f"sector_groups: no group holds {', '.join(missing)}")
        council = set(self.council_sectors)
        for name, sectors in self.sector_groups.items():
            inside = council & set(sectors)
            if inside and inside != set(sectors):
                faults.append(
                    f"council_sectors: should hold all of the group {name} or none of it, "
                    "or the rest could be worked out"
                )
        if not council or council == set(Sector):
            faults.append("council_sectors: should hold some sectors and leave some to partners")
        for name in self.sector_groups:
            if name in _TAKEN:
                faults.append(f"sector_groups: {name} is the name of another group")
        for name in dict.fromkeys((COUNCIL, PARTNERS, *self.sector_groups)):
            if not self.group_titles.get(name, "").strip():
                faults.append(f"group_titles: {name} has no title")
        return faults

    def fraction(self, name: str) -> Fraction:
        """A line or threshold as an exact fraction."""
        return Fraction(getattr(self, name))

    def group_of(self, sector: Sector) -> str:
        """The name of the sector group that holds `sector`."""
        return next(name for name, held in self.sector_groups.items() if sector in held)

    def stamp(self) -> Stamp:
        """The settings as plain values, for `Summary.settings`."""
        plain: Stamp = self.model_dump(mode="json", exclude={"group_titles"})
        plain["group_titles"] = {name: [title] for name, title in self.group_titles.items()}
        return plain

    def digest(self) -> str:
        """SHA-256 of the settings, equal for equal settings however they were written."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def stamped_fraction(stamp: Mapping[str, object], name: str) -> Fraction:
    """A line or threshold as an exact fraction, from the settings stamped on a result.

    One that the stamp does not hold, because it was made before there was such a setting, has the
    value of the methods.

    >>> stamped_fraction({"strength_line": "0.7"}, "strength_line")
    Fraction(7, 10)
    """
    return Fraction(str(stamp.get(name, AnalysisSettings.model_fields[name].default)))


def load(path: Path | str) -> AnalysisSettings:
    """Settings from a YAML or JSON file. Raises InvalidSettings with every fault of the file."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(str(path), [f"cannot be read: {error}"]) from error
    try:
        content = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        place = str(error).splitlines()
        raise InvalidSettings(str(path), [f"is not YAML or JSON: {'; '.join(place)}"]) from error
    return parse({} if content is None else content, source=str(path))


def parse(content: Any, *, source: str) -> AnalysisSettings:
    """Settings from plain values. Raises InvalidSettings with every fault; `source` names them."""
    if not isinstance(content, dict):
        raise InvalidSettings(
            source, ["should be a list of settings, each with a name and a value"]
        )
    try:
        return AnalysisSettings.model_validate(content)
    except ValidationError as error:
        raise InvalidSettings(source, _faults(error)) from error


def _faults(error: ValidationError) -> list[str]:
    faults = []
    for detail in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in detail["loc"])
        for message in detail["msg"].removeprefix("Value error, ").split("\n"):
            if detail["type"] == "extra_forbidden":
                message = "is not a setting"
            faults.append(f"{place}: {message}" if place else message)
    return faults
