"""Two councils with a row of every kind, and the ids of those rows by the names routes give them.

`Ids.of(endpoint, argument)` looks for "endpoint:argument", then "blueprint:argument", then the
argument alone. A new route with a new argument fails the access matrix until it has a value here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.gallery import list_charts
from question_banks.bank import Level, Sector
from question_banks.loader import bank_digest, bank_to_json, load_bank
from survey.actions import comparing, people, returns, teams
from survey.actions.outbox import MailKind, put
from survey.actions.people import Given
from survey.actions.returns_people import add_contributor
from survey.actions.sheet_answers import sheet_parts
from survey.actions.teams import TeamEntry
from survey.data import accounts, programmes, return_evidence_files, snapshots
from survey.data import returns as stored_returns
from survey.data.accounts import Role
from survey.data.base import new_id
from survey.data.models import (
    Account,
    AgencyCouncil,
    CircumstanceNote,
    Comment,
    Council,
    Entry,
    InvitedAgency,
    LocalMail,
    Membership,
    Message,
    PendingImport,
    PublishedRound,
    ReturnConflict,
    ReturnEvent,
    ReturnEvidence,
    ReturnNote,
    Review,
    Round,
    SectorBriefing,
    Typing,
)
from survey.data.sign_ins import add
from tests import factories
from tests.integration.compare.conftest import AFTER, close_round_of, small

QUESTION = "lp_threshold_same"
STANDARD, SECTION, KEY = "s11_named_leader", "senior_commitment", "s11_named_leader_standard"


FIELDS: Mapping[str, Mapping[str, str]] = {
    "results.make_file": {"format": "csv"},
    "compare.make_file": {"format": "csv"},
    "watch.make_file": {"format": "csv"},
    "return_review.make_file": {"format": "csv"},
    "mail.change_message": {"do": "came-back"},
    "mail.change_person": {"do": "stop"},
    "personal_data.hand_over": {"asked": "pat@example.org"},
    "personal_data.erase": {"asked": "pat@example.org"},
    "personal_data.delete_unfinished": {"asked": "pat@example.org", "invitation": "{public_id}"},
}
"""What a post needs to be understood at all; the others answer an empty form."""


@dataclass(frozen=True)
class Ids:
    """The ids of one council's rows."""

    council_id: str
    review_ids: tuple[str, ...]
    agency_id: str
    values: Mapping[str, str]

    def of(self, endpoint: str, argument: str) -> str:
        """The value of a route's argument. Raises KeyError for one that nobody has given."""
        blueprint = endpoint.partition(".")[0]
        for name in (f"{endpoint}:{argument}", f"{blueprint}:{argument}", argument):
            if name in self.values:
                return self.values[name]
        raise KeyError(f"{endpoint} takes {argument!r}: give it a value in access_ids.py")


def make_council_with_everything(session: Session, slug: str, folder: Path) -> Ids:
    """A council with open and closed rounds, a return, people, messages and a comparison."""
    council = factories.make_council(session, slug=slug)
    manager = make_account(session, f"maker-of-{slug}")
    given = Given(Role.REVIEW_MANAGER, council_id=council.id)
    people.give_role(session, account_id=manager.id, given=given, by=None, now=factories.NOW)
    values = {"council": slug, "account_id": manager.id}
    values["membership_id"] = accounts.list_held(session, account_ids=[manager.id])[manager.id][
        0
    ].id
    open_round = factories.make_round(session, council=council, slug=f"open-{slug}")
    values |= _open_round(session, council, open_round, manager)
    values |= _compared(session, council, manager)
    agency_id, of_return = _return(session, council, folder, name="Hospital", is_signed=False)
    _, of_signed = _return(session, council, folder, name="Probation", is_signed=True)
    values |= of_return
    values["return_review:slug"] = of_signed["return_lead:slug"]
    for argument in ("return_id", "evidence_id"):
        values[f"return_review:{argument}"] = of_signed[argument]
    review = session.get_one(Review, open_round.review_id)
    entry = TeamEntry("Sasha Orchard", "Lead peer", "Tarn Valley Council", False, "")
    values["member_id"] = teams.add_member(
        session, review=review, entry=entry, by=manager.id, now=factories.NOW
    )
    values["review_id"] = review.id
    session.commit()
    reviews = tuple(session.scalars(select(Review.id).where(Review.council_id == council.id)))
    return Ids(council.id, reviews, agency_id, values)


