"""The shape of a tally: sorted tables of counts, checked against each other, and as text."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.errors import InvalidTally
from question_banks.bank import Level, Sector

FORMAT: Final = "signpost-tally/2"
FORMAT_WITHOUT_PAIRS: Final = "signpost-tally/1"
"""Written and read for a tally whose co-counts are not known, so that digests made before there
were co-counts still hold."""

ALL_LEVELS: Final = ""
"""The level of an invited number that is not broken down by level."""

_SECTORS: Final = frozenset(each.value for each in Sector)
_LEVELS: Final = frozenset(each.value for each in Level)

Key = tuple[str, ...]
Counts = Mapping[Key, int]
Pairs = Mapping[Key, tuple[int, int, int, int]]

_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "cells": ("question", "agency", "level", "option"),
    "values": ("question", "agency", "level", "value"),
    "respondents": ("agency", "level"),
    "agencies": ("agency", "sector"),
    "invited": ("agency", "level"),
    "leans": ("signpost", "agency", "level", "lean"),
    "pairs": ("question", "other", "agency", "level"),
}
PAIR_COUNTS: Final = ("both", "first_favourable", "other_favourable", "both_favourable")
_COUNTS: Final[dict[str, str]] = {
    "cells": "n",
    "values": "n",
    "respondents": "n",
    "invited": "invited",
    "leans": "n",
}


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of people by question, agency and level. Rows are sorted, and none is a zero.

    `cells`: question, agency, level, option, n. For a question on a scale and a single choice
    every person is in one row: the code of the option, `_skipped` or `_not_shown`. For several
    choices there is a row for each chosen option, for a ranking one for each `code@place`; with
    either, and with a number or date, `_answered`, `_skipped` and `_not_shown` count the people.
    `values`: question, agency, level, value, n, for numbers and dates in canonical text.
    `respondents`: agency, level, n.
    `agencies`: agency, sector, for everybody invited or answering.
    `invited`: agency, level (`ALL_LEVELS` for all together), invited. No row: number not known.
    `leans`: signpost, agency, level, lean, n.
    `pairs`: question, other, agency, level, both, first_favourable, other_favourable,
    both_favourable, for each pair of scale questions of one signpost, the one asked first first:
    people with an answer on the scale to both, and of them those favourable on the first, on the
    other, and on both. No row: nobody answered both.
    `has_pairs`: whether co-counts are known. They are not where a tally was stored before there
    were any, and then `pairs` is empty.

    Two tallies are equal when they hold the same counts for the same bank.
    """

    bank_id: str
    cells: pd.DataFrame
    values: pd.DataFrame
    respondents: pd.DataFrame
    agencies: pd.DataFrame
    invited: pd.DataFrame
    leans: pd.DataFrame
    pairs: pd.DataFrame
    has_pairs: bool = True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return canonical_json(self) == canonical_json(other)

    def __hash__(self) -> int:
        return hash(canonical_json(self))


def counts_of(tally: Tally, table: str) -> Counter[Key]:
    """One table of a tally as key to count."""
    frame: pd.DataFrame = getattr(tally, table)
    keys = zip(*(frame[column].tolist() for column in _COLUMNS[table]), strict=True)
    counts = frame[_COUNTS[table]].tolist()
    return Counter(dict(zip(keys, counts, strict=True)))


def pairs_of(tally: Tally) -> dict[Key, tuple[int, int, int, int]] | None:
    """The co-counts of a tally by (question, other, agency, level); None where not known."""
    if not tally.has_pairs:
        return None
    frame = tally.pairs
    keys = zip(*(frame[column].tolist() for column in _COLUMNS["pairs"]), strict=True)
    counts = zip(*(frame[column].tolist() for column in PAIR_COUNTS), strict=True)
    return dict(zip(keys, counts, strict=True))


def build(
    bank_id: str,
    *,
    cells: Counts,
    values: Counts,
    respondents: Counts,
    agencies: Iterable[tuple[str, str]],
    invited: Counts,
    leans: Counts,
    pairs: Pairs | None,
) -> Tally:
    """A tally of sorted tables, once they have been found to fit each other.

    `pairs` is None where co-counts are not known.
    """
    sectors: dict[str, str] = {}
    for agency, sector in agencies:
        if sector not in _SECTORS:
            raise InvalidTally(f"{sector!r} of {agency!r} is not a sector.")
        if sectors.setdefault(agency, sector) != sector:
            raise InvalidTally(f"{agency!r} has two sectors, {sectors[agency]} and {sector}.")
    for table in (respondents, invited):
        for agency, level in table:
            if agency not in sectors:
                raise InvalidTally(f"{agency!r} has no sector.")
            if level not in _LEVELS and not (table is invited and level == ALL_LEVELS):
                raise InvalidTally(f"{level!r} is not a level.")
    counts = {
        "cells": cells,
        "values": values,
        "respondents": respondents,
        "invited": invited,
        "leans": leans,
    }
    return Tally(
        bank_id=bank_id,
        agencies=_table("agencies", sorted(sectors.items())),
        **{name: _counts(name, table) for name, table in counts.items()},
        pairs=_pairs(pairs or {}, respondents),
        has_pairs=pairs is not None,
    )


