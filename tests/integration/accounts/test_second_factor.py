"""The second factor: setting it up, signing in with it, recovery codes, limits, and losing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.actions import accounts, second_factors
from survey.actions.people import Given
from survey.data.accounts import Role
from survey.data.audit import AuditAction
from survey.data.engine import make_engine
from survey.data.models import Account, Council, RecoveryCode, SignInSession
from survey.errors import TooManyAttempts
from survey.settings import SecondFactor
from tests import factories
from tests.factories import NOW, SECRET_KEY
from tests.integration.access_ids import make_session
from tests.integration.accounts.conftest import (
    PASSWORD,
    SQLITE,
    Apps,
    events,
    make_person,
    opened,
)
from tests.page import Browser

PLACE = "192.0.2.7"
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238's test vectors ("12345678901234567890") in base 32."""


def set_up(session: Session, account: Account) -> tuple[pyotp.TOTP, list[str]]:
    """Turns an account's second factor on: the app's side of it, and the recovery codes."""
    second_factors.begin(session, account_id=account.id, secret_key=SECRET_KEY)
    secret = second_factors.pending_secret(account, secret_key=SECRET_KEY)
    assert secret is not None
    app = pyotp.TOTP(secret)
    codes = second_factors.confirm(
        session,
        account_id=account.id,
        session_id="",
        code=app.at(NOW - timedelta(minutes=5)),
        now=NOW - timedelta(minutes=5),
        secret_key=SECRET_KEY,
    )
    assert codes is not None
    session.commit()
    return app, codes


def check(session: Session, account: Account, code: str, seconds: float = 0) -> bool:
    return second_factors.check(
        session,
        account_id=account.id,
        code=code,
        place=PLACE,
        now=NOW + timedelta(seconds=seconds),
        secret_key=SECRET_KEY,
    )


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
    ids=str,
)
@SQLITE
def test_codes_are_those_of_rfc_6238(
    session: Session, manager: Account, at: int, code: str
) -> None:
    # Appendix B of the RFC, SHA-1, of which an app shows the last six of eight figures.
    manager.totp_secret = second_factors._box(SECRET_KEY).encrypt(RFC_SECRET.encode()).decode()
    assert second_factors._take(
        manager, code, now=datetime.fromtimestamp(at, UTC), secret_key=SECRET_KEY
    )


def test_code_is_taken_once_and_an_older_one_not_after_it(
    session: Session, manager: Account
) -> None:
    app, _ = set_up(session, manager)

    assert check(session, manager, app.at(NOW))
    assert not check(session, manager, app.at(NOW), seconds=1)
    assert not check(session, manager, app.at(NOW - timedelta(seconds=30)), seconds=1)
    assert check(session, manager, app.at(NOW + timedelta(seconds=30)), seconds=1)


@SQLITE
@pytest.mark.parametrize(
    ("off_by", "is_right"),
    [(-90, False), (-30, True), (0, True), (30, True), (90, False)],
    ids=str,
)
def test_clock_of_the_app_may_be_half_a_minute_off(
    session: Session, manager: Account, off_by: int, is_right: bool
) -> None:
    app, _ = set_up(session, manager)

    assert check(session, manager, app.at(NOW + timedelta(seconds=off_by))) is is_right


@SQLITE
@pytest.mark.parametrize("shown", [" {0}{1}{2} {3}{4}{5}\n", "{0}{1}{2}\u00a0{3}{4}{5}"])
def test_code_may_be_typed_with_spaces(session: Session, manager: Account, shown: str) -> None:
    app, _ = set_up(session, manager)

    assert check(session, manager, shown.format(*app.at(NOW)))


@SQLITE
@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "x" * 5000])
def test_what_cannot_be_a_code_is_wrong(session: Session, manager: Account, code: str) -> None:
    set_up(session, manager)

    assert not check(session, manager, code)


def test_recovery_code_works_once_however_it_is_typed(session: Session, manager: Account) -> None:
    _, codes = set_up(session, manager)

    assert len(set(codes)) == 10
    assert check(session, manager, f" {codes[0].upper().replace('-', ' ')} ")
    assert not check(session, manager, codes[0])
    assert check(session, manager, codes[1])
    assert len(events(session, AuditAction.RECOVERY_CODE_USED)) == 2


@SQLITE
def test_recovery_code_of_another_account_is_wrong(
    session: Session, manager: Account, administrator: Account
) -> None:
    set_up(session, manager)
    _, others = set_up(session, administrator)

    assert not check(session, manager, others[0])


