"""Giving contacts out by themselves, on the queues where that is switched on. A person's claim always comes first."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, presence, switching, taking
from triage.queues import repository, rules
from triage.tables import Contact

# One at a time for the whole council: what each step gives changes who has the fewest.
ASSIGNING = 7_206
# How many heads of queues are looked at in one step; what is left is looked at a few seconds later.
MOST_AT_ONCE = 100


async def assign_waiting(session: AsyncSession) -> int:
    """Give what waits on automatic queues to whoever has room; how many were given. It may run twice.

    Whatever made a contact wait or an agent free does not matter: the most urgent one is given first.
    """
    queues = await switching.automatic_queues(session)
    if not queues:
        return 0
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(ASSIGNING, 0))):
        # Somebody is giving out at this moment. What they do not see is given in the next sweep, seconds later.
        return 0
    # A supervisor is there for everybody's work and takes what they choose; nothing is given to them unasked.
    on = await presence.on_desk(session)
    desk = {one.agent.id: one for one in on if not one.away and one.agent.role != "supervisor"}
    has = {agent_id: one.has for agent_id, one in desk.items()}
    room = {agent_id: one.room for agent_id, one in desk.items()}
    given = 0
    if not any(room.values()):
        return 0
    skills = {str(skill) for one in desk.values() if one.room for skill in one.agent.skills}
    # What nobody with room works must not stand before what somebody does.
    worked = {code for code in queues for one in desk.values() if one.room and taking.may_work(one.agent, code)}
    heads = await repository.heads(session, worked, skills, clock.today(), MOST_AT_ONCE)
    had = await repository.had_before(session, [contact.id for contact in heads])
    for contact in heads:
        able = [
            rules.Candidate(
                agent_id,
                one.agent.name,
                has[agent_id],
                room[agent_id],
                frozenset(one.agent.skills),
                frozenset(one.agent.languages),
            )
            for agent_id, one in desk.items()
            if taking.may_work(one.agent, contact.queue)
        ]
        needs = replace(_needs(contact, clock.now()), had=frozenset(had.get(contact.id, ())))
        choice = rules.choose(needs, able)
        if choice.agent_id is None:
            continue
        detail = {"assigned": "automatic", "reasons": list(choice.reasons)}
        if await taking.assign(session, choice.agent_id, contact.id, contact.version, detail):
            has[choice.agent_id] += 1
            room[choice.agent_id] -= 1
            given += 1
        if not any(room.values()):
            break
    return given


def _needs(contact: Contact, now: datetime) -> rules.Needs:
    began, due = contact.queued_at, contact.first_due_at
    half_gone = began is not None and due is not None and now >= began + (due - began) / 2
    return rules.Needs(contact.skill, contact.language, half_gone)
