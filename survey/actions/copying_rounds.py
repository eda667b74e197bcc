"""Beginning a round as a copy of an earlier one: its set-up, and nothing that was answered."""

from __future__ import annotations

from sqlalchemy.orm import Session

from question_banks.bank import Bank
from question_banks.errors import BankError
from question_banks.loader import bank_digest, bank_to_json, load_bank
from question_banks.local import local_questions
from survey.actions.inviting import fresh_public_ids
from survey.actions.set_up_choices import Choices, LocalQuestion, Step
from survey.actions.setting_up import (
    By,
    InvalidSetUp,
    choices_of,
    find_begun,
    free_slug,
    line_faults,
    offered_window,
)
from survey.actions.setting_up_bank import newest_version
from survey.data import audit, comparing, reviews, round_invitations, rounds, set_up_copies
from survey.data.audit import AuditAction
from survey.data.banks import get_bank
from survey.data.models import Invited, Round, RoundEventKind
from survey.data.round_invitations import NewInvitation
from survey.data.rounds import RoundOfCouncil


def copy_round(
    session: Session,
    source: RoundOfCouncil,
    *,
    title: str,
    newest: bool,
    with_people: bool,
    by: By,
) -> Round:
    """A new round of the same review, set up as `source` is, that follows it.

    It takes over the questionnaire (`newest`: its newest version), the signposts, local questions,
    groups, lines and thresholds, the contacts, the agencies with their numbers and contacts, the
    texts of messages and the reminders planned; the people only `with_people`, each with a new
    link. Dates are offered anew. Asked twice it gives the copy it made. Raises InvalidSetUp.
    """
    comparing.lock_council(session, council_id=source.council.id)
    problems = [("title", message) for message in line_faults(title, "a name for the round")]
    if problems:
        raise InvalidSetUp(problems)
    old = source.round
    begun = find_begun(session, source.council.id, review_id=old.review_id, title=title)
    if begun is not None and begun.previous_round_id == old.id:
        return begun
    choices = _choices(session, old, newest=newest)
    try:
        bank = choices.bank_asked()
    except BankError:
        # A newer version may ask signposts that depend on others: all of them can always be.
        choices = choices.model_copy(update={"signposts": ()})
        bank = choices.bank_asked()
    opens_at, closes_at = offered_window(by.now)
    made = reviews.add_round(
        session,
        review_id=old.review_id,
        slug=free_slug(session, title),
        title=title.strip(),
        bank_id=bank.id,
        bank_digest=bank_digest(bank),
        bank_json=bank_to_json(bank),
        analysis_settings=old.analysis_settings,
        opens_at=opens_at,
        closes_at=closes_at,
        contact=old.contact,
        urgent_contact=old.urgent_contact,
        comments_checked_by=old.comments_checked_by,
        invited_how=old.invited_how,
        launched_at=None,
        everyone_invited=Invited(old.everyone_invited),
        previous_round_id=old.id if old.launched_at_utc is not None else None,
        set_up=choices.model_dump(mode="json"),
    )
    made.comments_checked_email = old.comments_checked_email
    places = set_up_copies.copy_agencies(session, source_id=old.id, target_id=made.id)
    set_up_copies.copy_plans(session, source_id=old.id, target_id=made.id, now=by.now)
    people = _copy_people(session, old, places) if with_people else 0
    rounds.add_event(
        session,
        round_id=made.id,
        kind=RoundEventKind.CREATED,
        at=by.now,
        account_id=by.account_id,
    )
    audit.record(
        session,
        action=AuditAction.ROUND_COPIED,
        at=by.now,
        account_id=by.account_id,
        council_id=source.council.id,
        detail={
            "round": made.slug,
            "from": old.slug,
            "agencies": len(places),
            "invitations": people,
        },
    )
    return made


def is_shipped(session: Session, round_: Round) -> bool:
    """Whether what a round asks is made of a questionnaire that comes with Signpost."""
    choices = choices_of(round_)
    if choices.own_bank:
        return False
    try:
        return bank_digest(choices.bank_asked()) == round_.bank_digest
    except BankError:
        return False


def _choices(session: Session, old: Round, *, newest: bool) -> Choices:
    """The choices of the earlier round, with nothing gone through yet but what was copied whole."""
    choices = choices_of(old)
    asked = get_bank(session, round_id=old.id, digest=old.bank_digest)
    if not is_shipped(session, old):
        own = choices.own_bank or bank_to_json(asked)
        return Choices(bank=choices.bank, own_bank=own, local=choices.local)
    bank_id = newest_version(choices.bank) if newest else choices.bank
    names = {signpost.code for signpost in load_bank(bank_id).signposts}
    signposts = tuple(code for code in choices.signposts if code in names)
    local = choices.local
    if old.launched_at_utc is not None:
        local = tuple(_asked_before(question, asked) for question in local)
    saved = tuple(
        step
        for step in (Step.BANK, Step.SIGNPOSTS, Step.LOCAL, Step.WORDS, Step.GROUPS, Step.LINES)
        if step in choices.saved
    )
    return Choices(bank=bank_id, signposts=signposts, local=local, saved=(*saved, Step.CONTACTS))


def _asked_before(question: LocalQuestion, bank: Bank) -> LocalQuestion:
    """The question, knowing which version of its wording has been asked."""
    asked = {each.code: each for _, each in local_questions(bank)}.get(question.code)
    if asked is None:
        return question
    return question.model_copy(update={"asked_version": asked.wording_version})


def _copy_people(session: Session, old: Round, places: dict[str, str]) -> int:
    people = set_up_copies.list_people(session, round_id=old.id)
    public_ids = fresh_public_ids(session, len(people))
    round_invitations.add_invitations(
        session,
        new=[
            NewInvitation(
                invited_agency_id=places[person.invited_agency_id],
                public_id=public_id,
                label=person.label,
                email=person.email,
            )
            for person, public_id in zip(people, public_ids, strict=True)
        ],
    )
    return len(people)
