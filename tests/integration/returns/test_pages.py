"""The pages of a return: two who write at once, sharing, sign-off, and what others must not see.

They run on one database: what differs between the two is tested without pages.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.actions.outbox import MailKind
from survey.data import returns_people, returns_versions
from survey.data.models import (
    AgencyReturn,
    AuditEvent,
    Membership,
    Message,
    ReturnContributor,
    ReturnVersion,
    Role,
    SignInSession,
)
from survey.data.returns_versions import HeldBecause
from tests import factories
from tests.factories import NOW
from tests.integration.manage.conftest import count_statements
from tests.integration.returns.conftest import (
    EVIDENCE,
    KEY,
    RATING,
    SECTION,
    Begun,
    complete,
    make_lead,
    pages_of,
    share,
    sign_in,
)
from tests.page import Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ODD = "=cmd|x <script>alert(1)</script> \u202e😀"


def test_conflict_is_shown_and_chosen(
    lead: Browser, helper: Browser, begun: Begun, session: Session
) -> None:
    lead.get(begun.page())
    lead.post(begun.page(), {RATING: "met", f"base--{RATING}": "0"})
    mine = helper.get(pages_of(_path(helper)) + begun.page()[len(begun.path) :])
    lead.post(begun.page(), {EVIDENCE: "of Ada", f"base--{EVIDENCE}": "0", "later": "yes"})

    page = helper.post(mine.path, {EVIDENCE: f"of Bo {ODD}", f"base--{EVIDENCE}": "0"})

    assert page.h1 == "Choose between two answers"
    assert "of Ada" in page.words
    assert f"of Bo {ODD}" in page.words
    wrong = helper.post(page.path, {"base": "1"}, status=422)
    assert wrong.error_messages == ["Select which answer to keep"]
    done = helper.post(page.path, {"base": "1", "chosen": "both", "both": "of both"})
    assert "Your choice has been saved" in done.words
    history = lead.get(f"{begun.path}/question/{SECTION}/{EVIDENCE}")
    assert "Bo Fenn wrote one answer from both" in history.words
    session.rollback()
    newest = returns_versions.list_versions(
        session, return_id=begun.id, round_id=None, questions=[EVIDENCE]
    )[-1]
    assert (newest.value, newest.name) == ("of both", "Bo Fenn")


def _path(browser: Browser) -> str:
    assert browser.page is not None
    return f"/x/{browser.page.path.split('/')[2]}"


def test_invalid_answer_is_shown_again_while_the_others_are_saved(
    lead: Browser, begun: Begun
) -> None:
    lead.get(begun.page())
    lead.post(begun.page(), {RATING: "not_met", f"base--{RATING}": "0"})
    owner, due = f"{RATING}_owner", f"{RATING}_date"

    page = lead.post(
        begun.page(),
        {
            owner: "Deputy chief",
            f"base--{owner}": "0",
            f"{due}-day": "31",
            f"{due}-month": "2",
            f"{due}-year": "2031",
            f"base--{due}": "0",
        },
        status=422,
    )

    assert len(page.error_messages) == 1
    bases = {field.get("name"): field.get("value") for field in page.all("input", type="hidden")}
    assert bases[f"base--{owner}"] == "1"
    assert bases[f"base--{due}"] == "0"
    assert page.all("input", name=f"{due}-day")[0].get("value") == "31"


def test_text_that_is_wrong_stays_though_another_answer_leads_away_from_it(
    lead: Browser, begun: Begun, session: Session
) -> None:
    action, long_text = f"{RATING}_action", "Train every team. " * 600
    lead.get(begun.page())
    lead.post(begun.page(), {RATING: "not_met", f"base--{RATING}": "0"})
    sent = {
        RATING: "met",
        f"base--{RATING}": "1",
        action: long_text,
        f"base--{action}": "0",
    }

    page = lead.post(begun.page(), sent, status=422)

    assert long_text.strip() in page.text
    (message,) = page.error_messages
    assert "horten" in message
    page = lead.post(begun.page(), {action: "", f"base--{action}": "0"})
    assert "not answered" in lead.get(f"{begun.path}/submit").words


def test_answer_that_comes_back_is_shown_beside_what_is_wrong(
    lead: Browser, begun: Begun, session: Session
) -> None:
    action, owner = f"{RATING}_action", f"{RATING}_owner"
    form = begun.page()
    lead.get(form)
    lead.post(form, {RATING: "not_met", f"base--{RATING}": "0"})
    lead.get(form)
    lead.post(form, {owner: "Deputy chief", f"base--{owner}": "0"})
    lead.get(form)
    lead.post(form, {RATING: "met", f"base--{RATING}": "1"})
    lead.get(form)
    wrong = {EVIDENCE: "Minutes " * 2000, f"base--{EVIDENCE}": "0"}

    page = lead.post(form, {RATING: "not_met", f"base--{RATING}": "2"} | wrong, status=422)

    bases = {field.get("name"): field.get("value") for field in page.all("input", type="hidden")}
    assert bases[f"base--{owner}"] == "1"
    assert page.all("input", name=owner)[0].get("value") == "Deputy chief"
    assert bases[f"base--{action}"] == "0"


def test_words_are_shown_to_copy_where_a_page_takes_nothing_any_more(
    lead: Browser, helper: Browser, begun: Begun, session: Session
) -> None:
    front = pages_of(_path(helper))
    question = f"/question/{SECTION}/{RATING}"
    lead.get(begun.path + question)
    token = helper.get(front + question).csrf_token
    contributor = session.scalars(select(ReturnContributor.id)).one()
    returns_people.set_shares(session, contributor_id=contributor, sections={"training"})
    session.commit()
    note = {"text": "Ask the board first"}

    page = helper.post(f"{front}{question}/notes", note, status=404)
    assert "Ask the board first" in page.words

    returns_people.renew_link(session, contributor_id=contributor)
    session.commit()
    page = helper.post(f"{front}{question}/notes", note, status=410, token=token)
    assert "Ask the board first" in page.words
    assert "replaced by a newer one" in page.words

    reason = {"reason": "The dates are wrong"}
    page = lead.post(f"{begun.path}/send-back", reason, status=409)
    assert "The dates are wrong" in page.words
    assert "cannot be sent back" in page.words


def test_contributor_opens_only_what_is_shared(
    helper: Browser, app: Flask, begun: Begun, session: Session
) -> None:
    front = pages_of(_path(helper))
    page = helper.get(f"{front}/")

    assert "Senior management commitment" in page.words
    assert "Training" not in page.words
    assert "What has happened" not in page.words
    for path in (
        "/section/training/s11_induction_standard",
        "/question/training/s11_induction",
        "/sign",
        "/send-back",
        "/choose/" + "0" * 32,
    ):
        helper.get(front + path, status=404)
    stranger = Browser(app.test_client())
    stranger.get(f"{front}/", status=404)
    stranger.get(f"/return/{front.split('/')[-1]}/{'a' * 26}", status=404)


def test_another_agency_sees_nothing_of_a_return(
    app: Flask, helper: Browser, begun: Begun, session: Session
) -> None:
    other = factories.make_invited_agency(session, begun.round, name="Combe Hospital")
    make_lead(session, other.agency_id, email="other@example.org", name="Cy Mead")
    contributor = session.scalars(select(ReturnContributor.id)).one()
    session.commit()
    browser = sign_in(app.test_client(), email="other@example.org")

    page = browser.get("/returns")

    assert "Harrow Fields Police" not in page.words
    for path in ("", "/whole", "/people", f"/people/{contributor}", "/submit", "/details"):
        browser.get(begun.path + path, status=404)
    browser.get("/returns")
    browser.post(begun.page(), {RATING: "met", f"base--{RATING}": "0"}, status=404)
    browser.get("/returns")
    browser.post(f"{begun.path}/people/{contributor}/end", status=404)
    assert session.scalars(select(ReturnVersion.id)).all() == []


def test_contributor_ended_while_writing_loses_nothing(
    lead: Browser, helper: Browser, begun: Begun, session: Session
) -> None:
    front = pages_of(_path(helper))
    form = helper.get(front + begun.page()[len(begun.path) :])
    contributor = session.scalars(select(ReturnContributor.id)).one()
    session.rollback()
    lead.get(f"{begun.path}/people")
    lead.post(f"{begun.path}/people/{contributor}/end", {"do": "end"})
    late = {EVIDENCE: "Written as the door closed", f"base--{EVIDENCE}": "0"}

    page = helper.post(form.path, late, status=409)

    assert "What you had just written is not lost" in page.words
    assert "Written as the door closed" in page.words
    session.rollback()
    (held,) = returns_versions.list_held(session, return_id=begun.id)
    assert held.because is HeldBecause.ENDED
    assert "Written as the door closed" in lead.get(f"{begun.path}/choose/{held.id}").words
    helper.get(f"{front}/", status=410)
    session.get_one(ReturnContributor, contributor).ended_at_utc = NOW - timedelta(hours=25)
    session.commit()
    text = {EVIDENCE: "A day too late to keep", f"base--{EVIDENCE}": "0"}
    gone = helper.client.post(form.path, data={"csrf_token": form.csrf_token, **text})
    assert gone.status_code == 409
    assert "is not lost" not in gone.get_data(as_text=True)
    assert "A day too late to keep" in gone.get_data(as_text=True)
    session.rollback()
    assert len(returns_versions.list_held(session, return_id=begun.id)) == 1


def test_section_taken_away_while_writing_keeps_the_text(
    helper: Browser, begun: Begun, session: Session
) -> None:
    form = helper.get(pages_of(_path(helper)) + begun.page()[len(begun.path) :])
    contributor = session.scalars(select(ReturnContributor.id)).one()
    returns_people.set_shares(session, contributor_id=contributor, sections={"training"})
    session.commit()

    page = helper.post(form.path, {RATING: "met", f"base--{RATING}": "0"}, status=409)

    assert page.h1 == "This section is no longer shared with you"
    session.rollback()
    (held,) = returns_versions.list_held(session, return_id=begun.id)
    assert (held.value, held.because) == ("met", HeldBecause.UNSHARED)


def test_lead_adds_a_contributor_and_sends_and_replaces_the_link(
    lead: Browser, app: Flask, begun: Begun, session: Session
) -> None:
    lead.get(f"{begun.path}/people/add")
    refused = lead.post(f"{begun.path}/people/add", {"name": "Bo", "email": "bo@"}, status=422)
    assert refused.error_messages == [
        "Enter an e-mail address such as name@example.org, or leave this empty"
    ]
    refused = lead.post(
        f"{begun.path}/people/add", {"name": "Bo", "sections": ["unknown"]}, status=422
    )
    assert refused.error_messages == ["Select from the sections shown"]
    for _ in range(2):
        token = lead.get(f"{begun.path}/people/add").csrf_token
        page = lead.post(
            f"{begun.path}/people/add",
            {"name": ODD, "email": "bo@example.org", "sections": ["training", "closing"]},
            token=token,
        )
    assert ODD in page.words
    link = next(
        (item.text or "").split("8000", 1)[-1]
        for item in page.all("p")
        if "returns-link" in (item.get("class") or "")
    )
    made = session.scalars(select(ReturnContributor.id)).one()
    session.rollback()
    for _ in range(2):
        lead.post(f"{begun.path}/people/{made}/send")
    sent = session.scalars(select(Message).where(Message.kind == MailKind.RETURN_CONTRIBUTOR)).all()
    assert len(sent) == 1
    path = "/return/" + link.split("/return/")[1]
    Browser(app.test_client()).get(path)
    lead.get(f"{begun.path}/people")
    lead.post(f"{begun.path}/people/{made}/renew")
    Browser(app.test_client()).get(path, status=410)
    session.rollback()
    assert all(ODD not in str(detail) for detail in session.scalars(select(AuditEvent.detail)))


def test_notes_are_left_and_settled(lead: Browser, helper: Browser, begun: Begun) -> None:
    path = f"{begun.path}/question/{SECTION}/{RATING}"
    lead.get(path)
    empty = lead.post(f"{path}/notes", {"text": "  "}, status=422)
    assert empty.error_messages == ["Enter a note"]
    lead.post(f"{path}/notes", {"text": f"Who checks this? {ODD}"})
    seen = helper.get(pages_of(_path(helper)) + path[len(begun.path) :])
    assert f"Who checks this? {ODD}" in seen.words
    settle = next(
        form.get("action") or ""
        for form in seen.all("form")
        if "/notes/" in (form.get("action") or "")
    )
    assert "1 open note" in helper.get(f"{pages_of(_path(helper))}/").words
    helper.post(settle)
    assert "Settled by Bo Fenn" in lead.get(path).words


def test_incomplete_return_is_not_sent_and_says_what_is_missing(
    lead: Browser, begun: Begun
) -> None:
    page = lead.get(f"{begun.path}/submit")

    assert page.h1 == "What is missing"
    assert "27 things are missing" in page.words
    refused = lead.post(f"{begun.path}/submit", status=422, token=_token(lead, begun))
    assert refused.error_messages == ["Some parts are missing, so the return has not been sent"]


def _token(browser: Browser, begun: Begun) -> str:
    return browser.get(f"{begun.path}/details").csrf_token


def test_return_is_sent_signed_by_another_and_sent_back(
    lead: Browser, app: Flask, begun: Begun, session: Session
) -> None:
    complete(session, begun)
    link = share(session, begun, name="Kit Barrow", email="kit@example.org", may_sign=True)
    signer = Browser(app.test_client())
    signer.get(link)
    front = pages_of(link)
    page = lead.get(f"{begun.path}/submit")
    assert "Kit Barrow" in page.words

    page = lead.post(f"{begun.path}/submit")

    assert "Waiting to be signed" in page.words
    told = session.scalars(
        select(Message.to_address).where(Message.kind == MailKind.RETURN_READY_TO_SIGN)
    ).all()
    assert told == ["kit@example.org"]
    assert "somebody else has to sign it" in lead.get(f"{begun.path}/sign").words
    read = lead.get(begun.page())
    assert read.path == f"{begun.path}/whole"
    form = signer.get(f"{front}/sign")
    for fields, message in (
        ({"officer": "Kit Barrow", "post": "Chief"}, "Confirm that your agency agrees this return"),
        (
            {"officer": "Kit Barrow", "agreed": "yes"},
            "Enter the officer’s post, such as chief constable",
        ),
    ):
        asked = {"officer": "Kit Barrow"} | fields
        assert signer.post(form.path, asked, status=422).error_messages == [message]
    fields = {"officer": "Kit Barrow", "post": "Chief constable", "agreed": "yes"}
    assert "The return is signed" in signer.post(form.path, fields).words
    whole = lead.get(f"{begun.path}/whole")
    assert "Kit Barrow, Chief constable, signed it here." in whole.words

    signer.get(f"{front}/send-back")
    assert signer.post(f"{front}/send-back", {"reason": " "}, status=422).error_messages == [
        "Enter what should be changed, and why"
    ]
    signer.post(f"{front}/send-back", {"reason": f"Training is out of date {ODD}"})
    page = lead.get(begun.path)
    assert f"Training is out of date {ODD}" in page.words
    assert "Being written" in page.words


def test_signature_from_elsewhere_names_officer_post_and_day(
    lead: Browser, begun: Begun, session: Session
) -> None:
    complete(session, begun)
    lead.get(f"{begun.path}/submit")
    lead.post(f"{begun.path}/submit")
    path = f"{begun.path}/signed-elsewhere"
    lead.get(path)
    known = {"officer": "Kit Barrow", "post": "Chief constable"}
    for day, message in (
        (("", "", ""), "Enter the date the officer signed"),
        (("4", "3", "2031"), "The date must be today or in the past"),
    ):
        parts = dict(zip(("day", "month", "year"), day, strict=True))
        dated = {f"signed_on-{part}": text for part, text in parts.items()}
        assert lead.post(path, known | dated, status=422).error_messages == [message]
    dated = {"signed_on-day": "2", "signed_on-month": "3", "signed_on-year": "2031"}

    page = lead.post(path, known | dated)

    assert "Kit Barrow, Chief constable, signed it on 2 March 2031" in page.words
    assert "Ada Quill recorded that" in page.words


def test_marking_and_day_stand_on_the_pages(lead: Browser, begun: Begun) -> None:
    lead.get(f"{begun.path}/details")
    refused = lead.post(f"{begun.path}/details", {"marking": "SECRET"}, status=422)
    assert refused.error_messages == ["Select a protective marking"]
    day = {"as_at-day": "28", "as_at-month": "2", "as_at-year": "2031"}

    page = lead.post(f"{begun.path}/details", {"marking": "OFFICIAL-SENSITIVE"} | day)

    assert page.words.count("OFFICIAL-SENSITIVE") == 3
    assert "Up to 28 February 2031" in page.words


@pytest.mark.parametrize(
    ("path", "most"),
    [
        pytest.param("", 12, id="overview"),
        pytest.param(f"/section/{SECTION}/{KEY}", 11, id="page"),
        pytest.param("/whole", 11, id="whole"),
        pytest.param("/submit", 13, id="missing"),
    ],
)
def test_pages_ask_the_database_few_things(
    app: Flask, lead: Browser, begun: Begun, session: Session, path: str, most: int
) -> None:
    lead.get(begun.path + path)
    complete(session, begun)
    for number in range(4):
        share(session, begun, SECTION, name=f"Person {number}")

    with count_statements(app) as seen:
        lead.client.get(begun.path + path)

    asked = [statement for statement in seen if not statement.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= most, "\n\n".join(asked)


def test_text_sent_after_signing_out_elsewhere_is_shown_to_copy(
    lead: Browser, begun: Begun, session: Session
) -> None:
    form = lead.get(begun.page())
    session.execute(delete(SignInSession))
    session.commit()

    page = lead.post(form.path, {EVIDENCE: "Not yet saved", f"base--{EVIDENCE}": "0"}, status=403)

    assert page.h1 == "You have been signed out"
    assert "Not yet saved" in page.words


def test_lead_of_two_agencies_begins_the_return_of_each(
    lead: Browser, begun: Begun, session: Session
) -> None:
    other = factories.make_invited_agency(session, begun.round, name="Combe Hospital")
    third = factories.make_invited_agency(session, begun.round, name="Dell Housing")
    for agency_id in (other.agency_id, third.agency_id):
        session.add(
            Membership(account_id=begun.account.id, role=Role.AGENCY_LEAD, agency_id=agency_id)
        )
    session.commit()
    lead.get("/returns")

    for _ in range(2):
        page = lead.post(f"/returns/start/{begun.round.id}", {"agency": third.agency_id})
        assert "Dell Housing" in page.words
        lead.get("/returns")

    session.rollback()
    agencies = session.scalars(select(AgencyReturn.agency_id)).all()
    assert sorted(agencies) == sorted([begun.agency_id, third.agency_id])
