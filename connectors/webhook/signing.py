"""Standard Webhooks: how a post is signed, and how one is known to be genuine. Pure functions.

What is signed is the post's id, its time and its body, so that none of them can be changed; a list of signatures, one
for each key in use, is what lets a key be changed without losing a post. https://www.standardwebhooks.com/
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from connectors.errors import NotGenuine, WrongSettings

PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64
MOST_SIGNATURES = 10


def key_of(secret: str) -> bytes:
    """The key that a secret stands for. Raises WrongSettings."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise WrongSettings("webhook: a key is not base64") from None
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise WrongSettings(f"webhook: a key has {SHORTEST_KEY} to {LONGEST_KEY} bytes")
    return key


def _signature(key: bytes, post_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{post_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def sign(post_id: str, at: datetime, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers of a post, signed with every key."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": post_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(key, post_id, timestamp, body)}" for key in keys),
    }


def verify(headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime, window_s: float) -> str:
    """The id of a genuine post. Raises NotGenuine.

    Comparing takes as long whichever byte differs. A post that comes again within the window is genuine again: whoever
    reads it knows it by its id.
    """
    post_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not post_id or len(post_id) > 200 or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise NotGenuine
    given = [
        one[3:].encode() for one in headers.get("webhook-signature", "").split()[:MOST_SIGNATURES] if one[:3] == "v1,"
    ]
    ours = [_signature(key, post_id, timestamp, body).encode() for key in keys]
    matches = [hmac.compare_digest(one, other) for one in given for other in ours]
    if not any(matches) or abs(now.timestamp() - int(timestamp)) > window_s:
        raise NotGenuine
    return post_id
