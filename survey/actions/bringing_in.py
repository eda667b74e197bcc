"""Bringing in a file of people to invite: checked first, then with the manager's word.

Between the two the file is kept, for a day at most. It is brought in piece by piece, so that a
page can say how far it is and nobody who answers has to wait: first the invitations are prepared,
where nobody can use them, and then one transaction makes them all. Whoever stops in between leaves
the round as it was, and somebody else can begin again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from analysis.delimited import MOST_LISTED
from analysis.errors import Fault
from question_banks.bank import Sector
from survey.actions import inviting
from survey.actions.invited_file import AgencyInvited, InvitedFile, NamedPerson, check_invited
from survey.actions.inviting import Plan, WantedPerson
from survey.data import pending_imports, rounds
from survey.data.base import new_id
from survey.data.models import PendingImport
from survey.data.pending_imports import Prepared
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotAllowedNow, NotFound, SurveyError

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=1)
SILENT_AFTER = timedelta(seconds=30)
"""After so long without a sign of life somebody else may begin again."""
AT_ONCE = 500
LONGEST_FILE_NAME = 200

Clock = Callable[[], datetime]


class ChangedMeanwhile(SurveyError):
    """What the file would change is not what was shown: somebody has changed the round."""


class _Overtaken(Exception):
    """Somebody else is bringing in the file."""


@dataclass(frozen=True)
class CheckedFile:
    """A file, what it would change, and everything wrong with it, in the order of its rows."""

    file: InvitedFile
    plan: Plan
    faults: tuple[Fault, ...]
    uncounted: int


def check_file(session: Session, found: RoundOfCouncil, *, content: bytes) -> CheckedFile:
    """What a file says and would change. Raises NotAllowedNow for a round that is closed.

    What does not fit the round is told together with what is wrong in the file itself, so that
    all of it can be mended at once.
    """
    file = check_invited(content)
    plan = inviting.check_invitations(session, found, file=file.agencies)
    # What is wrong in a cell is told once: the file's own fault is the nearer one.
    told = {(fault.row, fault.column) for fault in file.faults}
    more = {fault for fault in plan.faults if (fault.row, fault.column) not in told}
    faults = sorted({*file.faults, *more})
    return CheckedFile(
        file=file,
        plan=plan,
        faults=tuple(faults[:MOST_LISTED]),
        uncounted=file.uncounted + max(0, len(faults) - MOST_LISTED),
    )


def keep(
    session: Session,
    found: RoundOfCouncil,
    *,
    checked: CheckedFile,
    file_name: str,
    account_id: str,
    now: datetime,
) -> str:
    """Keeps a file without faults until the manager's word; returns its id."""
    if checked.faults:
        raise NotAllowedNow("A file with faults cannot be brought in.")
    drop_old(session, now=now)
    return pending_imports.add_import(
        session,
        round_id=found.round.id,
        account_id=account_id,
        file_name=file_name[:LONGEST_FILE_NAME],
        content=[asdict(agency) for agency in checked.file.agencies],
        plan_digest=digest_of(checked.plan),
        total=len(inviting.wanted_people(checked.plan.agencies)),
        now=now,
    )


def drop_old(session: Session, *, now: datetime) -> int:
    """Forgets the files that were read more than a day ago; returns how many."""
    return pending_imports.drop_older(session, read_before=now - KEPT_FOR)


def plan_of(session: Session, found: RoundOfCouncil, *, import_id: str) -> tuple[Plan, str]:
    """What a kept file would change as things are now, and the digest of that.

    Raises NotFound, and NotAllowedNow for a round that is closed.
    """
    pending_imports.get_state(session, round_id=found.round.id, import_id=import_id)
    kept = pending_imports.get_import(session, import_id=import_id)
    plan = inviting.check_invitations(session, found, file=_agencies(kept.content))
    return plan, digest_of(plan)


def digest_of(plan: Plan) -> str:
    """A digest of everything a plan would change."""
    said = [
        [
            one.agency.name,
            one.agency_id,
            one.invited_agency_id,
            sorted(one.numbers_before.items()),
            sorted(one.agency.numbers.items()),
            one.unnamed,
            [person.key for person in one.people],
            one.spare,
            one.changes_contact,
            one.changes_expected,
        ]
        for one in plan.agencies
    ] + [[str(fault) for fault in plan.faults]]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def start(
    session: Session, found: RoundOfCouncil, *, import_id: str, seen: str, now: datetime
) -> bool:
    """Gives the word to bring in a kept file; False where it was given already.

    `seen` is the digest of the changes that were shown. Raises ChangedMeanwhile where they are
    others now, NotFound, and NotAllowedNow for a round that is closed.
    """
    pending_imports.get_state(session, round_id=found.round.id, import_id=import_id)
    kept = pending_imports.lock_import(session, import_id=import_id)
    if kept.started_at_utc is not None:
        return False
    plan = inviting.check_invitations(session, found, file=_agencies(kept.content))
    digest = digest_of(plan)
    if plan.faults or seen != digest:
        raise ChangedMeanwhile("The round has changed since the file was checked.")
    kept.plan_digest = digest
    kept.total = len(inviting.wanted_people(plan.agencies))
    kept.done = 0
    kept.stopped_because = ""
    kept.started_at_utc = now
    session.flush()
    return True


