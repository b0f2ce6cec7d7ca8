"""Server-sent events for a conversation: what was said since, then what is said as it happens."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from triage.chat import repository
from triage.chat.schemas import MessageOut
from triage.database import transaction
from triage.live import Listener
from triage.record import conversation_topic
from triage.tables import Conversation

# A comment line this often keeps proxies from closing a quiet stream, and finds a browser that has gone.
HEARTBEAT_S = 15.0
# A stream ends after this, and the browser opens it again: a deployment can always drain.
LONGEST_S = 600.0


def _event(name: str, data: str, event_id: int | None = None) -> str:
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: {data}\n\n"


async def conversation_events(listener: Listener, conversation_id: UUID, last_seq: int) -> AsyncIterator[str]:
    """Events `message` (id: its number, data: MessageOut) and `mode`, from `last_seq` on.

    It listens before it reads, so nothing said in between is lost, and it reads the record at every notice, so a
    stream that missed a notice still shows exactly what a fresh load shows.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + LONGEST_S
    mode = ""
    async with listener.hear(conversation_topic(conversation_id)) as notices:
        while loop.time() < ends:
            async with transaction() as session:
                conversation = await session.get_one(Conversation, conversation_id)
                messages = await repository.messages_after(session, conversation_id, last_seq)
            for message in messages:
                last_seq = message.seq
                yield _event("message", MessageOut.of(message).model_dump_json(exclude_none=True), message.seq)
            if conversation.mode != mode:
                mode = conversation.mode
                yield _event("mode", f'{{"mode": "{mode}"}}')
            while True:
                try:
                    notice = await asyncio.wait_for(notices.get(), HEARTBEAT_S)
                except TimeoutError:
                    yield ": still here\n\n"
                    if loop.time() >= ends:
                        return
                    continue
                if "typing" in notice:
                    yield _event("typing", '{"who": "agent"}')
                    continue
                break
