"""A desk with open contacts, conversations and histories, for measuring; invented by rule, and no resident's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

AGENTS = 50
SERVICES = ("missed_bin", "new_bin", "fly_tipping", "pothole", "street_light", None)
PRIORITIES = ("P3", "P3", "P3", "P2", "P4", "P1")


@dataclass(frozen=True)
class Filled:
    """What was made: the agents with their sessions, a queue, and a contact that the first agent has."""

    agents: list[UUID]
    tokens: list[str]
    queue: str
    contact: UUID


async def fill(contacts: int) -> Filled:
    """Make so many open contacts over three queues, a tenth of them the first agent's, and agents who work them."""
    from triage import access, clock, codes
    from triage.database import transaction
    from triage.tables import Agent, SignIn

    now = clock.now()
    hashed = access.hash_password("only for this measurement")
    agents, tokens = [], []
    async with transaction() as session:
        for number in range(AGENTS):
            agent = Agent(login=f"bench.{number}", name=f"Agent {number}", role="agent", password_hash=hashed)
            session.add(agent)
            await session.flush()
            token = codes.new_secret()
            ends = now + timedelta(hours=8)
            session.add(SignIn(token_hash=codes.hash_secret(token), agent_id=agent.id, ends_at=ends))
            agents.append(agent.id)
            tokens.append(token)
    first: UUID | None = None
    for number in range(contacts):
        async with transaction() as session:
            made = await _one(session, number, agents[0] if number % 10 == 0 else None)
            first = first or made
    assert first is not None
    return Filled(agents, tokens, "Q-WASTE", first)


async def _one(session: Any, number: int, agent_id: UUID | None) -> UUID:
    from triage import clock, codes, contacts, record
    from triage.tables import Contact, Conversation

    arrived = clock.now() - timedelta(minutes=7 * number)
    talk = None
    if number % 4 == 0:
        talk = Conversation(secret_hash=codes.hash_secret(str(number)), mode="person" if agent_id else "waiting")
        session.add(talk)
        await session.flush()
    contact = Contact(
        reference=f"BN-{number:04d}-DESK",
        secret_hash=b"x",
        channel="chat" if talk else "web",
        conversation_id=talk.id if talk else None,
        live=talk is not None,
        text="The bins in our road have not been emptied for two weeks, and there are rats." * 3,
        place=f"{number % 40} Long Lane",
        reply_to=f"resident{number % 60}@example.com",
        service=SERVICES[number % len(SERVICES)],
        priority=PRIORITIES[number % len(PRIORITIES)],
        tags=["rats"] if number % 3 == 0 else [],
        state="taken" if agent_id else "queued",
        agent_id=agent_id,
        lease_until=clock.now() + timedelta(hours=4) if agent_id else None,
        queue=("Q-WASTE", "Q-STREET", "Q-HWAY")[number % 3],
        arrived_at=arrived,
        queued_at=arrived,
        first_due_at=arrived + timedelta(days=1),
        settle_due_at=arrived + timedelta(days=5),
    )
    session.add(contact)
    await session.flush()
    for what in ("arrived", "sorted", "queued", "viewed", *(["taken"] if agent_id else [])):
        await contacts.note_history(session, contact.id, what, agent_id=agent_id)
    if talk is not None:
        talk.contact_id = contact.id
        for turn in range(20):
            author = ("resident", "assistant")[turn % 2]
            await record.append_message(session, talk.id, author, "They said Tuesday, and nobody came on Tuesday.")
    made: UUID = contact.id
    return made
