"""The pages on which a round is set up: each step, its faults, launch, preview, copy, delete.

What they store is tried on both databases by test_setting_up; the pages themselves on one.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from question_banks.bank import Level, Sector
from question_banks.loader import load_bank
from question_banks.local import without_rules
from question_banks.path import pages
from survey.actions import launching, setting_up_bank
from survey.actions.accounts import create_account
from survey.actions.rounds import TAKEN
from survey.actions.setting_up import choices_of, settings_of
from survey.app import create_app
from survey.data.accounts import Role, add_membership
from survey.data.banks import get_bank
from survey.data.engine import make_engine
from survey.data.models import (
    Agency,
    Council,
    Draft,
    Invitation,
    Milestone,
    Participation,
    Response,
    Review,
    Round,
)
from survey.data.rounds import RoundOfCouncil
from survey.extensions import db
from survey.settings import Settings
from survey.web import presenters_setup
from tests import factories
from tests.filled_round import add_comment, answer
from tests.integration.manage.conftest import (
    EMAIL,
    PASSWORD,
    count_statements,
    make_manager,
    sign_in,
)
from tests.integration.manage.test_setting_up import BY, fill, start
from tests.page import Browser

HOSTILE = "<script>alert('x')</script> ‮ =cmd|x 👩‍👧"
STEPS = (
    "basics",
    "contacts",
    "invited",
    "bank",
    "signposts",
    "local",
    "local/add",
    "timetable",
    "words",
    "groups",
    "lines",
    "previous",
    "forecast",
)


@dataclass(frozen=True)
class Site:
    """One application for all tests of this file, with a manager who has signed in once."""

    url: str
    app: Flask
    browser: Browser


@pytest.fixture(scope="module", autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """One clock for the file: a session that was signed later than now is nobody's."""
    with time_machine.travel(factories.NOW, tick=True) as moved:
        yield moved


@pytest.fixture(scope="module")
def site(
    migrated_sqlite_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    clock: time_machine.Traveller,
) -> Iterator[Site]:
    """A password takes long to hash, and an application to make: once is enough."""
    folder = tmp_path_factory.mktemp("set-up")
    url = f"sqlite:///{shutil.copy(migrated_sqlite_file, folder / 'signpost.db')}"
    engine = make_engine(url)
    with Session(engine) as session:
        made = factories.make_council(session, slug="wexmoor", name="Wexmoor Council")
        make_manager(session, made, email=EMAIL)
        session.commit()
        app = create_app(
            Settings(secret_key=factories.SECRET_KEY, database_url=url, instance=folder)
        )
        browser = sign_in(app.test_client())
    yield Site(url, app, browser)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    engine.dispose()


@pytest.fixture
def database_url(site: Site) -> str:
    return site.url


@pytest.fixture
def app(site: Site) -> Flask:
    return site.app


@pytest.fixture
def manager(site: Site) -> Browser:
    return site.browser


@pytest.fixture
def council(session: Session) -> Council:
    """The manager's council, without what the test before left."""
    for model in (Round, Review, Agency):
        session.execute(delete(model))
    session.execute(delete(Council).where(Council.slug != "wexmoor"))
    found = session.scalars(select(Council)).one()
    session.commit()
    return found


@pytest.fixture(autouse=True)
def nothing_left(council: Council) -> None:
    """Every test begins with the council and its manager alone."""


@pytest.fixture
def item(session: Session, council: Council) -> RoundOfCouncil:
    """A round that has just been started."""
    made = start(session, council)
    session.commit()
    return made


def url(item: RoundOfCouncil, path: str = "") -> str:
    return f"/manage/{item.round.slug}/{path}"


def test_round_is_started_with_one_page(manager: Browser, session: Session) -> None:
    manager.get("/manage/new")
    page = manager.post(
        "/manage/new",
        {
            "council": "wexmoor",
            "title": HOSTILE,
            "review-title": "Peer review",
            "bank": "section_11@1.0",
        },
    )

    assert page.h1 == f"Set-up of {' '.join(HOSTILE.split())}"
    assert "3 steps are still to do" in page.words
    round_ = session.scalars(select(Round)).one()
    assert round_.bank_id == "section_11@1.0"
    page = manager.get("/manage")
    assert "Being set up" in page.words


def test_new_round_keeps_what_was_entered_where_something_is_missing(manager: Browser) -> None:
    manager.get("/manage/new")
    page = manager.post("/manage/new", {"council": "wexmoor", "title": "Spring"}, status=422)

    assert page.error_messages == ["Enter a name for the review", "Select a questionnaire"]
    assert page.all("input", name="title")[0].get("value") == "Spring"


