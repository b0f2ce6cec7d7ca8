"""Tags: short words of the desk's own on a contact, put on and taken off by who has it."""

import re
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from triage import contacts
from triage.desk.holding import changed, held
from triage.errors import Invalid
from triage.tables import Agent, Contact

MOST_TAGS = 10
LONGEST_TAG = 30
MOST_SUGGESTED = 12
# How many of a queue's newest contacts are looked at for its usual tags.
LOOKED_AT = 300


def tidy(word: str) -> str:
    """A tag in the one form it is kept in: lower case, single spaces. Raises Invalid."""
    word = re.sub(r"\s+", " ", word).strip().strip("#,.").lower()
    if not word:
        raise Invalid("Type a tag first, such as: rats.")
    if len(word) > LONGEST_TAG or not re.fullmatch(r"[\w '&/-]+", word):
        raise Invalid(f"A tag is a word or two of letters and figures, {LONGEST_TAG} characters at most.")
    return word


async def add(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, word: str) -> None:
    """Put a tag on. One that is there already changes nothing. Raises as `held`, Invalid."""
    contact = await held(session, agent, contact_id, version)
    tag = tidy(word)
    if tag in contact.tags:
        return
    if len(contact.tags) >= MOST_TAGS:
        raise Invalid(f"There are {MOST_TAGS} tags already. Take one off first.")
    contact.tags = [*contact.tags, tag]
    await contacts.note_history(session, contact_id, "tagged", agent_id=agent.id, detail={"added": tag})
    await changed(session, contact)


async def remove(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, tag: str) -> None:
    """Take a tag off. One that is not there changes nothing. Raises as `held`."""
    contact = await held(session, agent, contact_id, version)
    if tag not in contact.tags:
        return
    contact.tags = [one for one in contact.tags if one != tag]
    await contacts.note_history(session, contact_id, "tagged", agent_id=agent.id, detail={"removed": tag})
    await changed(session, contact)


async def suggested(session: AsyncSession, contact: Contact) -> list[str]:
    """The tags that this queue's newest contacts have most often, but for those that are on already."""
    newest = (
        select(Contact.tags)
        .where(Contact.queue == contact.queue, Contact.state.in_(("queued", "taken")))
        .order_by(Contact.arrived_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    each = func.jsonb_array_elements_text(newest.c.tags).table_valued("value").lateral()
    rows = await session.scalars(
        select(each.c.value)
        .select_from(newest.join(each, true()))
        .group_by(each.c.value)
        .order_by(func.count().desc(), each.c.value)
        .limit(MOST_SUGGESTED + MOST_TAGS)
    )
    return [tag for tag in rows if tag not in contact.tags][:MOST_SUGGESTED]
