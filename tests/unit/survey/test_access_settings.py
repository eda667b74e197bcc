"""Settings of second factors and of a provider that people sign in with."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.errors import InvalidSettings
from survey.settings import SecondFactor, from_environ

KEY = "a key for tests only, long enough to be one"
OIDC = {
    "OIDC_ISSUER": "https://id.example.org",
    "OIDC_CLIENT_ID": "signpost",
    "OIDC_CLIENT_SECRET": "a secret",
}


def environ(folder: Path, **changes: str) -> dict[str, str]:
    return {"SECRET_KEY": KEY, "SIGNPOST_INSTANCE": str(folder), **changes}


def test_without_settings_a_second_factor_is_offered_and_there_is_no_provider(
    tmp_path: Path,
) -> None:
    settings = from_environ(environ(tmp_path))

    assert settings.second_factor is SecondFactor.OFFERED
    assert settings.oidc is None


def test_settings_are_read_and_the_secret_is_not_printed(tmp_path: Path) -> None:
    settings = from_environ(
        environ(tmp_path, SECOND_FACTOR="required", OIDC_NAME="Wexmoor sign-on", **OIDC)
    )

    assert settings.second_factor is SecondFactor.REQUIRED
    assert settings.oidc is not None
    assert settings.oidc.name == "Wexmoor sign-on"
    assert "a secret" not in repr(settings)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"SECOND_FACTOR": "maybe"}, "SECOND_FACTOR must be offered or required"),
        ({"OIDC_ISSUER": "https://id.example.org"}, "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        (OIDC | {"OIDC_ISSUER": "http://id.example.org"}, "must begin with https://"),
    ],
    ids=["second factor", "half a provider", "provider without https"],
)
def test_faulty_settings_are_told(tmp_path: Path, changes: dict[str, str], fault: str) -> None:
    with pytest.raises(InvalidSettings, match=fault):
        from_environ(environ(tmp_path, **changes))
