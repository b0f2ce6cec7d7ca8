"""GeoReport v2's words for what we take in and tell, for other systems that report to us. Pure but for the clock.

https://wiki.open311.org/GeoReport_v2/. XML is what the specification asks for, JSON what it allows. Written apart from
connectors/open311, which is its client: tests set the two against each other.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from connectors.postcodes import within
from triage import clock, telling
from triage.catalogue import catalogue
from triage.contacts import POINT, UPRN, NewContact, uprn_of
from triage.errors import Invalid, NotFound
from triage.settings import get_settings
from triage.tables import Contact

# What happens at a place: GeoReport is for problems that somebody can be sent to.
QUEUES = ("Q-STREET", "Q-HWAY", "Q-WASTE", "Q-EH")
# Labels of what is kept with the contact, as an agent reads them.
THROUGH, PICTURE = "Reported through", "Picture"
SPAN = timedelta(days=90)
MOST_ROWS = 1000
MOST_ASKED = 100
MOST_ATTRIBUTES = 20
LONGEST_ANSWER = 500
FORMATS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# What XML 1.0 cannot hold at all.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](\[\])?")
# What JSON gives as a number, and as true or false.
NUMBERS = ("lat", "long", "code")
TRUTHS = {"true": True, "false": False}

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Which requests are asked for: those with these numbers, or those of a time."""

    numbers: tuple[str, ...]
    services: tuple[str, ...]
    start: datetime
    end: datetime
    closed: bool | None


def form_of(given: Iterable[tuple[str, object]]) -> dict[str, str]:
    """A form's fields. What is chosen several times of one list, as attribute[code][], is one answer."""
    form: dict[str, str] = {}
    for name, value in given:
        if isinstance(value, str):
            more = name.endswith("[]") and form.get(name)
            form[name] = f"{form[name]}, {value}" if more else value
    return form


def told(form: Mapping[str, str], system: str) -> NewContact:
    """A contact of what another system tells. Raises Invalid (400), NotFound for a service that we do not have."""
    code = _text(form, "service_code", 100)
    if not code:
        raise Invalid("service_code was not provided")
    if code not in services():
        raise NotFound("service_code provided was not found")
    point, uprn = _point(form), _text(form, "address_id", 20)
    place = _text(form, "address_string", 500)
    if not (point or uprn or place):
        raise Invalid("a location was not provided: lat and long, address_string, or address_id")
    email = _text(form, "email", 320)
    return NewContact(
        channel="api",
        text=text_of(form),
        details={THROUGH: system, **_details(form, point, uprn)},
        name=" ".join(filter(None, (_text(form, "first_name", 100), _text(form, "last_name", 99)))) or None,
        reply_to=(email if email and telling.address(email) else _text(form, "phone", 40)) or None,
        place=place or (f"Property {uprn}" if uprn else None),
        # Whoever reports through another system gave it to be passed on to us and to whoever must act.
        consent=True,
        service=code,
    )


def text_of(form: Mapping[str, str]) -> str:
    """What is reported, in the words that came; the service's name when there are none. Raises Invalid."""
    text = _text(form, "description")
    if len(text) > get_settings().message_limit:
        raise Invalid(f"description is longer than {get_settings().message_limit} characters")
    code = _text(form, "service_code", 100)
    return text or (catalogue().services[code].name if code in services() else "")


def services() -> list[str]:
    """What may be reported this way, in the order of their names."""
    found = catalogue().services
    return sorted((code for code, one in found.items() if one.queue in QUEUES), key=lambda code: found[code].name)


def _text(form: Mapping[str, str], name: str, longest: int | None = None) -> str:
    value = form.get(name, "").replace("\x00", "").strip()
    if longest is not None and len(value) > longest:
        raise Invalid(f"{name} is longer than {longest} characters")
    return value


def _point(form: Mapping[str, str]) -> str | None:
    given = _text(form, "lat", 30), _text(form, "long", 30)
    if not any(given):
        return None
    try:
        latitude, longitude = (float(one) for one in given)
    except ValueError:
        raise Invalid("lat and long are two numbers, in degrees") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Invalid("lat and long are degrees of WGS 84")
    return f"{latitude:.6f}, {longitude:.6f}"


def _details(form: Mapping[str, str], point: str | None, uprn: str) -> dict[str, str]:
    picture = _text(form, "media_url", 500)
    found = {POINT: point or "", UPRN: uprn, PICTURE: picture if picture.startswith(("https://", "http://")) else ""}
    for name in list(form)[: 4 * MOST_ATTRIBUTES]:
        matched = ATTRIBUTE.fullmatch(name)
        # An attribute may be called anything, but not what we ourselves call something.
        if matched and matched[1] not in (THROUGH, *found) and len(found) < MOST_ATTRIBUTES:
            found[matched[1]] = _text(form, name, LONGEST_ANSWER)
    return {label: value for label, value in found.items() if value}


