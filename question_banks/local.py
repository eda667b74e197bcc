"""A bank as one round asks it: fewer signposts, and questions of the council's own.

Pure functions from a bank to a bank. What they make is checked as any bank is
(`question_banks.checks.list_findings`). A local question's code begins with `local_`, and no
other question's does, so that a code alone tells it is asked by one council only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from question_banks.bank import (
    Bank,
    Enquiry,
    Question,
    ScaleQuestion,
    Signpost,
    Topic,
    in_language,
)
from question_banks.conditions import list_tests
from question_banks.errors import BankError

PREFIX = "local_"
LONGEST_WORDS = 40
LONGEST_CODE = 60


class InvalidChoice(BankError):
    """Signposts cannot be chosen like this, or a question cannot stand there; all is listed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def is_local(code: str) -> bool:
    """Whether a question is a council's own, told by its code.

    >>> is_local("local_out_of_hours_k3pq"), is_local("locality_plan")
    (True, False)
    """
    return code.startswith(PREFIX)


def local_code(text: str, *, tail: str) -> str:
    """The permanent code of a local question: its first words, and a tail that makes it unique.

    Args:
        text: the wording the question has when it is added.
        tail: a few small letters and digits, drawn at random.

    >>> local_code("I can reach a social worker, out of hours!", tail="k3pq")
    'local_i_can_reach_a_social_worker_out_of_hours_k3pq'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    words = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:LONGEST_WORDS].strip("_")
    return "_".join(filter(None, [PREFIX.rstrip("_"), words, tail]))


def select_signposts(bank: Bank, codes: Collection[str]) -> Bank:
    """The bank with these signposts only, and those it always asks, in its own order.

    Scales that no question uses any more are left out. With every signpost chosen it is the bank
    itself, so that its digest stays the published one.

    Raises:
        InvalidChoice: a code is unknown, none is chosen, or a question that is kept depends on an
            answer that would not be asked for.
    """
    known = {signpost.code for signpost in bank.signposts}
    faults = [f"there is no {bank.signpost_word} ‘{code}’" for code in sorted({*codes} - known)]
    kept = tuple(each for each in bank.signposts if each.required or each.code in codes)
    if not kept:
        faults.append(f"at least one {bank.signpost_word} must be chosen")
    if faults:
        raise InvalidChoice(faults)
    if len(kept) == len(bank.signposts):
        return bank
    chosen = bank.model_copy(update={"signposts": kept})
    faults = list(_lost(bank, chosen))
    if faults:
        raise InvalidChoice(faults)
    return _with_used_scales(chosen)


def add_local(bank: Bank, questions: Sequence[tuple[str, Question]]) -> Bank:
    """The bank with local questions at the end of their signposts, in the order given.

    Each signpost's stand together on a page of their own. None at all gives the bank itself.

    Args:
        bank: a whole bank, or what `select_signposts` made of it.
        questions: code of the signpost and question. The question is marked local.

    Raises:
        InvalidChoice: a signpost is not asked, a code does not begin with `local_` or is longer
            than 60 characters, or a question is not marked local.
    """
    asked = {signpost.code for signpost in bank.signposts}
    faults = [
        f"{question.code}: there is no {bank.signpost_word} ‘{signpost}’ to put it under"
        for signpost, question in questions
        if signpost not in asked
    ]
    faults += [
        f"{question.code}: a local question is marked so and has a code that begins with {PREFIX}"
        for _, question in questions
        if not (question.local and is_local(question.code))
    ]
    if faults:
        raise InvalidChoice(faults)
    if not questions:
        return bank
    return bank.model_copy(
        update={
            "signposts": tuple(
                _with_topic(each, [question for code, question in questions if code == each.code])
                for each in bank.signposts
            )
        }
    )


def _with_topic(signpost: Signpost, questions: Sequence[Question]) -> Signpost:
    if not questions:
        return signpost
    title = in_language(signpost.title)
    judged = any(isinstance(question, ScaleQuestion) for question in questions)
    topic = Topic(
        code=f"{PREFIX}{signpost.code}"[:LONGEST_CODE],
        title="Local questions",
        subject=f"what the council added under “{title}”",
        enquiries=(ENQUIRY,) if judged else (),
        questions=tuple(questions),
    )
    return signpost.model_copy(update={"topics": (*signpost.topics, topic)})


ENQUIRY = Enquiry(
    test="What lies behind the answers to the question the council added, and why it was asked.",
    ask="Whoever asked for the question, and people at the levels that answered differently.",
    documents="Whatever made the council add the question, such as a plan or an earlier review.",
)
"""Where a bank suggests what to look into, a local question has this."""


def _lost(bank: Bank, chosen: Bank) -> Iterator[str]:
    """Rules of the chosen signposts that ask for answers to questions that are left out."""
    home = {
        question.code: signpost
        for signpost in bank.signposts
        for topic in signpost.topics
        for question in topic.questions
    }
    told: set[tuple[str, str]] = set()
    for signpost in chosen.signposts:
        for topic in signpost.topics:
            for question in topic.questions:
                tests = list_tests(question.show_if) if question.show_if is not None else ()
                for test in tests:
                    needed = home[test.question]
                    pair = (signpost.code, needed.code)
                    if test.question not in chosen.by_code and pair not in told:
                        told.add(pair)
                        yield (
                            f"‘{in_language(signpost.title)}’ depends on answers given under "
                            f"‘{in_language(needed.title)}’: choose both or neither"
                        )


def _with_used_scales(bank: Bank) -> Bank:
    used = {question.scale for question in bank.questions() if isinstance(question, ScaleQuestion)}
    return bank.model_copy(
        update={"scales": tuple(scale for scale in bank.scales if scale.code in used)}
    )


def without_rules(bank: Bank) -> Bank:
    """The bank with every question asked whatever was answered before, for looking at it."""
    return bank.model_copy(
        update={
            "signposts": tuple(
                signpost.model_copy(
                    update={
                        "topics": tuple(
                            topic.model_copy(
                                update={"questions": tuple(map(_plain, topic.questions))}
                            )
                            for topic in signpost.topics
                        )
                    }
                )
                for signpost in bank.signposts
            )
        }
    )


def _plain(question: Question) -> Question:
    return question.model_copy(update={"show_if": None})


def local_questions(bank: Bank) -> tuple[tuple[str, Question], ...]:
    """The local questions of a bank, each with the code of its signpost, in the order asked."""
    return tuple(
        (signpost.code, question)
        for signpost in bank.signposts
        for topic in signpost.topics
        for question in topic.questions
        if question.local
    )
