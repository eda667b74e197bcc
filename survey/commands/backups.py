"""Commands that copy the whole database to a file, and fill a database from one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import click

from survey.actions import anonymity, backed_up_files
from survey.actions import backups as actions
from survey.clock import now
from survey.commands import context
from survey.data.return_evidence_files import folder_of
from survey.errors import NotAllowedNow
from survey.settings import Settings

COUNTED = {
    "council": ("council", "councils"),
    "round": ("round", "rounds"),
    "invitation": ("invitation", "invitations"),
    "draft": ("draft", "drafts"),
    "response": ("response", "responses"),
    "comment": ("comment", "comments"),
    "snapshot": ("set of findings", "sets of findings"),
    "account": ("account", "accounts"),
}
"""The tables that mean something to the person at the keyboard."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-key", is_flag=True, help="Put the secret key into the file as well.")
def backup(file: Path, with_key: bool) -> None:
    """Copy the whole database into FILE, while people go on answering.

    FILE can be restored into SQLite and into PostgreSQL. Only you can read it; it holds everything
    people have written, so keep it as safe as the database itself. Links and printed codes depend
    on SECRET_KEY, which is left out unless you ask for it: keep that apart.
    """
    settings = context.settings_now()
    with context.open_engine(settings) as engine:
        manifest = actions.back_up(
            engine,
            file,
            secret_key=settings.secret_key,
            with_key=with_key,
            program=version("signpost"),
            now=now(),
            files=folder_of(settings.instance),
            step=_progress(),
        )
    click.echo(f"{file}: {_counts(manifest.rows)}.")
    _tell_lost(manifest.lost_files)
    if not with_key:
        click.echo("The secret key is not in it; without it, links and codes cannot be made again.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", "replacing", is_flag=True, help="Delete what the database holds first.")
@click.option("--yes", is_flag=True, help="With --replace: do not ask.")
@click.option(
    "--with-key", is_flag=True, help="Put the file’s secret key into the instance folder."
)
def restore(file: Path, *, replacing: bool, yes: bool, with_key: bool) -> None:
    """Fill the database from FILE, wholly or not at all. Stop the server first.

    The database must be empty, or new, unless --replace is given; then what it holds is deleted,
    after a question that says how much that is.
    """
    settings = context.settings_now()
    manifest = actions.read_manifest(file)
    key = _key_to_put(settings, file) if with_key else None
    context.migrate(settings)
    with context.open_engine(settings) as engine:
        here = actions.rows_here(engine)
        if here and replacing and not yes:
            click.confirm(
                f"This deletes what the database holds now ({_counts(here)}) and puts in its place "
                f"the backup of {manifest.made_at:%d %B %Y, %H:%M} UTC ({_counts(manifest.rows)}). "
                "Go on?",
                abort=True,
            )
        held = actions.restore(
            engine, file, manifest=manifest, replacing=replacing, step=_progress()
        )
        lost = backed_up_files.restore_files(engine, file, folder_of(settings.instance))
        anonymity.erase_traces(engine)
    if key is not None:
        context.write_private(settings.instance / "secret_key", key)
    click.echo(f"Restored: {_counts(manifest.rows)}.")
    _tell_lost(lost)
    if held:
        click.echo(
            f"{held:,} e-mails were waiting when the backup was made and may have gone out since. "
            "None is sent by itself: each round’s messages page lists them."
        )
    if not manifest.is_key(key or settings.secret_key):
        click.echo(
            "Links and codes made before the backup do NOT work: SECRET_KEY is another one than "
            "then. Set the old one, or list new links: signpost invitations ROUND --print"
        )


def _key_to_put(settings: Settings, file: Path) -> str | None:
    key = actions.read_key(file)
    if key is None:
        raise NotAllowedNow(f"{file} holds no secret key: it was made without --with-key.")
    kept = settings.instance / "secret_key"
    is_kept = kept.exists() and kept.read_text(encoding="ascii").strip() == settings.secret_key
    if key != settings.secret_key and not is_kept:
        raise NotAllowedNow(
            "SECRET_KEY is set to another key than the one in the backup. Unset it, or restore "
            "without --with-key."
        )
    return key


def _tell_lost(names: Sequence[str]) -> None:
    if names:
        what = "1 file" if len(names) == 1 else f"{len(names):,} files"
        click.echo(f"{what} given as evidence could not be found: {', '.join(names)}.", err=True)


def _counts(rows: Mapping[str, int]) -> str:
    said = [
        f"{rows[table]:,} {one if rows[table] == 1 else many}"
        for table, (one, many) in COUNTED.items()
        if rows.get(table)
    ]
    return ", ".join(said) or "nothing but its tables"


def _progress() -> Callable[[str], None] | None:
    """Says on a terminal which table is being copied."""
    if not sys.stderr.isatty():
        return None
    return lambda table: click.echo(f"  {table.replace('_', ' ')}", err=True)
