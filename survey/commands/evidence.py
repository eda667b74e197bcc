"""The command that clears away files which belong to no evidence."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from survey.actions.return_evidence import clean_up
from survey.clock import now
from survey.commands import context
from survey.data.return_evidence_files import folder_of


@click.command("clean-files")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
def clean_files(dry_run: bool) -> None:
    """Delete files given as evidence that belong to nothing any more.

    Such files are left by an upload that was broken off, or by a return that was deleted. The
    worker does this every night. Files of the last hour are left alone.
    """
    settings = context.settings_now()
    with context.open_engine(settings) as engine, Session(engine) as session:
        found = clean_up(session, folder=folder_of(settings.instance), now=now(), dry_run=dry_run)
    count = len(found.left_over)
    done = "would be deleted" if dry_run else "deleted"
    click.echo(f"{count:,} {'file' if count == 1 else 'files'} {done}.")
    for name in found.missing:
        click.echo(f"The file {name} belongs to evidence and is not there.", err=True)
