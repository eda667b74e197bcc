"""Coming by an agency's open link, and seeing all of one's questionnaires."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions import open_links
from survey.actions.attempts import LIMITS, Scope
from survey.actions.open_links import AllTaken
from survey.actions.questionnaires import questionnaires_link
from survey.actions.tokens import new_seed
from survey.data.engine import make_engine
from survey.data.models import Invitation, InvitedAgency, Message, Participation
from survey.data.open_links import find_door, get_open_link
from tests import factories
from tests.factories import NOW, SECRET_KEY
from tests.integration.respond.conftest import OpenRound
from tests.page import Browser

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, but for tests that ask for both: most of this is not about the database."""
    name = "empty_sqlite_url" if request.param == "sqlite" else "empty_postgresql_url"
    url: str = request.getfixturevalue(name)
    return url


def open_link(session: Session, agency: InvitedAgency, *, generation: int = 1) -> str:
    """The path of a working open link of that agency."""
    agency.open_link_id = "QPEN22"
    agency.open_link_generation = generation
    agency.open_link_made_at_utc = NOW
    session.commit()
    return open_links.link_of(SECRET_KEY, base_url="", open_id="QPEN22", generation=generation).link


def minted(session: Session) -> list[tuple[str, str]]:
    """The public id and the address of each invitation taken by an open link."""
    rows = session.execute(
        select(Invitation.public_id, Invitation.email).where(Invitation.minted)
    ).all()
    session.commit()
    return [(public_id, email) for public_id, email in rows]


def seed_of(page: object) -> str:
    """The seed of the form on a page."""
    return next(
        field.get("value") or ""
        for field in page.all("input")  # type: ignore[attr-defined]
        if field.get("name") == "seed"
    )


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_open_link_gives_a_code_with_which_to_come_back(
    app: Flask, session: Session, open_round: OpenRound, visitor: Browser
) -> None:
    link = open_link(session, open_round.agency)

    page = visitor.get(link)
    assert minted(session) == []
    given = visitor.post(link, {"seed": seed_of(page)})

    assert given.h1 == "Your code"
    code = CODE.search(given.words)
    assert code is not None
    assert [email for _, email in minted(session)] == [""]
    elsewhere = Browser(app.test_client())
    elsewhere.get("/code")
    assert "Working together" in elsewhere.post("/code", {"code": code[0]}).h1


def test_pressing_twice_and_coming_back_give_the_same_code(
    session: Session, open_round: OpenRound, visitor: Browser, app: Flask
) -> None:
    link = open_link(session, open_round.agency)
    seed = seed_of(visitor.get(link))

    first = visitor.post(link, {"seed": seed}).words
    visitor.get(link)
    again = visitor.post(link, {"seed": seed}).words
    back = visitor.post(link, {"seed": seed_of(visitor.get(link))}).words
    stranger = Browser(app.test_client())
    stranger.get(link)
    twin = stranger.post(link, {"seed": seed}).words

    codes = {CODE.findall(words)[0] for words in (first, again, back, twin)}
    assert len(codes) == 1
    assert len(minted(session)) == 1

    visitor.get(link)
    other = visitor.post(link, {"seed": new_seed(), "another": "yes"}).words
    assert CODE.findall(other)[0] not in codes
    assert len(minted(session)) == 2


def test_leaving_keeps_the_next_person_out(
    session: Session, open_round: OpenRound, visitor: Browser
) -> None:
    link = open_link(session, open_round.agency)
    visitor.post(link, {"seed": seed_of(visitor.get(link))})
    ((public_id, _),) = minted(session)

    visitor.get(f"/q/{public_id}/saved")
    visitor.post(f"/q/{public_id}/leave", {})

    assert CODE.search(visitor.get(link).words) is None


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_codes_and_personal_links_together_stop_at_the_number_invited(
    session: Session, open_round: OpenRound, visitor: Browser
) -> None:
    for _ in range(8):
        factories.make_invitation(session, open_round.agency)
    used = factories.make_invitation(session, open_round.agency, revoked_at_utc=NOW)
    factories.make_invitation(session, open_round.agency, revoked_at_utc=NOW)
    session.add(Participation(invitation_id=used.id))
    link = open_link(session, open_round.agency)

    page = visitor.get(link)

    assert "Every code has been taken" in page.words
    assert "review@example.org" in page.words
    visitor.get("/code")
    visitor.post(link, {"seed": new_seed()}, status=409)
    assert minted(session) == []


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_two_at_once_for_the_last_code_get_one(
    session: Session, open_round: OpenRound, database_url: str
) -> None:
    for _ in range(8):
        factories.make_invitation(session, open_round.agency)
    open_link(session, open_round.agency)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def take() -> None:
        engine = make_engine(database_url)
        with Session(engine) as own:
            start.wait()
            door = find_door(own, open_id="QPEN22")
            assert door is not None
            own.rollback()
            try:
                open_links.take_code(
                    own,
                    door,
                    seed=new_seed(),
                    email="",
                    address="192.0.2.1",
                    secret_key=SECRET_KEY,
                    now=NOW,
                )
                own.commit()
                outcomes.append("taken")
            except AllTaken:
                outcomes.append("none left")
        engine.dispose()

    racing = [threading.Thread(target=take) for _ in range(2)]
    for each in racing:
        each.start()
    for each in racing:
        each.join()

    assert sorted(outcomes) == ["none left", "taken"]
    assert len(minted(session)) == 1


