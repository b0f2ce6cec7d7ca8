"""Survey links: signed, so that one that we did not make is refused without a look in the database."""

import hmac
import secrets

from triage.errors import NotFound
from triage.settings import get_settings


def _mark(nonce: str) -> str:
    key = get_settings().signing_key.get_secret_value().encode()
    return hmac.digest(key, b"survey:" + nonce.encode(), "sha256").hex()[:32]


def new_token() -> str:
    """A token of 128 bits of chance and 128 bits of signature, safe in a URL."""
    nonce = secrets.token_hex(16)
    return f"{nonce}{_mark(nonce)}"


def check_token(token: str) -> str:
    """The token, if we signed it. Raises NotFound."""
    if len(token) != 64 or not hmac.compare_digest(_mark(token[:32]).encode(), token[32:].encode()):
        raise NotFound("We could not find that survey. Open the link again, or copy all of it.")
    return token
