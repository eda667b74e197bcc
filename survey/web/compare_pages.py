"""Loading what the pages of comparisons show, and checking totals brought in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from analysis.compared import Comparison
from analysis.errors import FaultyFile
from analysis.export import Format, file_title, list_formats
from analysis.export.letter import Letter
from question_banks.bank import Bank
from survey.actions import comparing as actions
from survey.actions import publishing
from survey.actions.publishing import InvalidPublishedRound
from survey.clock import now
from survey.data import comparing, published
from survey.data.banks import get_bank
from survey.data.comparing import ComparisonRow
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound
from survey.extensions import db
from survey.web import (
    presenters_choose,
    presenters_compare,
    presenters_compare_question,
    presenters_rounds,
    results_pages,
    round_pages,
)
from survey.web.compare_forms import PublishForm
from survey.web.forms import Problems
from survey.web.presenters_choose import ChoosePage, PublishedPage
from survey.web.presenters_compare import ComparisonPage
from survey.web.presenters_compare_question import QuestionPage, StepPage
from survey.web.presenters_findings import FileChoice
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import LONDON

FILES = tuple(
    FileChoice(each.value, file_title(each, kind=Comparison)) for each in list_formats(Comparison)
)
"""The files of a comparison that can be asked for."""


@dataclass(frozen=True)
class PublishPage:
    """The page to bring in published totals: the questionnaires its codes may belong to."""

    head: RoundHead
    banks: tuple[tuple[str, str], ...]
    empty: PublishForm


@dataclass(frozen=True)
class Checked:
    """What a file of published totals held, or everything wrong with it and with the form.

    `fields` are what the page that shows it posts again to have it stored.
    """

    problems: Problems
    faults: tuple[str, ...] = ()
    read: PublishedPage | None = None
    fields: tuple[tuple[str, str], ...] = ()
    kept: str = ""
    """The totals of a good file, kept while something else is put right."""


def _head(item: RoundOfCouncil) -> RoundHead:
    return presenters_rounds.head(item, now=now())


def choose_page(item: RoundOfCouncil, *, chosen: Collection[str] | None = None) -> ChoosePage:
    """What the page of choices shows."""
    session, council_id = db.session(), item.council.id
    return presenters_choose.choose_page(
        _head(item),
        choices=actions.list_choices(session, council_id=council_id),
        chosen=chosen,
        published=published.list_published(session, council_id=council_id),
        made=comparing.list_comparisons(session, council_id=council_id),
    )


def load(item: RoundOfCouncil, comparison_id: str) -> ComparisonRow:
    """A comparison of the round's council. Raises NotFound, or NotAllowedNow with an open round."""
    return actions.get_open_comparison(
        db.session(), council_id=item.council.id, comparison_id=comparison_id
    )


def comparison_page(item: RoundOfCouncil, comparison_id: str) -> ComparisonPage:
    """What the page of a comparison shows."""
    return presenters_compare.comparison_page(_head(item), load(item, comparison_id))


def question_page(item: RoundOfCouncil, comparison_id: str, code: str) -> QuestionPage:
    """What the page of a question shows. Raises NotFound."""
    row = load(item, comparison_id)
    notes = comparing.list_notes(db.session(), council_id=item.council.id)
    page = presenters_compare_question.question_page(_head(item), row, code, notes=notes)
    if page is None:
        raise NotFound("There is no such question in this comparison.")
    return page


def step_page(item: RoundOfCouncil, comparison_id: str, code: str, after: str) -> StepPage:
    """What the page of a form on one question's step shows. Raises NotFound."""
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 3 else -1
    row = load(item, comparison_id)
    page = presenters_compare_question.step_page(_head(item), row, code, place)
    if page is None:
        raise NotFound("There is no such question in this comparison.")
    return page


def publish_page(item: RoundOfCouncil) -> PublishPage:
    """What the page to bring in totals shows; the round's own questionnaire is chosen."""
    session = db.session()
    banks = comparing.list_banks(session, council_id=item.council.id)
    titles = tuple(
        (
            bank.bank_id,
            round_pages.title_of(
                get_bank(session, round_id=bank.round_id, digest=bank.bank_digest)
            ),
        )
        for bank in banks
    )
    return PublishPage(_head(item), titles, PublishForm(bank=item.round.bank_id))


