"""Starting, moving, stopping and watching a contact's clocks. What rooms call, inside their own transaction.

Every function here is given a contact that its caller has locked, and first writes down what has fallen due up to
now. So a breach is always found while the contact is still with whoever held it when it was due, however late the
watch comes by; and each may run twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import contacts, hours, outbox, taking, telling
from triage.catalogue import catalogue
from triage.clocks import law as limits
from triage.clocks import pausing, repository
from triage.clocks.beginning import (
    OURS,
    begin_law,
    law_of,
    limit,
    new_clock,
    partner_of,
    promise,
    promise_otherwise,
    promise_sooner,
    runs,
)
from triage.events import ClockBreached, ClockNearing
from triage.tables import Contact, ContactClock
from triage.tables.contact_clock import FIRST, SETTLE


async def start(session: AsyncSession, contact: Contact, now: datetime) -> None:
    """The contact joins its queue: whatever does not run yet begins. Ours count from `now`, the law's from arrival.

    To be called again when `contact.statutory` changes: limits of the other kind end, and those of this kind begin.
    """
    assert contact.queue is not None
    rows = await rows_of(session, contact, now)
    if contact.partner is None:
        contact.partner = partner_of(contact.queue, now)
    if not any(row.kind in OURS for row in rows):
        rows += promise(session, contact, now)
    rows += await begin_law(session, contact, rows, now)
    await catch_up(session, contact, rows, now)


async def keep(session: AsyncSession, contact: Contact, now: datetime) -> None:
    """Write down what the contact's answer or closing has met, and what has been missed up to now."""
    await catch_up(session, contact, await rows_of(session, contact, now), now)


async def prioritise(session: AsyncSession, contact: Contact, now: datetime) -> None:
    """The contact's priority was changed: our promises are the new one's.

    Those that are later count from where they began, those that are sooner from now. One that stands still is changed
    too: what it stands still for is added when it goes on.
    """
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    for row in rows:
        if row.kind in OURS and row.met_at is None and row.breached_at is None:
            promise_otherwise(row, contact, now)
    rows += await begin_law(session, contact, rows, now)
    await catch_up(session, contact, rows, now)


async def open_again(session: AsyncSession, contact: Contact, queue: str, now: datetime) -> None:
    """A closed contact is not settled: the promises of whoever has its queue today begin anew.

    A legal limit that was met begins again where the law has a next one (a review, a second stage, a new report);
    one that only the closing had met runs on from where it began. To be called before the closing is taken back.
    """
    rows = await end_ours(session, await rows_of(session, contact, now), now)
    contact.queue, contact.partner = queue, partner_of(queue, now)
    begun: list[str] = []
    for row in rows:
        law = law_of(row)
        if law is None or row.met_at is None:
            continue
        if law.again:
            row.ended_at = now
            begun.append(law.again)
        elif law.met_by == "close" and row.met_at == contact.closed_at and row.breached_at is None:
            row.met_at, row.queue, row.partner = None, queue, contact.partner
            if row.due_at < now:
                await _breach(session, contact, row, now)
    await session.flush()
    rows = [row for row in rows if row.ended_at is None]
    rows += [limit(session, contact, kind, now) for kind in begun if kind not in {row.kind for row in rows}]
    rows += promise(session, contact, now)
    _show(contact, rows)


async def hurry(session: AsyncSession, contact: Contact, now: datetime) -> None:
    """The contact has become more urgent: what its priority promises from now on counts where that is sooner."""
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    for row in rows:
        if row.kind in OURS and runs(row):
            promise_sooner(row, contact, now)
    rows += await begin_law(session, contact, rows, now)
    _show(contact, rows)


async def pause(
    session: AsyncSession, contact: Contact, reason: str, until: datetime, now: datetime, agent_id: UUID
) -> None:
    """A person stops the clocks that `reason` may stop, until they go on by themselves."""
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    for row in rows:
        if runs(row) and pausing.pauses(law_of(row), reason):
            row.paused_since = now
    contact.paused_at, contact.pause_reason, contact.paused_until = now, reason, until
    detail = {"reason": reason, "until": until.isoformat()}
    await contacts.note_history(session, contact.id, "paused", agent_id=agent_id, detail=detail)


async def resume(
    session: AsyncSession, contact: Contact, now: datetime, why: str, agent_id: UUID | None = None
) -> None:
    """The clocks go on, at `now` or when the pause was over if that is earlier. Nothing changes if none stood still."""
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    if contact.paused_at is not None:
        await go_on(session, contact, rows, now, why, agent_id)


