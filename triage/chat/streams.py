"""Server-sent events for a conversation: what was said since, then what is said as it happens."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from triage.chat import presence, repository, waits
from triage.chat.schemas import MessageOut
from triage.database import transaction
from triage.live import Listener
from triage.record import conversation_topic
from triage.tables import Conversation
from triage.taking import DESK

# A comment line this often keeps proxies from closing a quiet stream, and finds a browser that has gone.
HEARTBEAT_S = 15.0
# A stream ends after this, and the browser opens it again: a deployment can always drain.
LONGEST_S = 600.0
# A place in line is told again at most this often.
PLACE_S = 2.0


def _event(name: str, data: str, event_id: int | None = None) -> str:
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: {data}\n\n"


async def conversation_events(listener: Listener, conversation_id: UUID, last_seq: int) -> AsyncIterator[str]:
    """Events `message` (id: its number, data: MessageOut) and `mode`, from `last_seq` on.

    It listens before it reads, so nothing said in between is lost, and it reads the record at every notice, so a
    stream that missed a notice still shows exactly what a fresh load shows. Who waits also hears `place`: their place
    in line and the usual wait, whenever either changes, and that there is none while nobody is at the desk. While it is
    open, agents see that the page is.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + LONGEST_S
    beat = loop.time() + HEARTBEAT_S
    mode, place = "", ""
    async with presence.page_open(conversation_id), listener.hear(conversation_topic(conversation_id), DESK) as notices:
        while loop.time() < ends:
            async with transaction() as session:
                conversation = await session.get_one(Conversation, conversation_id)
                messages = await repository.messages_after(session, conversation_id, last_seq)
                standing = await waits.standing(session, conversation)
                await presence.seen(session, conversation)
            for message in messages:
                last_seq = message.seq
                yield _event("message", MessageOut.of(message).model_dump_json(exclude_none=True), message.seq)
            if conversation.mode != mode:
                mode = conversation.mode
                yield _event("mode", f'{{"mode": "{mode}"}}')
            if standing and standing.as_json() != place:
                place = standing.as_json()
                yield _event("place", place)
            while True:
                # One moment for the next beat, however much is heard that is none of this resident's business: a busy
                # desk would keep the stream silent otherwise, and agents would read that the page is closed.
                try:
                    notice = await asyncio.wait_for(notices.get(), max(0.0, beat - loop.time()))
                except TimeoutError:
                    beat = loop.time() + HEARTBEAT_S
                    yield ": still here\n\n"
                    if mode == "waiting":
                        # Whoever closes the desk without a word is gone once they were not seen for a while: no notice
                        # tells of that.
                        break
                    if mode in presence.WITH_PEOPLE:
                        async with transaction() as session:
                            await presence.seen(session, await session.get_one(Conversation, conversation_id))
                    if loop.time() >= ends:
                        return
                    continue
                if "typing" in notice or "page" in notice:
                    # What the resident does themselves is for the agent to hear.
                    if notice.get("typing") == "agent":
                        yield _event("typing", '{"who": "agent"}')
                    continue
                if "contact" in notice:
                    if mode != "waiting":
                        continue
                    # Somebody's turn changed, and so may this resident's place; many changes are told once.
                    await asyncio.sleep(PLACE_S)
                    while not notices.empty():
                        notices.get_nowait()
                break
