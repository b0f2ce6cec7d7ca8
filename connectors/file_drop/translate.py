"""Cases as rows of CSV, and rows as updates. Pure."""

import csv
import io
from collections.abc import Mapping
from hashlib import sha256
from typing import get_args

import orjson

from connectors.plain import moment, words
from connectors.shapes import CaseNote, CaseRequest, CaseState, CaseUpdate
from connectors.sheets import shown

STATES = frozenset(get_args(CaseState))
CASE = (
    "reference", "service", "asked_at", "text", "uprn", "address", "postcode", "latitude", "longitude",
    "name", "email", "phone", "details",
)  # fmt: skip
NOTE = ("reference", "id", "at", "state", "text")
LONGEST_TEXT = 10_000


def digest(text: str) -> str:
    """A name for a file that any system can hold, the same for the same text."""
    return sha256(text.encode()).hexdigest()[:24]


def _csv(columns: tuple[str, ...], row: Mapping[str, object]) -> bytes:
    written = io.StringIO()
    sheet = csv.writer(written, quoting=csv.QUOTE_ALL)
    sheet.writerow(columns)
    sheet.writerow([_shown(row.get(column)) for column in columns])
    return written.getvalue().encode("utf-8-sig")


def _shown(value: object) -> str:
    # A number of degrees is ours and calculates nothing: west of Greenwich it begins with a minus sign.
    return f"{value:.6f}" if isinstance(value, float) else shown(words(value))


def case_file(request: CaseRequest, reference: str) -> bytes:
    """A new case."""
    place, reporter = request.place, request.reporter
    row: dict[str, object] = {
        "reference": reference,
        "service": request.service,
        "asked_at": request.asked_at.isoformat(),
        "text": request.text,
        "details": orjson.dumps(dict(request.details)).decode() if request.details else "",
    }
    if place:
        row |= {"uprn": place.uprn or "", "address": place.line or "", "postcode": place.postcode or ""}
        if place.latitude is not None and place.longitude is not None:
            row |= {"latitude": float(place.latitude), "longitude": float(place.longitude)}
    if reporter:
        row |= {"name": reporter.name or "", "email": reporter.email or "", "phone": reporter.phone or ""}
    return _csv(CASE, row)


def note_file(handle: str, note: CaseNote) -> bytes:
    """What happened since."""
    row = {"reference": handle, "id": note.id, "at": note.at.isoformat(), "state": note.state, "text": note.text}
    return _csv(NOTE, row)


def updates_of(content: bytes) -> tuple[list[CaseUpdate], int]:
    """The updates in a file that they left, and how many of its rows could not be read."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return [], 1
    found = [update_of(row) for row in rows]
    return [one for one in found if one], found.count(None)


def update_of(row: Mapping[str | None, object]) -> CaseUpdate | None:
    """One row; None when it lacks its reference, a state of ours or its time with a zone."""
    cells = {str(name): words(value).strip() for name, value in row.items() if isinstance(value, str)}
    reference, state, text = cells.get("reference", ""), cells.get("state", ""), cells.get("text", "")
    at = moment(cells.get("at"))
    if not reference or state not in STATES or at is None:
        return None
    # Without an id of theirs, the same row in another file is the same update.
    key = cells.get("id") or digest("\n".join((reference, state, at.isoformat(), text)))
    return CaseUpdate(key, reference, state, at, text[:LONGEST_TEXT] or None)  # type: ignore[arg-type]
