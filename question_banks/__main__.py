"""`python -m question_banks list | show | check | publish`: what each prints, and its exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from question_banks.bank import LEVEL_TITLES, Bank, Level, Question, ScaleQuestion, in_language
from question_banks.checks import check_bank
from question_banks.crosswalk import CROSSWALK, read_crosswalk
from question_banks.duration import minutes_to_answer
from question_banks.errors import InvalidBank, Problem, UnknownBank
from question_banks.lineage import find_reused_codes
from question_banks.loader import list_bank_files, list_banks, load_bank
from question_banks.path import pages
from question_banks.published import DIGESTS, check_digests, publish
from question_banks.reachability import list_asked
from question_banks.reader import LoadedBank, read_bank

__all__ = ["CROSSWALK", "DIGESTS", "main"]

OK, PROBLEMS, USAGE = 0, 1, 2

_EXIT_CODES = "Exit codes: 0 all is well, 1 problems were found and printed, 2 wrong command line."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; a wrong command line exits with 2."""
    options = _parser().parse_args(arguments)
    try:
        code = _run(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever reads the output, such as head, has had enough. What Python would still write
        # when it exits goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except UnknownBank as error:
        known = ", ".join(error.known) or "none"
        print(
            f"{error} Banks: {known}. For a file give its path, ending in .yaml.", file=sys.stderr
        )
        return USAGE
    except InvalidBank as error:
        _print_problems(error.problems)
        return PROBLEMS


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "list":
            return _list()
        case "show":
            return _show(load_bank(options.bank), options)
        case "publish":
            return _publish([load_bank(name) for name in options.banks] or list_banks())
        case _:
            return _check([Path(file) for file in options.files])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m question_banks",
        description="Lists, shows and checks question banks. How to write one is told in "
        "question_banks/README.md.",
        epilog=_EXIT_CODES,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="list the banks that come with the program")
    show = commands.add_parser(
        "show", help="show the questions of a bank", description="Shows the questions of a bank."
    )
    show.add_argument("bank", help="name, name@version, or path of a .yaml file")
    show.add_argument("--json", action="store_true", help="print the whole bank as JSON")
    show.add_argument(
        "--level",
        choices=[level.value for level in Level],
        type=str,
        help="only what this level is asked, page by page, as if every rule were unanswered",
    )
    check = commands.add_parser(
        "check",
        help="check bank files",
        description="Prints every problem of bank files, one a line, as FILE:LINE: message.",
        epilog=_EXIT_CODES,
    )
    check.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="bank files; without any, all shipped banks, the crosswalk and the digests",
    )
    add = commands.add_parser(
        "publish",
        help="freeze banks",
        description="Adds the digest of shipped banks to banks/DIGESTS. From then on the check "
        "refuses any change of their content. A digest that is there is never changed.",
    )
    add.add_argument(
        "banks", nargs="*", metavar="BANK", help="name or name@version; without any, every bank"
    )
    return parser


def _list() -> int:
    banks = list_banks()
    width = max((len(bank.id) for bank in banks), default=0)
    for bank in banks:
        count = sum(isinstance(question, ScaleQuestion) for question in bank.questions())
        minutes = sorted({minutes_to_answer(bank, level) for level in Level})
        spread = f"{minutes[0]}" if len(minutes) == 1 else f"{minutes[0]} to {minutes[-1]}"
        print(f"{bank.id:<{width}}  {bank.kind:<13}  {count:>3} scale questions  {spread} minutes")
    return OK


def _show(bank: Bank, options: argparse.Namespace) -> int:
    if options.json:
        if options.level:
            print("--json prints the whole bank and takes no --level.", file=sys.stderr)
            return USAGE
        values = bank.model_dump(mode="json", by_alias=True)
        print(json.dumps(values, ensure_ascii=False, indent=2))
        return OK
    print(f"{in_language(bank.title)} ({bank.id})")
    print(f"This questionnaire asks about {in_language(bank.purpose)}.")
    for line in _for_level(bank, Level(options.level)) if options.level else _whole(bank):
        print(line)
    return OK


def _whole(bank: Bank) -> Iterator[str]:
    for signpost in bank.signposts:
        yield f"\n{in_language(signpost.title)}"
        for topic in signpost.topics:
            yield f"  {in_language(topic.title)}"
            for question in topic.questions:
                yield _line(question)
        if signpost.comment is not None:
            yield _line(signpost.comment)
    if bank.closing:
        yield "\nClosing prompts"
        yield from map(_line, bank.closing)


def _line(question: Question) -> str:
    levels = "" if len(question.audience) == len(Level) else f" [{', '.join(question.audience)}]"
    rule = " [only after some answers]" if question.show_if is not None else ""
    return f"    {question.code}: {in_language(question.text)}{levels}{rule}"


def _for_level(bank: Bank, level: Level) -> Iterator[str]:
    minutes = minutes_to_answer(bank, level)
    yield f"{LEVEL_TITLES[level]}: about {minutes} minutes."
    for page in pages(bank, level=level, answers={}):
        title = f"{in_language(page.signpost.title)}: " if page.signpost is not None else ""
        topic = in_language(page.topic.title) if page.topic is not None else "Closing prompts"
        yield f"\n{title}{topic} (page {page.key})"
        for question in page.questions:
            yield f"    {question.code}: {in_language(question.text)}"


def _publish(banks: Sequence[Bank]) -> int:
    for bank in banks:
        done = "is published now" if publish(bank, DIGESTS) else "was published before"
        print(f"{bank.id} {done}.")
    return OK


def _check(files: Sequence[Path]) -> int:
    loaded = [read_bank(_from_here(file)) for file in files or list_bank_files()]
    problems = [problem for item in loaded for problem in check_bank(item)]
    problems += _check_together(loaded, whole=not files)
    _print_problems(problems)
    if problems:
        print(f"{_count(len(problems), 'problem')} in {_count(len(loaded), 'file')}.")
        return PROBLEMS
    what = "" if files else ", nor in the crosswalk and the digests"
    print(f"No problems in {_count(len(loaded), 'file')}{what}.")
    return OK


def _check_together(loaded: Sequence[LoadedBank], *, whole: bool) -> Iterator[Problem]:
    """What only shows beside the shipped banks: codes used for something else, links, digests."""
    shipped = [read_bank(_from_here(file)) for file in list_bank_files()]
    banks = [item.bank for item in shipped if item.bank is not None]
    for item in loaded:
        if item.bank is not None:
            places = {asked.question.code: asked.place for asked in list_asked(item.bank)}
            for reuse in find_reused_codes(item.bank, banks):
                line = item.line((*places[reuse.code], "code"))
                yield Problem(item.file, line, reuse.message)
    if whole and len(banks) == len(shipped):
        yield from read_crosswalk(_from_here(CROSSWALK), banks).problems
        yield from check_digests(banks, _from_here(DIGESTS))


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(problem)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _from_here(path: Path) -> Path:
    """A path as seen from the working directory where it lies below it: shorter to read."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


if __name__ == "__main__":
    sys.exit(main())
