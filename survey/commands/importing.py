"""The command that brings in a round collected elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Never

import click

from survey.clock import now
from survey.commands import context
from survey.data.rounds import get_round_by_slug

if TYPE_CHECKING:
    from tqdm import tqdm

SHOWN_AFTER_SECONDS = 0.5
"""Work that is done sooner needs no progress bar."""

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-responses")
@click.argument("slug", metavar="ROUND")
@click.argument("file", type=_file)
@click.option("--invited", type=_file, help="CSV of how many people each agency invited.")
@click.option("--add", "adding", is_flag=True, help="Add to the responses the round has already.")
@click.option("--dry-run", is_flag=True, help="Read and check the files, and store nothing.")
def import_responses(
    slug: str, file: Path, *, invited: Path | None, adding: bool, dry_run: bool
) -> None:
    """Bring responses collected elsewhere into ROUND, all or none.

    FILE is CSV in UTF-8: response_id, agency, sector, level, then a column for each question code
    of the round's questionnaire, with option codes; an empty cell is a skipped question. The file
    after --invited has agency, sector, invited and, if wanted, level. docs/formats.md describes
    both. Every fault is listed with its row and column, and then nothing is stored.

    Responses get no date and a random id. Comments wait to be read before anybody sees them. The
    round can then be closed like any other.
    """
    from survey.actions import importing as actions

    settings = context.settings_now()
    moment = now()
    with context.open_session(settings, reading=True) as session:
        found = get_round_by_slug(session, slug=slug)
        bank = actions.bank_of(session, found)
    with _bar(f"Reading {file.name}", unit="B") as bar:
        read = actions.read_import(bank, responses=file, invited=invited, progress=_reader_of(bar))
    for note in read.responses.notes:
        click.echo(note, err=True)
    with context.open_session(settings) as session:
        actions.require_importable(session, found, adding=adding, now=moment)
        with _bar("Storing responses", unit="") as bar:
            done = actions.store(
                session, found, read, bank=bank, now=moment, stored=_counter_of(bar, read.count)
            )
        if dry_run:
            session.rollback()
        else:
            session.commit()
    said = "would be brought" if dry_run else "were brought"
    click.echo(
        f"Responses: {done.responses:,}. Comments: {done.comments:,}. They {said} into {slug}."
    )
    if done.new_agencies:
        click.echo(f"Agencies not known before: {'; '.join(done.new_agencies)}")
    if dry_run:
        click.echo("Nothing was changed.")


@contextmanager
def _bar(title: str, *, unit: str) -> Iterator[tqdm[Never] | None]:
    """A progress bar on standard error while that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(
        desc=title, unit=unit, unit_scale=bool(unit), delay=SHOWN_AFTER_SECONDS, leave=False
    ) as bar:
        yield bar


def _reader_of(bar: tqdm[Never] | None) -> Callable[[int, int], None] | None:
    if bar is None:
        return None

    def progress(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return progress


def _counter_of(bar: tqdm[Never] | None, total: int) -> Callable[[int], None] | None:
    progress = _reader_of(bar)
    return None if progress is None else lambda done: progress(done, total)
