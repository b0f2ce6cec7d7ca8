"""What the claims of the council's provider mean here. Pure."""

from collections.abc import Mapping
from typing import Any

from triage.settings import GroupRole

# Authentication methods that are two things or one that stands for two (RFC 8176).
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "sc", "pop"})


def groups_of(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The groups that the claim lists; one alone may come as text."""
    found = claims.get(claim)
    if isinstance(found, str):
        return [found]
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def role_of(groups: list[str], meanings: Mapping[str, GroupRole]) -> GroupRole | None:
    """What somebody in these groups is here: the first meaning, in the order of the setting, that they have."""
    return next((meaning for group, meaning in meanings.items() if group in groups), None)


def name_of(claims: Mapping[str, Any], claim: str) -> str | None:
    """What the provider calls them, as an administrator types it; an email address only when it was verified."""
    found = claims.get(claim)
    # Only a provider that says "not verified" is not believed: many leave the claim out for addresses of their own.
    if not isinstance(found, str) or not found or (claim == "email" and claims.get("email_verified") is False):
        return None
    return found


def second_factor(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that a second factor was shown."""
    methods = claims.get("amr")
    return isinstance(methods, list) and bool(STRONG & {one for one in methods if isinstance(one, str)})


def display_name(claims: Mapping[str, Any]) -> str:
    """What residents and colleagues see of somebody who was made at their first sign-in."""
    given = claims.get("name") or claims.get("preferred_username") or claims.get("sub")
    return " ".join(str(given).split())[:80] or "Agent"
