"""The settings of e-mail: what works, and every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.errors import InvalidSettings
from survey.settings import MailWay, Settings, SmtpSecurity, from_environ

NOTIFY_KEY = "test-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


def read(tmp_path: Path, **environ: str) -> Settings:
    return from_environ({"SIGNPOST_INSTANCE": str(tmp_path), "SECRET_KEY": "k" * 32, **environ})


def test_mail_waits_until_a_way_is_set(tmp_path: Path) -> None:
    assert read(tmp_path).mail.way is MailWay.NONE


@pytest.mark.parametrize(
    ("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)], ids=str
)
def test_smtp_has_the_usual_port_of_its_security(tmp_path: Path, security: str, port: int) -> None:
    mail = read(
        tmp_path,
        MAIL="smtp",
        SMTP_HOST="mail.example.org",
        SMTP_FROM="signpost@example.org",
        SMTP_SECURITY=security,
    ).mail

    assert (mail.way, mail.smtp_port, mail.smtp_security) == (
        MailWay.SMTP,
        port,
        SmtpSecurity(security),
    )


def test_every_fault_of_smtp_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings) as caught:
        read(
            tmp_path,
            MAIL="smtp",
            SMTP_FROM="Signpost <signpost@example.org>",
            SMTP_SECURITY="ssl",
            SMTP_PORT="0",
            SMTP_USER="signpost",
        )

    told = "\n".join(caught.value.faults)
    for name in ("SMTP_HOST", "SMTP_FROM", "SMTP_SECURITY", "SMTP_PORT", "SMTP_PASSWORD"):
        assert name in told


def test_password_in_the_clear_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="in the clear"):
        read(
            tmp_path,
            MAIL="smtp",
            SMTP_HOST="mail.example.org",
            SMTP_FROM="signpost@example.org",
            SMTP_SECURITY="none",
            SMTP_USER="signpost",
            SMTP_PASSWORD="four ordinary words here",
        )


def test_notify_needs_a_key_a_template_and_a_safe_address(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings) as caught:
        read(tmp_path, MAIL="notify", NOTIFY_API_KEY="key", NOTIFY_URL="http://notify.test")

    told = "\n".join(caught.value.faults)
    for name in ("NOTIFY_API_KEY", "NOTIFY_TEMPLATE_ID", "NOTIFY_URL"):
        assert name in told


def test_secrets_are_not_shown_with_the_settings(tmp_path: Path) -> None:
    settings = read(tmp_path, MAIL="notify", NOTIFY_API_KEY=NOTIFY_KEY, NOTIFY_TEMPLATE_ID=TEMPLATE)

    assert settings.mail.notify_api_key == NOTIFY_KEY
    assert NOTIFY_KEY not in repr(settings)


def test_unknown_way_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="MAIL must be none, local, smtp or notify"):
        read(tmp_path, MAIL="pigeon")
