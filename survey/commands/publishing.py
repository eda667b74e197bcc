"""The command that brings in the published totals of a round run elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from question_banks.loader import load_bank
from survey.clock import now
from survey.commands import context
from survey.data import reviews
from survey.data.accounts import get_council
from survey.data.models import Review
from survey.errors import NotFound

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


class Month(click.ParamType[date]):
    """A month of a year, such as `2022-05`, as its first day."""

    name = "month"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The first day of the month meant."""
        if isinstance(value, date):
            return value
        year, dash, month = str(value).strip().partition("-")
        if dash and year.isascii() and year.isdigit() and month.isascii() and month.isdigit():
            try:
                return date(int(year), int(month), 1)
            except ValueError:
                pass
        self.fail(f"{value!r} is not a month; write 2022-05.", param, ctx)


@click.command("import-published-round")
@click.argument("file", type=_file)
@click.option(
    "--council", "council_slug", required=True, metavar="SLUG", help="Whose review it is."
)
@click.option("--review", "review_title", required=True, help="The title of the review.")
@click.option(
    "--bank",
    "bank_name",
    required=True,
    metavar="ID",
    help="The questionnaire whose question codes the file uses.",
)
@click.option("--title", required=True, help="What the round is to be called.")
@click.option(
    "--held", type=Month(), required=True, metavar="YYYY-MM", help="When people answered."
)
@click.option(
    "--source",
    required=True,
    help="Who published the totals, where and when. Always shown with them.",
)
@click.option("--dry-run", is_flag=True, help="Read and check the file, and store nothing.")
def import_published_round(
    file: Path,
    *,
    council_slug: str,
    review_title: str,
    bank_name: str,
    title: str,
    held: date,
    source: str,
    dry_run: bool,
) -> None:
    """Bring in totals of a round that was run elsewhere and published, all or none.

    FILE is CSV in UTF-8 with the columns question, base, favourable and percent: for each question
    code the people who answered and how many of them were favourable, or a percentage with its
    base, or a percentage alone where no base was published. Such a percentage is shown and nothing
    is concluded from it. Every fault is listed with its row and column, and then nothing is stored.
    """
    from analysis.rounding import counted
    from survey.actions import publishing as actions

    settings = context.settings_now()
    bank = load_bank(bank_name)
    with context.open_session(settings) as session:
        council = get_council(session, slug=council_slug)
        review = _review(reviews.list_reviews(session, council_id=council.id), review_title)
        totals = actions.read_totals(bank, file.read_bytes())
        actions.import_published(
            session,
            council_id=council.id,
            review_id=review.id,
            bank=bank,
            title=title,
            source=source,
            held_on=held,
            totals=totals,
            account_id=None,
            now=now(),
        )
        if dry_run:
            session.rollback()
        else:
            session.commit()
    said = "would be brought" if dry_run else "were brought"
    without = sum(total.base is None for total in totals)
    click.echo(f"Totals of {counted(len(totals), 'question')} {said} in as “{title.strip()}”.")
    if without:
        click.echo(f"Shown and not tested, because no base was published: {without}.")
    if dry_run:
        click.echo("Nothing was changed.")


def _review(known: list[Review], title: str) -> Review:
    for review in known:
        if review.title == title.strip():
            return review
    titles = ", ".join(repr(review.title) for review in known) or "none"
    raise NotFound(f"The council has no review called {title!r}; it has: {titles}.")