def _pairs(pairs: Pairs, respondents: Counts) -> pd.DataFrame:
    for key, (both, first, other, favourable) in pairs.items():
        fits = 0 <= favourable <= min(first, other) and first + other - favourable <= both
        if not fits or both > respondents.get(key[2:], 0):
            raise InvalidTally(f"The co-counts of {', '.join(key)} do not fit each other.")
    return _table("pairs", sorted((*key, *counts) for key, counts in pairs.items() if counts[0]))


def _counts(name: str, table: Counts) -> pd.DataFrame:
    for key, n in table.items():
        if n < 0:
            raise InvalidTally(f"The count of {', '.join(key)} is {n}.")
    # An agency of which nobody was invited is a fact; a count of nobody is only an absent row.
    kept = ((key, n) for key, n in table.items() if n or name == "invited")
    return _table(name, sorted((*key, int(n)) for key, n in kept))


def _table(name: str, rows: Sequence[tuple[str | int, ...]]) -> pd.DataFrame:
    keys = _COLUMNS[name]
    held = list(zip(*rows, strict=True)) or [()] * (len(keys) + len(PAIR_COUNTS))
    columns: dict[str, object] = {
        column: pd.array(held[i], dtype="str") for i, column in enumerate(keys)
    }
    counted = PAIR_COUNTS if name == "pairs" else (_COUNTS[name],) if name in _COUNTS else ()
    for i, column in enumerate(counted, start=len(keys)):
        columns[column] = np.array(held[i], dtype=np.int64)
    return pd.DataFrame(columns, copy=False)


def canonical_json(tally: Tally) -> str:
    """The tally as text: the same for the same counts, whatever the order they came in."""
    tables = {
        name: _sorted_rows(getattr(tally, name))
        for name in _COLUMNS
        if name != "pairs" or tally.has_pairs
    }
    form = FORMAT if tally.has_pairs else FORMAT_WITHOUT_PAIRS
    return json.dumps(
        {"format": form, "bank_id": tally.bank_id} | tables,
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )


def _sorted_rows(table: pd.DataFrame) -> list[tuple[str | int, ...]]:
    # Sorting costs next to nothing where rows are in order, as `build` puts them.
    return sorted(zip(*(table[column].tolist() for column in table.columns), strict=True))


def from_json(text: str) -> Tally:
    """The tally that `canonical_json` wrote. Raises InvalidTally for any other text."""
    try:
        stored = json.loads(text)
        if stored["format"] not in (FORMAT, FORMAT_WITHOUT_PAIRS):
            raise InvalidTally(f"A tally of format {stored['format']!r} cannot be read.")
        counters = {name: _stored(name, stored[name]) for name in _COUNTS}
        agencies = [(str(agency), str(sector)) for agency, sector in stored["agencies"]]
        bank_id = str(stored["bank_id"])
        pairs = _stored_pairs(stored["pairs"]) if stored["format"] == FORMAT else None
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidTally("This is not a stored tally.") from error
    return build(bank_id, agencies=agencies, pairs=pairs, **counters)


def _stored(name: str, rows: list[list[str | int]]) -> dict[Key, int]:
    table: dict[Key, int] = {}
    for *key, n in rows:
        if len(key) != len(_COLUMNS[name]) or not isinstance(n, int):
            raise ValueError(name)
        table[tuple(str(part) for part in key)] = n
    return table


def _stored_pairs(rows: list[list[str | int]]) -> dict[Key, tuple[int, int, int, int]]:
    table: dict[Key, tuple[int, int, int, int]] = {}
    for question, other, agency, level, *counts in rows:
        both, first, second, favourable = (n for n in counts if isinstance(n, int))
        table[str(question), str(other), str(agency), str(level)] = (
            both,
            first,
            second,
            favourable,
        )
    return table


def digest(tally: Tally) -> str:
    """The SHA-256 of the canonical text, by which two results are known to rest on equal counts."""
    return hashlib.sha256(canonical_json(tally).encode()).hexdigest()
