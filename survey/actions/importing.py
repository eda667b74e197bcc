"""Bringing in a round that was collected elsewhere: read and checked whole, stored whole or not.

The files are read by `analysis`, so that what is stored gives the figures the file gives. Loads
pandas, so only a command imports this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import pandas as pd
from sqlalchemy.orm import Session

from analysis.comments import flag
from analysis.delimited import Progress
from analysis.errors import Fault, FaultyFile
from analysis.frame import Record, Responses, read_responses
from analysis.invited import check_responses, read_invited
from question_banks.answers import to_cell
from question_banks.bank import Bank, LongTextQuestion, ShortTextQuestion
from survey.actions.inviting import agencies_of_round, known_otherwise
from survey.data import agencies, audit, coverage, imported, rounds
from survey.data.audit import AuditAction
from survey.data.banks import get_bank
from survey.data.imported import NewResponse
from survey.data.responses import NewComment
from survey.data.rounds import RoundOfCouncil, RoundState, state_of
from survey.errors import NotAllowedNow

AT_ONCE = 500
"""Responses written by one statement."""

Stored = Callable[[int], None]
"""Called with how many responses have been stored so far."""


@dataclass(frozen=True)
class Import:
    """Two files that have been read and fit each other and the bank; `invited` may be missing."""

    responses: Responses
    invited: pd.DataFrame | None

    @property
    def count(self) -> int:
        """How many responses there are."""
        return len(self.responses.frame)


@dataclass(frozen=True)
class Imported:
    """What was brought in: responses, comments that wait to be read, agencies not known before."""

    responses: int
    comments: int
    new_agencies: tuple[str, ...]


def read_import(
    bank: Bank, *, responses: Path, invited: Path | None, progress: Progress | None = None
) -> Import:
    """Reads both files. Raises FaultyFile with every fault of the first file that has any."""
    read = read_responses(responses, bank, progress=progress)
    numbers = read_invited(invited) if invited is not None else None
    if numbers is not None:
        check_responses(read.frame, numbers)
    return Import(read, numbers)


def bank_of(session: Session, found: RoundOfCouncil) -> Bank:
    """The bank the round asks."""
    return get_bank(session, round_id=found.round.id, digest=found.round.bank_digest)


def require_importable(
    session: Session, found: RoundOfCouncil, *, adding: bool, now: datetime
) -> None:
    """Refuses a round that is closed, and one that has responses unless they are to be added to.

    Raises NotAllowedNow.
    """
    round_ = rounds.lock_for_change(session, round_id=found.round.id)
    if state_of(round_, now) is RoundState.SETTING_UP:
        raise NotAllowedNow("The round is being set up. Launch it before you import into it.")
    if state_of(round_, now) is RoundState.CLOSED:
        raise NotAllowedNow("The round is closed. Open it again, with a reason, to import into it.")
    if state_of(round_, now) is RoundState.WITHDRAWN:
        raise NotAllowedNow("The round was withdrawn, so nothing is imported into it.")
    if not adding and (there := coverage.count_responses(session, round_id=round_.id)):
        raise NotAllowedNow(
            f"The round has {there} responses already. With --add the file is added to them; make "
            "sure that it does not bring in the same people again."
        )


def store(
    session: Session,
    found: RoundOfCouncil,
    read: Import,
    *,
    bank: Bank,
    now: datetime,
    stored: Stored | None = None,
) -> Imported:
    """Stores what was read, as submissions are stored: without a date, under random ids.

    Comments wait to be read and released. Raises FaultyFile where an agency is known in another
    sector than the file says.
    """
    frame = read.responses.frame
    known, new = _agencies(session, read)
    if read.invited is not None:
        _invite(session, found, known, read.invited)
    else:
        _note_answering(session, found, known, frame)
    comments = 0
    done = 0
    for records in _batches(read.responses.records()):
        responses = [_response(bank, record, known) for record in records]
        imported.add_responses(session, round_id=found.round.id, responses=responses)
        comments += sum(len(response.comments) for response in responses)
        done += len(responses)
        if stored is not None:
            stored(done)
    audit.record(
        session,
        action=AuditAction.RESPONSES_IMPORTED,
        at=now,
        council_id=found.council.id,
        detail={"round": found.round.slug, "responses": done},
    )
    return Imported(done, comments, new)


def _batches(records: Iterator[Record]) -> Iterator[Sequence[Record]]:
    while batch := list(islice(records, AT_ONCE)):
        yield batch


def _response(bank: Bank, record: Record, known: dict[str, str]) -> NewResponse:
    answers: dict[str, str | None] = {}
    comments: list[NewComment] = []
    for code, value in record.answers.items():
        question = bank.by_code[code]
        if not isinstance(question, LongTextQuestion | ShortTextQuestion):
            answers[code] = to_cell(question, value)
        elif isinstance(value, str) and value.strip():
            kinds = sorted({found.kind for found in flag(value)})
            # Whether it may be quoted was not asked, so it may not.
            comments.append(NewComment(code, value, quotable=False, flags=",".join(kinds)))
    return NewResponse(known[record.agency], record.level, answers, comments)


def _agencies(session: Session, read: Import) -> tuple[dict[str, str], tuple[str, ...]]:
    """Every agency of the files by name, made where it was not known; and the names of those."""
    named: dict[str, tuple[str, int]] = {}
    for frame in (read.responses.frame, read.invited):
        if frame is not None:
            rows = zip(frame["agency"], frame["sector"], frame.index, strict=True)
            for agency, sector, row in rows:
                named.setdefault(str(agency), (str(sector), int(row)))
    known = agencies.find_agencies(session, names=sorted(named))
    spelt = known_otherwise(session, names=sorted(named))
    faults = [
        Fault(
            row=named[name][1],
            column="agency",
            message=f"“{name}” is known as “{other}”; write it like that, or give a different "
            "agency a more different name.",
        )
        for name, other in spelt.items()
    ] + [
        Fault(
            row=named[name][1],
            column="sector",
            message=f"“{name}” is known in the sector “{agency.sector}”, not “{named[name][0]}”.",
        )
        for name, agency in known.items()
        if agency.sector != named[name][0]
    ]
    if faults:
        raise FaultyFile(sorted(faults))
    ids = {name: agency.id for name, agency in known.items()}
    new = tuple(sorted(name for name in named if name not in known))
    for name in new:
        ids[name] = agencies.add_agency(session, name=name, sector=named[name][0]).id
    return ids, new


def _invite(
    session: Session, found: RoundOfCouncil, known: dict[str, str], invited: pd.DataFrame
) -> None:
    """Sets the invited numbers of the file; a row without a number says only that it was asked."""
    numbers: dict[str, dict[str, int]] = {}
    rows = zip(invited["agency"], invited["level"], invited["invited"], strict=True)
    for agency, level, number in rows:
        of_agency = numbers.setdefault(str(agency), {})
        if not pd.isna(number):
            of_agency[str(level)] = int(number)
    there = agencies_of_round(session, found)
    for agency, of_agency in numbers.items():
        invited_agency_id = there.get(agency) or _add(session, found, known[agency])
        agencies.set_invited_numbers(
            session, invited_agency_id=invited_agency_id, numbers=of_agency
        )


def _note_answering(
    session: Session, found: RoundOfCouncil, known: dict[str, str], frame: pd.DataFrame
) -> None:
    """An agency that answered was asked, although how many of it is not known."""
    there = agencies_of_round(session, found)
    for agency in sorted(set(frame["agency"])):
        if agency not in there:
            _add(session, found, known[agency])


def _add(session: Session, found: RoundOfCouncil, agency_id: str) -> str:
    return agencies.add_invited_agency(
        session, round_id=found.round.id, agency_id=agency_id, expected=True
    ).id