def _open_round(
    session: Session, council: Council, round_: Round, manager: Account
) -> dict[str, str]:
    invited = factories.make_invited_agency(session, round_, name=f"Police of {council.slug}")
    session.add(AgencyCouncil(agency_id=invited.agency_id, council_id=council.id))
    invitation = factories.make_invitation(session, invited, email="pat@example.org")
    bank = load_bank(round_.bank_id)
    comment = Comment(
        round_id=round_.id,
        agency_id=invited.agency_id,
        question=next(one.comment.code for one in bank.signposts if one.comment),
        text="Ask Mrs Oakapple on 01632 960123.",
        state="waiting",
        flags="phone",
    )
    session.add(comment)
    put(
        session,
        kind=MailKind.INVITATION,
        to="pat@example.org",
        key=f"made-for-{council.slug}",
        now=factories.NOW,
        round_id=round_.id,
        council_id=council.id,
        invitation_id=invitation.id,
    )
    session.flush()
    officer = make_account(session, f"officer-of-{council.slug}-to-take")
    held = accounts.add_membership(
        session, account_id=officer.id, role=Role.COUNCIL_OFFICER, council_id=council.id
    )
    programme_id = programmes.put_programme(
        session, programme_id=None, name=f"With {council.slug}", council_ids=[council.id]
    )
    briefing = SectorBriefing(
        round_id=round_.id,
        sector=Sector.POLICE,
        told_on=factories.NOW.date(),
        told_by="Robin Marsh",
        what="By telephone",
        recorded_at_utc=factories.NOW,
    )
    file = PendingImport(
        round_id=round_.id,
        account_id=manager.id,
        file_name="people.csv",
        content=[],
        plan_digest="0" * 64,
        total=0,
        read_at_utc=factories.NOW,
    )
    entry = Entry(
        round_id=round_.id,
        invited_agency_id=invited.id,
        way="paper",
        twice=True,
        started_at_utc=factories.NOW,
    )
    session.add_all((briefing, file, entry))
    session.flush()
    for turn in (1, 2):
        session.add(
            Typing(
                entry_id=entry.id,
                turn=turn,
                account_id=manager.id,
                level="frontline",
                saved_at_utc=factories.NOW,
            )
        )
    message_id = session.scalars(select(Message.id).where(Message.round_id == round_.id)).one()
    session.add(LocalMail(message_id=message_id, subject="A subject", body="A text"))
    session.get_one(Message, message_id).sent_at_utc = factories.NOW
    session.flush()
    return {
        "slug": round_.slug,
        "round_id": round_.id,
        "invited_agency_id": invited.id,
        "agency_id": invited.agency_id,
        "invitation_id": invitation.id,
        "public_id": invitation.public_id,
        "comment_id": comment.id,
        "message_id": message_id,
        "ways_in:agency_id": invited.id,
        "change": "replace",
        "import_id": file.id,
        "entry_id": entry.id,
        "invitees:kind": "csv",
        "bank_id": bank.id,
        "level": "frontline",
        "entry:key": sheet_parts(bank, Level.FRONTLINE)[0].key,
        "setup:part": "about",
        "setup:key": bank.signposts[0].topics[0].questions[0].code,
        "team:membership_id": held.id,
        "mail:kind": MailKind.REMINDER.value,
        "what": "invitations",
        "working_days": "3",
        "programme_id": programme_id,
        "briefing_id": briefing.id,
        "session_id": "0" * 32,
    }


def _compared(session: Session, council: Council, manager: Account) -> dict[str, str]:
    before = close_round_of(session, council, slug=f"before-{council.slug}", days=400)
    after = close_round_of(session, council, slug=f"after-{council.slug}", days=40, answered=AFTER)
    bank = small("safeguarding_children_2010")
    published = PublishedRound(
        review_id=after.review_id,
        title="Published",
        source="A printed report",
        held_on=factories.NOW.date() - timedelta(days=900),
        bank_id=bank.id,
        bank_digest=bank_digest(bank),
        bank_json=bank_to_json(bank),
        imported_at_utc=factories.NOW,
    )
    note = CircumstanceNote(
        council_id=council.id,
        before_round_id=before.id,
        after_round_id=after.id,
        question=QUESTION,
        kind="other",
        note="A new process.",
        at_utc=factories.NOW,
    )
    session.add_all((published, note))
    session.flush()
    comparison = comparing.compare_chosen(
        session,
        council_id=council.id,
        values=[before.slug, after.slug],
        account_id=manager.id,
        now=factories.NOW,
    )
    latest = snapshots.find_latest(session, round_id=after.id)
    assert latest is not None
    summary = snapshots.get_summary(session, snapshot_id=latest.id)
    values = {f"{blueprint}:slug": after.slug for blueprint in ("results", "compare", "benchmark")}
    return values | {
        "manage.reopen:slug": after.slug,
        "manage.reopen_now:slug": after.slug,
        "comparison_id": comparison,
        "published_id": published.id,
        "compare:note_id": note.id,
        "code": QUESTION,
        "after": "1",
        "results.signpost:code": summary.signposts[0].code,
        "subject": summary.signposts[0].topics[0].code,
        "results.picture:name": list_charts(summary)[0].name,
        "results.picture:kind": "svg",
        "setup:code": "local_none",
        "setup:level": "frontline",
        "setup:part": "signposts",
        "setup:key": "procedures_in_use",
    }


