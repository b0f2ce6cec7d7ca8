"""Between GeoReport's words and ours. Pure, so that every word is tested without a server."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from connectors import plain
from connectors.errors import AnswerUnreadable
from connectors.shapes import Case, CaseNote, CaseRequest, CaseState, CaseUpdate

Row = dict[str, str]

# GeoReport v2 has OPEN and CLOSED; the others are FixMyStreet's, with spaces for its underscores and hyphens.
STATES: dict[str, CaseState] = {
    "open": "received",
    "closed": "done",
    "confirmed": "received",
    "investigating": "looking",
    "in progress": "in_progress",
    "planned": "planned",
    "action scheduled": "planned",
    "fixed": "done",
    "fixed council": "done",
    "fixed user": "done",
    "no further action": "no_action",
    "unable to fix": "no_action",
    "not responsible": "not_ours",
    "not councils responsibility": "not_ours",
    "internal referral": "looking",
    "duplicate": "duplicate",
    "cancelled": "no_action",
    # "archive" and whatever an endpoint makes up: somebody there has it, and we claim no more than that.
}
UNKNOWN: CaseState = "looking"
# What we send for our own states. Where an endpoint has no extended states, OPEN and CLOSED.
WORDS: dict[CaseState, str] = {
    "received": "OPEN",
    "looking": "INVESTIGATING",
    "planned": "PLANNED",
    "in_progress": "IN_PROGRESS",
    "done": "FIXED",
    "no_action": "NO_FURTHER_ACTION",
    "not_ours": "NOT_COUNCILS_RESPONSIBILITY",
    "duplicate": "DUPLICATE",
}
REFERENCE = "Our reference: "
# First parts of a handle: the endpoint has given a token, or nothing at all (a service of the type "blackbox").
TOKEN, UNNUMBERED = "token/", "ours/"
# What of an endpoint's own errors is a code, and may be shown to a supervisor: never a sentence.
CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
MOST_CODES = 5


@dataclass(frozen=True)
class Attribute:
    """One thing that an endpoint asks about a service, of a datatype of GeoReport's. `order`: 1 is asked first.

    Where it is not `asked`, it is something to be read. `options` are (key, name) of a list.
    """

    code: str
    description: str
    datatype: str
    required: bool
    asked: bool
    order: int
    help: str
    options: tuple[tuple[str, str], ...]


def state_of(word: str | None) -> CaseState:
    """Our state for the endpoint's word."""
    return STATES.get(" ".join((word or "").lower().replace("_", " ").replace("-", " ").split()), UNKNOWN)


def moment(text: str | None) -> datetime | None:
    """A date-time with its zone, or None. One without a zone, against the specification, is taken for UTC."""
    return plain.moment(text, UTC) if text else None


def said(at: datetime) -> str:
    """A moment as the specification wants it: ISO 8601 to the second, with its zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rows_of_xml(root: Element, item: str) -> list[Row]:
    """Every `item` of a document, as its children's names and texts."""
    return [{child.tag: (child.text or "").strip() for child in row} for row in root.iter(item)]


def rows_of_json(content: Any, wrapped: tuple[str, ...]) -> list[Row]:
    """Rows of a JSON list, which some endpoints wrap in an object as the XML would be. Raises AnswerUnreadable."""
    if isinstance(content, Mapping):
        content = next((content[name] for name in wrapped if name in content), [content])
    if not isinstance(content, list) or not all(isinstance(row, Mapping) for row in content):
        raise AnswerUnreadable("The supplier's answer is no list of rows.")
    return [{str(name): _text(value) for name, value in row.items()} for row in content]


def attributes_of_xml(root: Element) -> list[Attribute]:
    """What a service definition asks, in its order."""
    rows = [
        ({child.tag: (child.text or "").strip() for child in row}, rows_of_xml(row, "value"))
        for row in root.iter("attribute")
    ]
    return _attributes(rows)


def attributes_of_json(content: Any) -> list[Attribute]:
    """What a service definition asks, in its order. Raises AnswerUnreadable."""
    if isinstance(content, list) and len(content) == 1:
        # As an endpoint does that gives every answer as a list.
        content = content[0]
    given = content.get("attributes") if isinstance(content, Mapping) else None
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        raise AnswerUnreadable("The supplier's answer is no service definition.")
    return _attributes(
        [(rows_of_json([row], ())[0], rows_of_json(row.get("values") or [], ("value",))) for row in given]
    )


