"""Commands about invitations: inviting from a file, listing, withdrawing."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.actions.tokens import is_link_secret, is_printed_code, read_code
from survey.data.coverage import list_invited
from survey.data.models import Agency, AuditEvent, Invitation, InvitedAgency, Participation, Round
from tests.integration.commands.conftest import SECRET_KEY, Signpost, looking

INVITED = """\
agency,sector,invited,label,email,level,expected
Children’s Social Care,childrens_social_care,4,,,,
Fennshire Police,police,,Detective inspector,DI@example.org,,
Fennshire Police,police,2,,,,
Town Hall,council_other,3,,,frontline,no
Town Hall,council_other,1,,,strategic,no
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that invites eleven people of three agencies."""
    path = tmp_path / "invited.csv"
    path.write_text(INVITED, encoding="utf-8")
    return path


def _count(url: str, model: type[Invitation] | type[Agency]) -> int:
    with looking(url) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def _letters(signpost: Signpost, *options: str, out: Path) -> list[dict[str, str]]:
    ran = signpost("invitations", "autumn", "--print", "--out", out, *options)
    assert ran.code == 0, ran.err
    with out.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


class TestInviting:
    def test_everybody_in_the_file_gets_an_invitation(
        self, with_round: Signpost, database_url: str, file: Path
    ) -> None:
        ran = with_round("invitations", "autumn", file)

        assert ran.code == 0, ran.err
        assert "11 invitations made" in ran.out
        with looking(database_url) as session:
            round_ = session.scalars(select(Round)).one()
            numbers = {
                (row.agency, row.level): row.invited
                for row in list_invited(session, round_id=round_.id)
            }
            expected = dict(
                session.execute(
                    select(Agency.name, InvitedAgency.expected).join(
                        InvitedAgency, InvitedAgency.agency_id == Agency.id
                    )
                ).all()
            )
            named = session.scalars(select(Invitation).where(Invitation.label != "")).all()
            events = session.scalars(select(AuditEvent.detail)).all()
        assert numbers == {
            ("Children’s Social Care", ""): 4,
            ("Fennshire Police", ""): 3,
            ("Town Hall", "frontline"): 3,
            ("Town Hall", "strategic"): 1,
        }
        assert expected == {
            "Children’s Social Care": True,
            "Fennshire Police": True,
            "Town Hall": False,
        }
        assert [(one.label, one.email) for one in named] == [
            ("Detective inspector", "di@example.org")
        ]
        assert {"round": "autumn", "invitations": 11} in events

    def test_dry_run_says_what_would_happen_and_changes_nothing(
        self, with_round: Signpost, database_url: str, file: Path
    ) -> None:
        ran = with_round("invitations", "autumn", file, "--dry-run")

        assert ran.code == 0, ran.err
        assert "Fennshire Police: 3 invited, 3 to make, new to this round" in ran.out
        assert "11 invitations would be made. Nothing was changed." in ran.out
        assert _count(database_url, Invitation) == 0
        assert _count(database_url, Agency) == 0

    def test_forecast_counts_agencies_invited_before(
        self, with_round: Signpost, tmp_path: Path
    ) -> None:
        path = tmp_path / "first.csv"
        path.write_text(
            "agency,sector,invited\nCare,childrens_social_care,20\nClinic,nhs_community,12\n",
            "utf-8",
        )
        with_round("invitations", "autumn", path)
        path.write_text("agency,sector,invited\nHospital,nhs_acute,8\n", "utf-8")

        ran = with_round("invitations", "autumn", path, "--dry-run")

        assert "  in figures: Council; Health; All partners\n" in ran.out

    def test_same_file_again_invites_nobody_twice(
        self, with_round: Signpost, database_url: str, file: Path
    ) -> None:
        with_round("invitations", "autumn", file)

        ran = with_round("invitations", "autumn", file)

        assert "0 invitations made" in ran.out
        assert _count(database_url, Invitation) == 11

    def test_changed_file_makes_only_what_is_new(
        self, with_round: Signpost, database_url: str, file: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        file.write_text(
            INVITED.replace("Care,childrens_social_care,4", "Care,childrens_social_care,6")
            + "Fennshire Police,police,,Sergeant,,,\n",
            encoding="utf-8",
        )

        ran = with_round("invitations", "autumn", file)

        assert "6 invited (before: 4), 2 to make" in ran.out
        assert "Fennshire Police: 4 invited (before: 3), 1 to make" in ran.out
        assert _count(database_url, Invitation) == 14

    def test_smaller_number_names_the_links_too_many(
        self, with_round: Signpost, database_url: str, file: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        file.write_text(
            "agency,sector,invited\nChildren’s Social Care,childrens_social_care,1\n", "utf-8"
        )

        ran = with_round("invitations", "autumn", file)

        assert "3 links more than people invited" in ran.out
        assert _count(database_url, Invitation) == 11

    def test_agency_serves_rounds_of_several_councils(
        self, with_round: Signpost, database_url: str, file: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        with_round("create-council", "west", "West Council")
        with_round(
            "create-round", "west-round", "--council", "west",
            "--bank", "safeguarding_children_2010", "--title", "West", "--closes", "2099-01-01",
            "--contact", "c", "--urgent-contact", "u", "--checked-by", "x",
        )  # fmt: skip

        ran = with_round("invitations", "west-round", file)

        assert ran.code == 0, ran.err
        assert _count(database_url, Agency) == 3
        assert _count(database_url, Invitation) == 22

    def test_every_fault_is_listed_and_nothing_is_stored(
        self, with_round: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "faulty.csv"
        path.write_text(
            "agency,sector,invited,level,expected,label,email\n"
            "Fennshire Police,polic,4,,,,\n"
            ",schools,0,,,,\n"
            "Town Hall,council_other,2,boss,maybe,,\n"
            "Hospital,nhs_acute,,,,,not an address\n"
            "Hospital,nhs_acute,7,,,Matron,\n"
            "Clinic,nhs_community,,,,Nurse,nurse@example.org\n"
            "Clinic,nhs_community,,,,Nurse,NURSE@example.org\n"
            "Surgery,primary_care,,,,Nurse,nurse@example.org\n"
            "Clinic,nhs_acute,1,frontline,no,,\n",
            encoding="utf-8",
        )

        ran = with_round("invitations", "autumn", path)

        assert ran.code == 5
        places = [line.partition(":")[0] for line in ran.err.splitlines()]
        assert places == [
            "row 2, column sector",
            "row 3, column agency",
            "row 3, column invited",
            "row 4, column level",
            "row 4, column expected",
            "row 5, column email",
            "row 6, column invited",
            "row 8, column email",
            "row 9, column email",
            "row 10, column sector",
            "row 10, column expected",
            "row 10, column level",
        ]
        assert _count(database_url, Agency) == 0

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            pytest.param("", "empty", id="empty"),
            pytest.param("agency,sector\nX,police\n", "invited", id="column missing"),
            pytest.param("agency,sector,invited,name\nX,police,1,Y\n", "name", id="column unknown"),
            pytest.param("PK\x03\x04", "Excel", id="workbook"),
        ],
    )
    def test_file_of_another_kind_is_refused(
        self, with_round: Signpost, tmp_path: Path, content: str, said: str
    ) -> None:
        path = tmp_path / "other.csv"
        path.write_text(content, encoding="utf-8")

        ran = with_round("invitations", "autumn", path)

        assert ran.code == 5
        assert said in ran.err

    def test_agency_known_in_another_sector_is_refused(
        self, with_round: Signpost, file: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        file.write_text("agency,sector,invited\nTown Hall,housing,2\n", encoding="utf-8")

        ran = with_round("invitations", "autumn", file)

        assert ran.code == 5
        assert "Town Hall is known in the sector council_other" in ran.err

    def test_agency_known_in_another_spelling_is_refused(
        self, with_round: Signpost, database_url: str, file: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        file.write_text("agency,sector,invited\nTown  hall,council_other,2\n", encoding="utf-8")

        ran = with_round("invitations", "autumn", file)

        assert ran.code == 5
        assert "row 2, column agency: Town hall is known as Town Hall" in ran.err
        assert _count(database_url, Agency) == 3

    def test_closed_round_invites_nobody(self, with_round: Signpost, file: Path) -> None:
        with_round("close-round", "autumn", "--yes")

        ran = with_round("invitations", "autumn", file)

        assert ran.code == 1
        assert "closed" in ran.err

    def test_many_invitations_are_all_different(
        self, with_round: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "many.csv"
        path.write_text("agency,sector,invited\nSchools,schools,3000\n", encoding="utf-8")

        ran = with_round("invitations", "autumn", path)

        assert ran.code == 0, ran.err
        assert _count(database_url, Invitation) == 3000

    @pytest.mark.parametrize(
        "options",
        [[], ["--unused"], ["--dry-run", "--print"], ["FILE", "--print"], ["FILE", "--unused"]],
        ids=lambda options: " ".join(options) or "nothing",
    )
    def test_options_that_do_not_go_together_are_refused(
        self, with_round: Signpost, file: Path, options: list[str]
    ) -> None:
        given = [file if option == "FILE" else option for option in options]

        assert with_round("invitations", "autumn", *given).code == 2


class TestListing:
    def test_links_and_codes_are_right_and_the_file_is_private(
        self, with_round: Signpost, database_url: str, file: Path, tmp_path: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        out = tmp_path / "letters.csv"

        letters = _letters(with_round, out=out)

        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert len(letters) == 11
        for letter in letters:
            public_id, secret = letter["link"].rsplit("/", 2)[1:]
            bare = read_code(letter["code"])
            assert bare is not None
            assert is_link_secret(SECRET_KEY, secret, public_id=public_id, generation=1)
            assert is_printed_code(SECRET_KEY, bare, public_id=public_id, generation=1)
        assert letters[4]["email"] == "di@example.org"

    def test_unused_leaves_out_those_who_have_answered(
        self, with_round: Signpost, database_url: str, file: Path, tmp_path: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        with looking(database_url) as session:
            used = session.scalars(select(Invitation).order_by(Invitation.public_id)).first()
            assert used is not None
            public_id = used.public_id
            session.add(Participation(invitation_id=used.id))
            session.commit()

        unused = _letters(with_round, "--unused", out=tmp_path / "unused.csv")
        everybody = with_round("invitations", "autumn", "--print")

        assert len(unused) == 10
        assert not any(public_id in letter["link"] for letter in unused)
        assert everybody.out.count("  link ") == 11
        assert everybody.out.count("  used") == 1

    def test_text_says_where_the_code_is_typed(
        self, with_round: Signpost, file: Path, tmp_path: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        out = tmp_path / "letters.txt"

        ran = with_round("invitations", "autumn", "--print", "--out", out)

        assert ran.code == 0, ran.err
        text = out.read_text(encoding="utf-8")
        assert "Fennshire Police, Detective inspector <di@example.org>" in text
        assert "typed at http://127.0.0.1:8000/code" in text

    def test_links_begin_with_the_base_url(
        self, with_round: Signpost, file: Path, environment: pytest.MonkeyPatch
    ) -> None:
        with_round("invitations", "autumn", file)
        environment.setenv("BASE_URL", "https://signpost.example.org/")

        ran = with_round("invitations", "autumn", "--print")

        assert "  link https://signpost.example.org/i/" in ran.out

    def test_label_cannot_be_a_formula(
        self, with_round: Signpost, file: Path, tmp_path: Path
    ) -> None:
        file.write_text("agency,sector,invited,label\nX,police,1,=1+1\n", encoding="utf-8")
        with_round("invitations", "autumn", file)

        letters = _letters(with_round, out=tmp_path / "letters.csv")

        assert letters[0]["label"] == "'=1+1"

    def test_other_file_types_are_refused(self, with_round: Signpost, tmp_path: Path) -> None:
        ran = with_round("invitations", "autumn", "--print", "--out", tmp_path / "letters.xlsx")

        assert ran.code == 2


class TestWithdrawing:
    @pytest.mark.parametrize("part", ["link", "code", "public id"])
    def test_invitation_is_found_by_any_of_its_names(
        self, with_round: Signpost, database_url: str, file: Path, tmp_path: Path, part: str
    ) -> None:
        with_round("invitations", "autumn", file)
        letter = _letters(with_round, out=tmp_path / "letters.csv")[0]
        public_id = letter["link"].rsplit("/", 2)[1]
        given = public_id.lower() if part == "public id" else letter[part]

        ran = with_round("revoke-invitation", given)

        assert (ran.code, ran.out) == (0, f"Invitation {public_id} has been withdrawn.\n")
        with looking(database_url) as session:
            revoked = session.scalars(
                select(Invitation.public_id).where(Invitation.revoked_at_utc.is_not(None))
            )
            assert revoked.all() == [public_id]
        assert len(_letters(with_round, out=tmp_path / "left.csv")) == 10

    def test_withdrawn_invitation_is_made_up_for_by_the_file(
        self, with_round: Signpost, file: Path, tmp_path: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        letter = _letters(with_round, out=tmp_path / "letters.csv")[0]
        with_round("revoke-invitation", letter["code"])

        ran = with_round("invitations", "autumn", file)

        assert "1 invitations made" in ran.out

    def test_replacing_makes_a_new_link_and_ends_the_old(
        self, with_round: Signpost, database_url: str, file: Path, tmp_path: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        letter = _letters(with_round, out=tmp_path / "letters.csv")[0]

        ran = with_round("revoke-invitation", letter["link"], "--replace")

        assert ran.code == 0, ran.err
        assert letter["link"] not in ran.out
        with looking(database_url) as session:
            assert session.scalar(select(func.max(Invitation.generation))) == 2
        again = _letters(with_round, out=tmp_path / "again.csv")
        assert len(again) == 11
        assert letter["link"] not in {one["link"] for one in again}
        assert any(one["link"] in ran.out and one["code"] in ran.out for one in again)

    def test_withdrawing_twice_is_refused(
        self, with_round: Signpost, file: Path, tmp_path: Path
    ) -> None:
        with_round("invitations", "autumn", file)
        letter = _letters(with_round, out=tmp_path / "letters.csv")[0]
        with_round("revoke-invitation", letter["code"])

        ran = with_round("revoke-invitation", letter["code"])

        assert ran.code == 1
        assert "withdrawn already" in ran.err

    @pytest.mark.parametrize("kind", ["nonsense", "wrong secret", "wrong code", "unknown"])
    def test_wrong_name_withdraws_nobody(
        self, with_round: Signpost, database_url: str, file: Path, tmp_path: Path, kind: str
    ) -> None:
        with_round("invitations", "autumn", file)
        letter = _letters(with_round, out=tmp_path / "letters.csv")[0]
        last = letter["code"][-1]
        given = {
            "nonsense": "my link",
            "wrong secret": letter["link"][:-4] + "aaaa",
            "wrong code": letter["code"][:-1] + ("0" if last != "0" else "1"),
            "unknown": "000000",
        }[kind]

        ran = with_round("revoke-invitation", given)

        assert ran.code == 6
        with looking(database_url) as session:
            revoked = session.scalars(
                select(Invitation).where(Invitation.revoked_at_utc.is_not(None))
            )
            assert revoked.all() == []