def _return(
    session: Session, council: Council, folder: Path, *, name: str, is_signed: bool
) -> tuple[str, dict[str, str]]:
    round_ = factories.make_round(
        session,
        council=council,
        bank=load_bank("section_11"),
        slug=f"{name.lower()}-{council.slug}",
    )
    invited = factories.make_invited_agency(
        session, round_, name=f"{name} of {council.slug}", sector=Sector.NHS_ACUTE
    )
    session.add(AgencyCouncil(agency_id=invited.agency_id, council_id=council.id))
    lead = make_account(session, f"writer-of-{name.lower()}-{council.slug}")
    session.add(Membership(account_id=lead.id, role=Role.AGENCY_LEAD, agency_id=invited.agency_id))
    session.flush()
    return_id = returns.begin(
        session, round_id=round_.id, account_id=lead.id, name=lead.name, now=factories.NOW
    )
    item = stored_returns.get_return(session, return_id=return_id, account_id=lead.id)
    contributor = add_contributor(
        session,
        item,
        name="Bo Fenn",
        post="",
        email="",
        may_sign=False,
        sections=[SECTION],
        known=[SECTION],
        account_id=lead.id,
        now=factories.NOW,
    )
    by = {"name": lead.name, "account_id": lead.id, "at_utc": factories.NOW}
    held = ReturnConflict(
        return_id=return_id, question=STANDARD, because="changed", base=0, value="met", **by
    )
    note = ReturnNote(return_id=return_id, question=STANDARD, text="Who knows this?", **by)
    stored = return_evidence_files.folder_of(folder)
    stored.mkdir(exist_ok=True)
    stored_name = new_id()
    (stored / stored_name).write_bytes(b"Minutes")
    evidence = ReturnEvidence(
        return_id=return_id,
        section=SECTION,
        kind="file",
        stored_name=stored_name,
        file_name="minutes.pdf",
        file_kind="pdf",
        file_bytes=7,
        **by,
    )
    session.add_all((held, note, evidence))
    for number, kind in ((2, "submitted"), (3, "signed")) if is_signed else ():
        session.add(
            ReturnEvent(
                return_id=return_id,
                number=number,
                kind=kind,
                officer="Jo Linden",
                post="Chief nurse",
                signed_on=factories.NOW.date(),
                **by,
            )
        )
    later = factories.make_round(
        session,
        council=council,
        bank=load_bank("section_11"),
        slug=f"{name.lower()}-again-{council.slug}",
    )
    session.add(InvitedAgency(round_id=later.id, agency_id=invited.agency_id))
    session.flush()
    return invited.agency_id, {
        "returns.start:round_id": round_.id,
        "return_lead.join:round_id": later.id,
        "return_lead:slug": round_.slug,
        "return_id": return_id,
        "contributor_id": contributor,
        "held_id": held.id,
        "returns:note_id": note.id,
        "evidence_id": evidence.id,
        "section": SECTION,
        "key": KEY,
        "returns:code": STANDARD,
        "return_review:code": STANDARD,
    }


def make_account(session: Session, name: str) -> Account:
    """An account without a password: nobody needs one whose cookie is made directly."""
    return accounts.add_account(
        session, email=f"{name}@example.org", name=name, password_hash=None, now=factories.NOW
    )


def make_session(session: Session, account: Account) -> str:
    """A session of somebody signed in; the id that stands in their cookie."""
    return add(
        session,
        account=account,
        device="A test",
        passed_second_factor=False,
        now=factories.NOW,
    ).id
