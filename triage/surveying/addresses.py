"""A person by the address that they left: a keyed hash, which says only whether two are the same."""

import hmac

from triage import telling
from triage.settings import get_settings


def _hash(what: str, value: str) -> bytes:
    key = get_settings().signing_key.get_secret_value().encode()
    return hmac.digest(key, f"survey {what}:{value}".encode(), "sha256")


def hash_of(reply_to: str | None) -> bytes | None:
    """The hash of the email address or mobile number in what somebody left, however it was typed; None: there is none.

    One mailbox is one person: what follows a + in it does not make another.
    """
    address = telling.address(reply_to)
    if address is None:
        return None
    name, at, domain = telling.same(address).partition("@")
    return _hash("address", f"{name.partition('+')[0]}{at}{domain}" if at else name)


def source_hash(network_address: str) -> bytes:
    """The hash of the network address that an answer came from."""
    return _hash("source", network_address)
