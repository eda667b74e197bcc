"""The program `python -m analysis`: its commands, and how any of them ends."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.commands import audit, benchmark, codebook, comments, compare, summarise
from analysis.commands.ending import EXIT_CODES, Exit, Terminated, WrongCommand
from analysis.commands.telling import complain

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

COMMANDS = (summarise, compare, benchmark, codebook, audit, comments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a wrong command line exits with 2."""
    parser = program()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except WrongCommand as error:
        parser.error(str(error))
    except BrokenPipeError:
        # Whoever reads the result, such as head, has had enough. What Python would still write
        # when it exits goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except KeyboardInterrupt:
        complain("Stopped. Nothing was written.")
        return Exit.INTERRUPTED
    except Terminated:
        complain("Asked to end. Nothing was written.")
        return Exit.ENDED


def program() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="python -m analysis",
        description="Analyse the answers to a questionnaire.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
