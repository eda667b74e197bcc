"""Warnings about how a question is worded: two things in one, a negative, hard to read.

They point at what a person must look at and cannot judge it. Each is silenced by an `accepted`
entry with a reason on the question, so that the reason can be read beside the wording.
"""

from __future__ import annotations

import re

READING_GRADE_LIMIT = 16.0
"""School grade a question may need, by the automated readability index.

Those who answer are professional staff who read procedures at work; grade 13 is the first year
after school. The index runs some grades high on a single sentence that must name its subject, so
the line is drawn at the end of a first degree: what is above it is hard for anyone.
"""

FEWEST_WORDS = 5
"""The index says nothing of shorter texts."""

# Words that staff of every partner agency use daily. Each counts as a word of common length, since
# it is their length alone, not their difficulty, that would raise the index.
_TRADE_WORDS = re.compile(
    r"(?:accountab|agenc|assess|caseload|commission|communit|conferenc|councillor|famil|governance|"
    r"inspect|manage|multi-agency|organis|partner|polic|practi|procedur|profession|protect|referr|"
    r"responsib|safeguard|scrutin|specialis|strateg|supervis|threshold|transition)\w*(?:[’-]\w+)*",
    re.IGNORECASE,
)
_COMMON_LENGTH = 5

_WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)")

_NEGATIVE = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|neither|nor|cannot|without|unable|lacks?|lacking|"
    r"fails?|failed|failing|rarely|seldom|hardly)\b|\b\w+n[’']t\b",
    re.IGNORECASE,
)

# Pairs that name one thing: nobody could answer for one half alone.
_ONE_THING = re.compile(
    r"\b(?:children(?:, young people)? and (?:young people|families|their families)|"
    r"(?:child|young person) and family|parents and carers|parents or carers|"
    r"parent or carer|child or young person|children or young people|"
    r"health and wellbeing|terms and conditions|one or more|more or less)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:when|if|where|after|before|once|while|in|for|since|over|at|on|as|within|during|until|"
    r"across|by|from|because)\b[^,]*,",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"\b(?:and|or|as well as|both)\b|(?<!<)/|[;,]", re.IGNORECASE)


def reading_grade(text: str) -> float | None:
    """The school grade needed to read a text, or None where it is too short to say.

    The automated readability index of Senter and Smith (1967): 4.71 letters per word + 0.5 words
    per sentence - 21.43, with words of the trade counted at a common length.

    >>> round(reading_grade("When I refer a child, I am told what happened next."), 1)
    0.8
    """
    words = _WORD.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    letters = sum(_length(word) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43


def _length(word: str) -> int:
    if _TRADE_WORDS.fullmatch(word):
        return _COMMON_LENGTH
    return sum(character.isalnum() for character in word)


def find_negative(text: str) -> str | None:
    """The first negative word, because agreeing that something is not so confuses people.

    >>> find_negative("Staff don’t know whom to ask.")
    'don’t'
    """
    found = _NEGATIVE.search(text)
    return found.group() if found else None


def find_double(text: str) -> str | None:
    """What joins two things in one question, so that a person may agree with one and not both.

    An opening clause (`When I refer a child, ...`) and fixed pairs that name one thing
    (`children and families`) do not count.

    >>> find_double("Referrals are timely and complete.")
    'and'
    >>> find_double("When I ask, children and families answer.") is None
    True
    """
    found = _DOUBLE.search(_ONE_THING.sub("", _OPENING.sub("", text)))
    return found.group() if found else None