def test_new_round_for_another_council_is_not_found(manager: Browser, session: Session) -> None:
    factories.make_council(session, slug="tarn")
    session.commit()
    manager.get("/manage/new")

    manager.post("/manage/new", {"council": "tarn", "title": "Theirs"}, status=404)


@pytest.mark.parametrize("is_launched", [False, True], ids=["setting up", "launched"])
def test_every_step_opens_and_fixed_ones_lead_back(
    manager: Browser, session: Session, item: RoundOfCouncil, is_launched: bool
) -> None:
    if is_launched:
        fill(session, item)
        launching.launch(session, item, by=BY)
        session.commit()

    led_back = [
        step
        for step in STEPS
        if manager.get(url(item, f"set-up/{step}")).path == url(item, "set-up")
    ]

    always = {"contacts", "timetable", "words", "forecast"}
    assert led_back == ([step for step in STEPS if step not in always] if is_launched else [])


def test_task_list_asks_few_questions_of_the_database(
    manager: Browser, session: Session, item: RoundOfCouncil, app: Flask
) -> None:
    for number in range(12):
        factories.make_invited_agency(session, item.round, name=f"Agency {number}")
    session.commit()
    manager.get(url(item, "set-up"))

    with count_statements(app) as seen:
        manager.get(url(item, "set-up"))

    reads = [each for each in seen if each.lstrip().upper().startswith("SELECT")]
    assert len(reads) <= 14, "\n".join(reads)
    assert not [each for each in seen if each.lstrip().upper().startswith(("INSERT", "DELETE"))]


def test_whole_set_up_by_pages(
    manager: Browser, session: Session, item: RoundOfCouncil, council: Council
) -> None:
    earlier = factories.make_round(session, council=council, slug="earlier")
    session.commit()

    def send(step: str, fields: dict[str, object], *, path: str = "") -> None:
        manager.get(url(item, f"set-up/{step}"))
        manager.post(url(item, f"set-up/{path or step}"), fields)  # type: ignore[arg-type]  # lists

    send(
        "basics",
        {
            "title": "Autumn again",
            **dict(
                zip(("opens-day", "opens-month", "opens-year"), ("1", "4", "2031"), strict=True)
            ),
            **dict(
                zip(("closes-day", "closes-month", "closes-year"), ("30", "4", "2031"), strict=True)
            ),
        },
    )
    send("contacts", {"contact": "A", "urgent": "B", "checked-by": "C", "checked-email": ""})
    send("invited", {"everyone": "no", "how": "Managers chose"})
    send("bank", {"bank": "safeguarding_children_2012@1.0"})
    codes = choices_of(_fresh(session, item)).chosen()
    send("signposts", {"signposts": list(codes[:2])})
    scale = choices_of(_fresh(session, item)).base().scales[0].code
    send(
        "local/add",
        {
            "text": HOSTILE.replace("<script>", "").replace("</script>", ""),
            "scale": scale,
            "signpost": codes[0],
            "audience": ["frontline", "board"],
        },
    )
    send("words", {"strengths": "What works", "considerations": "What to look at"})
    send("previous", {"previous": earlier.slug})
    send("lines", {"do": "usual"})
    send("groups", {"do": "usual"})
    send(
        "timetable",
        {
            "conference-day": "1",
            "conference-month": "4",
            "conference-year": "2031",
            "on_site-day": "2",
            "on_site-month": "4",
            "on_site-year": "2031",
        },
    )

    round_ = _fresh(session, item)
    bank = get_bank(session, round_id=round_.id, digest=round_.bank_digest)
    assert round_.title == "Autumn again"
    assert round_.closes_at_utc.isoformat() == "2031-04-30T22:59:00+00:00"
    assert [signpost.code for signpost in bank.signposts] == list(codes[:2])
    assert [question.audience for question in bank.questions() if question.local] == [
        (Level.FRONTLINE, Level.BOARD)
    ]
    assert (round_.everyone_invited, round_.invited_how) == ("no", "Managers chose")
    assert not settings_of(round_).everyone_in_scope
    assert round_.previous_round_id == earlier.id
    assert len(session.scalars(select(Milestone)).all()) == 2
    page = manager.get(url(item, "timetable"))
    assert "The conference comes before the on-site days begin." in page.words
    manager.get(url(item, "launch"))
    page = manager.post(url(item, "launch"))
    assert "The round is launched." in page.words


def _fresh(session: Session, item: RoundOfCouncil) -> Round:
    session.commit()  # a transaction of SQLite sees what was there when it began
    session.expire_all()
    found = session.get_one(Round, item.round.id)
    session.commit()
    return found


