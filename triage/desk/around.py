"""What is around a contact: the resident's earlier ones, others at the same place, linked and merged ones, files."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import taking, telling
from triage.desk import linking, repository
from triage.desk.schemas import Around, FileLine, OtherLine, Told
from triage.desk.service import may_open
from triage.tables import Agent, Attachment, Contact, Message

MOST_EARLIER = 5
# So many of a resident's contacts are looked at for those that may be shown.
MOST_LOOKED_AT = 50
MOST_AT_PLACE = 5
# FACTS and issue 5: the same need again within this time is a repeat.
AGAIN_WITHIN = timedelta(days=14)
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
STATES = {"arrived": "just in", "sorted": "just in", "queued": "waiting", "taken": "with an agent", "closed": "closed"}
MOST_TOLD = 4
LONGEST_TOLD = 180


def of_their_queues(agent: Agent, contact: Contact) -> bool:
    """Whether `agent` may know that this contact is there: they may open it, or a colleague of their queues has it."""
    return may_open(agent, contact) or taking.may_work(agent, contact.queue)


def line_of(agent: Agent, contact: Contact) -> OtherLine:
    """Another contact as one line; a link only for those that `agent` may open, and no service of another team's.

    What somebody needs of another team says what they live with (a refuge, debts, a child in care), and whoever types
    an address is not known to be its owner.
    """
    ours = of_their_queues(agent, contact)
    return OtherLine(
        id=contact.id,
        reference=contact.reference,
        state=STATES[contact.state],
        arrived_at=contact.arrived_at,
        service=contact.service if ours else None,
        ours=ours,
        opens=may_open(agent, contact),
    )


def _same_resident(this: Contact) -> Any:
    same = []
    if this.reply_to:
        same.append(telling.same_in(Contact.reply_to.expression) == telling.same(this.reply_to))
    if this.conversation_id is not None:
        same.append(Contact.conversation_id == this.conversation_id)
    return or_(*same) if same else None


async def _earlier(session: AsyncSession, agent: Agent, this: Contact) -> tuple[list[OtherLine], int]:
    """The resident's other contacts of this agent's queues, newest first; and how many more other teams have."""
    same = _same_resident(this)
    if same is None:
        return [], 0
    rows = await session.scalars(
        select(Contact)
        .where(same, Contact.id != this.id, Contact.merged_into.is_distinct_from(this.id))
        .order_by(Contact.arrived_at.desc())
        .limit(MOST_LOOKED_AT)
    )
    found = list(rows)
    theirs = [line_of(agent, contact) for contact in found if of_their_queues(agent, contact)]
    return theirs[:MOST_EARLIER], len(found) - len(theirs)


async def _again(session: AsyncSession, agent: Agent, this: Contact) -> tuple[str, OtherLine] | None:
    """Whether this is a repeat, in words, with the contact that it repeats."""
    before = await repository.contact(session, this.repeat_of) if this.repeat_of else None
    if before is None:
        return None
    if not linking.same_resident(this, before):
        return "Reported before for the same place", line_of(agent, before)
    same = _same_resident(this)
    count = await session.scalar(
        select(func.count()).where(
            same,
            Contact.id != this.id,
            Contact.service == this.service,
            Contact.arrived_at <= this.arrived_at,
            Contact.arrived_at > this.arrived_at - AGAIN_WITHIN,
        )
    )
    times = max(1, count or 0)
    words = ORDINALS[times] if times < len(ORDINALS) else f"Number {times + 1}"
    return f"{words} time in {AGAIN_WITHIN.days} days", line_of(agent, before)


async def _at_place(session: AsyncSession, agent: Agent, this: Contact) -> list[OtherLine]:
    """Other open contacts at the same place in this agent's queues, newest first."""
    if not this.place:
        return []
    queues = taking.queues_of(agent)
    mine = [Contact.queue.in_(queues)] if queues else []
    rows = await session.scalars(
        select(Contact)
        .where(func.lower(Contact.place) == this.place.lower(), Contact.state != "closed", Contact.id != this.id, *mine)
        .order_by(Contact.arrived_at.desc())
        .limit(MOST_AT_PLACE)
    )
    return [line_of(agent, contact) for contact in rows]


async def files_of(session: AsyncSession, contact_ids: Sequence[UUID]) -> list[FileLine]:
    """The files of a contact and of what was made part of it, oldest first."""
    rows = await session.scalars(
        select(Attachment).where(Attachment.contact_id.in_(contact_ids)).order_by(Attachment.at)
    )
    return [FileLine(one.id, one.name, one.kind, one.size, one.agent_id is None, one.at) for one in rows]


async def around(session: AsyncSession, agent: Agent, this: Contact) -> Around:
    """Everything around `this` that the contact page shows to `agent`."""
    merged = await linking.merged(session, this.id)
    into = await repository.contact(session, this.merged_into) if this.merged_into else None
    earlier, elsewhere = await _earlier(session, agent, this)
    return Around(
        again=await _again(session, agent, this),
        earlier=earlier,
        elsewhere=elsewhere,
        at_place=await _at_place(session, agent, this),
        linked=[line_of(agent, other) for other in await linking.linked(session, this.id)],
        merged=merged,
        into=line_of(agent, into) if into else None,
        files=await files_of(session, [this.id, *(other.id for other in merged)]),
    )


def told(messages: Iterable[Message], since: int) -> list[Told]:
    """What the assistant answered with a source before a person came, newest last: it need not be said again."""
    found = [
        Told(_short(message.text), message.extras["source"]["name"])
        for message in messages
        if message.author == "assistant" and message.seq >= since and message.extras.get("source")
    ]
    return list(dict.fromkeys(found))[-MOST_TOLD:]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TOLD else text[:LONGEST_TOLD].rsplit(" ", 1)[0] + "…"
