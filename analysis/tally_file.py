"""A file of responses straight to a tally, of which no more than some rows are held at a time.

A large file in good order is read the quick way (`analysis.tally_blocks`). If anything is not
plainly in order the file is read again the careful way (`analysis.delimited`), which tells every
fault with its row and column. Both ways end in the same readers and the same counting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.delimited import FaultList, Progress, find_heading
from analysis.errors import InvalidTally
from analysis.frame import careful_lots, notes_of, reader_of
from analysis.invited import check_responses
from analysis.tally import Tally
from analysis.tally_blocks import NoFaults, Puzzled, read_blocks, without_blank_rows
from analysis.tally_columns import Lot, routed, watched_questions
from analysis.tally_counter import Counting
from analysis.tally_long import LongReader, is_long
from analysis.tally_readers import IDENTIFIER, HashedIdentities, WideReader
from analysis.tally_tables import ALL_LEVELS
from question_banks.bank import Bank


@dataclass(frozen=True)
class TalliedFile:
    """The tally of a file. `notes` says in whole sentences what was left out or looks odd."""

    tally: Tally
    notes: tuple[str, ...]


def tally_file(
    path: Path | str,
    bank: Bank,
    *,
    invited: pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> TalliedFile:
    """Count a file of responses.

    Args:
        path: a CSV file in UTF-8, wide or long.
        bank: the question bank its answers are to.
        invited: the numbers invited, as `analysis.invited.read_invited` gives them.
        progress: called now and then with bytes read and bytes in all.

    Raises:
        FaultyFile: anything is wrong, or the responses cannot have come from those invited; all of
            it is listed. Nothing is taken from such a file.
    """
    try:
        return _quickly(path, bank, invited, progress)
    except Puzzled:
        return _carefully(path, bank, invited, progress)


class _Rows:
    """Counts responses as they come, and remembers what is to be said of them at the end."""

    def __init__(self, bank: Bank, lacking: str) -> None:
        self._bank = bank
        self._lacking = lacking
        self._watched = watched_questions(bank)
        self._counting = Counting(bank)
        self._present: set[str] = set()
        self._left_out: Counter[str] = Counter()

    def add(self, lots: Iterable[Lot]) -> None:
        """Count more responses, in which there is no fault."""
        for lot in lots:
            on_path, left_out = routed(self._bank, lot.columns, watched=self._watched)
            self._counting.add(on_path)
            self._present.update(lot.columns)
            self._left_out += left_out

    def tallied(self, invited: pd.DataFrame | None) -> TalliedFile:
        """The tally of all responses, and notes."""
        notes = notes_of(self._bank, self._present, self._left_out, lacking=self._lacking)
        return TalliedFile(self._counting.tally(invited), notes)


def _quickly(
    path: Path | str, bank: Bank, invited: pd.DataFrame | None, progress: Progress | None
) -> TalliedFile:
    """Count a file in good order; raises Puzzled for any other."""
    faults = NoFaults()
    identities = HashedIdentities(faults)
    reader: WideReader | LongReader
    if is_long(find_heading(path), bank):
        reader = LongReader(bank, faults)
    else:
        reader = WideReader(bank, faults, identities)
    rows = _Rows(bank, reader.lacking)
    found = 0
    for block in read_blocks(
        path,
        required=reader.required,
        allowed=reader.allowed,
        is_text=reader.is_text,
        progress=progress,
    ):
        held = without_blank_rows(block, by=IDENTIFIER)
        found += len(held.rows)
        if held.rows:
            rows.add(reader.take(held))
    if not found:
        raise Puzzled("no rows")
    rows.add(reader.finish())
    identities.finish()
    try:
        tallied = rows.tallied(invited)
    except InvalidTally as error:
        raise Puzzled("not as invited") from error
    if invited is not None and not _fits(tallied.tally, invited):
        raise Puzzled("not as invited")
    return tallied


def _carefully(
    path: Path | str, bank: Bank, invited: pd.DataFrame | None, progress: Progress | None
) -> TalliedFile:
    """Count a file, or say what is wrong with it."""
    faults = FaultList()
    reader = reader_of(path, bank, faults)
    rows = _Rows(bank, reader.lacking)
    places: list[pd.DataFrame] = []
    for lot in careful_lots(path, reader, faults=faults, progress=progress):
        rows.add([lot])
        if invited is not None:
            held = {name: lot.columns[name].objects() for name in ("agency", "sector", "level")}
            places.append(pd.DataFrame(held, index=pd.Index(lot.rows)))
    if places and invited is not None:
        check_responses(pd.concat(places), invited)
    return rows.tallied(invited)


def _fits(tally: Tally, invited: pd.DataFrame) -> bool:
    """Whether `check_responses` would find no fault; sectors fit, or there would be no tally."""
    numbers = {
        (agency, level): number
        for agency, level, number in zip(
            invited["agency"], invited["level"], invited["invited"], strict=True
        )
    }
    by_level = {agency for agency, level in numbers if level != ALL_LEVELS}
    answered: Counter[tuple[str, str]] = Counter()
    for agency, level, n in zip(
        *(tally.respondents[name] for name in ("agency", "level", "n")), strict=True
    ):
        answered[agency, level if agency in by_level else ALL_LEVELS] += n
    known = {agency for agency, _ in numbers}
    return all(
        agency in known and (pd.isna(number := numbers.get((agency, level), 0)) or n <= number)
        for (agency, level), n in answered.items()
    )