@pytest.mark.parametrize(
    ("step", "fields", "says"),
    [
        ("basics", {"title": HOSTILE}, "Enter the first day as a day, month and year"),
        ("contacts", {"contact": HOSTILE, "checked-email": "no"}, "Enter an e-mail address"),
        ("invited", {"everyone": "no"}, "Say how the people you invite are chosen"),
        ("invited", {"everyone": "perhaps", "how": HOSTILE}, "Select whether everybody"),
        ("bank", {"bank": "nowhere@1.0"}, "Select a questionnaire"),
        ("signposts", {}, "Select at least one signpost"),
        ("local/add", {"text": "x" * 50_000}, "you have used 50,000"),
        ("timetable", {"scoping-day": "31"}, "enter a day, month and year"),
        ("words", {"strengths": "Same", "considerations": "same"}, "Use two different headings"),
        ("lines", {"k": "2"}, "Choose 10 or 11 people"),
        ("groups", {"sector-police": "nowhere"}, "Select a group"),
    ],
    ids=lambda value: value if isinstance(value, str) and "/" not in value else None,
)
def test_wrong_entry_is_told_and_kept(
    manager: Browser, item: RoundOfCouncil, step: str, fields: dict[str, str], says: str
) -> None:
    manager.get(url(item, f"set-up/{step}"))
    page = manager.post(url(item, f"set-up/{step}"), fields, status=422)

    assert any(says in message for message in page.error_messages), page.error_messages
    held = {
        element.get("value") or "".join(element.itertext())
        for tag in ("input", "textarea")
        for element in page.all(tag)
    }
    typed = {text for name, text in fields.items() if name in ("title", "contact", "text", "how")}
    assert all(any(text in one for one in held) for text in typed)


def test_round_of_a_command_has_steps_to_read_and_can_be_copied(
    manager: Browser, session: Session, council: Council
) -> None:
    bank = load_bank("tests/banks/valid/every_type.yaml")
    factories.make_round(session, council=council, bank=bank)
    session.commit()

    assert bank.id in manager.get("/manage/spring/set-up").words
    assert manager.get("/manage/spring/preview/other/signposts").h1
    assert "the same questionnaire" in manager.get("/manage/spring/copy").words
    page = manager.post("/manage/spring/copy", {"title": "Again"})
    assert page.path == "/manage/again/set-up"
    assert manager.get("/manage/again/set-up/bank").h1


def test_two_tabs_launched_in_one_is_told_in_the_other(
    manager: Browser, session: Session, item: RoundOfCouncil
) -> None:
    manager.get(url(item, "set-up/lines"))
    fill(session, item)
    launching.launch(session, item, by=BY)
    session.commit()

    page = manager.post(url(item, "set-up/lines"), {"do": "usual"}, status=409)

    assert page.h1


def test_launch_with_something_missing_lists_it(manager: Browser, item: RoundOfCouncil) -> None:
    manager.get(url(item, "set-up/words"))
    page = manager.post(url(item, "launch"), status=422)

    assert len(page.error_messages) == 3
    assert "Confirm the name and the dates for answers" in page.error_messages


class TestLocalQuestions:
    def test_are_moved_changed_and_removed(
        self, manager: Browser, session: Session, item: RoundOfCouncil
    ) -> None:
        signpost = choices_of(item.round).chosen()[0]
        for text in ("One?", "Two and three?"):
            manager.get(url(item, "set-up/local/add"))
            manager.post(
                url(item, "set-up/local/add"), {"text": text, "scale": "text", "signpost": signpost}
            )
        one, two = (each.code for each in choices_of(_fresh(session, item)).local)

        manager.post(url(item, f"set-up/local/{two}/move"), {"to": "up"})
        assert [each.code for each in choices_of(_fresh(session, item)).local] == [two, one]
        manager.get(url(item, f"set-up/local/{one}"))
        manager.post(
            url(item, f"set-up/local/{one}"),
            {"text": "Only one?", "scale": "text", "signpost": signpost},
        )
        page = manager.post(url(item, f"set-up/local/{two}/remove"))
        assert "The question is removed." in page.words
        (left,) = choices_of(_fresh(session, item)).local
        assert (left.code, left.text) == (one, "Only one?")
        manager.post(url(item, "set-up/local/local_no/remove"), status=404)
        manager.get(url(item, "set-up/local/local_no"), status=404)

    def test_without_a_place_are_shown_as_such(
        self, manager: Browser, session: Session, item: RoundOfCouncil
    ) -> None:
        manager.get(url(item, "set-up/local/add"))
        manager.post(
            url(item, "set-up/local/add"),
            {"text": "Why?", "scale": "text", "signpost": choices_of(item.round).chosen()[0]},
        )
        manager.get(url(item, "set-up/bank"))
        manager.post(url(item, "set-up/bank"), {"bank": "section_11@1.0"})

        assert (
            "Without a place in this questionnaire" in manager.get(url(item, "set-up/local")).words
        )
        assert "A local question has no place" in manager.get(url(item, "launch")).words


