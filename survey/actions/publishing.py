"""Bringing in the published totals of a round that was run elsewhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from analysis.published import (
    BASE,
    FAVOURABLE,
    PERCENT,
    QUESTION,
    PublishedTotal,
    PublishedTotals,
    read_published,
)
from question_banks.bank import Bank
from question_banks.loader import bank_digest, bank_from_json, bank_to_json
from survey.data import audit, comparing, published
from survey.data.audit import AuditAction
from survey.data.comparing import End
from survey.data.published import PublishedRef, TotalRow
from survey.errors import SurveyError

LONGEST_TITLE = 200
LONGEST_SOURCE = 2000


class InvalidPublishedRound(SurveyError):
    """Published totals cannot be brought in like this; `field` says which entry is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def read_totals(bank: Bank, data: bytes) -> tuple[PublishedTotal, ...]:
    """The totals in a file's bytes. Raises FaultyFile with every fault; nothing is kept."""
    with TemporaryDirectory(prefix="signpost-published-") as folder:
        path = Path(folder) / "totals.csv"
        path.write_bytes(data)
        return read_published(path, bank)


def totals_as_csv(totals: Sequence[PublishedTotal]) -> str:
    """The same totals as the text of a file that `read_totals` reads."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([QUESTION, BASE, FAVOURABLE, PERCENT])
    for total in totals:
        cells = (total.question, total.base, total.favourable, total.percent)
        writer.writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()


def import_published(
    session: Session,
    *,
    council_id: str,
    review_id: str,
    bank: Bank,
    title: str,
    source: str,
    held_on: date,
    totals: Sequence[PublishedTotal],
    account_id: str | None,
    now: datetime,
) -> str:
    """Stores a published round and returns its id; `held_on` is any day of its month.

    Raises InvalidPublishedRound without a title, source or totals, or with a title in use.
    """
    title, source = title.strip(), source.strip()
    for field, text, longest in (
        ("title", title, LONGEST_TITLE),
        ("source", source, LONGEST_SOURCE),
    ):
        if not text:
            raise InvalidPublishedRound(field, f"The {field} is missing.")
        if len(text) > longest:
            raise InvalidPublishedRound(field, f"The {field} has more than {longest} characters.")
    if not totals:
        raise InvalidPublishedRound("file", "The file holds no totals.")
    if held_on > now.date():
        raise InvalidPublishedRound("held", "People must have answered by now.")
    if published.is_title_taken(session, review_id=review_id, title=title):
        raise InvalidPublishedRound("title", "There is a published round of that name already.")
    made = published.add_published(
        session,
        review_id=review_id,
        title=title,
        source=source,
        held_on=held_on.replace(day=1),
        bank_id=bank.id,
        bank_digest=bank_digest(bank),
        bank_json=bank_to_json(bank),
        totals=[
            TotalRow(total.question, total.base, total.favourable, total.percent)
            for total in totals
        ],
        account_id=account_id,
        at=now,
    )
    audit.record(
        session,
        action=AuditAction.PUBLISHED_IMPORTED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"questions": len(totals), "bank": bank.id},
    )
    return made


def remove_published(
    session: Session,
    ref: PublishedRef,
    *,
    council_id: str,
    account_id: str | None,
    now: datetime,
) -> None:
    """Deletes a published round, and the comparisons in which it stands."""
    comparing.delete_comparisons_with(session, End(published_id=ref.id))
    published.delete_published(session, published_id=ref.id)
    audit.record(
        session,
        action=AuditAction.PUBLISHED_REMOVED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"questions": ref.questions, "bank": ref.bank_id},
    )


def published_totals(session: Session, ref: PublishedRef) -> PublishedTotals:
    """A published round as the analysis takes it."""
    bank = bank_from_json(published.get_published_bank_json(session, published_id=ref.id))
    return PublishedTotals(
        title=ref.title,
        source=ref.source,
        bank=bank,
        when=month_of(ref.held_on),
        totals=tuple(
            PublishedTotal(row.question, row.base, row.favourable, row.percent)
            for row in published.list_totals(session, published_id=ref.id)
        ),
    )


def month_of(day: date) -> str:
    """The month of a day as people say it, such as `March 2024`."""
    return f"{day:%B %Y}"
