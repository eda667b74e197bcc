"""What the pages show from which letters, posters and blank questionnaires are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from question_banks.bank import LEVEL_TITLES, Bank, Level, in_language
from survey.actions.letters import MOST, Sheets
from survey.data.agencies import AgencyOfRound
from survey.web.presenters_rounds import RoundHead

SHEET_WORDS: tuple[tuple[str, str], ...] = (
    (Sheets.LETTERS, "Letters for everybody who has not sent answers yet"),
    (Sheets.UNNAMED, "Of those, only for people without an e-mail address"),
    (Sheets.POSTERS, "A poster or handout for each agency with an open link"),
)
SIZES = (("ordinary", "Ordinary print"), ("large", "Large print, 18 point"))


@dataclass(frozen=True)
class Part:
    """Some of the sheets, in a file of their own."""

    number: int
    words: str


@dataclass(frozen=True)
class LettersPage:
    """Where letters and posters are chosen."""

    head: RoundHead
    kinds: tuple[tuple[str, str], ...]
    sizes: tuple[tuple[str, str], ...]
    what: str
    size: str
    agencies: tuple[tuple[str, str, bool], ...]
    chosen: tuple[str, ...]
    parts: tuple[Part, ...]
    total: int


@dataclass(frozen=True)
class BlankLine:
    """A questionnaire of one level, in both sizes."""

    title: str
    ordinary: str
    large: str


@dataclass(frozen=True)
class BlanksPage:
    """The round's questionnaire to print."""

    head: RoundHead
    lines: tuple[BlankLine, ...]


@dataclass(frozen=True)
class BankBlanks:
    """A questionnaire that comes with this software."""

    id: str
    title: str
    version: str
    lines: tuple[BlankLine, ...]


def letters_page(
    head: RoundHead,
    agencies: Sequence[AgencyOfRound],
    *,
    chosen: tuple[str, ...],
    what: str,
    size: str,
    total: int = 0,
) -> LettersPage:
    """The choice of letters; with `total`, the files that so many come in."""
    return LettersPage(
        head=head,
        kinds=SHEET_WORDS,
        sizes=SIZES,
        what=what,
        size=size or "ordinary",
        agencies=tuple((one.id, one.name, one.id in chosen) for one in agencies),
        chosen=chosen,
        parts=tuple(
            Part(number, f"{start + 1} to {min(start + MOST, total)}")
            for number, start in enumerate(range(0, total, MOST), start=1)
        ),
        total=total,
    )


def blanks_page(head: RoundHead) -> BlanksPage:
    """The levels for which the round's questionnaire can be printed."""
    return BlanksPage(head=head, lines=_lines("printed.blank", slug=head.slug))


def banks_page(banks: Sequence[Bank]) -> tuple[BankBlanks, ...]:
    """The questionnaires that come with this software."""
    return tuple(
        BankBlanks(
            id=bank.id,
            title=in_language(bank.title),
            version=bank.version,
            lines=_lines("printed.bank", bank_id=bank.id),
        )
        for bank in banks
    )


def _lines(endpoint: str, **values: Any) -> tuple[BlankLine, ...]:
    choices: list[tuple[str | None, str]] = [(None, "Every level")]
    choices += [(level.value, LEVEL_TITLES[level]) for level in Level]
    return tuple(
        BlankLine(
            title=title,
            ordinary=url_for(endpoint, level=level, **values),
            large=url_for(endpoint, level=level, size="large", **values),
        )
        for level, title in choices
    )