def test_address_is_kept_and_written_to_only_when_given(
    session: Session, open_round: OpenRound, visitor: Browser
) -> None:
    link = open_link(session, open_round.agency)
    seed = seed_of(visitor.get(link))

    wrong = visitor.post(link, {"seed": seed, "email": "pat at example"}, status=422)
    assert "pat at example" in str(wrong.all("input", name="email")[0].get("value"))
    assert minted(session) == []
    visitor.get(link)
    visitor.post(link, {"seed": seed, "email": " Pat.Lee@Example.org "})

    assert [email for _, email in minted(session)] == ["pat.lee@example.org"]
    assert session.scalars(select(Message.to_address)).all() == ["pat.lee@example.org"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/join/QPEN22/aaaaaaaaaaaaaaaaaaaaaaaaaa", 404),
        ("/join/QPEN99/aaaaaaaaaaaaaaaaaaaaaaaaaa", 404),
        ("/join/%00%00/x", 404),
        ("older", 410),
    ],
    ids=["wrong secret", "unknown agency", "no id at all", "an older link"],
)
def test_link_that_is_no_open_link_opens_nothing(
    session: Session, open_round: OpenRound, visitor: Browser, path: str, status: int
) -> None:
    older = open_link(session, open_round.agency)
    open_link(session, open_round.agency, generation=2)

    visitor.get(older if path == "older" else path, status=status)


def test_one_place_cannot_take_every_code(
    session: Session,
    open_round: OpenRound,
    visitor: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit = LIMITS[Scope.CODE_TAKEN_BY_ADDRESS]
    monkeypatch.setitem(LIMITS, Scope.CODE_TAKEN_BY_ADDRESS, type(limit)(2, limit.window))
    link = open_link(session, open_round.agency)

    for _ in range(2):
        visitor.get(link)
        visitor.post(link, {"seed": new_seed(), "another": "yes"})
    visitor.get(link)
    page = visitor.post(link, {"seed": new_seed(), "another": "yes"}, status=429)

    assert "Too many tries" in page.words
    assert len(minted(session)) == 2


def test_nobodys_mailbox_is_flooded(
    session: Session, open_round: OpenRound, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = LIMITS[Scope.CODE_SENT_BY_EMAIL]
    monkeypatch.setitem(LIMITS, Scope.CODE_SENT_BY_EMAIL, type(limit)(2, limit.window))
    link = open_link(session, open_round.agency)

    for email in ("pat@example.org", "Pat@example.org "):
        visitor.get(link)
        visitor.post(link, {"seed": new_seed(), "another": "yes", "email": email})
    visitor.get(link)
    form = {"seed": new_seed(), "another": "yes"}
    page = visitor.post(link, form | {"email": "pat@example.org"}, status=429)
    assert "Too many tries" in page.words

    visitor.post(link, form)
    assert [email for _, email in minted(session)].count("pat@example.org") == 2
    assert len(minted(session)) == 3


def test_code_on_a_poster_leads_to_the_open_link(
    session: Session, open_round: OpenRound, visitor: Browser
) -> None:
    open_link(session, open_round.agency)
    made = open_links.link_of(SECRET_KEY, base_url="", open_id="QPEN22", generation=1)
    visitor.get("/code")

    page = visitor.post("/code", {"code": made.code.lower()})

    assert "Get a code of your own" in page.words


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_all_of_ones_questionnaires_are_listed_and_no_others(
    session: Session, open_round: OpenRound, visitor: Browser
) -> None:
    mine = "pat.lee@example.org"
    elsewhere: dict[str, dict[str, Any]] = {
        "other": {},
        "over": {"closes": NOW},
        "withdrawn": {"withdrawn_at_utc": NOW},
        "unlaunched": {"launched_at_utc": None},
    }
    for slug, changes in elsewhere.items():
        round_ = factories.make_round(session, slug=slug, **changes)
        agency = factories.make_invited_agency(session, round_, name=f"Health of {slug}")
        factories.make_invitation(session, agency, email=mine)
        factories.make_invitation(session, agency, email="somebody.else@example.org")
        factories.make_invitation(session, agency, email=mine, revoked_at_utc=NOW)
    open_round.invitation.email = mine
    session.add(Participation(invitation_id=open_round.invitation.id))
    session.commit()

    page = visitor.get(questionnaires_link("", SECRET_KEY, "Pat.Lee@example.org"))

    listed = [item.get("href") for item in page.all("a") if "/i/" in (item.get("href") or "")]
    assert len(listed) == 1
    assert "Working together, other" in page.words
    assert "Working together, spring" in page.words
    assert not {"over", "withdrawn", "unlaunched"} & {
        word.strip(".,") for word in page.words.split()
    }
    assert "One is waiting for you" in page.words
    visitor.get(open_round.link)
    receipt = visitor.get(open_round.url("sent"))
    assert "One more questionnaire is waiting for you" in receipt.words


def test_own_link_alone_does_not_lead_to_the_others(
    session: Session, open_round: OpenRound, visitor: Browser
) -> None:
    session.add(Participation(invitation_id=open_round.invitation.id))
    session.commit()
    visitor.get(open_round.link)

    assert "waiting for you" not in visitor.get(open_round.url("sent")).words
    visitor.get("/mine/", status=404)
    visitor.get("/mine/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", status=404)


def test_open_link_counts_what_is_left(session: Session, open_round: OpenRound) -> None:
    factories.make_invitation(session, open_round.agency, minted=True)
    open_link(session, open_round.agency)

    found = get_open_link(
        session, round_id=open_round.round.id, invited_agency_id=open_round.agency.id
    )

    assert (found.invited, found.taken, found.minted, found.unused, found.left) == (10, 2, 1, 1, 8)