class TestPreview:
    def test_every_page_at_every_level_leads_to_the_preview_only_and_stores_nothing(
        self, manager: Browser, session: Session, item: RoundOfCouncil
    ) -> None:
        bank = get_bank(session, round_id=item.round.id, digest=item.round.bank_digest)
        manager.get(url(item, "preview"))
        parts = ["", "level", "signposts", "check", "blank", "sheet", "sent", "saved"]
        for level in (Level.FRONTLINE, Level.BOARD):
            keys = [page.key for page in pages(bank, level=level, answers={})]
            for path in [*parts, *(f"page/{key}" for key in keys[:3])]:
                page = manager.get(url(item, f"preview/{level}/{path}"))
                assert "Nothing is saved or sent" in page.text
                assert "/q/" not in re.sub(r"[a-z]+/q/", "", page.text)
        for model in (Draft, Invitation, Participation, Response):
            assert session.scalars(select(model)).all() == []

    def test_page_is_checked_as_a_respondents_is(
        self, manager: Browser, session: Session, item: RoundOfCouncil
    ) -> None:
        bank = get_bank(session, round_id=item.round.id, digest=item.round.bank_digest)
        first, second = pages(bank, level=Level.FRONTLINE, answers={})[:2]
        path = url(item, f"preview/frontline/page/{first.key}")
        manager.get(path)
        page = manager.post(path, {})
        assert len(page.error_messages) == len(first.questions)
        option = bank.scales[0].options[0].code
        page = manager.post(path, {question.code: option for question in first.questions})
        assert page.path == url(item, f"preview/frontline/page/{second.key}")

    def test_goes_from_level_to_hub_and_from_check_to_receipt(
        self, manager: Browser, item: RoundOfCouncil
    ) -> None:
        manager.get(url(item, "preview/frontline/level"))
        page = manager.post(url(item, "preview/frontline/level"), {"level": "board"})
        assert page.path == url(item, "preview/board/signposts")
        manager.get(url(item, "preview/board/check"))
        page = manager.post(url(item, "preview/board/check"))
        assert page.path == url(item, "preview/board/sent")

    @pytest.mark.parametrize("bank_id", ["section_11@1.0", "safeguarding_children_2012@1.0"])
    def test_other_kinds_of_questionnaire_can_be_looked_at(
        self, manager: Browser, session: Session, item: RoundOfCouncil, bank_id: str
    ) -> None:
        setting_up_bank.choose_bank(session, item, bank_id=bank_id, by=BY)
        session.commit()
        bank = get_bank(session, round_id=item.round.id, digest=item.round.bank_digest)
        session.commit()
        manager.get(url(item, "set-up"))
        manager.get(url(item, "preview"))
        manager.get(url(item, "preview/strategic/signposts"))
        for page in pages(without_rules(bank), level=Level.STRATEGIC, answers={})[:2]:
            shown = manager.get(url(item, f"preview/strategic/page/{page.key}"))
            assert ("Some questions are asked only after some answers" in shown.text) == (
                bank_id == "section_11@1.0"
            )

    @pytest.mark.parametrize(
        "path", ["nobody/", "frontline/nothing", "frontline/page/nothing", "nobody/page/closing"]
    )
    def test_what_is_not_there_is_not_found(
        self, manager: Browser, item: RoundOfCouncil, path: str
    ) -> None:
        manager.get(url(item, f"preview/{path}"), status=404)


def test_forecast_follows_the_numbers(
    manager: Browser, session: Session, item: RoundOfCouncil
) -> None:
    factories.make_invited_agency(session, item.round, invited=40)
    factories.make_invited_agency(
        session, item.round, name="Care", sector=Sector.EARLY_HELP, invited=30
    )
    session.commit()

    page = manager.get(url(item, "set-up/forecast?response=80"))
    assert "70 people invited, so about 56 would answer." in page.words
    assert "This is a simple forecast." in page.words
    assert manager.get(url(item, "set-up/forecast?response=x")).path == url(item, "set-up/forecast")


def test_calendar_file_is_sent_as_one(manager: Browser, item: RoundOfCouncil) -> None:
    response = manager.client.get(url(item, "timetable.ics"))

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.get_data(as_text=True).startswith("BEGIN:VCALENDAR\r\n")
    assert "autumn-2031-timetable.ics" in response.headers["Content-Disposition"]


