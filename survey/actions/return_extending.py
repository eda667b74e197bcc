"""More time for an agency return: the agency lead asks a council, the council answers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from question_banks.text import clean_text
from survey.actions import outbox
from survey.actions.outbox import MailKind
from survey.actions.returns_rules import Writer
from survey.data import audit, return_extensions, returns, returns_people
from survey.data.audit import AuditAction
from survey.data.return_extensions import ReturnExtension
from survey.data.returns import ReturnItem, ReturnState, RoundOfReturn
from survey.errors import NotAllowedNow, NotFound, SurveyError

LONDON = ZoneInfo("Europe/London")
LONGEST_REASON = 2000
LONGEST_DAYS = 365


class InvalidExtension(SurveyError):
    """An extension that cannot be asked for or granted; `field` says which entry is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def end_of_day(day: date) -> datetime:
    """Midnight in London at the end of a day."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LONDON)


def last_day(until: datetime) -> date:
    """The last day, in London, of a time that ends at midnight or within a day."""
    return (until.astimezone(LONDON) - timedelta(seconds=1)).date()


def in_words(day: date) -> str:
    """A day as it is written to people.

    >>> in_words(date(2031, 3, 14))
    '14 March 2031'
    """
    return f"{day.day} {day:%B %Y}"


def round_of(item: ReturnItem, slug: str) -> RoundOfReturn:
    """The round of that name that a return is given to. Raises NotFound."""
    for round_ in item.rounds:
        if round_.slug == slug:
            return round_
    raise NotFound("This return is not given to such a round.")


def ask(
    session: Session,
    item: ReturnItem,
    round_: RoundOfReturn,
    *,
    until: date | None,
    reason: str,
    writer: Writer,
    now: datetime,
) -> ReturnExtension:
    """Asks a council for more time and tells its review managers. Asking twice is asking once.

    Raises InvalidExtension, and NotAllowedNow where the round is closed or the return signed.
    """
    assert writer.account_id is not None  # only an agency lead, who signs in, asks
    text = _reason(reason, "Say why you need more time")
    if until is None:
        raise InvalidExtension("until", "Enter the day as a day, month and year")
    _check_day(until, round_, now=now, field="until")
    held = returns.lock_return(session, return_id=item.id)
    if held.state is ReturnState.SIGNED or not round_.takes_signatures(now):
        raise NotAllowedNow("There is nothing to extend: this return is signed, or the round over.")
    waiting = return_extensions.find_waiting(session, return_id=item.id, round_id=round_.round_id)
    if waiting is not None:
        return waiting
    made = return_extensions.add_extension(
        session,
        return_id=item.id,
        round_id=round_.round_id,
        until=until,
        reason=text,
        account_id=writer.account_id,
        name=writer.name,
        now=now,
    )
    for manager in return_extensions.list_managers(session, council_id=round_.council_id):
        outbox.put(
            session,
            kind=MailKind.RETURN_EXTENSION,
            to=manager.email,
            key=f"extension-asked:{made.id}:{manager.id}",
            now=now,
            account_id=manager.id,
            council_id=round_.council_id,
            facts={
                "subject": f"{item.agency} asks for more time",
                "told": f"{item.agency} asks for more time for its return to “{round_.title}”: "
                f"until {in_words(until)}. Say yes or no on the page of the return.",
                "path": f"/manage/{round_.slug}/returns/{item.id}",
            },
        )
    _record(session, AuditAction.RETURN_EXTENSION_ASKED, item, round_, writer, now=now)
    return made


def decide(
    session: Session,
    item: ReturnItem,
    round_: RoundOfReturn,
    *,
    until: date | None,
    answer: str,
    writer: Writer,
    now: datetime,
) -> None:
    """Grants the request that waits, until that day, or refuses it where `until` is None.

    The agency's leads are told. A request that was answered already is left as it is. Raises
    InvalidExtension, and NotAllowedNow where the round is closed.
    """
    text = clean_text(answer)
    if until is None:
        text = _reason(answer, "Say why you do not give more time", field="answer")
    elif len(text) > LONGEST_REASON:
        _reason(answer, "", field="answer")
    if until is not None:
        _check_day(until, round_, now=now, field="until")
    returns.lock_return(session, return_id=item.id)
    if not round_.takes_signatures(now):
        raise NotAllowedNow("This round is closed, so no more time can be given for it.")
    waiting = return_extensions.find_waiting(session, return_id=item.id, round_id=round_.round_id)
    if waiting is None:
        return
    waiting.decided_at_utc = now
    waiting.granted_until = until
    waiting.answer = text
    waiting.decided_by = writer.name
    waiting.decided_account_id = writer.account_id
    session.flush()
    said = f"{round_.council} gives no more time for the return of {item.agency}."
    if until is not None:
        return_extensions.extend(
            session, return_id=item.id, round_id=round_.round_id, until=end_of_day(until)
        )
        said = f"{round_.council} gives {item.agency} until {in_words(until)} for its return."
    for lead in returns_people.list_leads(session, agency_id=item.agency_id):
        outbox.put(
            session,
            kind=MailKind.RETURN_EXTENSION,
            to=lead.email,
            key=f"extension-answered:{waiting.id}:{lead.id}",
            now=now,
            account_id=lead.id,
            council_id=round_.council_id,
            facts={
                "subject": f"More time for your return to {round_.council}: "
                + ("yes" if until is not None else "no"),
                "told": f"{said} What was said about it stands with the return.",
                "path": f"/returns/{item.id}",
            },
        )
    _record(session, AuditAction.RETURN_EXTENSION_DECIDED, item, round_, writer, now=now)


def _reason(text: str, message: str, *, field: str = "reason") -> str:
    found = clean_text(text)
    if not found:
        raise InvalidExtension(field, message)
    if len(found) > LONGEST_REASON:
        raise InvalidExtension(
            field,
            f"Shorten this to {LONGEST_REASON:,} characters or fewer; it has {len(found):,} now",
        )
    return found


def _check_day(until: date, round_: RoundOfReturn, *, now: datetime, field: str) -> None:
    today = now.astimezone(LONDON).date()
    if until < today:
        raise InvalidExtension(field, "The day must be today or later")
    if until <= last_day(round_.answers_until):
        raise InvalidExtension(
            field,
            f"The day must be after {in_words(last_day(round_.answers_until))}, until when there "
            "is time already",
        )
    if until > last_day(round_.closes_at) + timedelta(days=LONGEST_DAYS):
        raise InvalidExtension(field, "The day must be within a year of the round’s last day")


def _record(
    session: Session,
    action: AuditAction,
    item: ReturnItem,
    round_: RoundOfReturn,
    writer: Writer,
    *,
    now: datetime,
) -> None:
    audit.record(
        session,
        action=action,
        at=now,
        account_id=writer.account_id,
        council_id=round_.council_id,
        detail={"round": round_.slug, "agency": item.agency},
    )
