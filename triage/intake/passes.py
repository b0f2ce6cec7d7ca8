"""A short-lived cookie for whoever gave a contact's code, so that they need not type it again at each step.

It holds no code: a contact's id and an end, signed with the deployment's key. It opens that one contact until then, on
that browser alone, and the page has a button that takes it away.
"""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request, Response

from triage import clock
from triage.settings import get_settings

COOKIE = "__Host-contact"
LASTS = timedelta(minutes=30)


def _signed(contact_id: UUID, ends: int) -> str:
    key = get_settings().signing_key.get_secret_value().encode()
    return hmac.digest(key, f"contact pass:{contact_id}:{ends}".encode(), "sha256").hex()


def pass_for(contact_id: UUID, now: datetime) -> str:
    """The cookie's value for the holder of a contact's code."""
    ends = int((now + LASTS).timestamp())
    return f"{contact_id}.{ends}.{_signed(contact_id, ends)}"


def opens(value: str, now: datetime) -> UUID | None:
    """The contact that a cookie opens now; None for one that ran out or that we did not make."""
    contact_id, _, rest = value.partition(".")
    ends, _, signature = rest.partition(".")
    try:
        found, until = UUID(contact_id), int(ends)
    except ValueError:
        return None
    signed = hmac.compare_digest(signature.encode(), _signed(found, until).encode())
    return found if signed and now.timestamp() < until else None


def opened_by(request: Request) -> UUID | None:
    """The contact that this browser may see without giving its code again."""
    return opens(request.cookies.get(COOKIE, ""), clock.now())


def give(response: Response, contact_id: UUID) -> None:
    """Let this browser see the contact for a while, from now on."""
    response.set_cookie(
        COOKIE,
        pass_for(contact_id, clock.now()),
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )


def take_away(response: Response) -> None:
    """From now on this browser must give the code again."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
