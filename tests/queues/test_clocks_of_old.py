"""What was open before clocks were kept has clocks that are nobody's, until somebody looks at them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.makers import contact_now, make_contact
from triage import clock
from triage.clocks import keeping
from triage.database import transaction
from triage.queues import steps
from triage.tables import Contact, ContactClock

pytestmark = pytest.mark.usefixtures("database")


async def test_what_was_open_before_clocks_were_kept_is_of_whoever_runs_its_queue() -> None:
    contact_id = await make_contact(queue="Q-CTAX")
    past = clock.now() - timedelta(hours=1)
    async with transaction() as session:
        await keeping.start(session, await session.get_one(Contact, contact_id), clock.now())
    async with transaction() as session:
        # As migration 0008 left what was open then, and its first promise is past.
        await session.execute(update(Contact).values(partner=None))
        await session.execute(update(ContactClock).values(partner=None, rule="as promised before"))
        first = update(ContactClock).where(ContactClock.kind == "first")
        await session.execute(first.values(due_at=past, warn_at=past))
    async with transaction() as session:
        assert await steps.watch_clocks(session) == 1
    async with transaction() as session:
        rows = {row.kind: row for row in await session.scalars(select(ContactClock))}
    assert {row.partner for row in rows.values()} == {"csg"}
    assert rows["first"].breached_at == past and rows["settle"].breached_at is None
    assert (await contact_now(contact_id)).partner == "csg"
