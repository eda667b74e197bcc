"""What an installation can be told from outside. The only reader of the environment.

Every field is described in docs/settings.md.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from survey.errors import InvalidSettings

ROOT = Path(__file__).resolve().parent.parent
KEY_LENGTH = 32


class SecondFactor(StrEnum):
    """Whether administrators and review managers must have a second factor."""

    OFFERED = "offered"
    REQUIRED = "required"


@dataclass(frozen=True)
class OidcSettings:
    """Another provider at which people may sign in (OpenID Connect)."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    """What people call it, as on the button: "Sign in with …"."""


class MailWay(StrEnum):
    """How e-mails leave."""

    NONE = "none"
    """They do not: they wait in the outbox until a way is set."""
    LOCAL = "local"
    """They are kept in the database and shown on a page, for a demo."""
    SMTP = "smtp"
    NOTIFY = "notify"


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class MailSettings:
    """How e-mails are sent. What is not needed for the way chosen keeps its first value."""

    way: MailWay = MailWay.NONE
    sender: str = "signpost@localhost"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 587
    smtp_security: SmtpSecurity = SmtpSecurity.STARTTLS
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    notify_api_key: str = field(default="", repr=False)
    notify_template: str = ""
    notify_url: str = "https://api.notifications.service.gov.uk"


@dataclass(frozen=True)
class Settings:
    """A whole, valid configuration."""

    secret_key: str
    database_url: str
    instance: Path
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    secure_cookies: bool = False
    trusted_proxies: int = 0
    session_minutes: int = 60
    retention_days: int = 90
    evidence_file_mb: int = 10
    evidence_return_mb: int = 200
    second_factor: SecondFactor = SecondFactor.OFFERED
    oidc: OidcSettings | None = None
    mail: MailSettings = MailSettings()


def sqlite_url(instance: Path) -> str:
    """The address of the SQLite file in an instance folder."""
    return f"sqlite:///{instance / 'signpost.db'}"


def read_or_make_key(instance: Path) -> str:
    """The secret key kept in the instance folder, made on first use, readable by its owner only."""
    path = instance / "secret_key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    instance.mkdir(parents=True, exist_ok=True)
    key = secrets.token_hex(KEY_LENGTH)
    path.touch(mode=0o600)
    path.write_text(key, encoding="ascii")
    return key


def from_environ(environ: Mapping[str, str]) -> Settings:
    """Settings from environment variables. Raises InvalidSettings with every fault.

    Without SECRET_KEY one is made and kept in the instance folder: that is safe for a single
    machine, and several machines that share a database must be given the same one.
    """
    faults: list[str] = []
    instance = Path(environ.get("SIGNPOST_INSTANCE") or ROOT / "instance").absolute()
    host = environ.get("HOST") or "127.0.0.1"
    port = _whole(environ, "PORT", 8000, 1, 65535, faults)
    proxies = _whole(environ, "TRUSTED_PROXIES", 0, 0, 5, faults)
    minutes = _whole(environ, "SESSION_MINUTES", 60, 5, 720, faults)
    retention = _whole(environ, "RETENTION_DAYS", 90, 14, 1095, faults)
    file_mb = _whole(environ, "EVIDENCE_FILE_MB", 10, 1, 100, faults)
    return_mb = _whole(environ, "EVIDENCE_RETURN_MB", 200, 1, 5000, faults)
    base_url = (environ.get("BASE_URL") or f"http://{host}:{port}").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        faults.append("BASE_URL must begin with http:// or https://.")
    secure = _switch(environ, "SECURE_COOKIES", base_url.startswith("https://"), faults)
    url = environ.get("DATABASE_URL") or sqlite_url(instance)
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        faults.append("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    key = environ.get("SECRET_KEY") or ""
    if key and len(key) < KEY_LENGTH:
        faults.append(f"SECRET_KEY must have at least {KEY_LENGTH} characters.")
    second_factor = environ.get("SECOND_FACTOR") or SecondFactor.OFFERED
    if second_factor not in set(SecondFactor):
        faults.append(f"SECOND_FACTOR must be offered or required, not {second_factor!r}.")
    oidc = _oidc(environ, faults)
    mail = _mail(environ, faults)
    if faults:
        raise InvalidSettings(faults)
    return Settings(
        secret_key=key or read_or_make_key(instance),
        database_url=url,
        instance=instance,
        host=host,
        port=port,
        base_url=base_url,
        secure_cookies=secure,
        trusted_proxies=proxies,
        session_minutes=minutes,
        retention_days=retention,
        evidence_file_mb=file_mb,
        evidence_return_mb=return_mb,
        second_factor=SecondFactor(second_factor),
        oidc=oidc,
        mail=mail,
    )


OIDC = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
LOOPBACK = ("http://127.0.0.1:", "http://localhost:")


def _oidc(environ: Mapping[str, str], faults: list[str]) -> OidcSettings | None:
    """The provider, where one is set up: all of it or nothing."""
    issuer, client_id, client_secret = (environ.get(name) or "" for name in OIDC)
    if not (issuer or client_id or client_secret):
        return None
    missing = [name for name in OIDC if not environ.get(name)]
    if missing:
        faults.append(f"Sign-in by OpenID Connect also needs {' and '.join(missing)}.")
        return None
    if not issuer.startswith(("https://", *LOOPBACK)):
        faults.append("OIDC_ISSUER must begin with https://.")
        return None
    return OidcSettings(
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        name=environ.get("OIDC_NAME") or "your organisation’s account",
    )


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_NOTIFY_KEY = re.compile(r".*[0-9a-f-]{36}-[0-9a-f-]{36}")
_NOTIFY_TEMPLATE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _mail(environ: Mapping[str, str], faults: list[str]) -> MailSettings:
    """How e-mails are sent. What belongs to a way that is not chosen is not looked at."""
    way = environ.get("MAIL") or MailWay.NONE
    if way not in set(MailWay):
        faults.append(f"MAIL must be none, local, smtp or notify, not {way!r}.")
    if way == MailWay.SMTP:
        return _smtp(environ, faults)
    if way == MailWay.NOTIFY:
        return _notify(environ, faults)
    return MailSettings(way=MailWay.LOCAL if way == MailWay.LOCAL else MailWay.NONE)


def _smtp(environ: Mapping[str, str], faults: list[str]) -> MailSettings:
    host, sender = environ.get("SMTP_HOST") or "", environ.get("SMTP_FROM") or ""
    if not host:
        faults.append("MAIL=smtp also needs SMTP_HOST, the name of the mail server.")
    if not _ADDRESS.fullmatch(sender):
        faults.append("MAIL=smtp also needs SMTP_FROM, the e-mail address that messages are from.")
    security = environ.get("SMTP_SECURITY") or SmtpSecurity.STARTTLS
    if security not in set(SmtpSecurity):
        faults.append(f"SMTP_SECURITY must be starttls, tls or none, not {security!r}.")
        security = SmtpSecurity.STARTTLS
    usual = {"starttls": 587, "tls": 465, "none": 25}[security]
    port = _whole(environ, "SMTP_PORT", usual, 1, 65535, faults)
    user, password = environ.get("SMTP_USER") or "", environ.get("SMTP_PASSWORD") or ""
    if bool(user) != bool(password):
        faults.append("SMTP_USER and SMTP_PASSWORD belong together: set both or neither.")
    if user and security == SmtpSecurity.NONE:
        faults.append("SMTP_PASSWORD would travel in the clear: SMTP_SECURITY must not be none.")
    return MailSettings(
        way=MailWay.SMTP,
        sender=sender,
        smtp_host=host,
        smtp_port=port,
        smtp_security=SmtpSecurity(security),
        smtp_user=user,
        smtp_password=password,
    )


def _notify(environ: Mapping[str, str], faults: list[str]) -> MailSettings:
    key, template = (
        environ.get("NOTIFY_API_KEY") or "",
        environ.get("NOTIFY_TEMPLATE_ID") or "",
    )
    if not _NOTIFY_KEY.fullmatch(key):
        faults.append("MAIL=notify also needs NOTIFY_API_KEY, a key of your service on Notify.")
    if not _NOTIFY_TEMPLATE.fullmatch(template):
        faults.append("MAIL=notify also needs NOTIFY_TEMPLATE_ID, the id of your template there.")
    url = (environ.get("NOTIFY_URL") or MailSettings.notify_url).rstrip("/")
    if not url.startswith(("https://", *LOOPBACK)):
        faults.append("NOTIFY_URL must begin with https://.")
    return MailSettings(
        way=MailWay.NOTIFY, notify_api_key=key, notify_template=template, notify_url=url
    )


def _whole(
    environ: Mapping[str, str], name: str, default: int, low: int, high: int, faults: list[str]
) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        faults.append(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
        return default
    return int(text)


def _switch(environ: Mapping[str, str], name: str, default: bool, faults: list[str]) -> bool:
    text = (environ.get(name) or ("yes" if default else "no")).lower()
    if text not in {"yes", "no"}:
        faults.append(f"{name} must be yes or no, not {text!r}.")
    return text == "yes"
