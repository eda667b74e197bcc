"""What an installation can be told from outside. The only reader of the environment.

Every field is described in docs/settings.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.errors import InvalidSettings

ROOT = Path(__file__).resolve().parent.parent
KEY_LENGTH = 32


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
