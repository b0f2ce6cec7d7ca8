"""Codes of an authenticator app: TOTP (RFC 6238) over HOTP (RFC 4226), SHA-1, six figures, half a minute.

Ours rather than a package: it is twenty lines, RFC 6238's own vectors prove them (tests/people/test_totp.py), and what
matters more, that no code counts twice, needs the step and not a yes or no.
"""

import base64
import hmac
import secrets
import time
from urllib.parse import quote

STEP_S = 30
DIGITS = 6
# One step early or late: a phone's clock may be half a minute off (RFC 6238, section 5.2).
DRIFT = 1


def new_secret() -> str:
    """160 bits in base 32, as apps take it (RFC 4226 section 4)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226 section 5.3). Raises binascii.Error for a secret that is not base 32."""
    mark = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    offset = mark[-1] & 15
    number = int.from_bytes(mark[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(moment: float) -> int:
    """The number of the half minute since 1970 in which `moment` (seconds) lies."""
    return int(moment) // STEP_S


def step_now() -> int:
    """The present step, by the real clock: a phone knows nothing of FRONTDOOR_NOW."""
    return step_of(time.time())


def matching_step(secret: str, code: str, now: int, after: int) -> int | None:
    """The step whose code this is, not earlier than the drift allows and later than `after`; None when there is none.

    `after` is the step of the last code that counted, so that none counts twice (RFC 6238 section 5.2).
    """
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        # Each is compared, whichever matches, so that time tells nothing.
        if hmac.compare_digest(code_at(secret, step), typed) and step > after and found is None:
            found = step
    return found


def address(secret: str, login: str, issuer: str) -> str:
    """What the square to scan says (the otpauth form that apps read)."""
    label = quote(f"{issuer}:{login}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}&digits={DIGITS}&period={STEP_S}"


def grouped(secret: str) -> str:
    """The secret in groups of four, to type by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
