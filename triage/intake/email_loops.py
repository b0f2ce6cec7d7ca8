"""Which emails nobody wrote to us: answers of machines, lists, bounces, and our own. Pure."""

import re
from collections.abc import Collection, Mapping

MACHINES = frozenset(["mailer-daemon", "postmaster", "mail-daemon"])
_AWAY = re.compile(
    r"^\s*(automatic reply|out of (the )?office|auto(matic)?[- ]?(reply|response)|undeliver(able|ed))\b", re.I
)


def why_ignored(headers: Mapping[str, str], sender: str | None, ours: Collection[str]) -> str | None:
    """A short name of the reason (RFC 3834 and what programs do instead of it); None for what a person wrote.

    `headers` by their names in small letters. To answer any of these could go on for ever.
    """
    name = (sender or "").rpartition("@")[0].lower()
    submitted = headers.get("auto-submitted", "").strip().lower()
    precedence = headers.get("precedence", "").strip().lower()
    kind = headers.get("content-type", "").strip().lower()
    returned = headers.get("return-path")
    checks = {
        "own": sender is not None and sender.lower() in ours,
        "bounce": (returned is not None and returned.strip() in ("<>", ""))
        or name in MACHINES
        or kind.startswith("multipart/report"),
        "automatic": bool(submitted) and not submitted.startswith("no"),
        "list": precedence in ("bulk", "list", "junk") or "list-id" in headers,
        "autoreply": any(one in headers for one in ("x-autoreply", "x-autorespond", "x-auto-response-suppress")),
        "away": bool(_AWAY.match(headers.get("subject", ""))),
    }
    return next((reason for reason, found in checks.items() if found), None)
