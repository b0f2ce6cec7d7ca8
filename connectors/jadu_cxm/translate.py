"""Between Jadu's words and ours. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.errors import AnswerUnreadable
from connectors.jadu_cxm.settings import Settings
from connectors.plain import moment, words
from connectors.shapes import Case, CaseRequest, CaseState, CaseUpdate

# A status that the council has not mapped: somebody there has it, and we claim no more than that.
UNKNOWN: CaseState = "looking"


def payload(request: CaseRequest, reference: str, settings: Settings) -> dict[str, str]:
    """What a case is made from: what we know under their names for it, and the form's answers under the form's."""
    known: dict[str, str | None] = {"text": request.text, "reference": reference}
    if place := request.place:
        known |= {"uprn": place.uprn, "address": place.line or place.postcode}
        if place.latitude is not None and place.longitude is not None:
            known |= {"latitude": f"{place.latitude:.6f}", "longitude": f"{place.longitude:.6f}"}
    if reporter := request.reporter:
        first, _, last = (reporter.name or "").partition(" ")
        known |= {"first_name": first, "last_name": last, "email": reporter.email, "phone": reporter.phone}
    named = {settings.fields[name]: value for name, value in known.items() if value and name in settings.fields}
    return {**request.details, **named}


def text_of(content: Any, name: str) -> str:
    """One text of an answer. Raises AnswerUnreadable, after which the case may have been made all the same."""
    value = content.get(name) if isinstance(content, Mapping) else None
    if not isinstance(value, str | int) or not str(value):
        raise AnswerUnreadable(f"Jadu gave no {name}.", maybe_done=True)
    return words(value)


def summaries(content: Any) -> list[Mapping[str, Any]]:
    """A page of a filter. Raises AnswerUnreadable."""
    items = content.get("items") if isinstance(content, Mapping) else None
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise AnswerUnreadable("Jadu gave no page of cases.")
    return items


def changed_at(summary: Mapping[str, Any]) -> datetime:
    """When a case was last changed. Raises AnswerUnreadable."""
    at = moment(summary.get("updated_at"), UTC)
    if at is None:
        raise AnswerUnreadable("Jadu gave a case without a time.")
    return at


def case_of(summary: Mapping[str, Any], states: Mapping[str, CaseState]) -> Case:
    """A case as its summary has it. Raises AnswerUnreadable."""
    reference = text_of(summary, "reference")
    return Case(reference, reference, states.get(_status(summary), UNKNOWN), None, changed_at(summary))


def update_of(summary: Mapping[str, Any], states: Mapping[str, CaseState]) -> CaseUpdate:
    """What a summary says has changed. Jadu numbers no updates: the same status of a case at one time is one."""
    case = case_of(summary, states)
    at = changed_at(summary)
    return CaseUpdate(f"{case.handle} {int(at.timestamp())} {_status(summary)}"[:200], case.handle, case.state, at)


def _status(summary: Mapping[str, Any]) -> str:
    status = summary.get("status")
    return str(status.get("title", "")) if isinstance(status, Mapping) else ""