async def proved(session: AsyncSession, contact: Contact, now: datetime, agent_id: UUID) -> bool:
    """A person says that the resident has proved who they are: what the law counts from the proof begins anew.

    While the clocks stand still for it they go on from `now`. Where they went on before anybody looked, it counts from
    when the proof came. Returns whether anything waited for it.
    """
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    if contact.paused_at is not None:
        if contact.pause_reason != pausing.IDENTITY:
            return False
        await go_on(session, contact, rows, now, pausing.PROVED, agent_id)
        await catch_up(session, contact, rows, now)
        return True
    last = await repository.last_of_a_pause(session, contact.id)
    came = pausing.proof_came(last.what, last.detail, now) if last else None
    anew = [(row, law) for row in rows if pausing.begins_again(law := law_of(row)) and law is not None and runs(row)]
    if came is None or not anew:
        return False
    for row, law in anew:
        row.counts_from, row.paused = came, hours.NO_TIME
        row.due_at = limits.due(law, came, longer=row.longer)
        row.warn_at = hours.warn_at(None, came, row.due_at)
    detail = {"why": pausing.PROVED, "at": came.isoformat(), pausing.WAS: pausing.IDENTITY}
    await contacts.note_history(session, contact.id, "resumed", agent_id=agent_id, detail=detail)
    await catch_up(session, contact, rows, now)
    return True


async def waits_for_words(session: AsyncSession, conversation_id: UUID) -> bool:
    """Whether a contact of this conversation stands still, so that the resident's words would set it going."""
    return bool(await repository.standing_still(session, conversation_id))


async def asked(session: AsyncSession, conversation_id: UUID) -> Contact | None:
    """The contact of this conversation that stands still for its resident's answer, if one does."""
    still = await repository.standing_still(session, conversation_id)
    return next((one for one in still if one.pause_reason == pausing.RESIDENT), None)


async def resident_wrote(session: AsyncSession, conversation_id: UUID, at: datetime) -> None:
    """The resident wrote in their chat at `at`: whatever stood still then goes on from that moment."""
    for contact in await repository.standing_still(session, conversation_id, lock=True):
        if contact.paused_at is not None and contact.paused_at <= at:
            await resume(session, contact, at, pausing.WRITTEN)
            await taking.announce_change(session, contact.id)


async def make_longer(
    session: AsyncSession, contact: Contact, kind: str, reason: str, now: datetime, agent_id: UUID
) -> bool:
    """A person takes the longer time that the law allows, once and before it is over; whether that was possible.

    The resident is told the new date and `reason`, which is written for them.
    """
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    row = next((row for row in rows if row.kind == kind), None)
    law = law_of(row) if row else None
    if row is None or law is None or not law.longer or row.longer or not runs(row):
        return False
    row.longer = True
    row.due_at = limits.due(law, row.counts_from, not_counted=row.paused.days, longer=True)
    row.warn_at = hours.warn_at(None, row.counts_from, row.due_at)
    last = limits.last_minute(law, row.due_at)
    detail = {"kind": kind, "reason": reason, "due_at": row.due_at.isoformat(), telling.LAST: last.isoformat()}
    await contacts.note_history(session, contact.id, telling.LONGER, agent_id=agent_id, detail=detail)
    return True


async def reach(session: AsyncSession, contact: Contact, kind: str, now: datetime, agent_id: UUID) -> bool:
    """A person says that it has come to what a legal limit is about: it is met, and what follows it begins.

    Returns whether there was such a limit to meet.
    """
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    row = next((row for row in rows if row.kind == kind), None)
    law = law_of(row) if row else None
    if row is None or law is None or not law.step or row.met_at is not None:
        return False
    row.met_at, row.paused_since = now, None
    there = await repository.kinds_ever(session, contact.id)
    for follows in law.then:
        if follows not in there:
            limit(session, contact, follows, now)
    await contacts.note_history(session, contact.id, "reached", agent_id=agent_id, detail={"kind": kind})
    return True


async def watch(session: AsyncSession, now: datetime, most: int) -> int:
    """Warn of what is near, write down what is missed, and end the pauses that are over; how many contacts it was.

    At most `most` of each at a time; the rest are there the next time.
    """
    found = await repository.to_look_at(session, now, most)
    for contact in found:
        await catch_up(session, contact, await rows_of(session, contact, now), now)
        await taking.announce_change(session, contact.id)
    return len(found)


async def rows_of(session: AsyncSession, contact: Contact, now: datetime) -> list[ContactClock]:
    """The contact's clocks. One that was queued without any is given those that its dues stand for.

    What was open before clocks were kept has some that are nobody's: whoever runs its queue answers for those.
    """
    rows = await repository.clocks_of(session, contact.id)
    if contact.state not in ("queued", "taken") or contact.queue is None:
        return rows
    contact.partner = contact.partner or partner_of(contact.queue, now)
    for row in rows:
        if row.partner is None and row.met_at is None and row.breached_at is None:
            row.partner = contact.partner
    if rows:
        return rows
    began = contact.queued_at or contact.arrived_at
    rule = catalogue().queues.get(contact.queue)
    calendar = rule.calendar if rule else str(catalogue().council["calendar"])
    for kind, due in ((FIRST, contact.first_due_at), (SETTLE, contact.settle_due_at)):
        if due is not None:
            warn = hours.warn_at(hours.counting(calendar), began, due)
            promise = hours.Promise("as promised before", calendar, due, warn)
            rows.append(new_clock(session, contact, kind, promise, began))
    return rows


