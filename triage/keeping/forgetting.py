"""At night: what is past its time is erased as if its person had asked, in small transactions.

Cut short anywhere, the next night goes on; run twice, the second finds nothing. A night has a bound, so that the
first one over years of contacts does not go on into the day.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock
from triage.database import transaction
from triage.keeping import old_repository, repository, rules
from triage.keeping.erasing import Hold
from triage.keeping.schedule import Kept, schedule

log = structlog.get_logger(__name__)

# People in one transaction, rows of one kind in one, and of each how many goes in one night.
PEOPLE, ROWS = 20, 1_000
GOES = 250
_START = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))


async def forget(hold: Hold) -> dict[str, int]:
    """Take out what is past its time; how much of each kind. It is on record for administrators, as counts alone."""
    kept, now = schedule(), clock.now()
    gone = {"contacts": await _contacts(kept, now, hold), "conversations": await _talks(kept, now, hold)}
    for kind in old_repository.OLD:
        gone[kind] = await _rows(kind, now - timedelta(days=kept.terms()[kind].days))
    gone = {kind: count for kind, count in gone.items() if count}
    if gone:
        async with transaction() as session:
            await audit.note(session, "forgotten", None, detail=gone)
        for kind, count in gone.items():
            log.info("kept.forgotten", part=kind, forgotten=count)
    return gone


async def _contacts(kept: Kept, now: datetime, hold: Hold) -> int:
    ordinary, longer, talks = (
        rules.cutoff(kept, term.days, now) for term in (kept.contact, kept.longer_contact, kept.conversation)
    )
    gone, after = 0, _START
    for _ in range(GOES):
        async with transaction() as session:
            found = await old_repository.contacts_past(session, ordinary, longer, talks, after, PEOPLE)
        for contact_id in found:
            # One person, one transaction: a night that is cut short leaves nobody half erased.
            async with transaction() as session:
                gone += await _person(session, kept, now, hold, contact_id=contact_id)
        if len(found) < PEOPLE:
            break
        async with transaction() as session:
            after = await old_repository.place_of(session, found[-1])
    return gone


async def _talks(kept: Kept, now: datetime, hold: Hold) -> int:
    before, gone = rules.cutoff(kept, kept.conversation.days, now), 0
    for _ in range(GOES):
        async with transaction() as session:
            found = await old_repository.talks_past(session, before, PEOPLE)
        taken = 0
        for talk_id in found:
            async with transaction() as session:
                taken += await _person(session, kept, now, hold, talk_id=talk_id)
        gone += taken
        if len(found) < PEOPLE or not taken:
            break
    return gone


async def _person(
    session: AsyncSession,
    kept: Kept,
    now: datetime,
    hold: Hold,
    *,
    contact_id: UUID | None = None,
    talk_id: UUID | None = None,
) -> int:
    whose = await repository.person(session, contact_id=contact_id, talk_id=talk_id)
    if not rules.is_due(whose.held(), whose.spoken(), kept, now) or rules.is_writing(whose.spoken(), now):
        return 0
    if await repository.being_sent(session, whose.contact_ids, now):
        return 0
    await hold(session, whose.contact_ids)
    await repository.erase(session, whose, now)
    return len(whose.contacts) if contact_id else len(whose.talks)


async def _rows(kind: str, before: datetime) -> int:
    gone = 0
    for _ in range(GOES):
        async with transaction() as session:
            taken = await old_repository.take_out(session, kind, before, ROWS)
        gone += taken
        if taken < ROWS:
            break
    return gone