@SQLITE
def test_nothing_stored_gives_a_code_away(session: Session, manager: Account) -> None:
    app, codes = set_up(session, manager)

    stored = str(session.execute(select(RecoveryCode.__table__)).all())
    stored += str(session.execute(select(Account.__table__)).all())
    assert app.secret not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_five_wrong_codes_wait_and_the_wait_ends(session: Session, manager: Account) -> None:
    app, _ = set_up(session, manager)
    for _ in range(5):
        assert not check(session, manager, "000000")

    with pytest.raises(TooManyAttempts):
        check(session, manager, app.at(NOW))
    later = 16 * 60
    assert check(session, manager, app.at(NOW + timedelta(seconds=later)), seconds=later)


@SQLITE
def test_another_secret_key_makes_every_code_wrong_and_breaks_nothing(
    session: Session, manager: Account
) -> None:
    app, codes = set_up(session, manager)

    for code in (app.at(NOW), codes[0]):
        assert not second_factors.check(
            session,
            account_id=manager.id,
            code=code,
            place=PLACE,
            now=NOW,
            secret_key="another key that is long enough to be one",
        )


class TestPages:
    def test_set_up_shows_a_picture_and_a_key_and_then_codes_once(
        self, signed: Callable[[Account], Browser], session: Session, manager: Account
    ) -> None:
        elsewhere, browser = signed(manager), signed(manager)
        browser.get("/account/second-factor")
        page = browser.post("/account/second-factor/begin")
        picture = page.all("img")[0]
        assert (picture.get("src") or "").startswith("data:image/svg+xml")
        key = "".join(page.all("code")[0].itertext()).replace(" ", "")
        app = pyotp.TOTP(key)

        page = browser.post("/account/second-factor/confirm", {"code": "000000"}, status=422)
        assert page.error_messages == [
            "The code is not right. Enter the six figures your app shows now"
        ]
        page = browser.post("/account/second-factor/confirm", {"code": app.now()})

        assert page.h1 == "Your recovery codes"
        assert len(page.all("code")) == 10
        assert browser.get("/account/second-factor").all("code") == []
        assert "10 recovery codes left" in browser.get("/account").words
        assert elsewhere.get("/account").path == "/sign-in"
        assert len(events(session, AuditAction.SECOND_FACTOR_SET_UP)) == 1

    @SQLITE
    def test_starting_again_gives_another_key_until_it_is_on(
        self, signed: Callable[[Account], Browser], session: Session, manager: Account
    ) -> None:
        browser = signed(manager)
        browser.get("/account/second-factor")
        keys = {
            "".join(browser.post("/account/second-factor/begin").all("code")[0].itertext())
            for _ in range(2)
        }
        assert len(keys) == 2
        set_up(session, manager)
        secret = session.get_one(Account, manager.id).totp_secret

        second_factors.begin(session, account_id=manager.id, secret_key=SECRET_KEY)

        assert manager.totp_secret == secret

    @SQLITE
    def test_sign_in_asks_for_a_code_on_a_second_page(
        self, app: Flask, session: Session, council: Council
    ) -> None:
        account = accounts.create_account(
            session, email="m@example.org", name="M", password=PASSWORD, now=NOW
        )
        made, codes = set_up(session, account)
        browser = Browser(app.test_client())
        browser.get("/sign-in?next=/change-password")
        fields = {"email": "m@example.org", "password": PASSWORD, "next": "/change-password"}
        page = browser.post("/sign-in", fields)
        assert page.h1 == "Enter a code"
        assert browser.get("/manage").path == "/sign-in"

        browser.get("/sign-in/code")
        page = browser.post("/sign-in/code", {"code": ""}, status=422)
        assert page.error_messages == ["Enter a code"]
        page = browser.post("/sign-in/code", {"code": "nonsense"}, status=422)
        assert page.error_messages[0].startswith("The code is not right")
        page = browser.post("/sign-in/code", {"code": made.now()})

        assert page.path == "/change-password"
        assert len(events(session, AuditAction.SIGNED_IN)) == 1
        assert len(codes) == 10

    @SQLITE
    def test_code_is_not_waited_for_beyond_ten_minutes(
        self, app: Flask, session: Session, clock: time_machine.Traveller
    ) -> None:
        account = accounts.create_account(
            session, email="m@example.org", name="M", password=PASSWORD, now=NOW
        )
        made, _ = set_up(session, account)
        browser = Browser(app.test_client())
        browser.get("/sign-in")
        browser.post("/sign-in", {"email": "m@example.org", "password": PASSWORD})
        clock.shift(timedelta(minutes=11))

        page = browser.post("/sign-in/code", {"code": made.now()})

        assert page.path == "/sign-in"
        assert "The time to enter a code is over" in page.words
        assert browser.get("/manage").path == "/sign-in"

    @SQLITE
    def test_session_that_never_passed_is_nobodys_once_there_is_a_second_factor(
        self, signed: Callable[[Account], Browser], session: Session, manager: Account
    ) -> None:
        browser = signed(manager)
        manager.totp_confirmed_at_utc = NOW
        session.commit()

        assert browser.get("/manage").path == "/sign-in"

    @SQLITE
    def test_removing_it_and_new_recovery_codes_need_a_code(
        self, signed: Callable[[Account], Browser], session: Session, manager: Account
    ) -> None:
        _, codes = set_up(session, manager)
        browser = signed(manager)
        session.execute(update(SignInSession).values(passed_second_factor=True))
        session.commit()
        browser.get("/account/second-factor")
        browser.post("/account/second-factor/codes", {"code": "nonsense"}, status=422)
        page = browser.post("/account/second-factor/codes", {"code": codes[0]})
        new = ["".join(one.itertext()) for one in page.all("code")]
        assert len(new) == 10
        assert not set(new) & set(codes)
        browser.get("/account/second-factor")
        browser.post("/account/second-factor/remove", {"code": codes[1]}, status=422)

        page = browser.post("/account/second-factor/remove", {"code": new[0]})

        assert "Your second factor has been removed" in page.words
        session.expire_all()
        assert session.get_one(Account, manager.id).totp_secret is None
        assert session.scalars(select(RecoveryCode)).all() == []