async def end_ours(session: AsyncSession, rows: list[ContactClock], now: datetime) -> list[ContactClock]:
    """End our promises; the clocks that are left. Stored at once, as others of the same kind are about to begin."""
    for row in rows:
        if row.kind in OURS:
            row.ended_at, row.paused_since = now, None
    await session.flush()
    return [row for row in rows if row.kind not in OURS]


async def go_on(
    session: AsyncSession,
    contact: Contact,
    rows: Iterable[ContactClock],
    at: datetime,
    why: str,
    agent_id: UUID | None = None,
) -> None:
    """What stood still goes on from `at`; each due moves by what was not counted."""
    reason = contact.pause_reason or ""
    proved = reason == pausing.IDENTITY and why == pausing.PROVED
    for row in rows:
        if row.paused_since is None:
            continue
        law = law_of(row)
        if law is None:
            moved = pausing.resumed(
                calendar=row.calendar,
                counts_from=row.counts_from,
                due=row.due_at,
                warn=row.warn_at,
                paused=row.paused,
                since=row.paused_since,
                at=at,
            )
        else:
            moved = pausing.resumed_law(
                law,
                proved=proved,
                counts_from=row.counts_from,
                paused=row.paused,
                longer=row.longer,
                since=row.paused_since,
                at=at,
            )
        row.counts_from, row.paused, row.due_at, row.warn_at = moved.counts_from, moved.paused, moved.due, moved.warn
        row.paused_since = None
    contact.paused_at = contact.pause_reason = contact.paused_until = None
    _show(contact, rows)
    detail = {"why": why, "at": at.isoformat(), pausing.WAS: reason}
    await contacts.note_history(session, contact.id, "resumed", agent_id=agent_id, detail=detail)


def _met(row: ContactClock, contact: Contact) -> datetime | None:
    """When what the clock waits for was done."""
    law = law_of(row)
    by_answer = row.kind == FIRST or (law is not None and law.met_by == "answer")
    return (contact.first_answer_at or contact.closed_at) if by_answer else contact.closed_at


async def catch_up(session: AsyncSession, contact: Contact, rows: list[ContactClock], now: datetime) -> None:
    """Write down everything that has come to be so up to `now`, in the order of time."""
    if contact.paused_until is not None and contact.paused_until <= (contact.closed_at or now):
        await go_on(session, contact, rows, contact.paused_until, "the pause was over")
    if contact.paused_at is not None and contact.closed_at is not None:
        await go_on(session, contact, rows, contact.closed_at, "closed")
    for row in rows:
        if row.met_at is not None or row.ended_at is not None:
            continue
        met = _met(row, contact)
        if met is not None and row.paused_since is not None:
            # Answered while it stood still: that cannot be late.
            row.paused_since = None
        elif runs(row) and row.due_at < (met or now):
            await _breach(session, contact, row, row.due_at)
        elif runs(row) and met is None and row.warned_at is None and row.warn_at <= now:
            row.warned_at = now
            await _tell(session, contact, row, "clock_near")
            await outbox.publish(session, ClockNearing(contact.id, row.id))
        row.met_at = met
    _show(contact, rows)


async def _breach(session: AsyncSession, contact: Contact, row: ContactClock, at: datetime) -> None:
    """It was missed, and that is on whoever holds the contact: `row` keeps their name from now on.

    A queue may have changed hands while the contact waited in it: whoever ran it on the day when this was due.
    """
    # What is due as a day ends is due on that day, and not on the next, of which that moment is the first.
    row.partner = partner_of(row.queue, at - timedelta(microseconds=1)) or row.partner
    row.breached_at = at
    await _tell(session, contact, row, "clock_missed")
    await outbox.publish(session, ClockBreached(contact.id, row.id))


async def _tell(session: AsyncSession, contact: Contact, row: ContactClock, what: str) -> None:
    await session.flush()
    detail = {"kind": row.kind, "due_at": row.due_at.isoformat(), "queue": row.queue, "partner": row.partner}
    await contacts.note_history(session, contact.id, what, detail=detail)


def _show(contact: Contact, rows: Iterable[ContactClock]) -> None:
    """The contact's own columns, by which its queue is ordered, say what its clocks say."""
    for row in rows:
        if row.ended_at is None and row.kind == FIRST:
            contact.first_due_at = row.due_at
        elif row.ended_at is None and row.kind == SETTLE:
            contact.settle_due_at = row.due_at