def asked(query: Mapping[str, str]) -> Asked:
    """Which requests are asked for. Raises Invalid."""
    now = clock.now()
    end = _moment(query, "end_date") or now
    start = _moment(query, "start_date") or end - SPAN
    # A second more, for whoever cuts fractions off one of the two.
    if end - start > SPAN + timedelta(seconds=1):
        raise Invalid("start_date and end_date are more than 90 days apart")
    status = query.get("status", "").lower()
    known = {"": None, "open": False, "closed": True, "open,closed": None, "closed,open": None}
    if status not in known:
        raise Invalid("status is open or closed")
    return Asked(_list(query, "service_request_id"), _list(query, "service_code"), start, end, known[status])


def _list(query: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(one.strip()[:100] for one in query.get(name, "").split(",") if one.strip())[:MOST_ASKED]


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        # A plus sign that nobody escaped arrives as a space.
        found = datetime.fromisoformat(text.replace(" ", "+"))
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"{name} is a date and time with its zone, such as 2026-11-26T09:00:00Z") from None


def check_jurisdiction(given: Mapping[str, str]) -> None:
    """Refuse another council's. There is one council here, so none need be named. Raises NotFound."""
    named = given.get("jurisdiction_id")
    ours = {str(catalogue().council["slug"]), re.sub(r"^https?://(www\.)?", "", str(catalogue().council["website"]))}
    if named and named.lower().removeprefix("www.") not in ours:
        raise NotFound("jurisdiction_id provided was not found")


def service_row(code: str) -> Row:
    """A service as it is listed."""
    service = catalogue().services[code]
    return {
        "service_code": code,
        "service_name": service.name,
        "description": service.name,
        "metadata": "false",
        "type": "realtime",
        "keywords": "",
        "group": catalogue().queues[service.queue].name,
    }


def request_row(contact: Contact) -> Row:
    """A contact as the system that reported it may see it: never who has it, nor a word that is not its own."""
    known = catalogue().services.get(contact.service or "")
    latitude, _, longitude = str(contact.details.get(POINT, "")).partition(", ")
    moments = (contact.arrived_at, contact.queued_at, contact.taken_at, contact.closed_at)
    closed = contact.state == "closed"
    return {
        "service_request_id": contact.reference,
        "status": "closed" if closed else "open",
        "status_notes": (contact.outcome if closed else None) or "",
        "service_name": known.name if known else "",
        "service_code": contact.service or "",
        "description": contact.text,
        "agency_responsible": str(catalogue().council["official_name"]),
        "service_notice": "",
        "requested_datetime": said(contact.arrived_at),
        "updated_datetime": said(max(one for one in moments if one)),
        "expected_datetime": said(contact.settle_due_at) if contact.settle_due_at else "",
        "address": contact.place or "",
        "address_id": uprn_of(contact.details) or "",
        "zipcode": (within(contact.place or "") or ("", ""))[0],
        "lat": latitude,
        "long": longitude,
        "media_url": str(contact.details.get(PICTURE, "")),
    }


def said(at: datetime) -> str:
    """A moment to the second, with its zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def discovery() -> Row:
    """Where all of this is."""
    address = f"{get_settings().address}/open311/v2"
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": address,
        "changeset": "2026-11-26T00:00:00Z",
        "type": get_settings().environment.replace("development", "test"),
        "formats": list(FORMATS.values()),
    }
    return {
        "changeset": "2026-11-26T00:00:00Z",
        "contact": str(catalogue().council["website"]),
        "key_service": str(catalogue().council["website"]),
        "endpoints": [endpoint],
    }


# What a list holds, as XML names each.
ITEMS = {"endpoints": "endpoint", "formats": "format", "attributes": "attribute"}


def written(content: Row | Sequence[Row], root: str, item: str, form: str) -> bytes:
    """A document: rows, each an `item` below `root`, or one row that is the root itself."""
    if form == "json":
        return json.dumps(_numbered(content), ensure_ascii=False).encode()
    whole = Element(root)
    if isinstance(content, dict):
        _fill(whole, content)
    else:
        for row in content:
            _fill(SubElement(whole, item), row)
    found: bytes = tostring(whole, encoding="utf-8", xml_declaration=True)
    return found


def _fill(element: Element, row: Row) -> None:
    for name, value in row.items():
        child = SubElement(element, name)
        if isinstance(value, list):
            for one in value:
                below = SubElement(child, ITEMS[name])
                if isinstance(one, dict):
                    _fill(below, one)
                else:
                    below.text = str(one)
        else:
            child.text = NOT_IN_XML.sub("", str(value))


def _numbered(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _number(name, value) for name, value in content.items()}
    return [_numbered(one) for one in content] if isinstance(content, list | tuple) else content


def _number(name: str, value: Any) -> Any:
    if value == "":
        # What XML has as an empty element.
        return None
    if name in NUMBERS:
        return float(value) if isinstance(value, str) else value
    if name == "metadata":
        return TRUTHS.get(value)
    return _numbered(value) if isinstance(value, dict | list) else value
