"""Every route says who may open it, has its template, and no GET writes."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import IntegerConverter, Rule

from survey.extensions import db
from survey.settings import ROOT
from survey.web.access import Access

PUBLIC = {
    "public.home",
    "public.left",
    "public.code",
    "public.use_code",
    "public.privacy",
    "public.accessibility",
    "public.cookies",
    "public.lost_link",
    "public.health",
    "personal_data.data_protection",
    "account.sign_in",
    "account.sign_in_post",
    "account.signed_out",
    "account.code",
    "account.code_post",
    "password.forgotten",
    "password.send_link",
    "password.sent",
    "password.set",
    "password.set_password",
    "provider.start",
    "provider.back",
    "provider.go_on",
    "register.look_style",
    "joining.join",
    "joining.take",
    "joining.enter_mine",
    "joining.mine",
}


def _made_up(rule: Rule) -> dict[str, Any]:
    """Arguments for a route that lead to nothing."""
    return {
        name: 1 if isinstance(rule._converters[name], IntegerConverter) else "ABCDEF"
        for name in rule.arguments
    }


def test_every_route_declares_its_access(app: Flask) -> None:
    undeclared = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not isinstance(getattr(app.view_functions[rule.endpoint], "access", None), Access)
    ]

    assert undeclared == []


def test_pages_for_anybody_are_known_by_name(app: Flask) -> None:
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", None) is Access.ANYBODY
    }

    assert found <= PUBLIC


def test_routes_for_the_signed_in_send_others_to_sign_in(app: Flask, client: FlaskClient) -> None:
    tried = 0
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "access", None) is not Access.SIGNED_IN:
            continue
        path = rule.build(_made_up(rule), append_unknown=False)
        assert path is not None
        if "GET" in (rule.methods or set()):
            tried += 1
            answer = client.get(path[1])
            assert answer.status_code == 302, rule.endpoint
            assert answer.headers["Location"].startswith("/sign-in"), rule.endpoint
        else:
            # Without a token a post is refused before anything else is asked.
            assert client.post(path[1]).status_code == 400, rule.endpoint
    assert tried > 5


def test_routes_of_an_invitation_show_nothing_without_its_cookie(
    app: Flask, client: FlaskClient
) -> None:
    tried = 0
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "access", None) is not Access.INVITATION:
            continue
        path = rule.build(_made_up(rule), append_unknown=False)
        assert path is not None
        if "GET" in (rule.methods or set()):
            tried += 1
            assert client.get(path[1]).status_code == 404, rule.endpoint
    assert tried > 8


def test_no_get_writes(app: Flask, client: FlaskClient) -> None:
    written: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(*arguments: object) -> None:
        statement = str(arguments[2]).lstrip().upper()
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            path = rule.build(_made_up(rule), append_unknown=False)
            assert path is not None
            client.get(path[1])
    event.remove(engine, "before_cursor_execute", note)

    assert written == []


def test_templates_stand_where_their_blueprints_are_named(app: Flask) -> None:
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}

    assert set(app.blueprints) <= folders
