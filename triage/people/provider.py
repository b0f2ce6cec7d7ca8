"""The council's OpenID Connect provider, as a relying party sees it: where to send people, and who came back.

Written on httpx2 and joserfc: the flow is two requests, and what must not go wrong (signature, issuer, audience, times,
nonce) is checked here where it can be read. No database session is open while the provider answers.
"""

import asyncio
import base64
import hashlib
import hmac
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from pydantic import BaseModel, ConfigDict, ValidationError

from triage.errors import ProviderDown, SignInNotSure
from triage.settings import Settings, get_settings

log = structlog.get_logger(__name__)

# Longest wait for one answer of the provider; somebody is looking at a blank page meanwhile.
TIMEOUT_S = 5.0
# How long its addresses and keys are taken as they were; a key that we do not know is asked for at once.
KEPT_S = 3600.0
# A new key is asked for at most this often, so that made-up tokens cannot make us ask without end.
KEYS_AGAIN_S = 30.0
LARGEST_ANSWER = 262_144
# Signatures that only the provider can make: no shared secret, and never "none".
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
# What a token endpoint may say went wrong (RFC 6749 section 5.2): these words, and no text of its own, are logged.
TOKEN_ERRORS = (
    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
    "invalid_scope",
)  # fmt: skip
# How far its clock may be from ours.
LEEWAY_S = 60


class Metadata(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as we use it."""

    model_config = ConfigDict(extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


@dataclass(frozen=True)
class Started:
    """What we remember of a sign-in that began, in a cookie of the browser in which it did."""

    state: str
    nonce: str
    verifier: str
    after: str


@dataclass
class _Held:
    at: float
    issuer: str
    metadata: Metadata
    keys: KeySet
    keys_at: float


_held: _Held | None = None


def forget() -> None:
    """Ask the provider again at the next sign-in (for tests)."""
    global _held
    _held = None


def back_address() -> str:
    """Where the provider sends people back to."""
    return f"{get_settings().address}/desk/sign-in/openid/back"


def _trusted(address: str, settings: Settings) -> str:
    """An address of the provider. Raises ProviderDown for one that anybody on the way could read."""
    parts = urlsplit(address)
    here = settings.environment == "development" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme == "https" or (parts.scheme == "http" and here):
        return address
    log.error("openid.not_https")
    raise ProviderDown


async def _json(client: httpx2.AsyncClient, method: str, address: str, **request: Any) -> tuple[int, dict[str, Any]]:
    try:
        async with (
            asyncio.timeout(TIMEOUT_S),
            client.stream(method, address, headers={"Accept": "application/json"}, **request) as answer,
        ):
            body = b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise ProviderDown
            answer_json = httpx2.Response(answer.status_code, content=body).json()
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError) as error:
        log.error("openid.no_answer", error=type(error).__name__)
        raise ProviderDown from None
    if answer.status_code >= 500 or not isinstance(answer_json, dict):
        log.error("openid.no_answer", reason=str(answer.status_code))
        raise ProviderDown
    return answer.status_code, answer_json


def _client() -> httpx2.AsyncClient:
    # No redirects: a provider's own addresses are where it says they are.
    return httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)


async def _keys(client: httpx2.AsyncClient, metadata: Metadata, settings: Settings) -> KeySet:
    _, found = await _json(client, "GET", _trusted(metadata.jwks_uri, settings))
    keys = []
    for one in found.get("keys", []):
        # A kind of key that we do not know, or one to encrypt with, is passed over (RFC 7517 section 5).
        with suppress(JoseError, ValueError, KeyError, TypeError):
            if one.get("use", "sig") == "sig":
                keys.append(import_key(one))
    if not keys:
        log.error("openid.keys_not_read")
        raise ProviderDown
    return KeySet(keys)


async def _provider() -> _Held:
    """The provider's addresses and keys, asked for at most once an hour. Raises ProviderDown."""
    global _held
    settings, now = get_settings(), time.monotonic()
    issuer = settings.openid_issuer
    if _held is not None and _held.issuer == issuer and now - _held.at < KEPT_S:
        return _held
    async with _client() as client:
        address = f"{_trusted(issuer, settings).rstrip('/')}/.well-known/openid-configuration"
        _, found = await _json(client, "GET", address)
        try:
            metadata = Metadata.model_validate(found)
        except ValidationError:
            log.error("openid.metadata_not_read")
            raise ProviderDown from None
        # Discovery 4.3: it must be the very one that we were told of.
        if metadata.issuer != issuer:
            log.error("openid.other_issuer")
            raise ProviderDown
        keys = await _keys(client, metadata, settings)
    _held = _Held(now, issuer, metadata, keys, now)
    return _held


def challenge(verifier: str) -> str:
    """PKCE's S256 of a verifier (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def where_to(started: Started) -> str:
    """The provider's page to sign in on. Raises ProviderDown."""
    settings, held = get_settings(), await _provider()
    asked = {
        "response_type": "code",
        "client_id": settings.openid_client_id,
        "redirect_uri": back_address(),
        "scope": settings.openid_scopes,
        "state": started.state,
        "nonce": started.nonce,
        "code_challenge": challenge(started.verifier),
        "code_challenge_method": "S256",
    }
    address = _trusted(held.metadata.authorization_endpoint, settings)
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


async def where_to_leave() -> str | None:
    """The provider's page to sign out on (RP-Initiated Logout 1.0), or None when it has none or does not answer.

    It is told who we are and not who signs out, so it may ask: we keep no token of anybody's to show it.
    """
    settings = get_settings()
    try:
        address = (await _provider()).metadata.end_session_endpoint
        if not address:
            return None
        _trusted(address, settings)
    except ProviderDown:
        return None
    asked = {"client_id": settings.openid_client_id, "post_logout_redirect_uri": f"{settings.address}/desk/sign-in"}
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


async def who_came(started: Started, code: str, issuer: str | None) -> dict[str, Any]:
    """The claims of whoever came back with `code`, every one checked. `issuer`: what the answer says of it (RFC 9207).

    Raises SignInNotSure when anything is not as it should be, ProviderDown.
    """
    held = await _provider()
    if issuer is None and held.metadata.authorization_response_iss_parameter_supported:
        raise SignInNotSure
    if issuer is not None and issuer != held.issuer:
        log.warning("openid.mixed_up")
        raise SignInNotSure
    token = await _token(held.metadata, code, started.verifier)
    return await _claims(held, token, started.nonce)


async def _token(metadata: Metadata, code: str, verifier: str) -> str:
    settings = get_settings()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_address(),
        "code_verifier": verifier,
    }
    secret, client_id = settings.openid_client_secret.get_secret_value(), settings.openid_client_id
    auth: tuple[str, str] | None = None
    if secret and "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
        auth = (client_id, secret)
    else:
        form["client_id"] = client_id
        if secret:
            form["client_secret"] = secret
    async with _client() as client:
        address = _trusted(metadata.token_endpoint, settings)
        status, found = await _json(client, "POST", address, data=form, auth=auth)
    token = found.get("id_token")
    if status != 200 or not isinstance(token, str):
        # A code that was used before ends here, and so does a verifier that is not the one of the beginning.
        said = found.get("error")
        log.warning("openid.code_refused", reason=said if said in TOKEN_ERRORS else str(status))
        raise SignInNotSure
    return token


