"""Commands about invitations: make them, list links and codes, withdraw one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from survey.actions import invitations as actions
from survey.actions import inviting
from survey.actions.closing import analysis_settings
from survey.actions.forecast import EXPECTED_RESPONSE, Forecast, forecast
from survey.actions.invitations import Letter
from survey.actions.invited_file import read_invited_file
from survey.actions.inviting import AgencyPlan
from survey.actions.round_agencies import FEW_INVITED
from survey.actions.ways_in import as_csv
from survey.clock import now
from survey.commands import context
from survey.data.rounds import get_round_by_slug


@click.command()
@click.argument("slug", metavar="ROUND")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Say what FILE would change, and change nothing.")
@click.option("--print", "printing", is_flag=True, help="List every link and code of the round.")
@click.option("--unused", is_flag=True, help="With --print: only those not used yet, to remind.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --print: write to this .csv or .txt file, which only you can read.",
)
def invitations(
    slug: str, file: Path | None, *, dry_run: bool, printing: bool, unused: bool, out: Path | None
) -> None:
    """Invite the people of FILE to ROUND, or list the links and codes of ROUND.

    FILE is CSV in UTF-8 or an Excel workbook (.xlsx) with the columns agency, sector and invited,
    and if wanted level, expected, label, email, contact_name and contact_email. A row is either an
    agency with the number of people invited, or one person with a label (a name or a post), an
    e-mail address or both. Each person gets a link and a printed code. `expected` is no for an
    agency whose silence would not matter; the contact is whom to turn to at the agency. The same
    file can be brought in again, changed: nobody is invited twice.

    Links and codes are made from SECRET_KEY and are not stored. Whoever has one can answer with
    it, so keep the list safe.
    """
    if (file is None) == (not printing):
        raise click.UsageError("Give either FILE, to invite, or --print, to list.")
    if file is not None:
        if unused or out is not None:
            raise click.UsageError("--unused and --out belong to --print.")
        _invite(slug, file, dry_run=dry_run)
    elif dry_run:
        raise click.UsageError("--dry-run belongs to FILE.")
    else:
        _print(slug, unused=unused, out=out)


def _invite(slug: str, file: Path, *, dry_run: bool) -> None:
    wanted = read_invited_file(file)
    settings = context.settings_now()
    with context.open_session(settings, reading=dry_run) as session:
        found = get_round_by_slug(session, slug=slug)
        plans = inviting.plan_invitations(session, found, file=wanted)
        sizes = inviting.sizes_after(session, found, plans=plans)
        if not dry_run:
            inviting.make_invitations(session, found, plans=plans, now=now())
            session.commit()
    for line in _plan_lines(plans):
        click.echo(line)
    for line in _forecast_lines(forecast(sizes, settings=analysis_settings(found.round))):
        click.echo(line)
    new = sum(plan.new_invitations for plan in plans)
    if dry_run:
        click.echo(f"{new} invitations would be made. Nothing was changed.")
    else:
        click.echo(f"{new} invitations made. List them: signpost invitations {slug} --print")


def _plan_lines(plans: Sequence[AgencyPlan]) -> list[str]:
    lines = []
    for plan in plans:
        before, after = sum(plan.numbers_before.values()), plan.agency.invited
        number = f"{after} invited"
        if plan.numbers_before and before != after:
            number += f" (before: {before})"
        state = "" if plan.invited_agency_id else ", new to this round"
        lines.append(f"{plan.agency.name}: {number}, {plan.new_invitations} to make{state}")
        if plan.spare:
            lines.append(
                f"  {plan.spare} links more than people invited: withdraw those that are not "
                "needed with `signpost revoke-invitation`."
            )
        if plan.agency.invited <= FEW_INVITED:
            lines.append(
                "  So few people are not anonymous; their answers are only ever shown together "
                "with others’."
            )
    return lines


def _forecast_lines(expected: Forecast) -> list[str]:
    shown = (
        ("in figures", expected.figures),
        ("in words at most", expected.words),
        ("only together with others", expected.hidden),
    )
    lines = [f"  {how}: {'; '.join(titles)}" for how, titles in shown if titles]
    return [
        f"If {float(EXPECTED_RESPONSE):.0%} of them answer, these groups could be shown",
        *lines,
    ]


def _print(slug: str, *, unused: bool, out: Path | None) -> None:
    if out is not None and out.suffix not in {".csv", ".txt"}:
        raise click.UsageError("The name after --out must end in .csv or .txt.")
    settings = context.settings_now()
    with context.open_session(settings, reading=True) as session:
        letters = actions.list_letters(
            session,
            get_round_by_slug(session, slug=slug),
            secret_key=settings.secret_key,
            base_url=settings.base_url,
            unused_only=unused,
        )
    if out is None:
        click.echo(as_text(letters, base_url=settings.base_url), nl=False)
        if sys.stdout.isatty():
            click.echo(f"{len(letters)} invitations.", err=True)
        return
    content = (
        as_csv(letters) if out.suffix == ".csv" else as_text(letters, base_url=settings.base_url)
    )
    context.write_private(out, content)
    click.echo(f"{len(letters)} invitations are in {out}, which only you can read.")


def as_text(letters: Sequence[Letter], *, base_url: str) -> str:
    """The letters to read or to cut up: agency, whom, link and code."""
    blocks = []
    for letter in letters:
        whom = " ".join(filter(None, (letter.label, f"<{letter.email}>" if letter.email else "")))
        lines = [f"{letter.agency}{', ' if whom else ''}{whom}"]
        if letter.has_submitted:
            lines.append("  used")
        lines += [f"  link {letter.link}", f"  code {letter.code}   typed at {base_url}/code"]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


@click.command("revoke-invitation")
@click.argument("given", metavar="INVITATION")
@click.option(
    "--replace", "replacing", is_flag=True, help="Make a new link and code for the same person."
)
def revoke_invitation(given: str, replacing: bool) -> None:
    """Withdraw an invitation: its link and code stop working.

    INVITATION is its link, its printed code, or the first six characters of the code. Answers
    already sent in stay. With --replace the person gets a new link and code, and what was begun is
    kept.
    """
    settings = context.settings_now()
    with context.open_session(settings) as session:
        invitation = actions.find_invitation(session, given, secret_key=settings.secret_key)
        if replacing:
            actions.replace(session, invitation, now=now())
        else:
            actions.revoke(session, invitation, now=now())
        session.commit()
        public_id, generation = invitation.public_id, invitation.generation
    if not replacing:
        click.echo(f"Invitation {public_id} has been withdrawn.")
        return
    link, code = actions.link_and_code(
        settings.secret_key,
        base_url=settings.base_url,
        public_id=public_id,
        generation=generation,
    )
    click.echo("The old link and code no longer work. The new ones:")
    click.echo(f"  link {link}")
    click.echo(f"  code {code}   typed at {settings.base_url}/code")
