"""Loading what a review team's pages of agency returns show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from question_banks.bank import BankKind
from survey.actions import agency_voices, return_reading
from survey.actions.return_reading import SignedReturn
from survey.actions.returns_signing import missing_of
from survey.clock import now
from survey.data import return_extensions, returns, round_returns, snapshots
from survey.data.return_extensions import ReturnExtension
from survey.data.returns import ReturnItem
from survey.data.round_returns import RoundReturn
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound
from survey.extensions import db
from survey.web import presenters_return_review as presenters
from survey.web import presenters_rounds, round_pages
from survey.web.access import may_open
from survey.web.presenters_return_review import ReturnPage, ReturnsPage
from survey.web.returns_forms import DateEntry


def list_given(item: RoundOfCouncil) -> list[RoundReturn]:
    """The agencies that answer as one in a round, and how far each is."""
    everybody = round_pages.bank_of(item).kind is BankKind.AGENCY_RETURN
    return round_returns.list_round_returns(
        db.session(), round_id=item.round.id, everybody=everybody
    )


def get_given(item: RoundOfCouncil, return_id: str) -> RoundReturn:
    """One return of a round. Raises NotFound."""
    return round_returns.get_round_return(db.session(), round_id=item.round.id, return_id=return_id)


def get_item(given: RoundReturn) -> ReturnItem:
    """The return itself, for what is done with it. Raises NotFound."""
    found = returns.find_return(db.session(), return_id=given.return_id)
    if found is None:
        raise NotFound("There is no such return.")
    return found


def returns_page(item: RoundOfCouncil) -> ReturnsPage:
    """The list of a round's returns."""
    session, given = db.session(), list_given(item)
    late: list[RoundReturn] = []
    if round_pages.is_closed(item):
        snapshot = snapshots.find_latest(session, round_id=item.round.id)
        if snapshot is not None:
            summary = snapshots.get_summary(session, snapshot_id=snapshot.id)
            late = agency_voices.list_late(given, summary=summary)
    return presenters.returns_page(
        presenters_rounds.head(item, now=now()),
        given,
        closes_at=item.round.closes_at_utc,
        answered=round_returns.count_answers(session, round_id=item.round.id),
        waiting=return_extensions.list_waiting(session, round_id=item.round.id),
        late={one.return_id for one in late},
        now=now(),
    )


def return_page(item: RoundOfCouncil, return_id: str) -> ReturnPage:
    """One return: how far it is, or what was signed."""
    session, given = db.session(), get_given(item, return_id)
    signed = read(item, given) if given.signed is not None else None
    missing = 0
    if not given.is_signed:
        ours = (None, item.round.id)
        missing = sum(one.section.round_id in ours for one in missing_of(session, get_item(given)))
    answered = round_returns.count_answers(session, round_id=item.round.id)
    return presenters.return_page(
        presenters_rounds.head(item, now=now()),
        given,
        closes_at=item.round.closes_at_utc,
        answered=answered.get(return_id, 0),
        missing=missing,
        signed=signed,
        extensions=return_extensions.list_extensions(
            session, return_id=return_id, round_id=item.round.id
        ),
        may_send_back=may_open("return_review.send_back") and get_item(given).may_be_signed(now()),
        now=now(),
    )


def read(item: RoundOfCouncil, given: RoundReturn) -> SignedReturn:
    """A return as it was last signed. Raises NotFound where it never was."""
    return return_reading.read(db.session(), given, round_=item.round)


def read_all(item: RoundOfCouncil) -> list[SignedReturn]:
    """Every return of a round that was signed, by agency."""
    return [read(item, given) for given in list_given(item) if given.signed is not None]


@dataclass(frozen=True)
class ExtensionForm:
    """What a review manager says to a request for more time."""

    choice: str = ""
    until: DateEntry = field(default_factory=DateEntry)
    answer: str = ""
    problems: tuple[tuple[str, str], ...] = ()

    def message(self, name: str) -> str | None:
        """What is wrong with a field, or with one of the boxes of a date; or None."""
        return next(
            (words for at, words in self.problems if at == name or at.startswith(f"{name}-")),
            None,
        )


def waiting_of(item: RoundOfCouncil, given: RoundReturn) -> ReturnExtension | None:
    """The request of a return that the council has yet to answer, or None."""
    return return_extensions.find_waiting(
        db.session(), return_id=given.return_id, round_id=item.round.id
    )


def first_form(asked: ReturnExtension) -> ExtensionForm:
    """The form with the day asked for."""
    return ExtensionForm(until=DateEntry.of(asked.until))


def file_name(item: RoundOfCouncil, ending: str, *, today: date) -> str:
    """The name of a file of a round's returns."""
    return f"{item.round.slug}-agency-returns-{today.isoformat()}.{ending}"