def test_copy_and_delete(manager: Browser, session: Session, item: RoundOfCouncil) -> None:
    manager.get(url(item, "copy"))
    page = manager.post(url(item, "copy"), {"title": " "}, status=422)
    assert page.error_messages == ["Enter a name for the round"]
    page = manager.post(url(item, "copy"), {"title": "Spring 2032", "people": "yes"})
    assert page.path == "/manage/spring-2032/set-up"
    manager.get("/manage/spring-2032/delete")
    page = manager.post("/manage/spring-2032/delete")
    assert page.path == "/manage"
    assert session.scalars(select(Round.slug)).all() == ["autumn-2031"]


def test_other_councils_rounds_are_not_found_on_any_page(
    manager: Browser, session: Session, app: Flask
) -> None:
    theirs = start(session, factories.make_council(session, slug="tarn"), title="Theirs")
    session.commit()
    token = manager.get("/manage/new").csrf_token
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("setup.") and "slug" in rule.arguments
    ]
    assert len(rules) > 30
    for rule in rules:
        path = rule.rule.replace("<slug>", theirs.round.slug)
        path = re.sub(r"<[a-z]+>", "frontline", path)
        if "GET" in (rule.methods or ()):
            manager.get(path, status=404)
        else:
            manager.post(path, status=404, token=token)


def test_council_officer_sees_the_steps_and_changes_nothing(
    session: Session, council: Council, client: FlaskClient, item: RoundOfCouncil
) -> None:
    officer = create_account(
        session, email="officer@example.org", name="Jo Hale", password=PASSWORD, now=factories.NOW
    )
    add_membership(session, account_id=officer.id, role=Role.COUNCIL_OFFICER, council_id=council.id)
    session.commit()
    browser = sign_in(client, email="officer@example.org")

    page = browser.get(url(item, "set-up"))

    assert not [
        link
        for link in page.all("a")
        if "/set-up/" in (link.get("href") or "") and "forecast" not in (link.get("href") or "")
    ]
    for path in ("set-up/basics", "launch", "delete", "copy"):
        browser.get(url(item, path), status=404)
    browser.get("/manage/new", status=404)


def test_no_round_is_named_like_another_page(app: Flask) -> None:
    words = {
        rule.rule.removeprefix("/manage/").partition("/")[0]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/manage/") and not rule.rule.startswith("/manage/<")
    }

    assert words <= TAKEN
    assert presenters_setup.AGENCIES_PAGE in app.view_functions


def test_respondent_cannot_answer_before_launch(
    session: Session, item: RoundOfCouncil, client: FlaskClient
) -> None:
    item.round.opens_at_utc = factories.NOW.replace(month=1)
    invitation = factories.make_invitation(
        session, factories.make_invited_agency(session, item.round)
    )
    session.commit()

    browser = Browser(client)
    page = browser.get(factories.link_of(invitation), status=403)

    assert page.h1


def test_round_with_local_questions_is_answered_closed_and_read(
    manager: Browser, session: Session, item: RoundOfCouncil
) -> None:
    choices = choices_of(item.round)
    signpost, scale = choices.chosen()[0], choices.base().scales[0].code
    setting_up_bank.choose_signposts(session, item, codes=[signpost], by=BY)
    question, told = (
        setting_up_bank.add_question(
            session,
            item,
            setting_up_bank.Asked(text, signpost, kind, "", ()),
            by=BY,
        )
        for text, kind in (("Help can be had at night.", scale), ("What else?", ""))
    )
    fill(session, item)
    bank = launching.launch(session, item, by=BY)
    item.round.opens_at_utc = factories.NOW - timedelta(days=1)
    for name, sector in (
        ("Care", Sector.EARLY_HELP),
        ("Police", Sector.POLICE),
        ("Ward", Sector.NHS_ACUTE),
        ("School", Sector.SCHOOLS),
    ):
        place = factories.make_invited_agency(session, item.round, name=name, sector=sector)
        chance = Random(name)
        for _ in range(10):
            answer(session, item.round, bank, place, chance=chance)
        add_comment(session, item.round, place, told.code, "The door was open at night.")
    session.commit()
    manager.get(url(item, "close"))

    page = manager.post(url(item, "close"))

    assert "its findings are ready" in page.words
    page = manager.get(url(item, f"findings/signposts/{signpost}"))
    assert "Local questions" in page.words
    assert "Help can be had at night." in page.words
    assert manager.get(url(item, f"findings/questions/{question.code}")).h1
    assert "The door was open at night." in manager.get(url(item, "comments")).words
