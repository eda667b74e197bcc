"""Questions about agencies, asked of both kinds of database and without a page."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.actions import register as actions
from survey.data import agencies as data
from survey.data import briefings, pending_imports, register
from survey.data.models import Council, Response
from tests import factories
from tests.integration.manage.conftest import make_manager


def test_agencies_of_a_round_are_counted_filtered_and_paged(
    session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council, slug="autumn")
    other = factories.make_round(session, slug="elsewhere")
    made = data.add_agencies(
        session,
        new=[
            ("100% Housing", "housing"),
            ("100 Houses", "housing"),
            ("Under_score", "police"),
            ("Underscore", "childrens_social_care"),
        ],
    )
    ids = list(made.values())
    for one in (round_, other):
        data.add_invited_agencies(session, round_id=one.id, council_id=council.id, agency_ids=ids)
    rows = {row.name: row for row in data.list_of_round(session, round_id=round_.id)}
    data.add_invited_numbers(session, numbers={rows["Underscore"].id: {"strategic": 2, "board": 3}})
    for invited in (rows["Underscore"].id, rows["Under_score"].id):
        factories.make_invitation(
            session, data.get_invited_agency(session, round_id=round_.id, invited_agency_id=invited)
        )
    session.add(Response(round_id=round_.id, agency_id=made["Under_score"], level="other"))
    session.add(Response(round_id=other.id, agency_id=made["Under_score"], level="other"))
    session.flush()

    def names(*, sector: str = "", search: str = "") -> list[str]:
        found = data.list_of_round(session, round_id=round_.id, sector=sector, search=search)
        count = data.count_of_round(session, round_id=round_.id, sector=sector, search=search)
        assert len(found) == count
        return [row.name for row in found]

    assert names() == ["Underscore", "Under_score", "100 Houses", "100% Housing"]
    assert names(search="100%") == ["100% Housing"]
    assert names(search="R_S") == ["Under_score"]
    assert names(sector="housing", search="HOUS") == ["100 Houses", "100% Housing"]
    some = data.list_of_round(session, round_id=round_.id, offset=1, limit=2)
    assert [row.name for row in some] == ["Under_score", "100 Houses"]
    found = data.get_of_round(session, round_id=round_.id, invited_agency_id=rows["Underscore"].id)
    assert (found.invited, found.links, found.answered, found.people) == (5, 1, 0, 5)
    other_found = data.get_of_round(
        session, round_id=round_.id, invited_agency_id=rows["Under_score"].id
    )
    assert (other_found.invited, other_found.links, other_found.answered) == (None, 1, 1)
    assert data.list_sectors_of_round(session, round_id=round_.id)["housing"] == 2


def test_register_of_a_council_holds_its_own_and_counts_its_own_rounds(
    session: Session, council: Council
) -> None:
    other = factories.make_council(session, slug="elsewhere")
    round_ = factories.make_round(session, council=council, slug="autumn")
    theirs = factories.make_round(session, council=other, slug="theirs")
    made = data.add_agencies(
        session, new=[("Shared", "police"), ("Own", "faith"), ("Theirs", "faith")]
    )
    data.add_invited_agency(session, round_id=round_.id, agency_id=made["Shared"], expected=True)
    data.add_invited_agency(session, round_id=theirs.id, agency_id=made["Shared"], expected=True)
    data.add_invited_agency(session, round_id=theirs.id, agency_id=made["Theirs"], expected=True)
    register.put_on_register(session, council_id=council.id, agency_ids=[made["Own"]])
    again = register.put_on_register(
        session, council_id=council.id, agency_ids=[made["Own"], made["Shared"]]
    )

    rows = register.list_register(session, council_id=council.id)
    missing = register.list_not_invited(session, council_id=council.id, round_id=round_.id)

    assert again == 0
    assert [(row.name, row.rounds, row.councils) for row in rows] == [
        ("Shared", 1, 2),
        ("Own", 0, 1),
    ]
    assert [agency.name for agency in missing] == ["Own"]
    assert register.count_register(session, council_id=council.id, sector="faith") == 1
    register.take_off_register(session, council_id=council.id, agency_id=made["Own"])
    assert register.count_register(session, council_id=council.id) == 1


def test_names_an_agency_had_lead_to_it_and_back(session: Session, council: Council) -> None:
    account = make_manager(session, council, email="register@example.org").id
    agency = actions.add_agency(
        session, council=council, name="A", sector="police", account_id=None, now=factories.NOW
    ).agency
    for old, new in (("A", "B"), ("B", "A"), ("A", "C")):
        actions.change_agency(
            session,
            council=council,
            agency_id=agency.id,
            name=new,
            sector="police",
            seen=(old, "police"),
            account_id=account,
            roles=actions.RUNS_REGISTER,
            now=factories.NOW,
        )

    assert register.list_former_names(session, agency_id=agency.id) == ["A", "B"]
    assert set(register.find_renamed(session, names=["A", "B", "C", "D"])) == {"A", "B"}


def test_expected_sectors_are_replaced(session: Session) -> None:
    round_ = factories.make_round(session)

    for sectors in (["police", "housing"], ["housing", "faith", "faith"]):
        briefings.set_expected(session, round_id=round_.id, sectors=sectors)

    assert briefings.list_expected(session, round_id=round_.id) == ["faith", "housing"]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("council", {"colour": "'#12'"}),
        ("invited_agency", {"answers_by": "'letter'"}),
        ("pending_import", {"done": "total + 1"}),
        ("pending_import", {"finished_at_utc": "read_at_utc"}),
    ],
    ids=["half a colour", "unknown way to answer", "more done than there is", "finished unstarted"],
)
def test_state_that_must_not_exist_is_refused(
    session: Session, table: str, values: dict[str, str]
) -> None:
    round_ = factories.make_round(session)
    factories.make_invited_agency(session, round_)
    pending_imports.add_import(
        session,
        round_id=round_.id,
        account_id=None,
        file_name="f",
        content=[],
        plan_digest="d",
        total=1,
        now=factories.NOW,
    )
    sets = ", ".join(f"{name} = {value}" for name, value in values.items())

    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE {table} SET {sets}"))  # words of this test