async def _claims(held: _Held, token: str, nonce: str) -> dict[str, Any]:
    settings = get_settings()
    try:
        claims = _read(held, token)
    except (JoseError, ValueError) as error:
        # Perhaps it signs with a new key since.
        if time.monotonic() - held.keys_at < KEYS_AGAIN_S:
            log.warning("openid.token_not_right", error=type(error).__name__)
            raise SignInNotSure from None
        async with _client() as client:
            held.keys, held.keys_at = await _keys(client, held.metadata, settings), time.monotonic()
        try:
            claims = _read(held, token)
        except (JoseError, ValueError):
            log.warning("openid.token_not_right", error=type(error).__name__)
            raise SignInNotSure from None
    try:
        check(claims, issuer=held.issuer, client_id=settings.openid_client_id, nonce=nonce, now=time.time())
    except ValueError as error:
        log.warning("openid.claim_not_right", reason=str(error))
        raise SignInNotSure from None
    return claims


def _read(held: _Held, token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, held.keys, algorithms=ALGORITHMS).claims)


def check(claims: dict[str, Any], *, issuer: str, client_id: str, nonce: str, now: float) -> None:
    """Raise ValueError, naming the claim, unless an ID token is for us, of now and of this sign-in.

    OpenID Connect Core 1.0, section 3.1.3.7; the signature was checked before. `now` is the real time.
    """
    if claims.get("iss") != issuer:
        raise ValueError("iss")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise ValueError("aud")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise ValueError("azp")
    for name in ("exp", "iat"):
        if isinstance(claims.get(name), bool) or not isinstance(claims.get(name), int | float):
            raise ValueError(name)
    if claims["exp"] <= now - LEEWAY_S:
        raise ValueError("exp")
    if claims["iat"] > now + LEEWAY_S:
        raise ValueError("iat")
    if isinstance(claims.get("nbf"), int | float) and claims["nbf"] > now + LEEWAY_S:
        raise ValueError("nbf")
    if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise ValueError("nonce")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise ValueError("sub")
