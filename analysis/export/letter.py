"""What the letter and the workbook are told beside the figures: names, dates, decisions, quotes.

All of it comes from people. The result itself says nothing about who the council is, what the
reviewers decided or what anybody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analysis.result import VERDICT_WORDS, Verdict


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What reviewers decided about a topic or a question where they overrule the rule's reading.

    `note` is the statement they want to make; without one the rule's own sentence stands.
    """

    verdict: Verdict
    reason: str
    by: str
    note: str = ""

    @property
    def words(self) -> str:
        """The verdict in words, such as "To explore"."""
        return VERDICT_WORDS[self.verdict]


@dataclass(frozen=True, kw_only=True)
class ReleasedComment:
    """A comment that a person has released, with its redactions made.

    Only a `quotable` one is printed: its writer agreed, and its sector may be named.
    """

    sector: str
    text: str
    quotable: bool
    mark: str = ""
    """What a redaction left behind, in words, such as "Details removed"."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The headings of the two columns: what a review calls its pair of findings.

    Before the visit they are lines of enquiry; the team's own findings come after it, and may
    then be called by the review's own pair of words.
    """

    strengths: str = "What reads as a strength"
    consider: str = "What to explore"
    before_visit: bool = True


AFTER_VISIT = Columns(strengths="Strengths", consider="Areas for consideration", before_visit=False)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Everything an exit may be told that is not in the gated result.

    `decisions` are by topic or question code, `comments` by signpost code. `dated` is stamped
    on the file's properties, so that the same input gives the same bytes. Leave `to`, `sent_by`
    and the rest empty and the letter simply does without the line.
    """

    council: str = "the council"
    review_title: str = "Peer review"
    round_title: str = "Self-evaluation"
    closed: str = ""
    letter_date: str = ""
    to: str = ""
    sent_by: str = ""
    columns: Columns = field(default_factory=Columns)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    comments: Mapping[str, tuple[ReleasedComment, ...]] = field(default_factory=dict)
    chosen_how: str = ""
    """How the people invited were chosen, in a sentence."""
    dated: date = date(2000, 1, 1)
