"""Section 11 in the demo: last year's returns, one of them signed, and this year's being written.

The returns are collected by the actions that real ones are collected with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from question_banks.bank import (
    DateQuestion,
    LongTextQuestion,
    Question,
    ScaleQuestion,
    ShortTextQuestion,
)
from question_banks.loader import load_bank
from survey.actions import (
    accounts,
    closing,
    launching,
    return_carrying,
    returns,
    returns_people,
    returns_saving,
    returns_signing,
    setting_up,
)
from survey.actions.returns_rules import Writer
from survey.actions.round_agencies import Record, ask_agencies
from survey.actions.setting_up import By, Contacts
from survey.data import accounts as account_rows
from survey.data.accounts import Role
from survey.data.agencies import find_agencies
from survey.data.models import Account, Council, Invited
from survey.data.returns import ReturnItem, find_return
from survey.data.rounds import RoundOfCouncil, get_round_by_slug
from survey.demo import cast
from survey.demo.filling import at

BANK = "section_11"
LEAD = "Sam Whitlow"
LEAD_EMAIL = "lead@aldermere-health.example.org"
COLLEAGUE = "Jo Marsh"
SENIOR = "Dr Amina Hale"

HEALTH = "Aldermere Community Health Trust"
ASKED = (HEALTH, "Fennshire Police, Aldermere", "Harbour Steps Family Project")

EVIDENCE = "Named in the trust’s safeguarding policy, and discussed at each quarterly meeting."
ACTION = "Bring the policy to the board in spring, and tell every team what has changed."
CHANGED = "The policy was brought to the board, which asked for a report every six months."
DIFFERENT = "The policy went to the board; the next report is due before the summer."

PARTLY = frozenset(
    {"s11_board_attention", "s11_records", "s11_training_effect", "s11_disagreements"}
)
"""Standards that the trust meets in part; it meets the others."""
DISPUTED = "s11_board_attention_action"


def load(
    session: Session, *, council: Council, manager: Account, password: str, now: datetime
) -> None:
    """Two rounds of Section 11 returns, and the account of the lead of one agency."""
    lead = accounts.create_account(
        session, email=LEAD_EMAIL, name=LEAD, password=password, now=at(now, days=-400)
    )
    agency = find_agencies(session, names=[HEALTH])[HEALTH]
    account_rows.add_membership(
        session, account_id=lead.id, role=Role.AGENCY_LEAD, agency_id=agency.id
    )
    before = _round(
        session,
        council=council,
        manager=manager,
        title="Section 11 returns, last year",
        began=at(now, days=-380),
        days=45,
    )
    _signed(session, before, lead=lead, now=at(now, days=-350))
    closing.close_round(
        session,
        round_id=before.round.id,
        account_id=manager.id,
        council_id=council.id,
        now=at(now, days=-330),
    )
    present = _round(
        session,
        council=council,
        manager=manager,
        title="Section 11 returns",
        began=at(now, days=-10),
        days=50,
    )
    _being_written(session, present, lead=lead, now=at(now, days=-4))


def _round(
    session: Session,
    *,
    council: Council,
    manager: Account,
    title: str,
    began: datetime,
    days: int,
) -> RoundOfCouncil:
    by = By(manager.id, began)
    started = setting_up.start_round(
        session,
        council=council,
        review_id="",
        review_title="Section 11",
        title=title,
        bank_id=load_bank(BANK).id,
        by=by,
    )
    item = get_round_by_slug(session, slug=started.slug)
    setting_up.change_basics(
        session,
        item,
        title=title,
        opens_at=began + timedelta(hours=1),
        closes_at=began + timedelta(days=days),
        by=by,
    )
    setting_up.change_contacts(
        session,
        item,
        Contacts(
            contact=f"{cast.MANAGER}, review manager, {cast.MANAGER_EMAIL}, 01632 960100",
            urgent_contact=cast.URGENT,
            checked_by=cast.CHECKED_BY,
            checked_email="",
        ),
        by=by,
    )
    setting_up.change_invited(
        session, item, everyone=Invited.EVERYONE, how="Every agency with the duty.", by=by
    )
    asked = find_agencies(session, names=ASKED)
    ask_agencies(
        session,
        item,
        agency_ids=[asked[name].id for name in ASKED],
        by=Record(manager.id, began),
    )
    launching.launch(session, item, by=by)
    return get_round_by_slug(session, slug=started.slug)


def _signed(session: Session, found: RoundOfCouncil, *, lead: Account, now: datetime) -> None:
    writer = Writer(lead.name, account_id=lead.id)
    item = _begin(session, found, lead=lead, now=now)
    _fill(session, item, writer=writer, now=now)
    returns_signing.submit(session, item, writer=writer, now=now)
    returns_signing.record_signature(
        session,
        item,
        writer=writer,
        officer=SENIOR,
        post="Chief nurse",
        signed_on=now.date(),
        now=now,
    )


def _being_written(
    session: Session, found: RoundOfCouncil, *, lead: Account, now: datetime
) -> None:
    """Last year's answers carried over, two sections looked at again, one answer in dispute."""
    writer = Writer(lead.name, account_id=lead.id)
    item = _begin(session, found, lead=lead, now=now)
    return_carrying.carry_over(session, item, writer=writer, now=now)
    answered = returns.load(session, item)
    codes = [section.code for section in answered.sections]
    contributor_id = returns_people.add_contributor(
        session,
        item,
        name=COLLEAGUE,
        post="Named nurse",
        email="jo.marsh@aldermere-health.example.org",
        may_sign=False,
        sections=codes[:2],
        known=codes,
        account_id=lead.id,
        now=now,
    )
    colleague = Writer(COLLEAGUE, contributor_id=contributor_id)
    section, page = next(
        (section, page)
        for section in answered.sections
        for page in section.pages
        if DISPUTED in {one.code for one in page.questions}
    )
    version = answered.newest[(None, DISPUTED)]
    for person, text in ((writer, CHANGED), (colleague, DIFFERENT)):
        # Both had the same version before them: the second is held until somebody chooses.
        posted = {
            DISPUTED: [text],
            f"{returns_saving.BASE}--{DISPUTED}": [str(version.number)],
        }
        returns_saving.save_page(
            session,
            item,
            section=section.code,
            key=page.key,
            posted=posted,
            writer=person,
            now=now,
        )
    returns.add_note(
        session,
        item,
        round_id=None,
        question=DISPUTED,
        text="Which date did the board agree?",
        writer=colleague,
        now=now,
    )


