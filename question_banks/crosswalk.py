"""The crosswalk: which signposts of two banks correspond, and which questions ask the same.

A signpost of one bank may correspond to several of another, and the other way round. It is data,
kept in `crosswalk.yaml`:

    signposts:
      - from: {bank: children_governance_2009, signpost: governance}
        to:
          - {bank: safeguarding_children_2010, signpost: leadership}
    questions:
      - left: {bank: safeguarding_children_2010, question: pem_enough_data}
        right: {bank: safeguarding_children_2012, question: oip_enough_data}
        why: Both ask whether there is enough data to judge performance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from question_banks.bank import Bank, Code, Model, PlainText
from question_banks.errors import InvalidBank, Problem
from question_banks.faults import plain_faults
from question_banks.loader import list_banks
from question_banks.reader import read_text
from question_banks.strict_yaml import Place, parse

CROSSWALK = Path(__file__).with_name("crosswalk.yaml")
"""The crosswalk of the shipped banks."""


class SignpostRef(Model):
    """A signpost of a bank, whichever version."""

    bank: Code
    signpost: Code


class QuestionRef(Model):
    """A question of a bank, whichever version."""

    bank: Code
    question: Code


class SignpostLink(Model):
    """A signpost and those of other banks that cover the same ground."""

    from_: SignpostRef = Field(alias="from")
    to: tuple[SignpostRef, ...] = Field(min_length=1)


class QuestionLink(Model):
    """Two questions of different banks that ask the same thing, and why that is said."""

    left: QuestionRef
    right: QuestionRef
    why: Annotated[PlainText, Field(min_length=10)]


class Crosswalk(Model):
    """All links between banks."""

    signposts: tuple[SignpostLink, ...] = ()
    questions: tuple[QuestionLink, ...] = ()

    def signposts_like(self, bank: str, signpost: str, other: str) -> tuple[str, ...]:
        """Codes of the signposts of bank `other` that correspond to one, whichever way linked."""
        here = SignpostRef(bank=bank, signpost=signpost)
        found = [
            ref.signpost
            for link in self.signposts
            for one, ref in _both_ways(link)
            if one == here and ref.bank == other
        ]
        return tuple(dict.fromkeys(found))

    def links_between(self, before: str, after: str) -> dict[str, str]:
        """Codes of bank `before` to the codes of bank `after` that ask the same thing."""
        pairs = [
            pair
            for link in self.questions
            for pair in ((link.left, link.right), (link.right, link.left))
        ]
        return {
            left.question: right.question
            for left, right in pairs
            if left.bank == before and right.bank == after
        }


def _both_ways(link: SignpostLink) -> Iterator[tuple[SignpostRef, SignpostRef]]:
    for ref in link.to:
        yield link.from_, ref
        yield ref, link.from_


@dataclass(frozen=True)
class LoadedCrosswalk:
    """A crosswalk file that was read: the links if its form is right, and every problem."""

    crosswalk: Crosswalk | None
    problems: tuple[Problem, ...]


def read_crosswalk(path: Path, banks: Iterable[Bank]) -> LoadedCrosswalk:
    """What a crosswalk file holds, and everything wrong with it. Never raises.

    Args:
        path: the file.
        banks: the banks it may refer to. Of several versions, a link may refer to any.
    """
    name = str(path)
    text, problems = read_text(path)
    if text is None:
        return LoadedCrosswalk(None, problems)
    document = parse(text)
    faults = list(document.faults)
    crosswalk = None
    if not faults:
        try:
            crosswalk = Crosswalk.model_validate(document.value)
        except ValidationError as error:
            details = error.errors(include_url=False)
            faults += plain_faults(details, raw=document.value, lines=document.lines)
    found = [Problem(name, fault.line, fault.message) for fault in faults]
    if crosswalk is not None:
        by_name: dict[str, list[Bank]] = {}
        for bank in banks:
            by_name.setdefault(bank.bank, []).append(bank)
        found += [
            Problem(name, document.lines.get(place, 1), message)
            for place, message in _findings(crosswalk, by_name)
        ]
    return LoadedCrosswalk(crosswalk, tuple(sorted(set(found))))


def _findings(crosswalk: Crosswalk, banks: Mapping[str, list[Bank]]) -> Iterator[tuple[Place, str]]:
    pairs: set[frozenset[SignpostRef]] = set()
    for position, link in enumerate(crosswalk.signposts):
        here: Place = ("signposts", position)
        yield from _signpost_faults(link.from_, banks, (*here, "from"))
        for number, ref in enumerate(link.to):
            place = (*here, "to", number)
            yield from _signpost_faults(ref, banks, place)
            if ref.bank == link.from_.bank:
                yield place, f"a link must lead to another bank, not to {ref.bank} itself"
            pair = frozenset((link.from_, ref))
            if pair in pairs:
                yield place, f"{link.from_.signpost} and {ref.signpost} are linked twice"
            pairs.add(pair)
    yield from _question_findings(crosswalk, banks)


def _question_findings(
    crosswalk: Crosswalk, banks: Mapping[str, list[Bank]]
) -> Iterator[tuple[Place, str]]:
    taken: set[tuple[QuestionRef, str]] = set()
    for position, link in enumerate(crosswalk.questions):
        here: Place = ("questions", position)
        for side, ref in (("left", link.left), ("right", link.right)):
            if not any(ref.question in bank.by_code for bank in banks.get(ref.bank, ())):
                yield (*here, side), _unknown(ref.bank, f"question ‘{ref.question}’", banks)
        if link.left.bank == link.right.bank:
            yield (
                (*here, "right"),
                f"a link must lead to another bank, not to {link.left.bank} itself",
            )
        for side, ref, other in (("left", link.left, link.right), ("right", link.right, link.left)):
            if (ref, other.bank) in taken:
                message = f"{ref.question} is already linked to a question of {other.bank}"
                yield (*here, side), message
            taken.add((ref, other.bank))


def _signpost_faults(
    ref: SignpostRef, banks: Mapping[str, list[Bank]], place: Place
) -> Iterator[tuple[Place, str]]:
    for bank in banks.get(ref.bank, ()):
        if any(signpost.code == ref.signpost for signpost in bank.signposts):
            return
    yield place, _unknown(ref.bank, f"signpost ‘{ref.signpost}’", banks)


def _unknown(bank: str, thing: str, banks: Mapping[str, list[Bank]]) -> str:
    if bank not in banks:
        return f"there is no question bank ‘{bank}’"
    return f"the bank {bank} has no {thing}"


@cache
def load_crosswalk() -> Crosswalk:
    """The crosswalk of the shipped banks.

    Raises:
        InvalidBank: the file, or one of the banks, has faults.
    """
    loaded = read_crosswalk(CROSSWALK, list_banks())
    if loaded.crosswalk is None or loaded.problems:
        raise InvalidBank(loaded.problems)
    return loaded.crosswalk
