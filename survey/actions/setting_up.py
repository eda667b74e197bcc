"""Setting a round up in the browser: starting it, and changing one thing of it at a time.

Everything may be changed until the round is launched. From then on what is asked and how answers
are read is fixed; the contacts, the timetable and the words for the two columns may still change.
Every change is put on record with what it was before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from analysis.settings import AnalysisSettings, InvalidSettings, parse
from question_banks.bank import Bank
from question_banks.errors import BankError
from question_banks.loader import bank_digest, bank_to_json, list_banks
from survey.actions.rounds import LONGEST_SLUG, TAKEN
from survey.actions.set_up_choices import Choices, Step, read_choices
from survey.actions.working_days import is_working_day
from survey.clock import LONDON, day_in_london
from survey.data import audit, comparing, reviews, rounds
from survey.data.audit import AuditAction
from survey.data.models import Council, Invited, Review, Round, RoundEventKind
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotAllowedNow, NotFound, SurveyError

LONGEST_TITLE = 200
LONGEST_WORD = 60
LONGEST_TEXT = 2000
DAYS_AHEAD = 14
DAYS_OPEN = 21
"""A new round is offered a window that opens in two weeks and stays open for three."""


class InvalidSetUp(SurveyError):
    """Something entered cannot be used: (field, what to do about it), all of it."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(message for _, message in self.problems))


@dataclass(frozen=True)
class By:
    """Who changes a round, and when."""

    account_id: str | None
    now: datetime


def start_round(
    session: Session,
    *,
    council: Council,
    review_id: str,
    review_title: str,
    title: str,
    bank_id: str,
    by: By,
) -> Round:
    """Starts a round of a review, or of a new one where `review_id` is "".

    The questionnaire comes with Signpost. The window is an offer to be changed. Asked twice for
    the same, as by a button pressed twice, it gives the round it started. Raises InvalidSetUp.
    """
    comparing.lock_council(session, council_id=council.id)
    problems = [("title", message) for message in line_faults(title, "a name for the round")]
    if not review_id:
        problems += [
            ("review-title", message)
            for message in line_faults(review_title, "a name for the review")
        ]
    banks = {bank.id: bank for bank in list_banks()}
    if bank_id not in banks:
        problems.append(("bank", "Select a questionnaire"))
    review = _find_review(session, council, review_id)
    if review_id and review is None:
        problems.append(("review", "Select a review"))
    if problems:
        raise InvalidSetUp(problems)
    if review is None:
        review = _named_review(session, council, review_title.strip())
    bank = banks[bank_id]
    begun = find_begun(session, council.id, review_id=review.id, title=title)
    if begun is not None and choices_of(begun).bank == bank_id:
        return begun
    opens_at, closes_at = offered_window(by.now)
    round_ = reviews.add_round(
        session,
        review_id=review.id,
        slug=free_slug(session, title),
        title=title.strip(),
        bank_id=bank.id,
        bank_digest=bank_digest(bank),
        bank_json=bank_to_json(bank),
        analysis_settings=AnalysisSettings().model_dump(mode="json"),
        opens_at=opens_at,
        closes_at=closes_at,
        contact="",
        urgent_contact="",
        comments_checked_by="",
        invited_how="",
        launched_at=None,
        set_up=Choices(bank=bank.id).with_saved(Step.BANK).model_dump(mode="json"),
    )
    rounds.add_event(
        session,
        round_id=round_.id,
        kind=RoundEventKind.CREATED,
        at=by.now,
        account_id=by.account_id,
    )
    audit.record(
        session,
        action=AuditAction.ROUND_CREATED,
        at=by.now,
        account_id=by.account_id,
        council_id=council.id,
        detail={"round": round_.slug, "bank": bank.id},
    )
    return round_


def find_begun(session: Session, council_id: str, *, review_id: str, title: str) -> Round | None:
    """A round of that review and title that is still being set up, or None."""
    return next(
        (
            each
            for each in reviews.list_rounds_of_council(session, council_id=council_id)
            if (each.review_id, each.title) == (review_id, title.strip())
            and each.launched_at_utc is None
        ),
        None,
    )


