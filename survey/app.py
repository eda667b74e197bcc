"""The web application, wired in a fixed order: settings, data, protection, pages, errors."""

from __future__ import annotations

import os
from datetime import timedelta

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from survey.data.engine import engine_options, prepare
from survey.extensions import csrf, db
from survey.settings import ROOT, Settings, from_environ
from survey.web import access, error_pages, headers, looks, presenting, requests_log, static_files
from survey.web.account import account
from survey.web.admin import admin
from survey.web.agencies import agencies
from survey.web.benchmark import benchmark
from survey.web.compare import compare
from survey.web.contribute import contribute
from survey.web.councils import councils
from survey.web.entry import entry
from survey.web.invitees import invitees
from survey.web.joining import joining
from survey.web.mail import mail
from survey.web.manage import manage
from survey.web.password import password
from survey.web.personal_data import personal_data
from survey.web.printed import printed
from survey.web.provider import provider
from survey.web.public import public
from survey.web.record import record
from survey.web.register import register
from survey.web.respond import respond
from survey.web.results import results
from survey.web.return_evidence import contribute_evidence, return_evidence
from survey.web.return_lead import return_lead
from survey.web.return_review import return_review
from survey.web.returns import returns
from survey.web.second_factor import second_factor
from survey.web.setup import setup
from survey.web.team import team
from survey.web.watch import watch
from survey.web.ways_in import ways_in

LARGEST_POST_BYTES = 2 * 1024 * 1024
"""A comment far over its limit must still arrive, to be shown again with what is wrong."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Without `settings` they are read from the environment.

    Raises InvalidSettings with every fault, so that nothing is discovered at the first request.
    """
    settings = settings or from_environ(os.environ)
    app = Flask("survey", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME="signpost_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.session_minutes),
        MAX_CONTENT_LENGTH=LARGEST_POST_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["signpost_settings"] = settings

    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    csrf.init_app(app)

    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "templates"), PackageLoader("govuk_frontend_jinja")]
    )
    presenting.init_app(app)
    access.init_app(app)
    looks.init_app(app)
    headers.init_app(app)
    requests_log.init_app(app)

    app.register_blueprint(public)
    app.register_blueprint(respond)
    app.register_blueprint(joining)
    app.register_blueprint(ways_in)
    app.register_blueprint(printed)
    app.register_blueprint(entry)
    app.register_blueprint(account)
    app.register_blueprint(password)
    app.register_blueprint(second_factor)
    app.register_blueprint(provider)
    app.register_blueprint(admin)
    app.register_blueprint(councils)
    app.register_blueprint(record)
    app.register_blueprint(team)
    app.register_blueprint(manage)
    app.register_blueprint(mail)
    app.register_blueprint(watch)
    app.register_blueprint(agencies)
    app.register_blueprint(invitees)
    app.register_blueprint(register)
    app.register_blueprint(results)
    app.register_blueprint(setup)
    app.register_blueprint(compare)
    app.register_blueprint(benchmark)
    app.register_blueprint(returns)
    app.register_blueprint(contribute)
    app.register_blueprint(return_evidence)
    app.register_blueprint(contribute_evidence)
    app.register_blueprint(return_lead)
    app.register_blueprint(return_review)
    app.register_blueprint(personal_data)
    error_pages.init_app(app)

    static_files.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own way to add middleware
    return app
