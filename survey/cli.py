"""The `signpost` console script: gathers the commands and turns errors into exit codes.

Each command calls actions and commits once. What it prints is for the person at the keyboard;
nothing is logged.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from survey.commands import (
    backups,
    evidence,
    importing,
    invitations,
    people,
    personal_data,
    publishing,
    rounds,
    running,
)
from survey.commands.exits import EXPECTED, ExitCode, exit_code, message

ENDS = """\b
How a command ends:
  0  done
  1  cannot be done; the reason is printed
  2  the command line is wrong
  3  the settings are wrong
  4  the database does not answer or lacks its tables
  5  a file has faults; each is printed with its place, and nothing was stored
  6  no such council, round, account or invitation
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=ENDS)
@click.option("--demo", is_flag=True, help="Work on the demo's database instead of the real one.")
@click.version_option(package_name="signpost", prog_name="Signpost", message="%(prog)s %(version)s")
def program(demo: bool) -> None:
    """Signpost: self-evaluation questionnaires for peer reviews.

    Settings are read from the environment and described in docs/settings.md. To start a round:
    migrate, create-council, create-account, create-round, invitations, serve, close-round.
    """


for _command in (
    running.demo,
    running.serve,
    running.worker,
    running.migrate,
    running.health,
    people.create_account,
    people.reset_password,
    people.create_council,
    people.add_manager,
    people.add_administrator,
    people.remove_second_factor,
    rounds.create_round,
    invitations.invitations,
    invitations.revoke_invitation,
    importing.import_responses,
    publishing.import_published_round,
    rounds.round_status,
    rounds.close_round,
    rounds.reopen_round,
    rounds.delete_round,
    personal_data.retention,
    personal_data.personal_data,
    evidence.clean_files,
    backups.backup,
    backups.restore,
):
    program.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command and ends the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; expected errors are one message, no traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        ended = program.main(
            args=None if arguments is None else list(arguments),
            prog_name="signpost",
            standalone_mode=False,
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return ExitCode.STOPPED
    except EXPECTED as error:
        click.echo(message(error), err=True)
        return exit_code(error)
    return ended if isinstance(ended, int) else ExitCode.DONE
