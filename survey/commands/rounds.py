"""Commands about rounds: create, status, close, reopen."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from analysis.settings import AnalysisSettings
from analysis.settings import load as load_settings
from question_banks.bank import SECTOR_TITLES, Sector
from question_banks.loader import load_bank
from survey.actions import anonymity, closing
from survey.actions import rounds as actions
from survey.actions.closing import SnapshotOutcome
from survey.actions.rounds import NewRound
from survey.clock import now
from survey.commands import context
from survey.data import accounts, coverage
from survey.data.coverage import AgencyCount
from survey.data.rounds import get_round_by_slug, state_of

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59)
REOPENED_DAYS = 7


class LondonTime(click.ParamType[datetime]):
    """A date, or a date and a time, of London, such as `2026-09-21` or `2026-09-21 17:00`."""

    name = "date"

    def __init__(self, *, at: time) -> None:
        self.at = at

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The aware time meant; a date alone means `at` of that day."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip().replace("T", " ")
        for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
            try:
                # The zone is put on one line further down.
                found = datetime.strptime(text, form)  # noqa: DTZ007  # see the line above
            except ValueError:
                continue
            clock_time = found.time() if "H" in form else self.at
            return datetime.combine(found.date(), clock_time, tzinfo=LONDON)
        self.fail(f"{value!r} is not a date; write 2026-09-21 or '2026-09-21 17:00'.", param, ctx)


_opens = LondonTime(at=time(0, 0))
_closes = LondonTime(at=END_OF_DAY)


@click.command("create-round")
@click.argument("slug")
@click.option("--council", "council_slug", required=True, metavar="SLUG", help="Whose round it is.")
@click.option(
    "--bank",
    "bank_name",
    required=True,
    metavar="ID",
    help="The questionnaire: a name that `python -m question_banks list` shows, or a bank file.",
)
@click.option("--title", required=True, help="What respondents and managers see as its name.")
@click.option("--opens", type=_opens, help="First day, such as 2026-09-01; without it, now.")
@click.option(
    "--closes", type=_closes, required=True, help="Last day, to its end, or day and time."
)
@click.option(
    "--contact", required=True, help="Who runs it: a role, an e-mail, a telephone number."
)
@click.option(
    "--urgent-contact",
    required=True,
    help="Whom to contact about a child who may be at risk now. Shown on every comment page.",
)
@click.option(
    "--checked-by",
    required=True,
    help="The person or role who looks at flagged comments every day.",
)
@click.option("--invited-how", default="", help="How the people invited were chosen.")
@click.option(
    "--review",
    "review_title",
    help="The review it belongs to, made if there is none.",
)
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML or JSON file of lines and thresholds; see docs/methods.md. Without it, the usual.",
)
@click.option(
    "--everyone-in-scope",
    is_flag=True,
    help="Everybody in scope is invited, nobody hand-picked: figures may then treat the invited "
    "as the whole population.",
)
def create_round(
    slug: str,
    *,
    council_slug: str,
    bank_name: str,
    title: str,
    opens: datetime | None,
    closes: datetime,
    contact: str,
    urgent_contact: str,
    checked_by: str,
    invited_how: str,
    review_title: str | None,
    settings_file: Path | None,
    everyone_in_scope: bool,
) -> None:
    """Start a round called SLUG: one questionnaire, for one council, for a while.

    The round keeps its own copy of the questionnaire. Nobody is invited yet: `signpost invitations`
    does that. Dates are those of London. SLUG has lower-case letters, digits and hyphens.
    """
    bank = load_bank(bank_name)
    how_read = load_settings(settings_file) if settings_file else AnalysisSettings()
    if everyone_in_scope:
        how_read = how_read.model_copy(update={"everyone_in_scope": True})
    moment = now()
    settings = context.settings_now()
    with context.open_session(settings) as session:
        round_ = actions.create_round(
            session,
            NewRound(
                slug=slug,
                title=title,
                opens_at=opens or moment,
                closes_at=closes,
                contact=contact,
                urgent_contact=urgent_contact,
                comments_checked_by=checked_by,
                invited_how=invited_how,
                review_title=review_title,
            ),
            council=accounts.get_council(session, slug=council_slug),
            bank=bank,
            settings=how_read,
            now=moment,
        )
        session.commit()
    click.echo(
        f"{round_.title} is known as {slug}: {bank.id}, from {_day(round_.opens_at_utc)} "
        f"to {_day(round_.closes_at_utc)}."
    )
    click.echo(f"Next, invite people: signpost invitations {slug} FILE.csv")


@click.command("round-status")
@click.argument("slug", metavar="ROUND")
def round_status(slug: str) -> None:
    """Say how far ROUND has come: its window, and who has answered.

    Never shows an answer.
    """
    settings = context.settings_now()
    with context.open_session(settings, reading=True) as session:
        found = get_round_by_slug(session, slug=slug)
        counted = coverage.list_agencies(session, round_id=found.round.id)
        drafts = coverage.count_drafts(session, round_id=found.round.id)
        state = state_of(found.round, now())
    click.echo(f"{found.round.title} ({found.council.name}): {state}")
    click.echo(f"From {_day(found.round.opens_at_utc)} to {_day(found.round.closes_at_utc)}")
    click.echo()
    _table(counted)
    click.echo()
    click.echo(f"Started and not sent in: {drafts}")
    silent = sorted({SECTOR_TITLES[one] for one in _silent_sectors(counted)})
    if silent:
        click.echo(f"Sectors without an answer: {'; '.join(silent)}")


def _silent_sectors(counted: list[AgencyCount]) -> set[Sector]:
    return {one.sector for one in counted} - {one.sector for one in counted if one.answered}


def _table(counted: list[AgencyCount]) -> None:
    width = max([len(one.agency) for one in counted] + [len("All agencies")])
    click.echo(f"{'Agency':<{width}}  Invited  Links  Answered")
    for one in counted:
        invited = "?" if one.invited is None else str(one.invited)
        click.echo(f"{one.agency:<{width}}  {invited:>7}  {one.links:>5}  {one.answered:>8}")
    invited_all = sum(one.invited or 0 for one in counted)
    links = sum(one.links for one in counted)
    answered = sum(one.answered for one in counted)
    click.echo(f"{'All agencies':<{width}}  {invited_all:>7}  {links:>5}  {answered:>8}")


@click.command("close-round")
@click.argument("slug", metavar="ROUND")
@click.option("--yes", is_flag=True, help="Do not ask.")
def close_round(slug: str, yes: bool) -> None:
    """Close ROUND to answers and make its findings.

    Drafts not sent in by then are left out. A closed round can be opened again, with a reason.
    """
    settings = context.settings_now()
    with context.open_session(settings, reading=True) as session:
        found = get_round_by_slug(session, slug=slug)
        answered = coverage.count_responses(session, round_id=found.round.id)
        drafts = coverage.count_drafts(session, round_id=found.round.id)
    if not yes:
        click.confirm(
            f"{found.round.title}: {_people(answered)} answered, and {_people(drafts)} have not "
            "sent in what they began, which they then could not do any more. Close it?",
            abort=True,
        )
    with context.open_engine(settings) as engine:
        with context.session_of(engine) as session:
            closed = closing.close_round(
                session,
                round_id=found.round.id,
                account_id=None,
                council_id=found.council.id,
                now=now(),
            )
            session.commit()
        anonymity.erase_traces(engine)
    click.echo(f"{found.round.title} is closed. {_OUTCOMES[closed.outcome]}")


_OUTCOMES = {
    SnapshotOutcome.MADE: "Its findings are ready on its page.",
    SnapshotOutcome.MADE_IN_PART: "Its findings are ready on its page. Some questions keep their "
    "earlier figures, because new ones would show what a few people said.",
    SnapshotOutcome.NOBODY_ANSWERED: "Nobody answered, so there are no findings.",
    SnapshotOutcome.UNCHANGED: "Nothing has changed since its findings were made, so they stand.",
    SnapshotOutcome.TOO_FEW_NEW: "Too few new people have answered to show new findings without "
    "showing who they are, so the earlier findings stand.",
}


@click.command("reopen-round")
@click.argument("slug", metavar="ROUND")
@click.option("--reason", required=True, help="Why; it is kept and shown.")
@click.option(
    "--closes", type=_closes, help=f"The new last day; without it, {REOPENED_DAYS} days from now."
)
def reopen_round(slug: str, reason: str, closes: datetime | None) -> None:
    """Let ROUND take answers again. The findings made so far are kept."""
    settings = context.settings_now()
    moment = now()
    with context.open_session(settings) as session:
        found = get_round_by_slug(session, slug=slug)
        closing.reopen_round(
            session,
            round_id=found.round.id,
            reason=reason,
            closes_at=closes or _end_of_day(moment + timedelta(days=REOPENED_DAYS)),
            account_id=None,
            council_id=found.council.id,
            now=moment,
        )
        session.commit()
        last = _day(get_round_by_slug(session, slug=slug).round.closes_at_utc)
    click.echo(f"{found.round.title} takes answers again, until {last}.")


@click.command("delete-round")
@click.argument("slug", metavar="ROUND")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_round(slug: str, yes: bool) -> None:
    """Delete ROUND for good: invitations, drafts, answers, comments and findings.

    For when the time has come that respondents were promised. Delete its backups as well.
    """
    settings = context.settings_now()
    with context.open_session(settings, reading=True) as session:
        found = get_round_by_slug(session, slug=slug)
        answered = coverage.count_responses(session, round_id=found.round.id)
        drafts = coverage.count_drafts(session, round_id=found.round.id)
    if not yes:
        typed = click.prompt(
            f"{found.round.title} ({found.council.name}) has {_people(answered)} who answered, "
            f"{_people(drafts)} who have not sent in what they began, comments and findings. "
            "All of it will be deleted and cannot be brought back.\n"
            f"To delete it, type its name, {slug}"
        )
        if typed != slug:
            raise click.Abort
    with context.open_engine(settings) as engine:
        with context.session_of(engine) as session:
            actions.delete_round(session, get_round_by_slug(session, slug=slug), now=now())
            session.commit()
        anonymity.erase_traces(engine)
    click.echo(f"{found.round.title} has been deleted. Delete the backups that hold it, too.")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _end_of_day(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(LONDON).date(), END_OF_DAY, tzinfo=LONDON)


def _day(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"
