"""Commands about personal data: what has been kept long enough, and what is kept about somebody."""

from __future__ import annotations

from pathlib import Path

import click

from survey.actions import anonymity
from survey.actions import personal_data as actions
from survey.actions import retention as retaining
from survey.actions.personal_data import Kept
from survey.clock import now
from survey.commands import context
from survey.data.retention import RoundKept


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
def retention(*, dry_run: bool) -> None:
    """Delete the invitations of rounds that ended long enough ago (RETENTION_DAYS).

    With them go unfinished answers, messages and agencies' contacts. Answers sent in and how many
    people were invited stay. The worker does the same every night.
    """
    settings = context.settings_now()
    with context.open_engine(settings) as engine:
        with context.session_of(engine, reading=dry_run) as session:
            due = retaining.list_due(session, days=settings.retention_days, now=now())
            if due and not dry_run:
                retaining.delete_due(session, due, now=now())
                session.commit()
        if due and not dry_run:
            anonymity.erase_traces(engine)
    for one in due:
        click.echo(_line(one, dry_run=dry_run))
    if not due:
        click.echo(f"No round that ended {settings.retention_days} days ago has invitations left.")


def _line(one: RoundKept, *, dry_run: bool) -> str:
    verb = "would be deleted" if dry_run else "deleted"
    invitations = "1 invitation" if one.invitations == 1 else f"{one.invitations} invitations"
    drafts = "1 unfinished" if one.drafts == 1 else f"{one.drafts} unfinished"
    return f"{one.slug} (ended {one.ended_at:%d %B %Y}): {invitations}, {drafts}, {verb}."


@click.command(name="personal-data")
@click.argument("email")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this .csv file, which only you can read.",
)
@click.option("--erase", is_flag=True, help="Delete what is kept, once you have confirmed it.")
@click.option("--yes", is_flag=True, help="With --erase: do not ask.")
def personal_data(email: str, *, out: Path | None, erase: bool, yes: bool) -> None:
    """Show everything kept about the person with the address EMAIL, unfinished answers too.

    Answers sent in do not say whose they are, so they are not among it.
    """
    settings = context.settings_now()
    with context.open_engine(settings) as engine:
        with context.session_of(engine, reading=not erase) as session:
            kept = actions.find_kept(session, email=email, councils=None)
            _show(kept, actions.as_csv(session, kept, unfinished_answers=True), out)
            if not erase or kept.is_empty:
                return
            if not yes:
                click.confirm("Delete all of this for good?", abort=True)
            actions.erase(session, kept, account_id=None, now=now())
            session.commit()
        anonymity.erase_traces(engine)
    click.echo("Deleted." if kept.account is None else "Deleted, but for the account itself.")


def _show(kept: Kept, text: str, out: Path | None) -> None:
    if kept.is_empty:
        click.echo("Nothing is kept under that address.")
    elif out is None:
        click.echo(text, nl=False)
    else:
        context.write_private(out, text)
        click.echo(f"Written to {out}, which only you can read.")
