"""What a resident says about a contact they have: added while it is open; when it is closed, it is opened again.

The chat, the page about a contact and the desk, which writes down calls, all hear it, so this is below the rooms. Only
a person closes a contact, and what they closed is not settled until the resident says so: nobody is asked for a reason
that is good enough.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from language.danger import Sighting
from triage import attachments, clock, outbox, ringing, taking, telling
from triage.catalogue import catalogue
from triage.clocks import keeping, pausing
from triage.contacts import BEFORE, DANGER_SEEN, note_history
from triage.errors import Conflict, EmptyMessage, Invalid, MessageTooLong, NotFound
from triage.events import ContactMoreUrgent, ContactReopened, ResidentRang
from triage.ringing import Rang
from triage.settings import get_settings
from triage.tables import Attachment, Contact, ContactHistory, Message
from triage.timetable import GENERAL

ADDED, REOPENED, FILE = "added", "reopened", "file"
# How often the contacts that others became part of are looked for, when that changes under our hands.
TRIES = 5
# In a line's detail: the reference of the contact, made part of this one, whose resident said it.
FROM = "from_part"


@dataclass(frozen=True)
class Heard:
    """What was done with the resident's words: `what` is added or reopened. `due`: when it should now be settled.

    `part_of`: the reference of the contact that theirs was made part of, and that has heard it. `kind`: of a call that
    was heard just now, what it was (ringing.py).
    """

    what: str
    reference: str
    due: datetime | None
    part_of: str | None = None
    kind: str | None = None


async def say_more(
    session: AsyncSession,
    contact_id: UUID,
    text: str,
    key: str = "",
    sighting: Sighting | None = None,
    rang: Rang | None = None,
) -> Heard:
    """Add the resident's words to their contact, and open it again if it was closed. The same key is heard once.

    The caller has made sure that the contact is theirs. A danger in the words makes it as urgent as the danger is.
    `rang`: they said it by phone, to an agent who wrote it down and says whether a closed contact is opened by it.
    Raises EmptyMessage, MessageTooLong, NotFound; of a call as ringing.opens_again too.
    """
    said = text.replace("\x00", "").strip()
    if not said:
        raise EmptyMessage
    if len(said) > get_settings().message_limit:
        raise MessageTooLong
    # Locked, so that of two that come at once one opens it again and the other adds to it.
    contact, whole = await hold(session, contact_id)
    if contact is not whole:
        return await _say_to_whole(session, contact, whole, {"said": said, "key": key}, sighting, rang)
    heard = await _hear(session, contact, {"said": said, "key": key}, sighting, rang)
    if heard.kind:
        await outbox.publish(session, ResidentRang(contact_id))
    return heard


async def _say_to_whole(
    session: AsyncSession,
    part: Contact,
    whole: Contact,
    detail: dict[str, str],
    sighting: Sighting | None,
    rang: Rang | None,
) -> Heard:
    """A contact that was made part of another is dealt with there. Its own history keeps what its resident said.

    The other may be somebody else's: FROM marks a line that its own resident is not shown.
    """
    heard = await _hear(session, whole, detail | {FROM: part.reference}, sighting, rang)
    if not await _heard_before(session, part.id, detail["key"]):
        if rang is not None and heard.kind:
            detail |= {ringing.CHANNEL: ringing.PHONE, ringing.KIND: heard.kind}
            await outbox.publish(session, ResidentRang(part.id))
        await note_history(session, part.id, ADDED, agent_id=rang.agent_id if rang else None, detail=detail)
        await taking.announce_change(session, part.id)
    return Heard(heard.what, part.reference, heard.due, whole.reference, heard.kind)


async def add_file(
    session: AsyncSession, contact_id: UUID, name: str, content: bytes, sighting: Sighting | None = None
) -> Attachment:
    """Keep a file that the resident sends for their open contact; the same file again is kept once.

    It is heard like words: whoever deals with it reads it today, and a danger in a file of plain text makes it as
    urgent as the danger is. The caller has made sure that the contact is theirs. Raises NotFound, Invalid for a closed
    contact, and as attachments.keep.
    """
    contact, whole = await hold(session, contact_id)
    if whole.state == "closed":
        raise Invalid("This is closed. Tell us below what is not settled, then you can add a file.")
    if there := await attachments.sent_before(session, contact_id, content):
        return there
    if len(await attachments.sent_by_resident(session, contact_id)) >= attachments.MOST_FROM_RESIDENT:
        most = attachments.MOST_FROM_RESIDENT
        raise Invalid(f"You have sent {most} files, and we cannot take more here. Tell us what they show.")
    file = await attachments.keep(session, contact_id, name, content)
    detail = {"name": file.name, "kind": file.kind, "size": file.size, "file": str(file.id)}
    await note_history(session, contact_id, FILE, detail=detail)
    await _raise(session, whole, sighting)
    whole.follow_up_on = None
    await keeping.resume(session, whole, clock.now(), pausing.FILE_SENT)
    await _hurry(session, whole, sighting)
    for one in {contact.id: contact, whole.id: whole}.values():
        one.version += 1
        await session.flush()
        await taking.announce_change(session, one.id)
    return file


async def whole_of(session: AsyncSession, part: Contact) -> Contact:
    """The contact that another was made part of, through however many others, as they are now."""
    return (await _chain(session, part.id))[-1]


async def _chain(session: AsyncSession, contact_id: UUID) -> list[Contact]:
    """A contact, the one that it was made part of, the one that that was made part of, and so on. Raises NotFound."""
    found: dict[UUID, Contact] = {}
    following: UUID | None = contact_id
    while following is not None and following not in found:
        contact = await session.get(Contact, following, populate_existing=True)
        if contact is None:
            raise NotFound
        found[contact.id] = contact
        following = contact.merged_into
    return list(found.values())


async def hold(session: AsyncSession, contact_id: UUID) -> tuple[Contact, Contact]:
    """The contact and the one that deals with it, which may be the same; all on the way between them locked.

    They are locked in the order of their ids (record.py says why). If one of them was made part of another meanwhile,
    the locks are given back first, and it begins anew. Raises NotFound, Conflict.
    """
    for _ in range(TRIES):
        wanted = {contact.id for contact in await _chain(session, contact_id)}
        async with session.begin_nested() as point:
            await session.execute(
                select(Contact.id).where(Contact.id.in_(wanted)).order_by(Contact.id).with_for_update()
            )
            held = await _chain(session, contact_id)
            if wanted >= {contact.id for contact in held}:
                return held[0], held[-1]
            await point.rollback()
    raise Conflict


async def _hear(
    session: AsyncSession, contact: Contact, detail: dict[str, str], sighting: Sighting | None, rang: Rang | None
) -> Heard:
    contact_id = contact.id
    if earlier := await _heard_before(session, contact_id, detail["key"]):
        return Heard(earlier, contact.reference, contact.settle_due_at)
    closed = opens = contact.state == "closed"
    kind = None
    if rang is not None:
        opens = ringing.opens_again(rang, closed=closed, in_danger=sighting is not None)
        kind = ringing.kind_of(closed=closed, opens=opens, asked=await waits_for_answer(session, contact))
        # It is counted once: by the line of the contact that they rang about.
        detail |= {ringing.CHANNEL: ringing.PHONE} | ({} if FROM in detail else {ringing.KIND: kind})
    await _raise(session, contact, sighting)
    # Whoever adds to what was put off is read today.
    contact.follow_up_on = None
    if opens:
        detail |= await _open_again(session, contact, sighting)
    elif not closed:
        await keeping.resume(session, contact, clock.now(), ringing.RESUMED if rang else pausing.WRITTEN)
        await _hurry(session, contact, sighting)
    contact.version += 1
    what = REOPENED if opens else ADDED
    await note_history(session, contact_id, what, agent_id=rang.agent_id if rang else None, detail=detail)
    await taking.announce_change(session, contact_id)
    if opens:
        await outbox.publish(session, ContactReopened(contact_id))
    return Heard(what, contact.reference, contact.settle_due_at, kind=kind)


async def waits_for_answer(session: AsyncSession, contact: Contact) -> bool:
    """Whether we wait for the resident: the clocks stand still for that, or we asked them and nothing came since."""
    if contact.state == "closed":
        return False
    stands_still = contact.paused_at is not None and contact.pause_reason == pausing.RESIDENT
    return stands_still or await asked_in_vain(session, contact)


async def asked_in_vain(session: AsyncSession, contact: Contact) -> bool:
    """Whether the desk has asked the resident of an open contact, and nothing came since.

    What comes are their words on its page, by phone or in the chat, and files. What they said in the chat to the
    assistant meanwhile is no answer, nor is what the resident of another contact said that was made part of this one.
    """
    if contact.state == "closed":
        return False
    last: ContactHistory | None = await session.scalar(
        select(ContactHistory)
        .where(
            ContactHistory.contact_id == contact.id,
            ContactHistory.what.in_(("answered", ADDED, REOPENED, FILE)),
            # A file of an agent's is theirs.
            or_(ContactHistory.what != FILE, ContactHistory.agent_id.is_(None)),
            not_(ContactHistory.detail.has_key(FROM)),
        )
        .order_by(ContactHistory.at.desc())
        .limit(1)
    )
    if last is None or not last.detail.get(telling.ASKS):
        return False
    by_assistant = aliased(Message)
    to_assistant = exists().where(by_assistant.answers_id == Message.id, by_assistant.author == "assistant")
    wrote = exists().where(
        Message.conversation_id == contact.conversation_id,
        Message.author == "resident",
        Message.said_at > last.at,
        ~to_assistant,
    )
    return contact.conversation_id is None or not await session.scalar(select(wrote))


async def _raise(session: AsyncSession, contact: Contact, sighting: Sighting | None) -> None:
    """What tells of a danger is as urgent as the danger, and waits for no supervisor's decision about partners.

    That it was seen has a line of its own: from then on somebody in danger waits for a person.
    """
    if sighting is None:
        return
    before, contact.danger = contact.danger, sighting.signal
    contact.priority = min(contact.priority, sighting.priority)
    contact.placement = None if contact.placement == "bounced" else contact.placement
    detail = {"signal": sighting.signal, "rule": sighting.rule, BEFORE: before}
    await note_history(session, contact.id, DANGER_SEEN, detail=detail)
    await outbox.publish(session, ContactMoreUrgent(contact.id))


async def _hurry(session: AsyncSession, contact: Contact, sighting: Sighting | None) -> None:
    """What has become urgent is promised sooner."""
    if sighting is not None and contact.state in ("queued", "taken") and contact.queue in catalogue().queues:
        await keeping.hurry(session, contact, clock.now())


async def _open_again(session: AsyncSession, contact: Contact, sighting: Sighting | None) -> dict[str, str]:
    """Back to its queue as if it had just been sorted; why it was closed stays in its history.

    Its queue is the one that closed it, and with it the partner who runs that queue today. A danger has its own.
    """
    known = catalogue()
    queue = known.queue(sighting.queue) if sighting else contact.queue or GENERAL
    # The council may have given up the queue that closed it.
    queue = queue if queue in known.queues else known.queue(GENERAL)
    contact.live = False
    # Opened again it is nobody's to decide about any more: whoever works its queue may have it.
    contact.placement = None
    await keeping.open_again(session, contact, queue, clock.now())
    contact.state = "sorted"
    contact.agent_id = contact.lease_until = contact.taken_at = contact.first_answer_at = None
    contact.closed_at = contact.close_reason = contact.outcome = contact.merged_into = None
    partner = known.partner_of(queue, clock.today())
    return {"queue": queue, **({"partner": partner.name} if partner else {})}


async def _heard_before(session: AsyncSession, contact_id: UUID, key: str) -> str | None:
    """What these words did when they came before under the same key."""
    if not key:
        return None
    return await session.scalar(
        select(ContactHistory.what).where(
            ContactHistory.contact_id == contact_id,
            ContactHistory.what.in_((ADDED, REOPENED)),
            ContactHistory.detail["key"].astext == key,
        )
    )
