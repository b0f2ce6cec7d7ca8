"""JSON lines in, JSON lines out: how the house reads, sorts and answers, so that anyone can measure it.

Each function takes one object and gives one. They use what the chat and triage use, and nothing else.
"""

import asyncio
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

from language.entities import CouncilWords, read_entities
from language.redaction import Redactor
from triage import clock, codes, reading
from triage.catalogue import DATA, catalogue
from triage.chat import languages
from triage.chat.answering import first_reply
from triage.chat.engine import Words
from triage.chat.plain import PlainEngine
from triage.settings import get_settings
from triage.sorting.service import Sorter

Row = dict[str, Any]

_NOBODY = UUID(int=0)


def understand(row: Row) -> Row:
    """`{text}` → `{service, confidence, abstained, danger, entities}`, as the chat would read it."""
    text = codes.hide_codes(str(row["text"]))
    read = reading.reader().read(text.lstrip("/ \t\n"))
    sighting = reading.dangers().look(text)
    return {
        "service": read.label,
        "confidence": round(read.confidence, 4),
        "abstained": read.abstained,
        "danger": sighting.signal if sighting else None,
        "entities": read_entities(text, clock.now().astimezone(clock.LONDON), _words()),
    }


@lru_cache
def _words() -> CouncilWords:
    return CouncilWords.load(DATA / "councils" / get_settings().council)


@lru_cache
def _redactor() -> Redactor:
    phones = [fact.value for fact in catalogue().facts.values() if fact.kind == "phone"]
    return Redactor(places=_words().kept_places, phones=phones)


def redact(row: Row) -> Row:
    """`{text}` → `{text, spans}`: names, addresses and numbers replaced; each span has kind, start and end."""
    redacted = _redactor().redact(str(row["text"]))
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
    turn = asyncio.run(PlainEngine(reading.reader()).turn(_NOBODY, Words(text=text.lstrip("/ \t\n")), []))
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
        partner = known.partner_of(service.queue, clock.today())
        yield {
            "service": service.id,
            "name": service.name,
            "lgsl": service.lgsl,
            "queue": service.queue,
            "partner": partner.name if partner else None,
        }
