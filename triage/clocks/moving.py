"""A contact goes to another queue, and back when the move is undone. As keeping.py, for a contact that is locked."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, telling
from triage.clocks import repository
from triage.clocks.beginning import OURS, partner_of, promise, promise_again, runs
from triage.clocks.keeping import catch_up, end_ours, go_on, rows_of
from triage.tables import Contact, ContactClock


async def move(session: AsyncSession, contact: Contact, queue: str, now: datetime) -> dict[str, Any]:
    """The contact goes to `queue`. Another partner's promises begin anew; the law's limits run on.

    The same partner's run on too, by the new queue's targets: passing a contact between one's own queues wins no time.
    Sets queue, partner, queued_at, the dues, and a first answer that is owed again by another partner. Returns what the
    move's line of history is to hold besides, by which the resident is told (telling.of_a_move).
    """
    days = telling.days_of(contact)
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
                promise_again(row, contact, row.counts_from)
    await catch_up(session, contact, rows, now)
    return telling.of_a_move(days, contact, within=held == partner)


# What a pause is, on the contact itself.
PAUSE = ("paused_at", "pause_reason", "paused_until")
MOMENTS = ("counts_from", "due_at", "warn_at", "paused_since")


async def standing(session: AsyncSession, contact: Contact, now: datetime) -> dict[str, Any]:
    """How its clocks stand, in JSON's words, for whoever may want to take back what they are about to do."""
    return {
        "clocks": {
            row.kind: {
                "rule": row.rule,
                "calendar": row.calendar,
                "paused": row.paused.total_seconds(),
                **{name: _written(getattr(row, name)) for name in MOMENTS},
            }
            for row in await rows_of(session, contact, now)
            if _still_open(row)
        },
        "pause": {name: _written(getattr(contact, name)) for name in PAUSE},
    }


def _written(value: datetime | str | None) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _still_open(row: ContactClock) -> bool:
    return row.met_at is None and row.ended_at is None and row.breached_at is None


async def move_back(
    session: AsyncSession, contact: Contact, queue: str, before: dict[str, Any], moved_at: datetime, now: datetime
) -> None:
    """A move made at `moved_at` is taken back: what it ended runs on from where it began, as if it had not been.

    What stood still then stands still again, since it first did. `before` is what `standing` said at that moment.
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
    pause = before["pause"]
    contact.paused_at, contact.paused_until = _read(pause["paused_at"]), _read(pause["paused_until"])
    contact.pause_reason = pause["pause_reason"]
    for row in rows:
        if not _still_open(row):
            continue
        row.queue, row.partner = queue, partner
        if kept := before["clocks"].get(row.kind):
            row.rule, row.calendar = kept["rule"], kept["calendar"]
            row.paused = timedelta(seconds=kept["paused"])
            for name in MOMENTS:
                setattr(row, name, _read(kept[name]))
    await catch_up(session, contact, rows, now)


async def hand_on(session: AsyncSession, contact: Contact) -> None:
    """The contact's queue was given up: whoever runs its present one answers for what still runs, by the same dues."""
    assert contact.queue is not None
    contact.partner = partner_of(contact.queue, clock.now())
    for row in await repository.clocks_of(session, contact.id):
        if runs(row):
            row.queue, row.partner = contact.queue, contact.partner
