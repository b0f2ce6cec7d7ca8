"""Corrections as examples: redacted before they are stored, accepted by a person before use, forgotten in time."""

import asyncio
import re
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, reading
from triage.catalogue import catalogue
from triage.errors import Conflict, Invalid, NotAllowed, NotFound
from triage.learning import audit, repository
from triage.learning.repository import ToLearn
from triage.sorters.contract import Example
from triage.tables import Agent, LearnedExample
from triage.tables.correction import ACCEPTED, DROPPED, WAITING
from triage.timetable import HOLDING

# How far back a night looks, how much it makes, and how much may wait or be used at once.
LOOK_BACK = timedelta(days=30)
MOST_AT_ONCE = 200
MOST_WAITING = 500
MOST_ACCEPTED = 5_000
LONGEST = 2_000
# What waits for a person goes after three months; what was accepted is used for two years.
WAITS = timedelta(days=90)
USED = timedelta(days=730)
MOST_SHOWN = 25
DECIDERS = ("editor", "supervisor")


async def gather(session: AsyncSession) -> int:
    """Make examples of what was put right and settled lately; how many. Nothing unredacted is stored."""
    counts = await repository.count_examples(session)
    room = min(MOST_AT_ONCE, MOST_WAITING - counts.get(WAITING, 0))
    if room <= 0:
        return 0
    now = clock.now()
    found = await repository.without_example(session, now - LOOK_BACK, room)
    texts = await asyncio.to_thread(lambda: [redacted(one) for one in found])
    made = 0
    for one, text in zip(found, texts, strict=True):
        if not text:
            continue
        made += await repository.add_example(
            session,
            {
                "contact_id": one.contact.id,
                "text": text,
                "channel": one.contact.channel,
                "from_queue": one.correction.from_queue,
                "from_service": one.correction.from_service,
                "queue": one.correction.to_queue,
                "service": one.correction.to_service,
                "expires_at": now + WAITS,
            },
        )
    return made


def redacted(one: ToLearn) -> str:
    """What the resident said, without names, numbers and addresses, and without what we hold of them elsewhere.

    The contact's own fields are taken out word for word as well: we know them, whatever a rule would find.
    """
    contact = one.contact
    text = _without(contact.text, [value for value in (contact.name, contact.reply_to) if value])
    text = text.replace(contact.reference, "[reference]")
    text = reading.redactor().redact(text).text.strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(maxsplit=1)[0]} …"


def _without(text: str, values: Iterable[str]) -> str:
    """The text without these values, and without each word of three letters or more of a name."""
    words = {word for value in values for word in (value, *re.findall(r"[^\W\d_]{3,}", value))}
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "[name]", text, flags=re.IGNORECASE)
    return text


async def forget(session: AsyncSession) -> int:
    """Delete examples that are past their time; how many."""
    await repository.keep_accepted_to(session, MOST_ACCEPTED)
    return await repository.forget_examples(session, clock.now())


async def accepted(session: AsyncSession) -> list[Example]:
    """What people have accepted, for training."""
    rows = await repository.examples(session, ACCEPTED, MOST_ACCEPTED)
    return [Example(row.text, row.channel, row.service, row.queue) for row in rows]


def _may_decide(agent: Agent) -> None:
    if agent.role not in DECIDERS:
        raise NotAllowed


async def _waiting(session: AsyncSession, example_id: UUID) -> LearnedExample:
    example = await repository.example(session, example_id)
    if example is None:
        raise NotFound("There is no such example. It may have been forgotten meanwhile.")
    if example.state != WAITING:
        raise Conflict("Somebody has decided about this example already.")
    return example


async def accept(session: AsyncSession, agent: Agent, example_id: UUID, queue: str, service: str) -> None:
    """Let an example be used for training, as of this queue and service (empty: not known).

    Raises NotAllowed, NotFound, Conflict, and Invalid for a queue or service that is not known.
    """
    _may_decide(agent)
    known = catalogue()
    if queue not in known.queues or queue == HOLDING:
        raise Invalid("Choose the queue where it belongs.")
    if service and service not in known.services:
        raise Invalid("Choose the service it is about, or “Not sure”.")
    example = await _waiting(session, example_id)
    now = clock.now()
    example.queue, example.service = queue, service or None
    example.state, example.agent_id, example.decided_at, example.expires_at = ACCEPTED, agent.id, now, now + USED
    await audit.note(session, agent, "accepted", example=str(example_id), queue=queue, service=service or None)


async def drop(session: AsyncSession, agent: Agent, example_id: UUID) -> None:
    """Do not use an example; its words are deleted at once. Raises NotAllowed, NotFound and Conflict."""
    _may_decide(agent)
    example = await _waiting(session, example_id)
    example.state, example.text, example.agent_id, example.decided_at = DROPPED, "", agent.id, clock.now()
    await audit.note(session, agent, "dropped", example=str(example_id))
