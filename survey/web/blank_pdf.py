"""A questionnaire on paper as a tagged PDF, in ordinary or large print.

It shows what the page of all the questions shows. Options are numbered as on the page on which
paper answers are entered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from question_banks.bank import LEVEL_HINTS, LEVEL_TITLES, Bank, Level, in_language
from survey.data.rounds import RoundOfCouncil
from survey.web.presenting import date_time
from survey.web.question_form import Field
from survey.web.respond_pages import blank_parts

HOW: dict[str, str] = {
    "scale": "Tick one box.",
    "single_choice": "Tick one box.",
    "several_choices": "Tick every box that applies.",
    "ranking": "Write 1 beside the most important, 2 beside the next, and so on.",
}


@dataclass(frozen=True)
class BlankHead:
    """What stands above and below the questions. A bank that no round asks has no round's words."""

    title: str
    author: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    foot: str


def head_of_round(item: RoundOfCouncil) -> BlankHead:
    """The head of a round's own questionnaire."""
    round_ = item.round
    return BlankHead(
        title=round_.title,
        author=item.council.name,
        before=(
            (
                f"{item.council.name} has invited peers from elsewhere to look at how local "
                "agencies work together. Please answer from your own work, and return this paper "
                f"by {date_time(round_.closes_at_utc)}. Questions: {round_.contact}."
            ),
            (
                "Answers are counted with other people’s: nobody is shown yours alone, but whoever "
                "types them in sees them. Do not write your name, and do not name or describe a "
                "child or a colleague."
            ),
            (
                "This is not a referral. If you are worried about a child now, contact "
                f"{round_.urgent_contact}."
            ),
        ),
        after=("Thank you. Please return it as you were asked.",),
        foot=f"{item.council.name}: {round_.title}",
    )


def head_of_bank(bank: Bank) -> BlankHead:
    """The head of a questionnaire that no round asks yet, to look at or to try out."""
    title = in_language(bank.title)
    return BlankHead(
        title=title,
        author="Signpost",
        before=(
            (
                f"It asks about {in_language(bank.purpose)}. This is a copy to look at (version "
                f"{bank.version}); answers on it are not collected."
            ),
        ),
        after=(),
        foot=f"{title}, version {bank.version}",
    )


def blank_pdf(
    bank: Bank, head: BlankHead, *, level: Level | None, large: bool, on: date | datetime
) -> bytes:
    """The questionnaire of a level, or of every level with a question of which one it is."""
    from analysis.export.pdf import typeset

    payload = _payload(bank, head, level=level, large=large)
    payload["date"] = [on.year, on.month, on.day]
    return typeset(_template(), payload, dated=date(on.year, on.month, on.day))


@cache
def _template() -> bytes:
    return Path(__file__).with_name("blank.typ").read_bytes()


def _payload(bank: Bank, head: BlankHead, *, level: Level | None, large: bool) -> dict[str, Any]:
    parts = blank_parts(bank, level)
    numbers = iter(range(1, 10_000))
    said = f"The questions for: {LEVEL_TITLES[level]}." if level else ""
    has_comments = any(
        field.is_comment for part in parts for _, fields in part.topics for field in fields
    )
    return {
        "title": head.title,
        "author": head.author,
        "large": large,
        "foot": head.foot,
        "before": [*head.before, *([said] if said else [])],
        "after": list(head.after),
        "level-question": "Where do you work?",
        "level-how": "Tick one box. Leave out questions that are not about your work.",
        "levels": [] if level else _levels(),
        "parts": [
            {
                "title": part.title,
                "summary": part.summary,
                "topics": [
                    {"title": title, "fields": [_field(field, next(numbers)) for field in fields]}
                    for title, fields in part.topics
                ],
            }
            for part in parts
        ],
        "quote-title": "May the reviewers quote your comments?",
        "quote": "They never give your name or your agency. People who know you may still "
        "recognise your words."
        if has_comments
        else "",
        "quote-options": [{"label": "Yes, my comments may be quoted", "hint": ""}],
    }


def _levels() -> list[dict[str, str]]:
    return [{"label": LEVEL_TITLES[level], "hint": LEVEL_HINTS[level]} for level in Level]


def _field(field: Field, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "type": field.type,
        "text": field.text,
        "guidance": field.guidance,
        "how": HOW.get(field.type, ""),
        "unit": field.unit,
        "options": [{"label": option.label, "hint": option.hint} for option in field.options],
    }


def file_name(stem: str, *, level: Level | None, large: bool) -> str:
    """A name for the file that says what it is."""
    parts: Sequence[str] = (stem, level.value if level else "all-levels", "large" if large else "")
    return "-".join(part.replace("_", "-") for part in parts if part) + ".pdf"
