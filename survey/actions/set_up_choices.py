"""What a round that is being set up asks: the choices made so far, and the bank they make.

A round keeps its choices (`Round.set_up`) beside the bank made from them (`Round.bank_json`), so
that each can be changed alone until the round is launched.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from question_banks.bank import ALL_LEVELS, Bank, Level, LongTextQuestion, Question, ScaleQuestion
from question_banks.loader import bank_from_json, load_bank
from question_banks.local import add_local, select_signposts


class Step(StrEnum):
    """The steps of setting a round up, in the order in which they are offered."""

    BASICS = "basics"
    CONTACTS = "contacts"
    INVITED = "invited"
    BANK = "bank"
    SIGNPOSTS = "signposts"
    LOCAL = "local"
    TIMETABLE = "timetable"
    WORDS = "words"
    GROUPS = "groups"
    LINES = "lines"
    PREVIOUS = "previous"


class Value(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LocalQuestion(Value):
    """A question that a council adds to its own round.

    With a `scale` it is judged as the bank's questions are; without one it is answered in words.
    `asked_version` is the version of the wording that an earlier round asked, 0 for none.
    """

    code: str
    signpost: str
    text: str
    guidance: str = ""
    scale: str = ""
    audience: tuple[Level, ...] = ALL_LEVELS
    wording_version: int = 1
    asked_version: int = 0

    def question(self) -> Question:
        """The question as a bank holds it."""
        values: dict[str, Any] = {
            "code": self.code,
            "text": self.text,
            "guidance": self.guidance or None,
            "audience": self.audience,
            "wording_version": self.wording_version,
            "local": True,
        }
        if self.scale:
            return ScaleQuestion(type="scale", scale=self.scale, **values)
        return LongTextQuestion(type="long_text", **values)


class Choices(Value):
    """What a round asks, and the steps that somebody has gone through.

    `bank` is the id of a bank that comes with Signpost. `own_bank` is the JSON of a bank that does
    not, taken over from an earlier round, or "". `signposts` are codes; none means all.
    """

    bank: str
    own_bank: str = ""
    signposts: tuple[str, ...] = ()
    local: tuple[LocalQuestion, ...] = ()
    saved: tuple[Step, ...] = ()

    def with_saved(self, step: Step) -> Choices:
        """The same, with a step gone through."""
        saved = [each for each in Step if each in self.saved or each is step]
        return self.model_copy(update={"saved": tuple(saved)})

    def base(self) -> Bank:
        """The bank as it comes, before anything is left out or added. Raises BankError."""
        return bank_from_json(self.own_bank) if self.own_bank else load_bank(self.bank)

    def chosen(self) -> tuple[str, ...]:
        """The codes of the signposts that are asked."""
        bank = self.base()
        codes = [each.code for each in bank.signposts]
        if not self.signposts:
            return tuple(codes)
        return tuple(
            each.code for each in bank.signposts if each.required or each.code in self.signposts
        )

    def homeless(self) -> tuple[LocalQuestion, ...]:
        """Local questions that cannot be asked: their signpost or their scale is not there."""
        bank, chosen = self.base(), self.chosen()
        return tuple(
            question
            for question in self.local
            if question.signpost not in chosen
            or (question.scale and question.scale not in bank.scales_by_code)
        )

    def bank_asked(self) -> Bank:
        """The bank as the round asks it. Local questions without a place are left out.

        Raises BankError where the choice of signposts cannot be.
        """
        base = self.base()
        away = {question.code for question in self.homeless()}
        asked = [each for each in self.local if each.code not in away]
        chosen = select_signposts(base, self.chosen())
        kept = {scale.code for scale in chosen.scales}
        wanted = {each.scale for each in asked if each.scale} - kept
        if wanted:
            scales = tuple(each for each in base.scales if each.code in kept | wanted)
            chosen = chosen.model_copy(update={"scales": scales})
        return add_local(chosen, [(each.signpost, each.question()) for each in asked])


def read_choices(stored: dict[str, Any], *, bank_id: str) -> Choices:
    """The choices as a round keeps them; of one that a command made, its bank and nothing else."""
    return Choices.model_validate_json(json.dumps(stored)) if stored else Choices(bank=bank_id)
