"""A release after another: which questions may have new figures, and which must keep the old.

Two releases of one round differ by the people who answered in between. Where those are few, the
difference of two published figures is theirs alone. Each question is either *updated*, or *held*:
shown exactly as in the release before, so that nothing new is told about it. The rule and what it
does not protect are in docs/methods.md, "A release after another".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.errors import InvalidTally
from analysis.released_history import History
from analysis.released_results import with_earlier_results
from analysis.result import Summary
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from analysis.tally import Tally
from question_banks.bank import Bank


@dataclass(frozen=True)
class Release:
    """What was released before: the gated result, and the tally behind what it shows.

    The tally is the one that `next_release` gave, in which a held question has the answers of the
    release that it is shown from.
    """

    tally: Tally
    summary: Summary


@dataclass(frozen=True)
class NextRelease(Release):
    """A new release: `updated`, `held` and `lessened` are codes of questions.

    A question is updated when it shows answers that came since; one that nobody new answered is
    neither updated nor held. `lessened` are shown with less than they might be alone.
    """

    updated: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    lessened: tuple[str, ...] = ()


def next_release(
    after: Tally,
    earlier: Sequence[Release],
    *,
    bank: Bank,
    settings: AnalysisSettings,
    source: str,
) -> NextRelease | None:
    """The release of `after` that isolates nobody beside all the `earlier` ones, the oldest first.

    None where no new answer may be shown: the last release stays in force. `after` must hold
    everybody of the earlier ones. With no earlier release the result is what
    `analysis.summary.summarise` makes. Raises InvalidTally where one is of another bank.
    """
    alone = summarise(after, bank, settings=settings, source=source)
    if not earlier:
        return NextRelease(after, alone)
    if any(release.summary.bank.digest != alone.bank.digest for release in earlier):
        raise InvalidTally("An earlier release is of another bank, so the two cannot be compared.")
    history = History(after, [(release.tally, release.summary) for release in earlier], bank=bank)
    plan = {
        code: history.least_withheld(result, settings=settings)
        for code, result in alone.questions().items()
    }
    last = earlier[-1]
    held = {code for code, less in plan.items() if less is None}
    if history.changed and history.changed <= held:
        return None
    kept = history.kept_signposts(alone, held)
    tally = _with_answers_of(after, last.tally, held=held, signposts=kept)
    withheld = {code: less for code, less in plan.items() if less}
    summary = alone
    if held or kept or withheld:
        summary = summarise(tally, bank, settings=settings, source=source, withheld=withheld)
    updated = history.changed - held
    return NextRelease(
        tally,
        with_earlier_results(
            summary,
            last.summary,
            tried=alone,
            held=held,
            signposts=kept,
            updated=len(updated),
            lessened=len(withheld),
        ),
        updated=tuple(code for code in plan if code in updated),
        held=tuple(code for code in plan if code in held),
        lessened=tuple(withheld),
    )


def _with_answers_of(
    after: Tally, before: Tally, *, held: Collection[str], signposts: Collection[str]
) -> Tally:
    """The tally with the earlier answers to some questions, and leans on some signposts."""

    def mixed(table: str, columns: Sequence[str], kept: Collection[str]) -> pd.DataFrame:
        later: pd.DataFrame = getattr(after, table)
        first: pd.DataFrame = getattr(before, table)
        rows = pd.concat(
            [
                later[~later[list(columns)].isin(kept).any(axis=1)],
                first[first[list(columns)].isin(kept).any(axis=1)],
            ]
        )
        keys = [column for column in rows.columns if rows[column].dtype == "str"]
        return rows.sort_values(keys, ignore_index=True)

    return replace(
        after,
        cells=mixed("cells", ["question"], held),
        values=mixed("values", ["question"], held),
        leans=mixed("leans", ["signpost"], signposts),
        pairs=mixed("pairs", ["question", "other"], held),
        has_pairs=after.has_pairs and before.has_pairs,
    )