@pytest.fixture
def strict(empty_sqlite_url: str, apps: Apps) -> Iterator[Flask]:
    """The application where administrators and managers must have a second factor."""
    yield from opened(apps(empty_sqlite_url, SecondFactor.REQUIRED))


class TestRequired:
    @pytest.mark.parametrize(
        ("role", "path", "lands"),
        [
            (Role.REVIEW_MANAGER, "/manage", "/account/second-factor"),
            (Role.ADMINISTRATOR, "/admin/people", "/account/second-factor"),
            (Role.COUNCIL_OFFICER, "/manage", "/manage"),
        ],
        ids=str,
    )
    def test_who_needs_it_is_led_to_set_it_up_first(
        self, strict: Flask, empty_sqlite_url: str, role: Role, path: str, lands: str
    ) -> None:
        browser = _signed(strict, empty_sqlite_url, role)

        assert browser.get(path).path == lands
        assert browser.get("/account").path == "/account"

    def test_once_set_up_everything_opens_and_it_cannot_be_removed(
        self, strict: Flask, empty_sqlite_url: str
    ) -> None:
        browser = _signed(strict, empty_sqlite_url, Role.REVIEW_MANAGER)
        browser.get("/account/second-factor")
        page = browser.post("/account/second-factor/begin")
        app = pyotp.TOTP("".join(page.all("code")[0].itertext()).replace(" ", ""))
        page = browser.post("/account/second-factor/confirm", {"code": app.now()})
        code = "".join(page.all("code")[0].itertext())

        assert browser.get("/manage").path == "/manage"
        assert "Remove my second factor" not in browser.get("/account/second-factor").text
        page = browser.post("/account/second-factor/remove", {"code": code}, status=422)
        assert "required of you" in page.error_messages[0]


def _signed(app: Flask, url: str, role: Role) -> Browser:
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        council = factories.make_council(session)
        scope = {} if role is Role.ADMINISTRATOR else {"council_id": council.id}
        account = make_person(session, "somebody", Given(role, **scope))
        session_id = make_session(session, account)
        session.commit()
    engine.dispose()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["session_id"] = session_id
    return Browser(client)


@SQLITE
def test_administrator_removes_anothers_and_they_are_signed_out(
    signed: Callable[[Account], Browser],
    session: Session,
    administrator: Account,
    manager: Account,
) -> None:
    set_up(session, manager)
    browser = signed(administrator)
    browser.get(f"/admin/people/{manager.id}")

    page = browser.post(f"/admin/people/{manager.id}/second-factor")

    assert "The second factor has been removed" in page.words
    session.expire_all()
    assert session.get_one(Account, manager.id).totp_confirmed_at_utc is None
    (event,) = events(session, AuditAction.SECOND_FACTOR_REMOVED)
    assert (event.account_id, event.detail) == (administrator.id, {"person": manager.id})
