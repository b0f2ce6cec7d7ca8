"""The one statement by which a waiting contact is claimed: chosen, locked, changed, put on record, its resident's
notice made (telling.py), and announced.

Whoever runs it at the same moment passes over a row that another is claiming, so nobody waits and nobody shares; and
since it is one statement, an agent who is killed has either all of it or nothing. It reads the head of each index that
can hold the next turn, the first 64 of each, so it takes as long with a million contacts as with a hundred.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, live

# As taking.ORDER; the indexes of tables/contact.py hold it too.
_ORDER = "{0}.priority, {0}.live desc, {0}.first_due_at, {0}.arrived_at, {0}.id"
# Up to so many queues each is read by its own index; beyond that, all queues in turn, leaving out the others'.
MOST_BRANCHES = 12
# So many are read of each, in order: more than can be locked by others at one moment.
HEAD = 64

# Who may be given contacts.
WORKING = ("agent", "partner", "supervisor")
# Who is at the desk: signed in, seen within a lease, and not away.
AT_THE_DESK = """
    agent.active and agent.away_since is null and exists (
        select from sign_in
        where sign_in.agent_id = agent.id and sign_in.stage = 'open'
            and sign_in.seen_at > :seen_since and sign_in.ends_at > :now)
"""

# What an agent may be given just now. What is locked is asked once more whether it is so still.
_ELIGIBLE = """
    contact.state = 'queued' and coalesce(contact.follow_up_on <= :today, contact.paused_at is null)
    and contact.placement is distinct from 'bounced'
    and (
        contact.language is null
        or contact.language = any (cast(:languages as text[]))
        or contact.queued_at + (contact.first_due_at - contact.queued_at) / 2 <= :now
        or not exists (
            select from speaker
            where speaker.language = contact.language
                and (speaker.queues = '[]' or speaker.queues @> to_jsonb(contact.queue))))
"""

_HEAD = "select id, priority, live, first_due_at, arrived_at from contact where {eligible}"

_CLAIM = """
with speaker as materialized (
    select spoken.language, case when agent.role = 'partner' then (
            -- As taking.queues_of: what their partner runs today, of the queues named if any are.
            select coalesce(jsonb_agg(run.code), cast('["' || :no_queue || '"]' as jsonb))
            from jsonb_array_elements_text(cast(:run_by as jsonb) -> agent.partner) as run (code)
            where agent.queues = '[]' or agent.queues @> to_jsonb(run.code)
        ) else agent.queues end as queues
    from agent, jsonb_array_elements_text(agent.languages) as spoken (language)
    where agent.role = any (cast(:working as text[])) and {at_the_desk}
),
candidate as (
    select contact.id, contact.live, contact.placement
    from contact join ({heads}) as head on head.id = contact.id
    where contact.state = 'queued' and coalesce(contact.follow_up_on <= :today, contact.paused_at is null)
        and contact.placement is distinct from 'bounced'
        and (contact.skill is null or contact.skill = any (cast(:skills as text[])))
        and ({every_queue} or contact.queue = any (cast(:queues as text[])))
        -- What they promised for a later day, or what waits for somebody else, is nothing to do today.
        and (select count(*) from contact as held where held.agent_id = :agent_id and held.state = 'taken'
            and coalesce(held.follow_up_on <= :today, held.paused_at is null)) < :capacity
    order by {order}
    limit 1
    for update of contact skip locked
),
claimed as (
    update contact
    set state = 'taken', agent_id = :agent_id, lease_until = :lease_until, taken_at = :now, assigned_at = null,
        placement = nullif(contact.placement, 'offered'), version = contact.version + 1
    from candidate
    where contact.id = candidate.id
    returning contact.id, contact.live
),
noted as (
    insert into contact_history (id, contact_id, what, agent_id, detail, at)
    select :history_id, id, 'taken', :agent_id,
        case when placement = 'offered' then '{{"accepted": true}}' else '{{}}' end ::jsonb, :now
    from candidate
    returning id, contact_id
),
told as (
    insert into notice (id, contact_id, change_id, kind, state, attempts, next_at, made_at)
    select gen_random_uuid(), contact_id, id, 'taken', 'due', 0, :now, :now
    from noted
)
select id, live,
    pg_notify(:channel, json_build_object('topic', cast(:desk as text), 'contact', id)::text),
    pg_notify(:channel, json_build_object('topic', 'contact:' || id)::text),
    pg_notify(:channel, json_build_object('topic', 'agent:' || cast(:agent_id as text), 'mine', true)::text)
from claimed
"""


@lru_cache(maxsize=256)
def _statement(queues: int, skills: int) -> TextClause:
    """The claim of an agent with so many queues (0: every one) and skills."""
    columns = _HEAD.format(eligible=_ELIGIBLE)
    first = f"order by {_ORDER.format('contact')} limit {HEAD}"
    among = "true" if not queues else "queue = any (cast(:queues as text[]))"
    if 0 < queues <= MOST_BRANCHES:
        heads = [f"({columns} and skill is null and queue = :queue_{number} {first})" for number in range(queues)]
    else:
        heads = [f"({columns} and skill is null and {among} {first})"]
    heads += [f"({columns} and skill = :skill_{number} and {among} {first})" for number in range(skills)]
    return text(
        _CLAIM.format(
            heads=" union all ".join(heads),
            order=_ORDER.format("head"),
            at_the_desk=AT_THE_DESK,
            every_queue="false" if queues else "true",
        )
    )


async def claim_next(
    session: AsyncSession,
    agent_id: UUID,
    *,
    queues: Sequence[str],
    skills: Sequence[str],
    languages: Sequence[str],
    capacity: int,
    now: datetime,
    seen_since: datetime,
    lease_until: datetime,
    desk: str,
    run_by: str,
    no_queue: str,
) -> tuple[UUID, bool] | None:
    """(id, live) of the contact whose turn it is, now the agent's; None when nothing waits that they may be given.

    The caller holds the agent's own lock, so that two claims of one agent do not both find room for the last. `run_by`
    says as JSON which queues each partner runs today, and `no_queue` is that of those who work none.
    """
    given: dict[str, Any] = {
        "agent_id": agent_id,
        "queues": list(queues),
        "skills": list(skills),
        "languages": list(languages),
        "capacity": capacity,
        "now": now,
        "today": clock.today(),
        "seen_since": seen_since,
        "lease_until": lease_until,
        "history_id": uuid4(),
        "channel": live.CHANNEL,
        "desk": desk,
        "run_by": run_by,
        "no_queue": no_queue,
        "working": list(WORKING),
    }
    given |= {f"skill_{number}": skill for number, skill in enumerate(skills)}
    if len(queues) <= MOST_BRANCHES:
        given |= {f"queue_{number}": queue for number, queue in enumerate(queues)}
    row = (await session.execute(_statement(len(queues), len(skills)), given)).first()
    return (row.id, row.live) if row else None
