"""What the pages for watching a round are made from."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from survey.clock import now
from survey.data import comment_checks, coverage, ledger, sent_in, unfinished
from survey.data.coverage import list_labels
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.web import presenters_daily, presenters_ledger, presenters_people, presenters_watch
from survey.web.presenters_daily import CheckAttempt, DailyPage
from survey.web.presenters_ledger import LedgerPage
from survey.web.presenters_people import PeoplePage
from survey.web.presenters_rounds import head
from survey.web.presenters_watch import WatchPage
from survey.web.round_pages import bank_of, page_asked


def watch_page(item: RoundOfCouncil) -> WatchPage:
    """Who has answered so far, and whom to ask."""
    session, id_ = db.session(), item.round.id
    return presenters_watch.watch_page(
        item,
        coverage.read_coverage(session, round_id=id_),
        days=sent_in.list_days(session, round_id=id_),
        to_act_on=comment_checks.count_to_act_on(session, round_id=id_),
        now=now(),
    )


def people_page(item: RoundOfCouncil, *, asked: Mapping[str, str]) -> PeoplePage:
    """One page of the people who have not finished, of all agencies or of one."""
    session, id_ = db.session(), item.round.id
    agency_id = asked.get("agency") or None
    total = unfinished.count_unfinished(session, round_id=id_, agency_id=agency_id)
    pages = max(1, ceil(total / presenters_people.PAGE_SIZE))
    page = min(page_asked(asked), pages)
    return presenters_people.people_page(
        head(item, now=now()),
        rows=unfinished.list_unfinished(
            session,
            round_id=id_,
            agency_id=agency_id,
            offset=(page - 1) * presenters_people.PAGE_SIZE,
            limit=presenters_people.PAGE_SIZE,
        ),
        agency_id=agency_id or "",
        total=total,
        page=page,
        pages=pages,
    )


def daily_page(
    item: RoundOfCouncil, *, asked: Mapping[str, str], attempt: CheckAttempt | None = None
) -> DailyPage:
    """The flagged comments to act on, or those of which it is on record what was done."""
    session, id_ = db.session(), item.round.id
    shows_done = asked.get("show") == "done"
    done = comment_checks.count_checked(session, round_id=id_)
    page = min(page_asked(asked), presenters_daily.page_count(done)) if shows_done else 1
    if shows_done:
        rows = comment_checks.list_checked(
            session,
            round_id=id_,
            offset=(page - 1) * presenters_daily.PAGE_SIZE,
            limit=presenters_daily.PAGE_SIZE,
        )
    else:
        rows = comment_checks.list_to_act_on(
            session, round_id=id_, limit=presenters_daily.MOST_SHOWN
        )
    return presenters_daily.daily_page(
        head(item, now=now()),
        rows=rows,
        checks=comment_checks.list_checks(session, comment_ids=[row.id for row in rows]),
        waiting=comment_checks.count_to_act_on(session, round_id=id_),
        done=done,
        shows_done=shows_done,
        page=page,
        bank=bank_of(item),
        names=list_labels(session, round_id=id_),
        checked_by=item.round.comments_checked_by,
        told_by_mail=bool(item.round.comments_checked_email),
        attempt=attempt,
    )


def ledger_page(item: RoundOfCouncil) -> LedgerPage:
    """What of a round was shown to whom, and which files were taken away."""
    session, id_ = db.session(), item.round.id
    return presenters_ledger.ledger_page(
        head(item, now=now()),
        releases=ledger.list_releases(session, round_id=id_),
        files=ledger.list_files(session, round_id=id_),
    )
