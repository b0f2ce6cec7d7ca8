"""The bodies of posts, out and in. Pure. docs: this connector's README."""

import base64
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, get_args

import orjson

from connectors.errors import RequestRefused
from connectors.plain import moment, words
from connectors.shapes import Attachment, CaseNote, CaseRequest, CaseState, CaseUpdate

STATES = frozenset(get_args(CaseState))
LONGEST_TEXT = 10_000


def body_of(event: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """A post's body."""
    return orjson.dumps({"type": event, "timestamp": at.isoformat(), "data": data})


def created(request: CaseRequest, reference: str) -> dict[str, Any]:
    """What is told of a new case."""
    return {
        "reference": reference,
        "service": request.service,
        "text": request.text,
        "asked_at": request.asked_at.isoformat(),
        "place": asdict(request.place) if request.place else None,
        "reporter": asdict(request.reporter) if request.reporter else None,
        "details": dict(request.details),
    }


def updated(handle: str, note: CaseNote) -> dict[str, Any]:
    """What is told of what happened since."""
    return {"reference": handle, "id": note.id, "text": note.text, "at": note.at.isoformat(), "state": note.state}


def attached(handle: str, file: Attachment) -> dict[str, Any]:
    """What is told of a file."""
    content = base64.b64encode(file.content).decode()
    return {"reference": handle, "name": file.name, "content_type": file.content_type, "content": content}


def update_of(body: bytes, post_id: str) -> CaseUpdate | None:
    """What a genuine post says of a case; None for an event that is none of ours. Raises RequestRefused."""
    try:
        content = orjson.loads(body)
        event, data = content["type"], content["data"]
        if event != "case.changed":
            return None
        state, reference = data["state"], data["reference"]
        at = moment(content["timestamp"])
        text = data.get("text")
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise RequestRefused("the post is not as our README says") from None
    if not isinstance(state, str) or state not in STATES:
        raise RequestRefused("the post names a state that is none of ours")
    if not isinstance(reference, str) or not words(reference) or at is None:
        raise RequestRefused("the post has no reference, or no zone in its time")
    said = words(text)[:LONGEST_TEXT] or None if text else None
    return CaseUpdate(post_id, words(reference), state, at, said)  # type: ignore[arg-type]
