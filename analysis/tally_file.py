"""A file of responses straight to a tally."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.delimited import Progress
from analysis.frame import read_responses
from analysis.invited import check_responses
from analysis.tally import Tally, from_frame
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
    responses = read_responses(path, bank, progress=progress)
    if invited is not None:
        check_responses(responses.frame, invited)
    return TalliedFile(from_frame(responses.frame, bank, invited=invited), responses.notes)
