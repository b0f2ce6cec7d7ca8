"""Between the words of Zendesk and ours. Pure: no call is made here, and its words go no further."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.errors import AnswerUnreadable
from connectors.plain import moment
from connectors.shapes import Case, CaseRequest, CaseState, CaseUpdate

STATES: dict[str, CaseState] = {
    "new": "received",
    "open": "in_progress",
    "pending": "looking",  # Waits for whoever asked.
    "hold": "planned",  # Waits for somebody else.
    "solved": "done",
    "closed": "done",  # Solved, and past being opened again.
}
UNKNOWN: CaseState = "looking"
LONGEST_SUBJECT = 150


def ticket_of(request: CaseRequest, reference: str, group_id: int | None) -> dict[str, Any]:
    """What a ticket is made from. What Zendesk has no field for stands in its first comment."""
    lines = [request.text, ""]
    if request.place:
        lines += [f"Place: {request.place.line or request.place.postcode or request.place.uprn or ''}"]
    lines += [f"{name}: {value}" for name, value in request.details.items()] + [f"Our reference: {reference}"]
    ticket: dict[str, Any] = {
        "subject": request.service.replace("_", " ").capitalize()[:LONGEST_SUBJECT],
        "comment": {"body": "\n".join(lines), "public": False},
        "external_id": reference,
        "tags": ["frontdoor", request.service],
    }
    if request.reporter and request.reporter.email:
        email = request.reporter.email
        ticket["requester"] = {"name": request.reporter.name or email, "email": email}
    if group_id is not None:
        ticket["group_id"] = group_id
    return ticket


def ticket_in(content: Any, writes: bool = False) -> Mapping[str, Any]:
    """The ticket of an answer. Raises AnswerUnreadable."""
    ticket = content.get("ticket") if isinstance(content, Mapping) else None
    if not isinstance(ticket, Mapping) or not isinstance(ticket.get("id"), int):
        raise AnswerUnreadable("Zendesk gave no ticket.", maybe_done=writes)
    return ticket


def tickets_in(content: Any) -> list[Mapping[str, Any]]:
    """The tickets of a list. Raises AnswerUnreadable."""
    tickets = content.get("tickets") if isinstance(content, Mapping) else None
    if not isinstance(tickets, list):
        raise AnswerUnreadable("Zendesk gave no tickets.")
    return [ticket_in({"ticket": ticket}) for ticket in tickets]


def changed_at(ticket: Mapping[str, Any]) -> datetime:
    """When a ticket was last changed. Raises AnswerUnreadable."""
    at = moment(ticket.get("updated_at"))
    if at is None:
        raise AnswerUnreadable("Zendesk gave a ticket without its time.")
    return at


def case_of(ticket: Mapping[str, Any]) -> Case:
    """A ticket as a case."""
    number = str(ticket["id"])
    return Case(number, number, STATES.get(str(ticket.get("status")), UNKNOWN), None, changed_at(ticket))


def update_of(ticket: Mapping[str, Any]) -> CaseUpdate:
    """What a change of a ticket says. Zendesk numbers no changes: the same status at the same time is one."""
    case, at = case_of(ticket), changed_at(ticket)
    return CaseUpdate(f"{case.handle}-{int(at.timestamp())}-{ticket.get('status')}", case.handle, case.state, at)
