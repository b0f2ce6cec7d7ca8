"""Contacts and agents to try the queues with."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from triage import clock, codes
from triage.database import transaction
from triage.tables import Agent, Contact

MakeContact = Callable[..., Awaitable[UUID]]
MakeAgent = Callable[..., Awaitable[Agent]]


@pytest.fixture
def make_contact(database: str) -> MakeContact:
    """Stores a contact that waits in Q-WASTE, unless told otherwise, and returns its id."""

    async def make(**fields: Any) -> UUID:
        now = clock.now()
        values: dict[str, Any] = {
            "reference": codes.new_reference("BN"),
            "secret_hash": codes.hash_secret(codes.new_secret()),
            "channel": "web",
            "text": "My bin was not emptied.",
            "state": "queued",
            "queue": "Q-WASTE",
            "queued_at": now,
            "first_due_at": now + timedelta(days=1),
            "settle_due_at": now + timedelta(days=2),
        } | fields
        async with transaction() as session:
            contact = Contact(**values)
            session.add(contact)
            await session.flush()
            return contact.id

    return make


@pytest.fixture
def make_agent(database: str) -> MakeAgent:
    """Stores an agent who works every queue, unless told otherwise."""

    async def make(*queues: str, **fields: Any) -> Agent:
        values: dict[str, Any] = {
            "login": f"agent.{uuid4().hex[:8]}",
            "name": "Agent, Test",
            "role": "agent",
            "queues": list(queues),
            "password_hash": "none",
        } | fields
        async with transaction() as session:
            agent = Agent(**values)
            session.add(agent)
            await session.flush()
            return agent

    return make
