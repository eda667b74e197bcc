"""Commands about who signs in, and councils."""

from __future__ import annotations

import sys

import click

from survey.actions import accounts as actions
from survey.actions import people, second_factors
from survey.actions.passwords import new_password
from survey.actions.people import Given
from survey.clock import now
from survey.commands import context
from survey.data import accounts
from survey.data.accounts import Role

MADE = "made"

_password_stdin = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input, one line, instead of asking for it.",
)
_make_password = click.option(
    "--make-password", is_flag=True, help="Make a password and print it, instead of asking for it."
)


@click.command("create-account")
@click.argument("email")
@click.option("--name", required=True, help="The person’s name, as shown to other managers.")
@click.option(
    "--council",
    "councils",
    multiple=True,
    metavar="SLUG",
    help="A council whose reviews the person manages. May be given several times.",
)
@_password_stdin
@_make_password
def create_account(
    email: str, name: str, councils: tuple[str, ...], password_stdin: bool, make_password: bool
) -> None:
    """Make an account for a review manager, who signs in with EMAIL.

    The password is asked for twice, unless one of the two options says otherwise. It is never
    given on the command line, where others could see it.
    """
    settings = context.settings_now()
    with context.open_session(settings, reading=True) as session:
        for slug in councils:
            accounts.get_council(session, slug=slug)
    password, made = _password(from_stdin=password_stdin, make=make_password)
    with context.open_session(settings) as session:
        account = actions.create_account(
            session, email=email, name=name, password=password, now=now()
        )
        for slug in councils:
            council = accounts.get_council(session, slug=slug)
            actions.add_manager(session, account=account, council=council)
        session.commit()
        address = account.email
    click.echo(f"{address} can sign in now.")
    _show(password if made else None)


@click.command("reset-password")
@click.argument("email")
@_password_stdin
@_make_password
def reset_password(email: str, password_stdin: bool, make_password: bool) -> None:
    """Set a new password for EMAIL, and end that account's sessions."""
    settings = context.settings_now()
    with context.open_session(settings, reading=True) as session:
        accounts.get_by_email(session, email=actions.normal_email(email))
    password, made = _password(from_stdin=password_stdin, make=make_password)
    with context.open_session(settings) as session:
        account = accounts.get_by_email(session, email=actions.normal_email(email))
        actions.set_password(session, account=account, password=password, now=now())
        session.commit()
        address = account.email
    click.echo(f"{address} has a new password, and has been signed out everywhere.")
    _show(password if made else None)


@click.command("create-council")
@click.argument("slug")
@click.argument("name")
@click.option(
    "--manager",
    "managers",
    multiple=True,
    metavar="EMAIL",
    help="An account that manages the council's reviews. May be given several times.",
)
def create_council(slug: str, name: str, managers: tuple[str, ...]) -> None:
    """Make a council called NAME, which other commands know as SLUG.

    SLUG has lower-case letters, digits and hyphens, such as `aldermere`.
    """
    settings = context.settings_now()
    with context.open_session(settings) as session:
        council = actions.create_council(session, slug=slug, name=name)
        for email in managers:
            account = accounts.get_by_email(session, email=actions.normal_email(email))
            actions.add_manager(session, account=account, council=council)
        session.commit()
    click.echo(f"{name.strip()} is known as {slug}.")


@click.command("add-manager")
@click.argument("email")
@click.argument("council_slug", metavar="COUNCIL")
def add_manager(email: str, council_slug: str) -> None:
    """Let the account EMAIL manage the reviews of COUNCIL."""
    settings = context.settings_now()
    with context.open_session(settings) as session:
        account = accounts.get_by_email(session, email=actions.normal_email(email))
        council = accounts.get_council(session, slug=council_slug)
        actions.add_manager(session, account=account, council=council)
        session.commit()
        line = f"{account.email} manages the reviews of {council.name}."
    click.echo(line)


@click.command("add-administrator")
@click.argument("email")
@click.option("--name", help="The person’s name, where they have no account yet.")
@_password_stdin
@_make_password
def add_administrator(
    email: str, name: str | None, password_stdin: bool, make_password: bool
) -> None:
    """Let EMAIL run this installation: add councils, invite people, read the record of events.

    Without an account yet, give a name, and a password as for `create-account`.
    """
    settings = context.settings_now()
    address = actions.normal_email(email)
    with context.open_session(settings, reading=True) as session:
        is_new = accounts.find_by_email(session, email=address) is None
    password, made = "", False
    if is_new:
        if not name:
            raise click.UsageError(f"{address} has no account yet: give a name with --name.")
        password, made = _password(from_stdin=password_stdin, make=make_password)
    elif password_stdin or make_password:
        raise click.UsageError(f"{address} has an account and keeps its password.")
    with context.open_session(settings) as session:
        if is_new:
            account = actions.create_account(
                session, email=address, name=name or "", password=password, now=now()
            )
        else:
            account = accounts.get_by_email(session, email=address)
        people.give_role(
            session, account_id=account.id, given=Given(Role.ADMINISTRATOR), by=None, now=now()
        )
        session.commit()
    click.echo(f"{address} is an administrator.")
    _show(password if made else None)


@click.command("remove-second-factor")
@click.argument("email")
def remove_second_factor(email: str) -> None:
    """Remove the second factor of EMAIL, who lost the app and the recovery codes.

    For an administrator whom no other administrator can help. Their sessions end.
    """
    settings = context.settings_now()
    with context.open_session(settings) as session:
        account = accounts.get_by_email(session, email=actions.normal_email(email))
        second_factors.remove(session, account=account, by=None, now=now())
        session.commit()
        address = account.email
    click.echo(f"{address} has no second factor any more, and has been signed out everywhere.")


def _password(*, from_stdin: bool, make: bool) -> tuple[str, bool]:
    """A password, and whether it was made here and has to be shown."""
    if from_stdin and make:
        raise click.UsageError("Use one of --password-stdin and --make-password.")
    if make:
        return new_password(), True
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if not sys.stdin.isatty():
        raise click.UsageError(
            "There is nobody to ask for a password: use --password-stdin or --make-password."
        )
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return asked, False


def _show(password: str | None) -> None:
    if password is not None:
        click.echo(f"Password: {password}")
        click.echo("It is shown this once. Pass it on safely, and ask for it to be changed.")