def _find_review(session: Session, council: Council, review_id: str) -> Review | None:
    known = reviews.list_reviews(session, council_id=council.id)
    return next((review for review in known if review.id == review_id), None)


def _named_review(session: Session, council: Council, title: str) -> Review:
    known = reviews.list_reviews(session, council_id=council.id)
    same = [review for review in known if review.title == title]
    return same[0] if same else reviews.add_review(session, council_id=council.id, title=title)


def offered_window(now: datetime) -> tuple[datetime, datetime]:
    """A window to begin with: from nine on a Monday in two weeks or so, for three weeks."""
    day = day_in_london(now) + timedelta(days=DAYS_AHEAD)
    day += timedelta(days=-day.weekday() % 7)
    opens = datetime.combine(day, time(9), tzinfo=LONDON)
    last = day + timedelta(days=DAYS_OPEN - 3)
    while not is_working_day(last):
        last -= timedelta(days=1)
    return opens, datetime.combine(last, time(23, 59), tzinfo=LONDON)


def free_slug(session: Session, title: str) -> str:
    """A name for addresses and commands made from a title, that no other round has.

    A title without a Latin letter or digit gives `round`.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[: LONGEST_SLUG - 5].strip("-")
    stem = stem or "round"
    slug, number = stem, 1
    while slug in TAKEN or reviews.is_round_slug_taken(session, slug=slug):
        number += 1
        slug = f"{stem}-{number}"
    return slug


def line_faults(text: str, what: str, *, longest: int = LONGEST_TITLE) -> list[str]:
    """What is wrong with a line of text that is needed."""
    if not text.strip():
        return [f"Enter {what}"]
    if len(text.strip()) > longest:
        return [f"Use {longest:,} characters or fewer: you have used {len(text.strip()):,}"]
    return control_faults(text)


def control_faults(text: str) -> list[str]:
    """Characters that cannot be shown, such as those a word processor may leave behind."""
    if any(unicodedata.category(each) == "Cc" and each != "\n" for each in text):
        return ["Take out characters that cannot be shown: type the text again"]
    return []


def choices_of(round_: Round) -> Choices:
    """What a round's bank is made from."""
    return read_choices(round_.set_up, bank_id=round_.bank_id)


def settings_of(round_: Round) -> AnalysisSettings:
    """The lines, thresholds and groups of a round."""
    return AnalysisSettings.model_validate(round_.analysis_settings)


def held(session: Session, item: RoundOfCouncil) -> Round:
    """The round, held for a change of what it asks. Raises NotAllowedNow once it is launched."""
    round_ = rounds.lock_for_change(session, round_id=item.round.id)
    if round_.launched_at_utc is not None:
        raise NotAllowedNow(
            "This round has been launched, so what it asks and how its answers are read can no "
            "longer be changed."
        )
    return round_


def note(
    session: Session,
    item: RoundOfCouncil,
    what: str,
    *,
    old: object,
    new: object,
    by: By,
) -> None:
    """Puts on record that something of the round changed; nothing where it is as it was."""
    if old == new:
        return
    audit.record(
        session,
        action=AuditAction.ROUND_CHANGED,
        at=by.now,
        account_id=by.account_id,
        council_id=item.council.id,
        detail={"round": item.round.slug, "what": what, "old": _plain(old), "new": _plain(new)},
    )


def _plain(value: object) -> str | int:
    if isinstance(value, datetime):
        return value.astimezone(LONDON).isoformat(timespec="minutes")
    return value if isinstance(value, int) else str(value)


