"""Contacts, conversations and agents for tests, stored as a deployment would have them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from triage import access, clock, codes, record
from triage.database import transaction
from triage.tables import Agent, Contact, Conversation, SignIn

PASSWORD = "correct horse battery staple"
_hashes: dict[str, str] = {}


async def make_contact(**fields: Any) -> UUID:
    """Stores a contact that waits in Q-WASTE, unless told otherwise, and returns its id."""
    now = clock.now()
    values: dict[str, Any] = {
        "reference": codes.new_reference("BN"),
        "secret_hash": codes.hash_secret(codes.new_secret()),
        "channel": "web",
        "text": "My bin was not emptied.",
        "state": "queued",
        "queue": "Q-WASTE",
        "queued_at": now,
        "first_due_at": now + timedelta(days=7),
        "settle_due_at": now + timedelta(days=14),
    } | fields
    async with transaction() as session:
        contact = Contact(**values)
        session.add(contact)
        await session.flush()
        return contact.id


async def make_agent(*queues: str, **fields: Any) -> Agent:
    """Stores an agent who works these queues (none: every queue) and whose password is PASSWORD."""
    if PASSWORD not in _hashes:
        _hashes[PASSWORD] = access.hash_password(PASSWORD)
    values: dict[str, Any] = {
        "login": f"agent.{uuid4().hex[:8]}",
        "name": "Agent, Test",
        "role": "agent",
        "queues": list(queues),
        "password_hash": _hashes[PASSWORD],
    } | fields
    async with transaction() as session:
        agent = Agent(**values)
        session.add(agent)
        await session.flush()
        return agent


async def make_conversation(*said: tuple[str, str], **fields: Any) -> UUID:
    """Stores a conversation with (author, text) messages and returns its id."""
    async with transaction() as session:
        conversation = Conversation(secret_hash=codes.hash_secret(codes.new_secret()), **fields)
        session.add(conversation)
        await session.flush()
        for author, text in said:
            await record.append_message(session, conversation.id, author, text)
        return conversation.id


async def contact_now(contact_id: UUID) -> Contact:
    """A contact as it is on record now."""
    async with transaction() as session:
        contact = await session.get(Contact, contact_id)
        assert contact is not None
        return contact


async def session_of(agent: Agent) -> str:
    """A desk session's token for this agent, without the cost of a password."""
    token = codes.new_secret()
    async with transaction() as session:
        session.add(
            SignIn(
                token_hash=codes.hash_secret(token),
                agent_id=agent.id,
                ends_at=clock.now() + timedelta(hours=8),
            )
        )
    return token
