"""Loading the findings of a round: the summary in force, decisions and released comments."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from analysis.export import FILE_TYPES, Format
from analysis.export.letter import Columns, Decision, Letter
from analysis.export.letter import ReleasedComment as Quotation
from analysis.result import Summary, Verdict
from question_banks.bank import Bank
from survey.clock import now
from survey.data import comments, decisions, snapshots
from survey.data.rounds import RoundOfCouncil
from survey.data.snapshots import SnapshotRef
from survey.errors import NotAllowedNow, NotFound
from survey.extensions import db
from survey.web import presenters_rounds, round_pages
from survey.web.presenters_comments import places_of
from survey.web.presenters_findings import Findings, attributions
from survey.web.presenting import LONDON, long_date


def load(item: RoundOfCouncil) -> Findings:
    """The findings in force. Raises NotAllowedNow while the round is open, or without any."""
    session, id_ = db.session(), item.round.id
    shown = load_summary(item)
    bank = round_pages.bank_of(item)
    return Findings(
        head=presenters_rounds.head(item, now=now()),
        snapshot=shown.snapshot,
        summary=shown.summary,
        decisions=decisions.in_force(session, round_id=id_),
        released=comments.list_released(session, round_id=id_),
        places=places_of(bank),
        signpost_of=signposts_by_question(bank),
    )


@dataclass(frozen=True)
class Shown:
    """The figures in force and nothing beside them."""

    snapshot: SnapshotRef
    summary: Summary


def load_summary(item: RoundOfCouncil) -> Shown:
    """The summary in force. Raises NotAllowedNow while the round is open, or without any."""
    if not round_pages.is_closed(item):
        raise NotAllowedNow("Findings are shown once the round is closed, and to nobody before.")
    session = db.session()
    snapshot = snapshots.find_latest(session, round_id=item.round.id)
    if snapshot is None:
        raise NotAllowedNow("Nobody answered in this round, so there are no findings.")
    return Shown(snapshot, snapshots.get_summary(session, snapshot_id=snapshot.id))


def signposts_by_question(bank: Bank) -> dict[str, str]:
    """Question code to the code of its signpost; closing prompts are not in it."""
    return {
        question.code: signpost.code
        for signpost in bank.signposts
        for question in (
            *(question for topic in signpost.topics for question in topic.questions),
            *((signpost.comment,) if signpost.comment else ()),
        )
    }


def letter(item: RoundOfCouncil, found: Findings) -> Letter:
    """What the files say beside the figures: names, dates, decisions and comments to quote."""
    closed = item.round.closed_at_utc or found.snapshot.made_at
    sources = attributions(found.summary)
    quotes: dict[str, tuple[Quotation, ...]] = {}
    for comment in found.released:
        signpost = found.signpost_of.get(comment.question)
        if signpost is not None:
            quotation = Quotation(
                sector=sources.get(comment.sector, "a partner agency or the council"),
                text=comment.text,
                quotable=comment.quotable,
            )
            quotes[signpost] = (*quotes.get(signpost, ()), quotation)
    return Letter(
        council=item.council.name,
        review_title=item.review.title,
        round_title=item.round.title,
        closed=long_date(closed),
        columns=Columns(),
        decisions={
            subject: Decision(
                verdict=Verdict(row.verdict or row.rule_verdict),
                reason=row.reason,
                by=row.who,
                note=row.note,
            )
            for subject, row in found.decisions.items()
            if row.verdict is not None or row.note
        },
        comments=quotes,
        chosen_how=item.round.invited_how,
        dated=found.snapshot.made_at.astimezone(LONDON).date(),
    )


def file_name(item: RoundOfCouncil, snapshot: SnapshotRef, file_format: Format) -> str:
    """A name for a file that says whose it is, which round and which snapshot.

    Letters of any language stay; what a file system or a header could misread does not.
    """
    words = f"{item.council.name} {item.round.title} snapshot {snapshot.number}"
    return named(words, file_format)


def named(words: str, file_format: Format) -> str:
    """A file's name made of words, with the ending of its format."""
    return f"{stem(words)}{FILE_TYPES[file_format].suffix}"


def stem(words: str) -> str:
    """A file's name made of words, without an ending."""
    plain = "".join(
        character if unicodedata.category(character)[0] in {"L", "N", "M"} else "-"
        for character in unicodedata.normalize("NFC", words)
    )
    return re.sub(r"-+", "-", plain).strip("-")[:150]


def format_asked(text: str) -> Format:
    """The format of that name. Raises NotFound for any other."""
    if text not in set(Format):
        raise NotFound("There is no file of that kind.")
    return Format(text)
