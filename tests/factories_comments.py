"""Comments for tests, each stating only what its test is about. Everything is invented."""

from __future__ import annotations

from analysis.written import Comment
from question_banks.bank import Sector


def comment(
    identifier: str,
    text: str,
    *,
    agency: str = "Elm School",
    sector: Sector = Sector.SCHOOLS,
    question: str = "s_comment",
    signpost: str = "s_one",
    released: bool = True,
    quotable: bool = True,
    respondent: str | None = None,
) -> Comment:
    """A comment that was released as it was written."""
    return Comment(
        id=identifier,
        agency=agency,
        sector=sector,
        question=question,
        signpost=signpost,
        text=text,
        released=text if released else None,
        quotable=quotable,
        respondent=respondent,
    )
