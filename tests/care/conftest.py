"""Residents who are to be told something, over a real database."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from connectors.console import ConsoleMessages
from tests.makers import make_contact
from triage import contacts
from triage.care import service
from triage.database import transaction
from triage.tables import Notice

AGREED = {"reply_to": "resident@example.com", "messages_ok": True}

Notices = Callable[[UUID], Awaitable[list[Notice]]]


@pytest.fixture
def messages() -> ConsoleMessages:
    """A supplier that sends nothing and keeps what it would have sent."""
    return ConsoleMessages()


@pytest.fixture
def notices(database: str) -> Notices:
    """The notices of a contact, oldest first."""

    async def of(contact_id: UUID) -> list[Notice]:
        async with transaction() as session:
            rows = select(Notice).where(Notice.contact_id == contact_id).order_by(Notice.made_at)
            return list((await session.scalars(rows)).all())

    return of


async def changed(what: str, contact_id: UUID | None = None, **fields: Any) -> UUID:
    """A contact to which something happened, as whoever does it puts it on record."""
    contact_id = contact_id or await make_contact(**AGREED | fields)
    async with transaction() as session:
        await contacts.note_history(session, contact_id, what, detail={"text": "Is it the blue one?"})
    return contact_id


async def round_of(messages: Any) -> int:
    """One round of telling everybody, as the worker has every five seconds."""
    return await service.deliver(messages)