def put_choices(
    session: Session, item: RoundOfCouncil, choices: Choices, *, step: Step, by: By
) -> Bank:
    """Keeps new choices, and makes the round's bank from them. The caller holds the round.

    Raises InvalidSetUp where no bank can be made from them.
    """
    try:
        bank = choices.bank_asked()
    except BankError as error:
        raise InvalidSetUp([(step, str(error))]) from error
    round_ = item.round
    note(session, item, step, old=_told(choices_of(round_)), new=_told(choices), by=by)
    round_.set_up = choices.with_saved(step).model_dump(mode="json")
    round_.bank_id = bank.id
    round_.bank_digest = bank_digest(bank)
    round_.bank_json = bank_to_json(bank)
    session.flush()
    return bank


def _told(choices: Choices) -> str:
    """Choices in a few words for the record."""
    posts = ", ".join(choices.signposts) or "all"
    return f"{choices.bank}; signposts: {posts}; local questions: {_codes(choices)}"


def _codes(choices: Choices) -> str:
    return ", ".join(f"{each.code} ({each.wording_version})" for each in choices.local) or "none"


def mark_saved(session: Session, round_: Round, step: Step) -> None:
    """Keeps that somebody has gone through a step. The caller holds the round."""
    round_.set_up = choices_of(round_).with_saved(step).model_dump(mode="json")
    session.flush()


def change_basics(
    session: Session,
    item: RoundOfCouncil,
    *,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    by: By,
) -> None:
    """Changes the title and the window. Raises InvalidSetUp."""
    problems = [("title", message) for message in line_faults(title, "a name for the round")]
    if opens_at >= closes_at:
        problems.append(("closes", "The last day must be after the first"))
    elif closes_at <= by.now:
        problems.append(("closes", "The last day must be in the future"))
    if problems:
        raise InvalidSetUp(problems)
    round_ = held(session, item)
    for what, old, new in (
        ("title", round_.title, title.strip()),
        ("opens", round_.opens_at_utc, opens_at),
        ("closes", round_.closes_at_utc, closes_at),
    ):
        note(session, item, what, old=old, new=new, by=by)
    round_.title, round_.opens_at_utc, round_.closes_at_utc = title.strip(), opens_at, closes_at
    mark_saved(session, round_, Step.BASICS)


def change_words(
    session: Session, item: RoundOfCouncil, *, strengths: str, considerations: str, by: By
) -> None:
    """Changes what the review calls its two columns of findings. Raises InvalidSetUp."""
    problems = [
        (field, message)
        for field, text in (("strengths", strengths), ("considerations", considerations))
        for message in line_faults(text, "a heading", longest=LONGEST_WORD)
    ]
    if not problems and strengths.strip().casefold() == considerations.strip().casefold():
        problems.append(("considerations", "Use two different headings"))
    if problems:
        raise InvalidSetUp(problems)
    round_ = rounds.lock_for_change(session, round_id=item.round.id)
    review = item.review
    for what, old, new in (
        ("strengths word", review.strengths_word, strengths.strip()),
        ("considerations word", review.considerations_word, considerations.strip()),
    ):
        note(session, item, what, old=old, new=new, by=by)
    review.strengths_word, review.considerations_word = strengths.strip(), considerations.strip()
    mark_saved(session, round_, Step.WORDS)


def change_invited(
    session: Session, item: RoundOfCouncil, *, everyone: str, how: str, by: By
) -> None:
    """Says whether everybody in scope is invited, and how those invited were chosen."""
    problems = []
    if everyone not in set(Invited):
        problems.append(("everyone", "Select whether everybody in scope is invited"))
    elif everyone != Invited.EVERYONE and not how.strip():
        problems.append(("how", "Say how the people you invite are chosen"))
    if len(how.strip()) > LONGEST_TEXT:
        message = f"Use {LONGEST_TEXT:,} characters or fewer: you have used {len(how.strip()):,}"
        problems.append(("how", message))
    problems += [("how", message) for message in control_faults(how)]
    if problems:
        raise InvalidSetUp(problems)
    round_ = held(session, item)
    note(session, item, "everyone invited", old=round_.everyone_invited, new=everyone, by=by)
    note(session, item, "how people were chosen", old=round_.invited_how, new=how.strip(), by=by)
    round_.everyone_invited, round_.invited_how = everyone, how.strip()
    settings = settings_of(round_)
    changed = settings.model_copy(update={"everyone_in_scope": everyone == Invited.EVERYONE})
    round_.analysis_settings = changed.model_dump(mode="json")
    mark_saved(session, round_, Step.INVITED)


