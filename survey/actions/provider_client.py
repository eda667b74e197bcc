"""The talk with a provider of OpenID Connect: where it is, its tokens, and what they prove.

Only signing in needs it, so it is imported there and every other page does without its libraries.
"""

from __future__ import annotations

import secrets
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from survey.actions.accounts import normal_email
from survey.actions.provider import Claims, ProviderFailed, Start
from survey.settings import LOOPBACK, OidcSettings

SCOPE = "openid email profile"
TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 60
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Those with a public key only: a token signed with the client's secret would prove less."""

PROVED_TWICE = frozenset({"mfa", "otp", "hwk", "sc", "fpt"})
"""Ways of proving who one is (RFC 8176) that make a second factor here needless."""


def begin(settings: OidcSettings, *, back: str) -> Start:
    """Makes the address to send a browser to. Raises ProviderFailed."""
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    client = _client(settings, back)
    address, state = client.create_authorization_url(
        _endpoint(_discover(settings), "authorization_endpoint"),
        code_verifier=verifier,
        nonce=nonce,
    )
    return Start(address, state, nonce, verifier)


def read_answer(
    settings: OidcSettings, *, back: str, code: str, nonce: str, verifier: str
) -> Claims:
    """Exchanges the code a browser came back with, and checks what it stands for.

    The caller has compared the state. Raises ProviderFailed.
    """
    known = _discover(settings)
    client = _client(settings, back)
    try:
        token = client.fetch_token(
            _endpoint(known, "token_endpoint"),
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            timeout=TIMEOUT_SECONDS,
        )
    except (AuthlibBaseError, requests.RequestException, ValueError) as error:
        raise ProviderFailed("The provider did not accept its own code.") from error
    claims = _verified(known, token.get("id_token"), settings, nonce)
    if "email" not in claims and "userinfo_endpoint" in known:
        claims = _userinfo(client, _endpoint(known, "userinfo_endpoint"), claims["sub"]) | claims
    ways = claims.get("amr")
    is_vouched = claims.get("email_verified") is True and isinstance(claims.get("email"), str)
    return Claims(
        issuer=claims["iss"],
        subject=claims["sub"],
        email=normal_email(claims["email"]) if is_vouched else "",
        proved_twice=isinstance(ways, list) and bool(PROVED_TWICE & {str(way) for way in ways}),
    )


def _client(settings: OidcSettings, back: str) -> OAuth2Session:
    return OAuth2Session(
        settings.client_id,
        settings.client_secret,
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _discover(settings: OidcSettings) -> dict[str, Any]:
    address = f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration"
    known = _fetch(address)
    # OpenID Connect Discovery 1.0, section 4.3: else one provider could speak for another.
    if known.get("issuer") != settings.issuer:
        raise ProviderFailed("The provider calls itself by another name than the settings do.")
    return known


def _endpoint(known: dict[str, Any], name: str) -> str:
    address = known.get(name)
    if not isinstance(address, str) or not address.startswith(("https://", *LOOPBACK)):
        raise ProviderFailed(f"The provider names no safe {name}.")
    return address


def _fetch(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderFailed("The provider does not answer.") from error
    if not isinstance(found, dict):
        raise ProviderFailed("The provider's answer cannot be read.")
    return found


def _verified(
    known: dict[str, Any], token: object, settings: OidcSettings, nonce: str
) -> dict[str, Any]:
    if not isinstance(token, str):
        raise ProviderFailed("The provider gave no proof of who signed in.")
    try:
        keys = KeySet.import_key_set(_fetch(_endpoint(known, "jwks_uri")))  # type: ignore[arg-type]  # checked while it is read
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderFailed("The provider's proof of who signed in is not right.") from error
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if len(audiences) > 1 and claims.get("azp") != settings.client_id:
        raise ProviderFailed("The provider's proof was made for somebody else.")
    if not isinstance(claims["sub"], str) or not claims["sub"] or len(claims["sub"]) > 255:
        raise ProviderFailed("The provider does not say who signed in.")
    return dict(claims)


def _userinfo(client: OAuth2Session, address: str, subject: str) -> dict[str, Any]:
    try:
        answer = client.get(address, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        found = answer.json()
    except (AuthlibBaseError, requests.RequestException, ValueError) as error:
        raise ProviderFailed("The provider does not say more about who signed in.") from error
    # Section 5.3.2: what it says must be about the person who signed in.
    if not isinstance(found, dict) or found.get("sub") != subject:
        raise ProviderFailed("The provider speaks of somebody else than who signed in.")
    return found
