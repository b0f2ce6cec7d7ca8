"""Browsers in which somebody has signed in before: whoever tries their password elsewhere keeps them out of none.

A device cookie, as OWASP describes it ("Slow Down Online Guessing Attacks with Device Cookies"): it lets nobody in, and
is worth only tries of its own.
"""

import json
from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

from triage import access, codes, sealed

COOKIE = "__Host-known"
PURPOSE = "known browser"
WITHIN = timedelta(days=180)
# Colleagues who share one desk share its browser.
MOST_LOGINS = 10


def _kept(request: Request) -> tuple[str, list[str]]:
    """The browser's own name and who has signed in there, newest first; a new name and nobody when it has no cookie."""
    opened = sealed.unseal(PURPOSE, request.cookies.get(COOKIE, "").encode(), WITHIN)
    if opened is None:
        return codes.new_secret(), []
    name, *logins = json.loads(opened)
    return name, logins


def known(request: Request, login: str) -> str | None:
    """The name of this browser if `login` has signed in there, else None."""
    name, logins = _kept(request)
    return name if login in logins else None


def remember(request: Request, response: Response, login: str) -> None:
    """Keep in the browser that `login` has signed in there."""
    name, logins = _kept(request)
    kept = [login, *(one for one in logins if one != login)][:MOST_LOGINS]
    sealed_now = sealed.seal(PURPOSE, json.dumps([name, *kept])).decode()
    access.set_cookie(response, COOKIE, sealed_now, int(WITHIN.total_seconds() // 3600))
