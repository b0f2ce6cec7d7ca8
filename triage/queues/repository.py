"""What the queues read and write."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, taking
from triage.tables import Contact, ContactHistory, SignIn

# One sweep puts back at most so many; the next comes seconds later.
MOST_LEFT = 1000


async def sorted_contact(session: AsyncSession, contact_id: UUID) -> Contact | None:
    """The contact, locked, if it has been sorted and is in no queue yet."""
    return await session.scalar(
        select(Contact).where(Contact.id == contact_id, Contact.state == "sorted").with_for_update()
    )


AWAY, UNOPENED = "the agent was away", "the agent did not open it"


async def left_behind(session: AsyncSession, now: datetime, lease: timedelta) -> Sequence[tuple[UUID, UUID, str]]:
    """Put back every taken contact whose lease ran out, unless its agent was at the desk within one lease.

    What was given to an agent automatically and not opened within a lease goes back as well, and so does what is
    taken by nobody. Returns (contact id, agent id, why) of each. A row that somebody is changing at this moment is
    passed over.
    """
    at_the_desk = exists().where(
        # Half a session, of somebody who has not shown their second factor, opens nothing and keeps nothing.
        SignIn.agent_id == Contact.agent_id,
        SignIn.stage == "open",
        SignIn.seen_at > now - lease,
        SignIn.ends_at > now,
    )
    gone = or_(Contact.lease_until < now, Contact.lease_until.is_(None)) & ~at_the_desk
    promised_later = Contact.follow_up_on > clock.today()
    unopened = Contact.assigned_at < now - lease
    lapsed = (
        select(Contact.id, Contact.agent_id, gone.label("gone"))
        # What its agent has promised to come back to on a later day stays with them over night.
        .where(Contact.state == "taken", or_(gone & promised_later.is_not(True), unopened))
        .limit(MOST_LEFT)
        .with_for_update(skip_locked=True, of=Contact)
    )
    rows = [(row.id, row.agent_id, AWAY if row.gone else UNOPENED) for row in await session.execute(lapsed)]
    if rows:
        await session.execute(
            update(Contact)
            .where(Contact.id.in_([contact_id for contact_id, _, _ in rows]))
            .values(state="queued", agent_id=None, lease_until=None, assigned_at=None, version=Contact.version + 1)
            .execution_options(synchronize_session=False)
        )
    return rows


async def heads(
    session: AsyncSession, queues: Collection[str], skills: Collection[str], today: date, most: int
) -> Sequence[Contact]:
    """The contacts of these queues whose turn comes next and that somebody with these skills may be given."""
    rows = await session.scalars(
        select(Contact)
        .where(
            Contact.state == "queued",
            Contact.queue.in_(queues),
            taking.due_today(),
            Contact.placement.is_distinct_from("bounced"),
            or_(Contact.skill.is_(None), Contact.skill.in_(skills)),
        )
        .order_by(*taking.ORDER)
        .limit(most)
    )
    return rows.all()


async def had_before(session: AsyncSession, contact_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """For each contact those who had it and were away, did not open it, or gave it back."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    rows = await session.execute(
        select(ContactHistory.contact_id, ContactHistory.agent_id, ContactHistory.detail["was_with"].astext).where(
            ContactHistory.contact_id.in_(contact_ids), ContactHistory.what == "released"
        )
    )
    for contact_id, agent_id, was_with in rows:
        if agent_id or was_with:
            found[contact_id].add(UUID(was_with) if was_with else agent_id)
    return found
