"""What an agent does with a contact. Each function is one transaction's work; the caller opens the transaction."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, closing, contacts, outbox, placing, record, taking, telling
from triage.catalogue import catalogue
from triage.clocks import keeping, pausing
from triage.clocks import moving as moving_clocks
from triage.desk import passing, repository, rules
from triage.errors import (
    AlreadyClosed,
    AlreadyTaken,
    Conflict,
    EmptyMessage,
    Invalid,
    MessageTooLong,
    NotFound,
    SupervisorDecides,
)
from triage.events import ContactReleased, ContactTransferred
from triage.tables import Agent, Contact

# Reading one contact for an hour is one look; the same agent's next is another.
VIEWED_AGAIN_AFTER = timedelta(hours=1)
NOT_WAITING = "This contact went back to its queue while you were away. Take it again to go on."


def _own_text(text: str, most: int, what: str) -> str:
    """What an agent typed, without space around it. Raises EmptyMessage or MessageTooLong, saying which field."""
    text = text.strip()
    if not text:
        raise EmptyMessage(f"{what} is empty. Type something first.")
    if len(text) > most:
        raise MessageTooLong(f"{what} is {len(text) - most} characters too long. Shorten it to {most}.")
    return text


def may_open(agent: Agent, contact: Contact) -> bool:
    """Whether `agent` may look at `contact`: their own, or one of their queues' that no colleague has.

    A supervisor may also look at what a colleague has. Of one that was erased there is nothing to look at.
    """
    if contact.erased_at is not None:
        return False
    if contact.agent_id == agent.id and contact.state == "taken":
        return True
    if not taking.may_work(agent, contact.queue):
        return False
    if contact.state == "taken":
        return agent.role == "supervisor"
    return contact.state in ("queued", "closed")


async def open_contact(session: AsyncSession, agent: Agent, contact_id: UUID) -> Contact:
    """The contact, if `agent` may look at it; that they looked is kept once an hour.

    Raises NotFound, or AlreadyTaken when it was theirs and a colleague has it now.
    """
    contact = await repository.contact(session, contact_id)
    if contact is None:
        raise NotFound
    if not may_open(agent, contact):
        if contact.state == "taken" and await repository.once_had(session, contact_id, agent.id):
            raise AlreadyTaken
        raise NotFound
    since = clock.now() - VIEWED_AGAIN_AFTER
    await taking.opened(session, agent.id, contact_id)
    if not await repository.viewed_since(session, contact_id, agent.id, since):
        await contacts.note_history(session, contact_id, "viewed", agent_id=agent.id)
    return contact


async def take_next(session: AsyncSession, agent: Agent) -> UUID | None:
    """Give the agent the contact whose turn it is in their queues, or None when nothing waits."""
    return await taking.take_next(session, agent.id, taking.queues_of(agent))


async def take(session: AsyncSession, agent: Agent, contact_id: UUID, version: int) -> None:
    """Give the agent one waiting contact of their queues. Raises NotFound or AlreadyTaken."""
    contact = await repository.contact(session, contact_id)
    if contact is None or not taking.may_work(agent, contact.queue):
        raise NotFound
    if contact.placement == "bounced" and not rules.decides(agent.role):
        raise SupervisorDecides
    await taking.take(session, agent.id, contact_id, version)


async def _held(session: AsyncSession, agent: Agent, contact_id: UUID, version: int) -> Contact:
    """The contact, locked, if `agent` has it and saw its present version.

    Raises NotFound for a contact that is none of theirs; Conflict, AlreadyTaken or AlreadyClosed when they had it
    or could have it, but it is no longer as they saw it.
    """
    # What an agent does is often said in the conversation as well: record.py says which is locked first.
    await record.hold_conversations(session, Contact.id == contact_id)
    contact = await repository.contact(session, contact_id, lock=True)
    if contact is None:
        raise NotFound
    if contact.state == "taken" and contact.agent_id == agent.id:
        if contact.version != version:
            raise Conflict
        contact.assigned_at = None
        return contact
    if not may_open(agent, contact) and not await repository.once_had(session, contact_id, agent.id):
        raise NotFound
    if contact.state == "closed":
        raise AlreadyClosed("This contact has been closed. Nothing was changed.")
    if contact.state == "taken":
        raise AlreadyTaken
    raise Conflict(NOT_WAITING)


async def _changed(session: AsyncSession, contact: Contact) -> None:
    """Count the change, so that a page that shows the state before it is refused, and tell who is looking."""
    contact.version += 1
    await session.flush()
    await taking.announce_change(session, contact.id)


async def reply(
    session: AsyncSession,
    agent: Agent,
    contact_id: UUID,
    version: int,
    text: str,
    asks: bool = False,
    pauses: bool = False,
    key: str = "",
) -> None:
    """Answer the resident: in the conversation where there is one, and on the contact's record.

    The same words under the same `key` are said once, also when the first try was answered by nobody and the page has
    seen another version since.

    `asks`: the desk needs to know something before it can go on, and the resident is told so. `pauses`: the clocks
    stand still until they answer, so they are asked. The first reply stops the first clock. Raises as `_held`,
    EmptyMessage, MessageTooLong, Invalid.
    """
    once = contacts.once_key(key, str(contact_id), str(agent.id), text.strip())
    try:
        contact = await _held(session, agent, contact_id, version)
    except (Conflict, NotFound):
        if await repository.said_before(session, contact_id, once):
            return
        raise
    if await repository.said_before(session, contact_id, once):
        return
    await say(session, agent, contact, _own_text(text, rules.LONGEST_TEXT, "Your reply"), asks or pauses, once)
    if pauses and contact.paused_at is None:
        until = pausing.until(clock.today() + timedelta(days=pausing.ANSWER_DAYS))
        await keeping.pause(session, contact, pausing.RESIDENT, until, clock.now(), agent.id)
    if contact.follow_up_on is not None and contact.follow_up_on <= clock.today():
        # It was looked at again.
        contact.follow_up_on = None
    await _changed(session, contact)


async def say(
    session: AsyncSession, agent: Agent, contact: Contact, text: str, asks: bool = False, once: str | None = None
) -> None:
    """Say something to the resident of a contact that is held; `asks` as in `reply`, `once` the key of these words.

    Raises Invalid when a gap in it was left open, or when it is a search for a saved reply.
    """
    if text.startswith(rules.SEARCH):
        raise Invalid(
            f'This begins with "{rules.SEARCH}", as a search for a saved reply does. Take it away to send it.'
        )
    if rules.GAP in text:
        raise Invalid(f"Fill in what stands as {rules.GAP} before you send it.")
    detail: dict[str, object] = {"text": text}
    if contact.conversation_id is not None:
        message = await record.append_message(
            session, contact.conversation_id, "agent", text, by=agent.name, idempotency_key=once
        )
        # The words are in the conversation already, where retention and erasure look for them.
        detail = {"message": str(message.id)}
    if asks:
        detail[telling.ASKS] = True
    if once:
        detail[repository.ONCE] = once
    await contacts.note_history(session, contact.id, "answered", agent_id=agent.id, detail=detail)
    contact.first_answer_at = contact.first_answer_at or clock.now()
    await keeping.keep(session, contact, clock.now())


async def note(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, text: str) -> None:
    """Keep a private note that no resident sees. Raises as `_held`, EmptyMessage, MessageTooLong."""
    contact = await _held(session, agent, contact_id, version)
    text = _own_text(text, rules.LONGEST_TEXT, "Your note")
    await contacts.note_history(session, contact_id, "noted", agent_id=agent.id, detail={"text": text})
    await _changed(session, contact)


async def transfer(
    session: AsyncSession,
    agent: Agent,
    contact_id: UUID,
    version: int,
    queue: str,
    reason: str,
    why: str = "wrong_team",
) -> None:
    """Pass the contact on to another queue, where nobody has it yet; what that does to its clocks: clocks/moving.py.

    The resident is told where another partner has it, or the day by which they have an answer is another one.
    `why` is one of rules.TRANSFER_WHY. What has been to and fro between partners is held for a supervisor instead
    (desk/bouncing.py). Raises as `_held`, EmptyMessage, MessageTooLong, SupervisorDecides, and Invalid for a queue that
    is unknown or the present one, or a `why` that is not listed.
    """
    contact = await _held(session, agent, contact_id, version)
    if queue not in catalogue().queues:
        raise Invalid("Choose the queue to pass this on to.")
    if queue == contact.queue:
        raise Invalid("This contact is in that queue already. Choose another, or give it back.")
    if why not in rules.TRANSFER_WHY:
        raise Invalid("Choose why you are passing this on.")
    reason = _own_text(reason, rules.LONGEST_REASON, "The reason")
    passed = await passing.passed_on(session, agent, contact, queue)
    detail = {"from": contact.queue, "reason": reason, "why": why, **passed.detail}
    detail |= await moving_clocks.move(session, contact, passed.queue, clock.now())
    contact.placement = passed.placement
    contact.skill = placing.skill_needed(catalogue(), passed.queue, contact.service)
    contact.state, contact.agent_id, contact.lease_until, contact.assigned_at = "queued", None, None, None
    contact.follow_up_on = None
    await contacts.note_history(session, contact_id, "transferred", agent_id=agent.id, detail=detail)
    await _changed(session, contact)
    await outbox.publish(session, ContactTransferred(contact_id))


async def release(session: AsyncSession, agent: Agent, contact_id: UUID, version: int) -> None:
    """Give the contact back to its queue. Its clocks run on: the promise to the resident is the same.

    Raises as `_held`.
    """
    contact = await _held(session, agent, contact_id, version)
    contact.state = "queued"
    contact.agent_id = contact.lease_until = contact.assigned_at = None
    await contacts.note_history(session, contact_id, "released", agent_id=agent.id)
    await _changed(session, contact)
    await outbox.publish(session, ContactReleased(contact_id))


async def close(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, reason: str, outcome: str) -> None:
    """Close the contact for a reason, with a sentence that the resident sees. Only a person comes here.

    Raises as `_held`, EmptyMessage, MessageTooLong, and Invalid for a reason that is not listed.
    """
    contact = await _held(session, agent, contact_id, version)
    if reason not in rules.CLOSING:
        raise Invalid("Choose why you are closing this.")
    outcome = _own_text(outcome, rules.LONGEST_OUTCOME, "The outcome")
    await closing.close(session, contact, reason, outcome, agent_id=agent.id)
