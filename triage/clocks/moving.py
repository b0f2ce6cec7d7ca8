"""A contact goes to another queue, and back when the move is undone. As keeping.py, for a contact that is locked."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.clocks import repository
from triage.clocks.keeping import OURS, catch_up, end_ours, go_on, partner_of, promise, promise_again, rows_of, runs
from triage.tables import Contact


async def move(session: AsyncSession, contact: Contact, queue: str, now: datetime) -> None:
    """The contact goes to `queue`. Another partner's promises begin anew; the law's limits run on.

    The same partner's run on too, by the new queue's targets: passing a contact between one's own queues wins no time.
    Sets queue, partner, queued_at, the dues, and a first answer that is owed again by another partner.
    """
    rows = await rows_of(session, contact, now)
    # A pause that was over before ended then, and not now.
    await catch_up(session, contact, rows, now)
    if contact.paused_at is not None:
        await go_on(session, contact, rows, now, "passed on")
    await catch_up(session, contact, rows, now)
    held, partner = contact.partner or partner_of(contact.queue, now), partner_of(queue, now)
    contact.queue, contact.partner, contact.queued_at = queue, partner, now
    if held != partner:
        contact.first_answer_at = None
        rows = await end_ours(session, rows, now)
        rows += promise(session, contact, now)
    for row in rows:
        if runs(row):
            row.queue, row.partner = queue, partner
            if held == partner and row.kind in OURS:
                promise_again(row, contact)
    await catch_up(session, contact, rows, now)


async def promises(session: AsyncSession, contact: Contact, now: datetime) -> dict[str, dict[str, str | None]]:
    """Our promises as they stand, in JSON's words, for whoever may want to take back what they are about to do."""
    return {
        row.kind: {
            "rule": row.rule,
            "calendar": row.calendar,
            "due_at": row.due_at.isoformat(),
            "warn_at": row.warn_at.isoformat(),
        }
        for row in await rows_of(session, contact, now)
        if row.kind in OURS and runs(row)
    }


async def move_back(
    session: AsyncSession,
    contact: Contact,
    queue: str,
    before: dict[str, dict[str, str | None]],
    moved_at: datetime,
    now: datetime,
) -> None:
    """A move made at `moved_at` is taken back: what it ended runs on from where it began, as if it had not been.

    `before` is what `promises` said at that moment.
    """
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    held, partner = contact.partner, partner_of(queue, now)
    contact.queue, contact.partner = queue, partner
    if held != partner:
        rows = await end_ours(session, rows, now)
        for kind in OURS:
            if ended := await repository.ended_lately(session, contact.id, kind, moved_at):
                ended.ended_at = None
                rows.append(ended)
    for row in rows:
        if not runs(row):
            continue
        row.queue, row.partner = queue, partner
        if kept := before.get(row.kind):
            row.rule, row.calendar = str(kept["rule"]), kept["calendar"]
            row.due_at = datetime.fromisoformat(str(kept["due_at"]))
            row.warn_at = datetime.fromisoformat(str(kept["warn_at"]))
    await catch_up(session, contact, rows, now)


async def hand_on(session: AsyncSession, contact: Contact) -> None:
    """The contact's queue was given up: whoever runs its present one answers for what still runs, by the same dues."""
    assert contact.queue is not None
    contact.partner = partner_of(contact.queue, clock.now())
    for row in await repository.clocks_of(session, contact.id):
        if runs(row):
            row.queue, row.partner = contact.queue, contact.partner
