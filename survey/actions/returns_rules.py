"""What becomes of an answer that is sent in while others write the same return.

Pure rules: no database. Every answer of a return has numbered versions that are only added to. A
form says which version its writer had before them, so three things can be told apart: that they
changed nothing, that nobody else did, and that both did. In the last case nothing is overwritten:
the answer is held, and somebody chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from question_banks.conditions import Value


@dataclass(frozen=True)
class Said:
    """What an answer says: a value, or why the question does not apply. Neither: it is empty."""

    value: Value = None
    not_applicable: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return self.value in (None, "", []) and not self.not_applicable


EMPTY = Said()


@dataclass(frozen=True)
class Writer:
    """Who saves something in a return: an agency lead, or a contributor, and their name."""

    name: str
    account_id: str | None = None
    contributor_id: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """One person, in however many tabs."""
        return (self.account_id or "", self.contributor_id or "")


@dataclass(frozen=True)
class Version:
    """One version of an answer, as far as the rules need it."""

    number: int
    said: Said
    writer: tuple[str, str] = ("", "")
    is_carried: bool = False
    """Repeats an earlier return, and nobody has confirmed it yet."""


class Verdict(StrEnum):
    """What to do with an answer that was sent in."""

    KEEP = "keep"
    """It changes nothing: the versions stay as they are."""
    SAVE = "save"
    """It becomes the newest version."""
    HOLD = "hold"
    """Somebody else saved the answer in between: both are kept until somebody chooses."""


def newest(versions: Sequence[Version]) -> Version:
    """The version that counts; number 0, saying nothing, before the first."""
    return max(versions, key=lambda version: version.number, default=Version(0, EMPTY))


def judge(
    versions: Sequence[Version],
    *,
    said: Said,
    base: int,
    writer: tuple[str, str],
    confirms: bool = False,
) -> Verdict:
    """What becomes of an answer.

    Args:
        versions: every version of that answer so far, in any order.
        said: what the form says now.
        base: the number of the version the form was made from, 0 for none. A number that no
            version has counts as 0, so that nothing can be overwritten by making one up.
        writer: who sent it (`Writer.key`).
        confirms: whether the writer says that a carried answer still stands.

    The same form sent twice makes one version, also when somebody saved in between: its first
    arrival is on record after its base, by the same writer.
    """
    current = newest(versions)
    if confirms and current.is_carried and current.said == said:
        return Verdict.SAVE
    if said == current.said:
        return Verdict.KEEP
    before = next((one for one in versions if one.number == base), Version(0, EMPTY))
    if said == before.said:
        return Verdict.KEEP
    if before.number == current.number:
        return Verdict.SAVE
    after = (one for one in versions if one.number > before.number)
    if any(one.said == said and one.writer == writer for one in after):
        return Verdict.KEEP
    return Verdict.HOLD


def is_held_already(
    held: Sequence[Version], *, said: Said, base: int, writer: tuple[str, str]
) -> bool:
    """Whether the same writer's same answer from the same version is held: a form sent twice.

    `number` of each held one is its base.
    """
    return any(one.number == base and one.said == said and one.writer == writer for one in held)
