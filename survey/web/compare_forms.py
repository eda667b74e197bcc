"""What managers post about comparisons, read into values, with what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from analysis.compared import CIRCUMSTANCE_WORDS, CircumstanceKind
from survey.web.forms import LONGEST_REASON, Problems, message_of

LONGEST_TITLE = 200
LARGEST_FILE_BYTES = 500_000
FIRST_YEAR = 1990


@dataclass(frozen=True)
class WordingForm:
    """Whether a reworded question may be compared, and why. `comparable` is "yes", "no" or ""."""

    comparable: str = ""
    reason: str = ""
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_wording(posted: Mapping[str, str]) -> WordingForm:
    """The form to decide about a wording as posted."""
    comparable, reason = posted.get("comparable", ""), _long(posted, "reason")
    problems = []
    if comparable not in {"yes", "no"}:
        problems.append(("comparable", "Select whether the two wordings may be compared"))
    if not reason:
        problems.append(("reason", "Say why"))
    problems += _too_long("reason", reason)
    return WordingForm(comparable, reason, tuple(problems))


@dataclass(frozen=True)
class NoteForm:
    """What changed around a question between two rounds."""

    kind: str = ""
    note: str = ""
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_note(posted: Mapping[str, str]) -> NoteForm:
    """The form of a note as posted."""
    kind, note = posted.get("kind", ""), _long(posted, "note")
    problems = []
    if kind not in set(CircumstanceKind):
        problems.append(("kind", "Select what changed"))
    if not note:
        problems.append(("note", "Say in a sentence what changed"))
    problems += _too_long("note", note)
    return NoteForm(kind, note, tuple(problems))


KIND_CHOICES = tuple((kind.value, words) for kind, words in CIRCUMSTANCE_WORDS.items())


@dataclass(frozen=True)
class PublishForm:
    """Totals published elsewhere: what to call them, when, from where, and the file's bytes.

    `held_on` is the first day of the month; `data` is None where no file has been chosen. `bank`
    is the id of the questionnaire whose codes the file uses.
    """

    bank: str = ""
    title: str = ""
    month: str = ""
    year: str = ""
    source: str = ""
    data: bytes | None = None
    held_on: date | None = None
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_publish(
    posted: Mapping[str, str], *, file: bytes | None, banks: Collection[str], today: date
) -> PublishForm:
    """The form to bring in published totals as posted.

    The totals come from the file just chosen, or else from the page that showed what was read.
    """
    bank, title, source = (
        posted.get("bank", ""),
        posted.get("title", "").strip(),
        _long(posted, "source"),
    )
    month, year = posted.get("held-month", "").strip(), posted.get("held-year", "").strip()
    problems: list[tuple[str, str]] = []
    if bank not in banks:
        problems.append(("bank", "Select the questionnaire whose codes the file uses"))
    if not title:
        problems.append(("title", "Enter a name for this round"))
    elif len(title) > LONGEST_TITLE:
        problems.append(("title", f"Use {LONGEST_TITLE} characters or fewer for the name"))
    held_on = _month(month, year)
    if held_on is None:
        problems.append(("held", "Enter when people answered as a month and a year"))
    elif held_on > today:
        problems.append(("held", "People must have answered by now: check month and year"))
        held_on = None
    if not source:
        problems.append(("source", "Say where the totals come from"))
    problems += _too_long("source", source)
    data = file or posted.get("read", "").encode() or None
    if data is None:
        problems.append(("file", "Select the file with the totals"))
    elif len(data) > LARGEST_FILE_BYTES:
        problems.append(("file", "The file is too large for a table with a line for each question"))
        data = None
    return PublishForm(
        bank=bank[:80],
        title=title[: 2 * LONGEST_TITLE],
        month=month[:10],
        year=year[:10],
        source=source,
        data=data,
        held_on=held_on,
        problems=tuple(problems),
    )


def _long(posted: Mapping[str, str], name: str) -> str:
    return posted.get(name, "").replace("\r\n", "\n").strip()


def _too_long(name: str, text: str) -> list[tuple[str, str]]:
    if len(text) <= LONGEST_REASON:
        return []
    return [(name, f"Use {LONGEST_REASON:,} characters or fewer: you have used {len(text):,}")]


def _month(month: str, year: str) -> date | None:
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (month, year)):
        return None
    if not (1 <= int(month) <= 12 and int(year) >= FIRST_YEAR):
        return None
    return date(int(year), int(month), 1)
