"""Loading the round whose page is asked for, and its comments: what the views of a round share."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g

from question_banks.bank import Bank, in_language
from survey.actions import extending, withdrawing
from survey.actions.closing import analysis_settings
from survey.clock import now
from survey.data import (
    comment_checks,
    comments,
    coverage,
    entering,
    ledger,
    milestones,
    reminders,
    rounds,
    snapshots,
    unfinished,
)
from survey.data.banks import get_bank
from survey.data.comments import CommentState
from survey.data.rounds import RoundOfCouncil, RoundState, state_of
from survey.extensions import db
from survey.web import looks, presenters_closing
from survey.web import presenters_comments as comments_presenters
from survey.web import presenters_rounds as presenters
from survey.web.presenters_comments import PAGE_SIZE, Attempt, CommentsPage
from survey.web.sign_in import require_account


def load(slug: str) -> RoundOfCouncil:
    """The round of that name, when the person signed in may see it in one of the roles that the
    route asks for (`access.needs`). Raises NotFound.
    """
    account = require_account()
    item = rounds.get_round(
        db.session(), slug=slug, account_id=account.id, roles=g.get("roles_asked", ())
    )
    looks.remember(item.council)
    g.is_closed_here = is_closed(item)
    g.roles_here = account.roles_for(council_id=item.council.id, review_id=item.review.id)
    return item


def bank_of(item: RoundOfCouncil) -> Bank:
    """The bank a round asks."""
    return get_bank(db.session(), round_id=item.round.id, digest=item.round.bank_digest)


def is_closed(item: RoundOfCouncil) -> bool:
    """Whether the round is closed, so that all comments and the findings may be read."""
    return state_of(item.round, now()) is RoundState.CLOSED


def is_over(item: RoundOfCouncil) -> bool:
    """Whether the round is closed or was withdrawn, so that there is nothing left to close."""
    return state_of(item.round, now()) in {RoundState.CLOSED, RoundState.WITHDRAWN}


def round_page(item: RoundOfCouncil) -> presenters.RoundPage:
    """What the page of a round shows."""
    session, id_ = db.session(), item.round.id
    counts = comments.count_by_state(session, round_id=id_, flagged_only=not is_closed(item))
    return presenters.round_page(
        item,
        bank_title=title_of(bank_of(item)),
        coverage=coverage.read_coverage(session, round_id=id_),
        waiting=counts[CommentState.WAITING],
        to_act_on=comment_checks.count_to_act_on(session, round_id=id_),
        events=rounds.list_events(session, round_id=id_),
        snapshot=snapshots.find_latest(session, round_id=id_),
        stops=milestones.list_stops(session, round_id=id_),
        to_invite=reminders.count_addresses(session, round_id=id_).to_invite,
        now=now(),
    )


def title_of(bank: Bank) -> str:
    """A bank's title with its version."""
    return f"{in_language(bank.title)} (version {bank.version})"


def close_page(item: RoundOfCouncil) -> presenters_closing.ClosePage:
    """What the page that asks before closing shows."""
    session, id_ = db.session(), item.round.id
    return presenters_closing.close_page(
        item,
        agencies=coverage.list_agencies(session, round_id=id_),
        drafts=coverage.count_drafts(session, round_id=id_),
        sheets=entering.count_entries(session, round_id=id_),
        settings=analysis_settings(item.round),
        snapshot=snapshots.find_latest(session, round_id=id_),
        now=now(),
    )


def comments_page(
    item: RoundOfCouncil, *, asked: Mapping[str, str], attempt: Attempt | None = None
) -> CommentsPage:
    """One page of a round's comments: while it is open those that were flagged, then all."""
    session, id_ = db.session(), item.round.id
    flagged_only = not is_closed(item)
    counts = comments.count_by_state(session, round_id=id_, flagged_only=flagged_only)
    state = state_asked(asked)
    total = sum(counts.values()) if state is None else counts[state]
    page = min(page_asked(asked), comments_presenters.page_count(total))
    return comments_presenters.comments_page(
        presenters.head(item, now=now()),
        rows=comments.list_comments(
            session,
            round_id=id_,
            flagged_only=flagged_only,
            state=state,
            offset=(page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        ),
        counts=counts,
        current=state,
        page=page,
        bank=bank_of(item),
        names=coverage.list_labels(session, round_id=id_),
        checked_by=item.round.comments_checked_by,
        attempt=attempt,
    )


def state_asked(asked: Mapping[str, str]) -> CommentState | None:
    """The state of comments an address asks for: those waiting unless it says otherwise."""
    show = asked.get("show", CommentState.WAITING)
    return CommentState(show) if show in set(CommentState) else None


def page_asked(asked: Mapping[str, str]) -> int:
    """The number of the page an address asks for, 1 where it makes no sense."""
    text = asked.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def extend_page(item: RoundOfCouncil) -> presenters_closing.ExtendPage:
    """What the page that asks for a later last day shows."""
    extending.require_extendable(state_of(item.round, now()))
    found = unfinished.list_reachable(db.session(), round_id=item.round.id, unfinished_only=True)
    return presenters_closing.extend_page(item, reachable=len(found), now=now())


def withdraw_page(item: RoundOfCouncil) -> presenters_closing.WithdrawPage:
    """What the page that asks before a round is called off shows."""
    session, id_ = db.session(), item.round.id
    withdrawing.require_withdrawable(session, round_id=id_, state=state_of(item.round, now()))
    found = unfinished.list_reachable(session, round_id=id_, unfinished_only=False)
    return presenters_closing.withdraw_page(
        item,
        answered=coverage.count_responses(session, round_id=id_),
        reachable=len(found),
        now=now(),
    )


def reopen_page(item: RoundOfCouncil) -> presenters_closing.ReopenPage:
    """What the page that asks before a round is opened again shows."""
    session, id_ = db.session(), item.round.id
    return presenters_closing.reopen_page(
        item,
        releases=ledger.list_releases(session, round_id=id_),
        files=len(ledger.list_files(session, round_id=id_)),
        k=analysis_settings(item.round).k,
        now=now(),
    )
