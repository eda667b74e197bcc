"""Commands about accounts and councils."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from survey.actions import accounts
from survey.data.models import Account, AuditEvent, Council, Membership
from tests.integration.commands.conftest import SECRET_KEY, Signpost, looking

PASSWORD = "three ordinary words"
COMMAND = str(Path(sys.executable).with_name("signpost"))


def _signs_in(url: str, email: str, password: str) -> bool:
    with looking(url) as session:
        found = accounts.sign_in(
            session,
            email=email,
            password=password,
            place="192.0.2.1",
            now=datetime.now(UTC),
            secret_key=SECRET_KEY,
        )
        return found is not None


def _shown_password(out: str) -> str:
    found = re.search(r"^Password: (\S+)$", out, re.MULTILINE)
    assert found is not None, out
    return found[1]


class TestCreateAccount:
    def test_account_with_a_made_password_can_sign_in(
        self, signpost: Signpost, database_url: str
    ) -> None:
        ran = signpost("create-account", "Pat@Example.org", "--name", "Pat Lee", "--make-password")

        assert ran.code == 0, ran.err
        assert _signs_in(database_url, "pat@example.org", _shown_password(ran.out))

    def test_password_from_standard_input_is_taken_and_not_printed(
        self, signpost: Signpost, database_url: str
    ) -> None:
        ran = signpost(
            "create-account", "pat@example.org", "--name", "Pat", "--password-stdin",
            stdin=f"{PASSWORD}\n",
        )  # fmt: skip

        assert ran.code == 0, ran.err
        assert PASSWORD not in ran.out + ran.err
        assert _signs_in(database_url, "pat@example.org", PASSWORD)

    def test_account_manages_the_councils_named(
        self, signpost: Signpost, database_url: str
    ) -> None:
        for slug, name in (("east", "East Council"), ("west", "West Council")):
            signpost("create-council", slug, name)

        ran = signpost(
            "create-account", "pat@example.org", "--name", "Pat", "--make-password",
            "--council", "east", "--council", "west",
        )  # fmt: skip

        assert ran.code == 0, ran.err
        with looking(database_url) as session:
            rows = session.execute(
                select(Council.slug)
                .join(Membership, Membership.council_id == Council.id)
                .order_by(Council.slug)
            )
            assert list(rows.scalars()) == ["east", "west"]

    def test_unknown_council_makes_no_account(self, signpost: Signpost, database_url: str) -> None:
        ran = signpost(
            "create-account", "pat@example.org", "--name", "Pat", "--make-password",
            "--council", "nowhere",
        )  # fmt: skip

        assert (ran.code, ran.err) == (6, "There is no council called 'nowhere'.\n")
        with looking(database_url) as session:
            assert session.scalars(select(Account)).all() == []

    @pytest.mark.parametrize(
        ("options", "stdin", "code", "said"),
        [
            pytest.param(
                ["--password-stdin"], "short\n", 1, "12 characters or more", id="short password"
            ),
            pytest.param(
                ["--password-stdin", "--make-password"], "", 2, "Use one of", id="two ways"
            ),
            pytest.param([], "", 2, "nobody to ask", id="no terminal"),
            pytest.param(["--password", "x"], "", 2, "No such option", id="on the command line"),
        ],
    )
    def test_account_is_refused(
        self, signpost: Signpost, options: list[str], stdin: str, code: int, said: str
    ) -> None:
        ran = signpost("create-account", "pat@example.org", "--name", "Pat", *options, stdin=stdin)

        assert ran.code == code
        assert said in ran.err

    def test_address_that_has_an_account_is_refused(self, signpost: Signpost) -> None:
        make = ("create-account", "pat@example.org", "--name", "Pat", "--make-password")
        signpost(*make)

        ran = signpost(*make)

        assert ran.code == 1
        assert "has an account already" in ran.err


def test_password_is_asked_for_twice_and_never_shown(
    environment: pytest.MonkeyPatch, empty_sqlite_url: str
) -> None:
    environment.setenv("DATABASE_URL", empty_sqlite_url)
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "create-account", "pat@example.org", "--name", "Pat"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        # Without a terminal of its own, so that it asks at the one it was given.
        start_new_session=True,
    )
    os.close(terminal)
    said = b""
    for prompt in (b"Password: ", b"The same again: "):
        while not said.endswith(prompt):
            said += os.read(keyboard, 1024)
        os.write(keyboard, f"{PASSWORD}\n".encode())
    while b"can sign in now" not in said:
        said += os.read(keyboard, 1024)
    code = process.wait(60)
    os.close(keyboard)

    assert code == 0
    assert PASSWORD.encode() not in said
    assert _signs_in(empty_sqlite_url, "pat@example.org", PASSWORD)


class TestResetPassword:
    def test_new_password_replaces_the_old_and_ends_sessions(
        self, signpost: Signpost, database_url: str
    ) -> None:
        made = signpost("create-account", "pat@example.org", "--name", "Pat", "--make-password")
        with looking(database_url) as session:
            before = session.scalars(select(Account.session_generation)).one()

        ran = signpost("reset-password", " PAT@example.org", "--make-password")

        assert ran.code == 0, ran.err
        assert _signs_in(database_url, "pat@example.org", _shown_password(ran.out))
        assert not _signs_in(database_url, "pat@example.org", _shown_password(made.out))
        with looking(database_url) as session:
            assert session.scalars(select(Account.session_generation)).one() > before
            actions = session.scalars(select(AuditEvent.action)).all()
            assert "password_set" in actions

    def test_unknown_address_is_said(self, signpost: Signpost) -> None:
        ran = signpost("reset-password", "nobody@example.org", "--make-password")

        assert ran.code == 6
        assert "nobody@example.org" in ran.err


class TestCouncils:
    def test_council_is_made_with_its_manager(self, signpost: Signpost, database_url: str) -> None:
        signpost("create-account", "pat@example.org", "--name", "Pat", "--make-password")

        ran = signpost(
            "create-council", "aldermere", "Aldermere Council", "--manager", "Pat@example.org"
        )

        assert (ran.code, ran.out) == (0, "Aldermere Council is known as aldermere.\n")
        with looking(database_url) as session:
            assert len(session.scalars(select(Membership)).all()) == 1

    @pytest.mark.parametrize("slug", ["Aldermere", "a b", "-a", "a--b", "a" * 61])
    def test_council_with_an_unusable_slug_is_refused(self, signpost: Signpost, slug: str) -> None:
        ran = signpost("create-council", "--", slug, "Aldermere Council")

        assert ran.code == 1
        assert "cannot name a council" in ran.err

    def test_council_is_made_once(self, signpost: Signpost) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")

        ran = signpost("create-council", "aldermere", "Another Council")

        assert ran.code == 1
        assert "already" in ran.err

    def test_manager_is_added_later_and_only_once(
        self, signpost: Signpost, database_url: str
    ) -> None:
        signpost("create-account", "pat@example.org", "--name", "Pat", "--make-password")
        signpost("create-council", "aldermere", "Aldermere Council")

        codes = [signpost("add-manager", "pat@example.org", "aldermere").code for _ in range(2)]

        assert codes == [0, 0]
        with looking(database_url) as session:
            assert len(session.scalars(select(Membership)).all()) == 1


class TestAddAdministrator:
    def test_first_administrator_is_made_and_can_sign_in(
        self, signpost: Signpost, database_url: str
    ) -> None:
        ran = signpost("add-administrator", "Ada@Example.org", "--name", "Ada", "--make-password")

        assert ran.code == 0, ran.err
        assert _signs_in(database_url, "ada@example.org", _shown_password(ran.out))
        with looking(database_url) as session:
            assert session.scalars(select(Membership.role)).all() == ["administrator"]
            assert session.scalars(select(AuditEvent.action)).all() == ["role_given"]

    def test_somebody_with_an_account_keeps_their_password(
        self, signpost: Signpost, database_url: str
    ) -> None:
        made = signpost("create-account", "ada@example.org", "--name", "Ada", "--make-password")
        assert signpost("add-administrator", "ada@example.org", "--make-password").code == 2

        for _ in range(2):
            ran = signpost("add-administrator", "ada@example.org")
            assert ran.out == "ada@example.org is an administrator.\n"

        assert _signs_in(database_url, "ada@example.org", _shown_password(made.out))
        with looking(database_url) as session:
            assert session.scalars(select(Membership.role)).all() == ["administrator"]

    def test_somebody_new_needs_a_name(self, signpost: Signpost) -> None:
        ran = signpost("add-administrator", "ada@example.org", "--make-password")

        assert ran.code == 2
        assert "give a name with --name" in ran.err


class TestRemoveSecondFactor:
    def test_second_factor_is_gone_and_the_removal_on_record(
        self, signpost: Signpost, database_url: str
    ) -> None:
        signpost("create-account", "ada@example.org", "--name", "Ada", "--make-password")
        with looking(database_url) as session:
            account = session.scalars(select(Account)).one()
            account.totp_secret, account.totp_confirmed_at_utc = "x", datetime.now(UTC)
            session.commit()

        ran = signpost("remove-second-factor", "ada@example.org")

        assert "has no second factor any more" in ran.out
        with looking(database_url) as session:
            assert session.scalars(select(Account.totp_secret)).one() is None
            assert session.scalars(select(AuditEvent.action)).all() == ["second_factor_removed"]

    def test_unknown_account_is_not_found(self, signpost: Signpost) -> None:
        assert signpost("remove-second-factor", "nobody@example.org").code == 6
