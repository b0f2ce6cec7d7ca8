"""JSON lines in, JSON lines out: how the house reads, sorts and answers, so that anyone can measure it.

Each function takes one object and gives one. They use what the chat and triage use, and nothing else. `through` reads
and writes the lines, some at a time, so that any number is read in the same memory.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BufferedIOBase
from typing import Any, TextIO
from uuid import UUID

import numpy as np

from language.danger import Sighting
from language.entities import read_entities
from language.redaction import without_placeholders
from triage import clock, codes, reading
from triage.catalogue import catalogue
from triage.chat import answering, caution, guessing, languages, needs, points
from triage.chat.answering import Room, first_reply
from triage.chat.engine import Turn, Words, without_command
from triage.chat.plain import PlainEngine
from triage.chat.rendering import Said
from triage.chat.replying import MOST_NEEDS, further_needs
from triage.metrics.comments.themes import themes as council_themes
from triage.sorting.service import Sorter
from triage.tables.contact import CHANNELS

Row = dict[str, Any]

_NOBODY = UUID(int=0)
_TOGETHER = 64  # lines read at a time: more are no quicker
_CHUNK = 65_536  # bytes


class LineWrong(ValueError):
    """A line that is not a JSON object with what the command needs. Says which line."""

    def __init__(self, number: int, why: Exception) -> None:
        super().__init__(f"line {number}: needs a JSON object with text ({type(why).__name__})")


def through(read: Callable[[Sequence[Row]], list[Row]], source: BufferedIOBase, out: TextIO) -> None:
    """One JSON object in, one out, a line each, in the same order; a line that comes alone is answered at once.

    Raises LineWrong for the first line that cannot be read, after the lines before it are answered.
    """
    for batch in _batches(source):
        try:
            answered = read([json.loads(line) for _, line in batch])
        except (ValueError, KeyError, TypeError):
            for number, line in batch:
                try:
                    _write(read([json.loads(line)]), out)
                except (ValueError, KeyError, TypeError) as error:
                    raise LineWrong(number, error) from error
        else:
            _write(answered, out)


def _write(rows: Iterable[Row], out: TextIO) -> None:
    out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    out.flush()


def _batches(source: BufferedIOBase) -> Iterator[list[tuple[int, bytes]]]:
    """The numbered lines that are not empty, as many together as have come, up to 64."""
    number, begun = 0, [b""]
    while True:
        chunk = source.read1(_CHUNK)
        if chunk and b"\n" not in chunk:
            begun.append(chunk)
            continue
        # The end of the input ends its last line.
        *whole, last = (b"".join(begun) + (chunk or b"\n")).split(b"\n")
        begun = [last]
        numbered = [(at, line) for at, line in enumerate(whole, number + 1) if line.strip()]
        number += len(whole)
        for start in range(0, len(numbered), _TOGETHER):
            yield numbered[start : start + _TOGETHER]
        if not chunk:
            return


def one_by_one(read: Callable[[Row], Row]) -> Callable[[Sequence[Row]], list[Row]]:
    """A function of one row as a function of several."""
    return lambda rows: [read(row) for row in rows]


def understand(row: Row) -> Row:
    """`{text}` → `{service, confidence, abstained, danger, entities}`, as the chat would read it."""
    return understand_many([row])[0]


def understand_many(rows: Sequence[Row]) -> list[Row]:
    """`understand` of each row; each text is encoded once, for the intent reader and the danger model together."""
    texts = [codes.hide_codes(_text(row)) for row in rows]
    spoken = [without_placeholders(_outside(text)) for text in texts]
    reader = reading.reader()
    each = list(dict.fromkeys([*texts, *spoken]))
    vector = dict(zip(each, reader.encoder.encode(each), strict=True))
    readings = reader.read_many(spoken, np.stack([vector[text] for text in spoken]))
    sightings = reading.dangers().look_many(texts, np.stack([vector[text] for text in texts]))
    weighed = [
        caution.weighed(seen, text, in_form=False, dangers=reading.dangers())
        for seen, text in zip(sightings, texts, strict=True)
    ]
    now = clock.now().astimezone(clock.LONDON)
    return [
        {
            "service": read.label,
            "confidence": round(read.confidence, 4),
            "abstained": read.abstained,
            "danger": sighting.signal if sighting else None,
            "entities": read_entities(text, now, reading.council_words()),
        }
        for text, read, sighting in zip(texts, readings, weighed, strict=True)
    ]


def _text(row: Row) -> str:
    """The row's text; half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes a question mark."""
    return str(row["text"]).encode("utf-8", "replace").decode("utf-8")


