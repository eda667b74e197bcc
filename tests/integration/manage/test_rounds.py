"""The list of rounds, and a round's own page in each of its states."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from question_banks.bank import Sector
from survey.actions.accounts import add_manager
from survey.data.milestones import MilestoneKind, Stop, replace_stops
from survey.data.models import Account, Council, Draft, InvitedAgency, Membership
from tests import factories
from tests.factories import NOW
from tests.filled_round import AGENCIES, answer, fill_round
from tests.page import Browser, Page, words_of

DAY = timedelta(days=1)


def test_rounds_are_grouped_by_council(
    manager: Browser, session: Session, council: Council, account: Account
) -> None:
    second = factories.make_council(session, slug="tarn", name="Tarn Valley Council")
    add_manager(session, account=account, council=second)
    factories.make_round(session, council=council, slug="ours")
    session.commit()

    page = manager.get("/manage")

    assert [words_of(h2) for h2 in page.all("main")[0].iter("h2")] == [
        "Tarn Valley Council",
        "Wexmoor Council",
    ]
    assert "There is no round yet." in page.words


def test_account_without_a_council_is_told_so(
    manager: Browser, session: Session, account: Account, council: Council
) -> None:
    session.execute(delete(Membership))
    session.commit()

    assert "There is no round for you yet" in manager.get("/manage").words


@pytest.mark.parametrize(
    ("opens", "closes", "closed", "state", "says"),
    [
        (NOW + DAY, NOW + 8 * DAY, None, "Not open yet", "It opens at midday on 4 March 2031."),
        (NOW - DAY, NOW + 8 * DAY, None, "Open", "8 days left: answers stop at midday on 11 March"),
        (NOW - DAY, NOW + DAY, None, "Open", "1 day left"),
        (NOW - DAY, NOW + DAY / 4, None, "Open", "Answers stop today, at 6pm on 3 March 2031."),
        (NOW - 9 * DAY, NOW - DAY, None, "Ready to close", "Answers stopped at midday on 2 March"),
        (NOW - 9 * DAY, NOW - DAY, NOW, "Closed", "It was closed at midday on 3 March 2031."),
    ],
    ids=["not open yet", "open", "last days", "last hours", "window over", "closed"],
)
def test_round_says_where_it_stands(
    manager: Browser,
    session: Session,
    council: Council,
    opens: object,
    closes: object,
    closed: object,
    state: str,
    says: str,
) -> None:
    round_ = factories.make_round(
        session, council=council, opens_at_utc=opens, closes_at_utc=closes, closed_at_utc=closed
    )
    session.commit()

    page = manager.get(f"/manage/{round_.slug}")

    assert f"{state} {says}" in page.words


def test_round_says_what_is_due_and_leaves_out_what_is_over(
    manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council)
    today = NOW.date()
    replace_stops(
        session,
        round_id=round_.id,
        stops=[
            Stop(MilestoneKind.CONFERENCE, today + timedelta(days=30)),
            Stop(MilestoneKind.ON_SITE, today + timedelta(days=20), today + timedelta(days=22)),
            Stop(MilestoneKind.SCOPING, today - timedelta(days=40)),
        ],
    )
    session.commit()

    page = manager.get(f"/manage/{round_.slug}")

    due = page.all("dl")[0]
    assert [(words_of(row[0]), words_of(row[1])) for row in due] == [
        ("Questionnaire", "24 February 2031 to 10 March 2031"),
        ("On-site days", "23 March 2031 to 25 March 2031"),
        ("Conference", "2 April 2031"),
    ]
    round_.closed_at_utc = NOW
    session.commit()
    due = manager.get(f"/manage/{round_.slug}").all("dl")[0]
    assert [words_of(row[0]) for row in due] == ["On-site days", "Conference"]


def cells_of(page: Page, heading: str) -> list[str]:
    """The row of a table whose heading begins with those words."""
    for row in page.all("tr"):
        head = row.find("th")
        if head is not None and words_of(head).startswith(heading):
            return [words_of(cell) for cell in row.iter() if cell.tag in {"th", "td"}]
    raise AssertionError(f"no row {heading}")


def test_coverage_counts_invited_and_answered(
    manager: Browser, session: Session, council: Council
) -> None:
    page = manager.get(fill_round(session, council=council).url("/watch"))

    assert cells_of(page, "Police") == ["Police 1 agency", "14", "13", "93%"]
    assert cells_of(page, "Tarn Valley Police") == ["Tarn Valley Police Police", "14", "13", "93%"]
    assert "50 of 90 people have answered, from 7 agencies." in page.words


def test_silent_sector_is_named_first(manager: Browser, session: Session, council: Council) -> None:
    filled = fill_round(session, council=council)
    page = manager.get(filled.url())

    first = [words_of(table.findall("tbody/tr/th")[0]) for table in page.all("table")]
    assert first == ["Schools Silent 1 agency"]
    assert "Nobody has answered yet from this sector: Schools" in page.words
    page = manager.get(filled.url("/watch"))
    assert cells_of(page, "Wexmoor schools")[0] == "Wexmoor schools Silent Schools"
    agencies = page.all("table")[-1]
    assert words_of(agencies.findall("tbody/tr/th")[0]) == "Wexmoor schools Silent Schools"


def test_number_not_known_is_said_and_no_rate_is_made_up(
    manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council)
    factories.make_invited_agency(session, round_, invited=None)
    session.commit()

    page = manager.get(f"/manage/{round_.slug}")

    assert cells_of(page, "Police") == ["Police Silent 1 agency", "Not known", "0", "–"]


def test_links_stand_for_the_number_invited_where_none_was_stated(
    manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council)
    place = factories.make_invited_agency(session, round_, invited=None)
    for number in range(3):
        revoked = NOW if number == 2 else None
        factories.make_invitation(session, place, revoked_at_utc=revoked)
    session.commit()

    page = manager.get(f"/manage/{round_.slug}")

    assert cells_of(page, "Police") == ["Police Silent 1 agency", "2", "0", "0%"]


def test_drafts_are_counted_and_nobody_is_named(
    manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council)
    place = factories.make_invited_agency(session, round_)
    for number in range(2):
        invitation = factories.make_invitation(session, place, label=f"Pat Fernsby {number}")
        session.add(
            Draft(
                invitation_id=invitation.id,
                level="frontline",
                answers={"lp_procedures_to_hand": "strongly_agree"},
                started_at_utc=NOW,
                saved_at_utc=NOW,
            )
        )
    session.commit()

    page = manager.get(f"/manage/{round_.slug}")

    assert "2 more people have started and not sent their answers yet." in page.words
    assert "Fernsby" not in page.text


def test_results_are_never_shown_while_a_round_is_open(
    manager: Browser, session: Session, council: Council
) -> None:
    filled = fill_round(session, council=council)

    page = manager.get(filled.url())

    assert "findings" not in {words_of(link).casefold() for link in page.all("a")}
    assert "By level" not in page.words
    for end in ("", "/signposts/legislation_and_policy", "/questions/lp_changes_reach_me"):
        manager.get(filled.url(f"/findings{end}"), status=409)


def test_agency_that_answers_uninvited_is_shown(
    manager: Browser, session: Session, council: Council
) -> None:
    filled = fill_round(session, council=council, agencies=AGENCIES[:1])
    stranger = factories.make_invited_agency(
        session, filled.round, name="Moor Fire and Rescue", sector=Sector.FIRE_AND_RESCUE
    )
    answer(session, filled.round, filled.bank, stranger)
    session.delete(session.get_one(InvitedAgency, stranger.id))
    session.commit()

    page = manager.get(filled.url("/watch"))

    assert cells_of(page, "Moor Fire and Rescue")[1:] == ["Not known", "1", "–"]


def test_round_of_another_time_does_not_leak_in(
    manager: Browser, session: Session, council: Council
) -> None:
    fill_round(session, council=council)
    other = fill_round(session, council=council, slug="spring", agencies=AGENCIES[2:3])

    page = manager.get(other.url())

    assert "13 of 14 people have answered, from 1 agency." in page.words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_open_round_says_first_to_invite_and_then_to_send(
    manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council)
    session.commit()
    empty = manager.get("/manage/spring").words
    agency = factories.make_invited_agency(session, round_)
    factories.make_invitation(session, agency, email="pat@example.org")
    session.commit()

    page = manager.get("/manage/spring")

    assert "Nobody is invited yet. Choose agencies and invite people" in empty
    assert "1 person has an e-mail address and has not been sent a link." in page.words
    assert "Send invitations" in page.words
