"""Every role on every route that asks for somebody signed in, with ids of its own council and of
another: what is not theirs is not found, and what is theirs is there. No page offers its reader
what they may not open.

The routes come from the map, so a new one is tried by itself. Nothing is ever committed: every
request meets the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from survey.app import create_app
from survey.data import accounts
from survey.data.accounts import Role
from survey.data.engine import make_engine
from survey.extensions import db
from survey.settings import MailSettings, MailWay, Settings
from survey.web.access import Access
from tests import factories
from tests.integration.access_ids import (
    FIELDS,
    Ids,
    make_account,
    make_council_with_everything,
    make_session,
)

NOT_FOUND, FAILED = 404, 500

DOES_NOTHING = {
    "entry.finish": 302,
    "entry.settle": 302,
    "returns.settle_note": 302,
    "returns.change_person": 422,
}
"""Posts that answer otherwise than by 404 to what is not there: pressed twice, the first press has
sent or settled it; or an empty form is looked at first. What they write is scoped by the query."""

NEVER_THEIRS = {(Role.ADMINISTRATOR, "mail.letter"): "letters of a round, whoever runs the site"}
"""Pages that a role may open, but not with the ids that are tried here."""

ADDRESS = re.compile(r'<(?:a [^>]*|form method="post" [^>]*)(href|action)="(/(?!static)[^"?#]*)')
"""Where a link leads, and where a form posts to."""


@dataclass(frozen=True)
class World:
    """The application, a council, another one, and a session of each role for the first."""

    app: Flask
    own: Ids
    other: Ids
    cookies: dict[Role, str]

    def open(self, role: Role, rule: Rule, method: str, ids: dict[str, str]) -> tuple[int, str]:
        """The status of one request of somebody with a role, and the page it is answered by.

        A redirect to sign in is a fault.
        """
        built = rule.build(
            {name: _typed(rule, name, value) for name, value in ids.items()}, append_unknown=False
        )
        assert built is not None, rule.endpoint
        client = self.client(role)
        public_id = self.own.values["public_id"]
        fields = {
            name: value.format(public_id=public_id)
            for name, value in FIELDS.get(rule.endpoint, {}).items()
        }
        answer = client.open(built[1], method=method, data=fields if method == "POST" else None)
        page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        answer.close()
        location = answer.headers.get("Location", "")
        assert not location.startswith("/sign-in"), f"{rule.endpoint} sends {role} to sign in"
        return answer.status_code, page

    def dead_ends(self, role: Role, page: str) -> Iterator[str]:
        """What a page links to or posts to that somebody with that role may not open."""
        targets = self.app.url_map.bind("localhost")
        for kind, path in set(ADDRESS.findall(page)):
            endpoint, _ = targets.match(path, method="GET" if kind == "href" else "POST")
            roles = getattr(self.app.view_functions[endpoint], "roles", None)
            if roles is not None and role not in roles:
                yield f"offers {endpoint} ({kind})"

    def client(self, role: Role) -> FlaskClient:
        """A browser in which somebody with that role is signed in."""
        client = self.app.test_client()
        client.set_cookie("signpost_session", self.cookies[role])
        return client

    def ids(self, rule: Rule, *, other: frozenset[str] = frozenset()) -> dict[str, str]:
        """The arguments of a route: the own council's, but for those named in `other`."""
        return {
            name: (self.other if name in other else self.own).of(rule.endpoint, name)
            for name in sorted(rule.arguments)
        }

    def scoped(self, rule: Rule) -> frozenset[str]:
        """The arguments that stand for something of one council."""
        return frozenset(
            name
            for name in rule.arguments
            if self.own.of(rule.endpoint, name) != self.other.of(rule.endpoint, name)
        )


def _typed(rule: Rule, name: str, value: str) -> Any:
    return rule._converters[name].to_python(value)


@pytest.fixture(scope="module")
def world(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("matrix")
    path = folder / "signpost.db"
    path.write_bytes(migrated_sqlite_file.read_bytes())
    url = f"sqlite:///{path}"
    with time_machine.travel(factories.NOW, tick=True), pytest.MonkeyPatch.context() as patch:
        engine = make_engine(url)
        with Session(engine, expire_on_commit=False) as session:
            own = make_council_with_everything(session, "alder", folder)
            other = make_council_with_everything(session, "birch", folder)
            sessions = {role: _somebody(session, role, own) for role in Role}
            session.commit()
        engine.dispose()
        app = create_app(
            Settings(
                secret_key=factories.SECRET_KEY,
                database_url=url,
                instance=folder,
                mail=MailSettings(way=MailWay.LOCAL),
            )
        )
        app.config["WTF_CSRF_ENABLED"] = False
        patch.setattr(Session, "commit", Session.flush)
        cookies = {role: _cookie(app, session_id) for role, session_id in sessions.items()}
        yield World(app, own, other, cookies)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _somebody(session: Session, role: Role, own: Ids) -> str:
    account = make_account(session, f"the-{role}")
    special: dict[Role, list[dict[str, str]]] = {
        Role.ADMINISTRATOR: [{}],
        Role.TEAM_MEMBER: [{"review_id": review_id} for review_id in own.review_ids],
        Role.AGENCY_LEAD: [{"agency_id": own.agency_id}],
    }
    for scope in special.get(role, [{"council_id": own.council_id}]):
        accounts.add_membership(session, account_id=account.id, role=role, **scope)
    return make_session(session, account)


def _cookie(app: Flask, session_id: str) -> str:
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["session_id"] = session_id
        kept.permanent = True
    cookie = client.get_cookie("signpost_session")
    assert cookie is not None
    return cookie.value


def _routes(app: Flask) -> Iterator[tuple[Rule, str, frozenset[str] | None]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "access", None) is Access.SIGNED_IN:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method, getattr(view, "roles", None)


@pytest.mark.parametrize("role", list(Role))
def test_role_opens_what_is_its_own_finds_nothing_else_and_is_offered_no_dead_end(
    world: World, role: Role
) -> None:
    faults, tried = [], 0
    for rule, method, roles in _routes(world.app):
        tried += 1
        what = f"{method} {rule.endpoint}"
        try:
            own = world.ids(rule)
        except KeyError as error:
            faults.append(str(error))
            continue
        status, page = world.open(role, rule, method, own)
        faults += sorted(f"{what} {dead}" for dead in world.dead_ends(role, page))
        is_allowed = roles is None or role in roles
        is_allowed = is_allowed and (role, rule.endpoint) not in NEVER_THEIRS
        if status == FAILED or is_allowed == (status == NOT_FOUND):
            faults.append(f"{what}: {status}, {'allowed' if is_allowed else 'not allowed'}")
        if roles is None or not is_allowed or role is Role.ADMINISTRATOR:
            continue
        scoped = world.scoped(rule)
        tries = [scoped] if scoped else []
        if len(scoped) > 1:
            tries += [frozenset({name}) for name in sorted(scoped)]
        for other in tries:
            status, _ = world.open(role, rule, method, world.ids(rule, other=other))
            if status not in {NOT_FOUND, DOES_NOTHING.get(rule.endpoint)}:
                faults.append(f"{what} with another council's {', '.join(sorted(other))}: {status}")

    assert not faults, "\n".join(faults)
    assert tried > 100


def test_every_role_is_asked_for_somewhere(world: World) -> None:
    asked = {role for _, _, roles in _routes(world.app) for role in roles or ()}

    assert asked == set(Role)
