"""How many people of an agency are invited: what a forecast is made from, and light to load."""

from __future__ import annotations

from dataclasses import dataclass

from question_banks.bank import Sector


@dataclass(frozen=True)
class AgencySize:
    """An agency of the round and how many of it are invited."""

    sector: Sector
    invited: int
