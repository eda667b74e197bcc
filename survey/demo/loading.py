"""Putting the demo into an empty database, by the actions that real rounds are run with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from analysis.comments import flag, redact
from analysis.settings import AnalysisSettings
from question_banks.bank import Bank, Level
from question_banks.loader import load_bank
from question_banks.path import pages
from survey.actions import accounts, answering, closing, comments, inviting, submitting
from survey.actions.rounds import NewRound, create_round
from survey.data.accounts import find_council
from survey.data.comments import CommentState, get_comment, list_comments
from survey.data.invitations import InvitedPerson, find_person
from survey.data.models import Account
from survey.data.round_invitations import RoundInvitation, list_invitations
from survey.data.rounds import RoundOfCouncil, get_round_by_slug
from survey.demo import cast, history, neighbours, remarks, returns, spread, workspace
from survey.demo.cast import Persona
from survey.demo.filling import at
from survey.demo.remarks import Decision, Remark
from survey.errors import SurveyError

SEED = 2028
BANK = "safeguarding_children_2010"
CLOSED_SLUG = "aldermere-baseline"
OPEN_SLUG = "aldermere-follow-up"

OPEN_FOR = timedelta(days=21)
"""How long the open round can be answered after the demo was loaded."""

OPEN_PEOPLE = (
    ("social_care", Level.OPERATIONAL),
    ("social_care", Level.FRONTLINE),
    ("community_health", Level.OPERATIONAL),
    ("police", Level.STRATEGIC),
    ("family_charity", Level.FRONTLINE),
    ("schools", Level.OPERATIONAL),
)
"""Who has sent in answers to the open round."""


class DemoFault(SurveyError):
    """The demo's own answers do not fit its bank any more."""


@dataclass(frozen=True)
class _Sheet:
    """One respondent's answers: what a browser would post."""

    persona: Persona
    answers: Mapping[str, str]
    texts: Mapping[str, str]
    quotable: bool


def is_loaded(session: Session) -> bool:
    """Whether the demo is in this database."""
    return find_council(session, slug=cast.COUNCIL_SLUG) is not None


def load(
    session: Session,
    *,
    password: str,
    now: datetime,
    seed: int = SEED,
    with_others: bool = True,
) -> None:
    """Makes the council, its manager, closed rounds with findings and an open one to fill in.

    With others come the councils that share theirs. The caller commits, and then calls
    `anonymity.erase_traces`. The same seed gives the same answers; ids and invitations are random.
    """
    began = at(now, days=-1096)
    council = accounts.create_council(session, slug=cast.COUNCIL_SLUG, name=cast.COUNCIL)
    manager = accounts.create_account(
        session, email=cast.MANAGER_EMAIL, name=cast.MANAGER, password=password, now=began
    )
    accounts.add_manager(session, account=manager, council=council)
    bank = load_bank(BANK)
    closed = _closed_round(session, bank=bank, manager=manager, now=now, seed=seed)
    _open_round(session, bank=bank, now=now, seed=seed)
    history.load(session, closed, manager=manager, now=now, seed=seed)
    returns.load(session, council=council, manager=manager, password=password, now=now)
    workspace.load(
        session,
        council=council,
        manager=manager,
        password=password,
        open_slug=OPEN_SLUG,
        now=now,
    )
    if with_others:
        neighbours.load(session, closed, bank=bank, now=now, seed=seed)


def _closed_round(
    session: Session, *, bank: Bank, manager: Account, now: datetime, seed: int
) -> RoundOfCouncil:
    opened = at(now, days=-372)
    found = _new_round(
        session,
        bank=bank,
        slug=CLOSED_SLUG,
        title="Self-evaluation before the peer review",
        opens_at=opened,
        closes_at=at(now, days=-351, clock=time(17, 0)),
        named=False,
    )
    people = cast.personas(seed)
    answers = spread.draw_answers(bank, people, spreads=spread.CLOSED_ROUND, seed=seed)
    sheets = _sheets(people, answers, remarks.CLOSED_ROUND)
    _fill_in(session, found, bank=bank, sheets=sheets, now=opened + timedelta(days=9))
    decided_at = at(now, days=-350)
    _decide(session, found, manager=manager, now=decided_at)
    closing.close_round(
        session,
        round_id=found.round.id,
        account_id=manager.id,
        council_id=found.council.id,
        now=decided_at,
    )
    return found


def _open_round(session: Session, *, bank: Bank, now: datetime, seed: int) -> None:
    opened = at(now, days=-6)
    found = _new_round(
        session,
        bank=bank,
        slug=OPEN_SLUG,
        title="Follow-up, twelve months on",
        opens_at=opened,
        closes_at=at(now, days=OPEN_FOR.days, clock=time(17, 0)),
        named=True,
    )
    by_key = {agency.key: agency for agency in cast.AGENCIES}
    people = [Persona(by_key[key], level, 0.2) for key, level in OPEN_PEOPLE]
    answers = spread.draw_answers(bank, people, spreads=spread.OPEN_ROUND, seed=seed)
    sheets = _sheets(people, answers, remarks.OPEN_ROUND)
    _fill_in(session, found, bank=bank, sheets=sheets, now=opened + timedelta(days=2))
    _begin_drafts(session, found, bank=bank, now=opened + timedelta(days=3), seed=seed)