def discard(session: Session, found: RoundOfCouncil, *, import_id: str) -> None:
    """Forgets a kept file. Raises NotFound, and NotAllowedNow while it is brought in."""
    state = pending_imports.get_state(session, round_id=found.round.id, import_id=import_id)
    if state.started_at is not None and state.finished_at is None:
        raise NotAllowedNow("The file is being brought in.")
    pending_imports.drop_import(session, import_id=state.id)


def run(engine: Engine, import_id: str, clock: Clock) -> None:
    """Brings in a started file, committing after each piece.

    Where that fails as a whole, because the database is away, the file goes silent, and
    `run_silent` begins again.
    """
    with Session(engine, expire_on_commit=False) as session:
        try:
            for _ in bring_in(session, import_id=import_id, clock=clock):
                session.commit()
        except SQLAlchemyError as error:
            logger.error("a file of people to invite has gone silent: %s", type(error).__name__)


def run_silent(engine: Engine, clock: Clock) -> int:
    """Begins again with files whose runner has gone silent; returns how many there were."""
    with Session(engine) as session:
        found = pending_imports.list_silent(session, silent_since=clock() - SILENT_AFTER)
    for import_id in found:
        run(engine, import_id, clock)
    return len(found)


def bring_in(session: Session, *, import_id: str, clock: Clock) -> Iterator[int]:
    """Brings in a started file; the caller commits whenever the number of people prepared comes.

    Does nothing where somebody else is at it, or it is done. Stops, and says so in the file's
    state, where the round was closed or changed meanwhile, or anything else went wrong.
    """
    runner = new_id()
    if not pending_imports.claim(
        session,
        import_id=import_id,
        runner=runner,
        now=clock(),
        silent_since=clock() - SILENT_AFTER,
    ):
        return
    pending_imports.drop_prepared(session, import_id=import_id)
    yield 0
    try:
        yield from _prepare(session, import_id, runner, clock)
        yield _make(session, import_id, runner, clock)
    except (ChangedMeanwhile, NotAllowedNow, NotFound) as reason:
        session.rollback()
        _stop(session, import_id, runner, str(reason))
        yield 0
    except _Overtaken:
        session.rollback()
    except Exception as error:
        session.rollback()
        # The message may hold an address: only the kind is logged.
        logger.error("a file of people to invite was not brought in: %s", type(error).__name__)
        _stop(session, import_id, runner, "Something went wrong here, and nothing was changed.")
        yield 0


def _prepare(session: Session, import_id: str, runner: str, clock: Clock) -> Iterator[int]:
    kept, _, plan = _as_shown(session, import_id)
    people = inviting.wanted_people(plan.agencies)
    for start_at in range(0, len(people), AT_ONCE):
        some = people[start_at : start_at + AT_ONCE]
        ids = inviting.fresh_public_ids(session, len(some))
        prepared = [
            Prepared(public_id, one.agency, one.label, one.email)
            for public_id, one in zip(ids, some, strict=True)
        ]
        pending_imports.add_prepared(
            session, import_id=import_id, start=start_at, prepared=prepared
        )
        _beat(session, kept.id, runner, start_at + len(some), clock)
        yield start_at + len(some)


def _make(session: Session, import_id: str, runner: str, clock: Clock) -> int:
    # The round is held before the file, as wherever both are.
    kept, found, plan = _as_shown(session, import_id, holding=True)
    ready = pending_imports.list_prepared(session, import_id=import_id)
    _beat(session, import_id, runner, len(ready), clock)
    kept.invited = inviting.store_plans(
        session,
        found,
        plans=plan.agencies,
        people=[WantedPerson(one.agency, one.label, one.email) for one in ready],
        public_ids=[one.public_id for one in ready],
        account_id=kept.account_id,
        now=clock(),
    )
    kept.finished_at_utc = clock()
    kept.content = []
    pending_imports.drop_prepared(session, import_id=import_id)
    session.flush()
    return kept.total


def _as_shown(
    session: Session, import_id: str, *, holding: bool = False
) -> tuple[PendingImport, RoundOfCouncil, Plan]:
    """The file, its round and its plan. Raises ChangedMeanwhile where that is not as shown."""
    kept = pending_imports.get_import(session, import_id=import_id)
    if holding:
        rounds.lock_for_change(session, round_id=kept.round_id)
    found = rounds.get_round_by_id(session, round_id=kept.round_id)
    plan = inviting.check_invitations(session, found, file=_agencies(kept.content))
    if digest_of(plan) != kept.plan_digest:
        raise ChangedMeanwhile("The round was changed meanwhile, so nothing was brought in.")
    return kept, found, plan


def _beat(session: Session, import_id: str, runner: str, done: int, clock: Clock) -> None:
    if not pending_imports.keep_progress(
        session, import_id=import_id, runner=runner, done=done, now=clock()
    ):
        raise _Overtaken


def _stop(session: Session, import_id: str, runner: str, because: str) -> None:
    """Leaves a file as one that waits for the manager's word, with the reason."""
    kept = session.get(PendingImport, import_id, populate_existing=True, with_for_update=True)
    if kept is None or kept.runner != runner:
        return
    pending_imports.drop_prepared(session, import_id=import_id)
    kept.started_at_utc = kept.beat_at_utc = None
    kept.runner, kept.done = "", 0
    kept.stopped_because = because
    session.flush()


def _agencies(content: Sequence[dict[str, Any]]) -> list[AgencyInvited]:
    return [
        AgencyInvited(
            **one
            | {
                "sector": Sector(one["sector"]),
                "people": tuple(NamedPerson(**person) for person in one["people"]),
            }
        )
        for one in content
    ]