def _attributes(rows: list[tuple[Row, list[Row]]]) -> list[Attribute]:
    found = [
        Attribute(
            code=row["code"],
            description=row.get("description", ""),
            datatype=row.get("datatype", "").lower() or "string",
            required=row.get("required", "").lower() == "true",
            asked=row.get("variable", "true").lower() != "false",
            order=int(row["order"]) if row.get("order", "").isdecimal() else len(rows) + 1,
            help=row.get("datatype_description", ""),
            options=tuple((one.get("key", ""), one.get("name", "")) for one in options),
        )
        for row, options in rows
        if row.get("code")
    ]
    return sorted(found, key=lambda one: one.order)


def codes_of(rows: list[Row]) -> tuple[str, ...]:
    """The codes of an endpoint's list of errors that say more than the status does."""
    codes = [row.get("code", "") for row in rows]
    return tuple(dict.fromkeys(code for code in codes if CODE.fullmatch(code) and code != "400"))[:MOST_CODES]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return plain.words(value).strip() if isinstance(value, str | int | float) else ""


def form_of(request: CaseRequest, service_code: str, reference: str, reference_attribute: str) -> dict[str, str]:
    """What is posted to make a request. A place is given every way that we know, as endpoints differ."""
    form = {
        "service_code": service_code,
        # The last line is how a try whose answer was lost is found again.
        "description": f"{request.text}\n\n{REFERENCE}{reference}",
    }
    if place := request.place:
        if place.latitude is not None and place.longitude is not None:
            form |= {"lat": f"{place.latitude:.6f}", "long": f"{place.longitude:.6f}"}
        form |= {"address_string": place.line or place.postcode or "", "address_id": place.uprn or ""}
    if reporter := request.reporter:
        first, _, last = (reporter.name or "").partition(" ")
        form |= {"first_name": first, "last_name": last, "email": reporter.email or "", "phone": reporter.phone or ""}
    form |= {f"attribute[{code}]": value for code, value in request.details.items()}
    if reference_attribute:
        form[f"attribute[{reference_attribute}]"] = reference
    return {name: value for name, value in form.items() if value}


def update_form(service_request_id: str, note: CaseNote, extended: bool) -> dict[str, str]:
    """What is posted to add to a request (FixMyStreet's extension)."""
    word = WORDS[note.state or "received"]
    if not extended and note.state is not None:
        word = "CLOSED" if note.state in ("done", "no_action", "not_ours", "duplicate") else "OPEN"
    return {
        "update_id": note.id,
        "service_request_id": service_request_id,
        "status": word,
        "updated_datetime": said(note.at),
        "description": note.text,
    }


def made(row: Row, reference: str) -> Case:
    """What came of a post: a number at once, or a token to ask again with; a service of the type "blackbox" gives
    neither, and is known by our reference. Raises AnswerUnreadable.
    """
    if number := row.get("service_request_id"):
        return Case(number, number, "received", row.get("service_notice") or None)
    if token := row.get("token"):
        return Case(TOKEN + token, None, "received", row.get("service_notice") or None)
    if "service_notice" in row or "account_id" in row:
        return Case(UNNUMBERED + reference, None, "received", row.get("service_notice") or None)
    raise AnswerUnreadable("The supplier gave neither number nor token.", maybe_done=True)


def case_of(row: Row) -> Case:
    """A request as it stands. Raises AnswerUnreadable."""
    number = row.get("service_request_id")
    if not number:
        raise AnswerUnreadable("The supplier gave a request without a number.")
    changed = moment(row.get("updated_datetime")) or moment(row.get("requested_datetime"))
    return Case(number, number, state_of(row.get("status")), row.get("status_notes") or None, changed)


def is_about(row: Row, reference: str) -> bool:
    """Whether a request is the one that we made under this reference."""
    return (row.get("description") or "").rstrip().endswith(REFERENCE + reference)


def update_of(row: Row) -> CaseUpdate | None:
    """One update; None for one without id, number or time, which nobody could tell from another."""
    number, key, at = row.get("service_request_id"), row.get("update_id"), moment(row.get("updated_datetime"))
    if not number or not key or at is None:
        return None
    return CaseUpdate(key, number, state_of(row.get("status")), at, row.get("description") or None)