def _new_round(
    session: Session,
    *,
    bank: Bank,
    slug: str,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    named: bool,
) -> RoundOfCouncil:
    council = find_council(session, slug=cast.COUNCIL_SLUG)
    if council is None:
        raise DemoFault("The demo has no council.")
    create_round(
        session,
        NewRound(
            slug=slug,
            title=title,
            opens_at=opens_at,
            closes_at=closes_at,
            contact=cast.CONTACT,
            urgent_contact=cast.URGENT,
            comments_checked_by=cast.CHECKED_BY,
            invited_how="Everybody in the seven agencies whose work is mainly with children was "
            "invited, and the safeguarding lead of every school.",
            review_title="Safeguarding peer review",
        ),
        council=council,
        bank=bank,
        settings=AnalysisSettings(everyone_in_scope=True),
        now=opens_at,
    )
    found = get_round_by_slug(session, slug=slug)
    plans = inviting.plan_invitations(session, found, file=cast.invited_file(named=named))
    inviting.make_invitations(session, found, plans=plans, now=opens_at)
    return found


def _sheets(
    people: Sequence[Persona], answers: Sequence[Mapping[str, str]], written: Sequence[Remark]
) -> list[_Sheet]:
    """Each remark goes to the next person of its agency and level; one has several only when
    there are more remarks than such people.
    """
    texts: list[dict[str, str]] = [{} for _ in people]
    shy: set[int] = set()
    for remark in written:
        places = [
            place
            for place, person in enumerate(people)
            if (person.agency.key, person.level) == (remark.agency, remark.level)
            and remark.question not in texts[place]
        ]
        if not places:
            raise DemoFault(f"The demo has nobody left to write under {remark.question}.")
        place = min(places, key=lambda place: len(texts[place]))
        texts[place][remark.question] = remark.text
        if not remark.quotable:
            shy.add(place)
    return [
        _Sheet(person, answers[place], texts[place], place not in shy)
        for place, person in enumerate(people)
    ]


def _unused(session: Session, found: RoundOfCouncil) -> dict[str, list[RoundInvitation]]:
    """Invitations nobody has begun with, by agency: those of a known post first."""
    unused: dict[str, list[RoundInvitation]] = {}
    for invitation in list_invitations(session, round_id=found.round.id):
        if not (invitation.has_draft or invitation.has_submitted):
            unused.setdefault(invitation.agency, []).append(invitation)
    return unused


def _person(session: Session, invitation: RoundInvitation) -> InvitedPerson:
    person = find_person(session, invitation.public_id)
    if person is None:
        raise DemoFault("The demo lost one of its invitations.")
    return person


def _fill_in(
    session: Session,
    found: RoundOfCouncil,
    *,
    bank: Bank,
    sheets: Sequence[_Sheet],
    now: datetime,
) -> None:
    unused = _unused(session, found)
    for sheet in sheets:
        person = _person(session, unused[sheet.persona.agency.name].pop())
        _answer(session, person, bank=bank, sheet=sheet, now=now, pages_filled=None)
        submitting.submit(session, person, may_be_quoted=sheet.quotable, now=now)


def _answer(
    session: Session,
    person: InvitedPerson,
    *,
    bank: Bank,
    sheet: _Sheet,
    now: datetime,
    pages_filled: int | None,
) -> None:
    """Posts page by page; `pages_filled` None fills in all of them."""
    answering.choose_level(session, person, level=sheet.persona.level, now=now)
    given = {**sheet.answers, **sheet.texts}
    for page in islice(pages(bank, level=sheet.persona.level, answers=sheet.answers), pages_filled):
        posted = {q.code: [given[q.code]] for q in page.questions if q.code in given}
        outcome = answering.save_page(session, person, page_key=page.key, posted=posted, now=now)
        if outcome.errors:
            raise DemoFault(f"The demo cannot answer {outcome.errors[0].question}.")


def _begin_drafts(
    session: Session, found: RoundOfCouncil, *, bank: Bank, now: datetime, seed: int
) -> None:
    """The people with a known post have begun and not sent their answers in."""
    by_name = {agency.name: agency for agency in cast.AGENCIES}
    filled = (2, 5, 9)
    known = [
        invitation
        for of_agency in _unused(session, found).values()
        for invitation in of_agency
        if invitation.label
    ]
    people = [Persona(by_name[one.agency], Level.OPERATIONAL, 0.0) for one in known]
    answers = spread.draw_answers(bank, people, spreads=spread.OPEN_ROUND, seed=seed + 1)
    for invitation, persona, given, count in zip(known, people, answers, filled, strict=True):
        _answer(
            session,
            _person(session, invitation),
            bank=bank,
            sheet=_Sheet(persona, given, {}, quotable=False),
            now=now,
            pages_filled=count,
        )


def _decide(session: Session, found: RoundOfCouncil, *, manager: Account, now: datetime) -> None:
    """What the review manager has decided about the comments of the closed round."""
    decisions = {remark.text: remark.decided for remark in remarks.CLOSED_ROUND}
    rows = list_comments(
        session,
        round_id=found.round.id,
        flagged_only=False,
        state=None,
        offset=0,
        limit=len(decisions) + 1,
    )
    for row in rows:
        decided = decisions[row.text]
        if decided is Decision.WAITING:
            continue
        comment = get_comment(
            session, round_id=found.round.id, comment_id=row.id, flagged_only=False
        )
        if decided is Decision.WITHHELD:
            comments.withhold(
                session,
                comment=comment,
                round_=found.round,
                seen=CommentState.WAITING,
                account_id=manager.id,
                council_id=found.council.id,
                now=now,
            )
            continue
        text = redact(row.text, flag(row.text)) if decided is Decision.REDACTED else row.text
        comments.release(
            session,
            comment=comment,
            round_=found.round,
            text=text,
            seen=CommentState.WAITING,
            account_id=manager.id,
            council_id=found.council.id,
            now=now,
        )