def _outside(text: str) -> str:
    """A message as the chat gives it to an engine."""
    return reading.redactor().redact(without_command(text)).text


def redact(row: Row) -> Row:
    """`{text}` → `{text, spans}`: names, addresses and numbers replaced; each span has kind, start and end."""
    redacted = reading.redactor().redact(_text(row))
    return {
        "text": redacted.text,
        "spans": [{"kind": span.kind, "start": span.start, "end": span.end} for span in redacted.spans],
    }


def sort(row: Row) -> Row:
    """`{text, channel}` → `{service, queue, priority, confidence, holding, reasons}`, as triage would decide."""
    channel = str(row.get("channel", "web"))
    decision = Sorter.current().sort(_text(row), channel=channel if channel in CHANNELS else "web")
    return {
        "service": decision.service,
        "queue": decision.queue,
        "priority": decision.priority,
        "confidence": round(decision.confidence, 4),
        "holding": decision.holding,
        "reasons": list(decision.reasons),
        "complaint": decision.signs.complaint,
        "statutory": decision.signs.statutory,
        "vulnerable": list(decision.signs.vulnerable),
        "language": decision.signs.language,
    }


def answer(row: Row) -> Row:
    """`{text}` → `{service, text, source}`: the assistant's first reply, with a second need where there are two."""
    text = codes.hide_codes(_text(row))
    dangers = reading.dangers()
    sighting = caution.weighed(dangers.look(text), text, in_form=False, dangers=dangers)
    turn = asyncio.run(PlainEngine(reading.reader()).turn(_NOBODY, Words(text=_outside(text)), []))
    said = [first_reply(catalogue(), dangers, turn, sighting, clock.today())]
    if sighting is None or sighting.level == "concern":
        heard = languages.hear(text, {}, {})
        said = [languages.welcome(heard, catalogue())] if heard else _answers(text, turn, sighting)
    else:
        heard = None
    sources = [one.extras["source"] for one in said if one.extras.get("source")]
    return {
        # What the reader makes of another language would be a guess.
        "service": None if heard else turn.understood.service,
        "text": "\n\n".join(one.text for one in said),
        "source": "; ".join(dict.fromkeys(f"{source['name']} ({source['href']})" for source in sources)) or None,
        "choices": list(dict.fromkeys(choice["label"] for one in said for choice in one.extras.get("choices", []))),
    }


def _answers(text: str, turn: Turn, sighting: Sighting | None) -> list[Said]:
    """The answers to a message in which nobody is in danger, as the chat would give them in a new conversation."""
    known, room = catalogue(), Room(catalogue(), reading.dangers())
    asked = needs.several(text, reading.reader(), known.services)
    clarify = turn.says == ({"do": "clarify"},)
    if clarify and (instead := asked.instead(MOST_NEEDS)):
        return [*(answering.answer(room, service) for service in instead), *further_needs(room, asked, turn, instead)]
    if sighting is None:
        turn = guessing.guessed(turn, known.services, {})
    turn = points.left_open(known, turn, text)
    point = points.asked_for(known, turn, text)
    first = first_reply(known, room.dangers, turn, sighting, clock.today(), point)
    if turn.says[0].get("guess"):
        first = guessing.as_a_guess(room, first, turn)
    return [first, *further_needs(room, asked, turn, ())]


def themes(rows: Sequence[Row]) -> list[Row]:
    """`{text}` → `{themes, sentiment}` of each comment, and `council`: the council's themes, as owners see them."""
    reader = reading.themes()
    if reader is None:
        raise reading.ReaderNotTrained(reading.ReaderNotTrained.__doc__)
    texts = [reading.redactor().redact(_text(row)).text for row in rows]
    known = council_themes()
    return [
        {
            "themes": list(read.themes),
            "sentiment": read.sentiment,
            "council": list(known.of_comment(text, read.themes)),
        }
        for text, read in zip(texts, reader.read_many(texts), strict=True)
    ]


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