def change_settings(
    session: Session, item: RoundOfCouncil, changes: Mapping[str, object], *, step: Step, by: By
) -> None:
    """Changes lines, thresholds or groups.

    Raises InvalidSetUp with what `analysis.settings` has against them, on the field `lines`.
    """
    round_ = held(session, item)
    before = settings_of(round_).model_dump(mode="json")
    try:
        after = parse({**before, **changes}, source="").model_dump(mode="json")
    except InvalidSettings as error:
        raise InvalidSetUp([(step, fault) for fault in error.faults]) from error
    for name in changes:
        note(session, item, name, old=_short(before[name]), new=_short(after[name]), by=by)
    round_.analysis_settings = after
    mark_saved(session, round_, step)


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_short(held)}" for name, held in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


@dataclass(frozen=True)
class Contacts:
    """Whom respondents turn to, and who reads flagged comments every day."""

    contact: str
    urgent_contact: str
    checked_by: str
    checked_email: str


def change_contacts(session: Session, item: RoundOfCouncil, contacts: Contacts, *, by: By) -> None:
    """Changes the contacts, before or after launch. Raises InvalidSetUp."""
    problems = [
        (field, message)
        for field, text, what, longest in (
            ("contact", contacts.contact, "who runs the questionnaire", 300),
            ("urgent", contacts.urgent_contact, "whom to contact about a child at risk", 300),
            ("checked-by", contacts.checked_by, "who reads flagged comments every day", 200),
        )
        for message in line_faults(text, what, longest=longest)
    ]
    email = contacts.checked_email.strip()
    if email and (len(email) > 254 or not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", email)):
        message = "Enter an e-mail address in the correct format, like name@example.org"
        problems.append(("checked-email", message))
    if problems:
        raise InvalidSetUp(problems)
    round_ = rounds.lock_for_change(session, round_id=item.round.id)
    for what, old, new in (
        ("contact", round_.contact, contacts.contact.strip()),
        ("urgent contact", round_.urgent_contact, contacts.urgent_contact.strip()),
        ("who reads comments", round_.comments_checked_by, contacts.checked_by.strip()),
        ("where they are told", round_.comments_checked_email, email),
    ):
        note(session, item, what, old=old, new=new, by=by)
    round_.contact = contacts.contact.strip()
    round_.urgent_contact = contacts.urgent_contact.strip()
    round_.comments_checked_by = contacts.checked_by.strip()
    round_.comments_checked_email = email
    mark_saved(session, round_, Step.CONTACTS)


def change_previous(session: Session, item: RoundOfCouncil, *, previous_slug: str, by: By) -> None:
    """Says which earlier round of the council this one follows; "" for none.

    Raises NotFound for a round of another council, and for the round itself.
    """
    round_ = held(session, item)
    earlier = {each.slug: each for each in list_earlier(session, item)}
    if previous_slug and previous_slug not in earlier:
        raise NotFound("The council has no such round.")
    known = {each.id: each.slug for each in earlier.values()}
    old = known.get(round_.previous_round_id or "", "none")
    note(session, item, "previous round", old=old, new=previous_slug or "none", by=by)
    round_.previous_round_id = earlier[previous_slug].id if previous_slug else None
    mark_saved(session, round_, Step.PREVIOUS)


def list_earlier(session: Session, item: RoundOfCouncil) -> list[Round]:
    """The other rounds of the same council that were launched, the newest first."""
    return [
        each
        for each in reviews.list_rounds_of_council(session, council_id=item.council.id)
        if each.id != item.round.id and each.launched_at_utc is not None
    ]
