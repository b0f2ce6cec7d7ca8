"""What was open before clocks were kept has clocks that are nobody's, until somebody looks at them."""

from sqlalchemy import update

from tests.makers import contact_now
from triage.database import transaction
from triage.queues import steps
from triage.tables import Contact, ContactClock


async def test_what_was_open_before_clocks_were_kept_is_of_whoever_runs_its_queue(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX")
    async with transaction() as session:
        # As migration 0008 left what was open then.
        await session.execute(update(Contact).values(partner=None))
        await session.execute(update(ContactClock).values(partner=None, rule="as promised before"))
    wall.set(2026, 12, 20, 10)
    async with transaction() as session:
        assert await steps.watch_clocks(session) == 1
    rows = await clocks(contact_id)
    assert {row.partner for row in rows.values()} == {"csg"} and rows["first"].breached_at is not None
    assert (await contact_now(contact_id)).partner == "csg"
