"""What we must be able to read again and nobody else may: sealed with a key made from the deployment's.

Fernet (AES-128-CBC with HMAC-SHA256) of `cryptography`, which checking OpenID Connect tokens brings anyway.
"""

import base64
import hmac
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken

from triage.settings import get_settings


def _box(purpose: str) -> Fernet:
    key = get_settings().signing_key.get_secret_value().encode()
    if not key:
        raise RuntimeError("FRONTDOOR_SIGNING_KEY is empty: nothing can be sealed.")
    # Each purpose has a key of its own, so that what was sealed for one is nothing for another.
    return Fernet(base64.urlsafe_b64encode(hmac.digest(key, f"seal:{purpose}".encode(), "sha256")))


def seal(purpose: str, text: str) -> bytes:
    """`text`, encrypted and signed for `purpose`."""
    return _box(purpose).encrypt(text.encode())


def unseal(purpose: str, sealed: bytes, within: timedelta | None = None) -> str | None:
    """What was sealed for `purpose` (not longer ago than `within`), or None when it is not ours or was changed."""
    try:
        return _box(purpose).decrypt(sealed, ttl=int(within.total_seconds()) if within else None).decode()
    except InvalidToken:
        return None