def _begin(session: Session, found: RoundOfCouncil, *, lead: Account, now: datetime) -> ReturnItem:
    return_id = returns.begin(
        session, round_id=found.round.id, account_id=lead.id, name=lead.name, now=now
    )
    item = find_return(session, return_id=return_id)
    assert item is not None
    return item


def _fill(session: Session, item: ReturnItem, *, writer: Writer, now: datetime) -> None:
    """Fills in every page, and what its own answers then ask for."""
    for section in returns.load(session, item).sections:
        for page in section.pages:
            asked: Sequence[Question] = page.questions
            while asked:
                asked = _fill_page(session, item, section.code, page.key, writer=writer, now=now)


def _fill_page(
    session: Session, item: ReturnItem, section: str, key: str, *, writer: Writer, now: datetime
) -> Sequence[Question]:
    answered = returns.load(session, item)
    page = returns.find_page(answered.section(section), key)
    posted: dict[str, list[str]] = {}
    for question in page.questions:
        version = answered.newest.get((None, question.code))
        posted |= _answer(question, day=now + timedelta(days=120))
        posted[f"{returns_saving.BASE}--{question.code}"] = [str(version.number if version else 0)]
    saved = returns_saving.save_page(
        session, item, section=section, key=key, posted=posted, writer=writer, now=now
    )
    bank = answered.part(None).bank
    return [bank.by_code[code] for code in saved.new_questions]


def _answer(question: Question, *, day: datetime) -> dict[str, list[str]]:
    if not question.required:
        return {}
    match question:
        case ScaleQuestion():
            return {question.code: ["partly_met" if question.code in PARTLY else "met"]}
        case DateQuestion():
            parts = (("day", day.day), ("month", day.month), ("year", day.year))
            return {f"{question.code}-{part}": [str(number)] for part, number in parts}
        case ShortTextQuestion():
            return {question.code: ["Head of safeguarding"]}
        case LongTextQuestion():
            return {question.code: [ACTION if question.code.endswith("_action") else EVIDENCE]}
    return {}
