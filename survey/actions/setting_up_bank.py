"""What a round asks: which questionnaire, which of its signposts, which questions of its own."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from question_banks.bank import ALL_LEVELS, Bank, Level
from question_banks.checks import LONGEST_PAGE, list_findings
from question_banks.errors import BankError, Severity
from question_banks.loader import list_banks, version_order
from question_banks.local import add_local, local_code
from survey.actions.set_up_choices import Choices, LocalQuestion, Step
from survey.actions.setting_up import (
    By,
    InvalidSetUp,
    choices_of,
    control_faults,
    held,
    note,
    put_choices,
)
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound

LONGEST_QUESTION = 300
LONGEST_GUIDANCE = 500
MOST_LOCAL = 20
MOST_OF_SIGNPOST = LONGEST_PAGE
TAIL_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
TAIL_LENGTH = 4
_CODE = re.compile(r" \([a-z_]+\)$")
"""The name by which a bank file accepts a warning: of no use on a page."""


@dataclass(frozen=True)
class Asked:
    """A local question as somebody enters it. `scale` is "" for an answer in words."""

    text: str
    signpost: str
    scale: str
    guidance: str
    audience: tuple[Level, ...]


def choose_bank(session: Session, item: RoundOfCouncil, *, bank_id: str, by: By) -> None:
    """Takes another questionnaire. Which signposts to ask is then open again: all of them.

    Local questions stay; those whose signpost or scale is not in it wait to be moved. Raises
    InvalidSetUp for a questionnaire that does not come with Signpost.
    """
    held(session, item)
    choices = choices_of(item.round)
    if bank_id != choices.bank or choices.own_bank:
        if bank_id not in {bank.id for bank in list_banks()}:
            raise InvalidSetUp([("bank", "Select a questionnaire")])
        saved = tuple(step for step in choices.saved if step is not Step.SIGNPOSTS)
        choices = choices.model_copy(
            update={"bank": bank_id, "own_bank": "", "signposts": (), "saved": saved}
        )
    put_choices(session, item, choices, step=Step.BANK, by=by)


def newest_version(bank_id: str) -> str:
    """The id of the newest version of the same questionnaire, or the id itself."""
    name = bank_id.partition("@")[0]
    same = [bank for bank in list_banks() if bank.bank == name]
    if not same:
        return bank_id
    return max(same, key=lambda bank: version_order(bank.version)).id


def choose_signposts(
    session: Session, item: RoundOfCouncil, *, codes: Collection[str], by: By
) -> None:
    """Chooses which signposts are asked. Raises InvalidSetUp where they cannot stand alone."""
    held(session, item)
    choices = choices_of(item.round)
    bank = choices.base()
    known = [signpost.code for signpost in bank.signposts]
    always = {signpost.code for signpost in bank.signposts if signpost.required}
    kept = tuple(code for code in known if code in codes or code in always)
    if not kept:
        raise InvalidSetUp([("signposts", f"Select at least one {bank.signpost_word}")])
    asked = choices.model_copy(update={"signposts": () if len(kept) == len(known) else kept})
    put_choices(session, item, asked, step=Step.SIGNPOSTS, by=by)


def add_question(session: Session, item: RoundOfCouncil, asked: Asked, *, by: By) -> LocalQuestion:
    """Adds a local question at the end, with a code for ever. Raises InvalidSetUp."""
    held(session, item)
    choices = choices_of(item.round)
    if len(choices.local) >= MOST_LOCAL:
        message = f"A round can have {MOST_LOCAL} questions of its own. Remove one to add another"
        raise InvalidSetUp([("text", message)])
    code = local_code(asked.text, tail=_tail())
    question = _question(asked, code=code)
    _put(session, item, (*choices.local, question), changed=question, by=by)
    return question


def change_question(
    session: Session, item: RoundOfCouncil, asked: Asked, *, code: str, by: By
) -> LocalQuestion:
    """Changes a local question.

    A question that an earlier round asked keeps its code and gets a new version of its wording
    where the wording changes, and a new code where other answers can be given: so that nobody
    compares what is not the same. Raises NotFound and InvalidSetUp.
    """
    held(session, item)
    choices = choices_of(item.round)
    before = get_question(choices, code)
    question = _question(asked, code=code).model_copy(
        update={
            "asked_version": before.asked_version,
            "wording_version": _version(before, asked),
        }
    )
    if before.asked_version and before.scale != asked.scale:
        question = _question(asked, code=local_code(asked.text, tail=_tail()))
    listed = tuple(question if each.code == code else each for each in choices.local)
    _put(session, item, listed, changed=question, by=by)
    return question


def _version(before: LocalQuestion, asked: Asked) -> int:
    if not before.asked_version:
        return 1
    same = (before.text, before.guidance) == (asked.text.strip(), asked.guidance.strip())
    return before.wording_version if same else before.asked_version + 1


def get_question(choices: Choices, code: str) -> LocalQuestion:
    """The local question with that code. Raises NotFound."""
    found = next((each for each in choices.local if each.code == code), None)
    if found is None:
        raise NotFound("There is no such local question in this round.")
    return found


def remove_question(session: Session, item: RoundOfCouncil, *, code: str, by: By) -> None:
    """Takes a local question out. Raises NotFound."""
    held(session, item)
    choices = choices_of(item.round)
    get_question(choices, code)
    listed = tuple(each for each in choices.local if each.code != code)
    put_choices(session, item, choices.model_copy(update={"local": listed}), step=Step.LOCAL, by=by)


def move_question(session: Session, item: RoundOfCouncil, *, code: str, up: bool, by: By) -> None:
    """Moves a local question one place up or down among those of its signpost.

    The first does not go up and the last does not go down. Raises NotFound.
    """
    held(session, item)
    choices = choices_of(item.round)
    question = get_question(choices, code)
    among = [each.code for each in choices.local if each.signpost == question.signpost]
    at = among.index(code)
    to = at + (-1 if up else 1)
    if not 0 <= to < len(among):
        return
    listed = list(choices.local)
    places = {each.code: place for place, each in enumerate(listed)}
    one, other = places[code], places[among[to]]
    listed[one], listed[other] = listed[other], listed[one]
    choices = choices.model_copy(update={"local": tuple(listed)})
    put_choices(session, item, choices, step=Step.LOCAL, by=by)
    note(session, item, "order of local questions", old=f"{code} {at + 1}", new=to + 1, by=by)


def settle_local(session: Session, item: RoundOfCouncil, *, by: By) -> None:
    """Keeps that the local questions are as wished, perhaps none."""
    held(session, item)
    put_choices(session, item, choices_of(item.round), step=Step.LOCAL, by=by)


def advice(choices: Choices, question: LocalQuestion) -> tuple[str, ...]:
    """What a person should look at again in the wording of a local question."""
    bank = _alone(choices, question)
    if bank is None:
        return ()
    return tuple(
        _CODE.sub("", each.message.removeprefix(f"{question.code}: "))
        for each in list_findings(bank)
        if each.severity is Severity.WARNING and each.message.startswith(f"{question.code}: ")
    )


def _question(asked: Asked, *, code: str) -> LocalQuestion:
    return LocalQuestion(
        code=code,
        signpost=asked.signpost,
        text=asked.text.strip(),
        guidance=asked.guidance.strip(),
        scale=asked.scale,
        audience=asked.audience or ALL_LEVELS,
    )


def _put(
    session: Session,
    item: RoundOfCouncil,
    listed: tuple[LocalQuestion, ...],
    *,
    changed: LocalQuestion,
    by: By,
) -> None:
    choices = choices_of(item.round).model_copy(update={"local": listed})
    problems = _problems(choices, changed)
    if problems:
        raise InvalidSetUp(problems)
    put_choices(session, item, choices, step=Step.LOCAL, by=by)


def _problems(choices: Choices, question: LocalQuestion) -> list[tuple[str, str]]:
    bank = choices.base()
    problems = []
    if not question.text:
        problems.append(("text", "Enter the question"))
    for field, text, longest in (
        ("text", question.text, LONGEST_QUESTION),
        ("guidance", question.guidance, LONGEST_GUIDANCE),
    ):
        if len(text) > longest:
            message = f"Use {longest:,} characters or fewer: you have used {len(text):,}"
            problems.append((field, message))
        problems += [(field, message) for message in control_faults(text)]
    if question.scale and question.scale not in bank.scales_by_code:
        problems.append(("scale", "Select how people answer"))
    if question.signpost not in choices.chosen():
        problems.append(("signpost", f"Select the {bank.signpost_word} to ask it under"))
    elif [each.signpost for each in choices.local].count(question.signpost) > MOST_OF_SIGNPOST:
        message = (
            f"A {bank.signpost_word} can have {MOST_OF_SIGNPOST} local questions, which share one "
            f"page. Choose another {bank.signpost_word}, or remove a question"
        )
        problems.append(("signpost", message))
    if not problems:
        problems += _faults(choices, question)
    return problems


def _faults(choices: Choices, question: LocalQuestion) -> list[tuple[str, str]]:
    """What the checks of every bank have against it."""
    bank = _alone(choices, question)
    if bank is None:
        return [("text", "This question cannot be asked here")]
    return [
        ("guidance" if "guidance" in each.place else "text", _sentence(each.message, question))
        for each in list_findings(bank)
        if each.severity is Severity.ERROR
    ]


def _sentence(message: str, question: LocalQuestion) -> str:
    if "HTML" in message:
        return "Take out < and & signs that look like HTML: a question is plain text"
    text = message.removeprefix(f"{question.code}: ")
    return text[0].upper() + text[1:]


def _alone(choices: Choices, question: LocalQuestion) -> Bank | None:
    """The bank with this local question only, or None where it cannot stand there."""
    try:
        return add_local(
            choices.model_copy(update={"local": ()}).base(),
            [(question.signpost, question.question())],
        )
    except BankError:
        return None


def _tail() -> str:
    return "".join(secrets.choice(TAIL_LETTERS) for _ in range(TAIL_LENGTH))
