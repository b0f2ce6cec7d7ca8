"""A person by the address that they left: a keyed hash, which says only whether two are the same."""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network

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


def network_of(network_address: str) -> str:
    """What one home or phone has of the network: an IPv4 address, or the first half (/64) of an IPv6 address.

    A provider gives each of its customers at least a /64 (RFC 6177), and a telephone takes a new address in it whenever
    it likes (RFC 8981): by whole addresses one person would be as many as they please.
    """
    try:
        found = ip_address(network_address)
    except ValueError:
        # Not an address: "unknown", or a socket's name.
        return network_address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    # Of one that has a zone (fe80::1%eth0) without it.
    return str(ip_network((int(found), 64), strict=False))


def source_hash(network_address: str) -> bytes:
    """The hash of where in the network an answer came from."""
    return _hash("source", network_of(network_address))
