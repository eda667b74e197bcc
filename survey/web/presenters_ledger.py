"""What the ledger of a round shows: what was shown to whom, and which files were taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.tables import counted
from survey.data.ledger import HandedOut, Released
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time

AUDIENCE_WORDS = {"review_team": "The review team and the council"}
FORMAT_WORDS = {
    "csv": "CSV",
    "docx": "Word",
    "json": "JSON",
    "ods": "OpenDocument spreadsheet",
    "pdf": "PDF",
    "pptx": "PowerPoint",
    "sav": "SPSS",
    "xlsx": "Excel",
}


@dataclass(frozen=True)
class ReleaseLine:
    """A release: its number, who may see it, since when, and how much of it was new."""

    number: str
    audience: str
    since: str
    new: str


@dataclass(frozen=True)
class FileLine:
    """A file that somebody took away."""

    number: str
    kind: str
    who: str
    when: str


@dataclass(frozen=True)
class LedgerPage:
    """Everything of a round's findings that left the database."""

    head: RoundHead
    releases: tuple[ReleaseLine, ...]
    files: tuple[FileLine, ...]


def ledger_page(
    head: RoundHead, *, releases: Sequence[Released], files: Sequence[HandedOut]
) -> LedgerPage:
    """The ledger, the newest entries first."""
    return LedgerPage(
        head=head,
        releases=tuple(_release_line(one) for one in reversed(releases)),
        files=tuple(
            FileLine(
                number=f"Snapshot {one.number}",
                kind=FORMAT_WORDS.get(one.file_format, one.file_format),
                who=one.who or "by a command, or by somebody whose account is gone",
                when=date_time(one.at),
            )
            for one in reversed(files)
        ),
    )


def _release_line(one: Released) -> ReleaseLine:
    return ReleaseLine(
        number=f"Snapshot {one.number}",
        audience=AUDIENCE_WORDS.get(one.audience, one.audience.replace("_", " ")),
        since=date_time(one.shown_from),
        new=new_words(one),
    )


def new_words(one: Released) -> str:
    """How many questions of a release had new figures, and how many kept those before."""
    if not one.updated and not one.held:
        return "All figures were new"
    has = "has" if one.updated == 1 else "have"
    updated = f"{counted(one.updated, 'question')} {has} new figures"
    if not one.held:
        return updated
    return f"{updated}; {counted(one.held, 'question')} kept at those of the snapshot before"


def cost_of_reopening(releases: Sequence[Released], *, k: int) -> tuple[str, ...]:
    """What was shown so far and what that means for new figures, in sentences for whoever is
    about to open the round again.
    """
    if not releases:
        return (
            "No findings have been shown, so nothing that was shown limits what can be shown next.",
        )
    times = "once" if len(releases) == 1 else f"{len(releases)} times"
    last = releases[-1]
    held = counted(last.held, "question")
    last_words = "from " if len(releases) == 1 else "last from "
    lines = [
        f"Findings of this round have been shown {times}, {last_words}{date_time(last.shown_from)}."
    ]
    if last.held and last.updated:
        lines.append(
            f"The last time {held} of {last.held + last.updated:,} kept older figures, because too "
            "few new people had answered them."
        )
    elif last.held:
        lines.append(f"The last time {held} kept older figures.")
    lines.append(
        f"Next time a question gets new figures only where {k} or more people have "
        "answered since, in all and in each group it shows. The others keep the figures they "
        "have: set beside those, new ones would give away what a few people said."
    )
    if len(releases) > 1:
        lines.append("New figures are held against all that were shown before, not the last alone.")
    return tuple(lines)
