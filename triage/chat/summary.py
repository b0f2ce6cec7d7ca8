"""What a person is told before they read the conversation, so that nobody is asked twice.

Put together from our own wording and the resident's own words; nothing is generated. See passing_on.py for how the
resident is asked about it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from language.entities import read_entities
from triage import clock, reading
from triage.chat import answering, repository
from triage.chat.answering import Room
from triage.chat.rendering import plain_date
from triage.tables import Contact, Conversation, Message

# Messages that say nothing of a need, when the reader is sure of them. What is outside or unclear may be the very need.
_GREETINGS = ("greeting", "thanks", "goodbye", "affirm", "deny", "rude")
SMALL_TALK = frozenset((*_GREETINGS, "help", "robot", "repeat", "start_again", "stop", "person", "leave_message"))
MOST_SAID, LONGEST_SAID = 3, 200
MOST_OF_A_KIND = 3
LONGEST_TOLD = 160
# Places are read by these kinds of language.entities.
PLACES = ("road", "area", "postcode")


@dataclass(frozen=True)
class Known:
    """What is known of a need when a person is asked for."""

    about: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    told: str = ""

    @property
    def nothing(self) -> bool:
        """Whether the resident has said nothing yet that a person would ask again."""
        return not (self.about or self.said or self.answers or self.sent)


def compose(room: Room, known: Known) -> str | None:
    """The summary as it is shown and passed on, or None when nothing was said before."""
    if known.nothing:
        return None
    return room.line(
        "summary",
        about=", ".join(known.about),
        said=" ".join(f"“{one}”" for one in known.said),
        answers="".join(f"\n{label}: {value}" for label, value in known.answers.items()),
        dates=", ".join(known.dates),
        places=", ".join(known.places),
        references=", ".join(known.references),
        sent=", ".join(known.sent),
        told=known.told,
    ).text


async def gather(
    session: AsyncSession, conversation: Conversation, room: Room, form: str | None, slots: dict[str, Any]
) -> Known:
    """What the record and the form that was open know of the need, since the resident last started again."""
    rows = _since_the_start(await repository.messages_after(session, conversation.id, conversation.last_seq - 80))
    said = [shortened(row.text, LONGEST_SAID) for row in rows if is_need(row.author, row.understood, row.extras)]
    found = read_entities("\n".join(said), clock.now().astimezone(clock.LONDON), reading.council_words())
    contacts = await repository.contacts_of(session, conversation.id, MOST_OF_A_KIND)
    given = answering.answers(room, form, slots) if form else {}
    return Known(
        about=_about(room, rows),
        said=tuple(said[-MOST_SAID:]),
        answers={label: value for label, value in given.items() if value != "Not given"},
        dates=tuple(plain_date(date.fromisoformat(day)) for day in found.get("date", ())[:MOST_OF_A_KIND]),
        places=tuple(place for kind in PLACES for place in found.get(kind, ()))[:MOST_OF_A_KIND],
        references=tuple(found.get("reference", ())[:MOST_OF_A_KIND]),
        sent=tuple(_sent(room, contact) for contact in contacts),
        told=next((_first_sentence(row.text) for row in reversed(rows) if row.extras.get("source")), ""),
    )


def is_need(author: str, understood: dict[str, Any] | None, extras: dict[str, Any]) -> bool:
    """Whether a message says something of the resident's need: not a button, an answer to a question, or small talk."""
    if author != "resident" or understood is None or understood.get("given") or extras.get("say"):
        return False
    return bool(understood.get("abstained", True)) or understood.get("service") not in SMALL_TALK


def shortened(text: str, most: int) -> str:
    """The text in one line, at most `most` characters, cut between words."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0] + " …"


def _since_the_start(rows: list[Message]) -> list[Message]:
    again = [at for at, row in enumerate(rows) if (row.understood or {}).get("service") == "start_again"]
    return rows[again[-1] + 1 :] if again else rows


def _about(room: Room, rows: Iterable[Message]) -> tuple[str, ...]:
    services = room.catalogue.services
    found: dict[str, str] = {}
    for row in rows:
        seen = row.understood or {}
        service = services.get(seen.get("service") or "")
        # What is said inside a form is its answer, whatever it reads like.
        if service and not seen.get("abstained") and seen.get("given") in (None, "pressed"):
            found.pop(service.id, None)
            found[service.id] = service.name
    return tuple(found.values())[-MOST_OF_A_KIND:]


def _sent(room: Room, contact: Contact) -> str:
    service = room.catalogue.services.get(contact.service or "")
    return f"{contact.reference} ({service.name})" if service else contact.reference


def _first_sentence(text: str) -> str:
    paragraph = text.split("\n\n")[0]
    return shortened(re.split(r"(?<=[.!?])\s", paragraph)[0], LONGEST_TOLD)
