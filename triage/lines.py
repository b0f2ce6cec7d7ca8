"""JSON lines in, JSON lines out: how the house reads, sorts and answers, so that anyone can measure it.

Each function takes one object and gives one. They use what the chat and triage use, and nothing else.
"""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from language.entities import read_entities
from language.redaction import without_placeholders
from triage import clock, codes, reading
from triage.catalogue import catalogue
from triage.chat import languages
from triage.chat.answering import first_reply
from triage.chat.engine import Words, without_command
from triage.chat.plain import PlainEngine
from triage.sorting.service import Sorter

Row = dict[str, Any]

_NOBODY = UUID(int=0)


def understand(row: Row) -> Row:
    """`{text}` → `{service, confidence, abstained, danger, entities}`, as the chat would read it."""
    text = codes.hide_codes(str(row["text"]))
    read = reading.reader().read(without_placeholders(_outside(text)))
    sighting = reading.dangers().look(text)
    return {
        "service": read.label,
        "confidence": round(read.confidence, 4),
        "abstained": read.abstained,
        "danger": sighting.signal if sighting else None,
        "entities": read_entities(text, clock.now().astimezone(clock.LONDON), reading.council_words()),
    }


def _outside(text: str) -> str:
    """A message as the chat gives it to an engine."""
    return reading.redactor().redact(without_command(text)).text


def redact(row: Row) -> Row:
    """`{text}` → `{text, spans}`: names, addresses and numbers replaced; each span has kind, start and end."""
    redacted = reading.redactor().redact(str(row["text"]))
    return {
        "text": redacted.text,
        "spans": [{"kind": span.kind, "start": span.start, "end": span.end} for span in redacted.spans],
    }


def sort(row: Row) -> Row:
    """`{text, channel}` → `{service, queue, priority, confidence, holding, reasons}`, as triage would decide."""
    sorter = Sorter(reading.reader(), reading.dangers(), catalogue(), reading.reader_version())
    decision = sorter.sort(str(row["text"]))
    return {
        "service": decision.service,
        "queue": decision.queue,
        "priority": decision.priority,
        "confidence": round(decision.confidence, 4),
        "holding": decision.holding,
        "reasons": list(decision.reasons),
    }


def answer(row: Row) -> Row:
    """`{text}` → `{service, text, source}`: the assistant's first reply."""
    text = codes.hide_codes(str(row["text"]))
    sighting = reading.dangers().look(text)
    turn = asyncio.run(PlainEngine(reading.reader()).turn(_NOBODY, Words(text=_outside(text)), []))
    said = first_reply(catalogue(), reading.dangers(), turn, sighting, clock.today())
    heard = languages.hear(text, {}, {})
    if heard is not None and (sighting is None or sighting.level == "concern"):
        said = languages.welcome(heard, catalogue())
    source = said.extras.get("source")
    return {
        # What the reader makes of another language would be a guess.
        "service": None if heard else turn.understood.service,
        "text": said.text,
        "source": f"{source['name']} ({source['href']})" if source else None,
        "choices": [choice["label"] for choice in said.extras.get("choices", [])],
    }


def services() -> Iterator[Row]:
    """Each service: `{service, name, lgsl, queue, partner}`."""
    known = catalogue()
    for service in known.services.values():
        partner = known.partner_of(known.queue(service.queue), clock.today())
        yield {
            "service": service.id,
            "name": service.name,
            "lgsl": service.lgsl,
            "queue": known.queue(service.queue),
            "partner": partner.name if partner else None,
        }
