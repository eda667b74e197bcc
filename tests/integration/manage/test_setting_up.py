"""Setting a round up, launching it, copying and deleting it: the actions, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.settings import AnalysisSettings
from question_banks.bank import ALL_LEVELS, Level, Sector
from question_banks.loader import bank_digest, load_bank
from survey.actions import importing, launching, setting_up, setting_up_bank
from survey.actions.copying_rounds import copy_round
from survey.actions.set_up_choices import Choices, LocalQuestion, Step
from survey.actions.setting_up import By, Contacts, InvalidSetUp, choices_of, settings_of
from survey.actions.setting_up_bank import Asked
from survey.data import milestones, returns
from survey.data.accounts import Role, add_membership
from survey.data.banks import get_bank
from survey.data.models import (
    Account,
    AuditEvent,
    Council,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Milestone,
    Participation,
    Review,
    Round,
    RoundEvent,
)
from survey.data.rounds import RoundOfCouncil, RoundState, state_of
from survey.errors import NotAllowedNow, NotFound
from tests import factories
from tests.factories import NOW

BY = By(account_id=None, now=NOW)
BANK = "safeguarding_children_2010@1.0"
CONTACTS = Contacts(
    contact="Robin Marsh, 01632 960123",
    urgent_contact="The front door, 01632 960999",
    checked_by="Kit Barrow",
    checked_email="kit@example.org",
)


def start(session: Session, council: Council, title: str = "Autumn 2031") -> RoundOfCouncil:
    round_ = setting_up.start_round(
        session,
        council=council,
        review_id="",
        review_title="Peer review",
        title=title,
        bank_id=BANK,
        by=BY,
    )
    return RoundOfCouncil(round_, session.get_one(Review, round_.review_id), council)


def fill(session: Session, item: RoundOfCouncil) -> None:
    """Goes through the steps that a launch needs."""
    setting_up.change_basics(
        session,
        item,
        title=item.round.title,
        opens_at=NOW + timedelta(days=1),
        closes_at=NOW + timedelta(days=15),
        by=BY,
    )
    setting_up.change_contacts(session, item, CONTACTS, by=BY)
    setting_up.change_invited(session, item, everyone="yes", how="", by=BY)


def asked(item: RoundOfCouncil, text: str = "Help can be had at night.", scale: str = "") -> Asked:
    choices = choices_of(item.round)
    return Asked(
        text=text,
        signpost=choices.chosen()[0],
        scale=scale,
        guidance="",
        audience=(Level.FRONTLINE,),
    )


def scale_of(item: RoundOfCouncil) -> str:
    return choices_of(item.round).base().scales[0].code


def events(session: Session, action: str) -> list[dict[str, object]]:
    rows = session.scalars(
        select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.at_utc)
    )
    return [dict(row.detail) for row in rows]


def test_round_starts_unlaunched_with_a_bank_and_an_offered_window(
    session: Session, council: Council
) -> None:
    item = start(session, council)

    assert state_of(item.round, NOW + timedelta(days=30)) is RoundState.SETTING_UP
    assert item.round.slug == "autumn-2031"
    assert item.round.opens_at_utc.strftime("%A") == "Monday"
    bank = get_bank(session, round_id=item.round.id, digest=item.round.bank_digest)
    assert bank_digest(bank) == bank_digest(load_bank(BANK))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Spring", "spring-2"),
        ("New", "new-2"),
        ("مدرسة", "round"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("Très long " * 30, ("tres-long-" * 6)[:55].strip("-")),
    ],
    ids=["taken", "a page of its own", "no Latin letter", "hostile", "long"],
)
def test_name_in_addresses_is_free(
    session: Session, council: Council, title: str, slug: str
) -> None:
    factories.make_round(session, slug="spring")

    assert setting_up.free_slug(session, title) == slug


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "bell\x07"}, "title"),
        ({"bank_id": "nowhere@1.0"}, "bank"),
        ({"review_id": "not one of theirs"}, "review"),
        ({"review_title": ""}, "review-title"),
    ],
    ids=["no title", "long title", "control character", "bank", "review", "no review"],
)
def test_start_says_what_is_wrong(
    session: Session, council: Council, changes: dict[str, str], field: str
) -> None:
    given = {"review_id": "", "review_title": "Peer review", "title": "Spring", "bank_id": BANK}

    with pytest.raises(InvalidSetUp) as caught:
        setting_up.start_round(session, council=council, by=BY, **(given | changes))

    assert [name for name, _ in caught.value.problems] == [field]
    assert session.scalars(select(Round)).all() == []


def test_review_of_another_council_is_not_found(session: Session, council: Council) -> None:
    other = start(session, factories.make_council(session, slug="tarn"))

    with pytest.raises(InvalidSetUp):
        setting_up.start_round(
            session,
            council=council,
            review_id=other.review.id,
            review_title="",
            title="Ours",
            bank_id=BANK,
            by=BY,
        )


class TestWhatIsAsked:
    @pytest.fixture
    def database_url(self, empty_sqlite_url: str) -> str:
        """Rules about texts and codes: one kind of database is enough."""
        return empty_sqlite_url

    def test_signposts_left_out_are_not_in_the_bank(
        self, session: Session, council: Council
    ) -> None:
        item = start(session, council)
        codes = [signpost.code for signpost in load_bank(BANK).signposts]

        setting_up_bank.choose_signposts(session, item, codes=codes[:2], by=BY)

        bank = get_bank(session, round_id=item.round.id, digest=item.round.bank_digest)
        assert [signpost.code for signpost in bank.signposts] == codes[:2]
        setting_up_bank.choose_signposts(session, item, codes=codes, by=BY)
        assert item.round.bank_digest == bank_digest(load_bank(BANK))

    def test_no_signpost_is_refused(self, session: Session, council: Council) -> None:
        item = start(session, council)

        with pytest.raises(InvalidSetUp, match="Select at least one signpost"):
            setting_up_bank.choose_signposts(session, item, codes=["nowhere"], by=BY)

    def test_another_bank_asks_all_its_signposts_and_keeps_local_questions(
        self, session: Session, council: Council
    ) -> None:
        item = start(session, council)
        setting_up_bank.add_question(session, item, asked(item), by=BY)
        first = choices_of(item.round).chosen()[:1]
        setting_up_bank.choose_signposts(session, item, codes=first, by=BY)

        setting_up_bank.choose_bank(session, item, bank_id="section_11@1.0", by=BY)

        choices = choices_of(item.round)
        assert len(choices.chosen()) == 8
        assert len(choices.homeless()) == 1
        assert [step for step, _ in launching.find_missing(item.round, now=NOW)][-1] is Step.LOCAL

    def test_question_added_is_asked_and_has_a_code_for_ever(
        self, session: Session, council: Council
    ) -> None:
        item = start(session, council)
        question = setting_up_bank.add_question(
            session, item, asked(item, scale=scale_of(item)), by=BY
        )

        changed = setting_up_bank.change_question(
            session, item, asked(item, text="Help is there by day."), code=question.code, by=BY
        )

        assert changed.code == question.code
        bank = get_bank(session, round_id=item.round.id, digest=item.round.bank_digest)
        found = bank.by_code[question.code]
        assert (found.local, found.type, found.audience) == (True, "long_text", (Level.FRONTLINE,))
        setting_up_bank.remove_question(session, item, code=question.code, by=BY)
        assert item.round.bank_digest == bank_digest(load_bank(BANK))

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"text": " "}, "text", "Enter the question"),
            ({"text": "x" * 50_000}, "text", "Use 300 characters or fewer"),
            ({"text": "Is <b>this</b> so?"}, "text", "plain text"),
            ({"text": "bell\x07"}, "text", "cannot be shown"),
            ({"guidance": "x" * 501}, "guidance", "Use 500 characters or fewer"),
            ({"signpost": "nowhere"}, "signpost", "Select the signpost"),
            ({"scale": "nowhere"}, "scale", "Select how people answer"),
        ],
        ids=["empty", "long", "html", "control", "guidance", "signpost", "scale"],
    )
    def test_question_that_cannot_be_asked_is_refused_whole(
        self,
        session: Session,
        council: Council,
        changes: dict[str, Any],
        field: str,
        says: str,
    ) -> None:
        item = start(session, council)
        wrong = replace(asked(item), **changes)

        with pytest.raises(InvalidSetUp, match=says) as caught:
            setting_up_bank.add_question(session, item, wrong, by=BY)

        assert caught.value.problems[0][0] == field
        assert choices_of(item.round).local == ()

    @pytest.mark.parametrize("text", ["=cmd|x", "‮right to left", "👩‍👧 at home?"])
    def test_odd_but_honest_text_is_taken(
        self, session: Session, council: Council, text: str
    ) -> None:
        item = start(session, council)

        question = setting_up_bank.add_question(session, item, asked(item, text=text), by=BY)

        assert question.text == text

    def test_a_page_of_local_questions_holds_five(self, session: Session, council: Council) -> None:
        item = start(session, council)
        for number in range(5):
            setting_up_bank.add_question(session, item, asked(item, text=f"No. {number}?"), by=BY)

        with pytest.raises(InvalidSetUp, match="can have 5 local questions"):
            setting_up_bank.add_question(session, item, asked(item, text="One more?"), by=BY)

    def test_questions_move_within_their_signpost(self, session: Session, council: Council) -> None:
        item = start(session, council)
        one, two = (
            setting_up_bank.add_question(session, item, asked(item, text=text), by=BY).code
            for text in ("One?", "Two?")
        )

        setting_up_bank.move_question(session, item, code=two, up=True, by=BY)
        assert [each.code for each in choices_of(item.round).local] == [two, one]
        setting_up_bank.move_question(session, item, code=two, up=True, by=BY)
        setting_up_bank.move_question(session, item, code=one, up=False, by=BY)
        assert [each.code for each in choices_of(item.round).local] == [two, one]
        with pytest.raises(NotFound):
            setting_up_bank.move_question(session, item, code="local_no", up=True, by=BY)

    def test_advice_on_wording(self, session: Session, council: Council) -> None:
        item = start(session, council)
        question = setting_up_bank.add_question(
            session,
            item,
            asked(item, text="Staff are trained and supported.", scale=scale_of(item)),
            by=BY,
        )

        (found,) = setting_up_bank.advice(choices_of(item.round), question)

        assert found == "‘and’ may join two questions in one"


class TestLaunch:
    def test_lists_everything_that_is_missing(self, session: Session, council: Council) -> None:
        item = start(session, council)

        with pytest.raises(InvalidSetUp) as caught:
            launching.launch(session, item, by=BY)

        assert [step for step, _ in caught.value.problems] == [
            Step.BASICS,
            Step.CONTACTS,
            Step.INVITED,
        ]
        assert item.round.launched_at_utc is None

    def test_freezes_what_is_asked(self, session: Session, council: Council) -> None:
        item = start(session, council)
        fill(session, item)

        bank = launching.launch(session, item, by=BY)

        assert item.round.bank_digest == bank_digest(bank)
        assert state_of(item.round, NOW) is RoundState.NOT_YET_OPEN
        assert settings_of(item.round).everyone_in_scope
        assert session.scalars(select(RoundEvent.kind).order_by(RoundEvent.at_utc)).all() == [
            "created",
            "launched",
        ]
        (event,) = events(session, "round_launched")
        assert event["digest"] == item.round.bank_digest

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    @pytest.mark.parametrize(
        "change",
        [
            lambda session, item: setting_up_bank.choose_bank(
                session, item, bank_id="section_11@1.0", by=BY
            ),
            lambda session, item: setting_up_bank.choose_signposts(
                session, item, codes=choices_of(item.round).chosen()[:1], by=BY
            ),
            lambda session, item: setting_up_bank.add_question(session, item, asked(item), by=BY),
            lambda session, item: setting_up.change_settings(
                session, item, {"k": 11}, step=Step.LINES, by=BY
            ),
            lambda session, item: setting_up.change_invited(
                session, item, everyone="no", how="By hand", by=BY
            ),
            lambda session, item: setting_up.change_basics(
                session,
                item,
                title="Other",
                opens_at=NOW,
                closes_at=NOW + timedelta(days=2),
                by=BY,
            ),
            lambda session, item: launching.launch(session, item, by=BY),
            lambda session, item: launching.delete_unlaunched(session, item, by=BY),
        ],
        ids=["bank", "signposts", "local", "lines", "invited", "basics", "again", "delete"],
    )
    def test_fixes_it(self, session: Session, council: Council, change: object) -> None:
        item = start(session, council)
        fill(session, item)
        launching.launch(session, item, by=BY)
        before = (item.round.bank_digest, item.round.analysis_settings, item.round.title)

        with pytest.raises(NotAllowedNow):
            change(session, item)  # type: ignore[operator]  # one of the calls above

        assert (item.round.bank_digest, item.round.analysis_settings, item.round.title) == before

    def test_contacts_and_words_still_change_and_the_record_says_how(
        self, session: Session, council: Council
    ) -> None:
        item = start(session, council)
        fill(session, item)
        launching.launch(session, item, by=BY)
        known = len(events(session, "round_changed"))

        setting_up.change_contacts(
            session,
            item,
            Contacts("Kit Barrow, 01632 960124", CONTACTS.urgent_contact, "Kit Barrow", ""),
            by=BY,
        )
        setting_up.change_words(
            session, item, strengths="What works", considerations="What to look at", by=BY
        )

        changed = events(session, "round_changed")[known:]
        assert {(each["what"], each["old"], each["new"]) for each in changed} == {
            ("contact", "Robin Marsh, 01632 960123", "Kit Barrow, 01632 960124"),
            ("where they are told", "kit@example.org", ""),
            ("strengths word", "Strengths", "What works"),
            ("considerations word", "Areas for consideration", "What to look at"),
        }

    def test_last_day_in_the_past_must_be_changed(self, session: Session, council: Council) -> None:
        item = start(session, council)
        fill(session, item)

        missing = launching.find_missing(item.round, now=NOW + timedelta(days=30))

        assert [step for step, _ in missing] == [Step.BASICS]


def test_deleting_leaves_nothing_but_the_record(session: Session, council: Council) -> None:
    item = start(session, council)
    factories.make_invitation(session, factories.make_invited_agency(session, item.round))

    launching.delete_unlaunched(session, item, by=BY)

    assert session.scalars(select(Round)).all() == []
    assert session.scalars(select(Invitation)).all() == []
    assert events(session, "round_deleted") == [{"round": "autumn-2031"}]


def test_previous_round_is_one_of_the_same_council(session: Session, council: Council) -> None:
    item = start(session, council)
    factories.make_round(session, slug="theirs")
    ours = factories.make_round(session, council=council, slug="ours")

    setting_up.change_previous(session, item, previous_slug="ours", by=BY)
    assert item.round.previous_round_id == ours.id
    with pytest.raises(NotFound):
        setting_up.change_previous(session, item, previous_slug="theirs", by=BY)
    with pytest.raises(NotFound):
        setting_up.change_previous(session, item, previous_slug=item.round.slug, by=BY)


class TestCopy:
    def filled(self, session: Session, council: Council) -> RoundOfCouncil:
        item = start(session, council)
        fill(session, item)
        setting_up_bank.add_question(session, item, asked(item, scale=scale_of(item)), by=BY)
        setting_up.change_settings(session, item, {"k": 11}, step=Step.LINES, by=BY)
        milestones.replace_stops(
            session,
            round_id=item.round.id,
            stops=[milestones.Stop(milestones.MilestoneKind.CONFERENCE, NOW.date())],
        )
        launching.launch(session, item, by=BY)
        police = factories.make_invited_agency(session, item.round, invited=12)
        person = factories.make_invitation(session, police, label="DI Reed", email="r@example.org")
        factories.make_invitation(session, police)
        factories.make_invitation(session, police, label="Gone", revoked_at_utc=NOW)
        session.add(Participation(invitation_id=person.id))
        session.flush()
        return item

    @pytest.mark.parametrize("people", [False, True], ids=["agencies only", "people too"])
    def test_takes_over_the_set_up_and_nothing_that_happened(
        self, session: Session, council: Council, people: bool
    ) -> None:
        item = self.filled(session, council)

        made = copy_round(session, item, title="Again", newest=True, with_people=people, by=BY)

        assert (made.review_id, made.previous_round_id) == (item.review.id, item.round.id)
        assert made.launched_at_utc is None
        assert made.bank_digest == item.round.bank_digest
        assert made.analysis_settings == item.round.analysis_settings
        assert made.contact == CONTACTS.contact
        assert made.opens_at_utc > NOW
        (place,) = session.scalars(select(InvitedAgency).where(InvitedAgency.round_id == made.id))
        assert session.get_one(InvitedNumber, (place.id, "")).invited == 12
        invited = session.scalars(
            select(Invitation).where(Invitation.invited_agency_id == place.id)
        ).all()
        assert [(each.label, each.email) for each in invited] == (
            [("DI Reed", "r@example.org")] if people else []
        )
        assert session.scalar(select(func.count()).select_from(Participation)) == 1
        assert session.scalars(select(Milestone.round_id)).all() == [item.round.id]
        assert {step for step, _ in launching.find_missing(made, now=NOW)} == {
            Step.BASICS,
            Step.INVITED,
        }

    def test_local_question_keeps_its_code_while_it_is_the_same(
        self, session: Session, council: Council
    ) -> None:
        item = self.filled(session, council)
        (question,) = choices_of(item.round).local
        made = copy_round(session, item, title="Again", newest=False, with_people=False, by=BY)
        again = RoundOfCouncil(made, item.review, council)
        (copied,) = choices_of(made).local
        assert (copied.code, copied.asked_version) == (question.code, 1)

        reworded = setting_up_bank.change_question(
            session,
            again,
            asked(again, text="Help can be had by day.", scale=question.scale),
            code=copied.code,
            by=BY,
        )
        assert (reworded.code, reworded.wording_version) == (question.code, 2)
        back = setting_up_bank.change_question(
            session, again, asked(again), code=copied.code, by=BY
        )
        assert back.code != question.code
        assert (back.asked_version, back.wording_version) == (0, 1)

    def test_round_of_a_command_with_a_bank_of_its_own_is_copied_whole(
        self, session: Session, council: Council
    ) -> None:
        bank = load_bank("tests/banks/valid/every_type.yaml")
        round_ = factories.make_round(session, council=council, bank=bank)
        round_.analysis_settings = AnalysisSettings().model_dump(mode="json")
        item = RoundOfCouncil(round_, session.get_one(Review, round_.review_id), council)

        setting_up.change_contacts(session, item, CONTACTS, by=BY)

        made = copy_round(session, item, title="Again", newest=True, with_people=False, by=BY)

        assert made.bank_digest == round_.bank_digest
        assert choices_of(made).own_bank

    def test_file_with_the_name_of_a_questionnaire_is_not_taken_for_it(
        self, session: Session, council: Council
    ) -> None:
        bank = load_bank(BANK).model_copy(update={"title": "Changed by hand"})
        round_ = factories.make_round(session, council=council, bank=bank)
        item = RoundOfCouncil(round_, session.get_one(Review, round_.review_id), council)
        setting_up.change_contacts(session, item, CONTACTS, by=BY)

        made = copy_round(session, item, title="Again", newest=True, with_people=False, by=BY)

        assert made.bank_digest == round_.bank_digest


def test_choices_survive_storage() -> None:
    question = LocalQuestion(code="local_x_ab12", signpost="one", text="X?", audience=ALL_LEVELS)
    choices = Choices(bank=BANK, signposts=("one",), local=(question,), saved=(Step.BANK,))

    stored = choices.model_dump(mode="json")

    assert Choices.model_validate_json(Choices.model_validate(choices).model_dump_json()) == choices
    assert stored["saved"] == ["bank"]


def test_sector_groups_must_hold_every_sector(session: Session, council: Council) -> None:
    item = start(session, council)

    with pytest.raises(InvalidSetUp) as caught:
        setting_up.change_settings(
            session,
            item,
            {"sector_groups": {"council": [Sector.EARLY_HELP], "other": [Sector.POLICE]}},
            step=Step.GROUPS,
            by=BY,
        )

    assert "no group holds" in str(caught.value)


def test_agency_lead_meets_a_round_once_it_is_launched(session: Session, council: Council) -> None:
    item = start(session, council)
    setting_up_bank.choose_bank(session, item, bank_id="section_11@1.0", by=BY)
    invited = factories.make_invited_agency(session, item.round)
    lead = Account(email="lead@example.org", name="Jo Hale", created_at_utc=NOW)
    session.add(lead)
    session.flush()
    add_membership(session, account_id=lead.id, role=Role.AGENCY_LEAD, agency_id=invited.agency_id)
    assert returns.list_rounds_to_answer(session, account_id=lead.id) == []

    fill(session, item)
    launching.launch(session, item, by=BY)

    (found,) = returns.list_rounds_to_answer(session, account_id=lead.id)
    assert found.round.slug == item.round.slug


def test_nothing_is_imported_before_launch(session: Session, council: Council) -> None:
    item = start(session, council)

    with pytest.raises(NotAllowedNow, match="being set up"):
        importing.require_importable(session, item, adding=False, now=NOW)


def test_pressed_twice_one_round_is_started_and_one_copy_made(
    session: Session, council: Council
) -> None:
    item = start(session, council)
    again = start(session, council)
    assert again.round.id == item.round.id
    fill(session, item)
    launching.launch(session, item, by=BY)
    assert start(session, council).round.slug == "autumn-2031-2"

    one, two = (
        copy_round(session, item, title="Spring", newest=True, with_people=False, by=BY).slug
        for _ in range(2)
    )

    assert one == two == "spring"