def check_totals(item: RoundOfCouncil, form: PublishForm) -> Checked:
    """Reads the form's file; every fault of it is listed, and nothing is stored."""
    bank = _bank(item, form.bank)
    if form.data is None or bank is None:
        return Checked(form.problems)
    try:
        totals = publishing.read_totals(bank, form.data)
    except FaultyFile as error:
        faults = [str(fault) for fault in error.faults]
        if error.uncounted:
            faults.append(f"and {error.uncounted} more")
        return Checked(
            (*form.problems, ("faults", "The file cannot be used: see what is wrong with it")),
            faults=tuple(faults),
        )
    kept = publishing.totals_as_csv(totals)
    if form.problems or form.held_on is None:
        return Checked(form.problems, kept=kept)
    read = presenters_choose.published_page(
        _head(item),
        id_="",
        title=form.title,
        when=publishing.month_of(form.held_on),
        source=form.source,
        bank=bank,
        totals=totals,
    )
    fields = (
        ("title", form.title),
        ("held-month", form.month),
        ("held-year", form.year),
        ("source", form.source),
        ("bank", form.bank),
        ("read", kept),
    )
    return Checked((), read=read, fields=fields, kept=kept)


def _bank(item: RoundOfCouncil, bank_id: str) -> Bank | None:
    session = db.session()
    for bank in comparing.list_banks(session, council_id=item.council.id):
        if bank.bank_id == bank_id:
            return get_bank(session, round_id=bank.round_id, digest=bank.bank_digest)
    return None


def store_totals(
    item: RoundOfCouncil,
    form: PublishForm,
    *,
    account_id: str,
    council_id: str,
    now: datetime,
) -> Problems:
    """Stores what was read, or says what is in the way, such as a name that is taken."""
    bank = _bank(item, form.bank)
    if bank is None or form.data is None or form.held_on is None:
        raise NotFound("There is no such questionnaire.")
    try:
        publishing.import_published(
            db.session(),
            council_id=council_id,
            review_id=item.review.id,
            bank=bank,
            title=form.title,
            source=form.source,
            held_on=form.held_on,
            totals=publishing.read_totals(bank, form.data),
            account_id=account_id,
            now=now,
        )
    except InvalidPublishedRound as error:
        return ((error.field, str(error)),)
    return ()


def published_page(item: RoundOfCouncil, published_id: str) -> PublishedPage:
    """What the page of published totals shows. Raises NotFound."""
    session = db.session()
    ref = published.get_published(session, council_id=item.council.id, published_id=published_id)
    held = publishing.published_totals(session, ref)
    return presenters_choose.published_page(
        _head(item),
        id_=ref.id,
        title=ref.title,
        when=held.when,
        source=ref.source,
        bank=held.bank,
        totals=held.totals,
    )


def remove(
    item: RoundOfCouncil, published_id: str, *, account_id: str, council_id: str, now: datetime
) -> None:
    """Removes published totals. Raises NotFound."""
    session = db.session()
    ref = published.get_published(session, council_id=council_id, published_id=published_id)
    publishing.remove_published(session, ref, council_id=council_id, account_id=account_id, now=now)


def letter(item: RoundOfCouncil, made_at: datetime) -> Letter:
    """What a file says beside the figures: whose they are, and when they were worked out."""
    return Letter(
        council=item.council.name,
        review_title=item.review.title,
        round_title=item.round.title,
        dated=made_at.astimezone(LONDON).date(),
    )


def file_name(item: RoundOfCouncil, words: str, file_format: Format) -> str:
    """A name for a file that says whose it is and what it holds."""
    return results_pages.named(f"{item.council.name} {item.round.title} {words}", file_format)


def format_asked(text: str) -> Format:
    """The format of that name. Raises NotFound for any other, or one comparisons do not have."""
    chosen = results_pages.format_asked(text)
    if chosen not in list_formats(Comparison):
        raise NotFound("There is no file of that kind.")
    return chosen
