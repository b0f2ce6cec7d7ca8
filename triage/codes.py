"""References that people read out, and secrets that let only their holder in."""

import hashlib
import hmac
import re
import secrets
from uuid import UUID

from triage.settings import get_settings

# Crockford's base 32: no I, L, O or U, so that nothing is misread or misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 26  # 26 × 5 bits = 130 bits, so it cannot be guessed (PROMISES 12).

_CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{5}[- ]?){5}[0-9A-HJKMNP-TV-Z]\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\b([A-Z]{2})[- ]?([0-9A-Z]{4})[- ]?([0-9A-Z]{4})\b", re.IGNORECASE)


def random_characters(count: int) -> str:
    """That many letters and figures that are not misread, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def new_reference(prefix: str) -> str:
    """A contact's reference, such as BN-7K3M-9QXF. Unique by the table's constraint, not by chance alone."""
    return f"{prefix}-{random_characters(4)}-{random_characters(4)}"


def code_for(contact_id: UUID) -> str:
    """The secret that goes with a contact's reference, in groups of five so that it can be copied by hand.

    It is made from the contact's id with the deployment's key, so that a request sent twice gives the same code.
    """
    key = get_settings().signing_key.get_secret_value().encode()
    number = int.from_bytes(hmac.digest(key, b"contact code:" + contact_id.bytes, "sha256"), "big")
    code = "".join(ALPHABET[(number >> (5 * i)) & 31] for i in range(CODE_LENGTH))
    return "-".join(code[i : i + 5] for i in range(0, CODE_LENGTH, 5))


def new_secret() -> str:
    """A secret that only machines carry (256 bits)."""
    return secrets.token_urlsafe(32)


def tidy_code(text: str) -> str:
    """A code as it was made: capitals, no spaces or dashes, and misread letters put right (O→0, I and L→1)."""
    return re.sub(r"[^0-9A-Z]", "", text.upper()).translate(str.maketrans("OIL", "011"))


def hash_secret(secret: str) -> bytes:
    """What we keep of a secret. It has 128 bits or more of chance, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).digest()


def hash_code(code: str) -> bytes:
    """What we keep of a code, however it was typed."""
    return hash_secret(tidy_code(code))


def matches(secret: str, kept: bytes) -> bool:
    """Whether `secret` is the one that was kept, in constant time."""
    return hmac.compare_digest(hash_secret(secret), kept)


def find_code(text: str) -> str | None:
    """The first code in `text`, tidied, or None."""
    found = _CODE.search(text)
    return tidy_code(found.group()) if found else None


def hide_codes(text: str) -> str:
    """`text` with every code replaced by [code], before it is stored or goes to Rasa."""
    return _CODE.sub("[code]", text)


def find_reference(text: str) -> str | None:
    """The first reference in `text` in its written form, or None."""
    found = _REFERENCE.search(_CODE.sub(" ", text))
    if not found:
        return None
    prefix, first, second = (part.upper() for part in found.groups())
    fixed = str.maketrans("OIL", "011")
    return f"{prefix}-{first.translate(fixed)}-{second.translate(fixed)}"
