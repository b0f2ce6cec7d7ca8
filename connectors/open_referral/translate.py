"""From a directory's services to ours. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.errors import AnswerUnreadable
from connectors.shapes import CommunityService, Directory

LONGEST_TEXT = 2000


def page_of(content: Any, name: str) -> Directory:
    """One page. Raises AnswerUnreadable. Services that are not active are left out."""
    rows = content.get("contents") if isinstance(content, Mapping) else None
    if not isinstance(rows, list):
        raise AnswerUnreadable("The directory gave no page.")
    found = [service_of(row, name) for row in rows]
    more = content.get("last_page") is False and bool(rows)
    return Directory(tuple(one for one in found if one), more)


def service_of(row: Any, name: str) -> CommunityService | None:
    """One service; None for one that is not active. Raises AnswerUnreadable."""
    if not isinstance(row, Mapping) or not row.get("id") or not row.get("name"):
        raise AnswerUnreadable("The directory gave a service without its name.")
    if str(row.get("status") or "active").lower() != "active":
        return None
    organisation = row.get("organization")
    whose = str(organisation.get("name") or "") if isinstance(organisation, Mapping) else ""
    link = str(row.get("url") or "")
    return CommunityService(
        id=str(row["id"]),
        name=str(row["name"])[:200],
        about=str(row.get("description") or "")[:LONGEST_TEXT],
        provenance=f"{name}, from {whose}" if whose else name,
        # A link goes into a page of ours: only one that leads to a page.
        link=link if link.startswith(("https://", "http://")) else None,
        email=str(row.get("email") or "") or None,
        phone=_phone(row),
        checked_on=_day(row.get("assured_date") or row.get("last_modified")),
    )


def _phone(row: Mapping[str, Any]) -> str | None:
    phones = row.get("phones")
    if isinstance(phones, list) and phones and isinstance(phones[0], Mapping):
        return str(phones[0].get("number") or "") or None
    return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
