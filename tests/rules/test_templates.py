"""Templates: they compile, they escape, and they hold nothing the security policy forbids."""

from __future__ import annotations

import re
from pathlib import Path

import govuk_frontend_jinja
import jinja2
import pytest

from survey.app import create_app
from survey.settings import Settings
from tests.rules.repository import STATIC, TEMPLATES, templates

FORBIDDEN = {
    "safe filter": r"\|\s*safe\b",
    "autoescape off": r"autoescape\s+false",
    "inline style": r"<[^>]*\sstyle\s*=|<style\b",
    "inline script": r"<script\b(?![^>]*\ssrc=)",
    "event handler": r"<[a-z][^>]*\son[a-z]+\s*=",
    "script address": r"[\"']\s*javascript:",
    "fetch from elsewhere": (
        r"<(?:script|link|img|iframe|source|object|form)\b[^>]*[\"']\s*(?:https?:)?//"
    ),
}
CLASSES = re.compile(r"\bclass(?:es)?\"?\s*[=:]\s*\"([^\"{}]*)\"")
TEXTS = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in templates()}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> jinja2.Environment:
    """The application's own template environment; no database is opened for it."""
    folder = tmp_path_factory.mktemp("instance")
    settings = Settings(secret_key="k" * 32, database_url="sqlite://", instance=folder)
    return create_app(settings).jinja_env


@pytest.mark.parametrize("name", TEXTS)
def test_template_compiles(environment: jinja2.Environment, name: str) -> None:
    assert environment.get_template(name).name == name


def test_undefined_names_are_errors(environment: jinja2.Environment) -> None:
    with pytest.raises(jinja2.UndefinedError):
        environment.from_string("{{ never_given }}").render()


def test_html_templates_escape(environment: jinja2.Environment) -> None:
    selects = environment.autoescape
    assert callable(selects)
    assert all(selects(name) for name in TEXTS if name.endswith(".html"))


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_templates_hold_nothing_forbidden(rule: str) -> None:
    pattern = re.compile(FORBIDDEN[rule], re.IGNORECASE)
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()[:80]}"
        for name, text in TEXTS.items()
        for match in pattern.finditer(text)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("safe filter", "{{ text|safe }}"),
        ("autoescape off", "{% autoescape false %}"),
        ("inline style", '<p class="a" style="color:red">'),
        ("inline style", "<style>p{}</style>"),
        ("inline script", "<script>go()</script>"),
        ("event handler", '<a href="#" onclick="go()">'),
        ("script address", '<a href="javascript:go()">'),
        ("fetch from elsewhere", '<img alt="" src="//example.org/a.png">'),
    ],
)
def test_forbidden_thing_is_recognised(rule: str, text: str) -> None:
    assert re.search(FORBIDDEN[rule], text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("inline script", '<script type="module" src="{{ static_url(\'site.js\') }}"></script>'),
        ("event handler", '<input name="one" value="on = off">'),
        ("fetch from elsewhere", '<a href="https://example.org/">elsewhere</a>'),
    ],
)
def test_allowed_thing_is_let_through(rule: str, text: str) -> None:
    assert not re.search(FORBIDDEN[rule], text, re.IGNORECASE)


def test_every_class_written_in_a_template_is_known() -> None:
    known = _classes_with_a_style() | _classes_of_the_design_system()
    unknown = {
        f"{name}: {word}"
        for name, text in TEXTS.items()
        for value in CLASSES.findall(text)
        for word in value.split()
        if word not in known
    }

    assert unknown == set()


def _classes_with_a_style() -> set[str]:
    styles = "".join(path.read_text(encoding="utf-8") for path in sorted(STATIC.rglob("*.css")))
    found = re.findall(r"\.((?:\\.|[A-Za-z_-])(?:\\.|[\w-])*)", styles)
    return {name.replace("\\", "") for name in found}


def _classes_of_the_design_system() -> set[str]:
    """The names its own templates use: some are only the stem of styled ones."""
    folder = Path(govuk_frontend_jinja.__file__).parent / "templates"
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html")))
    return {word for text in texts for word in re.findall(r"govuk-[\w-]+", text)}


def test_static_folder_is_where_templates_look() -> None:
    asked = {
        (name, asset)
        for name, text in TEXTS.items()
        for asset in re.findall(r"static_url\(['\"]([^'\"]+)['\"]\)", text)
    }

    assert asked
    assert [each for each in sorted(asked) if not Path(STATIC, each[1]).is_file()] == []
