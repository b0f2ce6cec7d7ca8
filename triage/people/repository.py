"""What the people's pages read and write.

A person's row is locked against its changes and not against being named (`key_share`): an agent who holds a contact
writes their id beside it, and what they hold may be given back at that moment.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Agent, Contact, SecondFactor, SignIn

MOST_PEOPLE = 500


async def everybody(session: AsyncSession) -> Sequence[tuple[Agent, bool, datetime | None]]:
    """(person, has a second factor, seen last) of everybody, those who may sign in first."""
    seen = select(func.max(SignIn.seen_at)).where(SignIn.agent_id == Agent.id).correlate(Agent).scalar_subquery()
    rows = await session.execute(
        select(Agent, SecondFactor.confirmed_at.is_not(None), seen)
        .outerjoin(SecondFactor, SecondFactor.agent_id == Agent.id)
        .order_by(Agent.active.desc(), Agent.role, Agent.name, Agent.login)
        .limit(MOST_PEOPLE)
    )
    return [(row[0], bool(row[1]), row[2]) for row in rows]


async def person(session: AsyncSession, agent_id: UUID, *, lock: bool = False) -> Agent | None:
    """One person as they are now."""
    return await session.get(
        Agent, agent_id, with_for_update={"key_share": True} if lock else None, populate_existing=True
    )


async def by_login(session: AsyncSession, login: str) -> Agent | None:
    """Whoever signs in by this name."""
    return await session.scalar(select(Agent).where(Agent.login == login))


async def same_name(session: AsyncSession, login: str, openid_name: str | None, but: UUID | None) -> bool:
    """Whether somebody else has this sign-in name, here or at the council's provider."""
    same = [Agent.login == login]
    if openid_name:
        same.append(Agent.openid_name == openid_name)
    query = select(Agent.id).where(or_(*same)).limit(1)
    if but is not None:
        query = query.where(Agent.id != but)
    return await session.scalar(query) is not None


async def administrators(session: AsyncSession) -> Sequence[UUID]:
    """Who may say who may sign in; their rows locked, so that two cannot switch one another off at once."""
    rows = await session.scalars(
        select(Agent.id)
        .where(Agent.role == "administrator", Agent.active)
        .order_by(Agent.id)
        .with_for_update(key_share=True)
    )
    return rows.all()


async def give_back(session: AsyncSession, agent_id: UUID) -> Sequence[UUID]:
    """Put every contact that this person has taken back on its queue; which they were. Locked in the order of ids."""
    theirs = select(Contact.id).where(Contact.agent_id == agent_id, Contact.state == "taken").order_by(Contact.id)
    rows = await session.scalars(
        update(Contact)
        .where(Contact.id.in_((await session.scalars(theirs.with_for_update())).all()))
        .values(state="queued", agent_id=None, lease_until=None, assigned_at=None, version=Contact.version + 1)
        .returning(Contact.id)
        .execution_options(synchronize_session=False)
    )
    return rows.all()


async def by_subject(session: AsyncSession, subject: str) -> Agent | None:
    """Whoever signed in at the provider as this subject before."""
    return await session.scalar(select(Agent).where(Agent.openid_subject == subject).with_for_update(key_share=True))


async def by_openid_name(session: AsyncSession, name: str) -> Agent | None:
    """Whoever an administrator let in by this name at the provider, and who has not signed in there yet."""
    return await session.scalar(
        select(Agent).where(Agent.openid_name == name, Agent.openid_subject.is_(None)).with_for_update(key_share=True)
    )
