"""Whether a resident's page is open, and that they are typing: told to the agent who is with them.

That the page is open is known from its event stream and kept as one moment on the conversation. That somebody types is
announced and never kept, and no word of what is typed leaves their page before they send it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, live, record
from triage.database import transaction
from triage.tables import Conversation

# A stream tells of itself every 15 s; a page without one is loaded again every 10 or 20.
HERE_FOR = timedelta(seconds=40)
WITH_PEOPLE = ("waiting", "person")
# An agent need not be told more often that somebody types.
TYPING_EVERY_S = 1.5
MOST_TYPING = 10_000

_leaving: set[asyncio.Task[None]] = set()
_typed: dict[UUID, float] = {}


async def seen(session: AsyncSession, conversation: Conversation) -> None:
    """The page of a resident who waits or talks is open now. Agents are told when it was not before.

    Of who talks to the assistant it is kept only that the page is not closed: nobody renews it.
    """
    if conversation.mode == "assistant" and conversation.here_until is not None:
        await _keep(session, conversation.id, None)
    if conversation.mode not in WITH_PEOPLE:
        return
    now = clock.now()
    before = conversation.here_until
    await _keep(session, conversation.id, now + HERE_FOR)
    if before is None or before <= now:
        await live.announce(session, record.conversation_topic(conversation.id), page="open")


async def _keep(session: AsyncSession, conversation_id: UUID, until: datetime | None) -> None:
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(here_until=until)
        .execution_options(synchronize_session=False)
    )


@asynccontextmanager
async def page_open(conversation_id: UUID) -> AsyncIterator[None]:
    """When the block ends, the page has gone; another that is still open says so itself within seconds."""
    try:
        yield
    finally:
        # The request is over and may not wait any more, so this is done beside it.
        task = asyncio.get_running_loop().create_task(_gone(conversation_id))
        _leaving.add(task)
        task.add_done_callback(_leaving.discard)


async def _gone(conversation_id: UUID) -> None:
    with suppress(SQLAlchemyError):
        async with transaction() as session:
            conversation = await session.get(Conversation, conversation_id)
            if conversation is None or conversation.mode == "ended":
                return
            # Also of who talks to the assistant: what happens to their contact from now on is told elsewhere.
            await _keep(session, conversation_id, clock.now())
            if conversation.mode not in WITH_PEOPLE:
                return
            await live.announce(session, record.conversation_topic(conversation_id), page="closed")


async def is_typing(session: AsyncSession, conversation: Conversation) -> None:
    """A resident types to a person, or while they wait for one."""
    moment = time.monotonic()
    if conversation.mode not in WITH_PEOPLE or moment - _typed.get(conversation.id, -9.0) < TYPING_EVERY_S:
        return
    if len(_typed) >= MOST_TYPING:
        _typed.clear()
    _typed[conversation.id] = moment
    topic = record.conversation_topic(conversation.id)
    await live.announce(session, topic, typing="resident", conversation=str(conversation.id))
