"""What was arranged about a contact, as a sentence for its history."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from triage import ringing
from triage.catalogue import catalogue
from triage.desk import correcting, safety
from triage.pages import plain_date
from triage.tables import ContactHistory


def _service(service_id: str | None) -> str:
    service = catalogue().services.get(service_id or "")
    return service.name if service else "not known"


def _law(law: str | None) -> str:
    return f'"{correcting.LAW_NAMES.get(law, law)}"' if law else "none"


def _corrected(detail: dict[str, dict[str, Any]]) -> str:
    before, after = detail.get("from", {}), detail.get("to", {})
    parts = []
    if before.get("service") != after.get("service"):
        parts.append(f"service from {_service(before.get('service'))} to {_service(after.get('service'))}")
    if before.get("priority") != after.get("priority"):
        parts.append(f"priority from {before.get('priority')} to {after.get('priority')}")
    if "complaint" in after:
        parts.append("it is a complaint" if after["complaint"] else "it is no complaint")
    if "statutory" in after:
        parts.append(f"legal time limit from {_law(before.get('statutory'))} to {_law(after['statutory'])}")
    return f"Put right: {', '.join(parts)}"


@dataclass(frozen=True)
class Said:
    """What a resident said of a contact that they have, who says it in words, and whether it came by phone."""

    text: str
    who: str
    by_phone: bool


def said_in(line: ContactHistory, name: str, agent: str | None) -> Said | None:
    """What the resident `name` said in a line, which `agent` wrote down if it came by phone; None where it is none."""
    text, by_phone = line.detail.get("said"), ringing.by_phone(line.detail)
    if line.what not in ("added", "reopened") or not text:
        return None
    not_settled = ", says it is not settled" if line.what == "reopened" else ""
    if by_phone:
        return Said(text, f"{name}, by phone{not_settled} (written down by {agent or 'an agent'})", by_phone)
    return Said(text, f"{name}{not_settled or ', added later'}", by_phone)


def who(line: ContactHistory, agent: str | None) -> str:
    """Who did what a line tells: who has a contact now has not done it where it was given to them."""
    how = {"automatic": "Automatic", "supervisor": "A supervisor"}.get(line.detail.get("assigned", ""))
    if line.what == "taken" and how:
        return f"{how}, to {agent or 'somebody'}"
    return agent or "Automatic"


def arranged(line: ContactHistory) -> str | None:
    """One line of the audit trail in words, or None when it is of another kind."""
    detail = line.detail
    day = plain_date(date.fromisoformat(detail["on"])) if detail.get("on") else None
    match line.what:
        case "added" if ringing.by_phone(detail):
            return "Somebody rang and added to it; written down"
        case "reopened" if ringing.by_phone(detail):
            return "Somebody rang and says that it is not settled: opened again"
        case "tagged":
            return f"Tag put on: {detail['added']}" if "added" in detail else f"Tag taken off: {detail.get('removed')}"
        case "linked":
            return f"Linked with {detail.get('reference')}"
        case "unlinked":
            return f"No longer linked with {detail.get('reference')}"
        case "merged":
            return f"Made part of {detail.get('into')}"
        case "took in":
            return f"{detail.get('reference')} was made part of this"
        case "look again":
            return f"To be looked at again on {day}" if day else "Not to be looked at again on a day"
        case "promised":
            return f"The resident hears from us by {day}" + ("" if detail.get("keeps") else "; given back to the queue")
        case "corrected":
            return _corrected(detail)
        case "safety":
            return safety.WORDS.get(detail.get("safe", ""))
        case "file":
            return f"File added: {detail.get('name')}"
        case "opened file":
            return f"File opened: {detail.get('name')}"
        case _:
            return None
