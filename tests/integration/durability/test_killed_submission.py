"""A server killed while answers are being sent in: each response is there whole, once, or not."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks import rounds
from benchmarks.journey import Journey, Kind
from benchmarks.rounds import Place
from benchmarks.serving import HOST, Server
from benchmarks.visitor import Visitor
from question_banks.bank import Level
from question_banks.loader import load_bank
from question_banks.path import pages
from survey.data.engine import make_engine
from survey.data.models import Answer, Draft, Invitation, Participation, Response
from tests.integration.durability.killing import Moment, kill_during, running

RESPONDENTS = 6
BANK = load_bank("safeguarding_children_2010")
ASKED = {
    question.code
    for page in pages(BANK, level=Level.FRONTLINE, answers={})
    for question in page.questions
    if question.type == "scale"
}


def test_responses_are_whole_and_single_after_a_killed_server(place: Place) -> None:
    links = rounds.open_round(place.database_url, respondents=RESPONDENTS)
    moment = Moment(number=random.randint(1, RESPONDENTS - 1), while_sending=random.random() < 0.5)
    with running(place) as server:
        journeys = [ready_to_send(server, link, think=moment.before) for link in links]
        kill_during(server, [partial(send, journey, moment) for journey in journeys], moment)
    acknowledged = {
        link
        for link, journey in zip(links, journeys, strict=True)
        if any(request.kind is Kind.POST and request.is_right for request in journey.requests)
    }
    check_database(place, acknowledged)

    with running(place) as server:
        for link in links:
            journey = Journey(
                Visitor(HOST, server.port), link, think=at_once, chance=random.Random(link)
            )
            shown = journey.visitor.follow(link)[-2].location
            has_sent = shown.endswith("/sent")
            assert has_sent or link not in acknowledged
            if not has_sent:
                assert shown.endswith("/check")
                journey.send()
    check_database(place, set(links))


def ready_to_send(server: Server, link: str, *, think: Callable[[], None]) -> Journey:
    """A journey whose pages are all answered, and which has yet to be sent."""
    first = Journey(Visitor(HOST, server.port), link, think=at_once, chance=random.Random(link))
    first.begin()
    first.answer()
    return Journey(first.visitor, link, think=think, chance=random.Random(link))


def at_once() -> None:
    """Thinks for no time at all."""


def send(journey: Journey, moment: Moment) -> None:
    """Sends the answers in, and tells the moment that it was acknowledged."""
    journey.send()
    moment.after()


def check_database(place: Place, acknowledged: set[str]) -> None:
    """Who has sent has no draft, who has not has one, and each response has all its answers."""
    engine = make_engine(place.database_url)
    try:
        with Session(engine) as session:
            # A commit that PostgreSQL had been sent still holds its invitation: wait for its end.
            held = session.execute(select(Invitation.id, Invitation.public_id).with_for_update())
            public_ids = {row.id: row.public_id for row in held}
            sent = set(session.scalars(select(Participation.invitation_id)))
            drafts = set(session.scalars(select(Draft.invitation_id)))
            responses = session.scalars(select(func.count()).select_from(Response)).one()
            answers = session.execute(select(Answer.response_id, Answer.question)).all()
    finally:
        engine.dispose()
    assert {link.split("/")[2] for link in acknowledged} <= {public_ids[one] for one in sent}
    assert drafts == public_ids.keys() - sent
    assert responses == len(sent)
    whole = {(response, question) for response, _ in answers for question in ASKED}
    assert {(row.response_id, row.question) for row in answers} == whole
    assert len({response for response, _ in answers}) == responses
